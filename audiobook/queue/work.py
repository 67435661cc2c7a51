"""What every executor shares: how an engine is opened where the work is done, and one job's work there."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from audiobook.audio.clip import Clip
from audiobook.audio.takes import StagedTake, TakeStore
from audiobook.engines import open_engine
from audiobook.engines.base import Engine, Limits, Settings, Traits
from audiobook.errors import AudiobookError, LineRefused, StopRun
from audiobook.queue.jobs import Job


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """All it needs to open an engine elsewhere: in a child process, on another machine. Can be pickled."""

    name: str
    settings: Mapping[str, object] = field(default_factory=dict, repr=False)  # may hold a key
    traits: Traits = field(default_factory=Traits)
    limits: Limits = field(default_factory=Limits)
    opener: Callable[[str, Settings], Engine] = open_engine

    @classmethod
    def of(
        cls, engine: Engine, settings: Settings, opener: Callable[[str, Settings], Engine] = open_engine
    ) -> EngineSpec:
        """The spec of an engine that is open here."""
        return cls(engine.name, dict(settings), engine.traits, engine.limits, opener)

    def open(self) -> Engine:
        """Open it. Raises what the engine's constructor raises."""
        return self.opener(self.name, self.settings)

    @property
    def requests_at_once(self) -> int:
        """Its concurrency, where 0 means one per core."""
        return self.limits.concurrency or cores()

    def with_concurrency(self, jobs: int | None) -> EngineSpec:
        """The same with the person's own number of requests at once."""
        return self if jobs is None else replace(self, limits=replace(self.limits, concurrency=jobs))


@dataclass(frozen=True, slots=True)
class Order:
    """Jobs for one worker, done one after another, and the folder their takes go to."""

    folder: Path
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one job of an order. Without an error the take is stored and durable."""

    job: Job
    seconds: float = 0.0
    error: AudiobookError | None = None
    billed: bool = False  # an answer came that costs money, whether or not it was of use
    sent: bool = True  # False: its worker died; it is sent again, alone, without being held against the line
    detail: str = ""  # a traceback, for the log


class Executor(Protocol):
    """Does orders. `submit` returns at once; `done` is called once per job, from any thread, in any order."""

    @property
    def slots(self) -> int:
        """Orders that it can take at once."""

    def submit(self, order: Order, done: Callable[[Result], None]) -> None:
        """Start an order."""

    def close(self, grace: float = 0.0) -> None:
        """Let workers finish for `grace` seconds, then end them. Called once."""


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def open_or_error(spec: EngineSpec) -> Engine | AudiobookError:
    """Open an engine where nobody could catch what it raises."""
    try:
        return spec.open()
    except AudiobookError as error:
        return error
    except Exception as error:  # noqa: BLE001 - plug-ins may raise anything
        return StopRun(f"the engine {spec.name!r} cannot be opened: {type(error).__name__}: {error}")


def speak(engine: Engine, job: Job) -> Clip | Result:
    """One request. Nothing is raised: a bug in an engine is the failure of a line, not of the run."""
    try:
        return engine.synthesize(job.utterance)
    except AudiobookError as error:
        return Result(job, error=error, billed=getattr(error, "billed", False))
    except Exception as error:  # noqa: BLE001 - plug-ins may raise anything
        message = f"bug in the engine {job.engine!r}: {type(error).__name__}: {error}"
        return Result(job, error=LineRefused(message), detail=traceback.format_exc())


def stage(takes: TakeStore, job: Job, clip: Clip) -> StagedTake | Result:
    """Write what was spoken, not yet durable. Nothing is raised."""
    try:
        return takes.stage(job.take, clip)
    except AudiobookError as error:
        return Result(job, error=error, billed=True)
    except Exception as error:  # noqa: BLE001 - a clip that cannot be stored is the failure of a line
        message = f"the recording cannot be stored: {type(error).__name__}: {error}"
        return Result(job, error=LineRefused(message), billed=True, detail=traceback.format_exc())


def record(
    engine: Engine, takes: TakeStore, jobs: Sequence[Job], begin: Callable[[int], None] = lambda _: None
) -> list[Result]:
    """Speak jobs and store their takes, all made durable together. Nothing is raised but by `begin`,
    which is told the position of each job before it is spoken."""
    results: list[Result] = []
    staged: dict[int, StagedTake] = {}
    for position, job in enumerate(jobs):
        begin(position)
        spoken = speak(engine, job)
        kept = spoken if isinstance(spoken, Result) else stage(takes, job, spoken)
        if isinstance(kept, Result):
            results.append(kept)
        else:
            staged[position] = kept
            results.append(Result(job, kept.levels.seconds, billed=True))
    try:
        takes.publish(list(staged.values()))
    except AudiobookError as error:
        takes.discard(list(staged.values()))
        return [
            replace(result, seconds=0.0, error=error) if position in staged else result
            for position, result in enumerate(results)
        ]
    return results
