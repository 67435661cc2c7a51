"""The list of voices, the cast, and finding a language by its tag."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from audiobook.audio.clip import Clip
from audiobook.engines import espeak_library
from audiobook.engines.base import castable
from audiobook.engines.espeak import Espeak
from audiobook.engines.espeak_voices import PALETTE, find_language, primary, read_languages, read_variants
from audiobook.engines.tone import Tone

Say = Callable[..., Clip]
LANGUAGES = read_languages(espeak_library.data_folder())
LINE = "She walked along the harbour wall while the gulls argued over a broken loaf."


def test_all_languages_and_variants_are_there(espeak: Espeak) -> None:
    ids = {voice.id for voice in espeak.voices()}
    assert len(LANGUAGES) > 130
    for voice in (
        "espeak:en-gb",
        "espeak:en-gb+f3",
        "espeak:en-us+Mr serious",
        "espeak:cmn+m1",
        "espeak:pt-br",
    ):
        assert voice in ids
    variants = read_variants(espeak_library.data_folder())
    assert all(f"espeak:fr+{variant}" in ids for variant in variants)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", "en-gb"),
        ("en-GB", "en-gb"),
        ("en-US", "en-us"),
        ("en-AU", "en-gb"),
        ("en_us", "en-us"),
        ("fr", "fr"),
        ("fr-CA", "fr"),
        ("fr-BE", "fr-be"),
        ("zh", "cmn"),
        ("zh-Hans-CN", "cmn"),
        ("zh-HK", "yue"),
        ("ja-JP", "ja"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("pt-BR", "pt-br"),
        ("pt", "pt"),
        ("es-MX", "es-419"),
        ("sr-Latn", "sr"),
        ("de-AT", "de"),
        ("la", "la"),
    ],
)
def test_a_tag_finds_its_language(tag: str, language: str) -> None:
    found = find_language(tag, LANGUAGES)
    assert found is not None
    assert found.local == language


@pytest.mark.parametrize("tag", ["", "tlh", "und", "x-private"])
def test_a_language_it_does_not_speak_is_none(tag: str) -> None:
    assert find_language(tag, LANGUAGES) is None


def test_names_of_one_language_are_one() -> None:
    assert primary("zh-Hant") == primary("cmn") == "cmn"
    assert primary("EN_us") == "en"


def test_the_narrator_stands_first(espeak: Espeak) -> None:
    assert espeak.voices()[0].id == "espeak:en-gb+m3"
    assert espeak.palette("en-US")[0].id == "espeak:en-us+m3"
    assert espeak.palette("de")[0].id == "espeak:de+m3"


def test_a_language_it_does_not_speak_has_no_palette(espeak: Espeak) -> None:
    assert espeak.palette("tlh") == ()


def test_a_book_is_cast_from_the_palette_of_its_language(espeak: Espeak) -> None:
    assert castable(espeak, "en-US") == espeak.palette("en-US")
    assert castable(espeak, "tlh") == espeak.voices()
    assert castable(Tone({}), "en") == Tone({}).voices()


def test_every_voice_of_a_palette_is_listed(espeak: Espeak) -> None:
    listed = {voice.id: voice for voice in espeak.voices()}
    for tag in ("en-GB", "en-US", "fr", "es", "ru"):
        assert all(listed[voice.id] == voice for voice in espeak.palette(tag))


def test_a_palette_has_both_sexes_and_all_ages(espeak: Espeak) -> None:
    kinds = {(voice.gender, voice.age) for voice in espeak.palette("en")}
    assert kinds == set(itertools.product("FM", ("child", "young", "adult", "old")))


def test_accents_mix_within_a_language_only(espeak: Espeak) -> None:
    british = {voice.local.split("+")[0] for voice in espeak.palette("en-GB")}
    american = {voice.local.split("+")[0] for voice in espeak.palette("en-US")}
    assert len(british) > 2
    assert all(accent.startswith("en-gb") for accent in british)
    assert all(accent.startswith("en-us") for accent in american)


def test_sexes_and_ages_are_heard(espeak: Espeak, say: Say, pitch: Callable[[Clip], float]) -> None:
    """Measured: men below women, children above men."""
    for voice in espeak.palette("en-GB"):
        hertz = pitch(say(LINE, voice.local))
        if voice.age == "child":
            assert 185 < hertz < 330, voice
        elif voice.gender == "M":
            assert 75 < hertz < 140, voice
        else:
            assert 150 < hertz < 250, voice


def test_a_cast_is_equally_loud(espeak: Espeak, say: Say, loudness: Callable[[Clip], float]) -> None:
    levels = [loudness(say(LINE, voice.local)) for voice in espeak.palette("en-GB")]
    assert max(levels) - min(levels) < 3


def test_no_voice_of_a_cast_is_distorted(espeak: Espeak, say: Say) -> None:
    assert all(
        np.abs(say(LINE, voice.local).samples.astype(int)).max() < 32_000 for voice in espeak.palette("en-GB")
    )


def test_no_two_voices_of_a_cast_are_alike(espeak: Espeak) -> None:
    assert len({(timbre.variant, timbre.pitch) for timbre in PALETTE}) == len(PALETTE)


def test_effects_are_listed_last_and_have_no_sex(espeak: Espeak) -> None:
    british = [voice for voice in espeak.voices() if voice.local.startswith("en-gb+")]
    effects = [voice for voice in british if voice.description == "an effect"]
    assert len(effects) > 10
    assert british[-len(effects) :] == effects
    assert all(voice.gender == "" for voice in effects)


@pytest.mark.slow
def test_every_language_speaks(say: Say) -> None:
    scripts = {"ka": "გამარჯობა", "th": "สวัสดี", "ko": "안녕하세요", "hy": "բարեւ"}
    texts = {local: f"{scripts.get(local, 'Anna')} 1 2 3." for local in LANGUAGES}
    assert [local for local, text in texts.items() if say(text, local).seconds < 0.3] == []


def test_a_language_without_its_dictionary_is_left_out() -> None:
    assert "fo" not in LANGUAGES
    assert find_language("fo", LANGUAGES) is None
