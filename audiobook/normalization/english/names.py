"""Titles, initials and other abbreviations, and the Roman numerals around them."""

from __future__ import annotations

import re

from audiobook.normalization import roman
from audiobook.normalization.english.words import amount, cardinal, ordinal
from audiobook.normalization.rule import Rule, sentence_end

_STOP = frozenset(".")
_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

_TITLES = {
    "Mr": "Mister", "Mrs": "Missus", "Ms": "Miz", "Messrs": "Messieurs", "Dr": "Doctor", "Drs": "Doctors",
    "Rev": "Reverend", "Revd": "Reverend", "Hon": "Honourable", "Prof": "Professor", "Capt": "Captain",
    "Cpt": "Captain", "Col": "Colonel", "Gen": "General", "Genl": "General", "Lieut": "Lieutenant",
    "Lt": "Lieutenant", "Maj": "Major", "Sgt": "Sergeant", "Sergt": "Sergeant", "Serg": "Sergeant",
    "Cpl": "Corporal", "Pvt": "Private", "Cmdr": "Commander", "Comdr": "Commander", "Brig": "Brigadier",
    "Adm": "Admiral", "Gov": "Governor", "Sen": "Senator", "Rep": "Representative", "Pres": "President",
    "Supt": "Superintendent", "Insp": "Inspector", "Det": "Detective", "Mme": "Madame", "Mmes": "Mesdames",
    "Mlle": "Mademoiselle", "Mgr": "Monseigneur", "Msgr": "Monsignor", "Fr": "Father", "Bp": "Bishop",
    "Abp": "Archbishop", "Ven": "Venerable", "MM": "Messieurs", "Ste": "Sainte", "Mt": "Mount", "Ft": "Fort",
}  # fmt: skip
_AFTER = {
    "Jr": "Junior", "Jun": "Junior", "Sr": "Senior", "Sen": "Senior", "Esq": "Esquire", "Bros": "Brothers", "Co": "Company",
    "Corp": "Corporation", "Inc": "Incorporated", "Ltd": "Limited", "Bart": "Baronet", "Bt": "Baronet",
    "Ave": "Avenue", "Blvd": "Boulevard", "Rd": "Road", "Sq": "Square", "Dept": "Department", "Assn": "Association",
}  # fmt: skip
_LATIN = {
    "etc": "et cetera", "&c": "et cetera", "i.e": "that is", "e.g": "for example", "viz": "namely", "vs": "versus", "cf": "compare",
    "ibid": "ibidem", "et al": "et alii", "q.v": "which see", "N.B": "nota bene", "approx": "approximately",
    "op. cit": "opere citato", "loc. cit": "loco citato", "inst": "instant", "ult": "ultimo", "prox": "proximo",
    "ca": "circa", "dept": "department", "est": "established", "incl": "including", "misc": "miscellaneous",
}  # fmt: skip
_NUMBERED = {
    "No": "Number", "Nos": "Numbers", "no": "number", "nos": "numbers", "Vol": "Volume", "vol": "volume",
    "Vols": "Volumes", "vols": "volumes", "p": "page", "pp": "pages", "P": "Page", "Pp": "Pages",
    "Ch": "Chapter", "ch": "chapter", "Chap": "Chapter", "chap": "chapter", "chaps": "chapters", "Chaps": "Chapters",
    "Fig": "Figure", "fig": "figure", "Figs": "Figures", "figs": "figures", "Sec": "Section", "sec": "section",
    "Sect": "Section", "sect": "section", "Art": "Article", "art": "article", "Bk": "Book", "bk": "book",
    "Pt": "Part", "pt": "part", "Pl": "Plate", "pl": "plate", "par": "paragraph", "Par": "Paragraph",
    "ver": "verse", "Ver": "Verse", "v": "verse", "l": "line", "ll": "lines", "cap": "chapter", "Op": "Opus",
    "op": "opus", "sc": "scene", "Sc": "Scene", "Ex": "Example", "n": "note", "col": "column", "fol": "folio",
}  # fmt: skip


def _words(table: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))


def _stop(found: re.Match[str]) -> str:
    """The stop of an abbreviation also ends the sentence if nothing follows."""
    return "." if sentence_end(found.string, found.end()) else ""


def _title(found: re.Match[str]) -> str:
    return _TITLES[found["title"]] + (_stop(found) if found[0].endswith(".") else "")


def _after(found: re.Match[str]) -> str:
    return _AFTER[found["word"]] + _stop(found)


def _latin(found: re.Match[str]) -> str:
    key = found["word"]
    say = _LATIN.get(key) or _LATIN.get(key.lower()) or key
    return (say[0].upper() + say[1:] if key[0].isupper() and key not in _LATIN else say) + _stop(found)


def _saint(found: re.Match[str]) -> str:
    """“St. James”, but “Baker St.”: a street has a name before it and none behind."""
    before, after = found["before"], found["after"]
    if before and not after:
        return "Street" + (_stop(found) if found["stop"] else "")
    return "Saint"


def _number_word(text: str) -> str:
    return cardinal(roman.value(text)) if roman.value(text) else amount(text)


def _numbered(found: re.Match[str]) -> str:
    return _NUMBERED[found["word"]]


def _numbered_roman(found: re.Match[str]) -> str | None:
    number = roman.value(found["numeral"])
    return cardinal(number) if number else None


def _initials(found: re.Match[str]) -> str | None:
    """“J. P.” and “U.S.A.” lose their stops; the letters keep apart so that they are spelt."""
    letters = [character for character in found["letters"] if character.isalpha()]
    return " ".join(letters) + _stop(found)


def _initial(found: re.Match[str]) -> str | None:
    return found["letter"]


def _degree(found: re.Match[str]) -> str:
    return " ".join(character.upper() for character in found["letters"] if character.isalpha()) + _stop(found)


# --- Roman numerals ----------------------------------------------------------------------------------

KINGS = (
    "Albert|Alexander|Alfonso|Alphonso|Amadeus|Andrew|Baldwin|Benedict|Boniface|Calixtus|Carol|Catherine|Charles|Christian|"
    "Clement|Constantine|Darius|David|Edward|Edmund|Elizabeth|Eric|Ferdinand|Francis|Frederick|George|Gregory|Gustav|Gustavus|Haakon|"
    "Harold|Henry|Hadrian|Humbert|Innocent|Ivan|James|Joan|John|Joseph|Julius|Karl|Leo|Leopold|Louis|Lewis|Malcolm|Manuel|Margaret|Maria|Mary|Maximilian|"
    "Mohammed|Mahomet|Murad|Napoleon|Nicholas|Olaf|Oscar|Otho|Otto|Paul|Pedro|Peter|Philip|Pius|Ptolemy|Rameses|Ramses|Richard|Robert|Rudolf|Selim|"
    "Sigismund|Sixtus|Stephen|Theodore|Urban|Victor|Victor Emmanuel|Vladimir|Wilhelm|William|Xerxes|Artaxerxes|Thutmose|Amenhotep"
)
_PARTS = (
    "Chapter|Chap|Book|Part|Act|Scene|Volume|Vol|Canto|Section|Article|Letter|Stave|Figure|Fig|Plate|Table|Appendix|No|Number|"
    "Psalm|Sonnet|Lesson|Phase|Stage|Type|Class|Mark|War|Lecture|Essay|Note|Rule|Title|Dynasty|Corps|Division|Legion|Olympiad|Episode|"
    "Session|Vatican|Apollo|Gemini|Saturn|Polaris|Pope|Level|Grade|Group|Series|Tome|Proposition|Theorem|Axiom|Definition|Prop|Def|Ode|Eclogue|Satire|"
    "Epistle|Elegy|Fable|Tale|Sermon|Discourse|Dialogue|Meditation|Exercise|Problem|Question|Answer|Case|Exhibit|Schedule|Clause|Amendment"
)
_ROMAN = r"[IVXLCDM]+"
# Words that only look like numerals.
NOT_NUMERALS = frozenset(
    "MIX DIM MILD CIVIL LIVID VIVID MI DI LI CD DC MD MC CC MM DM ID CM LC XL CV DIV MMM ILL DILL MILL LIL VIM DID LID MID CIV".split()
)


def _regnal(found: re.Match[str]) -> str | None:
    number = roman.value(found["numeral"])
    if not number or number > 40:
        return None
    word = ordinal(number)
    stop = "." if found["stop"] and sentence_end(found.string, found.end()) else ""
    return f"the {word.capitalize()}{stop}"


def _part(found: re.Match[str]) -> str | None:
    number = roman.value(found["numeral"])
    if not number:
        return None
    following = found.string[found.end("numeral") : found.end("numeral") + 3]
    if found["numeral"] == "I" and re.match(r"['’]| [a-z]", following) and not found["word"][0].isupper():
        return None
    return cardinal(number)


def _century(found: re.Match[str]) -> str | None:
    number = roman.value(found["numeral"])
    return ordinal(number) if number else None


def _bare_roman(found: re.Match[str]) -> str | None:
    text = found["numeral"]
    number = roman.value(text)
    if not number or text in NOT_NUMERALS or (len(text) > 2 and number > 100 and len(text) < 4):
        return None
    return cardinal(number)


ROMAN_RULES = (
    Rule(
        "roman",
        _CAPITALS,
        re.compile(
            rf"\b(?:{KINGS})\s(?P<run>(?P<numeral>I(?=\s?(?:[.,;:)!?]|'s|of\b|\(|and\s(?:of\b|[A-Z]|his|her))|$)|[IVX]{{2,}}|V|X(?=\W))(?!\w)(?P<stop>\.)?)"
        ),
        _regnal,
    ),
    Rule(
        "roman",
        _CAPITALS,
        re.compile(
            rf"\b(?P<run>(?P<numeral>{_ROMAN})(?:th|st|nd|rd|d)?(?=[\s-](?:and\s[IVX]+(?:th)?\s)?[Cc]entur(?:y|ies)\b))"
        ),
        _century,
    ),
    Rule("roman", _CAPITALS, re.compile(r"\b(?P<numeral>[IVXLC]+)(?:th|st|nd|rd)\b"), _century),
    Rule(
        "roman",
        frozenset("IVXLCDM"),
        re.compile(
            rf"\b(?P<word>{_PARTS}|{'|'.join(word.upper() for word in _PARTS.split('|'))}|act|scene|part|book|chapter|volume|canto|section)s?\.?\s(?P<run>(?P<numeral>{_ROMAN}))\b(?!['’]\w)"
        ),
        _part,
    ),
    Rule(
        "roman",
        frozenset("ivxlc"),
        re.compile(
            r"\b(?P<word>vol|chap|ch|p|pp|act|scene|sc|bk|book|canto|part|pt|chapter|volume|sect|section|page|pages|fig|no|cap|lib|Act|Scene|Vol|Chap|Chapter|Book|Part|Canto|Page)\.?\s(?P<run>(?P<numeral>[ivxlc]+))\b(?!['’-]\w)"
        ),
        _part,
    ),
    Rule(
        "roman",
        frozenset("IVXLCDM"),
        re.compile(rf"(?<![\w.'-])(?P<numeral>(?=[IVXLCDM]{{2}}){_ROMAN})(?![\w'-])"),
        _bare_roman,
    ),
)

ABBREVIATION_RULES = (
    Rule(
        "titles",
        frozenset("S"),
        re.compile(
            r"(?:(?P<before>(?<=[a-z])(?<!\bthe)(?<!\bof)(?<!\bat)(?<!\bto)(?<!\bin)(?<!\bfrom)(?<!\bby)(?<!\band)(?<!\bon)(?<!\bfor)(?<!\bor))\s)?(?P<run>\bSt(?P<stop>\.)?(?![\w']))(?=(?P<after>[\s-][A-Z])?)"
        ),
        _saint,
    ),
    Rule("titles", _CAPITALS, re.compile(rf"\b(?P<title>{_words(_TITLES)})\.(?=\s[\w\"'(]|\s?$|-)"), _title),
    Rule("titles", frozenset("M"), re.compile(r"\b(?P<title>Mr|Mrs|Ms|Messrs|Mme|Mlle)(?=\s[A-Z])"), _title),
    Rule(
        "titles",
        frozenset("M"),
        re.compile(r"(?<![\w.]\s)(?<!\w)(?P<run>M\.)(?=\s(?:[A-Z][a-zé]|de\b|d'|le\b|la\b|du\b|l'))"),
        lambda found: "Monsieur",
    ),
    Rule(
        "abbreviations",
        _STOP,
        re.compile(rf"(?<![\w.])(?P<word>{_words(_NUMBERED)})\.(?=\s?(?:\d|[ivxlcIVXLC]+\b))"),
        _numbered,
    ),
    Rule(
        "abbreviations",
        _STOP,
        re.compile(rf"(?<=\w[\s,.])(?:\s)?(?P<run>\b(?P<word>{_words(_AFTER)})\.)(?!\w)"),
        _after,
    ),
    Rule(
        "abbreviations",
        _STOP,
        re.compile(rf"(?<![\w.&])(?P<word>{_words(_LATIN)})\.(?!\w)", re.IGNORECASE),
        _latin,
    ),
    Rule(
        "abbreviations", frozenset("v"), re.compile(r"(?<=[a-z]\s)vs?\.?(?=\s[A-Z])"), lambda found: "versus"
    ),
    Rule(
        "abbreviations",
        _STOP,
        re.compile(r"\b(?P<letters>(?:Ph|Litt|Mus|LL|D|B|M|F)\.\s?(?:[A-Z]\.\s?)*[DABMSC])\.(?!\w)"),
        _degree,
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
