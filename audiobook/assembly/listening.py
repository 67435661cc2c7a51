"""Listening to what was encoded: every packet is decoded again before it is kept.

Done once for a piece, by the thread that encoded it, so a finished file of ten hours that changed in one
line is not decoded as a whole. Samples are looked at where peaks are, and in one stretch of eight
for their energy; that every packet decodes to a frame is asked of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from audiobook.assembly.packets import Packets
from audiobook.audio.levels import SILENCE, decibels
from audiobook.errors import ProductError

Signal = NDArray[np.float32]

_STRETCH = 64  # frames
_EVERY = 8  # stretches
_HOT = 0.5  # of the ceiling: a frame whose decoded peak is looked at
_REACH = 3  # frames around one; a codec delays and smears
_LOST = 1.5  # dB of energy that encoding may change over a stretch, where something is heard
_HEARD = -50.0  # dB


class Meter:
    """Peak and energy of every frame that passes."""

    def __init__(self, frame: int) -> None:
        self.frame = frame
        self._peaks: list[Signal] = []
        self._energies: list[Signal] = []

    def watch(self, blocks: Iterable[Signal]) -> Iterator[Signal]:
        """Pass blocks on. Each is a multiple of the frame."""
        for block in blocks:
            frames = block.reshape(-1, self.frame)
            self._peaks.append(np.maximum(frames.max(axis=1), -frames.min(axis=1)))
            self._energies.append(np.einsum("ij,ij->i", frames, frames))
            yield block

    @property
    def peaks(self) -> Signal:
        """Peak of each frame."""
        return np.concatenate(self._peaks) if self._peaks else np.zeros(0, np.float32)

    @property
    def energies(self) -> Signal:
        """Sum of squares of each frame."""
        return np.concatenate(self._energies) if self._energies else np.zeros(0, np.float32)

    @property
    def rms(self) -> float:
        """RMS of all that passed, in dB."""
        samples = len(self.energies) * self.frame
        return decibels(float(self.energies.sum(dtype=np.float64)) / samples) if samples else SILENCE


@dataclass(frozen=True, slots=True)
class Decoder:
    """How packets of one encoder are decoded. `delay` is in samples."""

    name: str
    rate: int
    frame: int
    delay: int

    def frames(self, packets: Packets) -> Iterator[av.AudioFrame]:
        """Decode packet by packet. Raises ProductError."""
        context = av.CodecContext.create(self.name, "r")
        assert isinstance(context, av.AudioCodecContext)
        context.sample_rate = self.rate
        context.layout = "mono"
        if packets.config:
            context.extradata = packets.config
        position = 0
        try:
            for size in packets.sizes:
                yield from context.decode(av.Packet(packets.data[position : position + size]))
                position += size
            yield from context.decode(None)
        except av.error.FFmpegError as error:
            raise ProductError(f"a packet that was just encoded does not decode: {error}") from error


def _wanted(meter: Meter, ceiling: float) -> NDArray[np.bool_]:
    """Which decoded frames are looked at."""
    peaks = meter.peaks
    count = len(peaks) + _REACH + 1
    wanted = (np.arange(count) // _STRETCH) % _EVERY == 0
    for index in np.flatnonzero(peaks > _HOT * (ceiling or 1.0)):
        wanted[max(0, index) : index + _REACH + 1] = True
    return np.asarray(wanted, np.bool_)


@dataclass(slots=True)
class _Heard:
    """What was decoded, looked at a stretch of frames at a time: one alone is too short to be worth it."""

    energies: NDArray[np.float64]
    peak: float = 0.0
    _held: list[NDArray[Any]] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)

    def add(self, number: int, frame: av.AudioFrame) -> None:
        """Take a frame to look at."""
        # Not `to_ndarray`, which copies each frame; the array keeps the plane it looks into.
        dtype = np.int16 if frame.format.bytes == 2 else np.float32
        self._held.append(np.frombuffer(frame.planes[0], dtype, frame.samples))  # type: ignore[call-overload]
        self._numbers.append(number)
        if len(self._held) == _STRETCH:
            self.look()

    def look(self) -> None:
        """Look at what is held."""
        if not self._held:
            return
        starts = np.cumsum([0, *map(len, self._held[:-1])])  # a decoder may give a short frame
        samples = np.concatenate(self._held).astype(np.float32, copy=False)
        if self._held[0].dtype == np.int16:
            samples /= 32768
        self.peak = max(self.peak, float(samples.max()), -float(samples.min()))
        np.multiply(samples, samples, out=samples)
        self.energies[self._numbers] = np.add.reduceat(samples, starts)
        self._held.clear()
        self._numbers.clear()


def listen(packets: Packets, decoder: Decoder, meter: Meter, ceiling: float) -> float:
    """Decode packets and hold them against what was encoded; the highest peak that was heard.

    Raises ProductError when a packet does not decode, or sounds otherwise than it should.
    """
    wanted = _wanted(meter, ceiling).tolist()
    heard = _Heard(np.zeros(len(wanted), np.float64))
    count = 0
    for frame in decoder.frames(packets):
        if count < len(wanted) and wanted[count]:
            heard.add(count, frame)
        count += 1
    heard.look()
    if count < len(packets) - 1:
        raise ProductError(f"of {len(packets)} packets only {count} decode")
    _compare(meter.energies, heard.energies, -(-decoder.delay // decoder.frame), decoder.frame)
    return heard.peak


def _compare(before: Signal, after: NDArray[np.float64], delay: int, frame: int) -> None:
    """Energy of whole stretches, a few frames apart because decoders are late."""
    for start in range(0, len(before) - _STRETCH + 1, _STRETCH * _EVERY):
        sent = decibels(float(before[start : start + _STRETCH - delay].sum()) / (_STRETCH * frame))
        heard = decibels(float(after[start : start + _STRETCH].sum()) / (_STRETCH * frame))
        # A late decoder still gives the end of what came before the stretch.
        early = max(0, start - delay)
        late = decibels(float(before[early : start + _STRETCH].sum()) / (_STRETCH * frame))
        if late > _HEARD and not (sent - _LOST <= heard <= late + _LOST):
            raise ProductError(f"an encoded stretch has {heard:.1f} dB where {late:.1f} dB were sent")
