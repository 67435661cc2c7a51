"""A small book on the queue, and engines that misbehave on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from audiobook.audio.takes import TakeStore, take_name
from audiobook.engines.base import Price, Utterance
from audiobook.queue.jobs import Job, PlannedLine
from audiobook.queue.progress import Summary
from audiobook.queue.retry import RetryPolicy
from audiobook.queue.store import Store, open_store
from audiobook.queue.work import EngineSpec
from audiobook.queue.worker import RunOptions, Work, run
from queue_engines.engines import open_test_engine

QUICK = RunOptions(policy=RetryPolicy(first_delay=0.001, longest_delay=0.01), grace=0.2, signals=False)


@dataclass
class Desk:
    """A project's queue and takes, without a project."""

    folder: Path
    store: Store
    takes: TakeStore

    def lines(self, texts: Sequence[str], engine: str = "scripted", chapter: int = 1) -> list[PlannedLine]:
        return [
            PlannedLine(chapter, position, self.job(text, engine), "Ann" if position % 2 else "", len(text))
            for position, text in enumerate(texts)
        ]

    @staticmethod
    def job(text: str, engine: str = "scripted") -> Job:
        utterance = Utterance(text, "a")
        return Job(take_name(utterance, engine, ()), engine, utterance, len(text.encode()))

    def plan(self, texts: Sequence[str], engine: str = "scripted", price: Price | None = None) -> None:
        self.store.plan(self.lines(texts, engine), {1: "One"}, {engine: price or Price(1e6, "bytes", "EUR")})

    def spec(self, engine: str = "scripted", **settings: object) -> EngineSpec:
        settings = {"log": str(self.folder / "requests.log"), **settings}
        opened = open_test_engine(engine, settings)
        return EngineSpec.of(opened, settings, open_test_engine)

    def run(self, engine: str = "scripted", options: RunOptions = QUICK, **settings: object) -> Summary:
        return run([self.work(engine, **settings)], options)[0]

    def work(self, engine: str = "scripted", **settings: object) -> Work:
        return Work(self.store, self.takes.folder, {engine: self.spec(engine, **settings)})

    def requests(self) -> list[str]:
        log = self.folder / "requests.log"
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    desks: list[Desk] = []

    def make(name: str = "book") -> Desk:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        desks.append(Desk(folder, open_store(folder / "queue.sqlite"), TakeStore(folder / "takes")))
        return desks[-1]

    yield make
    for desk in desks:
        desk.store.close()


@pytest.fixture
def desk(make_desk: Callable[[str], Desk]) -> Desk:
    return make_desk("book")


@pytest.fixture
def quick() -> RunOptions:
    return replace(QUICK)
