"""Roman numerals."""

from __future__ import annotations

import re

_WELL_FORMED = re.compile(r"M{0,3}(?:CM|CD|D?C{0,4})(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})", re.IGNORECASE)
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_UNICODE = {
    chr(0x2160 + place): value
    for place, value in enumerate(
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "L", "C", "D", "M"]
    )
}
_UNICODE |= {
    chr(0x2170 + place): value
    for place, value in enumerate(
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "l", "c", "d", "m"]
    )
}

SINGLE_CHARACTERS = str.maketrans(_UNICODE)
"""Ⅷ and its like as letters."""


def value(text: str) -> int:
    """The number, or 0 where the letters make none. Old forms such as IIII are read."""
    text = text.translate(SINGLE_CHARACTERS)
    if not text or not _WELL_FORMED.fullmatch(text):
        return 0
    numbers = [_VALUES[letter] for letter in text.upper()]
    following = [*numbers[1:], 0]
    return sum(-one if one < other else one for one, other in zip(numbers, following, strict=True))
