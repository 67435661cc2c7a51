"""Kinship: who is meant by "his wife", "her uncle", "my friend", as far as the book says it somewhere."""

from __future__ import annotations

from collections import Counter, defaultdict

from audiobook.speakers.mentions import Mention, Mentions
from audiobook.speakers.nouns import KIN
from audiobook.speakers.people import Character, Name
from audiobook.speakers.tokens import Tokens

_OWNERS = frozenset(("his", "her", "my", "their", "our", "your", "the"))
_TITLED = {"aunt": "Aunt", "uncle": "Uncle", "cousin": "Cousin", "father": "Father", "mother": "Mother"}


class Kinship:
    """Which people are called by which noun of relation."""

    def __init__(self, tokens: Tokens, mentions: Mentions, characters: list[Character]) -> None:
        self.called: dict[str, Counter[int]] = defaultdict(Counter)
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
        if noun in ("wife", "husband"):
            own, theirs = ("Mrs", "Mr") if noun == "wife" else ("Mr", "Mrs")
            families = {name.family for name in self.names[who] if name.title == own}
            spouse = any(
                name.title == theirs and name.family in families
                for name in [n for other in others for n in self.names[other]]
            )
            if spouse:
                return True
        called = self.called.get(noun)
        return called is not None and called[who] > 0 and called[who] * 3 >= max(called.values())
