"""Sums of money, with shillings and pence."""

from __future__ import annotations

import re

from audiobook.normalization.english.words import amount, cardinal, is_one
from audiobook.normalization.rule import FIGURES, Rule

# sign → (one, several, one hundredth, several hundredths)
_CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "sen", "sen"),
    "₽": ("rouble", "roubles", "kopeck", "kopecks"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "₩": ("won", "won", "jeon", "jeon"),
}
_PREFIXES = {
    "US": "U S ",
    "A": "Australian ",
    "C": "Canadian ",
    "CA": "Canadian ",
    "NZ": "New Zealand ",
    "HK": "Hong Kong ",
}
_SIGNS = "".join(_CURRENCIES)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion", "b": "billion", "tn": "trillion"}
_HALVES = {"½": "and a half", "¼": "and a quarter", "¾": "and three quarters"}


def _sum(sign: str, number: str, attributive: bool) -> str:
    one, many, part, parts = _CURRENCIES[sign]
    whole, _, hundredths = number.partition(".")
    whole = whole or "0"
    if len(hundredths) == 1 and not attributive:
        hundredths += "0"
    singular = is_one(whole) or attributive
    if len(hundredths) != 2:
        return f"{amount(number)} {one if attributive or (singular and not hundredths) else many}"
    words = f"{amount(whole)} {one if singular else many}"
    small = int(hundredths)
    if not small:
        return words
    cents = f"{cardinal(small)} {part if small == 1 else parts}"
    if not int(whole.replace(",", "")):
        return cents
    return f"{words} {cardinal(small)}" if sign == "£" else f"{words} and {cents}"


def _prefixed(found: re.Match[str]) -> str:
    sign, number, half, scale = found["sign"], found["number"], found["half"], found["scale"]
    prefix = _PREFIXES.get(found["prefix"] or "", "")
    one, many = _CURRENCIES[sign][:2]
    attributive = found["noun"] is not None
    minus = "minus " if found["minus"] else ""
    if scale:
        word = _SCALE.get(scale.strip().lower(), scale.strip())
        return f"{minus}{amount(number)} {word} {prefix}{one if attributive else many}"
    if half:
        return f"{minus}{amount(number)} {_HALVES[half]} {prefix}{many}"
    if prefix:
        return f"{minus}{amount(number)} {prefix}{one if is_one(number) or attributive else many}"
    return minus + _sum(sign, number, attributive)


def _suffixed(found: re.Match[str]) -> str:
    sign, number = found["sign"], found["number"]
    if sign in "¢c":
        return f"{amount(number)} {'cent' if is_one(number) else 'cents'}"
    return _sum(sign, number, attributive=False)


def _pounds(number: str) -> str:
    return f"{amount(number)} {'pound' if is_one(number) else 'pounds'}"


def _shillings(number: str) -> str:
    return f"{amount(number)} {'shilling' if is_one(number) else 'shillings'}"


def _pence(number: str, half: str | None) -> str:
    if half:
        return f"{amount(number)} {_HALVES[half]} pence"
    return "one penny" if is_one(number) else f"{amount(number)} pence"


def _old_money(found: re.Match[str]) -> str:
    groups = found.groupdict()
    parts = [_pounds(groups["pounds"])] if groups.get("pounds") else []
    parts += [_shillings(groups["shillings"])] if groups.get("shillings") else []
    parts += [_pence(groups["pence"], groups.get("half"))] if groups.get("pence") else []
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _librae(found: re.Match[str]) -> str:
    return _pounds(found["number"])


_POUNDS = rf"(?:£\s?(?P<pounds>{_NUMBER})(?:l\.)?)"
_POUNDS_L = r"(?:(?P<pounds>\d[\d,]*)\s?l\.)"
_SHILLINGS = r"(?:(?P<shillings>\d{1,3})\s?s(?:\.|(?=[,\s]\s?\d|\W*$)))"
_PENCE = r"(?:(?P<pence>\d{1,2})(?P<half>[½¼¾])?\s?d(?:\.(?!\w)|(?=[,;:!?)\s]|$)))"
_JOIN = r",?\s?(?:and\s)?"


def _old(pattern: str) -> Rule:
    return Rule("money", FIGURES, re.compile(r"(?<![\w.,])" + pattern), _old_money)


RULES = (
    _old(rf"{_POUNDS}{_JOIN}{_SHILLINGS}(?:{_JOIN}{_PENCE})?"),
    _old(rf"{_POUNDS_L}{_JOIN}{_SHILLINGS}(?:{_JOIN}{_PENCE})?"),
    _old(rf"{_POUNDS}{_JOIN}{_PENCE}"),
    _old(rf"{_SHILLINGS}{_JOIN}{_PENCE}"),
    Rule("money", frozenset("£"), re.compile(r"£\.?\s?s\.\s?d\."), lambda _: "pounds, shillings and pence"),
    _old(r"(?P<shillings>\d{1,3})(?:\s?s\.(?!\w)|/[-–—](?!\d))"),
    _old(r"(?P<pence>\d{1,2})(?P<half>[½¼¾])?\s?d\.(?!\w)"),
    Rule(
        "money",
        frozenset(_SIGNS),
        re.compile(
            rf"(?P<minus>(?<![\w.,)])[-−])?(?:\b(?P<prefix>US|NZ|HK|CA|A|C))?(?P<sign>[{_SIGNS}])\s?"
            rf"(?P<number>{_NUMBER}|\.\d\d(?!\d))"
            r"(?P<half>[½¼¾])?(?P<scale>\s(?:thousand|million|billion|trillion)\b|(?:k|K|m|mn|bn|b|tn|M"
            r"|B)\b)?"
            r"(?P<noun>(?=-[a-z])|(?=\s(?:bill|note|piece|coin|stamp)\b))?"
        ),
        _prefixed,
    ),
    Rule(
        "money",
        frozenset("¢€₽"),
        re.compile(rf"(?<![\w.,])(?P<number>{_NUMBER})\s?(?P<sign>[¢€₽])"),
        _suffixed,
    ),
    Rule("money", FIGURES, re.compile(r"(?<![\w.,])(?P<number>\d[\d,]*)l\.(?=\s[a-z(])"), _librae),
)
