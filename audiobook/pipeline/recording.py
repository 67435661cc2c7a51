"""`synth`: bring one or many projects' takes up to date, on this machine or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from audiobook.pipeline.making import Quiet, prepare, with_chapters
from audiobook.pipeline.synthesis import Assignment, enqueue, record
from audiobook.project import Project, open_project
from audiobook.queue.local import local_executor
from audiobook.queue.lock import project_lock
from audiobook.queue.progress import Listener, Summary
from audiobook.queue.work import EngineSpec, Executor
from audiobook.queue.worker import RunOptions


def record_projects(
    folders: Sequence[Path],
    options: RunOptions,
    *,
    chapters: str | None = None,
    budget: float | None = None,
    listener: Callable[[Project], Listener] = lambda _: Listener(),
    address: str | None = None,
) -> list[tuple[Project, Summary]]:
    """Record what is missing in these projects, which take turns; a summary for each.

    Raises ProjectError, ProjectBusy, ScriptError, StorageError, UsageError before anything is recorded, and
    what opening an engine or reaching the cluster at `address` raises.
    """
    with ExitStack() as held:
        assignments = []
        for folder in dict.fromkeys(folder.resolve() for folder in folders):
            project = open_project(_near(folder))
            held.enter_context(project_lock(project.folder))
            ready = prepare(with_chapters(project, chapters), Quiet())
            try:
                whole = Assignment(ready.project, ready.plan, ready.engines, listener(project), budget)
                assignments.append(enqueue(whole))
            finally:
                ready.engines.close()
        executor = held.enter_context(_cluster(address)) if address else local_executor
        summaries = record(assignments, options, executor)
    return [(assignment.project, summary) for assignment, summary in zip(assignments, summaries, strict=True)]


def _cluster(address: str) -> AbstractContextManager[Callable[[EngineSpec], Executor]]:
    from audiobook.queue.ray import cluster  # Ray takes a second to import, and few have it

    return cluster(address)


def _near(folder: Path) -> Path:
    """A path as short as it can be said here."""
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
