"""One command at a time may change a project, and whoever comes second is told who holds it.

The lock belongs to the operating system (`flock`), so a killed process leaves none behind and a copied
folder none along; what the file says is only for the person.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from audiobook import files
from audiobook.errors import ProjectBusy, StorageError

NAME = ".lock"


@contextlib.contextmanager
def project_lock(folder: Path) -> Iterator[None]:
    """Hold the project for the length of a `with`.

    Raises ProjectBusy naming the holder, StorageError for a folder that cannot be written.
    """
    path = folder / NAME
    with files.storage("lock", path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise StorageError(f"cannot lock {path}: {error.strerror}") from error
            raise ProjectBusy(
                f"{folder} is in use by {_words(os.pread(descriptor, 4096, 0))}; wait for it or stop it"
            ) from None
        # A full disk must not keep anybody from working: who holds the lock is a courtesy.
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, _introduction(), 0)
        yield
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def holder(folder: Path) -> str | None:
    """Who works on a project now, in words; None for nobody. Takes no lock, so it disturbs nobody."""
    try:
        text = (folder / NAME).read_bytes()
        known = json.loads(text)
        if known["host"] == socket.gethostname():
            os.kill(known["pid"], 0)
        return _words(text)
    except (ValueError, KeyError, TypeError, OSError):
        return None


def _introduction() -> bytes:
    command = " ".join(["audiobook", *sys.argv[1:3]])
    started = time.strftime("%Y-%m-%d %H:%M:%S")
    text = {"pid": os.getpid(), "host": socket.gethostname(), "command": command, "started": started}
    return json.dumps(text, ensure_ascii=False).encode()


def _words(text: bytes) -> str:
    try:
        known = json.loads(text)
        where = "" if known["host"] == socket.gethostname() else f" on {known['host']}"
        return f"“{known['command']}” (process {known['pid']}{where}, since {known['started']})"
    except (ValueError, KeyError, TypeError):
        return "another command"
