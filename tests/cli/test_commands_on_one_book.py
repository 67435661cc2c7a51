"""The commands one after the other on a small book, as a person types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from audiobook.cli.common import duration
from audiobook.cli.main import run

BOOK = """\
# One

“Good morning,” said Ada. “The lamp is out again.”

# Two

Nobody came to the door, and nobody asked why.
"""
Type = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Run a command beside the book; gives its exit code and what it wrote."""
    (tmp_path / "lamp.md").write_text(BOOK)
    monkeypatch.chdir(tmp_path)

    def type_it(*words: str) -> tuple[int, str, str]:
        code = run(words)
        written = capsys.readouterr()
        return code, written.out, written.err

    return type_it


def test_a_book_is_made_in_steps_and_then_made_no_more(command: Type, tmp_path: Path) -> None:
    code, out, _ = command("new", "lamp.md", "--engine", "tone", "--json")
    assert code == 0
    told = json.loads(out)
    assert [chapter["title"] for chapter in told["chapters"]] == ["One", "Two"]
    assert told["speakers"] == ["Ada"]
    code, _, err = command("assemble", "projects/lamp")
    assert code == 5, "nothing is recorded yet"
    assert "audiobook synth projects/lamp" in err
    assert command("synth", "projects/lamp")[0] == 0
    code, out, err = command("assemble", "projects/lamp", "--json")
    assert (code, err) == (0, "")
    assert Path(json.loads(out)["files"][0]).is_file()
    assert json.loads(out)["lines"] == told["lines"]
    assert "2 chapters" in command("assemble", "projects/lamp", "-q")[1]


def test_a_dry_run_says_all_and_leaves_nothing(command: Type, tmp_path: Path) -> None:
    code, out, _ = command("make", "lamp.md", "--engine", "tone", "--dry-run", "--chapters", "2")
    assert code == 0
    assert "Two  (" in out
    assert "One  (" not in out
    assert "narrator: tone:" in out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lamp.md"]


def test_the_engines_are_listed_with_what_they_need(command: Type) -> None:
    code, out, _ = command("engines", "--json")
    engines = {engine["name"]: engine for engine in json.loads(out)}
    assert code == 0
    assert engines["espeak"]["ready"]
    assert "limits" in engines["tone"]
    assert not engines["siliconflow"]["ready"]
    assert engines["siliconflow"]["reason"]
    _, out, _ = command("engines")
    assert f"not ready: {engines['siliconflow']['reason']}" in out


@pytest.mark.parametrize(
    "words",
    [
        ("make", "lamp.md", "--engine", "nobody"),
        ("make", "lamp.md", "--format", ","),
        ("make", "lamp.md", "--bitrate", "7"),
        ("make", "lamp.md", "--budget", "nan"),
        ("make", "lamp.md", "--budget", "-1"),
        ("make", "lamp.md", "--budget", "inf"),
        ("new", "lamp.md", "--attribution", "magic"),
        ("chapters", "lamp.md", "--notes", "sung"),
        ("say",),
        ("say", "Good morning.", "--voice", "nobody"),
        ("say", "Good morning.", "--voice", "tone:alto", "--output", "a.xyz"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_and_leaves_no_project(
    command: Type, tmp_path: Path, words: tuple[str, ...]
) -> None:
    code, out, err = command(*words)
    assert (code, out) == (2, "")
    assert err.strip()
    assert "bug:" not in err
    assert not list(tmp_path.glob("projects/*/project.toml"))


@pytest.mark.parametrize(
    "words",
    [
        ("make", "gone.md"),
        ("assemble", "."),
        ("synth", "gone"),
        ("cast", "gone"),
        ("status", "gone"),
        ("estimate", "gone.md"),
        ("check", "lamp.md"),
    ],
)
def test_what_is_not_there_or_not_one_is_named(command: Type, tmp_path: Path, words: tuple[str, ...]) -> None:
    code, _, err = command(*words)
    assert code == 3
    assert err.startswith("audiobook: ")
    assert words[1] in err
    assert err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["lamp.md"]


def test_a_folder_of_texts_is_read_from_inside_but_is_no_project(command: Type, tmp_path: Path) -> None:
    code, _, err = command("new", ".", "--engine", "tone")
    assert code == 3
    assert "inside the book" in err
    folder = str(tmp_path.parent / f"{tmp_path.name}-project")
    assert command("new", ".", "--engine", "tone", "--project", folder)[0] == 0
    assert (Path(folder) / "source" / tmp_path.name / "lamp.md").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lamp.md"]


def test_quotes_are_told_with_their_speakers(command: Type, tmp_path: Path) -> None:
    text = "“Good morning,” said Ada.\n\nThe lamp was out.\n"
    (tmp_path / "a.txt").write_bytes(text.encode("cp1252"))
    (tmp_path / "cast.json").write_text('[{"name": "Ada", "gender": "F"}]')
    code, out, _ = command("quotes", "a.txt", "--cast", "cast.json", "--json")
    (quote,) = json.loads(out)
    assert (code, quote["speaker"]) == (0, "Ada")
    assert text[quote["start"] : quote["end"]] == quote["text"]
    assert command("quotes", "a.txt")[1].startswith("Ada (")


@pytest.mark.parametrize(
    "cast", ["{}x", "3", '["Ada"]', '[{"names": "Ada"}]', '[{"name": "A", "aliases": 3}]']
)
def test_a_cast_list_that_is_none_is_named(command: Type, tmp_path: Path, cast: str) -> None:
    (tmp_path / "cast.json").write_text(cast)
    code, _, err = command("quotes", "lamp.md", "--cast", "cast.json")
    assert code == 3
    assert "cast.json: not a cast list" in err


def test_a_sentence_is_spoken_into_a_file(command: Type, tmp_path: Path) -> None:
    code, out, err = command("say", "Good morning.", "--voice", "tone:alto", "-o", "a.wav")
    assert (code, out) == (0, ""), err
    assert (tmp_path / "a.wav").read_bytes().startswith(b"RIFF")


@pytest.mark.parametrize(("seconds", "text"), [(59.96, "1 min 00 s"), (3599.7, "1 h 00 min")])
def test_no_duration_has_sixty_of_anything(seconds: float, text: str) -> None:
    assert duration(seconds) == text
