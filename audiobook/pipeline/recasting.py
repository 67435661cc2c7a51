"""What `audiobook cast` and `audiobook review` do to a project: voices, names, and the speakers of lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from audiobook.cast import Cast, Role, read_cast, write_cast
from audiobook.engines.base import castable
from audiobook.errors import UsageError
from audiobook.pipeline.attributing import Doubt, by_line, carry_over, line_key, recall_doubts
from audiobook.pipeline.casting import speakers_in_order
from audiobook.pipeline.planning import Engines
from audiobook.project import Project, is_project
from audiobook.script import NARRATOR, Line, Paragraph, ScriptChapter
from audiobook.speakers import NARRATOR_SPEAKS, Person
from audiobook.speakers.casting import cast_voices, meetings

Script = Mapping[str, ScriptChapter]

_SAMPLES = 2
_SAMPLE_LENGTH = 70
KINDS = ("thought", "letter", "note", "verse")
"""Kinds of lines that may have a manner of their own."""


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody's part in the book."""

    name: str
    role: Role
    lines: int
    words: int
    chapters: tuple[int, ...]
    samples: tuple[str, ...]


def parts(script: Script, cast: Cast) -> list[Part]:
    """The narrator's part and everybody else's, the longest first."""
    lines: dict[str, list[tuple[int, str]]] = {}
    for number, chapter in enumerate(script.values(), 1):
        for line in chapter.lines():
            lines.setdefault(line.speaker, []).append((number, line.text))
    for name in cast.characters:
        lines.setdefault(name, [])
    found = [_part(name, spoken, cast) for name, spoken in lines.items()]
    return sorted(found, key=lambda part: (part.name != NARRATOR, -part.lines, part.name))


def _part(name: str, spoken: Sequence[tuple[int, str]], cast: Cast) -> Part:
    telling = sorted(spoken, key=lambda entry: (not 20 <= len(entry[1]) <= _SAMPLE_LENGTH, entry[0]))
    samples = tuple(text[:_SAMPLE_LENGTH] for _, text in telling[:_SAMPLES])
    return Part(
        name,
        cast.role(name) if name == NARRATOR else cast.characters.get(name, Role()),
        len(spoken),
        sum(len(text.split()) for _, text in spoken),
        tuple(sorted({number for number, _ in spoken})),
        samples,
    )


# --- changes to the cast -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changes:
    """What was asked for, as typed: `A=value` pairs."""

    voices: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    merges: tuple[str, ...] = ()
    renames: tuple[str, ...] = ()
    manners: tuple[str, ...] = ()
    narrator: str = ""
    series: Path | None = None
    recast: bool = False  # choose all voices anew

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


def change(project: Project, changes: Changes) -> tuple[Script, Cast]:
    """Carry out all changes and write what is different. Raises UsageError, ScriptError, StorageError."""
    script = project.read_script()
    cast = before = read_cast(project.cast_file)
    renaming = _renamings(changes, script, cast)
    if renaming:
        script = {name: with_speakers(chapter, renaming) for name, chapter in script.items()}
        cast = _renamed(cast, renaming)
    engines = Engines.of(project.settings)
    try:
        cast = _with_voices(project, script, cast, changes, engines)
    finally:
        engines.close()
    if renaming:
        project.write_script(script)
    if cast != before:
        write_cast(project.cast_file, cast)
    return script, cast


def _with_voices(project: Project, script: Script, cast: Cast, changes: Changes, engines: Engines) -> Cast:
    if changes.recast:
        cast = replace(
            cast, characters={name: replace(role, voice="") for name, role in cast.characters.items()}
        )
    if changes.series is not None:
        cast = carry_over(cast, read_series(changes.series))
    if changes.narrator:
        voice = full_voice(changes.narrator, project)
        engines.of_voice(voice)
        cast = replace(cast, narrator=replace(cast.narrator, voice=voice))
    characters = dict(cast.characters)
    narrator = cast.narrator
    for name, value in map(pair, changes.voices):
        voice = full_voice(value, project)
        engines.of_voice(voice)
        if is_narrator(name):
            narrator = replace(narrator, voice=voice)
        else:
            key = somebody(name, characters, script)
            characters[key] = replace(characters.get(key, Role()), voice=voice)
    for name, style in map(pair, changes.styles):
        if is_narrator(name):
            narrator = replace(narrator, style=style)
        else:
            key = somebody(name, characters, script)
            characters[key] = replace(characters.get(key, Role()), style=style)
    manner = dict(cast.manner)
    for kind, style in map(pair, changes.manners):
        if kind not in KINDS:
            raise UsageError(f"--manner {kind}: there is {', '.join(KINDS)}")
        manner[kind] = replace(manner.get(kind, Role()), style=style)
    cast = Cast(narrator, characters, manner)
    return fill(project, script, cast, engines) if changes.recast or changes.series else cast


def fill(project: Project, script: Script, cast: Cast, engines: Engines) -> Cast:
    """Voices for those who have none."""
    spoken = Counter(name for name in speakers_in_order(script) if name in cast.characters)
    people = [
        Person(name, role.aliases, role.gender, role.age, lines=count)
        for name, count in spoken.most_common()
        for role in [cast.characters[name]]
    ]
    language = project.settings.text.language
    voices = castable(engines[project.settings.engine], language)
    return cast_voices(people, meetings(speakers_in_order(script)), voices, cast, language)


def read_series(path: Path) -> Cast:
    """The cast of another project, or a cast file. Raises UsageError, ScriptError."""
    file = path / "cast.toml" if is_project(path) else path
    if not file.is_file():
        raise UsageError(f"--series {path}: neither a project nor a cast.toml")
    return read_cast(file)


def pair(text: str) -> tuple[str, str]:
    """`Alice=value`. Raises UsageError."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise UsageError(f"{text!r}: write it as NAME=VALUE")
    return name.strip(), value.strip()


def full_voice(voice: str, project: Project) -> str:
    """`engine:voice`, with the project's engine where none is named."""
    return voice if ":" in voice else f"{project.settings.engine}:{voice}"


def is_narrator(name: str) -> bool:
    """Whether a name typed means the narrator."""
    return name.casefold() == "narrator"


def somebody(name: str, characters: Mapping[str, Role], script: Script) -> str:
    """The person of that name or alias, in any case. Raises UsageError naming those there are."""
    names = [*characters, *dict.fromkeys(speakers_in_order(script))]
    for known in names:
        aliases = characters[known].aliases if known in characters else ()
        if name.casefold() in {text.casefold() for text in (known, *aliases)}:
            return known
    known = ", ".join(list(dict.fromkeys(names))[:12])
    raise UsageError(f"nobody is called {name}; there are {known}")


# --- names -------------------------------------------------------------------------------------------


def _renamings(changes: Changes, script: Script, cast: Cast) -> dict[str, str]:
    """Old name → new name, from --merge "A,B=C" and --rename "A=B"."""
    renaming: dict[str, str] = {}
    for text in (*changes.merges, *changes.renames):
        olds, new = pair(text)
        merging = text in changes.merges
        for old in olds.split(",") if merging else [olds]:
            renaming[somebody(old.strip(), cast.characters, script)] = new
    return renaming


def with_speakers(chapter: ScriptChapter, renaming: Mapping[str, str]) -> ScriptChapter:
    """The chapter with speakers renamed."""

    def renamed(line: Line) -> Line:
        return replace(line, speaker=renaming[line.speaker]) if line.speaker in renaming else line

    items = tuple(
        replace(item, lines=tuple(map(renamed, item.lines))) if isinstance(item, Paragraph) else item
        for item in chapter.items
    )
    return ScriptChapter(chapter.title, items)


def _renamed(cast: Cast, renaming: Mapping[str, str]) -> Cast:
    """The cast with roles renamed or joined; the old names become aliases, the first voice stays."""
    characters: dict[str, Role] = {}
    for name, role in cast.characters.items():
        new = renaming.get(name, name)
        if is_narrator(new):
            continue
        aliases = (*role.aliases, name) if new != name else role.aliases
        own = characters.get(new)
        if own is None and new in cast.characters and new != name:
            own = cast.characters[new]
        kept = own or role
        joined = tuple(dict.fromkeys((*kept.aliases, *aliases)))
        characters[new] = replace(
            kept,
            aliases=tuple(alias for alias in joined if alias != new),
            voice=kept.voice or role.voice,
            gender=kept.gender or role.gender,
        )
    return replace(cast, characters=characters)


# --- review ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A line in the script: file, number of the item, number of the line in it."""

    file: str
    item: int
    line: int


@dataclass(slots=True)
class Review:
    """The doubtful lines of a script, and the choices made so far."""

    script: dict[str, ScriptChapter]
    doubts: list[tuple[Place, Doubt]]  # in reading order
    order: list[int] = field(default_factory=list)  # numbers of `doubts`, the least certain first
    settled: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, project: Project, threshold: float) -> Review:
        """Gather the lines below a confidence whose speaker nobody has changed since."""
        script = project.read_script()
        called = _current_names(read_cast(project.cast_file))
        table = by_line([_under(doubt, called) for doubt in recall_doubts(project)])
        found: list[tuple[Place, Doubt]] = []
        for name, chapter in script.items():
            for number, item in enumerate(chapter.items):
                for position, line in enumerate(item.lines if isinstance(item, Paragraph) else ()):
                    known = table.get((name, line_key(line.text)))
                    if known:
                        found.append((Place(name, number, position), known.popleft()))
        review = cls(script, found)
        review.order = review._first_lines(threshold)
        return review

    def _first_lines(self, threshold: float) -> list[int]:
        """One line of each doubtful speech: the others of the same speech follow it."""
        seen: set[int] = set()
        chosen = []
        for number, (place, doubt) in enumerate(self.doubts):
            touched = self.line(place).speaker not in (doubt.speaker, "?", NARRATOR)
            if doubt.confidence < threshold and doubt.speech not in seen and not touched:
                chosen.append(number)
            seen.add(doubt.speech)
        return sorted(chosen, key=lambda number: (self.doubts[number][1].confidence, number))

    def line(self, place: Place) -> Line:
        """The line at a place."""
        item = self.script[place.file].items[place.item]
        assert isinstance(item, Paragraph)
        return item.lines[place.line]

    def surroundings(self, place: Place, around: int = 3) -> list[tuple[Line, bool]]:
        """Lines about a place, each with whether it is the one."""
        return [
            (line, Place(place.file, number, position) == place)
            for number, item in enumerate(self.script[place.file].items)
            if isinstance(item, Paragraph) and abs(number - place.item) <= around
            for position, line in enumerate(item.lines)
        ]

    def choose(self, number: int, name: str) -> list[int]:
        """Give a speech to somebody; returns the numbers of all lines that this settles.

        In the same conversation, speeches that were in doubt between the same two people change sides too:
        of two who take turns, a mistake about one is a mistake about both.
        """
        _, doubt = self.doubts[number]
        changed = self._settle(doubt.speech, name)
        if name == doubt.speaker:
            return changed
        rivals = {doubt.speaker, name}
        for step in (-1, 1):
            for other in self._run(number, step):
                _, near = self.doubts[other]
                if {near.speaker, *(n for n, _ in near.candidates[:2])} != rivals or near.confidence >= 0.8:
                    break
                if near.speech != doubt.speech and other not in self.settled:
                    swapped = name if near.speaker == doubt.speaker else doubt.speaker
                    changed += self._settle(near.speech, swapped)
        return changed

    def _run(self, number: int, step: int) -> Iterable[int]:
        """Numbers of the lines that follow, as long as they belong to one conversation."""
        other = number + step
        while 0 <= other < len(self.doubts):
            here, there = self.doubts[other][0], self.doubts[other - step][0]
            if here.file != there.file or abs(here.item - there.item) > 2:
                return
            yield other
            other += step

    def _settle(self, speech: int, name: str) -> list[int]:
        numbers = [n for n, (_, doubt) in enumerate(self.doubts) if doubt.speech == speech]
        for number in numbers:
            self.settled[number] = name
        return numbers

    def apply(self) -> dict[str, ScriptChapter]:
        """The script with all choices in it."""
        script = dict(self.script)
        for number, name in self.settled.items():
            place = self.doubts[number][0]
            chapter = script[place.file]
            item = chapter.items[place.item]
            assert isinstance(item, Paragraph)
            lines = list(item.lines)
            lines[place.line] = replace(lines[place.line], speaker=name)
            items = list(chapter.items)
            items[place.item] = replace(item, lines=tuple(lines))
            script[place.file] = replace(chapter, items=tuple(items))
        return script


def _current_names(cast: Cast) -> dict[str, str]:
    """What people are called now, by what they were called when the book was read."""
    names = {alias: name for name, role in cast.characters.items() for alias in role.aliases}
    return {**names, **{name: name for name in cast.characters}, NARRATOR_SPEAKS: NARRATOR}


def _under(doubt: Doubt, called: Mapping[str, str]) -> Doubt:
    return replace(
        doubt,
        speaker=called.get(doubt.speaker, doubt.speaker),
        candidates=tuple((called.get(name, name), share) for name, share in doubt.candidates),
    )


def save_review(project: Project, review: Review) -> None:
    """Write the choices into the script, and new names into the cast. Raises StorageError."""
    project.write_script(review.apply())
    cast = read_cast(project.cast_file)
    new = {name for name in review.settled.values() if name not in ("", "?") and name not in cast.characters}
    if new:
        write_cast(
            project.cast_file,
            replace(cast, characters={**cast.characters, **{name: Role() for name in sorted(new)}}),
        )
