"""How fast an engine may be asked: pure logic under a clock of the test's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.engines.base import Limits
from audiobook.queue.limits import Concurrency, Gate, TokenBucket


def send_as_fast_as_allowed(bucket: TokenBucket, seconds: float, amount: float = 1) -> list[float]:
    """Times at which requests go out when nothing else holds them back."""
    now, sent = 0.0, []
    while True:
        now += bucket.wait(amount, now)
        if now >= seconds:
            return sent
        bucket.take(amount, now)
        sent.append(now)


@given(per_minute=st.integers(1, 5000))
def test_no_window_of_a_minute_holds_more_than_the_limit(per_minute: int) -> None:
    sent = send_as_fast_as_allowed(TokenBucket(per_minute), 200)
    busiest = max(sum(start <= at < start + 60 for at in sent) for start in sent[:: max(1, len(sent) // 50)])
    assert busiest <= per_minute


def test_a_limit_is_used_to_95_percent() -> None:
    assert len(send_as_fast_as_allowed(TokenBucket(120), 600)) >= 0.95 * 1200


def test_a_request_larger_than_the_bucket_is_sent_when_it_is_full() -> None:
    bucket = TokenBucket(6000)
    assert bucket.wait(5000, 0.0) == 0.0
    bucket.take(5000, 0.0)
    assert bucket.wait(1, 0.0) == pytest.approx(4881 / bucket.rate)


def test_a_clock_that_is_set_back_gives_no_tokens_and_takes_none() -> None:
    bucket = TokenBucket(60)
    bucket.take(1, 1000.0)
    before = bucket.wait(1, 1000.0)
    assert bucket.wait(1, 10.0) == before


def test_concurrency_starts_at_its_maximum_and_halves_on_trouble() -> None:
    limit = Concurrency(16)
    limit.overloaded(limit.epoch)
    assert limit.allowed == 8


def test_answers_to_older_requests_are_not_counted_twice() -> None:
    limit = Concurrency(16)
    stamp = limit.epoch
    for _ in range(16):
        limit.overloaded(stamp)
    assert limit.allowed == 8


def test_concurrency_grows_by_one_a_round() -> None:
    limit = Concurrency(16)
    limit.overloaded(limit.epoch)
    for _ in range(9):
        limit.succeeded()
    assert limit.allowed == 9


@given(st.lists(st.booleans(), max_size=300), st.integers(1, 64))
def test_concurrency_stays_between_one_and_its_maximum(answers: list[bool], maximum: int) -> None:
    limit = Concurrency(maximum)
    for good in answers:
        limit.succeeded() if good else limit.overloaded(limit.epoch)
        assert 1 <= limit.allowed <= maximum


def test_retry_after_closes_the_gate_for_everybody() -> None:
    gate = Gate.of(Limits(concurrency=4), 4)
    gate.turned_away(gate.sent(10, 100.0), 100.0, retry_after=7.0)
    assert gate.wait(10, 101.0) == 6.0
    assert gate.wait(10, 107.0) == 0.0


def test_bytes_and_requests_are_both_counted() -> None:
    gate = Gate.of(Limits(requests_per_minute=60, bytes_per_minute=60_000), 4)
    gate.sent(60_000, 0.0)
    assert gate.wait(1, 0.0) > 50
    assert not Gate.of(Limits(), 4).buckets
