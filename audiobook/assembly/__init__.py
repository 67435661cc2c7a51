"""From takes to a finished audiobook: timeline, mastering, encoding, containers, and what goes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiobook.assembly.plan import (
    EXTRAS,
    FORMATS,
    PRESETS,
    AssemblyPlan,
    AssemblySettings,
    Cue,
    Listener,
    Pauses,
    PlannedChapter,
    Product,
    Rest,
    Silent,
    Stage,
)

if TYPE_CHECKING:
    from audiobook.assembly.product import Assembler, build

__all__ = [
    "EXTRAS",
    "FORMATS",
    "PRESETS",
    "Assembler",
    "AssemblyPlan",
    "AssemblySettings",
    "Cue",
    "Listener",
    "Pauses",
    "PlannedChapter",
    "Product",
    "Rest",
    "Silent",
    "Stage",
    "build",
]


def __getattr__(name: str) -> Any:
    """What brings codecs along is loaded when it is asked for: a finished book is recognized without."""
    if name in ("Assembler", "build"):
        from audiobook.assembly import product

        return getattr(product, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
