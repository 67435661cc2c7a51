"""Whether to try again, and when: a pure function of what went wrong and how often before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from audiobook.errors import AudiobookError, LineRefused, TryAgain


class Step(Enum):
    """What to do with a line after a failed request."""

    AGAIN = auto()
    FAIL = auto()  # this line; the others go on
    STOP = auto()  # all lines; what is not done stays pending


@dataclass(frozen=True, slots=True)
class Decision:
    """The step, and for AGAIN how many seconds to wait first."""

    step: Step
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How patient to be with one line. Delays are seconds.

    An engine that says it is busy has not looked at the line, so that is counted apart.
    """

    attempts: int = 5
    busy_attempts: int = 30
    first_delay: float = 0.5
    longest_delay: float = 60.0
    jitter: float = 0.5  # share of a delay that is left to chance, so that retries do not come in waves

    def decide(
        self, error: AudiobookError, failures: int, busy: int, chance: Callable[[], float]
    ) -> Decision:
        """The next step after `failures` failed and `busy` turned-away requests, this one counted.

        `chance` gives a number from 0 to 1.
        """
        if isinstance(error, LineRefused):
            return Decision(Step.FAIL)
        if not isinstance(error, TryAgain):
            return Decision(Step.STOP)
        used_up = busy >= self.busy_attempts if error.busy else failures >= self.attempts
        if used_up:
            return Decision(Step.FAIL)
        return Decision(Step.AGAIN, self.delay(busy if error.busy else failures, error.retry_after, chance))

    def delay(self, count: int, retry_after: float | None, chance: Callable[[], float]) -> float:
        """Seconds before the next try: what the engine asked for, else doubling; never less than asked."""
        doubled = min(self.longest_delay, self.first_delay * 2.0 ** min(count - 1, 32))
        if retry_after is not None:
            return max(0.0, retry_after) + chance() * self.jitter * min(1.0, self.first_delay)
        return doubled * (1.0 - self.jitter * chance())
