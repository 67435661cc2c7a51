"""Glue between a project's script, its cast file and the voices of its engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from audiobook.cast import Cast, Role, read_cast, write_cast
from audiobook.engines.base import castable
from audiobook.pipeline.planning import Engines
from audiobook.pipeline.screenplay import UNKNOWN
from audiobook.project import Project
from audiobook.script import NARRATOR, ScriptChapter
from audiobook.speakers import Person
from audiobook.speakers.casting import cast_voices, meetings


def speakers_in_order(script: Mapping[str, ScriptChapter]) -> list[str]:
    """The speaker of every line that has one, in reading order."""
    return [line.speaker for chapter in script.values() for line in chapter.lines() if line.speaker]


def ensure_cast(
    project: Project,
    script: Mapping[str, ScriptChapter],
    wanted: Sequence[tuple[str, str]],
    engines: Engines,
    language: str,
) -> Cast:
    """Give a voice to the narrator and to everybody in the script who has none.

    `wanted` are (speaker, voice) asked for by the book's own front matter. Voices that are there stay. Raises
    UsageError for an engine or voice that does not exist, StorageError.
    """
    kept = read_cast(project.cast_file)
    cast = _with_wishes(kept, project, wanted)
    spoken = Counter(name for name in speakers_in_order(script) if name != UNKNOWN)
    missing = [name for name in spoken if not _known(cast, name).voice]
    if cast.narrator.voice and not missing:
        if cast != kept:
            write_cast(project.cast_file, cast)
        return cast
    people = [
        Person(name, role.aliases, role.gender, role.age, lines=count)
        for name, count in spoken.most_common()
        for role in [_known(cast, name)]
    ]
    voices = castable(engines[project.settings.engine], language)
    filled = cast_voices(people, meetings(speakers_in_order(script)), voices, cast, language)
    write_cast(project.cast_file, filled)
    return filled


def _known(cast: Cast, name: str) -> Role:
    return cast.characters.get(name) or next(
        (role for role in cast.characters.values() if name in role.aliases), Role()
    )


def _with_wishes(cast: Cast, project: Project, wanted: Sequence[tuple[str, str]]) -> Cast:
    """The cast with the voices that settings and front matter ask for, where nobody has chosen yet."""
    narrator, characters = cast.narrator, dict(cast.characters)
    if project.settings.voice and not narrator.voice:
        narrator = replace(narrator, voice=project.settings.voice)
    for name, voice in wanted:
        if name.lower() in ("narrator", NARRATOR):
            narrator = narrator if narrator.voice else replace(narrator, voice=voice)
        elif not characters.get(name, Role()).voice:
            characters[name] = replace(characters.get(name, Role()), voice=voice)
    return replace(cast, narrator=narrator, characters=characters)
