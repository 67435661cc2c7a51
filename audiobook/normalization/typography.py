"""Repairs of print: invisible characters, ligatures, quotation marks, dashes and dots in one form each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate

_INVISIBLE = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066"
    "\u2067\u2068\u2069\ufeff"
)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_CONTROL = {chr(code): " " for code in [*range(9), *range(11, 32), *range(127, 160)]}
_UNEVEN: dict[str, str] = {**dict.fromkeys(_INVISIBLE, ""), **_LIGATURES, "\x00": ""}
_UNEVEN_RUN = re.compile(rf"[{re.escape(''.join(_UNEVEN))}]")
_JOINERS = re.compile(
    r"(?<=[\u0600-\u0dff\u0e00-\u0eff\u1000-\u109f\u2600-\U0001faff\ufe0f])\u200d|\u200c"
    r"(?=[\u0600-\u06ff\u0900-\u0dff])"
)
WIDE_LANGUAGES = ("zh", "ja")
_QUOTE_SPACES = re.compile(r"(?<=«)\s|\s(?=»)")

_SPACES = dict.fromkeys(
    "\t\r\f\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f", " "
)
_EVEN = str.maketrans(
    {
        **_CONTROL,
        **_SPACES,
        **dict.fromkeys("‘’‚‛ʼʹ´", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‹›", "'"),
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "–",
        "\u2015": "—",
    }
)
_EVEN_WIDE = str.maketrans({**_CONTROL, **_SPACES, "\u2010": "-", "\u2011": "-"})


def repair(text: str, language: str = "en") -> tuple[str, Sequence[int] | None]:
    """The text without invisible characters, in plain marks; and the new place of each of the old places.

    None instead of places where nothing moved. Chinese and Japanese keep their marks.
    """
    places: Sequence[int] | None = None
    if not text.isascii():
        changes = {found.start(): _UNEVEN[found[0]] for found in _UNEVEN_RUN.finditer(text)}
        for found in _JOINERS.finditer(text) if changes else ():
            changes.pop(found.start(), None)
        if language == "fr":
            changes |= {found.start(): "" for found in _QUOTE_SPACES.finditer(text)}
        if changes:
            text, places = _replace(text, changes)
    return text.translate(_EVEN_WIDE if language in WIDE_LANGUAGES else _EVEN), places


def _replace(text: str, changes: Mapping[int, str]) -> tuple[str, Sequence[int]]:
    """The text with single characters replaced, and the new place of each of the old places."""
    parts = [changes.get(place, character) for place, character in enumerate(text)]
    return "".join(parts), [0, *accumulate(map(len, parts))]


_ELLIPSIS = re.compile(r"\s?(?:\.(?:\s?\.){2,}|…(?:\s?[.…])*|‥)")
_REDACTED_WORD = re.compile(r"(?<=\w)(?:⸺|⸻|—{2,}|–{2,}|-{3,})(?=\w)")
_REDACTED_END = re.compile(r"(?<=\b[A-Z])(?:⸺|⸻|—{2,})|(?<=\d)(?:⸺|⸻|—{2,})")
_REDACTED = re.compile(r"⸺|⸻")
_DASH = re.compile(r"\s*(?:—+|-{2,}|(?<=\s)[–-]+(?=\s)|–(?=\s)|(?<=\s)–|⸺|⸻)\s*")
_SPACE = re.compile(r"\s+")
_BEFORE_MARK = re.compile(r"\s+(?=[,.;:!?](?!\w))")


def tidy(text: str, blank: str = "") -> str:
    """Dashes, dots and spaces of a run that no rule has claimed. `blank` is read for a name struck out."""
    if "—" in text or "⸺" in text or "⸻" in text or "–" in text or "--" in text or " -" in text:
        if blank:
            text = _REDACTED_WORD.sub(f" {blank} ", text)
            text = _REDACTED_END.sub("", text)
            text = _REDACTED.sub(f" {blank} ", text)
        text = _DASH.sub(" — ", text)
    if ".." in text or "…" in text or ". ." in text or "‥" in text:
        text = _ELLIPSIS.sub("…", text)
    text = _SPACE.sub(" ", text)
    return _BEFORE_MARK.sub("", text)


def tidy_wide(text: str) -> str:
    """The same for Chinese and Japanese."""
    return re.sub(r"…{2,}", "……", _SPACE.sub(" ", text))
