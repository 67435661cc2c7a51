"""Evidence: why a line was given to somebody, in words."""

from __future__ import annotations

from audiobook.speakers.people import NARRATOR_SPEAKS
from audiobook.speakers.scene import Scene, Turn
from audiobook.speakers.tags import Subject, Tag


def explain(scene: Scene, speakers: list[int], k: int) -> str:
    """The best reason for the speaker of turn `k`, given the speakers of all turns."""
    turn, who = scene.turns[k], speakers[k]
    if who < 0:
        return "nobody known is on the scene"
    if turn.continues and k and speakers[k - 1] == who:
        return "goes on with the speech before"
    return (
        _by_tag(scene, turn, who)
        or _by_neighbours(scene, speakers, k)
        or _by_narration(scene, turn, who)
        or "on the scene"
    )


def called(scene: Scene, who: int) -> str:
    """A character's name for a reader."""
    name = scene.characters[who].name
    return "the narrator" if name == NARRATOR_SPEAKS else name


def _phrase(scene: Scene, tag: Tag, subject: Subject) -> str:
    if subject.kind == "name":
        noun = called(scene, subject.who)
    elif subject.word == "i":
        noun = "I"
    elif subject.kind == "kin":
        noun = (
            f"{called(scene, subject.owner)}'s {subject.word}"
            if subject.owner >= 0
            else f"his or her {subject.word}"
        )
    else:
        noun = subject.word if subject.kind in ("pronoun", "unknown") else f"the {subject.word}"
    if not tag.verb:
        return noun
    return f"{tag.verb} {noun}" if tag.form == "vs" else f"{noun} {tag.verb}"


def _by_tag(scene: Scene, turn: Turn, who: int) -> str:
    tag = turn.tag
    if tag is None:
        return ""
    subject = tag.subject
    if subject.kind == "name" and subject.who != who:
        return ""
    if subject.gender in ("M", "F") and scene.characters[who].gender not in (subject.gender, ""):
        return ""
    phrase = _phrase(scene, tag, subject)
    return (
        f"tag: {phrase}"
        if subject.kind == "name" or subject.word == "i"
        else f"tag: {phrase}, for {called(scene, who)}"
    )


def _by_neighbours(scene: Scene, speakers: list[int], k: int) -> str:
    who, turn = speakers[k], scene.turns[k]
    near = [
        n
        for n in (k - 1, k + 1)
        if 0 <= n < len(speakers) and abs(scene.turns[n].paragraph - turn.paragraph) <= 3
    ]
    if k - 1 in near and who in scene.turns[k - 1].called and speakers[k - 1] != who:
        return f"called by name by {called(scene, speakers[k - 1])} in the line before"
    for step in (-1, 1):
        other, again = k + step, k + 2 * step
        if other in near and 0 <= again < len(speakers) and speakers[again] == who != speakers[other] >= 0:
            return f"alternation with {called(scene, speakers[other])}"
    if k + 1 in near and who in scene.turns[k + 1].called and speakers[k + 1] != who:
        return f"called by name by {called(scene, speakers[k + 1])} in the line after"
    return ""


def _by_narration(scene: Scene, turn: Turn, who: int) -> str:
    if any(mention.who == who for mention in scene.mentions.told(turn.first, turn.behind)):
        return "named beside the line"
    low = scene.paragraph_tokens[max(0, turn.paragraph - 2)]
    if any(mention.who == who for mention in scene.mentions.told(low, turn.first)):
        return "named just before the line"
    return ""
