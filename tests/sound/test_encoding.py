"""Pieces that are encoded apart decode as one, at the right place, whatever the number of workers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from audiobook.assembly import pieces
from audiobook.assembly.editions import Job, ensure, jobs_of
from audiobook.assembly.encoders import Aac, Encoder, Mp3, Opus, frames_of
from audiobook.assembly.listening import Decoder, Meter, listen
from audiobook.assembly.packets import PacketCache, Packets, join
from audiobook.assembly.plan import AssemblyPlan, Pauses
from audiobook.assembly.render import Finish, render
from audiobook.assembly.timeline import Timeline, at_rate, build_timeline
from audiobook.audio.takes import TakeStore
from audiobook.errors import ProductError, TakeError, UsageError

Plan = Callable[..., AssemblyPlan]

ENCODERS = [Aac(22050, 64), Mp3(22050, 64), Mp3(44100, 128), Opus(32), Aac(24000, 32)]


def decode(packets: Packets, decoder: Decoder) -> Any:
    samples = np.concatenate([frame.to_ndarray().reshape(-1) for frame in decoder.frames(packets)])
    return samples / np.float32(32768 if samples.dtype == np.int16 else 1)


def timed(plan: AssemblyPlan, store: TakeStore, encoder: Encoder) -> Timeline:
    if isinstance(encoder, Opus):
        return at_rate(build_timeline(plan, 22050, store.levels, Pauses()), encoder.rate, encoder.frame)
    return build_timeline(plan, encoder.rate, store.levels, Pauses())


def one_after_the_other(parts: list[Packets]) -> Packets:
    sizes, data = [], b""
    for index, part in enumerate(parts):
        own, body = part.body(index == len(parts) - 1)
        sizes += list(own)
        data += bytes(body)
    return replace(parts[0], sizes=type(parts[0].sizes)("I", sizes), data=data)


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda each: each.recipe.split("/6")[0])
def test_joined_pieces_decode_to_the_signal_that_was_planned(
    encoder: Encoder, book: Plan, store: TakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No priming in the middle, no drift, no click: the error at the joins is the error of silence."""
    monkeypatch.setattr(pieces, "_SECONDS", 1)
    finish = Finish(encoder.rate)
    timeline = timed(book(2, 4), store, encoder)
    jobs = [
        job for chapter in timeline.chapters for job in jobs_of(chapter, lambda cue: 0.0, finish, encoder)
    ]
    assert len(jobs) > 3
    joined = one_after_the_other([job.encode(store) for job in jobs])
    planned = np.concatenate(
        [
            block
            for job in jobs
            for block in render(store, job.piece, [1.0] * len(job.gains), finish, encoder.block)
        ]
    )
    heard = decode(joined, encoder.decoder)[encoder.decoder.delay :]
    length = min(len(heard), len(planned))
    assert length >= len(planned) - encoder.frame
    correlation = np.fft.irfft(np.fft.rfft(planned[:length]) * np.conj(np.fft.rfft(heard[:length])))
    shift = int(np.argmax(correlation))
    assert min(shift, abs(shift - length)) <= 1
    position = 0
    for job in jobs[:-1]:
        position += job.piece.samples
        assert np.max(np.abs(heard[position - 600 : position + 600])) < 0.002


def test_rendering_is_the_same_in_any_blocks_and_the_same_again(book: Plan, store: TakeStore) -> None:
    timeline = timed(book(1, 5), store, ENCODERS[0])
    piece = pieces.whole(timeline.chapters[0])
    gains = [1.5, 0.5, 2.0, 1.0, 0.7]
    finish = Finish(22050, 0.5, tone=0.0005)
    renders = [
        np.concatenate(list(render(store, piece, gains, finish, size)))
        for size in (1024, 5000, 9216 * 3, 1024)
    ]
    digests = {hashlib.sha256(each.tobytes()).hexdigest() for each in renders}
    assert len(digests) == 1 and len(renders[0]) == piece.samples


def test_recordings_of_another_rate_are_brought_to_the_books(book: Plan, store: TakeStore) -> None:
    plan = book(1, 3, rate=24000)
    timeline = build_timeline(plan, 22050, store.levels, Pauses())
    piece = pieces.whole(timeline.chapters[0])
    signal = np.concatenate(list(render(store, piece, [1.0] * 3, Finish(22050), 4096)))
    assert len(signal) == piece.samples
    for placed in piece.placed:
        clip = store.read(placed.cue.take)
        assert placed.length == -(-len(clip.samples) * 22050 // 24000)
        energy = float(np.mean(np.square(signal[placed.start : placed.stop])))
        assert energy == pytest.approx(float(np.mean(np.square(clip.samples / 32768.0))), rel=0.02)


def test_the_key_of_a_piece_follows_what_is_heard_and_nothing_else(book: Plan, store: TakeStore) -> None:
    def key(
        plan: AssemblyPlan, gain: float = 0.0, ceiling: float = 0.5, encoder: Encoder = ENCODERS[0]
    ) -> str:
        chapter = build_timeline(plan, 22050, store.levels, Pauses()).chapters[-1]
        return next(jobs_of(chapter, lambda cue: gain, Finish(22050, ceiling), encoder)).key

    plan = book(2, 3)
    other_title = replace(plan, chapters=tuple(replace(each, title="Other") for each in plan.chapters))
    moved = replace(plan, chapters=plan.chapters[1:])
    shorter = replace(plan, chapters=(replace(plan.chapters[1], items=plan.chapters[1].items[1:]),))
    assert key(plan) == key(other_title) == key(moved)
    different = [
        key(plan),
        key(shorter),
        key(plan, 1.0),
        key(plan, ceiling=0.6),
        key(plan, encoder=Aac(22050, 72)),
    ]
    assert len(set(different)) == len(different)


def test_a_kept_piece_is_not_encoded_again_and_a_damaged_one_is(
    book: Plan, store: TakeStore, tmp_path: Path
) -> None:
    cache = PacketCache(tmp_path / "cache")
    chapter = timed(book(1, 2), store, ENCODERS[0]).chapters[0]
    job = next(jobs_of(chapter, lambda cue: 0.0, Finish(22050), ENCODERS[0]))
    key = ensure(job, store, cache)
    first = cache.path(key).read_bytes()
    stamp = cache.path(key).stat().st_mtime_ns
    ensure(job, store, cache)
    assert cache.path(key).stat().st_mtime_ns == stamp
    for damage in (first[:-1], first[:30], b"", first[:-5] + b"\0" + first[-4:]):
        cache.path(key).write_bytes(damage)
        assert cache.read(key) is None or damage == first
        ensure(job, store, cache)
        assert cache.path(key).read_bytes() == first


def test_pruning_keeps_what_was_used_and_as_much_again(tmp_path: Path) -> None:
    cache = PacketCache(tmp_path)
    for index in range(6):
        cache.write(f"{index}" * 64, join([b"x" * 1000], 0))
    cache.used = {"0" * 64, "1" * 64}
    cache.prune()
    left = {path.stem[0] for path in tmp_path.rglob("*.packets")}
    assert {"0", "1"} < left and len(left) == 4


def test_a_damaged_take_stops_the_piece_and_is_named(book: Plan, store: TakeStore) -> None:
    chapter = timed(book(1, 2), store, ENCODERS[0]).chapters[0]
    job = next(jobs_of(chapter, lambda cue: 0.0, Finish(22050), ENCODERS[0]))
    name = chapter.placed[1].cue.take
    store.path(name).write_bytes(store.path(name).read_bytes()[:-40])
    with pytest.raises(TakeError) as lost:
        job.encode(store)
    assert lost.value.names == (name,)


def test_packets_that_do_not_decode_are_noticed(book: Plan, store: TakeStore) -> None:
    encoder = Aac(22050, 64)
    chapter = timed(book(1, 3), store, encoder).chapters[0]
    job: Job = next(jobs_of(chapter, lambda cue: 0.0, Finish(22050), encoder))
    meter = Meter(encoder.frame)
    packets = encoder.encode(meter.watch(render(store, job.piece, [1.0] * 3, job.finish, encoder.block)))
    assert 0.05 < listen(packets, encoder.decoder, meter, 1.0) < 1.0
    broken = bytearray(packets.data)
    broken[len(broken) // 2 : len(broken) // 2 + 3000] = bytes(3000)
    with pytest.raises(ProductError):
        listen(replace(packets, data=bytes(broken)), encoder.decoder, meter, 1.0)
    silent = encoder.encode([np.zeros(job.piece.samples, np.float32)])
    with pytest.raises(ProductError, match="dB"):
        listen(silent, encoder.decoder, meter, 1.0)


@pytest.mark.parametrize("encoder", ENCODERS, ids=lambda each: each.recipe.split("/6")[0])
def test_a_peak_is_heard_wherever_it_is(encoder: Encoder) -> None:
    """In the middle of a stretch, and in the last one, which is shorter."""
    for place in (0.5, 0.99):
        samples = np.zeros(encoder.block * 3, np.float32)
        at = int(place * len(samples)) - encoder.frame
        samples[at : at + encoder.frame] = 0.7 * np.sin(np.arange(encoder.frame) * 0.11)
        meter = Meter(encoder.frame)
        packets = encoder.encode(meter.watch(samples.reshape(3, -1)))
        every = np.concatenate([frame.to_ndarray().reshape(-1) for frame in encoder.decoder.frames(packets)])
        highest = float(np.abs(every).max()) / (32768 if every.dtype == np.int16 else 1)
        assert listen(packets, encoder.decoder, meter, 0.7) == pytest.approx(highest, abs=1e-4)
        assert highest > 0.5


def test_what_shapes_the_packets_of_aac_is_in_their_recipe() -> None:
    """Kept packets of an encoder with other tools would be taken for these otherwise."""
    fast, low = Aac(22050, 64), Aac(22050, 32)
    assert (fast.options.get("aac_tns"), fast.options.get("aac_pns")) == ("0", "0")
    assert fast.recipe.startswith("aac/fast-plain/64/22050/")
    assert low.options == {"aac_coder": "twoloop"}
    assert low.recipe.startswith("aac/twoloop/32/22050/")


def test_frames_of_constant_rate_follow_each_other() -> None:
    packets = Mp3(22050, 64).encode([np.zeros(576 * 50, np.float32)])
    assert list(frames_of(packets.data)) == list(packets.sizes)
    assert list(frames_of(b"no frames")) == []


def test_a_bit_rate_that_mp3_does_not_have_is_refused() -> None:
    with pytest.raises(UsageError, match="160"):
        Mp3(22050, 192)


def test_the_library_has_the_encoders() -> None:
    assert {"aac", "libopus"} <= av.codecs_available
