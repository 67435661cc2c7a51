"""The door: which reader a source needs, told by its content, not by its name."""

from __future__ import annotations

from pathlib import Path

from audiobook.book import Book
from audiobook.errors import BookError
from audiobook.files import storage
from audiobook.parsing.options import ReadOptions

_HEAD = 1 << 16


def read_book(path: Path, options: ReadOptions = ReadOptions()) -> Book:  # noqa: B008 - a frozen value
    """Read any source. Raises BookError, EncryptedBook or StorageError, each with one clear line."""
    from audiobook.parsing.epub import read_epub

    return read_epub(path, options)
