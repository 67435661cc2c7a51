"""The spoken form of Japanese: figures in characters, with the counters left to the engine."""

from __future__ import annotations

import re

from audiobook.normalization.languages.eastern import (
    EDGE,
    date_rule,
    decimal,
    fraction_rule,
    measure_rule,
    money_rule,
    month_and_day,
    number_rule,
    range_rule,
    symbol_rules,
)
from audiobook.normalization.rule import FIGURES, Rule

_FIGURES = "〇一二三四五六七八九"
_SPOKEN = ["ゼロ", "一", "二", "三", "四", "五", "六", "七", "八", "九"]
_SCALES = ("", "万", "億", "兆")
_CURRENCIES = {"¥": "円", "￥": "円", "$": "ドル", "＄": "ドル", "€": "ユーロ", "£": "ポンド"}
_UNITS = {
    "km/h": "キロメートル毎時", "km": "キロメートル", "m": "メートル", "cm": "センチメートル",
    "mm": "ミリメートル", "kg": "キログラム", "g": "グラム", "mg": "ミリグラム", "ml": "ミリリットル",
    "L": "リットル", "℃": "度", "°C": "度", "°": "度", "m²": "平方メートル", "㎡": "平方メートル",
    "%": "パーセント", "％": "パーセント",
}  # fmt: skip


def _group(number: int, scaled: bool) -> str:
    """One to 9999; a one before 千, 百 and 十 is not said, but before 千万 it is."""
    said = "一" if scaled and 1000 <= number < 2000 else ""
    for scale, name in ((1000, "千"), (100, "百"), (10, "十")):
        figure, number = divmod(number, scale)
        if figure:
            said += (_FIGURES[figure] if figure > 1 else "") + name
    return said + (_FIGURES[number] if number else "")


def figures(text: str) -> str:
    """Figure by figure."""
    return "".join(_SPOKEN[int(character)] for character in text if character.isdecimal())


def cardinal(number: int) -> str:
    """`千九百八十四`."""
    if number == 0:
        return "ゼロ"
    if number >= 10**16:
        return figures(str(number))
    said = ""
    place = 0
    while number:
        number, group = divmod(number, 10000)
        if group:
            said = _group(group, place > 0) + _SCALES[place] + said
        place += 1
    return said


def amount(text: str) -> str:
    """A number as written, with a decimal point."""
    return decimal(text, figures, cardinal)


def _number(found: re.Match[str]) -> str:
    said = amount(found["number"])
    if said.startswith("千") and found.string.startswith(_SCALES[1:], found.end()):
        said = f"一{said}"  # 1000万
    return f"{'マイナス' if found['minus'] else ''}{said}"


def _measure(found: re.Match[str]) -> str:
    minus = "マイナス" if found["minus"] else ""
    return f"{minus}{amount(found['number'])}{_UNITS[found['unit']]}"


def _money(found: re.Match[str]) -> str:
    return f"{amount(found['number'])}{found['scale'] or ''}{_CURRENCIES[found['sign']]}"


def _clock(found: re.Match[str]) -> str:
    minute = int(found["minute"])
    return f"{cardinal(int(found['hour'])) if int(found['hour']) else '零'}時" + (
        f"{cardinal(minute)}分" if minute else ""
    )


def _date(found: re.Match[str]) -> str | None:
    when = month_and_day(found)
    if when is None:
        return None
    month, day = when
    return f"{cardinal(int(found['year']))}年{cardinal(month)}月{cardinal(day)}日"


def _fraction(found: re.Match[str]) -> str:
    minus = "マイナス" if found["minus"] else ""
    return f"{minus}{cardinal(int(found['bottom']))}分の{cardinal(int(found['top']))}"


def _range(found: re.Match[str]) -> str | None:
    if float(found["first"]) >= float(found["second"]):
        return None
    return f"{amount(found['first'])}から{amount(found['second'])}"


def _telephone(found: re.Match[str]) -> str:
    return "の".join(figures(part) for part in found[0].split("-"))


RULES = (
    Rule("numbers", FIGURES, re.compile(rf"{EDGE}0(?=[時分秒])"), lambda _: "零"),
    Rule(
        "ranges", frozenset("〜～"), re.compile(r"(?<=[月日年時分人歳回度円%])[〜～](?=\d)"), lambda _: "から"
    ),
    date_rule(_date),
    Rule(
        "times",
        FIGURES,
        re.compile(
            rf"{EDGE}(?P<hour>[01]?\d|2[0-4])[:：](?P<minute>[0-5]\d)"
            rf"(?!\d)"
        ),
        _clock,
    ),
    money_rule(_CURRENCIES, "万億千百", _money),
    measure_rule(_UNITS, _measure),
    fraction_rule(_fraction),
    Rule("telephone", FIGURES, re.compile(rf"{EDGE}0\d{{1,4}}-\d{{1,4}}-\d{{3,4}}(?!\d)"), _telephone),
    range_rule("〜", _range),
    number_rule(_number),
    *symbol_rules("アンド"),
)
TITLE_RULES = RULES
