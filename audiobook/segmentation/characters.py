"""Classes of characters that sentence boundaries, pieces and the spoken form agree on."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Soft hyphen, zero-width space and joiners, word joiner, byte order mark: they have no sound."""

QUOTES = "“”‘’«»‹›„‚‟‛\"'「」『』《》〈〉"
OPENERS = QUOTES + "([{（【〔［¿¡—–-―*_" + INVISIBLE
CLOSERS = QUOTES + ")]}）】〕］*_†‡" + INVISIBLE

WIDE_STOPS = "。！？｡．"
"""Marks that end a sentence without a space behind them."""

STOPS = ".!?…‥" + WIDE_STOPS + "؟۔।॥።"

CJK = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff"
CJK += "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
"""Inside of a regular expression's brackets: characters of scripts written without spaces, and Hangul,
which fills a request as quickly."""

WIDE = CJK + "\u3000-\u303f\uff00-\uff65"
"""The same with their punctuation."""

_WIDE = re.compile(f"[{WIDE}]")


def is_wide(character: str) -> bool:
    """Whether the character belongs to Chinese, Japanese or Korean text."""
    return _WIDE.match(character) is not None


def count_wide(text: str) -> int:
    """How many characters of Chinese, Japanese or Korean text there are."""
    return 0 if text.isascii() else len(_WIDE.findall(text))


def speakable(text: str) -> bool:
    """Whether there is a letter or a digit in the text."""
    return any(character.isalnum() for character in text)


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character).startswith("M")
        or character in "\u200c\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def grapheme_start(text: str, position: int, lowest: int) -> int:
    """The last place at or before `position`, but after `lowest`, that is not inside one visible character.

    `position` itself where the run of combining marks is longer than anybody writes.
    """
    floor = max(lowest + 1, position - 32)
    place = position
    while place > floor and (
        _extends(text[place])
        or text[place - 1] == "\u200d"
        or (_regional(text[place]) and _regional(text[place - 1]))
        or (text[place] == "\n" and text[place - 1] == "\r")
        or "\u1160" <= text[place] <= "\u11ff"
    ):
        place -= 1
    return place if place > floor or floor == lowest + 1 else position
