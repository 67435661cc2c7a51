"""Numbers in words through num2words, which knows the grammar of some thirty languages."""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType

from audiobook.segmentation.tables import word_set

_LARGEST = 10**15
_LANGUAGES = word_set("cs da de es fi fr hu id it lt lv nl no pl pt ro ru sl sr sv tr uk")
_ALIASES = {"nb": "no", "nn": "no"}


def known(language: str) -> bool:
    """Whether numbers of this language can be put in words."""
    return _ALIASES.get(language, language) in _LANGUAGES


@lru_cache(maxsize=1)
def _library() -> ModuleType:
    import num2words  # a tenth of a second: only where a number stands

    return num2words  # type: ignore[no-any-return]


@lru_cache(maxsize=4096)
def words(number: int, language: str, to: str = "cardinal") -> str:
    """The number in words; in figures where num2words has none. `to`: cardinal, ordinal, year."""
    if abs(number) >= _LARGEST:
        return " ".join(words(int(figure), language) for figure in str(abs(number)))
    try:
        text = _library().num2words(number, lang=_ALIASES.get(language, language), to=to)
    except (NotImplementedError, OverflowError, IndexError, KeyError):
        return str(number) if to == "cardinal" else words(number, language)
    return " ".join(str(text).split())


def cardinal(number: int, language: str) -> str:
    """`zwölf`, `douze`."""
    return words(number, language)


def digits(figures: str, language: str) -> str:
    """Figure by figure."""
    return " ".join(words(int(figure), language) for figure in figures if figure.isdecimal())
