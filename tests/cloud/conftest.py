"""An emulated service for every test, and engines that speak with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from audiobook.engines.base import Utterance
from audiobook.engines.siliconflow import SiliconFlow
from emulator import Emulator
from emulator.speech import tone, wav_header

LINE = "It was a dark night, and nobody came."


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A key in the environment, and a configuration folder of one's own."""
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-emulator")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("AUDIOBOOK_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


@pytest.fixture
def service() -> Iterator[Emulator]:
    """The emulator, with nothing wrong about it."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def connect(service: Emulator) -> Iterator[Callable[..., SiliconFlow]]:
    """Open an engine on the emulator with further settings."""
    opened = []

    def open_one(**settings: Any) -> SiliconFlow:
        opened.append(SiliconFlow({"base_url": service.url, **settings}))
        return opened[-1]

    yield open_one
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(connect: Callable[..., SiliconFlow]) -> SiliconFlow:
    return connect()


@pytest.fixture
def line() -> Utterance:
    return Utterance(LINE, "claire")


@pytest.fixture
def clip_file(tmp_path: Path) -> Path:
    """A clip of somebody "speaking" for some seconds."""
    data = tone("Hello there, my friends, how are you today?", "anna", 1.0, 24000)
    path = tmp_path / "anna.wav"
    path.write_bytes(wav_header(len(data), 24000) + data)
    return path
