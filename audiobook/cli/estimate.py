"""`audiobook estimate`, and how an estimate is told."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audiobook.cli.common import duration, print_json
from audiobook.cli.options import book_options, change_settings, json_option

if TYPE_CHECKING:
    from audiobook.pipeline.making import Prepared
    from audiobook.pipeline.status import Need, ProjectStatus


@click.command(epilog="Example: audiobook estimate alice.epub --engine siliconflow")
@click.argument("source", type=click.Path(path_type=Path))
@book_options
@click.option("--chapters", help="Only these chapters, by number: 2-5,7.")
@json_option
def estimate(source: Path, as_json: bool, **given: Any) -> None:
    """Say what synthesis will cost and how long it will take, before anything is sent.

    SOURCE is a book or a project. Nothing is written. What is recorded already costs nothing any more; money
    and billed units are exact, times are about right.
    """
    from audiobook.cli.progress import Steps
    from audiobook.pipeline.making import preview

    with tempfile.TemporaryDirectory() as folder:
        ready = preview(
            source,
            given["folder"],
            Path(folder),
            lambda settings: change_settings(settings, given),
            Steps(quiet=as_json),
            given["chapters"],
            given["series"],
        )
        if as_json:
            print_json(as_document(_measured(ready)))
        else:
            tell(ready)


def _measured(ready: Prepared) -> ProjectStatus:
    from audiobook.audio.takes import TakeStore
    from audiobook.pipeline.status import measure, read_books

    try:
        books = read_books(ready.project)
        return measure(ready.plan, TakeStore(ready.project.takes_folder), ready.engines, books)
    finally:
        ready.engines.close()


def tell(ready: Prepared) -> None:
    """Print what recording the rest of a plan takes."""
    found = _measured(ready)
    total = found.total
    click.echo(
        f"{total.lines} lines in {len(found.chapters)} chapters, {len(found.speakers)} speakers; "
        f"{total.done} are recorded, {total.to_do} recordings are needed"
    )
    for line in describe_needs(found.needs):
        click.echo(line)


def describe_needs(needs: Sequence[Need]) -> list[str]:
    """One line per engine: requests, billed units, money, audio and time."""
    return [
        f"{need.engine}: {need.requests} requests, {need.units} {need.unit}, "
        f"{money(need.money, need.currency)}, about {duration(need.speech)} of audio, "
        f"done in about {duration(need.seconds)}"
        for need in needs
    ]


def money(amount: float, currency: str) -> str:
    """`1.25 CNY`, or that it costs nothing."""
    return f"{amount:.2f} {currency}".strip() if amount else "costs nothing"


def as_document(found: ProjectStatus) -> dict[str, Any]:
    """Status and estimate as one JSON document."""
    document = asdict(found)
    document["spent"]["total"] = found.spent.total
    return document
