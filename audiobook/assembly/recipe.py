"""The settings, checked and resolved into what is encoded how."""

from __future__ import annotations

from dataclasses import dataclass, replace

from audiobook.assembly.encoders import Aac, Encoder, Mp3, Opus
from audiobook.assembly.mastering import PRESETS, Preset, factor
from audiobook.assembly.plan import EXTRAS, FORMATS, AssemblySettings, Pauses
from audiobook.assembly.render import Finish
from audiobook.errors import UsageError

READALONG = "readalong"
"""Not a format, but it has sound to be encoded."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What `AssemblySettings` come to."""

    preset: Preset
    pauses: Pauses
    formats: tuple[str, ...]
    bitrate: int
    readalong: bool = False

    @classmethod
    def of(cls, settings: AssemblySettings) -> Recipe:
        """Check the settings. Raises UsageError."""
        if settings.preset not in PRESETS:
            raise UsageError(f"unknown preset {settings.preset!r}; there are {', '.join(PRESETS)}")
        for what, asked, known in (("format", settings.formats, FORMATS), ("extra", settings.extras, EXTRAS)):
            for name in asked:
                if name not in known:
                    raise UsageError(f"unknown {what} {name!r}; there are {', '.join(known)}")
        if not settings.formats:
            raise UsageError(f"no format is asked for; there are {', '.join(FORMATS)}")
        if settings.output is not None and len(settings.formats) != 1:
            raise UsageError("one output file holds one format; ask for one, or leave the file name out")
        pauses, formats = settings.pauses, settings.formats
        if settings.preset == "acx":
            # Room tone of half a second to one before, and of one to five seconds after each chapter.
            pauses, formats = replace(pauses, head=0.75, chapter=2.5), ("mp3-chapters",)
        readalong = "readalong" in settings.extras
        return cls(PRESETS[settings.preset], pauses, formats, settings.bitrate, readalong)

    def finish(self, rate: int) -> Finish:
        """What is done to the samples."""
        preset = self.preset
        ceiling = 0.0 if preset.ceiling is None else factor(preset.ceiling)
        return Finish(rate, ceiling, 0.0 if preset.tone is None else factor(preset.tone), preset.rms or 0.0)

    def encoders(self, rate: int) -> dict[str, Encoder]:
        """The encoder behind each format; formats that share packets share an encoder."""
        found: dict[str, Encoder] = {}
        for name in self.formats:
            if name == "m4b":
                found[name] = Aac(rate, min(self.bitrate, 6 * rate // 1000))
            elif name in ("mp3", "mp3-chapters"):
                found[name] = Mp3(rate, self.preset.bitrate or self.bitrate)
            elif name == "opus":
                found[name] = Opus(max(16, self.bitrate // 2))
        if self.readalong:
            found[READALONG] = Aac(rate, min(self.bitrate, 6 * rate // 1000))
        return found
