"""What is needed of a scene, computed once, and who may speak each of its turns."""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from audiobook.speakers.anaphora import Nouns, load_forests, resolve_pronouns
from audiobook.speakers.families import Families
from audiobook.speakers.idiolect import Idiolect
from audiobook.speakers.kinship import Kinship
from audiobook.speakers.places import Places
from audiobook.speakers.relations import Relations
from audiobook.speakers.salience import Resolved, resolve
from audiobook.speakers.scene import Scene, Turn

_ENOUGH = 150  # words somebody must have said by their tags, to be judged by their way of talking
_LIMIT = 15  # candidates a turn
_FARTHEST = 150  # paragraphs
_FAR_BACK = 3  # people who were named before all others
_FITTING = 2
_AHEAD = 12  # paragraphs
_REACH = 5  # paragraphs
_LIKELY = 0.15


def tag_speaker(scene: Scene, turn: Turn) -> int:
    """The character whom a turn's own tag names, or -1."""
    tag = turn.tag
    if tag is None:
        return -1
    if tag.subject.kind == "name":
        return tag.subject.who
    if tag.subject.word in ("i", "we"):
        return scene.narrator
    return -1


def agreement(known: str, wanted: str) -> int:
    """1 where two genders agree, -1 where they clash, 0 where one is unknown."""
    if known not in ("M", "F") or wanted not in ("M", "F"):
        return 0
    return 1 if known == wanted else -1


@dataclass(slots=True)
class View:
    """What is needed of a scene, computed once."""

    scene: Scene
    named: list[int] = field(default_factory=list)  # the tagged speaker of each turn, or -1
    resolved: Resolved = field(default_factory=Resolved)
    nouns: dict[int, dict[int, float]] = field(default_factory=dict)  # token of "lad" → whom it may mean
    kinship: Kinship = field(init=False)
    families: Families = field(init=False)
    meant: list[int] = field(default_factory=list)  # tokens of those pronouns and nouns, in order
    conversation: list[int] = field(default_factory=list)  # number of the conversation of each turn
    in_conversation: list[Counter[int]] = field(default_factory=list)
    told_of: dict[int, list[int]] = field(default_factory=dict)  # character → tokens of narrated mentions
    quoted_of: dict[int, list[int]] = field(default_factory=dict)
    paragraph_of: list[int] = field(default_factory=list)  # token → paragraph
    has_speech: set[int] = field(default_factory=set)
    tag_counts: Counter[int] = field(default_factory=Counter)
    idiolect: Idiolect = field(init=False)
    run: list[int] = field(
        default_factory=list
    )  # turns before that follow each other without a paragraph between
    expected: list[tuple[int, int, int, int]] = field(default_factory=list)

    @classmethod
    def of(cls, scene: Scene) -> View:
        """Index a scene."""
        view = cls(scene)
        turns = scene.turns
        view.named = [tag_speaker(scene, turn) for turn in turns]
        view.tag_counts = Counter(who for who in view.named if who >= 0)
        view.has_speech = {turn.paragraph for turn in turns}
        places = Places(scene, view.named)
        view.paragraph_of = places.paragraph
        told: dict[int, list[int]] = defaultdict(list)
        quoted: dict[int, list[int]] = defaultdict(list)
        for mention in scene.mentions.all:
            # Whoever tells the story is there whether named or not, and is weighed alike with a name or none.
            if mention.who != scene.narrator:
                (quoted if mention.quoted else told)[mention.who].append(mention.first)
        view.told_of, view.quoted_of = dict(told), dict(quoted)
        view._conversations()
        view._expect()
        view._refer(places)
        shares = [{who: 1.0} if who >= 0 else {} for who in view.named]
        view.idiolect = Idiolect([scene.speech(turn) for turn in turns], shares, _ENOUGH)
        return view

    def _refer(self, places: Places) -> None:
        """Whom the pronouns and nouns of the narration mean."""
        scene = self.scene
        single, phrases = load_forests()
        self.resolved = resolve_pronouns(places, follow(scene, self.named), single)
        relations = Relations(scene.tokens, scene.mentions, scene.characters)
        self.kinship = relations.kinship
        self.families = Families(scene, self.named, self.resolved, self.kinship)
        self.nouns = Nouns(places, self.resolved, self.families, relations.roles).table().shares(phrases)
        self.meant = sorted({*self.resolved.shares, *self.nouns})

    def means(self, index: int) -> dict[int, float]:
        """Whom the pronoun or noun at a token may mean."""
        return self.nouns.get(index) or self.resolved.shares.get(index, {})

    def _conversations(self) -> None:
        number, last = -1, -99
        for turn, who in zip(self.scene.turns, self.named, strict=True):
            if turn.paragraph - last > 4:
                number += 1
                self.in_conversation.append(Counter())
            last = turn.paragraph
            self.conversation.append(number)
            if who >= 0:
                self.in_conversation[number][who] += 1

    def _expect(self) -> None:
        """Whom alternation of two speakers would have speak, from the last tag on and from the next tag back:
        (speaker, turns since) and (speaker, turns until), -1 where nobody."""
        turns, size = self.scene.turns, len(self.scene.turns)
        run = 0
        for k, turn in enumerate(turns):
            run = run + 1 if k and turn.paragraph - turns[k - 1].paragraph <= 1 else 0
            self.run.append(min(run, 12))
        forward = [self._alternate(k, -1) for k in range(size)]
        backward = [self._alternate(k, 1) for k in range(size)]
        self.expected = [(*one, *other) for one, other in zip(forward, backward, strict=True)]

    def _alternate(self, k: int, step: int) -> tuple[int, int]:
        turns, named = self.scene.turns, self.named
        other, distance = k + step, 1
        while 0 <= other < len(turns) and abs(turns[other].paragraph - turns[other - step].paragraph) <= 2:
            if named[other] >= 0:
                if distance % 2 == 0:
                    return named[other], distance
                partner = self._partner(other, named[other], step, k)
                return partner, distance
            if not turns[other if step < 0 else other - step].continues:
                distance += 1
            other += step
            if distance > 12:
                break
        return -1, 20

    def _partner(self, at: int, who: int, step: int, k: int) -> int:
        """With whom the tagged speaker of a turn talks: the nearest other tagged speaker."""
        named = self.named
        for reach in range(1, 9):
            for other in (at + reach * step, at - reach * step):
                if not 0 <= other < len(named) or other == k or named[other] in (-1, who):
                    continue
                if abs(self.scene.turns[other].paragraph - self.scene.turns[at].paragraph) <= 16:
                    return named[other]
        return -1


def follow(scene: Scene, named: list[int]) -> Resolved:
    """Whom the running salience takes pronouns to mean; `named`: the tagged speaker of each turn, or -1."""
    tokens = scene.tokens
    speeches = {tokens.at(turn.start): who for turn, who in zip(scene.turns, named, strict=True) if who >= 0}
    genders = [character.gender for character in scene.characters]
    return resolve(tokens, scene.mentions.at, scene.paragraph_tokens, genders, scene.narrator, speeches)


def lead_in(scene: Scene, turn: Turn) -> int:
    """The first token of the narration that leads to a turn: in its paragraph, or at the end of the one
    before where the tag stands there ("Then he said:")."""
    tag = turn.tag
    if tag is None or tag.subject.first >= turn.first or not turn.paragraph:
        return turn.first
    first = scene.paragraph_tokens[turn.paragraph - 1]
    at = scene.tokens.quoted.rfind(1, first, turn.first)
    return max(first, at + 1)


def candidates(view: View, turn: Turn) -> list[int]:
    """Who may speak a turn: everybody on the scene, the most recent first."""
    scene = view.scene
    k = turn.number
    points: dict[int, float] = defaultdict(float)
    low = scene.paragraph_tokens[max(0, turn.paragraph - 24)]
    high = scene.paragraph_tokens[min(len(scene.paragraphs), turn.paragraph + 4)]
    for mention in scene.mentions.between(low, high):
        distance = abs(view.paragraph_of[mention.first] - turn.paragraph)
        points[mention.who] += (0.3 if mention.quoted else 1.0) / (1 + distance)
    for other in range(max(0, k - 12), min(len(scene.turns), k + 9)):
        who = view.named[other]
        if who >= 0 and abs(scene.turns[other].paragraph - turn.paragraph) < 36:
            points[who] += 2.0 / (1 + abs(other - k))
    if view.named[k] >= 0:
        points[view.named[k]] += 10
    if scene.narrator >= 0:
        points[scene.narrator] += 1.0
    _add_meant(view, turn, points)
    _add_related(view, turn, points)
    _add_far(view, turn, points, low, high)
    ranked = sorted(points, key=lambda who: (-points[who], who))
    return ranked[:_LIMIT]


def _add_meant(view: View, turn: Turn, points: dict[int, float]) -> None:
    """Add whom the pronouns and nouns near a turn may mean."""
    starts, meant = view.scene.paragraph_tokens, view.meant
    low = bisect.bisect_left(meant, starts[max(0, turn.paragraph - _REACH)])
    high = bisect.bisect_left(meant, starts[min(len(starts) - 1, turn.paragraph + 2)])
    for index in meant[low:high]:
        distance = abs(view.paragraph_of[index] - turn.paragraph)
        for who, share in view.means(index).items():
            if share > _LIKELY:
                points[who] += 0.5 * share / (1 + distance)


def _add_related(view: View, turn: Turn, points: dict[int, float]) -> None:
    """Add the relatives of whom a tag says so, wherever they are: “said his lady”."""
    tag, families = turn.tag, view.families
    if tag is None or tag.subject.kind != "kin":
        return
    noun = tag.subject.word
    for owner, share in families.owners_of(tag.subject, turn.called).items():
        for who in families.relatives(noun, owner):
            points[who] += share * families.strength(noun, who, owner)


def _add_far(view: View, turn: Turn, points: dict[int, float], low: int, high: int) -> None:
    """Add the people named last before the token `low`, who may be on the scene as "he" and "she" since, and
    the one named next behind `high`; at least two whom the pronoun of a tag can mean."""
    scene = view.scene
    narrated = scene.mentions.narrated
    tag = turn.tag or turn.weak
    wanted = tag.subject.gender if tag is not None and tag.subject.kind != "name" else ""

    def fits(who: int) -> bool:
        return agreement(scene.characters[who].gender, wanted) >= 0 and who != scene.narrator

    fitting = sum(1 for who in points if fits(who))
    added = 0
    for index in range(scene.mentions.told_before(low) - 1, -1, -1):
        who = narrated[index].who
        distance = turn.paragraph - view.paragraph_of[narrated[index].first]
        if distance > _FARTHEST or (added >= _FAR_BACK and fitting >= _FITTING):
            break
        if who not in points:
            points[who] = 0.3 / (1 + distance)
            added += 1
            fitting += fits(who)
    for index in range(scene.mentions.told_before(high), len(narrated)):
        who = narrated[index].who
        distance = view.paragraph_of[narrated[index].first] - turn.paragraph
        if distance > _AHEAD:
            break
        if who not in points:
            points[who] = 0.3 / (1 + distance)
            break
