"""Presence: how much the narration around a turn is about somebody: by name, as "he", or as "the lad"."""

from __future__ import annotations

import bisect
import itertools
import math
from collections import defaultdict

from audiobook.speakers.runs import Runs
from audiobook.speakers.scene import Turn
from audiobook.speakers.view import View

_OWNER, _OBJECT = 0.5, 0.5  # weight of a possessive name, and of "him", "her", "his"
_OBJECTS = frozenset(("him", "his", "her", "hers", "himself", "herself"))
_LEAST = 0.05  # share of a pronoun that counts
_BEFORE, _AFTER = 12, 8  # paragraphs
_FADE_BEFORE, _FADE_AFTER = 0.8, 0.75  # a paragraph


class Presence:
    """Numbers about a candidate by all that the narration says of them near a turn."""

    def __init__(self, view: View, runs: Runs) -> None:
        self.scene, self.runs, self.paragraph_of = view.scene, runs, view.paragraph_of
        scene = view.scene
        found: dict[int, list[tuple[int, float, bool]]] = defaultdict(list)
        for mention in scene.mentions.narrated:
            if mention.who != scene.narrator:
                found[mention.who].append((mention.first, _OWNER if mention.possessive else 1.0, False))
        for index, shares in itertools.chain(view.resolved.shares.items(), view.nouns.items()):
            weight = _OBJECT if scene.tokens.lower[index] in _OBJECTS else 1.0
            for who, share in shares.items():
                if share > _LEAST:
                    found[who].append((index, weight * share, True))
        self.tokens: dict[int, list[int]] = {}
        self.weights: dict[int, list[tuple[float, bool]]] = {}
        for who, references in found.items():
            references.sort()
            self.tokens[who] = [index for index, _, _ in references]
            self.weights[who] = [(weight, pronoun) for _, weight, pronoun in references]

    def candidates(self, turn: Turn, chosen: list[int]) -> list[list[float]]:
        """One row a candidate: before the turn, by pronouns alone before it, behind it, and elsewhere in its
        run; each as it is and, but for the second, as a share of all candidates'."""
        parts = [self._weigh(turn, who) for who in chosen]
        totals = [sum(part[place] for part in parts) + 1e-6 for place in range(4)]
        return [
            [
                math.log1p(part[0]),
                part[0] / totals[0],
                math.log1p(part[1]),
                math.log1p(part[2]),
                part[2] / totals[2],
                math.log1p(part[3]),
                part[3] / totals[3],
            ]
            for part in parts
        ]

    def _weigh(self, turn: Turn, who: int) -> tuple[float, float, float, float]:
        tokens = self.tokens.get(who, [])
        if not tokens:
            return 0.0, 0.0, 0.0, 0.0
        weights, paragraphs = self.weights[who], self.paragraph_of
        starts, run = self.scene.paragraph_tokens, self.runs.turns[turn.number]
        before = pronouns = behind = inside = 0.0
        low = bisect.bisect_left(tokens, starts[max(0, turn.paragraph - _BEFORE)])
        here, after = bisect.bisect_left(tokens, turn.first), bisect.bisect_left(tokens, turn.behind)
        for place in range(low, here):
            weight = weights[place][0] * _FADE_BEFORE ** (turn.paragraph - paragraphs[tokens[place]])
            before += weight
            pronouns += weight * weights[place][1]
        high = starts[min(len(starts) - 1, turn.paragraph + _AFTER + 1)]
        for place in range(after, bisect.bisect_left(tokens, high)):
            behind += weights[place][0] * _FADE_AFTER ** (paragraphs[tokens[place]] - turn.paragraph)
        turns = self.scene.turns
        first = bisect.bisect_left(tokens, starts[turns[run[0]].paragraph])
        last = bisect.bisect_left(tokens, starts[turns[run[-1]].paragraph + 1])
        for place in range(first, last):
            if not here <= place < after:
                inside += weights[place][0]
        return before, pronouns, behind, inside
