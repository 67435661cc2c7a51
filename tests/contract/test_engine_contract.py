"""What every engine promises, whatever it is made of (audiobook/engines/base.py)."""

from __future__ import annotations

import contextlib
import pickle
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiobook import engines
from audiobook.audio.clip import Clip
from audiobook.engines.base import Engine, Utterance, Voice
from audiobook.errors import EngineError, LineRefused, StopRun, TryAgain, UsageError

if TYPE_CHECKING:
    from conftest import Candidate

SENTENCE = "The ferry leaves at nine, and the harbour master waves to nobody in particular."


def hearable(clip: Clip) -> bool:
    return (
        clip.samples.dtype == np.int16 and clip.samples.ndim == 1 and bool(np.abs(clip.samples).max() > 200)
    )


def test_it_is_an_engine_under_its_own_name(candidate: Candidate) -> None:
    assert isinstance(candidate.engine, Engine)
    assert engines.engine_class(candidate.engine.name) is type(candidate.engine)


def test_its_identity_is_the_same_every_time_it_is_opened(candidate: Candidate) -> None:
    identity = candidate.engine.identity
    assert identity == candidate.engine.identity == candidate.another().identity
    assert identity
    assert all(isinstance(key, str) and isinstance(value, str) for key, value in identity)
    assert len({key for key, _ in identity}) == len(identity)


def test_its_identity_holds_no_secret_and_no_address(candidate: Candidate) -> None:
    text = repr(candidate.engine.identity)
    assert "://" not in text
    assert not any(secret in text for secret in candidate.secrets)


def test_it_lists_voices_with_names_of_their_own(candidate: Candidate) -> None:
    voices = candidate.engine.voices()
    assert voices
    assert len({voice.id for voice in voices}) == len(voices)
    for voice in voices:
        assert voice.engine == candidate.engine.name
        assert voice.local
        assert voice.name
        assert voice.gender in ("F", "M", "")
        assert voice.age in ("child", "young", "adult", "old", "")


def test_it_lists_voices_in_the_same_order_every_time(candidate: Candidate) -> None:
    assert candidate.engine.voices() == candidate.engine.voices() == candidate.another().voices()


def test_voices_name_languages_as_tags(candidate: Candidate) -> None:
    tags = {tag for voice in candidate.engine.voices() for tag in voice.languages}
    assert all(tag and " " not in tag and "_" not in tag and tag.split("-")[0].isalpha() for tag in tags)


def test_its_limits_leave_room_for_a_sentence(candidate: Candidate) -> None:
    limits = candidate.engine.limits
    assert limits.characters >= 100
    assert limits.characters_cjk >= 30
    assert limits.concurrency >= 0
    assert limits.requests_per_minute is None or limits.requests_per_minute > 0
    assert limits.bytes_per_minute is None or limits.bytes_per_minute > 0


def test_its_price_can_be_reckoned_with(candidate: Candidate) -> None:
    price = candidate.engine.price
    assert price.per_million >= 0
    assert price.unit in ("bytes", "characters")
    assert bool(price.currency) or price.per_million == 0


@pytest.mark.parametrize("text", ["ship", "Schön, schön!", "船来了。", "“Yes”—she said…"])
def test_units_count_what_is_billed(candidate: Candidate, text: str) -> None:
    units = candidate.engine.units(candidate.say(text))
    assert units >= len(text)
    if candidate.engine.price.unit == "bytes":
        assert units >= len(text.encode())


def test_more_text_costs_more(candidate: Candidate) -> None:
    units = candidate.engine.units
    assert units(candidate.say(SENTENCE)) < units(candidate.say(SENTENCE + " " + SENTENCE))


def test_it_speaks_mono_sound_of_16_bits(candidate: Candidate) -> None:
    clip = candidate.engine.synthesize(candidate.say(SENTENCE))
    assert hearable(clip)
    assert 8_000 <= clip.rate <= 192_000


def test_speech_takes_as_long_as_speech_does(candidate: Candidate) -> None:
    clip = candidate.engine.synthesize(candidate.say(SENTENCE))
    assert len(SENTENCE) / 40 < clip.seconds < len(SENTENCE) / 6


def test_longer_text_is_longer_sound(candidate: Candidate) -> None:
    short = candidate.engine.synthesize(candidate.say("The ferry leaves."))
    long = candidate.engine.synthesize(candidate.say(SENTENCE))
    assert long.seconds > 1.5 * short.seconds


def test_the_same_utterance_is_the_same_take(candidate: Candidate) -> None:
    if not candidate.deterministic:
        pytest.skip("this engine never says a thing twice in the same way")
    one = candidate.engine.synthesize(candidate.say(SENTENCE))
    candidate.engine.synthesize(candidate.say("Something quite different in between."))
    other = candidate.engine.synthesize(candidate.say(SENTENCE))
    assert np.array_equal(one.samples, other.samples)


def test_voices_sound_different(candidate: Candidate) -> None:
    voices = [voice.local for voice in candidate.engine.voices()[:2]]
    if len(voices) < 2:
        pytest.skip("it has one voice")
    one, other = (candidate.engine.synthesize(candidate.say(SENTENCE, voice=voice)) for voice in voices)
    assert not np.array_equal(one.samples, other.samples)


def test_speed_makes_it_faster_and_slower(candidate: Candidate) -> None:
    if not candidate.engine.traits.speed:
        pytest.skip("it has one speed")
    slow, plain, fast = (
        candidate.engine.synthesize(candidate.say(SENTENCE, speed=speed)).seconds for speed in (0.8, 1.0, 1.5)
    )
    assert slow > 1.1 * plain
    assert fast < 0.85 * plain


@pytest.mark.parametrize("text", ["", "   ", "…", "“—”", "?!", "\n", "\u200b"])
def test_a_text_without_anything_to_say_is_refused(candidate: Candidate, text: str) -> None:
    with pytest.raises(LineRefused):
        candidate.engine.synthesize(candidate.say(text))


def test_a_voice_that_does_not_exist_stops_the_run(candidate: Candidate) -> None:
    with pytest.raises(StopRun, match="nobody-is-called-this"):
        candidate.engine.synthesize(candidate.say(SENTENCE, voice="nobody-is-called-this"))


@pytest.mark.parametrize(
    "text",
    [
        "<speak>Tom & Jerry</speak>",
        "[[h@'loU]] world",
        "A\u0001+10p B\u0007\u001b[0m C",
        "50% of {braces} \\n and $(backquotes)",
        "ﬁne naïve façade\u00ad soft\u2060joined",
        "an emoji 🎻 and a flag 🇫🇮",
        "lonely surrogate \ud800 here",
    ],
)
def test_odd_text_is_spoken_or_refused_and_nothing_else(candidate: Candidate, text: str) -> None:
    with contextlib.suppress(LineRefused):
        assert hearable(candidate.engine.synthesize(candidate.say(text)))


def test_a_text_as_long_as_its_limit_is_spoken(candidate: Candidate) -> None:
    limit = candidate.engine.limits.characters
    text = (SENTENCE + " ") * (min(limit, 2000) // (len(SENTENCE) + 1))
    clip = candidate.engine.synthesize(candidate.say(text.strip()))
    assert clip.seconds > len(text) / 40


def test_a_stream_is_the_same_speech_in_pieces(candidate: Candidate) -> None:
    pieces = list(candidate.engine.stream(candidate.say(SENTENCE)))
    assert pieces
    assert len({piece.rate for piece in pieces}) == 1
    seconds = sum(piece.seconds for piece in pieces)
    assert seconds == pytest.approx(candidate.engine.synthesize(candidate.say(SENTENCE)).seconds, rel=0.2)


def test_closing_it_ends_speech_with_try_again(candidate: Candidate) -> None:
    engine, failures = candidate.another(), []
    spoken = threading.Event()

    def speak() -> None:
        try:
            while True:
                engine.synthesize(candidate.say(SENTENCE * 8))
                spoken.set()
        except EngineError as error:
            failures.append(error)

    thread = threading.Thread(target=speak)
    thread.start()
    assert spoken.wait(20)
    engine.close()
    thread.join(10)
    assert not thread.is_alive()
    assert isinstance(failures[0], TryAgain)


def test_closing_it_twice_does_no_harm(candidate: Candidate) -> None:
    engine = candidate.another()
    engine.close()
    engine.close()


def test_two_opened_engines_do_not_disturb_each_other(candidate: Candidate) -> None:
    other = candidate.another()
    other.synthesize(candidate.say(SENTENCE))
    other.close()
    assert hearable(candidate.engine.synthesize(candidate.say(SENTENCE)))


def test_several_threads_may_speak_at_once(candidate: Candidate) -> None:
    texts = [f"Line number {number} of several." for number in range(8)]
    heard: dict[str, Clip] = {}

    def speak(text: str) -> None:
        heard[text] = candidate.engine.synthesize(candidate.say(text))

    threads = [threading.Thread(target=speak, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert set(heard) == set(texts)
    if candidate.deterministic:
        for text, clip in heard.items():
            assert np.array_equal(clip.samples, candidate.engine.synthesize(candidate.say(text)).samples)


def test_an_unknown_setting_is_a_usage_error(candidate: Candidate) -> None:
    with pytest.raises(UsageError, match="no-such-setting"):
        type(candidate.engine)({**candidate.settings, "no-such-setting": 1})


def test_what_crosses_to_another_process_can_be_pickled(candidate: Candidate) -> None:
    utterance = candidate.say(SENTENCE, phonemes=((0, 3, "ðə"),))
    assert pickle.loads(pickle.dumps(utterance)) == utterance
    clip = candidate.engine.synthesize(utterance)
    copy = pickle.loads(pickle.dumps(clip))
    assert copy.rate == clip.rate
    assert np.array_equal(copy.samples, clip.samples)
    assert pickle.loads(pickle.dumps(candidate.settings)) == candidate.settings


@pytest.mark.parametrize(
    "error",
    [
        TryAgain("later", retry_after=3.5, busy=True, trace="t-1"),
        LineRefused("no", trace="t-2"),
        StopRun("never"),
    ],
)
def test_errors_arrive_whole_in_another_process(error: EngineError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert copy.message == error.message
    assert vars(copy) == vars(error)


def test_values_are_what_they_say() -> None:
    voice = Voice("siliconflow:speech:mine:abc", "Mine")
    assert (voice.engine, voice.local) == ("siliconflow", "speech:mine:abc")
    assert Utterance("a", "b") == Utterance("a", "b")
