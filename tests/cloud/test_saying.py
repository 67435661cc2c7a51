"""`audiobook say`: sentences as they complete, one request ahead, sound as it comes."""

from __future__ import annotations

import io
import sys
import threading
import time
import wave
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.audio.clip import Clip
from audiobook.audio.decoding import decode
from audiobook.cli.main import run
from audiobook.engines.base import Utterance
from audiobook.engines.siliconflow import SiliconFlow
from audiobook.errors import StopRun
from audiobook.pipeline import preferences
from audiobook.pipeline.sounding import Pipe
from audiobook.pipeline.speaking import Cutter, Manner, Speaker, cut_stream, utterances, with_pauses
from emulator import Emulator

STORY = (
    "It was late. Mr. Smith came home at half past ten, and nobody was there! “Who is it?” he asked. "
    "Then he slept."
)
SENTENCES = [
    "It was late.",
    "Mr. Smith came home at half past ten, and nobody was there!",
    "“Who is it?” he asked.",
    "Then he slept.",
]
Connect = Callable[..., SiliconFlow]


def test_a_text_is_cut_into_sentences() -> None:
    assert list(cut_stream([STORY], Cutter("en"))) == SENTENCES


@given(st.lists(st.integers(1, len(STORY) - 1), max_size=30))
def test_it_does_not_matter_in_which_pieces_a_text_arrives(cuts: list[int]) -> None:
    pieces = [STORY[start:end] for start, end in pairwise(sorted({0, *cuts, len(STORY)}))]
    said = list(cut_stream(pieces, Cutter("en")))
    assert " ".join(said) == STORY
    assert len(said) >= 3


def test_a_sentence_is_complete_when_the_next_begins() -> None:
    cutter = Cutter("en")
    assert cutter.feed("It was late. ") == []
    assert cutter.feed("Then ") == ["It was late."]
    assert cutter.finish() == ["Then"]


def test_a_line_that_looks_complete_is_complete_and_others_wait() -> None:
    cutter = Cutter("en")
    assert cutter.feed("It was late.\n") == ["It was late."]
    assert cutter.feed("Then he\n") == []
    assert cutter.feed("slept\n\n") == ["Then he slept"]


def test_what_a_person_types_is_complete_by_the_line() -> None:
    assert Cutter("en", by_line=True).feed("no stop here\nand ") == ["no stop here"]


def test_a_pause_completes_what_looks_complete() -> None:
    cutter = Cutter("")
    cutter.feed("It was late.")
    assert cutter.pause() == ["It was late."]
    cutter.feed("Then he")
    assert cutter.pause() == []
    cutter.feed(" slept")
    assert cutter.finish() == ["Then he slept"]


def test_chinese_is_cut_without_spaces() -> None:
    assert list(cut_stream(["天黑了。", "他回家", "了！没有人。"], Cutter(""))) == [
        "天黑了。",
        "他回家了！",
        "没有人。",
    ]


def test_pauses_of_a_stream_are_noticed() -> None:
    gate = threading.Event()
    pieces = iter(["one", "two", ""])

    def read() -> str:
        piece = next(pieces)
        if piece == "two":
            gate.wait(5)
        return piece

    found = []
    for piece in with_pauses(read, idle=0.01):
        found.append(piece)
        if piece is None:
            gate.set()
    assert found == ["one", None, "two"] or found == ["one", None, "two", None]


class Ear:
    """A sink that plays in real time and remembers when it had nothing to play."""

    def __init__(self) -> None:
        self.pieces: list[tuple[float, Clip]] = []

    def write(self, clip: Clip) -> None:
        self.pieces.append((time.monotonic(), clip))

    @property
    def gap(self) -> float:
        """The longest silence that a listener would notice, once the first piece is there."""
        end, longest = self.pieces[0][0], 0.0
        for at, clip in self.pieces:
            longest = max(longest, at - end)
            end = max(end, at) + clip.seconds
        return longest

    @property
    def data(self) -> bytes:
        return b"".join(clip.samples.tobytes() for _, clip in self.pieces)


def test_there_is_no_gap_while_the_service_is_faster_than_speech(connect: Connect, service: Emulator) -> None:
    service.switches.realtime = 4.0
    service.switches.latency = 0.1
    ear = Ear()
    engine = connect()
    Speaker(engine, ear).say(
        utterances(["It was late.", "Nobody came.", "He slept."], engine, Manner("claire"))
    )
    assert ear.gap < 0.05
    assert len(service.log.speech()) == 3


def test_the_first_sound_leaves_as_soon_as_the_service_sends_it(connect: Connect, service: Emulator) -> None:
    service.switches.realtime = 4.0
    sent: list[float] = []
    spoken = service.siliconflow._packed

    def packed(*arguments: object) -> object:
        sent.append(time.monotonic())
        return spoken(*arguments)  # type: ignore[arg-type]

    service.siliconflow._packed = packed  # type: ignore[method-assign,assignment]
    engine = connect()
    Speaker(engine, Ear()).say([Utterance("Warm up.", "claire")])
    waits = []
    for number in range(3):
        ear = Ear()
        Speaker(engine, ear).say([Utterance(f"He slept {number}.", "claire")])
        waits.append(ear.pieces[0][0] - sent[-1])
    assert min(waits) < 0.02


def test_one_request_is_kept_ahead_and_no_more(connect: Connect, service: Emulator) -> None:
    asked_when: list[int] = []

    class Slow:
        def write(self, clip: Clip) -> None:
            time.sleep(0.001)
            asked_when.append(len(service.log.speech()))

    lines = [Utterance(f"This is sentence number {number}.", "claire") for number in range(6)]
    Speaker(connect(), Slow()).say(lines)
    first_of_third = len(asked_when) * 2 // 6
    assert asked_when[0] <= 2
    assert asked_when[first_of_third] <= 4
    assert len(service.log.speech()) == 6


def test_passing_failures_are_tried_again_and_nothing_is_said_twice(
    connect: Connect, service: Emulator
) -> None:
    for fault in ("empty_200", "rate_429", "wrong_magic"):
        service.faults.force(fault)
    service.switches.retry_after = 0.01
    ear = Ear()
    engine = connect()
    speaker = Speaker(engine, ear)
    speaker.say(utterances(["Nobody came at all."], engine, Manner("claire")))
    assert speaker.lost == 0
    assert service.ear.text_of(ear.data) == "Nobody came at all."


def test_a_sentence_that_breaks_off_is_named_and_the_rest_is_said(
    connect: Connect, service: Emulator
) -> None:
    service.faults.on_text("second", "cut_mid_body")
    notes: list[str] = []
    engine, ear = connect(), Ear()
    speaker = Speaker(engine, ear, notes.append)
    texts = ["The first one.", "The second one.", "The third one."]
    speaker.say(utterances(texts, engine, Manner("claire")))
    assert speaker.lost == 1
    assert "second" in notes[0]
    assert service.log.speech()[-1].input == "The third one."


def test_an_empty_account_ends_it(connect: Connect, service: Emulator) -> None:
    service.account.balance = 0
    with pytest.raises(StopRun):
        Speaker(connect(), Ear()).say([Utterance("Hello.", "claire")] * 5)


def test_nobody_waits_for_sound_when_the_listener_has_left(connect: Connect, service: Emulator) -> None:
    service.switches.realtime = 1.0

    class Gone:
        def write(self, clip: Clip) -> None:
            raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        Speaker(connect(), Gone()).say([Utterance("A long sentence that nobody hears. " * 5, "claire")] * 3)
    assert time.monotonic() - start < 2


def test_what_the_text_does_wrong_is_not_swallowed(connect: Connect) -> None:
    def lines() -> Iterator[Utterance]:
        yield Utterance("Hello.", "claire")
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        Speaker(connect(), Ear()).say(lines())


@pytest.fixture
def voice(service: Emulator) -> str:
    """A voice that `audiobook say` finds by itself."""
    preferences.change_engine("siliconflow", {"base_url": service.url})
    preferences.change_settings({"voice": "siliconflow:claire"})
    return "siliconflow:claire"


def test_a_text_is_written_to_a_file(voice: str, service: Emulator, tmp_path: Path) -> None:
    for name in ("a.wav", "a.flac", "a.mp3", "a.opus"):
        assert run(["say", STORY, "--style", "sad", "-o", str(tmp_path / name)]) == 0
        assert decode((tmp_path / name).read_bytes()).seconds > 5
    asked = {entry.input for entry in service.log.speech()}
    assert len(asked) == len(SENTENCES)
    assert f"请用悲伤的语气说<|endofprompt|>{SENTENCES[-1]}" in asked


class Binary(io.TextIOWrapper):
    """A standard stream of bytes."""

    def __init__(self, data: bytes = b"") -> None:
        self.bytes = io.BytesIO(data)
        super().__init__(self.bytes, "utf-8")


@pytest.mark.parametrize("raw", [False, True])
def test_a_stream_becomes_a_stream(
    voice: str, service: Emulator, monkeypatch: pytest.MonkeyPatch, raw: bool
) -> None:
    target = Binary()
    monkeypatch.setattr(sys, "stdin", Binary("Es war spät. “Who’s there?”".encode()))
    monkeypatch.setattr(sys, "stdout", target)
    assert run(["say", "-", "-o", "-", *(["--raw"] if raw else [])]) == 0
    data = target.bytes.getvalue()
    if not raw:
        with wave.open(io.BytesIO(data)) as file:
            assert (file.getframerate(), file.getnchannels()) == (24_000, 1)
    assert len(data) > 24_000
    assert len(service.log.speech()) == 2


def test_a_pipe_gets_every_piece_at_once_and_at_one_rate() -> None:
    target = io.BytesIO()
    with Pipe(target) as pipe:
        pipe.write(Clip(np.ones(240, np.int16), 24_000))
        assert len(target.getvalue()) == 44 + 480
        pipe.write(Clip(np.ones(480, np.int16), 48_000))
    assert len(target.getvalue()) == 44 + 960


def test_a_player_gets_the_samples(voice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    player = tmp_path / "aplay"
    player.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/how\n/bin/cat > {tmp_path}/heard\n')
    player.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(["say", "Nobody came."]) == 0
    assert (tmp_path / "heard").stat().st_size > 24_000
    assert "24000" in (tmp_path / "how").read_text()


def test_a_player_that_cannot_play_is_named(
    voice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    player = tmp_path / "mpv"
    monkeypatch.setenv("PATH", str(tmp_path))
    for script in ("exit 1", "/bin/cat > /dev/null; exit 1"):
        player.write_text(f"#!/bin/sh\n{script}\n")
        player.chmod(0o755)
        assert run(["say", "Nobody came at all, and nobody waved."]) == 3
        assert "--output" in capsys.readouterr().err


def test_a_word_is_said_as_the_lexicon_has_it(
    voice: str, service: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lexicon.toml").write_text('[words]\nHermione = "her my oh nee"\n')
    assert run(["say", "--word", "Hermione", "-o", str(tmp_path / "w.wav")]) == 0
    assert "Hermione →" in capsys.readouterr().err
    assert len(service.log.speech()) == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["say"], 2),
        (["say", "a", "--word", "b"], 2),
        (["say", "Hello.", "-o", "a.doc"], 2),
        (["say", "Hello.", "--voice", "nobody", "-o", "a.wav"], 2),
        (["say", "Hello.", "--voice", "siliconflow:nobody", "-o", "a.wav"], 4),
    ],
)
def test_mistakes_are_told(
    voice: str, arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == code
    assert not list(tmp_path.glob("a.*"))


def test_without_a_player_there_is_advice(
    voice: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert run(["say", "Hello."]) == 2
    assert "--output" in capsys.readouterr().err
