"""What is quoted but not spoken by anybody is told apart from speech."""

from __future__ import annotations

import pytest

from audiobook.speakers.quotations import find_quotations
from audiobook.speakers.unspoken import mark_unspoken


def kinds(text: str) -> list[str]:
    spans, found = find_quotations(text)
    return [quote.kind for quote in mark_unspoken(text, spans, found)]


@pytest.mark.parametrize(
    "text",
    [
        "They called it the “Long Walk” in those days.",
        "She told them “that the boat was late,” and left.",
        "He hated the word “always” above all.",
        "The note was signed “Yours, N. F.” in green ink.",
        "He wrote this letter:\n\n“Dear Nora,\n\n“The boat is late.”",
    ],
)
def test_words_titles_signs_and_letters_are_not_spoken(text: str) -> None:
    assert set(kinds(text)) == {"other"}


@pytest.mark.parametrize(
    "text",
    [
        "“The boat is late,” said Nora.",
        "Nora said “Good morning” to him.",
        "“I would,” he said--“you know it.”",
        "She rose. “Where are they?”",
        "Then a cry of “Fire!” was heard.",
    ],
)
def test_speech_stays_speech(text: str) -> None:
    assert set(kinds(text)) == {"speech"}


def test_an_aside_in_brackets_is_the_narrators() -> None:
    text = "“Well, (smiling) I hope so.”"
    _, found = find_quotations(text)
    assert [text[q.start : q.end] for q in found] == ["“Well,", "I hope so.”"]
