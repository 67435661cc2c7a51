"""Read the source into the project: parse, attribute, write the script, and give everybody a voice."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from audiobook.book import Book
from audiobook.cast import Cast, Role, read_cast, write_cast
from audiobook.errors import BookError, ProjectError
from audiobook.parsing import read_book
from audiobook.parsing.options import ReadOptions, from_flags
from audiobook.pipeline.attributing import attribute_book, doubts_of, remember_doubts
from audiobook.pipeline.importing import BookInfo, book_info, import_key, recall, remember, write_hints
from audiobook.pipeline.reimport import merge
from audiobook.pipeline.screenplay import Manner, Screenplay, lay_out, screenplay
from audiobook.project import Project, TextSettings
from audiobook.speakers import Attribution


class Listener(Protocol):
    """Hears what is being done."""

    def step(self, text: str) -> None:
        """A step begins."""

    def warning(self, text: str) -> None:
        """One line for the person."""


def read_options(text: TextSettings) -> ReadOptions:
    """The parser's options from the project's settings. Raises UsageError."""
    given = {key: getattr(text, key) for key in ("notes", "tables", "figures", "code") if getattr(text, key)}
    return from_flags(text.include, text.exclude, **given)


def language_of(project: Project, book_language: str) -> str:
    """The language everything is read in, where a line says nothing else."""
    return project.settings.text.language or book_language or "en"


def check_book(book: Book) -> None:
    """Raise BookError when nothing in the book can be spoken."""
    if not any(chapter.text.strip() or chapter.title.strip() for chapter in book.chapters):
        reasons = sorted({skipped.reason for skipped in book.skipped})
        left_out = f" (left out: {', '.join(reasons)}; see audiobook chapters)" if reasons else ""
        raise BookError(f"there is no text to speak in this book{left_out}")


def import_source(project: Project, listener: Listener, book: Book | None = None) -> BookInfo:
    """Bring script, hints and what is remembered of the book up to date with the source.

    `book` is the source as just read, where the caller has it.
    Does nothing when source and reading options are those of the last import. Raises BookError, UsageError,
    ProjectError, StorageError.
    """
    key = import_key(project.settings)
    info = recall(project)
    if info is not None and info.imported == key and project.script_files():
        return info
    if project.source is None:
        raise ProjectError(
            f"{project.folder} has no source; run audiobook make BOOK --project {project.folder}"
        )
    listener.step(f"reading {project.source.name}")
    if book is None:
        book = read_book(project.source, read_options(project.settings.text))
        check_book(book)
    language = language_of(project, book.metadata.language)
    text = lay_out(book).text
    found = attribute_book(project, text, language, listener)
    play = screenplay(book, found.quotes, Manner(language, directions=project.settings.text.direction))
    for warning in book.warnings:
        listener.warning(warning)
    _rewrite(project, play, listener)
    _remember_people(project, found)
    remember_doubts(project, doubts_of(text, found.quotes, play.chapters))
    info = book_info(book, list(play.chapters), key)
    remember(project, info)  # last: from here on the import is done
    return info


def _rewrite(project: Project, play: Screenplay, listener: Listener) -> None:
    """Write the script, with what a person had corrected wherever its text is unchanged."""
    project.mend_script()
    previous = project.read_script(project.generated_folder)
    merged, report = merge(previous, project.read_script(), play.chapters)
    with project.rewriting_script() as folder:
        generated = folder / project.generated_folder.name
        project.write_script(merged, folder)
        project.write_script(play.chapters, generated)
        write_hints(generated, play.hints)
    if report.kept:
        listener.step(f"kept {report.kept} corrections in script/")
    for text in report.lost:
        listener.warning(f"a correction no longer has its place in the book: {text}")


def _remember_people(project: Project, found: Attribution) -> None:
    """Enter everybody who speaks into the cast, without a voice yet; what is there stays."""
    cast = read_cast(project.cast_file)
    characters = dict(cast.characters)
    for person in found.people:
        if person.lines and person.name not in characters:
            characters[person.name] = Role(aliases=person.aliases, gender=person.gender, age=person.age)
    if characters != cast.characters:
        write_cast(project.cast_file, replace(cast, characters=characters))


def new_cast_for(cast: Cast, engine: str) -> Cast:
    """The cast with the voices of other engines taken away, for a book that changes its engine."""

    def keep(role: Role) -> Role:
        return role if role.voice.startswith(engine + ":") else replace(role, voice="")

    return Cast(
        keep(cast.narrator), {name: keep(role) for name, role in cast.characters.items()}, cast.manner
    )
