"""Numbers in English words."""

from __future__ import annotations

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
LARGEST = 10 ** (3 * len(_SCALES))
"""Numbers from here on are read digit by digit."""


def _below_hundred(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f"-{_SMALL[ones]}" if ones else "")


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest)
    return f"{_SMALL[hundreds]} hundred" + (f" and {_below_hundred(rest)}" if rest else "")


def cardinal(number: int) -> str:
    """`one thousand two hundred and five`."""
    if number < 0:
        return f"minus {cardinal(-number)}"
    if number >= LARGEST:
        return digits(str(number))
    if number < 1000:
        return _below_thousand(number)
    groups = []
    rest, scale = number, 0
    while rest:
        rest, group = divmod(rest, 1000)
        if group:
            groups.append(f"{_below_thousand(group)} {_SCALES[scale]}".strip())
        scale += 1
    joined = " ".join(reversed(groups))
    if 0 < number % 1000 < 100:
        head, _, tail = joined.rpartition(groups[0])
        return f"{head}and {groups[0]}{tail}"
    return joined


def _ordinal_word(word: str) -> str:
    if word in _ORDINALS:
        return _ORDINALS[word]
    return word[:-1] + "ieth" if word.endswith("y") else word + "th"


def ordinal(number: int) -> str:
    """`twenty-first`."""
    words = cardinal(number)
    cut = max(words.rfind(" "), words.rfind("-")) + 1
    return words[:cut] + _ordinal_word(words[cut:])


def digits(text: str) -> str:
    """Digit by digit: `four oh seven` is `four zero seven`."""
    return " ".join(_SMALL[int(character)] for character in text if character.isdecimal())


def year(number: int) -> str:
    """`nineteen eighty-four`, `nineteen hundred`, `two thousand and five`, `twenty twenty-four`."""
    century, rest = divmod(number, 100)
    if not 1000 <= number <= 2999 or 2000 <= number <= 2009 or number % 1000 == 0:
        return cardinal(number) if number > 999 or century == 0 or rest == 0 else _short_year(century, rest)
    if rest == 0:
        return f"{_below_hundred(century)} hundred"
    return _short_year(century, rest)


def _short_year(century: int, rest: int) -> str:
    middle = f"oh {_SMALL[rest]}" if rest < 10 else _below_hundred(rest)
    return f"{_below_hundred(century)} {middle}"


def plural(words: str) -> str:
    """`eighties`, `hundreds`, `sixes`: the last word in the plural."""
    if words.endswith("y"):
        return words[:-1] + "ies"
    return words + ("es" if words.endswith(("x", "s", "ch")) else "s")


def amount(text: str) -> str:
    """A number as written, with commas and a decimal point: `1,234.5`."""
    whole, _, fraction = text.replace(",", "").replace(" ", "").partition(".")
    if len(whole) > 1 and whole[0] == "0" and not fraction:
        return digits(whole)
    words = cardinal(int(whole)) if whole else "zero"
    return f"{words} point {digits(fraction)}" if fraction else words


def is_one(text: str) -> bool:
    """Whether a noun after the number stands in the singular."""
    return text.replace(",", "") == "1"
