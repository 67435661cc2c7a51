"""`audiobook lexicon` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audiobook.cli.main import run
from audiobook.project import ProjectSettings, format_settings

SCRIPT = "# One\n\nThe ferry brought Maeve.\n[Ann] “Is it Maeve, or Xhobb?”\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one chapter, with the work done from the folder above `projects`."""
    folder = tmp_path / "projects" / "tale"
    (folder / "script").mkdir(parents=True)
    (folder / "project.toml").write_text(format_settings(ProjectSettings()), "utf-8")
    (folder / "script" / "001-one.txt").write_text(SCRIPT, "utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def test_words_of_a_project_are_suggested(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lexicon", "suggest", str(project), "--least", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(one["word"], one["count"], one["chapter"]) for one in found] == [
        ("Maeve", 2, "One"),
        ("Xhobb", 1, "One"),
    ]
    assert run(["lexicon", "suggest", str(project)]) == 0
    assert "Maeve" in capsys.readouterr().out


def test_words_of_a_book_are_suggested(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "tale.md"
    book.write_text("# One\n\nOn the quay stood Maeve. Nobody knew Maeve.\n", "utf-8")
    assert run(["lexicon", "suggest", str(book), "--json"]) == 0
    assert [one["word"] for one in json.loads(capsys.readouterr().out)] == ["Maeve"]


def test_a_word_is_added_listed_and_checked(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lexicon", "add", "Maeve", "--say", "Mayv"]) == 0
    assert run(["lexicon", "add", "Nobody", "--ipa", "ˈnəʊbədi", "--speaker", "Ann"]) == 0
    capsys.readouterr()
    assert run(["lexicon", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"word": "Maeve", "say": "Mayv"},
        {"word": "Nobody", "ipa": "ˈnəʊbədi", "speaker": "Ann"},
    ]
    assert run(["lexicon", "check", "--json", "--project", str(project)]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["word"], row["lines"]) for row in rows] == [("Maeve", 2), ("Nobody", 0)]
    assert rows[0]["example"] == "The ferry brought Mayv."
    assert run(["lexicon", "check"]) == 0
    shown = capsys.readouterr()
    assert "2 lines" in shown.out and "1 of 2 entries change no line" in shown.err
    assert run(["lexicon", "list"]) == 0
    assert "Mayv" in capsys.readouterr().out


def test_a_mistake_in_the_lexicon_is_one_line_and_exit_code_3(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "lexicon.toml").write_text("[words]\nbad = 3\n", "utf-8")
    assert run(["lexicon", "check"]) == 3
    assert "lexicon.toml, line 2, bad" in capsys.readouterr().err


def test_a_word_without_a_sound_is_not_added(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lexicon", "add", "Maeve"]) == 2
    assert "--say or --ipa" in capsys.readouterr().err


def test_without_a_project_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["lexicon", "list"]) == 2
    assert "--project" in capsys.readouterr().err


def test_the_empty_lexicon_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lexicon", "list"]) == 0
    assert "empty" in capsys.readouterr().err
    assert run(["lexicon", "suggest", str(project), "--least", "9"]) == 0
    assert "--least 1" in capsys.readouterr().err
