"""cast.toml is read, changed and written with a person's comments and order kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.cast import Cast, Role, format_cast, parse_cast
from audiobook.errors import ScriptError

HAND_MADE = """\
# our cast
[narrator]
voice = "espeak:en-gb"  # the old one

[characters.Hatter]
voice = "espeak:en+m1"

[characters.Alice]
voice = "espeak:en+f2"
aliases = ["Miss Alice"]
"""

names = st.text(min_size=1).filter(lambda s: s.isprintable())
roles = st.builds(
    Role,
    voice=names,
    style=st.text(),
    speed=st.floats(0.25, 4),
    gain=st.floats(-10, 10),
    aliases=st.lists(names, max_size=2).map(tuple),
    gender=st.sampled_from(["F", "M", ""]),
)


@given(
    st.builds(
        Cast, roles, st.dictionaries(names, roles, max_size=4), st.dictionaries(names, roles, max_size=2)
    )
)
def test_a_cast_is_read_back_as_it_was_written(cast: Cast) -> None:
    assert parse_cast(format_cast(cast)) == cast


def test_changing_one_voice_keeps_comments_and_order() -> None:
    cast = parse_cast(HAND_MADE)
    changed = replace(cast, characters={**cast.characters, "Hatter": Role("espeak:en+m7", style="mad")})
    text = format_cast(changed, HAND_MADE)
    assert text == HAND_MADE.replace('"espeak:en+m1"', '"espeak:en+m7"\nstyle = "mad"')
    assert parse_cast(text) == changed


def test_aliases_and_strangers_find_a_voice() -> None:
    cast = parse_cast(HAND_MADE)
    assert cast.role("Miss Alice").voice == "espeak:en+f2"
    assert cast.role("Nobody").voice == cast.role("").voice == "espeak:en-gb"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[narrator]\nvoice = ", "cast.toml"),
        ('\n[characters.Bob]\nvoise = "x"', "line 2, [characters.Bob]: unknown key 'voise'"),
        ('[narrator]\nspeed = "fast"', "speed is a number"),
        ("characters = 3", "characters"),
    ],
)
def test_mistakes_are_named(text: str, complaint: str) -> None:
    with pytest.raises(ScriptError, match=r"cast\.toml") as caught:
        parse_cast(text)
    assert complaint in caught.value.message
