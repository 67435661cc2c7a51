"""Numbers of every other kind: ordinals, fractions, measures, ranges, telephone numbers, plain figures."""

from __future__ import annotations

import re

from audiobook.normalization.english.words import amount, cardinal, digits, is_one, ordinal, plural
from audiobook.normalization.rule import FIGURES, FRACTIONS, NUMERIC, Rule

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_VULGAR = {
    "¼": (1, 4), "½": (1, 2), "¾": (3, 4), "⅐": (1, 7), "⅑": (1, 9), "⅒": (1, 10), "⅓": (1, 3), "⅔": (2, 3),
    "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8),
    "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉⁻", "01234567890123456789-")

# written → (one, several)
_UNITS = {
    "km": ("kilometre", "kilometres"), "m": ("metre", "metres"), "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"), "kg": ("kilogram", "kilograms"), "g": ("gram", "grams"),
    "mg": ("milligram", "milligrams"), "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"), "ft": ("foot", "feet"), "in.": ("inch", "inches"), "ins": ("inch", "inches"),
    "yd": ("yard", "yards"), "yds": ("yard", "yards"), "mi": ("mile", "miles"),
    "mph": ("mile an hour", "miles an hour"), "km/h": ("kilometre an hour", "kilometres an hour"),
    "m/s": ("metre per second", "metres per second"), "cwt": ("hundredweight", "hundredweight"),
    "hp": ("horsepower", "horsepower"), "kW": ("kilowatt", "kilowatts"), "W": ("watt", "watts"),
    "V": ("volt", "volts"), "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"), "kB": ("kilobyte", "kilobytes"),
    "KB": ("kilobyte", "kilobytes"), "MB": ("megabyte", "megabytes"), "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"), "ml": ("millilitre", "millilitres"), "cl": ("centilitre", "centilitres"),
    "hrs": ("hour", "hours"), "hr": ("hour", "hours"), "min": ("minute", "minutes"), "mins": ("minute", "minutes"),
    "sec": ("second", "seconds"), "secs": ("second", "seconds"), "dB": ("decibel", "decibels"),
    "sq. ft": ("square foot", "square feet"), "sq ft": ("square foot", "square feet"),
    "sq. m": ("square metre", "square metres"), "km²": ("square kilometre", "square kilometres"),
    "m²": ("square metre", "square metres"), "m³": ("cubic metre", "cubic metres"),
    "cm³": ("cubic centimetre", "cubic centimetres"), "ha": ("hectare", "hectares"),
    "gal": ("gallon", "gallons"), "pt": ("pint", "pints"), "qt": ("quart", "quarts"),
}  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_DIRECTIONS = {"N": "north", "S": "south", "E": "east", "W": "west"}


def _part(numerator: int, denominator: int) -> str:
    if denominator == 2:
        return "one half" if numerator == 1 else f"{cardinal(numerator)} halves"
    name = "quarter" if denominator == 4 else ordinal(denominator).removeprefix("one ")
    return f"{cardinal(numerator)} {name if numerator == 1 else plural(name)}"


def _mixed(whole: str, numerator: int, denominator: int) -> str:
    part = _part(numerator, denominator)
    if numerator == 1 and denominator in (2, 3, 4):
        part = part.replace("one ", "a ", 1)
    return f"{amount(whole)} and {part}"


def _vulgar(found: re.Match[str]) -> str:
    fraction = _VULGAR[found["fraction"]]
    words = _mixed(found["whole"], *fraction) if found["whole"] else _part(*fraction)
    return words + _glue(found)


def _glue(found: re.Match[str]) -> str:
    """A space where a letter follows at once: `½d`."""
    return " " if found.string[found.end() : found.end() + 1].isalpha() else ""


def _slash(found: re.Match[str]) -> str | None:
    top, bottom = int(found["top"]), int(found["bottom"])
    if found["whole"]:
        return _mixed(found["whole"], top, bottom) if 0 < top < bottom else None
    if (top, bottom) == (9, 11):
        return "nine eleven"
    if 0 < top < bottom and bottom > 1:
        return _part(top, bottom)
    return (
        f"{cardinal(top)} {cardinal(bottom)}"
        if (top, bottom) == (24, 7)
        else f"{cardinal(top)} over {cardinal(bottom)}"
    )


def _ordinal(found: re.Match[str]) -> str:
    return ordinal(int(found["number"].replace(",", "")))


def _measure(found: re.Match[str]) -> str:
    number, unit, half = found["number"], found["unit"], found["half"]
    words = (_mixed(number, *_VULGAR[half]) if number else _part(*_VULGAR[half])) if half else amount(number)
    attributive = found["hyphen"] == "-"
    one, many = _UNITS[unit]
    singular = attributive or (number and is_one(number) and not half)
    return f"{words}{'-' if attributive else ' '}{one if singular else many}"


def _feet_inches(found: re.Match[str]) -> str:
    feet, inches = found["feet"], found["inches"]
    words = f"{amount(feet)} {'foot' if is_one(feet) else 'feet'}"
    return f"{words} {amount(inches)} {'inch' if is_one(inches) else 'inches'}"


def _degrees(found: re.Match[str]) -> str:
    number, scale = found["number"], found["scale"]
    minus = "minus " if found["minus"] else ""
    words = f"{minus}{amount(number)} {'degree' if is_one(number) else 'degrees'}"
    if found["minutes"]:
        words += f" {amount(found['minutes'])} {'minute' if is_one(found['minutes']) else 'minutes'}"
    if found["seconds"]:
        words += f" {amount(found['seconds'])} seconds"
    if scale:
        words += {"C": " Celsius", "F": " Fahrenheit"}.get(scale) or f" {_DIRECTIONS[scale]}"
    return words


def _percent(found: re.Match[str]) -> str:
    minus = "minus " if found["minus"] else ""
    number = _mixed(found["number"], *_VULGAR[found["half"]]) if found["half"] else amount(found["number"])
    return f"{minus}{number} {'per mille' if found['sign'] == '‰' else 'percent'}"


def _range(found: re.Match[str]) -> str | None:
    first, second = found["first"], found["second"]
    dash = found["dash"]
    one, two = (float(number.replace(",", "")) for number in (first, second))
    if "-" in dash and one >= two:
        return None
    return f"{amount(first)} to {amount(second)}"


def _telephone(found: re.Match[str]) -> str:
    plus = "plus " if found[0].startswith("+") else ""
    groups = re.findall(r"\d+", found[0])
    return plus + ", ".join(digits(group) for group in groups)


def _serial(found: re.Match[str]) -> str:
    """Zeros in front, or too many figures to be a quantity."""
    return digits(found[0])


def _version(found: re.Match[str]) -> str:
    return " point ".join(cardinal(int(part)) for part in found[0].split("."))


def _decimal(found: re.Match[str]) -> str:
    minus = "minus " if found["minus"] else ""
    number = found["number"]
    words = f"point {digits(number)}" if number.startswith(".") else amount(number)
    return minus + words


def _cardinal(found: re.Match[str]) -> str | None:
    minus = "minus " if found["minus"] else ""
    figures = found["number"].replace(",", "")
    if len(figures) > 12:
        return digits(figures)
    words = digits(figures) if len(figures) > 1 and figures[0] == "0" else cardinal(int(figures))
    before = found.string[found.start() - 1 : found.start()]
    after = found.string[found.end() : found.end() + 1]
    left = " " if before.isalpha() else ""
    right = " " if after.isalpha() else ""
    return f"{left}{minus}{words}{right}"


def _power(found: re.Match[str]) -> str:
    exponent = int(found["exponent"].translate(_SUPERSCRIPT))
    words = {2: "squared", 3: "cubed"}.get(exponent) or f"to the power of {cardinal(exponent)}"
    base = found["base"]
    return f"{amount(base) if base[0].isdigit() else base} {words}"


def _subscript(found: re.Match[str]) -> str:
    after = found.string[found.end() : found.end() + 1]
    return f" {cardinal(int(found[0].translate(_SUPERSCRIPT)))}{' ' if after.isalnum() else ''}"


_HALF = f"[{FRACTIONS}]"
_MINUS = r"(?:(?<![\w)\]])(?P<minus>[-−](?=\d)))?"
RULES = (
    Rule(
        "telephone",
        FIGURES,
        re.compile(
            r"(?<![\w+])(?:\+\d{1,3}[\s-]?(?:\(\d+\)[\s-]?)?\d{2,4}(?:[\s-]\d{2,4}){1,3}|\(\d{3}\)\s?\d{3}-\d{4}|(?:\d{3}-)?\d{3}-\d{4})(?![\w-])"
        ),
        _telephone,
    ),
    Rule(
        "measures",
        FIGURES,
        re.compile(
            rf"{_MINUS}(?P<number>{_NUMBER})\s?°(?:\s?(?P<minutes>\d{{1,2}})\s?['′](?:\s?(?P<seconds>\d{{1,2}})\s?[\"″])?)?(?:\s?(?P<scale>[CFNSEW])\b)?"
        ),
        _degrees,
    ),
    Rule(
        "measures",
        FIGURES,
        re.compile(r"(?<![\w.])(?P<feet>\d{1,2})\s?['′]\s?(?P<inches>\d{1,2})\s?[\"″](?!\w)"),
        _feet_inches,
    ),
    Rule(
        "measures", frozenset("%‰"), re.compile(rf"{_MINUS}(?P<number>{_NUMBER})(?P<half>{_HALF})?\s?(?P<sign>[%‰])"), _percent
    ),
    Rule(
        "measures",
        NUMERIC,
        re.compile(
            rf"(?<![\w.,])(?:(?P<number>{_NUMBER})\s?(?P<half>{_HALF})?)(?P<hyphen>[\s-]?)(?P<unit>{_UNIT})(?:(?<!\.)\.)?(?![\w/²³]|\.\w)"
        ),
        _measure,
    ),
    Rule(
        "ordinals",
        FIGURES,
        re.compile(r"(?<![\w.,])(?P<number>\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th|(?<=[23])d)\b"),
        _ordinal,
    ),
    Rule(
        "fractions",
        frozenset(FRACTIONS),
        re.compile(rf"(?:(?<![\w.,])(?P<whole>\d[\d,]*)\s?)?(?P<fraction>{_HALF})"),
        _vulgar,
    ),
    Rule(
        "fractions",
        frozenset("/⁄"),
        re.compile(
            r"(?<![\w./⁄])(?:(?P<whole>\d+)[\s-])?(?P<top>\d{1,3})[/⁄](?P<bottom>\d{1,3})(?![\w/⁄]|\.\d)"
        ),
        _slash,
    ),
    Rule(
        "ranges",
        FIGURES,
        re.compile(
            r"(?<![\w.,/-])(?P<first>\d{1,3}(?:,\d{3})+|\d{1,6}(?:\.\d+)?)(?P<dash>\s?[–-]\s?|\s?—\s?(?=\d))(?P<second>\d{1,3}(?:,\d{3})+|\d{1,6}(?:\.\d+)?)(?![\w/-]|[.,]\d)"
        ),
        _range,
    ),
    Rule(
        "numbers",
        frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹"),
        re.compile(r"(?P<base>(?<![\w.])\d[\d,.]*|\b[A-Za-z])(?P<exponent>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"),
        _power,
    ),
    Rule("numbers", frozenset("₀₁₂₃₄₅₆₇₈₉"), re.compile(r"[₀₁₂₃₄₅₆₇₈₉]{1,9}"), _subscript),
    Rule("telephone", FIGURES, re.compile(r"(?<![\w.,])(?:0\d+|\d{13,})(?![\w,]|\.\d)"), _serial),
    Rule("decimals", FIGURES, re.compile(r"(?<![\w.,])\d+(?:\.\d+){2,}(?![\w])"), _version),
    Rule(
        "decimals",
        FIGURES,
        re.compile(rf"{_MINUS}(?<![\w.,])(?P<number>\d[\d,]*\.\d+|(?<![^\s($£€–-])\.\d+)(?!\.?\d)"),
        _decimal,
    ),
    Rule(
        "numbers",
        FIGURES,
        re.compile(rf"{_MINUS}(?P<number>(?<!\d)\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)"),
        _cardinal,
    ),
)
