"""`verify`: are the takes whole, do they say what they should, is the product what was planned."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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

    takes: int
    missing: int  # takes that are not there
    damaged: tuple[tuple[str, str], ...] = ()  # (take, message)
    verdicts: tuple[Verdict, ...] = ()
    flagged: tuple[Verdict, ...] = ()
    mended: int = 0  # takes and lines that another recording made good
    product: tuple[Path, ...] = ()  # finished files that are up to date

    @property
    def good(self) -> bool:
        """Nothing is wrong."""
        unheard = any(verdict.heard is None for verdict in self.verdicts)
        return not (self.missing or self.damaged or self.flagged or unheard)


@dataclass(frozen=True, slots=True)
class Listening:
    """How to listen: errors per word that are too many, and how many further recordings a line may cost."""

    threshold: float = 0.25
    retakes: int = 3
    progress: Callable[[int, int], None] = lambda done, total: None
    recording: Listeners = field(default_factory=Listeners)


def check_project(folder: Path, hearing: Listening | None = None, *, mend: bool = False) -> Findings:
    """Look at everything, listen if asked to. To mend is to record damaged takes and bad lines again; nothing
    is while lines are missing, since that would record those as well.

    Raises ProjectError, ProjectBusy, ScriptError, StorageError, UsageError, StopRun, LinesFailed.
    """
    with project_lock(folder):
        project = open_project(folder)
        ready = prepare(project, Quiet())
        try:
            found = _look(ready)
            if mend and found.damaged and not found.missing:
                found = _mend_damaged(ready, found)
            if hearing is not None:
                found, ready = _listen(ready, hearing, found, mend)
            return replace(found, product=_product(ready))
        finally:
            ready.engines.close()


def _look(ready: Prepared) -> Findings:
    """Read every take."""
    takes = TakeStore(ready.project.takes_folder)
    names = ready.plan.takes()
    damaged, missing = [], 0
    for name in names:
        if not takes.has(name):
            missing += 1
            continue
        try:
            takes.read(name)
        except TakeError as error:
            damaged.append((name, error.message))
    return Findings(len(names), missing, tuple(damaged))


def _mend_damaged(ready: Prepared, found: Findings) -> Findings:
    takes = TakeStore(ready.project.takes_folder)
    for name, _ in found.damaged:
        takes.remove(name)
    with contextlib.suppress(LinesFailed):
        record_missing(ready, Listeners())
    after = _look(ready)
    return replace(after, mended=len(found.damaged) - len(after.damaged) - after.missing)


def _product(ready: Prepared) -> tuple[Path, ...]:
    made = recall_made(ready.project, made_key(ready.project))
    return made.paths if made else ()


def _listen(ready: Prepared, hearing: Listening, found: Findings, mend: bool) -> tuple[Findings, Prepared]:
    listener = listening.open_listener({}, ready.project)
    try:
        takes = TakeStore(ready.project.takes_folder)
        verdicts = listening.listen(listener, takes, ready.plan, hearing.progress)
        bad = flagged(verdicts, hearing.threshold)
        before = len(bad)
        if bad and mend and not found.missing:
            ready, verdicts = _mend(ready, hearing, listener, verdicts)
            bad = flagged(verdicts, hearing.threshold)
    finally:
        listener.close()
    mended = found.mended + before - len(bad)
    heard = replace(found, verdicts=tuple(verdicts), flagged=tuple(bad), mended=mended)
    return heard, ready


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
