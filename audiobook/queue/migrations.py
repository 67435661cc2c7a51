"""The database's tables, as the list of steps that made them. A step, once released, never changes.

`PRAGMA user_version` counts the steps that a file has been through.
"""

from __future__ import annotations

import sqlite3

from audiobook.errors import ProjectError

STEPS: tuple[str, ...] = (
    """
    -- One row per take that is or was needed.
    CREATE TABLE jobs (
        id        INTEGER PRIMARY KEY,
        take      TEXT    NOT NULL UNIQUE,           -- name of the take
        engine    TEXT    NOT NULL,
        utterance TEXT    NOT NULL,                  -- JSON
        units     INTEGER NOT NULL,                  -- billed per request
        place     INTEGER NOT NULL,                  -- of its first line; jobs are done in this order
        state     TEXT    NOT NULL DEFAULT 'pending',
        wanted    INTEGER NOT NULL DEFAULT 1,        -- part of the run that was asked for
        held      INTEGER NOT NULL DEFAULT 0,        -- pending, but a worker keeps it for its own retry
        attempts  INTEGER NOT NULL DEFAULT 0,
        seconds   REAL    NOT NULL DEFAULT 0,        -- of speech, once done
        outcome   TEXT    NOT NULL DEFAULT '',       -- of the last attempt
        message   TEXT    NOT NULL DEFAULT '',
        trace     TEXT    NOT NULL DEFAULT '',
        changed   REAL    NOT NULL DEFAULT 0         -- seconds since 1970; for people, nothing depends on it
    );
    CREATE INDEX jobs_claimable ON jobs (engine, place) WHERE state = 'pending' AND held = 0 AND wanted = 1;
    CREATE INDEX jobs_open ON jobs (state) WHERE state <> 'done';

    -- One row per line of the script. place = chapter << 32 | position.
    CREATE TABLE lines (
        place      INTEGER PRIMARY KEY,
        job        INTEGER NOT NULL REFERENCES jobs (id),
        speaker    TEXT    NOT NULL,
        characters INTEGER NOT NULL
    );
    CREATE INDEX lines_job ON lines (job);

    CREATE TABLE chapters (number INTEGER PRIMARY KEY, title TEXT NOT NULL);

    CREATE TABLE prices (
        engine      TEXT PRIMARY KEY,
        unit        TEXT NOT NULL,
        per_million REAL NOT NULL,
        currency    TEXT NOT NULL
    );

    -- The ledger and the history: every billed request, and every one that failed. Never deleted.
    CREATE TABLE attempts (
        id       INTEGER PRIMARY KEY,
        take     TEXT    NOT NULL,
        engine   TEXT    NOT NULL,
        outcome  TEXT    NOT NULL,
        units    INTEGER NOT NULL,                   -- 0 where nothing was billed
        money    REAL    NOT NULL,
        currency TEXT    NOT NULL,
        message  TEXT    NOT NULL,
        trace    TEXT    NOT NULL,
        at       REAL    NOT NULL
    );
    CREATE INDEX attempts_take ON attempts (take);
    """,
)

VERSION = len(STEPS)


def version_of(connection: sqlite3.Connection) -> int:
    """How many steps a database has been through."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, name: str, steps: tuple[str, ...] = STEPS) -> None:
    """Bring a database up to date, each step whole or not at all.

    Raises ProjectError for a database that a newer version of audiobook has written.
    """
    while (version := version_of(connection)) != len(steps):
        if version > len(steps):
            raise ProjectError(
                f"{name} was written by a newer version of audiobook (database version {version}, "
                f"this one knows {len(steps)}); update audiobook"
            )
        # Two commands may start at once: the second finds the step done when it gets the lock.
        connection.execute("BEGIN IMMEDIATE")
        try:
            if version_of(connection) == version:
                for statement in statements(steps[version]):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # a full disk may have rolled back already
                connection.execute("ROLLBACK")
            raise


def statements(script: str) -> list[str]:
    """The statements of a step, one by one: `executescript` would commit the transaction around them."""
    found: list[str] = []
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    return found
