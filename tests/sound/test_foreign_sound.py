"""Sound files that come from elsewhere: decoded, or refused in one line; clips of voices made fit."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
import soundfile

from audiobook.audio.clip import Clip
from audiobook.audio.decoding import at_rate, decode, wav_bytes
from audiobook.audio.references import LONGEST, RATE, prepare_reference
from audiobook.errors import InputError

Speech = Callable[..., Clip]


def written(samples: np.ndarray, rate: int, kind: str) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate, format=kind)
    return buffer.getvalue()


def rms(clip: Clip) -> float:
    return float(20 * np.log10(np.sqrt(np.mean((clip.samples / 32768.0) ** 2))))


@pytest.mark.parametrize("kind", ["WAV", "FLAC"])
def test_what_is_written_without_loss_is_read_back(speech: Speech, kind: str) -> None:
    clip = speech(0.5)
    found = decode(written(clip.samples, clip.rate, kind))
    assert found.rate == clip.rate
    assert np.array_equal(found.samples, clip.samples)


def test_our_own_wav_is_read_back(speech: Speech) -> None:
    clip = speech(0.2)
    assert np.array_equal(decode(wav_bytes(clip)).samples, clip.samples)


def test_two_channels_become_one(speech: Speech) -> None:
    clip = speech(0.5)
    found = decode(written(np.stack([clip.samples, clip.samples], 1), clip.rate, "WAV"))
    assert len(found.samples) == len(clip.samples)
    assert np.abs(found.samples.astype(int) - clip.samples).max() <= 1


@pytest.mark.parametrize("data", [b"", b"words", b"RIFF\0\0\0\0WAVE", b"ID3\4" + b"\0" * 50, b"\0" * 5000])
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="sound"):
        decode(data)


def test_a_sound_file_without_a_sample_is_refused() -> None:
    with pytest.raises(InputError, match="sound"):
        decode(wav_bytes(Clip(np.zeros(0, np.int16), 22050)))


@pytest.mark.parametrize("rate", [8000, 22050, 48000])
def test_another_rate_keeps_the_length_in_time(speech: Speech, rate: int) -> None:
    clip = speech(0.5)
    found = at_rate(clip, rate)
    assert found.rate == rate
    assert abs(len(found.samples) / rate - 0.5) < 0.001
    assert len(at_rate(Clip(clip.samples[:0], 22050), rate).samples) == 0


def test_a_good_clip_of_a_voice_is_trimmed_and_levelled(speech: Speech) -> None:
    found = prepare_reference(wav_bytes(speech(8, level=-32, before=1.5, after=1.5)))
    assert (found.clip.rate, found.remarks, found.cut) == (RATE, (), False)
    assert 8.0 <= len(found.clip.samples) / RATE <= 8.5
    assert -24 < rms(found.clip) < -19
    assert np.abs(found.clip.samples.astype(int)).max() <= 30_001


@pytest.mark.parametrize(
    ("seconds", "remark"),
    [(3.5, "only 3.5 s"), (18, "18.0 s are more than needed"), (40, "cut to the first")],
)
def test_a_poor_clip_is_taken_with_a_remark(speech: Speech, seconds: float, remark: str) -> None:
    found = prepare_reference(wav_bytes(speech(seconds)))
    assert remark in found.remarks[0]
    assert found.cut == (seconds == 40)
    assert len(found.clip.samples) <= LONGEST * RATE


def test_a_long_clip_is_cut_at_a_pause(speech: Speech) -> None:
    first, second = speech(22), speech(12, seed=1)
    pause = np.zeros(22050, np.int16)
    found = prepare_reference(wav_bytes(Clip(np.concatenate([first.samples, pause, second.samples]), 22050)))
    assert 22 <= len(found.clip.samples) / RATE <= 23


def test_a_clipped_recording_is_remarked_on(speech: Speech) -> None:
    loud = np.clip(speech(8).samples.astype(int) * 20, -32768, 32767).astype(np.int16)
    assert any("clipped" in remark for remark in prepare_reference(wav_bytes(Clip(loud, 22050))).remarks)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"seconds": 1.0}, "1.0 s of speech"),
        ({"seconds": 8, "level": -60}, "far too quiet"),
        ({"seconds": 8, "rate": 8000}, "8000 Hz"),
    ],
)
def test_a_clip_that_makes_no_voice_is_refused(speech: Speech, options: dict, complaint: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(InputError, match=complaint):
        prepare_reference(wav_bytes(speech(**options)))


def test_silence_is_refused() -> None:
    with pytest.raises(InputError, match="silent"):
        prepare_reference(wav_bytes(Clip(np.zeros(RATE * 8, np.int16), RATE)))
