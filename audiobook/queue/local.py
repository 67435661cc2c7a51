"""The executors of this machine: threads for engines that wait, processes for engines that compute.

Both are lazy: a thread or process is started when there is an order for it and none is idle.
"""

from __future__ import annotations

import multiprocessing
import queue
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from audiobook.audio.takes import TakeStore
from audiobook.errors import AudiobookError, TryAgain
from audiobook.queue.jobs import Job
from audiobook.queue.work import EngineSpec, Executor, Order, Result, open_or_error, record

Done = Callable[[Result], None]

_AHEAD = 2
"""Orders per process: one being done and one waiting, so that no process waits for the queue."""


def local_executor(spec: EngineSpec) -> Executor:
    """The executor that suits an engine. Opens it where it runs in this process."""
    return ProcessExecutor(spec) if spec.traits.process else ThreadExecutor(spec)


class _Crew:
    """Daemon threads that take orders from one queue. Daemons, since a request that hangs must not
    keep the program from ending."""

    def __init__(self, size: int, name: str) -> None:
        self._size = size
        self._name = name
        self._orders: queue.SimpleQueue[tuple[Order, Done] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._open = 0  # orders not yet finished; changed by `submit` and by the threads
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, order: Order, done: Done, work: Callable[[], Callable[[Order, Done], None]]) -> None:
        with self._lock:
            self._open += 1
            if self._open > len(self._threads) and len(self._threads) < self._size:
                thread = threading.Thread(target=self._run, args=(work,), name=self._name, daemon=True)
                self._threads.append(thread)
                thread.start()
        self._orders.put((order, done))

    def _run(self, work: Callable[[], Callable[[Order, Done], None]]) -> None:
        do = work()
        while (entry := self._orders.get()) is not None:
            order, done = entry
            if self._closed:
                return
            do(order, done)
            with self._lock:
                self._open -= 1

    def join(self, grace: float) -> None:
        self._closed = True
        for _ in self._threads:
            self._orders.put(None)
        deadline = time.monotonic() + grace
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))


class ThreadExecutor:
    """One opened engine, called from many threads."""

    def __init__(self, spec: EngineSpec) -> None:
        self._engine = spec.open()
        self.slots = spec.requests_at_once
        self._crew = _Crew(self.slots, f"engine {spec.name}")

    def submit(self, order: Order, done: Done) -> None:
        """Start an order."""
        self._crew.submit(order, done, lambda: self._do)

    def _do(self, order: Order, done: Done) -> None:
        for job in order.jobs:
            for result in record(self._engine, TakeStore(order.folder), [job]):
                done(result)

    def close(self, grace: float = 0.0) -> None:
        """End. Closing the engine makes requests that still hang fail."""
        self._crew.join(grace)
        self._engine.close()


class ProcessExecutor:
    """Child processes with an engine each. One thread here looks after one child.

    A child that dies (engines are native code) takes only the line it was at with it; another is started.
    When this process dies, the pipe closes, and the children end by themselves.
    """

    def __init__(self, spec: EngineSpec) -> None:
        self._spec = spec
        size = spec.requests_at_once
        self.slots = size * _AHEAD
        self._crew = _Crew(size, f"engine {spec.name}")
        self._children: list[_Child] = []

    def submit(self, order: Order, done: Done) -> None:
        """Start an order."""
        self._crew.submit(order, done, self._new_child)

    def _new_child(self) -> Callable[[Order, Done], None]:
        child = _Child(self._spec)
        self._children.append(child)
        return child.do

    def close(self, grace: float = 0.0) -> None:
        """End; a child that is still at work after `grace` seconds is killed."""
        self._crew.join(grace)
        for child in self._children:
            child.end()


class _Child:
    """A child process as seen from the thread that looks after it."""

    def __init__(self, spec: EngineSpec) -> None:
        self._spec = spec
        self._connection: Connection | None = None
        self._process: multiprocessing.process.BaseProcess | None = None
        self._ended = False
        self._busy = threading.Lock()  # held while an order is done

    def _start(self) -> Connection:
        # Not fork: this process has threads, and engines have global state.
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        # Ctrl-C goes to the children too. They ignore it, and must not be hit before they can say so.
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process = context.Process(target=_serve, args=(there, self._spec), daemon=True)
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
            there.close()
        self._process, self._connection = process, here
        return here

    def do(self, order: Order, done: Done) -> None:
        """Have an order done; runs in the thread that looks after this child."""
        at = 0
        with self._busy:
            if self._ended:
                return
            try:
                connection = self._connection or self._start()
                connection.send(order)
                while isinstance(message := connection.recv(), int):
                    at = message
                for result in message:
                    done(result)
            except (EOFError, OSError):
                if not self._ended:
                    self._bury(order.jobs, at, done)

    def _bury(self, jobs: tuple[Job, ...], at: int, done: Done) -> None:
        """The child died. The line it was at is to blame; the others, stored or not, are asked again."""
        code = None
        if self._process is not None:
            self._process.join(5)
            code = self._process.exitcode
        self._connection = None
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        error = TryAgain(f"the process of the engine {self._spec.name!r} died ({how})")
        for position, job in enumerate(jobs):
            done(Result(job, error=error, sent=position == at))

    def end(self) -> None:
        """Close the pipe, which ends a child that waits; kill one that is at work."""
        self._ended = True
        process = self._process
        if self._busy.acquire(blocking=False):
            if self._connection is not None:
                self._connection.close()
            self._busy.release()
            if process is not None:
                process.join(1)
        if process is not None and process.is_alive():
            process.kill()
            process.join(1)


def _serve(connection: Connection, spec: EngineSpec) -> None:
    """A child's whole life: open an engine, do orders, end when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    opened = open_or_error(spec)
    try:
        while True:
            order: Order = connection.recv()
            if isinstance(opened, AudiobookError):
                connection.send([Result(job, error=opened) for job in order.jobs])
            else:
                connection.send(record(opened, TakeStore(order.folder), order.jobs, connection.send))
    except (EOFError, OSError):
        return  # the parent closed the pipe, or died
