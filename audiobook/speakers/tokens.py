"""Words and paragraphs of a text, with their offsets: the common ground of everything in this package."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from dataclasses import dataclass, field

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*(?:-[^\W_]+(?:['’][^\W_]+)*)*|[^\w\s]|_")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?![ \t\r]*\n)[^\n]*)*")
_LINE = re.compile(r"[^\n]+")


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Spans of paragraphs: between blank lines; lines, where the text has hardly a blank one."""
    spans = [match.span() for match in _PARAGRAPH.finditer(text) if not match.group().isspace()]
    lines = text.count("\n")
    if lines > 20 and len(spans) < lines / 40:
        spans = [match.span() for match in _LINE.finditer(text) if not match.group().isspace()]
    return spans


@dataclass(slots=True)
class Tokens:
    """The words and marks of a text in parallel lists; `quoted` says which stand inside a quotation."""

    text: str
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    word: list[str] = field(default_factory=list)
    lower: list[str] = field(default_factory=list)
    base: list[str] = field(default_factory=list)  # the word without a possessive ending
    quoted: bytearray = field(default_factory=bytearray)
    frequency: Counter[str] = field(default_factory=Counter)  # of words written in lower case

    @classmethod
    def of(cls, text: str, quotations: list[tuple[int, int]]) -> Tokens:
        """Split `text`; `quotations` are sorted spans, marks included."""
        tokens = cls(text)
        for match in _WORD.finditer(text):
            start, end = match.span()
            tokens.start.append(start)
            tokens.end.append(end)
            tokens.word.append(match.group())
        tokens.lower = [word.lower() for word in tokens.word]
        tokens.base = [word[:-2] if word.endswith(("'s", "’s")) else word for word in tokens.word]
        tokens.quoted = bytearray(len(tokens.word))
        for start, end in quotations:
            first, last = tokens.at(start), tokens.at(end)
            tokens.quoted[first:last] = b"\1" * (last - first)
        tokens.frequency = Counter(
            word for word, lower in zip(tokens.word, tokens.lower, strict=True) if word == lower
        )
        return tokens

    def __len__(self) -> int:
        return len(self.word)

    def at(self, position: int) -> int:
        """Index of the first token that starts at or after `position`."""
        return bisect.bisect_left(self.start, position)

    def between(self, start: int, end: int) -> range:
        """Indices of the tokens in a span of characters."""
        return range(self.at(start), self.at(end))
