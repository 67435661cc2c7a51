#!/usr/bin/env python3
"""Reads damaged EPUBs for as long as it is told to, and stops at the first one that is answered wrongly.

    python tests/parsing/fuzz.py --seconds 3600 [--seed 1] [--corpus DIR] [--keep FILE]

Wrong is: an exception that is not an InputError, more than five seconds, or a message of several lines.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from audiobook.errors import InputError
from audiobook.parsing import from_flags, read_book
from parsing_books.mutations import mutated, random_book

POLICIES = ("skip", "inline", "paragraph", "chapter")
SLOWEST = 5.0


def complaint_about(path: Path, notes: str) -> str:
    """What is wrong with the answer to this file; "" when nothing is."""
    started = time.process_time()
    try:
        book = read_book(path, from_flags(notes=notes, tables="headers", figures="alt"))
        if not book.chapters:
            return "a book without chapters"
    except InputError as error:
        if "\n" in error.message or len(error.message) > 600:
            return f"not one line: {error.message!r}"
    except Exception as error:  # noqa: BLE001 - this is what the script looks for
        return f"{type(error).__name__}: {error}"
    seconds = time.process_time() - started
    return f"{seconds:.1f} s" if seconds > SLOWEST else ""


def run(seconds: float, seed: int, corpus: Path | None, keep: Path) -> int:
    """Try books until the time is over; returns the number tried, or -1 after a wrong answer."""
    sources = sorted(corpus.glob("*.epub"), key=lambda path: path.stat().st_size)[:150] if corpus else []
    end, number = time.monotonic() + seconds, seed
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.epub"
        while time.monotonic() < end:
            number += 1
            chance = random.Random(number)
            try:
                epub = (
                    chance.choice(sources).read_bytes()
                    if sources and chance.random() < 0.5
                    else random_book(chance).build()
                )
                path.write_bytes(mutated(epub, chance))
            except Exception:  # noqa: BLE001 - a corpus file that zipfile itself cannot copy
                continue
            complaint = complaint_about(path, chance.choice(POLICIES))
            if complaint:
                keep.write_bytes(path.read_bytes())
                print(  # noqa: T201
                    f"seed {number}: {complaint}; the book is kept as {keep}", file=sys.stderr
                )
                return -1
    return number - seed


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--keep", type=Path, default=Path("wrong.epub"))
    arguments = parser.parse_args()
    tried = run(arguments.seconds, arguments.seed, arguments.corpus, arguments.keep)
    print(f"{max(tried, 0)} books read")  # noqa: T201
    return int(tried < 0)


if __name__ == "__main__":
    sys.exit(main())
