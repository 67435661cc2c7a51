"""Project Gutenberg's frame around a book: header and licence, in pages and in plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from audiobook.book import ChapterKind, Skipped
from audiobook.parsing.flow import Piece
from audiobook.parsing.matter import is_credits

START = re.compile(
    r"\*{3}\s*START OF TH(?:E|IS) PROJECT GUTENBERG|^\s*START OF TH(?:E|IS) PROJECT GUTENBERG E", re.I
)
END = re.compile(
    r"\*{3}\s*END OF TH(?:E|IS) PROJECT GUTENBERG|^\s*End of (?:the |this )?Project Gutenberg", re.I
)
_GOES_ON = re.compile(
    r"^(?:and\b|proofread|online distributed|\(this file|http|www\.|images generously)", re.I
)
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
    if start >= 0:
        mark_credits(pieces[start + 1 : end])


def mark_credits(pieces: list[Piece]) -> None:
    """Who made the electronic text stands right after the header, sometimes on several lines."""
    credit = False
    for piece in [piece for piece in pieces[:12] if piece.spans]:
        if is_credits(piece.text):
            credit = True
        elif not (credit and (piece.text[0].islower() or _GOES_ON.search(piece.text))):
            credit = False
        if credit:
            piece.role = ChapterKind.LICENSE


@dataclass(frozen=True, slots=True)
class Inside:
    """The text between the marks, and the number of lines before it."""

    text: str
    first_line: int


def split_text(text: str) -> tuple[Inside, list[Skipped]]:
    """A plain text without its header and licence, and these as skipped."""
    start, end = 0, len(text)
    opening = None
    for match in re.finditer(r"^.*$", text[:_LONGEST_FRONT], re.M):
        if START.search(match[0]):
            opening = match
    if opening is not None:
        start = opening.end()
    closing = next((match for match in re.finditer(END.pattern, text[start:], re.I | re.M)), None)
    if closing is not None:
        end = start + closing.start()
    first_line = text.count("\n", 0, start)
    skipped = [
        Skipped(ChapterKind.LICENSE.value, f"line {text.count(chr(10), 0, at) + 1}", part.strip())
        for at, part in ((0, text[:start]), (end, text[end:]))
        if part.strip()
    ]
    return Inside(text[start:end], first_line), skipped
