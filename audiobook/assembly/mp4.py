"""A writer of M4B files: one AAC track, chapters, tags, the index before the sound, in one pass.

Every size is known before the first byte is written, so nothing is moved or patched afterwards. Compared with
FFmpeg's muxer: chapter times are exact to the sample, one chapter title stands in each chunk (some readers
take no other form), all tags go in at once, and more than 255 chapters are right (see `_chapter_list`).
"""

from __future__ import annotations

import itertools
import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from audiobook.assembly.packets import Packets

FRAME = 1024
NERO_LIMIT = 255
"""Chapters a Nero list can hold: its count is one byte."""

_PACKETS_PER_CHUNK = 64
_UNITY = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_32_BITS = 1 << 32
_FTYP = struct.pack(">4sI4s4s4s4s", b"M4B ", 0x200, b"M4B ", b"M4A ", b"mp42", b"isom")

TEXT, UNSIGNED, JPEG, PNG = 1, 21, 13, 14
"""Types of tag values."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag. `name` is four characters, or `----:com.apple.iTunes:NAME`."""

    name: str
    value: bytes
    kind: int = TEXT


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter mark."""

    start: int  # samples
    title: str


@dataclass(frozen=True, slots=True)
class Header:
    """All of the file but the sound."""

    rate: int
    samples: int
    config: bytes  # AudioSpecificConfig
    marks: tuple[Mark, ...] = ()
    tags: tuple[Tag, ...] = ()
    language: str = "und"  # ISO 639-2/T
    brand: bytes = b"M4B "


def box(name: bytes, *parts: bytes) -> bytes:
    """A box: size, name, contents."""
    return struct.pack(">I4s", 8 + sum(map(len, parts)), name) + b"".join(parts)


def full_box(name: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    """A box with version and flags."""
    return box(name, struct.pack(">I", version << 24 | flags), *parts)


def _times(duration: int, *before: int) -> tuple[int, bytes]:
    """Version and bytes of creation, modification, what is between, and duration."""
    version = 1 if duration >= _32_BITS else 0
    layout = (">QQ" if version else ">II") + "I" * len(before) + ("Q" if version else "I")
    return version, struct.pack(layout, 0, 0, *before, duration)


def _numbers(values: Iterable[int], wide: bool = False) -> bytes:
    numbers = array("Q" if wide else "I", values)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers.tobytes()


def _descriptor(tag: int, body: bytes) -> bytes:
    size = len(body)
    return (
        bytes([tag, 0x80 | size >> 21 & 0x7F, 0x80 | size >> 14 & 0x7F, 0x80 | size >> 7 & 0x7F, size & 0x7F])
        + body
    )


def cut_utf8(text: str, limit: int) -> bytes:
    """UTF-8 of at most `limit` bytes that ends between characters."""
    data = text.encode("utf-8", "replace")
    return data if len(data) <= limit else data[:limit].decode("utf-8", "ignore").encode()


def _language(code: str) -> int:
    letters = code if len(code) == 3 and code.isascii() and code.isalpha() else "und"
    return sum(
        (ord(letter) - 0x60) << shift for letter, shift in zip(letters.lower(), (10, 5, 0), strict=True)
    )


def _handler(kind: bytes, name: bytes) -> bytes:
    return full_box(b"hdlr", 0, 0, bytes(4), kind, bytes(12), name, b"\0")


def _track_header(number: int, duration: int, enabled: bool, volume: int) -> bytes:
    version, times = _times(duration, number, 0)
    return full_box(
        b"tkhd",
        version,
        3 if enabled else 2,
        times,
        bytes(8),
        struct.pack(">hhHH", 0, 0, volume, 0),
        _UNITY,
        bytes(8),
    )


def _media_header(rate: int, duration: int, language: str) -> bytes:
    version, times = _times(duration, rate)
    return full_box(b"mdhd", version, 0, times, struct.pack(">HH", _language(language), 0))


def _edit(duration: int, skip: int) -> bytes:
    wide = duration >= _32_BITS
    entry = struct.pack(">IQqhh" if wide else ">IIihh", 1, duration, skip, 1, 0)
    return box(b"edts", full_box(b"elst", int(wide), 0, entry))


def _data_reference() -> bytes:
    return box(b"dinf", full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1)))


def _offsets(values: Sequence[int], wide: bool) -> bytes:
    return full_box(
        b"co64" if wide else b"stco", 0, 0, struct.pack(">I", len(values)), _numbers(values, wide)
    )


def _sizes(sizes: Sequence[int]) -> bytes:
    return full_box(b"stsz", 0, 0, struct.pack(">II", 0, len(sizes)), _numbers(sizes))


def chapter_samples(marks: Iterable[Mark]) -> list[bytes]:
    """Chapter titles as samples of a text track: length, text, and a box that says it is UTF-8."""
    encoding = struct.pack(">I4sI", 12, b"encd", 0x100)
    texts = [cut_utf8(mark.title, 1000) for mark in marks]
    return [struct.pack(">H", len(text)) + text + encoding for text in texts]


def _chapter_list(header: Header) -> bytes:
    """Nero's list. Left out above its limit: VLC prefers it to the track, and would show 255 chapters."""
    if not header.marks or len(header.marks) > NERO_LIMIT:
        return b""
    entries = []
    for mark in header.marks:
        title = cut_utf8(mark.title, 255)
        entries.append(struct.pack(">QB", mark.start * 10_000_000 // header.rate, len(title)) + title)
    return full_box(b"chpl", 1, 0, bytes(4), bytes([len(entries)]), *entries)


def _tag(tag: Tag) -> bytes:
    data = box(b"data", struct.pack(">II", tag.kind, 0), tag.value)
    if not tag.name.startswith("----:"):
        return box(tag.name.encode("latin-1"), data)
    _, mean, name = tag.name.split(":", 2)
    return box(b"----", full_box(b"mean", 0, 0, mean.encode()), full_box(b"name", 0, 0, name.encode()), data)


def _user_data(header: Header) -> bytes:
    handler = full_box(b"hdlr", 0, 0, bytes(4), b"mdir", b"appl", bytes(9))
    tags = full_box(b"meta", 0, 0, handler, box(b"ilst", *map(_tag, header.tags)), box(b"free", bytes(2040)))
    return box(b"udta", _chapter_list(header), tags)


def _sample_entry(header: Header, sizes: Sequence[int]) -> bytes:
    average = round(sum(sizes) * 8 * header.rate / (len(sizes) * FRAME)) if sizes else 0
    decoder = (
        struct.pack(">BB", 0x40, 0x15) + (6144).to_bytes(3, "big") + struct.pack(">II", 2 * average, average)
    )
    stream = _descriptor(4, decoder + _descriptor(5, header.config))
    elementary = _descriptor(3, struct.pack(">HB", 1, 0) + stream + _descriptor(6, b"\2"))
    sound = struct.pack(">6xH8xHHHHI", 1, 1, 16, 0, 0, header.rate << 16)
    return full_box(
        b"stsd", 0, 0, struct.pack(">I", 1), box(b"mp4a", sound, full_box(b"esds", 0, 0, elementary))
    )


def _sample_chunks(packets: int) -> bytes:
    rest = packets % _PACKETS_PER_CHUNK
    entries = [(1, _PACKETS_PER_CHUNK, 1)] if packets >= _PACKETS_PER_CHUNK else []
    if rest:
        entries.append((packets // _PACKETS_PER_CHUNK + 1, rest, 1))
    return full_box(
        b"stsc", 0, 0, struct.pack(">I", len(entries)), *(struct.pack(">III", *entry) for entry in entries)
    )


def _sound_track(header: Header, sizes: Sequence[int], chunks: Sequence[int], wide: bool) -> bytes:
    count = len(sizes)
    table = box(
        b"stbl",
        _sample_entry(header, sizes),
        full_box(b"stts", 0, 0, struct.pack(">III", 1, count, FRAME)),
        _sample_chunks(count),
        _sizes(sizes),
        _offsets(chunks, wide),
        full_box(b"sgpd", 1, 0, struct.pack(">4sIIh", b"roll", 2, 1, -1)),
        full_box(b"sbgp", 0, 0, struct.pack(">4sIII", b"roll", 1, count, 1)),
    )
    media = box(
        b"mdia",
        _media_header(header.rate, count * FRAME, header.language),
        _handler(b"soun", b"SoundHandler"),
        box(b"minf", full_box(b"smhd", 0, 0, bytes(4)), _data_reference(), table),
    )
    reference = box(b"tref", box(b"chap", struct.pack(">I", 2))) if header.marks else b""
    return box(
        b"trak", _track_header(1, header.samples, True, 0x100), _edit(header.samples, FRAME), reference, media
    )


def _chapter_track(header: Header, texts: Sequence[bytes], offsets: Sequence[int], wide: bool) -> bytes:
    borders = [mark.start for mark in header.marks] + [header.samples]
    lengths = [min(after - before, _32_BITS - 1) for before, after in itertools.pairwise(borders)]
    # The entry has all 51 bytes of QuickTime's layout; two fewer, and MediaInfo shows no chapters.
    entry = box(b"text", struct.pack(">6xHII6x8x8xHHBH6xB", 1, 0, 1, 0, 0, 0, 0, 0))
    table = box(
        b"stbl",
        full_box(b"stsd", 0, 0, struct.pack(">I", 1), entry),
        full_box(
            b"stts",
            0,
            0,
            struct.pack(">I", len(lengths)),
            *(struct.pack(">II", 1, length) for length in lengths),
        ),
        full_box(b"stsc", 0, 0, struct.pack(">IIII", 1, 1, 1, 1)),
        _sizes([len(text) for text in texts]),
        _offsets(offsets, wide),
    )
    media_information = box(
        b"gmhd",
        full_box(b"gmin", 0, 0, struct.pack(">HHHHhH", 0x40, 0x8000, 0x8000, 0x8000, 0, 0)),
        box(b"text", _UNITY),
    )
    media = box(
        b"mdia",
        _media_header(header.rate, header.samples - borders[0], header.language),
        _handler(b"text", b"Chapters"),
        box(b"minf", media_information, _data_reference(), table),
    )
    length = header.samples - borders[0]
    return box(b"trak", _track_header(2, length, False, 0), _edit(length, 0), media)


def _index(
    header: Header,
    sizes: Sequence[int],
    texts: Sequence[bytes],
    text_at: Sequence[int],
    chunk_at: Sequence[int],
    wide: bool,
) -> bytes:
    version, times = _times(header.samples, header.rate)
    movie = full_box(
        b"mvhd",
        version,
        0,
        times,
        struct.pack(">IH10x", 0x10000, 0x100),
        _UNITY,
        bytes(24),
        struct.pack(">I", 3),
    )
    tracks = _sound_track(header, sizes, chunk_at, wide)
    if header.marks:
        tracks += _chapter_track(header, texts, text_at, wide)
    return box(b"moov", movie, tracks, _user_data(header))


def write_mp4(
    file: IO[bytes], header: Header, sizes: Sequence[int], sound: Iterable[bytes | memoryview]
) -> None:
    """Write a file: `sound` is all packets, in order, in parts of any length; `sizes` the packets' sizes."""
    texts = chapter_samples(header.marks)
    chunks = -(-len(sizes) // _PACKETS_PER_CHUNK)
    text_bytes = sum(map(len, texts))
    payload = text_bytes + sum(sizes)
    kind = box(b"ftyp", header.brand, _FTYP[4:])
    wide = payload + (64 << 20) >= _32_BITS
    index_bytes = len(_index(header, sizes, texts, [0] * len(texts), [0] * chunks, wide))
    head = (
        struct.pack(">I4sQ", 1, b"mdat", payload + 16) if wide else struct.pack(">I4s", payload + 8, b"mdat")
    )
    position = len(kind) + index_bytes + len(head)
    text_at = []
    for text in texts:
        text_at.append(position)
        position += len(text)
    chunk_at = []
    for first in range(0, len(sizes), _PACKETS_PER_CHUNK):
        chunk_at.append(position)
        position += sum(sizes[first : first + _PACKETS_PER_CHUNK])
    file.write(kind)
    file.write(_index(header, sizes, texts, text_at, chunk_at, wide))
    file.write(head)
    file.writelines(texts)
    written = 0
    for part in sound:
        file.write(part)
        written += len(part)
    if written != payload - text_bytes:
        raise RuntimeError(f"{written} bytes of packets where {payload - text_bytes} were announced")


def bodies(pieces: Sequence[Packets]) -> tuple[array[int], list[memoryview]]:
    """Sizes and bytes of pieces one after the other, for files that fit into memory."""
    parts = [piece.body(index == len(pieces) - 1) for index, piece in enumerate(pieces)]
    sizes = array("I")
    for own, _ in parts:
        sizes.extend(own)
    return sizes, [data for _, data in parts]
