"""The values that go in and out of the queue. Frozen, and cheap to pickle."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from audiobook.engines.base import Utterance
from audiobook.queue.states import Outcome, State


@dataclass(frozen=True, slots=True)
class Job:
    """One take to be recorded. Two lines that sound the same are one job."""

    take: str  # the take's name; the job's only key
    engine: str
    utterance: Utterance
    units: int = 0  # what one request is billed for, in the unit of the engine's price
    cost: float = 0.0  # money for one request; filled in by the queue from the price in force


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line of the script and the job that gives it its take."""

    chapter: int
    position: int  # of the line in its chapter, in reading order
    job: Job
    speaker: str = ""
    characters: int = 0  # of the written text


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one request, as the worker tells it to the queue.

    `state` is where the job goes: done, failed, or back to pending; `hold` keeps a pending job from
    being claimed because the worker itself will try it again.
    """

    job: Job
    state: State
    outcome: Outcome
    seconds: float = 0.0  # of speech
    message: str = ""
    trace: str = ""
    billed: bool = False
    hold: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """Sums of a ledger: requests, billed units and money by currency."""

    requests: int = 0
    units: int = 0
    amounts: dict[str, float] = field(default_factory=dict)  # currency → money

    @property
    def total(self) -> float:
        """Money in all. A project has one currency unless two clouds share a book."""
        return sum(self.amounts.values())


@dataclass(frozen=True, slots=True)
class Tally:
    """Lines of one chapter or one speaker, by the state of their jobs."""

    key: str
    title: str = ""
    lines: int = 0
    characters: int = 0
    done: int = 0
    pending: int = 0
    running: int = 0
    failed: int = 0
    seconds: float = 0.0  # of the takes that are done
    to_do: int = 0  # jobs that still need a request; each counted once, where it is first spoken
    units: int = 0  # what those will be billed for
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """A line that has no take, and why."""

    take: str
    chapter: int
    position: int
    speaker: str
    text: str
    outcome: Outcome
    message: str
    trace: str
    attempts: int


def pack_utterance(utterance: Utterance) -> str:
    """The utterance as JSON, as it stands in the database."""
    plain = {key: value for key, value in asdict(utterance).items() if value not in ("", 0, ())}
    plain["speed"], plain["gain"] = utterance.speed, utterance.gain
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def unpack_utterance(text: str) -> Utterance:
    """The inverse of `pack_utterance`."""
    plain = json.loads(text)
    plain["phonemes"] = tuple((start, end, ipa) for start, end, ipa in plain.get("phonemes", ()))
    return Utterance(**{"text": "", "voice": "", **plain})
