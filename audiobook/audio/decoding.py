"""Sound files of any kind, in memory, to a Clip."""

from __future__ import annotations

import io

import av
import numpy as np
import soxr

from audiobook.audio.clip import Clip
from audiobook.errors import InputError

LONGEST = 3600
"""Seconds; nothing that is decoded whole is longer."""


def decode(data: bytes) -> Clip:
    """A sound file (MP3, WAV, FLAC, Ogg, M4A, …) mixed to mono, at its own rate. Raises InputError."""
    try:
        with av.open(io.BytesIO(data), "r") as file:
            stream = next(iter(file.streams.audio), None)
            if stream is None:
                raise InputError("there is no sound in this file")
            rate = stream.rate
            resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
            pieces: list[np.ndarray] = []
            total = 0
            for frame in file.decode(stream):
                pieces += [piece.to_ndarray()[0] for piece in resampler.resample(frame)]
                total += frame.samples
                if total > LONGEST * rate:
                    raise InputError(f"this sound file is longer than {LONGEST // 60} minutes")
            pieces += [piece.to_ndarray()[0] for piece in resampler.resample(None)]
    except (av.FFmpegError, ValueError, StopIteration) as error:
        raise InputError(f"this is not a sound file that can be read: {error}") from error
    if not total:
        raise InputError("there is no sound in this file")
    return Clip(np.concatenate(pieces).astype(np.int16, copy=False), rate)


def at_rate(clip: Clip, rate: int) -> Clip:
    """The clip at another rate."""
    if clip.rate == rate or not len(clip.samples):
        return clip if clip.rate == rate else Clip(clip.samples, rate)
    return Clip(soxr.resample(clip.samples, clip.rate, rate).astype(np.int16, copy=False), rate)


def wav_bytes(clip: Clip) -> bytes:
    """The clip as a WAV file."""
    return wav_header(2 * len(clip.samples), clip.rate) + clip.samples.astype("<i2").tobytes()


def wav_header(size: int | None, rate: int) -> bytes:
    """The head of a WAV file of 16-bit mono with `size` bytes of samples; None where the end is not known."""
    data = 0xFFFFFFFF if size is None else size
    riff = 0xFFFFFFFF if size is None else size + 36
    fields = (16, 1, 1, rate, 2 * rate, 2, 16)
    numbers = b"".join(
        value.to_bytes(width, "little") for value, width in zip(fields, (4, 2, 2, 4, 4, 2, 2), strict=True)
    )
    return b"RIFF" + riff.to_bytes(4, "little") + b"WAVEfmt " + numbers + b"data" + data.to_bytes(4, "little")
