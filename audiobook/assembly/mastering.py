"""Mastering by arithmetic: from the levels of the takes to one gain for each voice.

A voice is brought to the book's loudness by one constant gain over all its lines, so a whisper stays softer
than a shout. The gain comes from the voice's first minutes (`CALIBRATION_SECONDS`), in steps of a quarter
of a decibel, and only where those are not typical of the whole from all its lines. That makes it a
function of script and takes that is known early, so that encoding starts while later lines are still
being recorded; and correcting one line does not move the level of every other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from audiobook.assembly.plan import AssemblyPlan, Cue
from audiobook.audio.levels import SILENCE, Levels, decibels, integrated, loudness_of, powers_of

CALIBRATION_SECONDS = 120.0
_STEP = 0.25  # dB
_VOICE_TOLERANCE = 0.75  # dB between the first minutes of a voice and all of it
_LEAST_JUDGED = 2 * CALIBRATION_SECONDS  # of a voice, before anything is encoded on its first minutes' word
_MOST_JUDGED = 10 * CALIBRATION_SECONDS
_DOUBT = 0.65  # dB between the first minutes of a voice and what is known of it
_BOOK_TOLERANCE = 0.4  # dB between the book and its target
_MOST = 24.0  # dB; nothing that needs more is speech

LevelsOf = Callable[[str], Levels]
Group = tuple[str, float]
"""What shares a gain: a voice, and the gain that the cast asks for on top."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A target. All in decibels; None leaves a thing as it is."""

    name: str
    loudness: float | None = None  # LUFS of the book
    rms: float | None = None  # of every file
    ceiling: float | None = None  # true peak, after the encoder
    tone: float | None = None  # RMS of room tone
    rate: int = 0  # 0: the rate of the takes
    bitrate: int = 0  # of MP3, kbit/s; 0: what the settings say


PRESETS: Mapping[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("audiobook", loudness=-19.0, ceiling=-3.0),
        Preset("podcast", loudness=-16.0, ceiling=-1.0),
        Preset("acx", loudness=-19.0, rms=-20.0, ceiling=-3.2, tone=-68.0, rate=44100, bitrate=192),
        Preset("none"),
    )
}


def factor(gain: float) -> float:
    """A gain in decibels as a factor."""
    return float(10 ** (gain / 20))


def _step(gain: float) -> float:
    return float(np.clip(round(gain / _STEP) * _STEP, -_MOST, _MOST))


def groups(cues: Iterable[Cue]) -> dict[Group, list[str]]:
    """The takes of each group in the order of the book, each once."""
    found: dict[Group, dict[str, None]] = {}
    for cue in cues:
        found.setdefault((cue.voice, cue.gain), {})[cue.take] = None
    return {group: list(takes) for group, takes in found.items()}


def calibrate(takes: Sequence[str], levels: LevelsOf, target: float) -> float:
    """The gain of a voice after its first minutes. `levels` is asked for no more takes than that needs."""
    heard: list[Levels] = []
    seconds = 0.0
    for take in takes:
        heard.append(levels(take))
        seconds += heard[-1].seconds
        if seconds >= CALIBRATION_SECONDS:
            break
    loudness = loudness_of(heard)
    return _step(target - loudness) if loudness > SILENCE else 0.0


@dataclass(frozen=True, slots=True)
class Gains:
    """Decibels for each group, and what the book will measure with them."""

    by_group: Mapping[Group, float]
    loudness: float

    def of(self, cue: Cue) -> float:
        """Decibels for one cue."""
        return self.by_group.get((cue.voice, cue.gain), 0.0)


def early_gains(
    voices: Mapping[Group, Sequence[str]], preset: Preset, levels: LevelsOf, has: Callable[[str], bool]
) -> dict[Group, float]:
    """Gains of the voices of which enough is recorded, as `final_gains` will most likely have them.

    A voice whose later minutes differ from its first is left out: a chapter that was encoded on a guess
    which proves wrong is encoded twice.
    `voices` is what `groups` made of the whole book.
    """
    found: dict[Group, float] = {}
    for group, takes in voices.items():
        if preset.loudness is None:
            found[group] = 0.0
            continue
        target = preset.loudness + group[1]
        known = _first_takes(takes, levels, has)
        if known and (gain := _steady_gain(known, levels, target)) is not None:
            found[group] = gain
    return found


def _first_takes(takes: Sequence[str], levels: LevelsOf, has: Callable[[str], bool]) -> list[str]:
    """The first takes of a voice, up to one that is missing; none while they are too few to judge by."""
    known: list[str] = []
    seconds = 0.0
    for take in takes:
        if seconds >= _MOST_JUDGED:
            break
        if not has(take):
            return known if seconds >= _LEAST_JUDGED else []
        known.append(take)
        seconds += levels(take).seconds
    return known


def _steady_gain(known: Sequence[str], levels: LevelsOf, target: float) -> float | None:
    """The gain that the first minutes give, unless those after them make it doubtful that it will stay."""
    gain = calibrate(known, levels, target)
    loudness = loudness_of(levels(take) for take in known)
    doubtful = loudness > SILENCE and abs(loudness + gain - target) > _DOUBT
    return None if doubtful else gain


def _all(plan: AssemblyPlan) -> Iterable[Cue]:
    return (cue for chapter in plan.chapters for cue in chapter.cues())


def final_gains(plan: AssemblyPlan, preset: Preset, levels: LevelsOf) -> Gains:
    """The gains the book is made with. Every take must be there."""
    by_group: dict[Group, float] = {}
    for group, takes in groups(_all(plan)).items():
        if preset.loudness is None:
            by_group[group] = 0.0
            continue
        target = preset.loudness + group[1]
        gain = calibrate(takes, levels, target)
        whole = loudness_of(levels(take) for take in takes)
        if whole > SILENCE and abs(whole + gain - target) > _VOICE_TOLERANCE:
            gain = _step(target - whole)
        by_group[group] = gain
    loudness = _book_loudness(plan, by_group, levels)
    if (
        preset.loudness is not None
        and loudness > SILENCE
        and abs(loudness - preset.loudness) > _BOOK_TOLERANCE
    ):
        correction = _step(preset.loudness - loudness)
        by_group = {group: gain + correction for group, gain in by_group.items()}
        loudness += correction
    return Gains(by_group, loudness)


def _book_loudness(plan: AssemblyPlan, by_group: Mapping[Group, float], levels: LevelsOf) -> float:
    powers = [
        powers_of(levels(cue.take).loudness) * 10 ** (by_group[cue.voice, cue.gain] / 10)
        for cue in _all(plan)
    ]
    return integrated(np.concatenate(powers)) if powers else SILENCE


def rms_of(energies: Iterable[tuple[float, float]], samples: int, tone: float = 0.0) -> float:
    """RMS in dB of (energy, gain in dB) in a file of so many samples, over a bed of noise of RMS `tone`."""
    speech = sum(energy * 10 ** (gain / 10) for energy, gain in energies)
    return decibels(speech / samples + tone * tone) if samples else SILENCE
