"""What is made beside the sound on request: subtitles, playlists, cue sheets, a library's files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audiobook import files
from audiobook.assembly import sidefiles, subtitles
from audiobook.assembly.containers import Label
from audiobook.assembly.plan import AssemblyPlan
from audiobook.assembly.retail import SAMPLE_TITLE
from audiobook.assembly.timeline import Timeline
from audiobook.assembly.writing import Written


@dataclass(frozen=True, slots=True)
class Beside:
    """What the files beside the sound are made from."""

    plan: AssemblyPlan
    timeline: Timeline
    label: Label
    written: Sequence[Written]
    folder: Path
    name: str  # of the files, without ending

    def write(self, extras: Sequence[str]) -> list[Path]:
        """Write what is asked for, and what belongs to the formats. Raises StorageError."""
        made = []
        for path, text in (*self._asked(extras), *self._playlists(), *self._cue_sheets(extras)):
            files.make_folder(path.parent)
            files.write_text(path, text)
            made.append(path)
        if "audiobookshelf" in extras and self.label.cover is not None:
            files.write_bytes(self.folder / "cover.jpg", self.label.cover.data)
            made.append(self.folder / "cover.jpg")
        return made

    def _asked(self, extras: Sequence[str]) -> Iterator[tuple[Path, str]]:
        book = self.label.facts
        if "srt" in extras:
            yield self.folder / f"{self.name}.srt", subtitles.srt(self.timeline)
        if "vtt" in extras:
            yield self.folder / f"{self.name}.vtt", subtitles.vtt(self.timeline)
            yield self.folder / f"{self.name}.chapters.vtt", subtitles.chapters_vtt(self.timeline)
        if "lrc" in extras:
            yield self.folder / f"{self.name}.lrc", subtitles.lrc(self.timeline, book.title, book.authors)
        if "audiobookshelf" in extras:
            text = sidefiles.library_metadata(self.plan.metadata, book, self.timeline)
            yield self.folder / "metadata.json", text

    def _playlists(self) -> Iterator[tuple[Path, str]]:
        """A folder of chapters has a playlist in it."""
        entries = [
            (each.path.name, each.title, each.seconds)
            for each in self.written
            if each.format == "mp3-chapters" and each.title != SAMPLE_TITLE
        ]
        if entries:
            folder = next(each.path.parent for each in self.written if each.format == "mp3-chapters")
            yield folder / f"{self.name}.m3u8", sidefiles.playlist(entries)

    def _cue_sheets(self, extras: Sequence[str]) -> Iterator[tuple[Path, str]]:
        for each in self.written:
            if "cue" in extras and each.format in ("m4b", "mp3"):
                sheet = sidefiles.cue_sheet(self.timeline, each.path.name, self.label.facts)
                yield each.path.with_suffix(f"{each.path.suffix}.cue"), sheet
