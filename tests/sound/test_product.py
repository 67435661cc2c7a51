"""Whole products, read back by other code; and what happens when something is in the way."""

from __future__ import annotations

import errno
import json
import shutil
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import av
import mutagen
import numpy as np
import pytest
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from PIL import Image

from audiobook.assembly import (
    Assembler,
    AssemblyPlan,
    AssemblySettings,
    Pauses,
    PlannedChapter,
    Stage,
    build,
    writing,
)
from audiobook.assembly.packets import PacketCache, Packets
from audiobook.audio.takes import TakeStore
from audiobook.book import Cover, Metadata, Skipped
from audiobook.errors import BookError, InputError, ProductError, StorageError, TakeError, UsageError

Plan = Callable[..., AssemblyPlan]
ALL = AssemblySettings(formats=("m4b", "mp3", "mp3-chapters", "opus"), extras=("srt", "vtt", "lrc", "cue"))


@pytest.fixture
def folder(store: TakeStore) -> Path:
    return store.folder.parent


def picture(width: int = 300, height: int = 400, kind: str = "PNG") -> bytes:
    import io

    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 60)).save(buffer, kind)
    return buffer.getvalue()


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_book_is_the_same_bytes_whatever_the_number_of_workers(
    book: Plan, store: TakeStore, tmp_path: Path
) -> None:
    plan = book(3, 4)
    plan = replace(plan, metadata=replace(plan.metadata, cover=Cover(picture(), "image/png")))
    made = []
    for workers in (1, 2, 5):
        build(plan, store, replace(ALL, workers=workers), tmp_path / str(workers))
        made.append(contents(tmp_path / str(workers) / "output"))
    assert made[0] == made[1] == made[2]
    assert len(made[0]) == 3 + 3 + 1 + 4 + 2 + 2  # sounds, chapters, playlist, texts, cue sheets, reports


def test_players_find_chapters_and_facts_in_the_m4b(book: Plan, store: TakeStore, folder: Path) -> None:
    plan = book(3, 3)
    plan = replace(plan, metadata=replace(plan.metadata, cover=Cover(picture(2000, 3000), "image/png")))
    product = build(plan, store, AssemblySettings(), folder)
    tags = MP4(product.files[0])
    assert tags["\xa9nam"] == ["A Small Book"] and tags["\xa9ART"] == ["Ann Author, Ben Writer"]
    assert tags["\xa9wrt"] == ["Nora Voice"] and tags["stik"] == [2] and tags["pgap"] is True
    assert tags["\xa9mvn"] == ["Small Books"] and tags["\xa9mvi"] == [2]
    assert tags["----:com.apple.iTunes:SERIES-PART"] == [b"2"]
    assert tags["----:com.apple.iTunes:SUBTITLE"] == [b"With a subtitle"]
    assert tags["ldes"] == ["About nothing.\n\nAt length."] and tags["desc"] == ["About nothing. At length."]
    assert [chapter.title for chapter in tags.chapters] == ["Chapter 1", "Chapter 2", "Chapter 3"]
    with Image.open(__import__("io").BytesIO(bytes(tags["covr"][0]))) as cover:
        assert max(cover.size) == 1400
    data = product.files[0].read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("name", ["m4b", "mp3", "opus"])
def test_chapter_marks_are_where_the_sound_is(book: Plan, store: TakeStore, folder: Path, name: str) -> None:
    """Found by decoding: silence before a mark, and a word on the first frame 0.3 s after it."""
    plan = book(4, 3)
    product = build(plan, store, AssemblySettings(formats=(name,), preset="none"), folder)
    with av.open(str(product.files[0])) as container:
        marks = [float(each["start"] * each["time_base"]) for each in container.chapters()]
        rate = container.streams.audio[0].rate
        sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    assert len(sound) / rate == pytest.approx(product.seconds, abs=0.021)
    if name != "opus":
        assert len(sound) == round(product.seconds * rate)
    for mark in marks:
        start = round(mark * rate)
        loud = np.flatnonzero(np.abs(sound[max(0, start - rate // 5) : start + rate]) > 0.01)
        first = loud[0] - min(start, rate // 5)
        assert -0.012 < first / rate - Pauses().head < 1024 / 22050 + 0.012


def test_mp3s_say_how_long_they_are_and_hold_their_chapters(
    book: Plan, store: TakeStore, folder: Path
) -> None:
    product = build(book(3, 3), store, AssemblySettings(formats=("mp3", "mp3-chapters")), folder)
    whole, *chapters = (path for path in product.files if path.suffix == ".mp3")
    tags = MP3(whole)
    assert tags.info.length == pytest.approx(product.seconds, abs=0.001)
    assert tags.tags.version == (2, 3, 0)
    assert sorted(each.sub_frames["TIT2"].text[0] for each in tags.tags.getall("CHAP")) == [
        "Chapter 1", "Chapter 2", "Chapter 3",
    ]  # fmt: skip
    assert tags.tags.getall("CTOC")[0].child_element_ids == ["ch0000", "ch0001", "ch0002"]
    assert [path.name for path in chapters] == [f"{n:02d} - Chapter {n}.mp3" for n in (1, 2, 3)]
    assert sum(MP3(path).info.length for path in chapters) == pytest.approx(product.seconds, abs=0.001)
    assert str(MP3(chapters[1]).tags["TRCK"]) == "2/3"
    playlist = next(path for path in product.files if path.suffix == ".m3u8").read_text("utf-8")
    assert [line for line in playlist.splitlines() if not line.startswith("#")] == [
        path.name for path in chapters
    ]


@pytest.mark.parametrize("count", [12, 255, 256, 600])
def test_any_number_of_chapters_is_read_back(book: Plan, store: TakeStore, folder: Path, count: int) -> None:
    plan = book(1, 2, seconds=0.1)
    chapter = plan.chapters[0]
    plan = replace(plan, chapters=tuple(replace(chapter, title=f"Kapitel {n} – Ü") for n in range(count)))
    settings = AssemblySettings(formats=("m4b", "mp3"), pauses=Pauses(chapter=0.2, heading=0.1))
    product = build(plan, store, settings, folder)
    for path in product.files:
        with av.open(str(path)) as container:
            titles = [each["metadata"]["title"] for each in container.chapters()]
        assert titles == [f"Kapitel {n} – Ü" for n in range(count)]
    assert len(MP4(product.files[0]).chapters or ()) == (count if count <= 255 else 0)


def test_what_is_made_already_is_not_made_again(book: Plan, store: TakeStore, folder: Path) -> None:
    plan = book()
    first = build(plan, store, ALL, folder)
    again = build(plan, store, replace(ALL, workers=7), folder)
    assert first.fresh and not again.fresh
    assert replace(again, fresh=True) == first
    first.files[0].unlink()
    assert build(plan, store, ALL, folder).fresh


def test_one_changed_line_encodes_one_piece(book: Plan, store: TakeStore, folder: Path, speech: Any) -> None:
    plan = book(4, 3)
    build(plan, store, AssemblySettings(), folder)
    before = {path.stem for path in (folder / "cache").rglob("*.packets")}
    name = "ff" * 32
    store.write(name, speech(1.3, 77))
    changed = list(plan.chapters[2].items)
    changed[1] = replace(changed[1], take=name)
    chapters = (*plan.chapters[:2], PlannedChapter("Chapter 3", tuple(changed)), plan.chapters[3])
    build(replace(plan, chapters=chapters), store, AssemblySettings(), folder)
    after = {path.stem for path in (folder / "cache").rglob("*.packets")}
    assert len(after - before) == 1


def test_chapters_encoded_ahead_are_used_at_the_end(book: Plan, store: TakeStore, folder: Path) -> None:
    plan = book(3, 4)
    settings = AssemblySettings(formats=("m4b", "mp3"), preset="none")
    with Assembler(plan, store, settings, folder) as assembler:
        for index in range(3):
            assembler.chapter_ready(index)
        product = assembler.finish()
    assert len(list((folder / "cache").rglob("*.packets"))) == 2 * 3
    data = product.files[0].read_bytes()
    shutil.rmtree(folder / "cache")
    assert build(plan, store, settings, folder).files[0].read_bytes() == data


def test_a_chapter_waits_for_the_first_lines_of_its_voices(
    book: Plan, store: TakeStore, folder: Path
) -> None:
    plan = book(2, 3)
    held = store.read(plan.chapters[0].cues()[0].take)
    store.remove(plan.chapters[0].cues()[0].take)
    with Assembler(plan, store, AssemblySettings(), folder) as assembler:
        assembler.chapter_ready(1)
        assert assembler._waiting == {1}
        store.write(plan.chapters[0].cues()[0].take, held)
        assembler.chapter_ready(0)
        assert assembler._waiting == set()


def test_voices_of_different_level_come_out_alike(
    store: TakeStore, folder: Path, book: Plan, speech: Any
) -> None:
    plan = book(1, 6, seconds=2.0)
    for cue in plan.chapters[0].cues():
        level = -34 if cue.voice == "tone:b" else -14
        store.write(cue.take, speech(2.0, int(cue.take[:2], 16), level=level))
    report = json.loads(build(plan, store, AssemblySettings(), folder).report.read_text("utf-8"))
    gains = report["mastering"]["gains"]
    assert 17 < gains["tone:b"] - gains["tone:a"] < 23
    assert report["mastering"]["loudness"] == pytest.approx(-19, abs=0.5)
    assert report["mastering"]["peak"] <= -3


def test_the_cast_can_make_a_voice_louder(store: TakeStore, folder: Path, book: Plan) -> None:
    plan = book(1, 6)
    items = tuple(replace(cue, gain=3.0) if cue.voice == "tone:b" else cue for cue in plan.chapters[0].cues())
    plain = json.loads(build(plan, store, AssemblySettings(), folder).report.read_text("utf-8"))
    louder = replace(plan, chapters=(replace(plan.chapters[0], items=items),))
    lifted = json.loads(build(louder, store, AssemblySettings(), folder).report.read_text("utf-8"))
    before = plain["mastering"]["gains"]
    after = lifted["mastering"]["gains"]
    assert (after["tone:b +3 dB"] - after["tone:a"]) - (before["tone:b"] - before["tone:a"]) == pytest.approx(
        3, abs=0.3
    )


def test_missing_takes_are_named_and_nothing_is_written(book: Plan, store: TakeStore, folder: Path) -> None:
    plan = book(2, 3)
    lost = {plan.chapters[0].cues()[1].take, plan.chapters[1].cues()[2].take}
    for name in lost:
        store.remove(name)
    with pytest.raises(TakeError, match=r"2 recordings .*“Line 1 of chapter 0.” in Chapter 1") as error:
        build(plan, store, AssemblySettings(), folder)
    assert set(error.value.names) == lost
    assert not (folder / "output").exists()


def test_a_damaged_take_is_named_when_it_is_needed(book: Plan, store: TakeStore, folder: Path) -> None:
    plan = book(2, 3)
    name = plan.chapters[1].cues()[1].take
    store.path(name).write_bytes(store.path(name).read_bytes()[:-30])
    with pytest.raises(TakeError) as error:
        build(plan, store, AssemblySettings(), folder)
    assert error.value.names == (name,)


def test_a_product_that_fails_its_check_does_not_replace_the_good_one(
    book: Plan, store: TakeStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = build(book(2, 3), store, AssemblySettings(), folder).files[0]
    data = good.read_bytes()
    write = writing.write_m4b

    def damage(file: IO[bytes], *rest: Any) -> None:
        write(file, *rest)
        file.seek(-2000, 2)
        file.write(bytes(1000))

    monkeypatch.setattr(writing, "write_m4b", damage)
    plan = book(2, 3)
    with pytest.raises(ProductError, match="checksum"):
        build(replace(plan, chapters=plan.chapters[:1]), store, AssemblySettings(), folder)
    assert good.read_bytes() == data
    assert [path.name for path in good.parent.iterdir() if path.name.startswith(".")] == []


def _one_bit(place: float) -> Callable[[bytearray, int], None]:
    def change(data: bytearray, sound: int) -> None:
        data[sound + int(place * (len(data) - 1 - sound))] ^= 1

    return change


def _swapped_sizes(data: bytearray, sound: int) -> None:
    """The index says that one packet is longer, and the next one shorter, than they are."""
    sizes = data.index(b"stsz") + 16
    first, second = struct.unpack_from(">II", data, sizes + 4 * 50)
    struct.pack_into(">II", data, sizes + 4 * 50, first + 1, second - 1)


def _cut_short(data: bytearray, sound: int) -> None:
    del data[-3:]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (_one_bit(0.01), "checksum|cannot be read back"),
        (_one_bit(0.5), "checksum"),
        (_one_bit(1.0), "checksum|cannot be read back"),
        (_swapped_sizes, "sizes"),
        (_cut_short, "checksum|cannot be read back"),
    ],
)
def test_no_packet_of_a_finished_file_can_be_other_than_it_was(
    book: Plan,
    store: TakeStore,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[bytearray, int], None],
    complaint: str,
) -> None:
    write = writing.write_m4b

    def damage(file: IO[bytes], *rest: Any) -> None:
        write(file, *rest)
        file.flush()
        path = Path(file.name)
        data = bytearray(path.read_bytes())
        change(data, data.index(b"mdat", data.index(b"moov")) + 4)
        path.write_bytes(data)

    monkeypatch.setattr(writing, "write_m4b", damage)
    with pytest.raises(ProductError, match=complaint):
        build(book(2, 6), store, AssemblySettings(), folder)


def test_packets_are_read_once_to_be_found_and_once_to_be_written(
    book: Plan, store: TakeStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(book(2, 6), store, AssemblySettings(), folder)
    seen: list[str] = []
    read = PacketCache.read

    def counted(cache: PacketCache, key: str) -> Packets | None:
        seen.append(key)
        return read(cache, key)

    monkeypatch.setattr(PacketCache, "read", counted)
    (folder / "output" / "A Small Book.m4b").unlink(missing_ok=True)
    shutil.rmtree(folder / "output")
    build(book(2, 6), store, AssemblySettings(), folder)
    assert len(seen) == 2 * len(set(seen)) > 0


class _Full:
    """A file on a disk that is full after so many bytes."""

    def __init__(self, file: IO[bytes], room: int) -> None:
        self.file, self.room = file, room

    def write(self, data: bytes) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


@pytest.mark.parametrize("room", [0, 10, 3000, 20_000])
def test_a_full_disk_in_the_middle_keeps_the_old_file(
    book: Plan, store: TakeStore, folder: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    good = build(book(2, 3), store, AssemblySettings(), folder).files[0]
    data = good.read_bytes()
    write = writing.write_m4b
    monkeypatch.setattr(writing, "write_m4b", lambda file, *rest: write(_Full(file, room), *rest))  # type: ignore[arg-type]
    plan = book(2, 3)
    with pytest.raises(StorageError, match="the disk is full"):
        build(replace(plan, chapters=plan.chapters[:1]), store, AssemblySettings(), folder)
    assert good.read_bytes() == data
    monkeypatch.setattr(writing, "write_m4b", write)
    assert build(plan, store, AssemblySettings(), folder).files[0].read_bytes() == data


def test_an_output_folder_that_went_away_comes_back(book: Plan, store: TakeStore, folder: Path) -> None:
    product = build(book(), store, AssemblySettings(), folder)
    shutil.rmtree(folder / "output")
    assert build(book(), store, AssemblySettings(), folder).files == product.files
    assert product.files[0].is_file()


def test_an_output_folder_that_is_a_file_is_one_clear_line(
    book: Plan, store: TakeStore, folder: Path
) -> None:
    plan = book()
    (folder / "output").write_text("in the way")
    with pytest.raises(StorageError, match="output"):
        build(plan, store, AssemblySettings(), folder)


def test_the_output_file_can_be_named(book: Plan, store: TakeStore, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "mine.m4b"
    product = build(book(), store, AssemblySettings(output=target, extras=("srt",)), folder)
    assert product.files == (target, target.with_suffix(".srt"))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (AssemblySettings(formats=("ogg",)), "unknown format 'ogg'; there are m4b"),
        (AssemblySettings(formats=()), "no format"),
        (AssemblySettings(preset="loud"), "unknown preset"),
        (AssemblySettings(extras=("ass",)), "unknown extra"),
        (AssemblySettings(formats=("m4b", "mp3"), output=Path("x")), "one output file"),
        (AssemblySettings(formats=("mp3",), bitrate=65), "bit rate of 65"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    book: Plan, store: TakeStore, folder: Path, settings: AssemblySettings, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        build(book(), store, settings, folder)


def test_a_book_without_a_line_is_refused(store: TakeStore, folder: Path) -> None:
    with pytest.raises(BookError):
        build(AssemblyPlan(Metadata(), (PlannedChapter("Empty", ()),)), store, AssemblySettings(), folder)


def test_a_cover_that_is_no_picture_is_left_out_with_a_warning(
    book: Plan, store: TakeStore, folder: Path
) -> None:
    plan = book()
    plan = replace(plan, metadata=replace(plan.metadata, cover=Cover(b"<svg/>", "image/svg+xml")))
    product = build(plan, store, AssemblySettings(), folder)
    assert "cover is left out" in product.warnings[0]
    assert not MP4(product.files[0]).get("covr")
    bad = folder / "cover.png"
    bad.write_bytes(picture()[:60])
    with pytest.raises(InputError, match="cannot be used"):
        build(plan, store, AssemblySettings(cover=bad), folder)


ABSURD = Metadata(
    title="Line\none\r\n\x00\x07 " + "very long " * 10_000,
    authors=("שלום עולם", "😀" * 300, "A/B\\C"),
    narrators=("\u202eright to left",),
    description="One\n\n" + "words " * 30_000,
    series="S\t",
    series_part="not a number",
    date="the year 99",
    language="x-klingon-something",
    genres=("a;b", "\udcff"),
)


def test_absurd_metadata_and_titles_still_make_a_book(book: Plan, store: TakeStore, folder: Path) -> None:
    plan = book(3, 2)
    titles = ["T" * 100_000, "new\nline\x00", "\u202e🙂 " * 100]
    chapters = tuple(replace(each, title=title) for each, title in zip(plan.chapters, titles, strict=True))
    product = build(
        AssemblyPlan(ABSURD, chapters), store, replace(ALL, extras=("srt", "cue", "audiobookshelf")), folder
    )
    for path in product.files:
        assert path.is_file() and len(path.name.encode()) < 250
        if path.suffix in (".m4b", ".mp3", ".opus"):
            assert mutagen.File(path) is not None


def test_progress_reaches_the_end(book: Plan, store: TakeStore, folder: Path) -> None:
    class Ears:
        def __init__(self) -> None:
            self.heard: list[tuple[Stage, float, float]] = []

        def progress(self, stage: Stage, done: float, total: float) -> None:
            self.heard.append((stage, done, total))

        def warning(self, text: str) -> None: ...

    ears = Ears()
    build(book(), store, AssemblySettings(), folder, ears)
    for stage in (Stage.ENCODE, Stage.WRITE):
        last = [each for each in ears.heard if each[0] == stage][-1]
        assert last[1] == pytest.approx(last[2])


def test_the_report_says_what_was_made_and_what_was_not(book: Plan, store: TakeStore, folder: Path) -> None:
    plan = replace(
        book(2, 4),
        skipped=(Skipped("page number", "a.xhtml:3", "17"), Skipped("hidden", "b", "<script>")),
        cost="¥ 0.12",
    )
    product = build(plan, store, AssemblySettings(formats=("m4b", "mp3")), folder)
    report = json.loads(product.report.read_text("utf-8"))
    assert report["seconds"] == pytest.approx(product.seconds, abs=0.001)
    assert [each["title"] for each in report["chapters"]] == ["Chapter 1", "Chapter 2"]
    assert sum(each["share"] for each in report["speakers"]) == pytest.approx(1, abs=0.001)
    assert {each["speaker"] for each in report["speakers"]} == {"narrator", "Ada"}
    assert all(check["passed"] for each in report["files"] for check in each["checks"])
    assert len(report["skipped"]) == 2 and report["cost"] == "¥ 0.12"
    assert -40 < max(report["loudness_curve"]) < -10
    page = (folder / "output" / "report.html").read_text("utf-8")
    assert "&lt;script&gt;" in page and "<script>" not in page and "http" not in page
    assert "<svg" in page and "¥ 0.12" in page


def test_a_chapter_without_lines_is_a_pause(book: Plan, store: TakeStore, folder: Path) -> None:
    plan = book(2, 2)
    plan = replace(plan, chapters=(plan.chapters[0], PlannedChapter("", ()), plan.chapters[1]))
    for settings in (ALL, AssemblySettings(preset="acx")):
        product = build(plan, store, settings, folder)
        assert product.chapters == 3 and all(path.is_file() for path in product.files)


def test_chapters_under_old_titles_do_not_stay_behind(book: Plan, store: TakeStore, folder: Path) -> None:
    plan = book(3, 2)
    settings = AssemblySettings(formats=("mp3-chapters",))
    first = build(plan, store, settings, folder)
    (first.files[0].parent / "notes.txt").write_text("mine")
    chapters = (replace(plan.chapters[0], title="Renamed"), plan.chapters[1])
    build(replace(plan, chapters=chapters), store, settings, folder)
    names = sorted(path.name for path in first.files[0].parent.iterdir())
    assert names == ["01 - Renamed.mp3", "02 - Chapter 2.mp3", "A Small Book.m3u8", "notes.txt"]
