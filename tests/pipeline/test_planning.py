"""What a line will sound like, decided from script, cast and lexicon."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audiobook.cast import Cast, Role, write_cast
from audiobook.errors import UsageError
from audiobook.pipeline.importing import write_hints
from audiobook.pipeline.planning import Engines, Plan, chosen_numbers, delivery, files_key, plan
from audiobook.pipeline.producing import _items, assembly_settings
from audiobook.project import Project, ProjectSettings, TextSettings
from audiobook.script import Line, ScriptChapter, parse_chapter

CAST = Cast(
    Role("tone:low", style="warm"),
    {"Nell": Role("tone:high", style="shy", speed=1.1, gain=-2.0), "Tarn": Role()},
    {"thought": Role(style="quietly"), "letter": Role("tone:high", speed=0.9)},
)
SCRIPT = parse_chapter(
    "# Chapter IV\n\nIt was 5.30 p.m.\n[Nell] “Yes.”\n[Nell] “Yes.”\n[Tarn] “No.”\n\n"
    "* * *\n\n—\n[Nell | @take=2] “Yes.”\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    write_cast(tmp_path / "cast.toml", CAST)
    return Project(tmp_path, ProjectSettings(engine="tone"))


def planned(project: Project, chapter: ScriptChapter = SCRIPT) -> Plan:
    project.write_script({"001-x.txt": chapter})
    return plan(project, project.read_script(), "en", Engines.of(project.settings))


def test_a_lines_own_style_comes_first() -> None:
    assert delivery(CAST, Line("x", "Nell", "angry", (("kind", "thought"),))).style == "angry"
    assert delivery(CAST, Line("x", "Nell", attributes=(("kind", "thought"),))).style == "quietly"
    assert delivery(CAST, Line("x", "Nell")) == Role("tone:high", "shy", 1.1, -2.0)
    assert delivery(CAST, Line("x", "Tarn")).voice == "tone:low"
    assert delivery(CAST, Line("x", attributes=(("kind", "letter"),))).voice == "tone:high"


def test_equal_lines_share_a_take_and_a_repeated_one_does_not(project: Project) -> None:
    lines = list(planned(project).lines())
    assert [line.role for line in lines[:2]] == ["title", "line"]
    yes = [line.take for line in lines if line.line.text == "“Yes.”"]
    assert yes[0] == yes[1] != yes[2]
    assert len(planned(project).takes()) == len({line.take for line in lines} - {""})


def test_what_is_spoken_is_the_spoken_form(project: Project) -> None:
    title, time, *_ = planned(project).lines()
    assert title.utterance is not None and title.utterance.text == "Chapter four"
    assert time.utterance is not None and "thirty" in time.utterance.text


def test_nothing_is_recorded_where_nothing_can_be_said(project: Project) -> None:
    (dash,) = [line for line in planned(project).lines() if line.line.text == "—"]
    assert (dash.take, dash.utterance) == ("", None)
    chapter = planned(project).chapters[0]
    cues = list(_items(chapter))
    assert len(cues) == 7
    assert cues[-1].paragraph, "the line after the silent one begins the paragraph"  # type: ignore[union-attr]


def test_a_lexicon_changes_only_the_lines_that_hold_the_word(project: Project) -> None:
    before = [line.take for line in planned(project).lines()]
    project.lexicon_file.write_text('[words]\nYes = "yea"\n')
    after = [line.take for line in planned(project).lines()]
    changed = [
        line.line.text
        for line, old, new in zip(planned(project).lines(), before, after, strict=True)
        if old != new
    ]
    assert changed == ["“Yes.”"] * 3


def test_hints_of_the_source_are_found_by_the_line(project: Project) -> None:
    from audiobook.book import Hint
    from audiobook.normalization import HintSpan

    chapter = parse_chapter("# T\n\nAct I was long.\n")
    before = planned(project, chapter)
    write_hints(project.generated_folder, {"Act I was long.": (HintSpan(4, 5, Hint.ROMAN, "", "", ""),)})
    after = planned(project, chapter)
    said = [line.utterance.text for each in (before, after) for line in each.lines() if line.utterance]
    assert said[-1] == "Act one was long."


def test_voices_that_cannot_be_are_refused_before_anything_is_recorded(project: Project) -> None:
    for voice, complaint in [("nobody", "engine:voice"), ("x:y", "no engine 'x'"), ("espeak:zz", "zz")]:
        write_cast(project.cast_file, replace(CAST, narrator=Role(voice)))
        with pytest.raises(UsageError, match=complaint):
            planned(project)


def test_chapters_are_chosen_by_number(project: Project) -> None:
    text = TextSettings(chapters="2-")
    chosen = replace(project, settings=ProjectSettings(text=text))
    assert chosen_numbers(chosen, 4) == {2, 3, 4}
    assert chosen_numbers(project, 2) == {1, 2}


def test_the_fingerprint_sees_every_file_a_plan_is_made_of(project: Project) -> None:
    planned(project)
    seen = {files_key(project)}
    for name in (
        "cast.toml",
        "lexicon.toml",
        "project.toml",
        "script/002-y.txt",
        "script/.generated/hints.json",
    ):
        path = project.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text() if path.exists() else "") + "\n# more\n")
        seen.add(files_key(project))
    assert len(seen) == 6
    (project.folder / "log.txt").write_text("noise")
    assert files_key(project) in seen


def test_an_unknown_pause_is_named(project: Project) -> None:
    from audiobook.errors import ScriptError

    wrong = replace(project, settings=ProjectSettings(pauses={"coffee": 60.0}))
    with pytest.raises(ScriptError, match="coffee"):
        assembly_settings(wrong)
    assert assembly_settings(project).pauses.chapter > 0
