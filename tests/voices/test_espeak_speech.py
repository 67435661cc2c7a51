"""The embedded voice: what is heard is what was asked for, the same every time."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobook.audio.clip import Clip
from audiobook.engines import espeak_library
from audiobook.engines.base import Utterance
from audiobook.engines.espeak import Espeak
from audiobook.errors import LineRefused, MissingDependency, StopRun, TryAgain, UsageError

Say = Callable[..., Clip]
LINE = "She walked along the harbour wall while the gulls argued over a broken loaf."


def digest(clip: Clip) -> str:
    return hashlib.sha256(clip.samples.tobytes()).hexdigest()[:16]


def test_it_speaks_at_its_own_rate(say: Say) -> None:
    assert say(LINE).rate == 22_050


def test_order_does_not_change_what_is_heard(say: Say) -> None:
    """Voices with echo, noise and flutter leave something behind in espeak-ng; it must not be heard."""
    lines = [
        (LINE, "en-gb+f3"),
        ("Noise, breath and echo!", "en-us+f2"),
        ("Le vent se lève.", "fr+whisper"),
        ("Croaking along.", "en-gb+croak"),
        ("Nothing special.", "en-gb+klatt4"),
    ]
    forward = {line: digest(say(*line)) for line in lines}
    backward = {line: digest(say(*line)) for line in reversed(lines)}
    assert forward == backward


SCRIPT = """
import hashlib, sys
from audiobook.engines.base import Utterance
from audiobook.engines.espeak import Espeak
engine = Espeak({})
for line in sys.argv[1:]:
    text, voice = line.split("|")
    print(hashlib.sha256(engine.synthesize(Utterance(text, voice)).samples.tobytes()).hexdigest()[:16])
engine.close()
"""


def test_another_process_says_the_same(say: Say) -> None:
    lines = [(LINE, "en-gb+f3"), ("One more.", "de+f2"), ("The last one.", "en-us+whisper")]
    arguments = [f"{text}|{voice}" for text, voice in lines]
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.split() == [digest(say(*line)) for line in lines]


@pytest.mark.parametrize(
    "text", ["<b>bold</b>", "a & b", "[[h@'loU]]", "<break time='9s'/>", "\x01+99p high"]
)
def test_marks_in_a_text_are_no_commands(say: Say, text: str) -> None:
    """Heard as characters or passed over, in no more time than characters take."""
    clip = say(f"before {text} after")
    assert say("before after").seconds <= clip.seconds < 6


def test_brackets_are_text_beside_given_phonemes_too(espeak: Espeak, say: Say) -> None:
    text = "Maurice said [[n'oU]]."
    spelled = say(text.replace("[", "(").replace("]", ")"), phonemes=((0, 7, "mɒˈriːs"),))
    assert np.array_equal(say(text, phonemes=((0, 7, "mɒˈriːs"),)).samples, spelled.samples)


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=120)
def test_any_text_is_spoken_or_refused(say: Say, text: str) -> None:
    try:
        clip = say(text, "en-gb+f3")
    except LineRefused:
        return
    assert clip.samples.any()


def test_a_refusal_shows_the_text(say: Say) -> None:
    with pytest.raises(LineRefused, match="“…”"):
        say("“…”")


@pytest.mark.parametrize("voice", ["", "klingon", "en-gb+nobody", "en-gb@", "en-gb+f3@123", "en-gb+../f3"])
def test_an_unknown_voice_is_named(say: Say, voice: str) -> None:
    with pytest.raises(StopRun, match="audiobook voices"):
        say(LINE, voice)


def test_gain_is_in_decibels(say: Say, loudness: Callable[[Clip], float]) -> None:
    plain = loudness(say(LINE))
    assert loudness(say(LINE, gain=-6.0)) == pytest.approx(plain - 6, abs=0.1)
    assert loudness(say(LINE, gain=2.0)) == pytest.approx(plain + 2, abs=0.1)


def test_no_gain_clips(say: Say) -> None:
    samples = say(LINE, gain=40.0).samples.astype(int)
    assert np.abs(samples).max() <= 32767
    assert (np.abs(samples) >= 32767).sum() < 4


def test_a_voice_can_be_set_higher(say: Say, pitch: Callable[[Clip], float]) -> None:
    low, plain, high = (pitch(say(LINE, f"en-gb+f5{at}")) for at in ("@30", "", "@80"))
    assert low < 0.9 * plain
    assert high > 1.2 * plain


def test_a_foreign_phrase_is_spoken_in_its_language(espeak: Espeak, say: Say) -> None:
    phrase = "Je ne sais quoi"
    french = say(phrase, "en-gb+f3", language="fr")
    assert np.array_equal(french.samples, say(phrase, "fr+f3").samples)
    assert not np.array_equal(french.samples, say(phrase, "en-gb+f3").samples)


@pytest.mark.parametrize("language", ["en", "en-US", "", "tlh-x-none", "EN_gb"])
def test_its_own_language_or_an_unknown_one_keeps_the_voice(say: Say, language: str) -> None:
    assert np.array_equal(say(LINE, language=language).samples, say(LINE).samples)


@pytest.mark.parametrize(
    ("style", "measured"),
    [("whispering", "whisper"), ("shouting", "louder"), ("softly", "softer"), ("quickly", "shorter")],
)
def test_styles_do_what_they_can(
    say: Say, loudness: Callable[[Clip], float], pitch: Callable[[Clip], float], style: str, measured: str
) -> None:
    plain, styled = say(LINE, "en-gb+f3"), say(LINE, "en-gb+f3", style=style)
    assert {
        "whisper": not 150 < pitch(styled) < 300 and loudness(styled) < loudness(plain) - 1,
        "louder": loudness(styled) > loudness(plain) + 2,
        "softer": loudness(styled) < loudness(plain) - 2,
        "shorter": styled.seconds < 0.93 * plain.seconds,
    }[measured]


def test_a_style_it_cannot_show_changes_nothing(say: Say) -> None:
    assert np.array_equal(say(LINE, style="ironically").samples, say(LINE).samples)


def test_pace_is_a_setting() -> None:
    slow, fast = Espeak({"rate": 100}), Espeak({"rate": 250})
    assert (
        slow.synthesize(Utterance(LINE, "en-gb")).seconds
        > 1.8 * fast.synthesize(Utterance(LINE, "en-gb")).seconds
    )
    assert slow.identity != fast.identity


@pytest.mark.parametrize("rate", [79, 451, 140.5, "fast", True])
def test_a_pace_it_cannot_speak_at_is_a_usage_error(rate: object) -> None:
    with pytest.raises(UsageError, match="80 to 450"):
        Espeak({"rate": rate})


def test_extreme_speeds_are_kept_within_what_it_can(say: Say) -> None:
    assert say(LINE, speed=0.01).seconds < 4 * say(LINE).seconds
    assert say(LINE, speed=100.0).seconds > say(LINE).seconds / 5


def test_after_closing_it_does_not_speak(say: Say) -> None:
    engine = Espeak({})
    engine.close()
    with pytest.raises(TryAgain, match="closed"):
        engine.synthesize(Utterance(LINE, "en-gb"))


def test_a_long_way_to_the_data_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """espeak-ng itself takes no path of more than 159 bytes."""
    data = tmp_path.joinpath(*["a folder with a long name"] * 8) / "espeak-ng-data"
    data.parent.mkdir(parents=True)
    data.symlink_to(espeak_library.data_folder())
    monkeypatch.setattr("espeakng_loader.get_data_path", lambda: str(data))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    engine = Espeak({})
    assert engine.synthesize(Utterance(LINE, "en-us")).seconds > 2


def test_a_missing_wheel_is_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    with pytest.raises(MissingDependency, match="pip install espeakng-loader"):
        Espeak({})


def test_lost_data_stop_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    engine = Espeak({})
    monkeypatch.setattr(engine._library, "_home", tmp_path / "gone")
    with pytest.raises(StopRun, match="cannot read its data"):
        engine.synthesize(Utterance(LINE, "en-gb"))


def test_an_interrupt_is_not_lost_inside_the_library(espeak: Espeak, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(espeak._closed, "is_set", interrupted)
    with pytest.raises(KeyboardInterrupt):
        espeak.synthesize(Utterance(LINE, "en-gb"))


def test_a_very_long_line_loses_nothing(say: Say) -> None:
    """Without a comma for espeak-ng to breathe at."""
    words = "and then the boat went over the wave "
    assert say(words * 60).seconds > 0.9 * 60 * say(words * 2).seconds / 2.2


@pytest.mark.slow
def test_memory_does_not_grow_with_the_book(say: Say) -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4

    if not Path("/proc/self/statm").exists():
        pytest.skip("memory is read from /proc")
    for _ in range(100):
        say("A short line.")
    before = resident()
    for number in range(1500):
        say(f"Line {number}.", "en-us+f3" if number % 2 else "en-gb+m3")
    assert resident() - before < 12_000


@pytest.mark.slow
def test_it_is_hundreds_of_times_faster_than_speech(say: Say) -> None:
    began = time.perf_counter()
    seconds = sum(say(f"{number} {LINE}").seconds for number in range(100))
    assert seconds / (time.perf_counter() - began) > 100
