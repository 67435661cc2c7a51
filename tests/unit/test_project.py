"""The project folder: settings a person edits, scripts, the kept source."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audiobook.errors import ProjectError, ScriptError, UsageError
from audiobook.project import (
    OutputSettings,
    Project,
    ProjectSettings,
    SourceSettings,
    default_folder,
    engine_settings,
    fingerprint,
    format_settings,
    open_project,
    parse_numbers,
    parse_settings,
    slug,
    user_settings,
)
from audiobook.script import Line, ScriptChapter

SETTINGS = ProjectSettings(
    source=SourceSettings("a.epub", "00"),
    engine="siliconflow",
    voice="siliconflow:claire",
    budget=20.0,
    output=OutputSettings(formats=("m4b", "mp3"), bitrate=96),
    pauses={"chapter": 2.0},
    metadata={"title": "A “title”", "authors": ("A", "B")},
    engines={"siliconflow": {"cloud": "cn", "concurrency": 4}},
)


def test_settings_are_read_back_as_they_were_written() -> None:
    assert parse_settings(format_settings(SETTINGS)) == SETTINGS
    assert parse_settings(format_settings(ProjectSettings())) == ProjectSettings()


def test_changing_a_setting_keeps_comments() -> None:
    text = "format = 1\n# loud enough\n[output]\nbitrate = 80 # kbit/s\n"
    settings = parse_settings(text)
    changed = replace(settings, output=replace(settings.output, bitrate=48))
    written = format_settings(changed, text)
    assert "# loud enough" in written
    assert "bitrate = 48 # kbit/s" in written
    assert parse_settings(written) == changed


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("engine = 3", "engine is a text"),
        ("colour = 3", "unknown key 'colour'"),
        ("[text]\nsingle_voice = 1", "text.single_voice is true or false"),
        ("[output]\nbitrate = 'x'", "output.bitrate is a number"),
        ("[output]\nformats = 'm4b'", "output.formats is a list"),
        ("[output]\nformat = 'm4b'", "unknown key 'format' in [output]"),
        ("[pauses]\nchapter = 'long'", "pauses.chapter is a number"),
        ("pauses = 3", "[pauses] is a table"),
        ("a = ", "project.toml"),
    ],
)
def test_mistakes_are_named(text: str, complaint: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse_settings(text)
    assert complaint in caught.value.message


def test_a_newer_project_is_refused() -> None:
    with pytest.raises(ProjectError, match="newer version"):
        parse_settings("format = 99")


def test_a_folder_without_settings_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="audiobook new"):
        open_project(tmp_path)


def test_the_script_folder_holds_exactly_the_chapters(tmp_path: Path) -> None:
    project = Project(tmp_path, ProjectSettings())
    one, two = ScriptChapter(Line("One"), ()), ScriptChapter(Line("Two"), ())
    project.write_script({"001-one.txt": one, "002-two.txt": two})
    before = (tmp_path / "script/001-one.txt").stat().st_mtime_ns
    project.write_script({"001-one.txt": one})
    assert project.read_script() == {"001-one.txt": one}
    assert (tmp_path / "script/001-one.txt").stat().st_mtime_ns == before


def test_a_script_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "script").mkdir()
    (tmp_path / "script/001-x.txt").write_bytes(b"caf\xe9")
    with pytest.raises(ScriptError, match="not UTF-8"):
        Project(tmp_path, ProjectSettings()).read_script()


def test_the_source_is_kept_with_the_project(tmp_path: Path) -> None:
    book = tmp_path / "b.md"
    book.write_text("x")
    project = Project(tmp_path / "p", ProjectSettings())
    assert project.source is None
    project.keep_source(book)
    assert project.source is not None
    assert fingerprint(project.source) == fingerprint(book)
    project.keep_source(project.source)  # a project made again from its own copy
    assert project.source.read_text() == "x"


def test_a_folder_of_chapters_is_one_source(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/1.md").write_text("x")
    before = fingerprint(tmp_path / "b")
    (tmp_path / "b/1.md").rename(tmp_path / "b/2.md")
    assert fingerprint(tmp_path / "b") != before


def test_settings_are_written_once(tmp_path: Path) -> None:
    project = Project(tmp_path, ProjectSettings()).with_settings(SETTINGS)
    assert open_project(tmp_path).settings == SETTINGS
    before = project.settings_file.stat().st_mtime_ns
    assert project.with_settings(SETTINGS) == project
    assert project.settings_file.stat().st_mtime_ns == before


def test_folder_names_come_from_the_book() -> None:
    assert slug("Алиса in Wonderland!") == "алиса-in-wonderland"
    assert slug("???") == "book"
    assert default_folder(Path("x/Alice.md")) == Path("projects/alice")


def test_the_project_overrides_the_persons_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOBOOK_CONFIG", str(tmp_path))
    assert user_settings() == {}
    (tmp_path / "settings.toml").write_text("[engines.siliconflow]\ncloud = 'com'\ntimeout = 3\n")
    assert engine_settings(SETTINGS, "siliconflow") == {"cloud": "cn", "timeout": 3, "concurrency": 4}
    (tmp_path / "settings.toml").write_text("[engines")
    with pytest.raises(ScriptError, match=r"settings\.toml"):
        user_settings()


def test_ranges_of_chapters() -> None:
    assert parse_numbers("2-4, 7", 9) == {2, 3, 4, 7}
    assert parse_numbers("8-", 9) == {8, 9}
    assert parse_numbers("-2", 9) == {1, 2}
    for wrong in ("x", "5-2", "0", "10", "-"):
        with pytest.raises(UsageError):
            parse_numbers(wrong, 9)
