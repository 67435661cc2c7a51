"""From chances to speakers: the best reading of whole conversations.

The ranker judges each turn by itself. Here whole runs of turns are read together: of two people who talk, the
one who did not just speak goes on, and somebody speaks twice in a row only where something says so.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

from audiobook.speakers.address import Addressing
from audiobook.speakers.evidence import explain
from audiobook.speakers.ranker import Scores, load_ranker, rank
from audiobook.speakers.scene import Scene, Turn

_SAME = -1.3  # log odds of speaking again in the very next paragraph
_RETURN = 1.0  # log odds of answering the one who answered
_AFTER_TELLING = 0.6  # log odds more of speaking again where narration stands in between
_ACROSS = 0.5  # log odds of speaking again after a paragraph of narration
_JOINS = -0.4  # log odds of somebody else but the last two speaking there
_CAUTION = 0.7  # so that the confidence is neither too high nor too low; measured on annotated novels
_BEAM = 24
_BRANCHES = 6
_FLOOR = 1e-4


@dataclass(frozen=True, slots=True)
class Guess:
    """The speaker of a turn: a character's number or -1, how sure, why, and who else it might be."""

    who: int = -1
    confidence: float = 0.0
    evidence: str = ""
    candidates: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    """A reading of the turns so far: its worth, its last two speakers, and the reading it goes on from."""

    worth: float = 0.0
    last: int = -1
    before: int = -1
    previous: _State | None = field(default=None, repr=False)


def guess_speakers(scene: Scene) -> list[Guess]:
    """A guess for each turn."""
    table, chances = rank(scene, load_ranker())
    addressing = Addressing(scene)
    options = [
        addressing.weigh(k, _options(table.who[low:high], chances[low:high]))
        for k, (low, high) in enumerate(itertools.pairwise(table.bounds))
    ]
    speakers = best_reading(scene.turns, options)
    guesses: list[Guess] = []
    for turn, shares in zip(scene.turns, options, strict=True):
        k = turn.number
        if turn.continues and guesses:
            shares = list(guesses[-1].candidates)
        evidence = explain(scene, speakers, k)
        guesses.append(_guess(speakers, k, shares, evidence, scene.turns))
    return guesses


def _options(whose: list[int], chances: Scores) -> list[tuple[int, float]]:
    """Candidates of one turn, the likeliest first."""
    pairs = [(who, float(chance)) for who, chance in zip(whose, chances, strict=True)]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def best_reading(turns: list[Turn], options: list[list[tuple[int, float]]]) -> list[int]:
    """The likeliest speakers of all turns together (a beam search over the last two speakers)."""
    beam = [_State()]
    for turn, shares in zip(turns, options, strict=True):
        before = turns[turn.number - 1] if turn.number else None
        best: dict[tuple[int, int], _State] = {}
        for state in beam:
            if turn.continues and turn.number:
                choices = [(state.last, 1.0)]
            else:
                choices = shares[:_BRANCHES] or [(-1, 1.0)]
            for who, chance in choices:
                worth = state.worth + math.log(chance + _FLOOR)
                if before is not None and not turn.continues and who >= 0:
                    worth += _turn_taking(before, turn, who == state.last, who == state.before)
                key = (who, state.last)
                if key not in best or worth > best[key].worth:
                    best[key] = _State(worth, who, state.last, state)
        beam = sorted(best.values(), key=lambda state: (-state.worth, state.last, state.before))[:_BEAM]
    return _trace(beam[0])


def _turn_taking(before: Turn, turn: Turn, again: bool, returns: bool) -> float:
    """Log odds of a speaker after the turn before: the same one again, the one before that, or another."""
    gap = turn.paragraph - before.paragraph
    if gap > 2:
        return 0.0
    if gap == 2:
        return _ACROSS if again else 0.0 if returns else _JOINS
    if again:
        return _SAME + (_AFTER_TELLING if before.told else 0.0)
    return _RETURN if returns else 0.0


def _trace(state: _State | None) -> list[int]:
    speakers: list[int] = []
    while state is not None and state.previous is not None:
        speakers.append(state.last)
        state = state.previous
    return speakers[::-1]


def _guess(
    speakers: list[int], k: int, shares: list[tuple[int, float]], evidence: str, turns: list[Turn]
) -> Guess:
    """A guess with its chance as the conversation around it bears it out."""
    who = speakers[k]
    weighted = {
        other: (chance * _bearing(speakers, k, other, turns)) ** _CAUTION
        for other, chance in (shares if not turns[k].continues else [])
    }
    if turns[k].continues:
        weighted = dict(shares)
    total = sum(weighted.values())
    if not total:
        return Guess(who, 0.0, evidence)
    ranked = sorted(
        ((other, value / total) for other, value in weighted.items()), key=lambda p: (-p[1], p[0])
    )
    confidence = weighted.get(who, 0.0) / total
    first = [(who, confidence)] if who >= 0 else []
    rest = [pair for pair in ranked if pair[0] != who and pair[1] >= 0.01][:4]
    return Guess(who, confidence, evidence, tuple(first + rest))


def _bearing(speakers: list[int], k: int, who: int, turns: list[Turn]) -> float:
    """How much better or worse a candidate fits between the speakers before and after."""
    if turns[k].continues:
        return 1.0
    log_odds = 0.0
    for near, far in ((k - 1, k - 2), (k + 1, k + 2)):
        if 0 <= near < len(speakers) and abs(turns[near].paragraph - turns[k].paragraph) <= 1:
            if speakers[near] == who:
                log_odds += _SAME
            elif 0 <= far < len(speakers) and speakers[far] == who:
                log_odds += _RETURN
    return math.exp(log_odds)
