"""Plain rules for who speaks, tried in order of trust; used where nothing better can be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from audiobook.speakers.scene import Scene, Turn


@dataclass(frozen=True, slots=True)
class Guess:
    """The speaker of a turn: a character's number or -1, how sure, and why."""

    who: int = -1
    confidence: float = 0.0
    evidence: str = ""
    candidates: tuple[tuple[int, float], ...] = ()


def guess_speakers(scene: Scene) -> list[Guess]:
    """Go through the turns from first to last."""
    guesses: list[Guess] = []
    for turn in scene.turns:
        guesses.append(_guess(scene, turn, guesses))
    return guesses


def tagged(scene: Scene, turn: Turn) -> int:
    """The character whom a turn's own tag names, or -1."""
    tag = turn.tag
    if tag is None:
        return -1
    if tag.subject.kind == "name":
        return tag.subject.who
    if tag.subject.word in ("i", "we"):
        return scene.narrator
    return -1


def _guess(scene: Scene, turn: Turn, before: list[Guess]) -> Guess:
    if turn.continues and before:
        return Guess(
            before[-1].who, before[-1].confidence, "goes on with the speech before", before[-1].candidates
        )
    who = tagged(scene, turn)
    if who >= 0 and turn.tag is not None:
        name = scene.characters[who].name
        return Guess(who, 0.97, f"tag: {turn.tag.verb} {name}".strip(), ((who, 0.97),))
    tag = turn.tag or turn.weak
    if tag is not None and tag.subject.gender in ("M", "F"):
        who = _nearest(scene, turn, before, tag.subject.gender)
        if who >= 0:
            return Guess(who, 0.7, f"tag: {tag.verb} {tag.subject.word}".strip(), ((who, 0.7),))
    if tag is not None and tag.subject.kind == "name":
        return Guess(tag.subject.who, 0.75, "named beside the line", ((tag.subject.who, 0.75),))
    return _from_conversation(scene, turn, before)


def _from_conversation(scene: Scene, turn: Turn, before: list[Guess]) -> Guess:
    turns = scene.turns
    last = turns[turn.number - 1] if turn.number else None
    if last is not None and turn.paragraph - last.paragraph <= 2:
        if last.called and last.called[0] != before[-1].who and last.called[0] not in turn.called:
            return Guess(last.called[0], 0.7, "called by name in the line before", ((last.called[0], 0.7),))
        if turn.number >= 2 and turn.paragraph - turns[turn.number - 2].paragraph <= 5:
            who = before[-2].who
            if who >= 0 and who != before[-1].who and who not in turn.called:
                name = scene.characters[before[-1].who].name if before[-1].who >= 0 else "another"
                return Guess(who, 0.65, f"alternation with {name}", ((who, 0.65),))
    who = _nearest(scene, turn, before, "")
    return Guess(who, 0.4 if who >= 0 else 0.0, "nearest by" if who >= 0 else "")


def _nearest(scene: Scene, turn: Turn, before: list[Guess], gender: str) -> int:
    """The character most on the scene before a turn, of one gender."""
    low = scene.paragraph_tokens[max(0, turn.paragraph - 8)]
    points: Counter[int] = Counter()
    for rank, mention in enumerate(reversed(scene.mentions.told(low, turn.first)[-14:])):
        points[mention.who] += 1000 // (1 + rank)
    for back, weight in ((1, 100), (2, 800), (3, 150), (4, 300)):
        if back <= len(before) and turn.paragraph - scene.turns[turn.number - back].paragraph <= 8:
            points[before[-back].who] += weight
    if not gender and before and turn.number and turn.paragraph - scene.turns[turn.number - 1].paragraph == 1:
        points.pop(before[-1].who, None)
    for who in [-1, *turn.called]:
        points.pop(who, None)
    if gender:
        fits = {who: n for who, n in points.items() if scene.characters[who].gender in (gender, "")}
        points = Counter(fits)
    return max(points, key=lambda who: (points[who], -who)) if points else -1
