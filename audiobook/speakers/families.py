"""Families: who is whose father, aunt or wife, as far as names, the narration and what people call each other
tell it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from audiobook.speakers.kinship import Kinship
from audiobook.speakers.mentions import Mention
from audiobook.speakers.nouns import KIN, noun_gender
from audiobook.speakers.phrases import Subject
from audiobook.speakers.runs import beside
from audiobook.speakers.salience import Resolved
from audiobook.speakers.scene import Scene, Turn

_SAME_ROLE = {
    word: role
    for role, group in {
        "father": "papa dad daddy pa", "mother": "mamma mama mum mummy mom ma", "aunt": "auntie aunty",
        "wife": "lady spouse bride", "husband": "lord",
    }.items()
    for word in group.split()
}  # fmt: skip
_INVERSE = {
    "father": "son daughter child", "mother": "son daughter child", "son": "father mother",
    "daughter": "father mother", "child": "father mother", "brother": "brother sister",
    "sister": "brother sister", "husband": "wife", "wife": "husband", "uncle": "nephew niece",
    "aunt": "nephew niece", "nephew": "uncle aunt", "niece": "uncle aunt", "cousin": "cousin",
    "friend": "friend",
}  # fmt: skip
_CALLS = re.compile(
    r"(?:^|[,.!?;:\-\"“—] ?)(?:my dear |my dearest |dear |dearest |yes |no |oh |o |well |my |but |please )?"
    r"(papa|father|dad|daddy|mamma|mama|mother|mummy|uncle|aunt|auntie|brother|sister|cousin|husband|wife"
    r"|son|daughter)\b(?=[,.!?;:\"”—-])",
    re.IGNORECASE,
)
_WED = frozenset(("Mr", "Mrs", "Sir", "Lady", "Lord", "Dr", "Rev", "General", "Colonel", "Captain", "Major"))
_CALLED = 0.15  # that “his” means whoever the speech calls by name
_BY_NAME = 0.7  # how far a shared family name can be believed


def role_of(noun: str) -> str:
    """One word for all words of a relation: "papa" is a father."""
    return _SAME_ROLE.get(noun, noun)


class Families:
    """Relations of the people of one scene."""

    def __init__(self, scene: Scene, named: list[int], resolved: Resolved, kinship: Kinship) -> None:
        self.scene, self.named, self.resolved, self.kinship = scene, named, resolved, kinship
        self.links: dict[tuple[str, int], dict[int, float]] = defaultdict(lambda: defaultdict(float))
        self.genders = [character.gender for character in scene.characters]
        self.speaks = {
            index: who
            for turn, who in zip(scene.turns, named, strict=True)
            if who >= 0
            for index in range(scene.tokens.at(turn.start), scene.tokens.at(turn.end))
        }
        self._told()
        self.calls = [self._called(turn) for turn in scene.turns]
        self._heard()
        self._known: dict[tuple[str, int, int], float] = {}

    def _told(self) -> None:
        """“her uncle, Mr. Hale”, “Nora's uncle Mr. Hale”, “Mr. Hale, her uncle,”."""
        lower, mentions = self.scene.tokens.lower, self.scene.mentions
        ends = {mention.behind: mention for mention in mentions.all if mention.possessive}
        for mention in mentions.all:
            at = mention.first - 1
            if at > 0 and lower[at] == ",":
                at -= 1
            if at > 0 and lower[at] in KIN:
                self._note(lower[at], at - 1, mention.who, ends.get(at))
            behind = mention.behind
            if behind + 2 < len(lower) and lower[behind] == ",":
                for place in (behind + 2, behind + 3):
                    if place < len(lower) and lower[place] in KIN:
                        self._note(lower[place], behind + 1, mention.who, None)
                        break

    def _note(self, noun: str, at: int, who: int, owner: Mention | None) -> None:
        if owner is not None:
            self._add(noun, owner.who, who, 1.0)
        for person, share in self.owners(at).items():
            self._add(noun, person, who, share)

    def _add(self, noun: str, owner: int, who: int, weight: float) -> None:
        wanted, known = noun_gender(noun), self.genders[who]
        if owner != who and owner >= 0 and not (wanted and known and wanted != known):
            self.links[role_of(noun), owner][who] += weight

    def owners(self, at: int) -> dict[int, float]:
        """Whom “his”, “her” or “my” at a token means."""
        tokens = self.scene.tokens
        word = tokens.lower[at]
        if word in ("my", "our"):
            who = self.speaks.get(at, -1) if tokens.quoted[at] else self.scene.narrator
            return {who: 1.0} if who >= 0 else {}
        return self.resolved.shares.get(at, {}) if word in ("his", "her") else {}

    def owners_of(self, kin: Subject, called: Sequence[int] = ()) -> dict[int, float]:
        """Whose relation a phrase means; where it is not said by name, perhaps that of somebody called."""
        if kin.owner >= 0:
            return {kin.owner: 1.0}
        return dict.fromkeys(called, _CALLED) | self.owners(kin.first)

    def likelihood(self, noun: str, who: int, owners: Mapping[int, float]) -> float:
        """How far somebody can be that relation of one of several people, each with a chance."""
        return sum(share * self.strength(noun, who, owner) for owner, share in owners.items())

    def _called(self, turn: Turn) -> str:
        """The relation that a speech calls somebody by ("Yes, papa")."""
        found = _CALLS.search(self.scene.speech(turn))
        return role_of(found.group(1).lower()) if found else ""

    def _heard(self) -> None:
        """Who is called "papa" by whom, where tags name both."""
        turns, named = self.scene.turns, self.named
        for k, role in enumerate(self.calls):
            if not role or named[k] < 0:
                continue
            for j in beside(turns, k):
                if named[j] >= 0:
                    self._add(role, named[k], named[j], 1.0)

    def strength(self, noun: str, who: int, owner: int) -> float:
        """How far somebody can be that relation of another, 0 to 1."""
        role = role_of(noun)
        key = (role, who, owner)
        if key not in self._known:
            self._known[key] = self._strength(role, who, owner)
        return self._known[key]

    def _strength(self, role: str, who: int, owner: int) -> float:
        wanted, known = noun_gender(role), self.genders[who]
        if who == owner or (wanted and known and wanted != known):
            return 0.0
        found = self._by_name(role, who, owner)
        straight = self.links.get((role, owner))
        if straight:
            found = max(found, straight.get(who, 0.0) / (sum(straight.values()) + 0.5))
        for back in _INVERSE.get(role, "").split():
            inverse = self.links.get((back, who))
            if inverse:
                found = max(found, inverse.get(owner, 0.0) / (sum(inverse.values()) + 0.5))
        return found

    def _by_name(self, role: str, who: int, owner: int) -> float:
        """What a shared family name lets one presume: Mrs. Hale may be the mother of Tom Hale, who is the
        brother of Nora Hale; less where the son is a Mr. Hale himself."""
        own, theirs = self.kinship.families(who), self.kinship.families(owner)
        found = 0.2 if self.kinship.called[role][who] else 0.0
        for family in own.keys() & theirs.keys():
            titles, given = own[family]
            their_titles, their_given = theirs[family]
            wed, their_wed = bool(titles & _WED), bool(their_titles & _WED)
            if role in ("father", "mother") and wed and their_given:
                found = max(found, _BY_NAME * (0.5 if given else 1.0) * (0.5 if their_wed else 1.0))
            elif role in ("son", "daughter") and given and their_wed:
                found = max(found, _BY_NAME * (0.5 if their_given else 1.0) * (0.5 if wed else 1.0))
            elif role in ("brother", "sister") and given and their_given:
                found = max(found, _BY_NAME * (0.5 if wed or their_wed else 1.0))
            elif role in ("husband", "wife") and wed and self.genders[who] != self.genders[owner]:
                found = max(found, _BY_NAME * (1.0 if their_wed else 0.5))
            elif role not in ("friend", "companion"):
                found = max(found, 0.2)
        return found

    def relatives(self, noun: str, owner: int) -> list[int]:
        """Everybody who may be that relation of somebody."""
        return [who for who in range(len(self.genders)) if self.strength(noun, who, owner) > 0.2]

    # --- numbers -----------------------------------------------------------------------------------

    def candidates(self, turn: Turn, chosen: list[int]) -> list[list[float]]:
        """One row a candidate: as the relation that the tag says; as one who calls a neighbour, or any other
        candidate, what the speech calls; as the one who is called so; and as the one whom the speeches before
        and behind call."""
        k = turn.number
        tag = turn.tag or turn.weak
        kin = tag.subject if tag is not None and tag.subject.kind == "kin" else None
        owners = self.owners_of(kin, turn.called) if kin is not None else {}
        role = self.calls[k]
        near = beside(self.scene.turns, k)
        partners = [self.named[j] for j in near if self.named[j] >= 0]
        rows = []
        for who in chosen:
            row = [-1.0] * 6
            if kin is not None:
                row[0] = self.likelihood(kin.word, who, owners)
            if role:
                row[1] = max((self.strength(role, x, who) for x in partners), default=0.0)
                row[2] = max((self.strength(role, x, who) for x in chosen), default=0.0)
                row[3] = max((self.strength(role, who, x) for x in chosen), default=0.0)
            for j in near:
                if self.calls[j]:
                    callers = [self.named[j]] if self.named[j] >= 0 else chosen
                    row[4 if j < k else 5] = max(self.strength(self.calls[j], who, x) for x in callers)
            rows.append(row)
        return rows
