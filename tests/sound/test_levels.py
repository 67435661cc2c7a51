"""Levels agree with an independent meter; edges never cut speech."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audiobook.audio.clip import Clip
from audiobook.audio.edges import fade_edges, speech_bounds
from audiobook.audio.levels import SILENCE, decibels, integrated, loudness_of, measure, powers_of


def sine(frequency: float, level: float, rate: int, seconds: float = 3.0) -> Clip:
    wave = (
        np.sin(2 * np.pi * frequency * np.arange(int(rate * seconds)) / rate)
        * np.sqrt(2)
        * 10 ** (level / 20)
    )
    return Clip(np.rint(wave * 32767).astype(np.int16), rate)


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 44100, 48000])
def test_a_sine_of_997_hz_has_the_loudness_the_standard_says(rate: int) -> None:
    """BS.1770: a 997 Hz sine at 0 dB of full scale in one channel has −3.01 LUFS."""
    assert loudness_of([measure(sine(997, -23.0, rate))]) == pytest.approx(-23.0, abs=0.3)


@pytest.mark.parametrize("rate", [22050, 24000, 44100])
def test_the_weighting_falls_below_40_hz_and_rises_above_2_khz(rate: int) -> None:
    low, middle, high = (loudness_of([measure(sine(each, -20, rate))]) for each in (25, 500, 4000))
    assert low < middle - 4
    assert 2.5 < high - middle < 5


def test_pauses_do_not_count(speech: Any) -> None:
    alone = loudness_of([measure(speech(2.0))])
    quiet = powers_of(measure(speech(2.0)).loudness)
    assert integrated(np.concatenate([quiet, np.zeros(200), quiet])) == pytest.approx(alone, abs=0.5)


def test_louder_by_6_db_is_louder_by_6_db(speech: Any) -> None:
    soft, loud = measure(speech(2.0, level=-30)), measure(speech(2.0, level=-24))
    assert loudness_of([loud]) - loudness_of([soft]) == pytest.approx(6.0, abs=0.1)
    assert decibels(loud.energy) - decibels(soft.energy) == pytest.approx(6.0, abs=0.1)
    assert decibels(loud.peak**2) - decibels(soft.peak**2) == pytest.approx(6.0, abs=0.1)


def test_silence_and_nothing_have_no_loudness() -> None:
    for samples in (np.zeros(4000, np.int16), np.zeros(0, np.int16), np.zeros(1, np.int16)):
        levels = measure(Clip(samples, 22050))
        assert loudness_of([levels]) == SILENCE and levels.peak == 0 and levels.stop == len(samples)
    assert integrated(np.zeros(0)) == SILENCE


def test_silence_around_speech_is_trimmed_to_a_margin(speech: Any) -> None:
    clip = speech(1.0, before=0.8, after=1.2)
    start, stop = speech_bounds(clip.samples, clip.rate)
    assert 0.74 < start / clip.rate <= 0.8
    assert 1.8 <= stop / clip.rate < 1.9


def test_noise_around_speech_is_trimmed_too(speech: Any) -> None:
    clip = speech(1.0, before=0.5, after=0.5)
    hiss = np.random.default_rng(1).normal(0, 32768 * 10 ** (-65 / 20), len(clip.samples))
    start, stop = speech_bounds((clip.samples + hiss).astype(np.int16), clip.rate)
    assert 0.4 < start / clip.rate <= 0.5 and 1.5 <= stop / clip.rate < 1.65


def test_a_fricative_far_below_the_vowels_is_kept(speech: Any) -> None:
    """The “f” of “fish”: 200 ms of noise, 38 dB below what follows."""
    vowel = speech(0.8, level=-16).samples
    fricative = np.random.default_rng(2).normal(0, 32768 * 10 ** (-54 / 20), 4410).astype(np.int16)
    clip = np.concatenate([np.zeros(11025, np.int16), fricative, vowel])
    start, _ = speech_bounds(clip, 22050)
    assert start <= 11025


def test_a_voice_that_dies_away_is_kept_to_the_end(speech: Any) -> None:
    """A last syllable falls by 45 dB within a second."""
    clip = speech(2.0, level=-18)
    fall = np.concatenate([np.ones(22050), 10 ** (-45 / 20 * np.arange(22050) / 22050)])
    samples = np.concatenate([(clip.samples * fall), np.zeros(22050)]).astype(np.int16)
    _, stop = speech_bounds(samples, clip.rate)
    assert 2.0 <= stop / clip.rate < 2.1


def test_a_clip_without_silence_is_kept_whole(speech: Any) -> None:
    clip = speech(1.0)
    assert speech_bounds(clip.samples, clip.rate) == (0, len(clip.samples))


def test_faded_edges_begin_and_end_near_zero() -> None:
    samples = np.ones(4000, np.float32)
    faded = fade_edges(samples.copy(), 22050)
    assert abs(faded[0]) < 0.01 and abs(faded[-1]) < 0.01
    assert np.all(faded[200:-200] == 1) and np.max(np.abs(np.diff(faded))) < 0.05


@pytest.mark.parametrize("length", [0, 1, 2, 3, 50])
def test_tiny_clips_can_be_faded_and_measured(length: int) -> None:
    fade_edges(np.ones(length, np.float32), 22050)
    measure(Clip(np.full(length, 9000, np.int16), 22050))
