"""The spoken form of English."""

from audiobook.normalization.english import (
    calendar,
    figures,
    fractions,
    headings,
    measures,
    money,
    names,
    numerals,
    symbols,
)

RULES = (
    *symbols.URL_RULES,
    figures.DASH_RULE,
    *money.RULES,
    *calendar.RULES,
    *numerals.RULES,
    *names.RULES,
    *measures.RULES,
    *fractions.RULES,
    figures.COLON_RULE,
    *figures.RULES,
    *symbols.SYMBOL_RULES,
    symbols.CAPITAL_RULE,
)
"""In order of precedence: what is claimed first stays."""

TITLE_RULES = (*headings.RULES, *RULES)

__all__ = ["RULES", "TITLE_RULES"]
