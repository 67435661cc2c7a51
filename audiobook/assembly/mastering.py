"""Mastering by arithmetic: from the levels of the takes to one gain for each voice.

A voice is brought to the book's loudness by one constant gain over all its lines, so a whisper stays softer
than a shout. The gain comes from the voice's first two minutes, in steps of a quarter of a decibel; only
where those are not typical of the first ten from these, and where these are not of the whole from all its
lines. That makes it a function of script and takes that is known early, so that encoding starts while later
lines are still being recorded; and correcting one line does not move the level of every other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from audiobook.assembly.plan import AssemblyPlan, Cue
from audiobook.audio.levels import SILENCE, Levels, decibels, integrated, loudness_of, powers_of

STAGES = (120.0, 600.0, float("inf"))
"""Seconds of a voice's speech that its gain is taken from: a longer stage counts where the one before it was
not typical."""

_STEP = 0.25  # dB
_VOICE_TOLERANCE = 0.75  # dB between one stage of a voice and the next
_LEAST_JUDGED = 240.0  # seconds of a voice, before anything is encoded on its first minutes' word
_MOST_JUDGED = 1200.0
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


def calibrate(
    takes: Iterable[str], levels: LevelsOf, target: float, stages: Sequence[float] = STAGES
) -> float:
    """The gain of a voice: of its first stage, unless a longer one says that this was not typical.

    Stages are seconds of speech. `levels` is asked for no more takes than the last of them needs.
    """
    heard: list[Levels] = []
    rest = iter(takes)
    seconds, gain = 0.0, None
    for stage in stages:
        while seconds < stage and (take := next(rest, None)) is not None:
            heard.append(levels(take))
            seconds += heard[-1].seconds
        loudness = loudness_of(heard)
        if loudness > SILENCE and (gain is None or abs(loudness + gain - target) > _VOICE_TOLERANCE):
            gain = _step(target - loudness)
    return gain or 0.0


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
        gain = _steady_gain(takes, levels, has, preset.loudness + group[1])
        if gain is not None:
            found[group] = gain
    return found


def _steady_gain(
    takes: Sequence[str], levels: LevelsOf, has: Callable[[str], bool], target: float
) -> float | None:
    """The gain that the minutes which are there give; None where they are too few, or make it doubtful that
    it will stay."""
    known: list[str] = []
    seconds = 0.0
    while len(known) < len(takes) and seconds < _MOST_JUDGED and has(takes[len(known)]):
        known.append(takes[len(known)])
        seconds += levels(known[-1]).seconds
    if len(known) == len(takes):
        return calibrate(known, levels, target)
    if seconds < _LEAST_JUDGED:
        return None
    gain = calibrate(known, levels, target, [stage for stage in STAGES if stage <= seconds])
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
        by_group[group] = calibrate(takes, levels, preset.loudness + group[1])
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
