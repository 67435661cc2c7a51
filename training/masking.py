"""Labels without annotators: tags that name their speaker are hidden, and the ranker learns to do without them.

Hidden turns are chosen so that what is left looks like real untagged dialogue: whole conversations lose most of
their tags, and those first that a reader needs least (the other of two speakers, the person just named).
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from audiobook.speakers.features import tag_speaker
from audiobook.speakers.mentions import Mentions
from audiobook.speakers.scene import Scene, Turn
from audiobook.speakers.tags import Subject, Tag


@dataclass(frozen=True, slots=True)
class MaskSettings:
    """How much is hidden. Chosen by hand on novels that take no part in training."""

    rates: tuple[float, ...] = (0.3, 0.6, 0.85, 0.95)  # one is drawn for each conversation
    alternating: float = 1.0  # factor where the speaker is that of the turn before the last
    other: float = 0.6  # factor elsewhere
    pronoun: float = 0.4  # share of hidden tags that become a pronoun
    far_pronoun: float = 0.35  # factor for a pronoun whose person is not the last named of that gender
    keep_beat: float = 0.1  # share of hidden tags that stay as a mere neighbouring name
    sure: float = 8.0  # strength a tag needs to be a label


def mask(scene: Scene, seed: int, settings: MaskSettings) -> dict[int, int]:
    """Hide tags in `scene`, in place. Returns the speaker of each turn that had a sure tag."""
    chance = random.Random(seed)
    labels = {
        turn.number: who
        for turn in scene.turns
        if turn.tag is not None
        and turn.tag.strength >= settings.sure
        and (who := tag_speaker(scene, turn)) >= 0
    }
    dropped: set[int] = set()
    rate, last = 0.5, -99
    for turn in scene.turns:
        if turn.paragraph - last > 4:
            rate = chance.choice(settings.rates)
        last = turn.paragraph
        if turn.number not in labels:
            continue
        alternates = _alternates(labels, turn.number)
        factor = settings.alternating if alternates else settings.other
        if chance.random() < rate * factor:
            _hide(scene, turn, labels[turn.number], chance, settings, dropped)
    scene.mentions = Mentions.of([m for m in scene.mentions.all if m.first not in dropped])
    return labels


def _alternates(labels: dict[int, int], k: int) -> bool:
    who = labels[k]
    return labels.get(k - 2) == who and labels.get(k - 1, -1) != who


def _hide(
    scene: Scene, turn: Turn, who: int, chance: random.Random, settings: MaskSettings, dropped: set[int]
) -> None:
    tag = turn.tag
    assert tag is not None
    gender = scene.characters[who].gender
    if tag.subject.kind == "name" and gender and chance.random() < settings.pronoun:
        near = _last_of_gender(scene, turn, gender) == who
        if near or chance.random() < settings.far_pronoun:
            _make_pronoun(scene, turn, tag, gender, dropped)
            return
    tokens = scene.tokens
    for mention in scene.mentions.told(turn.first, turn.behind):
        dropped.add(mention.first)
    for index in range(turn.first, turn.behind):
        tokens.quoted[index] = 1
    turn.tags, turn.tag, turn.weak = [], None, None


def _last_of_gender(scene: Scene, turn: Turn, gender: str) -> int:
    at = scene.mentions.told_before(turn.first)
    for mention in reversed(scene.mentions.narrated[max(0, at - 12) : at]):
        if scene.characters[mention.who].gender == gender:
            return mention.who
    return -1


def _make_pronoun(scene: Scene, turn: Turn, tag: Tag, gender: str, dropped: set[int]) -> None:
    """“said Alice” → “said she”; other names in the turn's narration stay."""
    tokens, subject = scene.tokens, tag.subject
    word = "he" if gender == "M" else "she"
    for mention in scene.mentions.told(turn.first, turn.behind):
        if mention.who == subject.who:
            dropped.add(mention.first)
            for index in range(mention.first, mention.behind):
                tokens.word[index] = tokens.lower[index] = "x"
    tokens.word[subject.first] = tokens.lower[subject.first] = word
    changed = Subject("pronoun", subject.behind, word=word, gender=gender, first=subject.first)
    new = Tag(tag.strength, changed, tag.form, tag.verb, tag.quotation)
    turn.tags, turn.tag, turn.weak = [new], new, None
