"""Numbers in words, for any language that is known."""

from __future__ import annotations

from audiobook.normalization.english import words as english
from audiobook.normalization.english.numerals import names_king, regnal


def cardinal(number: int, language: str) -> str:
    """The number in words; in figures where the language is not known."""
    if language == "en":
        return english.cardinal(number)
    return str(number)


def ordinal(number: int, language: str) -> str:
    """The ordinal in words."""
    if language == "en":
        return english.ordinal(number)
    return str(number)


def ordinal_or_cardinal(number: int, language: str, before: str, ordinal: bool) -> str:
    """A numeral in its context: kings take an ordinal."""
    if language == "en" and names_king(before):
        return regnal(number)
    if ordinal:
        return globals()["ordinal"](number, language)  # type: ignore[no-any-return]
    return cardinal(number, language)
