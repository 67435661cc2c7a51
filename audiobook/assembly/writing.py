"""Editions as files, each written beside its place and moved there when it has proved right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audiobook import files
from audiobook.assembly.containers import Label, Sound, write_m4b, write_mp3, write_mp3_chapter
from audiobook.assembly.encoders import Encoder, Mp3
from audiobook.assembly.tags import Track
from audiobook.assembly.text import file_name
from audiobook.assembly.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Edition:
    """All packets of one format, by chapter."""

    format: str
    timeline: Timeline
    encoder: Encoder
    chapters: Sequence[Sound]

    def sound(self) -> Sound:
        """The whole book."""
        return Sound(self.chapters[0].cache, [key for chapter in self.chapters for key in chapter.keys])


def write_edition(edition: Edition, target: Path, label: Label) -> list[Path]:
    """Write one format; the files that were made. Raises StorageError, ProductError."""
    if edition.format == "mp3-chapters":
        return list(_write_chapters(edition, target, label))
    with files.replacing(target) as file:
        if edition.format == "m4b":
            write_m4b(file, edition.timeline, edition.sound(), label)
        elif edition.format == "mp3":
            assert isinstance(edition.encoder, Mp3)
            write_mp3(file, edition.timeline, edition.encoder, edition.sound(), label)
    return [target]


def _write_chapters(edition: Edition, folder: Path, label: Label) -> Iterator[Path]:
    assert isinstance(edition.encoder, Mp3)
    files.make_folder(folder)
    total = len(edition.chapters)
    for number, (chapter, sound) in enumerate(
        zip(edition.timeline.chapters, edition.chapters, strict=True), 1
    ):
        name = f"{number:0{max(2, len(str(total)))}d} - {file_name(chapter.title, default='Chapter')}.mp3"
        with files.replacing(folder / name) as file:
            track = Track(number, total, chapter.title or str(number))
            write_mp3_chapter(file, chapter.length, edition.encoder, sound, label, track)
        yield folder / name
