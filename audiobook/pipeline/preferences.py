"""The person's own settings.toml, changed by commands with its comments and order kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError

from audiobook import files
from audiobook.engines import open_engine
from audiobook.errors import ScriptError
from audiobook.project import ProjectSettings, config_folder, engine_settings, user_settings

HEAD = "# Settings of audiobook for this user. Projects may say otherwise in their project.toml.\n"


def settings_file() -> Path:
    """Where the settings are kept."""
    return config_folder() / "settings.toml"


def own_settings(engine: str) -> dict[str, Any]:
    """The person's settings of one engine. Raises ScriptError."""
    return dict(engine_settings(ProjectSettings(), engine))


def change_engine(engine: str, values: Mapping[str, object], *, table: str = "") -> Path:
    """Set keys of `[engines.ENGINE]` (or of a table in it); None takes a key out.

    Raises ScriptError for a file that does not parse, StorageError.
    """
    return _change(values, tuple(filter(None, ("engines", engine, table))))


def _change(values: Mapping[str, object], tables: tuple[str, ...]) -> Path:
    path = settings_file()
    text = files.read_bytes(path).decode("utf-8", "replace") if path.is_file() else HEAD
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise ScriptError(f"{path}: {error}") from error
    place = cast("dict[str, Any]", document)
    for name in tables:
        if name not in place:
            place[name] = tomlkit.table(is_super_table=name == "engines")
        place = place[name]
        if not isinstance(place, dict):
            raise ScriptError(f"{path}: {name} is a table, [{'.'.join(tables)}]")
    for key, value in values.items():
        if value is None:
            place.pop(key, None)
        else:
            place[key] = value
    files.make_folder(path.parent)
    files.write_text(path, tomlkit.dumps(document))
    return path


def default_voice(language: str = "en") -> str:
    """The narrator's voice that `audiobook setup` has kept, else the embedded engine's for a language."""
    kept = user_settings().get("voice")
    if isinstance(kept, str) and ":" in kept:
        return kept
    base = language.lower().partition("-")[0]
    engine = open_engine("espeak", own_settings("espeak"))
    try:
        voices = engine.voices()
    finally:
        engine.close()
    names = {"zh": ("zh", "cmn")}.get(base, (base,))
    fitting = (v for v in voices if any(tag.partition("-")[0] in names for tag in v.languages))
    return next(fitting, voices[0]).id


def change_settings(values: Mapping[str, object]) -> Path:
    """Set keys at the head of settings.toml. Raises ScriptError, StorageError."""
    return _change(values, ())
