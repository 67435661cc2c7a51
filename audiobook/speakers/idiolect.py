"""Idiolect: whose way of talking a speech is like, learned from the speeches of the same book."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PRIOR = 300.0
_LEAST = 0.2  # chance of a speech to be somebody's, to be learned from


def spoken_words(speech: str) -> list[str]:
    """The words of a speech, in lower case."""
    return _WORD.findall(speech.lower())


class Idiolect:
    """Word frequencies of each speaker against those of all speech.

    `shares` tells for each speech with which chance it is whose; it counts for them as far as that. Nobody is
    judged by fewer than `enough` words.
    """

    def __init__(self, speeches: Sequence[str], shares: Sequence[Mapping[int, float]], enough: float) -> None:
        self.words = [Counter(spoken_words(speech)) for speech in speeches]
        self.shares = [{who: part for who, part in each.items() if part >= _LEAST} for each in shares]
        self.enough = enough
        self.all: Counter[str] = Counter()
        self.own: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.sizes: dict[int, float] = defaultdict(float)
        for words, each in zip(self.words, self.shares, strict=True):
            self.all.update(words)
            for who, share in each.items():
                own = self.own[who]
                for word, count in words.items():
                    own[word] += share * count
                self.sizes[who] += share * words.total()
        self.total = self.all.total() + 1

    def score(self, who: int, turn: int) -> float:
        """Log odds that the words of a turn are this person's, by the root of their number; a turn does not
        vote for itself."""
        words = self.words[turn]
        size = words.total()
        share = self.shares[turn].get(who, 0.0)
        own_size = self.sizes.get(who, 0.0) - share * size
        if own_size < self.enough or not size:
            return 0.0
        own, total = self.own[who], 0.0
        for word, count in words.items():
            everywhere = self.all[word] / self.total
            spoken = max(0.0, own.get(word, 0.0) - share * count)
            total += count * math.log((spoken + _PRIOR * everywhere) / (own_size + _PRIOR) / everywhere)
        return max(-3.0, min(3.0, total / math.sqrt(size)))
