"""Progress for a person: a bar on a terminal, a plain line now and then elsewhere. Everything on stderr."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from audiobook.cli.common import duration, note
from audiobook.queue.progress import Listener, Summary

if TYPE_CHECKING:
    from audiobook.assembly.plan import Stage
    from audiobook.errors import AudiobookError
    from audiobook.project import Project
    from audiobook.queue.jobs import Job

_PLAIN_SECONDS = 15.0
"""How often a plain line is written where there is no terminal."""


class Steps:
    """The steps before recording, and warnings."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet

    def step(self, text: str) -> None:
        """A step begins."""
        if not self.quiet:
            note(text)

    def warning(self, text: str) -> None:
        """One line for the person."""
        note(f"warning: {text}")


class _Meter:
    """A tqdm bar, or plain lines, or nothing. tqdm is imported when there is something to show."""

    def __init__(self, unit: str, quiet: bool, shape: str | None = None) -> None:
        self.unit = unit
        self.shape = shape
        self.quiet = quiet
        self.bar: Any = None
        self.total = 0.0
        self.count = 0.0
        self.told = time.monotonic()

    def start(self, total: float, text: str) -> None:
        """Begin counting to `total`."""
        self.total, self.count = total, 0.0
        if self.quiet or not total or not sys.stderr.isatty():
            return
        from tqdm import tqdm

        self.bar = tqdm(total=total, unit=self.unit, desc=text, dynamic_ncols=True, bar_format=self.shape)

    def add(self, count: float, postfix: str = "") -> None:
        """`count` more are done."""
        self.count += count
        if self.bar is not None:
            if postfix:
                self.bar.set_postfix_str(postfix, refresh=False)
            self.bar.update(count)
        elif not self.quiet and time.monotonic() - self.told > _PLAIN_SECONDS:
            self.told = time.monotonic()
            note(f"{self.count:.0f} of {self.total:.0f} {self.unit.strip()}{postfix and ', '}{postfix}")

    def stop(self) -> None:
        """Close the bar."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None


class Recording(Listener):
    """Lines done, audio made, time left, and money."""

    def __init__(self, project: Project, quiet: bool = False, verbose: bool = False) -> None:
        self.name = project.folder.name
        self.verbose = verbose and not quiet
        self.quiet = quiet
        self.meter = _Meter(" lines", quiet)
        self.seconds = 0.0
        self.cost = 0.0

    def started(self, jobs: int, units: int, cost: float) -> None:
        """Show what is to be done."""
        if jobs and not self.quiet:
            note(f"recording {jobs} lines" + (f", about {cost:.2f} to pay" if cost else ""))
        self.meter.start(jobs, self.name)

    def recorded(self, job: Job, seconds: float) -> None:
        """One more."""
        self.seconds += seconds
        self.cost += job.cost
        money = f", {self.cost:.2f} spent" if self.cost else ""
        self.meter.add(1, f"{duration(self.seconds)} of audio{money}")

    def failed(self, job: Job, error: AudiobookError) -> None:
        """A line was given up."""
        note(f"failed: “{job.utterance.text[:50]}”: {error.message}")

    def waiting(self, job: Job, error: AudiobookError, delay: float) -> None:
        """A line will be tried again."""
        if self.verbose:
            note(f"again in {delay:.1f} s: {error.message}")

    def stopping(self, reason: AudiobookError) -> None:
        """Say that it is leaving, at once."""
        self.meter.stop()
        if not self.quiet:
            note(f"stopping: {reason.message}")

    def finished(self, summary: Summary) -> None:
        """Close the bar."""
        self.meter.stop()


class Assembling(Steps):
    """Encoding, writing and checking."""

    def __init__(self, quiet: bool = False) -> None:
        super().__init__(quiet)
        self.stage: Stage | None = None
        self.meter = _Meter("s of audio", quiet, "{desc}: {percentage:3.0f}%|{bar}| {elapsed}<{remaining}")

    def progress(self, stage: Stage, done: float, total: float) -> None:
        """`done` of `total` are ready."""
        if stage is not self.stage:
            self.meter.stop()
            self.stage = stage
            self.meter.start(total, stage.value)
        self.meter.add(done - self.meter.count)
        if done >= total:
            self.meter.stop()
