"""Direction: how a line is spoken, from the narration beside it ("she whispered")."""

from __future__ import annotations

from audiobook.speakers.scene import Scene, Turn
from audiobook.speakers.verbs import ADVERBS, PARTICIPLES, STYLES


def style_of(scene: Scene, turn: Turn, number: int) -> str:
    """The manner of one quotation of a turn: from its own tag, else from the tag of the turn."""
    own = [tag for tag in turn.tags if tag.quotation == number and tag.verb and tag.strength >= 5]
    tag = own[0] if own else turn.tag
    if tag is None or tag.strength < 5:
        return ""
    found = [STYLES[tag.verb]] if tag.verb in STYLES else []
    tokens = scene.tokens
    behind = tag.subject.behind
    for index in range(max(turn.first, tag.subject.first - 2), min(turn.behind, behind + 6)):
        word = tokens.lower[index]
        if index >= behind and (word in ".!?;" or tokens.quoted[index]):
            break
        if tokens.quoted[index]:
            continue
        manner = word if word in ADVERBS else PARTICIPLES.get(word, "")
        if manner and manner not in found:
            found.append(manner)
    return ", ".join(found[:2])
