"""Takes: recordings named by the hash of everything that shaped them. Written once, never changed."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from audiobook import files
from audiobook.audio import flac
from audiobook.audio.clip import Clip
from audiobook.audio.levels import Levels, measure
from audiobook.engines.base import Utterance
from audiobook.errors import TakeError

_SUFFIX = ".flac"
_SYNC_ALL_FROM = 8  # files; from here on one sync of the system is cheaper than one of each


def take_name(utterance: Utterance, engine_name: str, identity: Sequence[tuple[str, str]]) -> str:
    """The name of a recording: SHA-256 of the utterance, the engine and what identifies the engine."""
    document = {
        "utterance": asdict(utterance),
        "engine": engine_name,
        "identity": sorted([key, value] for key, value in identity),
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def encode(clip: Clip) -> tuple[Levels, bytes]:
    """What a clip measures, and the bytes of its take."""
    levels = measure(clip)
    return levels, flac.encode(clip, levels.pack())


@dataclass(frozen=True, slots=True)
class StagedTake:
    """A take that is written, but neither durable nor visible yet."""

    name: str
    levels: Levels
    path: Path


class TakeStore:
    """A folder of takes, `ab/abcd….flac`. Safe for many threads and processes at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Where the take lies, or would lie."""
        return self.folder / name[:2] / f"{name}{_SUFFIX}"

    def has(self, name: str) -> bool:
        """Whether there is such a take. A damaged one counts until somebody reads it."""
        return self.path(name).is_file()

    def names(self) -> Iterator[str]:
        """All takes, in the order of their names."""
        # Plain names and no paths: there may be a million.
        with suppress(FileNotFoundError):
            for shard in _listed(self.folder):
                if len(shard) != 2 or not (self.folder / shard).is_dir():
                    continue
                for file in _listed(self.folder / shard):
                    if file.endswith(_SUFFIX) and not file.startswith("."):
                        yield file[: -len(_SUFFIX)]

    def write(self, name: str, clip: Clip) -> Levels:
        """Keep a clip under `name`: durable when this returns. Raises StorageError."""
        staged = self.stage(name, clip)
        self.publish([staged])
        return staged.levels

    def stage(self, name: str, clip: Clip) -> StagedTake:
        """Measure, encode and write a clip beside its place; `publish` makes it count."""
        return self.stage_encoded(name, *encode(clip))

    def stage_encoded(self, name: str, levels: Levels, data: bytes) -> StagedTake:
        """The same for a clip that was encoded elsewhere, on another machine."""
        path = self.path(name)
        beside = path.with_name(f".{name}.{secrets.token_hex(4)}.part")
        with files.storage("write", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                beside.write_bytes(data)
            except BaseException:
                with suppress(OSError):
                    beside.unlink()
                raise
        return StagedTake(name, levels, beside)

    def publish(self, staged: Sequence[StagedTake]) -> None:
        """Make staged takes durable, then visible. Many at once cost hardly more than one.

        Raises StorageError; takes published before that stay, and all stay where they were staged else.
        """
        # Elsewhere than on Linux, sync only asks for what it does here: to wait until all is written.
        at_once = len(staged) >= _SYNC_ALL_FROM and sys.platform == "linux"
        with files.storage("write", self.folder):
            if at_once:
                os.sync()
            else:
                for take in staged:
                    _sync(take.path)
            for take in staged:
                take.path.replace(self.path(take.name))
        if at_once:
            os.sync()
        else:
            for folder in sorted({take.path.parent for take in staged}):
                files.sync_folder(folder)

    def discard(self, staged: Sequence[StagedTake]) -> None:
        """Forget staged takes that will not be published."""
        for take in staged:
            with suppress(OSError):
                take.path.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Drop a take, so that it is made again. Raises StorageError."""
        with files.storage("remove", self.path(name)):
            self.path(name).unlink(missing_ok=True)

    def read(self, name: str) -> Clip:
        """The recording, every bit of it. Raises TakeError when it is missing or damaged."""
        try:
            data = self.path(name).read_bytes()
            clip = flac.decode(data)
            _levels(data, len(clip.samples), clip.rate)
            return clip
        except OSError as error:
            raise self._lost(name, error.strerror or str(error)) from error
        except ValueError as error:
            raise self._lost(name, str(error)) from error

    def levels(self, name: str) -> Levels:
        """What the recording measures, from the head of its file. Raises TakeError."""
        try:
            with self.path(name).open("rb") as file:
                head = file.read(flac.HEAD)
                if flac.notes_of(head) is None:
                    head += file.read(1 << 24)
            return _levels(head, *flac.extent(head))
        except OSError as error:
            raise self._lost(name, error.strerror or str(error)) from error
        except ValueError as error:
            raise self._lost(name, str(error)) from error

    def _lost(self, name: str, why: str) -> TakeError:
        message = (
            f"take {name[:12]}… in {self.folder} is missing or damaged ({why}); run synth to make it again"
        )
        return TakeError(message, names=(name,))


def _levels(data: bytes, samples: int, rate: int) -> Levels:
    """The notes of a take whose audio is so long. Raises ValueError where they tell of another length.

    The head that says how much audio there is stands before what the checksum covers.
    """
    levels = Levels.unpack(flac.notes_of(data) or b"")
    if (levels.samples, levels.rate) != (samples, rate):
        raise ValueError(f"it has {samples} samples where its notes end at {levels.samples}")
    return levels


def _listed(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
