"""How far what was heard is from what was to be said. Pure functions.

Recognizers write numbers as digits, guess punctuation and case, and SenseVoice adds emoji for mood and
sounds; none of that is an error of the recording. Both sides go through the same normalization, then
words are compared (characters for Chinese and Japanese, which have no spaces).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from audiobook.normalization import spoken

_TAG = re.compile(r"<\|[^|>]*\|>")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BY_CHARACTER = ("zh", "ja", "yue", "wuu")


@dataclass(frozen=True, slots=True)
class Score:
    """Errors in a recording, in words or characters."""

    errors: int
    length: int  # of what was to be said

    @property
    def rate(self) -> float:
        """Errors per word."""
        return self.errors / max(1, self.length)

    def bad(self, threshold: float) -> bool:
        """Whether a person should listen: one odd word in a longer line is a recognizer's, not a voice's."""
        return self.rate > threshold and (self.errors > 1 or self.length <= 2)


def plain(text: str) -> str:
    """A transcript without tags, emoji and other symbols."""
    text = _TAG.sub(" ", text)
    kept = (" " if unicodedata.category(c) in ("So", "Sk", "Cs", "Co", "Cn") else c for c in text)
    return " ".join("".join(kept).replace("\ufe0f", "").replace("\u200d", "").split())


def tokens(text: str, language: str) -> list[str]:
    """What is compared: words in lower case, numbers spelled out; characters of Chinese and Japanese."""
    said = spoken(plain(text), language or "en").text
    folded = unicodedata.normalize("NFKC", said).casefold().replace("’", "'")
    words = _WORD.findall(_WIDE.sub(r" \g<0> ", folded))
    if language.lower().partition("-")[0] in _BY_CHARACTER:
        return [character for word in words for character in word]
    return [word.replace("'", "") for word in words]


def compare(expected: str, heard: str, language: str = "en") -> Score:
    """The score of a recording. `expected` is the spoken form that the engine was given."""
    wanted, found = tokens(expected, language), tokens(heard, language)
    if "".join(wanted) == "".join(found):
        return Score(0, len(wanted))  # "any one" and "anyone" sound the same
    return Score(distance(wanted, found), len(wanted))


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Fewest insertions, deletions and substitutions that make one into the other."""
    row = list(range(len(other) + 1))
    for line, left in enumerate(one, 1):
        diagonal, row[0] = row[0], line
        for column, right in enumerate(other, 1):
            cost = min(row[column] + 1, row[column - 1] + 1, diagonal + (left != right))
            diagonal, row[column] = row[column], cost
    return row[-1]
