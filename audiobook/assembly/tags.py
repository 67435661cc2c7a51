"""Tags: what the book says about itself, in the words of MP4 and of ID3.

Readers disagree on where a narrator, a series or a subtitle stands; each fact is written wherever one of
them looks. The table of who reads what is in docs/sound.md.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mutagen.id3

from audiobook.assembly.cover import Picture
from audiobook.assembly.mp4 import JPEG, UNSIGNED, Mark, Tag
from audiobook.assembly.text import iso639, one_line, paragraphs, shorten
from audiobook.book import Metadata

id3: Any = mutagen.id3  # typed in parts only

_FREEFORM = "----:com.apple.iTunes:"
_MOST_FLAT = 255  # chapters; the count of a table of contents is one byte
_PERSONS = 1000  # bytes


@dataclass(frozen=True, slots=True)
class Facts:
    """Metadata made fit for tags: one line each, of bearable length."""

    title: str
    subtitle: str
    authors: str
    narrators: str
    series: str
    part: str
    date: str
    year: str
    publisher: str
    description: str
    language: str
    isbn: str
    asin: str
    genre: str
    rights: str
    translators: str

    @property
    def grouping(self) -> str:
        """`Series #3`."""
        return f"{self.series} #{self.part}" if self.series and self.part else self.series


def facts(metadata: Metadata) -> Facts:
    """Clean the metadata of a book."""
    asin = next((value for scheme, value in metadata.identifiers if "asin" in scheme.lower()), "")
    year = re.match(r"\s*(\d{4})", metadata.date)
    return Facts(
        title=one_line(metadata.title) or "Untitled",
        subtitle=one_line(metadata.subtitle),
        authors=one_line(", ".join(metadata.authors), _PERSONS),
        narrators=one_line(", ".join(metadata.narrators), _PERSONS),
        series=one_line(metadata.series),
        part=one_line(metadata.series_part, 20),
        date=one_line(metadata.date, 32),
        year=year[1] if year else "",
        publisher=one_line(metadata.publisher),
        description=paragraphs(metadata.description),
        language=one_line(metadata.language, 35),
        isbn=one_line(metadata.isbn, 32),
        asin=one_line(asin, 32),
        genre=one_line("; ".join(metadata.genres)) or "Audiobook",
        rights=one_line(metadata.rights),
        translators=one_line(", ".join(metadata.translators), _PERSONS),
    )


def sort_title(book: Facts) -> str:
    """`Series 03 - Title`, so that a shelf is in reading order."""
    if not book.series:
        return ""
    whole, dot, rest = book.part.partition(".")
    number = f"{whole.zfill(2)}{dot}{rest}" if whole else ""
    return one_line(" ".join(filter(None, (book.series, number))) + f" - {book.title}")


def mp4_tags(book: Facts, cover: Picture | None, tool: str) -> tuple[Tag, ...]:
    """The tags of an M4B."""
    texts = [
        ("©nam", book.title),
        ("©alb", book.title),
        ("©ART", book.authors),
        ("aART", book.authors),
        ("©wrt", book.narrators),
        ("©nrt", book.narrators),
        ("©gen", book.genre),
        ("©day", book.date),
        ("desc", shorten(" ".join(book.description.split()), 250)),
        ("ldes", book.description),
        ("©cmt", book.description),
        ("cprt", book.rights),
        ("©pub", book.publisher),
        ("©too", tool),
        ("soal", sort_title(book)),
        ("sonm", sort_title(book)),
        ("©grp", book.grouping),
        ("©mvn", book.series),
    ]
    tags = [Tag(name, value.encode()) for name, value in texts if value]
    if book.series:
        tags.append(Tag("shwm", b"\1", UNSIGNED))
        if book.part.isdigit() and int(book.part) < 1 << 15:
            tags.append(Tag("©mvi", int(book.part).to_bytes(2, "big"), UNSIGNED))
    tags += [Tag("stik", b"\2", UNSIGNED), Tag("pgap", b"\1", UNSIGNED)]
    tags += [Tag(_FREEFORM + name, value.encode()) for name, value in _freeform(book) if value]
    if cover is not None:
        tags.append(Tag("covr", cover.data, JPEG))
    return tuple(tags)


def _freeform(book: Facts) -> Sequence[tuple[str, str]]:
    return (
        ("SUBTITLE", book.subtitle),
        ("SERIES", book.series),
        ("SERIES-PART", book.part),
        ("NARRATOR", book.narrators),
        ("TRANSLATOR", book.translators),
        ("PUBLISHER", book.publisher),
        ("ISBN", book.isbn),
        ("ASIN", book.asin),
        ("LANGUAGE", book.language),
    )


def vorbis_comments(book: Facts) -> dict[str, str]:
    """The comments of an Opus file. FFmpeg's muxer drops `encoder`, and the order of all with it."""
    texts = {
        "title": book.title,
        "album": book.title,
        "artist": book.authors,
        "albumartist": book.authors,
        "composer": book.narrators,
        "genre": book.genre,
        "date": book.date,
        "description": book.description,
        "copyright": book.rights,
    }
    return {name: value for name, value in (*texts.items(), *_freeform(book)) if value}


_ID3_HEAD = 10
"""Bytes of the head of an ID3v2.3 tag, and of each of its frames."""


@dataclass(frozen=True, slots=True)
class Track:
    """Where one file of several stands."""

    number: int
    total: int
    title: str


def id3_tag(
    book: Facts,
    cover: Picture | None,
    tool: str,
    *,
    track: Track | None = None,
    marks: Sequence[Mark] = (),
    rate: int = 1,
    samples: int = 0,
) -> bytes:
    """An ID3v2.3 tag: the form every reader knows, in UTF-16."""
    tags = id3.ID3()
    texts = [
        (id3.TIT2, one_line(track.title) if track else book.title),
        (id3.TALB, book.title),
        (id3.TPE1, book.authors),
        (id3.TPE2, book.authors),
        (id3.TCOM, book.narrators),
        (id3.TIT3, book.subtitle),
        (id3.TIT1, book.grouping),
        (id3.TCON, book.genre),
        (id3.TYER, book.year),
        (id3.TPUB, book.publisher),
        (id3.TCOP, book.rights),
        (id3.TLAN, iso639(book.language) if book.language else ""),
        (id3.TSSE, tool),
        (id3.TSOA, sort_title(book)),
        (id3.TRCK, f"{track.number}/{track.total}" if track else ""),
    ]
    for kind, value in texts:
        if value:
            tags.add(kind(encoding=1, text=[value]))
    for name, value in (*_freeform(book), ("DATE", book.date)):
        if value:
            tags.add(id3.TXXX(encoding=1, desc=name, text=[value]))
    if book.description:
        tags.add(id3.COMM(encoding=1, lang=iso639(book.language), desc="", text=[book.description]))
    if cover is not None:
        tags.add(
            id3.APIC(
                encoding=0, mime="image/jpeg", type=id3.PictureType.COVER_FRONT, desc="", data=cover.data
            )
        )
    _add_chapters(tags, marks, rate, samples)
    buffer = io.BytesIO()
    tags.save(buffer, v2_version=3, padding=lambda info: 0)
    return _chapters_in_order(buffer.getvalue())


def _chapters_in_order(tag: bytes) -> bytes:
    """The tag with its chapters in the order they are heard: mutagen sorts frames by size, and readers
    that do not follow the table of contents (libav among them) take chapters as they come."""
    frames = []
    place = _ID3_HEAD
    while place < len(tag):
        end = place + _ID3_HEAD + int.from_bytes(tag[place + 4 : place + 8], "big")
        frames.append(tag[place:end])
        place = end
    chapters = [frame for frame in frames if frame.startswith(b"CHAP")]
    others = [frame for frame in frames if not frame.startswith(b"CHAP")]
    # A frame begins with its head and the chapter's element ID, which counts up.
    chapters.sort(key=lambda frame: frame[_ID3_HEAD : frame.index(b"\0", _ID3_HEAD)])
    return b"".join([tag[:_ID3_HEAD], *others, *chapters])


def _add_chapters(tags: id3.ID3, marks: Sequence[Mark], rate: int, samples: int) -> None:
    if not marks:
        return
    names = [f"ch{index:04d}" for index in range(len(marks))]
    stops = [mark.start for mark in marks[1:]] + [samples]
    for name, mark, stop in zip(names, marks, stops, strict=True):
        title = id3.TIT2(encoding=1, text=[mark.title])
        times = {"start_time": round(mark.start * 1000 / rate), "end_time": round(stop * 1000 / rate)}
        tags.add(
            id3.CHAP(
                element_id=name, **times, start_offset=0xFFFFFFFF, end_offset=0xFFFFFFFF, sub_frames=[title]
            )
        )
    if len(names) <= _MOST_FLAT:
        flags = id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
        title = id3.TIT2(encoding=1, text=["Chapters"])
        tags.add(id3.CTOC(element_id="toc", flags=flags, child_element_ids=names, sub_frames=[title]))
