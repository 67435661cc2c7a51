"""Golden lines and their reading."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for se_decisions beside this file

GOLDEN = Path(__file__).parent / "golden"


def golden_lines(name: str) -> Iterator[tuple[str, str]]:
    """(language, line) of a golden file: `[de]` starts a language, `#` a comment."""
    language = ""
    for line in (GOLDEN / name).read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]") and len(line) < 14:
            language = line[1:-1]
        elif line and not line.startswith("#"):
            yield language, line


@pytest.fixture(scope="session")
def golden() -> Callable[[str], list[tuple[str, str]]]:
    """All lines of a golden file."""
    return lambda name: list(golden_lines(name))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real EPUBs, where there is one."""
    folder = Path(__file__).parents[2].parent / "shared" / "corpus" / "epub"
    if not folder.is_dir():
        pytest.skip(f"no corpus at {folder}")
    return folder
