"""The cloud engine against the emulator: requests a second, a latency and a rate limit used, first sound.

    python benchmarks/cloud.py [--lines 1920] [--minutes 2]

One JSON line per measurement. The emulator runs in a process of its own, as a service would.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from audiobook.audio.clip import Clip
from audiobook.audio.takes import take_name
from audiobook.engines.base import Utterance
from audiobook.engines.siliconflow import SiliconFlow
from audiobook.pipeline.speaking import Speaker
from audiobook.queue.jobs import Job, PlannedLine
from audiobook.queue.store import open_store
from audiobook.queue.work import EngineSpec
from audiobook.queue.worker import RunOptions, Work, run
from common import report

ROOT = Path(__file__).parent.parent
KEY = "sk-emulator"


@contextmanager
def emulator(*options: str) -> Iterator[str]:
    """The emulator in another process; its address."""
    command = [sys.executable, "-m", "tests.emulator", "--port", "0", "--voice", "tone", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert found is not None
        try:
            yield found[0]
        finally:
            process.terminate()


def speech_log(address: str) -> list[dict[str, Any]]:
    """The emulator's log of requests for speech."""
    entries = httpx.get(f"{address}/_emulator/log", timeout=60).json()
    return [entry for entry in entries if entry["route"] == "/v1/audio/speech"]


def record(address: str, lines: int, **settings: object) -> float:
    """Record a book of short lines through the queue; seconds."""
    given = {"base_url": f"{address}/v1", "concurrency": 16, **settings}
    engine = SiliconFlow(given)
    planned = []
    for number in range(lines):
        utterance = Utterance(f"Ship {number} sails.", "claire")
        name = take_name(utterance, engine.name, engine.identity)
        planned.append(PlannedLine(1, number, Job(name, engine.name, utterance, engine.units(utterance))))
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "queue.sqlite") as store:
        store.plan(planned, {1: "One"}, {engine.name: engine.price})
        spec = EngineSpec.of(engine, given)
        engine.close()
        start = time.perf_counter()
        work = Work(store, Path(folder) / "takes", {engine.name: spec})
        (summary,) = run([work], RunOptions(signals=False))
        elapsed = time.perf_counter() - start
    assert summary.complete
    return elapsed


def steady(log: list[dict[str, Any]]) -> float:
    """Answers a second between the first and the last."""
    return (len(log) - 1) / (log[-1]["at"] - log[0]["at"])


def requests_a_second(threads: int, count: int = 3000) -> None:
    """What the engine itself can do."""
    with emulator() as address:
        engine = SiliconFlow({"base_url": f"{address}/v1", "concurrency": threads})

        def speak(part: int) -> None:
            for number in range(count // threads):
                engine.synthesize(Utterance(f"Ship {part} {number}.", "claire"))

        workers = [threading.Thread(target=speak, args=(part,)) for part in range(threads)]
        start = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        report("cloud engine", threads=threads, requests_per_second=count / (time.perf_counter() - start))
        engine.close()


def latency(lines: int) -> None:
    """Sixteen requests at once against half a second of latency."""
    with emulator("--latency", "0.5") as address:
        elapsed = record(address, lines)
        ideal = lines / 16 * 0.5
        share = steady(speech_log(address)) / (16 / 0.5 * (1 - 16 / lines))
        report("cloud latency", lines=lines, wall=elapsed, of_ideal=ideal / elapsed, steady_of_ideal=share)


def rate_limit(minutes: float, per_minute: int = 120) -> None:
    """A limit of requests a minute: how much of it is used, how many are turned away."""
    with emulator("--requests-per-minute", str(per_minute), "--latency", "0.5") as address:
        lines = round(minutes * per_minute)
        record(address, lines, requests_per_minute=per_minute)
        log = speech_log(address)
        refused = sum(entry["status"] == 429 for entry in log) / len(log)
        report("cloud rate limit", lines=lines, of_limit=steady(log) * 60 / per_minute, refused=refused)


def first_sound(count: int = 30) -> None:
    """From the first byte that the server sends to the first piece that is handed on."""

    class Ear:
        def __init__(self) -> None:
            self.first = 0.0

        def write(self, clip: Clip) -> None:
            self.first = self.first or time.perf_counter()

    with emulator("--realtime", "4", "--latency", "0.1") as address:
        engine = SiliconFlow({"base_url": f"{address}/v1"})
        waits = []
        for number in range(count):
            ear = Ear()
            start = time.perf_counter()
            Speaker(engine, ear).say([Utterance(f"Ship {number}.", "claire")])
            waits.append(1000 * (ear.first - start - 0.1))
        engine.close()
        report("cloud first sound", median_ms=median(waits), longest_ms=max(waits))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1920)
    parser.add_argument("--minutes", type=float, default=2.0)
    given = parser.parse_args()
    os.environ["SILICONFLOW_API_KEY"] = KEY
    requests_a_second(1)
    requests_a_second(8)
    first_sound()
    latency(given.lines)
    rate_limit(given.minutes)


if __name__ == "__main__":
    main()
