"""Small engines for the queue's tests, all found through `open_test_engine`, which can be pickled."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import numpy as np

from audiobook.audio.clip import Clip
from audiobook.engines.base import Engine, Limits, Price, Settings, Traits, Utterance, Voice
from audiobook.errors import LineRefused, StopRun, TryAgain

RATE = 8000


def clip_for(utterance: Utterance) -> Clip:
    """Sound that is a function of the utterance: a hundredth of a second per character."""
    seed = sum(utterance.text.encode()) * 31 + len(utterance.text)
    length = 80 * max(4, len(utterance.text))
    samples = np.random.default_rng(seed).integers(-3000, 3000, length, dtype=np.int16)
    return Clip(samples, RATE)


class Scripted:
    """Does what the text says: refuse, stop, bug, busy N, fail N, paid N, die, die always, slow, hang.

    Every request is written to the file `log` of the settings, a line each; `delay` seconds each.
    """

    name: ClassVar[str] = "scripted"
    traits: ClassVar[Traits] = Traits()

    def __init__(self, settings: Settings) -> None:
        if settings.get("broken"):
            raise StopRun("the key is missing")
        self._settings = settings
        self._log = Path(str(settings["log"])) if settings.get("log") else None
        self._asked: dict[str, int] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self.most_at_once = 0
        self._at_once = 0

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        return (("version", "1"),)

    @property
    def limits(self) -> Limits:
        limits = self._settings.get("limits")
        return limits if isinstance(limits, Limits) else Limits(concurrency=4)

    @property
    def price(self) -> Price:
        return Price(1.0, "bytes", "EUR")

    def voices(self) -> tuple[Voice, ...]:
        return (Voice(f"{self.name}:a", "A"),)

    def units(self, utterance: Utterance) -> int:
        return len(utterance.text.encode())

    def synthesize(self, utterance: Utterance) -> Clip:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return self._speak(utterance)
        finally:
            with self._lock:
                self._at_once -= 1

    def _speak(self, utterance: Utterance) -> Clip:
        text = utterance.text
        asked = self._count(text)
        if delay := self._settings.get("delay"):
            time.sleep(float(str(delay)))
        verb, _, rest = text.partition(" ")
        number = int(rest.split()[0]) if rest[:1].isdigit() else 1
        match verb:
            case "refuse":
                raise LineRefused("sensitive content", trace="trace-1")
            case "stop":
                raise StopRun("the balance is used up")
            case "bug":
                raise ZeroDivisionError("a bug")
            case "busy" if asked <= number:
                raise TryAgain("too many requests", busy=True, retry_after=0.01)
            case "fail" if asked <= number:
                raise TryAgain("the answer was empty")
            case "paid" if asked <= number:
                raise TryAgain("the audio is a stub", billed=True)
            case "die" if rest.startswith("always") or asked <= 1:
                os.kill(os.getpid(), signal.SIGKILL)
            case "slow":
                time.sleep(0.3)
            case "hang":
                if self._closed.wait(60):
                    raise TryAgain("closed")
        return clip_for(utterance)

    def _count(self, text: str) -> int:
        with self._lock:
            self._asked[text] = self._asked.get(text, 0) + 1
            if self._log is None:
                return self._asked[text]
            with self._log.open("a") as file:
                file.write(text + "\n")
            return self._log.read_text().splitlines().count(text)

    def stream(self, utterance: Utterance) -> Iterator[Clip]:
        yield self.synthesize(utterance)

    def close(self) -> None:
        self._closed.set()


class Computing(Scripted):
    """The same, in child processes."""

    name: ClassVar[str] = "computing"
    traits: ClassVar[Traits] = Traits(process=True)

    @property
    def price(self) -> Price:
        return Price()


ENGINES: Mapping[str, type[Engine]] = {"scripted": Scripted, "computing": Computing}


def open_test_engine(name: str, settings: Settings) -> Engine:
    """As audiobook.engines.open_engine."""
    return ENGINES[name](settings)
