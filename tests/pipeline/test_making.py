"""The whole road inside one process, with the engine that costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audiobook.assembly import Assembler, editions
from audiobook.assembly.packets import Packets
from audiobook.assembly.plan import Product
from audiobook.audio.takes import TakeStore
from audiobook.errors import BookError, LineRefused, LinesFailed
from audiobook.pipeline.ahead import EncodeAhead
from audiobook.pipeline.making import Listeners, Quiet, assemble_project, make, new
from audiobook.pipeline.producing import made_key, recall_made
from audiobook.project import ProjectSettings, open_project
from audiobook.queue.jobs import Job
from audiobook.queue.progress import Listener, Summary

BOOK = """\
---
title: The Bell
---
# One

The bell on the landing rang once that evening. After that it rang no more until the spring.

# Two

Nobody came to the door, and nobody asked why.
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "two.md"
    path.write_text(BOOK)
    return path


def same(settings: ProjectSettings) -> ProjectSettings:
    return replace(settings, engine="tone")


def test_what_is_made_is_remembered_until_an_input_changes(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    made, fresh = make(source, folder, same, Listeners())
    assert fresh
    again, fresh = make(source, folder, same, Listeners())
    assert (again, fresh) == (made, False)
    made.paths[0].write_bytes(b"trodden on")
    repaired, fresh = make(source, folder, same, Listeners())
    assert fresh
    assert repaired.paths[0].stat().st_size > 1000


def test_a_damaged_take_is_recorded_again(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    made, _ = make(source, folder, same, Listeners())
    whole = made.paths[0].read_bytes()
    for path in sorted((folder / "takes").rglob("*.flac"))[:2]:
        path.write_bytes(path.read_bytes()[:-40])
    (folder / "cache/made.json").unlink()
    (folder / "cache/product.json").unlink()
    for packet in (folder / "cache/packets").rglob("*"):
        if packet.is_file():
            packet.unlink()
    warned: list[str] = []

    class Ears(Quiet):
        def warning(self, text: str) -> None:
            warned.append(text)

    made, fresh = make(source, folder, same, Listeners(reading=Ears()))
    assert fresh and warned
    assert made.paths[0].read_bytes() == whole


def test_assembling_needs_every_take(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    new(source, folder, same, Quiet())
    with pytest.raises(LinesFailed, match=r"5 lines have no recording yet.*audiobook synth"):
        assemble_project(folder, same, Listeners())
    make(source, folder, same, Listeners())
    assert assemble_project(folder, same, Listeners()).lines == 5


def test_a_script_that_says_nothing_is_refused(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    new(source, folder, same, Quiet())
    for path in open_project(folder).script_files():
        path.write_text("#\n\n—\n")
    with pytest.raises(BookError, match="nothing"):
        make(source, folder, same, Listeners())


def test_the_memory_of_a_product_may_be_nonsense(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    make(source, folder, same, Listeners())
    project = open_project(folder)
    for nonsense in ("", "[]", '{"key": 3}'):
        (folder / "cache/made.json").write_text(nonsense)
        assert recall_made(project, made_key(project)) is None


def test_a_chapter_is_encoded_with_its_last_line(source: Path, tmp_path: Path) -> None:
    ready = new(source, tmp_path / "p", same, Quiet())
    encoded: list[int] = []
    heard: list[str] = []

    class Assembler:
        def chapter_ready(self, index: int) -> None:
            encoded.append(index)

    class Ears(Listener):
        def __getattribute__(self, name: str) -> Callable[..., Any]:
            return lambda *arguments: heard.append(name)

    takes = TakeStore(ready.project.takes_folder)
    listener = EncodeAhead(Ears(), Assembler(), ready.plan, takes)  # type: ignore[arg-type]
    jobs = {
        name: Job(name, "tone", line.utterance)
        for name, line in ready.plan.takes().items()
        if line.utterance is not None
    }
    order = [line.take for line in ready.plan.lines()]
    listener.started(5, 5, 0.0)
    for name in reversed(order):
        listener.recorded(jobs[name], 1.0)
    listener.failed(jobs[order[0]], LineRefused())
    listener.waiting(jobs[order[0]], LineRefused(), 1.0)
    listener.stopping(LineRefused())
    listener.finished(Summary())
    assert encoded == [1, 0]
    assert heard == ["started", *["recorded"] * 5, "failed", "waiting", "stopping", "finished"]


def test_an_embedded_voice_is_encoded_while_it_speaks(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its chapters are handed over as they complete, and found again at the end: no piece is made twice."""
    made: list[str] = []
    ahead: list[int] = []
    finished: list[int] = []
    ready, encode, finish = Assembler.chapter_ready, editions.Job.encode, Assembler.finish

    def handed(assembler: Assembler, index: int) -> None:
        ahead.append(index)
        ready(assembler, index)

    def counted(job: editions.Job, takes: TakeStore) -> Packets:
        made.append(job.key)
        return encode(job, takes)

    def last(assembler: Assembler) -> Product:
        finished.append(len(ahead))
        return finish(assembler)

    monkeypatch.setattr(Assembler, "chapter_ready", handed)
    monkeypatch.setattr(Assembler, "finish", last)
    monkeypatch.setattr(editions.Job, "encode", counted)

    def embedded(settings: ProjectSettings) -> ProjectSettings:
        output = replace(settings.output, preset="none")  # no gain has to be known
        return replace(settings, engine="espeak", output=output)

    make(source, tmp_path / "p", embedded, Listeners())
    assert sorted(ahead) == [0, 1]
    assert finished == [2]
    assert len(made) == len(set(made)) == 2
