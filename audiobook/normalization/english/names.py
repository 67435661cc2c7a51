"""Titles, initials and other abbreviations."""

from __future__ import annotations

import re

from audiobook.normalization.rule import CAPITALS, Rule
from audiobook.segmentation.tables import rules

_STOP = frozenset(".")

_TITLES = {
    "Mr": "Mister", "Mrs": "Missus", "Ms": "Miz", "Messrs": "Messieurs", "Dr": "Doctor", "Drs": "Doctors",
    "Rev": "Reverend", "Revd": "Reverend", "Hon": "Honourable", "Prof": "Professor", "Capt": "Captain",
    "Cpt": "Captain", "Col": "Colonel", "Gen": "General", "Genl": "General", "Lieut": "Lieutenant",
    "Lt": "Lieutenant", "Maj": "Major", "Sgt": "Sergeant", "Sergt": "Sergeant", "Serg": "Sergeant",
    "Cpl": "Corporal", "Pvt": "Private", "Cmdr": "Commander", "Comdr": "Commander", "Brig": "Brigadier",
    "Adm": "Admiral", "Gov": "Governor", "Sen": "Senator", "Rep": "Representative", "Pres": "President",
    "Supt": "Superintendent", "Insp": "Inspector", "Det": "Detective", "Mme": "Madame", "Mmes": "Mesdames",
    "Mlle": "Mademoiselle", "Mgr": "Monseigneur", "Msgr": "Monsignor", "Fr": "Father", "Bp": "Bishop",
    "Abp": "Archbishop", "Ven": "Venerable", "MM": "Messieurs", "Ste": "Sainte", "Mt": "Mount",
    "Ft": "Fort", "Wm": "William", "Geo": "George", "Chas": "Charles", "Jas": "James", "Thos": "Thomas",
    "Jos": "Joseph", "Benj": "Benjamin", "Robt": "Robert", "Edw": "Edward",
}  # fmt: skip
_AFTER_NAMES = {
    "Jr": "Junior", "Jun": "Junior", "Sr": "Senior", "Sen": "Senior", "Esq": "Esquire", "Bros": "Brothers",
    "Co": "Company", "Corp": "Corporation", "Inc": "Incorporated", "Ltd": "Limited", "Bart": "Baronet",
    "Bt": "Baronet", "Ave": "Avenue", "Blvd": "Boulevard", "Rd": "Road", "Sq": "Square",
    "Dept": "Department", "Assn": "Association", "jun": "junior", "sen": "senior",
}  # fmt: skip
_LATIN = {
    "etc": "et cetera", "&c": "et cetera", "i.e": "that is", "i. e": "that is", "e.g": "for example",
    "e. g": "for example", "viz": "namely", "vs": "versus", "cf": "compare", "ibid": "ibidem",
    "et al": "et alii", "q.v": "which see", "n.b": "nota bene", "approx": "approximately",
    "op. cit": "opere citato", "loc. cit": "loco citato", "ca": "circa", "dept": "department",
    "incl": "including", "misc": "miscellaneous",
}  # fmt: skip
_THIS_MONTH = {"inst": "instant", "ult": "ultimo", "prox": "proximo"}
_NUMBERED = {
    "No": "Number", "Nos": "Numbers", "no": "number", "nos": "numbers", "Vol": "Volume", "vol": "volume",
    "Vols": "Volumes", "vols": "volumes", "p": "page", "pp": "pages", "Pp": "Pages", "Ch": "Chapter",
    "ch": "chapter", "Chap": "Chapter", "chap": "chapter", "chaps": "chapters", "Chaps": "Chapters",
    "Fig": "Figure", "fig": "figure", "Figs": "Figures", "figs": "figures", "Sec": "Section",
    "sec": "section", "Sect": "Section", "sect": "section", "Art": "Article", "art": "article",
    "Bk": "Book", "bk": "book", "Pt": "Part", "pt": "part", "Pl": "Plate", "pl": "plate",
    "par": "paragraph", "Par": "Paragraph", "ver": "verse", "Ver": "Verse", "v": "verse", "l": "line",
    "ll": "lines", "cap": "chapter", "Op": "Opus", "op": "opus", "sc": "scene", "Sc": "Scene",
    "Ex": "Example", "n": "note", "col": "column", "fol": "folio", "lib": "book",
}  # fmt: skip

_NAME_BEFORE = re.compile(r"\b[A-Z](?:[\w'-]*[^\W\d_])?\.?,?\s$")
_VERSION = re.compile(r"\s?\d+\.\d")
_NAME_AFTER = re.compile(r"[\s-]+([A-Z][\w']*)")


_CAPITALS = {title.upper(): title for title in _TITLES if title.capitalize() == title and len(title) > 1}


def _words(table: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))


def _follows_name(found: re.Match[str]) -> bool:
    start = found.start()
    return _NAME_BEFORE.search(found.string, max(0, start - 24), start) is not None


def _title(found: re.Match[str]) -> str:
    return _TITLES[found["title"]]


def _title_in_capitals(found: re.Match[str]) -> str:
    return _TITLES[found["title"].capitalize()]


def _after_name(found: re.Match[str]) -> str:
    return _AFTER_NAMES[found["word"]]


def _latin(found: re.Match[str]) -> str:
    key = found["word"]
    say = _LATIN[key.lower()]
    return say[0].upper() + say[1:] if key[0].isupper() else say


def _saint(found: re.Match[str]) -> str:
    """“St. James”, but “Baker St.”: a street has a name before it and none behind."""
    name_after = _NAME_AFTER.match(found.string, found.end())
    if name_after and name_after[1].lower() in rules("en").starters:
        name_after = None
    return "Street" if _follows_name(found) and not name_after else "Saint"


def _numbered(found: re.Match[str]) -> str:
    word = found["word"]
    return "version" if word == "v" and _VERSION.match(found.string, found.end()) else _NUMBERED[word]


def _initials(found: re.Match[str]) -> str:
    """“J. P.” and “U.S.A.” lose their stops; the letters keep apart so that they are spelt."""
    return " ".join(character.upper() for character in found["letters"] if character.isalpha())


def _initial(found: re.Match[str]) -> str | None:
    """“Samuel F. Billington” loses the stop, “it was I. But” does not."""
    return None if found["letter"] == "I" and not _follows_name(found) else found["letter"]


def _monsieur(found: re.Match[str]) -> str | None:
    """“M.” is an initial behind a name or another initial."""
    start = found.start()
    return None if _follows_name(found) and found.string[start - 2] != "," else "Monsieur"


_NUMERAL_FOLLOWS = (
    r"(?=\s?(?:\d|[ivxlc]+(?![\w']|\.\s[a-z])|(?:[IVXLC]{2,}|[VXLC])\b(?!\.\s?[A-Z]\.)|I[,;:)]|I\.?$))"
)
RULES = (
    Rule("titles", frozenset("S"), re.compile(r"\bSt(?:\.|(?=\s[A-Z]|,|$))(?!\w)"), _saint),
    Rule("titles", CAPITALS, re.compile(rf"\b(?P<title>{_words(_TITLES)})\.(?=\s[\w\"'(]|\s?$|-)"), _title),
    Rule(
        "titles",
        CAPITALS,
        re.compile(rf"\b(?P<title>{_words(_CAPITALS)})\.(?=\s[A-Z])"),
        _title_in_capitals,
    ),
    Rule("titles", frozenset("M"), re.compile(r"\b(?P<title>Mr|Mrs|Ms|Messrs|Mme|Mlle)(?=\s[A-Z])"), _title),
    Rule(
        "titles",
        frozenset("M"),
        re.compile(r"(?<![\w.'])M\.(?=\s(?:[A-Z][a-zà-ÿ]|(?:de|le|la|du)\b|[dl]'))"),
        _monsieur,
    ),
    Rule(
        "abbreviations",
        _STOP,
        re.compile(rf"(?<![\w.])(?<!\b\w\.\s)(?P<word>{_words(_NUMBERED)})\.{_NUMERAL_FOLLOWS}"),
        _numbered,
    ),
    Rule(
        "abbreviations",
        _STOP,
        re.compile(rf"(?<=[\w,.&]\s)(?P<word>{_words(_AFTER_NAMES)})\.(?!\w)"),
        _after_name,
    ),
    Rule(
        "abbreviations",
        _STOP,
        re.compile(rf"(?<![\w.&])(?P<word>{_words(_LATIN)})\.(?!\w)", re.IGNORECASE),
        _latin,
    ),
    Rule(
        "abbreviations",
        _STOP,
        re.compile(r"(?<=\d(?:st|nd|rd|th)\s)(?P<word>inst|ult|prox)\.(?!\w)"),
        lambda found: _THIS_MONTH[found["word"]],
    ),
    Rule("abbreviations", frozenset("v"), re.compile(r"(?<=[a-z]\s)vs?\.?(?=\s[A-Z])"), lambda _: "versus"),
    Rule(
        "initials",
        _STOP,
        re.compile(r"\b(?P<letters>(?:Ph|Litt|Mus|LL)\.\s?[DBM])\.(?!\w)"),
        _initials,
    ),
    Rule(
        "initials",
        _STOP,
        re.compile(r"(?<![\w.])(?P<letters>(?:[A-Z]\.[\s-]?){1,7}[A-Z])\.(?!\w)"),
        _initials,
    ),
    Rule(
        "initials",
        _STOP,
        re.compile(r"(?<![\w.'])(?P<letter>[A-HJ-Z]|I(?=\.\s[A-Z][a-z]+\b))\.(?=[\s-][A-Z][a-z'])"),
        _initial,
    ),
)
