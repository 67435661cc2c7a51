"""Roman numerals, by what stands around them: kings, chapters, centuries."""

from __future__ import annotations

import re

from audiobook.normalization import roman
from audiobook.normalization.english.words import cardinal, ordinal
from audiobook.normalization.rule import CAPITALS, Rule
from audiobook.segmentation.tables import word_set


def _either(words: str) -> str:
    return "|".join(words.split())


_KING = _either(
    "Albert Alexander Alfonso Alphonso Amadeus Amenhotep Andrew Artaxerxes Baldwin Benedict Boniface "
    "Calixtus Carol Catherine Charles Christian Clement Constantine Darius David Edmund Edward Elizabeth "
    "Emmanuel Eric Ferdinand Francis Frederick George Gregory Gustav Gustavus Haakon Hadrian Harold Henry "
    "Humbert Innocent Ivan James Joan John Joseph Julius Karl Leo Leopold Lewis Louis Mahomet Malcolm "
    "Manuel Margaret Maria Mary Maximilian Mohammed Murad Napoleon Nicholas Olaf Oscar Otho Otto Paul "
    "Pedro Peter Philip Pius Ptolemy Rameses Ramses Richard Robert Rudolf Selim Sigismund Sixtus Stephen "
    "Theodore Thutmose Urban Victor Vladimir Wilhelm William Xerxes"
)
_DIVISION = _either(
    "Chapter Chap Book Part Act Scene Volume Vol Canto Section Article Letter Stave Figure Fig Plate "
    "Table Appendix No Number Psalm Sonnet Lesson Phase Stage Type Class Mark War Lecture Essay Note Rule "
    "Title Dynasty Corps Division Legion Olympiad Episode Session Vatican Apollo Gemini Saturn Polaris "
    "Level Grade Group Series Tome Proposition Theorem Axiom Definition Prop Def Ode Eclogue Satire "
    "Epistle Elegy Fable Tale Sermon Discourse Dialogue Meditation Exercise Problem Question Answer Case "
    "Exhibit Schedule Clause Amendment"
)
_SMALL_DIVISION = _either(
    "vol chap ch p pp act scene sc bk book canto part pt chapter volume sect section page pages fig no "
    "cap lib Act Scene Vol Chap Chapter Book Part Canto Page"
)
_ROMAN = r"[IVXLCDM]+"
NOT_NUMERALS = word_set(
    "MIX DIM MILD CIVIL LIVID VIVID MI DI LI CD DC MD MC CC MM DM ID CM LC XL CV DIV MMM ILL DILL MILL "
    "LIL VIM DID LIDMID CIV"
)
"""Words and shorthands that only look like numerals."""
_AFTER_KING = re.compile(rf"\b(?:{_KING})\s$")


def names_king(before: str) -> bool:
    """Whether the text ends with the name of a king or pope."""
    return _AFTER_KING.search(before[-24:]) is not None


def regnal(number: int) -> str:
    """`the Fourteenth`."""
    return f"the {ordinal(number).capitalize()}"


def _king(found: re.Match[str]) -> str | None:
    number = roman.value(found["numeral"])
    if not 0 < number < 41 or (found["numeral"] == "X" and found[0].startswith("Malcolm")):
        return None
    return regnal(number)


def _cardinal(found: re.Match[str]) -> str | None:
    number = roman.value(found["numeral"])
    return cardinal(number) if number else None


def _division(found: re.Match[str]) -> str | None:
    pronoun = found["numeral"] == "I" and re.compile(r"['’]| [a-z]").match(found.string, found.end("numeral"))
    return None if pronoun and not found["word"][0].isupper() else _cardinal(found)


def _ordinal(found: re.Match[str]) -> str | None:
    number = roman.value(found["numeral"])
    return ordinal(number) if number else None


def _bare(found: re.Match[str]) -> str | None:
    text = found["numeral"]
    if text in NOT_NUMERALS or (len(text) == 3 and roman.value(text) > 100):
        return None
    return _cardinal(found)


_STOP = r"(?:\.(?=[,;:)]|\s[a-z]))?"  # “vol. ii., page 3”, “Louis XIV. was”
_FIRST = r"I(?=\s?(?:[.,;:)!?(]|'s|of\b|and\s(?:of\b|[A-Z]|his|her))|$)"
RULES = (
    Rule(
        "roman",
        CAPITALS,
        re.compile(rf"\b(?:{_KING})\s(?P<run>(?P<numeral>{_FIRST}|[IVX]{{2,}}|V|X)(?![\w-]){_STOP})"),
        _king,
    ),
    Rule(
        "roman",
        CAPITALS,
        re.compile(
            rf"\b(?P<run>(?P<numeral>{_ROMAN})(?:th|st|nd|rd|d)?"
            r"(?=[\s-](?:and\s[IVX]+(?:th)?\s)?[Cc]entur(?:y|ies)\b))"
        ),
        _ordinal,
    ),
    Rule("roman", CAPITALS, re.compile(r"\b(?P<numeral>[IVXLC]{2,}|[VX](?=th))(?:th|st|nd|rd)\b"), _ordinal),
    Rule(
        "roman",
        CAPITALS,
        re.compile(
            rf"\b(?P<word>{_DIVISION}|{_DIVISION.upper()}|act|scene|part|book|chapter|volume|canto"
            rf"|section)s?\.?\s"
            rf"(?P<run>(?P<numeral>{_ROMAN})\b(?!['’]\w){_STOP})"
        ),
        _division,
    ),
    Rule(
        "roman",
        frozenset("ivxlc"),
        re.compile(rf"\b(?P<word>{_SMALL_DIVISION})\.?\s(?P<run>(?P<numeral>[ivxlc]+)\b(?!['’-]\w){_STOP})"),
        _division,
    ),
    Rule(
        "roman",
        CAPITALS,
        re.compile(rf"(?<![\w.'-])(?P<numeral>(?=[IVXLCDM]{{2}}){_ROMAN})(?![\w'-])"),
        _bare,
    ),
)
