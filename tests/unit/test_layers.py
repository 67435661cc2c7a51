"""A module imports only from its own layer or the layers above it in docs/design.md."""

from __future__ import annotations

import ast
from pathlib import Path

import audiobook

ROOT = Path(audiobook.__file__).parent
LAYERS = [
    {"errors", "files", "book", "script", "cast"},
    {"parsing", "segmentation", "normalization", "speakers"},
    {"audio", "engines"},
    {"queue"},
    {"assembly"},
    {"project", "pipeline"},
    {"cli"},
]
DOORS = {
    "sqlite3": {"queue/store.py", "queue/migrations.py", "queue/ledger.py"},
    "av": {"audio", "assembly"},
    "httpx": {"engines", "speakers/llm.py"},
    "ray": {"queue/ray.py", "queue/cluster.py"},
}


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module or "")
            if node.module == "audiobook":
                names |= {f"audiobook.{alias.name}" for alias in node.names}
    return names


def layer_of(part: str) -> int:
    return next((depth for depth, parts in enumerate(LAYERS) if part in parts), -1)


def test_modules_import_only_downwards() -> None:
    wrong = []
    for path in sorted(ROOT.rglob("*.py")):
        own = path.relative_to(ROOT).parts[0].removesuffix(".py")
        if own == "__init__" or own == "__main__":
            continue
        assert layer_of(own) >= 0, f"{own} stands in no layer"
        for name in imports_of(path):
            parts = name.split(".")
            if parts[0] != "audiobook" or len(parts) == 1 or layer_of(parts[1]) < 0:
                continue
            if layer_of(parts[1]) > layer_of(own):
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_each_door_to_the_outside_has_its_own_modules() -> None:
    wrong = []
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        for name in imports_of(path):
            allowed = DOORS.get(name.split(".")[0])
            if allowed is not None and not any(
                place == door or place.startswith(door + "/") for door in allowed
            ):
                wrong.append(f"{place} imports {name}")
    assert wrong == []
