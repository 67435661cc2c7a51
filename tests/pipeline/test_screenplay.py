"""The script holds the book's text, character for character, whatever attribution found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.book import Block, BlockKind, Book, Chapter, Hint, Metadata, Span
from audiobook.errors import BookError
from audiobook.parsing import read_book
from audiobook.pipeline.screenplay import UNKNOWN, Manner, Screenplay, lay_out, screenplay
from audiobook.script import Line, Paragraph, Pause, SceneBreak, ScriptChapter
from audiobook.speakers import Attribution, Quote, attribute

ENGLISH = Manner("en")
TEXT_KINDS = [kind for kind in BlockKind if kind not in (BlockKind.SCENE_BREAK, BlockKind.PAUSE)]

sentences = st.lists(
    st.sampled_from(
        [
            "“Come in,” said Mr. Tarn.",
            "“Why?”",
            "It was 5.30 p.m.",
            "—",
            "…",
            "“No",
            "人们说：“走吧。”",
            "a b\nc",
            "«Oui», dit-il.",
        ]
    )
    | st.text(max_size=30),
    max_size=5,
).map(" ".join)
spans = st.lists(st.builds(Span, sentences), max_size=3).map(tuple)
blocks = st.builds(Block, st.sampled_from(TEXT_KINDS), spans) | st.just(Block(BlockKind.SCENE_BREAK))
chapters = st.builds(Chapter, st.text(max_size=20), st.lists(blocks, max_size=5).map(tuple), st.just(1))
books = st.lists(chapters, max_size=3).map(lambda found: Book(Metadata(), tuple(found)))


def letters(text: str) -> str:
    return "".join(text.encode("utf-8", "replace").decode().split())


def written(chapter: Chapter) -> str:
    return letters(chapter.title + "".join(block.text for block in chapter.blocks))


def scripted(chapter: ScriptChapter) -> str:
    return letters("".join(line.text for line in chapter.lines()))


def play(book: Book, found: Attribution | None = None) -> Screenplay:
    found = found or attribute(lay_out(book).text)
    return screenplay(book, found.quotes, ENGLISH)


def one(*blocks: Block, quotes: tuple[Quote, ...] = ()) -> tuple[object, ...]:
    book = Book(Metadata(), (Chapter("T", blocks, 1),))
    (chapter,) = screenplay(book, quotes, ENGLISH).chapters.values()
    return chapter.items


@given(books)
def test_no_character_is_lost_or_added(book: Book) -> None:
    result = play(book)
    assert [scripted(each) for each in result.chapters.values()] == [written(each) for each in book.chapters]


@given(books, st.data())
def test_nor_by_an_attribution_that_is_wrong_everywhere(book: Book, data: st.DataObject) -> None:
    size = len(lay_out(book).text)
    edges = st.integers(0, size + 5)
    quotes = data.draw(
        st.lists(st.builds(Quote, edges, edges, speaker=st.sampled_from([None, "A", "_narr"])))
    )
    result = screenplay(book, quotes, ENGLISH)
    assert [scripted(each) for each in result.chapters.values()] == [written(each) for each in book.chapters]


def test_a_speech_over_two_paragraphs_stays_with_its_speaker() -> None:
    first, second = (
        Block(BlockKind.PARAGRAPH, (Span("“One."),)),
        Block(BlockKind.PARAGRAPH, (Span("“Two.”"),)),
    )
    assert one(first, second, quotes=(Quote(0, 13, speaker="Nell"),)) == (
        Paragraph((Line("“One.", "Nell"),)),
        Paragraph((Line("“Two.”", "Nell"),)),
    )


def test_strangers_thoughts_and_scare_quotes() -> None:
    block = Block(
        BlockKind.PARAGRAPH,
        (Span("“Who goes there at night?” Nobody is home, she thought to herself. The “bell” was a gong."),),
    )
    quotes = (Quote(0, 26), Quote(27, 42, "thought", "Nell"), Quote(71, 77, "other", "Nell"))
    assert one(block, quotes=quotes) == (
        Paragraph(
            (
                Line("“Who goes there at night?”", UNKNOWN),
                Line("Nobody is home,", "Nell", "", (("kind", "thought"),)),
                Line("she thought to herself."),
                Line("The “bell” was a gong."),
            )
        ),
    )


def test_the_authors_direction_outranks_attribution() -> None:
    block = Block(
        BlockKind.PARAGRAPH, (Span("“Come here at once, please.”"),), speaker="Alice", style="shouting"
    )
    assert one(block, quotes=(Quote(0, 28, speaker="Bob"),)) == (
        Paragraph((Line("“Come here at once, please.”", "Alice", "shouting"),)),
    )


def test_blocks_become_items() -> None:
    assert one(
        Block(BlockKind.HEADING, (Span("Later"),), level=3),
        Block(BlockKind.SCENE_BREAK),
        Block(BlockKind.PAUSE, seconds=2.5),
        Block(BlockKind.LETTER, (Span("Dear Nell, the bell is mended."),)),
        Block(BlockKind.PARAGRAPH, (Span("Bonjour à vous, Madame.", "fr"),)),
    ) == (
        Paragraph((Line("Later"),), 3),
        SceneBreak(),
        Pause(2.5),
        Paragraph((Line("Dear Nell, the bell is mended.", attributes=(("kind", "letter"),)),)),
        Paragraph((Line("Bonjour à vous, Madame.", attributes=(("lang", "fr"),)),)),
    )


def test_what_the_markup_says_is_found_again_by_the_line() -> None:
    block = Block(
        BlockKind.PARAGRAPH,
        (
            Span("It was long ago. King Louis "),
            Span("XIV", hint=Hint.ROMAN),
            Span(" was in the garden then."),
        ),
    )
    book = Book(Metadata(), (Chapter("T", (block,), 1),))
    hints = screenplay(book, (), ENGLISH).hints
    ((line, (hint,)),) = hints.items()
    assert line[hint.start : hint.end] == "XIV"
    assert hint.hint is Hint.ROMAN


@pytest.mark.slow
@pytest.mark.corpus
def test_on_every_book_of_the_corpus(corpus: Path) -> None:
    checked = 0
    for path in sorted((corpus / "epub").glob("*.epub")):
        if path.stat().st_size > 1_500_000 or path.name.startswith("host-"):
            continue
        try:
            book = read_book(path)
        except BookError:
            continue
        found = [scripted(each) for each in play(book).chapters.values()]
        assert found == [written(each) for each in book.chapters], path.name
        checked += 1
    assert checked > 100
