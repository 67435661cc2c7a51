"""Whether to try again is a function of what went wrong and how often before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.errors import (
    AudiobookError,
    LineRefused,
    MissingDependency,
    StopRun,
    StorageError,
    TryAgain,
    UsageError,
)
from audiobook.queue.retry import RetryPolicy, Step

POLICY = RetryPolicy(attempts=5, busy_attempts=30, first_delay=0.5, longest_delay=60.0, jitter=0.5)
never, always = (lambda: 0.0), (lambda: 1.0)


@pytest.mark.parametrize(
    ("error", "step"),
    [
        (LineRefused(), Step.FAIL),
        (StopRun(), Step.STOP),
        (StorageError(), Step.STOP),
        (MissingDependency(), Step.STOP),
        (UsageError(), Step.STOP),
        (TryAgain(), Step.AGAIN),
        (TryAgain(busy=True), Step.AGAIN),
    ],
)
def test_each_kind_of_error_has_its_step(error: AudiobookError, step: Step) -> None:
    assert POLICY.decide(error, 1, 1, never).step is step


def test_a_line_has_a_budget_of_attempts() -> None:
    assert POLICY.decide(TryAgain(), 4, 0, never).step is Step.AGAIN
    assert POLICY.decide(TryAgain(), 5, 0, never).step is Step.FAIL


def test_being_turned_away_is_counted_apart() -> None:
    assert POLICY.decide(TryAgain(busy=True), 4, 29, never).step is Step.AGAIN
    assert POLICY.decide(TryAgain(busy=True), 4, 30, never).step is Step.FAIL


def test_delays_double_up_to_the_longest() -> None:
    assert [POLICY.delay(count, None, never) for count in (1, 2, 3, 8, 500)] == [0.5, 1.0, 2.0, 60.0, 60.0]


def test_what_the_engine_asks_for_is_the_least() -> None:
    assert POLICY.delay(1, 12.0, never) == 12.0
    assert 12.0 < POLICY.delay(1, 12.0, always) < 13.0


@given(count=st.integers(1, 1000), chance=st.floats(0, 1), asked=st.none() | st.floats(0, 1e4))
def test_delays_stay_in_bounds(count: int, chance: float, asked: float | None) -> None:
    delay = POLICY.delay(count, asked, lambda: chance)
    if asked is None:
        assert 0.25 <= delay <= 60.0
    else:
        assert asked <= delay <= asked + 1.0
