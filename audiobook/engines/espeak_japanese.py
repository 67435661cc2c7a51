"""Kanji for the embedded voice, which knows only kana and calls every kanji a "Chinese letter"."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from audiobook.errors import StopRun

_KANJI = re.compile("[\u3400-\u9fff\uf900-\ufaff々〆]")


def in_kana(text: str) -> str:
    """A Japanese text with its kanji as they are read. Raises StopRun where nothing can read them."""
    return _reader()(text) if _KANJI.search(text) else text


@functools.cache
def _reader() -> Callable[[str], str]:
    try:
        import pykakasi
    except ImportError as error:
        raise StopRun(
            "the embedded voice reads kanji only with pykakasi: pip install 'audiobook[japanese]', "
            "or choose another engine"
        ) from error
    kakasi: Callable[[], Any] = pykakasi.kakasi
    convert = kakasi().convert
    return lambda text: "".join(word["hira"] for word in convert(text))
