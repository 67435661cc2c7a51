"""The account: money, rate limits, and the log that proves what was asked and billed."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """One request in the log."""

    number: int
    at: float  # seconds since the emulator started
    route: str
    status: int
    trace: str = ""
    model: str = ""
    voice: str = ""
    input: str = ""
    size: int = 0  # bytes of UTF-8 of the input
    billed: int = 0  # bytes billed
    fault: str = ""
    code: int | None = None
    seconds: float = 0.0  # of audio


class Log:
    """All requests, in the order of their answers."""

    def __init__(self, file: Path | None = None) -> None:
        self.entries: list[Entry] = []
        self._file = file.open("a", encoding="utf-8") if file else None
        self._start = time.monotonic()
        self._lock = threading.Lock()

    def add(self, route: str, status: int, **more: object) -> Entry:
        with self._lock:
            at = round(time.monotonic() - self._start, 6)
            entry = Entry(len(self.entries) + 1, at, route, status, **more)  # type: ignore[arg-type]
            self.entries.append(entry)
            if self._file is not None:
                self._file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
                self._file.flush()
        return entry

    def speech(self) -> list[Entry]:
        """The requests for speech."""
        return [entry for entry in self.entries if entry.route == "/v1/audio/speech"]

    @property
    def billed(self) -> int:
        """Bytes billed in all."""
        return sum(entry.billed for entry in self.entries)

    def clear(self) -> None:
        with self._lock:
            self.entries.clear()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class Account:
    """Balance and limits. A balance of None never runs dry."""

    def __init__(
        self,
        balance: float | None = None,
        price: float = 50.0,  # per million bytes
        requests_per_minute: int | None = None,
        bytes_per_minute: int | None = None,
        minute: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.balance = balance
        self.price = price
        self.requests_per_minute = requests_per_minute
        self.bytes_per_minute = bytes_per_minute
        self.minute = minute
        self._clock = clock
        self._lock = threading.Lock()
        self._asked: dict[str, deque[tuple[float, int]]] = defaultdict(deque)

    def can_pay(self, size: int) -> bool:
        return self.balance is None or self.balance >= size * self.price / 1e6

    def pay(self, size: int) -> None:
        with self._lock:
            if self.balance is not None:
                self.balance -= size * self.price / 1e6

    def top_up(self, amount: float) -> None:
        with self._lock:
            self.balance = (self.balance or 0.0) + amount

    def admits(self, model: str, size: int) -> bool:
        """Whether a request is within the limits of the last minute; refused ones count too."""
        if self.requests_per_minute is None and self.bytes_per_minute is None:
            return True
        now = self._clock()
        with self._lock:
            asked = self._asked[model]
            while asked and asked[0][0] <= now - self.minute:
                asked.popleft()
            asked.append((now, size))
            if self.requests_per_minute is not None and len(asked) > self.requests_per_minute:
                return False
            return self.bytes_per_minute is None or sum(s for _, s in asked) <= self.bytes_per_minute
