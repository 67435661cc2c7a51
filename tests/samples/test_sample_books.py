"""The sample books are what their sources make, and have in them what they are there to show."""

from __future__ import annotations

import importlib.util
import re
import sys
import zipfile
from collections import Counter
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from lxml import etree
from PIL import Image

from audiobook.book import BlockKind, Book, ChapterKind
from audiobook.parsing import read_book
from audiobook.speakers import attribute

XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


def script(folder: Path, name: str) -> ModuleType:
    """A module of the samples folder, which is no package."""
    spec = importlib.util.spec_from_file_location(f"samples_{name}", folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def novella(samples: Path) -> Path:
    return samples / "the-low-water-map.epub"


@pytest.fixture(scope="module")
def novella_book(novella: Path) -> Book:
    return read_book(novella)


@pytest.fixture(scope="module")
def story(samples: Path) -> Book:
    return read_book(samples / "the-warmest-carriage.md")


def pages(novella: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(novella) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xhtml")]
        return {Path(name).stem: etree.fromstring(archive.read(name)) for name in names}


def words(book: Book) -> int:
    return sum(len(chapter.text.split()) for chapter in book.chapters)


def test_building_it_again_gives_the_same_bytes(samples: Path, novella: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.epub"
    script(samples, "build").build(again)
    assert again.read_bytes() == novella.read_bytes()


def test_its_archive_begins_as_epub_asks(novella: Path) -> None:
    assert novella.read_bytes()[30:58] == b"mimetypeapplication/epub+zip"


def test_every_page_is_well_formed_and_says_what_it_is(novella: Path) -> None:
    for name, root in pages(novella).items():
        section = root.find(f"{XHTML}body/{XHTML}section")
        assert section is not None, name
        assert section.get(EPUB_TYPE), name


def test_every_link_leads_somewhere(novella: Path) -> None:
    found = pages(novella)
    for name, root in found.items():
        for link in root.iter(f"{XHTML}a"):
            file, _, place = link.get("href", "").partition("#")
            target = found[Path(file).stem if file else name]
            assert not place or target.xpath("//*[@id=$place]", place=place), link.get("href")


def test_its_markup_has_what_real_books_have(novella: Path) -> None:
    kinds: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    for root in pages(novella).values():
        for element in root.iter():
            kinds.update(element.get(EPUB_TYPE, "").split())
            classes[element.get("class", "")] += 1
    for kind, least in {
        "part": 3,
        "chapter": 12,
        "noteref": 4,
        "footnote": 4,
        "pagebreak": 30,
        "z3998:verse": 1,
    }.items():
        assert kinds[kind] >= least, kind
    assert classes["dropcap"] == kinds["chapter"]
    assert kinds["noteref"] == kinds["footnote"]


def test_pages_break_inside_sentences(novella: Path) -> None:
    roots = pages(novella).values()
    marks = [
        mark for root in roots for mark in root.iter(f"{XHTML}span") if mark.get(EPUB_TYPE) == "pagebreak"
    ]
    inside = [
        mark for mark in marks if mark.getprevious() is not None or (mark.getparent().text or "").strip()
    ]
    assert len(inside) >= 5
    assert [mark.get("aria-label") for mark in marks] == [str(number + 1) for number in range(len(marks))]


def test_it_is_read_as_the_book_it_is(novella_book: Book) -> None:
    chapters = [chapter for chapter in novella_book.chapters if chapter.kind is ChapterKind.CHAPTER]
    assert len(chapters) == 14
    assert all(chapter.level == 2 for chapter in chapters)
    assert [c.title for c in novella_book.chapters if c.kind is ChapterKind.PART] == [
        "Part One: The Ebb",
        "Part Two: Slack Water",
        "Part Three: The Flood",
    ]
    assert 10_000 < words(novella_book) < 15_000
    assert novella_book.warnings == ()


def test_its_blocks_are_recognized(novella_book: Book) -> None:
    kinds = {block.kind for chapter in novella_book.chapters for block in chapter.blocks}
    assert {
        BlockKind.VERSE,
        BlockKind.LETTER,
        BlockKind.TABLE_ROW,
        BlockKind.SCENE_BREAK,
        BlockKind.FIGURE,
    } <= kinds
    french = [
        s for c in novella_book.chapters for b in c.blocks for s in b.spans if s.language.startswith("fr")
    ]
    assert french[0].text.startswith("À marée basse")


def test_drop_capitals_and_page_breaks_leave_words_whole(novella_book: Book) -> None:
    text = "\n".join(chapter.text for chapter in novella_book.chapters)
    assert "Marit Vane came to Stave Quay at low water" in text
    assert "“You want all of them?” said Mrs Dace." in text
    assert not re.search(r"  |\w “?\b[B-HJ-Z] [a-z]{2}", text)


def test_what_is_not_story_is_skipped(novella_book: Book) -> None:
    reasons = {skipped.reason for skipped in novella_book.skipped}
    assert {"copyright", "titlepage", "contents", "index", "note"} <= reasons


def test_it_says_what_it_is(novella_book: Book) -> None:
    about = novella_book.metadata
    assert (about.title, about.authors, about.language) == ("The Low Water Map", ("Orla Tennick",), "en-GB")
    assert (about.series, about.series_part, about.date) == ("Tales of the Saltings", "1", "2026-01-06")
    assert about.cover is not None
    assert about.cover.media_type == "image/jpeg"


def test_the_story_is_short_and_in_four_parts(story: Book) -> None:
    assert [chapter.title.partition(".")[0] for chapter in story.chapters] == ["One", "Two", "Three", "Four"]
    assert 1500 < words(story) < 2500
    assert story.warnings == ()


def test_the_story_says_what_it_is(story: Book) -> None:
    about = story.metadata
    assert (about.title, about.authors, about.language) == (
        "The Warmest Carriage",
        ("Orla Tennick",),
        "en-GB",
    )
    assert (about.series, about.series_part) == ("The Winter Timetable", "1")
    assert about.description
    assert about.cover is not None


SPEAKERS = {"N": "Nell", "P": "Mr Pym", "A": "Miss Abernathy", "D": "Mr Dunstable", "S": "Mrs Sparrow"}
SPEECHES = "NPPNPAAANNAADPDDPDNNDDPPNPANPPNPNNDDNAANNPPAAPNAADAAPAPNNNANAANANNNNNSSSDDSDDPNSS"


def test_everybody_in_the_story_says_their_own_lines(story: Book) -> None:
    """By ear of the author: who says each speech, in order. It is what the README promises."""
    found = attribute("\n\n".join(chapter.text for chapter in story.chapters)).quotes
    assert len(found) == len(SPEECHES)
    wrong = [
        story_quote
        for story_quote, initial in zip(found, SPEECHES, strict=True)
        if story_quote.speaker != SPEAKERS[initial]
    ]
    assert len(wrong) <= 0.05 * len(SPEECHES), wrong


def test_quotation_marks_come_in_pairs(story: Book, novella_book: Book) -> None:
    """A missing mark would give the rest of a paragraph to the wrong voice."""
    for book in (story, novella_book):
        for chapter in book.chapters:
            for block in chapter.blocks:
                assert block.text.count("“") == block.text.count("”"), (chapter.title, block.text)


@pytest.mark.parametrize("name", ["the-warmest-carriage.jpg", "the-low-water-map.jpg"])
def test_covers_are_as_large_as_shops_ask(samples: Path, name: str) -> None:
    with Image.open(samples / name) as cover:
        assert cover.size == (1200, 1800)
        assert cover.mode == "RGB"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["the-warmest-carriage.jpg", "the-low-water-map.jpg"])
def test_drawing_a_cover_again_gives_the_same_picture(samples: Path, name: str) -> None:
    """As seen by the eye: lettering and compression differ a little between versions of Pillow."""
    drawn = np.asarray(script(samples, "covers").COVERS[name](), np.int16)
    with Image.open(samples / name) as cover:
        assert np.abs(drawn - np.asarray(cover, np.int16)).mean() < 3
