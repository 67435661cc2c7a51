"""SiliconFlow's voices: eight presets, uploaded ones (`speech:…`) and clips sent with every line."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

from audiobook import files
from audiobook.engines.base import Voice
from audiobook.errors import LineRefused, UsageError

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
        Voice(f"siliconflow:{uri}", name, LANGUAGES, description="uploaded")
        for name, uri in table.items()
        if isinstance(uri, str)
    )


def spell_voice(voice: str, model: str) -> str:
    """A voice as the service spells it. Raises LineRefused for one that it cannot have."""
    if voice in {name for name, _, _ in PRESETS}:
        return f"{model}:{voice}"
    if voice.startswith("speech:") or "/" in voice.partition(":")[0]:
        return voice
    known = ", ".join(name for name, _, _ in PRESETS)
    raise LineRefused(
        f"siliconflow has no voice {voice!r}; there are {known}, and speech:… for uploaded ones"
    )


class Clips:
    """Dynamic voices: `[engines.siliconflow.clips.NAME] audio = "anna.wav", text = "what is said in it"`.

    Their id carries a hash of the clip (`siliconflow:clip:anna@1f2e3d4c`): takes are named by the id, and
    another clip is another voice.
    """

    def __init__(self, table: Mapping[str, object]) -> None:
        self._ids: dict[str, dict[str, str]] = {}
        self._entries: list[tuple[str, str]] = []
        for name, entry in table.items():
            audio = entry.get("audio") if isinstance(entry, dict) else None
            text = entry.get("text") if isinstance(entry, dict) else None
            if not isinstance(audio, str) or not isinstance(text, str):
                raise UsageError(
                    f"[engines.siliconflow.clips.{name}] needs audio (a file) and text (what it says)"
                )
            self._add(name, audio, text)

    def _add(self, name: str, audio: str, text: str) -> None:
        data, source = b"", audio
        if not audio.startswith(("https://", "http://", "data:")):
            path = Path(audio).expanduser()
            data = files.read_bytes(path)
            kind = path.suffix.lstrip(".").lower() or "wav"
            media = {"mp3": "mpeg", "opus": "ogg"}.get(kind, kind)
            source = f"data:audio/{media};base64,{base64.b64encode(data).decode()}"
        mark = hashlib.sha256(data or audio.encode()).hexdigest()[:8]
        self._ids[f"clip:{name}@{mark}"] = {"audio": source, "text": text}
        self._entries.append((name, f"clip:{name}@{mark}"))

    def voices(self) -> tuple[Voice, ...]:
        """All clips of the settings."""
        return tuple(
            Voice(f"siliconflow:{key}", name, LANGUAGES, description="reference clip")
            for name, key in self._entries
        )

    def reference(self, voice: str) -> dict[str, str]:
        """What is sent for a voice. Raises LineRefused when the settings have no such clip (any more)."""
        found = self._ids.get(voice)
        if found is None:
            now = ", ".join(key for _, key in self._entries) or "none"
            raise LineRefused(f"no reference clip {voice!r} in [engines.siliconflow.clips]; there are: {now}")
        return found
