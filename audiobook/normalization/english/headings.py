"""Titles of chapters: “XII”, “IV. The Storm”, “CHAPTER THE FIRST”."""

from __future__ import annotations

import re

from audiobook.normalization import roman
from audiobook.normalization.english.numerals import NOT_NUMERALS
from audiobook.normalization.english.words import cardinal
from audiobook.normalization.rule import FIGURES, Rule


def _numeral(found: re.Match[str]) -> str | None:
    text = found["numeral"]
    number = roman.value(text)
    separated = found["separator"] is not None
    if not number or (text in NOT_NUMERALS and not separated) or (len(text) == 1 and not separated):
        return None
    return cardinal(number).capitalize()


def _figure(found: re.Match[str]) -> str:
    return cardinal(int(found["number"])).capitalize()


_DIVISION = "Chapter|Part|Book|Volume|Act|Scene|Canto|Section|Letter|Stave"
_NUMBER = r"(?:\d{1,3}|[IVXLC]+|[A-Z][a-z]+(?:-[a-z]+)?|[A-Z]+(?:-[A-Z]+)?)"

RULES = (
    # “Chapter 1” and “The Wrong Tide” stand on two lines of a heading; the voice pauses between them.
    Rule(
        "titles",
        frozenset("CPBVASL"),
        re.compile(
            rf"^\W*(?:{_DIVISION}|{_DIVISION.upper()})\s+(?!(?:The|THE|Of|OF)\b){_NUMBER}(?P<run>\s+)"
            r"(?=[\"'(]?[A-Z])(?!(?:AND|OF|TO)\b)"
        ),
        lambda found: ". ",
    ),
    Rule(
        "roman",
        frozenset("IVXLCDMivxlcdm"),
        re.compile(
            r"^\W*(?P<run>(?P<numeral>[IVXLCDM]+|[ivxlcdm]+)(?P<separator>(?=\s*"
            r"(?:[.:)\]—–-]\W|[.:)\]—–-]?\W*$)))?(?![\w'-]))"
        ),
        _numeral,
    ),
    Rule(
        "numbers",
        FIGURES,
        re.compile(r"^\W*(?P<run>(?P<number>\d{1,3}))(?=\s*(?:[.:)\]—–-]\W|[.:)\]—–-]?\W*$|\s+[A-Z]))"),
        _figure,
    ),
)
