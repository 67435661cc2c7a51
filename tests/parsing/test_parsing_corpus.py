"""Real, awkward and hostile EPUBs that stand beside the project, where they do."""

from __future__ import annotations

import csv
import re
import time
import unicodedata
import zipfile
from pathlib import Path

import pytest

from audiobook.book import Book
from audiobook.errors import InputError
from audiobook.parsing import read_book
from audiobook.parsing.markup import Element, local_name, parse_page

pytestmark = [pytest.mark.corpus, pytest.mark.slow]
HIDDEN = {
    "head",
    "script",
    "style",
    "template",
    "audio",
    "video",
    "object",
    "iframe",
    "canvas",
    "svg",
    "math",
    "noscript",
}


def files(corpus: Path, *sets: str) -> list[Path]:
    folder = corpus / "epub"
    with (folder / "index.csv").open(encoding="utf-8") as index:
        return [folder / row["file"] for row in csv.DictReader(index) if row["set"] in sets]


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text.replace("\u00ad", "")).casefold())


def all_words(book: Book) -> str:
    parts = [text for chapter in book.chapters for text in (chapter.heading, chapter.text)]
    return letters("".join(parts + [part.text for part in book.skipped]))


def is_apart(element: Element) -> bool:
    """What the parser takes out of a paragraph: its letters are listed, but not where they stood."""
    marks = (
        f"{element.get('class')} {element.get('{http://www.idpf.org/2007/ops}type')} {element.get('role')}"
    )
    return local_name(element.tag) in HIDDEN or re.search("page|note|hidden", marks) is not None


def page_letters(path: Path) -> list[str]:
    """The letters of each paragraph of every page, with a way of finding them that is not the parser's."""
    found = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.search(r"\.x?html?$", name, re.I):
                root, _ = parse_page(archive.read(name))
                for element in root.iter() if root is not None else []:
                    if local_name(element.tag) == "p" and not any(map(is_apart, element.iter())):
                        found.append(letters("".join(element.itertext())))
    return [text for text in found if len(text) > 40]


def test_every_book_is_answered_in_time_and_one_line(corpus: Path) -> None:
    wrong = []
    for path in files(corpus, "feature", "variant", "malformed", "hostile", "drm"):
        started = time.process_time()
        try:
            read_book(path)
        except InputError as error:
            if "\n" in error.message:
                wrong.append(f"{path.name}: {error.message!r}")
        seconds = time.process_time() - started
        if seconds > 20:  # nothing hangs; benchmarks/parse.py says how fast it is
            wrong.append(f"{path.name}: {seconds:.1f} s")
    assert wrong == []


def test_every_paragraph_of_the_books_is_spoken_or_listed(corpus: Path) -> None:
    """Paragraphs with marks or page numbers inside are left to the parser's own tests."""
    for path in files(corpus, "variant"):
        words = all_words(read_book(path))
        paragraphs = page_letters(path)
        kept = sum(text in words for text in paragraphs)
        assert kept >= 0.97 * len(paragraphs), path.name
