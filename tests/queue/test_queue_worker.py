"""What becomes of lines whose engine works, fails, refuses, dies."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import replace

import pytest

from audiobook.engines.base import Limits, Price
from audiobook.errors import Interrupted, StopRun, StorageError
from audiobook.queue.jobs import Job
from audiobook.queue.progress import Listener
from audiobook.queue.states import Outcome, State
from audiobook.queue.work import EngineSpec
from audiobook.queue.worker import run


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


def test_an_engine_that_refuses_everything_is_asked_once(desk) -> None:
    desk.plan([f"stop {number}" for number in range(20)])
    assert isinstance(desk.run().stop, StopRun)
    assert len(desk.requests()) == 1


def test_what_is_in_flight_when_the_engine_stops_the_run_is_kept(desk, quick) -> None:
    """It may be paid for. The grace of an interruption does not apply."""
    desk.plan(["one", "slow 1", "slow 2", "stop"], price=Price(1e6, "bytes", "EUR"))
    summary = desk.run(options=replace(quick, grace=0.0))
    assert isinstance(summary.stop, StopRun)
    assert (summary.done, summary.remaining) == (3, 1)
    assert desk.store.lost().requests == 0


def test_an_engine_that_cannot_be_opened_stops_before_anything_is_claimed(desk) -> None:
    desk.plan(["one"])
    work = desk.work()
    work.engines = {"scripted": replace(work.engines["scripted"], settings={"broken": True})}
    with pytest.raises(StopRun, match="key is missing"):
        run([work])
    assert desk.store.counts()[State.PENDING] == 1


def test_an_engine_that_cannot_be_opened_in_a_child_stops_the_run(desk) -> None:
    desk.plan(["one", "two"], "computing")
    work = desk.work("computing")
    work.engines = {"computing": replace(work.engines["computing"], settings={"broken": True})}
    (summary,) = run([work])
    assert isinstance(summary.stop, StopRun)
    assert summary.remaining == 2


def test_a_busy_engine_is_asked_again_and_not_held_against_the_line(desk) -> None:
    desk.plan(["busy 12", *(f"line {number}" for number in range(20))])
    summary = desk.run()
    assert summary.complete
    assert desk.requests().count("busy 12") == 13


def test_unusable_answers_are_paid_for_and_counted(desk) -> None:
    desk.plan(["paid 2 times", "free"], price=Price(1e6, "bytes", "EUR"))
    summary = desk.run()
    assert summary.spent.requests == 4
    assert summary.spent.units == 3 * len("paid 2 times") + len("free")
    assert desk.store.spent_on(desk.job("paid 2 times").take).requests == 3


def test_an_engine_that_fails_line_after_line_ends_the_run(desk, quick) -> None:
    desk.plan([f"fail 99 {number}" for number in range(40)])
    summary = desk.run(options=replace(quick, give_up=5))
    assert isinstance(summary.stop, StopRun)
    assert "in a row failed" in summary.stop.message
    assert summary.remaining + summary.failed == 40
    assert summary.failed <= 9


def test_lines_that_failed_in_passing_are_tried_by_the_next_run(desk) -> None:
    desk.plan(["fail 7", "refuse"])
    assert desk.run().failed == 2
    summary = desk.run()
    assert summary.done == 1
    assert [failure.text for failure in summary.failures] == ["refuse"]


def test_retry_failed_takes_only_those(desk, quick) -> None:
    desk.plan(["refuse", "one"])
    desk.run()
    desk.plan(["refuse", "one", "new"])
    desk.run(options=replace(quick, retry_failed=True))
    assert desk.requests().count("refuse") == 2
    assert "new" not in desk.requests()


# --- money -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("budget", "recorded"), [(0.5, 0), (10.0, 2), (14.9, 2), (15.0, 3), (100.0, 6)])
def test_the_budget_is_never_passed(desk, quick, budget: float, recorded: int) -> None:
    """Six lines of five bytes at one a byte, four requests at once."""
    desk.plan([f"line{number}" for number in range(6)], price=Price(1e6, "bytes", "EUR"))
    work = desk.work()
    work.budget = budget
    (summary,) = run([work], quick)
    assert summary.done == recorded
    assert summary.spent.total <= budget
    assert summary.budget_reached == (recorded < 6)
    assert summary.remaining == 6 - recorded


def test_unusable_answers_count_against_the_budget(desk, quick) -> None:
    desk.plan(["paid 9 times"], price=Price(1e6, "bytes", "EUR"))
    work = desk.work()
    work.budget = 40.0
    (summary,) = run([work], quick)
    assert summary.spent.total == 36.0
    assert summary.budget_reached


def test_requests_that_a_kill_cut_off_count_against_the_budget(desk, quick) -> None:
    desk.plan(["line1", "line2"], price=Price(1e6, "bytes", "EUR"))
    desk.store.claim("scripted", 1)  # and then its process died
    work = desk.work()
    work.budget = 10.0
    (summary,) = run([work], quick)
    assert (summary.done, summary.spent.total, desk.store.lost().total) == (1, 5.0, 5.0)
    assert summary.budget_reached


def test_a_greater_budget_goes_on_where_the_smaller_one_ended(desk, quick) -> None:
    desk.plan([f"line{number}" for number in range(6)], price=Price(1e6, "bytes", "EUR"))
    for budget in (10.0, 10.0, 30.0):
        work = desk.work()
        work.budget = budget
        (summary,) = run([work], quick)
    assert summary.complete
    assert len(desk.requests()) == 6


# --- leaving -----------------------------------------------------------------------------------------


class StopAfter(Listener):
    def __init__(self, count: int, stop: threading.Event) -> None:
        self.left, self.stop = count, stop

    def recorded(self, job: Job, seconds: float) -> None:
        self.left -= 1
        if self.left == 0:
            self.stop.set()


@pytest.mark.parametrize("engine", ["scripted", "computing"])
def test_an_interrupted_run_goes_on_where_it_was(desk, quick, engine: str) -> None:
    texts = [f"line {number}" for number in range(60)]
    desk.plan(texts, engine)
    stop = threading.Event()
    work = desk.work(engine, delay=0.002)
    work.listener = StopAfter(10, stop)
    (summary,) = run([work], replace(quick, batch_seconds=0.01), stop=stop)
    assert isinstance(summary.stop, Interrupted)
    assert 10 <= summary.done < 60
    assert summary.remaining == 60 - summary.done
    assert desk.run(engine).complete
    assert sorted(desk.requests()) == sorted(texts)


def test_a_request_that_hangs_is_left_behind_soon(desk, quick) -> None:
    desk.plan(["one", "hang", "two"])
    stop = threading.Event()
    work = desk.work()
    work.listener = StopAfter(2, stop)
    began = time.monotonic()
    (summary,) = run([work], quick, stop=stop)
    assert time.monotonic() - began < 2
    assert (summary.done, summary.remaining) == (2, 1)
    assert desk.store.lost().requests == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_and_its_handlers_come_back(desk, quick, number: signal.Signals) -> None:
    desk.plan([f"line {n}" for n in range(40)])
    work = desk.work(delay=0.01)
    handler = signal.getsignal(number)

    class Kill(Listener):
        def recorded(self, job: Job, seconds: float) -> None:
            os.kill(os.getpid(), number)

    work.listener = Kill()
    (summary,) = run([work], replace(quick, signals=True))
    assert isinstance(summary.stop, Interrupted)
    assert 1 <= summary.done < 40
    assert signal.getsignal(number) == handler


def test_a_disk_that_refuses_a_take_stops_the_run_and_nothing_is_marked_done(desk, quick) -> None:
    desk.plan([f"line {number}" for number in range(8)])
    desk.takes.folder.mkdir()
    for shard in range(256):
        (desk.takes.folder / f"{shard:02x}").write_text("a file where a folder should be")
    summary = desk.run()
    assert isinstance(summary.stop, StorageError)
    assert (summary.done, summary.remaining) == (0, 8)


def test_takes_that_cannot_be_listed_are_said_before_anything_is_asked(desk) -> None:
    desk.plan(["one"])
    desk.takes.folder.write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="takes: a part of the path is not a folder"):
        desk.run()
    assert desk.requests() == []


# --- pace and fairness -------------------------------------------------------------------------------


def test_no_more_requests_are_in_flight_than_the_engine_takes(desk) -> None:
    desk.plan([f"line {number}" for number in range(30)])
    engines = []

    def remember(name, settings):
        engines.append(desk.spec().opener(name, settings))
        return engines[-1]

    work = desk.work(delay=0.005, limits=Limits(concurrency=3))
    work.engines = {"scripted": replace(work.engines["scripted"], opener=remember)}
    run([work])
    assert engines[0].most_at_once == 3


def test_requests_keep_to_the_limit_per_minute(desk, quick) -> None:
    """600 a minute are 10 a second; a fiftieth of a minute's worth may go out at once."""
    desk.plan([f"line {number}" for number in range(18)])
    began = time.monotonic()
    assert desk.run(limits=Limits(concurrency=8, requests_per_minute=600)).done == 18
    assert 0.5 < time.monotonic() - began < 1.5


def test_projects_take_turns(make_desk, quick) -> None:
    long, short = make_desk("long"), make_desk("short")
    long.plan([f"long {number}" for number in range(60)])
    short.plan([f"short {number}" for number in range(10)])
    order: list[str] = []

    class Order(Listener):
        def recorded(self, job: Job, seconds: float) -> None:
            order.append(job.utterance.text.split()[0])

    log = str(long.folder / "shared.log")
    works = [replace(desk.work(delay=0.002, log=log), listener=Order()) for desk in (long, short)]
    summaries = run(works, quick)
    assert [summary.done for summary in summaries] == [60, 10]
    assert max(position for position, name in enumerate(order) if name == "short") < 30


def test_projects_with_other_settings_do_not_share_an_engine(make_desk, quick) -> None:
    one, two = make_desk("one"), make_desk("two")
    one.plan(["a"])
    two.plan(["b"])
    opened = []

    def executor(spec: EngineSpec):
        from audiobook.queue.local import local_executor

        opened.append(spec)
        return local_executor(spec)

    run([one.work(), two.work()], quick, executor=executor)
    assert len(opened) == 2
    assert (one.requests(), two.requests()) == (["a"], ["b"])


def test_nothing_is_opened_when_nothing_is_to_do(desk, quick) -> None:
    def executor(spec: EngineSpec):
        raise AssertionError("opened")

    (summary,) = run([desk.work()], quick, executor=executor)
    assert summary.complete


def test_a_spec_keeps_its_settings_to_itself() -> None:
    """They may hold a key, and specs are logged and shown in tracebacks."""
    assert "secret" not in repr(EngineSpec("espeak", {"key": "secret"}))


def test_what_failed_is_in_the_log(desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.plan(["bug here"])
    desk.run()
    assert "ZeroDivisionError" in caplog.text
    assert "Traceback" in caplog.text


def test_half_written_takes_of_a_dead_process_are_swept_away(desk) -> None:
    desk.plan(["one"])
    desk.store.claim("scripted")
    left = desk.takes.folder / "ab" / ".abcd.1234.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    assert desk.run().complete
    assert not left.exists()
