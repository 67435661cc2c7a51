"""The cloud engines for the contract battery: each opened against an emulator of its own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .app import Emulator
from .speech import tone, wav_header

KEY = "sk-emulator"


def _siliconflow(emulator: Emulator, folder: Path) -> dict[str, Any]:
    return {"base_url": emulator.url}


def _cosyvoice(emulator: Emulator, folder: Path) -> dict[str, Any]:
    clips = {}
    for name in ("anna", "otto"):
        text = f"Hello, I am {name}, and this is my voice."
        data = tone(text, name, 1.0, 24000)
        (folder / f"{name}.wav").write_bytes(wav_header(len(data), 24000) + data)
        clips[name] = {"audio": str(folder / f"{name}.wav"), "text": text}
    return {"base_url": emulator.address, "clips": clips}


def _openai(emulator: Emulator, folder: Path) -> dict[str, Any]:
    return {"base_url": emulator.openai_url, "voices": ["fable", "nova"]}


SETTINGS = {"siliconflow": _siliconflow, "cosyvoice": _cosyvoice, "openai": _openai}


def cloud_settings(name: str) -> tuple[dict[str, Any], Callable[[], None]]:
    """Settings that reach an emulator started for them, and what ends it."""
    before = os.environ.get("SILICONFLOW_API_KEY")
    os.environ["SILICONFLOW_API_KEY"] = KEY
    emulator = Emulator().start()
    folder = tempfile.TemporaryDirectory()

    def stop() -> None:
        emulator.stop()
        folder.cleanup()
        if before is None:
            os.environ.pop("SILICONFLOW_API_KEY", None)
        else:
            os.environ["SILICONFLOW_API_KEY"] = before

    return SETTINGS[name](emulator, Path(folder.name)), stop
