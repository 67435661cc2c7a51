"""Voices are given so that people can be told apart, and stay given."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from audiobook.cast import Cast, Role
from audiobook.speakers import Person
from audiobook.speakers.casting import cast_voices, fits_language, meetings


@dataclass(frozen=True)
class Voice:
    id: str
    gender: str = ""
    age: str = ""
    languages: tuple[str, ...] = ("en",)


VOICES = [
    Voice("e:narr", "M"),
    Voice("e:m1", "M"),
    Voice("e:m2", "M"),
    Voice("e:f1", "F"),
    Voice("e:f2", "F", "child"),
]
TALK = meetings(["Ann", "Bob", "Ann", "Bob", "Cid", "Ann"])


def people(*entries: tuple[str, str, int]) -> list[Person]:
    return [Person(name, (), gender, lines=lines) for name, gender, lines in entries]


def test_the_narrator_gets_the_first_voice_and_nobody_shares_it() -> None:
    cast = cast_voices(people(("Ann", "F", 9), ("Bob", "M", 5)), TALK, VOICES, Cast(), "en")
    assert cast.narrator.voice == "e:narr"
    assert {cast.characters["Ann"].voice, cast.characters["Bob"].voice} == {"e:f1", "e:m1"}


def test_people_who_talk_to_each_other_never_share_a_voice() -> None:
    crowd = people(("Ann", "M", 9), ("Bob", "M", 5), ("Cid", "M", 4))
    cast = cast_voices(crowd, TALK, VOICES[:3], Cast(), "en")
    assert cast.characters["Ann"].voice != cast.characters["Bob"].voice


def test_a_voice_once_given_stays() -> None:
    given_before = Cast(Role(voice="e:m2"), {"Ann": Role(voice="e:f2", style="brisk")})
    cast = cast_voices(people(("Ann", "F", 9), ("Eve", "F", 5)), TALK, VOICES, given_before, "en")
    assert cast.narrator.voice == "e:m2"
    assert cast.characters["Ann"] == Role(voice="e:f2", style="brisk", gender="F")
    assert cast.characters["Eve"].voice == "e:f1"


def test_a_person_is_known_in_the_cast_by_an_alias() -> None:
    before = Cast(Role(voice="e:narr"), {"Elizabeth": Role(voice="e:f1", aliases=("Lizzy",))})
    cast = cast_voices([Person("Lizzy", (), "F", lines=3)], {}, VOICES, before, "en")
    assert list(cast.characters) == ["Elizabeth"]


def test_children_get_a_young_voice_where_there_is_one() -> None:
    cast = cast_voices([Person("Pip", (), "F", "child", 9)], {}, VOICES, Cast(), "en")
    assert cast.characters["Pip"].voice == "e:f2"


def test_only_voices_of_the_language_are_used_unless_there_is_none() -> None:
    german = Voice("e:de", "F", languages=("de",))
    assert fits_language(german, "de-AT") and not fits_language(german, "en")
    cast = cast_voices(people(("Ann", "F", 1)), {}, [german], Cast(), "en")
    assert cast.characters["Ann"].voice == "e:de"
    assert cast_voices(people(("Ann", "F", 1)), {}, [], Cast(), "en") == Cast()


def test_a_narrator_in_the_scene_keeps_the_narrators_voice() -> None:
    crowd = [Person("_narr", lines=5), Person("Tom", ("_narr",), lines=5), *people(("Ann", "F", 3))]
    assert list(cast_voices(crowd, {}, VOICES, Cast(), "en").characters) == ["Ann"]


@given(st.lists(st.sampled_from(["Ann", "Bob", "Cid", None, "Dan"]), max_size=40))
def test_casting_is_the_same_every_time(speakers: list[str | None]) -> None:
    crowd = people(("Ann", "F", 4), ("Bob", "M", 3), ("Cid", "", 2), ("Dan", "M", 1))
    met = meetings(speakers)
    assert cast_voices(crowd, met, VOICES, Cast(), "en") == cast_voices(crowd, met, VOICES, Cast(), "en")
    assert all(one < other for one, other in met)
