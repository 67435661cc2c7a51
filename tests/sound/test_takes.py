"""Takes: what is written is what is read, or the loss has a name."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from audiobook.audio import flac
from audiobook.audio.clip import Clip
from audiobook.audio.levels import Levels, measure
from audiobook.audio.takes import TakeStore, take_name
from audiobook.engines.base import Utterance
from audiobook.errors import StorageError, TakeError

NAME = "ab" * 32


def test_a_take_comes_back_bit_by_bit_with_its_levels(store: TakeStore, speech: Any) -> None:
    clip = speech(0.7)
    levels = store.write(NAME, clip)
    read = store.read(NAME)
    assert read.rate == clip.rate and np.array_equal(read.samples, clip.samples)
    assert store.levels(NAME) == levels
    assert store.has(NAME) and list(store.names()) == [NAME]
    assert store.path(NAME).parent.name == "ab"


@given(
    samples=hnp.arrays(np.int16, st.integers(1, 3000)),
    rate=st.sampled_from([8000, 16000, 22050, 24000, 44100, 48000]),
    notes=st.binary(max_size=200),
)
def test_any_samples_and_any_notes_survive(samples: Any, rate: int, notes: bytes) -> None:
    data = flac.encode(Clip(samples, rate), notes)
    clip = flac.decode(data)
    assert clip.rate == rate and np.array_equal(clip.samples, samples)
    assert flac.notes_of(data) == notes


@given(position=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_byte_that_changed_is_noticed(position: float, flip: int) -> None:
    data = bytearray(flac.encode(Clip(np.arange(2000, dtype=np.int16), 22050), b"levels"))
    at = 43 + int(position * (len(data) - 43))  # everything behind STREAMINFO and the kind of the next block
    data[at] ^= flip
    with pytest.raises(flac.Damaged):
        flac.decode(bytes(data))


@given(cut=st.floats(0, 1, exclude_max=True))
def test_a_file_that_is_cut_short_is_noticed(cut: float) -> None:
    data = flac.encode(Clip(np.arange(2000, dtype=np.int16), 22050), b"levels")
    with pytest.raises(flac.Damaged):
        flac.decode(data[: int(cut * len(data))])


def test_missing_and_damaged_takes_are_named(store: TakeStore, speech: Any) -> None:
    with pytest.raises(TakeError, match="missing") as missing:
        store.read(NAME)
    assert missing.value.names == (NAME,)
    with pytest.raises(TakeError):
        store.levels(NAME)
    store.write(NAME, speech(0.3))
    data = store.path(NAME).read_bytes()
    store.path(NAME).write_bytes(data[:-20])
    with pytest.raises(TakeError, match="damaged"):
        store.read(NAME)
    store.path(NAME).write_bytes(b"")
    with pytest.raises(TakeError):
        store.levels(NAME)


@pytest.mark.parametrize("change", [{"samples": 22049}, {"samples": 22051}, {"rate": 24000}])
def test_a_take_whose_notes_end_elsewhere_than_its_audio_is_noticed(
    store: TakeStore, speech: Any, change: dict[str, int]
) -> None:
    """Its place in the timeline would be another than its sound; no checksum covers what both say."""
    name = "ab" + "0" * 62
    clip = speech(1.0)
    levels = replace(measure(clip), stop=20000, **change)
    store.publish([store.stage_encoded(name, levels, flac.encode(clip, levels.pack()))])
    for ask in (store.levels, store.read):
        with pytest.raises(TakeError, match=r"ab0000.*(notes end|samples)") as lost:
            ask(name)
        assert lost.value.names == (name,)


def test_the_head_of_a_take_is_held_against_its_notes(store: TakeStore, speech: Any) -> None:
    """The count of samples in FLAC's own head stands before the checksum."""
    name = "cd" + "0" * 62
    store.write(name, speech(1.0))
    data = bytearray(store.path(name).read_bytes())
    data[25] ^= 1
    store.path(name).write_bytes(data)
    for ask in (store.levels, store.read):
        with pytest.raises(TakeError):
            ask(name)


def test_other_flac_files_are_no_takes(store: TakeStore) -> None:
    import soundfile

    path = store.path(NAME)
    path.parent.mkdir(parents=True)
    soundfile.write(path, np.zeros(100, np.int16), 22050, format="FLAC")
    with pytest.raises(TakeError):
        store.levels(NAME)


@pytest.mark.parametrize("count", [1, 3, 12])
def test_staged_takes_are_invisible_until_they_are_published(
    store: TakeStore, speech: Any, count: int
) -> None:
    names = [f"{index:02x}" * 32 for index in range(count)]
    staged = [store.stage(name, speech(0.1, index)) for index, name in enumerate(names)]
    assert not any(store.has(name) for name in names) and list(store.names()) == []
    store.publish(staged)
    assert list(store.names()) == names
    assert not list(store.folder.rglob("*.part"))


def test_discarded_takes_leave_nothing(store: TakeStore, speech: Any) -> None:
    staged = [store.stage(NAME, speech(0.1))]
    store.discard(staged)
    store.discard(staged)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_a_removed_take_is_gone_and_may_be_removed_again(store: TakeStore, speech: Any) -> None:
    store.write(NAME, speech(0.1))
    store.remove(NAME)
    store.remove(NAME)
    assert not store.has(NAME)


def test_a_full_disk_leaves_no_half_take(
    store: TakeStore, speech: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, data: bytes) -> int:
        self.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StorageError, match="the disk is full"):
        store.write(NAME, speech(0.1))
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_the_name_follows_everything_that_changes_the_sound() -> None:
    plain = Utterance("Hello.", "a")
    others = [
        replace(plain, text="Hello!"),
        replace(plain, voice="b"),
        replace(plain, style="warm"),
        replace(plain, speed=1.1),
        replace(plain, gain=1.0),
        replace(plain, language="de"),
        replace(plain, take=1),
        replace(plain, phonemes=((0, 5, "həˈləʊ"),)),
    ]
    names = {take_name(each, "tone", (("version", "1"),)) for each in [plain, *others]}
    names |= {take_name(plain, "espeak", (("version", "1"),)), take_name(plain, "tone", (("version", "2"),))}
    assert len(names) == len(others) + 3
    assert take_name(plain, "tone", (("a", "1"), ("b", "2"))) == take_name(
        plain, "tone", (("b", "2"), ("a", "1"))
    )


@given(
    start=st.integers(0, 100),
    length=st.integers(0, 100),
    loudness=st.binary(max_size=50),
    energy=st.floats(0, 1e6),
)
def test_levels_survive_being_packed(start: int, length: int, loudness: bytes, energy: float) -> None:
    levels = Levels(24000, 500, start, start + length, 0.5, energy, loudness)
    assert Levels.unpack(levels.pack()) == levels


@given(data=st.binary(max_size=80))
def test_no_bytes_but_levels_are_levels(data: bytes) -> None:
    try:
        levels = Levels.unpack(data)
    except ValueError:
        return
    assert levels.pack() == data
