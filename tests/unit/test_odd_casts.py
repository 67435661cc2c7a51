"""A cast as people may write it: on one line, with numbers that make no voice, with roles that go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audiobook.cast import Cast, Role, format_cast, parse_cast, read_cast, write_cast
from audiobook.errors import ScriptError


@pytest.mark.parametrize("speed", ["0", "0.0", "-1", "inf", "nan", "1e9", f"{10**400}"])
def test_a_speed_is_a_factor_above_nothing(speed: str) -> None:
    with pytest.raises(ScriptError, match=r"cast\.toml, line 2, \[characters\.Ada\]: speed is"):
        parse_cast(f"# ours\n[characters.Ada]\nspeed = {speed}\n")


@pytest.mark.parametrize("gain", ["inf", "-inf", "nan", "true"])
def test_a_gain_is_a_number(gain: str) -> None:
    with pytest.raises(ScriptError, match=r"\[narrator\]: gain is"):
        parse_cast(f"[narrator]\ngain = {gain}\n")


def test_numbers_without_a_point_are_numbers() -> None:
    narrator = parse_cast("[narrator]\nspeed = 2\ngain = -3\n").narrator
    assert (narrator.speed, narrator.gain) == (2.0, -3.0)


@pytest.mark.parametrize(
    "previous",
    [
        'characters = {Bob = {voice = "tone:b"}}\n',
        'characters = {Ada = {voice = "tone:b"}, Bob = {voice = "tone:b"}}\n',
        '[characters]\nBob = {voice = "tone:b"} # him\n',
        'characters.Bob.voice = "tone:b"\n',
        '[characters.Bob]\nvoice = "tone:b"\n[manner.letter]\nstyle = "slow"\n',
    ],
)
def test_whatever_way_a_cast_is_written_it_can_be_changed(previous: str) -> None:
    cast = parse_cast(previous)
    characters = {"Ada": Role(voice="tone:a", aliases=("Miss Ada",)), "Cy": Role(gender="M")}
    changed = replace(cast, characters=characters)
    assert parse_cast(format_cast(changed, previous)) == changed
    assert "Bob" not in format_cast(changed, previous)


def test_a_comment_beside_a_changed_value_stays(tmp_path: Path) -> None:
    path = tmp_path / "cast.toml"
    assert read_cast(path) == Cast()
    path.write_text('[characters.Ada]\nvoice = "tone:a" # high\n')
    write_cast(path, Cast(characters={"Ada": Role(voice="tone:b")}))
    assert 'voice = "tone:b" # high' in path.read_text()


def test_a_character_without_a_voice_speaks_with_the_narrators() -> None:
    cast = Cast(Role(voice="tone:n"), {"Ada": Role(aliases=("Miss Ada",))})
    assert cast.role("Ada") == cast.role("Miss Ada") == cast.narrator
