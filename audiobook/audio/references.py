"""Clips of a voice that is to be imitated: checked and made fit before anything is sent."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from audiobook.audio.clip import Clip, Samples
from audiobook.audio.decoding import at_rate, decode
from audiobook.errors import InputError

RATE = 24_000
LOWEST_RATE = 16_000
SHORTEST, SHORT, LONG, LONGEST = 2.5, 5.0, 15.0, 25.0
"""Seconds: refused below, poor below, poor above, cut above. The service refuses 30 and what is near it."""

QUIET = -45.0
"""Decibels (RMS, of full scale) under which a clip is refused; at LEVEL it is sent."""

LEVEL = -20.0
EDGE = 0.15
_FRAME = 0.02


@dataclass(frozen=True, slots=True)
class Reference:
    """A clip as it will be sent, and what could be better about it."""

    clip: Clip
    remarks: tuple[str, ...] = ()
    cut: bool = False  # the end was cut off, so that a transcript of the whole does not fit


def prepare_reference(data: bytes) -> Reference:
    """Decode, check, trim, cut, level. Raises InputError that says what to do."""
    source = decode(data)
    if source.rate < LOWEST_RATE:
        raise InputError(f"the clip has {source.rate} Hz, {LOWEST_RATE} is the least: record it again")
    clip = at_rate(source, RATE)
    levels = _levels(clip.samples)
    if _decibels(clip.samples) < QUIET:
        raise InputError("the clip is silent or far too quiet: record it closer to the microphone")
    samples = _trimmed(clip.samples, levels)
    cut = len(samples) > LONGEST * RATE
    if cut:
        samples = _cut(samples)
    seconds = len(samples) / RATE
    if seconds < SHORTEST:
        raise InputError(
            f"the clip has {seconds:.1f} s of speech; 8 to 10 s are best, {SHORTEST:g} the least"
        )
    return Reference(Clip(_levelled(samples), RATE), _remarks(samples, seconds, cut), cut)


def _remarks(samples: Samples, seconds: float, cut: bool) -> tuple[str, ...]:
    """What a person could do better."""
    remarks = []
    if seconds < SHORT:
        remarks.append(f"only {seconds:.1f} s of speech: 8 to 10 s make a better voice")
    if cut:
        remarks.append(f"cut to the first {seconds:.1f} s at a pause: the transcript has to end there too")
    elif seconds > LONG:
        remarks.append(f"{seconds:.1f} s are more than needed: 8 to 10 s are best")
    if float(np.mean(np.abs(samples.astype(np.int32)) > 32_700)) > 0.0005:
        remarks.append("the loudest parts are clipped: record with less gain")
    return tuple(remarks)


def _levels(samples: Samples) -> np.ndarray:
    """RMS of each 20 ms."""
    size = round(_FRAME * RATE)
    whole = samples[: len(samples) // size * size].astype(np.float64).reshape(-1, size)
    return np.sqrt(np.mean(whole**2, axis=1)) if len(whole) else np.zeros(1)


def _decibels(samples: Samples) -> float:
    power = float(np.mean(samples.astype(np.float64) ** 2))
    return 10 * math.log10(max(power, 1e-9) / 32768**2)


def _trimmed(samples: Samples, levels: np.ndarray) -> Samples:
    """Without the silence before and after, but for a short edge."""
    loud = np.flatnonzero(levels > max(float(levels.max()) * 0.02, 20.0))
    frame = round(_FRAME * RATE)
    edge = round(EDGE * RATE)
    start = max(0, int(loud[0]) * frame - edge)
    return samples[start : (int(loud[-1]) + 1) * frame + edge]


def _cut(samples: Samples) -> Samples:
    """The beginning, up to the quietest place of its last seconds."""
    levels = _levels(samples[: round(LONGEST * RATE)])
    smooth = np.convolve(levels, np.ones(10) / 10, "same")
    first = round(len(smooth) * 0.7)
    place = first + int(np.argmin(smooth[first:-5]))
    return samples[: round(place * _FRAME * RATE)]


def _levelled(samples: Samples) -> Samples:
    """At a good level, and never clipped by it."""
    peak = max(1, int(np.abs(samples.astype(np.int32)).max()))
    factor = min(10 ** ((LEVEL - _decibels(samples)) / 20), 30_000 / peak)
    if factor < 1 and peak < 32_700:
        return samples
    levelled: Samples = np.clip(np.rint(samples * factor), -32768, 32767).astype(np.int16)
    return levelled
