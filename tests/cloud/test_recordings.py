"""What is taken for speech, and what is not."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.audio.clip import Clip
from audiobook.engines import recordings
from audiobook.engines.http import Answer
from audiobook.engines.samples import split_samples
from audiobook.errors import TryAgain
from emulator.speech import seconds_of, wav_header

SAMPLES = (np.sin(np.arange(24000) / 20) * 9000).astype("<i2").tobytes()


def wav(channels: int = 1, width: int = 2, rate: int = 24000) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(SAMPLES)
    return target.getvalue()


def read(body: bytes, rate: int | None = 24000) -> Clip:
    return recordings.wav_clip(Answer(200, {}, body), rate, host="h")


def test_a_wav_file_is_read() -> None:
    assert read(wav()).samples.tobytes() == SAMPLES


@pytest.mark.parametrize("sizes", ["exact", "zero", "ffffffff"])
def test_sizes_written_to_a_pipe_are_not_believed(sizes: str) -> None:
    assert read(wav_header(len(SAMPLES), 24000, sizes) + SAMPLES).samples.tobytes() == SAMPLES


def test_chunks_before_the_samples_and_after_them_are_skipped() -> None:
    plain = wav()
    extra = plain[:12] + b"LIST\x03\x00\x00\x00abc\x00" + plain[12:] + b"id3 \x02\x00\x00\x00xy"
    assert read(extra).samples.tobytes() == SAMPLES


@given(st.binary(max_size=200) | st.binary(max_size=90).map(lambda tail: wav()[:60] + tail))
def test_any_bytes_are_a_clip_or_a_reason_to_try_again(body: bytes) -> None:
    for take in (
        lambda: read(body),
        lambda: recordings.pcm_clip(Answer(200, {}, body), 24000, host="h"),
        lambda: recordings.refuse_text(Answer(200, {}, body), engine="x", host="h"),
    ):
        try:
            take()
        except TryAgain as error:
            assert error.billed


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"RIFF",
        b"ID3" + bytes(100),
        wav()[:-10],
        wav()[:36],
        wav()[:40],
        wav(channels=2),
        wav(width=1),
        wav(rate=22050),
        wav_header(len(SAMPLES), 24000, "zero") + SAMPLES[:-1],
    ],
)
def test_other_files_and_parts_of_files_are_refused(body: bytes) -> None:
    with pytest.raises(TryAgain) as caught:
        read(body)
    assert caught.value.billed


def test_any_rate_will_do_where_none_was_asked_for() -> None:
    assert read(wav(rate=22050), None).rate == 22050


def test_samples_have_two_bytes_and_no_header() -> None:
    for body in (b"abc", wav(), b"ID3" + bytes(9), b"OggS" + bytes(8)):
        with pytest.raises(TryAgain):
            recordings.pcm_clip(Answer(200, {}, body), 24000, host="h")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "audio/wav"),
        (b'{"code":50505,"message":"busy"}', "application/json"),
        (b'{"code":50505,"message":"busy"}', "application/octet-stream"),
        (b"<!DOCTYPE html><html></html>", "audio/wav"),
        (b"<html></html>", "text/html"),
        (b"something", "text/plain"),
    ],
)
def test_texts_and_pages_are_refused(body: bytes, kind: str) -> None:
    with pytest.raises(TryAgain) as caught:
        recordings.refuse_text(Answer(200, {"content-type": kind}, body), engine="x", host="h")
    assert caught.value.billed


def test_samples_that_begin_like_json_are_not_taken_for_it() -> None:
    recordings.refuse_text(
        Answer(200, {"content-type": "audio/pcm"}, b"{\x00\x01\x02" + SAMPLES), engine="x", host="h"
    )


def spoken(seconds: float, text: str, speed: float = 1.0, level: int = 9000) -> Clip:
    clip = Clip(np.full(round(seconds * 24000), level, np.int16), 24000)
    return recordings.check_speech(Answer(200), clip, text, speed, host="h")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Oh.", 0.35),
        ("Oh.", 2.5),
        ("It was a dark night, and nobody came.", 1.6),
        ("It was a dark night, and nobody came.", 6.0),
        ("今天讲一个特别简单的方法。", 1.8),
        ("今天讲一个特别简单的方法。", 5.0),
        ("1984", 1.5),
        ("ばかばかしい", 0.7),
    ],
)
def test_quick_and_slow_speech_is_speech(text: str, seconds: float) -> None:
    spoken(seconds, text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Oh.", 0.16),
        ("Oh.", 9.0),
        ("It was a dark night, and nobody came.", 0.7),
        ("It was a dark night, and nobody came.", 14.0),
        ("今天讲一个特别简单的方法。", 0.7),
        ("今天讲一个特别简单的方法。", 16.0),
    ],
)
def test_stubs_and_babble_are_not(text: str, seconds: float) -> None:
    with pytest.raises(TryAgain, match=r"too short|too long"):
        spoken(seconds, text)


def test_silence_of_the_right_length_is_not_speech() -> None:
    with pytest.raises(TryAgain, match="silence"):
        spoken(2.0, "It was a dark night.", level=12)


@given(st.text("abcdefgh ,.今天讲的方法123", min_size=1, max_size=120), st.floats(0.25, 4))
def test_what_the_service_says_is_always_within_bounds(text: str, speed: float) -> None:
    fewest, most = recordings.bounds(text, speed)
    assert recordings.SHORTEST <= fewest < most
    # A word is at least four letters on average over a text; a string of single letters is spelled.
    if all(len(word) > 3 for word in text.split()) and not any(c.isdigit() for c in text):
        assert seconds_of(text, speed) <= most


@given(st.lists(st.binary(max_size=9), max_size=12))
def test_pieces_are_whole_samples_and_nothing_is_lost(chunks: list[bytes]) -> None:
    pieces = list(split_samples(chunks))
    assert b"".join(pieces) == b"".join(chunks)
    assert all(len(piece) % 2 == 0 for piece in pieces[:-1])
    assert all(pieces)
