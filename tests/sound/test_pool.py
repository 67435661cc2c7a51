"""Pieces are encoded once each, and no more of them than are wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from audiobook.assembly import pool as pools
from audiobook.assembly.editions import Job
from audiobook.assembly.encoders import Aac
from audiobook.assembly.packets import PacketCache
from audiobook.assembly.pieces import Piece
from audiobook.assembly.pool import PiecePool
from audiobook.assembly.render import Finish
from audiobook.audio.takes import TakeStore
from audiobook.errors import StorageError


def job(length: int) -> Job:
    return Job(Piece(0, 1024 * length, ()), (), Finish(22050), Aac(22050, 64))


class Kitchen:
    """Stands in for encoding: counts, and waits until it is let go."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.go = threading.Event()
        self.begun = threading.Event()
        self.fails = 0

    def ensure(self, job: Job, takes: TakeStore, cache: PacketCache) -> str:
        self.begun.set()
        assert self.go.wait(10)
        self.made.append(job.key)
        if self.fails:
            self.fails -= 1
            raise StorageError("the disk is full")
        return job.key


@pytest.fixture
def kitchen(monkeypatch: pytest.MonkeyPatch) -> Kitchen:
    found = Kitchen()
    monkeypatch.setattr(pools, "ensure", found.ensure)
    return found


@pytest.fixture
def pool(tmp_path: Path, kitchen: Kitchen) -> Iterator[PiecePool]:
    found = PiecePool(TakeStore(tmp_path), PacketCache(tmp_path), workers=1)
    yield found
    kitchen.go.set()
    found.close()


def results(futures: list[Future[str]]) -> list[str]:
    return [future.result(10) for future in futures]


def test_a_piece_that_is_asked_for_twice_is_made_once(pool: PiecePool, kitchen: Kitchen) -> None:
    asked = [pool.submit(job(1)), pool.submit(job(2)), pool.submit(job(1))]
    kitchen.go.set()
    assert results([*asked, pool.submit(job(1))]) == [job(number).key for number in (1, 2, 1, 1)]
    assert kitchen.made == [job(1).key, job(2).key]


def test_a_piece_that_failed_is_tried_again(pool: PiecePool, kitchen: Kitchen) -> None:
    kitchen.fails = 1
    kitchen.go.set()
    with pytest.raises(StorageError):
        pool.submit(job(1)).result(10)
    assert pool.submit(job(1)).result(10) == job(1).key


def test_guesses_that_are_not_wanted_are_not_begun(pool: PiecePool, kitchen: Kitchen) -> None:
    first, guess, right = pool.submit(job(1)), pool.submit(job(2)), pool.submit(job(3))
    assert kitchen.begun.wait(10)
    pool.keep_only({job(3).key})
    assert guess.cancelled()
    kitchen.go.set()
    results([first, right])
    assert kitchen.made == [job(1).key, job(3).key]
    assert pool.submit(job(2)).result(10) == job(2).key


def test_closing_waits_for_what_is_begun_and_drops_the_rest(
    pool: PiecePool, kitchen: Kitchen, later: Callable[[Callable[[], None]], None]
) -> None:
    begun, waiting = pool.submit(job(1)), pool.submit(job(2))
    assert kitchen.begun.wait(10)
    later(kitchen.go.set)
    pool.close()
    assert begun.result(0) == job(1).key
    assert waiting.cancelled()


@pytest.fixture
def later() -> Callable[[Callable[[], None]], None]:
    def start(work: Callable[[], None]) -> None:
        threading.Timer(0.2, work).start()

    return start
