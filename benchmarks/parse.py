#!/usr/bin/env python3
"""Reads books and prints one JSON line each: seconds, megabytes of text a second, peak memory.

    python benchmarks/parse.py [BOOK ...]

Without books, a novel of 100,000 words of generated prose is made and read as EPUB, Markdown and plain text.
Each book is read in a process of its own, so that peak memory is its own too.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from audiobook.parsing import read_book

WORDS = 100_000
CHAPTERS = 40
SENTENCES = """
    the lamp burned low in a window of harbour house and nobody came to put it out before morning
    she went down stair after stair with her letter while copper rain fell on every quiet garden
"""
VOCABULARY = SENTENCES.split()


def prose(chance: random.Random, words: int) -> list[str]:
    """Paragraphs of made-up sentences."""
    paragraphs: list[str] = []
    while words > 0:
        length = min(words, chance.randint(30, 120))
        text = " ".join(chance.choices(VOCABULARY, k=length))
        paragraphs.append(f"“{text.capitalize()},” she said.")
        words -= length
    return paragraphs


def novel() -> list[tuple[str, list[str]]]:
    """Titles and paragraphs of all chapters."""
    chance = random.Random(7)
    return [(f"Chapter {number}", prose(chance, WORDS // CHAPTERS)) for number in range(1, CHAPTERS + 1)]


def as_epub(chapters: list[tuple[str, list[str]]]) -> bytes:
    """A plain EPUB 2 of these chapters."""
    items = "".join(
        f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    points = "".join(
        f'<navPoint id="n{n}"><navLabel><text>{title}</text></navLabel><content src="c{n}.xhtml"/></navPoint>'
        for n, (title, _) in enumerate(chapters)
    )
    files = {
        "META-INF/container.xml": (
            '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>'
        ),
        "book.opf": (
            f'<package><metadata/><manifest>{items}<item id="ncx" href="toc.ncx"'
            f' media-type="application/x-dtbncx+xml"/></manifest><spine toc="ncx">{spine}</spine></package>'
        ),
        "toc.ncx": f"<ncx><navMap>{points}</navMap></ncx>",
    }
    for number, (title, paragraphs) in enumerate(chapters):
        body = "".join(f"<p>{text}</p>" for text in paragraphs)
        files[f"c{number}.xhtml"] = f"<html><body><h2>{title}</h2>{body}</body></html>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def generated(folder: Path) -> list[Path]:
    """The same novel through three doors."""
    chapters = novel()
    marked = "\n\n".join(f"# {title}\n\n" + "\n\n".join(paragraphs) for title, paragraphs in chapters)
    plain = "\n\n\n".join(f"{title}\n\n" + "\n\n".join(paragraphs) for title, paragraphs in chapters)
    for name, data in (
        ("novel.epub", as_epub(chapters)),
        ("novel.md", marked.encode()),
        ("novel.txt", plain.encode()),
    ):
        (folder / name).write_bytes(data)
    return [folder / name for name in ("novel.epub", "novel.md", "novel.txt")]


def measure(path: Path) -> dict[str, object]:
    """Read one book; runs in a process of its own."""
    started = time.process_time()
    book = read_book(path)
    seconds = time.process_time() - started
    characters = sum(len(chapter.text) for chapter in book.chapters)
    return {
        "benchmark": "parse",
        "book": path.name,
        "chapters": len(book.chapters),
        "characters": characters,
        "seconds": round(seconds, 3),
        "mb_per_second": round(characters / 1e6 / max(seconds, 1e-9), 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    """Measure the books that are named, or the generated ones."""
    with tempfile.TemporaryDirectory() as folder:
        books = [Path(name) for name in sys.argv[1:]] or generated(Path(folder))
        for book in books:
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                print(json.dumps(pool.apply(measure, (book,))))


if __name__ == "__main__":
    main()
