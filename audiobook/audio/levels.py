"""Levels: all that mastering has to know about a take, measured once, when the take is made.

Loudness follows ITU-R BS.1770: energies are weighted by its K curve. The curve is applied to the spectrum of
each block instead of filtering the signal, which needs one real FFT per block and no recursive filter;
on speech the two agree to a few hundredths of a decibel.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from audiobook.audio.clip import Clip
from audiobook.audio.edges import speech_bounds

BLOCKS_PER_SECOND = 10
SILENCE = -120.0
"""Decibels that stand for digital silence."""

_FORMAT = struct.Struct(">BIIIIHd")
_VERSION = 1
_FULL_SCALE = 32768.0
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0


@dataclass(frozen=True, slots=True)
class Levels:
    """What one take measures. Energies and loudness are of the trimmed part, `start` to `stop`.

    `loudness` holds one byte per tenth of a second: LUFS times −2, cut to 0…255.
    """

    rate: int
    samples: int
    start: int
    stop: int
    peak: float  # of full scale
    energy: float  # sum of squares, full scale = 1
    loudness: bytes = field(repr=False)

    @property
    def seconds(self) -> float:
        """Length of the trimmed part in seconds."""
        return (self.stop - self.start) / self.rate

    def pack(self) -> bytes:
        """As bytes, for the head of a take's file."""
        peak = min(65535, round(self.peak * _FULL_SCALE))
        fixed = _FORMAT.pack(_VERSION, self.rate, self.samples, self.start, self.stop, peak, self.energy)
        return fixed + self.loudness

    @classmethod
    def unpack(cls, data: bytes) -> Levels:
        """What `pack` wrote. Raises ValueError."""
        if len(data) < _FORMAT.size or data[0] != _VERSION:
            raise ValueError("not levels of this version")
        _, rate, samples, start, stop, peak, energy = _FORMAT.unpack_from(data)
        if not (rate and start <= stop <= samples and energy >= 0):
            raise ValueError("levels that contradict each other")
        return cls(rate, samples, start, stop, peak / _FULL_SCALE, energy, data[_FORMAT.size :])


_AT_ONCE = 16
"""Blocks whose spectra are in memory together: more are slower, for fresh memory has to be cleared first."""


def decibels(power: float) -> float:
    """A power ratio in decibels; `SILENCE` for nothing at all."""
    return max(SILENCE, 10.0 * float(np.log10(power))) if power > 0 else SILENCE


@functools.lru_cache(maxsize=32)
def _fast_length(length: int) -> int:
    """The next length that an FFT is quick at: with factors of 2, 3 and 5 only, and many 2s."""
    candidates = (2**a * 3**b * 5**c for a in range(3, 16) for b in range(4) for c in range(3))
    return min(int(candidate) for candidate in candidates if candidate >= length)


@functools.lru_cache(maxsize=32)
def _k_weights(rate: int, length: int, block: int) -> NDArray[np.float32]:
    """|K(f)|² at the bins of a real FFT of `length`, scaled so that the bins of a `block` that was
    filled up with zeros add up to its mean square.

    The filter's analog prototypes: a shelf of 4 dB at 1682 Hz and a high pass at 38 Hz.
    """
    frequency = np.maximum(np.fft.rfftfreq(length, 1 / rate), 1e-3)
    shelf, quality, gain = 1681.974, 0.70717, 10 ** (3.99984 / 20)
    s = 1j * np.tan(np.pi * np.minimum(frequency, rate / 2 * 0.9999) / rate) / np.tan(np.pi * shelf / rate)
    high = (gain * s**2 + gain**0.49967 / quality * s + 1) / (s**2 + s / quality + 1)
    low_corner, low_quality = 38.13547, 0.50033
    s = (
        1j
        * np.tan(np.pi * np.minimum(frequency, rate / 2 * 0.9999) / rate)
        / np.tan(np.pi * low_corner / rate)
    )
    low = s**2 / (s**2 + s / low_quality + 1)
    both_sides = np.full(len(frequency), 2.0)
    both_sides[0] = 1.0
    if length % 2 == 0:
        both_sides[-1] = 1.0
    weights = np.abs(high * low) ** 2 * both_sides / (float(length) * block)
    return np.asarray(weights, dtype=np.float32)


def block_powers(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """K-weighted mean square of each whole tenth of a second.

    What is left at the end is no block; but a signal shorter than one block is filled up with silence.
    """
    length = rate // BLOCKS_PER_SECOND
    blocks = len(samples) // length or min(1, len(samples))
    if not blocks:
        return np.zeros(0, np.float32)
    if len(samples) < length:
        samples = np.concatenate([samples, np.zeros(length - len(samples), np.float32)])
    rows = samples[: blocks * length].reshape(blocks, length)
    size = _fast_length(length)
    weights = _k_weights(rate, size, length)
    powers = np.empty(blocks, np.float32)
    for first in range(0, blocks, _AT_ONCE):
        spectrum = np.fft.rfft(rows[first : first + _AT_ONCE], n=size, axis=1)
        powers[first : first + _AT_ONCE] = (np.square(spectrum.real) + np.square(spectrum.imag)) @ weights
    return powers


def _quantize(powers: NDArray[np.float32]) -> bytes:
    lufs = -0.691 + 10 * np.log10(np.maximum(powers, 1e-13))
    return np.clip(np.rint(lufs * -2), 0, 255).astype(np.uint8).tobytes()


def powers_of(loudness: bytes) -> NDArray[np.float64]:
    """The block powers behind `Levels.loudness`, as powers that mean LUFS (the constant is in them)."""
    steps = np.frombuffer(loudness, np.uint8)
    table = 10 ** (np.arange(256) / -20.0)
    table[255] = 0.0
    return np.asarray(table[steps], dtype=np.float64)


def measure(clip: Clip) -> Levels:
    """Measure a take."""
    start, stop = speech_bounds(clip.samples, clip.rate)
    speech = clip.samples[start:stop].astype(np.float32) / np.float32(_FULL_SCALE)
    peak = float(np.max(np.abs(speech))) if len(speech) else 0.0
    energy = float(np.dot(speech, speech))
    loudness = _quantize(block_powers(speech, clip.rate))
    return Levels(clip.rate, len(clip.samples), start, stop, peak, energy, loudness)


def integrated(powers: NDArray[np.float64]) -> float:
    """Integrated loudness in LUFS of block powers (as `powers_of` gives them), gated as BS.1770 says."""
    if len(powers) >= 4:
        total = np.concatenate([[0.0], np.cumsum(powers)])
        powers = (total[4:] - total[:-4]) / 4
    loud = powers[powers > 10 ** (_ABSOLUTE_GATE / 10)]
    if not len(loud):
        return SILENCE
    loud = loud[loud > loud.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return decibels(float(loud.mean()))


def loudness_of(takes: Iterable[Levels]) -> float:
    """Integrated loudness of takes one after the other."""
    return integrated(powers_of(b"".join(levels.loudness for levels in takes)))
