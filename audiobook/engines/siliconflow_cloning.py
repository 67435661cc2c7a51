"""Voices of one's own on SiliconFlow: uploaded, listed, deleted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from audiobook.audio.clip import Clip
from audiobook.audio.decoding import wav_bytes
from audiobook.engines.complaints import read_json
from audiobook.engines.http import Answer
from audiobook.engines.siliconflow import SiliconFlow
from audiobook.engines.siliconflow_voices import is_preset
from audiobook.errors import LineRefused, StopRun, TryAgain, UsageError

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class UploadedVoice:
    """A voice in the account."""

    uri: str
    name: str
    model: str = ""
    text: str = ""


def check_name(name: str) -> None:
    """Raises UsageError for a name that the service does not take, or that a preset has."""
    if is_preset(name):
        raise UsageError(f"{name!r} is a voice that everybody has; choose another name")
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot name a voice: letters without accents, digits, _ and - only")


def upload_voice(engine: SiliconFlow, name: str, clip: Clip, text: str) -> str:
    """Upload a reference clip with its transcript; returns the uri that is the voice.

    Raises UsageError, TryAgain, StopRun.
    """
    check_name(name)
    form = {"model": engine.model, "customName": name, "text": text}
    upload = {"file": (f"{name}.wav", wav_bytes(clip), "audio/wav")}
    answer = engine.wire.ask("POST", "/uploads/audio/voice", data=form, files=upload)
    if answer.status not in (200, 201):
        raise _refused(engine, answer)
    document = read_json(answer.body)
    uri = document.get("uri") if isinstance(document, dict) else None
    if not isinstance(uri, str) or not uri:
        raise TryAgain(f"{engine.wire.host} took the clip but named no voice", trace=answer.trace)
    return uri


def _refused(engine: SiliconFlow, answer: Answer) -> Exception:
    error = engine.complaint(answer)
    if answer.status == 403 and "balance" not in error.message:
        return StopRun(
            "the account may not upload voices: make the real-name check on the account's page first "
            f"({error.message})",
            trace=error.trace,
        )
    if isinstance(error, LineRefused):
        return StopRun(f"{engine.wire.host} does not take this clip: {error.message}", trace=error.trace)
    return error


def listed_voices(engine: SiliconFlow) -> tuple[UploadedVoice, ...]:
    """The voices of the account. Raises TryAgain, StopRun."""
    answer = engine.wire.ask("GET", "/audio/voice/list")
    if answer.status != 200:
        raise engine.complaint(answer)
    document = read_json(answer.body)
    if isinstance(document, dict):
        # Documented as `results`, seen as `result`.
        document = document.get("result", document.get("results"))
    if not isinstance(document, list):
        raise TryAgain(f"{engine.wire.host} answered with no list of voices", trace=answer.trace)
    return tuple(
        UploadedVoice(
            str(entry["uri"]),
            str(entry.get("customName", "")),
            str(entry.get("model", "")),
            str(entry.get("text", "")),
        )
        for entry in document
        if isinstance(entry, dict) and entry.get("uri")
    )


def delete_voice(engine: SiliconFlow, uri: str) -> None:
    """Delete a voice from the account. Raises TryAgain, StopRun."""
    answer = engine.wire.ask("POST", "/audio/voice/deletions", json={"uri": uri})
    if answer.status != 200:
        raise engine.complaint(answer, uri)


def models(engine: SiliconFlow) -> tuple[str, ...]:
    """The models for sound that the key may use: the cheapest proof that a key is good.

    Raises TryAgain, StopRun.
    """
    answer = engine.wire.ask("GET", "/models", params={"type": "audio"})
    if answer.status != 200:
        raise engine.complaint(answer)
    document = read_json(answer.body)
    data = document.get("data") if isinstance(document, dict) else None
    if not isinstance(data, list):
        raise TryAgain(f"{engine.wire.host} answered with no list of models", trace=answer.trace)
    return tuple(str(entry["id"]) for entry in data if isinstance(entry, dict) and entry.get("id"))


def balance(engine: SiliconFlow) -> float | None:
    """Money on the account; None where the service does not tell (any more). Raises TryAgain, StopRun."""
    answer = engine.wire.ask("GET", "/user/info")
    if answer.status in (404, 410):
        return None
    if answer.status != 200:
        raise engine.complaint(answer)
    document = read_json(answer.body)
    data = document.get("data") if isinstance(document, dict) else None
    try:
        return float(data["totalBalance"]) if isinstance(data, dict) else None
    except (KeyError, ValueError, TypeError):
        return None
