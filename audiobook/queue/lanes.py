"""What a run keeps account of: one desk per project, one lane per engine, and the tasks on their way.

No waiting and no event loop here; the worker drives these. One thread uses them.
"""

from __future__ import annotations

import collections
import contextlib
import heapq
import itertools
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from audiobook import files
from audiobook.audio.takes import TakeStore
from audiobook.errors import AudiobookError, TakeError
from audiobook.queue.jobs import Attempt, Job
from audiobook.queue.limits import Gate
from audiobook.queue.progress import Listener, Summary
from audiobook.queue.retry import RetryPolicy
from audiobook.queue.states import Outcome, State
from audiobook.queue.store import Store
from audiobook.queue.work import EngineSpec, Executor

log = logging.getLogger(__name__)

_FLUSH_SECONDS = 0.2
_FLUSH_RESULTS = 256
_LONGEST_BATCH = 128


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run goes. Times in seconds."""

    jobs: int | None = None  # requests or processes at once, instead of the engine's own limit
    chapters: frozenset[int] | None = None
    retry_failed: bool = False  # take only what failed before
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    give_up: int = 10  # lines in a row that failed in passing until the engine counts as gone
    grace: float = 1.0  # how long requests in flight are waited for after an interruption
    batch_seconds: float = 0.5  # what one order of a process is worth; its takes are synced together
    signals: bool = True  # leave cleanly on SIGINT and SIGTERM


@dataclass(slots=True)
class Work:
    """One project in a run: its queue, its takes, its engines, how much money it may have spent in all."""

    store: Store
    takes: Path
    engines: Mapping[str, EngineSpec]
    budget: float | None = None
    listener: Listener = field(default_factory=Listener)


@dataclass(slots=True)
class Task:
    """A claimed job on its way."""

    job: Job
    desk: Desk
    lane: Lane
    failures: int = 0
    busy: int = 0
    stamp: int = 0
    alone: bool = False  # its last order died: whichever line is to blame, the next time it is known

    @property
    def size(self) -> int:
        return len(self.job.utterance.text.encode())


class Desk:
    """One project's books during a run: what is in flight, what was spent, what is still to be written."""

    def __init__(self, work: Work, options: RunOptions) -> None:
        self.work = work
        self.options = options
        self.in_flight = 0
        self.cost_in_flight = 0.0
        self.spent = 0.0
        self.over_budget = False
        self.dry: set[str] = set()  # engines with nothing left to claim
        self.parked: list[Task] = []  # claimed, but waiting to hear what the requests in flight cost
        self.done = self.failed = self.recovered = 0
        self.seconds = 0.0
        # Many projects may share a run; each has a log of its own.
        self.log = logging.LoggerAdapter(log, {"project": str(work.takes.parent)})
        self._unwritten: list[Attempt] = []
        self.flush_at = float("inf")

    def prepare(self) -> None:
        """Set right what a dead process left, and choose what this run is about."""
        store, takes = self.work.store, TakeStore(self.work.takes)

        def seconds(name: str) -> float | None:
            try:
                return takes.levels(name).seconds
            except TakeError:
                return None

        with files.storage("read", self.work.takes):
            left = store.reconcile(takes.names(), seconds)
        self.recovered = left[Outcome.RECOVERED]
        if any(left.values()):
            self.log.info("after an interruption: %(recovered)d takes recovered, %(lost)d lost", left)
            sweep(self.work.takes)
        store.select(self.options.chapters)
        store.retry_failed(only=self.options.retry_failed, all_kinds=self.options.retry_failed)
        # What a kill cut off may have been billed: the budget takes the worse case.
        self.spent = store.spent().total + store.lost().total
        to_do = store.to_do()
        self.log.info("recording %d lines, %d units, cost %.4f", to_do.to_do, to_do.units, to_do.cost)
        self.work.listener.started(to_do.to_do, to_do.units, to_do.cost)

    def affords(self, cost: float) -> bool:
        """Whether the budget allows this request, those in flight counted."""
        budget = self.work.budget
        return budget is None or cost <= 0 or self.spent + self.cost_in_flight + cost <= budget + 1e-9

    def enter(self, attempt: Attempt, now: float) -> None:
        """Note an outcome; it is written with others, soon."""
        self._unwritten.append(attempt)
        self.flush_at = min(self.flush_at, now + _FLUSH_SECONDS)
        if attempt.billed:
            self.spent += attempt.job.cost
        if len(self._unwritten) >= _FLUSH_RESULTS:
            self.flush()

    def flush(self) -> None:
        """Write all outcomes noted so far, in one transaction."""
        attempts, self._unwritten = self._unwritten, []
        self.flush_at = float("inf")
        self.work.store.settle(attempts)

    def summary(self, stop: AudiobookError | None, elapsed: float) -> Summary:
        store = self.work.store
        summary = Summary(
            done=self.done,
            failed=self.failed,
            seconds=self.seconds,
            spent=store.spent(),
            remaining=store.counts()[State.PENDING],
            failures=tuple(store.failures()),
            recovered=self.recovered,
            stop=stop,
            budget_reached=self.over_budget,
            elapsed=elapsed,
        )
        self.log.info("%d recorded, %d failed, %d left", self.done, self.failed, summary.remaining)
        self.work.listener.finished(summary)
        return summary


def sweep(takes: Path) -> None:
    """Remove half-written takes that a killed process left. Only the holder of the lock may."""
    for left in takes.glob("*/.*.part"):
        with contextlib.suppress(OSError):
            left.unlink()


class Lane:
    """One engine during a run: its executor, its gate, and the tasks that wait for it."""

    def __init__(self, spec: EngineSpec, executor: Executor, desks: Sequence[Desk]) -> None:
        self.spec = spec
        self.executor = executor
        # Whoever computes is limited by its cores; only whoever is asked over a network can be overloaded.
        self.adaptive = not spec.traits.process
        self.gate = Gate.of(spec.limits, executor.slots)
        self.ready: collections.deque[Task] = collections.deque()
        self.retries: list[tuple[float, int, Task]] = []
        self.orders = 0  # in flight
        self.tasks = 0  # in flight
        self.failed_in_a_row = 0
        # The first request goes alone: a wrong key or an empty account is not worth sixteen of them.
        self.proven = not self.adaptive
        self._seconds_each = float("inf")  # one task's time, smoothed; infinite until measured
        self._closed = False
        self._desks = desks
        self._turn = itertools.count()

    def close(self, grace: float = 0.0) -> None:
        if not self._closed:
            self._closed = True
            self.executor.close(grace)

    def has_room(self) -> bool:
        """Whether one more order may be sent now, as far as the number in flight goes."""
        if not self.proven and self.orders:
            return False
        return self.orders < self.executor.slots and (not self.adaptive or self.gate.has_room(self.tasks))

    def learn(self, seconds_each: float) -> None:
        known = self._seconds_each
        self._seconds_each = seconds_each if known == float("inf") else 0.8 * known + 0.2 * seconds_each

    def batch(self, worth: float) -> int:
        """Jobs for one order: as many as take `worth` seconds; one where requests are counted or slow."""
        if self.adaptive:
            return 1
        return max(1, min(_LONGEST_BATCH, int(worth / max(self._seconds_each, 1e-4))))

    def push_retry(self, due: float, task: Task) -> None:
        heapq.heappush(self.retries, (due, next(self._turn), task))

    def next_task(self, now: float, batch: int) -> Task | None:
        """A task to be sent: one given back, one whose retry is due, or a new one. None: nothing now."""
        if self.ready:
            return self.ready.popleft()
        if self.retries and self.retries[0][0] <= now:
            task = heapq.heappop(self.retries)[2]
            task.desk.flush()  # the failure is written before the new request
            task.desk.work.store.resume(task.job)
            return task
        # Whoever has least in flight comes next: a long book never starves a short one.
        for desk in sorted(self._desks, key=lambda desk: desk.in_flight):
            if self.spec.name in desk.dry or desk.parked:
                continue
            jobs = desk.work.store.claim(self.spec.name, batch)
            if len(jobs) < batch:
                desk.dry.add(self.spec.name)
            self.ready.extend(Task(job, desk, self) for job in jobs)
            if jobs:
                return self.ready.popleft()
        return None

    def next_order(self, now: float, worth: float) -> list[Task]:
        """Tasks of one project that fit into one order."""
        size = self.batch(worth)
        first = self.next_task(now, size)
        if first is None:
            return []
        tasks = [first]
        while len(tasks) < size and self.ready and not first.alone:
            if self.ready[0].desk is not first.desk or self.ready[0].alone:
                break
            tasks.append(self.ready.popleft())
        return tasks


class Flight:
    """One order under way."""

    def __init__(self, lane: Lane, tasks: dict[str, Task], sent: float) -> None:
        self.lane = lane
        self.tasks = tasks
        self.size = len(tasks)
        self.sent = sent
