"""Titles: what a heading looks like, and which words of navigation and page make the spoken title."""

from __future__ import annotations

import re
import unicodedata

_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty thirty forty fifty first second third fourth fifth sixth seventh"
    " eighth ninth tenth eleventh twelfth last final the"
).replace(" ", "|")
_PART_WORDS = (
    "part|book|volume|vol\\.?|act|section|teil|band|buch|partie|livre|tome|parte|libro|часть|том|книга|"
    "deel|boek|del"
)
_CHAPTER_WORDS = (
    "chapter|chap\\.?|canto|letter|scene|stave|lesson|lecture|sermon|story|tale|adventure|"
    "kapitel|chapitre|cap[ií]tulo|capitolo|"
    "hoofdstuk|глава|rozdział|kapitola|luku|fejezet|kapittel|scène|szene|escena|scena"
)
_NUMERAL = rf"(?:[ivxlcdm]+|\d+|(?:{_NUMBER_WORDS})(?:[- ](?:{_NUMBER_WORDS}))*|[IVXLCDM]+)"
LABEL = re.compile(
    rf"(?:the\s+)?(?:{_PART_WORDS}|{_CHAPTER_WORDS})\s+{_NUMERAL}\b|第\s*[\d〇零一二三四五六七八九十百千两兩０-９]+\s*[章回节節卷話话部篇]",
    re.I,
)
_BARE_LABEL = re.compile(
    rf"(?:(?:the\s+)?(?:{_PART_WORDS}|{_CHAPTER_WORDS})\s+{_NUMERAL}|[ivxlcdm]{{1,9}}|\d{{1,4}}|第\s*\S{{1,8}}\s*[章回节節卷話话部篇])[.:]?",
    re.I,
)
PART = re.compile(rf"(?:the\s+)?(?:{_PART_WORDS})\s+{_NUMERAL}\b|第\s*\S{{1,6}}\s*[卷部篇]", re.I)
MATTER = re.compile(
    r"(?:prologue|epilogue|preface|introduction|foreword|afterword|conclusion|appendix|prolog|epilog|vorwort|nachwort|préface|"
    r"avant-propos|prólogo|epílogo|prefacio|introducción|序|后记|後記|前言|あとがき|まえがき)\b",
    re.I,
)
_LONGEST_HEADING = 80
_WORDS = _NUMBER_WORDS.split("|")
_WORD_VALUES = {word: number for number, word in enumerate(_WORDS[:19], 1)} | dict(
    zip(("twenty", "thirty", "forty", "fifty"), (20, 30, 40, 50), strict=True)
)
_ROMAN = re.compile(r"(?=[MDCLXVI])M{0,4}(CM|CD|D?C{0,4})(XC|XL|L?X{0,4})(IX|IV|V?I{0,4})\Z", re.I)
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ENDS = re.compile(r"[.!?:;,…—–-][\"”’)\]]*$")
_USELESS = re.compile(
    r"(?:section|part|file|page|document|split|chapter|text|untitled|index|body|content)(?:[-_]?\d{2,}|[-_"
    r" ]\d{4,})|.*\.x?html?|start|untitled|unknown|\d+",
    re.I,
)


def letters(text: str) -> str:
    """Letters and digits only, folded: two titles that differ otherwise are the same title."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return "".join(filter(str.isalnum, plain.casefold()))


def roman_value(text: str) -> int:
    """The number that a Roman numeral stands for; 0 when it is none."""
    upper = text.strip().rstrip(".").upper()
    if not upper or not _ROMAN.match(upper):
        return 0
    values = [_ROMAN_VALUES[letter] for letter in upper]
    return sum(-low if low < high else low for low, high in zip(values, [*values[1:], 0], strict=True))


def bare_number(text: str) -> int:
    """The value of a title that is only a number, Arabic or Roman; 0 for all others."""
    word = text.strip().strip(".-–—[]()").strip()
    if word.isascii() and word.isdigit() and len(word) < 5:
        return int(word)
    return roman_value(word) or _word_value(word)


def _word_value(text: str) -> int:
    """One to fifty-nine in English words."""
    parts = re.split(r"[- ]", text.casefold())
    values = [_WORD_VALUES.get(part, 0) for part in parts]
    if len(values) == 1 or (len(values) == 2 and values[0] >= 20 and 0 < values[1] < 10):
        return sum(values)
    return 0


def is_label(text: str) -> bool:
    """“Chapter IV”, “Part One”, “XII”, “第三章”: a number without a name."""
    return bool(_BARE_LABEL.fullmatch(text.strip()))


def looks_like_heading(text: str) -> bool:
    """A short paragraph that begins like a chapter's heading: “Chapter IV. The Storm”, not “Part one was”."""
    match = LABEL.match(text) if len(text) < _LONGEST_HEADING else None
    if match is None or text.rstrip().endswith((",", ";")):
        return False
    rest = text[match.end() :].lstrip()
    return not rest or not rest[0].islower()


def joined(lines: list[str]) -> str:
    """Lines of a heading as one title: “Chapter I. The Storm”."""
    title = ""
    for line in filter(None, lines):
        if not title:
            title = line
        elif _ENDS.search(title):
            title = f"{title} {line}"
        else:
            title = f"{title}. {line}"
    return title


def is_useless(title: str) -> bool:
    """A title made by a program: “Section0001”, “part0003.html”."""
    return not letters(title) or (bool(_USELESS.fullmatch(title.strip())) and not bare_number(title))


def same(left: str, right: str) -> bool:
    """Whether two titles say the same, or one of them is a part of the other."""
    a, b = letters(left), letters(right)
    if not a or not b:
        return False
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    if long.startswith(short) or long.endswith(short):
        return (
            len(short) >= 3
            or bare_number(left) == bare_number(right) != 0
            or is_label(left)
            or is_label(right)
        )
    number = bare_number(left) or _label_number(left)
    if (
        number
        and number == (bare_number(right) or _label_number(right))
        and (is_label(left) or is_label(right))
    ):
        return True
    return _overlap(left, right)


def _label_number(text: str) -> int:
    match = re.match(rf"\S+\s+({_NUMERAL})\b", text.strip(), re.I)
    return bare_number(match[1]) if match else 0


def _overlap(left: str, right: str) -> bool:
    """Most words in common."""
    a = set(re.findall(r"\w+", left.casefold()))
    b = set(re.findall(r"\w+", right.casefold()))
    return bool(a and b) and len(a & b) >= 0.6 * min(len(a), len(b)) and len(a & b) >= 2


def better_case(first: str, second: str) -> str:
    """Of two spellings of the same title the one that is not all capitals."""
    return second if first.isupper() and not second.isupper() else first
