"""Idiolect: whose way of talking a speech is like, learned from the tagged speeches of the same book."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENOUGH = 150  # words somebody must have said
_PRIOR = 300.0


def spoken_words(speech: str) -> list[str]:
    """The words of a speech, in lower case."""
    return _WORD.findall(speech.lower())


class Idiolect:
    """Word frequencies of each speaker against those of all speech."""

    def __init__(self, speeches: list[str], named: list[int]) -> None:
        self.words = [spoken_words(speech) for speech in speeches]
        self.named = named
        self.all: Counter[str] = Counter()
        self.own: dict[int, Counter[str]] = defaultdict(Counter)
        for words, who in zip(self.words, named, strict=True):
            self.all.update(words)
            if who >= 0:
                self.own[who].update(words)
        self.total = sum(self.all.values()) + 1
        self.sizes = {who: sum(counts.values()) for who, counts in self.own.items()}

    def score(self, who: int, turn: int) -> float:
        """Log odds that the words of a turn are this person's, by the root of their number; a turn does not
        vote for itself."""
        words = self.words[turn]
        size = self.sizes.get(who, 0)
        itself = self.named[turn] == who
        if itself:
            size -= len(words)
        if size < _ENOUGH or not words:
            return 0.0
        own = self.own[who]
        here = Counter(words) if itself else Counter[str]()
        total = 0.0
        for word in words:
            everywhere = self.all[word] / self.total
            count = own[word] - here[word]
            total += math.log((count + _PRIOR * everywhere) / (size + _PRIOR) / everywhere)
        return max(-3.0, min(3.0, total / math.sqrt(len(words))))
