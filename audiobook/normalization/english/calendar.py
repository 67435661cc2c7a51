"""Dates, years, decades and times of day."""

from __future__ import annotations

import re

from audiobook.normalization.english.words import cardinal, ordinal, plural, year
from audiobook.normalization.rule import FIGURES, Rule
from audiobook.segmentation.tables import word_set

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_SHORT = {name[:3]: name for name in _MONTHS} | {"Sept": "September"}
_FULL = "|".join(
    f"[{name[0]}{name[0].lower()}]{name[1:]}" if name not in ("March", "May") else name for name in _MONTHS
)
_ABBREVIATED = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
_MONTH = rf"(?:(?P<month>{_FULL})|(?P<short>{_ABBREVIATED})\b\.?)"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|d)?"
_YEAR = r"(?P<year>[12]\d{3})"
_NOT_NUMBER = r"(?![\d]|[.,:]\d)"


def _month(found: re.Match[str]) -> str:
    return (found["month"] or _SHORT[found["short"]]).capitalize()


def _month_day(found: re.Match[str]) -> str:
    words = f"{_month(found)} {ordinal(int(found['day']))}"
    if found["last"]:
        words += f" to {ordinal(int(found['last']))}"
    return f"{words}, {year(int(found['year']))}" if found["year"] else words


def _day_month(found: re.Match[str]) -> str:
    the = "" if found["the"] else "the "
    words = f"{found['the'] or ''}{the}{ordinal(int(found['day']))} of {_month(found)}"
    return f"{words}{found['comma'] or ''} {year(int(found['year']))}" if found["year"] else words


def _month_year(found: re.Match[str]) -> str:
    return f"{_month(found)}{found['comma'] or ''} {year(int(found['year']))}"


def _iso(found: re.Match[str]) -> str | None:
    number = int(found["number"])
    if not 1 <= number <= 12:
        return None
    return f"the {ordinal(int(found['day']))} of {_MONTHS[number - 1]} {year(int(found['year']))}"


def _slashed(found: re.Match[str]) -> str | None:
    first, second = int(found["first"]), int(found["second"])
    month, day = (second, first) if first > 12 else (first, second)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    digits = found["year"]
    words = year(int(digits)) if len(digits) == 4 else cardinal(int(digits))
    return f"{_MONTHS[month - 1]} {ordinal(day)}, {words}"


def _decade(found: re.Match[str]) -> str:
    number = int(found["number"])
    return plural(year(number) if found["century"] else cardinal(number))


def _year_range(found: re.Match[str]) -> str | None:
    first, second = int(found["first"]), found["second"]
    last = int(second)
    if len(second) == 4:
        return f"{year(first)} to {year(last)}" if first < last else None
    if first % 100 >= last:
        return None
    return f"{year(first)} to {'oh ' if last < 10 else ''}{cardinal(last)}"


def _era(found: re.Match[str]) -> str:
    letters = " ".join(character for character in (found["before"] or found["after"]) if character.isalpha())
    number = int(found["number"] or found["last"])
    words = year(number) if number > 999 else cardinal(number)
    return f"{letters} {words}" if found["before"] else f"{words} {letters}"


_NO_YEAR = word_set(
    "men people feet miles yards pages years days acres pounds dollars francs troops souls copies words"
)
_VERBS = word_set(
    "was is has as his its this us does across unless perhaps always besides towards whereas thus"
)


def _year(found: re.Match[str]) -> str | None:
    number = int(found["number"])
    following = found["following"]
    context = found["context"]
    if number < 1100 or number > 2099:
        return year(number) if context and number % 1000 else None
    if (
        following
        and not context
        and (following in _NO_YEAR or (following.endswith("s") and following not in _VERBS))
    ):
        return None
    return year(number)


def _half_of_day(text: str | None) -> str:
    return f" {text[0].upper()} M" if text else ""


def _time(found: re.Match[str]) -> str | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if hour > 24 or minute > 59:
        return None
    half = _half_of_day(found["half"])
    if found["second"]:
        seconds = int(found["second"])
        return f"{cardinal(hour)} {cardinal(minute)} and {cardinal(seconds)} seconds{half}"
    if not minute:
        if half:
            return cardinal(hour) + half
        return f"{cardinal(hour)} o'clock" if 1 <= hour <= 12 else f"{cardinal(hour)} hundred hours"
    return f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}{half}"


def _clock(found: re.Match[str]) -> str | None:
    hour, minute = int(found["hour"]), int(found["minute"])
    if not 0 < hour <= 24 or minute > 59:
        return None
    if not minute:
        return f"{cardinal(hour)} o'clock"
    return f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}"


_HALF = r"(?P<half>[apAP]\.\s?[mM](?![A-Za-z])\.?|[ap]m\b|[AP]M\b)"
_BEFORE = (
    "in|since|until|till|by|from|to|year|about|circa|before|after|during|of|early|late|spring|summer|autumn"
    "|winter|fall|around|and|or|between"
)
RULES = (
    Rule(
        "years",
        frozenset("—⸺⸻-"),
        re.compile(r"(?<![\w.,])(?P<century>1[5-9])(?:—+|⸺|⸻|--+)(?=[\s,.;:!?)\"']|$)"),
        lambda found: f"{cardinal(int(found['century']))} blank",
    ),
    Rule(
        "times",
        FIGURES,
        re.compile(rf"\b(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d\d)(?::(?P<second>\d\d))?)?\s?{_HALF}"),
        _time,
    ),
    Rule(
        "times",
        FIGURES,
        re.compile(
            r"(?<![\w.:])(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\w:]|\.\d)"
            r"(?P<half>)"
        ),
        _time,
    ),
    Rule(
        "times",
        FIGURES,
        re.compile(
            r"\b(?:at|by|till|until|about|before|after|past|from|to|the|and)\s(?P<run>(?P<hour>\d{1,2})[.]"
            r"(?P<minute>[0-5]\d)"
            r"(?=\s(?:train|bus|express|mail|boat|o'clock)\b|(?<=at \d\.\d\d)|(?<=at "
            r"\d\d\.\d\d)))(?!\d|\s(?:per|percent|%|miles|km))"
        ),
        _clock,
    ),
    Rule(
        "dates",
        FIGURES,
        re.compile(
            rf"\b{_MONTH}\s{_DAY}(?:\s?[–-]\s?(?P<last>\d\d?)(?:st|nd|rd|th)?)?\b{_NOT_NUMBER}"
            rf"(?:,?\s{_YEAR}\b)?"
        ),
        _month_day,
    ),
    Rule(
        "dates",
        FIGURES,
        re.compile(rf"\b(?P<the>the\s)?{_DAY}\s(?:of\s)?{_MONTH}(?:(?P<comma>,)?\s{_YEAR}\b)?"),
        _day_month,
    ),
    Rule("dates", FIGURES, re.compile(rf"\b{_MONTH}(?P<comma>,)?\s{_YEAR}\b"), _month_year),
    Rule(
        "dates",
        frozenset("."),
        re.compile(rf"\b(?P<short>{_ABBREVIATED})\.(?!\w)"),
        lambda found: _SHORT[found["short"]],
    ),
    Rule(
        "dates",
        FIGURES,
        re.compile(r"(?<![\w-])(?P<year>[12]\d{3})-(?P<number>\d\d)-(?P<day>[0-3]\d)(?![\w-])"),
        _iso,
    ),
    Rule(
        "dates",
        frozenset("/"),
        re.compile(r"(?<![\w/])(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4}|\d\d)(?![\w/])"),
        _slashed,
    ),
    Rule("years", FIGURES, re.compile(r"(?<![\w.,])'?(?P<number>(?P<century>1\d|20)?\d0)'?s\b"), _decade),
    Rule(
        "years",
        FIGURES,
        re.compile(
            r"(?<![\w.,$£€-])(?P<first>1[1-9]\d\d|20\d\d)\s?[-–]\s?(?P<second>\d{4}|\d\d)(?![\w-]|[.,]\d)"
        ),
        _year_range,
    ),
    Rule(
        "years",
        FIGURES,
        re.compile(
            r"(?:\b(?P<before>A\.\s?D\.|AD|B\.\s?C\.)\s(?P<number>\d{1,4})\b|"
            r"(?<![\w.,])(?P<last>\d{1,4})\s(?P<after>(?:A\.\s?D\.|B\.\s?C\.\s?E\.|B\.\s?C\.|C\.\s?E\.)|"
            r"(?:AD|BCE|BC|CE)\b))"
        ),
        _era,
    ),
    Rule(
        "years",
        FIGURES,
        re.compile(
            rf"(?:\b(?P<context>{_BEFORE}|In|Since|By|From)\s)?(?<![\w.,$£€#/-])(?P<run>(?P<number>\d{{4}}))"
            r"(?![\w/°%-]|[.,:]\d)(?=(?:\s(?P<following>[a-z]+))?)"
        ),
        _year,
    ),
)
