"""From recordings to the samples of a piece: trimmed, at one rate, at one loudness, limited, in place.

A pure function of the piece and the mastering; it streams, and holds one recording at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import soxr
from numpy.typing import NDArray

from audiobook.assembly.limiter import limit
from audiobook.assembly.pieces import Piece
from audiobook.assembly.roomtone import RoomTone
from audiobook.assembly.timeline import Placed
from audiobook.audio.edges import fade_edges
from audiobook.audio.levels import decibels
from audiobook.audio.takes import TakeStore
from audiobook.errors import TakeError

Signal = NDArray[np.float32]

_FULL_SCALE = np.float32(32768.0)
_STRETCH = 1 << 18
_LOSS_SAMPLE = 24  # recordings that are limited to learn what limiting costs


@dataclass(frozen=True, slots=True)
class Finish:
    """What is done to samples beside placing them. `ceiling` 0 leaves peaks alone."""

    rate: int
    ceiling: float = 0.0  # of full scale, true peak
    tone: float = 0.0  # RMS of a bed of room tone, of full scale; 0: digital silence
    rms: float = 0.0  # dB that a whole chapter should have; 0: whatever comes


def recording(takes: TakeStore, placed: Placed, gain: float, finish: Finish) -> Signal:
    """One recording as it is heard. `gain` is a factor. Raises TakeError."""
    clip = takes.read(placed.cue.take)
    if clip.rate != placed.rate or len(clip.samples) < placed.first + placed.count:
        raise TakeError(
            f"take {placed.cue.take[:12]}… is not as long as its levels say; run synth to make it again",
            names=(placed.cue.take,),
        )
    speech = clip.samples[placed.first : placed.first + placed.count].astype(np.float32)
    speech *= np.float32(gain) / _FULL_SCALE
    fade_edges(speech, clip.rate)
    if clip.rate != finish.rate:
        speech = np.asarray(soxr.resample(speech, clip.rate, finish.rate, quality="HQ"), np.float32)
        if len(speech) != placed.length:
            speech = np.pad(speech, (0, max(0, placed.length - len(speech))))[: placed.length]
    return limit(speech, finish.rate, finish.ceiling) if finish.ceiling else speech


def limiter_loss(takes: TakeStore, piece: Piece, gains: Sequence[float], finish: Finish) -> float:
    """What limiting takes from the energy, in dB, from an even sample of the recordings.

    Asked twice, the second time for recordings that are lifted by the first answer.
    """
    every = max(1, len(piece.placed) // _LOSS_SAMPLE)
    free = replace(finish, ceiling=0.0)
    sample = list(zip(piece.placed, gains, strict=True))[::every]
    plain = [recording(takes, placed, gain, free) for placed, gain in sample]
    energy = sum(float(np.dot(each, each)) for each in plain)
    loss = 0.0
    for _ in range(2):
        lift = np.float32(10 ** (loss / 20))
        held = (limit(each * lift, finish.rate, finish.ceiling) for each in plain)
        limited = sum(float(np.dot(each, each)) for each in held)
        loss += decibels(energy / limited) if limited else 0.0
    return loss


def _parts(takes: TakeStore, piece: Piece, gains: Iterable[float], finish: Finish) -> Iterator[Signal]:
    position = piece.start
    for placed, gain in zip(piece.placed, gains, strict=True):
        yield from _silence(placed.start - position)
        yield recording(takes, placed, gain, finish)
        position = placed.stop
    yield from _silence(piece.stop - position)


def _silence(samples: int) -> Iterator[Signal]:
    while samples > 0:
        yield np.zeros(min(samples, _STRETCH), np.float32)
        samples -= _STRETCH


def regroup(parts: Iterable[Signal], size: int) -> Iterator[Signal]:
    """The same samples in blocks of `size`; the last may be shorter."""
    held: list[Signal] = []
    count = 0
    for part in parts:
        held.append(part)
        count += len(part)
        if count >= size:
            joined = np.concatenate(held)
            whole = count // size * size
            yield from joined[:whole].reshape(-1, size)
            held, count = [joined[whole:]], count - whole
    if count:
        yield np.concatenate(held)


def render(
    takes: TakeStore, piece: Piece, gains: Iterable[float], finish: Finish, size: int
) -> Iterator[Signal]:
    """The samples of a piece in blocks of `size`. Raises TakeError."""
    blocks = regroup(_parts(takes, piece, gains, finish), size)
    if not finish.tone:
        yield from blocks
        return
    tone = RoomTone(finish.rate, finish.tone, piece.stop)
    position = piece.start
    for block in blocks:
        yield block + tone.read(position, position + len(block))
        position += len(block)
