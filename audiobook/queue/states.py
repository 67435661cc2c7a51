"""The states of a job, and every way from one to another.

                       plan
                         │
                         ▼        claim, just before the request
        ┌────────── ┌─────────┐ ───────────────────────▶ ┌─────────┐
        │           │ pending │                          │ running │
        │ take is   └─────────┘ ◀─────────────────────── └─────────┘
        │ on disk      ▲    ▲     try again · stop ·        │    │
        │              │    │     owner died                │    │
        │   take is    │    │                   take is on  │    │ refused, or
        │   gone       │    │ retried by the    disk, durable    │ tried too often
        │              │    │ person                        │    │
        │   ┌──────┐ ──┘    └───────────── ┌────────┐ ◀─────┼────┘
        └──▶│ done │                       │ failed │       │
            └──────┘ ◀─────────────────────┴────────┴───────┘

No arrow deletes a job that is part of the plan, and no arrow leads to `done` before the take is durable.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a job stands."""

    PENDING = "pending"
    """It has no take and nobody is at work on it. It may be held back until a retry is due."""

    RUNNING = "running"
    """A request for it is in flight, made by the one process that holds the project's lock."""

    DONE = "done"
    """Its take is on disk, whole and durable."""

    FAILED = "failed"
    """It was refused, or tried too often; the reason is kept. A person decides what comes next."""


class Outcome(StrEnum):
    """What became of one request; the history of attempts and the ledger hold these."""

    DONE = "done"
    """Answered, and the take was stored."""

    AGAIN = "again"
    """Failed in passing."""

    REFUSED = "refused"
    """Refused for good."""

    STOPPED = "stopped"
    """It ended the run: a key, a balance, a full disk."""

    FOUND = "found"
    """Its take was on disk already; nothing was asked."""

    RECOVERED = "recovered"
    """Its take was found on disk after the process that asked for it had died."""

    LOST = "lost"
    """In flight when the process died; it may have been billed."""
