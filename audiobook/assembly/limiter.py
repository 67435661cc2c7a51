"""A look-ahead limiter that acts only where it must.

One recording at a time: pauses are silence, so a limiter needs to know nothing beyond the recording it
is in, and the samples it gives are the same however the work is shared out. What lies between samples is
computed only around samples that come near the ceiling, and the gain only around peaks above it.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float32]
Indices = NDArray[np.intp]

_LOOK_SECONDS = 0.004
_NEAR = 0.80  # of the ceiling; between samples a speech signal rises by less than this leaves
_TAPS = 16
_WINDOW = np.arange(_TAPS) + _TAPS - _TAPS // 2  # places in a padded signal around a sample of the bare one
_FRACTIONS = (-0.75, -0.5, -0.25, 0.25, 0.5, 0.75)  # of a sample, around a sample


@functools.cache
def _interpolators() -> Signal:
    """Taps by fractions: a windowed sinc for each place between samples."""
    offsets = np.arange(_TAPS) - _TAPS // 2
    kernels = []
    for fraction in _FRACTIONS:
        distance = offsets - fraction
        window = np.cos(np.pi * distance / (_TAPS + 2)) ** 2
        kernel = np.sinc(distance) * window
        kernels.append(kernel / kernel.sum())
    return np.asarray(kernels, np.float32).T


def _sliding_minimum(values: Signal, reach: int) -> Signal:
    """Minimum over `reach` samples to both sides, by doubling: log2(reach) passes."""
    padded = np.concatenate([np.ones(reach, np.float32), values, np.ones(reach, np.float32)])
    window, width = 2 * reach + 1, 1
    while width * 2 <= window:
        padded = np.minimum(padded[:-width], padded[width:])
        width *= 2
    shift = window - width
    return padded if not shift else np.minimum(padded[:-shift], padded[shift:])


def _sliding_mean(values: Signal, reach: int) -> Signal:
    total = np.zeros(len(values) + 2 * reach + 1, np.float64)
    total[1 : reach + 1] = values[0]
    total[reach + 1 : -reach] = values
    total[-reach:] = values[-1]
    np.cumsum(total, out=total)
    width = 2 * reach + 1
    return np.asarray((total[width:] - total[:-width]) / width, np.float32)


def overs(signal: Signal, ceiling: float) -> tuple[Indices, Signal]:
    """Where true peaks above the ceiling are, and the gain that brings each down to it."""
    magnitude = np.abs(signal)
    near = np.flatnonzero(magnitude > ceiling * _NEAR)
    before = magnitude[np.maximum(near - 1, 0)]
    after = magnitude[np.minimum(near + 1, len(signal) - 1)]
    near = near[(magnitude[near] >= before) & (magnitude[near] >= after)]
    padded = np.concatenate([np.zeros(_TAPS, np.float32), signal, np.zeros(_TAPS, np.float32)])
    around = padded[near[:, None] + _WINDOW]
    peaks = np.maximum(np.abs(around @ _interpolators()).max(axis=1, initial=0.0), magnitude[near])
    high = peaks > ceiling
    return near[high], np.asarray(ceiling / peaks[high], np.float32)


def _around(places: Indices, margin: int, length: int) -> Indices:
    """All indices at most `margin` from a place, in order, each once."""
    splits = np.flatnonzero(np.diff(places) > 2 * margin) + 1
    starts = np.maximum(places[np.concatenate([[0], splits])] - margin, 0)
    stops = np.minimum(places[np.concatenate([splits - 1, [-1]])] + margin + 1, length)
    lengths = stops - starts
    ends = np.cumsum(lengths)
    return np.asarray(np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1]), np.intp)


def limit(signal: Signal, rate: int, ceiling: float) -> Signal:
    """The recording with no true peak above `ceiling` (of full scale)."""
    if not len(signal) or max(float(signal.max()), -float(signal.min())) <= ceiling * _NEAR:
        return signal
    places, gains = overs(signal, ceiling)
    if not len(places):
        return signal
    reach = max(2, round(rate * _LOOK_SECONDS))
    # All stretches around peaks at once, one behind the other. Twice the reach lies between a peak and the
    # end of its stretch, so nothing reaches from one into the next.
    where = _around(places, 2 * reach + 2, len(signal))
    wanted = np.ones(len(where), np.float32)
    wanted[np.searchsorted(where, places)] = gains
    result = signal.copy()
    # The mean over a window of minima over the same window never lets a peak through, and has no corners.
    result[where] *= _sliding_mean(_sliding_minimum(wanted, reach), reach)
    return result
