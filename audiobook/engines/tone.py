"""The null engine: a tone as long as the text would take to say. Costs nothing and is never wrong.

With it the whole product can be run, timed and tested without speaking: every line has audio of a plausible
length, and every voice a pitch of its own.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from audiobook.audio.clip import Clip, Samples
from audiobook.engines.base import Limits, Price, Settings, Traits, Utterance, Voice
from audiobook.errors import LineRefused, StopRun, TryAgain, UsageError

_PITCHES = {"alto": 220, "bass": 90, "child": 400, "soprano": 300, "tenor": 140}
_GENDERS = {"alto": "F", "bass": "M", "soprano": "F", "tenor": "M"}
_AGES = {"child": "child"}
_CHARACTERS_PER_SECOND = 15
_CHARACTERS_PER_SECOND_CJK = 5
_LEVEL = 4000  # about -21 dB below full scale, RMS
_EDGE = 64  # samples of fade, so that joins do not click


class Tone:
    """A tone for each line. Setting: `rate`, samples a second."""

    name: ClassVar[str] = "tone"
    traits: ClassVar[Traits] = Traits()

    def __init__(self, settings: Settings) -> None:
        if unknown := set(settings) - {"rate"}:
            raise UsageError(f"engine tone has no setting {min(unknown)!r}; there is: rate")
        rate = settings.get("rate", 24_000)
        if isinstance(rate, bool) or not isinstance(rate, int) or not 8000 <= rate <= 192_000:
            raise UsageError(f"engine tone: rate is a number of samples from 8000 to 192000, not {rate!r}")
        self._rate = rate
        self._closed = False

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """The rate, and a version that grows when the tone changes."""
        return (("version", "1"), ("rate", str(self._rate)))

    @property
    def limits(self) -> Limits:
        """Plain limits; no text is too long for a tone."""
        return Limits(concurrency=0)

    @property
    def price(self) -> Price:
        """Nothing."""
        return Price()

    def voices(self) -> tuple[Voice, ...]:
        """Five pitches, each fit for any language."""
        return tuple(
            Voice(f"tone:{name}", name.capitalize(), (), _GENDERS.get(name, ""), _AGES.get(name, "adult"))
            for name in _PITCHES
        )

    def units(self, utterance: Utterance) -> int:
        """Bytes of text; they cost nothing."""
        return len(utterance.text.encode("utf-8", "replace"))

    def synthesize(self, utterance: Utterance) -> Clip:
        """A tone of the voice's pitch, coloured by the utterance so that different lines differ."""
        if self._closed:
            raise TryAgain("the tone was closed")
        pitch = _PITCHES.get(utterance.voice)
        if pitch is None:
            raise StopRun(f"there is no voice tone:{utterance.voice}; there are {', '.join(_PITCHES)}")
        weight = _weight(utterance.text)
        if not weight:
            raise LineRefused(f"there is nothing to speak in {utterance.text!r}")
        length = max(int(weight / utterance.speed * self._rate), 4 * _EDGE)
        samples = _tone(pitch + _colour(utterance), length, self._rate)
        return Clip(_amplified(samples, utterance.gain), self._rate)

    def stream(self, utterance: Utterance) -> Iterator[Clip]:
        """The same in one piece."""
        yield self.synthesize(utterance)

    def close(self) -> None:
        """Synthesize no more."""
        self._closed = True


def _weight(text: str) -> float:
    """Seconds it takes to say a text; 0 where nothing in it can be said."""
    if not any(map(str.isalnum, text)):
        return 0.0
    cjk = 0 if text.isascii() else sum(map(_is_cjk, text))
    return cjk / _CHARACTERS_PER_SECOND_CJK + (len(text) - cjk) / _CHARACTERS_PER_SECOND


def _is_cjk(character: str) -> bool:
    return "\u3040" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7a3"


def _colour(utterance: Utterance) -> int:
    """A few hertz that are a function of what is said, how, and which take it is."""
    said = (utterance.text, utterance.style, utterance.language, utterance.phonemes, utterance.take)
    digest = hashlib.blake2b(repr(said).encode("utf-8", "replace"), digest_size=2).digest()
    return int.from_bytes(digest, "big") % 40


@functools.lru_cache(maxsize=512)
def _second(pitch: int, rate: int) -> Samples:
    """One second of a tone; it begins and ends at a zero crossing, since the pitch is a whole number."""
    phase = 2 * np.pi * pitch * np.arange(rate) / rate
    samples: Samples = np.round(_LEVEL * (np.sin(phase) + 0.3 * np.sin(2 * phase))).astype(np.int16)
    return samples


def _tone(pitch: int, length: int, rate: int) -> Samples:
    samples: Samples = np.resize(_second(pitch, rate), length)
    ramp = np.arange(_EDGE) / _EDGE
    samples[:_EDGE] = samples[:_EDGE] * ramp
    samples[-_EDGE:] = samples[-_EDGE:] * ramp[::-1]
    return samples


def _amplified(samples: Samples, gain: float) -> Samples:
    if gain == 0:
        return samples
    peak = int(np.abs(samples).max())
    return np.round(samples * min(10 ** (gain / 20), 32767 / peak)).astype(np.int16)
