"""SiliconFlow's voices: eight presets, uploaded ones (`speech:…`) and clips sent with every line."""

from __future__ import annotations

from collections.abc import Mapping

from audiobook.engines.base import Voice
from audiobook.errors import StopRun

LANGUAGES = ("zh", "en", "ja", "ko", "yue")

PRESETS: tuple[tuple[str, str, str], ...] = (
    ("claire", "F", "gentle"),
    ("anna", "F", "steady"),
    ("alex", "M", "steady"),
    ("benjamin", "M", "deep"),
    ("charles", "M", "magnetic"),
    ("bella", "F", "passionate"),
    ("david", "M", "cheerful"),
    ("diana", "F", "cheerful"),
)
"""(name, gender, description); the best narrators first. The service has no endpoint that lists them."""


def preset_voices() -> tuple[Voice, ...]:
    """The presets, the same for every model."""
    return tuple(
        Voice(f"siliconflow:{name}", name.capitalize(), LANGUAGES, gender, "adult", description)
        for name, gender, description in PRESETS
    )


def uploaded_voices(table: Mapping[str, object]) -> tuple[Voice, ...]:
    """The voices of the settings' table `voices` (name → uri), as `audiobook voices add` keeps it there."""
    return tuple(
        Voice(f"siliconflow:{name}", name, LANGUAGES, description="uploaded")
        for name, uri in table.items()
        if isinstance(uri, str)
    )


def is_preset(name: str) -> bool:
    """Whether a voice of that name is there for everybody."""
    return name in {preset for preset, _, _ in PRESETS}


def spell_voice(voice: str, model: str) -> str:
    """A voice as the service spells it. Raises StopRun for one that it cannot have."""
    if is_preset(voice):
        return f"{model}:{voice}"
    if voice.startswith("speech:") or "/" in voice.partition(":")[0]:
        return voice
    known = ", ".join(name for name, _, _ in PRESETS)
    raise StopRun(f"siliconflow has no voice {voice!r}; there are {known}, and speech:… for uploaded ones")
