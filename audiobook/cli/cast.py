"""`audiobook cast`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audiobook.cli.common import print_json
from audiobook.cli.options import json_option, project_argument

if TYPE_CHECKING:
    from audiobook.pipeline.recasting import Part


@click.command(epilog='Example: audiobook cast projects/alice --set "Alice=espeak:en-gb+f3"')
@project_argument
@click.option("--set", "voices", multiple=True, metavar="NAME=VOICE", help="Give somebody a voice.")
@click.option("--style", "styles", multiple=True, metavar="NAME=STYLE", help="How somebody speaks always.")
@click.option("--merge", "merges", multiple=True, metavar="A,B=C", help="A and B are the same person as C.")
@click.option("--rename", "renames", multiple=True, metavar="A=B", help="Call A by another name.")
@click.option(
    "--manner", "manners", multiple=True, metavar="KIND=STYLE", help="Style of thoughts, letters, verse."
)
@click.option("--narrator", default="", metavar="VOICE", help="The narrator's voice.")
@click.option(
    "--series", type=click.Path(path_type=Path), help="Take voices over from this project or cast.toml."
)
@click.option("--recast", is_flag=True, help="Choose the voices of all characters anew.")
@json_option
def cast(project: Path, as_json: bool, **given: Any) -> None:
    """Show who speaks how much, in which chapters, with which voice; change voices and names.

    Voices once given stay given when the book changes. "narrator" is a name like any other for --set and
    --style. Everything can be edited by hand in cast.toml as well.
    """
    from audiobook.cast import read_cast
    from audiobook.pipeline.recasting import Changes, change, parts
    from audiobook.project import open_project
    from audiobook.queue.lock import project_lock

    opened = open_project(project)
    changes = Changes(**given)
    if changes:
        with project_lock(project):
            script, cast_now = change(opened, changes)
    else:
        script, cast_now = opened.read_script(), read_cast(opened.cast_file)
    found = parts(script, cast_now)
    if as_json:
        print_json([as_document(part) for part in found])
        return
    for line in table(found):
        click.echo(line)


def as_document(part: Part) -> dict[str, Any]:
    """One part for `--json`."""
    return {
        "name": part.name or "narrator",
        "voice": part.role.voice,
        "style": part.role.style,
        "gender": part.role.gender,
        "age": part.role.age,
        "aliases": list(part.role.aliases),
        "lines": part.lines,
        "words": part.words,
        "chapters": list(part.chapters),
        "samples": list(part.samples),
    }


def table(found: list[Part]) -> list[str]:
    """The parts for a person."""
    width = max((len(part.name or "narrator") for part in found), default=8)
    voice = max((len(part.role.voice) for part in found), default=5)
    lines = []
    for part in found:
        traits = " ".join(filter(None, (part.role.gender, part.role.age)))
        lines.append(
            f"{part.name or 'narrator':<{width}}  {part.role.voice or '-':<{voice}}  {part.lines:>5} lines"
            f"  {traits:<8}  chapters {spans(part.chapters)}"
        )
        style = [f"style: {part.role.style}"] if part.role.style else []
        aliases = [f"also {', '.join(part.role.aliases)}"] if part.role.aliases else []
        lines += [f"{'':<{width}}  {text}" for text in (*style, *aliases, *part.samples)]
    return lines


def spans(numbers: tuple[int, ...]) -> str:
    """`1-3, 7` for (1, 2, 3, 7)."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs) or "-"
