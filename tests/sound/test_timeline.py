"""The timeline: pauses by reason, chapters on the grid, and cuts in silence only."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.assembly.pieces import AT_REST, split
from audiobook.assembly.plan import AssemblyPlan, Cue, Pauses, PlannedChapter, Rest
from audiobook.assembly.timeline import (
    GRID,
    SNAP,
    TimedChapter,
    at_rate,
    build_timeline,
    common_rate,
    pause_between,
    place_chapter,
)
from audiobook.audio.levels import Levels
from audiobook.book import Metadata

PAUSES = Pauses()


def levels(samples: int = 22050, rate: int = 22050, start: int = 0) -> Levels:
    return Levels(rate, samples + start, start, samples + start, 0.5, 1.0, b"")


def cue(text: str = "A sentence.", **changes: object) -> Cue:
    return replace(Cue("t", text), **changes)  # type: ignore[arg-type]


def place(items: Sequence[Cue | Rest], length: Levels | None = None, rate: int = 22050) -> TimedChapter:
    return place_chapter(PlannedChapter("T", tuple(items)), 0, rate, lambda name: length or levels(), PAUSES)


@pytest.mark.parametrize(
    ("before", "after", "seconds"),
    [
        (cue("One."), cue("Two."), PAUSES.sentence),
        (cue("One,"), cue("two."), PAUSES.clause),
        (cue("“One,”"), cue("he said.", speaker="B"), PAUSES.speaker),
        (cue("“One.”"), cue("He said.", speaker="B"), PAUSES.sentence),
        (cue("One."), cue("Two.", paragraph=True), PAUSES.paragraph),
        (cue("Title", role="title"), cue("Two.", paragraph=True), PAUSES.heading),
        (cue("One."), cue("Heading", role="heading"), PAUSES.heading),
        (cue("終わり。」"), cue("次。"), PAUSES.sentence),
    ],
)
def test_each_reason_has_its_pause(before: Cue, after: Cue, seconds: float) -> None:
    assert pause_between(before, after, PAUSES) == seconds
    placed = place([before, after]).placed
    extra = placed[1].start - placed[0].stop - round(seconds * 22050)
    assert 0 <= extra < SNAP if after.paragraph else extra == 0


def test_a_scene_break_and_an_asked_pause_are_heard() -> None:
    scene = place([cue(), Rest("scene"), cue()]).placed
    assert scene[1].start - scene[0].stop == round(PAUSES.scene * 22050)
    asked = place([cue(), Rest("pause", 4.5), Rest("pause", 1.0), cue()]).placed
    assert asked[1].start - asked[0].stop == round(5.5 * 22050)
    first = place([Rest("pause", 3.0), cue()]).placed
    assert first[0].start == 3 * 22050


def test_a_pause_at_the_end_of_a_chapter_lengthens_it() -> None:
    short, long = place([cue()]), place([cue(), Rest("pause", 9.0)])
    assert abs((long.length - short.length) / 22050 - (9.0 - PAUSES.chapter)) <= GRID / 22050


lengths = st.lists(st.integers(1, 200_000), min_size=1, max_size=30)


@given(lengths=lengths, rate=st.sampled_from([16000, 22050, 24000, 44100, 48000]), chapter=st.floats(0, 4))
def test_chapters_lie_on_the_grid_and_nothing_overlaps(lengths: list[int], rate: int, chapter: float) -> None:
    sizes = {f"t{index}": levels(length) for index, length in enumerate(lengths)}
    cues = tuple(Cue(name, "A line.", paragraph=index % 3 == 0) for index, name in enumerate(sizes))
    plan = AssemblyPlan(
        Metadata(), (PlannedChapter("a", cues), PlannedChapter("b", cues[::2]), PlannedChapter("c", ()))
    )
    timeline = build_timeline(plan, rate, lambda name: sizes[name], replace(PAUSES, chapter=chapter))
    end = 0
    for each in timeline.chapters:
        assert each.start == end and each.length % GRID == 0 and each.length > 0
        end = each.stop
        position = 0
        for placed in each.placed:
            assert placed.start >= position
            assert placed.length == -(-placed.count * rate // placed.rate)
            position = placed.stop
        assert each.length - position >= AT_REST
    assert timeline.samples == end
    assert [timeline.chapter_at(chapter.start) for chapter in timeline.chapters] == [0, 1, 2]


@given(
    lengths=st.lists(st.integers(1000, 900_000), min_size=1, max_size=60),
    frame=st.sampled_from([576, 1024, 1152]),
)
def test_pieces_tile_a_chapter_and_are_cut_in_silence(lengths: list[int], frame: int) -> None:
    sizes = {f"t{index}": levels(length) for index, length in enumerate(lengths)}
    cues = tuple(Cue(name, "A line," if index % 4 else "A line.") for index, name in enumerate(sizes))
    chapter = place_chapter(PlannedChapter("a", cues), 0, 22050, lambda name: sizes[name], PAUSES)
    pieces = list(split(chapter, 22050, frame))
    assert [piece.start for piece in pieces[1:]] == [piece.stop for piece in pieces[:-1]]
    assert pieces[0].start == 0 and pieces[-1].stop == chapter.length
    assert [placed for piece in pieces for placed in piece.placed] == list(chapter.placed)
    for piece in pieces:
        assert piece.samples % frame == 0
        assert all(piece.start <= each.start and each.stop <= piece.stop for each in piece.placed)
    for piece in pieces[1:]:
        assert piece.placed[0].start - piece.start >= AT_REST


@given(lengths=lengths)
def test_at_another_rate_nothing_moves_by_more_than_half_a_frame(lengths: list[int]) -> None:
    sizes = {f"t{index}": levels(length) for index, length in enumerate(lengths)}
    cues = tuple(Cue(name, "A line.") for name in sizes)
    plan = AssemblyPlan(Metadata(), (PlannedChapter("a", cues), PlannedChapter("b", cues)))
    timeline = build_timeline(plan, 22050, lambda name: sizes[name], PAUSES)
    other = at_rate(timeline, 48000, 960)
    for before, after in zip(timeline.chapters, other.chapters, strict=True):
        assert after.start % 960 == 0 and after.length % 960 == 0
        assert abs(before.start / 22050 - after.start / 48000) <= 0.0101
    for (before, _), (after, _) in zip(timeline.cues(), other.cues(), strict=True):
        assert abs(before / 22050 - after / 48000) < 0.0001


def test_the_rate_of_most_of_the_speech_is_the_books() -> None:
    assert common_rate([levels(rate=24000), levels(rate=24000), levels(rate=22050)]) == 24000
    assert common_rate([levels(220500, 22050), levels(24000, 24000), levels(24000, 24000)]) == 22050
    assert common_rate([]) == 24000


def test_a_corrected_line_leaves_most_pieces_of_its_chapter_as_they_are() -> None:
    def pieces(lengths: list[int], name: str) -> list[list[tuple[str, int]]]:
        sizes = {name if index == 5 else f"t{index}": levels(length) for index, length in enumerate(lengths)}
        cues = tuple(Cue(name, "A line.", paragraph=index % 3 == 0) for index, name in enumerate(sizes))
        chapter = place_chapter(PlannedChapter("a", cues), 0, 22050, lambda name: sizes[name], PAUSES)
        cut = split(chapter, 22050, 1024)
        return [[(placed.cue.take, placed.start - piece.start) for placed in piece.placed] for piece in cut]

    kept = total = 0
    for seed in range(20):
        lengths = random.Random(seed).choices(range(20_000, 150_000), k=300)
        before = pieces(lengths, "t5")
        after = pieces([*lengths[:5], lengths[5] - 400 * seed - 1, *lengths[6:]], "corrected")
        assert before[0] != after[0]
        kept += sum(piece in before for piece in after)
        total += len(after)
    assert kept / total > 0.7
