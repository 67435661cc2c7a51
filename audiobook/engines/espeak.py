"""The embedded voice: espeak-ng, in this process, without a network, a key or a system package.

A voice is `LANGUAGE`, `LANGUAGE+VARIANT` or `LANGUAGE+VARIANT@PITCH`: `en-gb`, `en-gb+f3`, `en-us+f4@80`.
Pitch is espeak-ng's scale from 0 to 99, 50 is the variant's own.
"""

from __future__ import annotations

import functools
import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

import numpy as np

from audiobook.audio.clip import Clip, Samples
from audiobook.engines import espeak_voices
from audiobook.engines.base import Limits, Price, Settings, Traits, Utterance, Voice
from audiobook.engines.espeak_japanese import in_kana
from audiobook.engines.espeak_library import RATE, Library, Request, data_folder
from audiobook.engines.espeak_phonemes import Inventory, to_names, with_possessive
from audiobook.engines.espeak_styles import manner_of
from audiobook.engines.espeak_voices import (
    PALETTE,
    find_language,
    primary,
    read_languages,
    read_variants,
    whisper_of,
)
from audiobook.errors import LineRefused, StopRun, UsageError

_MANNER_VERSION = "1"  # grows when loudness, styles or pitches in this module change what is heard
_PACE = 140  # nominal words a minute at speed 1; about 160 real ones, as narrators read
_VOLUME = 70  # of espeak-ng's 100, at which loud voices are distorted
_GAINS = {(timbre.variant, timbre.pitch): timbre.gain for timbre in PALETTE}
_SLOWEST, _FASTEST = 80, 450
_VOICE = re.compile(r"([^+@]+)(?:\+([^@]+))?(?:@(\d\d?))?")
_POSSESSIVE = re.compile("[’']s\\b")
_COMMANDS = dict.fromkeys(range(32), " ")  # espeak-ng takes control characters for commands


class Espeak:
    """espeak-ng through the espeakng-loader wheel. Settings: `rate`, the pace in nominal words a minute."""

    name: ClassVar[str] = "espeak"
    traits: ClassVar[Traits] = Traits(process=True, styles=True, phonemes=True)

    def __init__(self, settings: Settings) -> None:
        self._rate = _read_rate(settings)
        data = data_folder()
        self._languages = read_languages(data)
        self._variants = read_variants(data)
        self._library = Library({name: language.path for name, language in self._languages.items()})
        self._closed = threading.Event()
        self._identity = (
            ("espeak-ng", self._library.version),
            ("data", self._library.data_version),
            ("rate", str(self._rate)),
            ("manner", _MANNER_VERSION),
        )

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Versions of the library, of the wheel with its data, and of what this module adds; the pace."""
        return self._identity

    @property
    def limits(self) -> Limits:
        """espeak-ng has no limit of its own; these keep a take short enough to be judged and made again."""
        return Limits(characters=1000, characters_cjk=300, concurrency=0)

    @property
    def price(self) -> Price:
        """Nothing."""
        return Price()

    @functools.cached_property
    def _voices(self) -> tuple[Voice, ...]:
        return espeak_voices.all_voices(self._languages, self._variants)

    def voices(self) -> tuple[Voice, ...]:
        """Every variant in every language, in each language the ones that make a good cast first."""
        return self._voices

    def palette(self, language: str) -> tuple[Voice, ...]:
        """Voices for the cast of a book in `language`: the narrator, then voices that are told apart.

        Empty where espeak-ng does not speak the language.
        """
        found = find_language(language, self._languages)
        return espeak_voices.palette(found, self._languages) if found else ()

    def units(self, utterance: Utterance) -> int:
        """Bytes of text; they cost nothing."""
        return len(utterance.text.encode("utf-8", "replace"))

    def synthesize(self, utterance: Utterance) -> Clip:
        """Speak. Raises LineRefused where there is nothing to speak, StopRun for an unknown voice."""
        request = self._request(utterance)
        samples = self._library.speak(request, self._closed.is_set)
        if not samples.any():
            raise LineRefused(f"espeak-ng finds nothing to speak in {utterance.text!r}")
        return Clip(_amplified(samples, utterance.gain + manner_of(utterance.style).gain), RATE)

    def stream(self, utterance: Utterance) -> Iterator[Clip]:
        """The same in one piece: espeak-ng is faster than any listener."""
        yield self.synthesize(utterance)

    def close(self) -> None:
        """Stop speaking."""
        self._closed.set()

    def _request(self, utterance: Utterance) -> Request:
        """What espeak-ng is told."""
        if not any(unicodedata.category(character)[0] in "LNS" for character in utterance.text):
            raise LineRefused(f"there is nothing to speak in {utterance.text!r}")
        request = self._voice(utterance.voice)
        spoken = find_language(utterance.language, self._languages)
        if spoken and primary(spoken.local) != primary(request.language):
            request = replace(request, language=spoken.local)
        if utterance.phonemes:
            text = _with_phonemes(utterance, self._library.sounds(request.language))
        else:
            text = utterance.text
        if primary(request.language) == "ja":
            text = in_kana(text)
        manner = manner_of(utterance.style)
        pace = round(self._rate * utterance.speed * manner.speed)
        variant = self._variants.get(request.variant)
        return replace(
            request,
            text=text.translate(_COMMANDS),
            phonemes=bool(utterance.phonemes),
            variant=whisper_of(variant, request.pitch) if manner.whisper else request.variant,
            rate=min(max(pace, _SLOWEST), _FASTEST),
            pitch=min(max(request.pitch + manner.pitch, 0), 99),
            range=min(max(50 + manner.range, 0), 99),
        )

    def check_voice(self, voice: str) -> None:
        """Raise StopRun for a voice that is not there."""
        self._voice(voice)

    def _voice(self, name: str) -> Request:
        match = _VOICE.fullmatch(name)
        language, variant, pitch = match.groups(default="") if match else ("", "", "")
        if language not in self._languages or (variant and variant not in self._variants):
            raise StopRun(f"espeak-ng has no voice {name!r}; `audiobook voices espeak` lists them")
        request = Request("", language, variant, pitch=int(pitch or 50))
        return replace(request, volume=round(_VOLUME * _ratio(_GAINS.get((variant, request.pitch), 0.0))))


def _ratio(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def _with_phonemes(utterance: Utterance, sounds: Inventory) -> str:
    """The text with [[…]] where a pronunciation is given that the language has the sounds for."""
    text, pieces, position = utterance.text, [], 0
    for start, end, ipa in sorted(utterance.phonemes):
        names = to_names(ipa, sounds)
        if not names or start < position:
            continue
        pieces.append(_inert(text[position:start]))
        if possessive := _POSSESSIVE.match(text, end):
            names, end = with_possessive(names), possessive.end()
        pieces.append(f" [[{names}]] " if text[end : end + 1].isalnum() else f" [[{names}]]")
        position = end
    return "".join(pieces) + _inert(text[position:])


def _inert(text: str) -> str:
    """Brackets of the book's own do not enclose phonemes."""
    return text.replace("[", "(").replace("]", ")")


def _read_rate(settings: Settings) -> int:
    if unknown := set(settings) - {"rate"}:
        raise UsageError(f"engine espeak has no setting {min(unknown)!r}; there is: rate")
    rate = settings.get("rate", _PACE)
    if isinstance(rate, bool) or not isinstance(rate, int) or not _SLOWEST <= rate <= _FASTEST:
        raise UsageError(f"engine espeak: rate is a whole number from {_SLOWEST} to {_FASTEST}, not {rate!r}")
    return rate


def _amplified(samples: Samples, gain: float) -> Samples:
    """Louder by `gain` decibels, or as much louder as 16 bits hold."""
    if gain == 0:
        return samples
    peak = int(np.abs(samples.astype(np.int32)).max())
    factor = min(_ratio(gain), 32767 / peak)
    return np.round(samples * factor).astype(np.int16)
