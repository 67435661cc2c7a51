"""Where chapters begin, what they are called, and which parts of a book are spoken."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audiobook.book import BlockKind, Book, ChapterKind
from audiobook.parsing import from_flags
from parsing_books.epubs import EpubMaker, chapter, page

Read = Callable[..., Book]
TEXT = "The lamp burned low in the window all night long, and nobody came to put it out."
BODY = f"<p>{TEXT}</p>" * 6


def titles(book: Book) -> list[str]:
    return [one.title for one in book.chapters]


@pytest.mark.parametrize("ncx", [False, True])
def test_each_entry_of_the_contents_begins_a_chapter(read: Read, ncx: bool) -> None:
    pages = {f"p{n}.xhtml": chapter(f"Chapter {n + 1}", TEXT) for n in range(3)}
    assert titles(read(EpubMaker(pages, ncx=ncx))) == ["Chapter 1", "Chapter 2", "Chapter 3"]


@pytest.mark.parametrize(
    "anchor", ['<h2 id="{0}">{1}</h2>', '<a name="{0}"/><h2>{1}</h2>', '<h2>{1}</h2><a id="{0}"></a>']
)
def test_several_chapters_stand_in_one_file(read: Read, anchor: str) -> None:
    body = "".join(anchor.format(f"c{n}", f"Chapter {n}") + BODY for n in (1, 2, 3))
    toc = [(f"Chapter {n}", f"p.xhtml#c{n}") for n in (1, 2, 3)]
    book = read(EpubMaker({"p.xhtml": page(body)}, toc=toc))
    assert titles(book) == ["Chapter 1", "Chapter 2", "Chapter 3"]
    assert {len(one.blocks) for one in book.chapters} == {6}


def test_a_chapter_goes_on_over_several_files(read: Read) -> None:
    pages = {
        "a.xhtml": chapter("One", "First."),
        "b.xhtml": page("<p>Second.</p>"),
        "c.xhtml": chapter("Two", "Third."),
    }
    book = read(EpubMaker(pages, toc=[("One", "a.xhtml"), ("Two", "c.xhtml")]))
    assert [(one.title, one.text) for one in book.chapters] == [
        ("One", "First.\n\nSecond."),
        ("Two", "Third."),
    ]


def test_a_target_inside_a_paragraph_cuts_it_there(read: Read) -> None:
    body = '<p>First half, <a id="x"></a>second half.</p>'
    book = read(EpubMaker({"p.xhtml": page(body)}, toc=[("Start", "p.xhtml"), ("Middle", "p.xhtml#x")]))
    assert [(one.title, one.text) for one in book.chapters] == [
        ("Start", "First half,"),
        ("Middle", "second half."),
    ]


def test_entries_out_of_order_follow_the_text(read: Read) -> None:
    pages = {f"p{n}.xhtml": chapter(f"Chapter {n}", TEXT) for n in (1, 2, 3)}
    toc = [("Chapter 3", "p3.xhtml"), ("Chapter 1", "p1.xhtml"), ("Chapter 2", "p2.xhtml")]
    assert titles(read(EpubMaker(pages, toc=toc))) == ["Chapter 1", "Chapter 2", "Chapter 3"]


def test_parts_and_nested_chapters_have_levels(read: Read) -> None:
    nav = page(
        '<nav epub:type="toc"><ol><li><a href="p.xhtml">Part One</a><ol><li><a href="a.xhtml">I</a></li>'
        '<li><a href="b.xhtml">II</a></li></ol></li></ol></nav>'
    )
    pages = {
        "p.xhtml": page("<section epub:type='part'><h1>Part One</h1></section>"),
        "a.xhtml": chapter("I", TEXT),
        "b.xhtml": chapter("II", TEXT),
    }
    book = read(EpubMaker(pages, files={"OPS/nav.xhtml": nav}))
    assert [(one.title, one.level, one.kind) for one in book.chapters] == [
        ("Part One", 1, ChapterKind.PART),
        ("I", 2, ChapterKind.CHAPTER),
        ("II", 2, ChapterKind.CHAPTER),
    ]


@pytest.mark.parametrize(
    "heading", ["<h2>Chapter {0}</h2>", "<p><b>CHAPTER {1}</b></p>", "<p>{1}</p>", "<h1>{0}. The Lamp</h1>"]
)
@pytest.mark.parametrize("toc", [[], [("Start", "p.xhtml")]])
def test_headings_make_chapters_where_the_contents_do_not(
    read: Read, heading: str, toc: list[tuple[str, str]]
) -> None:
    romans = ["I", "II", "III", "IV"]
    body = "".join(heading.format(n, roman) + BODY for n, roman in enumerate(romans, 1))
    assert len(read(EpubMaker({"p.xhtml": page(body)}, toc=toc)).chapters) == 4


def test_entries_whose_place_does_not_exist_are_found_by_their_title(read: Read) -> None:
    body = "".join(f"<h2>Chapter {n}</h2>{BODY}" for n in (1, 2, 3))
    book = read(
        EpubMaker({"p.xhtml": page(body)}, toc=[(f"Chapter {n}", f"p.xhtml#no{n}") for n in (1, 2, 3)])
    )
    assert titles(book) == ["Chapter 1", "Chapter 2", "Chapter 3"]


@pytest.mark.parametrize(
    ("entry", "headings", "title", "left"),
    [
        ("Chapter I: The Storm", "<h2>CHAPTER I</h2><h3>The Storm</h3>", "Chapter I: The Storm", 0),
        ("The Storm", "<h2>The Storm</h2>", "The Storm", 0),
        ("THE STORM", "<h2>The Storm</h2>", "The Storm", 0),
        ("Chapter 1", "<h2>Chapter 1</h2><h3>The Storm</h3>", "Chapter 1. The Storm", 0),
        ("Section0001", "<h2>The Storm</h2>", "The Storm", 0),
        ("1. The Storm", "<h2>The Storm</h2>", "1. The Storm", 0),
        ("Chapter 1", "<h2>One</h2>", "Chapter 1", 0),
        ("A Calm", "<h2>The Storm</h2>", "A Calm", 1),
        ("The Storm", "<h2>Chapter One<br/>The Storm</h2>", "Chapter One. The Storm", 0),
    ],
)
def test_the_title_is_spoken_once(read: Read, entry: str, headings: str, title: str, left: int) -> None:
    book = read(
        EpubMaker(
            {"p.xhtml": page(headings + BODY), "q.xhtml": chapter("End", TEXT)},
            toc=[(entry, "p.xhtml"), ("End", "q.xhtml")],
        )
    )
    first = book.chapters[0]
    assert first.title == title
    assert sum(block.kind is BlockKind.HEADING for block in first.blocks) == left


def front_and_back() -> EpubMaker:
    """A book with everything around its chapters."""
    pages = {
        "cover.xhtml": page('<section epub:type="cover"><p>The Lamp</p></section>'),
        "titlepage.xhtml": page("<h1>The Lamp</h1><p>by Ada Quill</p>"),
        "copyright.xhtml": page(
            "<p>Copyright © 2020. All rights reserved. ISBN 1. First published 2020.</p>"
        ),
        "dedication.xhtml": page('<section epub:type="dedication"><p>For the keepers.</p></section>'),
        "p1.xhtml": chapter("Chapter 1", *[TEXT] * 30),
        "p2.xhtml": chapter("Chapter 2", *[TEXT] * 30),
        "about.xhtml": chapter("About the Author", "Ada Quill keeps a lamp."),
        "index.xhtml": chapter("Index", "lamp, 1, 2"),
    }
    toc = [
        ("Dedication", "dedication.xhtml"), ("Chapter 1", "p1.xhtml"), ("Chapter 2", "p2.xhtml"),
        ("About the Author", "about.xhtml"), ("Index", "index.xhtml"),
    ]  # fmt: skip
    return EpubMaker(pages, toc=toc)


def test_front_and_back_matter_is_spoken_by_kind(read: Read) -> None:
    book = read(front_and_back())
    assert [one.kind.value for one in book.chapters] == ["dedication", "chapter", "chapter", "about"]
    assert [part.reason for part in book.skipped] == ["cover", "titlepage", "copyright", "index"]


def test_kinds_can_be_included_and_excluded(read: Read) -> None:
    book = read(front_and_back(), from_flags(include=["index,copyright"], exclude=["dedication", "about"]))
    assert [one.kind.value for one in book.chapters] == ["copyright", "chapter", "chapter", "index"]
    assert [one.number for one in book.chapters] == [3, 5, 6, 8]


def test_back_matter_that_the_contents_do_not_list_is_a_part_of_its_own(read: Read) -> None:
    pages = {
        "p1.xhtml": chapter("Chapter 1", TEXT),
        "p2.xhtml": chapter("Chapter 2", TEXT),
        "end.xhtml": page("<h2>Index</h2><p>lamp, 1, 2</p>"),
        "more.xhtml": page("<p>stair, 3</p>"),
    }
    book = read(EpubMaker(pages, toc=[("Chapter 1", "p1.xhtml"), ("Chapter 2", "p2.xhtml")]))
    assert book.chapters[-1].text == TEXT
    assert (
        "".join(part.text for part in book.skipped if part.reason == "index") == "Index\nlamp, 1, 2stair, 3"
    )


def test_an_undeclared_list_of_contents_is_not_spoken(read: Read) -> None:
    lines = "".join(f'<p><a href="p{n}.xhtml">Chapter {n}</a></p>' for n in range(1, 6))
    pages = {"front.xhtml": page(f"<p>A word before.</p><h2>Contents</h2>{lines}")}
    pages |= {f"p{n}.xhtml": chapter(f"Chapter {n}", TEXT) for n in range(1, 6)}
    book = read(EpubMaker(pages, toc=[(f"Chapter {n}", f"p{n}.xhtml") for n in range(1, 6)]))
    assert [part.reason for part in book.skipped] == ["contents"]
    assert book.chapters[0].text == "A word before."


def test_sentences_with_links_are_no_list_of_contents(read: Read) -> None:
    lines = "".join(
        f'<p>Compare what <a href="#c{n}">chapter {n}</a> says about lamps and stairs.</p>' for n in range(6)
    )
    chapters = "".join(f'<h2 id="c{n}">Chapter {n}</h2>{BODY}' for n in range(6))
    toc = [(f"Chapter {n}", f"p.xhtml#c{n}") for n in range(6)]
    book = read(EpubMaker({"p.xhtml": page(chapters + lines)}, toc=toc))
    assert "Compare what chapter 3 says" in book.chapters[-1].text


def test_the_gutenberg_licence_is_left_out(read: Read) -> None:
    body = (
        "<p>The Project Gutenberg eBook of The Lamp</p><p>*** START OF THE PROJECT GUTENBERG EBOOK THE LAMP"
        f" ***</p><p>Produced by Some Volunteers</p><h2>Chapter 1</h2>{BODY}<h2>Chapter 2</h2>{BODY}<p>***"
        " END OF THE PROJECT GUTENBERG EBOOK THE LAMP ***</p><p>Updated editions will replace this one.</p>"
    )
    book = read(EpubMaker({"p.xhtml": page(body)}, toc=[]))
    assert titles(book) == ["Chapter 1", "Chapter 2"]
    spoken = "\n".join(one.text for one in book.chapters)
    assert "Volunteers" not in spoken and "editions" not in spoken
    assert {part.reason for part in book.skipped} == {"license"}


def test_pages_that_are_not_linear_are_listed(read: Read) -> None:
    pages = {"a.xhtml": chapter("One", TEXT), "b.xhtml": chapter("Aside", "Not in order.")}
    spine = '<itemref idref="p0"/><itemref idref="p1" linear="no"/>'
    book = read(EpubMaker(pages, toc=[("One", "a.xhtml")], spine=spine))
    assert titles(book) == ["One"]
    assert ("not in reading order", "Not in order.") in [(part.reason, part.text) for part in book.skipped]


NOTES = (
    '<p>One lamp<a epub:type="noteref" href="#n1">1</a> burned.</p><p>Two<a epub:type="noteref"'
    ' href="#n2">2</a> more.</p><section epub:type="endnotes"><ol><li id="n1" epub:type="endnote"><p>An oil'
    ' lamp. <a epub:type="backlink" href="#r1">↩</a></p></li><li id="n2" epub:type="endnote"><p>Both of'
    " brass.</p></li></ol></section>"
)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("skip", ["One lamp burned.", "Two more."]),
        ("paragraph", ["One lamp burned.", "An oil lamp.", "Two more.", "Both of brass."]),
        ("inline", ["One lamp", "An oil lamp.", "burned.", "Two", "Both of brass.", "more."]),
        ("chapter", ["One lamp burned.", "Two more.", "An oil lamp.", "Both of brass."]),
    ],
)
def test_notes_go_where_the_policy_puts_them(read: Read, policy: str, expected: list[str]) -> None:
    book = read(EpubMaker({"p.xhtml": page(NOTES)}, toc=[("Lamps", "p.xhtml")]), from_flags(notes=policy))
    assert [block.text for block in book.chapters[0].blocks] == expected
    spoken = [block.text for one in book.chapters for block in one.blocks if block.kind is BlockKind.NOTE]
    assert len(spoken) == (0 if policy == "skip" else 2)
    skipped = "\n".join(part.text for part in book.skipped if part.reason in ("notes", "note"))
    assert ("An oil lamp." in skipped) == (policy == "skip")


UNDECLARED = (
    '<p id="r1">One lamp<a href="#n1"><sup>1</sup></a> burned.</p><p>More.</p><p id="n1"><a'
    ' href="#r1">[1]</a> An oil lamp.</p>'
)


def test_what_only_looks_like_a_note_is_not_dropped_on_a_guess(read: Read) -> None:
    maker = EpubMaker({"p.xhtml": page(UNDECLARED)})
    assert read(maker).chapters[0].text == "One lamp burned.\n\nMore.\n\nAn oil lamp."
    assert read(maker, from_flags(exclude=["notes"])).chapters[0].text == "One lamp burned.\n\nMore."
    assert (
        read(maker, from_flags(notes="paragraph")).chapters[0].text
        == "One lamp burned.\n\nAn oil lamp.\n\nMore."
    )
