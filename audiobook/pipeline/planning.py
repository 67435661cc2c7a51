"""From script, cast and lexicon to a plan: for each line, the recording it needs.

Pure but for reading the project's files: the same files give the same plan, on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from audiobook.audio.takes import take_name
from audiobook.cast import Cast, Role, read_cast
from audiobook.engines import open_engine
from audiobook.engines.base import ChecksVoices, Engine, NamesVoices, Utterance
from audiobook.errors import StopRun, UsageError
from audiobook.normalization import HintSpan, Lexicon, Spoken, spoken
from audiobook.normalization.lexicon import read_lexicon
from audiobook.pipeline.importing import read_hints
from audiobook.project import Project, ProjectSettings, engine_settings, parse_numbers
from audiobook.script import Line, Paragraph, Pause, SceneBreak, ScriptChapter

_CJK = ("zh", "ja", "ko", "yue")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one line of the script is going to be read: the take it needs.

    `take` is "" where nothing in the line can be spoken.
    """

    line: Line
    position: int  # of the line in its chapter, from 0
    role: str  # "title", "heading" or "line"
    paragraph: bool  # begins a paragraph
    voice: str = ""  # "engine:voice"
    gain: float = 0.0  # dB, applied when the book is assembled
    take: str = ""
    utterance: Utterance | None = None
    units: int = 0  # what it is billed for, in the engine's unit


@dataclass(frozen=True, slots=True)
class ChapterPlan:
    """One chapter of the plan, in the order it is heard."""

    file: str
    number: int
    title: str
    items: tuple[Reading | SceneBreak | Pause, ...]

    def lines(self) -> Iterator[Reading]:
        """The lines only."""
        return (item for item in self.items if isinstance(item, Reading))


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be spoken, of the chapters that were chosen."""

    chapters: tuple[ChapterPlan, ...]

    def lines(self) -> Iterator[Reading]:
        """All lines in order."""
        for chapter in self.chapters:
            yield from chapter.lines()

    def takes(self) -> dict[str, Reading]:
        """Take → the first line that needs it: what has to be recorded, once each."""
        found: dict[str, Reading] = {}
        for line in self.lines():
            if line.take:
                found.setdefault(line.take, line)
        return found


@dataclass(slots=True)
class Engines:
    """The engines of one project, each opened once, when a voice first asks for it."""

    settings: Callable[[str], Mapping[str, object]]
    opened: dict[str, Engine] = field(default_factory=dict)
    checked: set[str] = field(default_factory=set)  # voices that are known to exist

    @classmethod
    def of(cls, settings: ProjectSettings) -> Engines:
        """Engines with the settings of a project."""
        return cls(lambda name: engine_settings(settings, name))

    def __getitem__(self, name: str) -> Engine:
        """An opened engine. Raises UsageError, MissingDependency, StopRun."""
        if name not in self.opened:
            self.opened[name] = open_engine(name, self.settings(name))
        return self.opened[name]

    def of_voice(self, voice: str) -> tuple[Engine, str]:
        """The engine of an `engine:voice`, and the engine's own name of the voice.

        Raises UsageError for a voice that cannot be, before anything is recorded with it.
        """
        name, colon, local = voice.partition(":")
        if not colon or not local:
            raise UsageError(f"{voice!r} is no voice; a voice is written engine:voice, as in espeak:en-gb")
        engine = self[name]
        if voice not in self.checked:
            if isinstance(engine, ChecksVoices):
                try:
                    engine.check_voice(local)
                except StopRun as error:
                    raise UsageError(error.message) from error
            self.checked.add(voice)
        return engine, engine.full_name(local) if isinstance(engine, NamesVoices) else local

    def close(self) -> None:
        """Close all."""
        for engine in self.opened.values():
            engine.close()
        self.opened.clear()


# --- one line ----------------------------------------------------------------------------------------


def delivery(cast: Cast, line: Line) -> Role:
    """Voice, style, speed and gain of a line: its own style, else its kind's manner, else the role's."""
    role = cast.role(line.speaker)
    manner = cast.manner.get(line.get("kind"), Role())
    return Role(
        voice=manner.voice or role.voice or cast.narrator.voice,
        style=line.style or manner.style or role.style,
        speed=role.speed * manner.speed,
        gain=role.gain + manner.gain,
    )


@dataclass(frozen=True, slots=True)
class _Planner:
    cast: Cast
    lexicon: Lexicon
    hints: Mapping[str, tuple[HintSpan, ...]]
    language: str
    engines: Engines

    def say(self, line: Line, engine: Engine, role: str) -> Spoken:
        language = line.get("lang", self.language)
        return spoken(
            line.text,
            language,
            hints=self.hints.get(line.text, ()),
            lexicon=self.lexicon,
            speaker=line.speaker,
            handled=engine.traits.normalizes,
            title=role == "title",
        )

    def plan(self, line: Line, position: int, role: str, paragraph: bool) -> Reading:
        part = delivery(self.cast, line)
        engine, local = self.engines.of_voice(part.voice)
        said = self.say(line, engine, role)
        if not said.text:
            return Reading(line, position, role, paragraph, part.voice)
        utterance = Utterance(
            said.text,
            local,
            style=part.style if engine.traits.styles else "",
            speed=part.speed if engine.traits.speed else 1.0,
            language=line.get("lang", self.language),
            phonemes=said.phonemes if engine.traits.phonemes else (),
            take=int(line.get("take", "0")) if line.get("take", "0").isdigit() else 0,
        )
        name = take_name(utterance, engine.name, engine.identity)
        units = engine.units(utterance)
        return Reading(line, position, role, paragraph, part.voice, part.gain, name, utterance, units)


def _chapter(planner: _Planner, number: int, file: str, chapter: ScriptChapter) -> ChapterPlan:
    items: list[Reading | SceneBreak | Pause] = []
    position = 0
    if chapter.title is not None:
        items.append(planner.plan(chapter.title, position, "title", True))
        position += 1
    for item in chapter.items:
        if not isinstance(item, Paragraph):
            items.append(item)
            continue
        for index, line in enumerate(item.lines):
            items.append(planner.plan(line, position, "heading" if item.level else "line", index == 0))
            position += 1
    title = chapter.title.text if chapter.title is not None else ""
    return ChapterPlan(file, number, title, tuple(items))


def plan(project: Project, script: Mapping[str, ScriptChapter], language: str, engines: Engines) -> Plan:
    """Plan the chosen chapters of a project.

    Raises UsageError (unknown engine or chapter), ScriptError (cast or lexicon), StopRun (an engine that
    cannot be opened).
    """
    planner = _Planner(
        read_cast(project.cast_file),
        read_lexicon(project.lexicon_file),
        read_hints(project),
        language,
        engines,
    )
    chosen = chosen_numbers(project, len(script))
    return Plan(
        tuple(
            _chapter(planner, number, file, chapter)
            for number, (file, chapter) in enumerate(script.items(), 1)
            if number in chosen
        )
    )


def chosen_numbers(project: Project, total: int) -> frozenset[int]:
    """Numbers of the chapters that are to be spoken. Raises UsageError."""
    wanted = project.settings.text.chapters
    return parse_numbers(wanted, total) if wanted else frozenset(range(1, total + 1))


def files_key(project: Project, parts: Sequence[str] = ()) -> str:
    """Fingerprint of everything a plan is made of, without making it. Raises StorageError."""
    digest = hashlib.sha256("\0".join(parts).encode())
    for path in (
        *project.script_files(),
        project.generated_folder / "hints.json",
        project.settings_file,
        project.cast_file,
        project.lexicon_file,
        project.folder / "cover.jpg",
        project.folder / "cover.png",
        project.cache_folder / "book.json",
    ):
        data = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path.name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()
