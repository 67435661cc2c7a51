"""A look-ahead limiter that acts only where it must.

One recording at a time: pauses are silence, so a limiter needs to know nothing beyond the recording it
is in, and the samples it gives are the same however the work is shared out. Where no peak comes near the
ceiling the samples pass untouched, which is nearly everywhere.
"""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

Signal = NDArray[np.float32]

_LOOK_SECONDS = 0.004
_BLOCK_SECONDS = 0.05
_NEAR = 0.80  # of the ceiling: between samples a speech signal rises by less than this leaves
_OVERSAMPLING = 4


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
    padded = np.concatenate([np.full(reach, values[0]), values, np.full(reach, values[-1])])
    total = np.concatenate([[0.0], np.cumsum(padded, dtype=np.float64)])
    width = 2 * reach + 1
    return np.asarray((total[width:] - total[:-width]) / width, np.float32)


def _peaks(signal: Signal) -> Signal:
    """Magnitude of each sample and of what lies between it and its neighbours."""
    fine = np.abs(soxr.resample(signal, 1, _OVERSAMPLING, quality="MQ"))
    wanted = len(signal) * _OVERSAMPLING
    fine = (
        np.pad(fine, (0, max(0, wanted - len(fine))))[:wanted].reshape(len(signal), _OVERSAMPLING).max(axis=1)
    )
    fine[1:] = np.maximum(fine[1:], fine[:-1])
    return np.asarray(np.maximum(fine, np.abs(signal)), np.float32)


def _limit_stretch(signal: Signal, rate: int, ceiling: float) -> Signal:
    reach = max(1, round(rate * _LOOK_SECONDS))
    wanted = np.minimum(1.0, ceiling / np.maximum(_peaks(signal), 1e-9)).astype(np.float32)
    if wanted.min() >= 1.0:
        return signal
    # The mean over a window of minima over the same window never lets a peak through, and has no corners.
    return signal * _sliding_mean(_sliding_minimum(wanted, reach), reach)


def hot_stretches(signal: Signal, rate: int, ceiling: float) -> list[tuple[int, int]]:
    """Stretches that hold a peak near the ceiling, with what the limiter needs around them."""
    block = max(1, round(rate * _BLOCK_SECONDS))
    count = -(-len(signal) // block)
    padded = np.zeros(count * block, np.float32)
    padded[: len(signal)] = np.abs(signal)
    margin = 4 * round(rate * _LOOK_SECONDS) + 32
    stretches: list[tuple[int, int]] = []
    for index in np.flatnonzero(padded.reshape(count, block).max(axis=1) > ceiling * _NEAR):
        start = max(0, int(index) * block - margin)
        stop = min(len(signal), (int(index) + 1) * block + margin)
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], stop)
        else:
            stretches.append((start, stop))
    return stretches


def limit(signal: Signal, rate: int, ceiling: float) -> Signal:
    """The recording with no true peak above `ceiling` (of full scale)."""
    if not len(signal) or float(np.max(np.abs(signal))) <= ceiling * _NEAR:
        return signal
    result = signal.copy()
    for start, stop in hot_stretches(signal, rate, ceiling):
        result[start:stop] = _limit_stretch(signal[start:stop], rate, ceiling)
    return result
