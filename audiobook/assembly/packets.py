"""Packets of one piece, and the folder that keeps them: encoded audio is a cache, named by its recipe."""

from __future__ import annotations

import secrets
import struct
import sys
import zlib
from array import array
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from audiobook import files

_HEAD = struct.Struct(">4sIIHfI")
_MARK = b"ABP3"


@dataclass(frozen=True, slots=True)
class Traits:
    """What must be known of packets before they are written, without their bytes."""

    sizes: array[int]
    flush: int
    config: bytes
    peak: float

    def body(self, last: bool) -> array[int]:
        """Sizes; with those of the flush packets where this piece is the last."""
        return self.sizes if last or not self.flush else self.sizes[: -self.flush]


@dataclass(frozen=True, slots=True)
class Packets:
    """What an encoder made of one piece.

    The last `flush` packets only empty the encoder; they are kept at the end of a file, and left out
    where another piece follows. `config` is what a decoder must know beforehand.
    """

    sizes: array[int]
    data: bytes = field(repr=False)
    flush: int
    config: bytes = b""
    peak: float = 0.0  # of full scale, after decoding

    def __len__(self) -> int:
        return len(self.sizes)

    def body(self, last: bool) -> tuple[array[int], memoryview]:
        """Sizes and bytes; with the flush packets where this piece is the last."""
        if last or not self.flush:
            return self.sizes, memoryview(self.data)
        sizes = self.sizes[: -self.flush]
        return sizes, memoryview(self.data)[: sum(sizes)]


def join(packets: list[bytes], flush: int, config: bytes = b"") -> Packets:
    """Packets from a list."""
    return Packets(array("I", map(len, packets)), b"".join(packets), flush, config)


def _order(sizes: array[int]) -> array[int]:
    """The same numbers in the byte order of the file (big end first)."""
    swapped = array("I", sizes)
    if sys.byteorder == "little":
        swapped.byteswap()
    return swapped


class PacketCache:
    """A folder of packets. Losing any of it costs time and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.used: set[str] = set()
        self._traits: dict[str, Traits] = {}  # of all that was read or written here

    def traits(self, key: str) -> Traits | None:
        """What is known of packets: remembered where they were seen before, else read."""
        if key not in self._traits:
            self.read(key)
        return self._traits.get(key)

    def _remember(self, key: str, packets: Packets) -> Packets:
        self.used.add(key)
        self._traits[key] = Traits(packets.sizes, packets.flush, packets.config, packets.peak)
        return packets

    def path(self, key: str) -> Path:
        """Where packets of this recipe lie, or would lie."""
        return self.folder / key[:2] / f"{key}.packets"

    def has(self, key: str) -> bool:
        """Whether packets of this recipe are there. Damage shows only in `read`."""
        return self.path(key).is_file()

    def read(self, key: str) -> Packets | None:
        """Packets of this recipe; None where there are none that can be trusted."""
        try:
            data = self.path(key).read_bytes()
        except OSError:
            return None
        if len(data) < _HEAD.size:
            return None
        mark, count, flush, config_size, peak, checksum = _HEAD.unpack_from(data)
        if mark != _MARK or zlib.crc32(memoryview(data)[_HEAD.size :]) != checksum:
            return None
        begin = _HEAD.size + config_size
        sizes = _order(array("I", data[begin : begin + 4 * count]))
        return self._remember(
            key, Packets(sizes, data[begin + 4 * count :], flush, data[_HEAD.size : begin], peak)
        )

    def write(self, key: str, packets: Packets) -> None:
        """Keep packets. Not made durable: a file that did not survive is made again. Raises StorageError."""
        self._remember(key, packets)
        rest = packets.config + _order(packets.sizes).tobytes() + packets.data
        head = _HEAD.pack(
            _MARK, len(packets), packets.flush, len(packets.config), packets.peak, zlib.crc32(rest)
        )
        path = self.path(key)
        beside = path.with_name(f".{key}.{secrets.token_hex(4)}.part")
        with files.storage("write", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                beside.write_bytes(head + rest)
                beside.replace(path)
            except BaseException:
                with suppress(OSError):
                    beside.unlink(missing_ok=True)
                raise

    def prune(self) -> None:
        """Drop what this run did not use, oldest first, until as much is unused as is used."""
        found = []
        with suppress(OSError):
            for path in self.folder.rglob("*.part"):  # what a killed run left behind
                path.unlink(missing_ok=True)
            for path in self.folder.rglob("*.packets"):
                with suppress(OSError):
                    state = path.stat()
                    found.append((path.stem in self.used, state.st_mtime_ns, state.st_size, path))
        allowed = sum(size for used, _, size, _ in found if used)
        unused = sorted(entry for entry in found if not entry[0])
        excess = sum(size for _, _, size, _ in unused) - allowed
        for _, _, size, path in unused:
            if excess <= 0:
                break
            with suppress(OSError):
                path.unlink()
            excess -= size
