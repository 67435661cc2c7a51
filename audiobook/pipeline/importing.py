"""From a source to a project: read, attribute, write the script, keep what a person had corrected.

What the program last wrote lies in script/.generated; `cache/book.json` remembers what the book says about
itself and what was skipped. Both are made again when the source or the reading options change, and only then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from audiobook import files
from audiobook.book import Book, Cover, Hint, Metadata, Skipped
from audiobook.errors import ProjectError, StorageError
from audiobook.normalization import HintSpan
from audiobook.project import (
    FORMAT,
    Project,
    ProjectSettings,
    SourceSettings,
    default_folder,
    fingerprint,
    is_project,
    open_project,
)

_COVER_NAMES = {"image/jpeg": "cover.jpg", "image/png": "cover.png", "image/gif": "cover.gif"}


@dataclass(frozen=True, slots=True)
class ChapterInfo:
    """What is known of a chapter beside its script file."""

    file: str
    title: str
    level: int
    kind: str
    words: int


@dataclass(frozen=True, slots=True)
class BookInfo:
    """What was read from the source and is needed again without reading it."""

    metadata: Metadata
    chapters: tuple[ChapterInfo, ...]
    skipped: tuple[Skipped, ...]
    warnings: tuple[str, ...]
    voices: tuple[tuple[str, str], ...]
    imported: str  # fingerprint of source and reading options


# --- remembering -------------------------------------------------------------------------------------


def import_key(settings: ProjectSettings) -> str:
    """Fingerprint of all that shapes the script: the source's content and the reading options."""
    text = asdict(replace(settings.text, chapters=""))
    return hashlib.sha256(json.dumps([settings.source.sha256, text], sort_keys=True).encode()).hexdigest()


def _info_file(project: Project) -> Path:
    return project.cache_folder / "book.json"


def remember(project: Project, info: BookInfo) -> None:
    """Write cache/book.json and the cover. Raises StorageError."""
    files.make_folder(project.cache_folder)
    document = asdict(replace(info, metadata=replace(info.metadata, cover=None)))
    cover = info.metadata.cover
    if cover is not None:
        name = _COVER_NAMES.get(cover.media_type, "cover.img")
        files.write_bytes(project.cache_folder / name, cover.data)
        document["cover"] = [name, cover.media_type]
    files.write_text(_info_file(project), json.dumps(document, ensure_ascii=False, indent=1))


def recall(project: Project) -> BookInfo | None:
    """What `remember` wrote; None when there is nothing usable, so that the source is read again."""
    try:
        document = json.loads(files.read_bytes(_info_file(project)))
        cover = document.pop("cover", None)
        plain: dict[str, Any] = {
            key: tuple(tuple(e) if isinstance(e, list) else e for e in value)
            if isinstance(value, list)
            else value
            for key, value in document["metadata"].items()
        }
        metadata = Metadata(**plain)
        if cover:
            metadata = replace(
                metadata, cover=Cover(files.read_bytes(project.cache_folder / cover[0]), cover[1])
            )
        return BookInfo(
            metadata,
            tuple(ChapterInfo(**each) for each in document["chapters"]),
            tuple(Skipped(**each) for each in document["skipped"]),
            tuple(document["warnings"]),
            tuple((name, voice) for name, voice in document["voices"]),
            document["imported"],
        )
    except (StorageError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_hints(folder: Path, hints: Mapping[str, Sequence[HintSpan]]) -> None:
    """Keep the hints of the source's markup beside the generated script in `folder`. Raises StorageError."""
    files.make_folder(folder)
    document = {text: [[*asdict(span).values()] for span in spans] for text, spans in hints.items()}
    files.write_text(folder / "hints.json", json.dumps(document, ensure_ascii=False))


def read_hints(project: Project) -> dict[str, tuple[HintSpan, ...]]:
    """Line text → hints; empty when there are none."""
    path = project.generated_folder / "hints.json"
    if not path.exists():
        return {}
    document: dict[str, list[list[Any]]] = json.loads(files.read_bytes(path))
    return {
        text: tuple(HintSpan(start, end, Hint(hint), *rest) for start, end, hint, *rest in spans)
        for text, spans in document.items()
    }


# --- the effective metadata --------------------------------------------------------------------------


def metadata(project: Project, info: BookInfo) -> Metadata:
    """What the product's tags say: the book's own metadata, the person's [metadata] over it.

    A picture named cover.jpg or cover.png in the project folder replaces the book's. Raises ProjectError.
    """
    known = {entry.name: entry for entry in fields(Metadata)}
    changes: dict[str, Any] = {}
    for key, value in project.settings.metadata.items():
        if key not in known or key in ("cover", "identifiers"):
            names = ", ".join(name for name in known if name not in ("cover", "identifiers"))
            raise ProjectError(
                f"{project.settings_file}: unknown key {key!r} in [metadata]; there are {names}"
            )
        plural = isinstance(getattr(info.metadata, key), tuple)
        if plural and isinstance(value, str):
            value = (value,)
        changes[key] = value if plural else str(value)
    for name, media_type in (("cover.jpg", "image/jpeg"), ("cover.png", "image/png")):
        if (project.folder / name).is_file():
            changes["cover"] = Cover(files.read_bytes(project.folder / name), media_type)
    return replace(info.metadata, **changes)


# --- opening or making a project ---------------------------------------------------------------------


def locate(source: Path, folder: Path | None) -> tuple[Path, bool]:
    """The project folder for a source, and whether a project is there already.

    `source` may be a project folder itself. Raises ProjectError when the default folder belongs to
    another book.
    """
    if folder is None and source.is_dir() and is_project(source):
        return source, True
    chosen = folder or default_folder(source)
    if not is_project(chosen):
        return chosen, False
    recorded = open_project(chosen).settings.source
    same_path = bool(recorded.path) and Path(recorded.path).resolve() == source.resolve()
    if folder is None and not same_path and recorded.sha256 != fingerprint(source):
        raise ProjectError(
            f"{chosen} belongs to another book ({recorded.path}); give this one a --project of its own"
        )
    return chosen, True


def with_source(project: Project, source: Path) -> Project:
    """Record the source and keep a copy, if it is new or has changed. Raises StorageError."""
    if project.source is not None and source.resolve() == project.folder.resolve():
        return project
    found = fingerprint(source)
    if found == project.settings.source.sha256 and project.source is not None:
        return project
    project.keep_source(source)
    recorded = SourceSettings(str(source.resolve()), found)
    return project.with_settings(replace(project.settings, format=FORMAT, source=recorded))


def book_info(book: Book, names: Sequence[str], imported: str) -> BookInfo:
    """What is remembered of a book whose script files are called `names`."""
    chapters = tuple(
        ChapterInfo(name, chapter.title, chapter.level, chapter.kind.value, len(chapter.text.split()))
        for name, chapter in zip(names, book.chapters, strict=True)
    )
    return BookInfo(book.metadata, chapters, book.skipped, book.warnings, book.voices, imported)
