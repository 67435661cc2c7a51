"""Idiolect: whose way of talking a speech is like, learned from the speeches of the same book."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

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
        said = [Counter(spoken_words(speech)) for speech in speeches]
        every: Counter[str] = Counter()
        for one in said:
            every.update(one)
        number = {word: place for place, word in enumerate(every)}
        self.prior = np.fromiter(every.values(), np.float64, len(every)) * (_PRIOR / (every.total() + 1))
        self.words = [np.array([number[word] for word in one], np.intp) for one in said]
        self.counts = [np.array(list(one.values()), np.float64) for one in said]
        self.shares = [{who: part for who, part in each.items() if part >= _LEAST} for each in shares]
        self.enough = enough
        self.sizes: dict[int, float] = defaultdict(float)
        self.own: dict[int, npt.NDArray[np.float64]] = {}
        for words, counts, each in zip(self.words, self.counts, self.shares, strict=True):
            for who, share in each.items():
                own = self.own.setdefault(who, np.zeros(len(every)))
                own[words] += share * counts
                self.sizes[who] += share * float(counts.sum())

    def score(self, who: int, turn: int) -> float:
        """Log odds that the words of a turn are this person's, by the root of their number; a turn does not
        vote for itself."""
        words, counts = self.words[turn], self.counts[turn]
        size = float(counts.sum())
        share = self.shares[turn].get(who, 0.0)
        own_size = self.sizes.get(who, 0.0) - share * size
        if own_size < self.enough or not size:
            return 0.0
        prior = self.prior[words]
        spoken = np.maximum(self.own[who][words] - share * counts, 0.0)
        odds = np.log((spoken + prior) / prior * (_PRIOR / (own_size + _PRIOR)))
        return max(-3.0, min(3.0, float(odds @ counts) / math.sqrt(size)))
