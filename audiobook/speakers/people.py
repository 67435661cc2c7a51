"""People: who is in the book, under which names, and what is known about them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from audiobook.speakers.nouns import (
    ABBREVIATED,
    AGES,
    FIRST_F,
    FIRST_M,
    NICKNAMES,
    PRESUMED_M,
    SOFT_TITLES,
    TITLES,
    first_name_gender,
    noun_gender,
    title_gender,
)
from audiobook.speakers.wordlist import words

NARRATOR_SPEAKS = "_narr"
"""The speaker of a first-person narrator's own lines in the scene."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may speak. `lines` and `words` count what they say."""

    name: str
    aliases: tuple[str, ...] = ()
    gender: str = ""  # "F", "M" or ""
    age: str = ""  # "child", "young", "adult", "old" or ""
    lines: int = 0
    words: int = 0


@dataclass(slots=True, eq=False)
class Character:
    """A person while the book is being read."""

    name: str
    aliases: Counter[str] = field(default_factory=Counter)
    gender: str = ""
    fixed: bool = False  # the gender is known, not guessed
    narrator: bool = False
    nominal: bool = False  # known by a role only: "the waiter"
    adopted: set[str] = field(default_factory=set)  # aliases that are not on the list, but in the book
    mentions: int = 0
    male: float = 0.0
    female: float = 0.0

    @property
    def words(self) -> frozenset[str]:
        """All words of all names, lower case."""
        return frozenset(word.lower() for alias in self.aliases for word in plain(alias).split())


def plain(name: str) -> str:
    """A name without full stops, a possessive ending and doubled spaces."""
    name = re.sub(r"['’]s?$", "", " ".join(name.split()))
    return name.replace(".", "")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart: "Mr. John Knightley" → titles (Mr), given john, family knightley."""

    titles: tuple[str, ...]
    rest: tuple[str, ...]

    @classmethod
    def of(cls, name: str) -> Name:
        """Split a plain name."""
        words = plain(name).split()
        titles = []
        while len(words) > 1 and words[0] in TITLES:
            titles.append(words.pop(0))
        return cls(tuple(title for title in titles if title not in SOFT_TITLES), tuple(words))

    @property
    def given(self) -> str:
        """The first word after the titles, a nickname as the full name it stands for."""
        return full_given(self.rest[0]) if self.rest else ""

    @property
    def family(self) -> str:
        """The last word, lower case."""
        return self.rest[-1].lower() if self.rest else ""

    @property
    def title(self) -> str:
        """The title next to the name, or "" ."""
        return self.titles[-1] if self.titles else ""

    @property
    def gender(self) -> str:
        """What the titles say."""
        return next((found for found in map(title_gender, self.titles) if found), "")

    @property
    def likely_gender(self) -> str:
        """What the titles say or let one presume."""
        return self.gender or ("M" if PRESUMED_M.intersection(self.titles) else "")


def full_given(name: str) -> str:
    """Lower-case full first name."""
    name = name.lower()
    return NICKNAMES.get(name, name)


_GIVEN_TITLES = words(
    """Sir Lady Miss Master Aunt Uncle Cousin Brother Sister King Queen Prince Princess Father Mother Dame
    Don Lord Saint St"""
)
_RANKS = words("General Colonel Captain Major Admiral Lieutenant Commodore Sir Lord")
_WIVES = words("Mrs Lady Madame")
_OFTEN = 0.1  # as often as by the family name
_NAMED_ALONE = 3  # times a family name stands in the narration before it is somebody of its own
_FAMILY_TITLES = words("""Mr Miss Dr Doctor Captain Colonel Major General Professor Lieutenant""")


class Clusters:
    """Joins names that denote the same person. `heard` counts names in the narration, `counts` anywhere."""

    def __init__(self, counts: Counter[str], narrated: Counter[str]) -> None:
        self.counts = counts
        self.narrated = narrated
        self.characters: list[Character] = []
        self.names: list[list[Name]] = []

    def join(self) -> list[Character]:
        """Full names first, then titles with one name, then single names."""
        parsed = {name: Name.of(name) for name in self.counts}
        ordered = sorted(parsed, key=lambda name: (-self.counts[name], name))
        for name in ordered:
            if len(parsed[name].rest) >= 2:
                self._full(name, parsed[name])
        givens = {name.rest[0] for name in parsed.values() if len(name.rest) >= 2}
        titled = [name for name in ordered if len(parsed[name].rest) == 1 and parsed[name].titles]
        # “Miss Kate” before “Miss Hale”: the first tells which sister is not the second
        for name in sorted(titled, key=lambda name: parsed[name].rest[0] not in givens):
            self._titled(name, parsed[name])
        for name in ordered:
            if len(parsed[name].rest) == 1 and not parsed[name].titles:
                self._single(name, parsed[name])
        return self.characters

    def _put(self, index: int | None, text: str, name: Name) -> None:
        if index is None:
            index = len(self.characters)
            self.characters.append(Character(text))
            self.names.append([])
        character = self.characters[index]
        character.aliases[text] += self.counts[text]
        self.names[index].append(name)
        if name.gender:
            character.gender, character.fixed = name.gender, True

    def _agrees(self, index: int, gender: str) -> bool:
        known = self.characters[index].gender or self._given_gender(index)
        if not known:
            known = next((n.likely_gender for n in self.names[index] if n.likely_gender), "")
        return not gender or not known or known == gender

    def _given_gender(self, index: int) -> str:
        for name in self.names[index]:
            if len(name.rest) >= 2:
                return first_name_gender(name.rest[0])
        return ""

    def _full(self, text: str, name: Name) -> None:
        for index, others in enumerate(self.names):
            for other in others:
                same = other.given == name.given and other.family == name.family
                initial = (
                    other.family == name.family
                    and (len(other.given) == 1 or len(name.given) == 1)
                    and other.given[:1] == name.given[:1]
                )
                if (same or initial) and self._agrees(index, name.gender) and not _wife_of(name, other):
                    self._put(index, text, name)
                    return
        self._put(None, text, name)

    def _titled(self, text: str, name: Name) -> None:
        word = name.rest[0].lower()
        found = []
        called = set()  # those whose first name it is
        for index, others in enumerate(self.names):
            if not self._agrees(index, name.likely_gender):
                continue
            for other in others:
                by_family = other.family == word and len(other.rest) + len(other.titles) > 1
                if name.title in ("Sir", "Lady", "Lord"):
                    by_family = by_family and other.title == name.title
                by_given = name.title in _GIVEN_TITLES and bool(other.rest) and other.rest[0].lower() == word
                husband = other.title == "Mrs" and first_name_gender(other.rest[0]) == "M"
                if (by_family or (by_given and not husband)) and not _clash(name, other):
                    found.append(index)
                    if by_given:
                        called.add(index)
                    break
        exact = [i for i in found if any(other.title == name.title for other in self.names[i])]
        if name.title == "Mr" and len(found) > 1 and not exact:
            found = []  # the father, where the sons are known by their first names
        if name.title in _FAMILY_TITLES:
            found = [i for i in found if i in called or not self._separate(i, text, name)]
            exact = [i for i in exact if i in found and (i in called or self._close(i, name))]
            if name.title == "Miss":
                found = [i for i in found if i in called or self._close(i, name)]
        elif name.title == "Mrs":
            found = exact
        found = exact or found
        if len(found) == 1:
            self._put(found[0], text, name)
        elif found and (name.title not in ("Mr", "Miss", "Mrs") or called.issuperset(found)):
            self._put(max(found, key=lambda i: sum(self.characters[i].aliases.values())), text, name)
        else:
            self._put(None, text, name)

    def _close(self, index: int, name: Name) -> bool:
        """“Miss Bennet” is not the sister who is “Miss Elizabeth Bennet” or, often, “Miss Elizabeth”."""
        often = _OFTEN * self.counts[f"{name.title} {name.rest[0]}"]
        for other in self.names[index]:
            if other.title != name.title or other.title not in ("Mr", "Miss"):
                continue
            first = other.family != name.family and self.counts[f"{other.title} {other.rest[0]}"] >= often
            if len(other.rest) >= 2 or first:
                break
        else:
            return True
        return len([1 for names in self.names for other in names if other.family == name.family]) == 1

    def _separate(self, index: int, text: str, name: Name) -> bool:
        """Whether narration uses both the title and the first name so often that they are two people."""
        given = max(
            (self.narrated[other.rest[0]] for other in self.names[index] if len(other.rest) >= 2), default=0
        )
        titled = any(other.title == name.title and len(other.rest) >= 2 for other in self.names[index])
        often = self.narrated[text]
        if name.title == "Miss" and not titled:
            sisters = [i for i, others in enumerate(self.names) if self._sister(i, others, name.family)]
            if sisters == [index]:
                return False
        if often < 0.4 * self.counts[text] and not titled:
            return False  # used by others who speak of them or to them
        return often >= 8 and (given >= max(8, 0.5 * often) or titled)

    def _sister(self, index: int, others: list[Name], family: str) -> bool:
        """Whether somebody is a woman with a first name and this family name, and not married into it."""
        named = any(other.family == family and len(other.rest) >= 2 for other in others)
        married = any(other.title == "Mrs" for other in others)
        return named and not married and self._agrees(index, "F")

    def _single(self, text: str, name: Name) -> None:
        by_given, by_family, same = [], [], []
        for index, others in enumerate(self.names):
            for other in others:
                if len(other.rest) >= 2 or other.title in _GIVEN_TITLES - {"Miss"}:
                    husband = other.title == "Mrs" and first_name_gender(other.rest[0]) == "M"
                    nickname = other.rest[0] != name.rest[0]
                    if other.given == name.given and not husband and not (nickname and _honoured(other)):
                        by_given.append(index)
                    if other.family == name.family and len(other.rest) >= 2:
                        by_family.append(index)
                elif other.titles and other.family == name.family:
                    by_family.append(index)
                elif not other.titles and other.given == name.given:
                    same.append(index)
        weight = {i: sum(self.characters[i].aliases.values()) for i in (*by_given, *by_family)}
        if by_given:
            self._put(max(by_given, key=lambda i: (weight[i], -i)), text, name)
        elif same:
            self._put(same[0], text, name)
        elif by_family and name.family not in FIRST_F:
            males = [i for i in by_family if self.characters[i].gender == "M"]
            single = [i for i in by_family if not any(n.title in _WIVES for n in self.names[i])]
            # A family name alone is never a wife's: “Hale” beside “Mrs. Hale” is her husband
            chosen = males or single
            if chosen:
                self._put(max(chosen, key=lambda i: (weight[i], -i)), text, name)
            elif self.narrated[text] >= _NAMED_ALONE:
                self._put(None, text, name)
        else:
            self._put(None, text, name)


def _wife_of(name: Name, other: Name) -> bool:
    """“Mrs. John Hale” is not John Hale, nor is the Miss Hale who was her husband's sister."""
    if (name.title == "Mrs") == (other.title == "Mrs"):
        return _honoured(name) != _honoured(other) and name.rest[0] != other.rest[0]
    wife = name if name.title == "Mrs" else other
    return first_name_gender(wife.rest[0]) == "M" or "Miss" in (name.title, other.title)


def _clash(name: Name, other: Name) -> bool:
    """Whether two titles before one family name mean two people: “Miss Hale” and “Lady Hale”, “Mr. Hale”
    and “General Hale”."""
    if not name.title or not other.title or name.title == other.title:
        return False
    given = {n.rest[0] for n in (name, other) if len(n.rest) >= 2}
    if "Miss" in (name.title, other.title) and name.gender == other.gender == "F":
        return len(given) < 2
    return bool(_RANKS.intersection((name.title, other.title))) and len(given) < 2


def _honoured(name: Name) -> bool:
    """Whether a title goes with the first name: nobody says “Kate” for Lady Catherine."""
    return bool(_GIVEN_TITLES.difference(("Miss", "Master", "Saint", "St")).intersection(name.titles))


def settle_names(characters: Sequence[Character], dotted: bool) -> None:
    """Call people what the book calls them most, but by no family name that others bear too; titles as the
    book writes them."""
    families = Counter(
        family
        for character in characters
        for family in {Name.of(alias).family for alias in character.aliases if len(alias.split()) > 1}
    )
    for character in characters:
        aliases = character.aliases
        if not aliases:
            continue
        own = {Name.of(alias).family for alias in aliases if len(alias.split()) > 1}
        shared = [alias for alias in aliases if alias.lower() in own and families[alias.lower()] > 1]
        telling = [alias for alias in aliases if alias not in shared] or list(aliases)
        character.name = max(telling, key=lambda alias: (aliases[alias], alias))
        if dotted:
            words = character.name.split()
            character.name = " ".join(f"{word}." if word in ABBREVIATED else word for word in words)


def guess_gender(character: Character) -> None:
    """Set the gender from titles, nouns, first names and the pronouns that follow the name."""
    if character.fixed:
        return
    names = [Name.of(alias) for alias in character.aliases]
    said = Counter(name.gender for name in names if name.gender)
    if said:
        character.gender = said.most_common(1)[0][0]
        return
    nouns = Counter(noun_gender(name.rest[-1].lower()) for name in names if name.rest)
    del nouns[""]
    total = character.male + character.female
    presumed = any(name.likely_gender for name in names)
    by_name = Counter(first_name_gender(name.rest[0]) for name in names if name.rest)
    del by_name[""]
    # “Robert … she” is often about whoever Robert is with: a first name outweighs most pronouns
    sure = max(3.0, 0.8 * total)
    prior = {"M": sure, "F": -sure}.get(by_name.most_common(1)[0][0], 0.0) if by_name else 0.0
    if presumed:
        prior += 2.0
    if nouns:
        prior += {"M": 6.0, "F": -6.0}.get(nouns.most_common(1)[0][0], 0.0)
    balance = character.male - character.female + prior
    if total + abs(prior) >= 2 and abs(balance) > 0.2 * (total + abs(prior)):
        character.gender = "M" if balance > 0 else "F"


def from_roster(roster: Sequence[Person]) -> list[Character]:
    """Characters for a cast list that a person made."""
    characters = []
    for person in roster:
        aliases = Counter({alias: 1 for alias in (person.name, *person.aliases) if not alias.startswith("_")})
        character = Character(person.name, aliases, person.gender if person.gender in ("M", "F") else "")
        character.fixed = bool(character.gender)
        character.narrator = NARRATOR_SPEAKS in (person.name, *person.aliases)
        characters.append(character)
    return characters


_WITH_GIVEN = frozenset(("Miss", "Lady", "Sir", "Master", "Aunt", "Uncle", "Cousin"))


def adopt_names(listed: Sequence[Character], found: Sequence[Character]) -> None:
    """Let people on a list have the longer names that the book calls them: “Miss Nora Finch” for a Nora.

    `found` are the people of the book without a list. A name is adopted where the person who was found is one
    on the list and no other, and shares a word with a name that is on the list.
    """
    owners: dict[str, set[int]] = {}
    for number, character in enumerate(listed):
        for alias in character.aliases:
            owners.setdefault(plain(alias).lower(), set()).add(number)
    for person in found:
        known = [owners[folded] for alias in person.aliases if (folded := plain(alias).lower()) in owners]
        numbers = set().union(*known)
        if len(numbers) != 1:
            continue
        character = listed[numbers.pop()]
        for alias, count in person.aliases.items():
            if plain(alias).lower() in owners or not _may_be_called(character, alias):
                continue
            if len(bare := _untitled(alias)) > 1 or not _shared(bare, character, listed):
                character.aliases[alias] = count
                character.adopted.add(alias)


def _may_be_called(character: Character, alias: str) -> bool:
    """Whether a longer name can be that of somebody on a list, by the names that are there."""
    gender = Name.of(alias).gender
    if gender and character.gender and gender != character.gender:
        return False
    bare = _untitled(alias)
    known = [(_untitled(other), plain(other).split()[0]) for other in character.aliases if plain(other)]
    own = {word for words, _ in known for word in words}
    if len(plain(alias).split()) < 2 or not bare or not own.intersection(bare):
        return False
    if bare[-1] in own and len(bare) > 1 and bare[0] not in own:
        # Robert Ferrars is not the Edward of the list, but he may be its Mr. Ferrars
        return all(words[-1:] == bare[-1:] and len(words) == 1 for words, _ in known)
    if bare[-1] not in own:
        # Fitzwilliam Darcy is not Colonel Fitzwilliam
        return not any(len(words) == 1 and title in TITLES - _WITH_GIVEN for words, title in known)
    return True


def _shared(bare: list[str], character: Character, listed: Sequence[Character]) -> bool:
    """Whether a family name is that of others on the list too, of whom a “Mr.” may be said."""
    return any(
        other is not character
        and not other.words.isdisjoint(bare)
        and {other.gender, character.gender} != {"M", "F"}
        for other in listed
    )


def _untitled(name: str) -> list[str]:
    """The words of a name without titles, in lower case."""
    return [word.lower() for word in plain(name).split() if word not in TITLES]


def age_of(character: Character) -> str:
    """What the names say about the age."""
    for alias in character.aliases:
        for word in plain(alias).lower().split():
            if word in AGES:
                return AGES[word]
    return ""


def known_first_name(word: str) -> bool:
    """Whether a word is a common first name."""
    return full_given(word) in FIRST_M or full_given(word) in FIRST_F
