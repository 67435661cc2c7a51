"""The queue at 10 thousand, 100 thousand and 1 million jobs, and its speed with an engine that costs nothing.

    python benchmarks/queueing.py [--sizes 10000,100000,1000000] [--jobs 20000]

One JSON line per measurement. The costs of one claim and one settled job are to stay the same at every size.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from audiobook.audio.clip import Clip
from audiobook.audio.takes import TakeStore
from audiobook.engines.base import Limits, Price, Settings, Traits, Utterance, Voice
from audiobook.queue.jobs import Attempt, Job, PlannedLine
from audiobook.queue.local import local_executor
from audiobook.queue.states import Outcome, State
from audiobook.queue.store import Store, open_store
from audiobook.queue.work import EngineSpec, Executor, Order, Result
from audiobook.queue.worker import RunOptions, Work, run

BATCH = 32
SAMPLE = 3200  # jobs claimed and settled at each size
_CLIP = Clip((np.sin(np.arange(800) / 5) * 3000).astype(np.int16), 16_000)


class Free:
    """Answers at once, always the same."""

    name = "free"
    traits = Traits(process=True)
    limits = Limits(concurrency=0)
    price = Price()
    identity = ()

    def __init__(self, settings: Settings) -> None:
        del settings

    def voices(self) -> tuple[Voice, ...]:
        return ()

    def units(self, utterance: Utterance) -> int:
        return len(utterance.text)

    def synthesize(self, utterance: Utterance) -> Clip:
        del utterance
        return _CLIP

    def stream(self, utterance: Utterance) -> Iterator[Clip]:
        yield self.synthesize(utterance)

    def close(self) -> None:
        return


def open_free(name: str, settings: Settings) -> Free:
    """The opener of the spec; found by name in child processes."""
    del name
    return Free(settings)


def lines(count: int) -> Iterator[PlannedLine]:
    """A series of books: 100 lines a chapter, each line its own take."""
    for number in range(count):
        name = hashlib.sha256(str(number).encode()).hexdigest()
        text = f"Line number {number} of a long series of books, about as long as a sentence is."
        job = Job(name, "free", Utterance(text, "voice", language="en"), len(text))
        yield PlannedLine(number // 100, number % 100, job, "Ann" if number % 3 else "", len(text))


def report(name: str, **numbers: float) -> None:
    rounded = {key: round(value, 6) if isinstance(value, float) else value for key, value in numbers.items()}
    print(json.dumps({"benchmark": name, **rounded}), flush=True)


def megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the wall and seconds of this process: beside other work only the second means much."""
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - cpu


def claim_and_settle(store: Store, count: int) -> None:
    for _ in range(count // BATCH):
        jobs = store.claim("free", BATCH)
        store.settle([Attempt(job, State.DONE, Outcome.DONE, 1.0) for job in jobs])


def finish_all(store: Store) -> None:
    while jobs := store.claim("free", 20_000):
        store.settle([Attempt(job, State.DONE, Outcome.DONE, 1.0) for job in jobs])


def restart(path: Path, names: Sequence[str]) -> None:
    """What a run does with a finished queue before it says that nothing is left."""
    with open_store(path) as store:
        store.reconcile(names, lambda _: 1.0)
        store.select(None)
        assert not store.engines()


def look(store: Store) -> None:
    store.by_chapter()
    store.by_speaker()
    store.counts()


def at_size(size: int, folder: Path) -> None:
    path = folder / f"{size}.sqlite"
    sample = min(SAMPLE, size)
    with open_store(path) as store:
        plan, plan_cpu = timed(lambda: store.plan(lines(size), {}, {"free": Price()}))
        each, each_cpu = timed(lambda: claim_and_settle(store, sample))
        finish_all(store)
    # A finished queue is started again: its plan is made once more, its takes are looked for.
    names = sorted(line.job.take for line in lines(size))
    again, again_cpu = timed(lambda: restart(path, names))
    with open_store(path) as store:
        replan, replan_cpu = timed(lambda: store.plan(lines(size), {}, {"free": Price()}))
        status, status_cpu = timed(lambda: look(store))
    report(
        "queue-size",
        jobs=size,
        plan_us_per_line=plan / size * 1e6,
        plan_cpu_us_per_line=plan_cpu / size * 1e6,
        claim_and_settle_us=each / sample * 1e6,
        claim_and_settle_cpu_us=each_cpu / sample * 1e6,
        restart_finished_s=again,
        restart_finished_cpu_s=again_cpu,
        plan_again_s=replan,
        plan_again_cpu_s=replan_cpu,
        status_s=status,
        status_cpu_s=status_cpu,
        file_mb=path.stat().st_size / 1e6,
        peak_mb=megabytes(),
    )


class Nowhere:
    """An executor that records and stores nothing: what is left is the queue."""

    slots = 4

    def submit(self, order: Order, done: Callable[[Result], None]) -> None:
        for job in order.jobs:
            done(Result(job, 1.0))

    def close(self, grace: float = 0.0) -> None:
        return


def throughput(count: int, folder: Path, name: str, executor: Callable[[EngineSpec], Executor]) -> int:
    """A whole run. Returns the takes on disk."""
    takes = TakeStore(folder / name)
    with open_store(folder / f"{name}.sqlite") as store:
        store.plan(lines(count), {}, {"free": Price()})
        spec = EngineSpec("free", {}, Free.traits, Free.limits, open_free)
        began, cpu = time.perf_counter(), time.process_time()
        (summary,) = run(
            [Work(store, takes.folder, {"free": spec})], RunOptions(signals=False), executor=executor
        )
        elapsed, cpu = time.perf_counter() - began, time.process_time() - cpu
    assert summary.done == count
    report(name, jobs=count, jobs_per_second=count / elapsed, driver_cpu_us_per_job=cpu / count * 1e6)
    return sum(1 for _ in takes.names())


def bare(count: int, folder: Path) -> None:
    """The same takes written by one loop without a queue, 32 made durable at a time."""
    takes = TakeStore(folder / "bare")
    began = time.perf_counter()
    names = [line.job.take for line in lines(count)]
    for start in range(0, count, BATCH):
        takes.publish([takes.stage(name, _CLIP) for name in names[start : start + BATCH]])
    report("bare-takes", takes=count, takes_per_second=count / (time.perf_counter() - began))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--jobs", type=int, default=20_000)
    options = parser.parse_args(arguments)
    logging.disable()
    with tempfile.TemporaryDirectory() as folder:
        # The driver's own speed, then everything: child processes, takes encoded, synced and renamed.
        throughput(options.jobs, Path(folder), "queue-alone", lambda _: Nowhere())
        assert throughput(options.jobs, Path(folder), "queue-with-takes", local_executor) == options.jobs
        bare(min(options.jobs, 5000), Path(folder))
        for size in map(int, options.sizes.split(",")):
            at_size(size, Path(folder))


if __name__ == "__main__":
    main()
