"""`verify`: are the takes whole, do they say what they should, is the product what was planned."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from audiobook.audio.takes import TakeStore
from audiobook.engines.transcription import Listener
from audiobook.errors import LinesFailed, TakeError
from audiobook.pipeline import listening
from audiobook.pipeline.listening import Verdict, flagged
from audiobook.pipeline.making import Listeners, Prepared, Quiet, prepare, record_missing
from audiobook.pipeline.producing import made_key, recall_made
from audiobook.pipeline.retaking import Tries, with_ordinals
from audiobook.project import open_project
from audiobook.queue.lock import project_lock
from audiobook.script import Line


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a project."""

    lines: int
    missing: int  # lines without a take
    damaged: tuple[tuple[str, str], ...] = ()  # (take, message)
    verdicts: tuple[Verdict, ...] = ()
    flagged: tuple[Verdict, ...] = ()
    mended: int = 0  # lines that another recording made good
    product: tuple[Path, ...] = ()
    up_to_date: bool = False

    @property
    def good(self) -> bool:
        """Nothing is wrong."""
        unheard = any(verdict.heard is None for verdict in self.verdicts)
        return not (self.missing or self.damaged or self.flagged or unheard)


@dataclass(frozen=True, slots=True)
class Listening:
    """How to listen: errors per word that are too many, and how many further recordings a line may cost."""

    threshold: float = 0.25
    retakes: int = 0
    progress: Callable[[int, int], None] = lambda done, total: None
    recording: Listeners = field(default_factory=Listeners)


def check_project(folder: Path, hearing: Listening | None = None) -> Findings:
    """Look at everything, listen if asked to, mend if asked to.

    Raises ProjectError, ProjectBusy, ScriptError, StorageError, UsageError, StopRun, LinesFailed.
    """
    with project_lock(folder):
        project = open_project(folder)
        ready = prepare(project, Quiet())
        try:
            damaged, missing = _look(ready)
            if hearing is None:
                return _findings(ready, missing, damaged, (), (), 0)
            return _listen(ready, hearing, missing, damaged)
        finally:
            ready.engines.close()


def _look(ready: Prepared) -> tuple[tuple[tuple[str, str], ...], int]:
    """Damaged takes, and how many are missing."""
    takes = TakeStore(ready.project.takes_folder)
    damaged, missing = [], 0
    for name in ready.plan.takes():
        if not takes.has(name):
            missing += 1
            continue
        try:
            takes.read(name)
        except TakeError as error:
            damaged.append((name, error.message))
    return tuple(damaged), missing


def _findings(
    ready: Prepared,
    missing: int,
    damaged: tuple[tuple[str, str], ...],
    verdicts: tuple[Verdict, ...],
    bad: tuple[Verdict, ...],
    mended: int,
) -> Findings:
    made = recall_made(ready.project, made_key(ready.project))
    product = made.paths if made else ()
    lines = len(ready.plan.takes())
    return Findings(lines, missing, damaged, verdicts, bad, mended, product, made is not None)


def _listen(
    ready: Prepared, hearing: Listening, missing: int, damaged: tuple[tuple[str, str], ...]
) -> Findings:
    listener = listening.open_listener({}, ready.project)
    try:
        takes = TakeStore(ready.project.takes_folder)
        verdicts = listening.listen(listener, takes, ready.plan, hearing.progress)
        bad = flagged(verdicts, hearing.threshold)
        before = len(bad)
        if bad and hearing.retakes:
            ready, verdicts = _mend(ready, hearing, listener, verdicts)
            bad = flagged(verdicts, hearing.threshold)
    finally:
        listener.close()
    return _findings(ready, missing, damaged, tuple(verdicts), tuple(bad), before - len(bad))


def _mend(
    ready: Prepared, hearing: Listening, listener: Listener, verdicts: list[Verdict]
) -> tuple[Prepared, list[Verdict]]:
    """Record bad lines again, at most so many times; the script asks for the best recording of each."""
    takes = TakeStore(ready.project.takes_folder)
    tries = Tries()
    for _ in range(hearing.retakes):
        lines = tries.collect(ready.plan, verdicts, flagged(verdicts, hearing.threshold))
        if not lines:
            break
        ready = _with_ordinals(ready, tries.next(lines))
        # What cannot be recorded again (a refused line, the budget) keeps the best of what there is.
        with contextlib.suppress(LinesFailed):
            record_missing(ready, hearing.recording)
        verdicts = listening.listen(listener, takes, ready.plan)
    tries.collect(ready.plan, verdicts, ())
    ready = _with_ordinals(ready, tries.best())
    return ready, listening.listen(listener, takes, ready.plan)


def _with_ordinals(ready: Prepared, wanted: Mapping[Line, int]) -> Prepared:
    """The project with these recordings asked for in its script."""
    project = ready.project
    script = with_ordinals(project.read_script(), wanted)
    with project.rewriting_script() as folder:
        project.write_script(script, folder)
    ready.engines.close()
    return prepare(project, Quiet())
