"""The driver: one event loop that claims jobs, sends them to executors and writes what comes back.

Everything here runs in one thread; executors answer from others through one inbox. The order that nothing
can be lost by: claim (written) → request → take durable → result → job done (written, on disk).
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import heapq
import logging
import random
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence

from audiobook.errors import AudiobookError, EngineError, Interrupted, StopRun, StorageError, TryAgain
from audiobook.queue.jobs import Attempt
from audiobook.queue.lanes import Desk, Flight, Lane, RunOptions, Task, Work
from audiobook.queue.local import local_executor
from audiobook.queue.progress import Summary
from audiobook.queue.retry import Step
from audiobook.queue.states import Outcome, State
from audiobook.queue.work import EngineSpec, Executor, Order, Result

__all__ = ["RunOptions", "Work", "run"]

log = logging.getLogger(__name__)

_LONGEST_SLEEP = 0.5


def run(
    works: Sequence[Work],
    options: RunOptions | None = None,
    *,
    executor: Callable[[EngineSpec], Executor] = local_executor,
    stop: threading.Event | None = None,
) -> list[Summary]:
    """Record what has no take yet in all of these projects, taking turns; one summary for each.

    Whoever calls this holds the projects' locks. Returns when nothing is left to do, when the budget is
    reached, or soon after SIGINT, SIGTERM or `stop`; never raises for what an engine or a disk did while
    working (that is `Summary.stop`), but StorageError and ProjectError for a queue that cannot be used and
    what opening an engine raises.
    """
    options = options or RunOptions()
    began = time.monotonic()
    desks = [Desk(work, options) for work in works]
    for desk in desks:
        desk.prepare()
    lanes: list[Lane] = []
    try:
        for spec, sharing in _shared(desks):
            spec = spec.with_concurrency(options.jobs)
            lanes.append(Lane(spec, executor(spec), sharing))
        driver = _Driver(desks, lanes, options, stop or threading.Event())
        if lanes:
            asyncio.run(driver.main())
    finally:
        for lane in lanes:
            lane.close()
    return [desk.summary(driver.stop, time.monotonic() - began) for desk in desks]


def _shared(desks: Sequence[Desk]) -> list[tuple[EngineSpec, list[Desk]]]:
    """The engines that are needed, each with the projects that use it with the same settings."""
    found: list[tuple[EngineSpec, list[Desk]]] = []
    for desk in desks:
        for name in desk.work.store.engines():
            spec = desk.work.engines[name]
            sharing = next((users for known, users in found if known == spec), None)
            if sharing is None:
                found.append((spec, sharing := []))
            sharing.append(desk)
    return found


class _Driver:
    """The loop."""

    def __init__(
        self, desks: Sequence[Desk], lanes: Sequence[Lane], options: RunOptions, stop: threading.Event
    ) -> None:
        self.desks = desks
        self.lanes = lanes
        self.options = options
        self.stop: AudiobookError | None = None
        self._stop_asked = stop
        self._deadline = float("inf")
        self._inbox: collections.deque[tuple[Lane, Flight, Result]] = collections.deque()
        self._flights: set[Flight] = set()
        self._random = random.Random()

    async def main(self) -> None:
        """Run until nothing is left or something says stop."""
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        with self._signals():
            try:
                await self._work()
            except StorageError as error:
                self.stop = error
                log.error("%s", error)
            finally:
                self._leave()

    async def _work(self) -> None:
        while True:
            self._wake.clear()
            self._collect()
            if self._stop_asked.is_set():
                self._halt(Interrupted())
            now = time.monotonic()
            waits = [self._dispatch(lane, now) for lane in self.lanes] if self.stop is None else []
            for desk in self.desks:
                if desk.flush_at <= now:
                    desk.flush()
            if self._over(now):
                return
            await self._sleep(now, waits)

    def _over(self, now: float) -> bool:
        if self._inbox:
            return False
        if self.stop is not None:
            return not self._flights or now >= self._deadline
        idle = not any(lane.retries or lane.ready for lane in self.lanes)
        return idle and not self._flights and not any(desk.parked for desk in self.desks)

    async def _sleep(self, now: float, waits: Sequence[float]) -> None:
        flush = min(desk.flush_at for desk in self.desks) - now
        longest = min([_LONGEST_SLEEP, flush, self._deadline - now, *waits])
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), max(0.0, longest))

    # --- sending ---

    def _dispatch(self, lane: Lane, now: float) -> float:
        """Send what may be sent; returns seconds until more might be."""
        while lane.has_room():
            tasks = lane.next_order(now, self.options.batch_seconds)
            if not tasks:
                return lane.retries[0][0] - now if lane.retries else _LONGEST_SLEEP
            if (wait := lane.gate.wait(tasks[0].size, now)) > 0:
                lane.ready.extendleft(reversed(tasks))
                return wait
            self._send(lane, self._within_budget(lane, tasks), now)
        return _LONGEST_SLEEP

    def _within_budget(self, lane: Lane, tasks: list[Task]) -> list[Task]:
        """The tasks that the budget allows. The others wait for the cost of what is in flight, and
        when nothing is, the budget is reached."""
        desk = tasks[0].desk
        allowed: list[Task] = []
        for task in tasks:
            if desk.affords(sum(other.job.cost for other in allowed) + task.job.cost):
                allowed.append(task)
            else:
                desk.parked.append(task)
        if desk.parked and not allowed and not desk.in_flight:
            self._close_desk(desk)
        return allowed

    def _close_desk(self, desk: Desk) -> None:
        """The budget is reached: this project is done for now, the others go on."""
        desk.over_budget = True
        desk.dry.update(lane.spec.name for lane in self.lanes)
        given_back = [task.job for task in desk.parked]
        desk.parked.clear()
        for lane in self.lanes:
            given_back += [task.job for task in lane.ready if task.desk is desk]
            lane.ready = collections.deque(task for task in lane.ready if task.desk is not desk)
            lane.retries = [entry for entry in lane.retries if entry[2].desk is not desk]
            heapq.heapify(lane.retries)
        desk.work.store.unclaim(given_back)

    def _send(self, lane: Lane, tasks: list[Task], now: float) -> None:
        if not tasks:
            return
        desk = tasks[0].desk
        flight = Flight(lane, {task.job.take: task for task in tasks}, now)
        for task in tasks:
            task.stamp = lane.gate.sent(task.size, now)
            desk.cost_in_flight += task.job.cost
        desk.in_flight += len(tasks)
        lane.tasks += len(tasks)
        lane.orders += 1
        self._flights.add(flight)
        order = Order(desk.work.takes, tuple(task.job for task in tasks))
        lane.executor.submit(order, lambda result: self._arrived(lane, flight, result))

    def _arrived(self, lane: Lane, flight: Flight, result: Result) -> None:
        """Called from the executors' threads."""
        self._inbox.append((lane, flight, result))
        # The loop may be gone when a request answers after the run was left.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._wake.set)

    # --- receiving ---

    def _collect(self) -> None:
        while self._inbox:
            lane, flight, result = self._inbox.popleft()
            task = flight.tasks.pop(result.job.take, None)
            if task is None:
                continue
            now = time.monotonic()
            lane.tasks -= 1
            task.desk.in_flight -= 1
            task.desk.cost_in_flight -= task.job.cost
            if not flight.tasks:
                self._flights.discard(flight)
                lane.orders -= 1
                lane.learn((now - flight.sent) / flight.size)
            lane.proven = True
            self._settle(lane, task, result, now)
            for parked in task.desk.parked:
                parked.lane.ready.appendleft(parked)
            task.desk.parked.clear()

    def _settle(self, lane: Lane, task: Task, result: Result, now: float) -> None:
        if not result.sent:
            task.alone = True
            if result.billed:
                task.desk.enter(Attempt(task.job, State.RUNNING, Outcome.LOST, billed=task.job.cost > 0), now)
            lane.ready.append(task)
        elif result.error is not None:
            self._failed(lane, task, result, result.error, now)
        else:
            lane.gate.answered()
            lane.failed_in_a_row = 0
            task.desk.done += 1
            task.desk.seconds += result.seconds
            billed = result.billed and task.job.cost > 0
            task.desk.enter(
                Attempt(task.job, State.DONE, Outcome.DONE, seconds=result.seconds, billed=billed), now
            )
            task.desk.log.debug("%s: %.1f s", task.job.take[:12], result.seconds)
            task.desk.work.listener.recorded(task.job, result.seconds)

    def _failed(self, lane: Lane, task: Task, result: Result, error: AudiobookError, now: float) -> None:
        if isinstance(error, TryAgain):
            task.busy += error.busy
            task.failures += not error.busy
            task.alone = True
            if error.busy or error.retry_after is not None:
                lane.gate.turned_away(task.stamp, now, error.retry_after)
        decision = self.options.policy.decide(error, task.failures, task.busy, self._random.random)
        task.desk.log.warning("%s: %s (%s)", task.job.take[:12], error.message, decision.step.name.lower())
        if result.detail:
            task.desk.log.warning("%s", result.detail)
        state, outcome = _AFTER[decision.step]
        if decision.step is Step.FAIL and isinstance(error, TryAgain):
            outcome = Outcome.AGAIN
        attempt = Attempt(
            task.job,
            state,
            outcome,
            message=error.message,
            trace=getattr(error, "trace", ""),
            billed=result.billed and task.job.cost > 0,
            hold=decision.step is Step.AGAIN and self.stop is None,
        )
        task.desk.enter(attempt, now)
        if decision.step is Step.AGAIN:
            lane.push_retry(now + decision.delay, task)
            task.desk.work.listener.waiting(task.job, error, decision.delay)
        elif decision.step is Step.FAIL:
            task.desk.failed += 1
            task.desk.work.listener.failed(task.job, error)
            self._count_failure(lane, error)
        else:
            self._halt(error)

    def _count_failure(self, lane: Lane, error: AudiobookError) -> None:
        """An engine that fails line after line is not there: stop before every line is used up."""
        lane.failed_in_a_row = lane.failed_in_a_row + 1 if isinstance(error, TryAgain) else 0
        if lane.failed_in_a_row >= self.options.give_up:
            self._halt(
                StopRun(
                    f"{lane.failed_in_a_row} lines in a row failed, so the engine {lane.spec.name!r} seems "
                    f"unreachable; run the same command again later (last: {error.message})"
                )
            )

    # --- leaving ---

    def _halt(self, reason: AudiobookError) -> None:
        """Send nothing more. A person waits for an interrupted run to end, and a disk that refuses will not
        take more; otherwise what is in flight, and perhaps paid for, is waited for."""
        if not isinstance(reason, EngineError):
            self._deadline = min(self._deadline, time.monotonic() + self.options.grace)
        if self.stop is None:
            self.stop = reason
            for desk in self.desks:
                desk.work.listener.stopping(reason)

    def _leave(self) -> None:
        """Enter what still arrives, give back what was not sent, write all of it."""
        for lane in self.lanes:
            lane.close()
        with contextlib.suppress(StorageError):  # the disk was the reason; the takes are the truth
            self._collect()
            for flight in self._flights:
                for task in flight.tasks.values():
                    attempt = Attempt(task.job, State.PENDING, Outcome.LOST, billed=task.job.cost > 0)
                    task.desk.enter(attempt, time.monotonic())
            for desk in self.desks:
                desk.flush()
                desk.work.store.unclaim(
                    task.job for lane in self.lanes for task in lane.ready if task.desk is desk
                )
                desk.work.store.unclaim(task.job for task in desk.parked)
                desk.work.store.release_held()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGINT and SIGTERM ask to stop; a second one stops at once."""
        asked: Collection[signal.Signals] = ()
        if self.options.signals and threading.current_thread() is threading.main_thread():
            asked = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.getsignal(number) for number in asked}
        for number in asked:
            self._loop.add_signal_handler(number, self._interrupted)
        try:
            yield
        finally:
            for number, handler in before.items():
                self._loop.remove_signal_handler(number)
                signal.signal(number, handler)

    def _interrupted(self) -> None:
        if self._stop_asked.is_set():
            self._deadline = 0.0
        self._stop_asked.set()
        self._wake.set()


_AFTER = {
    Step.AGAIN: (State.PENDING, Outcome.AGAIN),
    Step.FAIL: (State.FAILED, Outcome.REFUSED),
    Step.STOP: (State.PENDING, Outcome.STOPPED),
}
