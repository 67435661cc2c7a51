"""The voice of the emulator: real speech from the embedded engine, or a cheap tone of the right length.

A tone carries its text: its loudness goes up and down by a hash of text, voice and style, so that two lines
never sound alike and a recording can be recognized after it was encoded, trimmed or resampled.
"""

from __future__ import annotations

import functools
import hashlib
import io
import re
import struct
import threading

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
BLOCKS = 32
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
MARK = re.compile(r"<\|[^|]*\|>|\[[a-z_-]+\]|</?[a-z]+>|\[S\d\]")


def spoken_part(text: str) -> str:
    """What of an `input` is spoken: no instruction, no marks."""
    return MARK.sub("", text.rpartition("<|endofprompt|>")[2]).strip()


def seconds_of(text: str, speed: float = 1.0) -> float:
    """How long the service speaks."""
    wide = len(WIDE.findall(text))
    words = len(re.findall(r"[^\W_]+", WIDE.sub(" ", text)))
    tokens = wide + 1.3 * words
    return max(0.08 * tokens, wide / 4.2 + words / 2.7) / speed + 0.2


@functools.lru_cache(maxsize=64)
def _levels(frequency: float, rate: int) -> tuple[memoryview, ...]:
    """Four seconds of a tone at each of sixteen levels."""
    wave = np.sin(2 * np.pi * frequency * np.arange(4 * rate) / rate)
    return tuple(
        memoryview((wave * (3000 + 900 * level)).astype("<i2").tobytes()).toreadonly() for level in range(16)
    )


def tone(text: str, voice: str, speed: float, rate: int) -> bytes:
    """A tone that lasts as long as the text."""
    digest = hashlib.blake2b(f"{voice}\0{text}".encode(), digest_size=BLOCKS // 2).digest()
    frequency = 180.0 + 20.0 * (hashlib.blake2b(voice.encode(), digest_size=1).digest()[0] % 16)
    table = _levels(frequency, rate)
    edge = bytes(2 * (rate // 10))
    block = 2 * max(1, round((seconds_of(text, speed) - 0.2) * rate / BLOCKS))
    nibbles = [nibble for byte in digest for nibble in (byte >> 4, byte & 15)]
    # Blocks of more than the table's length (texts of over two minutes) repeat it.
    pieces = [bytes(table[n][:block]) if block <= len(table[n]) else _long(table[n], block) for n in nibbles]
    return b"".join([edge, *pieces, edge])


def _long(piece: memoryview, size: int) -> bytes:
    return (bytes(piece) * (size // len(piece) + 1))[:size]


class Speaker:
    """Makes samples of text. Slow voices remember what they said."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: object | None = None
        self._said: dict[tuple[str, str, float], tuple[Samples, int]] = {}

    def speak(self, text: str, voice: str, speed: float, rate: int, how: str) -> bytes:
        """16-bit mono samples at `rate`."""
        return tone(text, voice, speed, rate) if how == "tone" else self._espeak(text, voice, speed, rate)

    def _espeak(self, text: str, voice: str, speed: float, rate: int) -> bytes:
        from audiobook.engines.base import Utterance
        from audiobook.engines.espeak import Espeak

        name = embedded_voice(text, voice)
        with self._lock:  # the library has global state
            if self._engine is None:
                self._engine = Espeak({})
            if (text, name, speed) not in self._said:
                clip = self._engine.synthesize(Utterance(text, name, speed=min(4.0, max(0.25, speed))))
                self._said[text, name, speed] = (clip.samples, clip.rate)
            samples, own = self._said[text, name, speed]
        return resampled(samples, own, rate).astype("<i2").tobytes()


def embedded_voice(text: str, voice: str) -> str:
    """A voice of the embedded engine for a preset and the language of the text."""
    number = hashlib.blake2b(voice.encode(), digest_size=1).digest()[0] % 4 + 1
    woman = any(name in voice for name in ("claire", "anna", "bella", "diana"))
    variant = f"f{number}" if woman else f"m{number}"
    return f"cmn+{variant}" if len(WIDE.findall(text)) * 2 > len(text) else f"en-gb+{variant}"


def resampled(samples: Samples, own: int, rate: int) -> Samples:
    if own == rate:
        return samples
    import soxr

    changed: Samples = soxr.resample(samples, own, rate)
    return changed


def louder(data: bytes, gain: float) -> bytes:
    """Samples with `gain` decibels more."""
    if not gain:
        return data
    samples = np.frombuffer(data, "<i2").astype(np.float64) * 10 ** (gain / 20)
    return np.clip(np.rint(samples), -32768, 32767).astype("<i2").tobytes()


def wav_header(size: int, rate: int, sizes: str = "exact") -> bytes:
    """The head of a WAV file; `sizes` as a server writes it that does not know the end."""
    riff, data = {"exact": (36 + size, size), "zero": (0, 0), "ffffffff": (0xFFFFFFFF, 0xFFFFFFFF)}[sizes]
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", riff, b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16, b"data", data
    )


def encoded(data: bytes, rate: int, form: str) -> bytes:
    """Samples as MP3 or Ogg Opus."""
    import av

    codec, container = {"mp3": ("libmp3lame", "mp3"), "opus": ("libopus", "ogg")}[form]
    target = io.BytesIO()
    with av.open(target, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            np.frombuffer(data, "<i2").reshape(1, -1), format="s16", layout="mono"
        )
        frame.sample_rate = rate
        resampler = av.AudioResampler(
            format=stream.format.name, layout="mono", rate=rate, frame_size=stream.frame_size
        )
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return target.getvalue()
