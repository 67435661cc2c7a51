"""A small book, and the installed command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

BOOK = """\
---
title: The Ferry Bell
author: Ines Calder
language: en-GB
series: Tidewater
series_part: 1
publisher: Lantern Street
---

# Chapter I. The Bell

The bell rang twice, and nobody came. Mr. Tarn counted 3 lamps on the far bank.

“Is there anyone at the rope?” called Mr. Tarn.

“Only me,” whispered Nell. “The others went up at 5.30 p.m.”

* * *

By morning the rope had been cut.

# Chapter II. The Rope

“Who would do such a thing?” asked Nell.

Mr. Tarn said nothing at all.
"""

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one, with a book in it."""
    (tmp_path / "ferry.md").write_text(BOOK, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def audiobook(folder: Path) -> Command:
    """Run the installed command to its end."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).with_name("audiobook")), *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, **environment},
            check=False,
        )

    return run
