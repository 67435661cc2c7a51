"""How much faster eight actors are than one, with an engine that takes 100 ms a line.

    python benchmarks/ray_scaling.py [--lines 400] [--address ADDRESS]

Without an address it starts a cluster of two nodes on this machine. The engine waits and does not compute, so
that the cores of this machine do not matter.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from audiobook.audio.clip import Clip
from audiobook.engines.base import Limits, Price, Settings, Traits, Utterance
from audiobook.queue.jobs import PlannedLine
from audiobook.queue.ray import cluster
from audiobook.queue.store import open_store
from audiobook.queue.work import EngineSpec
from audiobook.queue.worker import RunOptions, Work, run
from queueing import Free, lines, report

SECONDS = 0.1
ACTORS = 8


class Slow(Free):
    """Takes its time."""

    traits = Traits(process=True)

    def synthesize(self, utterance: Utterance) -> Clip:
        time.sleep(SECONDS)
        return super().synthesize(utterance)


def open_slow(name: str, settings: Settings) -> Slow:
    del name
    return Slow(settings)


@contextlib.contextmanager
def two_nodes() -> Iterator[str]:
    from ray.cluster_utils import Cluster

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    for _ in range(2):
        made.add_node(num_cpus=ACTORS // 2)
    try:
        yield made.address
    finally:
        made.shutdown()


def seconds_for(planned: Sequence[PlannedLine], actors: int, address: str, folder: Path) -> float:
    """One run with so many actors, all of them ready before the clock starts."""
    spec = EngineSpec("free", {}, Slow.traits, Limits(concurrency=actors), open_slow)
    with cluster(address) as executor, open_store(folder / f"{actors}.sqlite") as store:
        pool = executor(spec)
        while sum(actor.ready for actor in pool._actors) < actors:  # type: ignore[attr-defined]
            time.sleep(0.05)
        store.plan(planned, {}, {"free": Price()})
        began = time.perf_counter()
        (summary,) = run(
            [Work(store, folder / str(actors), {"free": spec})],
            RunOptions(signals=False),
            executor=lambda _: pool,
        )
        assert summary.done == len(planned), summary
        return time.perf_counter() - began


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lines", type=int, default=400)
    parser.add_argument("--address")
    options = parser.parse_args(arguments)
    logging.disable()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = options.address or stack.enter_context(two_nodes())
        few = list(lines(options.lines // ACTORS))
        one = len(few) / seconds_for(few, 1, address, folder)
        many = options.lines / seconds_for(list(lines(options.lines)), ACTORS, address, folder)
    report(
        "ray-scaling",
        actors=ACTORS,
        lines=options.lines,
        one_actor_lines_per_second=one,
        lines_per_second=many,
        of_ideal=many / one / ACTORS,
    )


if __name__ == "__main__":
    main()
