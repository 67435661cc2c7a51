"""Pieces: what is recorded in one go. Sentences, parted where the speaker changes, of a fitting length."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from audiobook.segmentation.boundaries import sentences
from audiobook.segmentation.characters import count_wide, speakable
from audiobook.segmentation.clauses import cut_sentence

_SPACE = re.compile(r"\s+")
_LINE_END = re.compile(r"\n\s*")


@dataclass(frozen=True, slots=True)
class SegmentLimits:
    """Lengths in characters. A text in several scripts is measured by share.

    No piece is longer than `characters` (`characters_cjk` for Chinese, Japanese and Korean), white space at
    its end aside. A sentence shorter than `shortest` joins a neighbour of the same speaker as long as both
    together are no longer than `target`.
    """

    characters: int = 300
    characters_cjk: int = 80
    shortest: int = 20
    target: int = 200

    def __post_init__(self) -> None:
        if self.characters < 1 or self.characters_cjk < 1:
            raise ValueError("a segment has room for one character at least")

    @property
    def wide(self) -> float:
        """What a Chinese, Japanese or Korean character counts."""
        return max(1.0, self.characters / self.characters_cjk)

    def length(self, text: str) -> float:
        """Length of a piece, white space at its end aside."""
        text = text.rstrip()
        return len(text) + count_wide(text) * (self.wide - 1)


@dataclass(frozen=True, slots=True)
class Cut:
    """A speech in a text: who says it and how. `kind` is "speech", "thought" or whatever the script knows."""

    start: int
    end: int
    speaker: str = ""
    style: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is recorded in one go."""

    start: int
    end: int
    speaker: str = ""
    style: str = ""
    kind: str = ""


def _regions(text: str, cuts: Sequence[Cut]) -> Iterator[Piece]:
    """The text between the borders of the cuts. Of two cuts that overlap the earlier one keeps its ground."""
    place = 0
    for cut in sorted(cuts, key=lambda cut: (cut.start, -cut.end)):
        start, end = max(place, cut.start), min(len(text), cut.end)
        if start >= end:
            continue
        if place < start:
            yield Piece(place, start)
        yield Piece(start, end, cut.speaker, cut.style, cut.kind)
        place = end
    if place < len(text):
        yield Piece(place, len(text))


def _absorb(text: str, regions: Iterator[Piece]) -> list[Piece]:
    """Regions that hold nothing to say (a space, a comma between two speeches) go with the one before; so
    does white space at the start of one that does."""
    kept: list[Piece] = []
    waiting = 0  # start of unspeakable text before the first region
    for region in regions:
        if not speakable(text[region.start : region.end]):
            if kept:
                kept[-1] = _reaching(kept[-1], kept[-1].start, region.end)
            continue
        start = waiting
        if kept:
            blank = _SPACE.match(text, region.start, region.end)
            start = blank.end() if blank else region.start
            kept[-1] = _reaching(kept[-1], kept[-1].start, start)
        kept.append(_reaching(region, start, region.end))
    if not kept and text:
        kept.append(Piece(0, len(text)))
    return kept


def _reaching(piece: Piece, start: int, end: int) -> Piece:
    return Piece(start, end, piece.speaker, piece.style, piece.kind)


def _line_starts(text: str) -> Iterator[int]:
    """Starts of the lines of verse, white space going with the line before."""
    for found in _LINE_END.finditer(text):
        if found.start() > 0 and found.end() < len(text):
            yield found.end()


def _parts(start: int, end: int, borders: Sequence[int]) -> Iterator[tuple[int, int]]:
    """`start` to `end`, parted at the borders inside."""
    inside = borders[bisect_right(borders, start) : bisect_left(borders, end)]
    places = [start, *inside, end]
    yield from pairwise(places)


def _cut_long(text: str, start: int, end: int, limits: SegmentLimits) -> Iterator[tuple[int, int]]:
    """One sentence, in parts where it is too long for one piece."""
    if limits.length(text[start:end]) <= limits.characters:
        yield start, end
        return
    places = [place + start for place in cut_sentence(text[start:end], limits.characters, limits.wide)]
    yield from pairwise([start, *places, end])


def _join_short(
    text: str, parts: Sequence[tuple[int, int]], limits: SegmentLimits
) -> Iterator[tuple[int, int]]:
    """Join what is too short to be spoken well with what stands beside it."""
    most = min(max(limits.target, limits.shortest), limits.characters)
    open_start, open_end = parts[0]
    for start, end in parts[1:]:
        short = (
            min(limits.length(text[open_start:open_end]), limits.length(text[start:end])) < limits.shortest
        )
        if short and limits.length(text[open_start:end]) <= most:
            open_end = end
            continue
        yield open_start, open_end
        open_start, open_end = start, end
    yield open_start, open_end


def segments(text: str, language: str, limits: SegmentLimits, cuts: Sequence[Cut] = ()) -> list[Piece]:
    """The pieces of one paragraph. They tile it exactly.

    A piece never crosses the border of a cut (white space and punctuation between two cuts goes with the
    piece before), nor the end of a line ("\n", verse). Sentences end pieces; one that is too long is cut
    at a clause, else between words, and never inside an abbreviation, a number, initials or an ellipsis.
    """
    borders = [start for start, _ in sentences(text, language)[1:]]
    lines = list(_line_starts(text))
    pieces = []
    for region in _absorb(text, _regions(text, cuts)):
        for line in _parts(region.start, region.end, lines):
            parts = [
                part for sentence in _parts(*line, borders) for part in _cut_long(text, *sentence, limits)
            ]
            pieces += [_reaching(region, *part) for part in _join_short(text, parts, limits)]
    return pieces
