"""What the European languages share: how numbers are written, and where sums, dates and measures stand.

A language is a `Tongue`: its words. `rules` makes the rules from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from audiobook.normalization import roman
from audiobook.normalization.languages.numbers import digits, words
from audiobook.normalization.rule import CAPITALS, FIGURES, FRACTIONS, VULGAR, Rule

Names = Mapping[str, str]


@dataclass(frozen=True)
class Tongue:
    """The words of one language that stand around numbers."""

    code: str
    point: str  # between whole and fraction
    to: str  # between the ends of a range
    percent: str
    degrees: str
    and_: str
    minus: str
    section: str
    dot: str = "."
    at: str = "@"
    half: str = ""
    quarter: str = ""
    three_quarters: str = ""
    mixed: str = ""  # between a whole and a half
    thousands: str = "."  # what groups figures
    currencies: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # sign → (one, several)
    units: Names = field(default_factory=dict)
    abbreviations: Names = field(default_factory=dict)  # with their stops
    divisions: str = ""  # words before a chapter's numeral, alternatives
    kings: str = ""  # names that take an ordinal numeral, alternatives
    king: Callable[[int], str] | None = None
    division: Callable[[int, str], str] | None = None  # (number, word before it)
    agree: Callable[[str, str], str] = lambda number, forms: forms  # the form of a noun after a number
    counted: Callable[[str], str] = lambda said: said  # the number's words before a noun
    fraction: Callable[[int, int], str] | None = None  # (numerator, denominator)
    date: Callable[[int, int, int], str] | None = None  # (day, month, year) of 12/3/2005
    scales: Names = field(default_factory=lambda: {"C": "Celsius", "F": "Fahrenheit"})

    def cardinal(self, number: int) -> str:
        """The number in words."""
        return words(number, self.code)

    def ordinal(self, number: int) -> str:
        """The ordinal as num2words has it."""
        return words(number, self.code, "ordinal")

    def year(self, number: int) -> str:
        """The year in words."""
        return words(number, self.code, "year") if 1099 < number < 2000 else words(number, self.code)

    @property
    def number(self) -> str:
        """A number as it is written, groups and fraction included."""
        group = re.escape(self.thousands)
        return rf"\d{{1,3}}(?:[{group}]\d{{3}})+(?!\d)(?:,\d+)?|\d+(?:,\d+)?"

    def amount(self, text: str) -> str:
        """A written number in words."""
        plain = text
        for mark in self.thousands:
            plain = plain.replace(mark, "")
        whole, _, fraction = plain.partition(",")
        if len(whole) > 1 and whole[0] == "0":
            said = digits(whole, self.code)
        else:
            said = self.cardinal(int(whole))
        return f"{said} {self.point} {digits(fraction, self.code)}" if fraction else said


def _money(tongue: Tongue) -> list[Rule]:
    signs = "".join(tongue.currencies)

    def make(found: re.Match[str]) -> str:
        one, many = tongue.currencies[found["sign"]]
        whole, _, cents = found["number"].partition(",")
        name = one if whole == "1" else tongue.agree(found["number"], many)
        if len(cents) == 2:
            rest = f" {tongue.cardinal(int(cents))}" if int(cents) else ""
            return f"{tongue.counted(tongue.amount(whole))} {name}{rest}"
        return f"{tongue.counted(tongue.amount(found['number']))} {name}"

    needs = frozenset(signs)
    return [
        Rule(
            "money", needs, re.compile(rf"(?<![\w.,])(?P<number>{tongue.number})\s?(?P<sign>[{signs}])"), make
        ),
        Rule("money", needs, re.compile(rf"(?P<sign>[{signs}])\s?(?P<number>{tongue.number})"), make),
    ]


def _measures(tongue: Tongue) -> list[Rule]:
    names = "|".join(re.escape(unit) for unit in sorted(tongue.units, key=len, reverse=True))
    minus = r"(?:(?<![\w)])(?P<minus>[-−]))?"

    def signed(found: re.Match[str]) -> str:
        minus = f"{tongue.minus} " if found["minus"] else ""
        return minus + tongue.counted(tongue.amount(found["number"]))

    def percent(found: re.Match[str]) -> str:
        return f"{signed(found)} {tongue.agree(found['number'], tongue.percent)}"

    def degrees(found: re.Match[str]) -> str:
        scale = tongue.scales.get(found["scale"] or "", "")
        return f"{signed(found)} {tongue.agree(found['number'], tongue.degrees)} {scale}".rstrip()

    def measure(found: re.Match[str]) -> str:
        return f"{signed(found)} {tongue.agree(found['number'], tongue.units[found['unit']])}"

    number = rf"{minus}(?<![\w.,])(?P<number>{tongue.number})"
    return [
        Rule("measures", frozenset("%"), re.compile(rf"{number}\s?%"), percent),
        Rule("measures", frozenset("°"), re.compile(rf"{number}\s?°(?:\s?(?P<scale>[CF])\b)?"), degrees),
        Rule("measures", FIGURES, re.compile(rf"{number}\s?(?P<unit>{names})(?![\w²³/])"), measure),
    ]


def _fractions(tongue: Tongue) -> list[Rule]:
    parts = {"½": tongue.half, "¼": tongue.quarter, "¾": tongue.three_quarters}

    def make(found: re.Match[str]) -> str | None:
        part = parts.get(found["part"])
        if not part and tongue.fraction:
            part = tongue.fraction(*VULGAR[found["part"]])
        if part and found["whole"]:
            return f"{tongue.amount(found['whole'])} {tongue.mixed} {part}".replace("  ", " ")
        return part

    def slash(found: re.Match[str]) -> str | None:
        top, bottom = int(found["top"]), int(found["bottom"])
        return tongue.fraction(top, bottom) if tongue.fraction and 0 < top < bottom else None

    return [
        Rule(
            "fractions",
            frozenset(FRACTIONS),
            re.compile(rf"(?P<whole>\d{{1,6}})?\s?(?P<part>[{FRACTIONS}])"),
            make,
        ),
        Rule(
            "fractions",
            frozenset("/"),
            re.compile(r"(?<![\w./])(?P<top>\d{1,2})/(?P<bottom>\d{1,2})(?![\w/]|[.,]\d)"),
            slash,
        ),
    ]


def _dates(tongue: Tongue) -> list[Rule]:
    def make(found: re.Match[str]) -> str | None:
        day, month = int(found["day"]), int(found["month"])
        if not (tongue.date and 0 < day < 32 and 0 < month < 13):
            return None
        return tongue.date(day, month, int(found["year"]))

    day_month = r"(?<![\w./-])(?P<day>\d{1,2})(?P<mark>[./-])(?P<month>\d{1,2})(?P=mark)"
    pattern = day_month + r"(?P<year>[12]\d{3})(?![\w/-]|\.\d)"
    return [Rule("dates", FIGURES, re.compile(pattern), make)]


def _ranges(tongue: Tongue) -> list[Rule]:
    def make(found: re.Match[str]) -> str | None:
        first, second = int(found["first"]), int(found["second"])
        if first >= second:
            return None
        say = tongue.year if first > 1099 and second < 2100 else tongue.cardinal
        return f"{say(first)} {tongue.to} {say(second)}"

    pattern = re.compile(r"(?<![\w.,/-])(?P<first>\d{1,4})\s?[–-]\s?(?P<second>\d{1,4})(?![\w/-]|[.,]\d)")
    return [Rule("ranges", FIGURES, pattern, make)]


def _numbers(tongue: Tongue) -> list[Rule]:
    def year(found: re.Match[str]) -> str:
        return tongue.year(int(found["number"]))

    def number(found: re.Match[str]) -> str:
        minus = f"{tongue.minus} " if found["minus"] else ""
        before = found.string[found.start() - 1 : found.start()]
        after = found.string[found.end() : found.end() + 1]
        space_before, space_after = " " * before.isalpha(), " " * after.isalpha()
        return f"{space_before}{minus}{tongue.amount(found['number'])}{space_after}"

    return [
        Rule(
            "years", FIGURES, re.compile(r"(?<![\w.,/-])(?P<number>1[1-9]\d\d|20\d\d)(?![\w/-]|[.,]\d)"), year
        ),
        Rule(
            "numbers",
            FIGURES,
            re.compile(rf"(?:(?<![\w)\]])(?P<minus>[-−](?=\d)))?(?P<number>(?<!\d)(?:{tongue.number}))"),
            number,
        ),
    ]


def _romans(tongue: Tongue) -> list[Rule]:
    def king(found: re.Match[str]) -> str | None:
        number = roman.value(found["numeral"])
        return tongue.king(number) if number and tongue.king else None

    def division(found: re.Match[str]) -> str | None:
        number = roman.value(found["numeral"])
        if not number:
            return None
        return tongue.division(number, found["word"]) if tongue.division else tongue.cardinal(number)

    rules = []
    if tongue.kings:
        pattern = rf"\b(?:{tongue.kings})\s(?P<run>(?P<numeral>[IVXLC]+)\b\.?(?=[\s,;:)]|$)|(?P<none>(?!)))"
        rules.append(Rule("roman", CAPITALS, re.compile(pattern), king))
    if tongue.divisions:
        pattern = rf"\b(?P<word>{tongue.divisions})\s(?P<run>(?P<numeral>[IVXLC]+))\b"
        rules.append(Rule("roman", CAPITALS, re.compile(pattern, re.IGNORECASE), division))
    return rules


def _abbreviations(tongue: Tongue) -> list[Rule]:
    names = "|".join(re.escape(name) for name in sorted(tongue.abbreviations, key=len, reverse=True))

    def make(found: re.Match[str]) -> str:
        key = found[0]
        said = tongue.abbreviations.get(key) or tongue.abbreviations[key[0].lower() + key[1:]]
        return said if key in tongue.abbreviations else said[0].upper() + said[1:]

    heads = {name[0] for name in tongue.abbreviations} | {name[0].upper() for name in tongue.abbreviations}
    capitals = "|".join(
        re.escape(name[0].upper() + name[1:]) for name in tongue.abbreviations if name[0].islower()
    )
    pattern = re.compile(rf"(?<![\w.])(?:{names}{'|' + capitals if capitals else ''})(?!\w)")
    return [Rule("abbreviations", frozenset(heads), pattern, make)]


def _spell_out(pattern: str, needs: frozenset[str], words: str) -> Rule:
    return Rule("symbols", needs, re.compile(pattern), lambda _: words)


def _symbols(tongue: Tongue) -> list[Rule]:
    percent, degrees = tongue.agree("0", tongue.percent), tongue.agree("0", tongue.degrees)
    table = {"&": tongue.and_, "§": tongue.section, "%": percent, "°": degrees, "@": tongue.at}
    rules = [
        _spell_out(rf"\s?{re.escape(sign)}+\s?", frozenset(sign), f" {word} ") for sign, word in table.items()
    ]
    dropped = "†‡*_^|\\•®™~`{}■□●○◆❦❧※#"
    drop = re.compile(f"[{re.escape(dropped)}]+")
    return [
        *rules,
        Rule("symbols", frozenset(dropped), drop, lambda found: " " if found[0].strip("_") else ""),
    ]


def _addresses(tongue: Tongue) -> list[Rule]:
    def make(found: re.Match[str]) -> str:
        text = re.sub(r"^(?:https?://)?(?:www\.)?", "", found[0].rstrip("/"))
        return text.replace(".", f" {tongue.dot} ").replace("@", f" {tongue.at} ").replace("/", " ").strip()

    mail = re.compile(r"(?<![\w.@])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
    page = re.compile(r"\b(?:https?://|www\.)[^\s<>\"')\]]*\w/?")
    return [Rule("urls", frozenset("@"), mail, make), Rule("urls", frozenset("."), page, make)]


def _shouts() -> Rule:
    def make(found: re.Match[str]) -> str | None:
        word = found[0]
        if len(word) < 4 and not found.string[:200].isupper():
            return None
        return word.capitalize() if re.search("[AEIOUYÀ-ÖØ-ÝАЕЁИОУЫЭЮЯІЇЄ]", word) else None

    return Rule("caps", frozenset(), re.compile(r"(?<![\w.&])[A-ZÀ-ÖØ-ÞА-ЯЁІЇЄ]{2,}(?![\w&]|\.\w)"), make)


def rules(tongue: Tongue, *first: Rule) -> tuple[Rule, ...]:
    """All rules of a language, those of its own first."""
    return (
        *_addresses(tongue),
        *first,
        *_dates(tongue),
        *_money(tongue),
        *_measures(tongue),
        *_fractions(tongue),
        *_romans(tongue),
        *_abbreviations(tongue),
        *_ranges(tongue),
        *_numbers(tongue),
        *_symbols(tongue),
        _shouts(),
    )


def title_rules(tongue: Tongue) -> tuple[Rule, ...]:
    """A numeral or number alone at the head of a title."""

    def numeral(found: re.Match[str]) -> str | None:
        number = roman.value(found["numeral"])
        return tongue.cardinal(number).capitalize() if number else None

    def figure(found: re.Match[str]) -> str:
        return tongue.cardinal(int(found["number"])).capitalize()

    end = r"(?=\s*(?:[.:)–—-]\s|[.:)]?\s*$))"
    return (
        Rule("roman", CAPITALS, re.compile(rf"^\W*(?P<run>(?P<numeral>[IVXLC]+)){end}"), numeral),
        Rule("numbers", FIGURES, re.compile(rf"^\W*(?P<run>(?P<number>\d{{1,3}})){end}"), figure),
    )
