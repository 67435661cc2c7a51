"""Measuring finished files against what retailers ask for. Works on any file that FFmpeg reads, ours or not.

Peak, RMS and noise floor are computed as Audacity's "ACX Check" computes them, which is what narrators
hold their files against: the floor is the quietest 0.4 s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from audiobook.audio.levels import BLOCKS_PER_SECOND, SILENCE, block_powers, decibels, integrated
from audiobook.errors import InputError

Signal = NDArray[np.float32]

_WINDOW = 4  # blocks of a tenth of a second
_FINE = 50  # blocks a second where the ends are looked at
_SPEECH = -50.0  # dB; room tone stays below
_K_OFFSET = 10 ** (-0.691 / 10)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a file is. Levels in dB of full scale."""

    path: Path
    codec: str
    rate: int
    channels: int
    bitrate: float  # kbit/s
    constant: bool
    seconds: float
    peak: float
    rms: float
    floor: float
    loudness: float  # LUFS
    head: float  # seconds before anything is heard
    tail: float


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of a profile, held against a file."""

    what: str
    wanted: str
    found: str
    passed: bool


class _Meter:
    """Adds up blocks of samples."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.peak, self.energy, self.samples = 0.0, 0.0, 0
        self._coarse: list[Signal] = []
        self._fine: list[Signal] = []
        self._powers: list[Signal] = []
        self._rest = np.zeros((1, 0), np.float32)

    def add(self, samples: Signal) -> None:
        """Channels by samples."""
        self.peak = max(self.peak, float(np.max(np.abs(samples), initial=0.0)))
        self.energy += float(np.einsum("ij,ij->", samples, samples, dtype=np.float64)) / len(samples)
        self.samples += samples.shape[1]
        rest = self._rest if len(self._rest) == len(samples) else np.zeros((len(samples), 0), np.float32)
        joined = np.concatenate([rest, samples], axis=1)
        whole = joined.shape[1] // self.rate * self.rate
        if whole:
            self._measure(joined[:, :whole])
        self._rest = joined[:, whole:]

    def _measure(self, samples: Signal) -> None:
        power = np.mean(np.square(samples), axis=0)
        for blocks, kept in ((BLOCKS_PER_SECOND, self._coarse), (_FINE, self._fine)):
            size = self.rate // blocks
            count = len(power) // size
            kept.append(power[: count * size].reshape(count, size).mean(axis=1))
        self._powers.append(np.sum([block_powers(channel, self.rate) for channel in samples], axis=0))

    def finish(self) -> tuple[Signal, Signal, float]:
        """Powers of coarse and fine blocks, and the integrated loudness."""
        if self._rest.shape[1] >= self.rate // BLOCKS_PER_SECOND or not self._coarse:
            self._measure(self._rest)
        powers = np.concatenate(self._powers).astype(np.float64) * _K_OFFSET
        return np.concatenate(self._coarse), np.concatenate(self._fine), integrated(powers)


def _decoded(container: Any, stream: Any) -> Iterator[Signal]:
    """Channels by samples, about a second at a time."""
    held: list[Signal] = []
    count = 0
    for frame in container.decode(stream):
        samples = frame.to_ndarray()
        if not frame.format.is_planar:
            samples = samples.reshape(-1, frame.layout.nb_channels).T
        if samples.dtype.kind in "iu":
            scale = np.float32(2 ** (8 * samples.dtype.itemsize - 1))
            samples = samples.astype(np.float32) / scale - (1.0 if samples.dtype.kind == "u" else 0.0)
        held.append(samples.astype(np.float32, copy=False))
        count += samples.shape[1]
        if count >= stream.rate:
            yield np.concatenate(held, axis=1)
            held, count = [], 0
    if held:
        yield np.concatenate(held, axis=1)


def _constant_rate(path: Path) -> tuple[float, bool]:
    """Average bit rate of the sound in kbit/s, and whether all packets have the same size."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        sizes = np.array([packet.size for packet in container.demux(stream) if packet.size], np.int64)
        seconds = float((stream.duration or 0) * (stream.time_base or 0)) or (container.duration or 0) / 1e6
    if not len(sizes) or not seconds:
        return 0.0, False
    return float(sizes.sum()) * 8 / seconds / 1000, int(sizes.max() - sizes.min()) <= 1


def _quiet_ends(fine: Signal) -> tuple[float, float]:
    heard = np.flatnonzero(fine > 10 ** (_SPEECH / 10))
    if not len(heard):
        return len(fine) / _FINE, len(fine) / _FINE
    return float(heard[0]) / _FINE, float(len(fine) - 1 - heard[-1]) / _FINE


def measure_file(path: Path) -> Measured:
    """Decode a file and measure it. Raises InputError when it holds no sound that can be read."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise InputError(f"{path} holds no sound")
            stream = container.streams.audio[0]
            meter = _Meter(stream.rate)
            for block in _decoded(container, stream):
                meter.add(block)
            codec, rate, channels = (
                stream.codec_context.name,
                stream.rate,
                stream.codec_context.layout.nb_channels,
            )
        bitrate, constant = _constant_rate(path)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise InputError(
            f"cannot read {path} as sound: {getattr(error, 'strerror', None) or error}"
        ) from error
    if not meter.samples:
        raise InputError(f"{path} holds no sound")
    coarse, fine, loudness = meter.finish()
    running = np.convolve(coarse, np.ones(_WINDOW) / _WINDOW, "valid") if len(coarse) >= _WINDOW else coarse
    head, tail = _quiet_ends(fine)
    return Measured(
        path=path,
        codec=codec.removesuffix("float"),
        rate=rate,
        channels=channels,
        bitrate=bitrate,
        constant=constant,
        seconds=meter.samples / rate,
        peak=decibels(meter.peak**2),
        rms=decibels(meter.energy / meter.samples),
        floor=decibels(float(running.min())) if len(running) else SILENCE,
        loudness=loudness,
        head=head,
        tail=tail,
    )


def _between(low: float, high: float, value: float) -> bool:
    return low <= value <= high


def _acx(file: Measured) -> Iterator[Requirement]:
    yield Requirement("format", "MP3", file.codec.upper(), file.codec == "mp3")
    yield Requirement("sampling rate", "44100 Hz", f"{file.rate} Hz", file.rate == 44100)
    yield Requirement("channels", "mono or stereo", str(file.channels), file.channels in (1, 2))
    yield Requirement("bit rate", "at least 192 kbit/s", f"{file.bitrate:.0f} kbit/s", file.bitrate > 191)
    yield Requirement("constant bit rate", "yes", "yes" if file.constant else "no", file.constant)
    yield Requirement("RMS", "−23 to −18 dB", f"{file.rms:.2f} dB", _between(-23, -18, file.rms))
    yield Requirement("peak", "at most −3 dB", f"{file.peak:.2f} dB", file.peak <= -3)
    yield Requirement("noise floor", "at most −60 dB", f"{file.floor:.2f} dB", file.floor <= -60)
    yield Requirement("no digital silence", "above −90 dB", f"{file.floor:.2f} dB", file.floor > -90)
    yield Requirement("room tone before", "0.5 to 1 s", f"{file.head:.2f} s", _between(0.5, 1.0, file.head))
    yield Requirement("room tone after", "1 to 5 s", f"{file.tail:.2f} s", _between(1.0, 5.0, file.tail))
    yield Requirement("length", "at most 120 min", f"{file.seconds / 60:.1f} min", file.seconds <= 7200)


def _loudness(target: float, ceiling: float) -> Callable[[Measured], Iterator[Requirement]]:
    def profile(file: Measured) -> Iterator[Requirement]:
        near = _between(target - 1, target + 1, file.loudness)
        yield Requirement("loudness", f"{target:g} LUFS ± 1", f"{file.loudness:.2f} LUFS", near)
        yield Requirement("peak", f"at most {ceiling:g} dB", f"{file.peak:.2f} dB", file.peak <= ceiling)

    return profile


PROFILES: dict[str, Callable[[Measured], Iterator[Requirement]]] = {
    "acx": _acx,
    "audiobook": _loudness(-19, -3),
    "podcast": _loudness(-16, -1),
}

ACX_WARNING = (
    "ACX takes synthetic narration only by its own invitation; these numbers are also what other retailers "
    "ask for, and several of them accept synthetic voices that are declared as such"
)


def check_file(path: Path, profile: str) -> tuple[Measured, list[Requirement]]:
    """Measure a file and hold it against a profile. Raises InputError."""
    measured = measure_file(path)
    return measured, list(PROFILES[profile](measured))
