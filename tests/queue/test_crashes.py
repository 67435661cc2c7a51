"""The queue's own writes fail, one after another; the next run finishes and asks for nothing stored."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import pytest

from audiobook.errors import StorageError
from audiobook.queue.states import State
from audiobook.queue.store import Store

TEXTS = [f"line {number}" for number in range(12)]


class Failing:
    """Lets a number of transactions pass and refuses all that follow, before or after their work is done."""

    def __init__(self, passing: int, *, committed: bool) -> None:
        self.left = passing
        self.committed = committed
        self.count = 0

    def install(self, patch: pytest.MonkeyPatch) -> None:
        original = Store._writing
        failing = self

        @contextlib.contextmanager
        def writing(self: Store, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
            failing.count += 1
            failing.left -= 1
            if failing.left < 0 and not failing.committed:
                raise StorageError("cannot use queue.sqlite: the disk is full")
            with original(self, durable=durable) as connection:
                yield connection
            if failing.left < 0:
                raise StorageError("cannot use queue.sqlite: the disk failed")

        patch.setattr(Store, "_writing", writing)


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("passing", range(0, 14, 2))
def test_a_write_that_fails_costs_no_take_and_no_money(
    desk, monkeypatch: pytest.MonkeyPatch, passing: int, committed: bool
) -> None:
    desk.plan(TEXTS)
    with monkeypatch.context() as patch:
        Failing(passing, committed=committed).install(patch)
        with contextlib.suppress(StorageError):  # raised outright while the run is prepared
            summary = desk.run(delay=0.005)
            assert isinstance(summary.stop, StorageError) or summary.complete
    stored = set(desk.takes.names())
    already = len(desk.requests())
    assert desk.run().complete
    asked_again = {desk.job(text).take for text in desk.requests()[already:]}
    assert not stored & asked_again
    assert desk.store.counts()[State.DONE] == len(TEXTS)
    # Nothing that was asked is forgotten; what was claimed and perhaps not sent is called lost, not spent.
    spent, lost = desk.store.spent().requests, desk.store.lost().requests
    assert spent <= len(desk.requests()) <= spent + lost
