"""Sentences end where a reader stops."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from se_decisions import decisions_of

from audiobook.segmentation import sentences

LANGUAGES = ["en", "de", "fr", "es", "ru", "zh", "ja", "en-GB", "pt_BR", "xx", ""]
MARKS = st.text(alphabet=".!?…。！？ \n“”‘’\"'«»()[]—,;AaIxZ1é中あЯ\u2060\u00a0", max_size=60)
Golden = Callable[[str], list[tuple[str, str]]]


def split(text: str, language: str) -> str:
    return "|".join(text[start:end] for start, end in sentences(text, language))


def test_every_golden_line_is_split_where_it_is_marked(golden: Golden) -> None:
    lines = golden("sentences.txt")
    wrong = {line: got for language, line in lines if (got := split(line.replace("|", ""), language)) != line}
    assert wrong == {}
    assert len(lines) >= 150


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_chinese_and_japanese_boundaries_are_found(golden: Golden, language: str) -> None:
    lines = [line for tag, line in golden("sentences.txt") if tag == language]
    right = sum(split(line.replace("|", ""), language) == line for line in lines)
    assert right / len(lines) >= 0.99


@given(text=MARKS | st.text(max_size=80), language=st.sampled_from(LANGUAGES))
def test_sentences_tile_any_text(text: str, language: str) -> None:
    found = sentences(text, language)
    assert "".join(text[start:end] for start, end in found) == text
    assert all(start < end for start, end in found)


@given(text=MARKS, language=st.sampled_from(LANGUAGES))
def test_white_space_goes_with_the_sentence_before(text: str, language: str) -> None:
    for start, _ in sentences(text, language)[1:]:
        assert not text[start].isspace()


@given(st.lists(st.sampled_from(["He went out.", "Nobody spoke!", "Why not?", "“It is late.”"]), min_size=1))
def test_plain_sentences_are_found_in_any_order(parts: list[str]) -> None:
    assert split(" ".join(parts), "en") == " |".join(parts)


def test_an_empty_line_ends_a_sentence_and_a_line_of_verse_does_not() -> None:
    assert split("The sea\nis deep and\n\nthe sky is low", "en") == "The sea\nis deep and\n\n|the sky is low"


def test_nothing_is_nothing() -> None:
    assert sentences("", "en") == []
    assert sentences("  \n ", "en") == [(0, 4)]


def test_word_joiners_do_not_hide_a_boundary() -> None:
    assert split("It ended.\u2060” She left.", "en") == "It ended.\u2060” |She left."
    assert split("“ ‘It ended.’ ” She left. ’ ”", "en") == "“ ‘It ended.’ ” |She left. ’ ”"
    assert split("“\u200a‘It ended.’\u200a” She left.", "en") == "“\u200a‘It ended.’\u200a” |She left."


PATHOLOGICAL = {
    "dots": ".",
    "spaced dots": ". ",
    "initials": "A. ",
    "glued initials": "A.",
    "titles": "Mr. ",
    "closing quotes": "”",
    "opening quotes": "“",
    "dots and quotes": '."',
    "spaces": " ",
    "no spaces": "a",
    "numbers": "1.",
    "note marks": "[1]",
    "dashes": "—”",
    "newlines": "\n",
    "Chinese": "好",
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_time_grows_with_length_alone(name: str) -> None:
    part = PATHOLOGICAL[name]
    text = part * (200_000 // len(part))
    before = time.process_time()
    sentences(text, "en")
    assert (
        time.process_time() - before < 1.0
    )  # a megabyte takes less on a quiet machine; quadratic takes hours


@pytest.mark.corpus
@pytest.mark.slow
def test_standard_ebooks_decisions_are_met(corpus: Path) -> None:
    """The editors' marks of abbreviations that end sentences, and boundaries that nobody doubts."""
    right: Counter[bool] = Counter()
    starts: dict[str, set[int]] = {}
    for path in sorted(corpus.glob("se-*.epub")):
        for decision in decisions_of(path):
            if decision.text not in starts:
                starts[decision.text] = {start for start, _ in sentences(decision.text, "en")}
            right[(decision.place in starts[decision.text]) == decision.ends] += 1
    assert right.total() > 8000
    assert right[True] / right.total() >= 0.997


@settings(max_examples=50)
@given(
    words=st.lists(
        st.sampled_from(
            [
                "Mr.",
                "Mrs.",
                "Dr.",
                "J.",
                "K.",
                "No.",
                "7",
                "p.",
                "m.",
                "etc.",
                "U.S.",
                "he",
                "The",
                "St.",
                "£3",
                "4s.",
                "6d.",
                "i.e.",
                "vs.",
            ]
        )
    )
)
def test_abbreviations_in_any_order_never_break_the_tiling(words: list[str]) -> None:
    text = " ".join(words)
    assert split(text, "en").replace("|", "") == text
