"""From what is written to what is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from audiobook.book import Hint
from audiobook.normalization import hints as markup
from audiobook.normalization.draft import Draft
from audiobook.normalization.hints import HintSpan
from audiobook.normalization.languages import other
from audiobook.normalization.lexicon import Lexicon
from audiobook.normalization.rule import Rule, apply_rules
from audiobook.normalization.typography import WIDE_LANGUAGES, repair, tidy, tidy_wide
from audiobook.segmentation import sentences

_PACKS = {
    "en": "english",
    "de": "languages.german",
    "fr": "languages.french",
    "es": "languages.spanish",
    "ru": "languages.russian",
    "zh": "languages.chinese",
    "ja": "languages.japanese",
}
_CLOSING = frozenset(" \n\"'”’)]»")


@dataclass(frozen=True, slots=True)
class Spoken:
    """What an engine is given: the text, and (start, end, IPA) for words in it whose sound is known."""

    text: str
    phonemes: tuple[tuple[int, int, str], ...] = ()


def _base(language: str) -> str:
    return language.lower().replace("_", "-").partition("-")[0]


def _rules(language: str, title: bool) -> Sequence[Rule]:
    name = _PACKS.get(language)
    if name is None:
        return other.rules(language)
    module = import_module(f"audiobook.normalization.{name}")
    rules: Sequence[Rule] = module.TITLE_RULES if title else module.RULES
    return rules


class _Writer:
    """Puts the runs of a draft together, with one space between words and none before a comma."""

    def __init__(self, tidy_run: Callable[[str], str]) -> None:
        self.parts: list[str] = []
        self.size = 0
        self.last = " "
        self.phonemes: list[tuple[int, int, str]] = []
        self.tidy_run = tidy_run

    def write(self, text: str, ipa: str = "") -> None:
        if self.last == " ":
            text = text.lstrip()
        if not text:
            return
        if self.last == " " and self.parts and text[0] in ",.;:!?" and not text[1:2].isalnum():
            self.parts[-1] = self.parts[-1][:-1]
            self.size -= 1
        if ipa:
            self.phonemes.append((self.size, self.size + len(text.rstrip()), ipa))
        self.parts.append(text)
        self.size += len(text)
        self.last = " " if text[-1].isspace() else text[-1]

    def finish(self) -> Spoken:
        text = "".join(self.parts).rstrip()
        if not any(character.isalnum() for character in text):
            return Spoken("")
        return Spoken(text, tuple(self.phonemes))


def _compose(draft: Draft, wide: bool, language: str) -> Spoken:
    if wide:
        writer = _Writer(tidy_wide)
    else:
        blank = "blank" if language == "en" else ""
        writer = _Writer(lambda run: tidy(run, blank))
    ends = _SentenceEnds(draft.text, language)
    for run, edit in draft.runs():
        if edit is None:
            writer.write(writer.tidy_run(run))
            continue
        writer.write(run, edit.ipa)
        # The stop of an abbreviation ends the sentence too where the next one begins behind it.
        if draft.text[edit.end - 1] == "." and run[-1:] not in (".", "!", "?", "") and edit.end in ends:
            writer.write(".")
    return writer.finish()


class _SentenceEnds:
    """Where sentences end, found out when somebody asks."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language
        self.places: frozenset[int] | None = None

    def __contains__(self, place: int) -> bool:
        if self.places is None:
            self.places = frozenset(end for _, end in sentences(self.text, self.language))
        while place < len(self.text) and self.text[place] in _CLOSING:
            place += 1
        return place in self.places


def spoken(
    text: str,
    language: str,
    *,
    hints: Sequence[HintSpan] = (),
    lexicon: Lexicon | None = None,
    speaker: str = "",
    handled: frozenset[str] = frozenset(),
    title: bool = False,
) -> Spoken:
    """The spoken form of a line.

    The lexicon comes first, then what the source's markup says (`hints`), then the rules of the language.
    What the engine does itself (`handled`, names of CLASSES) and what no rule has claimed is said as it is
    written, so no word is lost. The text is "" where there is nothing to say.
    """
    base = _base(language)
    wide = base in WIDE_LANGUAGES
    repaired, places = repair(text, base)
    draft = Draft(repaired)
    if lexicon is not None:
        lexicon.apply(draft, language, speaker)
    for hint in hints:
        markup.apply(draft, hint if places is None else hint.moved(places), base)
    apply_rules(draft, _rules(base, title), handled)
    return _compose(draft, wide, base)


__all__ = ["Hint", "HintSpan", "Spoken", "spoken"]
