"""Encoding while lines are still recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.audio.takes import TakeStore
from audiobook.errors import AudiobookError
from audiobook.pipeline.planning import Plan
from audiobook.queue.jobs import Job
from audiobook.queue.progress import Listener, Summary

if TYPE_CHECKING:
    from audiobook.assembly import Assembler


class EncodeAhead(Listener):
    """Passes everything on, and has each chapter encoded as soon as its last line is recorded."""

    def __init__(self, inner: Listener, assembler: Assembler, plan: Plan, takes: TakeStore) -> None:
        self.inner = inner
        self.assembler = assembler
        self._missing: dict[int, set[str]] = {}
        self._chapters: dict[str, list[int]] = {}
        for index, chapter in enumerate(plan.chapters):
            missing = {line.take for line in chapter.lines() if line.take and not takes.has(line.take)}
            if missing:
                self._missing[index] = missing
            for name in missing:
                self._chapters.setdefault(name, []).append(index)

    def recorded(self, job: Job, seconds: float) -> None:
        """A take is stored: its chapters may be complete now."""
        self.inner.recorded(job, seconds)
        for index in self._chapters.get(job.take, ()):
            self._missing[index].discard(job.take)
            if not self._missing[index]:
                self.assembler.chapter_ready(index)

    def started(self, jobs: int, units: int, cost: float) -> None:
        """Passed on."""
        self.inner.started(jobs, units, cost)

    def failed(self, job: Job, error: AudiobookError) -> None:
        """Passed on."""
        self.inner.failed(job, error)

    def waiting(self, job: Job, error: AudiobookError, delay: float) -> None:
        """Passed on."""
        self.inner.waiting(job, error, delay)

    def stopping(self, reason: AudiobookError) -> None:
        """Passed on."""
        self.inner.stopping(reason)

    def finished(self, summary: Summary) -> None:
        """Passed on."""
        self.inner.finished(summary)
