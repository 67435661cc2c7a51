"""A real cluster of two nodes on this machine: the same takes as without it, also when a node dies."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from audiobook.errors import StopRun
from audiobook.queue.jobs import Job
from audiobook.queue.progress import Listener
from audiobook.queue.worker import run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("ray") is None, reason="Ray is not installed (pip install 'audiobook[ray]')"
    ),
    # Ray leaves sockets and subprocesses to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def two_nodes() -> Iterator[Any]:
    """A cluster whose head does no work and whose two workers have two cores each."""
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))  # the nodes know the tests' engines
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        # Ray's nodes have this machine's own address, which the guard against the network does not know.
        patch.setattr("audiobook.queue.ray._knock", lambda address: None)
        head = {"num_cpus": 0, "include_dashboard": False}
        made = Cluster(initialize_head=True, head_node_args=head)
        made.add_node(num_cpus=2)
        made.add_node(num_cpus=2)
        yield made
        made.shutdown()
    del made
    with warnings.catch_warnings():  # of sockets that Ray leaves open
        warnings.simplefilter("ignore")
        gc.collect()


def takes_of(desk: Any) -> dict[str, bytes]:
    return {name: desk.takes.path(name).read_bytes() for name in desk.takes.names()}


def on_cluster(desk: Any, cluster: Any, quick: Any, engine: str = "computing", **settings: object) -> Any:
    from audiobook.queue import ray as executors

    listener = settings.pop("listener", Listener())
    work = desk.work(engine, log=None, **settings)
    work.listener = listener
    with executors.cluster(cluster.address) as executor:
        (summary,) = run([work], quick, executor=executor)
    return summary


TEXTS = [f"line {number} of a book" for number in range(40)]


def test_the_cluster_makes_the_same_takes_as_this_machine(make_desk, two_nodes, quick) -> None:
    here, there = make_desk("here"), make_desk("there")
    for desk in (here, there):
        desk.plan(TEXTS, "computing")
    assert here.run("computing").complete
    assert on_cluster(there, two_nodes, quick).complete
    assert takes_of(there) == takes_of(here)


def test_failures_on_the_cluster_are_those_of_a_line(desk, two_nodes, quick) -> None:
    desk.plan(["one", "refuse this", "bug here", "two"], "computing")
    summary = on_cluster(desk, two_nodes, quick)
    assert summary.done == 2
    assert {failure.text for failure in summary.failures} == {"refuse this", "bug here"}


def test_a_line_that_kills_its_actor_fails_and_the_others_go_on(desk, two_nodes, quick) -> None:
    desk.plan(["one", "die always", *TEXTS[:10]], "computing")
    summary = on_cluster(desk, two_nodes, quick)
    assert summary.done == 11
    assert [failure.text for failure in summary.failures] == ["die always"]


def test_an_engine_that_cannot_be_opened_there_stops_the_run(desk, two_nodes, quick) -> None:
    from audiobook.queue import ray as executors

    desk.plan(["one"], "computing")
    work = desk.work("computing")
    work.engines = {"computing": replace(work.engines["computing"], settings={"broken": True})}
    with executors.cluster(two_nodes.address) as executor:
        (summary,) = run([work], quick, executor=executor)
    assert isinstance(summary.stop, StopRun)


def test_projects_share_the_cluster_and_none_starves(make_desk, two_nodes, quick) -> None:
    from audiobook.queue import ray as executors

    long, short = make_desk("long"), make_desk("short")
    long.plan([f"long {number}" for number in range(60)], "computing")
    short.plan([f"short {number}" for number in range(8)], "computing")
    order: list[str] = []

    class Remember(Listener):
        def recorded(self, job: Job, seconds: float) -> None:
            order.append(job.utterance.text.split()[0])

    works = [desk.work("computing", log=None, delay=0.02) for desk in (long, short)]
    for work in works:
        work.listener = Remember()
    with executors.cluster(two_nodes.address) as executor:
        summaries = run(works, quick, executor=executor)
    assert [summary.done for summary in summaries] == [60, 8]
    assert max(position for position, name in enumerate(order) if name == "short") < 50


def test_a_node_that_dies_mid_book_loses_nothing(make_desk, two_nodes, quick) -> None:
    here, there = make_desk("here"), make_desk("there")
    for desk in (here, there):
        desk.plan(TEXTS, "computing")
    assert here.run("computing").complete
    node = two_nodes.add_node(num_cpus=2)

    class Kill(Listener):
        count = 0

        def recorded(self, job: Job, seconds: float) -> None:
            self.count += 1
            if self.count == 10:
                two_nodes.remove_node(node, allow_graceful=False)

    listener = Kill()
    summary = on_cluster(there, two_nodes, quick, delay=0.05, listener=listener)
    assert summary.complete
    assert listener.count == summary.done == len(TEXTS)
    assert takes_of(there) == takes_of(here)


def test_a_cluster_that_cannot_start_the_engine_is_said_and_not_tried_for_ever(
    desk, two_nodes, quick
) -> None:
    from audiobook.queue import ray as executors

    desk.plan(["one", "two"], "computing")
    work = desk.work("computing")
    work.engines = {"computing": replace(work.engines["computing"], opener=_only_here)}
    with executors.cluster(two_nodes.address) as executor:
        (summary,) = run([work], quick, executor=executor)
    assert isinstance(summary.stop, StopRun)
    assert "cannot be started on the cluster" in summary.stop.message
    assert summary.remaining == 2


class _Unloadable:
    """Cannot be unpickled anywhere else."""

    def __call__(self, name: str, settings: object) -> object:
        raise NotImplementedError

    def __reduce__(self) -> tuple[object, ...]:
        return (__import__, ("a_module_that_nobody_has",))


_only_here = _Unloadable()
