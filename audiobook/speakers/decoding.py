"""From chances to speakers: the best reading of whole conversations."""

from __future__ import annotations

from dataclasses import dataclass

from audiobook.speakers.evidence import explain
from audiobook.speakers.ranker import load_ranker, rank
from audiobook.speakers.scene import Scene


@dataclass(frozen=True, slots=True)
class Guess:
    """The speaker of a turn: a character's number or -1, how sure, why, and who else it might be."""

    who: int = -1
    confidence: float = 0.0
    evidence: str = ""
    candidates: tuple[tuple[int, float], ...] = ()


def guess_speakers(scene: Scene) -> list[Guess]:
    """A guess for each turn."""
    table, chances = rank(scene, load_ranker())
    speakers: list[int] = []
    shares: list[list[tuple[int, float]]] = []
    for turn in scene.turns:
        low, high = table.bounds[turn.number], table.bounds[turn.number + 1]
        ordered = sorted(((table.who[row], float(chances[row])) for row in range(low, high)), key=_best_first)
        if turn.continues and shares:
            ordered = shares[-1]
        shares.append(ordered)
        speakers.append(ordered[0][0] if ordered else -1)
    return [
        Guess(
            speakers[k],
            ordered[0][1] if ordered else 0.0,
            explain(scene, speakers, k),
            tuple(pair for pair in ordered[:4] if pair[1] >= 0.01),
        )
        for k, ordered in enumerate(shares)
    ]


def _best_first(pair: tuple[int, float]) -> tuple[float, int]:
    return -pair[1], pair[0]
