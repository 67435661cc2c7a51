"""The M4B writer at its limits: long books, large files, many chapters, odd titles."""

from __future__ import annotations

import io
import struct
from array import array
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.mp4 import MP4

from audiobook.assembly.mp4 import FRAME, Header, Mark, Tag, cut_utf8, write_mp4

CONFIG = bytes.fromhex("1388")  # AAC-LC, 22050 Hz, mono


class Sink:
    """Keeps what comes first and counts the rest."""

    def __init__(self, keep: int = 1 << 22) -> None:
        self.head, self.size, self.keep = bytearray(), 0, keep

    def write(self, data: bytes) -> int:
        if len(self.head) < self.keep:
            self.head += bytes(data[: self.keep - len(self.head)])
        self.size += len(data)
        return len(data)

    def writelines(self, parts: Any) -> None:
        for part in parts:
            self.write(part)


def boxes(data: bytes, start: int, stop: int) -> Iterator[tuple[bytes, int, int]]:
    while start + 8 <= stop:
        size, name = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", data, start + 8)[0], 16
        yield name, start + head, start + size
        start += size


def find(data: bytes, *path: bytes) -> list[bytes]:
    """Contents of all boxes at a path."""
    spans = [(0, len(data))]
    for name in path:
        spans = [(a, b) for start, stop in spans for found, a, b in boxes(data, start, stop) if found == name]
    return [data[a:b] for a, b in spans]


TABLE = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def test_files_above_four_gigabytes_have_wide_offsets() -> None:
    count, size = 100_000, 45_000
    part = bytes(size * 1000)
    sink = Sink()
    header = Header(22050, (count - 1) * FRAME, CONFIG, (Mark(0, "One"),))
    write_mp4(sink, header, array("I", [size] * count), (part for _ in range(count // 1000)))  # type: ignore[arg-type]
    data = bytes(sink.head)
    name, start, stop = list(boxes(data, 0, len(data)))[-1]
    assert name == b"mdat" and stop == sink.size > 1 << 32
    (sound, text) = find(data, *TABLE, b"co64")
    offsets = struct.unpack_from(f">{struct.unpack_from('>I', sound, 4)[0]}Q", sound, 8)
    assert offsets[-1] > 1 << 32 and offsets[-1] + size * (count % 64 or 64) == sink.size
    assert struct.unpack_from(">Q", text, 8)[0] == start
    assert not find(data, *TABLE, b"stco")


def test_small_files_have_narrow_offsets_for_readers_that_know_no_others() -> None:
    sink = Sink()
    write_mp4(sink, Header(22050, FRAME * 99, CONFIG), array("I", [10] * 100), [bytes(1000)])  # type: ignore[arg-type]
    data = bytes(sink.head)
    assert len(find(data, *TABLE, b"stco")) == 1 and not find(data, *TABLE, b"co64")
    (offsets,) = find(data, *TABLE, b"stco")
    first = struct.unpack_from(">I", offsets, 8)[0]
    assert first == data.index(b"mdat") + 4


@pytest.mark.parametrize(("hours", "version"), [(10, 0), (50, 0), (100, 1)])
def test_durations_beyond_32_bits_have_wide_headers(hours: int, version: int) -> None:
    samples = hours * 3600 * 22050
    count = -(-samples // FRAME) + 1
    sink = Sink(1 << 26)
    write_mp4(sink, Header(22050, samples, CONFIG, (Mark(0, "A"),)), array("I", [1]) * count, [bytes(count)])  # type: ignore[arg-type]
    data = bytes(sink.head)
    (header,) = find(data, b"moov", b"mvhd")
    assert header[0] == version
    duration = struct.unpack_from(">Q", header, 24)[0] if version else struct.unpack_from(">I", header, 16)[0]
    assert duration == samples


@given(
    titles=st.lists(st.text(max_size=400), min_size=1, max_size=20),
    values=st.lists(st.text(min_size=1, max_size=300), max_size=5),
)
def test_any_titles_and_tags_are_read_back(titles: list[str], values: list[str]) -> None:
    buffer = io.BytesIO()
    marks = tuple(Mark(index * FRAME, title) for index, title in enumerate(titles))
    tags = tuple(
        Tag(f"----:com.apple.iTunes:KEY{index}", each.encode("utf-8", "replace"))
        for index, each in enumerate(values)
    )
    header = Header(22050, FRAME * (len(titles) + 3), CONFIG, marks, tags)
    write_mp4(buffer, header, array("I", [7] * (len(titles) + 4)), [bytes(7 * (len(titles) + 4))])
    buffer.seek(0)
    found = MP4(buffer)
    assert [chapter.title for chapter in found.chapters or ()] == [
        cut_utf8(each, 255).decode() for each in titles
    ]
    for index, value in enumerate(values):
        assert found[f"----:com.apple.iTunes:KEY{index}"] == [value.encode("utf-8", "replace")]


@given(st.text(), st.integers(0, 30))
def test_cut_texts_end_between_characters(text: str, limit: int) -> None:
    data = cut_utf8(text, limit)
    assert len(data) <= limit and text.encode("utf-8", "replace").startswith(data)
    data.decode()


def test_packets_that_are_not_what_was_announced_are_refused() -> None:
    with pytest.raises(RuntimeError, match="announced"):
        write_mp4(io.BytesIO(), Header(22050, FRAME, CONFIG), array("I", [10, 10]), [bytes(19)])
