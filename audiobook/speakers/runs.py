"""Runs: turns that follow each other closely, and which side of the talk each of them is on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from audiobook.speakers.scene import Scene, Turn

_GAP = 2  # paragraphs from one turn to the next


def beside(turns: Sequence[Turn], k: int) -> list[int]:
    """The turn before and the turn after, where they are near."""
    here = turns[k].paragraph
    return [j for j in (k - 1, k + 1) if 0 <= j < len(turns) and abs(turns[j].paragraph - here) <= _GAP]


@dataclass(slots=True)
class Runs:
    """For each turn: the turns of its run, its place among them, and its side, 0 or 1.

    Where two people talk, one has one side and the other the other. A speech that goes on in the next
    paragraph stays on its side.
    """

    turns: list[list[int]] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    side: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, scene: Scene) -> Runs:
        """The runs of a scene."""
        runs = cls()
        last, side = -_GAP - 1, 0
        for turn in scene.turns:
            if turn.paragraph - last > _GAP:
                run: list[int] = []
                side = 0
            elif not turn.continues:
                side ^= 1
            last = turn.paragraph
            runs.turns.append(run)
            runs.place.append(len(run))
            runs.side.append(side)
            run.append(turn.number)
        return runs

    def near(self, k: int, reach: int) -> list[int]:
        """The turns of the run up to so many places away, this one left out."""
        place = self.place[k]
        return [j for j in self.turns[k][max(0, place - reach) : place + reach + 1] if j != k]
