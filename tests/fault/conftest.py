"""A bench on which `audiobook make` is run and killed, as installed, in processes of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from campaign import Bench, bench


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Bench]:
    """A bench with the emulated cloud."""
    with bench(tmp_path) as made:
        yield made


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A disk of a given size (`size=300k`) or remounted with other options; needs root on Linux."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")

    def options(given: str) -> Path:
        again = ",remount" if folder.is_mount() else ""
        command = [str(mount), "-t", "tmpfs", "-o", given + again, "tmpfs", str(folder)]
        if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("a small disk cannot be mounted here (that takes root on Linux)")
        return folder

    yield options
    if folder.is_mount():
        subprocess.run(["umount", str(folder)], check=True)
