"""What Chinese and Japanese share: how figures, sums and dates are written. How they are said differs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from audiobook.normalization.draft import Maker
from audiobook.normalization.rule import FIGURES, Rule

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
EDGE = r"(?<![\dA-Za-z.])"
MINUS = r"(?P<minus>(?<![\dA-Za-z)])[-−])?"


def decimal(text: str, figures: Callable[[str], str], cardinal: Callable[[int], str]) -> str:
    """A number as written, with a decimal point."""
    whole, _, fraction = text.replace(",", "").partition(".")
    said = figures(whole) if len(whole) > 1 and whole[0] == "0" else cardinal(int(whole))
    return f"{said}点{figures(fraction)}" if fraction else said


def month_and_day(found: re.Match[str]) -> tuple[int, int] | None:
    """Month and day of a date in figures; None where it cannot be one."""
    month, day = int(found["month"]), int(found["day"])
    return (month, day) if 0 < month < 13 and 0 < day < 32 else None


def date_rule(make: Maker) -> Rule:
    """`2024-03-05`: groups year, month, day."""
    pattern = rf"{EDGE}(?P<year>[12]\d{{3}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d)"
    return Rule("dates", FIGURES, re.compile(pattern), make)


def money_rule(signs: Iterable[str], scales: str, make: Maker) -> Rule:
    """`¥120万`: groups sign, number, scale."""
    joined = "".join(signs)
    pattern = rf"(?P<sign>[{joined}])\s?(?P<number>{NUMBER})(?P<scale>[{scales}]+)?"
    return Rule("money", frozenset(joined), re.compile(pattern), make)


def measure_rule(units: Iterable[str], make: Maker) -> Rule:
    """`-12.5 km`: groups minus, number, unit."""
    unit = "|".join(re.escape(each) for each in sorted(units, key=len, reverse=True))
    pattern = rf"(?P<minus>[-−])?{EDGE}(?P<number>{NUMBER})\s?(?P<unit>{unit})(?![A-Za-z²³])"
    return Rule("measures", FIGURES, re.compile(pattern), make)


def fraction_rule(make: Maker) -> Rule:
    """`3/4`: groups minus, top, bottom."""
    pattern = rf"{MINUS}{EDGE}(?P<top>\d{{1,3}})/(?P<bottom>\d{{1,3}})(?![\d/])"
    return Rule("fractions", frozenset("/"), re.compile(pattern), make)


def range_rule(mark: str, make: Maker) -> Rule:
    """`12～15`: groups first, second. `mark` is what this language writes beside dashes and tildes."""
    one = r"\d{1,4}(?:\.\d+)?"
    pattern = rf"{EDGE}(?P<first>{one})\s?[-–—~～{mark}]\s?(?P<second>{one})(?![\d-])"
    return Rule("ranges", FIGURES, re.compile(pattern), make)


def number_rule(make: Maker) -> Rule:
    """Any other number: groups minus, number."""
    return Rule("numbers", FIGURES, re.compile(rf"{MINUS}(?P<number>{NUMBER})"), make)


def symbol_rules(conjunction: str) -> tuple[Rule, ...]:
    """`&` is a word, ornaments are nothing."""
    return (
        Rule("symbols", frozenset("&＆"), re.compile(r"\s?[&＆]\s?"), lambda _: conjunction),
        Rule("symbols", frozenset("*_^|\\•※#■□●○◆†‡"), re.compile(r"[*_^|\\•※#■□●○◆†‡]+"), lambda _: ""),
    )
