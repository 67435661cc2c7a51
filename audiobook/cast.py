"""The Cast: who speaks with which voice. `cast.toml`, edited by hand and by `audiobook cast`.

[narrator]
voice = "espeak:en-gb+m3"
style = "warm"
speed = 1.0
gain = 0.0

[characters.Alice]
voice = "espeak:en-gb+f2"
aliases = ["Miss Alice"]
gender = "F"
age = "child"

[manner.thought]      # letters, thoughts, notes, verse: a manner of delivery of their own
style = "quietly, to herself"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

import tomlkit
from tomlkit.items import InlineTable, Table

from audiobook import files
from audiobook.errors import ScriptError
from audiobook.script import NARRATOR


@dataclass(frozen=True, slots=True)
class Role:
    """One speaker and the way it is spoken. `speed` is a factor, `gain` decibels."""

    voice: str = ""  # "engine:voice"; empty: not yet cast
    style: str = ""
    speed: float = 1.0
    gain: float = 0.0
    aliases: tuple[str, ...] = ()
    gender: str = ""  # "F", "M" or ""
    age: str = ""  # "child", "young", "adult", "old" or ""


@dataclass(frozen=True, slots=True)
class Cast:
    """Narrator, characters, and manners of delivery by kind of line."""

    narrator: Role = Role()
    characters: Mapping[str, Role] = field(default_factory=dict)
    manner: Mapping[str, Role] = field(default_factory=dict)

    def role(self, speaker: str) -> Role:
        """The role of a speaker; the narrator's voice for a name (or alias) nobody has cast."""
        if speaker == NARRATOR:
            return self.narrator
        found = self.characters.get(speaker)
        if found is None:
            found = next((role for role in self.characters.values() if speaker in role.aliases), None)
        return found if found is not None and found.voice else self.narrator


_FURTHEST = 1000.0  # no speed and no gain is; infinity and what is no number are not either


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{name} is a number")
    if not -_FURTHEST < value < _FURTHEST:
        raise ValueError(f"{name} is {value}, which is out of reach")
    return float(value)


def _role(table: object) -> Role:
    if not isinstance(table, dict):
        raise ValueError("a table is expected")
    known = {entry.name for entry in fields(Role)}
    if unknown := set(table) - known:
        raise ValueError(f"unknown key {min(unknown)!r}; there are {', '.join(sorted(known))}")
    texts = {key: str(table.get(key, "")) for key in ("voice", "style", "gender", "age")}
    aliases = table.get("aliases", [])
    if not isinstance(aliases, list):
        raise ValueError("aliases is a list of names")
    speed = _number(table.get("speed", 1.0), "speed")
    if speed <= 0:
        raise ValueError("speed is a factor above 0")
    return Role(
        **texts,
        speed=speed,
        gain=_number(table.get("gain", 0.0), "gain"),
        aliases=tuple(str(alias) for alias in aliases),
    )


def _line_of(text: str, section: str) -> int:
    found = re.search(rf"^\[\s*{re.escape(section)}", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def parse_cast(text: str, name: str = "cast.toml") -> Cast:
    """Read a cast. Raises ScriptError naming file and place."""
    # tomllib is ten times as fast as tomlkit, which is kept for writing: every command reads the cast.
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScriptError(f"{name}: {error}") from error
    section = "narrator"
    try:
        narrator = _role(data.get("narrator", {}))
        tables: dict[str, dict[str, Role]] = {"characters": {}, "manner": {}}
        for group, roles in tables.items():
            section = group
            for key, table in data.get(group, {}).items():
                section = f"{group}.{key}"
                roles[key] = _role(table)
    except (ValueError, AttributeError) as error:
        raise ScriptError(f"{name}, line {_line_of(text, section)}, [{section}]: {error}") from error
    return Cast(narrator, tables["characters"], tables["manner"])


def _update(table: Table | InlineTable, role: Role) -> None:
    """Write only what differs from a plain role or is there already, so that hand-made files stay lean."""
    for entry in fields(Role):
        value = getattr(role, entry.name)
        plain = list(value) if isinstance(value, tuple) else value
        if entry.name in table:
            if table[entry.name] != plain:
                table[entry.name] = plain
        elif value != getattr(Role(), entry.name):
            table[entry.name] = plain


def format_cast(cast: Cast, previous: str = "") -> str:
    """The cast as TOML. Comments and order of `previous` are kept; roles no longer there are removed."""
    document = tomlkit.parse(previous)
    if "narrator" not in document:
        document["narrator"] = tomlkit.table()
    _update(document["narrator"], cast.narrator)
    for group, roles in (("characters", cast.characters), ("manner", cast.manner)):
        if group not in document:
            if not roles:
                continue
            document[group] = tomlkit.table(is_super_table=True)
        tables = document[group]
        for gone in [key for key in tables if key not in roles]:
            tables.remove(gone)
        for key, role in roles.items():
            if key not in tables:
                # `characters = {…}` on one line takes nothing but tables on that line.
                inline = isinstance(tables, InlineTable)
                tables[key] = tomlkit.inline_table() if inline else tomlkit.table()
            _update(tables[key], role)
    return tomlkit.dumps(document)


def read_cast(path: Path) -> Cast:
    """Read `cast.toml`; an empty cast where there is none. Raises ScriptError, StorageError."""
    if not path.exists():
        return Cast()
    return parse_cast(files.read_bytes(path).decode("utf-8", "replace"), path.name)


def write_cast(path: Path, cast: Cast) -> None:
    """Write `cast.toml`, keeping the comments and order of the file that is there. Raises StorageError."""
    previous = files.read_bytes(path).decode("utf-8", "replace") if path.exists() else ""
    files.write_text(path, format_cast(cast, previous))
