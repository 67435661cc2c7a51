"""The spoken form of German."""

from __future__ import annotations

import re

from audiobook.normalization import roman
from audiobook.normalization.languages.european import Tongue, rules, title_rules
from audiobook.normalization.languages.numbers import words
from audiobook.normalization.rule import CAPITALS, FIGURES, Rule

_MONTHS = "Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_STRONG = re.compile(
    r"\b(?:am|dem|den|vom|zum|beim|im|des|seinem|ihrem|seinen|ihren|jeden|bis|ab|seit|nach|vor)\s$",
    re.IGNORECASE,
)
_WEAK = re.compile(r"\b(?:der|die|das|jede|diese|dieser|jener)\s$", re.IGNORECASE)

_CURRENCIES = {
    "€": ("Euro", "Euro"), "$": ("Dollar", "Dollar"), "£": ("Pfund", "Pfund"),
}  # fmt: skip
_UNITS = {
    "km/h": "Kilometer pro Stunde", "km": "Kilometer", "m": "Meter", "cm": "Zentimeter", "mm": "Millimeter",
    "kg": "Kilogramm", "g": "Gramm", "l": "Liter", "Std.": "Stunden", "Min.": "Minuten",
    "Mio.": "Millionen", "Mrd.": "Milliarden", "PS": "PS",
}  # fmt: skip
_ABBREVIATIONS = {
    "Hr.": "Herr", "Hrn.": "Herrn", "Fr.": "Frau", "Frl.": "Fräulein", "Dr.": "Doktor",
    "Prof.": "Professor", "St.": "Sankt", "Nr.": "Nummer", "Bd.": "Band", "Kap.": "Kapitel", "S.": "Seite",
    "Str.": "Straße", "z. B.": "zum Beispiel", "z.B.": "zum Beispiel", "d. h.": "das heißt",
    "d.h.": "das heißt", "u. a.": "unter anderem", "u.a.": "unter anderem", "usw.": "und so weiter",
    "usf.": "und so fort", "etc.": "et cetera", "bzw.": "beziehungsweise", "ca.": "circa",
    "vgl.": "vergleiche", "evtl.": "eventuell", "ggf.": "gegebenenfalls", "sog.": "sogenannte",
    "geb.": "geboren", "gest.": "gestorben", "n. Chr.": "nach Christus", "v. Chr.": "vor Christus",
    "Jh.": "Jahrhundert", "Gebr.": "Gebrüder", "i. e.": "das heißt", "dgl.": "dergleichen",
    "Mio.": "Millionen", "Mrd.": "Milliarden",
}  # fmt: skip


def _fraction(top: int, bottom: int) -> str:
    if bottom == 2:
        return "ein halb"
    part = words(bottom, "de", "ordinal").capitalize() + "l"
    return f"{re.sub('eins$', 'ein', words(top, 'de'))} {part}"


TONGUE = Tongue(
    code="de",
    point="Komma",
    to="bis",
    percent="Prozent",
    degrees="Grad",
    and_="und",
    minus="minus",
    section="Paragraf",
    dot="Punkt",
    at="at",
    half="ein halb",
    quarter="ein Viertel",
    three_quarters="drei Viertel",
    thousands=". ",
    currencies=_CURRENCIES,
    units=_UNITS,
    abbreviations=_ABBREVIATIONS,
    counted=lambda said: re.sub("eins$", "ein", said),
    fraction=_fraction,
    divisions="Kapitel|Band|Teil|Akt|Szene|Buch|Abschnitt|Gesang|Aufzug|Auftritt",
)


def _ordinal(number: int, before: str) -> str:
    """The ordinal with the ending that the article before it asks for."""
    stem = words(number, "de", "ordinal")  # ends in -e
    if _STRONG.search(before):
        return stem + "n"
    return stem if _WEAK.search(before) else stem + "r"


def _date(found: re.Match[str]) -> str:
    said = f"{_ordinal(int(found['day']), found.string[: found.start()])} {found['month']}"
    return f"{said} {TONGUE.year(int(found['year']))}" if found["year"] else said


def _date_in_figures(found: re.Match[str]) -> str | None:
    day, month = int(found["day"]), int(found["month"])
    if not (0 < day < 32 and 0 < month < 13):
        return None
    before = found.string[: found.start()]
    said = f"{_ordinal(day, before)} {_ordinal(month, before)}"
    return f"{said} {TONGUE.year(int(found['year']))}" if found["year"] else said


def _counted(found: re.Match[str]) -> str:
    return _ordinal(int(found["number"]), found.string[: found.start()])


def _clock(found: re.Match[str]) -> str:
    minute = int(found["minute"])
    hour = "ein" if int(found["hour"]) == 1 else TONGUE.cardinal(int(found["hour"]))
    return f"{hour} Uhr" + (f" {TONGUE.cardinal(minute)}" if minute else "")


def _hour(found: re.Match[str]) -> str:
    return "ein Uhr" if found["hour"] == "1" else f"{TONGUE.cardinal(int(found['hour']))} Uhr"


def _king(found: re.Match[str]) -> str | None:
    """“Ludwig XIV.” is “Ludwig der Vierzehnte”; only with the stop, or in the genitive of the name."""
    number = roman.value(found["numeral"])
    if not number:
        return None
    return f"{'des' if found['genitive'] else 'der'} {words(number, 'de', 'ordinal').capitalize()}" + (
        "n" if found["genitive"] else ""
    )


def _century(found: re.Match[str]) -> str:
    return _ordinal(roman.value(found["numeral"]), found.string[: found.start()])


RULES = rules(
    TONGUE,
    Rule(
        "times",
        FIGURES,
        re.compile(
            r"\b(?P<hour>[01]?\d|2[0-4])[:.](?P<minute>[0-5]\d)(?:\sUhr\b|(?<=:\d\d)"
            r"(?![\w:]))"
        ),
        _clock,
    ),
    Rule("times", FIGURES, re.compile(r"\b(?P<hour>[01]?\d|2[0-4])\sUhr\b"), _hour),
    Rule(
        "dates",
        FIGURES,
        re.compile(
            rf"\b(?P<day>3[01]|[12]\d|0?[1-9])\.\s?(?P<month>{_MONTHS})\b(?:\s(?P<year>[12]\d{{3}})"
            rf"\b)?"
        ),
        _date,
    ),
    Rule(
        "dates",
        FIGURES,
        re.compile(
            r"(?<![\w.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.(?:\s?(?P<year>[12]\d{3}))?"
            r"(?!\w|\.\d)"
        ),
        _date_in_figures,
    ),
    Rule(
        "roman",
        CAPITALS,
        re.compile(
            rf"\b(?!(?:{TONGUE.divisions})\b)[A-ZÄÖÜ][a-zäöüß]+?(?P<genitive>(?<![aeiu])s)?\s(?P<run>"
            rf"(?P<numeral>(?=[IVX])X{{0,2}}(?:IX|IV|V?I{{0,3}}))\.(?=[\s,;:)]|$))"
        ),
        _king,
    ),
    Rule(
        "ordinals",
        FIGURES,
        re.compile(
            r"(?<![\w.,])(?P<number>\d{1,3})\.(?=\s[A-Za-zÄÖÜäöü](?!\.))(?!\s(?:Der|Die|Das|Er|Sie|Es|Ich|Wir"
            r"|Ein|Eine|Und|Aber|Da|Dann|Kaum)\b)"
        ),
        _counted,
    ),
)
TITLE_RULES = (*title_rules(TONGUE), *RULES)
