"""What an engine is: values, the interface, and the three ways to fail.

An engine turns an Utterance into a Clip. It is one module with one class that satisfies `Engine`.

Where it runs: `synthesize` is an ordinary blocking function. An engine whose `traits.process` is true
is CPU-bound or has global state: each worker process opens one of its own and calls it from one thread.
Any other engine is opened once and `synthesize` is called from many threads at the same time.
An Utterance, a Clip and the settings of an engine can be pickled; an opened engine need not be.

How it fails: `errors.TryAgain`, `errors.LineRefused`, `errors.StopRun`, and nothing else. The engine itself
never waits to retry, the queue does that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from audiobook.audio.clip import Clip

Settings = Mapping[str, object]
"""An engine's own table of settings (`[engine.NAME]` of project.toml and of the user's settings file)."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that can be cast. `id` is always `engine:voice`."""

    id: str
    name: str
    languages: tuple[str, ...] = ()  # BCP 47; empty: any the engine speaks
    gender: str = ""  # "F", "M" or ""
    age: str = ""  # "child", "young", "adult", "old" or ""
    description: str = ""

    @property
    def engine(self) -> str:
        """Name of the engine."""
        return self.id.partition(":")[0]

    @property
    def local(self) -> str:
        """The engine's own name of the voice."""
        return self.id.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Limits:
    """What an engine takes. None: no limit known."""

    characters: int = 1000  # per request, of spoken text, for alphabetic scripts
    characters_cjk: int = 300  # the same for Chinese, Japanese and Korean
    concurrency: int = 1  # requests at once; 0: one per core
    requests_per_minute: int | None = None
    bytes_per_minute: int | None = None  # of UTF-8 text


@dataclass(frozen=True, slots=True)
class Price:
    """What speech costs. Zero for engines that cost nothing."""

    per_million: float = 0.0  # money per million units
    unit: str = "bytes"  # "bytes" of UTF-8 or "characters"
    currency: str = ""  # ISO 4217


@dataclass(frozen=True, slots=True)
class Traits:
    """What an engine can do and needs; never changes while a project is made."""

    process: bool = False  # run in a pool of processes, one opened engine each
    styles: bool = False  # acts on Utterance.style
    phonemes: bool = False  # acts on Utterance.phonemes (IPA)
    cloning: bool = False
    streaming: bool = False
    speed: bool = True  # acts on Utterance.speed
    normalizes: frozenset[str] = frozenset()  # classes of spoken form it reads right itself
    cpus: float = 1.0  # demands of one opened engine, for a cluster's scheduler
    gpus: float = 0.0


@dataclass(frozen=True, slots=True)
class Utterance:
    """All that shapes one recording. Two equal utterances are one take.

    `text` is the spoken form. `speed` is a factor, `gain` decibels. `take` counts recordings that a person
    asked for again. `phonemes` are (start, end, IPA) in characters of `text`.
    """

    text: str
    voice: str  # the engine's own name of the voice, without "engine:"
    style: str = ""
    speed: float = 1.0
    gain: float = 0.0
    language: str = ""
    phonemes: tuple[tuple[int, int, str], ...] = ()
    take: int = 0


@runtime_checkable
class Engine(Protocol):
    """A voice engine. The class is looked up by name; making an instance opens it."""

    name: ClassVar[str]
    traits: ClassVar[Traits]

    def __init__(self, settings: Settings) -> None:
        """Open the engine. Heavy libraries are imported here and not before.

        Raises MissingDependency with the command that installs it, UsageError for a bad setting,
        StopRun where a key is missing. An engine may leave the key to its first request, so that voices and
        prices can be had without one; it then has a method `ready()` which raises that StopRun at once.
        """

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """(key, value) pairs of everything beside the utterance that changes the sound: the engine's
        version, model, requested format and rate. Part of every take's name; holds no secret, and neither
        an address nor a limit, which change nothing that is heard."""

    @property
    def limits(self) -> Limits:
        """Limits in force, settings applied."""

    @property
    def price(self) -> Price:
        """Price in force, settings applied."""

    def voices(self) -> tuple[Voice, ...]:
        """All voices that can be cast now, in a stable order, the best narrator first."""

    def units(self, utterance: Utterance) -> int:
        """What this utterance is billed for, in `price.unit`."""

    def synthesize(self, utterance: Utterance) -> Clip:
        """Speak. The clip holds speech and nothing else; a clip that cannot be speech raises TryAgain.

        Text in which nothing can be spoken raises LineRefused; a voice that does not exist raises StopRun,
        since the cast has to be mended before any line of that speaker can be made.
        """

    def stream(self, utterance: Utterance) -> Iterator[Clip]:
        """The same in pieces, each as soon as it can be heard; `synthesize` in one piece where the
        engine cannot stream."""

    def close(self) -> None:
        """Let go of connections and libraries. May be called from another thread while `synthesize`
        runs, which then raises TryAgain soon."""


@runtime_checkable
class ChecksVoices(Protocol):
    """An engine that can tell a mistyped voice without asking anybody; most can."""

    def check_voice(self, voice: str) -> None:
        """Raise StopRun for a voice (the engine's own name of it) that the engine cannot have."""


@runtime_checkable
class NamesVoices(Protocol):
    """An engine whose voices have short names that a person gave them, in the settings."""

    def full_name(self, voice: str) -> str:
        """What the name stands for now: it changes when the sound does, and so is what takes are named by.
        Any other voice is its own full name."""


@runtime_checkable
class HasPalette(Protocol):
    """An engine with so many voices that it can say which of them make a good cast."""

    def palette(self, language: str) -> tuple[Voice, ...]:
        """Voices for a book in a language: the narrator, then characters that a listener tells apart.

        Empty where the engine does not speak the language.
        """


def castable(engine: Engine, language: str) -> tuple[Voice, ...]:
    """The voices to cast a book with, the best narrator first."""
    chosen = engine.palette(language) if isinstance(engine, HasPalette) else ()
    return chosen or engine.voices()
