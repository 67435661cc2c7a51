"""What speeches say to each other: whom they call by name or "sir", and of whom they only talk.

The ranker weighs a turn on its own merits; here a candidate gains or loses by what the turn and its
neighbours say. The weights were chosen on annotated novels, with and without a cast list.
"""

from __future__ import annotations

import math

from audiobook.speakers.addressees import addressee_gender
from audiobook.speakers.scene import Scene, Turn
from audiobook.speakers.view import agreement

Options = list[tuple[int, float]]

_ONESELF = -3.5  # log odds of calling oneself by name
_OWN_NAME = -0.7  # of speaking of oneself by name
_ANSWERS = 1.7  # of answering when called
_CALLS_BACK = 0.5  # of being called in the answer
_TALKED_OF = -0.6  # of speaking beside a speech about oneself
_CLASH = -3.0  # of being a "he" where the tag says "she"
_WEAK_CLASH = -0.5
_ADDRESSED = 1.26  # of answering to "sir", being a man
_SOFTEN = 1.6  # the ranker is surer than it should be
_FLOOR = 1e-4


class Addressing:
    """Weighs the candidates of the turns of one scene."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.to = [addressee_gender(scene.speech(turn)) for turn in scene.turns]

    def weigh(self, k: int, options: Options) -> Options:
        """The candidates of turn `k` with their chances changed, the likeliest first."""
        if not options:
            return []
        logs = {
            who: math.log(chance + 1e-9) / _SOFTEN + (self._odds(k, who) if who >= 0 else 0.0)
            for who, chance in options
        }
        top = max(logs.values())
        total = sum(math.exp(value - top) for value in logs.values())
        weighed = [(who, math.exp(value - top) / total) for who, value in logs.items()]
        return sorted(weighed, key=lambda pair: (-pair[1], pair[0]))

    def _odds(self, k: int, who: int) -> float:
        turns = self.scene.turns
        turn = turns[k]
        gender = self.scene.characters[who].gender
        odds = _ONESELF * (who in turn.called) + _OWN_NAME * (who in turn.named)
        odds += self._by_tag(turn, gender)
        before = turns[k - 1] if k else None
        if before is not None and turn.paragraph - before.paragraph <= 2:
            odds += _ANSWERS * (who in before.called)
        if before is not None and turn.paragraph - before.paragraph <= 1:
            odds += _ADDRESSED * agreement(gender, self.to[k - 1]) + _TALKED_OF * (who in before.named)
        after = turns[k + 1] if k + 1 < len(turns) else None
        if after is not None and after.paragraph - turn.paragraph <= 1 and not after.continues:
            odds += _ADDRESSED * agreement(gender, self.to[k + 1]) + _TALKED_OF * (who in after.named)
            odds += _CALLS_BACK * (who in after.called)
        return odds

    @staticmethod
    def _by_tag(turn: Turn, gender: str) -> float:
        odds = 0.0
        if turn.tag is not None and turn.tag.subject.kind != "name":
            odds += _CLASH * (agreement(gender, turn.tag.subject.gender) < 0)
        if turn.weak is not None:
            odds += _WEAK_CLASH * (agreement(gender, turn.weak.subject.gender) < 0)
        return odds
