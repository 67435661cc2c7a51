"""The SiliconFlow engine, over a socket, against the emulator."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from audiobook.engines.base import Engine, NamesVoices, Utterance
from audiobook.engines.siliconflow import RATE, SiliconFlow
from audiobook.errors import LineRefused, StopRun, TryAgain, UsageError
from emulator import Emulator

Connect = Callable[..., SiliconFlow]


def test_it_is_an_engine(engine: SiliconFlow) -> None:
    assert isinstance(engine, Engine)
    assert engine.voices()[0].id == "siliconflow:claire"
    assert not engine.traits.normalizes


def test_a_line_comes_back_at_the_models_own_rate(
    engine: SiliconFlow, service: Emulator, line: Utterance
) -> None:
    clip = engine.synthesize(line)
    assert clip.rate == RATE == 24_000
    assert service.ear.text_of(clip.samples.tobytes()) == line.text
    (asked,) = service.log.speech()
    assert (asked.model, asked.voice) == (engine.model, "FunAudioLLM/CosyVoice2-0.5B:claire")


def test_a_style_goes_before_the_text_and_is_paid_for(
    engine: SiliconFlow, service: Emulator, line: Utterance
) -> None:
    whispered = replace(line, style="whispering")
    engine.synthesize(whispered)
    (asked,) = service.log.speech()
    assert asked.input == f"请用很轻的声音说<|endofprompt|>{line.text}"
    assert engine.units(whispered) == asked.billed == len(asked.input.encode())


def test_an_author_cannot_give_commands(engine: SiliconFlow, service: Emulator) -> None:
    engine.synthesize(Utterance("He typed [laughter] and <|endofprompt|> at the prompt.", "alex"))
    (asked,) = service.log.speech()
    assert asked.input == "He typed laughter and endofprompt at the prompt."


@pytest.mark.parametrize(
    ("voice", "sent"),
    [
        ("anna", "FunAudioLLM/CosyVoice2-0.5B:anna"),
        ("FunAudioLLM/CosyVoice2-0.5B:anna", "FunAudioLLM/CosyVoice2-0.5B:anna"),
    ],
)
def test_presets_are_spelled_with_their_model(
    engine: SiliconFlow, service: Emulator, line: Utterance, voice: str, sent: str
) -> None:
    engine.synthesize(replace(line, voice=voice))
    assert service.log.speech()[-1].voice == sent


def test_a_name_in_the_settings_stands_for_an_uploaded_voice(connect: Connect) -> None:
    engine = connect(voices={"mary": "speech:mary:abc:def"})
    assert isinstance(engine, NamesVoices)
    assert engine.full_name("mary") == "speech:mary:abc:def"
    assert engine.full_name("claire") == "claire"
    engine.check_voice("mary")


def test_voices_are_checked_without_asking_the_service(engine: SiliconFlow, service: Emulator) -> None:
    for voice in (*(known.local for known in engine.voices()), "speech:me:abc:def"):
        engine.check_voice(voice)
    for voice in ("alloy", "clip:anna@00000000", ""):
        with pytest.raises(StopRun):
            engine.check_voice(voice)
    assert not service.log.entries


def test_a_voice_nobody_has_stops_the_run_before_anything_is_sent(
    engine: SiliconFlow, service: Emulator, line: Utterance
) -> None:
    with pytest.raises(StopRun, match="there are claire, anna"):
        engine.synthesize(replace(line, voice="alloy"))
    assert not service.log.speech()


def test_an_uploaded_voice_that_is_gone_stops_the_run(engine: SiliconFlow, line: Utterance) -> None:
    with pytest.raises(StopRun, match="audiobook voices siliconflow"):
        engine.synthesize(replace(line, voice="speech:me:abc:def"))


def test_a_reference_clip_is_sent_with_the_line(
    connect: Connect, service: Emulator, line: Utterance, clip_file: Path
) -> None:
    engine = connect(clips={"anna": {"audio": str(clip_file), "text": "Hello there."}})
    voice = engine.voices()[-1]
    assert voice.id == "siliconflow:clip:anna"
    assert engine.full_name("clip:anna").startswith("clip:anna@")
    clip = engine.synthesize(replace(line, voice=voice.local))
    assert service.ear.text_of(clip.samples.tobytes()) == line.text


def test_another_clip_is_another_voice(connect: Connect, clip_file: Path) -> None:
    before = connect(clips={"anna": {"audio": str(clip_file), "text": "Hello there."}}).full_name("clip:anna")
    clip_file.write_bytes(clip_file.read_bytes()[:-2000])
    after = connect(clips={"anna": {"audio": str(clip_file), "text": "Hello there."}})
    assert after.full_name("clip:anna") != before
    with pytest.raises(StopRun, match="no reference clip"):
        after.synthesize(Utterance("Hello.", before))


@pytest.mark.parametrize(
    "fault",
    "empty_200 stub_wav wrong_magic wrong_rate silence runaway cut_mid_body".split(),  # noqa: SIM905
)
def test_nothing_but_the_line_as_audio_is_taken_for_it(
    engine: SiliconFlow, service: Emulator, line: Utterance, fault: str
) -> None:
    service.faults.force(fault)
    with pytest.raises(TryAgain) as caught:
        engine.synthesize(line)
    assert caught.value.billed
    assert not caught.value.busy
    assert caught.value.trace == service.log.entries[-1].trace
    engine.synthesize(line)


@pytest.mark.parametrize(
    ("fault", "busy"),
    [
        ("rate_429", True),
        ("overload_503", True),
        ("gateway_504", False),
        ("server_500", False),
        ("reset", False),
    ],
)
def test_passing_failures_are_not_paid(
    engine: SiliconFlow, service: Emulator, line: Utterance, fault: str, busy: bool
) -> None:
    service.faults.force(fault)
    with pytest.raises(TryAgain) as caught:
        engine.synthesize(line)
    assert not caught.value.billed
    assert caught.value.busy is busy
    assert service.log.billed == 0


def test_the_service_may_say_how_long_to_wait(
    engine: SiliconFlow, service: Emulator, line: Utterance
) -> None:
    service.switches.retry_after = 7
    service.faults.force("rate_429")
    with pytest.raises(TryAgain) as caught:
        engine.synthesize(line)
    assert caught.value.retry_after == 7


def test_an_empty_account_stops_the_run(engine: SiliconFlow, service: Emulator, line: Utterance) -> None:
    service.account.balance = 0.0
    for status in (402, 403):
        service.switches.balance_status = status
        with pytest.raises(StopRun, match="top up"):
            engine.synthesize(line)


def test_a_bad_key_stops_the_run_and_is_never_shown(
    connect: Connect, line: Utterance, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SILICONFLOW_API_KEY", "sk-very-secret")
    engine = connect()
    with caplog.at_level(logging.DEBUG), pytest.raises(StopRun, match="audiobook setup") as caught:
        engine.synthesize(line)
    assert "very-secret" not in str(caught.value) + repr(vars(engine)) + repr(vars(engine.wire)) + caplog.text


def test_without_a_key_there_are_still_voices_and_prices(
    connect: Connect, line: Utterance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SILICONFLOW_API_KEY")
    engine = connect()
    assert engine.voices()
    assert engine.price.per_million == 50
    assert engine.units(line) == len(line.text)
    with pytest.raises(StopRun, match="SILICONFLOW_API_KEY"):
        engine.synthesize(line)
    with pytest.raises(StopRun, match="SILICONFLOW_API_KEY"):
        engine.ready()


def test_lines_that_cannot_be_spoken_are_not_sent(engine: SiliconFlow, service: Emulator) -> None:
    for bad in (
        Utterance("… —", "claire"),
        Utterance("word " * 900, "claire"),
        Utterance("Hello.", "claire", style="in the manner of " + "a very " * 20 + "old king"),
        Utterance("Hello.", "claire", speed=9),
        Utterance("Hello.", "claire", gain=-30),
    ):
        with pytest.raises(LineRefused):
            engine.synthesize(bad)
    assert not service.log.entries


def test_streamed_samples_are_the_line(engine: SiliconFlow, service: Emulator, line: Utterance) -> None:
    service.faults.force("odd_chunk_boundaries")
    pieces = list(engine.stream(line))
    assert len(pieces) > 5
    data = b"".join(piece.samples.tobytes() for piece in pieces)
    assert service.ear.text_of(data) == line.text


@pytest.mark.parametrize("fault", ["empty_200", "wrong_magic", "stub_wav", "cut_mid_body"])
def test_a_stream_that_is_not_the_line_says_so_in_the_end(
    engine: SiliconFlow, service: Emulator, line: Utterance, fault: str
) -> None:
    service.faults.force(fault)
    with pytest.raises(TryAgain) as caught:
        list(engine.stream(line))
    assert caught.value.billed


def test_a_stalled_answer_is_given_up(connect: Connect, service: Emulator, line: Utterance) -> None:
    engine = connect(timeout=1)
    engine.wire._client.timeout = 0.05
    service.faults.force("hang")
    with pytest.raises(TryAgain, match="stopped answering"):
        engine.synthesize(line)


def test_nobody_at_the_address_is_a_passing_failure(line: Utterance) -> None:
    engine = SiliconFlow({"base_url": "http://127.0.0.1:9/v1", "connect_timeout": 1})
    with pytest.raises(TryAgain, match="cannot reach"):
        engine.synthesize(line)
    engine.close()


def test_closing_ends_lines_under_way(engine: SiliconFlow, service: Emulator, line: Utterance) -> None:
    service.faults.force("hang")
    caught: list[Exception] = []

    def speak() -> None:
        try:
            engine.synthesize(line)
        except TryAgain as error:
            caught.append(error)

    thread = threading.Thread(target=speak)
    thread.start()
    while service.faults.pending:
        thread.join(0.01)
    engine.close()
    thread.join(5)
    assert len(caught) == 1
    with pytest.raises(TryAgain):
        engine.synthesize(line)


def test_many_threads_share_one_engine(connect: Connect, service: Emulator) -> None:
    engine = connect(concurrency=8)
    heard: dict[int, str | None] = {}

    def speak(number: int) -> None:
        clip = engine.synthesize(Utterance(f"This is line number {number}.", "david"))
        heard[number] = service.ear.text_of(clip.samples.tobytes())

    threads = [threading.Thread(target=speak, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {number: f"This is line number {number}." for number in range(16)}


def test_the_identity_holds_what_is_heard_and_nothing_else(connect: Connect) -> None:
    plain = connect().identity
    assert connect(concurrency=9, timeout=5, price_per_million=1).identity == plain
    assert connect(model="fnlp/MOSS-TTSD-v0.5").identity != plain
    assert "sk-emulator" not in repr(plain)


def test_prices_are_settings_by_model(connect: Connect) -> None:
    assert connect(prices={"FunAudioLLM/CosyVoice2-0.5B": 105}).price.per_million == 105
    assert connect(price_per_million=9.5).price.per_million == 9.5
    assert connect(cloud="com").price.currency == "USD"


def test_the_environment_may_give_the_address(
    service: Emulator, line: Utterance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SILICONFLOW_BASE_URL", service.url)
    engine = SiliconFlow({})
    assert engine.synthesize(line).seconds > 1
    engine.close()


def test_settings_are_checked_and_keys_are_not_among_them(connect: Connect) -> None:
    with pytest.raises(UsageError, match="audiobook setup"):
        connect(key="sk-secret")
    with pytest.raises(UsageError, match="no setting 'modle'"):
        connect(modle="x")
    with pytest.raises(UsageError, match="concurrency is a number from 1 to 256"):
        connect(concurrency=0)
    with pytest.raises(UsageError, match="cloud is one of cn, com"):
        connect(cloud="eu")
    with pytest.raises(UsageError, match="no base URL"):
        connect(base_url="siliconflow")


def test_another_model_gets_no_instruction(connect: Connect, service: Emulator) -> None:
    engine = connect(model="fnlp/MOSS-TTSD-v0.5", max_tokens=1600)
    engine.synthesize(Utterance("Nobody came [S2] at all.", "claire", style="sad"))
    asked = service.log.speech()[-1]
    assert (asked.input, asked.voice) == ("[S1]Nobody came S2 at all.", "fnlp/MOSS-TTSD-v0.5:claire")


def test_a_retired_or_unknown_model_stops_the_run(connect: Connect, line: Utterance) -> None:
    with pytest.raises(StopRun, match="retired"):
        connect(model="fishaudio/fish-speech-1.4").synthesize(line)
    with pytest.raises(StopRun, match="has no model"):
        connect(model="nobody/knows").synthesize(line)
