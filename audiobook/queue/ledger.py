"""What can be asked of the queue's database. Nothing here changes it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from audiobook.errors import ProjectError, StorageError
from audiobook.queue.jobs import Failure, Money, Tally, unpack_utterance
from audiobook.queue.states import Outcome, State

_JOBS_TO_DO = """
    SELECT lines.{group} AS key, count(*) AS to_do, sum(units) AS units,
        sum(units * coalesce(per_million, 0) / 1e6) AS cost
    FROM jobs JOIN lines ON lines.place = jobs.place LEFT JOIN prices USING (engine)
    WHERE state <> 'done' AND (state <> 'failed' OR outcome = 'again') GROUP BY key"""

_TALLY = """
    SELECT lines.{group} AS key, count(*) AS lines, sum(lines.characters) AS characters,
        sum(state = 'done') AS done, sum(state = 'pending') AS pending, sum(state = 'running') AS running,
        sum(state = 'failed') AS failed, sum(iif(state = 'done', seconds, 0)) AS seconds
    FROM lines JOIN jobs ON jobs.id = lines.job GROUP BY key"""

_FAILURES = """
    SELECT take, place >> 32 AS chapter, place & 0xffffffff AS position, utterance, outcome, message, trace,
        attempts, (SELECT speaker FROM lines WHERE lines.place = jobs.place) AS speaker
    FROM jobs WHERE state = 'failed' ORDER BY place"""

_SPENT = """
    SELECT currency, count(*) AS requests, sum(units) AS units, sum(money) AS money
    FROM attempts WHERE units > 0 AND outcome <> 'lost' GROUP BY currency"""


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """sqlite3's errors as ours: the person reads which file it is and what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise ProjectError(
                f"{path} is damaged; move it away and run the command again: "
                "recordings are kept and are not made twice"
            ) from error
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StorageError(f"{path} is in use by another program; close it and try again") from error
        reasons = {
            sqlite3.SQLITE_FULL: "the disk is full",
            sqlite3.SQLITE_READONLY: "the file or its folder is read-only",
            sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that its folder exists and can be written",
            sqlite3.SQLITE_IOERR: "the disk is full or failed",
        }
        raise StorageError(f"cannot use {path}: {reasons.get(code, error)}") from error


class Ledger:
    """One project's queue, to be looked at."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with translated(self.path):
            return self._connection.execute(sql, values).fetchall()

    def counts(self) -> dict[State, int]:
        """Jobs of the plan by state."""
        rows = self._rows("SELECT state, count(*) AS jobs FROM jobs WHERE state <> 'done' GROUP BY state")
        done = self._rows("SELECT count(DISTINCT job) FROM lines")[0][0] - sum(row["jobs"] for row in rows)
        return (
            dict.fromkeys(State, 0) | {State(row["state"]): row["jobs"] for row in rows} | {State.DONE: done}
        )

    def states(self) -> dict[str, tuple[State, float]]:
        """Take → state and seconds of speech, of every job there is."""
        rows = self._rows("SELECT take, state, seconds FROM jobs")
        return {row["take"]: (State(row["state"]), row["seconds"]) for row in rows}

    def texts(self) -> dict[str, str]:
        """Take → what is spoken in it, of every job there is."""
        rows = self._rows("SELECT take, utterance FROM jobs")
        return {row["take"]: unpack_utterance(row["utterance"]).text for row in rows}

    def to_do(self, engine: str | None = None) -> Tally:
        """Wanted pending jobs, with what they will be billed for."""
        row = self._rows(
            "SELECT count(*) AS jobs, coalesce(sum(units), 0) AS units,"
            " coalesce(sum(units * coalesce(per_million, 0) / 1e6), 0) AS cost"
            " FROM jobs LEFT JOIN prices USING (engine)"
            " WHERE state = 'pending' AND wanted = 1 AND (? IS NULL OR engine = ?)",
            (engine, engine),
        )[0]
        return Tally("to do", to_do=row["jobs"], units=row["units"], cost=row["cost"])

    def by_chapter(self) -> list[Tally]:
        """One tally per chapter, in reading order."""
        titles = {row["number"]: row["title"] for row in self._rows("SELECT number, title FROM chapters")}
        return [
            tally
            for key, tally in sorted(
                self._tallies("place >> 32", titles).items(), key=lambda pair: int(pair[0])
            )
        ]

    def by_speaker(self) -> list[Tally]:
        """One tally per speaker, whoever speaks most first."""
        return sorted(self._tallies("speaker", {}).values(), key=lambda tally: (-tally.characters, tally.key))

    def _tallies(self, group: str, titles: Mapping[int, str]) -> dict[str, Tally]:
        needed = {row["key"]: row for row in self._rows(_JOBS_TO_DO.format(group=group))}
        tallies = {}
        for row in self._rows(_TALLY.format(group=group)):
            more = needed.get(row["key"])
            tallies[str(row["key"])] = Tally(
                key=str(row["key"]),
                title=titles.get(row["key"], ""),
                **{name: row[name] for name in row.keys() if name != "key"},  # noqa: SIM118 - a Row is no dict
                **({name: more[name] for name in ("to_do", "units", "cost")} if more else {}),
            )
        return tallies

    def failures(self) -> list[Failure]:
        """The failed jobs, in reading order, with the place of the first line of each."""
        return [
            Failure(
                row["take"],
                row["chapter"],
                row["position"],
                row["speaker"] or "",
                unpack_utterance(row["utterance"]).text,
                Outcome(row["outcome"]),
                row["message"],
                row["trace"],
                row["attempts"],
            )
            for row in self._rows(_FAILURES)
        ]

    def spent(self) -> Money:
        """What was billed so far, as the ledger has it."""
        return _money(self._rows(_SPENT))

    def spent_on(self, take: str) -> Money:
        """What one take was billed for, unusable answers included."""
        return _money(self._rows(_SPENT.replace("WHERE", "WHERE take = ? AND"), (take,)))

    def lost(self) -> Money:
        """What was in flight when a process died: it may have been billed, nobody knows."""
        return _money(self._rows(_SPENT.replace("outcome <> 'lost'", "outcome = 'lost'")))

    def engines(self) -> list[str]:
        """Engines that have a wanted pending job."""
        return [
            row["engine"]
            for row in self._rows(
                "SELECT DISTINCT engine FROM jobs WHERE state = 'pending' AND wanted = 1 ORDER BY engine"
            )
        ]


def _money(rows: Sequence[sqlite3.Row]) -> Money:
    return Money(
        sum(row["requests"] for row in rows),
        sum(row["units"] for row in rows),
        {row["currency"]: row["money"] for row in rows},
    )
