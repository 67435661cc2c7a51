"""Comparing what was heard with what was to be said, and asking for other recordings of a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.pipeline.hearing import Score, compare, distance, plain, tokens
from audiobook.pipeline.retaking import Tries, bare, ordinal, with_ordinal, with_ordinals
from audiobook.script import Line, Paragraph, Pause, SceneBreak, ScriptChapter, format_chapter, parse_chapter

words = st.lists(st.sampled_from("abc"), max_size=8)
LINE = Line("The lamp went out.", "Ada", "softly", (("kind", "thought"),))


@given(words, words)
def test_a_distance_is_the_same_both_ways_and_within_its_bounds(one: list[str], other: list[str]) -> None:
    found = distance(one, other)
    assert found == distance(other, one)
    assert abs(len(one) - len(other)) <= found <= max(len(one), len(other))
    assert (found == 0) == (one == other)


@given(words, words, words)
def test_no_way_round_is_shorter(one: list[str], other: list[str], third: list[str]) -> None:
    assert distance(one, third) <= distance(one, other) + distance(other, third)


@pytest.mark.parametrize(
    ("said", "heard", "language"),
    [
        ("Twenty-one lamps were lit.", "21 lamps were lit", "en"),
        ("It's any one of them.", "<|en|><|NEUTRAL|>its anyone of them 😊", "en"),
        ("THE LAMP", "the  lamp!", "en"),
        ("灯灭了。", "灯 灭 了", "zh"),
        ("Good.", "good", ""),
    ],
)
def test_what_sounds_the_same_is_no_error(said: str, heard: str, language: str) -> None:
    assert compare(said, heard, language).errors == 0


@pytest.mark.parametrize(
    ("said", "heard", "language", "errors", "length"),
    [
        ("The lamp went out.", "the lamb went", "en", 2, 4),
        ("The lamp went out.", "", "en", 4, 4),
        ("灯灭了", "灯没了", "zh-CN", 1, 3),
        ("", "thank you", "en", 2, 0),
    ],
)
def test_errors_are_counted(said: str, heard: str, language: str, errors: int, length: int) -> None:
    assert compare(said, heard, language) == Score(errors, length)


def test_one_odd_word_of_a_longer_line_is_no_reason_to_listen() -> None:
    assert not Score(1, 3).bad(0.1)
    assert Score(1, 2).bad(0.1)
    assert Score(2, 10).bad(0.1)
    assert not Score(2, 20).bad(0.1)


def test_tags_and_pictures_of_a_recognizer_are_no_words() -> None:
    assert plain("<|zh|>🎼 good\ufe0f  day") == "good day"
    assert tokens("<|en|>Don’t 👏", "en") == ["dont"]


@given(st.integers(0, 99))
def test_a_line_says_which_recording_it_wants(number: int) -> None:
    asked = with_ordinal(LINE, number)
    chapter = ScriptChapter(None, (Paragraph((asked,)),))
    assert ordinal(next(parse_chapter(format_chapter(chapter)).lines())) == number
    assert bare(asked) == LINE
    assert (asked == LINE) == (number == 0)


def test_an_ordinal_that_is_no_number_is_the_first() -> None:
    assert ordinal(Line("Well.", attributes=(("take", "x"),))) == 0


def test_equal_lines_everywhere_get_the_same_recording_and_others_none() -> None:
    other = Line("Nobody came.")
    chapter = ScriptChapter(LINE, (Paragraph((other, with_ordinal(LINE, 1))), SceneBreak(), Pause(1)))
    changed = with_ordinals({"1.txt": chapter}, {LINE: 2})["1.txt"]
    assert [ordinal(line) for line in changed.lines()] == [2, 0, 2]
    assert changed.items[1:] == chapter.items[1:]
    assert with_ordinals({"1.txt": chapter}, {}) == {"1.txt": chapter}


def test_the_best_recording_is_the_earliest_of_equals() -> None:
    tries = Tries({LINE: {2: 0.1, 0: 0.5, 1: 0.1}})
    assert tries.best() == {LINE: 1}
    assert tries.next([LINE]) == {LINE: 3}
