"""`audiobook status`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audiobook.cli.common import duration, print_json
from audiobook.cli.options import json_option, project_argument

if TYPE_CHECKING:
    from audiobook.pipeline.status import ProjectStatus
    from audiobook.queue.jobs import Tally

_SHOWN = 40
"""Rows of a table, and failed lines, that are shown without --all."""


@click.command(epilog="Example: audiobook status projects/alice")
@project_argument
@click.option("--all", "show_all", is_flag=True, help="Show every speaker and every failed line.")
@json_option
def status(project: Path, show_all: bool, as_json: bool) -> None:
    """Show what is done, what is missing, and what it costs.

    Looks at the script, the cast and the lexicon as they are now: after an edit it says how many lines are
    going to be recorded again and what they cost, per chapter and per speaker. Changes nothing, and
    may be run at any time from another terminal.
    """
    from audiobook.cli.estimate import as_document
    from audiobook.pipeline.status import status as look
    from audiobook.project import open_project

    found = look(open_project(project))
    if as_json:
        print_json(as_document(found))
        return
    for line in report(found, None if show_all else _SHOWN):
        click.echo(line)


def report(found: ProjectStatus, shown: int | None = None) -> list[str]:
    """Status for a person: tables per chapter and per speaker, money, failures."""
    from audiobook.cli.estimate import describe_needs, money

    total = found.total
    lines = [*_table("chapter", found.chapters, None), "", *_table("speaker", found.speakers, shown), ""]
    lines.append(
        f"{total.done} of {total.lines} lines are recorded ({duration(total.seconds)} of audio); "
        f"{total.to_do} recordings to make"
    )
    lines += describe_needs(found.needs)
    if found.spent.requests:
        spent = ", ".join(money(amount, currency) for currency, amount in found.spent.amounts.items())
        lines.append(f"spent so far: {spent} for {found.spent.requests} requests ({found.spent.units} units)")
    if found.lost.requests:
        lines.append(f"{found.lost.requests} requests were cut off and may have been billed as well")
    if found.failures:
        lines.append(f"{len(found.failures)} recordings failed (again with: audiobook synth --retry-failed):")
        for failure in found.failures[:shown]:
            trace = f" (trace {failure.trace})" if failure.trace else ""
            lines.append(f"  chapter {failure.chapter}: “{failure.text[:60]}”: {failure.message}{trace}")
        if shown is not None and len(found.failures) > shown:
            lines.append(f"  … and {len(found.failures) - shown} more; see them with --all")
    if not found.fresh:
        lines.append(f"as of the last run: {found.note}")
    if found.holder:
        lines.append(f"at work now: {found.holder}")
    return lines


def _table(name: str, tallies: Sequence[Tally], shown: int | None) -> list[str]:
    costs = any(tally.cost for tally in tallies)
    rows = [(name, "lines", "done", "to record", "failed", "audio", "cost" if costs else "")]
    rows += [
        (
            " ".join(filter(None, (tally.key, tally.title)))[:40],
            str(tally.lines),
            str(tally.done),
            str(tally.to_do),
            str(tally.failed),
            duration(tally.seconds),
            f"{tally.cost:.2f}" if costs else "",
        )
        for tally in tallies[:shown]
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    table = [
        row[0].ljust(widths[0])
        + "".join(f"  {cell.rjust(width)}" for cell, width in zip(row[1:], widths[1:], strict=True)).rstrip()
        for row in rows
    ]
    if shown is not None and len(tallies) > shown:
        table.append(f"… and {len(tallies) - shown} more; see them with --all")
    return table
