"""CosyVoice on one's own machine, OpenAI's imitators, and the listener."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from audiobook.audio.clip import Clip
from audiobook.engines.base import ChecksVoices, Engine, Utterance
from audiobook.engines.cosyvoice import CosyVoice
from audiobook.engines.http import translated
from audiobook.engines.openai import OpenAI
from audiobook.engines.siliconflow import SiliconFlow
from audiobook.engines.transcription import Listener
from audiobook.errors import AudiobookError, EngineError, LineRefused, StopRun, TryAgain, UsageError
from emulator import Emulator
from emulator.openai import VARIANTS


@pytest.fixture
def cosyvoice(service: Emulator, clip_file: Path) -> Iterator[CosyVoice]:
    clips = {
        "anna": {"audio": str(clip_file), "text": "Hello there."},
        "mute": {"audio": str(clip_file), "text": ""},
    }
    engine = CosyVoice({"base_url": service.address, "clips": clips, "speakers": ["bob"]})
    yield engine
    engine.close()


def test_a_style_takes_the_instructed_route(cosyvoice: CosyVoice, service: Emulator) -> None:
    assert isinstance(cosyvoice, Engine)
    anna, mute = cosyvoice.voices()[:2]
    for voice, style, route in (
        (anna, "", "/inference_zero_shot"),
        (anna, "sad", "/inference_instruct2"),
        (mute, "", "/inference_cross_lingual"),
    ):
        clip = cosyvoice.synthesize(Utterance("Nobody came at all.", voice.local, style=style))
        assert clip.rate == 24_000
        assert service.log.entries[-1].route == route
        assert service.ear.text_of(clip.samples.tobytes()) == "Nobody came at all."


def test_a_voice_is_checked_before_anything_is_made(cosyvoice: CosyVoice) -> None:
    assert isinstance(cosyvoice, ChecksVoices)
    for voice in cosyvoice.voices():
        cosyvoice.check_voice(voice.local)
    with pytest.raises(StopRun, match="anna@"):
        cosyvoice.check_voice("clip:anna@00000000")


def test_what_fails_after_the_200_says_what_to_look_for(cosyvoice: CosyVoice, service: Emulator) -> None:
    service.cosyvoice.switches.broken = True
    with pytest.raises(TryAgain, match="December 2025"):
        cosyvoice.synthesize(Utterance("Nobody came.", cosyvoice.voices()[0].local))
    with pytest.raises(TryAgain):
        cosyvoice.synthesize(Utterance("Nobody came.", "sft:bob"))


def test_a_stream_of_samples_is_the_line(cosyvoice: CosyVoice, service: Emulator) -> None:
    pieces = list(cosyvoice.stream(Utterance("Nobody came. It was late.", cosyvoice.voices()[0].local)))
    assert len(pieces) >= 2
    assert service.ear.text_of(b"".join(piece.samples.tobytes() for piece in pieces))


def test_version_three_gets_its_preamble(service: Emulator, clip_file: Path) -> None:
    service.cosyvoice.switches.version = "v3"
    clips = {"anna": {"audio": str(clip_file), "text": "Hello there."}}
    engine = CosyVoice({"base_url": service.address, "clips": clips, "version": "v3"})
    for style in ("", "sad"):
        engine.synthesize(Utterance("Nobody came.", engine.voices()[0].local, style=style))
        assert service.log.entries[-1].model.startswith("You are a helpful assistant.")
    engine.close()


def imitator(service: Emulator, **settings: Any) -> OpenAI:
    return OpenAI({"base_url": service.openai_url, **settings})


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("form", ["wav", "pcm", "mp3"])
def test_every_imitator_is_understood(service: Emulator, variant: str, form: str) -> None:
    service.openai.variant = variant
    engine = imitator(service, format=form, rate=22_050 if variant == "openedai" else 24_000)
    clip = engine.synthesize(Utterance("Nobody came at all.", "alloy"))
    assert clip.rate == (22_050 if variant == "openedai" else 24_000)
    if form != "mp3":
        assert service.ear.text_of(clip.samples.tobytes()) == "Nobody came at all."
    assert sum(piece.seconds for piece in engine.stream(Utterance("Nobody.", "alloy"))) > 0.3
    with pytest.raises(StopRun, match="no voice nobody"):
        engine.synthesize(Utterance("Nobody came at all.", "nobody"))
    engine.close()


def test_voices_are_listed_in_any_shape(service: Emulator) -> None:
    for variant, names in (("kokoro", ["af_heart", "bm_george"]), ("localai", [])):
        service.openai.variant = variant
        engine = imitator(service)
        assert [voice.local for voice in engine.voices()] == names
        engine.close()


def test_a_style_becomes_instructions_unless_told_otherwise(service: Emulator) -> None:
    for setting, sent in (("auto", "sad"), ("never", "")):
        engine = imitator(service, instructions=setting)
        engine.synthesize(Utterance("Nobody came.", "alloy", style="sad"))
        assert service.log.entries[-1].fault == sent
        engine.close()


def test_the_key_for_openai_goes_to_openai_alone(service: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    monkeypatch.setenv("MY_KEY", "sk-mine")
    for settings, sent in (({}, ""), ({"key_variable": "MY_KEY"}, "Bearer sk-mine")):
        engine = imitator(service, **settings)
        engine.synthesize(Utterance("Nobody came.", "alloy"))
        assert service.openai.authorizations[-1] == sent
        engine.close()
    with pytest.raises(StopRun, match="OTHER_KEY is not set"):
        imitator(service, key_variable="OTHER_KEY").synthesize(Utterance("Nobody came.", "alloy"))


def test_an_address_of_the_environment_comes_with_its_key(
    service: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", service.openai_url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-paired")
    engine = OpenAI({})
    engine.synthesize(Utterance("Nobody came.", "alloy"))
    assert service.openai.authorizations[-1] == "Bearer sk-paired"
    engine.close()


def test_extra_fields_are_sent_and_part_of_the_identity(service: Emulator) -> None:
    plain, extra = imitator(service), imitator(service, extra={"stream": False})
    assert plain.identity != extra.identity
    extra.synthesize(Utterance("Nobody came.", "alloy"))
    for engine in (plain, extra):
        engine.close()


def test_too_long_a_line_is_refused(service: Emulator) -> None:
    engine = imitator(service)
    with pytest.raises(LineRefused):
        engine.synthesize(Utterance("word " * 900, "alloy"))
    engine.close()


def test_a_recording_is_heard(service: Emulator, engine: SiliconFlow) -> None:
    clip = engine.synthesize(Utterance("Nobody came at all.", "anna"))
    service.switches.emoji = "😊"
    for settings in (
        {"base_url": service.url},
        {"service": "openai", "base_url": service.openai_url},
    ):
        listener = Listener(settings)
        assert listener.hear(clip).strip("😊") == "Nobody came at all."
        listener.close()


def test_silence_says_nothing(service: Emulator) -> None:
    listener = Listener({"base_url": service.url})
    assert listener.hear(Clip(np.zeros(24000, np.int16), 24000)) == ""
    listener.close()


def test_a_listener_names_its_mistakes(service: Emulator) -> None:
    listener = Listener({"base_url": service.url, "model": "nobody/hears"})
    with pytest.raises(StopRun, match="no model nobody/hears"):
        listener.hear(Clip(np.full(24000, 1000, np.int16), 24000))
    listener.close()
    with pytest.raises(UsageError, match="service is one of"):
        Listener({"service": "dragon"})


def subclasses(kind: type[Exception]) -> Iterator[type[Exception]]:
    for below in kind.__subclasses__():
        yield below
        yield from subclasses(below)


@pytest.mark.parametrize(
    "kind", sorted(set(subclasses(httpx.HTTPError)) | {httpx.InvalidURL}, key=lambda k: k.__name__)
)
def test_nothing_of_the_http_library_gets_out(kind: type[Exception]) -> None:
    request = httpx.Request("GET", "http://h")
    try:
        error = kind("boom", request=request)
    except TypeError:
        try:
            error = kind("boom", request=request, response=httpx.Response(500))
        except TypeError:
            error = kind("boom")
    with pytest.raises(AudiobookError) as caught, translated("h"):
        raise error
    assert isinstance(caught.value, (EngineError, UsageError))


def test_a_certificate_nobody_trusts_stops_the_run() -> None:
    with pytest.raises(StopRun, match="certificate"), translated("h"):
        raise httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
