"""`audiobook lexicon`: names and odd words, and how they are pronounced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audiobook.cli.common import note, print_json
from audiobook.cli.options import json_option
from audiobook.errors import UsageError

if TYPE_CHECKING:
    from audiobook.normalization.lexicon import Entry, Lexicon
    from audiobook.project import Project

Lines = Iterator[tuple[str, str, str]]
"""(chapter, speaker, text)"""

project_option = click.option(
    "--project",
    "folder",
    type=click.Path(path_type=Path),
    help="Project folder; default: this folder, or the only one under projects/.",
)


def _project(folder: Path | None) -> Project:
    from audiobook.project import is_project, open_project

    if folder is not None:
        return open_project(folder)
    if is_project(Path()):
        return open_project(Path())
    found = sorted(path for path in Path("projects").glob("*") if is_project(path))
    if len(found) != 1:
        what = "no project here" if not found else f"{len(found)} projects here"
        raise UsageError(f"{what}; say which one with --project FOLDER")
    return open_project(found[0])


def _script_lines(project: Project) -> Lines:
    for name, chapter in project.read_script().items():
        title = chapter.title.text if chapter.title else name
        for line in chapter.lines():
            yield title, line.speaker, line.text


def _book_lines(path: Path) -> tuple[Lines, str]:
    from audiobook.parsing import read_book

    book = read_book(path)

    def lines() -> Lines:
        for chapter in book.chapters:
            for block in chapter.blocks:
                yield chapter.title, "", block.text

    return lines(), book.metadata.language or "en"


def _language(project: Project) -> str:
    settings = project.settings
    return settings.text.language or getattr(settings, "metadata", {}).get("language", "") or "en"


@click.group(epilog="Example: audiobook lexicon suggest book.epub")
def lexicon() -> None:
    """Find names and odd words, and say how they are pronounced.

    A project's lexicon.toml holds respellings and IPA for words, phrases and patterns. Changing an entry
    records only those lines again that contain it.
    """


@lexicon.command(epilog="Example: audiobook lexicon suggest alice.epub --least 3")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--least", default=2, show_default=True, help="Leave out what occurs less often.")
@click.option("--limit", default=100, show_default=True, help="Show this many; 0: all.")
@json_option
def suggest(source: Path, least: int, limit: int, as_json: bool) -> int:
    """List names and odd words of a BOOK or PROJECT by frequency, with their first place.

    What the project's lexicon has already is left out. Listen to one with: audiobook say --word WORD
    """
    from audiobook.normalization.lexicon import EMPTY, read_lexicon
    from audiobook.normalization.suggestions import suggest as find
    from audiobook.project import is_project, open_project

    if is_project(source):
        project = open_project(source)
        lines, language, known = (
            _script_lines(project),
            _language(project),
            read_lexicon(project.lexicon_file),
        )
    else:
        lines, language = _book_lines(source)
        known = EMPTY
    found = find(lines, language, known, least)
    found = found[:limit] if limit else found
    if as_json:
        print_json(
            [
                {
                    "word": one.word,
                    "kind": one.kind,
                    "count": one.count,
                    "chapter": one.chapter,
                    "sentence": one.sentence,
                    "text": one.text,
                }
                for one in found
            ]
        )
        return 0
    for one in found:
        place = f"{one.chapter[:30]}, sentence {one.sentence}"
        click.echo(f"{one.count:6} {one.word:24} {one.kind:8} {place}: {one.text[:60]}")
    if not found:
        note("no names or odd words found; try --least 1")
    return 0


@lexicon.command(epilog="Example: audiobook lexicon add Hermione --say 'Her MY oh nee'")
@click.argument("word")
@click.option("--say", default="", help="A respelling, spoken instead.")
@click.option("--ipa", default="", help="Its sound in the International Phonetic Alphabet.")
@click.option("--language", default="", help="Only in text of this language (BCP 47).")
@click.option("--speaker", default="", help="Only when this character speaks.")
@click.option("--case/--no-case", "case", default=None, help="Exactly as written, or in any case.")
@project_option
def add(
    word: str, say: str, ipa: str, language: str, speaker: str, case: bool | None, folder: Path | None
) -> int:
    """Add WORD (or a phrase) to a project's lexicon, keeping the file's comments and order.

    A word in lower case is found in any case, one with a capital as it is written and in capitals.
    Engines that take no phonemes ignore --ipa and say the word, or the --say given with it.
    """
    from audiobook.normalization.lexicon_file import add_to_file

    if not say.strip() and not ipa.strip():
        raise UsageError(f"how is “{word}” said? Give --say or --ipa")
    project = _project(folder)
    extra: dict[str, str | bool] = {"language": language, "speaker": speaker}
    if case is not None:
        extra["case"] = case
    add_to_file(project.lexicon_file, word, say=say.strip(), ipa=ipa.strip(), extra=extra)
    note(f"{project.lexicon_file}: {word} is said {say or ipa}")
    return 0


def _row(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {"match" if entry.pattern else "word": entry.written}
    for key in ("say", "ipa", "case", "language", "speaker"):
        value = getattr(entry, key)
        if value not in ("", None):
            row[key] = value
    return row


def _describe(row: dict[str, Any]) -> str:
    written = row.get("word") or f"/{row['match']}/"
    said = " ".join(filter(None, [row.get("say", ""), f"[{row['ipa']}]" if "ipa" in row else ""]))
    scope = ", ".join(
        f"{key} {str(row[key]).lower()}" if key == "case" else f"{key} {row[key]}"
        for key in ("language", "speaker", "case")
        if key in row
    )
    return f"{written:24} {said}{f'  ({scope})' if scope else ''}"


@lexicon.command("list", epilog="Example: audiobook lexicon list --project projects/alice")
@project_option
@json_option
def list_(folder: Path | None, as_json: bool) -> int:
    """List the entries of a project's lexicon."""
    from audiobook.normalization.lexicon import read_lexicon

    rows = [_row(entry) for entry in read_lexicon(_project(folder).lexicon_file).entries]
    if as_json:
        print_json(rows)
        return 0
    for row in rows:
        click.echo(_describe(row))
    if not rows:
        note("the lexicon is empty; add a word with: audiobook lexicon add WORD --say …")
    return 0


def _uses(known: Lexicon, lines: Lines, language: str) -> dict[Entry, tuple[int, str]]:
    """How many lines each entry changes, and the first of them."""
    from audiobook.normalization.typography import repair

    uses: dict[Entry, tuple[int, str]] = {}
    for _, speaker, written in lines:
        for entry in {found[3] for found in known.find(repair(written)[0], language, speaker)}:
            count, first = uses.get(entry, (0, written))
            uses[entry] = (count + 1, first)
    return uses


@lexicon.command(epilog="Example: audiobook lexicon check --project projects/alice")
@project_option
@json_option
def check(folder: Path | None, as_json: bool) -> int:
    """Check a project's lexicon: does it parse, and how many lines does each entry change?

    An entry that changes no line is probably misspelt.
    """
    from audiobook.normalization import spoken
    from audiobook.normalization.lexicon import read_lexicon

    project = _project(folder)
    known, language = read_lexicon(project.lexicon_file), _language(project)
    uses = _uses(known, _script_lines(project), language)
    rows = []
    for entry in known.entries:
        count, first = uses.get(entry, (0, ""))
        said = spoken(first, language, lexicon=known, speaker=entry.speaker).text if first else ""
        rows.append({**_row(entry), "lines": count, "example": said})
    if as_json:
        print_json(rows)
        return 0
    for row in rows:
        lines = f"{row['lines']} lines" if row["lines"] != 1 else "1 line"
        click.echo(f"{lines:>10}  {_describe(row)}")
        if row["example"]:
            click.echo(f"{'':12}{row['example'][:90]}")
    unused = [row for row in rows if not row["lines"]]
    if unused:
        note(f"{len(unused)} of {len(rows)} entries change no line; are they spelt as the book spells them?")
    return 0
