"""Names and odd words of a book: what an engine is likely to mispronounce."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from audiobook.normalization.lexicon import EMPTY, Lexicon
from audiobook.normalization.typography import repair
from audiobook.segmentation import sentences
from audiobook.segmentation.tables import word_set

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_ODD = re.compile(
    r"[^a-z']|q(?!u)|(?P<same>[a-z])(?P=same){2}|([aiu])\2|[bcdfghjklmnpqrstvwxz]{5}|zh|kh|cz|sz"
    r"|x[bdfgjkmz]|[jqv]$"
    r"|^(?:[bcdfgjkmpqtvz]{3}|mb|ng|nk|tl|xh)",
    re.IGNORECASE,
)
_COMMON = word_set(
    "miss mistress master captain colonel doctor professor count countess prince princess king queen duke "
    "lady father mother uncle aunt brother sister street road lane square house hall park river north "
    "south east west i i'm i'll i've i'd mr mrs ms dr st monday tuesday wednesday thursday friday "
    "saturday sunday january february march april may june july august september october november "
    "december god lord sir madam english french german england london chapter mister christmas"
)


@dataclass(slots=True)
class Suggestion:
    """A word worth listening to. `kind`: "name", "acronym" or "odd"."""

    word: str
    kind: str
    count: int = 0
    chapter: str = ""
    sentence: int = 0
    text: str = ""
    speakers: set[str] = field(default_factory=set)


class _Tally:
    """Counts of one spelling."""

    __slots__ = ("chapter", "count", "inside", "sentence", "speakers", "text")

    def __init__(self, chapter: str, sentence: int, text: str) -> None:
        self.count = 0
        self.inside = 0  # in the middle of a sentence
        self.chapter, self.sentence, self.text = chapter, sentence, text
        self.speakers: set[str] = set()


def _kind(word: str, tally: _Tally, lower: int) -> str:
    """What makes the word worth a look; "" for nothing."""
    letters = word.replace("'", "").replace("-", "")
    if len(letters) > 1 and letters.isupper():
        return "acronym" if len(letters) < 6 and tally.inside else ""
    if word[0].isupper():
        return "name" if tally.inside and lower * 3 < tally.inside else ""
    return "odd" if len(letters) > 2 and _ODD.search(letters) else ""


def _base(word: str) -> str:
    """Without the possessive."""
    return word[:-2] if word.endswith("'s") else word.rstrip("'")


def _count(lines: Iterable[tuple[str, str, str]], language: str) -> dict[str, _Tally]:
    tallies: dict[str, _Tally] = {}
    chapter_before, number = "", 0
    for chapter, speaker, written in lines:
        if chapter != chapter_before:
            chapter_before, number = chapter, 0
        text = repair(written)[0]
        for start, end in sentences(text, language):
            number += 1
            first = True
            for found in _WORD.finditer(text, start, end):
                word = _base(found[0])
                tally = tallies.get(word)
                if tally is None:
                    tally = tallies[word] = _Tally(chapter, number, text[start:end].strip())
                tally.count += 1
                tally.inside += not first and text[found.start() - 1] not in "\"'(—"
                tally.speakers.add(speaker)
                first = False
    return tallies


def suggest(
    lines: Iterable[tuple[str, str, str]], language: str, lexicon: Lexicon = EMPTY, least: int = 1
) -> list[Suggestion]:
    """Names, acronyms and oddly spelt words of (chapter, speaker, text) lines, the most frequent first.

    Words that the lexicon knows are left out, and those found fewer than `least` times.
    """
    tallies = _count(lines, language)
    found = []
    for word, tally in tallies.items():
        lower = tallies.get(word.lower())
        kind = _kind(word, tally, lower.count if lower else 0)
        if not kind or tally.count < least or word.lower() in _COMMON or lexicon.find(word, language):
            continue
        found.append(
            Suggestion(word, kind, tally.count, tally.chapter, tally.sentence, tally.text, tally.speakers)
        )
    return sorted(found, key=lambda suggestion: (-suggestion.count, suggestion.word))
