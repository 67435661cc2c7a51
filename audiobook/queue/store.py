"""The queue's database: the only module that speaks SQL.

One SQLite file in WAL mode. One process at a time changes it (the holder of the project's lock); any
number may read it meanwhile. Everything here is one short transaction; what is slow happens elsewhere.

What survives what: the takes on disk are the truth. A commit of results is synced to disk, so that not even
a power cut loses an entry of the ledger; a claim is only written, since a lost claim costs nothing.
"""

from __future__ import annotations

import collections
import contextlib
import itertools
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from audiobook.engines.base import Price
from audiobook.queue import migrations
from audiobook.queue.jobs import (
    Attempt,
    Job,
    PlannedLine,
    pack_utterance,
    unpack_utterance,
)
from audiobook.queue.ledger import Ledger, translated
from audiobook.queue.states import Outcome, State

CHUNK = 5000
"""Rows handed to SQLite at a time; keeps memory flat whatever the size of the plan."""

_CACHE_KIB = 32_000
"""Memory for pages: takes are looked up by hashes, all over the file."""


class Clock:
    """Seconds since 1970 that never run backwards, whatever is done to the system's clock meanwhile."""

    def __init__(
        self,
        latest: float,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._steady = steady
        self._offset = max(wall(), latest) - steady()

    def __call__(self) -> float:
        """Now."""
        return self._offset + self._steady()


def place_of(chapter: int, position: int) -> int:
    """Chapter and position as one number that sorts in reading order."""
    return chapter << 32 | position


# --- the SQL -----------------------------------------------------------------------------------------

_LATEST = """
    SELECT * FROM (SELECT at FROM attempts ORDER BY id DESC LIMIT 1)
    UNION ALL SELECT * FROM (SELECT changed FROM jobs ORDER BY id DESC LIMIT 1)"""

_PUT_JOB = """
    INSERT INTO jobs (take, engine, utterance, units, place, changed) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (take) DO UPDATE SET units = excluded.units WHERE units <> excluded.units"""
_PUT_LINE = "INSERT INTO lines (place, job, speaker, characters) SELECT ?, id, ?, ? FROM jobs WHERE take = ?"
_LINES = """
    SELECT lines.place, speaker, characters, take, units FROM lines JOIN jobs ON jobs.id = lines.job
    WHERE lines.place > ? AND lines.place <= ?"""
_PUT_PRICE = "INSERT OR REPLACE INTO prices (engine, unit, per_million, currency) VALUES (?, ?, ?, ?)"

# A line may have moved since its job was first planned. Done jobs are in no order any more.
_ORDER_JOBS = """
    UPDATE jobs SET place = (SELECT min(place) FROM lines WHERE job = jobs.id)
    WHERE state <> 'done' AND place <> (SELECT min(place) FROM lines WHERE job = jobs.id)"""

# What no line needs any more is forgotten, unless there is a take: the person may change a word back.
_DROP_UNUSED = """
    DELETE FROM jobs WHERE state <> 'done' AND NOT EXISTS (SELECT 1 FROM lines WHERE job = jobs.id)"""

_CLAIM = """
    UPDATE jobs SET state = 'running', changed = ? WHERE id IN (
        SELECT id FROM jobs WHERE engine = ? AND state = 'pending' AND held = 0 AND wanted = 1
        ORDER BY place LIMIT ?)
    RETURNING take, engine, utterance, units, place"""

_NAMES = "SELECT take FROM jobs WHERE take > ? ORDER BY take LIMIT ?"
_UNFINISHED = """
    SELECT take, engine, utterance, units, place, state FROM jobs
    WHERE take BETWEEN ? AND ? AND state <> 'done'"""
_LOSE_TAKE = "UPDATE jobs SET state = 'pending', seconds = 0 WHERE take = ? AND state = 'done'"

_SETTLE = """
    UPDATE jobs SET state = ?, held = ?, attempts = attempts + ?, seconds = ?, outcome = ?, message = ?,
        trace = ?, changed = ? WHERE take = ?"""
_PUT_ATTEMPT = """
    INSERT INTO attempts (take, engine, outcome, units, money, currency, message, trace, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""

_WANT = """
    UPDATE jobs SET wanted = 1 - wanted WHERE state = 'pending' AND wanted <> (
        EXISTS (SELECT 1 FROM lines
                WHERE job = jobs.id AND place >> 32 IN (SELECT number FROM temp.chosen)))"""


class _Shelf:
    """Names in order, taken off a stretch at a time."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = iter(names)
        self._next = next(self._names, None)

    def up_to(self, last: str) -> set[str]:
        """All names up to and with `last` that were not taken yet."""
        taken: set[str] = set()
        while self._next is not None and self._next <= last:
            taken.add(self._next)
            following = next(self._names, None)
            if following is not None and following < self._next:
                # A name that came too late would look like a lost take, and be paid for again.
                raise ValueError("takes come sorted by name")
            self._next = following
        return taken


class Store(Ledger):
    """One project's queue. Made by `open_store`; used from one thread."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        super().__init__(path, connection)
        self._durable: bool | None = None
        self._price_list: dict[str, tuple[float, str]] | None = None
        self._now = Clock(max([0.0, *(row[0] for row in self._rows(_LATEST))]))

    # --- transactions ---

    @contextlib.contextmanager
    def _writing(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction, whole or not at all; `durable`: on disk before this returns."""
        with translated(self.path):
            if durable is not self._durable:
                self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                self._durable = durable
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # A full disk may have rolled the transaction back already.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file. Closing twice is allowed."""
        with translated(self.path):
            self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- planning ---

    def plan(
        self,
        lines: Iterable[PlannedLine],
        titles: Mapping[int, str] | None = None,
        prices: Mapping[str, Price] | None = None,
    ) -> None:
        """Make these lines, given in reading order, the plan; all of them at once.

        Jobs that are there keep their state. Jobs no line needs any more leave the plan; those that
        have a take, and the ledger, are kept. Linear in the number of lines, memory flat, and quick where
        little has changed.
        """
        self._price_list = None
        with self._writing() as connection:
            connection.execute("DELETE FROM chapters")
            connection.executemany("INSERT INTO chapters VALUES (?, ?)", (titles or {}).items())
            connection.executemany(
                _PUT_PRICE,
                (
                    (engine, price.unit, price.per_million, price.currency)
                    for engine, price in (prices or {}).items()
                ),
            )
            remaining = iter(lines)
            end = -1
            while chunk := list(itertools.islice(remaining, CHUNK)):
                end = self._plan_chunk(connection, chunk, end)
            connection.execute("DELETE FROM lines WHERE place > ?", (end,))
            connection.execute(_ORDER_JOBS)
            connection.execute(_DROP_UNUSED)

    def _plan_chunk(self, connection: sqlite3.Connection, chunk: Sequence[PlannedLine], begin: int) -> int:
        """Plan lines that come after place `begin`, writing only what differs; returns the last place."""
        now = self._now()
        wanted = {place_of(line.chapter, line.position): line for line in chunk}
        places = sorted(wanted)
        if len(wanted) < len(chunk) or places != list(wanted) or places[0] <= begin:
            raise ValueError("the lines of a plan come in reading order, each place once")
        there = {row["place"]: row for row in connection.execute(_LINES, (begin, places[-1]))}
        new = [line for place, line in wanted.items() if not _is_line(there.get(place), line)]
        gone = [
            (place,) for place in there if place not in wanted or not _is_line(there[place], wanted[place])
        ]
        connection.executemany("DELETE FROM lines WHERE place = ?", gone)
        connection.executemany(_PUT_JOB, (_job_row(line, now) for line in new))
        connection.executemany(_PUT_LINE, (_line_row(line) for line in new))
        return places[-1]

    def select(self, chapters: Collection[int] | None = None) -> None:
        """Of the pending jobs, want only those that these chapters need; None: all."""
        with self._writing(durable=False) as connection:
            if chapters is None:
                connection.execute("UPDATE jobs SET wanted = 1 WHERE state = 'pending' AND wanted = 0")
                return
            connection.execute("CREATE TEMP TABLE IF NOT EXISTS chosen (number INTEGER PRIMARY KEY)")
            connection.execute("DELETE FROM temp.chosen")
            connection.executemany(
                "INSERT INTO temp.chosen VALUES (?)", ((number,) for number in set(chapters))
            )
            connection.execute(_WANT)

    def retry_failed(self, *, only: bool = False, all_kinds: bool = True) -> int:
        """Put failed jobs back; `only`: want nothing else. Returns how many.

        Without `all_kinds`, only those that failed in passing: asking again what was refused costs
        a request and changes nothing until somebody changes the line.
        """
        condition = "" if all_kinds else " AND outcome = 'again'"
        with self._writing() as connection:
            if only:
                connection.execute("UPDATE jobs SET wanted = 0 WHERE state = 'pending' AND wanted = 1")
            cursor = connection.execute(
                f"UPDATE jobs SET state = 'pending', wanted = 1 WHERE state = 'failed'{condition}"
            )
            return cursor.rowcount

    # --- working ---

    def claim(self, engine: str, limit: int = 1) -> list[Job]:
        """Take up to `limit` pending jobs, in reading order. One statement, constant time."""
        with self._writing(durable=False) as connection:
            rows = connection.execute(_CLAIM, (self._now(), engine, limit)).fetchall()
        price = self._price(engine)
        rows.sort(key=lambda row: int(row["place"]))  # RETURNING promises no order
        return [_job(row, price) for row in rows]

    def resume(self, job: Job) -> None:
        """A held job is about to be sent again."""
        with self._writing(durable=False) as connection:
            connection.execute("UPDATE jobs SET state = 'running', held = 0 WHERE take = ?", (job.take,))

    def settle(self, attempts: Sequence[Attempt]) -> None:
        """Write what became of requests: one transaction, on disk when this returns."""
        if not attempts:
            return
        now = self._now()
        with self._writing() as connection:
            connection.executemany(_SETTLE, (_settle_row(attempt, now) for attempt in attempts))
            connection.executemany(
                _PUT_ATTEMPT,
                (
                    self._attempt_row(attempt.job, attempt, now)
                    for attempt in attempts
                    if attempt.billed or attempt.message
                ),
            )

    def unclaim(self, jobs: Iterable[Job]) -> None:
        """Give back jobs that were claimed and never sent."""
        with self._writing(durable=False) as connection:
            connection.executemany(
                "UPDATE jobs SET state = 'pending', held = 0 WHERE take = ? AND state = 'running'",
                ((job.take,) for job in jobs),
            )

    def release_held(self) -> None:
        """Give back jobs that waited for a retry when the run ended."""
        with self._writing(durable=False) as connection:
            connection.execute("UPDATE jobs SET held = 0 WHERE state = 'pending' AND held = 1")

    # --- setting right what a dead process left ---

    def reconcile(self, takes: Iterable[str], seconds: Callable[[str], float | None]) -> dict[Outcome, int]:
        """Make the jobs agree with the takes that are on disk, which come sorted by name.

        A job without request whose take is there is done; one whose take is gone is pending; jobs that
        a dead process was at are either of these, and the ledger says so. `seconds` measures a take
        and answers None for one that cannot be read, which is then no take. Returns how many were
        recovered and lost. Linear, memory flat; reads little more than names where all is as it was.
        """
        found: collections.Counter[Outcome] = collections.Counter()
        on_disk = _Shelf(takes)
        with self._writing() as connection:
            unfinished = connection.execute("SELECT 1 FROM jobs WHERE state <> 'done' LIMIT 1").fetchone()
            last = ""
            while rows := connection.execute(_NAMES, (last, CHUNK)).fetchall():
                names = [row["take"] for row in rows]
                first, last = names[0], names[-1]
                there = on_disk.up_to(last)
                if unfinished:
                    self._adopt(connection, first, last, there, seconds, found)
                gone = ((name,) for name in names if name not in there)
                connection.executemany(_LOSE_TAKE, gone)
            found[Outcome.LOST] = self._put_back(connection)
            connection.execute(_ORDER_JOBS)
            connection.execute(_DROP_UNUSED)
        return {Outcome.RECOVERED: found[Outcome.RECOVERED], Outcome.LOST: found[Outcome.LOST]}

    def _adopt(
        self,
        connection: sqlite3.Connection,
        first: str,
        last: str,
        there: set[str],
        seconds: Callable[[str], float | None],
        found: collections.Counter[Outcome],
    ) -> None:
        """Mark done what has a take, of the unfinished jobs between two names."""
        for row in connection.execute(_UNFINISHED, (first, last)).fetchall():
            length = seconds(row["take"]) if row["take"] in there else None
            if length is None:
                continue
            asked = row["state"] == State.RUNNING
            outcome = Outcome.RECOVERED if asked else Outcome.FOUND
            found[outcome] += 1
            job = _job(row, self._price(row["engine"]))
            billed = asked and job.cost > 0
            self._write_attempt(connection, Attempt(job, State.DONE, outcome, length, billed=billed))

    def _put_back(self, connection: sqlite3.Connection) -> int:
        """Give back what a dead process held; returns how many requests of its were in flight."""
        rows = connection.execute(
            "SELECT take, engine, utterance, units, place FROM jobs WHERE state = 'running'"
        ).fetchall()
        for row in rows:
            job = _job(row, self._price(row["engine"]))
            self._write_attempt(connection, Attempt(job, State.PENDING, Outcome.LOST, billed=job.cost > 0))
        connection.execute("UPDATE jobs SET held = 0 WHERE state = 'pending' AND held = 1")
        return len(rows)

    def _write_attempt(self, connection: sqlite3.Connection, attempt: Attempt) -> None:
        now = self._now()
        connection.execute(_SETTLE, _settle_row(attempt, now))
        if attempt.billed:
            connection.execute(_PUT_ATTEMPT, self._attempt_row(attempt.job, attempt, now))

    def _price(self, engine: str) -> tuple[float, str]:
        if self._price_list is None:
            rows = self._rows("SELECT engine, per_million, currency FROM prices")
            self._price_list = {row["engine"]: (row["per_million"], row["currency"]) for row in rows}
        return self._price_list.get(engine, (0.0, ""))

    def _attempt_row(self, job: Job, attempt: Attempt, now: float) -> tuple[object, ...]:
        units, money = (job.units, job.cost) if attempt.billed else (0, 0.0)
        currency = self._price(job.engine)[1]
        return (
            job.take,
            job.engine,
            attempt.outcome,
            units,
            money,
            currency,
            attempt.message,
            attempt.trace,
            now,
        )


# --- rows and values ---------------------------------------------------------------------------------


def _job_row(line: PlannedLine, now: float) -> tuple[object, ...]:
    job = line.job
    place = place_of(line.chapter, line.position)
    return (job.take, job.engine, pack_utterance(job.utterance), job.units, place, now)


def _line_row(line: PlannedLine) -> tuple[object, ...]:
    return (place_of(line.chapter, line.position), line.speaker, line.characters, line.job.take)


def _is_line(row: sqlite3.Row | None, line: PlannedLine) -> bool:
    """Whether the database has this line just so."""
    return row is not None and (row["take"], row["speaker"], row["characters"], row["units"]) == (
        line.job.take,
        line.speaker,
        line.characters,
        line.job.units,
    )


def _settle_row(attempt: Attempt, now: float) -> tuple[object, ...]:
    asked = attempt.outcome is not Outcome.FOUND
    return (
        attempt.state,
        attempt.hold,
        asked,
        attempt.seconds,
        attempt.outcome,
        attempt.message,
        attempt.trace,
        now,
        attempt.job.take,
    )


def _job(row: sqlite3.Row, price: tuple[float, str]) -> Job:
    cost = row["units"] * price[0] / 1e6
    return Job(row["take"], row["engine"], unpack_utterance(row["utterance"]), row["units"], cost)


# --- opening -----------------------------------------------------------------------------------------


def open_store(path: Path, *, read_only: bool = False) -> Store:
    """Open a queue, made or brought up to date where that is needed.

    Read-only, it may be used while another process works. Raises ProjectError for a damaged file or one of
    a newer version, StorageError for a disk that refuses.
    """
    with translated(path):
        if read_only and _is_current(path):
            return Store(path, _connect_to_read(path))
        connection = _connect(path)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            migrations.migrate(connection, str(path))
            return Store(path, connection)
        except BaseException:
            connection.close()
            raise


def _connect(target: Path | str, *, uri: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(target, timeout=10, isolation_level=None, uri=uri)
    connection.row_factory = sqlite3.Row
    return connection


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. In a folder that cannot be written either, WAL needs `immutable`."""
    address = path.resolve().as_uri()
    connection = _connect(f"{address}?mode=ro", uri=True)
    try:
        migrations.version_of(connection)
        return connection
    except sqlite3.OperationalError:
        connection.close()
        return _connect(f"{address}?immutable=1", uri=True)


def _is_current(path: Path) -> bool:
    if not path.exists():
        return False
    connection = _connect_to_read(path)
    try:
        return migrations.version_of(connection) == migrations.VERSION
    finally:
        connection.close()
