"""Numbers in words, for any language that is known."""

from __future__ import annotations

from audiobook.normalization.english import words as english
from audiobook.normalization.english.numerals import names_king, regnal
from audiobook.normalization.languages import chinese, japanese
from audiobook.normalization.languages.numbers import known, words


def cardinal(number: int, language: str) -> str:
    """The number in words; in figures where the language is not known."""
    match language:
        case "en":
            return english.cardinal(number)
        case "zh":
            return chinese.cardinal(number)
        case "ja":
            return japanese.cardinal(number)
    return words(number, language) if known(language) else str(number)


def ordinal(number: int, language: str) -> str:
    """The ordinal in words."""
    match language:
        case "en":
            return english.ordinal(number)
        case "zh" | "ja":
            return f"第{cardinal(number, language)}"
    return words(number, language, "ordinal") if known(language) else str(number)


def in_context(number: int, language: str, before: str, as_ordinal: bool) -> str:
    """A numeral in its context: kings take an ordinal."""
    if language == "en" and names_king(before):
        return regnal(number)
    return ordinal(number, language) if as_ordinal else cardinal(number, language)
