"""What a rule is, and the classes of spoken form that an engine may do itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from audiobook.normalization.draft import Draft, Maker
from audiobook.segmentation.tables import word_set

CLASSES = word_set(
    "abbreviations caps dates decimals fractions initials measures money numbers ordinals ranges roman "
    "symbols telephone times titles urls years"
)
"""Names that an engine may give in its traits for what it reads right itself."""

FIGURES = frozenset("0123456789")
CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
VULGAR = {
    "¼": (1, 4), "½": (1, 2), "¾": (3, 4), "⅐": (1, 7), "⅑": (1, 9), "⅒": (1, 10), "⅓": (1, 3), "⅔": (2, 3),
    "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8),
    "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip
"""Fractions of one character: numerator and denominator."""
FRACTIONS = "".join(VULGAR)
NUMERIC = FIGURES | frozenset(FRACTIONS)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern of one class, tried on texts that hold one of the characters in `needs`; empty: on all."""

    name: str
    needs: frozenset[str]
    pattern: re.Pattern[str]
    make: Maker


def apply_rules(draft: Draft, rules: Sequence[Rule], handled: frozenset[str]) -> None:
    """All rules in order. What falls to a class that the engine handles is claimed as it is written."""
    present = frozenset(draft.text)
    for rule in rules:
        if not rule.needs or not rule.needs.isdisjoint(present):
            draft.apply(rule.pattern, rule.make, as_written=rule.name in handled)
