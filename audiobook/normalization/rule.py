"""What a rule is, and the classes of spoken form that an engine may do itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from audiobook.normalization.draft import Draft, Maker
from audiobook.segmentation.tables import word_set

CLASSES = word_set(
    "abbreviations caps dates decimals fractions initials measures money numbers ordinals ranges roman "
    "symbols "
    "telephone times titles urls years"
)
"""Names that an engine may give in its traits for what it reads right itself."""

FIGURES = frozenset("0123456789")
CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
FRACTIONS = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
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
