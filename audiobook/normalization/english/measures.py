"""Measures: a number and a unit."""

from __future__ import annotations

import re

from audiobook.normalization.english.fractions import HALF, mixed, part
from audiobook.normalization.english.words import amount, is_one
from audiobook.normalization.rule import FIGURES, NUMERIC, VULGAR, Rule

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
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
    "TB": ("terabyte", "terabytes"), "ml": ("millilitre", "millilitres"),
    "cl": ("centilitre", "centilitres"), "hrs": ("hour", "hours"), "hr": ("hour", "hours"),
    "min": ("minute", "minutes"), "mins": ("minute", "minutes"), "sec": ("second", "seconds"),
    "secs": ("second", "seconds"), "dB": ("decibel", "decibels"), "sq. ft": ("square foot", "square feet"),
    "sq ft": ("square foot", "square feet"), "sq. m": ("square metre", "square metres"),
    "km²": ("square kilometre", "square kilometres"), "m²": ("square metre", "square metres"),
    "m³": ("cubic metre", "cubic metres"), "cm³": ("cubic centimetre", "cubic centimetres"),
    "ha": ("hectare", "hectares"), "gal": ("gallon", "gallons"), "pt": ("pint", "pints"),
    "qt": ("quart", "quarts"),
}  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_DIRECTIONS = {"N": "north", "S": "south", "E": "east", "W": "west"}


def _signed(found: re.Match[str]) -> str:
    return f"{'minus ' if found['minus'] else ''}{amount(found['number'])}"


def _quantity(found: re.Match[str]) -> str:
    """The number before a unit, with its fraction and the lower end of a range."""
    number, half = found["number"], found["half"]
    minus = "minus " if found["minus"] else ""
    if found["top"]:
        return mixed(number, int(found["top"]), int(found["bottom"]))
    if half:
        return mixed(number, *VULGAR[half]) if number else part(*VULGAR[half])
    low = f"{amount(found['low'])} to " if found["low"] else ""
    return f"{minus}{low}{amount(number)}"


def _measure(found: re.Match[str]) -> str:
    one, many = _UNITS[found["unit"]]
    attributive = found["hyphen"] == "-"
    plural = found["half"] or found["top"] or found["low"] or not is_one(found["number"])
    return f"{_quantity(found)}{'-' if attributive else ' '}{many if plural and not attributive else one}"


def _feet_inches(found: re.Match[str]) -> str:
    feet, inches = found["feet"], found["inches"]
    words = f"{amount(feet)} {'foot' if is_one(feet) else 'feet'}"
    return f"{words} {amount(inches)} {'inch' if is_one(inches) else 'inches'}"


def _degrees(found: re.Match[str]) -> str:
    number, scale = found["number"], found["scale"]
    words = f"{_signed(found)} {'degree' if is_one(number) else 'degrees'}"
    if found["minutes"]:
        words += f" {amount(found['minutes'])} {'minute' if is_one(found['minutes']) else 'minutes'}"
    if found["seconds"]:
        words += f" {amount(found['seconds'])} seconds"
    if scale:
        words += {"C": " Celsius", "F": " Fahrenheit"}.get(scale) or f" {_DIRECTIONS[scale]}"
    return words


def _percent(found: re.Match[str]) -> str:
    half = found["half"]
    number = mixed(found["number"], *VULGAR[half]) if half else _signed(found)
    return f"{number} {'per mille' if found['sign'] == '‰' else 'percent'}"


_MINUS = r"(?:(?<![\w)\]])(?P<minus>[-−](?=\d)))?(?<![\d.,/])"
_SMALL = r"\s?(?P<minutes>\d{1,2})\s?['′](?:\s?(?P<seconds>\d{1,2})\s?[\"″])?"
RULES = (
    Rule(
        "measures",
        frozenset("°º"),
        re.compile(rf"{_MINUS}(?P<number>{_NUMBER})\s?[°º](?:{_SMALL})?(?:\s?(?P<scale>[CFNSEW])\b)?"),
        _degrees,
    ),
    Rule(
        "measures",
        FIGURES,
        re.compile(r"(?<![\w.])(?P<feet>\d{1,2})\s?['′]\s?(?P<inches>\d{1,2})\s?[\"″](?!\w)"),
        _feet_inches,
    ),
    Rule(
        "measures",
        frozenset("%‰"),
        re.compile(rf"{_MINUS}(?P<number>{_NUMBER})(?P<half>{HALF})?\s?(?P<sign>[%‰])"),
        _percent,
    ),
    Rule(
        "measures",
        NUMERIC,
        re.compile(
            rf"{_MINUS}(?<!\w)(?:(?P<low>{_NUMBER})\s?[–-]\s?)?(?P<number>{_NUMBER})"
            rf"(?:\s?(?P<half>{HALF})|\s(?P<top>\d)/(?P<bottom>\d{{1,2}}))?"
            rf"(?P<hyphen>[\s-]?)(?P<unit>{_UNIT})(?:(?<!\.)\.)?(?![\w/²³]|\.\w)"
        ),
        _measure,
    ),
)
