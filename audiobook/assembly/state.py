"""What the last build made: a build that would make the same again has nothing to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from audiobook import __version__, files
from audiobook.assembly.plan import AssemblyPlan, AssemblySettings, Product
from audiobook.errors import StorageError

_NAME = "product.json"
BUILDING = 1
"""Raised whenever the same plan and settings give other files."""


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if is_dataclass(value):  # one level at a time: `asdict` would copy the whole book first
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(value)


def _stamp(path: Path | None) -> list[int]:
    if path is None or not path.is_file():
        return []
    state = path.stat()
    return [state.st_size, state.st_mtime_ns]


def recipe(plan: AssemblyPlan, settings: AssemblySettings) -> str:
    """A hash of all that shapes the product. How many workers there are does not."""
    outside = [_stamp(settings.cover), _stamp(settings.source)]
    document = [BUILDING, __version__, plan, replace(settings, workers=0), outside]
    text = json.dumps(document, default=_plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _stamps(paths: Iterable[Path]) -> list[list[object]]:
    return [[str(path), *_stamp(path)] for path in paths]


def remember(folder: Path, name: str, product: Product) -> None:
    """Keep what was made under the hash of its recipe. Raises StorageError."""
    document = asdict(product) | {
        "recipe": name,
        "files": _stamps(product.files),
        "report": str(product.report),
    }
    files.write_text(folder / _NAME, json.dumps(document, ensure_ascii=False))


def recall(folder: Path, name: str) -> Product | None:
    """What was made by this recipe, if all of it is still there untouched."""
    try:
        document: dict[str, Any] = json.loads(files.read_bytes(folder / _NAME))
        paths = tuple(Path(entry[0]) for entry in document["files"])
        report = Path(document["report"])
        if document["recipe"] != name or document["files"] != _stamps(paths) or not report.is_file():
            return None
        return Product(
            files=paths,
            seconds=float(document["seconds"]),
            chapters=int(document["chapters"]),
            lines=int(document["lines"]),
            report=report,
            fresh=False,
            warnings=tuple(document["warnings"]),
        )
    except (StorageError, ValueError, KeyError, TypeError, IndexError):
        return None
