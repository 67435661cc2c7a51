"""Where sentences end. One pass over the text, one decision at each mark that may end a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audiobook.segmentation.characters import CJK, CLOSERS, INVISIBLE, OPENERS, STOPS, WIDE_STOPS
from audiobook.segmentation.stops import Stop, starts_sentence, word_at, word_before, words_at
from audiobook.segmentation.tables import rules

_CLOSE = re.escape(CLOSERS)
# Every alternative matches without looking back at what it has read (possessive quantifiers, optional tails),
# so that a megabyte of dots, quotes or spaces is read once.
_CANDIDATE = re.compile(
    rf"(?P<mark>[{re.escape(STOPS)}]++(?:[^\S\n]\.++(?!\w))*+)"
    rf"(?P<close>(?:[{_CLOSE}]|\[\d{{1,3}}\]|[\u2009\u200a](?=[”’])|[\u00a0\u202f](?=[”»])|\s(?=[”’](?:\s|$)))*+)(?P<space>\s*+)"
    r"|(?P<dash>[—―][”»\"]++|(?<=[”»])\s?[—―–-]++(?=\s[“«]))(?P<gap>\s++)"
    r"|\n[^\S\n]*+\n\s*+"
)
_OPENING = re.compile(rf"[{re.escape(OPENERS)}\s]{{1,16}}")
_CJK_BEFORE = re.compile(f"[{CJK}，、」』）》”’…—]")
_CJK_CLOSING = re.compile(rf"(?:[\u00a0\u202f\u2009\u200a]?[”’」』）》〉】〕］\"'»›)\]}}{INVISIBLE}])*+")
_QUOTE_ENDS = frozenset("”’」』）》\"'»›)】")
_CJK_INSIDE = tuple("，、,；：;:。)）")
_JAPANESE_GOES_ON = re.compile(r"[とっなのがをはもでに、,]")
_CHINESE_SAYS = re.compile(r"[^，。！？,\s]{0,8}?[說说問问道喊叫答嚷笑罵骂想]")
_CALL = re.compile(r"[\w’']+(?:!|\s?(?:\.\.\.|…))")
_CALLS = re.compile(r"\W*(?:[\w’']+!\s)*[\w’']+")
_PRONOUNS = ("he", "she", "i", "they", "we", "it")
_ARTICLES = ("the", "his", "her", "my", "our", "their", "a", "an")


def _between_initials(text: str, stop: int, end: int) -> bool:
    """“J. P.”: whether a single letter stands before the stop and another with a stop behind it."""
    if not text[end].isalpha() or not text[stop - 1 : stop].isalpha():
        return False
    return stop < 2 or not (text[stop - 2].isalnum() or text[stop - 2] in ".'’")


class _Scanner:
    """Decides for one text. `start` is where the sentence being read began."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language.lower().replace("_", "-").partition("-")[0] or "en"
        self.wide = self.language in ("zh", "ja")
        self.rules = rules(language)
        self.start = 0

    def boundaries(self) -> Iterator[int]:
        """Starts of all sentences but the first."""
        size = len(self.text)
        read = 0
        blank = True  # nothing but white space since the sentence began
        text = self.text
        for found in _CANDIDATE.finditer(text):
            start, end = found.span()
            if end - start == 1 and text[start] == ".":  # inside a number, an address, an abbreviation
                continue
            if (
                text.startswith(".", end + 1)
                and text.startswith(". ", start)
                and _between_initials(text, start, end)
            ):
                continue
            blank = blank and (read == start or text[read:start].isspace())
            read = end
            if blank and found["mark"] is None:
                continue
            place = self._ends(found)
            blank = False
            if self.start < place < size:
                yield place
                self.start = read = place
                blank = True

    def _ends(self, found: re.Match[str]) -> int:
        """Where the next sentence starts if this mark ends one, else -1."""
        mark, close, space = found.group("mark", "close", "space")
        if mark is None:
            return self._without_mark(found)
        if not space and self.text[found.start() - 1 : found.end()].isascii():  # “.”), e-mail, “3.5”
            return -1
        if not space or self.wide:
            return self._unspaced(found)
        end = found.end()
        letter = self.text[end : end + 1]
        if mark == "." and not close and letter.isupper():  # most of them
            stop = Stop(self.text, self.language, self.rules, self.start, found.start(), end, end)
            return end if stop.ends() else -1
        return self._spaced(found)

    def _without_mark(self, found: re.Match[str]) -> int:
        """An empty line, or speech that breaks off with a dash."""
        if found["dash"] is None:
            return found.end()
        letter, place = self._first_letter(found.end())
        if found["dash"][-1] not in _QUOTE_ENDS:  # “…” — “…”
            return found.end()
        return found.end() if letter.isupper() and not self._says(place) else -1

    def _spaced(self, found: re.Match[str]) -> int:
        text, mark, close, space, end = self.text, found["mark"], found["close"], found["space"], found.end()
        if self.rules.spaced_guillemets and text.startswith("»", end):
            close += "»"
            end += 1
            while text[end : end + 1].isspace():
                end += 1
        if space.count("\n") > 1:
            return end
        if text[end : end + 1] in tuple(",;:!?)]}"):
            return -1
        letter, place = self._first_letter(end)
        if not letter:
            return -1
        if letter.islower() and not word_at(text, place)[1:2].isupper():
            return -1
        if mark == "." and not close.strip(INVISIBLE):
            return (
                end
                if Stop(text, self.language, self.rules, self.start, found.start(), end, place).ends()
                else -1
            )
        return -1 if self._goes_on(mark, close, found.start(), end, place) else end

    def _goes_on(self, mark: str, close: str, stop: int, end: int, place: int) -> bool:
        """Whether the sentence goes on behind “?”, “…” or a closing mark although a capital follows."""
        if close and place == end and mark != "." and self._says(place):
            return True
        if mark[0] in ".…‥" and (self._hesitates(stop, place) or not self._begun(stop)):
            return True
        if mark == "!" and not close and self._calls(stop, place):
            return True
        if mark != ".":
            return False
        # “(Mr.) Smith”, “by ‘Co.’ Holmes meant”
        word = word_before(self.text, stop).strip("()").lower()
        abbreviates = word in self.rules.titles or word in self.rules.either
        return abbreviates and place == end and not starts_sentence(self.rules, self.text, place)

    def _first_letter(self, position: int) -> tuple[str, int]:
        """The first character that is no opening mark, and its place."""
        opening = _OPENING.match(self.text, position)
        place = opening.end() if opening else position
        return self.text[place : place + 1], place

    def _hesitates(self, stop: int, place: int) -> bool:
        """“I… I don’t know”: the same word again, or a stammer."""
        if self.text[max(0, stop - 1) : stop].isspace():
            stop -= 1
        word = word_before(self.text, stop).rstrip(".…")
        after = word_at(self.text, place)
        stammer = len(word) == 1 and word.isupper() and word != "I" and after[:1] == word
        return bool(word) and (after == word or stammer)

    def _begun(self, stop: int) -> bool:
        """Whether the sentence has a word yet: “… Then he left.”"""
        return stop - self.start > 16 or any(map(str.isalnum, self.text[self.start : stop]))

    def _calls(self, stop: int, place: int) -> bool:
        """“Fire! Fire! Fire!”: a run of calls of one word is one sentence."""
        if stop - self.start > 80 or not _CALL.match(self.text, place):
            return False
        return _CALLS.fullmatch(self.text, self.start, stop) is not None

    def _says(self, place: int) -> bool:
        """Whether a tag such as “he said” or “Anna asked” stands at `place`."""
        said = self.rules.said
        words = words_at(self.text, place, 5) if said else []
        if len(words) < 2:
            return False
        if words[0] in _PRONOUNS:
            return words[1] in said
        if words[0] in _ARTICLES:
            return any(word in said for word in words[2:4])
        if words[0] in self.rules.starters:
            return False
        return words[1] in said or (
            len(words) > 2 and words[2] in said and words[1] not in self.rules.starters
        )

    def _unspaced(self, found: re.Match[str]) -> int:
        """Chinese and Japanese marks, which need no space behind them."""
        text, mark, close, end = self.text, found["mark"], found["close"], found.end()
        if not any(character in WIDE_STOPS for character in mark):
            if not found.start() or not _CJK_BEFORE.match(text, found.start() - 1):
                return self._spaced(found) if found["space"] else -1
            if not mark.strip(".…‥") and (mark != "." or not found["space"]):
                return -1
        closing = _CJK_CLOSING.match(close)
        if closing is not None and len(closing[0]) < len(close):  # an opening mark follows at once
            place = found.start("close") + len(closing[0])
            return -1 if text[place].isspace() else place
        return -1 if self._wide_goes_on(mark, close, end) else end

    def _wide_goes_on(self, mark: str, close: str, end: int) -> bool:
        """Whether the sentence goes on behind a quotation: 「…」と言った, “……？”她问."""
        if self.text[end : end + 1] in _CJK_INSIDE:
            return True
        if not any(character in _QUOTE_ENDS for character in close):
            return False
        if self.language == "ja":
            return _JAPANESE_GOES_ON.match(self.text, end) is not None
        return mark[0] in "！？!?…" and _CHINESE_SAYS.match(self.text, end) is not None


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """The sentences of `text` as (start, end), tiling it: white space goes with the sentence before.

    Time grows with the length of the text, whatever stands in it.
    """
    if not text:
        return []
    starts = [0, *_Scanner(text, language).boundaries()]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))
