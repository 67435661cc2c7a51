"""Noun phrases that can be a speaker: "Alice", "he", "the old man", "her aunt", "the voice of Tom"."""

from __future__ import annotations

from dataclasses import dataclass

from audiobook.speakers.mentions import Mentions
from audiobook.speakers.nouns import TITLES, is_person_noun, noun_gender
from audiobook.speakers.tokens import Tokens
from audiobook.speakers.verbs import STRONG
from audiobook.speakers.wordlist import words

PRONOUNS = {"he": "M", "she": "F", "they": "P", "it": "N", "i": "I", "we": "P"}
_DETERMINERS = words(
    """the a an his her my their our your this that another one some its each both either neither"""
)
_BETWEEN = words("and of in to with at for by from on upon over into")
_HEADS = words("other latter former tones")
_SOFT = words("old young poor little dear good the honest excellent a an")

SPEECH_NOUNS = words(
    """reply answer response rejoinder remark comment exclamation cry question inquiry enquiry words voice
    tone whisper shout greeting retort observation advice opinion verdict thought first next last only
    request order explanation objection suggestion declaration language amendment consolation
    injunction conclusion conjecture reflection protest appeal apology assurance argument invitation
    salutation address speech cheer lament idea theory contribution decision warning counsel prayer
    demand command complaint reproof account report acknowledgment acknowledgement exordium mode
    reasoning saying reproach lips mouth throat"""
)
"""What a narrator calls a speech: “was Nora's reply”."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A phrase that can be a speaker. `kind`: name, pronoun, noun (a role), kin (a relation), or unknown."""

    kind: str
    behind: int  # the token after the phrase
    who: int = -1  # the character, where it is a name
    word: str = ""  # the pronoun, the head noun, or the unknown name
    gender: str = ""  # M, F, P (several), N, I, or ""
    owner: int = -1  # whose relation: a character
    first: int = 0


class PhraseReader:
    """Reads the subjects in the narration of one text."""

    def __init__(self, tokens: Tokens, mentions: Mentions) -> None:
        self.tokens = tokens
        self.mentions = mentions

    def subject(self, index: int, limit: int) -> Subject | None:
        """The noun phrase that begins at a token."""
        tokens = self.tokens
        if index >= limit:
            return None
        low = tokens.lower[index]
        if index in self.mentions.inner:
            return None
        if low in PRONOUNS:
            return Subject("pronoun", index + 1, word=low, gender=PRONOUNS[low], first=index)
        named = self._named(index, limit)
        if named is not None:
            return named
        if low in _DETERMINERS:
            return self._noun_phrase(index, limit)
        word = tokens.base[index]
        if word[:1].isupper() and word.isalpha() and (len(word) > 1):
            if word in TITLES and index + 2 < limit:
                step = 2 if tokens.word[index + 1] == "." else 1
                if tokens.word[index + step][:1].isupper():
                    return Subject("unknown", index + step + 1, word=tokens.base[index + step], first=index)
            if tokens.frequency[low] == 0:
                return Subject("unknown", index + 1, word=word, first=index)
        return None

    def _named(self, index: int, limit: int) -> Subject | None:
        tokens = self.tokens
        start = index
        for skip in range(4):  # “old Mr. Wardle”, “the excellent Mrs. Musgrove”
            mention = self.mentions.at.get(index + skip)
            if mention is not None and index + skip < limit:
                start = index + skip
                break
            if index + skip >= limit or not (
                tokens.lower[index + skip] in _SOFT
                or tokens.word[index + skip] in TITLES
                or (tokens.word[index + skip] == "." and tokens.word[index + skip - 1] in TITLES)
                or (skip == 1 and tokens.word[index + skip].islower() and tokens.lower[index] == "the")
            ):
                return None
        else:
            return None
        if mention.possessive:
            return self._relation(mention.behind, limit, mention.who, start)
        if (
            mention.behind + 1 < limit and tokens.word[mention.behind] == "s"
        ):  # an apostrophe lost in conversion
            return self._relation(mention.behind + 1, limit, mention.who, start)
        return Subject("name", mention.behind, who=mention.who, first=start)

    def _relation(self, index: int, limit: int, owner: int, first: int) -> Subject | None:
        """“Alice's sister”: the phrase after a possessive."""
        for position in range(index, min(limit, index + 4)):
            if self.tokens.word[position] in (",", ".", "!", "?", ";"):
                break
            if self.tokens.lower[position] in SPEECH_NOUNS:
                return Subject("name", position + 1, who=owner, word="'s", first=first)
        head = self._head(index, limit)
        if head is None:
            return None
        return Subject(
            "kin", head + 1, word=self.tokens.lower[head], gender=noun_gender(self.tokens.lower[head]),
            owner=owner, first=first,
        )  # fmt: skip

    def _head(self, index: int, limit: int) -> int | None:
        """The noun of a phrase after its determiner: the first word for a person among the next four."""
        tokens = self.tokens
        for position in range(index, min(index + 5, limit)):
            word = tokens.lower[position]
            if not word[0].isalpha() and "-" not in word:
                return None
            if is_person_noun(word) or word in _HEADS or noun_gender(word) == "P":
                following = tokens.lower[position + 1] if position + 1 < limit else ""
                if is_person_noun(following) and position + 1 < limit:
                    continue
                return position
            if word in STRONG or word in _BETWEEN:
                return None
        return None

    def _noun_phrase(self, index: int, limit: int) -> Subject | None:
        tokens = self.tokens
        head = self._head(index + 1, limit)
        determiner = tokens.lower[index]
        if head is None:
            return None
        noun = tokens.lower[head]
        if noun in ("voice", "tones") and tokens.lower[head + 1 : min(limit, head + 2)] == ["of"]:
            speaking = self.subject(head + 2, limit)  # “the voice of Alice”
            if speaking is not None:
                return speaking
        kind = "kin" if determiner in ("his", "her", "my", "their", "our") else "noun"
        return Subject(kind, head + 1, word=noun, gender=noun_gender(noun), first=index)
