"""How the queue tells what it does. A listener is called from the one thread that runs the queue."""

from __future__ import annotations

from dataclasses import dataclass, field

from audiobook.errors import AudiobookError
from audiobook.queue.jobs import Failure, Job, Money


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to, for one project."""

    done: int = 0  # takes recorded by this run
    failed: int = 0  # lines that this run gave up
    seconds: float = 0.0  # of speech recorded by this run
    spent: Money = field(default_factory=Money)  # by this project, since it was made
    remaining: int = 0  # jobs still pending
    failures: tuple[Failure, ...] = ()  # all of the project's, not only this run's
    recovered: int = 0  # takes that an interrupted run had stored and not yet entered
    stop: AudiobookError | None = None  # why the run ended early: Interrupted, StopRun, StorageError …
    budget_reached: bool = False
    elapsed: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether every line of the plan has its take."""
        return self.stop is None and not self.remaining and not self.failures


class Listener:
    """Hears nothing. Subclasses override what they care about."""

    def started(self, jobs: int, units: int, cost: float) -> None:
        """The run begins; this is what is to be done."""

    def recorded(self, job: Job, seconds: float) -> None:
        """A take is stored."""

    def failed(self, job: Job, error: AudiobookError) -> None:
        """A line was given up."""

    def waiting(self, job: Job, error: AudiobookError, delay: float) -> None:
        """A line will be tried again after `delay` seconds."""

    def stopping(self, reason: AudiobookError) -> None:
        """No more requests are sent; those in flight are waited for, briefly."""

    def finished(self, summary: Summary) -> None:
        """The run is over."""
