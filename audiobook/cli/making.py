"""What `make`, `assemble` and their like share: listeners from flags, and the last line."""

from __future__ import annotations

import logging
from collections import Counter
from pathlib import Path
from typing import Any

import click

from audiobook.cli.common import duration
from audiobook.cli.progress import Assembling, Recording, Steps
from audiobook.pipeline.making import Listeners, Prepared, make
from audiobook.pipeline.opening import Change
from audiobook.pipeline.producing import Made


def listeners(quiet: bool = False, verbose: bool = False) -> Listeners:
    """Who tells the person what happens."""
    return Listeners(Steps(quiet), lambda project: Recording(project, quiet, verbose), Assembling(quiet))


def near(path: Path) -> str:
    """A path as short as it can be said here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def summary(made: Made, fresh: bool) -> str:
    """The last line: where the file is, how long it plays, how many lines, what it cost, what was skipped."""
    where = near(made.paths[0]) + (f" and {len(made.paths) - 1} more" if len(made.paths) > 1 else "")
    skipped = ", ".join(f"{count} × {reason}" for reason, count in made.skipped) or "nothing"
    chapters = "1 chapter" if made.chapters == 1 else f"{made.chapters} chapters"
    return (
        f"{where}: {'' if fresh else 'already finished; '}plays {duration(made.seconds)}, {chapters}, "
        f"{made.lines} lines, cost {made.cost or 'nothing'}, skipped {skipped}"
    )


def make_book(source: Path, given: dict[str, Any], change: Change) -> int:
    """Run `make` and tell what came of it."""
    if given["verbose"]:
        logging.getLogger("audiobook").setLevel(logging.DEBUG)
    if given["dry_run"]:
        return _dry_run(source, given, change)
    made, fresh = make(
        source,
        given["folder"],
        change,
        listeners(given["quiet"], given["verbose"]),
        chapters=given["chapters"],
        series=given["series"],
    )
    click.echo(summary(made, fresh))
    return 0


def _show(ready: Prepared) -> None:
    """Chapters, what is left out, and who reads."""
    for chapter in ready.plan.chapters:
        lines = list(chapter.lines())
        click.echo(f"{chapter.number:4}  {chapter.title or '(untitled)'}  ({len(lines)} lines)")
    for reason, count in Counter(skipped.reason for skipped in ready.info.skipped).most_common():
        click.echo(f"skipped: {count} × {reason}")
    voices = Counter((line.line.speaker or "narrator", line.voice) for line in ready.plan.lines())
    for (speaker, voice), count in voices.most_common():
        click.echo(f"{speaker}: {voice} ({count} lines)")


def _dry_run(source: Path, given: dict[str, Any], change: Change) -> int:
    """Import and plan in a folder that is thrown away, and tell what would be done."""
    import tempfile

    from audiobook.cli.estimate import tell
    from audiobook.pipeline.making import preview

    with tempfile.TemporaryDirectory() as folder:
        ready = preview(
            source,
            given["folder"],
            Path(folder),
            change,
            Steps(given["quiet"]),
            given["chapters"],
            given["series"],
        )
        _show(ready)
        tell(ready)
    return 0
