"""Words of a style become what espeak-ng can do, and add up."""

from __future__ import annotations

import pytest

from audiobook.engines.espeak_styles import Manner, manner_of


@pytest.mark.parametrize("style", ["", "ironically", "warm", "a broadcaster's voice"])
def test_what_it_cannot_show_is_plain_speech(style: str) -> None:
    assert manner_of(style) == Manner()


@pytest.mark.parametrize("style", ["whispering", "Whispered", "in a whisper", "under her breath"])
def test_every_form_of_a_word_asks_for_the_same(style: str) -> None:
    assert manner_of(style).whisper


def test_two_words_add_up() -> None:
    both = manner_of("slowly, sadly")
    assert both.speed == pytest.approx(manner_of("slowly").speed * manner_of("sadly").speed)
    assert both.range == manner_of("slowly").range + manner_of("sadly").range


@pytest.mark.parametrize(("louder", "softer"), [("shouting", "murmuring"), ("roaring", "quietly")])
def test_loud_is_louder_than_soft(louder: str, softer: str) -> None:
    assert manner_of(louder).gain > 0 > manner_of(softer).gain


def test_words_inside_words_ask_for_nothing() -> None:
    assert manner_of("steadfastly") == Manner()
