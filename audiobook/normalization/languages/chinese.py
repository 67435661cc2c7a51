"""The spoken form of Chinese: figures, sums, dates and measures in characters."""

from __future__ import annotations

import re

from audiobook.normalization.languages.eastern import (
    EDGE,
    MINUS,
    NUMBER,
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
from audiobook.normalization.rule import FIGURES, FRACTIONS, VULGAR, Rule

_FIGURES = "零一二三四五六七八九"
_SCALES = ("", "万", "亿", "兆")
_COUNTERS = "个個只隻条條张張本名位件次天年岁歲块塊层層座棵把杯碗封颗顆头頭匹双雙对對周週点點种種里小秒分斤"
_CURRENCIES = {"¥": "元", "￥": "元", "$": "美元", "＄": "美元", "€": "欧元", "£": "英镑"}
_UNITS = {
    "km/h": "公里每小时", "km": "公里", "m": "米", "cm": "厘米", "mm": "毫米", "kg": "公斤", "g": "克",
    "mg": "毫克", "ml": "毫升", "mL": "毫升", "L": "升", "l": "升", "㎡": "平方米", "m²": "平方米",
    "m³": "立方米", "℃": "摄氏度", "°C": "摄氏度", "℉": "华氏度", "°F": "华氏度", "°": "度", "GB": "吉字节",
    "MB": "兆字节", "Hz": "赫兹",
}  # fmt: skip


def figures(text: str) -> str:
    """Figure by figure: `一九八四`."""
    return "".join(_FIGURES[int(character)] for character in text if character.isdecimal())


def _group(number: int) -> str:
    """One to 9999."""
    said = ""
    zero = False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        figure = number // scale % 10
        if figure:
            said += (
                ("零" if zero and said else "")
                + ("两" if figure == 2 and scale == 1000 else _FIGURES[figure])
                + name
            )
            zero = False
        else:
            zero = True
    return said


def cardinal(number: int) -> str:
    """`一万零五百`; figure by figure beyond sixteen places."""
    if number < 0:
        return f"负{cardinal(-number)}"
    if number == 0:
        return "零"
    if number >= 10**16:
        return figures(str(number))
    groups = []
    rest = number
    while rest:
        rest, group = divmod(rest, 10000)
        groups.append(group)
    said = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group:
            gap = said and (group < 1000 or (groups[place + 1] % 10 == 0 and not groups[place + 1]))
            words = "两" if group == 2 and place else _group(group)
            said += ("零" if gap else "") + words + _SCALES[place]
    return said[1:] if said.startswith("一十") else said


def amount(text: str) -> str:
    """A number as written, with a decimal point."""
    return decimal(text, figures, cardinal)


def _counted(found: re.Match[str]) -> str:
    return "两" if found["number"] == "2" else amount(found["number"])


def _year(found: re.Match[str]) -> str:
    return figures(found["number"])


def _percent(found: re.Match[str]) -> str:
    return f"{'负' if found['minus'] else ''}百分之{amount(found['number'])}"


def _money(found: re.Match[str]) -> str:
    return f"{amount(found['number'])}{found['scale'] or ''}{_CURRENCIES[found['sign']]}"


def _measure(found: re.Match[str]) -> str:
    minus = ("零下" if "℃" in found["unit"] or "°C" in found["unit"] else "负") if found["minus"] else ""
    number = "两" if found["number"] == "2" else amount(found["number"])
    return f"{minus}{number}{_UNITS[found['unit']]}"


def _clock(found: re.Match[str]) -> str:
    minute = int(found["minute"])
    hour = "两" if int(found["hour"]) == 2 else cardinal(int(found["hour"]))
    seconds = f"{cardinal(int(found['second']))}秒" if found["second"] else ""
    if not minute:
        return f"{hour}点{'整' if not seconds else '零分'}{seconds}"
    return f"{hour}点{'零' if minute < 10 else ''}{cardinal(minute)}分{seconds}"


def _date(found: re.Match[str]) -> str | None:
    when = month_and_day(found)
    if when is None:
        return None
    month, day = when
    return f"{figures(found['year'])}年{cardinal(month)}月{cardinal(day)}日"


def _fraction(found: re.Match[str]) -> str:
    minus = "负" if found["minus"] else ""
    return f"{minus}{cardinal(int(found['bottom']))}分之{cardinal(int(found['top']))}"


def _range(found: re.Match[str]) -> str | None:
    if float(found["first"]) >= float(found["second"]):
        return None
    say = figures if len(found["first"]) == len(found["second"]) == 4 else amount
    return f"{say(found['first'])}到{say(found['second'])}"


def _ratio(found: re.Match[str]) -> str:
    return f"{cardinal(int(found['first']))}比{cardinal(int(found['second']))}"


def _chain(found: re.Match[str]) -> str:
    """`3-2-5室`: figures of an address or a serial number."""
    return figures(found[0])


def _vulgar(found: re.Match[str]) -> str:
    top, bottom = VULGAR[found["part"]]
    whole = f"{amount(found['whole'])}又" if found["whole"] else ""
    return f"{whole}{cardinal(bottom)}分之{cardinal(top)}"


def _yuan(found: re.Match[str]) -> str:
    tenths, hundredths = int(found["tenths"]), int(found["hundredths"])
    whole = f"{cardinal(int(found['number'].replace(',', '')))}元"
    rest = (f"{cardinal(tenths)}角" if tenths else "零" if hundredths else "") + (
        f"{cardinal(hundredths)}分" if hundredths else ""
    )
    return whole + rest


def _telephone(found: re.Match[str]) -> str:
    return figures(found[0]).replace("一", "幺")


def _number(found: re.Match[str]) -> str:
    return f"{'负' if found['minus'] else ''}{amount(found['number'])}"


RULES = (
    Rule("dates", FIGURES, re.compile(rf"{EDGE}0(?=\d[月日号號])"), lambda _: ""),
    date_rule(_date),
    Rule(
        "years",
        FIGURES,
        re.compile(
            rf"{EDGE}(?P<number>\d{{4}}|\d{{2}})(?=年(?!代|级|級|前|后|後|来|來|间|間))(?<!^\d\d)"
            rf"(?<![第过過约約][0-9]{{2}})"
        ),
        _year,
    ),
    Rule(
        "years",
        FIGURES,
        re.compile(
            rf"{EDGE}(?P<number>\d0)(?=年代"
            rf")"
        ),
        lambda found: cardinal(int(found["number"])),
    ),
    Rule(
        "times",
        FIGURES,
        re.compile(
            rf"{EDGE}(?P<hour>[01]?\d|2[0-4])[:：](?P<minute>[0-5]\d)(?:[:：](?P<second>[0-5]\d))?"
            rf"(?!\d)"
        ),
        _clock,
    ),
    Rule("measures", frozenset("%％"), re.compile(rf"{MINUS}(?P<number>{NUMBER})\s?[%％]"), _percent),
    Rule(
        "money",
        frozenset("¥￥"),
        re.compile(r"[¥￥]\s?(?P<number>\d{1,3}(?:,\d{3})+|\d+)\.(?P<tenths>\d)(?P<hundredths>\d)(?!\d)"),
        _yuan,
    ),
    money_rule(_CURRENCIES, "万萬亿億千百", _money),
    measure_rule(_UNITS, _measure),
    fraction_rule(_fraction),
    Rule("telephone", FIGURES, re.compile(rf"{EDGE}\d{{1,5}}(?:-\d{{1,5}}){{2,}}(?!\d)"), _chain),
    Rule(
        "fractions",
        frozenset(FRACTIONS),
        re.compile(rf"(?P<whole>\d+)?\s?(?P<part>[{FRACTIONS}])"),
        _vulgar,
    ),
    Rule(
        "numbers",
        FIGURES,
        re.compile(rf"{EDGE}(?P<first>\d{{1,3}})[:：](?P<second>\d{{1,3}})(?![\d:：])"),
        _ratio,
    ),
    range_rule("至", _range),
    Rule(
        "telephone",
        FIGURES,
        re.compile(
            rf"{EDGE}(?:1[3-9]\d{{9}}|0\d{{2,3}}-\d{{7,8}})(?!\d"
            rf")"
        ),
        _telephone,
    ),
    Rule(
        "numbers",
        FIGURES,
        re.compile(
            rf"{EDGE}(?P<number>2)(?=[{_COUNTERS}])(?!点\d|分之)(?!年代?\D?月"
            rf")"
        ),
        _counted,
    ),
    number_rule(_number),
    *symbol_rules("和"),
)
TITLE_RULES = RULES
