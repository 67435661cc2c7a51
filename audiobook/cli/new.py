"""`audiobook new`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from audiobook.cli.common import print_json
from audiobook.cli.options import book_options, change_settings, json_option, output_options


@click.command(epilog="Example: audiobook new alice.epub --voice espeak:en-gb+f2")
@click.argument("source", type=click.Path(path_type=Path))
@book_options
@output_options
@json_option
def new(source: Path, as_json: bool, **given: Any) -> None:
    """Make a project from a book, without speaking it yet.

    Reads SOURCE, writes the script (one line a segment, with its speaker), gives everybody a voice, and says
    what it found. Look at script/ and cast.toml, change what you like, then: audiobook make PROJECT
    """
    from audiobook.cli.progress import Steps
    from audiobook.pipeline.making import new as make_project

    ready = make_project(
        source,
        given["folder"],
        lambda settings: change_settings(settings, given),
        Steps(quiet=as_json),
        given["series"],
    )
    folder = ready.project.folder
    speakers = {line.line.speaker for line in ready.plan.lines()} - {""}
    lines = sum(1 for _ in ready.plan.lines())
    if as_json:
        chapters = [
            {"file": each.file, "title": each.title, "lines": len(list(each.lines()))}
            for each in ready.plan.chapters
        ]
        print_json(
            {"project": str(folder), "chapters": chapters, "lines": lines, "speakers": sorted(speakers)}
        )
        return
    click.echo(
        f"{folder}: {len(ready.plan.chapters)} chapters, {lines} lines, "
        f"{len(speakers)} speakers beside the narrator"
    )
    click.echo(f"next: look at {folder}/script and {folder}/cast.toml, then audiobook make {folder}")
