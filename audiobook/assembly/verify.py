"""Reading a finished file back with other code than wrote it: FFmpeg's demuxers and mutagen.

That every packet decodes to the right sound was asked when it was encoded (`listening`). Here the
file is asked whether it holds exactly those packets, and says about itself what it should.
"""

from __future__ import annotations

import itertools
import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import av
import av.error
import mutagen

from audiobook.assembly.mp4 import NERO_LIMIT, Mark
from audiobook.errors import ProductError

_CLOCK = 0.0011  # seconds; the finest time that ID3 chapters can tell
_READ = 1 << 20  # bytes of the file at a time
_LISTEN = 40  # packets that are decoded at the beginning and before the end


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file should turn out to be."""

    seconds: float
    rate: int
    codec: str  # FFmpeg's name
    sizes: Sequence[int]
    checksum: int  # CRC-32 of all packets
    title: str
    artist: str
    cover: bool
    marks: tuple[Mark, ...] = ()
    slack: float = 0.0005  # seconds by which the length may differ
    skip: int = 0  # packets in front of the sound


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    what: str
    expected: str
    found: str
    passed: bool


def _equal(what: str, expected: object, found: object) -> Check:
    return Check(what, str(expected), str(found), expected == found)


def verify(path: Path, expected: Expected) -> list[Check]:
    """Look at a file. Raises ProductError naming the first thing that is not as it should be."""
    try:
        checks = [*_container(path, expected), *_tags(path, expected)]
    except (av.error.FFmpegError, mutagen.MutagenError, OSError, IndexError) as error:
        raise ProductError(f"the file that was just written cannot be read back: {error}") from error
    for check in checks:
        if not check.passed:
            raise ProductError(
                f"the finished file failed its check: {check.what}: {check.found[:200]} "
                f"instead of {check.expected[:200]}; the file that was there before is kept"
            )
    return checks


def _container(path: Path, expected: Expected) -> Iterator[Check]:
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        yield _equal("codec", expected.codec, stream.codec_context.name)
        yield _equal("sampling rate", expected.rate, stream.rate)
        seconds = (container.duration or 0) / 1e6
        near = abs(seconds - expected.seconds) <= expected.slack
        yield Check("length in seconds", f"{expected.seconds:.4f}", f"{seconds:.4f}", near)
        yield from _chapters(container.chapters(), expected.marks, expected.rate)
        told = {**stream.metadata, **container.metadata}  # Ogg's comments belong to the stream
        yield _equal("title", expected.title, told.get("title", ""))
        yield _equal("artist", expected.artist, told.get("artist", ""))
        pictures = sum(1 for each in container.streams.video if each.disposition)
        yield _equal("pictures", int(expected.cover), pictures)
        # Where the file has a whole index, it is the demuxer's word on every packet; reading by it takes a
        # fifth of the time of having each packet handed out.
        indexed = "mp4" in container.format.name.split(",")
        reader = _by_index if indexed else _by_packet
        sizes, value, decoded = reader(container, stream, path, len(expected.sizes), expected.skip)
        yield _equal("packets", len(expected.sizes), len(sizes))
        yield _equal("sizes of packets", True, array("I", expected.sizes) == sizes)
        yield _equal("checksum of packets", f"{expected.checksum:08x}", f"{value:08x}")
        yield Check("decoded frames", "some", str(decoded), decoded > 0)


def _by_packet(container: Any, stream: Any, path: Path, count: int, skip: int) -> tuple[array[int], int, int]:
    """Sizes of all packets, their checksum, and how many frames the first and last of them decode to."""
    sizes = array("I")  # a list of a long book's would be the largest thing in memory
    value = decoded = 0
    for packet in container.demux(stream):
        if not packet.size:
            continue
        if skip:
            skip -= 1
            continue
        index = len(sizes)
        sizes.append(packet.size)
        value = zlib.crc32(packet, value)
        if index < _LISTEN or index >= count - _LISTEN:
            decoded += len(packet.decode())
    return sizes, value, decoded


def _by_index(container: Any, stream: Any, path: Path, count: int, skip: int) -> tuple[array[int], int, int]:
    """The same from the places that the demuxer found in the index. Only the first and last packets are asked
    of the demuxer, and the last frames are counted from where it says that they begin.
    """
    sizes = array("I")
    value, begin, end = 0, 0, 0
    last = 0
    with path.open("rb") as file:
        for number, entry in enumerate(stream.index_entries):
            position, size = entry.pos, entry.size
            sizes.append(size)
            if number == count - _LISTEN:
                last = entry.timestamp
            if position != end or end - begin >= _READ:
                value = _checksum(file, begin, end, value)
                begin = position
            end = position + size
        value = _checksum(file, begin, end, value)
    decoded = sum(len(packet.decode()) for packet in itertools.islice(container.demux(stream), _LISTEN))
    if last > 0:
        container.seek(last, stream=stream)
        frames = [len(packet.decode()) for packet in container.demux(stream)]
        decoded = decoded + sum(frames) if len(frames) >= _LISTEN else 0
    return sizes, value, decoded


def _checksum(file: IO[bytes], begin: int, end: int, value: int) -> int:
    file.seek(begin)
    return zlib.crc32(file.read(end - begin), value)


def _chapters(found: Sequence[Any], marks: tuple[Mark, ...], rate: int) -> Iterator[Check]:
    yield _equal("chapters", len(marks), len(found))
    for mark, chapter in zip(marks, found, strict=False):
        title = chapter["metadata"].get("title", "")
        if title != mark.title:
            yield _equal("chapter title", mark.title, title)
    worst = max(
        (
            abs(float(chapter["start"]) * float(chapter["time_base"] or 1) - mark.start / rate)
            for mark, chapter in zip(marks, found, strict=False)
        ),
        default=0.0,
    )
    limit = f"at most {_CLOCK * 1000:.1f}"
    yield Check("error of chapter marks in ms", limit, f"{worst * 1000:.3f}", worst <= _CLOCK)


def _tags(path: Path, expected: Expected) -> Iterator[Check]:
    """The same facts as mutagen sees them: it reads the tags that Apple's and other players read."""
    # The file still has the name it is written under, so mutagen goes by its contents.
    with path.open("rb") as file:
        found = mutagen.File(file)
    if found is None or found.tags is None:
        yield Check("tags", "present", "none", False)
        return
    tags = found.tags
    if expected.codec == "aac":
        yield _equal("title for mutagen", [expected.title], tags.get("\xa9nam"))
        yield _equal("cover for mutagen", int(expected.cover), len(tags.get("covr", [])))
        if 0 < len(expected.marks) <= NERO_LIMIT:
            yield _equal("Nero chapters", len(expected.marks), len(found.chapters or ()))
    elif expected.codec.startswith("mp3"):
        yield _equal("title for mutagen", expected.title, str(tags.get("TIT2")))
        yield _equal("chapters for mutagen", len(expected.marks), len(tags.getall("CHAP")))
    else:
        yield _equal("title for mutagen", [expected.title], tags.get("title"))
