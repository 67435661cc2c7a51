"""The spoken form of French."""

from __future__ import annotations

import re

from audiobook.normalization import roman
from audiobook.normalization.languages.european import Tongue, rules, title_rules
from audiobook.normalization.languages.numbers import words
from audiobook.normalization.rule import CAPITALS, FIGURES, Rule

_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_KINGS = (
    "Alexandre|Benoît|Catherine|Charles|Édouard|Elisabeth|Élisabeth|François|Frédéric|George|Georges"
    "|Grégoire|"
    "Guillaume|Gustave|Henri|Innocent|Jacques|Jean|Jean-Paul|Léon|Léopold|Louis|Nicolas|Napoléon|Paul"
    "|Philippe|Pie|"
    "Pierre|Richard|Victor|Emmanuel"
)


def _king(number: int) -> str:
    return "premier" if number == 1 else words(number, "fr")


_CURRENCIES = {
    "€": ("euro", "euros"), "$": ("dollar", "dollars"), "£": ("livre", "livres"),
}  # fmt: skip
_UNITS = {
    "km/h": "kilomètres à l'heure", "km": "kilomètres", "m": "mètres", "cm": "centimètres",
    "mm": "millimètres", "kg": "kilogrammes", "g": "grammes", "l": "litres", "min": "minutes",
    "fr.": "francs", "F": "francs",
}  # fmt: skip
_ABBREVIATIONS = {
    "Mᵐᵉ": "Madame", "Mˡˡᵉ": "Mademoiselle", "Dʳ": "Docteur",
    "M.": "Monsieur", "MM.": "Messieurs", "Mme": "Madame", "Mmes": "Mesdames", "Mlle": "Mademoiselle",
    "Mlles": "Mesdemoiselles", "Mgr": "Monseigneur", "Dr": "Docteur", "Dr.": "Docteur", "Me": "Maître",
    "Pr.": "Professeur", "St": "Saint", "Ste": "Sainte", "no.": "numéro", "nº": "numéro", "n°": "numéro",
    "p.": "page", "pp.": "pages", "vol.": "volume", "chap.": "chapitre", "art.": "article",
    "fig.": "figure", "etc.": "et cetera", "p. ex.": "par exemple", "c.-à-d.": "c'est-à-dire",
    "cf.": "confer", "env.": "environ", "av. J.-C.": "avant Jésus-Christ",
    "apr. J.-C.": "après Jésus-Christ", "s.v.p.": "s'il vous plaît", "bd.": "boulevard", "av.": "avenue",
    "Cie": "Compagnie",
}  # fmt: skip


def _fraction(top: int, bottom: int) -> str:
    part = {2: "demi", 3: "tiers", 4: "quart"}.get(bottom) or words(bottom, "fr", "ordinal")
    return f"{words(top, 'fr')} {part}{'s' if top > 1 and bottom != 3 else ''}"


def _date_in_figures(day: int, month: int, year: int) -> str:
    return (
        f"{'premier' if day == 1 else words(day, 'fr')} {_MONTHS.split('|')[month - 1]} {words(year, 'fr')}"
    )


TONGUE = Tongue(
    code="fr",
    point="virgule",
    to="à",
    percent="pour cent",
    degrees="degrés",
    and_="et",
    minus="moins",
    section="paragraphe",
    dot="point",
    at="arobase",
    half="un demi",
    quarter="un quart",
    three_quarters="trois quarts",
    mixed="et",
    thousands=" .",
    currencies=_CURRENCIES,
    units=_UNITS,
    abbreviations=_ABBREVIATIONS,
    fraction=_fraction,
    date=_date_in_figures,
    divisions="chapitre|livre|partie|tome|acte|scène|volume|chant|section",
    kings=_KINGS,
    king=_king,
    division=lambda number, _: "premier" if number == 1 else words(number, "fr"),
)


def _date(found: re.Match[str]) -> str:
    day = "premier" if int(found["day"]) == 1 else TONGUE.cardinal(int(found["day"]))
    said = f"{day} {found['month']}"
    return f"{said} {TONGUE.cardinal(int(found['year']))}" if found["year"] else said


def _ordinal_of(number: int, ending: str) -> str:
    if number == 1:
        return "première" if ending in ("re", "ère") else "premier"
    return words(number, "fr", "ordinal") + ("s" if ending.endswith("s") else "")


def _ordinal(found: re.Match[str]) -> str:
    return _ordinal_of(int(found["number"]), found["ending"])


def _roman_ordinal(found: re.Match[str]) -> str | None:
    number = roman.value(found["numeral"])
    return _ordinal_of(number, found["ending"]) if number else None


def _clock(found: re.Match[str]) -> str:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    said = "une heure" if hour == 1 else f"{TONGUE.cardinal(hour)} heures"
    return said + (f" {TONGUE.cardinal(minute)}" if minute else "")


RULES = rules(
    TONGUE,
    Rule(
        "times",
        FIGURES,
        re.compile(
            r"\b(?P<hour>[01]?\d|2[0-4])\s?(?:h|H|heures?\s(?=\d))\s?"
            r"(?P<minute>[0-5]\d)?\b"
        ),
        _clock,
    ),
    Rule("times", FIGURES, re.compile(r"\b(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?![\w:])"), _clock),
    Rule(
        "dates",
        FIGURES,
        re.compile(
            rf"\b(?P<day>3[01]|[12]\d|0?[1-9])(?:er)?\s(?P<month>{_MONTHS})\b(?:\s(?P<year>[12]\d{{3}})"
            rf"\b)?"
        ),
        _date,
    ),
    Rule(
        "ordinals",
        FIGURES,
        re.compile(
            r"(?<![\w.,])(?P<number>\d{1,4})(?P<ending>ères?|ers?|res?|ièmes?|èmes?|es?"
            r"|nde?s?)\b"
        ),
        _ordinal,
    ),
    Rule(
        "roman",
        CAPITALS,
        re.compile(
            r"\b(?P<numeral>[IVX]+)(?P<ending>er|ère|re|ième|ème|es"
            r"|e)\b"
        ),
        _roman_ordinal,
    ),
)
TITLE_RULES = (*title_rules(TONGUE), *RULES)
