"""YAML front matter of a Markdown file: the book's metadata and the voices it asks for."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from audiobook.book import Cover, Metadata
from audiobook.errors import BookError
from audiobook.parsing.flow import folded
from audiobook.parsing.metadata import image_type, is_isbn, plain

_BLOCK = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_PANDOC = re.compile(r"\ufeff?((?:%[^\n]*\n){1,3})")
_LARGEST = 1 << 16

ReadPicture = Callable[[str], bytes]
"""Bytes of a picture beside the source. Raises BookError or StorageError."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands above the text."""

    values: Mapping[str, Any] = field(default_factory=dict)
    lines: int = 0  # of the source, before the text


def split_front_matter(text: str, name: str) -> tuple[FrontMatter, str]:
    """Front matter and the rest. Raises BookError, naming the line, when the YAML does not parse."""
    block = _BLOCK.match(text)
    if block is None or len(block[1]) > _LARGEST:
        return _pandoc_block(text)
    try:
        values = yaml.safe_load(block[1])
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError) as error:
        # The library raises anything at all for a value that is not what its tag says: `!!int ""`.
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 2}" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise BookError(f"{name}{line}: the front matter is not YAML: {problem}") from error
    if not isinstance(values, dict):
        # A thematic break at the top of a text is no front matter.
        return FrontMatter(), text
    keyed = {str(key).strip().lower().replace("-", "_"): value for key, value in values.items()}
    return FrontMatter(keyed, block[0].count("\n")), text[block.end() :]


def _pandoc_block(text: str) -> tuple[FrontMatter, str]:
    """Pandoc's short form: `% title`, `% authors`, `% date`."""
    block = _PANDOC.match(text)
    if block is None:
        return FrontMatter(), text
    lines = [line.lstrip("%").strip() for line in block[1].splitlines()]
    values: dict[str, Any] = dict(zip(("title", "authors", "date"), lines, strict=False))
    values["authors"] = [name.strip() for name in values.get("authors", "").split(";") if name.strip()]
    return FrontMatter(values, len(lines)), text[block.end() :]


def _word(value: object) -> str:
    """One value as text; lists and tables are not."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, str | int | float | datetime.date):
        return folded(str(value))
    return ""


def _words(value: object) -> tuple[str, ...]:
    """One name or a list of names; each may be a table with a `name`."""
    values = value if isinstance(value, list) else [value]
    found = [
        _word(item.get("name") or item.get("text")) if isinstance(item, dict) else _word(item)
        for item in values
    ]
    return tuple(dict.fromkeys(filter(None, found)))


def _first(values: Mapping[str, Any], *keys: str) -> str:
    return next((word for key in keys for word in _words(values.get(key))), "")


def _all(values: Mapping[str, Any], *keys: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for key in keys for word in _words(values.get(key))))


def _series(values: Mapping[str, Any]) -> tuple[str, str]:
    series = values.get("series")
    if isinstance(series, dict):
        return _first(series, "name", "title"), _first(series, "part", "index", "number", "position")
    return _first(values, "series"), _first(values, "series_part", "series_index", "part", "index", "volume")


def _isbn(values: Mapping[str, Any]) -> str:
    text = _first(values, "isbn", "identifier").removeprefix("urn:").removeprefix("isbn:")
    return re.sub(r"[- ]", "", text).upper() if is_isbn(text) else ""


def metadata_of(front: FrontMatter, read_picture: ReadPicture, name: str) -> Metadata:
    """The metadata that front matter gives. Raises BookError when its cover cannot be used."""
    values = front.values
    series, part = _series(values)
    return Metadata(
        title=_first(values, "title"),
        subtitle=_first(values, "subtitle"),
        authors=_all(values, "authors", "author", "creator"),
        narrators=_all(values, "narrators", "narrator"),
        translators=_all(values, "translators", "translator"),
        language=_first(values, "language", "lang").replace("_", "-"),
        publisher=_first(values, "publisher"),
        date=_first(values, "date", "published", "year"),
        description=plain(str(values.get("description") or values.get("summary") or "")),
        series=series,
        series_part=part,
        genres=_all(values, "genres", "genre", "subject", "tags"),
        rights=_first(values, "rights", "copyright", "license"),
        isbn=_isbn(values),
        cover=_cover(_first(values, "cover", "cover_image", "image"), read_picture, name),
    )


def _cover(path: str, read_picture: ReadPicture, name: str) -> Cover | None:
    if not path:
        return None
    data = read_picture(path)
    kind = image_type(data)
    if not kind:
        raise BookError(f"{name}: the cover {path} is not a JPEG, PNG, GIF or WebP picture")
    return Cover(data, kind)


def voices_of(front: FrontMatter) -> tuple[tuple[str, str], ...]:
    """The table of voices: speaker → voice."""
    voices = front.values.get("voices")
    if not isinstance(voices, dict):
        return ()
    found = [
        (_word(speaker), _first(voice, "voice") if isinstance(voice, dict) else _word(voice))
        for speaker, voice in voices.items()
    ]
    return tuple((speaker, voice) for speaker, voice in found if speaker and voice)
