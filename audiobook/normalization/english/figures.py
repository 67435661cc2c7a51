"""Numbers of every other kind: ordinals, ranges, telephone numbers, plain figures."""

from __future__ import annotations

import re

from audiobook.normalization.english.words import amount, cardinal, digits, ordinal
from audiobook.normalization.rule import FIGURES, Rule

_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉⁻", "01234567890123456789-")


def _ordinal(found: re.Match[str]) -> str:
    return ordinal(int(found["number"].replace(",", "")))


def _range(found: re.Match[str]) -> str | None:
    first, second = found["first"], found["second"]
    dash = found["dash"]
    one, two = (float(number.replace(",", "")) for number in (first, second))
    if "-" in dash and one >= two:
        return None
    return f"{amount(first)} to {amount(second)}"


def _address(found: re.Match[str]) -> str:
    """`123.45.0.1` on a network."""
    return " dot ".join(digits(group) for group in found[0].split("."))


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


_MINUS = r"(?:(?<![\w)\]])(?P<minus>[-−](?=\d)))?"
_TELEPHONE = (
    r"(?<![\w+.])(?:\+\d{1,3}[\s-]?(?:\(\d{1,4}\)[\s-]?)?\d{2,4}(?:[\s-]\d{2,4}){1,3}"
    r"|\(\d{3}\)[\s-]?\d{3}-\d{4}|\d{3}-\d{2}-\d{4}|\d{3}\.\d{3}\.\d{4}|(?:\d{3}-)?\d{3}-\d{4})(?![\w-])"
)
_END = r"\d{1,3}(?:,\d{3})+|\d{1,6}(?:\.\d+)?"
_DASH_BETWEEN = (
    r"(?:(?<=[\ds]0s)|(?<=[ap]m)|(?<=[apAP]\.[mM]\.)|(?<=:\d\d)|(?<=\d)(?=\s?[–-]\s?[$£€¥]))\s?[–-]\s?"
    r"(?=[$£€¥\d])"
)
RULES = (
    Rule("telephone", FIGURES, re.compile(_TELEPHONE), _telephone),
    Rule("telephone", FIGURES, re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)"), _address),
    Rule(
        "ordinals",
        FIGURES,
        re.compile(r"(?<![\w.,])(?P<number>\d{1,3}(?:,\d{3})+|\d{1,15})(?:st|nd|rd|th|(?<=[23])d)\b"),
        _ordinal,
    ),
    Rule(
        "ranges",
        FIGURES,
        re.compile(
            rf"(?<![\w.,/-])(?P<first>{_END})(?P<dash>\s?[–-]\s?|\s?—\s?(?=\d))(?P<second>{_END})(?![\w/-]"
            rf"|[.,]\d)"
        ),
        _range,
    ),
    Rule(
        "numbers",
        frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹"),
        re.compile(r"(?P<base>(?<![\w.])\d[\d,.]{0,15}|\b[A-Za-z])(?P<exponent>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,6})"),
        _power,
    ),
    Rule("numbers", frozenset("₀₁₂₃₄₅₆₇₈₉"), re.compile(r"[₀₁₂₃₄₅₆₇₈₉]{1,9}"), _subscript),
    Rule("telephone", FIGURES, re.compile(r"(?<![\w.,])(?:0\d+|\d{13,})(?![\w,]|\.\d)"), _serial),
    Rule("decimals", FIGURES, re.compile(r"(?<![\w.,])\d{1,9}(?:\.\d{1,9}){2,}(?!\w)"), _version),
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
COLON_RULE = Rule("numbers", frozenset(":"), re.compile(r"(?<=\d):(?=\d)"), lambda _: " ")
"""Chapter and verse."""
DASH_RULE = Rule("ranges", frozenset("-–"), re.compile(_DASH_BETWEEN), lambda _: " to ")
"""The dash between two sums, times or decades, each of which is read by its own rule."""
