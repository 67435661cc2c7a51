"""Pieces: stretches of a chapter that are encoded on their own.

A chapter is cut only where nothing is heard for longer than a codec remembers. An encoder that starts
there starts at rest, so the packets of the pieces, one after the other, decode as if one encoder
had made them all: no priming in the middle, no drift, no click.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from audiobook.assembly.timeline import Placed, TimedChapter

AT_REST = 3072
"""Samples of silence on both sides of a cut: more than any of the codecs looks back or ahead."""

_SECONDS = 120  # pieces are about this long: short enough to share the work evenly, long enough to be cheap
_EAGER = 0.5  # of that length, from which a paragraph of the right kind ends a piece …
_ANYWHERE = 1.5  # … and from which any pause does
_KINDS = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """Samples `start` to `stop` of a chapter, and the cues inside; their starts count from the chapter's."""

    start: int
    stop: int
    placed: tuple[Placed, ...]

    @property
    def samples(self) -> int:
        """Length."""
        return self.stop - self.start


def _cut(before: Placed, after: Placed, frame: int) -> int | None:
    """A multiple of `frame` in the silence between two cues, as near to the second as can be.

    So it depends on what follows alone: a piece behind a corrected line stays as it is.
    """
    place = (after.start - AT_REST) // frame * frame
    return place if place - before.stop >= AT_REST else None


def _least(after: Placed) -> float:
    """How long a piece must be, in parts of the usual length, to end before this cue.

    One paragraph in three ends a piece early, by its recording's name. Pieces that begin at different
    places so come to end at the same one, and the end of a chapter does not follow what was corrected
    at its beginning.
    """
    if not after.cue.paragraph:
        return _ANYWHERE
    return _EAGER if zlib.crc32(after.cue.take.encode()) % _KINDS == 0 else 1.0


def split(chapter: TimedChapter, rate: int, frame: int) -> Iterator[Piece]:
    """Cut a chapter into pieces whose borders are multiples of `frame`."""
    start = 0
    held: list[Placed] = []
    for placed in chapter.placed:
        if held and held[-1].stop - start >= _SECONDS * rate * _least(placed):
            cut = _cut(held[-1], placed, frame)
            if cut is not None:
                yield Piece(start, cut, tuple(held))
                start, held = cut, []
        held.append(placed)
    yield Piece(start, chapter.length, tuple(held))


def whole(chapter: TimedChapter) -> Piece:
    """A chapter in one piece."""
    return Piece(0, chapter.length, chapter.placed)
