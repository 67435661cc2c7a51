"""Which headings of a text without a table of contents begin chapters, parts, or only sections."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from audiobook.book import BlockKind
from audiobook.parsing.flow import Piece
from audiobook.parsing.navigation import Entry
from audiobook.parsing.titles import LABEL, PART, letters


@dataclass(frozen=True, slots=True)
class Outline:
    """Entries for the assembler, and the book's title where the first heading gives it."""

    entries: list[Entry]
    title: str = ""


def anchor_headings(pieces: list[Piece]) -> None:
    """Give every heading an anchor that entries can point at."""
    for index, piece in enumerate(pieces):
        if piece.kind is BlockKind.HEADING and piece.spans:
            piece.anchors.insert(0, (f"heading {index}", 0))


def outline(pieces: list[Piece], title: str = "") -> Outline:
    """Chapters by heading levels, as an author writes them.

    One heading of the top level over several of the next is the book's title. A level whose headings stand
    right above deeper ones, or are called “Part …”, holds parts; the level below it then holds the chapters.
    """
    anchor_headings(pieces)
    heads = [
        (index, piece)
        for index, piece in enumerate(pieces)
        if piece.kind is BlockKind.HEADING and piece.spans
    ]
    own_title, heads = _without_title(heads, title)
    if not heads:
        return Outline([], own_title)
    levels = sorted({piece.level for _, piece in heads})
    deepest = levels[0]
    while deepest != levels[-1] and _holds_parts(pieces, heads, deepest):
        deepest = levels[levels.index(deepest) + 1]
    ranks = {level: rank for rank, level in enumerate(levels, 1)}
    entries = [
        Entry(piece.text, piece.file, piece.anchors[0][0], ranks[piece.level])
        for _, piece in heads
        if piece.level <= deepest
    ]
    return Outline(entries, own_title)


Heads = list[tuple[int, Piece]]


def _without_title(heads: Heads, title: str) -> tuple[str, Heads]:
    """A single top heading at the very beginning is the title of the book."""
    if not heads:
        return title, heads
    counts = Counter(piece.level for _, piece in heads)
    first = heads[0][1]
    alone = counts[first.level] == 1 and first.level == min(counts) and len(heads) > 1
    if (alone and not LABEL.match(first.text)) or (
        title and letters(first.text) == letters(title) and len(heads) > 1
    ):
        return title or first.text, heads[1:]
    return title, heads


def _holds_parts(pieces: list[Piece], heads: Heads, level: int) -> bool:
    own = [index for index, piece in heads if piece.level == level]
    above = 0
    for index in own:
        following = next((piece for piece in pieces[index + 1 :] if piece.spans), None)
        named = PART.match(pieces[index].text) is not None
        above += named or (
            following is not None and following.kind is BlockKind.HEADING and following.level > level
        )
    return above * 2 > len(own)
