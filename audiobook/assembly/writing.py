"""Editions as files, each written beside its place and moved there when it has proved right."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from audiobook import files
from audiobook.assembly.containers import (
    Label,
    Sound,
    marks_of,
    write_m4b,
    write_mp3,
    write_mp3_chapter,
    write_opus,
)
from audiobook.assembly.encoders import Encoder, Mp3, Opus
from audiobook.assembly.mp4 import Mark
from audiobook.assembly.tags import Track
from audiobook.assembly.text import file_name, one_line
from audiobook.assembly.timeline import Timeline
from audiobook.assembly.verify import Check, Expected, verify

_NUMBERED = re.compile(r"\d{2,} - .+\.mp3")
_CODECS = {"m4b": "aac", "mp3": "mp3float", "mp3-chapters": "mp3float", "opus": "opus"}


@dataclass(frozen=True)
class Edition:
    """All packets of one format, by chapter."""

    format: str
    timeline: Timeline
    encoder: Encoder
    chapters: Sequence[Sound]

    @functools.cached_property
    def sound(self) -> Sound:
        """The whole book."""
        return Sound(self.chapters[0].cache, [key for chapter in self.chapters for key in chapter.keys])

    @property
    def peak(self) -> float:
        """The highest peak after decoding, of full scale."""
        files = self.chapters if self.format == "mp3-chapters" else [self.sound]
        return max(sound.survey.peak for sound in files)


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was made and looked at."""

    path: Path
    format: str
    seconds: float
    chapters: int
    title: str
    checks: tuple[Check, ...]


def write_edition(edition: Edition, target: Path, label: Label) -> list[Written]:
    """Write one format and check it. Raises StorageError, ProductError; what was there before stays then."""
    if edition.format == "mp3-chapters":
        made = list(_write_chapters(edition, target, label))
        _remove_others(target, {each.path for each in made})
        return made
    return [_write_book(edition, target, label)]


def _expected(
    edition: Edition, sound: Sound, samples: int, label: Label, title: str, marks: tuple[Mark, ...]
) -> Expected:
    """What a file that was just written should turn out to be."""
    return Expected(
        seconds=samples / edition.encoder.rate,
        rate=edition.encoder.rate,
        codec=_CODECS[edition.format],
        sizes=sound.survey.sizes,
        checksum=sound.checksum,
        title=title,
        artist=label.facts.authors,
        cover=label.cover is not None,
        marks=marks,
        slack=0.03 if edition.format == "opus" else 0.0005,
    )


def _write_book(edition: Edition, target: Path, label: Label) -> Written:
    timeline, sound = edition.timeline, edition.sound
    marks = marks_of(timeline)
    files.make_folder(target.parent)
    with files.replacing(target) as file:
        _write(edition, sound, label, file)
        file.flush()
        expected = _expected(edition, sound, timeline.samples, label, label.facts.title, marks)
        checks = verify(Path(file.name), expected)
    return Written(target, edition.format, timeline.seconds, len(marks), label.facts.title, tuple(checks))


def _write(edition: Edition, sound: Sound, label: Label, file: IO[bytes]) -> None:
    match edition.encoder:
        case Mp3():
            write_mp3(file, edition.timeline, edition.encoder, sound, label)
        case Opus():
            write_opus(file, edition.timeline, edition.encoder.bitrate, sound, label)
        case _:
            write_m4b(file, edition.timeline, sound, label)


def _write_chapters(edition: Edition, folder: Path, label: Label) -> Iterator[Written]:
    files.make_folder(folder)
    total = len(edition.chapters)
    width = max(2, len(str(total)))
    for index in range(total):
        title = one_line(edition.timeline.chapters[index].title) or str(index + 1)
        target = folder / f"{index + 1:0{width}d} - {file_name(title, default='Chapter')}.mp3"
        yield _write_chapter(edition, index, target, label, title)


def _remove_others(folder: Path, made: set[Path]) -> None:
    """Chapters that an earlier run wrote under titles or numbers that are no more."""
    with files.storage("clean", folder):
        for path in folder.iterdir():
            if path not in made and _NUMBERED.fullmatch(path.name):
                path.unlink()


def write_single(edition: Edition, target: Path, label: Label) -> Written:
    """Write an edition of one chapter as one file. Raises StorageError, ProductError."""
    files.make_folder(target.parent)
    return _write_chapter(edition, 0, target, label, edition.timeline.chapters[0].title)


def _write_chapter(edition: Edition, index: int, target: Path, label: Label, title: str) -> Written:
    assert isinstance(edition.encoder, Mp3)
    chapter, sound = edition.timeline.chapters[index], edition.chapters[index]
    track = Track(index + 1, len(edition.chapters), title)
    with files.replacing(target) as file:
        write_mp3_chapter(file, chapter.length, edition.encoder, sound, label, track)
        file.flush()
        expected = _expected(edition, sound, chapter.length, label, title, ())
        checks = verify(Path(file.name), expected)
    return Written(target, edition.format, chapter.length / edition.encoder.rate, 1, title, tuple(checks))
