"""Labels without annotators: tags that name their speaker are hidden; the ranker learns to do without.

Hidden turns are chosen so that what is left looks like real untagged dialogue: whole conversations lose most
of their tags, and those first that a reader needs least (the other of two speakers, the person just named).
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, replace

from audiobook.speakers.harvest import sentence_start
from audiobook.speakers.mentions import Mentions
from audiobook.speakers.nouns import noun_gender
from audiobook.speakers.scene import Scene, Turn
from audiobook.speakers.tags import Subject, Tag
from audiobook.speakers.view import tag_speaker

_NOUNS = {
    "M": ("man", "gentleman", "young man", "old man", "boy", "other"),
    "F": ("woman", "lady", "girl", "young lady", "old lady", "other"),
}
"""What narrators call people whose name they do not say again."""


@dataclass(frozen=True, slots=True)
class MaskSettings:
    """How much is hidden. Chosen by hand on novels that take no part in training."""

    rates: tuple[float, ...] = (0.3, 0.6, 0.85, 0.95)  # one is drawn for each conversation
    alternating: float = 1.0  # factor where the speaker is that of the turn before the last
    other: float = 0.6  # factor elsewhere
    pronoun: float = 0.4  # share of hidden tags that become a pronoun
    far_pronoun: float = 0.05  # factor for a pronoun whose person is not the last named of that gender
    noun: float = 0.08  # share of hidden tags with a name of several words that become “the girl”
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
    tagged = set(labels)
    labels |= natural_labels(scene, labels)
    dropped: set[int] = set()
    rate, last = 0.5, -99
    for turn in scene.turns:
        if turn.paragraph - last > 4:
            rate = chance.choice(settings.rates)
        last = turn.paragraph
        if turn.number not in tagged:
            continue
        alternates = _alternates(labels, turn.number)
        factor = settings.alternating if alternates else settings.other
        if chance.random() < rate * factor:
            _hide(scene, turn, labels[turn.number], chance, settings, dropped)
    scene.mentions = Mentions.of([m for m in scene.mentions.all if m.first not in dropped])
    return labels


def natural_labels(scene: Scene, tagged: dict[int, int]) -> dict[int, int]:
    """Turns without a telling tag whose speaker is plain to a reader all the same."""
    found: dict[int, int] = {}
    for turn in scene.turns:
        if turn.number in tagged:
            continue
        who = _named_beside(scene, turn)
        if who >= 0:
            found[turn.number] = who
    return found | _between_two(scene, tagged | found)


def _named_beside(scene: Scene, turn: Turn) -> int:
    """“Nora looked up. “Yes,” she said.”: the only person named, at the head of a sentence."""
    told = scene.mentions.told(turn.first, turn.behind)
    if len({mention.who for mention in told}) != 1:
        return -1
    mention, tag = told[0], turn.tag or turn.weak
    if mention.possessive or mention.who in turn.called or not sentence_start(scene.tokens, mention.first):
        return -1
    if turn.tag is not None and turn.tag.subject.kind == "pronoun":
        known = scene.characters[mention.who].gender
        same = known and known == turn.tag.subject.gender
        return mention.who if same and mention.first < turn.tag.subject.first else -1
    beat = turn.tag is None and tag is not None and tag.subject.kind == "name"
    return mention.who if beat and len(turn.quotations) <= 2 else -1


def _between_two(scene: Scene, known: dict[int, int]) -> dict[int, int]:
    """Untagged turns of two people who take turns, from one known turn to the next."""
    found: dict[int, int] = {}
    turns = scene.turns
    order = sorted(known)
    for one, other in itertools.pairwise(order):
        gap = other - one
        if not 2 <= gap <= 9:
            continue
        run = turns[one : other + 1]
        if any(b.paragraph - a.paragraph != 1 or b.continues for a, b in itertools.pairwise(run)):
            continue
        low, high = max(0, one - 12), min(len(turns), other + 13)
        near = {
            known[k]
            for k in range(low, high)
            if k in known and abs(turns[k].paragraph - run[0].paragraph) < 30
        }
        if len(near) != 2 or (gap % 2 == 0) != (known[one] == known[other]):
            continue
        if any(turn.tag is not None for turn in run[1:-1]):
            continue
        second = next(who for who in near if who != known[one])
        for k in range(one + 1, other):
            found[k] = known[one] if (k - one) % 2 == 0 else second
    return found


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
    long = tag.subject.behind - tag.subject.first > 1
    if tag.subject.kind == "name" and gender and long and chance.random() < settings.noun:
        _make_noun(scene, turn, tag, chance.choice(_NOUNS[gender]), dropped)
        return
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
        if mention.first == subject.first:
            dropped.add(mention.first)
            for index in range(mention.first, mention.behind):
                tokens.word[index] = tokens.lower[index] = "x"
    for mention in scene.mentions.told(subject.first, subject.behind):
        dropped.add(mention.first)
    tokens.word[subject.first] = tokens.lower[subject.first] = word
    _retag(turn, tag, Subject("pronoun", subject.behind, word=word, gender=gender, first=subject.first))


def _make_noun(scene: Scene, turn: Turn, tag: Tag, phrase: str, dropped: set[int]) -> None:
    """“said Mr. Darcy” → “said the gentleman”."""
    tokens, subject = scene.tokens, tag.subject
    noun = phrase.split()[-1]
    for mention in scene.mentions.told(subject.first, subject.behind):
        dropped.add(mention.first)
    for index in range(subject.first, subject.behind):
        word = "the" if index == subject.first else phrase.split()[0]
        tokens.word[index] = tokens.lower[index] = tokens.base[index] = word
    last = subject.behind - 1
    tokens.word[last] = tokens.lower[last] = tokens.base[last] = noun
    _retag(
        turn,
        tag,
        Subject("noun", subject.behind, word=noun, gender=noun_gender(noun), first=subject.first),
    )


def _retag(turn: Turn, tag: Tag, subject: Subject) -> None:
    """Leave a turn its tag alone, with another subject."""
    new = replace(tag, subject=subject)
    turn.tags, turn.tag, turn.weak = [new], new, None
