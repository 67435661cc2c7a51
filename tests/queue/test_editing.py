"""Editing is cheap: exactly the lines that changed are recorded again, and status knows before."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from audiobook.cli.main import cli

BOOK = """---
title: The Pump
author: Nobody in Particular
language: en
---

# The Village

There was one pump in the village, and it stood in front of the school.

“It has run dry,” said Martha. She had carried her bucket all the way down from the mill.

“It has not,” said Tom. “You have to ask it twice.”

# The Well

Nobody had used the well for thirty years.

“Then we shall ask it once,” said Martha, and let the bucket down.

They waited. Far below something answered.
"""


class Project:
    """A project under the commands that a person would type."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "pump.md"
        self.folder = folder / "pump"
        self.source.write_text(BOOK, encoding="utf-8")
        self.command("new", self.source, "--project", self.folder, "--engine", "tone")

    def command(self, *arguments: object) -> str:
        result = CliRunner().invoke(cli, [str(each) for each in arguments], catch_exceptions=False)
        assert not result.return_value, result.output
        return result.stdout

    def synth(self) -> int:
        """Record; returns how many lines were."""
        (summary,) = json.loads(self.command("synth", self.folder, "--json", "--quiet"))
        assert summary["complete"]
        return int(summary["done"])

    def status(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.command("status", self.folder, "--json"))
        return document

    def to_record(self) -> int:
        return int(self.status()["total"]["to_do"])

    def edit(self, name: str, change: Callable[[str], str]) -> None:
        (path,) = self.folder.glob(name)
        before = path.read_text("utf-8")
        after = change(before)
        assert after != before
        path.write_text(after, "utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    assert made.to_record() == made.synth() > 8
    assert made.to_record() == made.synth() == 0
    return made


def test_a_changed_word_is_one_line(project: Project) -> None:
    project.edit("script/002*.txt", lambda text: text.replace("thirty years", "forty years"))
    assert project.to_record() == 1
    assert project.synth() == 1


def test_changing_it_back_costs_nothing(project: Project) -> None:
    project.edit("script/002*.txt", lambda text: text.replace("thirty years", "forty years"))
    project.synth()
    project.edit("script/002*.txt", lambda text: text.replace("forty years", "thirty years"))
    assert project.to_record() == project.synth() == 0


def test_a_changed_voice_is_that_speakers_lines(project: Project) -> None:
    said = next(each for each in project.status()["speakers"] if each["key"] == "Martha")["lines"]
    old = re.search(
        r'\[characters\.Martha\][^\[]*?voice = "(.*?)"', (project.folder / "cast.toml").read_text()
    )
    assert old is not None and said == 2
    new = "tone:child" if old[1] != "tone:child" else "tone:bass"
    section = old[0].replace(old[1], new)
    project.edit("cast.toml", lambda text: text.replace(old[0], section))
    by_speaker = {each["key"]: each["to_do"] for each in project.status()["speakers"]}
    assert (by_speaker.pop("Martha"), sum(by_speaker.values())) == (2, 0)
    assert project.synth() == 2


def test_a_lexicon_entry_is_the_lines_that_hold_its_word(project: Project) -> None:
    (project.folder / "lexicon.toml").write_text('[words]\nbucket = "buckit"\n')
    scripts = [path.read_text("utf-8") for path in project.folder.glob("script/*.txt")]
    holding = sum("bucket" in line for script in scripts for line in script.splitlines())
    assert project.to_record() == holding == 2
    assert project.synth() == 2


def test_another_take_of_a_line_is_one_line(project: Project) -> None:
    project.edit(
        "script/001*.txt", lambda text: text.replace("There was one pump", "[| @take=1] There was one pump")
    )
    assert project.to_record() == project.synth() == 1


def change_source(project: Project, change: Callable[[str], str]) -> None:
    project.source.write_text(change(project.source.read_text()))
    project.command("new", project.source, "--project", project.folder)


def test_an_inserted_chapter_is_its_own_lines(project: Project) -> None:
    chapter = "# The Road\n\nIt was a dusty road.\n\nNobody came.\n\n# The Well"
    change_source(project, lambda text: text.replace("# The Well", chapter))
    assert project.to_record() == 3
    chapters = {each["title"]: each["to_do"] for each in project.status()["chapters"]}
    assert chapters == {"The Village": 0, "The Road": 3, "The Well": 0}
    assert project.synth() == 3


def test_a_correction_outlives_a_changed_source(project: Project) -> None:
    project.edit(
        "script/001*.txt", lambda text: text.replace("[Tom] “It has not", "[Martha | crossly] “It has not")
    )
    assert project.synth() == 1
    change_source(project, lambda text: text.replace("thirty years", "forty years"))
    assert "[Martha | crossly] “It has not" in next(project.folder.glob("script/001*.txt")).read_text("utf-8")
    assert project.to_record() == project.synth() == 1


def test_a_lost_take_is_recorded_again(project: Project) -> None:
    next(project.folder.glob("takes/*/*.flac")).unlink()
    assert project.to_record() == project.synth() == 1


def test_a_lost_queue_is_made_again_without_recording(project: Project) -> None:
    for left in project.folder.glob("queue.sqlite*"):
        left.unlink()
    assert project.to_record() == project.synth() == 0
