"""Where sentences end. One pass over the text, one decision at each mark that may end a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audiobook.segmentation.characters import CJK, CLOSERS, INVISIBLE, OPENERS, STOPS, WIDE_STOPS
from audiobook.segmentation.tables import Rules, rules

_CLOSE = re.escape(CLOSERS)
# Every alternative matches without looking back at what it has read (possessive quantifiers, optional tails),
# so that a megabyte of dots, quotes or spaces is read once.
_CANDIDATE = re.compile(
    rf"(?P<mark>[{re.escape(STOPS)}]++(?:[^\S\n]\.++(?!\w))*+)(?P<close>(?:[{_CLOSE}]|\[\d{{1,3}}\])*+)(?P<space>\s*+)"
    rf"|(?P<dash>[—―][”»\"]++)(?P<gap>\s++)"
    rf"|\n[^\S\n]*+\n\s*+"
)
_OPENING = re.compile(rf"[{re.escape(OPENERS)}\s]{{1,16}}")
_WORD = re.compile(r"[\w’'&-]{1,24}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)*[^\W\d_]")
_ROMAN = re.compile(r"[IVXLCDM]+")
_NUMBER = re.compile(r"[\dIVXLCDMivxlcdm]+\b")
_BEFORE = re.compile(rf"[\s{re.escape(OPENERS.replace('-', ''))}/]")
_CJK_BEFORE = re.compile(f"[{CJK}，、」』）》”’…—]")
_JAPANESE_GOES_ON = re.compile(r"[とっなのがをはもでに、,]")
_CHINESE_SAYS = re.compile(r"[^，。！？,\s]{0,8}?[說说問问道喊叫答嚷笑罵骂想]")
_CLOSING = re.compile(rf"[”’」』）》〉】〕］\"'»›)\]}}{INVISIBLE}]*+")
_QUOTE_ENDS = frozenset("”’」』）》\"'»›)】")

_LOOK_BACK = 48


def _word_before(text: str, end: int) -> str:
    """The word that ends at `end`, without opening marks; stops inside it are kept."""
    window = text[max(0, end - _LOOK_BACK) : end]
    return _BEFORE.split(window)[-1]


class _Scanner:
    """Decides for one text. `start` is where the sentence being read began."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language.lower().replace("_", "-").partition("-")[0] or "en"
        self.rules: Rules = rules(language)
        self.start = 0

    # --- what follows ---

    def first_letter(self, position: int) -> tuple[str, int]:
        """The first character that is no opening mark, and its place."""
        opening = _OPENING.match(self.text, position)
        place = opening.end() if opening else position
        return self.text[place : place + 1], place

    def next_word(self, place: int) -> str:
        found = _WORD.match(self.text, place)
        return found[0] if found else ""

    def starts_sentence(self, place: int) -> bool:
        """Whether a word stands at `place` that opens sentences and is no name."""
        word = self.next_word(place)
        return word[:1].isupper() and (word.lower() in self.rules.starters or self._elided(word))

    def _elided(self, word: str) -> bool:
        head, mark, _ = word.replace("’", "'").partition("'")
        return bool(mark) and head.lower() in self.rules.starters

    # --- decisions ---

    def ends(self, found: re.Match[str]) -> int:
        """Where the next sentence starts if this mark ends one, else -1."""
        if found["mark"] is None:
            if found["dash"] is None:
                return found.end()
            letter, place = self.first_letter(found.end())
            return found.end() if letter.isupper() and not self.says(place) else -1
        if found["space"] == "" or self.language in ("zh", "ja"):
            return self._unspaced(found)
        return self._spaced(found)

    def _spaced(self, found: re.Match[str]) -> int:
        text, end, close = self.text, found.end(), found["close"]
        if self.rules.spaced_guillemets and text.startswith("»", end):
            close += "»"
            end += 1
            while text[end : end + 1].isspace():
                end += 1
        if "\n" in found["space"] and found["space"].count("\n") > 1:
            return end
        letter = text[end : end + 1]
        place = end
        if not letter.isupper():
            if letter in ",;:)]}»”":
                return -1
            letter, place = self.first_letter(end)
            if letter.islower() and not (self.next_word(place)[1:2].isupper()):
                return -1
        mark = found["mark"]
        if mark == "." and not close.strip(INVISIBLE):
            return end if self._stop(found.start(), end, letter, place) else -1
        if close and place == end and self.says(place):
            return -1
        if mark[0] in ".…‥" and self._hesitates(found.start(), place):
            return -1
        if mark == "." and self._closed_abbreviation(found.start(), place):
            return -1
        return end

    def _closed_abbreviation(self, stop: int, place: int) -> bool:
        """“(Mr.) Smith”, “etc.) The”."""
        word = _word_before(self.text, stop).lower()
        return word in self.rules.titles and not self.starts_sentence(place)

    def _hesitates(self, stop: int, place: int) -> bool:
        """“I… I don’t know”: the same word again, or a stammer."""
        word = _word_before(self.text, stop).rstrip(".…")
        after = self.next_word(place)
        return bool(word) and (
            after == word or (len(word) == 1 and word.isupper() and word != "I" and after[:1] == word)
        )

    def says(self, place: int) -> bool:
        """Whether a tag such as “he said” or “Anna asked” stands at `place`."""
        said = self.rules.said
        if not said:
            return False
        words = [word.lower() for word in _WORD.findall(self.text, place, place + 64)[:5]]
        if len(words) < 2:
            return False
        if words[0] in ("he", "she", "i", "they", "we", "it"):
            return words[1] in said
        if words[0] in ("the", "his", "her", "my", "our", "their", "a", "an"):
            return any(word in said for word in words[2:4])
        if words[0] in self.rules.starters:
            return False
        return words[1] in said or (
            len(words) > 2 and words[2] in said and words[1] not in self.rules.starters
        )

    def _stop(self, stop: int, end: int, letter: str, place: int) -> bool:
        """A single full stop, a space, and something that may open a sentence."""
        word = _word_before(self.text, stop)
        rules_ = self.rules
        lower = word.lower()
        if lower in rules_.numbered and _NUMBER.match(self.text, place):
            return False
        single = len(word) == 1 and word.isupper() and lower not in rules_.titles
        if single or lower not in rules_.known:
            return self._ordinary(word, stop, end, letter, place)
        starter = self.starts_sentence(place)
        if lower in rules_.titles:
            return self._title(lower, stop, starter)
        if lower in rules_.inner:
            return False
        if lower in rules_.ending:
            return letter.isupper() and self.next_word(place).lower() not in rules_.dates
        if lower in rules_.either:
            # In lower case they are words or units: "in", "sat", "oz".
            return starter or (place > end and letter.isupper()) or (word.islower() and word.isalpha())
        return True  # "No." that no number follows

    def _title(self, lower: str, stop: int, starter: bool) -> bool:
        if self.language == "en":
            return starter and lower in ("st", "mt", "ft", "dr", "sr", "sen", "card")
        if self.language == "ru":
            before = self.text[max(0, stop - 8) : stop - len(lower)].rstrip()
            return before[-1:].isdigit() and lower in ("г", "с", "к", "гг")
        return False

    def _ordinary(self, word: str, stop: int, end: int, letter: str, place: int) -> bool:
        if word.islower() and len(word) > 1 and "." not in word:
            return True
        if not word:
            return True
        if self._enumerates(word, stop):
            return False
        if _INITIALS.fullmatch(word):
            return self._initial(word, stop, end, letter, place)
        if word.isdigit() and self.rules.ordinals and len(word) < 3:
            return self.starts_sentence(place)
        if word.isdigit() and self.language == "de" and self.next_word(place).lower() in self.rules.dates:
            return False
        if self.language == "de" and _ROMAN.fullmatch(word):
            return self.starts_sentence(place)
        return True

    def _enumerates(self, word: str, stop: int) -> bool:
        """“3. ” or “IV. ” at the start of a sentence."""
        if len(word) > 6 or not (word.isdigit() or _ROMAN.fullmatch(word) or len(word) == 1):
            return False
        head = self.text[self.start : stop - len(word)] if stop - self.start < 16 else "x"
        return not any(character.isalnum() for character in head)

    def _initial(self, word: str, stop: int, end: int, letter: str, place: int) -> bool:
        text = self.text
        following = self.next_word(place)
        next_is_initial = len(following) == 1 and text.startswith(".", place + 1)
        if word.islower() and len(word) == 1:
            return self.language == "en" and letter.isupper()
        if word == "I" and self.language == "en" and not next_is_initial:
            before = _word_before(text, max(0, stop - 2))
            if before[:1].islower() or before.endswith((",", ";")) or not before:
                return True
        if next_is_initial:
            return False
        starter = self.starts_sentence(place)
        if place > end and letter.isupper() and not starter:
            return "." in word or text[end] in QUOTE_OPENERS
        return starter

    def _unspaced(self, found: re.Match[str]) -> int:
        """Chinese and Japanese marks, which need no space behind them."""
        text, mark, close, end = self.text, found["mark"], found["close"], found.end()
        if not any(character in WIDE_STOPS for character in mark):
            wide = found.start() > 0 and _CJK_BEFORE.match(text, found.start() - 1)
            if (
                not wide
                or mark.strip(".…‥") == ""
                and (mark[0] != "." or len(mark) > 1 or not found["space"])
            ):
                return -1 if found["space"] == "" else self._spaced(found)
        closing = _CLOSING.match(close)
        if closing is None or len(closing[0]) < len(close):  # an opening mark follows at once
            return found.start("close") + len(closing[0] if closing else "")
        closed = any(character in _QUOTE_ENDS for character in close)
        if text[end : end + 1] in tuple("，、,；：;:。)）"):
            return -1
        if closed and self.language == "ja" and _JAPANESE_GOES_ON.match(text, end):
            return -1
        if closed and self.language == "zh" and mark[0] in "！？!?…" and _CHINESE_SAYS.match(text, end):
            return -1
        return end

    def boundaries(self) -> Iterator[int]:
        """Starts of all sentences but the first."""
        size = len(self.text)
        read = 0
        blank = True  # nothing but white space since the sentence began
        for found in _CANDIDATE.finditer(self.text):
            blank = blank and (read == found.start() or self.text[read : found.start()].isspace())
            read = found.end()
            if blank and found["mark"] is None:
                continue
            place = self.ends(found)
            blank = False
            if self.start < place < size:
                yield place
                self.start = read = place
                blank = True


QUOTE_OPENERS = frozenset("“‘«\"'„‚‹»(")


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """The sentences of `text` as (start, end), tiling it: white space goes with the sentence before.

    Time grows with the length of the text, whatever stands in it.
    """
    if not text:
        return []
    starts = [0, *_Scanner(text, language).boundaries()]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))
