"""Casting: a voice for everybody who speaks. A pure function; voices already given stay as they are.

In order of weight: people who talk to each other never share a voice; nobody sounds like the narrator;
the gender fits; the age fits; voices are used evenly, the leading parts choosing first. Minor parts share
what is left: a voice for several people who never meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from audiobook.cast import Cast, Role
from audiobook.speakers.people import NARRATOR_SPEAKS, Person

_NEAR = 12  # speeches this many lines apart belong to one conversation
_MINOR_SHARE = 0.01


class CastableVoice(Protocol):
    """What casting needs to know of a voice."""

    @property
    def id(self) -> str:
        """`engine:voice`."""

    @property
    def languages(self) -> tuple[str, ...]:
        """BCP 47; empty: any."""

    @property
    def gender(self) -> str:
        """F, M or ""."""

    @property
    def age(self) -> str:
        """child, young, adult, old or ""."""


Meetings = Mapping[tuple[str, str], int]
"""How often two people (names in order) speak near each other."""


def meetings(speakers: Iterable[str | None]) -> Counter[tuple[str, str]]:
    """Count who talks near whom, from the speakers of a book's quotations in order."""
    counted: Counter[tuple[str, str]] = Counter()
    recent: list[str] = []
    for speaker in speakers:
        if not speaker:
            continue
        for other in set(recent[-_NEAR:]):
            if other != speaker:
                counted[min(speaker, other), max(speaker, other)] += 1
        recent.append(speaker)
    return counted


def fits_language(voice: CastableVoice, language: str) -> bool:
    """Whether a voice speaks a language (only the primary tag counts)."""
    wanted = language.split("-")[0].lower()
    return (
        not voice.languages
        or not wanted
        or any(tag.split("-")[0].lower() in (wanted, "mul") for tag in voice.languages)
    )


def cast_voices(
    people: Sequence[Person],
    met: Meetings,
    voices: Sequence[CastableVoice],
    cast: Cast,
    language: str = "",
) -> Cast:
    """Give a voice to the narrator and to everybody in `people` who has none.

    `people` in order of importance; `met` from `meetings`. `voices` in the engine's order, the best narrator
    first. Without a voice for `language`, all voices are used.
    """
    usable = [voice for voice in voices if fits_language(voice, language)] or list(voices)
    if not usable:
        return cast
    narrator = cast.narrator if cast.narrator.voice else replace(cast.narrator, voice=usable[0].id)
    casting = _Casting(usable, narrator.voice, met, dict(cast.characters))
    speaking = [person for person in people if person.lines or casting.key(person)]
    total = sum(person.lines for person in speaking)
    for person in speaking:
        if person.name == NARRATOR_SPEAKS or NARRATOR_SPEAKS in person.aliases:
            continue
        casting.give(person, minor=person.lines < max(2, _MINOR_SHARE * total))
    return Cast(narrator, casting.roles, cast.manner)


@dataclass(slots=True)
class _Casting:
    voices: list[CastableVoice]
    narrator: str
    met: Meetings
    roles: dict[str, Role]

    def key(self, person: Person) -> str:
        """The name under which a person stands in the cast already, or ""."""
        if person.name in self.roles:
            return person.name
        names = {person.name, *person.aliases}
        for name, role in self.roles.items():
            if name in names or person.name in role.aliases:
                return name
        return ""

    def give(self, person: Person, minor: bool) -> None:
        """Cast one person; what the cast says already is kept."""
        key = self.key(person) or person.name
        role = self.roles.get(key, Role())
        role = replace(
            role,
            gender=role.gender or person.gender,
            age=role.age or person.age,
            aliases=role.aliases or person.aliases[:8],
        )
        if not role.voice:
            role = replace(role, voice=self._choose(key, role, minor))
        self.roles[key] = role

    def _choose(self, name: str, role: Role, minor: bool) -> str:
        used = Counter(other.voice for other in self.roles.values() if other.voice)
        partners: Counter[str] = Counter()
        for (one, two), count in self.met.items():
            other = two if one == name else one if two == name else ""
            if other and other in self.roles and self.roles[other].voice:
                partners[self.roles[other].voice] += count
        ranked = sorted(
            range(len(self.voices)),
            key=lambda i: (*self._misfit(self.voices[i], role, partners, used, minor), i),
        )
        return self.voices[ranked[0]].id

    def _misfit(
        self, voice: CastableVoice, role: Role, partners: Counter[str], used: Counter[str], minor: bool
    ) -> tuple[float, ...]:
        """What speaks against a voice, the gravest first."""
        gender = 0.0
        if role.gender and voice.gender:
            gender = 0.0 if role.gender == voice.gender else 2.0
        elif role.gender or voice.gender:
            gender = 0.5
        age = _AGE_DISTANCE.get((role.age or "adult", voice.age or "adult"), 1.0)
        meets = float(partners[voice.id])
        return (
            float(voice.id == self.narrator),
            float(meets > 0 and gender < 2),
            gender,
            meets,
            age if not minor else 0.0,
            float(used[voice.id]),
            age,
        )


_ORDER = {"child": 0, "young": 1, "adult": 2, "old": 3}
_AGE_DISTANCE = {(a, b): float(abs(x - y)) for a, x in _ORDER.items() for b, y in _ORDER.items()}
