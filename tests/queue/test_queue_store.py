"""The queue's database: every change of state, counted."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.engines.base import Price, Utterance
from audiobook.errors import ProjectError, StorageError
from audiobook.queue import migrations
from audiobook.queue.jobs import Attempt, Job, PlannedLine, pack_utterance, unpack_utterance
from audiobook.queue.states import Outcome, State
from audiobook.queue.store import Clock, Store, open_store

TEXTS = ["one", "two", "three", "four"]


def done(job: Any, billed: bool = False) -> Attempt:
    return Attempt(job, State.DONE, Outcome.DONE, 1.5, billed=billed)


def counts(store: Store) -> dict[str, int]:
    return {state.value: number for state, number in store.counts().items() if number}


def claim_texts(store: Store, limit: int = 10) -> list[str]:
    return [job.utterance.text for job in store.claim("scripted", limit)]


def test_jobs_are_claimed_in_reading_order_and_once(desk) -> None:
    desk.plan(TEXTS)
    assert claim_texts(desk.store, 3) == ["one", "two", "three"]
    assert claim_texts(desk.store, 3) == ["four"]
    assert claim_texts(desk.store, 3) == []
    assert counts(desk.store) == {"running": 4}


def test_a_claim_is_for_one_engine(desk) -> None:
    desk.plan(TEXTS)
    assert desk.store.claim("espeak", 5) == []


def test_planning_again_keeps_what_is_done(desk) -> None:
    desk.plan(TEXTS)
    desk.store.settle([done(job) for job in desk.store.claim("scripted", 2)])
    desk.plan(TEXTS)
    assert counts(desk.store) == {"done": 2, "pending": 2}


def test_a_changed_line_is_one_new_job_and_the_old_one_leaves(desk) -> None:
    desk.plan(TEXTS)
    desk.store.settle([done(job) for job in desk.store.claim("scripted", 4)])
    desk.plan(["one", "zwei", "three", "four"])
    assert counts(desk.store) == {"done": 3, "pending": 1}
    desk.plan(TEXTS)
    assert counts(desk.store) == {"done": 4}


def test_equal_lines_are_one_job_in_two_places(desk) -> None:
    desk.plan(["yes", "no", "yes"])
    assert counts(desk.store) == {"pending": 2}
    assert desk.store.by_chapter()[0].lines == 3
    assert desk.store.by_chapter()[0].to_do == 2


def test_a_moved_line_is_claimed_in_its_new_place(desk) -> None:
    desk.plan(TEXTS)
    desk.plan(["four", "three", "two", "one"])
    assert claim_texts(desk.store) == ["four", "three", "two", "one"]


def test_only_chosen_chapters_are_wanted(desk) -> None:
    lines = [*desk.lines(["a", "b"], chapter=1), *desk.lines(["c", "b"], chapter=2)]
    desk.store.plan(lines)
    desk.store.select({2})
    assert claim_texts(desk.store) == ["b", "c"]
    desk.store.select(None)
    assert claim_texts(desk.store) == ["a"]


def fail(desk, outcome: Outcome = Outcome.REFUSED) -> None:
    (job,) = desk.store.claim("scripted", 1)
    desk.store.settle([Attempt(job, State.FAILED, outcome, message="no", trace="t1")])


def test_a_failure_names_its_line_and_its_reason(desk) -> None:
    desk.plan(TEXTS)
    fail(desk)
    (failure,) = desk.store.failures()
    assert (failure.text, failure.chapter, failure.position) == ("one", 1, 0)
    assert (failure.message, failure.trace, failure.attempts) == ("no", "t1", 1)


def test_retrying_takes_only_what_failed(desk) -> None:
    desk.plan(TEXTS)
    fail(desk)
    assert desk.store.retry_failed(only=True) == 1
    assert claim_texts(desk.store) == ["one"]


def test_an_ordinary_run_retries_what_failed_in_passing_and_not_what_was_refused(desk) -> None:
    desk.plan(TEXTS)
    fail(desk, Outcome.REFUSED)
    fail(desk, Outcome.AGAIN)
    assert desk.store.retry_failed(all_kinds=False) == 1
    assert claim_texts(desk.store) == ["two", "three", "four"]


def test_a_held_job_is_claimed_by_nobody_until_it_is_released(desk) -> None:
    desk.plan(["one"])
    (job,) = desk.store.claim("scripted")
    desk.store.settle([Attempt(job, State.PENDING, Outcome.AGAIN, message="busy", hold=True)])
    assert claim_texts(desk.store) == []
    desk.store.release_held()
    assert claim_texts(desk.store) == ["one"]


def test_the_ledger_counts_what_was_billed_and_nothing_else(desk) -> None:
    desk.plan(["abc", "de"], price=Price(1e6, "bytes", "EUR"))
    first, second = desk.store.claim("scripted", 2)
    desk.store.settle(
        [
            Attempt(first, State.PENDING, Outcome.AGAIN, message="stub", billed=True),
            Attempt(second, State.PENDING, Outcome.AGAIN, message="busy"),
        ]
    )
    desk.store.settle([done(first, billed=True), done(second, billed=True)])
    spent = desk.store.spent()
    assert (spent.requests, spent.units, spent.amounts) == (3, 8, {"EUR": 8.0})
    assert desk.store.spent_on(first.take).units == 6


def test_money_spent_stays_in_the_ledger_when_its_line_is_gone(desk) -> None:
    desk.plan(["abc"], price=Price(1e6, "bytes", "EUR"))
    desk.store.settle([done(job, billed=True) for job in desk.store.claim("scripted")])
    desk.plan(["other"])
    assert desk.store.spent().units == 3


def reconcile(desk, *on_disk: str) -> dict[Outcome, int]:
    return desk.store.reconcile(sorted(desk.job(text).take for text in on_disk), lambda _: 1.0)


def test_jobs_of_a_dead_process_go_back_or_are_done(desk) -> None:
    desk.plan(TEXTS, price=Price(1e6, "bytes", "EUR"))
    desk.store.claim("scripted", 2)
    assert reconcile(desk, "one") == {Outcome.RECOVERED: 1, Outcome.LOST: 1}
    assert counts(desk.store) == {"done": 1, "pending": 3}
    assert desk.store.spent().units == 3
    assert desk.store.lost().units == 3


def test_a_take_that_is_there_needs_no_request(desk) -> None:
    desk.plan(TEXTS)
    reconcile(desk, "two", "three")
    assert counts(desk.store) == {"done": 2, "pending": 2}
    assert desk.store.spent().requests == 0


def test_a_lost_database_is_made_again_from_the_takes_in_chunks(
    desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiobook.queue.store.CHUNK", 3)
    texts = [f"line {number}" for number in range(10)]
    desk.plan(texts)
    reconcile(desk, *texts[:8])
    assert counts(desk.store) == {"done": 8, "pending": 2}


def test_a_done_job_whose_take_is_gone_is_pending(desk) -> None:
    desk.plan(TEXTS)
    reconcile(desk, *TEXTS)
    reconcile(desk, "one", "four")
    assert claim_texts(desk.store) == ["two", "three"]


def test_takes_out_of_order_are_refused_before_they_look_lost(desk) -> None:
    desk.plan(TEXTS)
    names = sorted(desk.job(text).take for text in TEXTS)
    with pytest.raises(ValueError, match="sorted"):
        desk.store.reconcile([names[2], names[0], names[1]], lambda _: 1.0)


def test_takes_that_no_line_needs_are_let_be(desk) -> None:
    desk.plan(TEXTS)
    reconcile(desk, "one", "other", "zzz", "another")
    assert counts(desk.store) == {"done": 1, "pending": 3}


def test_a_take_that_cannot_be_read_is_no_take(desk) -> None:
    desk.plan(["one"])
    desk.store.reconcile([desk.job("one").take], lambda _: None)
    assert counts(desk.store) == {"pending": 1}


def test_tallies_add_up_by_chapter_and_by_speaker(desk) -> None:
    desk.store.plan(
        [*desk.lines(["a", "b"], chapter=1), *desk.lines(["c", "b"], chapter=2)],
        {1: "One", 2: "Two"},
        {"scripted": Price(1e6, "bytes", "EUR")},
    )
    desk.store.settle([done(job) for job in desk.store.claim("scripted", 1)])
    chapters = desk.store.by_chapter()
    assert [(c.key, c.title, c.lines, c.done, c.to_do, c.cost) for c in chapters] == [
        ("1", "One", 2, 1, 1, 1.0),
        ("2", "Two", 2, 0, 1, 1.0),
    ]
    assert {s.key: (s.lines, s.done, s.to_do) for s in desk.store.by_speaker()} == {
        "": (2, 1, 1),
        "Ann": (2, 0, 1),
    }


def test_it_can_be_read_while_somebody_writes(desk) -> None:
    desk.plan(TEXTS)
    with open_store(desk.store.path, read_only=True) as reader:
        desk.store.claim("scripted", 1)
        assert counts(reader) == {"running": 1, "pending": 3}
        with pytest.raises(StorageError, match="read-only"):
            reader.select({1})


utterances = st.builds(
    Utterance,
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.text(st.characters(exclude_categories=["Cs"])),
    style=st.text(st.characters(exclude_categories=["Cs"])),
    speed=st.floats(0.25, 4),
    gain=st.floats(-20, 20),
    language=st.sampled_from(["", "en", "zh-CN"]),
    phonemes=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.just("ɑ")), max_size=2).map(tuple),
    take=st.integers(0, 5),
)


@given(utterances)
def test_an_utterance_comes_back_from_the_database_as_it_went_in(utterance: Utterance) -> None:
    assert unpack_utterance(pack_utterance(utterance)) == utterance


def test_time_never_runs_backwards() -> None:
    wall, steady = [1000.0], [5.0]
    clock = Clock(2000.0, lambda: wall[0], lambda: steady[0])
    assert clock() == 2000.0  # the last entry of the database is younger than the system's clock
    wall[0], steady[0] = 0.0, 7.5
    assert clock() == 2002.5


# --- versions and damage -----------------------------------------------------------------------------


def schema(path: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name")
        rows = [(name, " ".join(sql.split())) for name, sql in found]
    connection.close()
    return rows


def test_all_steps_one_by_one_make_the_same_tables_as_a_fresh_start(tmp_path: Path) -> None:
    open_store(tmp_path / "fresh.sqlite").close()
    connection = sqlite3.connect(tmp_path / "stepwise.sqlite", isolation_level=None)
    for count in range(1, migrations.VERSION + 1):
        migrations.migrate(connection, "stepwise", migrations.STEPS[:count])
    connection.close()
    assert schema(tmp_path / "stepwise.sqlite") == schema(tmp_path / "fresh.sqlite")


def test_an_older_database_is_brought_up_to_date_with_its_rows(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "old.sqlite", isolation_level=None)
    migrations.migrate(connection, "old", ("CREATE TABLE a (x);",))
    connection.execute("INSERT INTO a VALUES (7)")
    migrations.migrate(connection, "old", ("CREATE TABLE a (x);", "ALTER TABLE a ADD COLUMN y DEFAULT 8;"))
    assert connection.execute("SELECT x, y FROM a").fetchall() == [(7, 8)]
    connection.close()


def test_a_step_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "old.sqlite", isolation_level=None)
    with pytest.raises(sqlite3.Error):
        migrations.migrate(connection, "old", ("CREATE TABLE a (x); INSERT INTO missing VALUES (1);",))
    assert migrations.version_of(connection) == 0
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("read_only", [False, True])
def test_a_database_of_a_newer_version_is_refused(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "queue.sqlite"
    open_store(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {migrations.VERSION + 1}")
    connection.close()
    with pytest.raises(ProjectError, match="newer version"):
        open_store(path, read_only=read_only)


def test_a_damaged_database_is_named_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "queue.sqlite").write_bytes(b"not a database, but long enough to look at" * 200)
    with pytest.raises(ProjectError, match="damaged; move it away"):
        open_store(tmp_path / "queue.sqlite")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be opened"):
        open_store(tmp_path / "missing" / "queue.sqlite")


def test_a_plan_out_of_order_is_a_bug_and_changes_nothing(desk) -> None:
    desk.plan(TEXTS)
    with pytest.raises(ValueError, match="reading order"):
        desk.store.plan(reversed(desk.lines(["x", "y"])))
    assert claim_texts(desk.store) == TEXTS


@given(plans=st.lists(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 5)), unique=True), max_size=4))
def test_the_last_plan_is_the_plan_whatever_was_planned_before(plans: list[list[tuple[int, int]]]) -> None:
    """Places come and go, and the text of a place changes with the plan's number."""
    with open_store(Path(":memory:")) as store:
        expected: list[tuple[int, int]] = []
        for number, places in enumerate(plans):
            lines = []
            for chapter, position in sorted(places):
                text = f"{chapter} {position} {number % 2 if position < 3 else 0}"
                lines.append(PlannedLine(chapter, position, Job(text, "e", Utterance(text, "a"))))
            store.plan(lines)
            expected = sorted(places)
        assert sum(tally.lines for tally in store.by_chapter()) == len(expected)
        assert store.counts()[State.PENDING] == len(expected)
        assert [job.take[:3] for job in store.claim("e", 99)] == [f"{c} {p}" for c, p in expected]


def test_a_plan_that_breaks_off_changes_nothing(desk) -> None:
    desk.plan(TEXTS)

    def broken() -> Any:
        yield from desk.lines(["other"])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        desk.store.plan(broken())
    assert claim_texts(desk.store) == TEXTS


def test_a_long_series_is_planned_in_chunks(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audiobook.queue.store.CHUNK", 3)
    lines: list[PlannedLine] = desk.lines([f"line {number}" for number in range(10)])
    desk.store.plan(lines)
    assert counts(desk.store) == {"pending": 10}
