"""Symbols, addresses of the net, capitals used for emphasis."""

from __future__ import annotations

import re

from audiobook.normalization.english.words import cardinal
from audiobook.normalization.rule import Rule
from audiobook.segmentation.tables import word_set

_VOWELS = frozenset("AEIOUYÀÁÂÄÈÉÊËÌÍÎÏÒÓÔÖÙÚÛÜ")
_SHORT_WORDS = word_set(
    "A AM AN AND ANY ARE AS AT BE BUT BY CAN DID DO END FOR GO GOD GOT HAD HAS HE HER HIM HIS HOW IF IN "
    "IS IT ITS LET MAN ME MY NEW NO NOR NOT NOW OF OH OLD ON ONE OR OUR OUT OWN PUT RUN SAY SEE SHE SIR "
    "SO THE TO TOO TWO UP US USE WAR WAS WAY WE WHO WHY WON YES YOU ALL AGE BAD BIG BOY DAY DIE EYE FAR "
    "FEW FUN GET GUN HOT ILL KEY LAW LAY LED LIE LOW MAY MEN MUSTNEVER SEA SET SIX SUN TEN THY TOP TRY "
    "YET"
)
_ACRONYMS = word_set(
    "NASA NATO UNESCO UNICEF AIDS HTML HTTP HTTPS XML JPEG PDF EPUB DVD CEO FBI CIA BBC CNN IBM USA UK EU "
    "UN AD BC ISBN ASCIIYMCA YWCA USSR NAACP RSVP AWOL RADAR SOS NKVD OPEC DRM ISSN IEEE"
)


def _address(found: re.Match[str]) -> str:
    host, path = found["host"], (found["path"] or "").rstrip("/")
    words = _spell(re.sub(r"^www\.", "", host))
    if 1 < len(path) <= 40 and re.fullmatch(r"[\w./~-]+", path):
        words += _spell(path)
    return words.strip()


def _spell(text: str) -> str:
    spoken = {
        ".": " dot ",
        "/": " slash ",
        "-": " dash ",
        "_": " underscore ",
        "@": " at ",
        "~": " tilde ",
        "+": " plus ",
    }
    joined = "".join(spoken.get(character, character) for character in text)
    joined = re.sub(r"\d+", lambda number: f" {cardinal(int(number[0][:12]))} ", joined)
    return " ".join(joined.split()) if not text.startswith("/") else " " + " ".join(joined.split())


def _mail(found: re.Match[str]) -> str:
    return _spell(found[0])


def is_shout(word: str) -> bool:
    """Whether a word in capitals is a word, and not spelt out."""
    if word in _ACRONYMS:
        return False
    if word in _SHORT_WORDS:
        return True
    return len(word) > 3 and not _VOWELS.isdisjoint(word)


def _sounds(word: str) -> bool:
    return len(word) > 1 and word not in _ACRONYMS and not _VOWELS.isdisjoint(word)


def _shout(found: re.Match[str]) -> str | None:
    word = found[0]
    parts = re.split(r"['-]", word)
    all_capitals = len(found.string) > len(word) + 3 and found.string[:200].isupper()
    if not any(is_shout(part) or (all_capitals and _sounds(part)) for part in parts):
        return None
    lowered = word.lower()
    return lowered[0].upper() + lowered[1:] if len(word) > 3 else lowered


def _symbol(character: str, words: str, before: str = "", after: str = "") -> Rule:
    pattern = re.compile(before + re.escape(character) + after)
    return Rule("symbols", frozenset(character[:1]), pattern, lambda found: f" {words} ")


def _section(found: re.Match[str]) -> str:
    return " sections " if len(found[0].strip()) > 1 else " section "


URL_RULES = (
    Rule(
        "urls", frozenset("@"), re.compile(r"(?<![\w.@])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"), _mail
    ),
    Rule(
        "urls",
        frozenset("."),
        re.compile(
            r"(?:\bhttps?://|\bftp://|\b(?=www\.))(?P<host>[\w-]{1,63}(?:\.[\w-]{1,63})*)(?::\d+)?"
            r"(?P<path>/[^\s<>\"')\]]*[^\s<>\"')\].,;:!?])?/?"
        ),
        _address,
    ),
    Rule(
        "urls",
        frozenset("."),
        re.compile(
            r"(?<![\w.@/])(?P<host>[A-Za-z][\w-]{1,62}\.(?:com|org|net|edu|gov|co\.uk|io))"
            r"(?P<path>/[\w./~-]*\w)?(?![\w@])"
        ),
        _address,
    ),
)
SYMBOL_RULES = (
    Rule("symbols", frozenset("§"), re.compile(r"§{1,2}\s?"), _section),
    _symbol("¶", "paragraph"),
    _symbol("&", "and"),
    _symbol("@", "at"),
    _symbol("#", "number", after=r"(?=\s?\d)"),
    _symbol("#", "hash", before=r"(?<=\w)", after=r"(?!\w)"),
    _symbol("±", "plus or minus"),
    _symbol("×", "times"),
    _symbol("÷", "divided by"),
    _symbol("=", "equals", before=r"(?<![=\-])", after=r"(?![=\-])"),
    _symbol("++", "plus plus"),
    _symbol("+", "plus", before=r"(?<=[\w)] )", after=r"(?= [\w(])"),
    _symbol("+", "plus", before=r"(?<=\w)", after=r"(?=\d|\W|$)"),
    _symbol("+", "plus", before=r"(?<!\S)", after=r"(?=\d)"),
    _symbol("#", "hash", before=r"(?<!\w)", after=r"(?=[A-Za-z])"),
    _symbol("$", "dollars"),
    _symbol("©", "copyright"),
    _symbol("°", "degrees"),
    _symbol("≈", "about"),
    _symbol("≤", "at most"),
    _symbol("≥", "at least"),
    _symbol("√", "the square root of"),
    _symbol("π", "pi", before=r"(?<!\w)", after=r"(?!\w)"),
    _symbol("∞", "infinity"),
    _symbol("€", "euros"),
    _symbol("£", "pounds"),
    _symbol("¢", "cents"),
    _symbol("%", "percent"),
    Rule("symbols", frozenset("/"), re.compile(r"(?<=\w)/(?=\w)"), lambda found: " "),
    Rule(
        "symbols",
        frozenset("†‡*_^|\\•®™~`{}⁂■□●○◆❦❧※"),
        re.compile(r"[†‡*_^|\\•®™~`{}⁂■□●○◆❦❧※]+"),
        lambda found: " " if found[0].strip("_") else "",
    ),
)
CAPITAL_RULE = Rule(
    "caps",
    frozenset(),
    re.compile(r"(?<![\w.&])(?:[A-ZÀ-ÖØ-Þ]{2,}(?:['-][A-ZÀ-ÖØ-Þ]+)*)(?![\w&]|\.\w)"),
    _shout,
)
