"""`audiobook chapters`: what of a book is spoken, what is left out, and why."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audiobook.cli.common import note, print_json

if TYPE_CHECKING:
    from audiobook.book import Book, Chapter

_SHOWN_SKIPS = 12
_TITLE_WIDTH = 56


def _written(chapter: Chapter) -> str:
    """The author's words of a chapter, with its heading where the page has one."""
    text = chapter.text
    return f"{chapter.heading}\n\n{text}" if chapter.heading else text


def _as_json(book: Book) -> dict[str, Any]:
    data = book.metadata
    return {
        "title": data.title,
        "authors": list(data.authors),
        "language": data.language,
        "chapters": [
            {
                "title": chapter.title,
                "level": chapter.level,
                "kind": chapter.kind.value,
                "number": chapter.number,
                "words": len(chapter.text.split()),
                "where": chapter.where,
                "text": _written(chapter),
            }
            for chapter in book.chapters
        ],
        "skipped": [{"reason": part.reason, "where": part.where, "text": part.text} for part in book.skipped],
        "warnings": list(book.warnings),
    }


def _short(text: str, width: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _show(book: Book) -> None:
    """A table for people."""
    data = book.metadata
    click.echo(f"{data.title or 'Untitled'} — {', '.join(data.authors) or 'unknown author'}")
    click.echo()
    click.echo(f"{'no.':>5}  {'words':>8}  {'kind':<15} title")
    for chapter in book.chapters:
        title = "  " * (chapter.level - 1) + (chapter.title or "(no title)")
        words = len(chapter.text.split())
        click.echo(
            f"{chapter.number:>5}  {words:>8,}  {chapter.kind.value:<15} {_short(title, _TITLE_WIDTH)}"
        )
    total = sum(len(chapter.text.split()) for chapter in book.chapters)
    click.echo(f"{'':>5}  {total:>8,}  spoken in {len(book.chapters)} chapters")
    _show_skipped(book)
    for warning in book.warnings:
        note(f"warning: {warning}")


def _show_skipped(book: Book) -> None:
    """Whole parts one by one, small things by their number."""
    counts = Counter(part.reason for part in book.skipped)
    if not counts:
        return
    click.echo()
    click.echo("left out:")
    for reason, count in counts.most_common():
        parts = [part for part in book.skipped if part.reason == reason]
        characters = sum(len(part.text) for part in parts)
        click.echo(f"  {reason}: {count} × ({characters:,} characters)")
        for part in parts[: 3 if count > _SHOWN_SKIPS else _SHOWN_SKIPS]:
            click.echo(f"      {_short(part.where, 40):<40} {_short(part.text, 50)}")


@click.command(
    epilog="Example: audiobook chapters alice.epub --include contents --exclude dedication --notes paragraph"
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document with the whole text.")
@click.option(
    "--include", multiple=True, metavar="KINDS", help="Speak these parts too: contents, index, notes, …"
)
@click.option("--exclude", multiple=True, metavar="KINDS", help="Do not speak these: dedication, appendix, …")
@click.option("--notes", default="skip", help="Notes: skip, inline, paragraph or chapter.", show_default=True)
@click.option("--tables", default="read", help="Tables: read, headers or skip.", show_default=True)
@click.option("--figures", default="skip", help="Words for pictures: skip or alt.", show_default=True)
@click.option("--code", default="read", help="Program code: read or skip.", show_default=True)
def chapters(
    file: Path,
    as_json: bool,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    notes: str,
    tables: str,
    figures: str,
    code: str,
) -> int:
    """Show the chapters of a book and what is skipped.

    FILE is an EPUB, a Markdown or plain text file, an FB2 or DOCX file, or a folder or ZIP of Markdown
    files. Nothing is synthesized and nothing is written: this is the place to look before it costs anything.

    Kinds of parts are chapter, part, dedication, epigraph, foreword, preface, introduction, prologue,
    epilogue, afterword, authors-note, acknowledgments, appendix, glossary, about (spoken unless excluded)
    and cover, titlepage, copyright, contents, notes, bibliography, index, illustrations, colophon,
    advertisement, license (left out unless included).
    """
    from audiobook.parsing import from_flags, read_book

    options = from_flags(include, exclude, notes, tables, figures, code)
    book = read_book(file, options)
    if as_json:
        print_json(_as_json(book))
    else:
        _show(book)
    return 0
