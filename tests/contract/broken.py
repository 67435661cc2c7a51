"""Engines that fail in the ways engines do, for tests of everything that uses one.

They are classes of an importable module, so that a pool of processes can open them as well:
`contract.broken:Crash`, put into `audiobook.engines.BUILT_IN` or opened by a function of the test's own.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from audiobook.audio.clip import Clip
from audiobook.engines.base import Limits, Price, Settings, Traits, Utterance, Voice
from audiobook.errors import LineRefused, StopRun, TryAgain

RATE = 16_000


class Sound:
    """What all of them share: an engine that works, a quarter of a second of noise for every line."""

    name: ClassVar[str] = "sound"
    traits: ClassVar[Traits] = Traits()

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.closed = threading.Event()

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        return (("version", "1"),)

    @property
    def limits(self) -> Limits:
        return Limits(concurrency=2)

    @property
    def price(self) -> Price:
        return Price()

    def voices(self) -> tuple[Voice, ...]:
        return (Voice(f"{self.name}:a", "A", ("en",), "F"), Voice(f"{self.name}:b", "B", ("en",), "M"))

    def units(self, utterance: Utterance) -> int:
        return len(utterance.text.encode())

    def synthesize(self, utterance: Utterance) -> Clip:
        if not any(map(str.isalnum, utterance.text)):
            raise LineRefused(f"nothing to speak in {utterance.text!r}")
        if utterance.voice not in ("a", "b"):
            raise StopRun(f"no voice {utterance.voice!r}")
        noise = np.random.default_rng(len(utterance.text))
        length = int(RATE * max(0.25, 0.06 * len(utterance.text)) / utterance.speed)
        return Clip(noise.integers(-3000, 3000, length, dtype=np.int16), RATE)

    def stream(self, utterance: Utterance) -> Iterator[Clip]:
        yield self.synthesize(utterance)

    def close(self) -> None:
        self.closed.set()


class Unopenable(Sound):
    """Refuses to be opened, as an engine whose key is missing."""

    name: ClassVar[str] = "unopenable"

    def __init__(self, settings: Settings) -> None:
        raise StopRun("there is no key")


class Bug(Sound):
    """Raises what no engine may raise."""

    name: ClassVar[str] = "bug"

    def synthesize(self, utterance: Utterance) -> Clip:
        raise ZeroDivisionError("a bug in an engine")


class Crash(Sound):
    """Takes its process with it, as a broken library does. Only for pools of processes."""

    name: ClassVar[str] = "crash"
    traits: ClassVar[Traits] = Traits(process=True)

    def synthesize(self, utterance: Utterance) -> Clip:
        os._exit(139)


class Hang(Sound):
    """Does not answer until it is closed."""

    name: ClassVar[str] = "hang"

    def synthesize(self, utterance: Utterance) -> Clip:
        self.closed.wait(60)
        raise TryAgain("closed")


class Busy(Sound):
    """Has no time for the first requests of each text: `setting` times, two by default."""

    name: ClassVar[str] = "busy"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._left: dict[str, int] = {}
        self._lock = threading.Lock()

    def synthesize(self, utterance: Utterance) -> Clip:
        with self._lock:
            left = self._left.setdefault(utterance.text, 2)
            self._left[utterance.text] = left - 1
        if left > 0:
            raise TryAgain("too many requests", retry_after=0.001, busy=True)
        return super().synthesize(utterance)


class Refusing(Sound):
    """Refuses every line with the word "forbidden" in it."""

    name: ClassVar[str] = "refusing"

    def synthesize(self, utterance: Utterance) -> Clip:
        if "forbidden" in utterance.text:
            raise LineRefused("the text was not accepted")
        return super().synthesize(utterance)


class Stopping(Sound):
    """Out of money after three lines."""

    name: ClassVar[str] = "stopping"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._lines = 0

    def synthesize(self, utterance: Utterance) -> Clip:
        self._lines += 1
        if self._lines > 3:
            raise StopRun("the balance is used up")
        return super().synthesize(utterance)


class Faulty(Sound):
    """Answers with sound that cannot be speech; the subclasses say which."""

    def synthesize(self, utterance: Utterance) -> Clip:
        super().synthesize(utterance)
        return self.fault()

    def fault(self) -> Clip:
        raise NotImplementedError


class Empty(Faulty):
    """A clip without samples."""

    name: ClassVar[str] = "empty"

    def fault(self) -> Clip:
        return Clip(np.zeros(0, np.int16), RATE)


class Silent(Faulty):
    """A second of zeros."""

    name: ClassVar[str] = "silent"

    def fault(self) -> Clip:
        return Clip(np.zeros(RATE, np.int16), RATE)


class TooShort(Faulty):
    """Five milliseconds, whatever the text."""

    name: ClassVar[str] = "too-short"

    def fault(self) -> Clip:
        return Clip(np.full(RATE // 200, 1000, np.int16), RATE)


class WrongRate(Faulty):
    """Says of 24 kHz sound that it is 8 kHz: a third of the pitch, three times as long."""

    name: ClassVar[str] = "wrong-rate"

    def fault(self) -> Clip:
        noise = np.random.default_rng(1)
        return Clip(noise.integers(-3000, 3000, 240_000, dtype=np.int16), 8000)


class WrongShape(Faulty):
    """Stereo, of floating-point numbers."""

    name: ClassVar[str] = "wrong-shape"

    def fault(self) -> Clip:
        return Clip(np.zeros((RATE, 2), np.float32), RATE)  # type: ignore[arg-type]


BROKEN = (
    Unopenable,
    Bug,
    Crash,
    Hang,
    Busy,
    Refusing,
    Stopping,
    Empty,
    Silent,
    TooShort,
    WrongRate,
    WrongShape,
)
"""All of them."""
