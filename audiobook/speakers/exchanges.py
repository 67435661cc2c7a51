"""Exchanges: what a whole run of turns says of somebody, apart for the turns of either side.

Where two people talk, one has the even turns and the other the odd ones: a tag, a name called or a "he" six
turns away still tells which side is whose.
"""

from __future__ import annotations

import bisect
import math
from collections import defaultdict
from dataclasses import dataclass, field

from audiobook.speakers.addressees import addressed, addressee_gender
from audiobook.speakers.runs import Runs
from audiobook.speakers.scene import Scene, Turn
from audiobook.speakers.view import agreement

_DECAY = 0.85  # a turn
_REACH = 16  # turns
_BEFORE = 12  # paragraphs


@dataclass(slots=True)
class Side:
    """One side of a run, the nearer turns the more: whom its tags name, whom it calls, talks of and is told
    to, by character; how far its tags, and those it is told to, are a "he" (above zero) or a "she"."""

    tagged: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    tags: float = 0.0
    called: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    talked: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    spoken_to: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    fits: float = 0.0
    listens: float = 0.0


class Exchanges:
    """Numbers about a candidate in the run of a turn."""

    def __init__(self, scene: Scene, named: list[int], told_of: dict[int, list[int]]) -> None:
        self.scene = scene
        self.named = named
        self.told_of = told_of
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

    def sides(self, turn: Turn) -> tuple[Side, Side]:
        """What the other turns near in the run say: those of the same side, and those of the other."""
        k, side = turn.number, self.runs.side
        near = self.runs.near(k, _REACH)
        same = [j for j in near if side[j] == side[k]]
        return self._side(k, same), self._side(k, [j for j in near if side[j] != side[k]])

    def _side(self, k: int, group: list[int]) -> Side:
        found = Side()
        for j in group:
            near, weight = self.scene.turns[j], _DECAY ** abs(j - k)
            if self.named[j] >= 0:
                found.tagged[self.named[j]] += weight
                found.tags += weight
            for who in set(near.called):
                found.called[who] += weight
            for who in set(near.named):
                found.talked[who] += weight
            for who in set(self.to[j].who):
                found.spoken_to[who] += weight
            found.listens += weight * agreement("M", self.to_gender[j])
            tag = near.tag or near.weak
            if tag is not None and tag.subject.kind != "name":
                found.fits += weight * agreement("M", tag.subject.gender)
        return found

    def candidate(self, turn: Turn, who: int, gender: str, sides: tuple[Side, Side]) -> list[float]:
        """About somebody as the speaker of the turn."""
        k, values = turn.number, []
        sign = {"M": 1, "F": -1}.get(gender, 0)
        for side in sides:
            values += [
                1.3 * side.tagged[who] - 0.3 * side.tags,
                side.called[who],
                side.talked[who],
                sign * side.fits,
                side.spoken_to[who],
                sign * side.listens,
            ]
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
