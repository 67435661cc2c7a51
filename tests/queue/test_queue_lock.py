"""One command at a time works on a project, and the second is told by whom."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from audiobook.errors import ProjectBusy, StorageError
from audiobook.queue.lock import NAME, holder, project_lock

HOLD = """
import sys, time
from pathlib import Path
from audiobook.queue.lock import project_lock
with project_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_command_is_told_who_holds_the_project(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        with pytest.raises(ProjectBusy, match=f"process {other.pid}"), project_lock(tmp_path):
            pass
        assert str(other.pid) in str(holder(tmp_path))
        other.kill()
        other.wait()
    with project_lock(tmp_path):
        assert str(os.getpid()) in str(holder(tmp_path))
    assert holder(tmp_path) is None


def test_a_copied_lock_file_locks_nothing(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(json.dumps({"pid": 1, "host": "elsewhere", "command": "x", "started": "y"}))
    with project_lock(tmp_path):
        pass


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x"}'])
def test_a_lock_file_that_says_nothing_names_nobody(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    assert holder(tmp_path) is None


def test_a_folder_that_is_not_there_cannot_be_locked(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no such file"), project_lock(tmp_path / "missing"):
        pass
