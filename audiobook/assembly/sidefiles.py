"""What goes beside the sound: playlist, cue sheet, and the folder layout of an Audiobookshelf library."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from audiobook.assembly.tags import Facts
from audiobook.assembly.text import file_name, one_line
from audiobook.assembly.timeline import Timeline
from audiobook.book import Metadata


def playlist(entries: Sequence[tuple[str, str, float]]) -> str:
    """An extended M3U of (file name, title, seconds), in UTF-8."""
    lines = ["#EXTM3U"]
    for name, title, seconds in entries:
        lines += [f"#EXTINF:{round(seconds)},{one_line(title)}", name]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + one_line(text).replace('"', "'") + '"'


def cue_sheet(timeline: Timeline, name: str, book: Facts) -> str:
    """A cue sheet for one file with all chapters. Its clock has 75 frames a second, and no hours."""
    kind = {".mp3": "MP3", ".m4b": "MP4"}.get(Path(name).suffix, "WAVE")
    lines = [
        f"PERFORMER {_quoted(book.authors)}",
        f"TITLE {_quoted(book.title)}",
        f"FILE {_quoted(name)} {kind}",
    ]
    for number, chapter in enumerate(timeline.chapters, 1):
        frames = chapter.start * 75 // timeline.rate
        minutes, rest = divmod(frames, 75 * 60)
        lines += [
            f"  TRACK {number:02d} AUDIO",
            f"    TITLE {_quoted(chapter.title or str(number))}",
            f"    INDEX 01 {minutes:02d}:{rest // 75:02d}:{rest % 75:02d}",
        ]
    return "\n".join(lines) + "\n"


def library_folder(book: Facts) -> Path:
    """`Author/Series/Vol 2 - 1999 - Title {Narrator}`, as Audiobookshelf reads it."""
    name = book.title
    if book.year:
        name = f"{book.year} - {name}"
    if book.series and book.part:
        name = f"Vol {book.part} - {name}"
    # Braces and brackets have meanings of their own there.
    name = file_name(name.translate({ord(each): None for each in "{}[]"}), 150)
    if book.narrators:
        name += " {" + file_name(book.narrators, 60) + "}"
    path = Path(file_name(book.authors, default="Unknown author"))
    return path / file_name(book.series) / name if book.series else path / name


def library_metadata(metadata: Metadata, book: Facts, timeline: Timeline) -> str:
    """Audiobookshelf's `metadata.json`, which takes precedence over all it guesses."""
    chapters = [
        {
            "id": index,
            "start": round(chapter.start / timeline.rate, 3),
            "end": round(chapter.stop / timeline.rate, 3),
            "title": one_line(chapter.title) or str(index + 1),
        }
        for index, chapter in enumerate(timeline.chapters)
    ]
    document = {
        "tags": [],
        "chapters": chapters,
        "title": book.title,
        "subtitle": book.subtitle or None,
        "authors": [one_line(name) for name in metadata.authors],
        "narrators": [one_line(name) for name in metadata.narrators],
        "series": [book.grouping] if book.series else [],
        "genres": [one_line(name) for name in metadata.genres],
        "publishedYear": book.year or None,
        "publishedDate": book.date or None,
        "publisher": book.publisher or None,
        "description": book.description or None,
        "isbn": book.isbn or None,
        "asin": book.asin or None,
        "language": book.language or None,
        "explicit": False,
        "abridged": False,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
