"""The engines: built-in ones in a literal table, others through the entry-point group `audiobook.engines`."""

from __future__ import annotations

import importlib
from importlib.metadata import entry_points

from audiobook.engines.base import Engine, Settings
from audiobook.errors import UsageError

BUILT_IN: dict[str, str] = {
    "espeak": "audiobook.engines.espeak:Espeak",
    "siliconflow": "audiobook.engines.siliconflow:SiliconFlow",
    "cosyvoice": "audiobook.engines.cosyvoice:CosyVoice",
    "openai": "audiobook.engines.openai:OpenAI",
    "tone": "audiobook.engines.tone:Tone",
}
GROUP = "audiobook.engines"


def names() -> tuple[str, ...]:
    """All engine names that can be opened, the built-in ones first."""
    others = sorted(point.name for point in entry_points(group=GROUP) if point.name not in BUILT_IN)
    return (*BUILT_IN, *others)


def engine_class(name: str) -> type[Engine]:
    """The class behind a name, not yet opened.

    Raises UsageError when there is no such engine or a plug-in cannot be loaded.
    """
    target = BUILT_IN.get(name)
    if target is not None:
        module, _, attribute = target.partition(":")
        loaded: type[Engine] = getattr(importlib.import_module(module), attribute)
        return loaded
    for point in entry_points(group=GROUP, name=name):
        try:
            plugin: type[Engine] = point.load()
        except Exception as error:
            raise UsageError(f"engine {name!r} ({point.value}) cannot be loaded: {error}") from error
        return plugin
    raise UsageError(f"no engine {name!r}; there are {', '.join(names())}")


def open_engine(name: str, settings: Settings | None = None) -> Engine:
    """Open an engine. Raises what its constructor raises, and UsageError for an unknown name."""
    return engine_class(name)(settings or {})
