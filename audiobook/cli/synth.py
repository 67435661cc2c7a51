"""`audiobook synth`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audiobook.cli.common import duration, note, print_json
from audiobook.cli.options import json_option

if TYPE_CHECKING:
    from audiobook.project import Project
    from audiobook.queue.progress import Summary
    from audiobook.queue.worker import RunOptions


@click.command(epilog="Example: audiobook synth projects/alice --budget 20")
@click.argument("projects", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--chapters", help="Only these chapters, by number: 2-5,7. For one project.")
@click.option(
    "--budget", type=click.FloatRange(min=0), help="Spend no more than this on each project, in all."
)
@click.option("--retry-failed", is_flag=True, help="Record only the lines that failed before.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Requests (or processes) at once.")
@click.option("--ray", "address", metavar="ADDRESS", help="Work on a Ray cluster: auto, HOST:PORT or ray://…")
@click.option("--quiet", "-q", is_flag=True, help="Only the last line.")
@click.option("--verbose", "-v", is_flag=True, help="Tell more, and log more.")
@json_option
def synth(projects: tuple[Path, ...], as_json: bool, **given: Any) -> int:
    """Record all lines that have no take yet.

    Several PROJECTS are recorded together and take turns, so that none has to wait for a longer one. A line
    that fails is left out and listed at the end; the others go on. Ctrl-C leaves within a second or two,
    and the same command goes on where it was.
    """
    if given["verbose"]:
        logging.getLogger("audiobook").setLevel(logging.DEBUG)
    from audiobook.pipeline.recording import record_projects
    from audiobook.pipeline.synthesis import complaint

    found = record_projects(
        projects,
        _options(given),
        chapters=given["chapters"],
        budget=given["budget"],
        listener=_listener(given),
        address=given["address"],
    )
    if as_json:
        print_json([_document(project, summary) for project, summary in found])
    code = 0
    for project, summary in found:
        problem = complaint(project, summary)
        if problem is None and not as_json:
            click.echo(_done(project, summary))
        elif problem is not None:
            note(f"audiobook: {problem.message}")
            _list_failures(project, summary)
            code = code or problem.exit_code
    return code


def _options(given: dict[str, Any]) -> RunOptions:
    from audiobook.queue.worker import RunOptions

    return RunOptions(jobs=given["jobs"], retry_failed=given["retry_failed"])


def _listener(given: dict[str, Any]) -> Any:
    from audiobook.cli.progress import Recording

    return lambda project: Recording(project, given["quiet"], given["verbose"])


def _done(project: Project, summary: Summary) -> str:
    money = ", ".join(
        f"{amount:.2f} {currency}" for currency, amount in summary.spent.amounts.items() if amount
    )
    new = (
        f"{summary.done} lines recorded, {duration(summary.seconds)} of audio"
        if summary.done
        else "nothing to do"
    )
    return f"{project.folder}: {new}, {money or 'nothing'} spent in all"


def _list_failures(project: Project, summary: Summary, shown: int = 20) -> None:
    from audiobook.pipeline.synthesis import script_place

    for failure in summary.failures[:shown]:
        note(f"  {script_place(project, failure)}: {failure.message}")
    if len(summary.failures) > shown:
        note(f"  … and {len(summary.failures) - shown} more: audiobook status --all {project.folder}")


def _document(project: Project, summary: Summary) -> dict[str, Any]:
    from dataclasses import asdict

    document = asdict(summary)
    document["project"] = str(project.folder)
    document["stop"] = summary.stop.message if summary.stop else None
    document["complete"] = summary.complete
    return document
