"""Files from packets: M4B, MP3 in one file, MP3 by chapter, Opus."""

from __future__ import annotations

import base64
import functools
import struct
import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import IO

import av

from audiobook.assembly.cover import Picture
from audiobook.assembly.encoders import BITRATES, OPUS_DELAY, Mp3
from audiobook.assembly.mp4 import Header, Mark, write_mp4
from audiobook.assembly.packets import PacketCache, Packets
from audiobook.assembly.tags import Facts, Track, id3_tag, mp4_tags, vorbis_comments
from audiobook.assembly.text import iso639, one_line
from audiobook.assembly.timeline import Timeline
from audiobook.errors import ProductError

_LAME_ENCODER_DELAY = 576
OPUS_FRAME = 960


@dataclass(frozen=True, slots=True)
class Label:
    """What a file says about itself."""

    facts: Facts
    cover: Picture | None
    tool: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What must be known of packets before they are written."""

    sizes: array[int]
    config: bytes  # what the decoder must know; the same for all pieces
    peak: float  # the highest after decoding, of full scale


@dataclass
class Sound:
    """Packets of pieces, one after the other, read from the cache when they are written."""

    cache: PacketCache
    keys: Sequence[str]
    checksum: int = 0
    """CRC-32 of all packets as they were last handed out, to `packets` or `data`."""

    def _pieces(self) -> Iterator[tuple[Packets, bool]]:
        for index, key in enumerate(self.keys):
            packets = self.cache.read(key)
            if packets is None:
                raise _vanished(key)
            yield packets, index == len(self.keys) - 1

    @functools.cached_property
    def survey(self) -> Survey:
        """Sizes and peak, from what the cache remembers of what it has seen."""
        sizes, config, peak = array("I"), b"", 0.0
        for index, key in enumerate(self.keys):
            traits = self.cache.traits(key)
            if traits is None:
                raise _vanished(key)
            sizes.extend(traits.body(index == len(self.keys) - 1))
            config, peak = traits.config, max(peak, traits.peak)
        return Survey(sizes, config, peak)

    def packets(self) -> Iterator[tuple[int, bytes]]:
        """Every packet by itself, with its size."""
        self.checksum = 0
        for packets, last in self._pieces():
            sizes, data = packets.body(last)
            self.checksum = zlib.crc32(data, self.checksum)
            position = 0
            for size in sizes:
                yield size, bytes(data[position : position + size])
                position += size

    def data(self) -> Iterator[memoryview]:
        """Bytes of all packets."""
        self.checksum = 0
        for packets, last in self._pieces():
            data = packets.body(last)[1]
            self.checksum = zlib.crc32(data, self.checksum)
            yield data


def _vanished(key: str) -> ProductError:
    return ProductError(f"the encoded piece {key[:12]}… vanished; run the same command again")


def marks_of(timeline: Timeline) -> tuple[Mark, ...]:
    """Chapter marks, with titles fit for any container."""
    return tuple(
        Mark(chapter.start, one_line(chapter.title, 240) or str(number))
        for number, chapter in enumerate(timeline.chapters, 1)
    )


def write_m4b(file: IO[bytes], timeline: Timeline, sound: Sound, label: Label) -> None:
    """The whole book as M4B."""
    header = Header(
        rate=timeline.rate,
        samples=timeline.samples,
        config=sound.survey.config,
        marks=marks_of(timeline),
        tags=mp4_tags(label.facts, label.cover, label.tool),
        language=iso639(label.facts.language),
    )
    write_mp4(file, header, sound.survey.sizes, sound.data())


def info_frame(encoder: Mp3, sizes: Sequence[int], samples: int) -> bytes:
    """A silent frame that tells a player how many frames follow and which samples at both ends to drop."""
    version_bits = 0xFB if encoder.version == 1 else 0xF3
    rates = {44100: 0, 48000: 1, 32000: 2, 22050: 0, 24000: 1, 16000: 2}
    bitrates = BITRATES[encoder.version]
    header = bytes(
        [0xFF, version_bits, bitrates.index(encoder.bitrate) << 4 | rates[encoder.rate] << 2, 0xC4]
    )
    length = (144 if encoder.version == 1 else 72) * encoder.bitrate * 1000 // encoder.rate
    side = 17 if encoder.version == 1 else 9
    padding = len(sizes) * encoder.frame - samples - _LAME_ENCODER_DELAY
    body = b"Info" + (0x0F).to_bytes(4, "big")
    body += len(sizes).to_bytes(4, "big") + (sum(sizes) + length).to_bytes(4, "big")
    body += _seek_table(sizes) + (50).to_bytes(4, "big")
    body += b"LAME3.100" + bytes([0x01, 0xFF]) + bytes(8) + bytes([0, min(255, encoder.bitrate)])
    body += (_LAME_ENCODER_DELAY << 12 | padding).to_bytes(3, "big") + bytes(12)
    frame = header + bytes(side) + body
    if len(frame) > length:
        return b""  # below 64 kbit/s there is no room for it
    return frame + bytes(length - len(frame))


def _seek_table(sizes: Sequence[int]) -> bytes:
    total = sum(sizes) or 1
    table, position, index = bytearray(), 0, 0
    for percent in range(100):
        until = percent * len(sizes) // 100
        while index < until:
            position += sizes[index]
            index += 1
        table.append(min(255, position * 256 // total))
    return bytes(table)


def write_mp3(file: IO[bytes], timeline: Timeline, encoder: Mp3, sound: Sound, label: Label) -> None:
    """The whole book as one MP3 with chapters."""
    rate, samples = timeline.rate, timeline.samples
    file.write(
        id3_tag(label.facts, label.cover, label.tool, marks=marks_of(timeline), rate=rate, samples=samples)
    )
    file.write(info_frame(encoder, sound.survey.sizes, samples))
    for part in sound.data():
        file.write(part)


def write_mp3_chapter(
    file: IO[bytes], samples: int, encoder: Mp3, sound: Sound, label: Label, track: Track
) -> None:
    """One chapter as an MP3 of its own."""
    file.write(id3_tag(label.facts, label.cover, label.tool, track=track))
    file.write(info_frame(encoder, sound.survey.sizes, samples))
    for part in sound.data():
        file.write(part)


def _picture_block(cover: Picture) -> str:
    mime = b"image/jpeg"
    head = struct.pack(">II", 3, len(mime)) + mime + struct.pack(">I", 0)
    size = struct.pack(">IIIII", cover.width, cover.height, 24, 0, len(cover.data))
    return base64.b64encode(head + size + cover.data).decode("ascii")


def _chapter_comments(timeline: Timeline) -> dict[str, str]:
    """Chapters as comments. FFmpeg's own would be late by a second wherever it rounds seconds up."""
    comments: dict[str, str] = {}
    for index, mark in enumerate(marks_of(timeline)):
        seconds, thousandths = divmod(round(mark.start * 1000 / timeline.rate), 1000)
        minutes, seconds = divmod(seconds, 60)
        time = f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}.{thousandths:03d}"
        comments |= {f"CHAPTER{index:03d}": time, f"CHAPTER{index:03d}NAME": mark.title}
    return comments


def write_opus(file: IO[bytes], timeline: Timeline, bitrate: int, sound: Sound, label: Label) -> None:
    """The whole book as Ogg Opus."""
    unit = Fraction(1, timeline.rate)
    with av.open(file, "w", format="opus", options={"fflags": "+bitexact"}) as container:
        container.metadata.update(vorbis_comments(label.facts))
        if label.cover is not None:
            container.metadata["METADATA_BLOCK_PICTURE"] = _picture_block(label.cover)
        container.metadata.update(_chapter_comments(timeline))
        stream = container.add_stream("libopus", rate=timeline.rate, layout="mono")
        stream.codec_context.bit_rate = bitrate * 1000
        stream.time_base = unit
        container.start_encoding()
        for index, (size, part) in enumerate(sound.packets()):
            packet = av.Packet(part)
            packet.stream, packet.time_base = stream, unit
            packet.pts = packet.dts = index * OPUS_FRAME - OPUS_DELAY
            packet.duration = min(OPUS_FRAME, timeline.samples - packet.pts)
            packet.is_keyframe = size > 0
            container.mux(packet)
