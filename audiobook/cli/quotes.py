"""`audiobook quotes`: who says what in a text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audiobook.cli.common import print_json
from audiobook.errors import InputError

if TYPE_CHECKING:
    from audiobook.speakers import Attribution, Person


def read_roster(path: Path) -> list[Person]:
    """A cast list: `[{"name", "aliases", "gender"}]`. Raises InputError, StorageError."""
    from audiobook import files
    from audiobook.speakers import Person

    try:
        entries = json.loads(files.read_bytes(path))
        return [
            Person(
                str(entry["name"]),
                tuple(map(str, entry.get("aliases") or ())),
                str(entry.get("gender") or ""),
            )
            for entry in entries
        ]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        wanted = '[{"name": "…", "aliases": ["…"], "gender": "F"}]'
        raise InputError(f"{path}: not a cast list; it is written {wanted}") from error


def read_text(path: Path) -> str:
    """A plain text file, decoded. Raises StorageError."""
    from audiobook import files

    data = files.read_bytes(path)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def as_json(text: str, found: Attribution) -> list[dict[str, Any]]:
    """The document `quotes --json` prints: what people say in their own words, in parts where a speech
    repeats somebody else's."""
    from audiobook.speakers.nested import marks_lost, own_words

    lost = marks_lost(text)
    return [
        {
            "start": start,
            "end": end,
            "text": text[start:end],
            "speaker": quote.speaker,
            "confidence": quote.confidence,
            "evidence": quote.evidence,
        }
        for quote in found.quotes
        if quote.kind != "other"
        for start, end in own_words(text, quote.start, quote.end, lost)
    ]


@click.command(
    epilog="Example: audiobook quotes chapter.txt --cast cast.json --json",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--cast",
    "cast_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='The people who may speak, as JSON: [{"name", "aliases", "gender"}].',
)
@click.option("--language", default="en", show_default=True, help="Language of the text (BCP 47).")
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document.")
def quotes(file: Path, cast_file: Path | None, language: str, as_document: bool) -> int:
    """Show who says what in a plain text FILE, how sure that is, and why.

    Paragraphs are separated by blank lines. Without --cast the people are found in the text itself. With
    --json a speech that repeats what somebody else said is told in parts, without those words; the audiobook
    reads it in one voice.
    """
    from audiobook.speakers import attribute

    text = read_text(file)
    roster = read_roster(cast_file) if cast_file else None
    found = attribute(text, roster=roster, language=language)
    if as_document:
        print_json(as_json(text, found))
        return 0
    for quote in found.quotes:
        if quote.kind == "other":
            continue
        line = " ".join(text[quote.start : quote.end].split())
        click.echo(f"{quote.speaker or '?'} ({quote.confidence:.0%}, {quote.evidence}): {line}")
    return 0
