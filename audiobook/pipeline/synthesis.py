"""From a plan to takes: hand the lines to the queue and let it run."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from audiobook.errors import AudiobookError, LinesFailed
from audiobook.pipeline.planning import Engines, Plan
from audiobook.project import Project
from audiobook.queue.jobs import Failure, Job, PlannedLine
from audiobook.queue.local import local_executor
from audiobook.queue.progress import Listener, Summary
from audiobook.queue.store import open_store
from audiobook.queue.work import EngineSpec, Executor
from audiobook.queue.worker import RunOptions, Work, run

LOG_NAME = "log.txt"
_LOG_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Assignment:
    """One project that is to be recorded. Its lock is held by the caller."""

    project: Project
    plan: Plan
    engines: Engines
    listener: Listener
    budget: float | None = None  # money in all; None: as the project's settings say


def planned_lines(plan: Plan) -> Iterator[PlannedLine]:
    """The lines of a plan as the queue wants them; lines in which nothing can be spoken have no job."""
    for chapter in plan.chapters:
        for line in chapter.lines():
            if line.take and line.utterance is not None:
                engine = line.voice.partition(":")[0]
                job = Job(line.take, engine, line.utterance, line.units)
                yield PlannedLine(chapter.number, line.position, job, line.line.speaker, len(line.line.text))


@dataclass(frozen=True, slots=True)
class Queued:
    """A project whose lines are in its queue."""

    project: Project
    specs: Mapping[str, EngineSpec]
    listener: Listener
    budget: float | None


def enqueue(assignment: Assignment) -> Queued:
    """Make the plan the queue's plan. The plan itself is not needed any more then.

    Raises StorageError and ProjectError for a queue that cannot be used.
    """
    project, engines, plan = assignment.project, assignment.engines, assignment.plan
    names = sorted({line.voice.partition(":")[0] for line in plan.lines() if line.take})
    with open_store(project.queue_file) as store:
        titles = {chapter.number: chapter.title for chapter in plan.chapters}
        store.plan(planned_lines(plan), titles, {name: engines[name].price for name in names})
    specs = {name: EngineSpec.of(engines[name], engines.settings(name)) for name in names}
    # In the settings 0 means no limit; asked for outright it means: spend nothing.
    budget = (project.settings.budget or None) if assignment.budget is None else assignment.budget
    return Queued(project, specs, assignment.listener, budget)


def record(
    assignments: Sequence[Assignment | Queued],
    options: RunOptions | None = None,
    executor: Callable[[EngineSpec], Executor] = local_executor,
) -> list[Summary]:
    """Record what is missing in all of these projects, which share the engines and take turns.

    Raises StorageError and ProjectError for a queue that cannot be used, and what opening an engine raises;
    everything else is in the summaries.
    """
    with ExitStack() as open_files:
        works = []
        for entry in assignments:
            queued = enqueue(entry) if isinstance(entry, Assignment) else entry
            project = queued.project
            open_files.enter_context(logged(project.folder))
            store = open_files.enter_context(open_store(project.queue_file))
            works.append(Work(store, project.takes_folder, queued.specs, queued.budget, queued.listener))
        return run(works, options, executor=executor)


@contextlib.contextmanager
def logged(folder: Path) -> Iterator[None]:
    """Write what happens to this project to its log file. A log that cannot be written stops nothing."""
    handler: logging.Handler
    try:
        handler = logging.handlers.RotatingFileHandler(
            folder / LOG_NAME, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.handleError = lambda record: None  # type: ignore[method-assign]
    mine = str(folder)
    handler.addFilter(lambda record: getattr(record, "project", mine) == mine)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s"))
    logger = logging.getLogger("audiobook")
    level, logger.level = logger.level, min(logger.level or logging.INFO, logging.INFO)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        with contextlib.suppress(OSError):  # closing writes what is left
            handler.close()


def script_place(project: Project, failure: Failure) -> str:
    """Where a person finds a failed line: its script file and the beginning of the text."""
    names = [path.name for path in project.script_files()]
    file = names[failure.chapter - 1] if failure.chapter <= len(names) else f"chapter {failure.chapter}"
    text = failure.text if len(failure.text) <= 60 else f"{failure.text[:57]}…"
    return f"{file}: “{text}”"


def complaint(project: Project, summary: Summary) -> AudiobookError | None:
    """What kept the project from being complete, as the error to be raised; None when nothing did."""
    if summary.stop is not None:
        return summary.stop
    if summary.budget_reached:
        money = ", ".join(f"{amount:.2f} {currency}" for currency, amount in summary.spent.amounts.items())
        return LinesFailed(
            f"{project.folder}: the budget is reached ({money or '0.00'} spent), "
            f"{summary.remaining} lines are left; raise --budget to go on"
        )
    if summary.failures:
        first = summary.failures[0]
        return LinesFailed(
            f"{project.folder}: {len(summary.failures)} lines have no recording, everything else is kept; "
            f"the first is {script_place(project, first)}: {first.message}; "
            "change the line, or try again with: audiobook synth --retry-failed"
        )
    if summary.remaining:
        return LinesFailed(f"{project.folder}: {summary.remaining} lines are still to be recorded")
    return None
