"""Exchanges: what a whole run of turns says of somebody, apart for the turns of either side.

Where two people talk, one has the even turns and the other the odd ones: a tag, a name called or a "he" six
turns away still tells which side is whose.
"""

from __future__ import annotations

import bisect
import math

from audiobook.speakers.addressees import addressed, addressee_gender
from audiobook.speakers.runs import Runs
from audiobook.speakers.scene import Scene, Turn
from audiobook.speakers.view import agreement

_DECAY = 0.85  # a turn
_REACH = 16  # turns
_BEFORE = 12  # paragraphs


class Exchanges:
    """Numbers about a candidate in the run of a turn."""

    def __init__(self, scene: Scene, named: list[int], told_of: dict[int, list[int]]) -> None:
        self.scene = scene
        self.named = named
        self.told_of = told_of
        self.run_of: dict[int, list[int]] = {}
        self.to = [addressed(scene, turn) for turn in scene.turns]
        self.to_gender = [
            told.gender or addressee_gender(scene.speech(turn))
            for told, turn in zip(self.to, scene.turns, strict=True)
        ]
        self.runs = Runs.of(scene)

    def turn(self, turn: Turn) -> list[float]:
        """About the run of a turn."""
        run = self.runs.turns[turn.number]
        speakers = {self.named[k] for k in run} - {-1}
        place = self.runs.place[turn.number]
        return [min(len(run), 40), min(place, 20), min(len(run) - place, 20), len(speakers)]

    def window(self, turn: Turn) -> tuple[list[int], list[int]]:
        """The other turns near in the run: those of the same side, and those of the other."""
        k, side = turn.number, self.runs.side
        near = self.runs.near(k, _REACH)
        return [j for j in near if side[j] == side[k]], [j for j in near if side[j] != side[k]]

    def candidate(
        self, turn: Turn, who: int, gender: str, window: tuple[list[int], list[int]]
    ) -> list[float]:
        """About somebody as the speaker of the turn."""
        k, values = turn.number, []
        for group in window:
            tagged = called = talked = fits = spoken_to = listens = 0.0
            for j in group:
                near = self.scene.turns[j]
                weight = _DECAY ** abs(j - k)
                if self.named[j] >= 0:
                    tagged += weight if self.named[j] == who else -0.3 * weight
                called += weight * (who in near.called)
                talked += weight * (who in near.named)
                spoken_to += weight * (who in self.to[j].who)
                listens += weight * agreement(gender, self.to_gender[j])
                tag = near.tag or near.weak
                if tag is not None and tag.subject.kind != "name":
                    fits += weight * agreement(gender, tag.subject.gender)
            values += [tagged, called, talked, fits, spoken_to, listens]
        values += [who in self.to[k].who, agreement(gender, self.to_gender[k])]
        for j in (k - 1, k + 1):
            near_by = 0 <= j < len(self.to) and abs(self.scene.turns[j].paragraph - turn.paragraph) <= 2
            values.append(who in self.to[j].who if near_by else -1)
        return values + self._presence(k, who)

    def _presence(self, k: int, who: int) -> list[float]:
        """How often the narration inside the run, and just before it, names somebody."""
        run, turns, starts = self.runs.turns[k], self.scene.turns, self.scene.paragraph_tokens
        low, high = turns[run[0]].paragraph, turns[run[-1]].paragraph
        firsts = self.told_of.get(who, [])
        inside = bisect.bisect_left(firsts, starts[high + 1]) - bisect.bisect_left(firsts, starts[low])
        before = bisect.bisect_left(firsts, starts[low]) - bisect.bisect_left(
            firsts, starts[max(0, low - _BEFORE)]
        )
        return [math.log1p(inside), math.log1p(before)]
