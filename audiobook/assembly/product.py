"""Putting a book together: what to make, what of it is there already, and the files at the end."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from audiobook import __version__, files
from audiobook.assembly.editions import Job, ensure, jobs_of
from audiobook.assembly.encoders import Aac, Encoder, Mp3
from audiobook.assembly.mastering import (
    PRESETS,
    Gains,
    Preset,
    early_gains,
    factor,
    final_gains,
)
from audiobook.assembly.packets import PacketCache
from audiobook.assembly.plan import (
    FORMATS,
    AssemblyPlan,
    AssemblySettings,
    Cue,
    Listener,
    Pauses,
    Product,
    Silent,
    Stage,
)
from audiobook.assembly.render import Finish
from audiobook.assembly.timeline import Timeline, build_timeline, common_rate, place_chapter
from audiobook.audio.levels import Levels
from audiobook.audio.takes import TakeStore
from audiobook.errors import BookError, Interrupted, TakeError, UsageError

_CODEC_MARGIN = 0.5  # dB that an encoder may add to a peak


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings, resolved."""

    preset: Preset
    pauses: Pauses
    formats: tuple[str, ...]
    bitrate: int

    @classmethod
    def of(cls, settings: AssemblySettings) -> Recipe:
        """Check the settings. Raises UsageError."""
        if settings.preset not in PRESETS:
            raise UsageError(f"unknown preset {settings.preset!r}; there are {', '.join(PRESETS)}")
        for name in settings.formats:
            if name not in FORMATS:
                raise UsageError(f"unknown format {name!r}; there are {', '.join(FORMATS)}")
        if not settings.formats:
            raise UsageError(f"no format is asked for; there are {', '.join(FORMATS)}")
        if settings.output is not None and len(settings.formats) != 1:
            raise UsageError("one output file holds one format; ask for one, or leave the file name out")
        return cls(PRESETS[settings.preset], settings.pauses, settings.formats, settings.bitrate)

    def finish(self, rate: int) -> Finish:
        """What is done to the samples."""
        preset = self.preset
        ceiling = 0.0 if preset.ceiling is None else factor(preset.ceiling - _CODEC_MARGIN)
        return Finish(rate, ceiling, 0.0 if preset.tone is None else factor(preset.tone))

    def encoders(self, rate: int) -> dict[str, Encoder]:
        """The encoder behind each format; formats that share packets share an encoder."""
        found: dict[str, Encoder] = {}
        for name in self.formats:
            if name == "m4b":
                found[name] = Aac(rate, min(self.bitrate, 6 * rate // 1000))
            elif name in ("mp3", "mp3-chapters"):
                found[name] = Mp3(rate, self.preset.bitrate or self.bitrate)
        return found


class Assembler:
    """One book in the making. `chapter_ready` may come from any thread while lines are still recorded."""

    def __init__(
        self,
        plan: AssemblyPlan,
        takes: TakeStore,
        settings: AssemblySettings,
        folder: Path,
        listener: Listener | None = None,
    ) -> None:
        if not any(chapter.cues() for chapter in plan.chapters):
            raise BookError("there is nothing to be heard: no line of the script can be spoken")
        self.plan = plan
        self.takes = takes
        self.settings = settings
        self.folder = folder
        self.listener: Listener = listener or Silent()
        self.recipe = Recipe.of(settings)
        self.cache = PacketCache(folder / "cache" / "packets")
        self.levels = functools.cache(takes.levels)
        self._pool = ThreadPoolExecutor(settings.workers or os.cpu_count() or 1, "encode")
        self._ahead: dict[int, list[Future[str]]] = {}

    def __enter__(self) -> Assembler:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop encoding; what is encoded stays."""
        self._pool.shutdown(wait=True, cancel_futures=True)
