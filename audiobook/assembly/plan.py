"""What the assembly is asked for: the plan, the settings, and what comes back. Frozen values, no work."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from audiobook.book import Metadata, Skipped


@dataclass(frozen=True, slots=True)
class Cue:
    """One recording in its place. `text` is what is written, `spoken` what the voice reads."""

    take: str
    text: str
    spoken: str = ""
    speaker: str = ""
    voice: str = ""
    role: str = "line"  # "title", "heading" or "line"
    paragraph: bool = False  # begins a paragraph
    gain: float = 0.0  # decibels above the level all voices share


@dataclass(frozen=True, slots=True)
class Rest:
    """Silence that somebody asked for: a change of scene, or so many seconds."""

    kind: str  # "scene" or "pause"
    seconds: float = 0.0  # of a "pause"


@dataclass(frozen=True, slots=True)
class PlannedChapter:
    """What a listener can jump to."""

    title: str
    items: tuple[Cue | Rest, ...]
    where: str = ""  # place in the source, for the read-along edition: "text/ch01.xhtml:12"

    def cues(self) -> tuple[Cue, ...]:
        """The recordings only."""
        return tuple(item for item in self.items if isinstance(item, Cue))


@dataclass(frozen=True, slots=True)
class AssemblyPlan:
    """A book, ready to be put together."""

    metadata: Metadata
    chapters: tuple[PlannedChapter, ...]
    skipped: tuple[Skipped, ...] = ()  # for the report
    cost: str = ""  # for the report, as a person reads it: "¥ 12.30"


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds of silence by reason. Where several reasons meet, the longest pause is kept."""

    clause: float = 0.12  # between two lines of one sentence
    sentence: float = 0.40
    speaker: float = 0.25  # somebody else goes on
    paragraph: float = 0.70
    heading: float = 1.10  # after the title and around headings
    scene: float = 1.80
    chapter: float = 2.50  # after the last line of a chapter
    head: float = 0.30  # before the first line of a chapter


FORMATS = ("m4b", "mp3", "mp3-chapters", "opus")
PRESETS = ("audiobook", "acx", "podcast", "none")
EXTRAS = ("srt", "vtt", "lrc", "readalong", "audiobookshelf", "cue")


@dataclass(frozen=True, slots=True)
class AssemblySettings:
    """How the product is made."""

    formats: tuple[str, ...] = ("m4b",)
    bitrate: int = 64  # kbit/s of M4B and MP3; Opus takes half
    preset: str = "audiobook"
    pauses: Pauses = Pauses()
    extras: tuple[str, ...] = ()
    workers: int = 0  # 0: one for each processor
    name: str = ""  # of the files, without ending; empty: from title and author
    output: Path | None = None  # this very file, when one format is asked for
    cover: Path | None = None  # a picture instead of the book's own
    source: Path | None = None  # the book's file, for the read-along edition


class Stage(StrEnum):
    """What the assembly is doing, for a progress bar."""

    ENCODE = "encoding"  # counted in seconds of audio
    WRITE = "writing"  # counted in files
    VERIFY = "checking"  # counted in seconds of audio


class Listener(Protocol):
    """Hears about progress. Called from the thread that builds."""

    def progress(self, stage: Stage, done: float, total: float) -> None:
        """`done` of `total` are ready."""

    def warning(self, text: str) -> None:
        """One line for the person."""


class Silent:
    """A listener that does nothing."""

    def progress(self, stage: Stage, done: float, total: float) -> None:
        """Nothing."""

    def warning(self, text: str) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Product:
    """What was made. `fresh` is false where everything was there already."""

    files: tuple[Path, ...]
    seconds: float
    chapters: int
    lines: int
    report: Path
    fresh: bool = True
    warnings: tuple[str, ...] = field(default=())
