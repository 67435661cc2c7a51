"""A folder of links to espeak-ng's data, in which it finds every language at once.

espeak-ng opens a voice by its file name only where that is all in lower case (`en-US` is not); for any other
it reads some 240 files first, every time. And it takes no path longer than 159 bytes. So a folder with a
short path links to the data, every language under its own name. It stays for the next run, and is shared by
all processes of this user.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from audiobook.files import storage


def link_home(data: Path, languages: Mapping[str, Path], version: str) -> Path:
    """Make the folder or complete it. Raises StorageError."""
    key = hashlib.blake2b(f"{data}\n{version}".encode(), digest_size=6).hexdigest()
    home = Path(tempfile.gettempdir()) / f"audiobook-espeak-{os.getuid()}-{key}"
    with storage("prepare the embedded voice in", home):
        home.mkdir(mode=0o700, exist_ok=True)
        if not _is_private(home):
            # Somebody else's, or open to others: what lies in it may not be what we put there.
            home = Path(tempfile.mkdtemp(prefix="audiobook-espeak-"))
        _complete(home, {entry.name: entry for entry in data.iterdir() if entry.name != "voices"})
        voices = home / "voices"
        voices.mkdir(exist_ok=True)
        _complete(voices, {"!v": data / "voices" / "!v", **languages})
    return home


def _is_private(folder: Path) -> bool:
    status = folder.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077


def _complete(folder: Path, links: Mapping[str, Path]) -> None:
    """Add the links that are not there. Other processes may be doing the same."""
    for name in links.keys() - {entry.name for entry in folder.iterdir()}:
        with contextlib.suppress(FileExistsError):
            (folder / name).symlink_to(links[name])
