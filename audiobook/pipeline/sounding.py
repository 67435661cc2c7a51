"""Where spoken sound goes: a player, a pipe, a file."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol

import numpy as np

from audiobook import files
from audiobook.audio.clip import Clip
from audiobook.audio.decoding import at_rate, wav_bytes, wav_header
from audiobook.errors import InputError, UsageError

# Players that read samples from a pipe; {rate} is filled in. The first that is installed is taken.
PLAYERS: tuple[tuple[str, ...], ...] = (
    ("ffplay", "-v", "quiet", "-nodisp", "-autoexit", "-f", "s16le", "-ar", "{rate}", "-ac", "1", "-i", "-"),
    ("mpv", "--really-quiet", "--no-video", "--demuxer=rawaudio", "--demuxer-rawaudio-rate={rate}",
     "--demuxer-rawaudio-channels=1", "--demuxer-rawaudio-format=s16le", "-"),
    ("aplay", "-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", "{rate}", "-"),
    ("paplay", "--raw", "--format=s16le", "--channels=1", "--rate={rate}"),
    ("play", "-q", "-t", "raw", "-e", "signed", "-b", "16", "-c", "1", "-r", "{rate}", "-"),
)  # fmt: skip
FORMATS = ("wav", "flac", "mp3", "opus", "pcm")


class Outlet(Protocol):
    """A sink that is closed when everything was said."""

    def __enter__(self) -> Outlet:
        """Itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish (or, after an error, give up)."""

    def write(self, clip: Clip) -> None:
        """Take a piece."""


class _SameRate:
    """Brings all pieces to the rate of the first."""

    def __init__(self) -> None:
        self.rate = 0

    def fit(self, clip: Clip) -> Clip:
        self.rate = self.rate or clip.rate
        return at_rate(clip, self.rate)


class Pipe:
    """A stream that somebody reads, as WAV of unknown length or as plain samples. Every piece is flushed."""

    def __init__(self, target: IO[bytes], *, header: bool = True) -> None:
        self._target = target
        self._header = header
        self._rates = _SameRate()

    def __enter__(self) -> Pipe:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._target.flush()

    def write(self, clip: Clip) -> None:
        """Write and flush."""
        fresh = not self._rates.rate
        clip = self._rates.fit(clip)
        if fresh and self._header:
            self._target.write(wav_header(None, clip.rate))
        self._target.write(clip.samples.astype("<i2").tobytes())
        self._target.flush()


class Player:
    """A program that plays samples from its standard input."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._rates = _SameRate()

    def __enter__(self) -> Player:
        return self

    def write(self, clip: Clip) -> None:
        """Hand over; blocks while the player's pipe is full. Raises InputError when the player ended."""
        clip = self._rates.fit(clip)
        if self._process is None:
            command = [part.format(rate=clip.rate) for part in self._command]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE)
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(clip.samples.astype("<i2").tobytes())
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise InputError(f"the player {self._command[0]} ended; write to a file with --output") from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait until everything was heard; after an error stop at once. Raises InputError."""
        if self._process is None:
            return
        if kind is not None:
            self._process.kill()
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        code = self._process.wait()
        if kind is None and code:
            raise InputError(f"the player {self._command[0]} failed; write to a file with --output")


class File:
    """A sound file, written when all is there."""

    def __init__(self, path: Path, form: str) -> None:
        self._path = path
        self._form = form
        self._rates = _SameRate()
        self._clips: list[Clip] = []

    def __enter__(self) -> File:
        return self

    def write(self, clip: Clip) -> None:
        """Keep a piece."""
        self._clips.append(self._rates.fit(clip))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write the file, also of what there is when the person interrupted. Raises StorageError."""
        if self._clips and (kind is None or issubclass(kind, KeyboardInterrupt)):
            samples = np.concatenate([clip.samples for clip in self._clips])
            files.write_bytes(self._path, in_format(Clip(samples, self._rates.rate), self._form))


class Afplay(File):
    """macOS's own player, which reads files only."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        super().__init__(Path(self._folder.name) / "said.wav", "wav")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Play what was said."""
        super().__exit__(kind, error, trace)
        if kind is None and self._clips:
            subprocess.run(["afplay", str(self._path)], check=False)
        self._folder.cleanup()


def in_format(clip: Clip, form: str) -> bytes:
    """The clip as a file of this format."""
    if form == "pcm":
        return clip.samples.astype("<i2").tobytes()
    if form == "wav":
        return wav_bytes(clip)
    from audiobook.audio.encoding import encode

    return encode(clip, form)


def format_of(path: Path) -> str:
    """The format that a file's name asks for. Raises UsageError."""
    form = path.suffix.lstrip(".").lower()
    form = {"raw": "pcm", "ogg": "opus", "wave": "wav"}.get(form, form)
    if form not in FORMATS:
        raise UsageError(f"{path}: the name has to end in one of {', '.join('.' + f for f in FORMATS)}")
    return form


def player() -> Player | Afplay:
    """The first player that is installed. Raises UsageError where there is none."""
    for command in PLAYERS:
        if shutil.which(command[0]):
            return Player(command)
    if shutil.which("afplay"):
        return Afplay()
    names = ", ".join(command[0] for command in PLAYERS)
    raise UsageError(f"no player is installed ({names}); write to a file with --output said.wav")
