"""Languages of which only the numbers are known."""

from __future__ import annotations

import re
from functools import cache

from audiobook.normalization.languages.numbers import digits, known, words
from audiobook.normalization.rule import FIGURES, Rule


@cache
def rules(language: str) -> tuple[Rule, ...]:
    """Whole numbers in words; nothing where the language is not known."""
    if not known(language):
        return ()

    def number(found: re.Match[str]) -> str:
        plain = re.sub(r"(?<=\d)[. ](?=\d{3})", "", found[0])
        if len(plain) > 1 and plain[0] == "0":
            return digits(plain, language)
        return words(int(plain), language)

    return (
        Rule(
            "numbers",
            FIGURES,
            re.compile(r"(?<![\w.,])(?:\d{1,3}(?:[. ]\d{3})+|\d+)(?![\w]|[.,:/]\d)"),
            number,
        ),
    )
