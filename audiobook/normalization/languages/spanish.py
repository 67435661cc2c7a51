"""The spoken form of Spanish."""

from __future__ import annotations

import re

from audiobook.normalization import roman
from audiobook.normalization.languages.european import Tongue, rules, title_rules
from audiobook.normalization.languages.numbers import words
from audiobook.normalization.rule import CAPITALS, FIGURES, Rule
from audiobook.segmentation.tables import word_set

_MONTHS = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre"
_KINGS = (
    "Alejandro|Alfonso|Benedicto|Carlos|Catalina|Clemente|Eduardo|Enrique|Felipe|Fernando|Francisco|Gregorio|"
    "Guillermo|Inocencio|Isabel|Jacobo|Jaime|Jorge|Juan|Juan Carlos|Juan "
    "Pablo|León|Luis|Napoleón|Nicolás|Pablo|Pedro|Pío|Ricardo"
)
_FEMININE = word_set("Catalina Isabel parte escena sección jornada")


def _ordinal_to(number: int, feminine: bool = False) -> str:
    """Spanish counts kings and parts to ten with ordinals, then with cardinals."""
    if number > 10:
        return words(number, "es")
    said = words(number, "es", "ordinal")
    return said[:-1] + "a" if feminine and said.endswith("o") else said


_CURRENCIES = {
    "€": ("euro", "euros"), "$": ("dólar", "dólares"), "£": ("libra", "libras"),
}  # fmt: skip
_UNITS = {
    "km/h": "kilómetros por hora", "km": "kilómetros", "m": "metros", "cm": "centímetros",
    "mm": "milímetros", "kg": "kilogramos", "g": "gramos", "l": "litros", "min": "minutos", "h": "horas",
}  # fmt: skip
_ABBREVIATIONS = {
    "Sr.": "señor", "Sra.": "señora", "Srta.": "señorita", "Sres.": "señores", "Dr.": "doctor",
    "Dra.": "doctora", "D.": "don", "Dña.": "doña", "Prof.": "profesor", "Ud.": "usted", "Uds.": "ustedes",
    "Vd.": "usted", "Vds.": "ustedes", "Fr.": "fray", "Sto.": "santo", "Sta.": "santa", "núm.": "número",
    "n.º": "número", "nº": "número", "pág.": "página", "págs.": "páginas", "vol.": "volumen",
    "cap.": "capítulo", "art.": "artículo", "etc.": "etcétera", "p. ej.": "por ejemplo",
    "a. C.": "antes de Cristo", "d. C.": "después de Cristo", "a.C.": "antes de Cristo",
    "d.C.": "después de Cristo", "EE.UU.": "Estados Unidos", "EE. UU.": "Estados Unidos",
    "Cía.": "Compañía", "Av.": "avenida", "Avda.": "avenida",
}  # fmt: skip


def _fraction(top: int, bottom: int) -> str:
    if bottom < 11:
        part = {2: "medio", 3: "tercio"}.get(bottom) or words(bottom, "es", "ordinal")
    else:
        part = words(bottom, "es").replace(" y ", "i") + "avo"
    return f"{_apocope(words(top, 'es'))} {part}{'s' if top > 1 else ''}"


def _apocope(said: str) -> str:
    """`uno` before a noun is `un`."""
    return re.sub("uno$", "un", re.sub("veintiuno$", "veintiún", said))


def _date_in_figures(day: int, month: int, year: int) -> str:
    name = _MONTHS.replace("|setiembre", "").split("|")[month - 1]
    return f"{'primero' if day == 1 else words(day, 'es')} de {name} de {words(year, 'es')}"


TONGUE = Tongue(
    code="es",
    point="coma",
    to="a",
    percent="por ciento",
    degrees="grados",
    and_="y",
    minus="menos",
    section="sección",
    dot="punto",
    at="arroba",
    half="medio",
    quarter="un cuarto",
    three_quarters="tres cuartos",
    mixed="y",
    thousands=". ",
    currencies=_CURRENCIES,
    units=_UNITS,
    abbreviations=_ABBREVIATIONS,
    counted=_apocope,
    fraction=_fraction,
    date=_date_in_figures,
    divisions="capítulo|libro|parte|tomo|acto|escena|volumen|canto|jornada|sección",
    kings=_KINGS,
    king=_ordinal_to,
    division=lambda number, word: _ordinal_to(number, word.lower() in _FEMININE),
)


def _date(found: re.Match[str]) -> str:
    day = "primero" if int(found["day"]) == 1 else TONGUE.cardinal(int(found["day"]))
    said = f"{day} de {found['month']}"
    return f"{said} {found['of']} {TONGUE.cardinal(int(found['year']))}" if found["year"] else said


def _ordinal(found: re.Match[str]) -> str:
    said = words(int(found["number"]), "es", "ordinal")
    feminine = found["ending"] in ("ª", "a")
    return said[:-1] + "a" if feminine and said.endswith("o") else said


def _century(found: re.Match[str]) -> str | None:
    number = roman.value(found["numeral"])
    return words(number, "es") if number else None


def _clock(found: re.Match[str]) -> str:
    hour, minute = int(found["hour"]), int(found["minute"])
    said = "una" if hour == 1 else TONGUE.cardinal(hour)
    return f"{said} {TONGUE.cardinal(minute)}" if minute else f"{said} en punto"


RULES = rules(
    TONGUE,
    Rule("times", FIGURES, re.compile(r"\b(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?![\w:])"), _clock),
    Rule(
        "dates",
        FIGURES,
        re.compile(
            rf"\b(?P<day>3[01]|[12]\d|0?[1-9])\sde\s(?P<month>{_MONTHS})\b(?:\s(?P<of>del?)"
            rf"\s(?P<year>[12]\d{{3}})\b)?",
            re.IGNORECASE,
        ),
        _date,
    ),
    Rule(
        "ordinals",
        FIGURES,
        re.compile(
            r"(?<![\w.,])(?P<number>\d{1,3})\.?(?P<ending>[ºª])"
            r"(?!\w)"
        ),
        _ordinal,
    ),
    Rule("roman", CAPITALS, re.compile(r"\b[Ss]iglos?\s(?P<run>(?P<numeral>[IVXLC]+))\b"), _century),
)
TITLE_RULES = (*title_rules(TONGUE), *RULES)
