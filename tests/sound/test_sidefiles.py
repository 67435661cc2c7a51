"""Subtitles, playlists, cue sheets, covers and library folders: small formats, read back by others."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from audiobook.assembly import sidefiles, subtitles
from audiobook.assembly.cover import BadCover, prepare
from audiobook.assembly.plan import AssemblyPlan, Cue, Pauses
from audiobook.assembly.tags import facts, sort_title
from audiobook.assembly.text import file_name, iso639, one_line, paragraphs
from audiobook.assembly.timeline import Placed, TimedChapter, Timeline, build_timeline
from audiobook.audio.takes import TakeStore
from audiobook.book import Metadata


def timeline(*texts: str) -> Timeline:
    placed = tuple(
        Placed(Cue("t", text, speaker="Ada" if index % 2 else ""), 22050 * 2 * index, 22050, 0, 22050, 22050)
        for index, text in enumerate(texts)
    )
    return Timeline(22050, (TimedChapter("One & <two>", 0, 22050 * 2 * len(texts), placed),))


@pytest.mark.parametrize("kind", ["srt", "webvtt"])
def test_subtitles_are_read_back_by_ffmpeg(
    kind: str, book: Callable[..., AssemblyPlan], store: TakeStore
) -> None:
    plan = book(3, 5)
    made = build_timeline(plan, 22050, store.levels, Pauses())
    text = subtitles.srt(made) if kind == "srt" else subtitles.vtt(made)
    with av.open(io.BytesIO(text.encode()), format=kind) as container:
        stream = container.streams.subtitles[0]
        packets = [packet for packet in container.demux(stream) if packet.size]
        starts = [float(packet.pts * packet.time_base) for packet in packets]
    planned = [start / 22050 for start, _ in made.cues()]
    assert starts == pytest.approx(planned, abs=0.001)


@given(texts=st.lists(st.text(min_size=1).filter(lambda text: bool(one_line(text))), min_size=1, max_size=8))
def test_no_text_breaks_a_subtitle_file(texts: list[str]) -> None:
    made = timeline(*texts)
    blocks = subtitles.srt(made).split("\n\n")
    assert len([block for block in blocks if " --> " in block]) == len(texts)
    assert subtitles.vtt(made).count(" --> ") == len(texts)
    assert len(subtitles.lrc(made).splitlines()) == len(texts)


def test_times_and_folds() -> None:
    assert subtitles.clock(3723.0045) == "01:02:03.004"
    assert subtitles.clock(359999.9999, ",") == "100:00:00,000"
    folded = subtitles.fold("one two three four five six seven eight nine ten eleven")
    assert all(len(line) <= 42 for line in folded.splitlines()) and folded.replace("\n", " ").endswith(
        "eleven"
    )


def test_voices_and_marks_are_escaped() -> None:
    text = subtitles.vtt(timeline("a < b", "“yes” & --> no"))
    assert "<v Ada>“yes” &amp; --&gt; no" in text and "a &lt; b" in text
    assert "One &amp; &lt;two&gt;" in subtitles.chapters_vtt(timeline("a"))
    assert " → no" in subtitles.srt(timeline("x --> no"))


def test_lyrics_count_minutes_beyond_the_hour() -> None:
    made = timeline("a")
    late = replace(made, chapters=(replace(made.chapters[0], start=22050 * 4000),))
    assert subtitles.lrc(late, "T]", "A").splitlines() == ["[ti:T)]", "[ar:A]", "[66:40.00]a"]


def test_a_cue_sheet_has_75_frames_a_second() -> None:
    made = timeline("a")
    late = replace(made, chapters=(made.chapters[0], replace(made.chapters[0], start=22050 * 6000 + 11025)))
    sheet = sidefiles.cue_sheet(late, "x.m4b", facts(Metadata(title='A "B"', authors=("C",))))
    assert "INDEX 01 100:00:37" in sheet and "TITLE \"A 'B'\"" in sheet and 'FILE "x.m4b" MP4' in sheet


def test_library_folders_are_what_audiobookshelf_reads() -> None:
    book = Metadata(
        "T: {x}", authors=("A/B",), narrators=("N",), series="S", series_part="1.5", date="1999-01-01"
    )
    assert sidefiles.library_folder(facts(book)) == Path("A B/S/Vol 1.5 - 1999 - T x {N}")
    assert sidefiles.library_folder(facts(Metadata())) == Path("Unknown author/Untitled")
    document = json.loads(sidefiles.library_metadata(book, facts(book), timeline("a")))
    assert document["series"] == ["S #1.5"] and document["chapters"][0]["title"] == "One & <two>"
    assert document["chapters"][0]["end"] == 2.0


@given(st.text(max_size=300))
def test_any_text_makes_a_file_name(text: str) -> None:
    name = file_name(text)
    assert name and len(name.encode()) <= 121 and not set(name) & set('<>:"/\\|?*\n\0')
    assert name == name.strip(" .") and name not in (".", "..")


@given(st.text(max_size=600))
def test_texts_become_fit_for_tags(text: str) -> None:
    line = one_line(text)
    assert len(line.encode()) <= 250 and "\n" not in line and "\0" not in line
    assert "\0" not in paragraphs(text) and one_line(line) == line


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en-GB", "eng"), ("zh_Hant", "zho"), ("deu", "deu"), ("", "und"), ("x-odd", "und"), ("PT", "por")],
)
def test_languages_have_three_letters(tag: str, code: str) -> None:
    assert iso639(tag) == code


def test_series_sort_in_reading_order() -> None:
    titles = [sort_title(facts(Metadata("T", series="S", series_part=part))) for part in ("10", "2", "2.5")]
    assert sorted(titles) == [titles[1], titles[2], titles[0]]


def drawn(size: tuple[int, int], mode: str = "RGB", kind: str = "PNG", **more: object) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, 1).save(buffer, kind, **more)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "BMP", "TIFF", "JPEG"])
def test_covers_become_a_jpeg_of_moderate_size(kind: str) -> None:
    made = prepare(drawn((3000, 2000), kind=kind))
    assert (made.width, made.height) == (1400, 933) and made.data[:2] == b"\xff\xd8"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_pictures_of_any_mode_are_covers(mode: str) -> None:
    assert prepare(drawn((40, 60), mode)).height == 60


def test_a_small_jpeg_is_kept_byte_by_byte() -> None:
    data = drawn((500, 500), kind="JPEG")
    assert prepare(data).data == data


def _bomb() -> bytes:
    """A PNG that says it is 60,000 by 60,000 pixels."""
    data = bytearray(drawn((8, 8)))
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    import zlib

    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", b"%PDF-1.4", drawn((99, 99))[:-60], _bomb(), bytes(70 << 20)], ids=range(6)
)
def test_what_is_no_picture_or_a_bomb_is_refused(data: bytes) -> None:
    with pytest.raises(BadCover):
        prepare(data)
