"""From chances to speakers: the best reading of whole conversations.

The ranker judges each turn by itself. Here whole runs of turns are read together: of two people who talk, the
one who did not just speak goes on, and somebody speaks twice in a row only where something says so.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from audiobook.speakers.address import Addressing
from audiobook.speakers.evidence import explain
from audiobook.speakers.forest import Scores
from audiobook.speakers.ranker import load_ranker, rank
from audiobook.speakers.scene import Scene, Turn
from audiobook.speakers.stories import Shares, resume

_SAME = -0.66  # log odds of speaking again in the very next paragraph
_SAME_TAGGED = -0.6  # the same, where a tag speaks for itself
_RETURN = 1.4  # log odds of answering the one who answered
_RETURN_TAGGED = 0.48
_AFTER_TELLING = 0.6  # log odds more of speaking again where narration stands in between
_ACROSS = 1.0  # log odds of speaking again after a paragraph of narration
_JOINS = -0.4  # log odds of somebody else but the last two speaking there
_CAUTION = 0.65  # so that the confidence is neither too high nor too low; measured on annotated novels
_BRANCHES = 7  # candidates of a turn that are weighed
_FLOOR = 1e-4

State = tuple[int, int]  # the last speaker and the one before


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
    addressing = Addressing(scene)
    options = [
        addressing.weigh(k, _options(table.who[low:high], chances[low:high]))
        for k, (low, high) in enumerate(itertools.pairwise(table.bounds))
    ]
    marginals = read_together(scene.turns, options)
    told = resume(scene, options, marginals)
    if told is not None:
        marginals = read_together(scene.turns, told)
    speakers = [shares[0][0] if shares else -1 for shares in marginals]
    return [
        _guess(shares, explain(scene, speakers, turn.number))
        for turn, shares in zip(scene.turns, marginals, strict=True)
    ]


def _options(whose: list[int], chances: Scores) -> list[tuple[int, float]]:
    """Candidates of one turn, the likeliest first."""
    pairs = [(who, float(chance)) for who, chance in zip(whose, chances, strict=True)]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def read_together(turns: list[Turn], options: list[Shares]) -> list[Shares]:
    """The chances of the speakers of all turns, read together: those of `options`, borne out by the turns
    before and after (the forward-backward algorithm over the last two speakers). The likeliest first."""
    choices = [shares[:_BRANCHES] or [(-1, 1.0)] for shares in options]
    forward = _forward(turns, choices)
    backward = _backward(turns, choices, forward)
    found: list[Shares] = []
    for k in range(len(turns)):
        chance: dict[int, float] = {}
        for state, weight in forward[k].items():
            chance[state[0]] = chance.get(state[0], 0.0) + weight * backward[k][state]
        total = sum(chance.values())
        ranked = sorted(chance.items(), key=lambda pair: (-pair[1], pair[0]))
        found.append([(who, value / total) for who, value in ranked])
    return found


def _forward(turns: list[Turn], choices: list[Shares]) -> list[dict[State, float]]:
    """For each turn and each pair of speakers of it and before it: the chance by all turns up to it."""
    states: dict[State, float] = {(-1, -1): 1.0}
    found: list[dict[State, float]] = []
    for k, turn in enumerate(turns):
        if not (turn.continues and k):
            odds = _turn_taking(turns[k - 1] if k else None, turn)
            following: dict[State, float] = {}
            for (last, before), weight in states.items():
                for who, chance in choices[k]:
                    worth = weight * (chance + _FLOOR) * odds[0 if who == last else 1 if who == before else 2]
                    following[who, last] = following.get((who, last), 0.0) + worth
            total = sum(following.values())
            states = {state: weight / total for state, weight in following.items()}
        found.append(states)
    return found


def _backward(
    turns: list[Turn], choices: list[Shares], forward: list[dict[State, float]]
) -> list[dict[State, float]]:
    """The same for all turns behind it."""
    found: list[dict[State, float]] = [{}] * len(turns)
    behind = dict.fromkeys(forward[-1], 1.0) if forward else {}
    for k in range(len(turns) - 1, -1, -1):
        found[k] = behind
        if not k or turns[k].continues:
            continue
        odds = _turn_taking(turns[k - 1], turns[k])
        worths: dict[State, float] = {}
        for last, before in forward[k - 1]:
            worths[last, before] = sum(
                (chance + _FLOOR) * odds[0 if who == last else 1 if who == before else 2] * behind[who, last]
                for who, chance in choices[k]
            )
        top = max(worths.values())
        behind = {state: worth / top for state, worth in worths.items()}
    return found


def _turn_taking(before: Turn | None, turn: Turn) -> tuple[float, float, float]:
    """Odds of a speaker after the turn before: the same one again, the one before that, or another."""
    if before is None or turn.paragraph - before.paragraph > 2:
        return 1.0, 1.0, 1.0
    if turn.paragraph - before.paragraph == 2:
        return math.exp(_ACROSS), 1.0, math.exp(_JOINS)
    again, returns = (_SAME_TAGGED, _RETURN_TAGGED) if turn.tag is not None else (_SAME, _RETURN)
    return math.exp(again + (_AFTER_TELLING if before.told else 0.0)), math.exp(returns), 1.0


def _guess(shares: Shares, evidence: str) -> Guess:
    """The likeliest speaker, and whoever else it might be."""
    tempered = [(who, chance**_CAUTION) for who, chance in shares]
    total = sum(chance for _, chance in tempered)
    if not tempered or tempered[0][0] < 0:
        return Guess(-1, 0.0, evidence)
    candidates = [(who, chance / total) for who, chance in tempered if who >= 0]
    rest = [pair for pair in candidates[1:] if pair[1] >= 0.01][:4]
    return Guess(candidates[0][0], candidates[0][1], evidence, (candidates[0], *rest))
