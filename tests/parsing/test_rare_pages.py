"""Rarer things in pages and packages: drawings, formulas, dictionaries, odd encodings, damaged members."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from audiobook.book import Block, Book
from audiobook.errors import BookError
from audiobook.parsing import read_book
from audiobook.parsing.encodings import decode_text
from parsing_books.epubs import EpubMaker, chapter, page

Read = Callable[..., Book]
Blocks = Callable[..., list[Block]]
TEXT = "The lamp burned low in the window all night long."


def test_a_formula_is_read_by_its_words_or_its_letters(blocks: Blocks) -> None:
    found = blocks(
        f'<p>{TEXT} Here <math alttext="x squared"><mi>x</mi></math> and <math><mi>a</mi><mo>+</mo><mn>2</mn>'
        "</math> end.</p>"
    )
    assert "Here x squared and a + 2 end." in found[0].text


def test_lettering_inside_a_drawing_is_left_out_but_told(read: Read) -> None:
    drawing = "<svg xmlns='http://www.w3.org/2000/svg'><title>A map</title><text>North</text></svg>"
    book = read(EpubMaker({"a.xhtml": page(f"<h2>One</h2><p>{TEXT}</p>{drawing}")}))
    assert "North" not in book.chapters[0].text
    assert any("North" in part.text for part in book.skipped)


@pytest.mark.parametrize("alphabet", ["ipa", "x-sampa"])
def test_a_dictionary_of_the_book_says_how_words_sound(read: Read, alphabet: str) -> None:
    sound = "ˈæda" if alphabet == "ipa" else '"{da'
    lexicon = (
        f'<lexicon xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="{alphabet}">'
        f"<lexeme><grapheme>Ada</grapheme><phoneme>{sound}</phoneme></lexeme>"
        "<lexeme><grapheme>Mt</grapheme><alias>Mount</alias></lexeme><lexeme/></lexicon>"
    )
    link = '<link rel="pronunciation" type="application/pls+xml" href="a.pls"/>'
    body = f"<h2>One</h2><p>{TEXT} So ada climbed Mt Adamant.</p>"
    book = read(EpubMaker({"a.xhtml": page(body, link)}, files={"OPS/a.pls": lexicon}))
    spans = [span for block in book.chapters[0].blocks for span in block.spans]
    marked = {span.text: (span.phonemes, span.alias) for span in spans if span.phonemes or span.alias}
    assert marked == {"ada": ("ˈæda", ""), "Mt": ("", "Mount")}


def test_a_damaged_page_is_named(tmp_path: Path) -> None:
    path = EpubMaker({"a.xhtml": chapter("One", TEXT), "b.xhtml": chapter("Two", TEXT)}).write(tmp_path)
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("OPS/b.xhtml")
    data = bytearray(path.read_bytes())
    start = entry.header_offset + 30 + len(entry.filename)
    data[start : start + entry.compress_size] = b"\xff" * entry.compress_size
    path.write_bytes(data)
    book = read_book(path)
    assert [one.title for one in book.chapters] == ["Chapter 1"]
    assert any("b.xhtml is damaged" in warning for warning in book.warnings)


def test_a_page_that_is_in_the_reading_order_but_not_in_the_book_is_named(read: Read) -> None:
    maker = EpubMaker({"a.xhtml": chapter("One", TEXT)}, spine='<itemref idref="p0"/><itemref idref="p9"/>')
    maker.manifest = '<item id="p9" href="gone.xhtml" media-type="application/xhtml+xml"/>'
    assert any("gone.xhtml is missing" in warning for warning in read(maker).warnings)


def test_a_page_of_a_foreign_kind_is_read_by_its_fallback(read: Read) -> None:
    maker = EpubMaker({"a.xhtml": chapter("One", TEXT)}, spine='<itemref idref="x"/>')
    maker.manifest = '<item id="x" href="a.bin" media-type="application/x-own" fallback="p0"/>'
    maker.files = {"OPS/a.bin": b"\0\1"}
    assert TEXT in read(maker).chapters[0].text


def test_fallbacks_that_go_round_in_a_ring_end(read: Read) -> None:
    maker = EpubMaker({"a.xhtml": chapter("One", TEXT)}, spine='<itemref idref="x"/><itemref idref="p0"/>')
    maker.manifest = (
        '<item id="x" href="x.bin" media-type="application/x-own" fallback="y"/>'
        '<item id="y" href="y.bin" media-type="application/x-own" fallback="x"/>'
    )
    maker.files = {"OPS/x.bin": b"\0", "OPS/y.bin": b"\0"}
    assert TEXT in read(maker).chapters[0].text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-16-le", "A lamp, naïvely lit"),
        ("utf-16-be", "A lamp, naïvely lit"),
        ("utf-16", "灯"),
        ("utf-32", "灯"),
        ("utf-8-sig", "灯"),
        ("cp1252", "A lamp, naïvely lit, burned all night."),
        ("shift_jis", "これはテストですからねえそうですかどうもありがとう"),
        ("euc_jp", "これはテストですからねえそうですかどうもありがとう"),
        ("cp1251", "Привет, как дела? Лампа погасла этой ночью."),
    ],
)
def test_a_text_is_decoded_whatever_it_is_written_in(encoding: str, text: str) -> None:
    assert decode_text(text.encode(encoding), "a.txt") == text


@pytest.mark.parametrize("data", [b"\0" * 40, b"abc\0\1\2\3", b"\1\2\3\4" * 100])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(BookError, match=r"^a\.txt: not a text file"):
        decode_text(data, "a.txt")
