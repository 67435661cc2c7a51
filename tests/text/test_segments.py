"""Pieces tile a paragraph, keep to the limits and part where the speaker changes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.segmentation import Cut, Piece, SegmentLimits, segments
from audiobook.segmentation.characters import grapheme_start, speakable

WORDS = st.sampled_from(
    [
        "the",
        "cat",
        "and",
        "Mr.",
        "Hale",
        "J.",
        "P.",
        "No.",
        "7",
        "said,",
        "that;",
        "it",
        "—",
        "was:",
        "not",
        "so.",
        "Why?",
        "Yes!",
        "12,000",
        "£3",
        "(",
        ")",
        "…",
        ".",
        ".",
        ".",
        "“Oh”",
        "‘no’",
        "中文。",
        "，は",
        "é",
    ]
)
TEXTS = st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=120)
LIMITS = st.builds(
    SegmentLimits,
    characters=st.integers(1, 80),
    characters_cjk=st.integers(1, 40),
    shortest=st.integers(0, 30),
    target=st.integers(0, 100),
)
CUTS = st.lists(
    st.builds(
        Cut,
        st.integers(0, 120),
        st.integers(0, 120),
        st.sampled_from(["Ann", "Bob", ""]),
        st.just(""),
        st.just("speech"),
    ),
    max_size=4,
)
WIDE = SegmentLimits(characters=1000, characters_cjk=1000, shortest=0)


def texts(text: str, pieces: list[Piece]) -> list[str]:
    return [text[piece.start : piece.end] for piece in pieces]


def cut(text: str, limit: int, language: str = "en") -> list[str]:
    limits = SegmentLimits(characters=limit, characters_cjk=limit, shortest=0)
    return texts(text, segments(text, language, limits, ()))


@given(TEXTS, LIMITS, CUTS)
def test_pieces_tile_the_text_exactly(text: str, limits: SegmentLimits, cuts: list[Cut]) -> None:
    assert "".join(texts(text, segments(text, "en", limits, cuts))) == text


@given(TEXTS, LIMITS, CUTS)
def test_no_piece_is_longer_than_the_limit(text: str, limits: SegmentLimits, cuts: list[Cut]) -> None:
    for piece in texts(text, segments(text, "en", limits, cuts)):
        if speakable(piece):
            assert limits.length(piece.strip()) <= max(limits.characters, limits.wide)


@given(TEXTS, CUTS)
def test_no_piece_has_words_of_two_speakers(text: str, cuts: list[Cut]) -> None:
    owner = [""] * len(text)
    place = 0
    for one in sorted(cuts, key=lambda one: (one.start, -one.end)):
        for index in range(max(place, one.start), min(len(text), one.end)):
            owner[index] = f"{one.speaker}/{one.kind}"
        place = (
            max(place, min(len(text), one.end)) if max(place, one.start) < min(len(text), one.end) else place
        )
    for piece in segments(text, "en", WIDE, cuts):
        owners = {owner[index] for index in range(piece.start, piece.end) if text[index].isalnum()}
        assert owners <= {f"{piece.speaker}/{piece.kind}" if piece.kind else ""}


def test_speech_and_its_tag_are_pieces_of_their_own() -> None:
    text = "“Come in,” said Ann, “and shut the door.” He did."
    cuts = [Cut(0, 10, "Ann", "warmly", "speech"), Cut(21, 41, "Ann", "warmly", "speech")]
    pieces = segments(text, "en", SegmentLimits(), cuts)
    assert texts(text, pieces) == ["“Come in,” ", "said Ann, ", "“and shut the door.” ", "He did."]
    assert [(piece.speaker, piece.style, piece.kind) for piece in pieces] == [
        ("Ann", "warmly", "speech"),
        ("", "", ""),
        ("Ann", "warmly", "speech"),
        ("", "", ""),
    ]


def test_a_comma_between_two_speeches_is_nobodys_line() -> None:
    text = "“Yes”, “no” — “perhaps”"
    cuts = [Cut(0, 5, "Ann"), Cut(7, 11, "Bob"), Cut(14, 23, "Ann")]
    assert texts(text, segments(text, "en", WIDE, cuts)) == ["“Yes”, ", "“no” — ", "“perhaps”"]


def test_of_two_cuts_that_overlap_the_first_keeps_its_ground() -> None:
    pieces = segments("one two three", "en", WIDE, [Cut(4, 13, "Bob"), Cut(0, 8, "Ann")])
    assert [(piece.start, piece.end, piece.speaker) for piece in pieces] == [(0, 8, "Ann"), (8, 13, "Bob")]


def test_short_sentences_join_and_long_ones_do_not() -> None:
    text = "No. Not yet. She had waited for the ferry since the middle of the morning. Then it came."
    limits = SegmentLimits(shortest=20, target=80)
    assert texts(text, segments(text, "en", limits, ())) == [
        "No. Not yet. She had waited for the ferry since the middle of the morning. ",
        "Then it came.",
    ]


def test_a_short_sentence_does_not_join_over_a_change_of_speaker() -> None:
    text = "“No.” He left."
    assert len(segments(text, "en", SegmentLimits(shortest=50), [Cut(0, 5, "Ann")])) == 2


def test_each_line_of_verse_is_a_piece() -> None:
    text = "The sea is deep,\nthe sky is low.\nNo bell.\nThe end"
    assert texts(text, segments(text, "en", SegmentLimits(shortest=40), ())) == [
        "The sea is deep,\n",
        "the sky is low.\n",
        "No bell.\n",
        "The end",
    ]


def test_a_long_sentence_is_cut_at_a_clause() -> None:
    text = (
        "The ferry was late again, and nobody on the quay knew why; the old men smoked, the children slept."
    )
    assert cut(text, 60) == [
        "The ferry was late again, and nobody on the quay knew why; ",
        "the old men smoked, the children slept.",
    ]


def test_without_clauses_it_is_cut_between_words() -> None:
    parts = cut("a string of words that has no comma anywhere in it at all", 20)
    assert all(len(part.rstrip()) <= 20 for part in parts)
    assert all(part.endswith(" ") for part in parts[:-1])


@pytest.mark.parametrize(
    "bound",
    [
        "Mr. Hale",
        "J. P. Tarrant",
        "No. 7",
        "12 000",
        "3.14",
        "£3 4s. 6d.",
        ". . .",
        "p. 12",
        "vol. ii",
        "e.g. this",
    ],
)
def test_what_belongs_together_is_not_torn(bound: str) -> None:
    for before in range(18, 40):
        text = f"{'word ' * (before // 5)}{'x' * (before % 5)} {bound} and more words to follow without end"
        parts = cut(text, 40)
        assert "".join(parts) == text
        assert any(bound in part for part in parts), parts


def test_text_without_spaces_is_cut_between_visible_characters() -> None:
    assert cut("x" * 10, 4) == ["xxxx", "xxxx", "xx"]
    for cluster in ("e\u0301", "👩\u200d🚀"):
        for part in cut(cluster * 30, 10):
            assert not unicodedata.combining(part[0])
            assert part[0] != "\u200d" and part[-1] != "\u200d"


def test_a_run_of_marks_that_nobody_writes_is_cut_all_the_same() -> None:
    assert grapheme_start("a" + "\u0301" * 100, 80, 0) == 80
    assert max(map(len, cut("\u0301" * 100 + "a", 20))) <= 20


def test_chinese_has_a_limit_of_its_own() -> None:
    text = "她走到海边，风很大，浪很高；没有船，也没有人，只有一盏灯在很远的地方亮着，一会儿明，一会儿暗。"
    limits = SegmentLimits(characters=300, characters_cjk=20, shortest=0)
    parts = texts(text, segments(text, "zh", limits, ()))
    assert all(len(part) <= 20 for part in parts)
    assert all(part[-1] in "，；。" for part in parts)


def test_mixed_text_is_measured_by_share() -> None:
    limits = SegmentLimits(characters=100, characters_cjk=25)
    assert limits.length("中中中中中") == 20
    assert limits.length("abc  ") == 3


def test_limits_need_room_for_a_character() -> None:
    with pytest.raises(ValueError, match="room"):
        SegmentLimits(characters=0)


def test_a_paragraph_of_spaces_and_an_empty_one() -> None:
    assert segments("", "en", WIDE, ()) == []
    assert segments("  ", "en", WIDE, ()) == [Piece(0, 2)]
    assert segments("* * *", "en", WIDE, ()) == [Piece(0, 5)]
