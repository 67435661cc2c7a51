"""Project Gutenberg's frame around a book: header and licence, in pages and in plain text."""

from __future__ import annotations

import re

from audiobook.book import ChapterKind
from audiobook.parsing.flow import Piece

START = re.compile(r"\*{3}\s*START OF TH(?:E|IS) PROJECT GUTENBERG|^\s*START OF TH(?:E|IS) PROJECT GUTENBERG E", re.I)
END = re.compile(r"\*{3}\s*END OF TH(?:E|IS) PROJECT GUTENBERG|^\s*End of (?:the |this )?Project Gutenberg", re.I)
_FRAME = re.compile(r"project gutenberg", re.I)
_LONGEST_FRONT = 60_000


def mark_license(pieces: list[Piece]) -> None:
    """Everything up to the start mark and from the end mark on is no part of the book."""
    start, end, length = -1, len(pieces), 0
    for index, piece in enumerate(pieces):
        text = piece.text
        if length < _LONGEST_FRONT and len(text) < 400 and START.search(text):
            start = index
        length += len(text)
    tail = 0
    for index in range(len(pieces) - 1, start, -1):
        tail += len(pieces[index].text)
        if tail > _LONGEST_FRONT:
            break
        if len(pieces[index].text) < 400 and END.search(pieces[index].text):
            end = index
    for index, piece in enumerate(pieces):
        if index <= start or index >= end:
            piece.role = ChapterKind.LICENSE
