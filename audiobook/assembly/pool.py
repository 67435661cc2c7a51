"""Threads that encode pieces: each piece once, in whatever order, however often it is asked for."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor

from audiobook.assembly.editions import Job, ensure
from audiobook.assembly.packets import PacketCache
from audiobook.audio.takes import TakeStore


class PiecePool:
    """A thread for each processor. The codecs release the interpreter's lock, so threads are enough."""

    def __init__(self, takes: TakeStore, cache: PacketCache, workers: int = 0) -> None:
        self._takes = takes
        self._cache = cache
        self._threads = ThreadPoolExecutor(workers or os.cpu_count() or 1, "encode")
        self._pieces: dict[str, Future[str]] = {}
        self._lock = threading.Lock()

    def submit(self, job: Job) -> Future[str]:
        """The key of the job's packets, as soon as they are there.

        A piece that is being made is not begun a second time; one that failed is tried again.
        """
        with self._lock:
            known = self._pieces.get(job.key)
            if known is not None and not _in_vain(known):
                return known
            made = self._pieces[job.key] = self._threads.submit(ensure, job, self._takes, self._cache)
            return made

    def run(self, work: Callable[[], None]) -> None:
        """Do something else on one of the threads. What it raises is forgotten."""
        self._threads.submit(work)

    def keep_only(self, wanted: Collection[str]) -> None:
        """Do not begin pieces that were guessed and are not wanted."""
        with self._lock:
            for key, future in self._pieces.items():
                if key not in wanted:
                    future.cancel()

    def close(self) -> None:
        """Begin nothing more, and wait for the pieces that are being encoded."""
        self._threads.shutdown(wait=True, cancel_futures=True)


def _in_vain(future: Future[str]) -> bool:
    return future.cancelled() or (future.done() and future.exception() is not None)
