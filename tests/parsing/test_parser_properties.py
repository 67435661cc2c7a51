"""Nothing is lost, nothing is said twice, and the order is kept: for any book that can be generated."""

from __future__ import annotations

import tempfile
from collections import Counter
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobook.book import BlockKind, Book
from audiobook.errors import BookError
from audiobook.parsing import ReadOptions, from_flags, read_book
from audiobook.parsing.flow import Run, fold_runs
from audiobook.parsing.weaver import LINE
from parsing_books.epubs import EpubMaker, page

WORDS = [
    "lamp",
    "harbour",
    "winter",
    "letter",
    "window",
    "stair",
    "garden",
    "copper",
    "quiet",
    "river",
    "H₂O",
    "naïve",
]
sentences = st.lists(st.sampled_from(WORDS), min_size=3, max_size=9)
WRAPPERS = (
    "<p>{}</p>", "<div>{}</div>", "<blockquote><p>{}</p></blockquote>", "<ul><li>{}</li></ul>",
    "<p><i>{}</i></p>",
    "<section><div><p>{}</p></div></section>", "<table><tr><td>{}</td></tr></table>", " {} ", "<pre>{}</pre>",
    "<p><span>{}</span><br/></p>", "<aside><p>{}</p></aside>", "<h4>{}</h4>", "<dl><dt>{}</dt></dl>",
)  # fmt: skip
NOISE = (
    "",
    "<hr/>",
    "<p>* * *</p>",
    "<p>&#160;</p>",
    '<img src="x.png"/>',
    '<a id="x"/>',
    "<!-- a comment -->",
    "\n\n ",
)


class Numbered:
    """Gives every paragraph a number, so that lost, repeated and moved ones can be told."""

    def __init__(self) -> None:
        self.count = 0

    def paragraph(self, words: list[str]) -> str:
        self.count += 1
        return f"No{self.count}x {' '.join(words)} end{self.count}."


def read(maker: EpubMaker, options: ReadOptions) -> Book:
    with tempfile.TemporaryDirectory() as folder:
        return read_book(maker.write(Path(folder)), options)


def numbers(text: str) -> list[int]:
    """The paragraphs in a text, by their number."""
    return [
        int(word[2:-1])
        for word in text.split()
        if word.startswith("No") and word.endswith("x") and word[2:-1].isdigit()
    ]


def spoken(book: Book) -> str:
    return "\n".join(f"{chapter.title}\n{chapter.text}" for chapter in book.chapters)


@st.composite
def books(draw: st.DrawFn) -> tuple[EpubMaker, int]:
    """A book of several pages in any layout, with navigation that is right, partial, wrong or missing."""
    numbered = Numbered()
    pages: dict[str, str | bytes] = {}
    anchors: list[str] = []
    for number in range(draw(st.integers(1, 4))):
        parts = []
        for _ in range(draw(st.integers(1, 6))):
            if draw(st.booleans()):
                anchors.append(f"p{number}.xhtml#a{len(anchors)}")
                parts.append(f'<h2 id="a{len(anchors) - 1}">{numbered.paragraph(["Heading"])}</h2>')
            text = escape(numbered.paragraph(draw(sentences)))
            parts.append(draw(st.sampled_from(WRAPPERS)).format(text) + draw(st.sampled_from(NOISE)))
        pages[f"p{number}.xhtml"] = page("".join(parts))
    targets = [*anchors, *pages, "p0.xhtml#nowhere", "gone.xhtml"]
    toc = draw(
        st.lists(
            st.tuples(st.sampled_from(["Lamp", "Stair", "Chapter 1", ""]), st.sampled_from(targets)),
            max_size=6,
        )
    )
    return EpubMaker(pages, toc=toc, ncx=draw(st.booleans())), numbered.count


@given(books(), st.sampled_from(["skip", "inline", "paragraph", "chapter"]))
@settings(max_examples=80)
def test_every_paragraph_is_spoken_once_and_in_order(made: tuple[EpubMaker, int], notes: str) -> None:
    maker, count = made
    book = read(maker, from_flags(notes=notes, include=["titlepage,copyright,cover,index,notes"]))
    assert numbers(spoken(book)) == list(range(1, count + 1))


def visible(book: Book) -> Counter[str]:
    """All words of a book, spoken or not."""
    texts = [spoken(book), *(part.text for part in book.skipped)]
    return Counter(word for text in texts for word in text.split())


@given(books(), st.sets(st.sampled_from(["chapter", "part", "contents", "titlepage", "notes"])))
@settings(max_examples=60)
def test_what_is_not_spoken_is_listed(made: tuple[EpubMaker, int], exclude: set[str]) -> None:
    maker, count = made
    try:
        book = read(maker, from_flags(exclude=exclude))
    except BookError as error:
        assert "nothing would be spoken" in error.message
        return
    words = visible(book)
    for number in range(1, count + 1):
        assert words[f"No{number}x"] == 1, number


@given(books())
@settings(max_examples=40)
def test_blocks_hold_what_the_book_promises(made: tuple[EpubMaker, int]) -> None:
    """White space folded and trimmed, line ends in verse only, silence without text."""
    for chapter in read(made[0], ReadOptions()).chapters:
        for block in chapter.blocks:
            assert bool(block.text) != (block.kind in (BlockKind.SCENE_BREAK, BlockKind.PAUSE))
            assert block.text == block.text.strip() and "  " not in block.text
            assert "\n" not in block.text or block.kind is BlockKind.VERSE
            assert all(span.text for span in block.spans)


@given(books())
@settings(max_examples=30)
def test_reading_is_a_function_of_the_file(made: tuple[EpubMaker, int]) -> None:
    assert read(made[0], ReadOptions()) == read(made[0], ReadOptions())


texts = st.text(alphabet="ab \n\t\u00a0\u00ad", max_size=8)


@given(st.lists(st.one_of(texts.map(Run), st.just(Run(LINE, line=True))), max_size=8))
def test_folding_keeps_every_letter_and_every_offset(runs: list[Run]) -> None:
    spans, offsets = fold_runs(runs)
    text = "".join(span.text for span in spans)
    letters = [run.text.replace("\u00ad", "") for run in runs]
    assert text.replace(" ", "").replace("\n", "") == "".join("".join(letters).split())
    for run, offset in zip(runs, offsets, strict=True):
        body = run.text.replace("\u00ad", "").strip()
        assert not body or text[offset:].lstrip().startswith(body.split()[0])


@pytest.mark.parametrize("title", ["", "The Lamp", "No1x"])
def test_a_book_of_one_sentence_is_a_book(title: str) -> None:
    maker = EpubMaker({"p.xhtml": page("<p>No1x lamp end1.</p>")}, toc=[(title, "p.xhtml")])
    assert numbers(read(maker, ReadOptions()).chapters[0].text) == [1]
