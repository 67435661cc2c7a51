"""Voices made of a reference clip: `[engines.NAME.clips.VOICE] audio = "anna.wav", text = "what it says"`.

A cast calls it `siliconflow:clip:VOICE`. Its full name carries a hash of the clip (`clip:VOICE@1f2e3d4c`);
takes are named by that, so another clip makes new takes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from audiobook import files
from audiobook.engines.base import Voice
from audiobook.errors import StopRun, UsageError

_MEDIA = {"mp3": "mpeg", "opus": "ogg", "oga": "ogg"}
_REMOTE = ("https://", "http://", "data:")


@dataclass(frozen=True, slots=True)
class ReferenceClip:
    """A clip of somebody speaking, and what is said in it."""

    name: str
    local: str  # the engine's own name of the voice
    text: str
    source: str  # a path, or an address where the service may fetch it
    data: bytes = field(default=b"", repr=False)

    @property
    def media_type(self) -> str:
        """Judged by the ending of the file's name."""
        kind = Path(self.source).suffix.lstrip(".").lower() or "wav"
        return f"audio/{_MEDIA.get(kind, kind)}"

    @property
    def address(self) -> str:
        """For a request in JSON: the address as it is, or the clip itself."""
        if not self.data:
            return self.source
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode()}"


def _read(engine: str, name: str, entry: object) -> ReferenceClip:
    audio = entry.get("audio") if isinstance(entry, dict) else None
    text = entry.get("text", "") if isinstance(entry, dict) else None
    if not isinstance(audio, str) or not isinstance(text, str):
        raise UsageError(f"[engines.{engine}.clips.{name}] needs audio (a file) and text (what it says)")
    data = b"" if audio.startswith(_REMOTE) else files.read_bytes(Path(audio).expanduser())
    mark = hashlib.sha256((data or audio.encode()) + b"\0" + text.encode()).hexdigest()[:8]
    return ReferenceClip(name, f"clip:{name}@{mark}", text, audio, data)


class Clips:
    """All reference clips of an engine's settings, read once."""

    def __init__(self, engine: str, table: Mapping[str, object]) -> None:
        self._engine = engine
        self._clips = {
            clip.local: clip for clip in (_read(engine, name, entry) for name, entry in table.items())
        }

    def voices(self, languages: tuple[str, ...] = ()) -> tuple[Voice, ...]:
        """A voice for each clip."""
        return tuple(
            Voice(f"{self._engine}:clip:{clip.name}", clip.name, languages, description="reference clip")
            for clip in self._clips.values()
        )

    def full_name(self, voice: str) -> str:
        """`clip:VOICE` with the hash of the clip; any other voice as it is."""
        named = (clip.local for clip in self._clips.values() if voice == f"clip:{clip.name}")
        return next(named, voice)

    def find(self, voice: str) -> ReferenceClip:
        """The clip of a voice. Raises StopRun when the settings have no such clip (any more)."""
        found = self._clips.get(self.full_name(voice))
        if found is None:
            now = ", ".join(self._clips) or "none"
            raise StopRun(f"no reference clip {voice!r} in [engines.{self._engine}.clips]; there are: {now}")
        return found
