"""A project folder: where everything of one audiobook lives, and the settings a person edits.

project.toml     source, engine, formats, pauses, loudness, metadata
cast.toml        speakers and their voices
lexicon.toml     pronunciations
script/          what is spoken, one file a chapter; script/.generated holds what the program last wrote
source/          the book as it was imported
queue.sqlite     jobs, costs, attempts
takes/           one recording per line
cache/           whatever can be made again
output/          what the listener gets
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, cast

from audiobook import files
from audiobook.errors import ProjectError, ScriptError, UsageError
from audiobook.script import ScriptChapter, format_chapter, parse_chapter

FORMAT = 1
"""Version of the folder's layout. A project of a higher one is refused, of a lower one migrated."""

PREAMBLE = """\
# The settings of this audiobook. Every key may be edited; what is left out has its default.
# See docs/projects.md for all of them.
"""


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Where the book came from."""

    path: str = ""  # as given when it was imported
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class TextSettings:
    """What of the book is spoken, and who speaks it."""

    language: str = ""  # BCP 47; empty: as the book says
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    notes: str = ""
    tables: str = ""
    figures: str = ""
    code: str = ""
    chapters: str = ""  # "2-5,7": only these are spoken
    attribution: str = "rules"  # rules, llm, hybrid, none
    single_voice: bool = False
    direction: bool = True  # styles from the narration ("she whispered")


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """What is made of the takes."""

    formats: tuple[str, ...] = ("m4b",)
    preset: str = "audiobook"
    bitrate: int = 64  # kbit/s of AAC; the MP3 formats have their own defaults
    extras: tuple[str, ...] = ()  # srt, vtt, lrc, readalong, audiobookshelf
    file: str = ""  # where the finished file goes instead of output/


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """Everything in project.toml."""

    format: int = FORMAT
    source: SourceSettings = SourceSettings()
    engine: str = "espeak"
    voice: str = ""  # the narrator's, when the cast is first made
    budget: float = 0.0  # money; 0: no limit
    text: TextSettings = TextSettings()
    output: OutputSettings = OutputSettings()
    pauses: Mapping[str, float] = field(default_factory=dict)  # seconds by reason
    metadata: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)  # instead of the book's own
    engines: Mapping[str, Mapping[str, object]] = field(default_factory=dict)  # [engines.NAME]


# --- reading and writing project.toml ----------------------------------------------------------------


_FURTHEST = 1e12  # infinity and nan are numbers in TOML; a budget of nan would never be used up


def _value(default: object, given: object, name: str) -> object:
    """`given` in the type of `default`. Raises ValueError in a person's words."""
    if isinstance(default, bool):
        if not isinstance(given, bool):
            raise ValueError(f"{name} is true or false")
        return given
    if isinstance(default, (int, float)):
        if isinstance(given, bool) or not isinstance(given, (int, float)):
            raise ValueError(f"{name} is a number")
        if not -_FURTHEST < given < _FURTHEST:
            raise ValueError(f"{name} is {given}, which is out of reach")
        return type(default)(given)
    if isinstance(default, tuple):
        if not isinstance(given, list) or not all(isinstance(entry, str) for entry in given):
            raise ValueError(f"{name} is a list of texts")
        return tuple(given)
    if isinstance(default, str) and not isinstance(given, str):
        raise ValueError(f"{name} is a text")
    return given


def _table(kind: Callable[..., Any], default: Any, given: object, name: str) -> Any:
    if not isinstance(given, dict):
        raise ValueError(f"[{name}] is a table")
    known = [entry.name for entry in fields(default)]
    for key in given:
        if key not in known:
            raise ValueError(f"unknown key {key!r} in [{name}]; there are {', '.join(known)}")
    return kind(
        **{key: _value(getattr(default, key), value, f"{name}.{key}") for key, value in given.items()}
    )


def _free(given: object, name: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise ValueError(f"[{name}] is a table")
    return {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}


def parse_settings(text: str, name: str = "project.toml") -> ProjectSettings:
    """Read project.toml. Raises ScriptError for mistakes and ProjectError for a newer version."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScriptError(f"{name}: {error}") from error
    if isinstance(data.get("format"), int) and data["format"] > FORMAT:
        raise ProjectError(
            f"{name}: made by a newer version of audiobook (format {data['format']}); update audiobook"
        )
    plain = ProjectSettings()
    values: dict[str, Any] = {}
    try:
        for key, given in data.items():
            match key:
                case "source":
                    values[key] = _table(SourceSettings, plain.source, given, key)
                case "text":
                    values[key] = _table(TextSettings, plain.text, given, key)
                case "output":
                    values[key] = _table(OutputSettings, plain.output, given, key)
                case "pauses":
                    values[key] = {k: _value(1.0, v, f"pauses.{k}") for k, v in _free(given, key).items()}
                case "metadata":
                    values[key] = _free(given, key)
                case "engines":
                    values[key] = _free(given, key)
                    for engine, table in given.items():
                        _free(table, f"engines.{engine}")
                case "format" | "engine" | "voice" | "budget":
                    values[key] = _value(getattr(plain, key), given, key)
                case _:
                    raise ValueError(f"unknown key {key!r}")
    except ValueError as error:
        raise ScriptError(f"{name}: {error}") from error
    return ProjectSettings(**values)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def format_settings(settings: ProjectSettings, previous: str = "") -> str:
    """Settings as TOML; comments and order of `previous` are kept, defaults are not written out."""
    import tomlkit

    document = cast("dict[str, Any]", tomlkit.parse(previous or PREAMBLE))
    plain = ProjectSettings()
    for entry in fields(settings):
        value, default = getattr(settings, entry.name), getattr(plain, entry.name)
        if isinstance(value, (SourceSettings, TextSettings, OutputSettings)):
            value = {part.name: getattr(value, part.name) for part in fields(value)}
            default = {part.name: getattr(default, part.name) for part in fields(default)}
        if isinstance(value, Mapping):
            _write_table(document, entry.name, value, default)
        elif entry.name in document or value != default or entry.name in ("format", "engine"):
            document[entry.name] = _plain(value)
    return tomlkit.dumps(cast("Any", document))


def _write_table(
    document: dict[str, Any], name: str, value: Mapping[str, Any], default: Mapping[str, Any]
) -> None:
    import tomlkit

    if name not in document:
        if all(default.get(key) == entry for key, entry in value.items()):
            return
        document[name] = tomlkit.table()
    for key, entry in value.items():
        if isinstance(entry, Mapping):
            entry = {inner: _plain(each) for inner, each in entry.items()}
        if key in document[name] or default.get(key) != entry:
            document[name][key] = _plain(entry)


# --- the folder --------------------------------------------------------------------------------------


def slug(text: str) -> str:
    """A folder name for a book: lower-case letters and digits of any script, at most 60 bytes."""
    name = re.sub(r"[\W_]+", "-", text.casefold()).strip("-")
    while len(name.encode()) > 60:
        name = name[:-1]
    return name.strip("-") or "book"


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, or of all files of a folder with their names. Raises StorageError."""
    digest = hashlib.sha256()
    with files.storage("read", path):
        for file in sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]:
            if path.is_dir():
                digest.update(file.relative_to(path).as_posix().encode() + b"\0")
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Project:
    """An opened project. The folder is the state; this value only knows where things are."""

    folder: Path
    settings: ProjectSettings

    @property
    def settings_file(self) -> Path:
        """project.toml."""
        return self.folder / "project.toml"

    @property
    def cast_file(self) -> Path:
        """cast.toml."""
        return self.folder / "cast.toml"

    @property
    def lexicon_file(self) -> Path:
        """lexicon.toml."""
        return self.folder / "lexicon.toml"

    @property
    def script_folder(self) -> Path:
        """script/."""
        return self.folder / "script"

    @property
    def generated_folder(self) -> Path:
        """script/.generated/: the script as the program last wrote it, to tell a person's changes apart."""
        return self.script_folder / ".generated"

    @property
    def queue_file(self) -> Path:
        """queue.sqlite."""
        return self.folder / "queue.sqlite"

    @property
    def takes_folder(self) -> Path:
        """takes/."""
        return self.folder / "takes"

    @property
    def cache_folder(self) -> Path:
        """cache/."""
        return self.folder / "cache"

    @property
    def output_folder(self) -> Path:
        """output/."""
        return self.folder / "output"

    @property
    def source(self) -> Path | None:
        """The project's own copy of the book, or None."""
        kept = self.folder / "source"
        if not kept.is_dir():
            return None
        return next((path for path in sorted(kept.iterdir()) if not path.name.startswith(".")), None)

    def with_settings(self, settings: ProjectSettings) -> Project:
        """Write changed settings and return the project that has them. Raises StorageError."""
        if settings == self.settings and self.settings_file.exists():
            return self
        previous = _read_text(self.settings_file) if self.settings_file.exists() else ""
        files.write_text(self.settings_file, format_settings(settings, previous))
        return replace(self, settings=settings)

    def keep_source(self, source: Path) -> None:
        """Copy the book into the project, whole or not at all. Raises StorageError."""
        kept = self.folder / "source"
        if source.resolve().is_relative_to(kept.resolve()):
            return
        beside = self.folder / ".source.part"
        with files.storage("copy the book into", kept):
            shutil.rmtree(beside, ignore_errors=True)
            beside.mkdir(parents=True)
            if source.is_dir():
                shutil.copytree(source, beside / source.resolve().name)  # "." has no name
            else:
                shutil.copyfile(source, beside / source.name)
            shutil.rmtree(kept, ignore_errors=True)
            beside.rename(kept)

    def script_files(self, folder: Path | None = None) -> list[Path]:
        """The chapter files in reading order."""
        return sorted((folder or self.script_folder).glob("[0-9]*.txt"))

    def read_script(self, folder: Path | None = None) -> dict[str, ScriptChapter]:
        """File name → chapter, in reading order. Raises ScriptError, StorageError."""
        return {path.name: parse_chapter(_read_text(path), path.name) for path in self.script_files(folder)}

    def write_script(self, chapters: Mapping[str, ScriptChapter], folder: Path | None = None) -> None:
        """Make the script folder hold exactly these chapters. Raises StorageError.

        Unchanged files are left alone, so their times tell when a chapter last changed.
        """
        folder = folder or self.script_folder
        files.make_folder(folder)
        for name, chapter in chapters.items():
            text = format_chapter(chapter)
            if not (folder / name).exists() or _read_text(folder / name) != text:
                files.write_text(folder / name, text)
        for path in self.script_files(folder):
            if path.name not in chapters:
                with files.storage("remove", path):
                    path.unlink()

    @contextlib.contextmanager
    def rewriting_script(self) -> Iterator[Path]:
        """A copy of the script folder to be changed, which takes the folder's place as a whole.

        A program that is killed leaves the old script or the new one, never a mixture: a mixture would look
        like a person's corrections when the next import compares. Raises StorageError.
        """
        beside, old = self.folder / ".script.new", self.folder / ".script.old"
        self.mend_script()
        with files.storage("write", self.script_folder):
            if self.script_folder.exists():
                shutil.copytree(self.script_folder, beside)
            else:
                beside.mkdir(parents=True)
            yield beside
            files.sync_folder(beside)
            if self.script_folder.exists():
                self.script_folder.rename(old)
            beside.rename(self.script_folder)
            files.sync_folder(self.folder)
            shutil.rmtree(old, ignore_errors=True)

    def mend_script(self) -> None:
        """Finish or undo a rewriting that was killed. Raises StorageError."""
        beside, old = self.folder / ".script.new", self.folder / ".script.old"
        with files.storage("write", self.script_folder):
            if beside.exists() and old.exists() and not self.script_folder.exists():
                beside.rename(self.script_folder)  # it was complete: the old one had been moved away
            for left in (beside, old):
                if left.exists():
                    shutil.rmtree(left)


def _read_text(path: Path) -> str:
    try:
        return files.read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ScriptError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from None


def is_project(path: Path) -> bool:
    """Whether a folder holds a project."""
    return (path / "project.toml").is_file()


def open_project(folder: Path) -> Project:
    """Open an existing project. Raises ProjectError, ScriptError, StorageError."""
    if not is_project(folder):
        raise ProjectError(
            f"{folder} is not a project (it has no project.toml); make one with: audiobook new BOOK"
        )
    return Project(folder, parse_settings(_read_text(folder / "project.toml"), str(folder / "project.toml")))


def default_folder(source: Path) -> Path:
    """`projects/alice` for alice.epub, below the current folder."""
    return Path("projects") / slug(source.name if source.is_dir() else source.stem)


def user_settings(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The person's own settings (`settings.toml` in the user's configuration folder); empty if there is none.

    AUDIOBOOK_CONFIG names another folder. Raises ScriptError, StorageError.
    """
    path = config_folder(environment) / "settings.toml"
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(_read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ScriptError(f"{path}: {error}") from error


def config_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the person's settings live."""
    if given := environment.get("AUDIOBOOK_CONFIG"):
        return Path(given)
    import platformdirs

    return platformdirs.user_config_path("audiobook")


def engine_settings(project: ProjectSettings, name: str) -> dict[str, object]:
    """Settings of one engine: the person's own, then the project's over them. Raises ScriptError."""
    own = user_settings().get("engines", {})
    table = own.get(name, {}) if isinstance(own, dict) else {}
    if not isinstance(table, dict):
        raise ScriptError(f"{config_folder() / 'settings.toml'}: [engines.{name}] is a table")
    return {**table, **project.engines.get(name, {})}


def parse_numbers(text: str, total: int) -> frozenset[int]:
    """`2-5,7` → {2, 3, 4, 5, 7}, within 1…total; an open end reaches to the first or last.

    Raises UsageError.
    """
    chosen: set[int] = set()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        found = re.fullmatch(r"(\d*)\s*(-?)\s*(\d*)", part)
        if not found or part == "-":
            raise UsageError(f"{part!r} is no range of chapters; write for example 2-5,7")
        first = int(found[1] or 1)
        last = int(found[3] or total) if found[2] else first
        if not 1 <= first <= last or first > total:
            raise UsageError(f"there is no chapter {part}; the book has {total}")
        chosen.update(range(first, min(last, total) + 1))
    return frozenset(chosen)
