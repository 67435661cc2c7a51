"""A clip as FLAC with one metadata block of our own, which is read without decoding.

The block (an APPLICATION block, which every FLAC reader skips) stands directly after STREAMINFO and holds a
checksum of everything behind it and the take's levels: four kilobytes of file answer what mastering asks.
"""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import soundfile

from audiobook.audio.clip import Clip

_MARK = b"fLaC"
_STREAMINFO_END = 4 + 4 + 34
_APPLICATION = 2
_ID = b"AdBk"
HEAD = 4096
"""Bytes from the beginning of a file that hold the levels of any take up to six minutes."""


class Damaged(ValueError):
    """The bytes are not a clip that `encode` wrote."""


def encode(clip: Clip, notes: bytes) -> bytes:
    """The clip as a FLAC file that carries `notes`."""
    buffer = io.BytesIO()
    soundfile.write(buffer, clip.samples, clip.rate, format="FLAC", subtype="PCM_16", compression_level=0.0)
    data = buffer.getvalue()
    rest = data[_STREAMINFO_END:]
    inside = _ID + struct.pack(">I", zlib.crc32(rest, zlib.crc32(notes))) + notes
    block = bytes([_APPLICATION]) + len(inside).to_bytes(3, "big") + inside
    # STREAMINFO is marked as the last block where libsndfile wrote no other; ours follows it now.
    last = data[4] & 0x80
    return (
        data[:4]
        + bytes([data[4] & 0x7F])
        + data[5:_STREAMINFO_END]
        + bytes([block[0] | last])
        + block[1:]
        + rest
    )


def split(data: bytes) -> tuple[bytes, int, int]:
    """Notes, checksum, and where the part under the checksum begins. Raises Damaged."""
    head = data[_STREAMINFO_END : _STREAMINFO_END + 12]
    if data[:4] != _MARK or len(head) < 12 or head[0] & 0x7F != _APPLICATION or head[4:8] != _ID:
        raise Damaged("not a take")
    end = _STREAMINFO_END + 4 + int.from_bytes(head[1:4], "big")
    return data[_STREAMINFO_END + 12 : end], int.from_bytes(head[8:12], "big"), end


def notes_of(data: bytes) -> bytes | None:
    """The notes, from the beginning of a file; None where `data` ends before they do. Raises Damaged."""
    notes, _, end = split(data)
    return notes if len(data) >= end else None


def extent(data: bytes) -> tuple[int, int]:
    """Samples and their rate as STREAMINFO tells them, from the beginning of a file. Raises Damaged."""
    if data[:4] != _MARK or len(data) < _STREAMINFO_END:
        raise Damaged("not a take")
    packed = int.from_bytes(data[18:26], "big")  # 20 bits of rate, 8 of channels and width, 36 of samples
    return packed & (1 << 36) - 1, packed >> 44


def decode(data: bytes) -> Clip:
    """The clip, every bit of it. Raises Damaged."""
    notes, checksum, end = split(data)
    if zlib.crc32(memoryview(data)[end:], zlib.crc32(notes)) != checksum:
        raise Damaged("the checksum is wrong")
    try:
        samples, rate = soundfile.read(io.BytesIO(data), dtype="int16")
    except (soundfile.SoundFileError, RuntimeError) as error:
        raise Damaged(str(error)) from error
    return Clip(np.ascontiguousarray(samples), int(rate))
