"""The engines that the contract battery runs over, each with what the tests need to know of it.

To add an engine, write a function that makes a Candidate and put it into CANDIDATES. A cloud engine is opened
against a server on this machine; what the function starts it ends in `Candidate.stop`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from audiobook.engines import engine_class
from audiobook.engines.base import Engine, Settings, Utterance
from emulator.candidates import KEY, cloud_settings


@dataclass
class Candidate:
    """An engine under test."""

    engine: Engine
    settings: Settings = field(default_factory=dict)
    secrets: tuple[str, ...] = ()  # strings that must appear nowhere
    deterministic: bool = True  # the same utterance gives the same samples
    stop: Callable[[], None] = lambda: None
    opened: list[Engine] = field(default_factory=list)

    @property
    def voice(self) -> str:
        """The local name of its first voice."""
        return self.engine.voices()[0].local

    def say(self, text: str, **changes: object) -> Utterance:
        """An utterance in its first voice."""
        return Utterance(text, **{"voice": self.voice, **changes})  # type: ignore[arg-type]

    def another(self) -> Engine:
        """A second opened engine with the same settings."""
        self.opened.append(type(self.engine)(self.settings))
        return self.opened[-1]


def _local(name: str) -> Callable[[], Candidate]:
    return lambda: Candidate(engine_class(name)({}))


def _cloud(name: str) -> Callable[[], Candidate]:
    def open_one() -> Candidate:
        settings, stop = cloud_settings(name)
        return Candidate(engine_class(name)(settings), settings, secrets=(KEY,), stop=stop)

    return open_one


CANDIDATES: dict[str, Callable[[], Candidate]] = {
    "espeak": _local("espeak"),
    "tone": _local("tone"),
    "siliconflow": _cloud("siliconflow"),
    "cosyvoice": _cloud("cosyvoice"),
    "openai": _cloud("openai"),
}


@pytest.fixture(params=list(CANDIDATES))
def candidate(request: pytest.FixtureRequest) -> Iterator[Candidate]:
    """Each engine in turn, opened."""
    opened = CANDIDATES[request.param]()
    yield opened
    for engine in (opened.engine, *opened.opened):
        engine.close()
    opened.stop()
