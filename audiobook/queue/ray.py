"""The executor of a Ray cluster: a pool of actors, each with one opened engine, anywhere.

Actors speak, measure and encode; the takes come back here, and this process stays the only one that
writes takes and queue. A node may vanish at any time: what its actors were at is sent to others.
Which nodes there are is Ray's business: a laptop, an autoscaling cluster, KubeRay and SLURM are all the same.
"""

from __future__ import annotations

import collections
import contextlib
import logging
import os
import queue
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

from audiobook.audio.takes import StagedTake, TakeStore, encode
from audiobook.engines.base import Engine
from audiobook.errors import AudiobookError, MissingDependency, StopRun, TryAgain, UsageError
from audiobook.queue.jobs import Job
from audiobook.queue.local import Done
from audiobook.queue.work import EngineSpec, Executor, Order, Result, open_or_error, speak

log = logging.getLogger(__name__)

_AHEAD = 2
"""Orders per actor: one being done and one on its way."""

_FREE_LOSSES = 3
"""How often a line may lose its actor before that is held against the line: nodes vanish, but a line may also
be what kills them."""

_STILLBORN = 4
"""How many actors may die before the first comes to life until the cluster counts as unfit."""

_WRITERS = 4
_LOOK_SECONDS = 2.0
"""How often the cluster is asked whether it has grown."""

Encoded = tuple[Result, "tuple[Any, bytes] | None"]


class Speaker:
    """What runs on the cluster: one opened engine, called from one thread."""

    def __init__(self, spec: EngineSpec) -> None:
        self._opened: Engine | AudiobookError = open_or_error(spec)

    def ready(self) -> AudiobookError | None:
        """None once the engine is open, or why it is not."""
        return self._opened if isinstance(self._opened, AudiobookError) else None

    def speak(self, jobs: tuple[Job, ...]) -> list[Encoded]:
        """Speak jobs; the takes are encoded here, where there are cores."""
        return [self._one(job) for job in jobs]

    def _one(self, job: Job) -> Encoded:
        if isinstance(self._opened, AudiobookError):
            return Result(job, error=self._opened), None
        spoken = speak(self._opened, job)
        if isinstance(spoken, Result):
            return spoken, None
        levels, data = encode(spoken)
        return Result(job, levels.seconds, billed=True), (levels, data)


@contextlib.contextmanager
def cluster(address: str) -> Iterator[Callable[[EngineSpec], Executor]]:
    """Join a cluster for the length of a `with`; yields what makes executors on it.

    `address` is what `ray.init` takes: auto, HOST:PORT, ray://HOST:PORT, or local for this machine alone.
    Raises MissingDependency without Ray, UsageError where no cluster answers.
    """
    try:
        import ray
    except ImportError as error:
        raise MissingDependency(
            "Ray is not installed; install it with: pip install 'audiobook[ray]'"
        ) from error
    # A cluster of one's own ("local") would tell its makers that it exists.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        _knock(address)
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, configure_logging=False)
    except (OSError, ValueError, RuntimeError, ray.exceptions.RayError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(
            f"no Ray cluster at {address!r}: {reason}; start one with: ray start --head"
        ) from error
    try:
        yield RayExecutor
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """Raise OSError at once where nobody listens: Ray itself would wait for minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()


class RayExecutor:
    """A pool of actors for one engine."""

    def __init__(self, spec: EngineSpec) -> None:
        import ray

        self._ray = ray
        self._spec = spec
        # Engines that compute are kept busy; for others the number of requests at once is a limit.
        self._ahead = _AHEAD if spec.traits.process else 1
        self._orders: collections.deque[tuple[Order, Done]] = collections.deque()
        self._actors: list[_Actor] = []
        self._losses: collections.Counter[str] = collections.Counter()
        self._answers: queue.SimpleQueue[_Answer | None] = queue.SimpleQueue()
        self._lock = threading.RLock()
        self._closed = threading.Event()
        self._stillborn = 0
        self._unfit: StopRun | None = None
        self._target = 0
        self._grow()
        self._threads = [threading.Thread(target=self._write, daemon=True) for _ in range(_WRITERS)]
        self._threads.append(threading.Thread(target=self._watch, daemon=True))
        for thread in self._threads:
            thread.start()

    @property
    def slots(self) -> int:
        """Orders that the pool can take at once; grows with the cluster."""
        return max(1, self._target) * self._ahead

    # --- the pool ---

    def _capacity(self) -> int:
        """Actors that the cluster as it is now has room for."""
        traits, there = self._spec.traits, dict(self._ray.cluster_resources())
        rooms = [int(there.get("CPU", 0) / traits.cpus)] if traits.cpus else []
        rooms += [int(there.get("GPU", 0) / traits.gpus)] if traits.gpus else []
        return max(1, min(rooms, default=1))

    def _grow(self) -> None:
        """Have as many actors as the engine takes, or as the cluster holds where the engine sets no limit.

        A number that the person or the engine named is asked for in full: an autoscaling cluster then grows.
        """
        with self._lock:
            if self._closed.is_set() or self._unfit is not None:
                return
            self._target = self._spec.limits.concurrency or self._capacity()
            while len(self._actors) < self._target:
                self._actors.append(self._hire())

    def _hire(self) -> _Actor:
        traits = self._spec.traits
        remote = self._ray.remote(num_cpus=traits.cpus, num_gpus=traits.gpus, max_restarts=0)(Speaker)
        actor = _Actor(remote.remote(self._spec))
        _when_done(actor.handle.ready.remote(), self._answers.put, actor, None, None)
        return actor

    def _dismiss(self, actor: _Actor) -> None:
        with self._lock:
            if actor in self._actors:
                self._actors.remove(actor)

    def _watch(self) -> None:
        while not self._closed.wait(_LOOK_SECONDS):
            with contextlib.suppress(self._ray.exceptions.RayError, ConnectionError):
                self._grow()

    # --- orders ---

    def submit(self, order: Order, done: Done) -> None:
        """Start an order."""
        with self._lock:
            self._orders.append((order, done))
            self._assign()
        self._give_up()

    def _assign(self) -> None:
        """Give waiting orders to the actors that have least to do."""
        with self._lock:
            while self._orders and not self._closed.is_set():
                free = [actor for actor in self._actors if actor.ready and actor.orders < self._ahead]
                if not free:
                    return
                actor = min(free, key=lambda actor: actor.orders)
                order, done = self._orders.popleft()
                actor.orders += 1
                _when_done(actor.handle.speak.remote(order.jobs), self._answers.put, actor, order, done)

    def _write(self) -> None:
        """A writer's life: take answers, free their actors, store their takes."""
        while (answer := self._answers.get()) is not None:
            if answer.error is not None:
                self._lost(answer)
            elif answer.order is None or answer.done is None:
                self._opened(answer)
            else:
                with self._lock:
                    answer.actor.orders -= 1
                    self._assign()
                for result in _store(TakeStore(answer.order.folder), answer.value):
                    answer.done(result)

    def _opened(self, answer: _Answer) -> None:
        """An actor is there. One that cannot open its engine says so in place of whoever waits."""
        with self._lock:
            answer.actor.ready = True
            self._stillborn = 0
            self._assign()
        if answer.value is not None:
            log.warning("an engine cannot be opened on the cluster: %s", answer.value)

    def _lost(self, answer: _Answer) -> None:
        """An actor or its node died, or what it made was lost on the way."""
        reason = str(answer.error).strip().splitlines()[-1]
        log.warning("lost an actor: %s", reason)
        self._dismiss(answer.actor)
        if answer.order is None or answer.done is None:
            self._not_born(reason)
            return
        self._replace_lost()
        error = TryAgain(f"the cluster lost the actor of the engine {self._spec.name!r}")
        for job in answer.order.jobs:
            self._losses[job.take] += 1
            free = self._losses[job.take] <= _FREE_LOSSES or len(answer.order.jobs) > 1
            answer.done(Result(job, error=error, billed=True, sent=not free))

    def _replace_lost(self) -> None:
        with contextlib.suppress(self._ray.exceptions.RayError, ConnectionError):
            self._grow()

    def _not_born(self, reason: str) -> None:
        """An actor died before it was ready. Another may do better, on another node; not for ever."""
        with self._lock:
            self._stillborn += 1
            if self._stillborn >= _STILLBORN and not any(actor.ready for actor in self._actors):
                self._unfit = StopRun(
                    f"the engine {self._spec.name!r} cannot be started on the cluster ({reason}); "
                    "every node needs the same audiobook as this machine"
                )
        if self._unfit is None:
            self._replace_lost()
        self._give_up()

    def _give_up(self) -> None:
        """On an unfit cluster, answer all that wait."""
        if self._unfit is None:
            return
        with self._lock:
            waiting, self._orders = list(self._orders), collections.deque()
        for order, done in waiting:
            for job in order.jobs:
                done(Result(job, error=self._unfit))

    def close(self, grace: float = 0.0) -> None:
        """Let writers finish what has arrived, and send the actors home."""
        self._closed.set()
        with self._lock:
            actors, self._actors = self._actors, []
            self._orders.clear()
        for _ in range(_WRITERS):
            self._answers.put(None)
        for thread in self._threads[:_WRITERS]:
            thread.join(max(grace, 1.0))
        for actor in actors:
            with contextlib.suppress(Exception):  # whatever Ray thinks of an actor that is gone already
                self._ray.kill(actor.handle)


class _Actor:
    """An actor as seen from here."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle
        self.ready = False
        self.orders = 0


class _Answer:
    """What an actor answered, or why it never will."""

    def __init__(self, actor: _Actor, order: Order | None, done: Done | None) -> None:
        self.actor, self.order, self.done = actor, order, done
        self.value: Any = None
        self.error: BaseException | None = None


def _when_done(
    reference: Any, tell: Callable[[_Answer], None], actor: _Actor, order: Order | None, done: Done | None
) -> None:
    """Call `tell` with the answer once it is there, from a thread of Ray's."""
    answer = _Answer(actor, order, done)

    def finished(future: Any) -> None:
        answer.error = future.exception()
        if answer.error is None:
            answer.value = future.result()
        tell(answer)

    reference.future().add_done_callback(finished)


def _store(takes: TakeStore, encoded: list[Encoded]) -> list[Result]:
    """Write takes that came from the cluster; all are durable when this returns. Nothing is raised."""
    staged: list[StagedTake] = []
    try:
        for result, take in encoded:
            if take is not None:
                staged.append(takes.stage_encoded(result.job.take, *take))
        takes.publish(staged)
    except AudiobookError as error:
        takes.discard(staged)
        return [
            result if take is None else Result(result.job, error=error, billed=result.billed)
            for result, take in encoded
        ]
    return [result for result, _ in encoded]
