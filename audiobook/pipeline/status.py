"""What is done, what is missing and what it will cost. Reads only, also while another command works."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from audiobook.audio.takes import TakeStore
from audiobook.engines.base import Engine, Limits, Price
from audiobook.errors import AudiobookError, TakeError
from audiobook.pipeline.importing import recall
from audiobook.pipeline.planning import Engines, Plan, Reading, plan
from audiobook.pipeline.reading import language_of
from audiobook.project import Project
from audiobook.queue.jobs import Failure, Money, Tally
from audiobook.queue.lock import holder
from audiobook.queue.states import State
from audiobook.queue.store import open_store
from audiobook.queue.work import cores

NARRATOR_NAME = "narrator"
_CHARACTERS_PER_SECOND = 15.0  # of speech, for the length of what is not recorded yet
_CJK_CHARACTERS_PER_SECOND = 4.5
_SECONDS_PER_REQUEST = 1.5  # of a cloud engine, a guess until one has been asked
_TIMES_REAL_TIME = 300.0  # of an embedded engine on one core, mastering's measurements included


@dataclass(frozen=True, slots=True)
class Need:
    """What one engine has still to be asked for."""

    engine: str
    requests: int
    units: int
    unit: str
    money: float
    currency: str
    speech: float  # seconds, about
    seconds: float  # of waiting, about


@dataclass(frozen=True, slots=True)
class ProjectStatus:
    """All of it. Without `fresh` the numbers are those of the last run: why is in `note`."""

    total: Tally
    chapters: tuple[Tally, ...]
    speakers: tuple[Tally, ...]
    needs: tuple[Need, ...] = ()
    spent: Money = field(default_factory=Money)
    lost: Money = field(default_factory=Money)
    failures: tuple[Failure, ...] = ()
    fresh: bool = True
    note: str = ""
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Books:
    """What the queue's file says, or nothing where there is none."""

    states: Mapping[str, tuple[State, float]] = field(default_factory=dict)
    chapters: tuple[Tally, ...] = ()
    speakers: tuple[Tally, ...] = ()
    spent: Money = field(default_factory=Money)
    lost: Money = field(default_factory=Money)
    failures: tuple[Failure, ...] = ()


def status(project: Project) -> ProjectStatus:
    """The state of a project, as its script, cast and takes are now, beside what the queue remembers.

    Raises ScriptError, ProjectError, StorageError.
    """
    books = read_books(project)
    engines = Engines.of(project.settings)
    try:
        found = measure(_plan(project, engines), TakeStore(project.takes_folder), engines, books)
    except AudiobookError as error:
        if not books.chapters:
            raise
        found = ProjectStatus(
            _sum(books.chapters), books.chapters, books.speakers, fresh=False, note=error.message
        )
    finally:
        engines.close()
    return replace(
        found, spent=books.spent, lost=books.lost, failures=books.failures, holder=holder(project.folder)
    )


def _plan(project: Project, engines: Engines) -> Plan:
    info = recall(project)
    language = language_of(project, info.metadata.language if info else "")
    return plan(project, project.read_script(), language, engines)


def read_books(project: Project) -> Books:
    """All that status wants of the queue's file. Raises ProjectError, StorageError."""
    if not project.queue_file.exists():
        return Books()
    with open_store(project.queue_file, read_only=True) as store:
        return Books(
            store.states(),
            tuple(store.by_chapter()),
            tuple(replace(tally, key=tally.key or NARRATOR_NAME) for tally in store.by_speaker()),
            store.spent(),
            store.lost(),
            tuple(store.failures()),
        )


def measure(planned: Plan, takes: TakeStore, engines: Engines, books: Books) -> ProjectStatus:
    """What a plan has and what it needs."""
    prices = {name: engine.price for name, engine in engines.opened.items()}
    known: dict[str, tuple[State, float]] = {}
    chapters: dict[str, Tally] = {}
    speakers: dict[str, Tally] = {}
    missing: list[Reading] = []
    for chapter in planned.chapters:
        chapters[str(chapter.number)] = Tally(str(chapter.number), chapter.title)
        for line in chapter.lines():
            if not line.take:
                continue
            first = line.take not in known
            if first:
                known[line.take] = _state(line.take, takes, books)
            state, seconds = known[line.take]
            needed = first and state in (State.PENDING, State.RUNNING)
            if needed:
                missing.append(line)
            name = line.line.speaker or NARRATOR_NAME
            one = _one(line, state, seconds, needed, prices)
            for tallies, key in ((chapters, str(chapter.number)), (speakers, name)):
                tallies[key] = _add(tallies.get(key) or Tally(key), one)
    in_order = sorted(speakers.values(), key=lambda tally: (-tally.characters, tally.key))
    return ProjectStatus(
        _sum(tuple(chapters.values())),
        tuple(chapters.values()),
        tuple(in_order),
        needs(missing, engines.opened),
    )


def _state(take: str, takes: TakeStore, books: Books) -> tuple[State, float]:
    """The disk is the truth about what is done; the queue knows what is under way and what failed."""
    state, seconds = books.states.get(take, (State.PENDING, 0.0))
    if not takes.has(take):
        return (State.PENDING if state is State.DONE else state), 0.0
    if state is not State.DONE:
        with contextlib.suppress(TakeError):
            return State.DONE, takes.levels(take).seconds
    return State.DONE, seconds


def _one(line: Reading, state: State, seconds: float, needed: bool, prices: Mapping[str, Price]) -> Tally:
    price = prices.get(line.voice.partition(":")[0], Price())
    return Tally(
        "",
        lines=1,
        characters=len(line.line.text),
        done=state is State.DONE,
        pending=state is State.PENDING,
        running=state is State.RUNNING,
        failed=state is State.FAILED,
        seconds=seconds,
        to_do=int(needed),
        units=line.units if needed else 0,
        cost=line.units * price.per_million / 1e6 if needed else 0.0,
    )


_SUMS = (
    "lines", "characters", "done", "pending", "running", "failed", "seconds", "to_do", "units", "cost",
)  # fmt: skip


def _add(one: Tally, other: Tally) -> Tally:
    return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in _SUMS})


def _sum(tallies: Sequence[Tally]) -> Tally:
    total = Tally("total")
    for tally in tallies:
        total = _add(total, tally)
    return total


# --- what it will take -------------------------------------------------------------------------------


def needs(missing: Sequence[Reading], engines: Mapping[str, Engine]) -> tuple[Need, ...]:
    """What each engine has to be asked for these lines, with money and time."""
    found = []
    for name, engine in engines.items():
        lines = [line for line in missing if line.voice.partition(":")[0] == name]
        if not lines:
            continue
        units, price = sum(line.units for line in lines), engine.price
        speech = sum(speech_seconds(line.line.text) for line in lines)
        size = sum(len(line.utterance.text.encode()) for line in lines if line.utterance)
        money = units * price.per_million / 1e6
        waiting = _computing(speech) if engine.traits.process else _asking(len(lines), size, engine.limits)
        found.append(Need(name, len(lines), units, price.unit, money, price.currency, speech, waiting))
    return tuple(found)


def speech_seconds(text: str) -> float:
    """About how long a text takes to say."""
    cjk = 0 if text.isascii() else sum("\u3040" <= character <= "\u9fff" for character in text)
    return cjk / _CJK_CHARACTERS_PER_SECOND + (len(text) - cjk) / _CHARACTERS_PER_SECOND


def _computing(speech: float, count: Callable[[], int] = cores) -> float:
    return speech / _TIMES_REAL_TIME / count()


def _asking(requests: int, size: int, limits: Limits) -> float:
    """Whichever limit binds: requests at once, requests a minute, bytes a minute."""
    waits = [math.ceil(requests / (limits.concurrency or cores())) * _SECONDS_PER_REQUEST]
    if limits.requests_per_minute:
        waits.append(60.0 * requests / limits.requests_per_minute)
    if limits.bytes_per_minute:
        waits.append(60.0 * size / limits.bytes_per_minute)
    return max(waits)
