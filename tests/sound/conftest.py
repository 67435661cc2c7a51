"""Signals that behave like speech, and small books made of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audiobook.assembly import AssemblyPlan, Cue, PlannedChapter
from audiobook.audio.clip import Clip
from audiobook.audio.takes import TakeStore
from audiobook.book import Metadata

Speech = Callable[..., Clip]


def voice_like(
    seconds: float = 1.0,
    seed: int = 0,
    rate: int = 22050,
    level: float = -20.0,
    before: float = 0.0,
    after: float = 0.0,
) -> Clip:
    """Syllables of harmonics with noise between them; `level` is the RMS in dB."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * rate)) / rate
    pitch = 110 + 30 * (seed % 5) + 15 * np.sin(2 * np.pi * 0.9 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    tone = sum(np.sin(k * phase + k * k) / k for k in range(1, 12))
    syllables = 0.15 + np.clip(np.sin(2 * np.pi * 3.7 * time + seed), 0, 1)
    signal = tone * syllables + 0.05 * rng.standard_normal(len(time))
    signal *= 10 ** (level / 20) / np.sqrt(np.mean(np.square(signal)))
    ends = [np.zeros(int(before * rate)), signal, np.zeros(int(after * rate))]
    return Clip(np.clip(np.concatenate(ends) * 32768, -32768, 32767).astype(np.int16), rate)


@pytest.fixture(name="speech", scope="session")
def speech_fixture() -> Speech:
    """Make a clip that behaves like speech."""
    return voice_like


@pytest.fixture
def store(tmp_path: Path) -> TakeStore:
    """An empty store of takes."""
    return TakeStore(tmp_path / "project" / "takes")


@pytest.fixture
def book(store: TakeStore) -> Callable[..., AssemblyPlan]:
    """Record and plan a small book: so many chapters of so many lines."""

    def make(chapters: int = 3, lines: int = 4, *, seconds: float = 1.0, rate: int = 22050) -> AssemblyPlan:
        planned = []
        for number in range(chapters):
            items = []
            for line in range(lines):
                seed = number * 100 + line
                name = f"{seed:02x}" + "0" * 56 + f"{rate:06d}"
                if not store.has(name):
                    store.write(name, voice_like(seconds + 0.2 * (line % 3), seed, rate))
                role = "title" if line == 0 else "line"
                text = f"Line {line} of chapter {number}."
                voice = "tone:b" if line % 3 == 2 else "tone:a"
                speaker = "Ada" if voice == "tone:b" else ""
                items.append(Cue(name, text, text, speaker, voice, role, paragraph=line % 2 == 0))
            planned.append(PlannedChapter(f"Chapter {number + 1}", tuple(items)))
        metadata = Metadata(
            title="A Small Book",
            authors=("Ann Author", "Ben Writer"),
            narrators=("Nora Voice",),
            language="en-GB",
            series="Small Books",
            series_part="2",
            date="2024-05-06",
            description="About nothing.\n\nAt length.",
            publisher="Nobody",
            isbn="9780000000002",
            subtitle="With a subtitle",
            genres=("Fiction",),
        )
        return AssemblyPlan(metadata, tuple(planned))

    return make
