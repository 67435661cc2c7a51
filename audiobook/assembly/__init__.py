"""From takes to a finished audiobook: timeline, mastering, encoding, containers, and what goes with them."""

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
