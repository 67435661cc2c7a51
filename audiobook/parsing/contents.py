"""Lists of contents and of illustrations that no markup declares: found by what their lines point at."""

from __future__ import annotations

import re
from collections.abc import Callable

from audiobook.book import BlockKind, ChapterKind
from audiobook.parsing import matter
from audiobook.parsing.flow import Piece, Place
from audiobook.parsing.titles import letters

_LONGEST_LINE = 250
_FEWEST = 4
_MANY = 10  # lines that only point somewhere else in the book, which cross-references do too
_LINKED = 0.6  # of a line's characters; less is a sentence with a link in it
_SHARE = 0.7
_PAGE_NUMBER = re.compile(r"(?:[\s.·…,]+(?:\d{1,4}|[ivxlc]{1,7}))+\.?$", re.I)
_PLAIN_KINDS = (
    BlockKind.PARAGRAPH,
    BlockKind.LIST_ITEM,
    BlockKind.TABLE_ROW,
    BlockKind.VERSE,
    BlockKind.QUOTATION,
    BlockKind.HEADING,
)


class Lists:
    """Marks the pieces of such lists with their role."""

    def __init__(
        self, pieces: list[Piece], starts: set[int], titles: set[str], find: Callable[[Place], int | None]
    ) -> None:
        self._pieces = pieces
        self._starts = starts
        self._titles = {title for title in titles if len(title) > 1}
        self._longest = max(map(len, self._titles), default=0)
        self._find = find
        self._heads = {
            index for index, piece in enumerate(pieces) if piece.kind is BlockKind.HEADING and piece.spans
        }

    def mark(self) -> None:
        """Mark every run of lines that is a list."""
        index = 0
        while index < len(self._pieces):
            named = self._named(index)
            end = self._run(index + 1, named) if named else self._run(index, None)
            if end > index + 1:
                kind = named or ChapterKind.CONTENTS
                for piece in self._pieces[index:end]:
                    piece.role = piece.role or kind
                index = end
            else:
                index += 1

    def _named(self, index: int) -> ChapterKind | None:
        """A heading such as “Contents” or “List of Illustrations”."""
        text = self._pieces[index].text
        kind = matter.by_title(text) if 0 < len(text) < 60 else None
        return kind if kind in (ChapterKind.CONTENTS, ChapterKind.ILLUSTRATIONS) else None

    def _run(self, start: int, named: ChapterKind | None) -> int:
        """Where the list that begins here ends; `start` when there is none."""
        hits, weak, last, strays, index = 0, 0, start, 0, start
        while index < len(self._pieces) and strays <= 2:
            piece = self._pieces[index]
            if not piece.spans:
                index += 1
                continue
            if len(piece.text) > _LONGEST_LINE or piece.kind not in _PLAIN_KINDS or index in self._starts:
                break
            if self._is_line(index, named):
                hits, last, strays = hits + 1, index + 1, 0
            elif self._points(index, piece, anywhere=True):
                weak, last, strays = weak + 1, index + 1, 0
            elif hits + weak == 0 and named is None:
                break
            else:
                strays += 1
            index += 1
        written = sum(bool(piece.spans) for piece in self._pieces[start:last])
        sure = hits >= (2 if named else _FEWEST) and hits >= _SHARE * written
        return last if sure or hits + weak >= max(_MANY, 0.9 * written) else start

    def _is_line(self, index: int, named: ChapterKind | None) -> bool:
        piece = self._pieces[index]
        if self._points(index, piece, anywhere=named is not None):
            return True
        if named is None and not 0 < len(piece.text) <= 2 * self._longest + 20:
            return False
        numbered = _PAGE_NUMBER.search(piece.text)
        words = letters(_PAGE_NUMBER.sub("", piece.text)) if numbered else letters(piece.text)
        return words in self._titles or (named is not None and numbered is not None)

    def _points(self, index: int, piece: Piece, *, anywhere: bool) -> bool:
        """Whether the line is a link to the beginning of a chapter, or (in a named list) to anywhere else."""
        if not piece.links:
            return False
        number = _PAGE_NUMBER.search(piece.text)
        whole = len(piece.text) - (len(number[0]) if number else 0)
        if sum(link.length for link in piece.links) < _LINKED * whole:
            return False
        for link in piece.links:
            target = self._find(link.place)
            if target is None or abs(target - index) <= 1:
                continue
            if anywhere or target in self._starts or target in self._heads:
                return True
        return False
