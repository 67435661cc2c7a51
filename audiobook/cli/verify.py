"""`audiobook verify`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audiobook.cli.common import note, print_json
from audiobook.cli.options import json_option, project_argument

if TYPE_CHECKING:
    from audiobook.pipeline.checking import Findings
    from audiobook.pipeline.listening import Verdict


@click.command(epilog="Example: audiobook verify projects/alice --listen --fix")
@project_argument
@click.option("--listen", is_flag=True, help="Let a recognizer write down every take, and compare.")
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=0.25,
    show_default=True,
    help="Errors per word (per character in Chinese and Japanese) above which a line is bad.",
)
@click.option("--fix", is_flag=True, help="Record damaged takes and bad lines again; keep the best of each.")
@click.option(
    "--takes", type=click.IntRange(1, 20), default=3, show_default=True, help="With --fix: how often."
)
@json_option
def verify(project: Path, listen: bool, threshold: float, fix: bool, takes: int, as_json: bool) -> int:
    """Check the takes of a project, and listen to them with a speech recognizer.

    Without --listen every take is read back, and those that are missing or damaged are named. With --listen
    each take is transcribed (SenseVoice on SiliconFlow, or the server of [engines.listen] in the settings)
    and compared with what was to be spoken; lines that differ too much are listed. What was heard is kept
    beside each take, so that listening again costs nothing. With --fix damaged takes are recorded again, with
    --listen --fix also the lines that differ: that costs what their text costs, and the script asks for
    the best recording of each (@take=2).
    """
    from audiobook.pipeline.checking import Listening, check_project

    hearing = None
    if listen:
        hearing = Listening(threshold, takes, _progress if sys.stderr.isatty() else _quiet)
    found = check_project(project, hearing, mend=fix)
    if as_json:
        print_json(_document(found))
    else:
        for line in _report(found, hearing is not None):
            click.echo(line)
    if found.damaged:
        note(f"audiobook: {len(found.damaged)} takes are damaged; run: audiobook verify {project} --fix")
    if found.missing:
        note(f"audiobook: {found.missing} lines have no take; run: audiobook synth {project}")
    return 0 if found.good else 5


def _progress(done: int, total: int) -> None:
    click.echo(f"\rlistening {done}/{total}", nl=done == total, err=True)


def _quiet(done: int, total: int) -> None:
    """A log file needs no counting."""


def _report(found: Findings, listened: bool) -> list[str]:
    lines = [_describe(verdict) for verdict in found.flagged]
    lines += [
        f"{verdict.file}: not heard: {verdict.message}" for verdict in found.verdicts if verdict.heard is None
    ]
    lines += [f"damaged: {message}" for _, message in found.damaged]
    summary = f"{found.takes} takes, {found.missing} missing, {len(found.damaged)} damaged"
    if listened:
        words = sum(verdict.heard.length for verdict in found.verdicts if verdict.heard)
        errors = sum(verdict.heard.errors for verdict in found.verdicts if verdict.heard)
        share = f"{100 * errors / words:.1f} %" if words else "nothing"
        summary += f"; heard {len(found.verdicts)}, {share} of words wrong, {len(found.flagged)} lines bad"
        if found.mended:
            summary += f", {found.mended} mended"
    if found.product:
        summary += "; product up to date: " + ", ".join(path.name for path in found.product)
    return [*lines, summary]


def _describe(verdict: Verdict) -> str:
    assert verdict.heard is not None
    said = verdict.reading.utterance.text if verdict.reading.utterance else ""
    return (
        f"{verdict.file}, line {verdict.reading.position + 1}: {100 * verdict.heard.score.rate:.0f} % wrong\n"
        f"    to be said: {said}\n"
        f"    heard:      {verdict.heard.text or '(nothing)'}"
    )


def _document(found: Findings) -> dict[str, Any]:
    bad = {id(verdict) for verdict in found.flagged}
    return {
        "good": found.good,
        "takes": found.takes,
        "missing": found.missing,
        "damaged": [{"take": take, "message": message} for take, message in found.damaged],
        "mended": found.mended,
        "product": [str(path) for path in found.product],
        "heard": [
            {
                "file": verdict.file,
                "line": verdict.reading.position + 1,
                "take": verdict.reading.take,
                "expected": verdict.reading.utterance.text if verdict.reading.utterance else "",
                "heard": verdict.heard.text if verdict.heard else None,
                "errors": verdict.heard.errors if verdict.heard else None,
                "length": verdict.heard.length if verdict.heard else None,
                "bad": id(verdict) in bad,
                "message": verdict.message,
            }
            for verdict in found.verdicts
        ],
    }
