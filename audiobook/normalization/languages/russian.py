"""The spoken form of Russian. Ordinals of dates and years stand in the case that their noun shows."""

from __future__ import annotations

import re

from audiobook.normalization import roman
from audiobook.normalization.languages.european import Tongue, rules, title_rules
from audiobook.normalization.languages.numbers import words
from audiobook.normalization.rule import CAPITALS, FIGURES, Rule

_MONTHS = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
_KINGS = (
    "Александр|Алексей|Василий|Генрих|Георг|Людовик|Карл|Николай|Павел|Пётр|Петр|Фёдор|Федор|Фридрих|Филипп"
    "|Наполеон|"
    "Иван|Яков|Вильгельм|Эдуард|Ричард|Лев|Пий|Григорий|Иоанн|Фердинанд|Франциск|Густав|Максимилиан"
)
_QUEENS = "Екатерина|Елизавета|Мария|Анна|Изабелла"
# nominative masculine → endings: (genitive, prepositional, dative, instrumental, feminine, neuter, plural)
_CASES = {
    "gen": "ого",
    "loc": "ом",
    "dat": "ому",
    "ins": "ым",
    "fem": "ая",
    "neu": "ое",
    "pl": "ые",
    "plgen": "ых",
}


def _decline(number: int, case: str) -> str:
    """The ordinal with the ending of a case."""
    said = words(number, "ru", "ordinal")
    if case not in _CASES:
        return said
    ending = _CASES[case]
    if said.endswith("третий"):
        soft = {
            "ого": "его",
            "ом": "ем",
            "ому": "ему",
            "ым": "им",
            "ая": "я",
            "ое": "е",
            "ые": "и",
            "ых": "их",
        }
        return said[:-2] + "ь" + soft[ending]
    return said[:-2] + ending


def _agree(number: str, forms: str) -> str:
    """“1 рубль, 2 рубля, 5 рублей”, and “2,5 рубля”."""
    variants = forms.split("|")
    if len(variants) < 3:
        return forms
    tail = variants[2].partition(" ")[2]
    if "," in number:
        return f"{variants[1]} {tail}".rstrip()
    count = int(re.sub(r"\D", "", number) or 0)
    if count % 10 == 1 and count % 100 != 11:
        return f"{variants[0]} {tail}".rstrip()
    if 1 < count % 10 < 5 and not 11 < count % 100 < 15:
        return f"{variants[1]} {tail}".rstrip()
    return variants[2]


_GENDER = {
    "глава": "fem", "часть": "fem", "книга": "fem", "сцена": "fem", "песнь": "fem", "действие": "neu",
    "явление": "neu",
}  # fmt: skip
_CURRENCIES = {
    "₽": ("рубль", "рубль|рубля|рублей"), "€": ("евро", "евро"), "$": ("доллар", "доллар|доллара|долларов"),
    "£": ("фунт", "фунт|фунта|фунтов"),
}  # fmt: skip
_UNITS = {
    "км/ч": "километр|километра|километров в час", "км": "километр|километра|километров",
    "м": "метр|метра|метров", "см": "сантиметр|сантиметра|сантиметров",
    "мм": "миллиметр|миллиметра|миллиметров", "кг": "килограмм|килограмма|килограммов",
    "г": "грамм|грамма|граммов", "л": "литр|литра|литров", "руб.": "рубль|рубля|рублей",
    "коп.": "копейка|копейки|копеек", "мин.": "минута|минуты|минут", "тыс.": "тысяча|тысячи|тысяч",
    "млн": "миллион|миллиона|миллионов", "млрд": "миллиард|миллиарда|миллиардов",
}  # fmt: skip
_ABBREVIATIONS = {
    "т. е.": "то есть", "т.е.": "то есть", "и т. д.": "и так далее", "и т.д.": "и так далее",
    "и т. п.": "и тому подобное", "и т.п.": "и тому подобное", "и др.": "и другие", "и пр.": "и прочее",
    "т. к.": "так как", "т.к.": "так как", "г-н": "господин", "г-жа": "госпожа", "г-на": "господина",
    "г-жи": "госпожи", "г-ну": "господину", "проф.": "профессор", "акад.": "академик", "ул.": "улица",
    "им.": "имени", "стр.": "страница", "рис.": "рисунок", "гл.": "глава", "см.": "смотри",
    "напр.": "например", "н. э.": "нашей эры", "н.э.": "нашей эры", "руб.": "рублей", "коп.": "копеек",
    "тов.": "товарищ", "св.": "святой", "ред.": "редакция", "прим.": "примечание",
}  # fmt: skip


def _singular(number: int) -> bool:
    return number % 10 == 1 and number % 100 != 11


def _feminine(number: int) -> str:
    said = words(number, "ru")
    said = re.sub(r"\bодин$", "одна", said)
    return re.sub(r"\bдва$", "две", said)


def _fraction(top: int, bottom: int) -> str:
    if (top, bottom) == (1, 2):
        return "одна вторая"
    return f"{_feminine(top)} {_decline(bottom, 'fem' if _singular(top) else 'plgen')}"


def _date_in_figures(day: int, month: int, year: int) -> str:
    return f"{_decline(day, 'gen')} {_MONTHS.split('|')[month - 1]} {_decline(year, 'gen')} года"


TONGUE = Tongue(
    code="ru",
    point="целых",
    to="до",
    percent="процент|процента|процентов",
    degrees="градус|градуса|градусов",
    and_="и",
    minus="минус",
    section="параграф",
    dot="точка",
    at="собака",
    half="половина",
    quarter="четверть",
    three_quarters="три четверти",
    mixed="и",
    thousands=" .",
    currencies=_CURRENCIES,
    units=_UNITS,
    agree=lambda number, forms: _agree(number, forms),
    fraction=_fraction,
    date=_date_in_figures,
    scales={"C": "Цельсия", "F": "Фаренгейта"},
    abbreviations=_ABBREVIATIONS,
    divisions="глава|часть|том|книга|действие|акт|сцена|явление|песнь|раздел",
    kings=f"{_KINGS}|{_QUEENS}",
    king=lambda number: words(number, "ru", "ordinal"),
    division=lambda number, word: _decline(number, _GENDER.get(word.lower(), "")),
)


def _date(found: re.Match[str]) -> str:
    said = f"{_decline(int(found['day']), 'gen')} {found['month']}"
    return f"{said} {_decline(int(found['year']), 'gen')} года" if found["year"] else said


_YEAR_CASE = {
    "год": "",
    "года": "gen",
    "году": "loc",
    "годом": "ins",
    "годы": "pl",
    "годов": "plgen",
    "годах": "plgen",
}


def _year(found: re.Match[str]) -> str:
    noun = found["noun"]
    number = int(found["year"])
    if noun in ("г.", "г"):
        inside = re.search(r"\b[Вв]о?\s$", found.string[: found.start()])
        after = re.search(
            r"\b(?:[Сс]о?|[Дд]о|[Оо]т|[Пп]осле|[Кк]онца|[Нн]ачала)\s$", found.string[: found.start()]
        )
        case, noun = ("loc", "году") if inside else ("gen", "года") if after else ("", "год")
        return f"{_decline(number, case)} {noun}"
    return f"{_decline(number, _YEAR_CASE[noun])} {noun}"


_ENDINGS = {
    "й": "", "ый": "", "ий": "", "ой": "fem-gen", "го": "gen", "ого": "gen", "его": "gen", "му": "dat",
    "м": "loc", "ом": "loc", "я": "fem", "ая": "fem", "е": "neu", "ое": "neu", "х": "plgen",
    "ых": "plgen", "м.": "loc",
}  # fmt: skip


def _ordinal(found: re.Match[str]) -> str:
    number, ending = int(found["number"]), found["ending"]
    if ending in ("е", "ые") and number >= 10 and number % 10 == 0:
        return _decline(number, "pl")  # “1990-е”
    return _decline(number, _ENDINGS.get(ending, ""))


def _century(found: re.Match[str]) -> str | None:
    number = roman.value(found["numeral"])
    case = {"века": "gen", "веке": "loc", "веков": "plgen"}.get(found["noun"], "")
    return _decline(number, case) if number else None


def _queen(found: re.Match[str]) -> str | None:
    number = roman.value(found["numeral"])
    return _decline(number, "fem") if number else None


def _decimal(found: re.Match[str]) -> str:
    """“3,5” is “три целых пять десятых”."""
    whole, fraction = int(found["whole"]), found["fraction"]
    parts = {1: ("десятая", "десятых"), 2: ("сотая", "сотых"), 3: ("тысячная", "тысячных")}[len(fraction)]
    part = parts[not _singular(int(fraction))]
    said = f"{_feminine(whole)} {'целая' if _singular(whole) else 'целых'} {_feminine(int(fraction))} {part}"
    return f"{said} {_agree('0,5', TONGUE.units[found['unit']])}" if found["unit"] else said


def _clock(found: re.Match[str]) -> str:
    return f"{TONGUE.cardinal(int(found['hour']))} {TONGUE.amount(found['minute'])}"


def _number_sign(found: re.Match[str]) -> str:
    return f"номер {TONGUE.cardinal(int(found['number']))}"


def _initials(found: re.Match[str]) -> str:
    return found[0].replace(".", "").replace("  ", " ")


RULES = rules(
    TONGUE,
    Rule("times", FIGURES, re.compile(r"\b(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?![\w:])"), _clock),
    Rule(
        "dates",
        FIGURES,
        re.compile(
            rf"\b(?P<day>3[01]|[12]\d|0?[1-9])\s(?P<month>{_MONTHS})\b(?:\s(?P<year>[12]\d{{3}})(?:\s(?:года"
            rf"|г\.))?(?!\w))?"
        ),
        _date,
    ),
    Rule(
        "years",
        FIGURES,
        re.compile(
            r"\b(?P<year>[12]\d{3})\s?(?P<noun>годах|годов|годом|годы|году|года|год|г\.)"
            r"(?!\w)"
        ),
        _year,
    ),
    Rule(
        "ordinals",
        FIGURES,
        re.compile(
            r"(?<![\w.,])(?P<number>\d{1,4})-(?P<ending>ого|его|ый|ий|ой|го|му|ом|ая|ое|ых|ые|й|я|е|х"
            r"|м)\b"
        ),
        _ordinal,
    ),
    Rule(
        "decimals",
        FIGURES,
        re.compile(
            r"(?<![\w.,])(?P<whole>\d{1,9}),(?P<fraction>\d{1,3})(?:\s(?P<unit>км/ч|км|кг|см|мм|м|г|л)(?!\w)|"
            r"(?!\w|,\d))"
        ),
        _decimal,
    ),
    Rule(
        "roman",
        CAPITALS,
        re.compile(
            r"\b(?P<run>(?P<numeral>[IVXLC]+))(?=\s(?P<noun>века|веке|веков|век"
            r"|столети\w+)\b)"
        ),
        _century,
    ),
    Rule("roman", CAPITALS, re.compile(rf"\b(?:{_QUEENS})\s(?P<run>(?P<numeral>[IVX]+))\b"), _queen),
    Rule("abbreviations", frozenset("№"), re.compile(r"№\s?(?P<number>\d{1,9})"), _number_sign),
    Rule(
        "initials",
        frozenset("."),
        re.compile(
            r"(?<![\w.])[А-ЯЁ]\.\s?(?:[А-ЯЁ]\.)?(?=\s[А-ЯЁ][а-яё]"
            r")"
        ),
        _initials,
    ),
)
TITLE_RULES = (*title_rules(TONGUE), *RULES)
