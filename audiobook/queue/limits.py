"""How fast an engine may be asked: pure logic, every method takes the time as an argument.

Three limits together make a `Gate`: requests at once (found by additive increase, multiplicative decrease),
requests a minute, and bytes a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from audiobook.engines.base import Limits

MINUTE = 60.0


class TokenBucket:
    """At most `per_minute` in any 60 seconds, spread evenly.

    Services count in windows of a minute that begin when they like, so a full bucket at the start would
    break the limit in the first one. The bucket is small instead (two percent of a minute's worth),
    and fills just so slowly that bucket and refill together never pass the limit.
    """

    def __init__(self, per_minute: float, largest: float = 1.0) -> None:
        self.capacity = max(largest, 0.02 * per_minute)
        self.rate = max(per_minute - self.capacity, per_minute / 2) / MINUTE
        self._level = self.capacity
        self._at: float | None = None

    def _refill(self, now: float) -> None:
        if self._at is not None:
            self._level = min(self.capacity, self._level + max(0.0, now - self._at) * self.rate)
        self._at = now

    def wait(self, amount: float, now: float) -> float:
        """Seconds until `amount` may be taken. More than the bucket holds is due when it is full."""
        self._refill(now)
        missing = min(amount, self.capacity) - self._level
        # A millionth of a token is rounding, not a limit.
        return missing / self.rate if missing > 1e-6 else 0.0

    def take(self, amount: float, now: float) -> None:
        """Take it; the level may go below nothing, which delays the next."""
        self._refill(now)
        self._level -= amount


class Concurrency:
    """Requests at once, between 1 and `maximum`: plus one after each round without trouble, half on trouble.

    It starts at the maximum, since a limit that is known needs no search. Answers to requests sent before
    the last decrease say nothing about the present one and are not held against it.
    """

    def __init__(self, maximum: int) -> None:
        self.maximum = max(1, maximum)
        self._allowed = float(self.maximum)
        self._epoch = 0

    @property
    def allowed(self) -> int:
        """Requests that may be in flight now."""
        return int(self._allowed)

    @property
    def epoch(self) -> int:
        """A stamp for a request that is sent now."""
        return self._epoch

    def succeeded(self) -> None:
        """An answer came: a round of them earns one more at once."""
        self._allowed = min(float(self.maximum), self._allowed + 1.0 / self._allowed)

    def overloaded(self, epoch: int) -> None:
        """The engine was too busy for a request stamped `epoch`."""
        if epoch == self._epoch:
            self._allowed = max(1.0, self._allowed / 2)
            self._epoch += 1


@dataclass
class Gate:
    """All limits of one engine. `maximum` is the concurrency once cores have been counted."""

    concurrency: Concurrency
    buckets: list[tuple[TokenBucket, bool]] = field(default_factory=list)  # (bucket, counts bytes)
    resume_at: float = 0.0

    @classmethod
    def of(cls, limits: Limits, maximum: int) -> Gate:
        """The gate for an engine's limits."""
        gate = cls(Concurrency(maximum))
        if limits.requests_per_minute:
            gate.buckets.append((TokenBucket(limits.requests_per_minute), False))
        if limits.bytes_per_minute:
            gate.buckets.append((TokenBucket(limits.bytes_per_minute), True))
        return gate

    def has_room(self, in_flight: int) -> bool:
        """Whether one more request may be in flight."""
        return in_flight < self.concurrency.allowed

    def wait(self, size: int, now: float) -> float:
        """Seconds until a request of `size` bytes may be sent, concurrency apart."""
        waits = [bucket.wait(size if by_bytes else 1, now) for bucket, by_bytes in self.buckets]
        return max([self.resume_at - now, *waits, 0.0])

    def sent(self, size: int, now: float) -> int:
        """Count a request; returns its stamp for `turned_away`."""
        for bucket, by_bytes in self.buckets:
            bucket.take(size if by_bytes else 1, now)
        return self.concurrency.epoch

    def answered(self) -> None:
        """A request succeeded."""
        self.concurrency.succeeded()

    def turned_away(self, stamp: int, now: float, retry_after: float | None) -> None:
        """The engine was busy; with `retry_after`, nobody is sent before that."""
        self.concurrency.overloaded(stamp)
        if retry_after is not None:
            self.resume_at = max(self.resume_at, now + retry_after)
