"""The null engine is plain, quick and as long as speech."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest

from audiobook.audio.clip import Clip
from audiobook.engines.base import Utterance
from audiobook.engines.tone import Tone
from audiobook.errors import TryAgain, UsageError

LINE = "The ferry leaves at nine, and nobody is on it."


def tone(text: str = LINE, voice: str = "alto", **changes: object) -> Clip:
    return Tone({}).synthesize(Utterance(text, voice, **changes))  # type: ignore[arg-type]


def test_length_follows_the_text() -> None:
    assert tone().seconds == pytest.approx(len(LINE) / 15, abs=0.01)
    assert tone("码头上没有人。").seconds == pytest.approx(6 / 5 + 1 / 15, abs=0.01)


@pytest.mark.parametrize(
    "changes", [{"style": "sad"}, {"take": 1}, {"language": "fr"}, {"phonemes": ((0, 1, "a"),)}]
)
def test_whatever_makes_another_take_makes_another_tone(changes: dict[str, object]) -> None:
    assert not np.array_equal(tone().samples, tone(**changes).samples)


def test_voices_are_pitches(pitch: Callable[[Clip], float]) -> None:
    hertz = [pitch(tone(voice=voice)) for voice in ("bass", "tenor", "alto", "soprano", "child")]
    assert hertz == sorted(hertz)


def test_it_begins_and_ends_in_silence() -> None:
    samples = tone().samples
    assert abs(int(samples[0])) < 100
    assert abs(int(samples[-1])) < 100


def test_gain_is_in_decibels_and_never_clips(loudness: Callable[[Clip], float]) -> None:
    assert loudness(tone(gain=-10.0)) == pytest.approx(loudness(tone()) - 10, abs=0.1)
    assert np.abs(tone(gain=60.0).samples.astype(int)).max() == 32767


def test_rate_is_a_setting() -> None:
    engine = Tone({"rate": 44_100})
    assert engine.synthesize(Utterance(LINE, "alto")).rate == 44_100
    assert engine.identity != Tone({}).identity


@pytest.mark.parametrize("rate", [0, 7999, 1e5, "24000", True])
def test_an_impossible_rate_is_a_usage_error(rate: object) -> None:
    with pytest.raises(UsageError, match="rate"):
        Tone({"rate": rate})


def test_a_closed_tone_does_not_sound() -> None:
    engine = Tone({})
    engine.close()
    with pytest.raises(TryAgain):
        engine.synthesize(Utterance(LINE, "alto"))


def test_it_makes_thousands_of_takes_a_second() -> None:
    engine = Tone({})
    began = time.perf_counter()
    for number in range(1000):
        engine.synthesize(Utterance(f"{number} {LINE}", "tenor"))
    assert 1000 / (time.perf_counter() - began) > 3000
