"""What becomes of lines whose engine works, fails, refuses, dies."""

from __future__ import annotations

import pytest

from audiobook.errors import StopRun
from audiobook.queue.states import Outcome, State


@pytest.mark.parametrize("engine", ["scripted", "computing"])
def test_every_line_gets_its_take(desk, engine: str) -> None:
    desk.plan([f"line {number}" for number in range(30)], engine)
    summary = desk.run(engine)
    assert summary.complete
    assert summary.done == 30
    assert sorted(desk.takes.names()) == sorted(
        line.job.take for line in desk.lines([f"line {n}" for n in range(30)], engine)
    )
    assert desk.store.counts()[State.DONE] == 30


def test_a_second_run_asks_nothing(desk) -> None:
    desk.plan(["one", "two"])
    desk.run()
    assert desk.run().done == 0
    assert desk.requests() == ["one", "two"]


def test_equal_lines_are_one_request(desk) -> None:
    desk.plan(["yes", "no", "yes"])
    assert desk.run().done == 2
    assert sorted(desk.requests()) == ["no", "yes"]


def test_a_failing_line_does_not_stop_the_others(desk) -> None:
    desk.plan(["one", "refuse this", "bug here", "fail 99", "two"])
    summary = desk.run()
    assert summary.done == 2
    assert {failure.text: failure.outcome for failure in summary.failures} == {
        "refuse this": Outcome.REFUSED,
        "bug here": Outcome.REFUSED,
        "fail 99": Outcome.AGAIN,
    }
    assert summary.failures[0].trace == "trace-1"
    assert desk.requests().count("refuse this") == 1
    assert desk.requests().count("fail 99") == 5


def test_stop_keeps_the_rest_pending(desk) -> None:
    desk.plan(["one", "stop", *(f"more {n}" for n in range(50))])
    summary = desk.run(limits=None)
    assert isinstance(summary.stop, StopRun)
    assert summary.remaining >= 45
    assert not summary.failures


@pytest.mark.parametrize("text", ["die", "die always"])
def test_a_child_that_dies_takes_only_its_own_line_along(desk, text: str) -> None:
    others = [f"line {number}" for number in range(12)]
    desk.plan([*others[:6], text, *others[6:]], "computing")
    summary = desk.run("computing")
    assert summary.done == (13 if text == "die" else 12)
    assert [failure.text for failure in summary.failures] == ([] if text == "die" else ["die always"])
