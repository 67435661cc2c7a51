"""Plain text: what was typed for a screen becomes chapters, paragraphs and verse."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audiobook.book import Block, BlockKind, Book, Hint
from audiobook.errors import BookError
from audiobook.parsing import from_flags

Read = Callable[..., Book]
WRAPPED = (
    "The lamp burned low in the window all night long, and nobody came to\nput it out before the morning."
)
PARAGRAPH = WRAPPED.replace("\n", " ")


@pytest.fixture
def text(read: Read) -> Callable[..., Book]:
    def read_text(content: str | bytes, **options: str) -> Book:
        return read(content, from_flags(**options), name="the_lamp.txt")

    return read_text


def blocks(book: Book) -> list[Block]:
    return [block for chapter in book.chapters for block in chapter.blocks]


def test_wrapped_lines_are_joined(text: Read) -> None:
    assert [block.text for block in blocks(text(f"{WRAPPED}\n\n{WRAPPED}\n"))] == [PARAGRAPH, PARAGRAPH]


def test_long_lines_are_paragraphs_of_their_own(text: Read) -> None:
    line = PARAGRAPH + " " + PARAGRAPH
    assert [block.text for block in blocks(text(f"{line}\n{line}\n{line}\n"))] == [line] * 3


def test_indented_paragraphs_are_told_apart(text: Read) -> None:
    content = "".join(f"    {WRAPPED}\n" for _ in range(20))
    assert [block.text for block in blocks(text(content))] == [PARAGRAPH] * 20


@pytest.mark.parametrize(
    "headings",
    [
        ["CHAPTER I", "CHAPTER II", "CHAPTER III"],
        ["Chapter One: The Lamp", "Chapter Two: The Stair", "Chapter Three: The Sea"],
        ["I", "II", "III"],
        ["1.", "2.", "3."],
        ["THE LAMP", "THE STAIR", "THE SEA"],
        ["第一章 灯", "第二章 海", "第三章 山"],
        ["Kapitel 1", "Kapitel 2", "Kapitel 3"],
    ],
)
def test_headings_are_found(text: Read, headings: list[str]) -> None:
    content = "".join(f"\n\n\n{heading}\n\n{WRAPPED}\n\n{WRAPPED}\n" for heading in headings)
    assert [chapter.title for chapter in text(content).chapters] == headings


def test_parts_hold_chapters(text: Read) -> None:
    content = "".join(
        f"\n\n\nPART {part}\n\n\nCHAPTER I\n\n{WRAPPED}\n\n\nCHAPTER II\n\n{WRAPPED}\n"
        for part in ("ONE", "TWO")
    )
    found = [(chapter.title, chapter.level) for chapter in text(content).chapters]
    assert found == [
        ("PART ONE", 1),
        ("CHAPTER I", 2),
        ("CHAPTER II", 2),
        ("PART TWO", 1),
        ("CHAPTER I", 2),
        ("CHAPTER II", 2),
    ]


def test_a_sentence_that_begins_like_a_heading_is_none(text: Read) -> None:
    assert (
        len(text(f"Chapter two was found on the stair.\n\n{WRAPPED}\n\nPart one of it burned.\n").chapters)
        == 1
    )


def test_a_list_of_contents_is_left_out(text: Read) -> None:
    names = [f"CHAPTER {roman}" for roman in ("I", "II", "III", "IV", "V", "VI")]
    content = (
        "CONTENTS\n\n" + "\n\n".join(names) + "\n\n" + "".join(f"\n\n{name}\n\n{WRAPPED}\n" for name in names)
    )
    book = text(content)
    assert [chapter.title for chapter in book.chapters] == names
    assert "contents" in {part.reason for part in book.skipped}


def test_underscores_are_italics(text: Read) -> None:
    spans = blocks(text(f"It was _very late_ for snake_case_names.\n\n{WRAPPED}\n"))[0].spans
    assert [(span.text, span.hint) for span in spans] == [
        ("It was ", Hint.NONE),
        ("very late", Hint.EMPHASIS),
        (" for snake_case_names.", Hint.NONE),
    ]


def test_verse_keeps_its_lines(text: Read) -> None:
    found = blocks(text(f"{WRAPPED}\n\n    Low burns the lamp\n    And high the sea\n\n{WRAPPED}\n"))
    assert (found[1].kind, found[1].text) == (BlockKind.VERSE, "Low burns the lamp\nAnd high the sea")


def test_scene_breaks_are_found(text: Read) -> None:
    found = blocks(text(f"{WRAPPED}\n\n     *     *     *\n\n{WRAPPED}\n"))
    assert [block.kind for block in found] == [
        BlockKind.PARAGRAPH,
        BlockKind.SCENE_BREAK,
        BlockKind.PARAGRAPH,
    ]


GUTENBERG = f"""The Project Gutenberg eBook of The Lamp

Title: The Lamp
        and the Stair
Author: Ada Quill
Language: English

*** START OF THE PROJECT GUTENBERG EBOOK THE LAMP ***

Produced by Some Volunteers

CHAPTER I

{WRAPPED}[1] [Illustration: A lamp]

[Footnote 1: Of brass.]

CHAPTER II

{{12}}{WRAPPED}

*** END OF THE PROJECT GUTENBERG EBOOK THE LAMP ***

Updated editions will replace this one.
"""


def test_project_gutenberg_frames_are_taken_off(text: Read) -> None:
    book = text(GUTENBERG)
    assert (book.metadata.title, book.metadata.authors, book.metadata.language) == (
        "The Lamp and the Stair",
        ("Ada Quill",),
        "en",
    )
    assert [chapter.title for chapter in book.chapters] == ["CHAPTER I", "CHAPTER II"]
    assert [block.text for block in blocks(book)] == [PARAGRAPH, PARAGRAPH]
    assert {"license", "note mark", "note", "page number", "image"} <= {part.reason for part in book.skipped}


def test_footnotes_follow_the_policy(text: Read) -> None:
    assert "Of brass." in [block.text for block in blocks(text(GUTENBERG, notes="paragraph"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings_are_recognized(text: Read, encoding: str) -> None:
    words = "“Café”, said she, and the lamp burned low. " * 3
    assert blocks(text(words.encode(encoding)))[0].text == words.strip()


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("gb18030", "灯在窗前亮了一整夜，没有人来把它熄灭。海上起了风，楼梯很冷。" * 8),
        ("shift_jis", "ランプは一晩中窓辺で燃えていた。誰も消しに来なかった。海は静かだった。" * 8),
        ("cp1251", "Лампа горела в окне всю ночь, и никто не пришёл её погасить. Море было тихим. " * 8),
    ],
)
def test_old_encodings_are_told_by_their_letters(text: Read, encoding: str, words: str) -> None:
    assert blocks(text(words.encode(encoding)))[0].text == words.strip()


def test_title_and_author_stand_at_the_top(text: Read) -> None:
    data = text(
        f"The Lamp\n\nby Ada Quill\n\n\nCHAPTER I\n\n{WRAPPED}\n\n\nCHAPTER II\n\n{WRAPPED}\n"
    ).metadata
    assert (data.title, data.authors) == ("The Lamp", ("Ada Quill",))


def test_without_any_title_the_file_gives_it(text: Read) -> None:
    assert text(WRAPPED).metadata.title == "the lamp"


@pytest.mark.parametrize(
    "content", [b"", b"   \n \n", b"\x00\x01\x02" * 100, b"\x7fELF" + bytes(range(256)) * 4]
)
def test_what_is_no_text_is_refused(text: Read, content: bytes) -> None:
    with pytest.raises(BookError):
        text(content)
