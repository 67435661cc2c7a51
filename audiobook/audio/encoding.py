"""Single clips to sound files, in memory."""

from __future__ import annotations

import io
from typing import Any

import av

from audiobook.audio.clip import Clip
from audiobook.audio.decoding import at_rate

_CODECS = {"flac": ("flac", "flac"), "mp3": ("libmp3lame", "mp3"), "opus": ("libopus", "ogg")}
_RATES = {"opus": 48_000}
_MP3_RATES = (16_000, 22_050, 24_000, 32_000, 44_100, 48_000)


def encode(clip: Clip, form: str) -> bytes:
    """The clip as FLAC, MP3 or Ogg Opus."""
    codec, container = _CODECS[form]
    rate = _RATES.get(form, clip.rate)
    if form == "mp3" and rate not in _MP3_RATES:
        rate = 44_100
    clip = at_rate(clip, rate)
    target = io.BytesIO()
    with av.open(target, "w", format=container) as out:
        stream: Any = out.add_stream(codec, rate=rate)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(clip.samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = rate
        stream.open()
        resampler = av.AudioResampler(stream.format.name, "mono", rate, stream.frame_size or 4096)
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return target.getvalue()
