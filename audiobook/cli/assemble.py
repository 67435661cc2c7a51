"""`audiobook assemble`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from audiobook.cli.options import change_settings, json_option, output_options, project_argument


@click.command(epilog="Example: audiobook assemble projects/alice --format mp3 --preset acx")
@project_argument
@output_options
@click.option("--output", type=click.Path(path_type=Path), help="Write the finished file here.")
@click.option("--chapters", help="Only these chapters, by number: 2-5,7.")
@click.option("--quiet", "-q", is_flag=True, help="Only the last line.")
@json_option
def assemble(project: Path, quiet: bool, as_json: bool, chapters: str | None, **given: Any) -> None:
    """Join the takes of a project into finished audiobooks, and check them.

    Every line needs its take: record them with audiobook synth (or everything at once with audiobook make).
    The finished files are read back before they replace older ones; output/report.json tells what was found.
    """
    from audiobook.cli.common import print_json
    from audiobook.cli.making import listeners, near, summary
    from audiobook.pipeline.making import assemble_project

    made = assemble_project(
        project, lambda settings: change_settings(settings, given), listeners(quiet or as_json), chapters
    )
    if as_json:
        print_json(
            {"files": [near(path) for path in made.paths], "seconds": made.seconds, "lines": made.lines}
        )
    else:
        click.echo(summary(made, fresh=True))
