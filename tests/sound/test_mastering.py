"""Mastering is arithmetic that the finished sound agrees with; the limiter acts only where it must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import soxr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from audiobook.assembly.limiter import limit
from audiobook.assembly.mastering import PRESETS, early_gains, final_gains, groups, rms_of
from audiobook.assembly.plan import AssemblyPlan, Cue, PlannedChapter
from audiobook.assembly.roomtone import RoomTone
from audiobook.audio.levels import Levels, decibels
from audiobook.audio.takes import TakeStore
from audiobook.book import Metadata

AUDIOBOOK = PRESETS["audiobook"]


def level(lufs: float, seconds: float = 4.0) -> Levels:
    samples = int(seconds * 22050)
    return Levels(22050, samples, 0, samples, 0.5, 1.0, bytes([round(-2 * lufs)]) * int(seconds * 10))


def planned(*lines: tuple[str, str, float]) -> AssemblyPlan:
    cues = tuple(Cue(take, "Text.", voice=voice, gain=gain) for take, voice, gain in lines)
    return AssemblyPlan(Metadata(), (PlannedChapter("One", cues),))


def early(
    plan: AssemblyPlan, levels: dict[str, Levels], has: Callable[[str], bool]
) -> dict[tuple[str, float], float]:
    voices = groups(cue for chapter in plan.chapters for cue in chapter.cues())
    return early_gains(voices, AUDIOBOOK, levels.__getitem__, has)


def test_each_voice_gets_one_gain_that_brings_it_to_the_target() -> None:
    levels = {"a1": level(-30), "a2": level(-30), "b1": level(-12)}
    gains = final_gains(
        planned(("a1", "a", 0), ("a2", "a", 0), ("b1", "b", 0)), AUDIOBOOK, levels.__getitem__
    )
    assert gains.by_group == {("a", 0): 11.0, ("b", 0): -7.0}
    assert gains.loudness == pytest.approx(-19, abs=0.2)


def test_a_whisper_stays_softer_than_a_shout() -> None:
    levels = {"whisper": level(-36), "shout": level(-16), "line": level(-22, 60)}
    plan = planned(("line", "a", 0), ("whisper", "a", 0), ("shout", "a", 0))
    gains = final_gains(plan, AUDIOBOOK, levels.__getitem__)
    assert len({gains.of(cue) for cue in plan.chapters[0].cues()}) == 1


def test_first_minutes_that_are_not_typical_are_corrected_by_the_whole() -> None:
    quiet = {f"q{index}": level(-40, 20) for index in range(7)}
    loud = {f"l{index}": level(-20, 20) for index in range(60)}
    levels = quiet | loud
    plan = planned(*((name, "a", 0.0) for name in levels))
    final = final_gains(plan, AUDIOBOOK, levels.__getitem__)
    assert final.by_group["a", 0.0] == pytest.approx(1, abs=0.6)
    assert early(plan, levels, lambda name: True) == final.by_group


def test_a_line_beyond_the_first_minutes_does_not_move_the_gain() -> None:
    levels = {f"t{index}": level(-24, 20) for index in range(40)}
    plan = planned(*((name, "a", 0.0) for name in levels))
    before = final_gains(plan, AUDIOBOOK, levels.__getitem__).by_group
    levels["t30"] = level(-29, 20)
    assert final_gains(plan, AUDIOBOOK, levels.__getitem__).by_group == before


def test_early_gains_wait_for_the_lines_they_need_and_no_more() -> None:
    levels = {f"t{index}": level(-24, 50) for index in range(7)}
    plan = planned(*((name, "a", 0.0) for name in levels))
    assert early(plan, levels, lambda name: name < "t4") == {}
    assert early(plan, levels, lambda name: name != "t3") == {}
    assert early(plan, levels, lambda name: name < "t5") == {("a", 0.0): 5.0}
    short = planned(("t0", "a", 0.0), ("t1", "b", 0.0))
    assert early(short, levels, lambda name: name == "t0") == {("a", 0.0): 5.0}


@pytest.mark.parametrize("later", [-24.0, -25.5])
def test_a_voice_that_changes_after_its_first_minutes_is_guessed_after_ten(later: float) -> None:
    """Whoever is encoded ahead is encoded with the gain that comes out in the end."""
    levels = {f"t{index}": level(-24 if index < 3 else later, 50) for index in range(20)}
    plan = planned(*((name, "a", 0.0) for name in levels))
    final = final_gains(plan, AUDIOBOOK, levels.__getitem__).by_group
    assert final["a", 0.0] == pytest.approx(5.0 if later > -25 else 6.25, abs=0.26)
    for known in (6, 8, 15, 20):
        guess = early(plan, levels, lambda name, known=known: int(name[1:]) < known)  # type: ignore[misc]
        assert guess == ({} if known < 12 and later < -25 else final)


def test_ten_minutes_that_are_not_typical_either_are_corrected_by_the_whole() -> None:
    levels = {f"t{index}": level(-24 if index < 12 else -28, 50) for index in range(90)}
    plan = planned(*((name, "a", 0.0) for name in levels))
    assert final_gains(plan, AUDIOBOOK, levels.__getitem__).by_group["a", 0.0] > 8
    assert early(plan, levels, lambda name: int(name[1:]) < 24) == {}


def test_silent_voices_and_no_preset_are_left_alone() -> None:
    silent = Levels(22050, 100, 0, 100, 0, 0, b"\xff" * 10)
    plan = planned(("s", "a", 0.0))
    assert final_gains(plan, AUDIOBOOK, {"s": silent}.__getitem__).by_group == {("a", 0.0): 0.0}
    assert final_gains(plan, PRESETS["none"], {"s": level(-40)}.__getitem__).by_group == {("a", 0.0): 0.0}


def test_equal_lines_count_once() -> None:
    assert groups([Cue("x", "A", voice="v"), Cue("x", "A", voice="v"), Cue("y", "B", voice="v")]) == {
        ("v", 0.0): ["x", "y"]
    }


def test_rms_is_energy_over_the_whole_file() -> None:
    assert rms_of([(100.0, 0.0), (100.0, 0.0)], 20_000) == pytest.approx(-20.0)
    assert rms_of([(100.0, 6.0206)], 10_000) == pytest.approx(-13.98, abs=0.01)
    assert rms_of([], 10_000, tone=0.001) == pytest.approx(-60.0)
    assert rms_of([], 0) == -120.0


def true_peak(signal: Any) -> float:
    return float(np.max(np.abs(soxr.resample(signal, 1, 8, quality="VHQ")))) if len(signal) else 0.0


@given(
    seed=st.integers(0, 1000),
    drive=st.floats(0.05, 3.0),
    ceiling=st.floats(0.2, 0.95),
    rate=st.sampled_from([22050, 44100]),
)
def test_the_limiter_holds_true_peaks(
    speech: Any, seed: int, drive: float, ceiling: float, rate: int
) -> None:
    signal = speech(0.4, seed % 40, rate).samples.astype(np.float32) / 32768 * np.float32(drive)
    limited = limit(signal, rate, ceiling)
    assert len(limited) == len(signal)
    assert true_peak(limited) <= ceiling * 10 ** (0.6 / 20)
    assert np.all(np.abs(limited) <= np.abs(signal) + 1e-7)


def test_peaks_are_limited_together_as_each_by_itself(speech: Any) -> None:
    """At both ends, close together and far apart: what is done around one peak does not depend on others."""
    parts = []
    for seed in range(6):
        part = speech(0.4, seed, level=-20).samples.astype(np.float32) / 32768
        part[:400] = part[-400:] = 0
        for place in (900 * seed + 30, 4000, 4100, len(part) - 20)[seed % 3 :]:
            part[place : place + 9] = 0.95 * np.hanning(9)
        parts.append(part)
    together = limit(np.concatenate(parts), 22050, 0.6)
    apart = np.concatenate([limit(part, 22050, 0.6) for part in parts])
    # Where two parts meet, a gain may reach from one into the other; elsewhere nothing may differ.
    inside = np.concatenate([np.arange(len(part)) for part in parts])
    left = np.concatenate([np.arange(len(part))[::-1] for part in parts])
    same = (inside > 400) & (left > 400)
    assert np.allclose(together[same], apart[same], atol=1e-6)
    assert 0.5 < float(np.max(np.abs(together))) <= 0.6001


@given(signal=hnp.arrays(np.float32, st.integers(0, 2000), elements=st.floats(-4, 4, width=32)))
def test_the_limiter_takes_any_signal(signal: Any) -> None:
    limited = limit(signal, 22050, 0.7)
    assert len(limited) == len(signal) and np.all(np.isfinite(limited))
    assert float(np.max(np.abs(limited), initial=0.0)) <= 0.7 * 1.0001


def test_the_limiter_leaves_everything_else_untouched(speech: Any) -> None:
    signal = speech(3.0).samples.astype(np.float32) / 32768
    signal *= np.float32(0.4 / np.max(np.abs(signal)))
    assert limit(signal, 22050, 0.7) is signal
    spiked = signal.copy()
    spiked[30000] = 0.99
    changed = np.flatnonzero(limit(spiked, 22050, 0.7) != spiked)
    assert changed.min() > 29700 and changed.max() < 30300


def test_room_tone_has_its_level_and_is_a_function_of_place() -> None:
    tone = RoomTone(44100, 0.0005, 44100 * 60)
    whole = tone.read(0, 44100 * 60)
    assert decibels(float(np.mean(np.square(whole)))) == pytest.approx(-66.0, abs=0.3)
    assert np.array_equal(tone.read(12345, 99999), whole[12345:99999])
    assert whole[0] == 0 and abs(whole[-1]) < 1e-5
    power = np.abs(np.fft.rfft(whole[:44100])) ** 2
    assert power[15000:].mean() < power[:3000].mean()


def test_a_chapter_for_acx_passes_every_line(book: Callable[..., AssemblyPlan], store: TakeStore) -> None:
    from audiobook.assembly import AssemblySettings, build
    from audiobook.assembly.check import check_file

    plan = book(2, 9, seconds=1.6)
    plan = replace(
        plan, chapters=(plan.chapters[0], replace(plan.chapters[1], items=plan.chapters[1].items[:5]))
    )
    product = build(plan, store, AssemblySettings(preset="acx"), store.folder.parent)
    assert [path.name for path in product.files] == [
        "01 - Chapter 1.mp3", "02 - Chapter 2.mp3", "Retail Sample.mp3", "A Small Book.m3u8",
    ]  # fmt: skip
    assert "invitation" in product.warnings[0] and "credits" in product.warnings[1]
    for path in product.files:
        if path.suffix == ".mp3":
            measured, requirements = check_file(path, "acx")
            assert [each for each in requirements if not each.passed] == []
            assert measured.rms == pytest.approx(-20.0, abs=0.1)
            assert -72 <= measured.floor <= -62
            assert measured.peak <= -3.0
