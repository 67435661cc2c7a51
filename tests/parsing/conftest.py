"""Reading small books from memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from audiobook.book import Block, Book
from audiobook.parsing import ReadOptions, read_book
from parsing_books.epubs import EpubMaker, page

Read = Callable[..., Book]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read what an EpubMaker builds, or a text under a file name."""

    def read_it(
        source: EpubMaker | str | bytes, options: ReadOptions | None = None, name: str = "book.epub"
    ) -> Book:
        path = tmp_path / name
        if isinstance(source, EpubMaker):
            path = source.write(tmp_path, name)
        else:
            path.write_bytes(source if isinstance(source, bytes) else source.encode())
        return read_book(path, options or ReadOptions())

    return read_it


@pytest.fixture
def blocks(read: Read) -> Callable[..., list[Block]]:
    """The blocks of a one-page book with this body."""

    def blocks_of(
        body: str, options: ReadOptions | None = None, head: str = "", **maker: object
    ) -> list[Block]:
        book = read(
            EpubMaker({"p0.xhtml": page(body, head)}, toc=[("The Opening", "p0.xhtml")], **maker), options
        )
        return [block for chapter in book.chapters for block in chapter.blocks]

    return blocks_of
