"""Where speech begins and ends in a clip, and short fades that make its edges silent.

Engines deliver silence of any length around speech. It is cut so that pauses are ours to decide, but
never into the speech: a fricative begins, and a last syllable dies away, far below the level of a vowel.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audiobook.audio.clip import Samples

_FRAME_SECONDS = 0.005
_BEFORE_SECONDS = 0.025  # kept before the first sound …
_AFTER_SECONDS = 0.060  # … and after the last: reverberation and breath of natural voices
FADE_IN_SECONDS = 0.002
FADE_OUT_SECONDS = 0.006

_ABOVE_NOISE = 4.0  # power; speech stands at least 6 dB above what is always there
_BELOW_SPEECH = 10**-6.0  # 60 dB below the loud parts nothing is heard
_NEVER_ABOVE = 10**-4.5  # a threshold this far below the loud parts cuts no fricative
_LEAST = 4.0  # mean square of two steps of 16 bits: dithered silence


def speech_bounds(samples: Samples, rate: int) -> tuple[int, int]:
    """First and last-plus-one sample to keep. The whole clip where nothing in it stands out."""
    frame = max(1, int(rate * _FRAME_SECONDS))
    count = len(samples) // frame
    if count < 2:
        return 0, len(samples)
    frames = samples[: count * frame].reshape(count, frame).astype(np.float32)
    power = np.einsum("ij,ij->i", frames, frames) / frame
    ordered = np.sort(power)
    floor, loud = float(ordered[count // 20]), float(ordered[count * 19 // 20])
    if ordered[-1] <= _LEAST:
        return 0, len(samples)
    loud = max(loud, float(ordered[-1]) / 100)
    threshold = max(min(max(floor * _ABOVE_NOISE, loud * _BELOW_SPEECH), loud * _NEVER_ABOVE), _LEAST)
    heard = np.flatnonzero(power > threshold)
    start = int(heard[0]) * frame - int(rate * _BEFORE_SECONDS)
    stop = (int(heard[-1]) + 1) * frame + int(rate * _AFTER_SECONDS)
    # What is left after the last whole frame is shorter than the margin: it decides nothing.
    return max(0, start), min(len(samples), stop)


def _ramp(length: int) -> NDArray[np.float32]:
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / max(1, length)), np.float32)


def fade_edges(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Fade in and out, in place. A clip that begins in the middle of a wave begins without a click."""
    head = min(int(rate * FADE_IN_SECONDS), len(samples) // 2)
    tail = min(int(rate * FADE_OUT_SECONDS), len(samples) // 2)
    samples[:head] *= _ramp(head)
    if tail:
        samples[-tail:] *= _ramp(tail)[::-1]
    return samples
