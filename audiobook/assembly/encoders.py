"""The encoders: samples of a piece in, packets out. Each is a pure function of its samples.

AAC comes from the FFmpeg libraries with the `fast` coder: a quarter of the default's time, and of equal
or better quality for speech from 48 kbit/s on. MP3 comes from lameenc, whose LAME is three times as fast as
the one in the FFmpeg wheel. Both release the interpreter's lock, so threads are enough.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import av
import av.error
import lameenc
import numpy as np
from numpy.typing import NDArray

from audiobook.assembly.listening import Decoder
from audiobook.assembly.packets import Packets, join
from audiobook.errors import UsageError

Signal = NDArray[np.float32]

_FAST_FROM = 48  # kbit/s; below, the fast coder no longer keeps to the rate asked for
_PLAIN = {"aac_tns": "0", "aac_pns": "0"}
"""Noise is neither shaped in time nor put in place of bands. FFmpeg's ways of doing that take a sixteenth of
the time, and with the fast coder speech comes out nearer to what it was without them (`docs/sound.md`)."""

_FRAMES_PER_BLOCK = 64


class Encoder(Protocol):
    """One way to encode. Instances are values: equal ones give equal packets."""

    @property
    def rate(self) -> int:
        """Samples a second."""

    @property
    def frame(self) -> int:
        """Samples in a packet; every piece is a multiple of it."""

    @property
    def block(self) -> int:
        """Samples that `encode` wants at a time."""

    @property
    def recipe(self) -> str:
        """All that shapes the packets beside the samples, the encoder's version too."""

    @property
    def decoder(self) -> Decoder:
        """What decodes the packets."""

    def encode(self, blocks: Iterable[Signal]) -> Packets:
        """Encode a piece, from silence to silence."""


@dataclass(frozen=True, slots=True)
class Aac:
    """AAC-LC, mono."""

    rate: int
    bitrate: int  # kbit/s

    @property
    def frame(self) -> int:
        """Samples in a packet."""
        return 1024

    @property
    def block(self) -> int:
        """Samples at a time."""
        return self.frame * _FRAMES_PER_BLOCK

    @property
    def coder(self) -> str:
        """The quantizer's search."""
        return "fast" if self.bitrate >= _FAST_FROM else "twoloop"

    @property
    def options(self) -> dict[str, str]:
        """Of the encoder."""
        return {"aac_coder": self.coder, **(_PLAIN if self.coder == "fast" else {})}

    @property
    def recipe(self) -> str:
        """Name, settings and version."""
        version = ".".join(map(str, av.library_versions["libavcodec"]))
        coder = self.coder if self.coder == "twoloop" else f"{self.coder}-plain"
        return f"aac/{coder}/{self.bitrate}/{self.rate}/{version}"

    @property
    def decoder(self) -> Decoder:
        """What decodes the packets."""
        return Decoder("aac", self.rate, self.frame, self.frame)

    def _open(self) -> av.AudioCodecContext:
        context = av.CodecContext.create("aac", "w")
        context.sample_rate = self.rate
        context.layout = "mono"
        context.format = "fltp"
        context.bit_rate = self.bitrate * 1000
        context.time_base = Fraction(1, self.rate)
        context.options = {**self.options, "flags": "+global_header+bitexact"}
        return context

    def encode(self, blocks: Iterable[Signal]) -> Packets:
        """Encode; one packet flushes."""
        context = self._open()
        packets: list[bytes] = []
        position = 0
        for block in blocks:
            frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = self.rate, position, Fraction(1, self.rate)
            packets.extend(bytes(packet) for packet in context.encode(frame))
            position += len(block)
        packets.extend(bytes(packet) for packet in context.encode(None))
        wanted = position // self.frame + 1
        if len(packets) != wanted:
            raise RuntimeError(f"the AAC encoder gave {len(packets)} packets where {wanted} were due")
        return join(packets, 1, bytes(context.extradata or b""))


BITRATES = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),  # MPEG 1, layer III
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),  # MPEG 2 and 2.5
}
_MPEG1_RATES = (44100, 48000, 32000)
OPUS_DELAY = 312
"""Samples of look-ahead that an Opus file tells its players to skip."""

_OPUS_LEAD = 25  # packets of silence

LAME_DELAY = 1105
"""Samples a decoder gives before the first one that was encoded: 576 of LAME and 529 of the decoder."""

_LAME_LOSS = 10 ** (0.265 / 20)  # LAME scales its input down by this much


@dataclass(frozen=True, slots=True)
class Mp3:
    """MP3 of constant bit rate, mono."""

    rate: int
    bitrate: int
    quality: int = 5

    def __post_init__(self) -> None:
        allowed = BITRATES[self.version][1:]
        if self.bitrate not in allowed:
            raise UsageError(
                f"MP3 at {self.rate} Hz has no bit rate of {self.bitrate} kbit/s; there are "
                + ", ".join(map(str, allowed))
            )

    @property
    def version(self) -> int:
        """MPEG 1 or 2."""
        return 1 if self.rate in _MPEG1_RATES else 2

    @property
    def frame(self) -> int:
        """Samples in a packet."""
        return 1152 if self.version == 1 else 576

    @property
    def block(self) -> int:
        """Samples at a time."""
        return self.frame * _FRAMES_PER_BLOCK * 2

    @property
    def flush(self) -> int:
        """Packets that empty decoder and encoder."""
        return -(-LAME_DELAY // self.frame)

    @property
    def recipe(self) -> str:
        """Name, settings and version."""
        return f"mp3/{self.quality}/{self.bitrate}/{self.rate}/{getattr(lameenc, '__version__', '1')}"

    @property
    def decoder(self) -> Decoder:
        """What decodes the packets."""
        return Decoder("mp3float", self.rate, self.frame, LAME_DELAY)

    def encode(self, blocks: Iterable[Signal]) -> Packets:
        """Encode. A first frame of LAME's refers to no frame before it, so pieces can stand side by side."""
        encoder = lameenc.Encoder()
        encoder.set_bit_rate(self.bitrate)
        encoder.set_in_sample_rate(self.rate)
        encoder.set_out_sample_rate(self.rate)
        encoder.set_channels(1)
        encoder.set_quality(self.quality)
        encoder.silence()
        stream = bytearray()
        position = 0
        for block in blocks:
            stream += encoder.encode(to_int16(block * np.float32(_LAME_LOSS)).tobytes())
            position += len(block)
        stream += encoder.flush()
        return _frames(bytes(stream), position // self.frame, self.flush)


@dataclass(frozen=True, slots=True)
class Opus:
    """Opus, mono. Always at 48 kHz, as its timestamps are."""

    bitrate: int

    @property
    def rate(self) -> int:
        """Samples a second."""
        return 48000

    @property
    def frame(self) -> int:
        """Samples in a packet."""
        return 960

    @property
    def block(self) -> int:
        """Samples at a time."""
        return self.frame * _FRAMES_PER_BLOCK

    @property
    def recipe(self) -> str:
        """Name, settings and version."""
        version = ".".join(map(str, av.library_versions["libavcodec"]))
        return f"opus/{self.bitrate}/{version}"

    @property
    def decoder(self) -> Decoder:
        """What decodes the packets."""
        return Decoder("libopus", self.rate, self.frame, 0)  # it skips by itself

    def encode(self, blocks: Iterable[Signal]) -> Packets:
        """Encode; one packet flushes.

        The encoder hears silence first, whose packets are dropped: a decoder that comes out of another
        piece's silence is then in the state this encoder takes it to be in.
        """
        context = av.CodecContext.create("libopus", "w")
        context.sample_rate, context.layout, context.format = self.rate, "mono", "flt"
        context.bit_rate = self.bitrate * 1000
        context.time_base = Fraction(1, self.rate)
        context.options = {"application": "audio", "frame_duration": "20", "vbr": "on"}
        packets: list[bytes] = []
        position = 0
        silence = np.zeros(self.frame * _OPUS_LEAD, np.float32)
        for block in itertools.chain([silence], blocks):
            frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="flt", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = self.rate, position, Fraction(1, self.rate)
            packets.extend(bytes(packet) for packet in context.encode(frame))
            position += len(block)
        packets.extend(bytes(packet) for packet in context.encode(None))
        wanted = position // self.frame
        if len(packets) < wanted:
            raise RuntimeError(f"the Opus encoder gave {len(packets)} packets where {wanted} were due")
        return join(packets[_OPUS_LEAD:], len(packets) - wanted, bytes(context.extradata or b""))


def to_int16(signal: Signal) -> NDArray[np.int16]:
    """Sixteen bits, rounded, cut at full scale."""
    return np.asarray(np.clip(np.rint(signal * 32767.0), -32768, 32767), np.int16)


def frame_length(data: bytes, position: int) -> int:
    """Bytes of the MP3 frame that begins at `position`; 0 where none does."""
    header = data[position : position + 4]
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    first = header[1] & 0x18 == 0x18
    rates = {0x18: (44100, 48000, 32000), 0x10: (22050, 24000, 16000), 0x00: (11025, 12000, 8000)}
    table = rates.get(header[1] & 0x18)
    index, rate_index = header[2] >> 4, header[2] >> 2 & 3
    if table is None or rate_index == 3 or index in (0, 15):
        return 0
    bitrate = BITRATES[1 if first else 2][index]
    return (144 if first else 72) * bitrate * 1000 // table[rate_index] + (header[2] >> 1 & 1)


def frames_of(data: bytes) -> Iterator[int]:
    """Lengths of the frames of a bare MP3 stream."""
    position = 0
    while length := frame_length(data, position):
        yield length
        position += length


def _frames(stream: bytes, wanted: int, flush: int) -> Packets:
    sizes = array("I")
    for length in frames_of(stream):
        sizes.append(length)
        if len(sizes) == wanted + flush:
            break
    if len(sizes) < wanted + flush:
        raise RuntimeError(f"the MP3 encoder gave {len(sizes)} frames where {wanted + flush} were due")
    return Packets(sizes, stream[: sum(sizes)], flush)
