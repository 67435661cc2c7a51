"""Settings that nobody should write are named, in project.toml and among the person's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiobook.errors import ScriptError, UsageError
from audiobook.pipeline.preferences import (
    change_engine,
    change_settings,
    default_voice,
    own_settings,
    settings_file,
)
from audiobook.project import ProjectSettings, engine_settings, parse_numbers, parse_settings, user_settings


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for the person's settings."""
    monkeypatch.setenv("AUDIOBOOK_CONFIG", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("budget = nan", "budget is nan"),
        ("budget = inf", "budget is inf"),
        ("[output]\nbitrate = inf", "output.bitrate is inf"),
        ("[pauses]\nchapter = -inf", "pauses.chapter is -inf"),
        (f"budget = {10**400}", "budget is 1000"),
        ("[engines]\ntone = 3", "[engines.tone] is a table"),
    ],
)
def test_numbers_without_end_and_misplaced_values_are_named(text: str, complaint: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse_settings(text)
    assert complaint in caught.value.message


def test_a_list_among_an_engines_settings_stays_a_list() -> None:
    settings = parse_settings("[engines.tone]\nvoices = ['a', 'b']")
    assert engine_settings(settings, "tone") == {"voices": ["a", "b"]}


@pytest.mark.parametrize("text", ["engines = 3\n", "[engines]\ntone = 3\n", "[[engines]]\na = 1\n"])
def test_an_engine_that_is_no_table_cannot_be_changed(own: Path, text: str) -> None:
    settings_file().write_text(text)
    with pytest.raises(ScriptError, match=r"settings\.toml: .* is a table"):
        change_engine("tone", {"rate": 1})
    assert settings_file().read_text() == text


def test_an_engine_that_is_no_table_cannot_be_read(own: Path) -> None:
    settings_file().write_text("[engines]\ntone = 3\n")
    with pytest.raises(ScriptError, match=r"\[engines\.tone\] is a table"):
        engine_settings(ProjectSettings(), "tone")
    assert own_settings("espeak") == {}


def test_settings_that_are_not_toml_are_named_and_kept(own: Path) -> None:
    settings_file().write_text("[engines")
    for read in (user_settings, lambda: change_settings({"voice": "tone:a"})):
        with pytest.raises(ScriptError, match=r"settings\.toml"):
            read()
    assert settings_file().read_text() == "[engines"


def test_settings_of_an_engine_are_kept_with_the_persons_comments(own: Path) -> None:
    settings_file().write_text("# mine\nvoice = 'tone:a' # low\n")
    change_engine("tone", {"rate": 8000, "gone": "x"})
    change_engine("tone", {"x": 1}, table="more")
    change_engine("tone", {"gone": None, "never": None})
    assert own_settings("tone") == {"rate": 8000, "more": {"x": 1}}
    assert settings_file().read_text().startswith("# mine\nvoice = 'tone:a' # low\n")


def test_the_narrators_voice_is_the_kept_one_else_one_of_the_language(own: Path) -> None:
    assert default_voice("de-AT").startswith("espeak:de")
    assert default_voice("zh").partition(":")[2].startswith(("cmn", "zh"))
    assert default_voice("no-such").startswith("espeak:")
    change_settings({"voice": "tone:a"})
    assert default_voice("de") == "tone:a"
    change_settings({"voice": "without an engine"})
    assert default_voice("de").startswith("espeak:de")


@pytest.mark.parametrize("text", ["0", "0-2", "5-3", "9", "x", "1-2-3", "-", "1;2"])
def test_a_chapter_that_is_not_there_is_not_chosen(text: str) -> None:
    with pytest.raises(UsageError):
        parse_numbers(text, 8)


def test_the_ends_of_a_range_may_be_left_out() -> None:
    assert parse_numbers("-2, 7-, ,5-99", 8) == {1, 2, 5, 6, 7, 8}
