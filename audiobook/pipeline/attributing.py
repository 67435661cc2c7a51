"""Who speaks in a project's book: rules, a language model, or both; and what is remembered for a review.

`cache/attribution.json` keeps, for each spoken line, how sure the attribution was, why, and who else it might
have been. It can be made again; lines are found by their own text, so edits of other lines do no harm.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from audiobook import files
from audiobook.cast import Cast, read_cast
from audiobook.engines.credentials import find_key
from audiobook.errors import StorageError, UsageError
from audiobook.project import Project, engine_settings
from audiobook.script import Paragraph, ScriptChapter, fold
from audiobook.speakers import Attribution, Person, Quote, attribute
from audiobook.speakers.llm import ChatModel, ModelSettings, refine

MODEL_SECTION = "llm"
"""The table of project.toml and settings.toml that says which model to ask: [engines.llm]."""


class Listener(Protocol):
    """Hears what is being done."""

    def step(self, text: str) -> None:
        """A step begins."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What attribution knew of one line of the script."""

    file: str
    key: str  # of the line's text
    speaker: str
    confidence: float
    evidence: str
    candidates: tuple[tuple[str, float], ...]
    speech: int  # number of the quotation: several lines may be one speech


def attribute_book(project: Project, text: str, language: str, listener: Listener) -> Attribution:
    """The quotations of a book and their speakers, in the way the project's settings ask for.

    A cast.toml that a person wrote before the first import is the list of people. Raises UsageError, StopRun,
    StorageError.
    """
    settings = project.settings.text
    if settings.single_voice or settings.attribution == "none":
        return Attribution((), ())
    found = attribute(text, roster=roster_of(project), language=language)
    if settings.attribution not in ("llm", "hybrid"):
        return found
    model = model_settings(project)
    key = find_key(MODEL_SECTION) or find_key("siliconflow")
    listener.step(f"asking {model.model} who speaks")
    ask = ChatModel(model, key.reveal() if key else "", time.sleep)
    cache = project.cache_folder / "llm"
    refined, tally = refine(text, found, model, ask, cache, hybrid=settings.attribution == "hybrid")
    listener.step(tally.summary())
    return refined


def roster_of(project: Project) -> tuple[Person, ...] | None:
    """The cast list of a person who wrote cast.toml before anything was imported."""
    if project.script_files():
        return None
    cast = read_cast(project.cast_file)
    people = [Person(name, role.aliases, role.gender, role.age) for name, role in cast.characters.items()]
    return tuple(people) if len(people) > 1 else None


def model_settings(project: Project) -> ModelSettings:
    """[engines.llm] of the person's settings and of the project. Raises UsageError for an unknown key."""
    known: dict[str, type] = {name: type(value) for name, value in asdict(ModelSettings()).items()}
    values: dict[str, Any] = {}
    for key, value in engine_settings(project.settings, MODEL_SECTION).items():
        if key not in known:
            raise UsageError(f"[engines.{MODEL_SECTION}]: unknown key {key!r}; there are {', '.join(known)}")
        try:
            values[key] = known[key](value)
        except (TypeError, ValueError) as error:
            raise UsageError(f"[engines.{MODEL_SECTION}]: {key} cannot be {value!r}") from error
    return ModelSettings(**values)


# --- remembering -------------------------------------------------------------------------------------


def line_key(text: str) -> str:
    """A short name of a line's text."""
    return hashlib.sha256(fold(text).encode()).hexdigest()[:16]


def spoken_lines(script: Mapping[str, ScriptChapter]) -> Iterator[tuple[str, str]]:
    """(file, text) of every line of every paragraph, in order."""
    for name, chapter in script.items():
        for item in chapter.items:
            if isinstance(item, Paragraph):
                for line in item.lines:
                    yield name, line.text


def doubts_of(text: str, quotes: Sequence[Quote], script: Mapping[str, ScriptChapter]) -> list[Doubt]:
    """What attribution knew, line by line. `quotes` are spans of `text`, from which `script` was made."""
    spoken = [quote for quote in quotes if quote.kind != "other"]
    remaining = deque((number, fold(text[quote.start : quote.end])) for number, quote in enumerate(spoken))
    found: list[Doubt] = []
    for name, line in spoken_lines(script):
        if not remaining:
            break
        number, rest = remaining[0]
        if not rest.startswith(line):
            continue
        quote = spoken[number]
        found.append(
            Doubt(
                name,
                line_key(line),
                quote.speaker or "",
                quote.confidence,
                quote.evidence,
                quote.candidates,
                number,
            )
        )
        rest = rest[len(line) :].lstrip()
        remaining.popleft()
        if rest:
            remaining.appendleft((number, rest))
    return found


def remember_doubts(project: Project, doubts: Sequence[Doubt]) -> None:
    """Write cache/attribution.json. Raises StorageError."""
    files.make_folder(project.cache_folder)
    document = [asdict(doubt) for doubt in doubts]
    files.write_text(
        project.cache_folder / "attribution.json", json.dumps(document, ensure_ascii=False, indent=0)
    )


def recall_doubts(project: Project) -> list[Doubt]:
    """What `remember_doubts` wrote; empty where there is nothing usable."""
    try:
        document = json.loads(files.read_bytes(project.cache_folder / "attribution.json"))
        return [
            Doubt(**{**entry, "candidates": tuple((name, share) for name, share in entry["candidates"])})
            for entry in document
        ]
    except (StorageError, ValueError, KeyError, TypeError):
        return []


def by_line(doubts: Sequence[Doubt]) -> dict[tuple[str, str], deque[Doubt]]:
    """Doubts by file and line, equal lines in order."""
    table: dict[tuple[str, str], deque[Doubt]] = defaultdict(deque)
    for doubt in doubts:
        table[doubt.file, doubt.key].append(doubt)
    return table


# --- series ------------------------------------------------------------------------------------------


def carry_over(cast: Cast, earlier: Cast) -> Cast:
    """`cast` with the voices and manners that the same people had in an earlier book of the series."""
    narrator = cast.narrator if cast.narrator.voice else earlier.narrator
    characters = dict(cast.characters)
    for name, role in earlier.characters.items():
        if not role.voice:
            continue
        names = {name, *role.aliases}
        here = (
            name
            if name in characters
            else next((other for other, mine in characters.items() if names & {other, *mine.aliases}), name)
        )
        own = characters.get(here)
        if own is None:
            characters[here] = role
        elif not own.voice:
            characters[here] = replace(
                role,
                aliases=tuple(dict.fromkeys((*own.aliases, *role.aliases))),
                gender=own.gender or role.gender,
                age=own.age or role.age,
            )
    return Cast(narrator, characters, {**earlier.manner, **cast.manner})
