"""Damaged books: never a traceback, never a hang, always one line. `fuzz.py` does the same for hours."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobook.errors import InputError
from audiobook.parsing import from_flags, read_book
from parsing_books.mutations import mutated, random_book


def answer(path: Path, chance: random.Random) -> None:
    """Read a damaged book; anything but a book or one line of complaint fails the test."""
    notes = chance.choice(["skip", "inline", "paragraph", "chapter"])
    started = time.process_time()
    try:
        assert read_book(path, from_flags(notes=notes, tables="headers", figures="alt")).chapters
    except InputError as error:
        assert "\n" not in error.message and len(error.message) < 600
    assert time.process_time() - started < 5


def _try(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = folder / "book.epub"
    path.write_bytes(mutated(random_book(chance).build(), chance))
    answer(path, chance)


def test_a_few_damaged_books_are_answered(tmp_path: Path) -> None:
    for seed in range(150):
        _try(tmp_path, seed)


@pytest.mark.slow
def test_damaged_books_are_answered(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("damaged")

    @given(st.integers(min_value=0))
    @settings(max_examples=2_500)
    def run(seed: int) -> None:
        _try(folder, seed)

    run()


@given(
    st.binary(max_size=400), st.sampled_from(["book.epub", "book.md", "book.txt", "book.fb2", "book.html"])
)
@settings(max_examples=150)
def test_any_bytes_under_any_name_are_answered(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    path = tmp_path_factory.mktemp("bytes", numbered=True) / name
    path.write_bytes(data)
    answer(path, random.Random(0))


@given(st.text(max_size=300), st.sampled_from(["book.md", "book.txt"]))
@settings(max_examples=150)
def test_any_text_is_answered(tmp_path_factory: pytest.TempPathFactory, text: str, name: str) -> None:
    path = tmp_path_factory.mktemp("text", numbered=True) / name
    path.write_text(text, encoding="utf-8", errors="replace")
    answer(path, random.Random(0))
