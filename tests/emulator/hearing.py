"""The ear of the emulator: it recognizes recordings that the emulator made, and mishears when told to."""

from __future__ import annotations

import hashlib
import io
import random
import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

PARTS = 64


def decoded(data: bytes) -> tuple[NDArray[np.int16], int] | None:
    """Samples and rate of a sound file of any kind; None when it is none."""
    import av

    try:
        with av.open(io.BytesIO(data)) as file:
            stream = file.streams.audio[0]
            resampler = av.AudioResampler(format="s16", layout="mono", rate=stream.rate)
            pieces = [
                piece.to_ndarray()[0] for frame in file.decode(stream) for piece in resampler.resample(frame)
            ]
            pieces += [piece.to_ndarray()[0] for piece in resampler.resample(None)]
            return (np.concatenate(pieces), stream.rate) if pieces else None
    except (av.FFmpegError, IndexError, ValueError):
        return None


def seconds_of_file(data: bytes) -> float | None:
    """Length of a sound file, or None."""
    sound = decoded(data)
    return len(sound[0]) / sound[1] if sound else None


def print_of(samples: NDArray[np.int16], rate: int) -> tuple[float, NDArray[np.float64]] | None:
    """Length and shape of loudness, edges cut: what survives encoding, trimming and resampling."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 200)
    if not len(loud):
        return None
    inside = samples[loud[0] : loud[-1] + 1].astype(np.float64)
    if len(inside) < PARTS:
        return None
    shape = np.array([np.sqrt(np.mean(part**2)) for part in np.array_split(inside, PARTS)])
    shape -= shape.mean()
    return len(inside) / rate, shape / (np.linalg.norm(shape) or 1.0)


class Ear:
    """A registry of what was said, by the samples."""

    def __init__(self) -> None:
        self._texts: dict[bytes, str] = {}
        self._prints: list[tuple[float, NDArray[np.float64], str]] = []
        self._sounds: list[tuple[bytes, int, str]] = []
        self._lock = threading.Lock()
        self.keep_sounds = False  # recognize also what was encoded or resampled since (costs memory)
        self._mishearings: list[tuple[str, str]] = []
        self._change: Callable[[str], str] = str

    def remember(self, data: bytes, rate: int, text: str) -> None:
        """These samples say this."""
        with self._lock:
            self._texts[hashlib.blake2b(data, digest_size=16).digest()] = text
            if self.keep_sounds:
                self._sounds.append((data, rate, text))

    def mishear(self, said: str, heard: str) -> None:
        """From now on `heard` is understood where `said` was said."""
        self._mishearings.append((said, heard))

    def drop_words(self, share: float, seed: int = 1) -> None:
        """Leave out some words of every transcript."""
        rng = random.Random(seed)
        self._change = lambda text: " ".join(word for word in text.split(" ") if rng.random() >= share)

    def text_of(self, data: bytes) -> str | None:
        """What these very samples say."""
        return self._texts.get(hashlib.blake2b(data, digest_size=16).digest())

    def hear(self, file: bytes) -> str | None:
        """The transcript of a sound file; None for silence and for what nobody here said."""
        sound = decoded(file)
        if sound is None:
            return None
        samples, rate = sound
        text = self.text_of(samples.astype("<i2").tobytes())
        if text is None:
            text = self._alike(samples, rate)
        if text is None:
            return None
        for said, heard in self._mishearings:
            text = text.replace(said, heard)
        return self._change(text)

    def _alike(self, samples: NDArray[np.int16], rate: int) -> str | None:
        found = print_of(samples, rate)
        if found is None:
            return None
        with self._lock:
            for data, own, text in self._sounds:
                if (made := print_of(np.frombuffer(data, "<i2"), own)) is not None:
                    self._prints.append((*made, text))
            self._sounds.clear()
        length, shape = found
        best = max(
            (
                (float(shape @ other), text)
                for seconds, other, text in self._prints
                if abs(seconds - length) < 0.1
            ),
            default=(0.0, None),
        )
        return best[1] if best[0] > 0.9 else None
