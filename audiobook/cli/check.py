"""`audiobook check`: measure audio files against what a retailer asks for."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from audiobook.cli.common import note, print_json
from audiobook.errors import ProductError

if TYPE_CHECKING:
    from audiobook.assembly.check import Measured, Requirement

_PROFILES = ("acx", "audiobook", "podcast")


def _show(measured: Measured, requirements: list[Requirement]) -> None:
    click.echo(str(measured.path))
    for each in requirements:
        mark = "pass" if each.passed else "FAIL"
        click.echo(f"  {mark}  {each.what:<20} {each.found:<14} wanted: {each.wanted}")


def _document(measured: Measured, requirements: list[Requirement]) -> dict[str, object]:
    return {
        **asdict(measured),
        "path": str(measured.path),
        "passed": all(each.passed for each in requirements),
        "requirements": [asdict(each) for each in requirements],
    }


@click.command(epilog="Example: audiobook check output/*.mp3 --profile acx")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--profile", type=click.Choice(_PROFILES), default="acx", show_default=True, help="What to hold against."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def check(files: tuple[Path, ...], profile: str, as_json: bool) -> int:
    """Measure audio FILEs against a profile, and exit with 6 when one of them does not pass.

    Any file can be checked, made by audiobook or not: format, bit rate, loudness, peaks, noise floor, and
    the silence at both ends, each with the value that was measured and the one that is asked for.
    """
    from audiobook.assembly.check import ACX_WARNING, check_file

    results = [check_file(path, profile) for path in files]
    if as_json:
        print_json([_document(*result) for result in results])
    else:
        for result in results:
            _show(*result)
    if profile == "acx" and not as_json:
        note(f"note: {ACX_WARNING}")
    failed = sum(1 for _, requirements in results if not all(each.passed for each in requirements))
    return ProductError.exit_code if failed else 0
