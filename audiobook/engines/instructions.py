"""Styles for CosyVoice: a person's words become a short instruction; an author's words never do.

CosyVoice2 takes `instruction<|endofprompt|>text`. Long or flowery instructions are spoken aloud instead of
obeyed, so words that are known ("whispering", "sad, slowly", "Cantonese", "悲伤") become one short wording of
the kind the model was trained on; words that are not known are sent as the person wrote them.
What looks like a command in the text itself is the author's, and is made harmless.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from audiobook.engines import wordings

VERSION = "1"
"""Changes with every change of a wording: part of the engine's identity."""

LONGEST = 120
"""Characters of a free instruction; longer ones would be read out."""

END = "<|endofprompt|>"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SPECIALS = _words(
    "[breath] [noise] [laughter] [cough] [clucking] [accent] [quick_breath] [hissing] [sigh] "
    "[vocalized-noise] [lipsmack] [mn] <strong> </strong> <laughter> </laughter>"
)
"""The marks that CosyVoice2's tokenizer knows, beside everything of the form <|…|>."""

_COMMANDS = re.compile(r"<\|([^|<>]*)\|>|" + "|".join(re.escape(mark) for mark in SPECIALS), re.IGNORECASE)
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_TURNS = re.compile(r"\[S\d+\]")
_STRAY = re.compile(r"<\||\|>")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CJK = "\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af\uf900-\ufaff"
_WIDE_GAP = re.compile(rf"(?<=[{_CJK}，。！？；：、…])[ \u3000]+(?=[{_CJK}“‘「『（《])")


_GROUPS = tuple(
    tuple((stem, wording) for wording, stems in table.items() for stem in stems.split())
    for table in wordings.GROUPS
)
_CHINESE_FILLERS = re.compile(f"[{wordings.CHINESE_FILLERS}\\s]+")


@dataclass(frozen=True, slots=True)
class Instruction:
    """What stands before and after the text."""

    prompt: str = ""  # without the end mark
    before: str = ""
    after: str = ""

    def around(self, text: str) -> str:
        """The whole input."""
        return f"{self.prompt}{END if self.prompt else ''}{self.before}{text}{self.after}"


def harmless(text: str) -> str:
    """The author's text with nothing in it that the model would take for a command: `[laughter]` is read
    as the word, `<|endofprompt|>` loses its signs."""
    text = _UNSPEAKABLE.sub(" ", text)
    while (plain := _COMMANDS.sub(_as_word, text)) != text:
        text = plain  # again: what was inside may have been half of another
    while (plain := _STRAY.sub(" ", text)) != text:
        text = plain
    return text


def _as_word(mark: re.Match[str]) -> str:
    """The name of a mark; that of a tag set apart, because tags stand close to words."""
    word = mark[0].strip("[]<>/|")
    if mark[0][0] == "[":
        return word
    text, start, end = mark.string, mark.start(), mark.end()
    before = " " if start and not text[start - 1].isspace() else ""
    return f"{before}{word}{' ' if end < len(text) and text[end].isalnum() else ''}"


def turn(text: str) -> str:
    """The text as MOSS-TTSD wants it: the turn of its first speaker, with no other turn in it."""
    return f"[S1]{_TURNS.sub(_as_word, text)}"


def tidy(text: str) -> str:
    """Spaces between Chinese or Japanese characters taken out: they disturb the model."""
    return _WIDE_GAP.sub("", text)


@functools.lru_cache(maxsize=4096)
def instruction(style: str, language: str = "") -> Instruction:
    """The instruction for a style (and for a language that is a dialect of Chinese).

    An empty style gives none. A style with a word that is not known goes out as it was written.
    """
    for phrase, meaning in wordings.PHRASES:
        style = re.sub(phrase, meaning, style, flags=re.IGNORECASE)
    marks = [mark for mark in SPECIALS if mark in style and not mark.startswith("</")]
    for mark in SPECIALS:
        style = style.replace(mark, " ")
    dialect = wordings.LANGUAGES.get(language.lower().replace("_", "-"), "")
    wanted = _known(style)
    if wanted is None:
        free = " ".join(_STRAY.sub(" ", style).split()).strip(" ,;，；")
        return _with_marks(f"{free}，用{dialect}说" if dialect else free, marks)
    if dialect and not any(wording in wordings.DIALECTS for wording in wanted):
        wanted.insert(0, dialect)
    marks += [wording for wording in wanted if wording[0] in "[<"]
    return _with_marks(_wording([wording for wording in wanted if wording[0] not in "[<"]), marks)


def _known(style: str) -> list[str] | None:
    """The wordings of all words, at most one of each group, in the order of the groups; None when a word is
    not known."""
    if re.search(f"[{_CJK}]", style):
        found = [_lookup(group, style) for group in _GROUPS]
        rest = style
        for group in _GROUPS:
            for stem, _ in group:
                rest = rest.replace(stem, "")
        return None if _CHINESE_FILLERS.sub("", rest.replace("话", "")) else [word for word in found if word]
    words = [word for word in _WORD.findall(style.lower()) if word not in wordings.FILLERS]
    if not all(any(word.startswith(stem) for group in _GROUPS for stem, _ in group) for word in words):
        return None
    firsts = (next((w for word in words for s, w in group if word.startswith(s)), None) for group in _GROUPS)
    return [wording for wording in firsts if wording]


def _lookup(group: Iterable[tuple[str, str]], style: str) -> str | None:
    return next((wording for stem, wording in group if stem in style.lower()), None)


def _wording(wanted: list[str]) -> str:
    """One short request; three properties at most, because more of them are read out."""
    if not wanted:
        return ""
    if len(wanted) == 1 and wanted[0] in wordings.DIALECTS:
        return f"用{wanted[0]}说这句话"
    return f"请用{'、'.join(wanted[:3])}说"


def _with_marks(prompt: str, marks: list[str]) -> Instruction:
    pairs = [mark for mark in dict.fromkeys(marks) if mark.startswith("<")]
    single = [mark for mark in dict.fromkeys(marks) if mark.startswith("[")]
    closing = "".join(mark.replace("<", "</") for mark in reversed(pairs))
    return Instruction(prompt, "".join((*single, *pairs)), closing)
