"""`audiobook cast` and `audiobook review` on a small project."""

from __future__ import annotations

import json
from pathlib import Path

import click.testing
import pytest

from audiobook.cast import Cast, Role, read_cast
from audiobook.cli.cast import spans
from audiobook.cli.main import cli
from audiobook.pipeline.attributing import carry_over, doubts_of, line_key, recall_doubts, roster_of
from audiobook.pipeline.recasting import Review, pair
from audiobook.project import open_project
from audiobook.script import Line, Paragraph, ScriptChapter
from audiobook.speakers import Quote

BOOK = """# Harbour Tales

## Chapter One

“The boat is late,” said Nora.

“It always is,” replied Captain Hale. “Sit down.”

“I would rather stand.”

“As you like.”

Nora looked at the water. “There it is!” she cried.
"""


def audiobook(*arguments: str, typed: str = "") -> click.testing.Result:
    return click.testing.CliRunner().invoke(cli, list(arguments), input=typed, catch_exceptions=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    source = tmp_path / "harbour.md"
    source.write_text(BOOK, "utf-8")
    folder = tmp_path / "project"
    assert audiobook("new", str(source), "--project", str(folder)).exit_code == 0
    return folder


def speakers(folder: Path) -> list[str]:
    script = open_project(folder).read_script()
    return [line.speaker for chapter in script.values() for line in chapter.lines() if line.speaker]


def test_the_cast_is_shown_with_lines_chapters_and_samples(project: Path) -> None:
    shown = audiobook("cast", str(project)).output
    assert "narrator" in shown and "Captain Hale" in shown and "“I would rather stand.”" in shown
    document = json.loads(audiobook("cast", str(project), "--json").output)
    assert {entry["name"] for entry in document} >= {"narrator", "Nora", "Captain Hale"}
    assert all(entry["voice"] for entry in document if entry["lines"])


def test_voices_and_styles_are_set_by_name_or_alias(project: Path) -> None:
    audiobook(
        "cast",
        str(project),
        "--set",
        "nora=en-gb+f4",
        "--style",
        "Nora=brisk",
        "--narrator",
        "en-gb+m1",
    )
    cast = read_cast(project / "cast.toml")
    assert (cast.characters["Nora"].voice, cast.characters["Nora"].style) == ("espeak:en-gb+f4", "brisk")
    assert cast.narrator.voice == "espeak:en-gb+m1"


def test_people_are_renamed_and_merged_in_script_and_cast(project: Path) -> None:
    audiobook("cast", str(project), "--rename", "Captain Hale=Hale", "--manner", "thought=softly")
    assert set(speakers(project)) == {"Nora", "Hale"}
    audiobook("cast", str(project), "--merge", "Nora,Hale=Everyone")
    assert set(speakers(project)) == {"Everyone"}
    cast = read_cast(project / "cast.toml")
    assert {"Nora", "Hale", "Captain Hale"} <= set(cast.characters["Everyone"].aliases)
    assert cast.manner["thought"].style == "softly"


def test_a_sequel_takes_its_voices_from_the_series(project: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.toml"
    earlier.write_text(
        '[characters."Nora Finch"]\nvoice = "espeak:en-gb+f5"\naliases = ["Nora"]\n', encoding="utf-8"
    )
    audiobook("cast", str(project), "--recast", "--series", str(earlier))
    assert read_cast(project / "cast.toml").characters["Nora"].voice == "espeak:en-gb+f5"


def test_carrying_over_keeps_what_is_there_and_adds_who_is_missing() -> None:
    now = Cast(Role(voice="e:n"), {"Ann": Role(voice="e:1"), "Bob": Role()})
    before = Cast(
        Role(voice="e:x"), {"Ann": Role(voice="e:2"), "Robert": Role(voice="e:3", aliases=("Bob",))}
    )
    carried = carry_over(now, Cast(before.narrator, {**before.characters, "Eve": Role(voice="e:4")}))
    assert carried.narrator.voice == "e:n"
    assert {name: role.voice for name, role in carried.characters.items()} == {
        "Ann": "e:1",
        "Bob": "e:3",
        "Eve": "e:4",
    }


def test_review_in_a_pipe_changes_a_speaker_and_saves(project: Path) -> None:
    done = audiobook("review", str(project), "--below", "1.01", "--limit", "1", typed="o\nCaptain Hale\nq")
    assert done.exit_code == 0
    assert "Captain Hale" in speakers(project)
    kept = speakers(project)
    audiobook("review", str(project), "--below", "1.01", typed="q")
    assert speakers(project) == kept


def test_review_says_when_nothing_is_doubtful(project: Path) -> None:
    assert "no line is below" in audiobook("review", str(project), "--below", "0").output


def test_like_doubts_of_a_conversation_are_settled_with_a_line(project: Path) -> None:
    review = Review.of(open_project(project), 1.01)
    two = (("Nora", 0.5), ("Captain Hale", 0.5))
    swapped = (two[1], two[0])
    for number, (place, doubt) in enumerate(review.doubts):
        shares = two if doubt.speaker == "Nora" else swapped
        kind = type(doubt)
        review.doubts[number] = (
            place,
            kind(doubt.file, doubt.key, doubt.speaker, 0.5, "alternation", shares, doubt.speech),
        )
    first = review.doubts[0][1]
    other = "Captain Hale" if first.speaker == "Nora" else "Nora"
    changed = review.choose(0, other)
    assert len(changed) > 1
    script = review.apply()
    assert set(review.settled.values()) == {"Nora", "Captain Hale"}
    assert [c.title for c in script.values()] == [c.title for c in review.script.values()]


def test_every_line_of_a_speech_remembers_why(project: Path) -> None:
    doubts = recall_doubts(open_project(project))
    assert [doubt.speech for doubt in doubts] == sorted(doubt.speech for doubt in doubts)
    assert all(doubt.evidence for doubt in doubts)


def test_a_speech_cut_into_lines_is_one_doubt_for_each_line() -> None:
    text = "“One thing. Another thing.”"
    lines = (Line("“One thing.", "Ann"), Line("Another thing.”", "Ann"))
    script = {"001.txt": ScriptChapter(None, (Paragraph(lines),))}
    doubts = doubts_of(text, [Quote(0, len(text), speaker="Ann", confidence=0.5)], script)
    assert [(doubt.speech, doubt.key) for doubt in doubts] == [(0, line_key(line.text)) for line in lines]


def test_a_cast_file_made_before_the_import_is_the_list_of_people(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "project.toml").write_text("format = 1\n", "utf-8")
    assert roster_of(open_project(folder)) is None
    (folder / "cast.toml").write_text('[characters.Nora]\ngender = "F"\n[characters.Hale]\n', "utf-8")
    roster = roster_of(open_project(folder))
    assert roster is not None and [person.name for person in roster] == ["Nora", "Hale"]


def test_pairs_and_chapter_spans_are_read_and_written() -> None:
    assert pair("Ann = espeak:x ") == ("Ann", "espeak:x")
    assert spans((1, 2, 3, 7)) == "1-3, 7"
    assert spans(()) == "-"


def test_an_unknown_person_is_said_so(project: Path) -> None:
    from audiobook.errors import UsageError

    with pytest.raises(UsageError, match="nobody is called Zoe"):
        audiobook("cast", str(project), "--set", "Zoe=en-gb+f1")
