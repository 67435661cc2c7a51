"""An edition: one timeline, one encoder, and the packets of its chapters, made side by side and kept."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from audiobook.assembly.encoders import Encoder
from audiobook.assembly.listening import Meter, listen
from audiobook.assembly.mastering import factor
from audiobook.assembly.packets import PacketCache, Packets
from audiobook.assembly.pieces import Piece, split, whole
from audiobook.assembly.plan import Cue
from audiobook.assembly.render import Finish, limiter_loss, render
from audiobook.assembly.timeline import TimedChapter
from audiobook.audio.levels import decibels
from audiobook.audio.takes import TakeStore

_CODEC_MARGIN = 0.4  # dB that an encoder commonly adds to a peak
_MOST_ATTEMPTS = 4
_MOST_LIFT = 4.0  # dB
_RMS_TOLERANCE = 0.06  # dB

RENDERING = 1
"""Raised whenever rendering changes what the same recipe sounds like; kept packets are then made again."""


@dataclass(frozen=True)
class Job:
    """One piece to encode."""

    piece: Piece
    gains: tuple[float, ...]  # dB, one for each cue of the piece
    finish: Finish
    encoder: Encoder

    @property
    def seconds(self) -> float:
        """Length of the piece."""
        return self.piece.samples / self.finish.rate

    @functools.cached_property
    def key(self) -> str:
        """The name of its packets: a hash of all that shapes them."""
        start = self.piece.start
        cues = [
            [placed.cue.take, placed.start - start, placed.length, placed.first, placed.count, round(gain, 4)]
            for placed, gain in zip(self.piece.placed, self.gains, strict=True)
        ]
        # Room tone is a function of the place in the chapter; without it a piece can move.
        place = [start, self.piece.stop] if self.finish.tone else [self.piece.samples]
        finish = [self.finish.rate, self.finish.ceiling, self.finish.tone, self.finish.rms]
        recipe = [RENDERING, self.encoder.recipe, finish, place, cues]
        return hashlib.sha256(json.dumps(recipe, separators=(",", ":")).encode()).hexdigest()

    def encode(self, takes: TakeStore) -> Packets:
        """Render, encode, and listen to the result. Raises TakeError, ProductError.

        Once more, where encoding lifted a peak above the ceiling, or limiting moved the level off its target.
        """
        margin, lift = _CODEC_MARGIN, self._limiter_loss(takes)
        for attempt in range(_MOST_ATTEMPTS):
            ceiling = self.finish.ceiling * factor(-margin)
            finish = replace(self.finish, ceiling=ceiling)
            gains = [factor(gain + lift) for gain in self.gains]
            meter = Meter(self.encoder.frame)
            samples = render(takes, self.piece, gains, finish, self.encoder.block)
            packets = self.encoder.encode(meter.watch(samples))
            peak = listen(packets, self.encoder.decoder, meter, ceiling)
            off = self.finish.rms - meter.rms if self.finish.rms else 0.0
            high = ceiling > 0 and peak > self.finish.ceiling
            if attempt == _MOST_ATTEMPTS - 1 or not (high or abs(off) > _RMS_TOLERANCE):
                break
            lift += off
            margin += decibels((peak / self.finish.ceiling) ** 2) + 0.1 if high else 0.0
        return replace(packets, peak=peak)

    def _limiter_loss(self, takes: TakeStore) -> float:
        """What the gains must be lifted by for the level to be right after limiting."""
        if not self.finish.rms or not self.finish.ceiling:
            return 0.0
        finish = replace(self.finish, ceiling=self.finish.ceiling * factor(-_CODEC_MARGIN))
        gains = [factor(gain) for gain in self.gains]
        return min(_MOST_LIFT, limiter_loss(takes, self.piece, gains, finish))


def jobs_of(
    chapter: TimedChapter, gain_of: Callable[[Cue], float], finish: Finish, encoder: Encoder
) -> Iterator[Job]:
    """The pieces of a chapter. With room tone it stays whole: nowhere inside is silence."""
    pieces: Sequence[Piece] = (
        [whole(chapter)] if finish.tone else list(split(chapter, finish.rate, encoder.frame))
    )
    for piece in pieces:
        yield Job(piece, tuple(gain_of(placed.cue) for placed in piece.placed), finish, encoder)


def ensure(job: Job, takes: TakeStore, cache: PacketCache) -> str:
    """Make the packets of a piece unless they are there; the key to read them with.

    Runs in any thread. Raises TakeError, StorageError.
    """
    key = job.key
    if cache.read(key) is None:
        cache.write(key, job.encode(takes))
    return key
