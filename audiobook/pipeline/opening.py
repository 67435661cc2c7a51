"""Open or make a project for a source. A source that cannot be read leaves nothing behind."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from audiobook import files
from audiobook.book import Book
from audiobook.cast import Cast, read_cast, write_cast
from audiobook.engines import engine_class
from audiobook.errors import BookError, ProjectError
from audiobook.parsing import read_book
from audiobook.pipeline.importing import locate, with_source
from audiobook.pipeline.planning import Engines
from audiobook.pipeline.reading import check_book, new_cast_for, read_options
from audiobook.project import Project, ProjectSettings, open_project
from audiobook.queue.lock import project_lock

Change = Callable[[ProjectSettings], ProjectSettings]


@contextlib.contextmanager
def opened(source: Path, folder: Path | None, change: Change) -> Iterator[tuple[Project, Book | None]]:
    """The project of a source, locked, its settings changed by `change`, the source recorded.

    Yields the book too where it had to be read to make the project. Raises BookError, ProjectError,
    ProjectBusy, UsageError, ScriptError, StorageError.
    """
    if not source.exists():
        raise BookError(f"{source}: there is no such file")
    place, exists = locate(source, folder)
    if exists:
        with project_lock(place):
            yield _reopened(open_project(place), source, change), None
        return
    if source.is_dir() and place.resolve().is_relative_to(source.resolve()):
        raise ProjectError(
            f"{place} would lie inside the book it is a project of; give it a folder elsewhere with --project"
        )
    settings = change(ProjectSettings())
    _check(settings)  # an unknown engine or voice is said before anything is made
    book = read_book(source, read_options(settings.text))
    check_book(book)
    if place.exists() and not place.is_dir():
        raise ProjectError(f"{place} is a file; give the project another folder with --project")
    files.make_folder(place)
    with project_lock(place):
        project = with_source(Project(place, settings), source)
        yield project.with_settings(project.settings), book


def _check(settings: ProjectSettings) -> None:
    """Raise UsageError when there is no such engine or voice."""
    engine_class(settings.engine)
    if settings.voice:
        engines = Engines.of(settings)
        engines.of_voice(settings.voice)
        engines.close()


def _reopened(project: Project, source: Path, change: Change) -> Project:
    wanted = change(project.settings)
    _check(wanted)
    if source.resolve() != project.folder.resolve():
        project = with_source(project, source)
        wanted = replace(wanted, source=project.settings.source)
    if wanted.engine != project.settings.engine:
        cast = read_cast(project.cast_file)
        write_cast(project.cast_file, new_cast_for(cast, wanted.engine))
    if wanted.voice and wanted.voice != project.settings.voice:
        _narrate(project, wanted.voice)
    return project.with_settings(wanted)


def _narrate(project: Project, voice: str) -> None:
    """The narrator's voice, asked for on the command line, goes into the cast that is there."""
    cast = read_cast(project.cast_file)
    if cast != Cast():
        write_cast(project.cast_file, replace(cast, narrator=replace(cast.narrator, voice=voice)))
