"""synth, status and estimate as a person types them."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from audiobook.cli.main import cli, run
from audiobook.queue.lock import project_lock

BOOK = """---
title: {title}
author: Nobody in Particular
language: en
---

# The Gate

The gate of {title} stood open.

“Somebody has been here,” said Ruth, looking at the lock of {title}.

# The Yard

There was nobody in the yard of {title}.
"""


class Desk:
    """A folder with projects in it, and the commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new(self, title: str, engine: str = "tone") -> Path:
        source = self.folder / f"{title}.md"
        source.write_text(BOOK.format(title=title), "utf-8")
        project = self.folder / title
        assert run(["new", str(source), "--project", str(project), "--engine", engine]) == 0
        return project

    @staticmethod
    def call(*arguments: object) -> Result:
        return CliRunner().invoke(cli, [str(each) for each in arguments], standalone_mode=False)

    def json(self, *arguments: object) -> Any:
        return json.loads(self.call(*arguments, "--json").stdout)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_synth_records_a_project_and_says_what_it_did(desk: Desk) -> None:
    project = desk.new("oak")
    result = desk.call("synth", project)
    assert result.return_value == 0
    assert "lines recorded" in result.stdout and "nothing spent in all" in result.stdout
    assert "nothing to do" in desk.call("synth", project).stdout


def test_synth_records_several_projects_at_once(desk: Desk) -> None:
    oak, elm = desk.new("oak"), desk.new("elm")
    found = desk.json("synth", oak, elm, oak)
    assert [Path(entry["project"]).name for entry in found] == ["oak", "elm"]
    assert all(entry["complete"] and entry["done"] > 4 for entry in found)


def test_each_project_has_a_log_of_its_own(desk: Desk) -> None:
    oak, elm = desk.new("oak"), desk.new("elm")
    try:
        desk.call("synth", oak, elm, "--verbose")
    finally:
        logging.getLogger("audiobook").setLevel(logging.NOTSET)
    logs = [(project / "log.txt").read_text() for project in (oak, elm)]
    for text in logs:
        assert text.count("recording ") == text.count(" recorded, 0 failed, 0 left") == 1
        assert text.count(" DEBUG ") == 6


def test_synth_of_some_chapters_leaves_the_others(desk: Desk) -> None:
    project = desk.new("oak")
    (entry,) = desk.json("synth", project, "--chapters", "2")
    assert entry["done"] == 2
    chapters = {each["title"]: each["to_do"] for each in desk.json("status", project)["chapters"]}
    assert chapters["The Yard"] == 0 and chapters["The Gate"] > 2


def test_synth_of_something_that_is_no_project_is_bad_input(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["synth", str(desk.folder)]) == 3
    assert "is not a project" in capsys.readouterr().err


def test_synth_of_a_project_in_use_says_by_whom(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    project = desk.new("oak")
    with project_lock(project):
        assert run(["synth", str(project)]) == 3
        assert f"process {os.getpid()}" in capsys.readouterr().err
        assert "at work now" in desk.call("status", project).stdout


def test_status_shows_chapters_and_speakers_and_what_is_to_be_done(desk: Desk) -> None:
    project = desk.new("oak")
    before = desk.call("status", project).stdout
    assert "1 The Gate" in before and "Ruth" in before and "0 of" in before
    assert "tone: " in before and "costs nothing" in before
    desk.call("synth", project, "--quiet")
    assert "; 0 recordings to make" in desk.call("status", project).stdout


def test_status_works_on_a_project_whose_cast_does_not_parse(desk: Desk) -> None:
    """What the last run knew is shown, and why it is not newer."""
    project = desk.new("oak")
    desk.call("synth", project, "--quiet")
    (project / "cast.toml").write_text("[narrator\n")
    result = desk.call("status", project)
    assert "as of the last run: cast.toml" in result.stdout
    assert "0 of" not in result.stdout


def test_status_names_failures(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from audiobook.engines.tone import Tone
    from audiobook.errors import LineRefused

    project = desk.new("oak")
    speak = Tone.synthesize

    def picky(self: Tone, utterance: Any) -> Any:
        if "yard" in utterance.text:
            raise LineRefused("no yards", trace="ti_1")
        return speak(self, utterance)

    monkeypatch.setattr(Tone, "synthesize", picky)
    result = desk.call("synth", project)
    assert result.return_value == 5
    assert "002-the-yard.txt" in result.stderr and "no yards" in result.stderr
    assert "no yards (trace ti_1)" in desk.call("status", project).stdout
    monkeypatch.undo()
    assert desk.json("synth", project, "--retry-failed")[0]["done"] == 1


def test_estimate_of_a_book_leaves_nothing_behind(desk: Desk) -> None:
    source = desk.folder / "elm.md"
    source.write_text(BOOK.format(title="elm"), "utf-8")
    result = desk.call("estimate", source, "--engine", "tone", "--project", desk.folder / "elm")
    assert "recordings are needed" in result.stdout and "tone: " in result.stdout
    assert [path.name for path in desk.folder.iterdir()] == ["elm.md"]


def test_estimate_counts_bytes_and_money(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-never-used")
    source = desk.folder / "elm.md"
    source.write_text(BOOK.format(title="elm"), "utf-8")
    document = desk.json("estimate", source, "--engine", "siliconflow", "--project", desk.folder / "elm")
    (need,) = document["needs"]
    assert need["unit"] == "bytes" and need["requests"] == document["total"]["to_do"]
    assert need["money"] == pytest.approx(need["units"] * 50 / 1e6)
    assert need["seconds"] > 0


def test_a_budget_of_nothing_spends_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-never-used")
    project = desk.new("oak", "siliconflow")
    result = desk.call("synth", project, "--budget", "0")
    assert result.return_value == 5
    assert "the budget is reached (0.00 spent)" in result.stderr


def test_what_is_recorded_costs_nothing_any_more(desk: Desk) -> None:
    project = desk.new("oak")
    desk.call("synth", project, "--quiet")
    assert desk.json("estimate", project)["needs"] == []


@pytest.mark.slow
@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed (pip install 'audiobook[ray]')")
def test_synth_on_a_cluster_makes_the_takes_of_this_machine(desk: Desk) -> None:
    here, there = desk.new("oak"), desk.folder / "there"
    subprocess.run(["cp", "-r", here, there], check=True)
    desk.call("synth", here, "--quiet")
    done = subprocess.run(
        [sys.executable, "-m", "audiobook", "synth", str(there), "--ray", "local", "--quiet"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    takes = [{path.name: path.read_bytes() for path in each.glob("takes/*/*.flac")} for each in (here, there)]
    assert takes[0] == takes[1] != {}


@pytest.mark.slow
@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed (pip install 'audiobook[ray]')")
def test_no_cluster_is_said_in_one_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["synth", str(desk.new("oak")), "--ray", "127.0.0.1:1"]) == 2
    assert "no Ray cluster at '127.0.0.1:1'" in capsys.readouterr().err


def test_without_ray_the_person_is_told_how_to_get_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert run(["synth", str(desk.new("oak")), "--ray", "auto"]) == 3
    assert "pip install 'audiobook[ray]'" in capsys.readouterr().err


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def group_is_gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def test_child_processes_end_when_their_parent_is_killed(desk: Desk) -> None:
    project = desk.new("oak", "espeak")
    process = subprocess.Popen(
        [sys.executable, "-m", "audiobook", "synth", str(project), "--quiet", "--jobs", "2"],
        start_new_session=True,
    )
    wait_until(lambda: (project / "queue.sqlite").exists() and any(project.glob("takes/*/*.flac")))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    wait_until(lambda: group_is_gone(process.pid))
