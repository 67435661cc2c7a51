"""What the source's own markup says about the reading of a run of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from audiobook.book import Hint
from audiobook.normalization import roman
from audiobook.normalization.draft import Draft
from audiobook.normalization.numerals import in_context


@dataclass(frozen=True, slots=True)
class HintSpan:
    """`text[start:end]` and what is known of it."""

    start: int
    end: int
    hint: Hint = Hint.NONE
    phonemes: str = ""
    alias: str = ""
    language: str = ""

    def moved(self, places: Sequence[int]) -> HintSpan:
        """The same span in the repaired text."""
        last = len(places) - 1
        return replace(self, start=places[min(self.start, last)], end=places[min(self.end, last)])


def _letters(text: str) -> str:
    return " ".join(character for character in text if character.isalnum())


def apply(draft: Draft, span: HintSpan, language: str) -> None:
    """Claim the run as the markup wants it read; where it says nothing certain the rules decide."""
    start, end = max(0, span.start), min(len(draft.text), span.end)
    written = draft.text[start:end]
    if not written.strip():
        return
    if span.phonemes:
        draft.put(start, end, written, span.phonemes)
    elif span.alias:
        draft.put(start, end, span.alias)
    elif span.hint == Hint.VERBATIM:
        draft.keep(start, end)
    elif span.hint in (Hint.INITIALISM, Hint.INITIALS):
        _spell(draft, start, end)
    elif span.hint in (Hint.ROMAN, Hint.ORDINAL, Hint.CARDINAL):
        _number(draft, span, start, end, language)


def _spell(draft: Draft, start: int, end: int) -> None:
    written = draft.text[start:end]
    if not written.replace(".", "").replace(" ", "").isalpha():
        return
    draft.put(start, end, _letters(written))


def _number(draft: Draft, span: HintSpan, start: int, end: int, language: str) -> None:
    written = draft.text[start:end]
    figures = written.strip(" .")
    number = roman.value(figures) if span.hint == Hint.ROMAN else 0
    if figures.isdecimal() and len(figures) < 10:
        number = int(figures)
    if number:
        words = in_context(number, language, draft.text[:start], as_ordinal=span.hint == Hint.ORDINAL)
        draft.put(start, end, words)
