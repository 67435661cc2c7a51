"""The script format: what is written is read back, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.errors import ScriptError
from audiobook.script import (
    Line,
    Paragraph,
    Pause,
    SceneBreak,
    ScriptChapter,
    file_name,
    fold,
    format_chapter,
    parse_chapter,
)

awkward = st.text(st.sampled_from(list('ab [](){}|@=#*\\"“”—\n\t\u00a0\u2028\x85\x00é水😀'))) | st.text()
written = awkward.map(fold).filter(bool)
words = st.text(st.sampled_from("abz019-_ \\]|@=é")).map(fold).filter(bool)
attributes = st.lists(st.tuples(st.sampled_from(["lang", "take", "kind"]), words), max_size=2).map(tuple)
lines = st.builds(Line, written, awkward, awkward, attributes)
paragraphs = st.builds(Paragraph, st.lists(lines, min_size=1, max_size=4).map(tuple))
headings = st.builds(lambda line, level: Paragraph((line,), level), lines, st.integers(2, 6))
items = paragraphs | headings | st.just(SceneBreak()) | st.builds(Pause, st.floats(0, 3600))
chapters = st.builds(ScriptChapter, st.none() | lines, st.lists(items, max_size=6).map(tuple))


@given(chapters)
def test_a_chapter_is_read_back_as_it_was_written(chapter: ScriptChapter) -> None:
    text = format_chapter(chapter)
    assert parse_chapter(text) == chapter
    assert format_chapter(parse_chapter(text)) == text


def test_the_example_of_the_documentation() -> None:
    chapter = parse_chapter(
        "# Chapter I\n\nAlice sat.\n[Alice | whispering @kind=thought] “What use?”\n\n* * *\n\n"
        "## Later\n\n[| @lang=fr] Bonjour.\n\n[pause 2.5s]\n\n\\[sic] \\# no mark\n"
    )
    assert chapter == ScriptChapter(
        Line("Chapter I"),
        (
            Paragraph(
                (
                    Line("Alice sat."),
                    Line("“What use?”", "Alice", "whispering", (("kind", "thought"),)),
                )
            ),
            SceneBreak(),
            Paragraph((Line("Later"),), 2),
            Paragraph((Line("Bonjour.", attributes=(("lang", "fr"),)),)),
            Pause(2.5),
            Paragraph((Line("[sic] \\# no mark"),)),
        ),
    )
    assert [line.text for line in chapter.lines()][:2] == ["Chapter I", "Alice sat."]


def test_hand_edited_files_may_be_untidy() -> None:
    assert parse_chapter("\ufeff#  One \r\n\r\n\r\n  a  b \r\n[ Bob|shy ]  c\r\n") == ScriptChapter(
        Line("One"), (Paragraph((Line("a b"), Line("c", "Bob", "shy"))),)
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("ok\n[Alice", "line 2: “[” without"),
        ("[Alice]", "line 1: a speaker without a text"),
        ("[Alice | @take] x", "line 1: not an attribute: @take"),
        ("# A\n\n# B", "line 3: a second title"),
        ("[pause 9999s]", "line 1: a pause lasts"),
    ],
)
def test_a_line_that_does_not_parse_is_named(text: str, complaint: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse_chapter(text, "003-x.txt")
    assert "003-x.txt" in caught.value.message
    assert complaint in caught.value.message


@given(st.integers(1, 5000), st.text())
def test_file_names_are_safe_everywhere(number: int, title: str) -> None:
    name = file_name(number, title)
    assert len(name.encode()) <= 100
    assert not set(name) & set('/\\:*?"<>|\n\0')
    assert name.endswith(".txt")
