"""A disk that is full, read-only or limited; a folder that is used, copied or moved meanwhile."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from campaign import AUDIOBOOK, Bench

from audiobook.queue.lock import NAME

pytestmark = pytest.mark.slow


def make(stand: Bench, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run `make` once, its files limited to `limit` bytes each."""

    def restrict() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        stand.command(),
        cwd=stand.folder,
        env={**os.environ, **stand.environment},
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=restrict,
        check=False,
    )


def complaint(result: subprocess.CompletedProcess[str]) -> str:
    """The one line of an error; a traceback is no such line."""
    lines = [line for line in result.stderr.splitlines() if line.startswith("audiobook: ")]
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in result.stderr
    return lines[0]


@pytest.fixture
def whole(stand: Bench) -> str:
    """The bytes of an undisturbed run."""
    stand.finish()
    fingerprint = stand.product()
    stand.clear()
    return fingerprint


def test_a_limit_on_files_is_met_at_each_write_and_the_rest_is_kept(stand: Bench, whole: str) -> None:
    for limit in (100, 1000, 5000, 20_000, 40_000, 60_000, 100_000):
        result = make(stand, limit)
        if result.returncode == 0:
            break
        assert result.returncode == 3
        assert "the file grew larger than allowed" in complaint(result) or "disk" in complaint(result)
        assert stand.damaged() == []
    stand.finish()
    assert stand.product() == whole


def test_a_full_disk_is_said_and_the_run_goes_on_when_there_is_room(
    stand: Bench, whole: str, small_disk: Callable[[str], Path]
) -> None:
    disk = small_disk("size=8k")
    on_disk = replace(stand, folder=disk)
    shutil.copy(stand.folder / "ferry.md", disk)
    stored: set[str] = set()
    for size in (16, 64, 128, 200, 300, 500, 700, 900, 1200, 1600, 2500, 4000):
        small_disk(f"size={size}k")
        seen = len(on_disk.asked())
        result = make(on_disk)
        assert not stored & set(on_disk.asked()[seen:])
        if result.returncode == 0:
            break
        assert result.returncode == 3, result.stderr
        assert "the disk is full" in complaint(result)
        small_disk("size=50m")
        assert on_disk.damaged() == []
        stored = on_disk.stored_texts()
    assert result.returncode == 0
    assert on_disk.product() == whole


def test_a_read_only_project_is_said_in_one_line(stand: Bench, small_disk: Callable[[str], Path]) -> None:
    disk = small_disk("size=50m")
    on_disk = replace(stand, folder=disk)
    shutil.copy(stand.folder / "ferry.md", disk)
    on_disk.finish()
    small_disk("size=50m,ro")
    (stand.folder / "disk" / "ferry" / "script").is_dir()
    seen = [subprocess.run([*AUDIOBOOK, "status", "ferry"], cwd=disk, capture_output=True, check=False)]
    assert seen[0].returncode == 0, seen[0].stderr
    result = make(on_disk)
    assert result.returncode == 3
    assert "read-only" in complaint(result)


def test_the_second_command_on_a_project_says_who_holds_it_and_leaves(stand: Bench, whole: str) -> None:
    assert stand.service is not None
    stand.service.switches.latency = 0.3
    first = stand.start()
    lock = stand.project / NAME
    while first.poll() is None and not (lock.exists() and lock.read_text()):
        time.sleep(0.01)
    result = make(stand)
    assert result.returncode == 3
    assert f"process {first.pid}" in complaint(result)
    first.communicate(timeout=60)
    assert first.returncode == 0
    assert stand.product() == whole


def test_a_copied_project_goes_on_in_its_new_place(stand: Bench, whole: str) -> None:
    stand.kill_after(1.5)
    stored = stand.stored_texts()
    copy = replace(stand, folder=stand.folder / "elsewhere")
    copy.folder.mkdir()
    shutil.copy(stand.folder / "ferry.md", copy.folder)
    if stand.project.exists():
        shutil.copytree(stand.project, copy.project)
    shutil.rmtree(stand.project, ignore_errors=True)
    seen = len(copy.asked())
    copy.finish()
    assert copy.product() == whole
    assert not stored & set(copy.asked()[seen:])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_command_within_two_seconds(stand: Bench, whole: str, number: int) -> None:
    assert stand.service is not None
    stand.service.switches.latency = 0.4
    process = stand.start()
    before = len(stand.service.log.entries)
    while process.poll() is None and len(stand.service.log.entries) < before + 6:
        time.sleep(0.02)
    began = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - began < 2.5
    assert process.returncode == 130, errors
    assert "run the same command again" in errors.decode()
    stored = stand.stored_texts()
    assert stored
    seen = len(stand.asked())
    stand.finish()
    assert stand.product() == whole
    assert not stored & set(stand.asked()[seen:])


def test_a_clock_that_is_set_back_hurts_nothing(stand: Bench, whole: str) -> None:
    """Half of the book in what the system calls the future, the other half in its past."""
    stand.kill_after(1.5)
    for path in stand.project.rglob("*"):
        os.utime(path, (2**31 - 1, 2**31 - 1))
    stand.finish()
    assert stand.product() == whole
    stand.finish()
    assert stand.product() == whole
