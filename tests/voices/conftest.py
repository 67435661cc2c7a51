"""One opened embedded voice for all tests here, and ears: pitch and loudness by measurement."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from audiobook.audio.clip import Clip
from audiobook.engines.base import Utterance
from audiobook.engines.espeak import Espeak


@pytest.fixture(scope="session")
def espeak() -> Iterator[Espeak]:
    engine = Espeak({})
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def say(espeak: Espeak) -> Callable[..., Clip]:
    """Speak a text in a voice: say("Hello.", "en-gb+f3", speed=1.2)."""

    def speak(text: str, voice: str = "en-gb+m3", **changes: object) -> Clip:
        return espeak.synthesize(Utterance(text, voice, **changes))  # type: ignore[arg-type]

    return speak


@pytest.fixture(scope="session")
def loudness() -> Callable[[Clip], float]:
    """Decibels below full scale, RMS."""

    def measure(clip: Clip) -> float:
        return float(20 * np.log10(np.sqrt(np.mean(clip.samples.astype(float) ** 2)) / 32768))

    return measure


@pytest.fixture(scope="session")
def pitch() -> Callable[[Clip], float]:
    """Median pitch of the voiced parts in hertz, by autocorrelation."""
    window = 1024

    def measure(clip: Clip) -> float:
        frames = np.lib.stride_tricks.sliding_window_view(clip.samples.astype(float), window)[:: window // 2]
        frames = frames[np.sqrt((frames**2).mean(axis=1)) > 200]
        power = np.abs(np.fft.rfft(frames * np.hanning(window), 4 * window)) ** 2
        correlation = np.fft.irfft(power)[:, :window]
        lowest, highest = clip.rate // 500, clip.rate // 60
        best = lowest + correlation[:, lowest:highest].argmax(axis=1)
        voiced = correlation[np.arange(len(best)), best] > 0.45 * correlation[:, 0]
        return float(np.median(clip.rate / best[voiced])) if voiced.any() else 0.0

    return measure
