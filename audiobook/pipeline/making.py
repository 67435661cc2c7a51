"""`make`, `new`, `assemble`: the steps in their order, each doing only what is missing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiobook import files
from audiobook.assembly.plan import Listener as AssemblyListener
from audiobook.assembly.plan import Product, Silent
from audiobook.audio.takes import TakeStore
from audiobook.book import Book
from audiobook.cast import Cast, read_cast, write_cast
from audiobook.errors import LinesFailed, TakeError
from audiobook.pipeline.ahead import EncodeAhead
from audiobook.pipeline.attributing import carry_over
from audiobook.pipeline.casting import ensure_cast
from audiobook.pipeline.importing import BookInfo, locate
from audiobook.pipeline.opening import Change, opened
from audiobook.pipeline.planning import Engines, Plan, chosen_numbers, plan
from audiobook.pipeline.producing import (
    Made,
    assembly_plan,
    assembly_settings,
    made_key,
    recall_made,
    remember_made,
)
from audiobook.pipeline.reading import Listener as ReadingListener
from audiobook.pipeline.reading import import_source, language_of
from audiobook.pipeline.recasting import read_series
from audiobook.pipeline.synthesis import Assignment, complaint, record
from audiobook.project import Project, open_project
from audiobook.queue.progress import Listener as QueueListener
from audiobook.queue.store import open_store
from audiobook.queue.worker import RunOptions

if TYPE_CHECKING:
    from audiobook.assembly import Assembler

_RECORD_AGAIN = 2
"""How often takes that turn out damaged are recorded again before giving up."""


class Quiet(Silent):
    """Hears about everything, says nothing."""

    def step(self, text: str) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who hears about each part of the road."""

    reading: ReadingListener = field(default_factory=Quiet)
    recording: Callable[[Project], QueueListener] = lambda _: QueueListener()
    assembly: AssemblyListener = field(default_factory=Quiet)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A project whose script, cast and plan are up to date."""

    project: Project
    info: BookInfo
    engines: Engines
    plan: Plan


def prepare(
    project: Project, listener: ReadingListener, book: Book | None = None, earlier: Cast | None = None
) -> Prepared:
    """Import, cast and plan; people keep the voices they have in `earlier`, the cast of a book before.

    Raises what those steps raise.
    """
    info = import_source(project, listener, book)
    if earlier is not None:
        write_cast(project.cast_file, carry_over(read_cast(project.cast_file), earlier))
    engines = Engines.of(project.settings)
    language = language_of(project, info.metadata.language)
    script = project.read_script()
    chosen_numbers(project, len(script))
    ensure_cast(project, script, info.voices, engines, language)
    return Prepared(project, info, engines, plan(project, script, language, engines))


def with_chapters(project: Project, chapters: str | None) -> Project:
    """The project with only some of its chapters chosen, for this run alone."""
    if not chapters:
        return project
    settings = replace(project.settings, text=replace(project.settings.text, chapters=chapters))
    return replace(project, settings=settings)


def new(
    source: Path,
    folder: Path | None,
    change: Change,
    listener: ReadingListener,
    series: Path | None = None,
) -> Prepared:
    """Make a project, or bring one up to date with its source, without recording anything."""
    earlier = read_series(series) if series is not None else None
    with opened(source, folder, change) as (project, book):
        ready = prepare(project, listener, book, earlier)
        ready.engines.close()
        return ready


def make(
    source: Path,
    folder: Path | None,
    change: Change,
    listeners: Listeners,
    *,
    chapters: str | None = None,
    series: Path | None = None,
    options: RunOptions | None = None,
) -> tuple[Made, bool]:
    """Everything in one go; returns what was made, and whether anything was left to do.

    Raises LinesFailed where lines have no take (everything else is kept), Interrupted, and what the steps
    raise.
    """
    earlier = read_series(series) if series is not None else None
    with opened(source, folder, change) as (stored, book):
        project = with_chapters(stored, chapters)
        made = recall_made(project, made_key(project)) if earlier is None else None
        if made is not None:
            return made, False
        ready = prepare(project, listeners.reading, book, earlier)
        try:
            return finish(ready, listeners, options), True
        finally:
            ready.engines.close()


def finish(ready: Prepared, listeners: Listeners, options: RunOptions | None = None) -> Made:
    """Record what is missing, assemble, check, and remember. Raises like `make`."""
    key = made_key(ready.project)
    takes = TakeStore(ready.project.takes_folder)
    for last in (False,) * _RECORD_AGAIN + (True,):
        with assembler_of(ready, listeners.assembly) as assembler:
            record_missing(ready, listeners, options, assembler)
            try:
                product = finish_assembly(ready, assembler)
                break
            except TakeError as error:
                if last or not error.names:
                    raise
                listeners.reading.warning(error.message)
                for name in error.names:
                    takes.remove(name)
    return remember_made(ready.project, key, product, cost_so_far(ready.project), ready.info)


def record_missing(
    ready: Prepared,
    listeners: Listeners,
    options: RunOptions | None = None,
    assembler: Assembler | None = None,
) -> None:
    """Record every line that has no take. Raises the reason if any line is left without."""
    listener = listeners.recording(ready.project)
    # An embedded voice uses all cores itself, but not while it starts, stores takes and waits for the disk.
    if assembler is not None:
        takes = TakeStore(ready.project.takes_folder)
        listener = EncodeAhead(listener, assembler, ready.plan, takes)
    (summary,) = record([Assignment(ready.project, ready.plan, ready.engines, listener)], options)
    problem = complaint(ready.project, summary)
    if problem is not None:
        raise problem


def assembler_of(ready: Prepared, listener: AssemblyListener) -> Assembler:
    """The assembler of a project. Raises BookError where nothing can be heard, ScriptError."""
    from audiobook.assembly import Assembler  # not needed to see that a book is finished

    wanted = assembly_plan(ready.project, ready.info, ready.plan)
    takes = TakeStore(ready.project.takes_folder)
    settings = assembly_settings(ready.project)
    return Assembler(wanted, takes, settings, ready.project.folder, listener)


def finish_assembly(ready: Prepared, assembler: Assembler) -> Product:
    """Make and check the files. Raises TakeError, ProductError, StorageError."""
    assembler.plan = replace(assembler.plan, cost=cost_so_far(ready.project))
    return assembler.finish()


def cost_so_far(project: Project) -> str:
    """All money this project has spent, "" for none."""
    if not project.queue_file.exists():
        return ""
    with open_store(project.queue_file) as store:
        amounts = store.spent().amounts
    return ", ".join(f"{amount:.2f} {currency}" for currency, amount in amounts.items() if amount)


def assemble_project(folder: Path, change: Change, listeners: Listeners, chapters: str | None = None) -> Made:
    """Assemble a project whose takes are all there. Raises LinesFailed naming how many are not."""
    open_project(folder)  # a folder that is none is refused, not made into one
    with opened(folder, folder, change) as (stored, _):
        project = with_chapters(stored, chapters)
        ready = prepare(project, listeners.reading)
        try:
            key = made_key(project)
            store = TakeStore(project.takes_folder)
            missing = sum(not store.has(name) for name in ready.plan.takes())
            if missing:
                raise LinesFailed(
                    f"{folder}: {missing} lines have no recording yet; make them with: "
                    f"audiobook synth {folder}"
                )
            with assembler_of(ready, listeners.assembly) as assembler:
                product = finish_assembly(ready, assembler)
            return remember_made(project, key, product, cost_so_far(project), ready.info)
        finally:
            ready.engines.close()


def preview(
    source: Path,
    folder: Path | None,
    scratch: Path,
    change: Change,
    listener: ReadingListener,
    chapters: str | None = None,
    series: Path | None = None,
) -> Prepared:
    """Import and plan in `scratch`, leaving the project as it is.

    What comes back names the real folder, so that takes which are there already are seen.
    """
    place, exists = locate(source, folder)
    mirror = scratch / (place.name or "book")
    if exists:
        with files.storage("read", place):
            shutil.copytree(place, mirror, ignore=_no_audio)
        if source.resolve() == place.resolve():
            source = mirror
    earlier = read_series(series) if series is not None else None
    with opened(source, mirror, change) as (stored, book):
        ready = prepare(with_chapters(stored, chapters), listener, book, earlier)
    return replace(ready, project=replace(ready.project, folder=place))


def _no_audio(folder: str, names: list[str]) -> set[str]:
    heavy = {"takes", "output", "queue.sqlite", "queue.sqlite-wal", "queue.sqlite-shm", ".lock"}
    return {name for name in names if name in heavy or (Path(folder).name == "cache" and name != "book.json")}
