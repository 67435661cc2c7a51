"""`audiobook make` and what the end of every run tells."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audiobook.cli.common import duration, note
from audiobook.cli.options import book_options, change_settings, output_options

if TYPE_CHECKING:
    from audiobook.pipeline.producing import Made


def summary(made: Made, fresh: bool) -> str:
    """The last line: where the file is, how long it plays, how many lines, what it cost, what was skipped."""
    places = [
        str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path) for path in made.paths
    ]
    where = places[0] if len(places) == 1 else f"{places[0]} and {len(places) - 1} more"
    skipped = ", ".join(f"{count} {reason}" for reason, count in made.skipped) or "nothing"
    return (
        f"{where}: {'' if fresh else 'already finished, '}plays {duration(made.seconds)}, "
        f"{made.chapters} chapters, {made.lines} lines, cost {made.cost or 'nothing'}, skipped {skipped}"
    )


class Progress:
    """Tells the steps of a run on stderr, and warnings."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet

    def step(self, text: str) -> None:
        """A step begins."""
        if not self.quiet:
            note(text)

    def warning(self, text: str) -> None:
        """One line for the person."""
        note(f"warning: {text}")


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
