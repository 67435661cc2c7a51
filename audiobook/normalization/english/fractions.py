"""Fractions in words, and those that are written ½, 3¼ or 1/2."""

from __future__ import annotations

import re

from audiobook.normalization.english.words import amount, cardinal, ordinal, plural
from audiobook.normalization.rule import FRACTIONS, VULGAR, Rule

_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
HALF = f"[{FRACTIONS}]"


def part(numerator: int, denominator: int) -> str:
    """`three quarters`."""
    if denominator == 2:
        return "one half" if numerator == 1 else f"{cardinal(numerator)} halves"
    name = "quarter" if denominator == 4 else ordinal(denominator).removeprefix("one ")
    return f"{cardinal(numerator)} {name if numerator == 1 else plural(name)}"


def mixed(whole: str, numerator: int, denominator: int) -> str:
    """`three and a quarter`."""
    words = part(numerator, denominator)
    if numerator == 1 and denominator in (2, 3, 4):
        words = words.replace("one ", "a ", 1)
    return f"{amount(whole)} and {words}"


def _vulgar(found: re.Match[str]) -> str:
    fraction = VULGAR[found["fraction"]]
    words = mixed(found["whole"], *fraction) if found["whole"] else part(*fraction)
    return words + _glue(found)


def _glue(found: re.Match[str]) -> str:
    """A space where a letter follows at once: `½d`."""
    return " " if found.string[found.end() : found.end() + 1].isalpha() else ""


def _slash(found: re.Match[str]) -> str | None:
    top, bottom = int(found["top"]), int(found["bottom"])
    if found["whole"]:
        return mixed(found["whole"], top, bottom) if 0 < top < bottom else None
    if (top, bottom) == (9, 11):
        return "nine eleven"
    if 0 < top < bottom and bottom > 1:
        return part(top, bottom)
    return (
        f"{cardinal(top)} {cardinal(bottom)}"
        if (top, bottom) == (24, 7)
        else f"{cardinal(top)} over {cardinal(bottom)}"
    )


def _raised(found: re.Match[str]) -> str | None:
    """`5⁵⁄₁₁`."""
    top, bottom = int(found["top"].translate(_PLAIN)), int(found["bottom"].translate(_PLAIN))
    if not 0 < top < bottom:
        return None
    return (mixed(found["whole"], top, bottom) if found["whole"] else part(top, bottom)) + _glue(found)


RULES = (
    Rule(
        "fractions",
        frozenset("⁄/"),
        re.compile(r"(?P<whole>\d{1,4})?(?P<top>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})[⁄/](?P<bottom>[₀₁₂₃₄₅₆₇₈₉]{1,3})"),
        _raised,
    ),
    Rule(
        "fractions",
        frozenset(FRACTIONS),
        re.compile(rf"(?:(?<![\w.,])(?P<whole>\d[\d,]*)\s?)?(?P<fraction>{HALF})"),
        _vulgar,
    ),
    Rule(
        "fractions",
        frozenset("/⁄"),
        re.compile(
            r"(?<![\w./⁄])(?:(?P<whole>\d{1,4})[\s-])?(?P<top>\d{1,3})[/⁄](?P<bottom>\d{1,3})(?![\w/⁄]|\.\d)"
        ),
        _slash,
    ),
)
