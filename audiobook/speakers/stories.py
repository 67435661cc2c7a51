"""Stories told inside the book: whoever tells one goes on with it when they were interrupted."""

from __future__ import annotations

import itertools
import math

from audiobook.speakers.scene import Scene, Turn
from audiobook.speakers.view import agreement

Shares = list[tuple[int, float]]

_LONG = 5  # paragraphs of a speech that is a story
_PARAGRAPHS, _CHARACTERS = 2, 400  # of a speech that may be more of it: either
_REACH = 8  # speeches behind the story
_GAP = 4  # paragraphs from one speech to the next
_ODDS = math.exp(5.0)  # of the one who told the story; chosen on annotated novels, where 3 to 7 do alike
_LEAST = 0.02  # the teller's chance before, where the ranker did not think of them


def resume(scene: Scene, options: list[Shares], told: list[Shares]) -> list[Shares] | None:
    """The options with the teller of each story favoured for the long speeches just behind it, or None where
    nobody tells a story. `told` are the chances as they were read without that."""
    speeches = _speeches(scene.turns)
    changed: list[Shares] | None = None
    for place, (first, behind) in enumerate(speeches):
        if behind - first < _LONG or not told[first] or told[first][0][0] < 0:
            continue
        teller, last = told[first][0][0], scene.turns[behind - 1].paragraph
        for start, end in speeches[place + 1 : place + 1 + _REACH]:
            if scene.turns[start].paragraph - last > _GAP:
                break
            last = scene.turns[end - 1].paragraph
            if _may_go_on(scene, start, end, teller):
                changed = changed or list(options)
                changed[start] = _favour(changed[start], teller)
    return changed


def _speeches(turns: list[Turn]) -> list[tuple[int, int]]:
    """Turns, those that go on joined to the one before: first and behind the last."""
    starts = [turn.number for turn in turns if not turn.continues or turn.number == 0]
    return list(itertools.pairwise([*starts, len(turns)]))


def _may_go_on(scene: Scene, first: int, behind: int, teller: int) -> bool:
    """Whether a speech is long enough to be more of a story, and no tag gives it to somebody else."""
    tag = scene.turns[first].tag
    if tag is not None:
        subject = tag.subject
        clash = agreement(scene.characters[teller].gender, subject.gender) < 0
        if subject.kind != "pronoun" or clash or (subject.gender == "I" and teller != scene.narrator):
            return False
    size = sum(quote.end - quote.start for turn in scene.turns[first:behind] for quote in turn.quotations)
    return behind - first >= _PARAGRAPHS or size > _CHARACTERS


def _favour(options: Shares, teller: int) -> Shares:
    """The same candidates, the teller with better odds."""
    chances = dict(options)
    chances[teller] = max(chances.get(teller, 0.0), _LEAST) * _ODDS
    total = sum(chances.values())
    return sorted(
        ((who, chance / total) for who, chance in chances.items()), key=lambda pair: (-pair[1], pair[0])
    )
