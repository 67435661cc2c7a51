"""Whether a full stop ends a sentence or belongs to an abbreviation, an initial or a number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from audiobook.segmentation.characters import OPENERS
from audiobook.segmentation.tables import Rules, word_set

_WORD = re.compile(r"[\w’'&-]{1,24}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)*[^\W\d_]")
_ROMAN = re.compile(r"[IVXLCDM]+")
_NUMBER = re.compile(r"\d|(?:[IVXLCDM]+|[ivxlcdm]+)(?![\w’'])")
_SHILLINGS = re.compile(r"£?[\d,]+[½¼¾]?[sdl]")
_BEFORE = re.compile(rf"[\s{re.escape(OPENERS.replace('-', '').replace('(', ''))}/]")
_POSTSCRIPT = re.compile(r"(?:^|[.!?”’\"]\s)P\.\s?S$")
_OPENING_TIME = re.compile(
    r"\W*(?:At|By|Around|About|Before|After|From|Until)\s(?:\S+\s){0,2}\S*$"
)  # “At 7 a.m. Nora …”
_QUOTE_OPENERS = frozenset("“‘«\"'„‚‹»")
_LOOK_BACK = 48
_VOWEL = re.compile(r"[aeiouyà-öø-ÿаеёиоуыэюяіїєα-ω]")
_SOUNDS = word_set("hm hmm mm mmm sh shh pst psst tsk brr grr pfft zzz")
_PLAIN = word_set("card rep dom brig const mons miss ill")
"""Words that abbreviate something only with a capital."""


def word_before(text: str, end: int) -> str:
    """The word that ends at `end`, without opening quotation marks; stops inside it are kept."""
    return _BEFORE.split(text[max(0, end - _LOOK_BACK) : end])[-1]


def word_at(text: str, place: int) -> str:
    """The word that begins at `place`."""
    found = _WORD.match(text, place)
    return found[0] if found else ""


def words_at(text: str, place: int, count: int) -> list[str]:
    """The next words, in lower case."""
    return [word.lower() for word in _WORD.findall(text, place, place + 16 * count)[:count]]


def starts_sentence(rules: Rules, text: str, place: int) -> bool:
    """Whether a word stands at `place` that opens sentences and is no name."""
    word = word_at(text, place)
    if not word[:1].isupper() or (len(word) == 1 and text.startswith(".", place + 1)):
        return False
    if word.lower() in rules.starters:
        return True
    head, elision, _ = word.replace("’", "'").partition("'")
    return bool(elision) and head.lower() in rules.starters


@dataclass(frozen=True, slots=True)
class Stop:
    """One full stop in its context: `start` is where the sentence began, `end` where the next one would, and
    `place` where its first word does, behind opening marks."""

    text: str
    language: str
    rules: Rules
    start: int
    stop: int
    end: int
    place: int

    def ends(self) -> bool:
        """Whether the sentence ends here."""
        word = word_before(self.text, self.stop)
        bracketed = word.startswith("(")
        word = word.lstrip("(")
        lower = word.lower()
        if bracketed and len(word) < 6 and not self._starts():  # “(sing. Fungus)”
            return False
        known = lower in self.rules.known
        if word == lower and len(word) > 1 and word.isalpha() and (not known or lower in _PLAIN):
            return _VOWEL.search(word) is not None or word in _SOUNDS or self._starts()
        if known and (len(word) > 1 or word == lower) and not self._in_initials(word):
            return self._known(word, lower)
        return self._ordinary(word)

    def _in_initials(self, word: str) -> bool:
        """Whether “z.” is followed by “B.”: letters of one abbreviation."""
        return len(word) == 1 and self.text.startswith(".", self.place + 1)

    def _starts(self) -> bool:
        return starts_sentence(self.rules, self.text, self.place)

    def _next_is_capital(self) -> bool:
        return self.text[self.place : self.place + 1].isupper()

    def _opens_speech(self) -> bool:
        return self.end < self.place and self.text[self.end] in _QUOTE_OPENERS and self._next_is_capital()

    def _known(self, word: str, lower: str) -> bool:
        rules = self.rules
        if lower in rules.numbered:
            return _NUMBER.match(self.text, self.place) is None
        if lower in rules.titles:
            return self._after_title(lower)
        if lower in rules.inner:
            return False
        if lower in rules.ending:
            following = word_at(self.text, self.place)
            opens = not following or following[0].isupper()
            if self.text[self.end : self.end + 1] == "(" or not opens or following.lower() in rules.dates:
                return False
            return self._starts() or _OPENING_TIME.match(self.text, self.start, self.stop) is None
        # In lower case these are words or units: "in", "sat", "oz".
        return self._starts() or self._opens_speech() or (word == lower and word.isalpha())

    def _after_title(self, lower: str) -> bool:
        if self.language == "en":
            return lower in ("st", "mt", "ft", "dr", "sr", "sen", "card", "nat", "const") and self._starts()
        if self.language == "ru":
            before = self.text[max(0, self.stop - 8) : self.stop - len(lower)].rstrip()
            return before[-1:].isdigit() and lower in ("г", "с", "к", "гг")
        return False

    def _ordinary(self, word: str) -> bool:
        """A word that stands in no table."""
        if not word:
            return True
        if self._enumerates(word):
            return False
        if _INITIALS.fullmatch(word):
            return self._after_initial(word)
        if word[0] in "£0123456789":
            return self._after_number(word)
        if self.language == "de" and word.endswith("str"):  # “Hauptstr. 12”
            return not self.text[self.place : self.place + 1].isdigit()
        if self.rules.ordinals and _ROMAN.fullmatch(word):
            return self._starts()
        return True

    def _enumerates(self, word: str) -> bool:
        """“3. ” or “IV. ” at the start of a sentence."""
        if len(word) > 6 or not (word.isdigit() or _ROMAN.fullmatch(word) or len(word) == 1):
            return False
        if self.stop - self.start > 16:
            return False
        return not any(character.isalnum() for character in self.text[self.start : self.stop - len(word)])

    def _after_number(self, word: str) -> bool:
        if _SHILLINGS.fullmatch(word):
            return word.endswith("d") or not self.text[self.place : self.place + 1].isdigit()
        if self.rules.ordinals and word.isdigit():
            following = word_at(self.text, self.place).lower()
            return self._starts() if len(word) < 3 else following not in self.rules.dates
        return True

    def _after_initial(self, word: str) -> bool:
        text, stop, place = self.text, self.stop, self.place
        following = word_at(text, place)
        if len(following) == 1 and text.startswith(".", place + 1):
            return False
        spelt = text[max(0, stop - 3) : stop - 1] == ". "  # the last of several letters
        if len(word) == 1 and word.islower() and not spelt:
            return self.language == "en" and self._next_is_capital()
        if word == "I" and self.language == "en" and self._after_pronoun():
            return True
        if _POSTSCRIPT.search(text, max(0, stop - 10), stop):
            return False
        return self._starts() or self._opens_speech()

    def _after_pronoun(self) -> bool:
        """“It was I. Holmes nodded.”, not “Mr. I. Holmes”."""
        before = word_before(self.text, max(0, self.stop - 2))
        return not before or before[0].islower() or before.endswith((",", ";"))
