"""What several commands share: printing one JSON document, and sizes and times for people."""

from __future__ import annotations

import json
from typing import Any

import click


def print_json(document: Any) -> None:
    """One JSON document on stdout, and nothing else there."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def note(text: str) -> None:
    """A line for the person, on stderr."""
    click.echo(text, err=True)


def duration(seconds: float) -> str:
    """`10 h 02 min`, `3 min 05 s`, `4.2 s`."""
    if seconds < 59.95:  # what is left would be written as 60.0 s
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"
