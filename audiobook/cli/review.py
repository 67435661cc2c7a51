"""`audiobook review`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audiobook.cli.options import project_argument

if TYPE_CHECKING:
    from audiobook.pipeline.recasting import Review

_KEYS = "1-9 choose · Enter keep · n narrator · o another name · u undo · q save and stop"


@click.command(epilog="Example: audiobook review projects/alice --below 0.6")
@project_argument
@click.option("--below", default=0.75, show_default=True, help="Show lines of less confidence than this.")
@click.option("--limit", default=0, metavar="N", help="Stop after so many lines.")
def review(project: Path, below: float, limit: int) -> None:
    """Walk through the lines whose speaker is least certain, and choose with one key each.

    Shows the line in its surroundings and who may have said it, with the reason for the first guess. Choices
    are written into the script. Doubts between the same two people in the same conversation are settled
    with the line.
    """
    from audiobook.pipeline.recasting import Review, save_review
    from audiobook.project import open_project
    from audiobook.queue.lock import project_lock

    opened = open_project(project)
    with project_lock(project):
        work = Review.of(opened, below)
        if not work.order:
            click.echo(f"no line is below {below:.0%}")
            return
        walk(work, limit)
        save_review(opened, work)
    click.echo(f"{len(work.settled)} lines settled")


def walk(work: Review, limit: int) -> None:
    """Ask about one line after the other until done or told to stop."""
    history: list[dict[int, str]] = []
    position = 0
    total = min(limit, len(work.order)) if limit else len(work.order)
    while position < total:
        number = work.order[position]
        if number in work.settled:
            position += 1
            continue
        show(work, number, position + 1, total)
        key = read_key()
        if key in ("q", "\x04", ""):
            return
        if key == "u":
            if history:
                work.settled = history.pop()
                position = next(i for i, n in enumerate(work.order) if n not in work.settled)
            continue
        name = meaning(work, number, key)
        if name is None:
            click.echo(_KEYS)
            continue
        history.append(dict(work.settled))
        changed = work.choose(number, name)
        if len(changed) > 1:
            click.echo(f"  … and {len(changed) - 1} more lines with it")
        position += 1


def show(work: Review, number: int, position: int, total: int) -> None:
    """The line, its surroundings, the candidates."""
    place, doubt = work.doubts[number]
    click.echo(f"\n[{position}/{total}] {place.file}")
    for line, here in work.surroundings(place):
        mark = ">" if here else " "
        speaker = f"[{line.speaker}] " if line.speaker else ""
        click.echo(click.style(f"{mark} {speaker}{line.text}", bold=here))
    for index, (name, share) in enumerate(doubt.candidates[:9], 1):
        reason = f"  ({doubt.evidence})" if index == 1 else ""
        click.echo(f"  {index} {name or 'the narrator'} {share:.0%}{reason}")
    click.echo(_KEYS)


def meaning(work: Review, number: int, key: str) -> str | None:
    """The name a key stands for; None for a key that means nothing here."""
    _, doubt = work.doubts[number]
    if key in ("\r", "\n"):
        return doubt.speaker or "?"
    if key == "n":
        return ""
    if key == "o":
        typed = read_line()
        return typed or None
    if key.isdecimal() and 1 <= int(key) <= len(doubt.candidates):
        return doubt.candidates[int(key) - 1][0]
    return None


def read_key() -> str:
    """One key from the terminal; one character from a pipe; "" at its end."""
    if sys.stdin.isatty():
        return click.getchar()
    return sys.stdin.read(1)


def read_line() -> str:
    """A name, to the end of the line."""
    if sys.stdin.isatty():
        return str(click.prompt("name", default="", show_default=False)).strip()
    return sys.stdin.readline().strip()
