"""Anaphora: whom "he", "the lad" and "her aunt" mean in the narration, weighed by small learned rankers.

Pronouns are judged first, by who was named where and in which role, who spoke, and the running salience; then
nouns, by the same and by what the book says of roles and families. The weights (`data/anaphora.npz`) are made
by `training/train_anaphora.py` from the coreference layer of LitBank (CC BY 4.0).
"""

from __future__ import annotations

import bisect
import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from audiobook.speakers.families import Families, role_of
from audiobook.speakers.forest import Forest, Matrix, read_weights, softmax
from audiobook.speakers.nouns import KIN
from audiobook.speakers.phrases import PRONOUNS, PhraseReader, Subject
from audiobook.speakers.places import Places
from audiobook.speakers.salience import FORMS, Resolved
from audiobook.speakers.wordlist import words

NOBODY = -1
_CASES = {"he": 0, "she": 0, "him": 1, "his": 2, "her": 3, "himself": 4, "herself": 4, "hers": 2}
_DETERMINERS = {
    word: number
    for number, group in enumerate(("the", "this that", "his her", "my our", "their its"))
    for word in group.split()
}
_NAMED_OWNER = 5
_AGED = words("old elder elderly aged")
_YOUNG = words("young younger little small poor")
_OTHERS = words("other latter former")
_RELATIONS = {noun: number for number, noun in enumerate(KIN)}
_NEAR = 2  # paragraphs
_RELATED = 0.3


@dataclass(slots=True)
class References:
    """Candidates of all pronouns or nouns, row by row; rows `bounds[i]:bounds[i + 1]` are those of
    `tokens[i]`, the last of them NOBODY."""

    tokens: list[int] = field(default_factory=list)
    bounds: list[int] = field(default_factory=lambda: [0])
    who: list[int] = field(default_factory=list)
    rows: list[list[float]] = field(default_factory=list)

    @property
    def features(self) -> Matrix:
        """One row a candidate."""
        return np.array(self.rows, np.float32)

    def add(self, index: int, shared: list[float], chosen: list[int], own: list[list[float]]) -> None:
        """Add a pronoun or noun with the people it may mean."""
        self.tokens.append(index)
        self.who += [*chosen, NOBODY]
        self.rows += [[*shared, *row, 0] for row in own]
        self.rows.append([*shared, *([0] * len(own[0])), 1])
        self.bounds.append(len(self.who))

    def shares(self, forest: Forest) -> dict[int, dict[int, float]]:
        """The chances of the people that each token may mean; what is left over is nobody's."""
        if not self.tokens:
            return {}
        chances = softmax(forest.score(self.features), self.bounds)
        return {
            index: {
                self.who[row]: float(chances[row])
                for row in range(self.bounds[number], self.bounds[number + 1] - 1)
            }
            for number, index in enumerate(self.tokens)
        }


def pronouns(places: Places, salience: Resolved) -> References:
    """All third-person pronouns of the narration, and whom they may mean."""
    scene, tokens = places.scene, places.scene.tokens
    found = References()
    last: dict[str, int] = {"M": -1, "F": -1}
    for index, word in enumerate(tokens.lower):
        if tokens.quoted[index] or word not in FORMS or index in scene.mentions.inner:
            continue
        gender = FORMS[word]
        shares = salience.shares.get(index, {})
        chosen = places.near(index, gender, shares)
        if chosen:
            shared = [_CASES[word], gender == "F", *places.around(index, last[gender], len(chosen))]
            found.add(index, shared, chosen, places.people(index, gender, chosen, shares))
        last[gender] = index
    return found


class Nouns:
    """Nouns of the narration that mean somebody who has a name: "the lad", "her aunt", "Nora's brother"."""

    def __init__(
        self, places: Places, resolved: Resolved, families: Families, roles: dict[str, Counter[int]]
    ) -> None:
        self.places, self.resolved, self.families, self.roles = places, resolved, families, roles
        scene = places.scene
        self.words = [character.words for character in scene.characters]
        self.bearers: dict[str, list[int]] = defaultdict(list)
        for who, known in enumerate(self.words):
            for word in known:
                self.bearers[word].append(who)
        self.pronouns = sorted(resolved.shares)
        self.phrases = self._phrases()
        self.lean = self._leanings()

    def _phrases(self) -> list[Subject]:
        """Phrases for one person without a name, in order."""
        scene, tokens = self.places.scene, self.places.scene.tokens
        reader = PhraseReader(tokens, scene.mentions)
        owners = {mention.first for mention in scene.mentions.narrated if mention.possessive}
        starts = scene.paragraph_tokens
        found = []
        for index, word in enumerate(tokens.lower):
            if tokens.quoted[index] or (word not in _DETERMINERS and index not in owners):
                continue
            limit = min(index + 8, starts[self.places.paragraph[index] + 1])
            subject = reader.subject(index, limit)
            if (
                subject is not None
                and subject.kind in ("noun", "kin")
                and subject.gender != "P"
                and not tokens.quoted[subject.behind - 1]
            ):
                found.append(subject)
        return found

    def _leanings(self) -> dict[str, Counter[int]]:
        """How often somebody was the last named where a noun stands, by noun."""
        places = self.places
        found: dict[str, Counter[int]] = defaultdict(Counter)
        for subject in self.phrases:
            at = bisect.bisect_left(places.firsts, subject.first)
            for mention in reversed(places.told[max(0, at - 8) : at]):
                if places.fits(mention.who, subject.gender):
                    found[subject.word][mention.who] += 1
                    break
        total: Counter[int] = Counter()
        for counts in found.values():
            total.update(counts)
        found[""] = total
        return found

    def table(self) -> References:
        """All of them, and whom they may mean; by the token of the noun."""
        found = References()
        last: dict[str, int] = {"M": -1, "F": -1, "": -1}
        for subject in self.phrases:
            index, gender = subject.behind - 1, subject.gender if subject.gender in ("M", "F") else ""
            owners = self.families.owners_of(subject) if subject.kind == "kin" else {}
            shares = self._on_mind(subject.first, gender)
            chosen = self._candidates(subject, gender, shares, owners)
            if chosen:
                shared = [
                    *self._about(subject),
                    *self.places.around(subject.first, last[gender], len(chosen)),
                ]
                own = self.places.people(subject.first, gender, chosen, shares)
                more = [self._match(subject, who, owners) for who in chosen]
                found.add(index, shared, chosen, [a + b for a, b in zip(own, more, strict=True)])
            last[gender] = index
        return found

    def _on_mind(self, index: int, gender: str) -> dict[int, float]:
        """Whom the last pronoun of that gender meant."""
        places = self.places
        at = bisect.bisect_left(self.pronouns, index)
        for token in reversed(self.pronouns[max(0, at - 8) : at]):
            if places.paragraph[index] - places.paragraph[token] > _NEAR:
                break
            if not gender or FORMS[places.scene.tokens.lower[token]] == gender:
                return self.resolved.shares[token]
        return {}

    def _candidates(
        self, subject: Subject, gender: str, shares: dict[int, float], owners: dict[int, float]
    ) -> list[int]:
        """Those near, those who bear the noun as a name, and relatives of the owner wherever they are."""
        places = self.places
        chosen = places.near(subject.first, gender, shares)
        more = [who for who in self.bearers.get(subject.word, ()) if places.fits(who, gender)][:4]
        for owner, share in owners.items():
            if share > _RELATED and role_of(subject.word) in KIN:
                more += self.families.relatives(subject.word, owner)[:4]
        return list(dict.fromkeys([*chosen, *more]))

    def _about(self, subject: Subject) -> list[float]:
        tokens = self.places.scene.tokens
        between = tokens.lower[subject.first + 1 : subject.behind - 1]
        relation = _RELATIONS.get(role_of(subject.word), -1)
        named = subject.owner >= 0
        return [
            _NAMED_OWNER if named else _DETERMINERS.get(tokens.lower[subject.first], 6),
            relation,
            {"M": 1, "F": 2}.get(subject.gender, 0),
            1 if subject.word in _OTHERS else 2 if subject.word in ("voice", "tones") else 0,
            any(word in _AGED for word in between),
            any(word in _YOUNG for word in between),
            len(between),
            math.log1p(len(self.lean.get(subject.word, ()))),
        ]

    def _match(self, subject: Subject, who: int, owners: dict[int, float]) -> list[float]:
        """How far the noun is somebody's: as a name, as a role that the book gives them, as a relation of the
        owner, by how often it stands where they were named, and whether they are the owner."""
        noun = subject.word
        borne = self.roles.get(noun, Counter())
        lean, total = self.lean.get(noun, Counter()), self.lean[""]
        known = sum(lean.values())
        expected = known * total[who] / max(1, sum(total.values()))
        return [
            noun in self.words[who],
            borne[who] / (borne.total() + 0.5) if borne else -1.0,
            self.families.likelihood(noun, who, owners) if owners else -1.0,
            math.log((lean[who] + 0.5) / (expected + 0.5)),
            known,
            owners.get(who, 0.0),
        ]


@cache
def load_forests() -> tuple[Forest, Forest]:
    """The weights that came with the package: for pronouns and for nouns."""
    data = read_weights("anaphora")
    return Forest.of(data, 0), Forest.of(data, 1)


def resolve_pronouns(places: Places, salience: Resolved, forest: Forest) -> Resolved:
    """Whom every third-person pronoun of the narration means."""
    found = Resolved(shares=pronouns(places, salience).shares(forest))
    for index, shares in found.shares.items():
        if places.scene.tokens.lower[index] in PRONOUNS:
            found.tokens.append(index)
            found.who[index] = max(shares, key=lambda who: (shares[who], -who))
    return found
