"""A ZIP archive read within bounds. Nothing is ever written to disk, and names never leave the archive."""

from __future__ import annotations

import lzma
import re
import stat
import unicodedata
import zipfile
import zlib
from pathlib import Path
from types import TracebackType

from audiobook.errors import BookError, EncryptedBook
from audiobook.files import storage
from audiobook.parsing.flow import folded
from audiobook.parsing.options import Limits

_DRIVE = re.compile(r"[A-Za-z]:")
_CHUNK = 1 << 20
_LONGEST_QUOTE = 120


def brief(thing: object) -> str:
    """A name or an error of a library as a part of one short line."""
    line = folded(str(thing)) or type(thing).__name__
    return line if len(line) <= _LONGEST_QUOTE else f"{line[:_LONGEST_QUOTE]}…"


def fold(name: str) -> str:
    """One spelling for names that differ by case or by the form of their accents only."""
    return unicodedata.normalize("NFC", name.replace("\\", "/")).casefold()


def _is_inside(name: str) -> bool:
    return not (name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/") or "\0" in name)


class Archive:
    """The members of a ZIP file by name. Raises BookError for what cannot or should not be unpacked."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self._limits = limits
        self._left = limits.total_bytes
        with storage("read", path):
            try:
                self._zip = zipfile.ZipFile(path)
            except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
                raise BookError(
                    f"{path.name}: damaged archive: {brief(error)}; download the book again"
                ) from error
        self._members = self._index()
        self._folded = {fold(name): name for name in reversed(self._members)}

    def _index(self) -> dict[str, zipfile.ZipInfo]:
        entries = self._zip.infolist()
        if len(entries) > self._limits.members:
            raise BookError(f"{self.path.name}: {len(entries)} files in the archive are more than a book has")
        if len({entry.header_offset for entry in entries}) < len(entries):
            raise BookError(f"{self.path.name}: files overlap in the archive (a zip bomb); it is not opened")
        members: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            name = entry.filename.replace("\\", "/")
            if entry.is_dir() or not _is_inside(name) or stat.S_ISLNK(entry.external_attr >> 16):
                continue
            members.setdefault(name, entry)
        return members

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        """Names of all files, in the order of the archive."""
        return list(self._members)

    def find(self, name: str) -> str | None:
        """The member of that name, or of a name that differs by case or accents only."""
        return name if name in self._members else self._folded.get(fold(name))

    def size(self, name: str) -> int:
        """Unpacked size as declared."""
        return self._members[name].file_size

    def read(self, name: str) -> bytes:
        """One file, unpacked. Raises BookError when it is damaged, encrypted or out of bounds."""
        entry = self._members[name]
        if entry.flag_bits & 1:
            raise EncryptedBook(
                f"{self.path.name}: {brief(name)} is protected by a password; unpack it first"
            )
        self._check(entry)
        try:
            data = self._unpack(entry)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError) as error:
            raise BookError(f"{self.path.name}: {brief(name)} is damaged: {brief(error)}") from error
        except (NotImplementedError, RuntimeError, ValueError) as error:
            raise BookError(f"{self.path.name}: {brief(name)} cannot be unpacked: {brief(error)}") from error
        self._left -= len(data)
        return data

    def _check(self, entry: zipfile.ZipInfo) -> None:
        limits, name = self._limits, brief(entry.filename)
        if entry.file_size > min(limits.item_bytes, self._left):
            raise BookError(
                f"{self.path.name}: {name} would unpack to {entry.file_size >> 20} MB, more than the limit"
            )
        packed = max(1, entry.compress_size)
        if entry.file_size > limits.ratio_floor and entry.file_size > limits.ratio * packed:
            raise BookError(f"{self.path.name}: {name} unpacks to {entry.file_size // packed} times its size")

    def _unpack(self, entry: zipfile.ZipInfo) -> bytes:
        """Never trusts the declared size: stops as soon as more comes out than was promised."""
        with self._zip.open(entry) as file:
            parts = bytearray()
            while chunk := file.read(_CHUNK):
                parts += chunk
                if len(parts) > entry.file_size:
                    raise zipfile.BadZipFile("longer than it declares")
        return bytes(parts)
