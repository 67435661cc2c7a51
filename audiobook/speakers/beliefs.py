"""Beliefs: what an earlier pass thinks of the turns around, as numbers for the next pass."""

from __future__ import annotations

import math
from collections import Counter, defaultdict

import numpy as np
import numpy.typing as npt

from audiobook.speakers.features import OFFSETS, Table
from audiobook.speakers.forest import Matrix
from audiobook.speakers.idiolect import Idiolect
from audiobook.speakers.runs import Runs, beside
from audiobook.speakers.scene import Scene, Turn

_WINDOWS = (6, 20)  # turns
_DECAY = 0.8  # a turn of a run
_DOUBT = 0.03  # that somebody speaks whom nobody believed in
_REACH = 10
_ENOUGH = 120.0  # words somebody must be believed to have said


class Beliefs:
    """The chances of the candidates of all turns, and what is drawn from them."""

    def __init__(self, scene: Scene, table: Table, chances: npt.NDArray[np.float64]) -> None:
        self.scene, self.table = scene, table
        self.turns = scene.turns
        self.chance: list[dict[int, float]] = []
        self.top: list[int] = []
        bounds = table.bounds
        for k in range(len(self.turns)):
            part = {table.who[row]: float(chances[row]) for row in range(bounds[k], bounds[k + 1])}
            self.chance.append(part)
            self.top.append(max(part, key=lambda who: (part[who], -who)) if part else -1)
        self.runs = Runs.of(scene)
        self.idiolect = Idiolect([scene.speech(turn) for turn in scene.turns], self.chance, _ENOUGH)
        self.called: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        for k, turn in enumerate(self.turns):
            if phrase := _phrase(turn):
                self.called[phrase].append(k)

    def features(self) -> Matrix:
        """One row a row of the table."""
        rows: list[list[float]] = []
        bounds = self.table.bounds
        for k in range(len(self.turns)):
            ordered = sorted(self.chance[k].values(), reverse=True)
            near = [
                0 <= k + o < len(self.turns)
                and abs(self.turns[k + o].paragraph - self.turns[k].paragraph) <= 12
                for o in OFFSETS
            ]
            mass = [self._mass(k, window) for window in _WINDOWS]
            sides = self._sides(k)
            places = [_places(part) for part in mass]
            behind, ahead = Counter(self.top[max(0, k - 10) : k]), Counter(self.top[k + 1 : k + 11])
            partners = self._partners(k, near)
            pair = self._pair(k)
            role = self._role(k)
            calls, called = self._relatives(k)
            for row in range(bounds[k], bounds[k + 1]):
                who = self.table.who[row]
                values = self._own(k, who, ordered, near)
                values += [behind[who], ahead[who]]
                for part, place in zip(mass, places, strict=True):
                    values += [part.get(who, 0.0), place.get(who, 9)]
                values += [side.get(who, 0.0) for side in sides]
                values += [partner.get(who, 0.0) for partner in partners]
                values += [pair.get(who, 0.0), self.idiolect.score(who, k)]
                values.append(role.get(who, 0.0) if role else -1.0)
                values += [-1.0 if part is None else part.get(who, 0.0) for part in (calls, called)]
                rows.append(values)
        width = len(rows[0]) if rows else 0
        return np.array(rows, np.float32).reshape(len(rows), width)

    def _own(self, k: int, who: int, ordered: list[float], near: list[bool]) -> list[float]:
        """The belief itself, the rival's, the neighbours', and how far off they are thought to speak."""
        own, top = self.chance[k][who], self.top
        rival = ordered[0] if own < ordered[0] else (ordered[1] if len(ordered) > 1 else 0.0)
        values = [own, own - rival]
        values += [
            self.chance[k + offset].get(who, 0.0) if close else -1.0
            for offset, close in zip(OFFSETS, near, strict=True)
        ]
        last = next((n for n in range(1, 15) if k - n >= 0 and top[k - n] == who), 20)
        following = next((n for n in range(1, 15) if k + n < len(top) and top[k + n] == who), 20)
        before = top[k - 1] if k and near[3] else -1
        after = top[k + 1] if k + 1 < len(top) and near[4] else -1
        values += [last, following]
        values += [
            before == after and before >= 0 and before != who,
            before == who,
            after == who,
            top[k] == who,
        ]
        return values

    def _mass(self, k: int, window: int) -> dict[int, float]:
        """How much somebody is believed to speak in the turns around, this one left out."""
        total: dict[int, float] = defaultdict(float)
        here = self.turns[k].paragraph
        for j in range(max(0, k - window), min(len(self.turns), k + window + 1)):
            if j != k and abs(self.turns[j].paragraph - here) <= 3 * window:
                for who, chance in self.chance[j].items():
                    total[who] += chance
        return total

    def _sides(self, k: int) -> list[dict[int, float]]:
        """The same for the run, apart for the turns of this side and of the other, the nearer the more."""
        sides: list[dict[int, float]] = [defaultdict(float), defaultdict(float)]
        for j in self.runs.near(k, _REACH):
            side, weight = sides[self.runs.side[j] != self.runs.side[k]], _DECAY ** abs(j - k)
            for who, chance in self.chance[j].items():
                side[who] += weight * chance
        return sides

    def _pair(self, k: int) -> dict[int, float]:
        """The chance of each candidate by the other turns of the run alone, if just two people talk in it:
        the one has the turns of this side, the other those of the other side."""
        near = self.runs.near(k, _REACH)
        people = {who for j in near for who, chance in self.chance[j].items() if chance > 0.1}
        people |= self.chance[k].keys()
        if not near or not people:
            return {}
        worth: list[dict[int, float]] = [dict.fromkeys(people, 0.0), dict.fromkeys(people, 0.0)]
        for j in near:
            side, weight = worth[self.runs.side[j] != self.runs.side[k]], _DECAY ** (abs(j - k) - 1)
            part = self.chance[j]
            for who in people:
                side[who] += weight * math.log(part.get(who, 0.0) + _DOUBT)
        same, other = worth
        top_same, top_other = max(same.values()), max(other.values())
        shares = {who: math.exp(value - top_other) for who, value in other.items()}
        rest = sum(shares.values())
        odds = {who: math.exp(same[who] - top_same) * (rest - shares[who] + 1e-6) for who in people}
        total = sum(odds.values())
        return {who: value / total for who, value in odds.items()}

    def _partners(self, k: int, near: list[bool]) -> list[dict[int, float]]:
        """How much each candidate is believed to talk elsewhere nearby with the speaker before, and with the
        speaker after."""
        found: list[dict[int, float]] = []
        for other, close in ((k - 1, near[3]), (k + 1, near[4])):
            total: dict[int, float] = defaultdict(float)
            found.append(total)
            if not close:
                continue
            partner = self.top[other]
            for j in range(max(0, k - 20), min(len(self.turns) - 1, k + 20)):
                if k in (j, j + 1) or self.turns[j + 1].paragraph - self.turns[j].paragraph > 2:
                    continue
                one, two = self.chance[j], self.chance[j + 1]
                for mine, theirs in ((one, two), (two, one)):
                    share = theirs.get(partner, 0.0)
                    if share > 0.05:
                        for who, chance in mine.items():
                            total[who] += chance * share
        return found

    def _role(self, k: int) -> dict[int, float]:
        """Whom the other tags with the same role or relation ("the child", "his mother") are believed to
        mean, the nearer the more; empty where there is none."""
        phrase = _phrase(self.turns[k])
        others = [j for j in self.called[phrase] if j != k] if phrase else []
        total: dict[int, float] = defaultdict(float)
        weights = 0.0
        for j in others:
            weight = 1 / (10 + abs(j - k))
            weights += weight
            for who, chance in self.chance[j].items():
                total[who] += weight * chance
        return {who: value / weights for who, value in total.items()}

    def _relatives(self, k: int) -> tuple[dict[int, float] | None, dict[int, float] | None]:
        """By families: who may call the speakers beside as this speech calls somebody ("Yes, papa"), and whom
        they may call so; None where nobody is called."""
        families = self.table.families
        near = beside(self.turns, k)
        role = families.calls[k]
        calls: dict[int, float] | None = None
        if role:
            calls = {
                who: max((self._related(j, role, who, calling=True) for j in near), default=0.0)
                for who in self.chance[k]
            }
        called: dict[int, float] | None = None
        for j in near:
            if families.calls[j]:
                called = called or {}
                for who in self.chance[k]:
                    share = self._related(j, families.calls[j], who, calling=False)
                    called[who] = max(called.get(who, 0.0), share)
        return calls, called

    def _related(self, j: int, role: str, who: int, *, calling: bool) -> float:
        """How far somebody may call the speaker of turn `j` by a relation, or be called so by them."""
        strength = self.table.families.strength
        return sum(
            chance * (strength(role, other, who) if calling else strength(role, who, other))
            for other, chance in self.chance[j].items()
        )


def _phrase(turn: Turn) -> tuple[str, str, int] | None:
    """The role or relation by which a turn's tag calls its speaker."""
    tag = turn.tag or turn.weak
    if tag is None or tag.subject.kind not in ("noun", "kin", "unknown"):
        return None
    return tag.subject.kind, tag.subject.word.lower(), tag.subject.owner


def _places(mass: dict[int, float]) -> dict[int, int]:
    order = sorted(mass, key=lambda who: (-mass[who], who))
    return {who: min(place, 9) for place, who in enumerate(order)}


def neighbour_features(scene: Scene, table: Table, chances: npt.NDArray[np.float64]) -> Matrix:
    """For the later passes: what the pass before believes of the turns around. One row a row of the table."""
    return Beliefs(scene, table, chances).features()
