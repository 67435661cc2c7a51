"""Listening to takes with a recognizer; what it heard is kept beside each take."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import files
from audiobook.audio.takes import TakeStore
from audiobook.errors import LineRefused, TakeError, TryAgain
from audiobook.pipeline.hearing import Score, compare, plain
from audiobook.pipeline.planning import Plan, Reading
from audiobook.pipeline.preferences import own_settings
from audiobook.project import Project, engine_settings

if TYPE_CHECKING:
    from audiobook.engines.transcription import Listener

__all__ = ["Heard", "Verdict", "flagged", "listen", "open_listener", "plain"]

SUFFIX = ".heard.json"
TRIES = 4
_SHARED = ("base_url", "cloud")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recognizer heard in one take; kept beside it."""

    model: str
    text: str
    errors: int
    length: int

    @property
    def score(self) -> Score:
        """Its score."""
        return Score(self.errors, self.length)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A line and what was heard in its take; `heard` is None where the recognizer failed."""

    file: str  # of the script
    reading: Reading
    heard: Heard | None
    message: str = ""


def open_listener(project_table: Mapping[str, object], project: Project | None = None) -> Listener:
    """The recognizer of the settings: `[engines.listen]`, with SiliconFlow's address where it says none.

    Raises UsageError, ScriptError.
    """
    from audiobook.engines.transcription import Listener

    settings = engine_settings(project.settings, "listen") if project else own_settings("listen")
    settings = {**settings, **project_table}
    if settings.get("service", "siliconflow") == "siliconflow":
        cloud = engine_settings(project.settings, "siliconflow") if project else own_settings("siliconflow")
        settings = {**{key: cloud[key] for key in _SHARED if key in cloud}, **settings}
    return Listener(settings)


def heard_file(takes: TakeStore, name: str) -> Path:
    """Where what was heard in a take is kept."""
    return takes.path(name).with_suffix(SUFFIX)


def recall(takes: TakeStore, name: str, model: str) -> Heard | None:
    """What this model heard in a take before."""
    path = heard_file(takes, name)
    with contextlib.suppress(OSError, ValueError, TypeError):
        kept = Heard(**json.loads(path.read_text("utf-8")))
        return kept if kept.model == model else None
    return None


def remember(takes: TakeStore, name: str, heard: Heard) -> None:
    """Keep what was heard. Raises StorageError."""
    files.write_text(heard_file(takes, name), json.dumps(asdict(heard), ensure_ascii=False))


def hear_take(listener: Listener, takes: TakeStore, reading: Reading, stop: threading.Event) -> Heard:
    """Listen to the take of a line, patiently. Raises TryAgain, LineRefused, StopRun, TakeError."""
    known = recall(takes, reading.take, listener.model)
    if known is not None:
        return known
    clip = takes.read(reading.take)
    text = _patiently(lambda: listener.hear(clip), stop)
    assert reading.utterance is not None
    score = compare(reading.utterance.text, text, reading.utterance.language or "en")
    heard = Heard(listener.model, plain(text), score.errors, score.length)
    remember(takes, reading.take, heard)
    return heard


def _patiently(ask: Callable[[], str], stop: threading.Event) -> str:
    """Ask until there is an answer, a few times. Raises TryAgain for the last failure."""
    for attempt in range(TRIES):
        try:
            return ask()
        except TryAgain as error:
            if attempt == TRIES - 1 or stop.wait(min(error.retry_after or 0.5 * 2**attempt, 30.0)):
                raise
    raise AssertionError("not reached")


def listen(
    listener: Listener,
    takes: TakeStore,
    plan: Plan,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Verdict]:
    """Listen to every take that is there, each once; the verdicts in the order of the book.

    A take that cannot be judged has a message. Raises StopRun, StorageError.
    """
    stop = threading.Event()
    lines = _recorded(plan, takes)
    verdicts = []
    with ThreadPoolExecutor(listener.concurrency) as pool:
        try:
            waiting = [pool.submit(_judge, listener, takes, *line, stop) for line in lines]
            for future in waiting:
                verdicts.append(future.result())
                progress(len(verdicts), len(waiting))
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return verdicts


def _recorded(plan: Plan, takes: TakeStore) -> list[tuple[str, Reading]]:
    """For each take that is there, the first line that needs it, with its file."""
    found: dict[str, tuple[str, Reading]] = {}
    for chapter in plan.chapters:
        for reading in chapter.lines():
            if reading.take and reading.take not in found and takes.has(reading.take):
                found[reading.take] = (chapter.file, reading)
    return list(found.values())


def _judge(
    listener: Listener, takes: TakeStore, file: str, reading: Reading, stop: threading.Event
) -> Verdict:
    try:
        return Verdict(file, reading, hear_take(listener, takes, reading, stop))
    except (TryAgain, LineRefused, TakeError) as error:
        return Verdict(file, reading, None, error.message)


def flagged(verdicts: Iterable[Verdict], threshold: float) -> list[Verdict]:
    """The lines that do not say what they should."""
    return [verdict for verdict in verdicts if verdict.heard and verdict.heard.score.bad(threshold)]
