"""`audiobook make`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from audiobook.cli.options import book_options, change_settings, output_options


@click.command(
    epilog="Example: audiobook make alice.epub --format m4b,mp3 --voice espeak:en-gb+f2",
)
@click.argument("source", type=click.Path(path_type=Path))
@book_options
@output_options
@click.option("--output", type=click.Path(path_type=Path), help="Write the finished file here.")
@click.option("--chapters", help="Only these chapters, by number: 2-5,7.")
@click.option("--budget", type=float, help="Stop before spending more than this in all.")
@click.option("--dry-run", is_flag=True, help="Show what would be done and what it would cost; do nothing.")
@click.option("--quiet", "-q", is_flag=True, help="Only the last line.")
@click.option("--verbose", "-v", is_flag=True, help="Tell more, and log more.")
def make(source: Path, **given: Any) -> int:
    """Make an audiobook from a book (EPUB, Markdown, plain text): everything in one go.

    SOURCE may also be a project folder. Run the same command again at any time: it goes on where it was
    interrupted, and when everything is finished it says so at once. After you have changed the book, the
    script, the cast or a setting, only what changed is recorded again.
    """
    from audiobook.cli.making import make_book

    return make_book(source, given, lambda settings: change_settings(settings, given))
