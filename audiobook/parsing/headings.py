"""Chapters by headings, where the table of contents is missing, useless, or lies."""

from __future__ import annotations

from collections import Counter

from audiobook.book import BlockKind
from audiobook.parsing import matter
from audiobook.parsing.flow import Piece
from audiobook.parsing.titles import LABEL, PART, bare_number, is_useless, letters, looks_like_heading

Found = dict[tuple[int, int], tuple[list[str], int]]
"""Places (piece, offset) with titles and level."""

_SHORT = 80
_SHORT_CHAPTER = 250  # characters; on average
_LONG_CHAPTER = 60_000  # characters between two targets that make hidden chapters likely


def heading_targets(pieces: list[Piece], targets: Found, book_title: str) -> Found | None:
    """Better targets than the given ones, or None when those will do."""
    real = [key for key, (titles, _) in targets.items() if not _is_matter(titles)]
    if len(real) >= 2 and not _all_useless(targets):
        return _with_hidden_chapters(pieces, targets)
    found = _by_level(pieces, book_title) or _by_label(pieces) or _by_number(pieces)
    if found is None or len(found) <= len(real) or _too_short(pieces, found):
        return None
    kept = {key: value for key, value in targets.items() if _is_matter(value[0]) and key not in found}
    return {**kept, **found}


def _too_short(pieces: list[Piece], found: Found) -> bool:
    """Headings over a few lines each are sections of one chapter."""
    return sum(len(piece.text) for piece in pieces) < _SHORT_CHAPTER * len(found)


def _is_matter(titles: list[str]) -> bool:
    return bool(titles) and all(matter.by_title(title) is not None for title in titles)


def _all_useless(targets: Found) -> bool:
    return all(all(map(is_useless, titles)) for titles, _ in targets.values())


def _merged_heads(pieces: list[Piece]) -> list[int]:
    """Indices of headings that open something: not those that follow another heading at once."""
    heads: list[int] = []
    before: Piece | None = None
    for index, piece in enumerate(pieces):
        if not piece.spans or piece.reason:
            continue
        if piece.kind is BlockKind.HEADING and not (
            before is not None
            and before.kind is BlockKind.HEADING
            and before.level < piece.level
            and before.file == piece.file
        ):
            heads.append(index)
        before = piece
    return heads


def _by_level(pieces: list[Piece], book_title: str) -> Found | None:
    """Headings of the highest level that occurs more than once, and all above it."""
    heads = [
        index
        for index, piece in enumerate(pieces)
        if piece.kind is BlockKind.HEADING and piece.spans and not piece.reason
    ]
    heads = [index for index in heads if letters(pieces[index].text) != letters(book_title)]
    counts = Counter(pieces[index].level for index in heads)
    levels = [level for level in sorted(counts) if counts[level] >= 2]
    if not levels:
        return None
    chosen = levels[0]
    own = [pieces[index].text for index in heads if pieces[index].level == chosen]
    if len(levels) > 1 and sum(bool(PART.match(text)) for text in own) * 2 > len(own):
        chosen = levels[1]
    opening = set(_merged_heads(pieces))
    return {
        (index, 0): ([pieces[index].text], pieces[index].level)
        for index in heads
        if pieces[index].level <= chosen and (index in opening or pieces[index].level == levels[0])
    }


def _short_paragraphs(pieces: list[Piece]) -> list[int]:
    return [
        index
        for index, piece in enumerate(pieces)
        if piece.spans
        and not piece.reason
        and len(piece.text) < _SHORT
        and piece.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
    ]


def _by_label(pieces: list[Piece]) -> Found | None:
    """Short paragraphs that say “Chapter IV”, “第三章”."""
    found: Found = {
        (index, 0): ([pieces[index].text], 1)
        for index in _short_paragraphs(pieces)
        if looks_like_heading(pieces[index].text)
    }
    return found if len(found) >= 2 else None


def _by_number(pieces: list[Piece]) -> Found | None:
    """Bare numbers that count up from one: “I”, “II”, “III” on lines of their own."""
    found: Found = {}
    expected = 1
    for index in _short_paragraphs(pieces):
        if bare_number(pieces[index].text) == expected:
            found[index, 0] = ([pieces[index].text], 1)
            expected += 1
    return found if len(found) >= 3 else None


def _with_hidden_chapters(pieces: list[Piece], targets: Found) -> Found | None:
    """Chapters that the table of contents forgot: labelled headings inside a very long stretch."""
    starts = sorted(index for index, _ in targets)
    levels = Counter(pieces[index].level for index in starts if pieces[index].kind is BlockKind.HEADING)
    usual = levels.most_common(1)[0][0] if levels else 0
    added: Found = {}
    for start, end in zip(starts, [*starts[1:], len(pieces)], strict=True):
        inside = [
            index
            for index in range(start + 1, end)
            if pieces[index].kind is BlockKind.HEADING
            and not pieces[index].reason
            and pieces[index].level <= usual
            and LABEL.match(pieces[index].text)
        ]
        if len(inside) >= 3 and sum(len(piece.text) for piece in pieces[start:end]) > _LONG_CHAPTER:
            level = targets.get((start, 0), ([], 1))[1]
            added.update({(index, 0): ([pieces[index].text], level) for index in inside})
    return {**targets, **added} if added else None
