"""Room tone: the faint, even noise of a quiet room, where retailers refuse digital silence.

A function of the position in the chapter alone. It fades in and out at the chapter's ends, so that
chapters can be joined.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float32]

_LOOP_SECONDS = 19
_FADE = 2304
_SEED = 20


class RoomTone:
    """Noise of a given RMS, falling towards high frequencies as rooms do."""

    def __init__(self, rate: int, level: float, length: int) -> None:
        self.length = length
        # Raw bits are the same with every version of numpy; its distributions are not.
        raw = np.random.PCG64(_SEED).random_raw(rate * _LOOP_SECONDS) >> np.uint64(48)
        noise = raw.astype(np.float64) - 32767.5
        soft = sum(np.roll(noise, shift) for shift in range(4))
        self.loop = np.asarray(soft * (level / np.sqrt(np.mean(np.square(soft)))), np.float32)

    def read(self, start: int, stop: int) -> Signal:
        """Samples `start` to `stop` of the chapter."""
        positions = np.arange(start, stop)
        noise = self.loop[positions % len(self.loop)]
        edge = np.minimum(positions, self.length - 1 - positions)
        if len(edge) and edge.min() < _FADE:
            noise = noise * np.clip(edge / _FADE, 0.0, 1.0).astype(np.float32)
        return np.asarray(noise, np.float32)
