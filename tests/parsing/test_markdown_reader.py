"""Markdown: front matter, parts and chapters, direction, notes, and several files as one book."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from audiobook.book import Block, BlockKind, Book, ChapterKind, Hint
from audiobook.errors import BookError, StorageError
from audiobook.parsing import ReadOptions, from_flags, read_book

Read = Callable[..., Book]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def markdown(read: Read) -> Callable[..., Book]:
    def read_markdown(text: str, options: ReadOptions | None = None) -> Book:
        return read(text, options, name="book.md")

    return read_markdown


@pytest.fixture
def blocks(markdown: Read) -> Callable[..., list[Block]]:
    def blocks_of(text: str, options: ReadOptions | None = None) -> list[Block]:
        return [block for chapter in markdown(text, options).chapters for block in chapter.blocks]

    return blocks_of


FRONT = """---
title: The Lamp
subtitle: A Story
author: [Ada Quill, Tom Vale]
narrator: Una Reed
language: en-GB
series: {name: Harbour Tales, part: 2.5}
publisher: Harbour Press
date: 2021-03-04
description: >
  A lamp
  and a stair.
isbn: 978-0-306-40615-7
genre: [Fiction, Sea]
cover: cover.png
voices:
  Alice: espeak:en-gb+f3
  Bob: {voice: "espeak:en-us+m2"}
---

# One

Text.
"""


def test_front_matter_is_metadata(markdown: Read, tmp_path: Path) -> None:
    (tmp_path / "cover.png").write_bytes(PNG)
    book = markdown(FRONT)
    data = book.metadata
    assert (data.title, data.subtitle, data.authors) == ("The Lamp", "A Story", ("Ada Quill", "Tom Vale"))
    assert (data.narrators, data.language, data.publisher) == (("Una Reed",), "en-GB", "Harbour Press")
    assert (data.series, data.series_part, data.date) == ("Harbour Tales", "2.5", "2021-03-04")
    assert (data.isbn, data.genres, data.description) == (
        "9780306406157",
        ("Fiction", "Sea"),
        "A lamp and a stair.",
    )
    assert data.cover is not None and data.cover.media_type == "image/png"
    assert book.voices == (("Alice", "espeak:en-gb+f3"), ("Bob", "espeak:en-us+m2"))
    assert book.chapters[0].blocks[0].where == "line 23"


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("---\ntitle: [a\n---\n\nText.", "line 2"),
        ("---\na: &a [*a, *a]\nb: {\n---\n\nText.", "front matter"),
        ("---\ntitle: x\ncover: no.txt\n---\n\nText.", "not a JPEG"),
    ],
)
def test_broken_front_matter_is_named(markdown: Read, tmp_path: Path, front: str, message: str) -> None:
    (tmp_path / "no.txt").write_text("words")
    with pytest.raises(BookError, match=message):
        markdown(front)


def test_a_missing_cover_is_named(markdown: Read) -> None:
    with pytest.raises(StorageError, match=r"gone\.png"):
        markdown("---\ncover: gone.png\n---\n\nText.")


def test_a_rule_at_the_top_is_no_front_matter(markdown: Read) -> None:
    assert markdown("---\n\nJust words.\n\n---\n\nMore.").chapters[0].text == "Just words.\n\nMore."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\n\nx\n\n# B\n\ny", [("A", 1), ("B", 1)]),
        ("# Book\n\n## A\n\nx\n\n## B\n\ny", [("A", 1), ("B", 1)]),
        (
            "# Part One\n\n## A\n\nx\n\n## B\n\ny\n\n# Part Two\n\n## C\n\nz",
            [("Part One", 1), ("A", 2), ("B", 2), ("Part Two", 1), ("C", 2)],
        ),
        ("# A\n\nx\n\n## inner\n\ny\n\n# B\n\nz", [("A", 1), ("B", 1)]),
        ("Just words.", [("", 1)]),
        ("Before.\n\n# A\n\nx\n\n# B\n\ny", [("", 1), ("A", 1), ("B", 1)]),
    ],
)
def test_headings_are_parts_and_chapters(markdown: Read, text: str, expected: list[tuple[str, int]]) -> None:
    assert [(chapter.title, chapter.level) for chapter in markdown(text).chapters] == expected


def test_a_single_top_heading_is_the_title(markdown: Read) -> None:
    book = markdown("# The Lamp\n\n## One\n\nText.\n\n## Two\n\nText.")
    assert book.metadata.title == "The Lamp"
    assert [part.reason for part in book.skipped] == ["titlepage"]


def test_matter_is_told_by_its_heading(markdown: Read) -> None:
    book = markdown("# Dedication\n\nFor you.\n\n# One\n\nText.\n\n# Index\n\nlamp, 1")
    assert [chapter.kind for chapter in book.chapters] == [ChapterKind.DEDICATION, ChapterKind.CHAPTER]


def test_comments_are_direction(blocks: Callable[..., list[Block]]) -> None:
    found = blocks(
        "First.\n\n<!-- voice: Alice -->\n<!-- style: whispering -->\n\n“Yes.”\n\nNobody.\n\n<!-- pause:"
        " 1500ms -->\n\n<!-- voice begin: Bob -->\n\nOne.\n\nTwo.\n\n<!-- voice end -->\n\nThree. <!-- a note"
        " to myself -->"
    )
    assert [(block.text, block.speaker, block.style, block.seconds) for block in found] == [
        ("First.", "", "", 0.0),
        ("“Yes.”", "Alice", "whispering", 0.0),
        ("Nobody.", "", "", 0.0),
        ("", "", "", 1.5),
        ("One.", "Bob", "", 0.0),
        ("Two.", "Bob", "", 0.0),
        ("Three.", "", "", 0.0),
    ]


def test_a_comment_inside_a_paragraph_directs_that_paragraph(blocks: Callable[..., list[Block]]) -> None:
    assert blocks("<!-- voice: Alice --> “Yes.”\n\nNo.")[0].speaker == "Alice"


def test_an_odd_pause_is_a_warning(markdown: Read) -> None:
    assert "line 1" in markdown("<!-- pause: long -->\n\nText.").warnings[0]


def test_blocks_have_their_kind(blocks: Callable[..., list[Block]]) -> None:
    found = blocks(
        "> Quoted.\n\n- one\n- two\n  - deep\n\n```\ncode here\n```\n\n| A | B |\n|---|---|\n| x | y |\n\n"
        "Low burns the lamp  \nand high the sea\n\nBefore the break.\n\n***\n\nAfter the break.\n"
    )
    assert [(block.kind, block.text) for block in found] == [
        (BlockKind.QUOTATION, "Quoted."),
        (BlockKind.LIST_ITEM, "one"),
        (BlockKind.LIST_ITEM, "two"),
        (BlockKind.LIST_ITEM, "deep"),
        (BlockKind.CODE, "code here"),
        (BlockKind.TABLE_ROW, "A, B"),
        (BlockKind.TABLE_ROW, "x, y"),
        (BlockKind.VERSE, "Low burns the lamp\nand high the sea"),
        (BlockKind.PARAGRAPH, "Before the break."),
        (BlockKind.SCENE_BREAK, ""),
        (BlockKind.PARAGRAPH, "After the break."),
    ]


def test_inline_marks_become_hints_and_soft_breaks_spaces(blocks: Callable[..., list[Block]]) -> None:
    spans = blocks("A *small*\nlamp, `x = 1`, [a link](http://example.org) &amp; **more**.")[0].spans
    assert [(span.text, span.hint) for span in spans if span.hint] == [
        ("small", Hint.EMPHASIS),
        ("x = 1", Hint.VERBATIM),
        ("more", Hint.EMPHASIS),
    ]
    assert "".join(span.text for span in spans) == "A small lamp, x = 1, a link & more."


def test_html_inside_markdown_is_read_as_a_page(blocks: Callable[..., list[Block]]) -> None:
    assert [block.text for block in blocks("<div><p>Inside.</p><script>x</script></div>\n\nOutside.")] == [
        "Inside.",
        "Outside.",
    ]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("skip", ["A lamp here.", "More."]),
        ("inline", ["A lamp", "Of brass.", "here.", "More."]),
        ("chapter", ["A lamp here.", "More.", "Of brass."]),
    ],
)
def test_footnotes_follow_the_policy(
    blocks: Callable[..., list[Block]], policy: str, expected: list[str]
) -> None:
    found = blocks("A lamp[^1] here.\n\nMore.\n\n[^1]: Of brass.\n", from_flags(notes=policy))
    assert [block.text for block in found] == expected


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name, text in {
        "10.md": "# Ten\n\nx",
        "2.md": "# Two\n\ny",
        "README.md": "# No\n\nz",
        "1.md": "---\ntitle: Lamp\n---\n# One\n\nw",
    }.items():
        (tmp_path / name).write_text(text)
    book = read_book(tmp_path)
    assert [chapter.title for chapter in book.chapters] == ["One", "Two", "Ten"]
    assert (book.metadata.title, book.chapters[1].where) == ("Lamp", "2.md:1")


def test_a_zip_of_markdown_brings_its_cover(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("book/1.md", "---\ntitle: Lamp\ncover: c.png\n---\n# One\n\nx")
        archive.writestr("book/2.md", "# Two\n\ny")
        archive.writestr("book/c.png", PNG)
    path = tmp_path / "book.zip"
    path.write_bytes(buffer.getvalue())
    book = read_book(path)
    assert [chapter.title for chapter in book.chapters] == ["One", "Two"]
    assert book.metadata.cover is not None


def test_a_folder_without_markdown_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="no Markdown"):
        read_book(tmp_path)
