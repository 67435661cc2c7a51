"""Relations and roles: whom "her mother" or "the surgeon" means in a tag, where the book says so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from audiobook.speakers.kinship import Kinship
from audiobook.speakers.mentions import Mention, Mentions
from audiobook.speakers.nouns import KIN, is_person_noun, noun_gender
from audiobook.speakers.people import Character, Name
from audiobook.speakers.tags import Subject, Tag
from audiobook.speakers.tokens import Tokens
from audiobook.speakers.wordlist import words

_ARTICLES = frozenset(("the", "a", "an"))
_VAGUE = words(
    """man woman boy girl lady gentleman other latter former voice speaker person creature fellow elder
    younger child youth lad friend companion visitor guest stranger youngster figure newcomer"""
)
_LOOSE = words("friend companion cousin visitor guest lover servant master mistress host hostess")
"""Relations that many people have with each other."""
_REACH = 400  # tokens
_LAST_NAMED = 3
_OFFICES = {
    "Dr": "doctor physician surgeon", "Doctor": "doctor physician surgeon", "Professor": "professor",
    "Rev": "clergyman rector vicar curate parson", "Reverend": "clergyman rector vicar curate parson",
    "Sir": "baronet knight", "Inspector": "inspector", "Sergeant": "sergeant",
    "Captain": "captain", "Colonel": "colonel", "Major": "major", "General": "general",
    "Admiral": "admiral", "Judge": "judge", "Father": "priest", "Bishop": "bishop", "Count": "count",
    "Countess": "countess", "Duke": "duke", "Duchess": "duchess", "Prince": "prince",
    "Princess": "princess", "Baron": "baron", "Baroness": "baroness", "Marquis": "marquis",
}  # fmt: skip
"""Title → what its bearer may be called."""


class Relations:
    """Settles the tags of one text that name nobody but say a relation or a role."""

    def __init__(self, tokens: Tokens, mentions: Mentions, characters: Sequence[Character]) -> None:
        self.tokens = tokens
        self.characters = characters
        self.mentions = mentions
        self.kinship = Kinship(tokens, mentions, list(characters))
        self.roles: dict[str, Counter[int]] = defaultdict(Counter)
        for mention in mentions.all:
            self._apposition(tokens, mention)
        for number, character in enumerate(characters):
            for office in {
                office
                for alias in character.aliases
                for title in Name.of(alias).titles
                for office in _OFFICES.get(title, "").split()
            }:
                self.roles[office][number] += 1

    def _apposition(self, tokens: Tokens, mention: Mention) -> None:
        """“Dr. Finch, the surgeon,” and “the surgeon, Dr. Finch”."""
        lower, at, behind = tokens.lower, mention.first - 1, mention.behind
        led = at > 1 and lower[at] == "," and "the" in lower[max(0, at - 3) : at - 1]
        if led and is_person_noun(lower[at - 1]) and not mention.possessive:
            self.roles[lower[at - 1]][mention.who] += 1
        if behind + 3 >= len(tokens) or lower[behind] != "," or lower[behind + 1] not in _ARTICLES:
            return
        for position in range(behind + 2, min(behind + 5, len(tokens) - 1)):
            if is_person_noun(lower[position]) and lower[position + 1] in (",", ".", ";", "of", "who"):
                self.roles[lower[position]][mention.who] += 1
                return

    def settle(self, tag: Tag, first: int, behind: int) -> Tag:
        """The tag with the person whom its relation or role means, of those named between two tokens."""
        subject = tag.subject
        if subject.kind not in ("kin", "noun") or subject.word in _VAGUE or subject.word in _LOOSE:
            return tag
        near = self.mentions.between(first, behind)
        present = list(dict.fromkeys(mention.who for mention in reversed(near)))
        who = -1
        if subject.word in KIN:
            who = self._relative(subject, present)
        elif subject.kind == "noun":
            who = self._bearer(subject, present)
        return replace(tag, subject=replace(subject, kind="name", who=who)) if who >= 0 else tag

    def _agrees(self, who: int, noun: str) -> bool:
        known, wanted = self.characters[who].gender, noun_gender(noun)
        return not known or not wanted or known == wanted

    def _relative(self, subject: Subject, present: list[int]) -> int:
        for owner in [subject.owner] if subject.owner >= 0 else self._owners(subject):
            fitting = [
                who
                for who in present
                if who != owner
                and self._agrees(who, subject.word)
                and self.kinship.relative(subject.word, who, owner)
            ]
            if fitting:
                return fitting[0] if len(fitting) == 1 else -1
        return -1

    def _owners(self, subject: Subject) -> list[int]:
        """Whose relation it may be: the last named whom “his” or “her” can mean."""
        wanted = {"his": "M", "her": "F"}.get(self.tokens.lower[subject.first])
        told = self.mentions.told(max(0, subject.first - _REACH), subject.first)
        named = dict.fromkeys(m.who for m in reversed(told) if self.characters[m.who].gender == wanted)
        return list(named)[:_LAST_NAMED]

    def _bearer(self, subject: Subject, present: list[int]) -> int:
        borne = self.roles.get(subject.word, Counter())
        fitting = [who for who in present if borne[who] and self._agrees(who, subject.word)]
        return fitting[0] if len(fitting) == 1 else -1
