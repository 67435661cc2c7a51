"""The read-along edition: pages, overlays and sound in one EPUB."""

from __future__ import annotations

import io
import itertools
import posixpath
import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from lxml import etree

from audiobook import files
from audiobook.assembly.containers import Label, Sound
from audiobook.assembly.mp4 import Header, write_mp4
from audiobook.assembly.plan import AssemblyPlan
from audiobook.assembly.readalong.alignment import Sought, align, letters
from audiobook.assembly.readalong.cleanbook import write_clean_book
from audiobook.assembly.readalong.package import (
    OPS,
    XHTML,
    Package,
    modernize,
    open_package,
    parse_xml,
    to_bytes,
    upgrade,
    write_package,
)
from audiobook.assembly.readalong.weaving import Page, weave
from audiobook.assembly.text import iso639, one_line
from audiobook.assembly.timeline import TimedChapter, Timeline
from audiobook.errors import BookError, ProductError

_SMIL = "http://www.w3.org/ns/SMIL"
_ACTIVE = "-epub-media-overlay-active"
_STYLE = f".{_ACTIVE} {{ background-color: #ffe9a8; color: #000; }}\n".encode()
_LEAST_FOUND = 0.6  # of the lines; below, the source is not the book that was spoken


@dataclass(frozen=True, slots=True)
class Clip:
    """A line, the element that shows it, and its stretch of a chapter's sound in milliseconds."""

    page: int
    name: str
    chapter: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class ReadAlong:
    """What a read-along edition is made from."""

    plan: AssemblyPlan
    timeline: Timeline
    chapters: Sequence[Sound]
    label: Label
    source: Path | None


def _stretches(chapter: TimedChapter, rate: int) -> list[tuple[int, int]]:
    """A line lasts until the next begins: a reader leaps from clip to clip, and would leave pauses out."""
    starts = [0 if index == 0 else placed.start for index, placed in enumerate(chapter.placed)]
    marks = [start * 1000 // rate for start in starts] + [chapter.length * 1000 // rate]
    return list(itertools.pairwise(marks))


class _Book:
    """The pages of the source, and which line is found where."""

    def __init__(self, package: Package, timeline: Timeline) -> None:
        self.package = package
        self.items: list[Any] = []
        self.paths: list[str] = []
        self.roots: list[Any] = []
        self.pages: list[Page] = []
        for item, path in package.pages():
            root = parse_xml(package.read(path))
            body = root.find(f"{{{XHTML}}}body")
            if body is not None:
                self.items.append(item)
                self.paths.append(path)
                self.roots.append(root)
                self.pages.append(Page(body))
        self.clips = self._find(timeline)

    def _find(self, timeline: Timeline) -> list[Clip]:
        cues = [(index, placed) for index, each in enumerate(timeline.chapters) for placed in each.placed]
        lines = [Sought(letters(placed.cue.text)[0], placed.cue.role != "line") for _, placed in cues]
        places = align("".join(page.letters for page in self.pages), lines)
        starts = [0]
        for page in self.pages:
            starts.append(starts[-1] + len(page.letters))
        woven: list[list[tuple[int, int, str]]] = [[] for _ in self.pages]
        shown: list[tuple[int, str] | None] = []
        for number, (line, place) in enumerate(zip(lines, places, strict=True), 1):
            index = -1 if place is None else bisect_right(starts, place) - 1
            if place is None or place + len(line.key) > starts[index + 1]:
                shown.append(None)
                continue
            name = f"spoken-{number:05d}"
            woven[index].append((place - starts[index], len(line.key), name))
            shown.append((index, name))
        found = sum(each is not None for each in shown)
        if found < _LEAST_FOUND * len(lines) or not found:
            raise BookError(
                f"only {found} of {len(lines)} spoken lines are found in the source; "
                "is it the book that was spoken?"
            )
        for page, marks in zip(self.pages, woven, strict=True):
            weave(page, marks)
        stretches = [each for chapter in timeline.chapters for each in _stretches(chapter, timeline.rate)]
        return [
            Clip(index, name, chapter, start, stop)
            for (chapter, _), (index, name), (start, stop) in zip(
                cues, _filled(shown), stretches, strict=True
            )
        ]


def _filled(shown: Sequence[tuple[int, str] | None]) -> Iterator[tuple[int, str]]:
    """A line that is not found is heard with the one before it."""
    last = next(each for each in shown if each is not None)
    for each in shown:
        last = each or last
        yield last


def clock(milliseconds: int) -> str:
    """`0:01:02.003`."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"


def _overlay(clips: Sequence[Clip], page: str, folder: str, sounds: Sequence[str]) -> bytes:
    root = etree.Element(f"{{{_SMIL}}}smil", nsmap={None: _SMIL, "epub": OPS})
    root.set("version", "3.0")
    href = posixpath.relpath(page, folder)
    sequence = etree.SubElement(etree.SubElement(root, f"{{{_SMIL}}}body"), f"{{{_SMIL}}}seq")
    sequence.set("id", "seq")
    sequence.set(f"{{{OPS}}}textref", quote(href))
    for number, clip in enumerate(clips, 1):
        pair = etree.SubElement(sequence, f"{{{_SMIL}}}par")
        pair.set("id", f"par-{number:05d}")
        etree.SubElement(pair, f"{{{_SMIL}}}text").set("src", f"{quote(href)}#{clip.name}")
        audio = etree.SubElement(pair, f"{{{_SMIL}}}audio")
        audio.set("src", posixpath.relpath(sounds[clip.chapter], folder))
        audio.set("clipBegin", clock(clip.start))
        audio.set("clipEnd", clock(clip.stop))
    return to_bytes(root)


def _link_style(root: Any, href: str) -> None:
    head = root.find(f"{{{XHTML}}}head")
    if head is None:
        head = root.makeelement(f"{{{XHTML}}}head", {})
        root.insert(0, head)
    link = etree.SubElement(head, f"{{{XHTML}}}link")
    link.set("rel", "stylesheet")
    link.set("type", "text/css")
    link.set("href", quote(href))


def _sound_file(work: ReadAlong, index: int) -> bytes:
    sound, chapter = work.chapters[index], work.timeline.chapters[index]
    header = Header(
        work.timeline.rate,
        chapter.length,
        sound.survey.config,
        brand=b"M4A ",
        language=iso639(work.label.facts.language),
    )
    buffer = io.BytesIO()
    write_mp4(buffer, header, sound.survey.sizes, sound.data())
    return buffer.getvalue()


def _titles(work: ReadAlong, book: _Book) -> list[tuple[str, str]]:
    titles, first = [], {clip.chapter: clip for clip in reversed(book.clips)}
    for index, chapter in enumerate(work.timeline.chapters):
        if index in first:
            titles.append((one_line(chapter.title), f"{book.paths[first[index].page]}#{first[index].name}"))
    return titles


def _assemble(work: ReadAlong, package: Package) -> list[str]:
    """Change the package; the paths of the sounds that go into it."""
    upgrade(package)
    book = _Book(package, work.timeline)
    modernize(package, _titles(work, book))
    folder = posixpath.join(package.folder, "read-along") if package.folder else "read-along"
    sounds = [f"{folder}/sound{index + 1:04d}.m4a" for index in range(len(work.timeline.chapters))]
    style = f"{folder}/read-along.css"
    package.changed[style] = _STYLE
    package.add("read-along-css", style, "text/css")
    total = 0
    for index, (item, path, root) in enumerate(zip(book.items, book.paths, book.roots, strict=True)):
        clips = [clip for clip in book.clips if clip.page == index]
        if not clips:
            continue
        name = f"read-along-{index + 1:04d}"
        overlay = f"{folder}/page{index + 1:04d}.smil"
        package.changed[overlay] = _overlay(clips, path, folder, sounds)
        package.add(name, overlay, "application/smil+xml")
        item.set("media-overlay", name)
        length = sum(clip.stop - clip.start for clip in clips)
        package.tell("media:duration", clock(length), name)
        total += length
        _link_style(root, posixpath.relpath(style, posixpath.dirname(path) or "."))
        package.changed[path] = to_bytes(root, page=True)
    used = sorted({clip.chapter for clip in book.clips})
    for index in used:
        package.add(f"read-along-sound-{index + 1:04d}", sounds[index], "audio/mp4")
    package.tell("media:duration", clock(total))
    package.tell("media:active-class", _ACTIVE)
    if work.label.facts.narrators:
        package.tell("media:narrator", work.label.facts.narrators)
    _check(book.clips, work.timeline)
    return [sounds[index] if index in used else "" for index in range(len(sounds))]


def _check(clips: Sequence[Clip], timeline: Timeline) -> None:
    """Clips are in order, within their sound, and cover all of it. Overlaps pass other checkers unseen."""
    position: dict[int, int] = {}
    for clip in clips:
        length = timeline.chapters[clip.chapter].length * 1000 // timeline.rate
        if clip.start != position.get(clip.chapter, 0) or not clip.start < clip.stop <= length:
            raise ProductError(f"the read-along clip of {clip.name} is out of order")
        position[clip.chapter] = clip.stop
    for index, chapter in enumerate(timeline.chapters):
        if chapter.placed and position.get(index) != chapter.length * 1000 // timeline.rate:
            raise ProductError(f"the read-along edition does not cover chapter {index + 1}")


def write_readalong(work: ReadAlong, target: Path) -> Path:
    """Write the edition. Raises BookError, ProductError, StorageError."""
    files.make_folder(target.parent)
    with tempfile.TemporaryDirectory(prefix="audiobook-") as scratch:
        source = work.source
        if source is None or source.suffix.lower() != ".epub":
            source = Path(scratch) / "clean.epub"
            write_clean_book(work.plan, work.label.cover, source)
        package = open_package(source)
        with package.archive:
            sounds = _assemble(work, package)
            with files.replacing(target) as file:
                _write(work, package, sounds, file)
    return target


def _write(work: ReadAlong, package: Package, sounds: Sequence[str], file: IO[bytes]) -> None:
    made = ((name, _sound_file(work, index)) for index, name in enumerate(sounds) if name)
    write_package(package, file, made)
