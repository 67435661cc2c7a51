"""Kinship: who is meant by "his wife", "her uncle", "my friend", as far as the book says it somewhere."""

from __future__ import annotations

from collections import Counter, defaultdict

from audiobook.speakers.mentions import Mention, Mentions
from audiobook.speakers.nouns import KIN
from audiobook.speakers.people import Character, Name
from audiobook.speakers.tokens import Tokens

_OWNERS = frozenset(("his", "her", "my", "their", "our", "your", "the"))
_OFTEN = 2  # times somebody is called a relation before it tells who is meant
_BORN = {
    "mother": ("parent", "Mrs"), "father": ("parent", "Mr"), "sister": ("sibling", "Mrs"),
    "brother": ("sibling", ""), "son": ("child", ""), "daughter": ("child", "Mrs"),
}  # fmt: skip
"""Noun → the relation by birth, and the title that goes or does not go with it."""
_TITLED = {"aunt": "Aunt", "uncle": "Uncle", "cousin": "Cousin", "father": "Father", "mother": "Mother"}


class Kinship:
    """Which people are called by which noun of relation."""

    def __init__(self, tokens: Tokens, mentions: Mentions, characters: list[Character]) -> None:
        self.called: dict[str, Counter[int]] = defaultdict(Counter)
        self._families: dict[int, dict[str, tuple[set[str], bool]]] = {}
        self.names = [[Name.of(alias) for alias in character.aliases] for character in characters]
        for mention in mentions.all:
            self._apposition(tokens, mention)
        for number, names in enumerate(self.names):
            for noun, title in _TITLED.items():
                if any(title in name.titles for name in names):
                    self.called[noun][number] += 2

    def _apposition(self, tokens: Tokens, mention: Mention) -> None:
        """“her uncle, Mr. Gardiner”, “her uncle Gardiner”, “Mr. Gardiner, her uncle,”."""
        lower = tokens.lower
        at = mention.first - 1
        if at > 0 and lower[at] == ",":
            at -= 1
        if at > 0 and lower[at] in KIN and lower[at - 1] in _OWNERS:
            self.called[lower[at]][mention.who] += 1
        behind = mention.behind
        if behind + 2 < len(tokens) and lower[behind] == "," and lower[behind + 1] in _OWNERS:
            for position in (behind + 2, behind + 3):
                if position < len(tokens) and lower[position] in KIN:
                    self.called[lower[position]][mention.who] += 1
                    break

    def fits(self, noun: str, who: int, others: list[int]) -> bool:
        """Whether somebody is called by that noun; wife and husband also by the other among `others`."""
        if noun in ("wife", "husband") and self._married(noun, who, others):
            return True
        called = self.called.get(noun)
        return called is not None and called[who] > 0 and called[who] * 3 >= max(called.values())

    def _married(self, noun: str, who: int, others: list[int]) -> bool:
        own, theirs = ("Mrs", "Mr") if noun == "wife" else ("Mr", "Mrs")
        families = {name.family for name in self.names[who] if name.title == own}
        return any(
            name.title == theirs and name.family in families
            for name in [n for other in others for n in self.names[other]]
        )

    def relative(self, noun: str, who: int, owner: int) -> bool:
        """Whether somebody is that relation of one who is known."""
        if noun in ("wife", "husband"):
            return self._married(noun, who, [owner])
        if noun in _BORN:
            return self._related(noun, who, owner)
        return self.called[noun][who] >= _OFTEN and self.fits(noun, who, [owner])

    def _related(self, noun: str, who: int, other: int) -> bool:
        """Whether a shared family name makes somebody that relation of another: Mrs. Hale is the mother of
        Tom Hale, who is the brother of Nora Hale."""
        own, theirs = self.families(who), self.families(other)
        kind, title = _BORN[noun]
        for family, (titles, given) in own.items():
            if family not in theirs:
                continue
            their_titles, their_given = theirs[family]
            parent, grown = kind == "parent", bool(their_titles & {"Mr", "Mrs"})
            if parent and title in titles and their_given and not (given or grown):
                return True
            if kind == "sibling" and given and their_given and title not in titles and not grown:
                return True
            if kind == "child" and given and title not in titles and grown and not their_given:
                return True
        return False

    def families(self, who: int) -> dict[str, tuple[set[str], bool]]:
        """Family names of somebody: with which titles, and whether with a first name too."""
        if who in self._families:
            return self._families[who]
        found: dict[str, tuple[set[str], bool]] = {}
        for name in self.names[who]:
            titles, given = found.get(name.family, (set(), False))
            if len(name.rest) >= 2 or name.titles:
                found[name.family] = (titles | set(name.titles), given or len(name.rest) >= 2)
        self._families[who] = found
        return found
