"""The whole road: source to finished audiobook. Every step works out what is missing and does that."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from audiobook import __version__, files
from audiobook.assembly.plan import (
    AssemblyPlan,
    AssemblySettings,
    Cue,
    Pauses,
    PlannedChapter,
    Product,
    Rest,
)
from audiobook.errors import ScriptError
from audiobook.pipeline.importing import BookInfo, metadata
from audiobook.pipeline.planning import ChapterPlan, Plan, Reading, files_key
from audiobook.project import Project, user_settings
from audiobook.script import Pause, SceneBreak


def assembly_plan(project: Project, info: BookInfo, plan: Plan, cost: str = "") -> AssemblyPlan:
    """What the assembler is given: cues and rests, metadata, and what the report tells."""
    tags = metadata(project, info)
    if not tags.narrators:
        tags = replace(tags, narrators=narrators(plan))
    chapters = tuple(_chapter(chapter) for chapter in plan.chapters)
    return AssemblyPlan(tags, chapters, info.skipped, cost)


def narrators(plan: Plan) -> tuple[str, ...]:
    """Who reads, for the tags, where nobody said: the engines and models, by how much they speak."""
    spoken: Counter[str] = Counter()
    for line in plan.lines():
        spoken[line.voice.partition(":")[0]] += len(line.line.text)
    return tuple(name for name, _ in spoken.most_common())


def _chapter(chapter: ChapterPlan) -> PlannedChapter:
    return PlannedChapter(chapter.title, tuple(_items(chapter)))


def _items(chapter: ChapterPlan) -> Iterator[Cue | Rest]:
    paragraph = False  # a paragraph whose first line cannot be spoken begins with its second
    for item in chapter.items:
        match item:
            case SceneBreak():
                yield Rest("scene")
            case Pause(seconds):
                yield Rest("pause", seconds)
            case Reading(take=""):
                paragraph = paragraph or item.paragraph
            case Reading():
                yield Cue(
                    item.take,
                    item.line.text,
                    item.utterance.text if item.utterance else "",
                    item.line.speaker,
                    item.voice,
                    item.role,
                    item.paragraph or paragraph,
                    item.gain,
                )
                paragraph = False


def assembly_settings(project: Project) -> AssemblySettings:
    """The assembler's settings from project.toml. Raises ScriptError for an unknown pause."""
    wanted = project.settings.output
    known = [entry.name for entry in fields(Pauses)]
    for key in project.settings.pauses:
        if key not in known:
            raise ScriptError(
                f"{project.settings_file}, [pauses]: no pause {key!r}; there are {', '.join(known)}"
            )
    return AssemblySettings(
        formats=wanted.formats,
        bitrate=wanted.bitrate,
        preset=wanted.preset,
        pauses=Pauses(**project.settings.pauses),
        extras=wanted.extras,
        output=Path(wanted.file) if wanted.file else None,
        source=project.source,
    )


# --- remembering that nothing is to be done -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Made:
    """What the last complete run made of which inputs, so that the next one can say so at once."""

    key: str
    files: tuple[tuple[str, int, int], ...]  # path, bytes, time of change in ns
    seconds: float
    chapters: int
    lines: int
    cost: str
    skipped: tuple[tuple[str, int], ...]

    @property
    def paths(self) -> tuple[Path, ...]:
        """The finished files."""
        return tuple(Path(path) for path, _, _ in self.files)


def made_key(project: Project) -> str:
    """Fingerprint of everything a finished product depends on."""
    settings = [asdict(project.settings), user_settings().get("engines")]
    return files_key(project, (__version__, json.dumps(settings, sort_keys=True, default=str)))


def _stat(path: Path) -> tuple[str, int, int]:
    found = path.stat()
    return str(path), found.st_size, found.st_mtime_ns


def recall_made(project: Project, key: str) -> Made | None:
    """What was made, if it was made of exactly these inputs and still lies there untouched."""
    try:
        document: dict[str, Any] = json.loads((project.cache_folder / "made.json").read_bytes())
        made = Made(
            **{
                **document,
                "files": tuple((path, size, time) for path, size, time in document["files"]),
                "skipped": tuple((reason, count) for reason, count in document["skipped"]),
            }
        )
        fresh = made.key == key and all(_stat(Path(path)) == (path, *rest) for path, *rest in made.files)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return made if fresh else None


def remember_made(project: Project, key: str, product: Product, cost: str, info: BookInfo) -> Made:
    """Write down what was made of what. Raises StorageError."""
    skipped = Counter(entry.reason for entry in info.skipped)
    with files.storage("look at", project.output_folder):
        made = Made(
            key,
            tuple(_stat(path.absolute()) for path in product.files),
            product.seconds,
            product.chapters,
            product.lines,
            cost,
            tuple(skipped.most_common()),
        )
    files.write_text(project.cache_folder / "made.json", json.dumps(asdict(made), ensure_ascii=False))
    return made
