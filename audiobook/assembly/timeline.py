"""The timeline: where every recording lands, in samples. Pure arithmetic, and the one source of truth
for chapter marks, subtitles, the read-along edition and the report.

Chapters begin on a grid that the frames of every codec divide, so that a chapter's packets depend on
nothing outside the chapter: chapters are encoded side by side, kept, and joined without a trace.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from audiobook.assembly.plan import AssemblyPlan, Cue, Pauses, PlannedChapter, Rest
from audiobook.audio.levels import Levels

GRID = 9216
"""Samples; a multiple of the frames of AAC (1024) and MP3 (576 and 1152)."""

SNAP = 1024
"""Samples; a paragraph begins on a multiple of it, which adds a few hundredths of a second to its pause."""

_AT_ENDS = 3072  # silence a codec needs before a border to be at rest
_SENTENCE_END = frozenset(".!?…。！？।؟։።")
_CLOSING = "\"'”’»)]}›“‘」』）*_"


@dataclass(frozen=True, slots=True)
class Placed:
    """A cue in its place: `start`, `length` in samples of the timeline, `first`, `count` of the take."""

    cue: Cue
    start: int
    length: int
    first: int
    count: int
    rate: int  # of the take

    @property
    def stop(self) -> int:
        """The sample after the last."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class TimedChapter:
    """A chapter in its place; the starts of `placed` count from the chapter's own beginning."""

    title: str
    start: int
    length: int
    placed: tuple[Placed, ...]

    @property
    def stop(self) -> int:
        """The sample after the last."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole book."""

    rate: int
    chapters: tuple[TimedChapter, ...]

    @property
    def samples(self) -> int:
        """Length of the book."""
        return self.chapters[-1].stop if self.chapters else 0

    @property
    def seconds(self) -> float:
        """Length of the book in seconds."""
        return self.samples / self.rate

    def cues(self) -> Iterator[tuple[int, Placed]]:
        """Every cue with the sample of the book where it begins."""
        for chapter in self.chapters:
            for placed in chapter.placed:
                yield chapter.start + placed.start, placed

    def chapter_at(self, sample: int) -> int:
        """Index of the chapter that a sample belongs to."""
        starts = [chapter.start for chapter in self.chapters]
        return max(0, bisect_right(starts, sample) - 1)


LevelsOf = Callable[[str], Levels]


def common_rate(levels: Iterable[Levels]) -> int:
    """The rate most of the speech was recorded at; the higher of two equals."""
    seconds: Counter[int] = Counter()
    for each in levels:
        seconds[each.rate] += each.samples
    return max(seconds, key=lambda rate: (seconds[rate] / rate, rate), default=24000)


def _ends_sentence(text: str) -> bool:
    bare = text.rstrip().rstrip(_CLOSING).rstrip()
    return not bare or bare[-1] in _SENTENCE_END


def pause_between(before: Cue, after: Cue, pauses: Pauses) -> float:
    """Seconds of silence between two recordings that follow each other."""
    reasons = [pauses.sentence if _ends_sentence(before.text) else pauses.clause]
    if before.role != "line" or after.role != "line":
        reasons.append(pauses.heading)
    if after.paragraph:
        reasons.append(pauses.paragraph)
    if (before.speaker, before.voice) != (after.speaker, after.voice):
        reasons.append(pauses.speaker)
    return max(reasons)


def _gaps(items: Sequence[Cue | Rest], pauses: Pauses) -> Iterator[tuple[float, Cue]]:
    """Each cue with the seconds of silence before it."""
    before: Cue | None = None
    asked, scene = 0.0, 0.0
    for item in items:
        if isinstance(item, Rest):
            # A pause that the author asked for stands as it is; it adds to another one.
            asked += item.seconds if item.kind == "pause" else 0.0
            scene = max(scene, pauses.scene if item.kind == "scene" else 0.0)
            continue
        usual = pauses.head if before is None else pause_between(before, item, pauses)
        yield max(usual, scene, asked), item
        before, asked, scene = item, 0.0, 0.0


def _trailing(items: Sequence[Cue | Rest]) -> float:
    """Seconds that the author asked for after the last line."""
    asked = 0.0
    for item in reversed(items):
        if isinstance(item, Cue):
            break
        asked += item.seconds
    return asked


def place_chapter(
    chapter: PlannedChapter, start: int, rate: int, levels: LevelsOf, pauses: Pauses, grid: int = GRID
) -> TimedChapter:
    """Lay out one chapter from sample `start` on. Its length is a multiple of `grid`."""
    placed: list[Placed] = []
    position = 0
    for gap, cue in _gaps(chapter.items, pauses):
        each = levels(cue.take)
        position += round(gap * rate)
        if cue.paragraph:
            # Paragraphs begin on frames: what follows a corrected line keeps its packets.
            position = -(-position // SNAP) * SNAP
        count = each.stop - each.start
        length = -(-count * rate // each.rate)
        placed.append(Placed(cue, position, length, each.start, count, each.rate))
        position += length
    tail = round(max(pauses.chapter, _trailing(chapter.items)) * rate)
    length = max(round((position + tail) / grid) * grid, -(-(position + _AT_ENDS) // grid) * grid)
    return TimedChapter(chapter.title, start, length, tuple(placed))


def build_timeline(
    plan: AssemblyPlan, rate: int, levels: LevelsOf, pauses: Pauses, grid: int = GRID
) -> Timeline:
    """Lay out the whole book."""
    chapters: list[TimedChapter] = []
    start = 0
    for chapter in plan.chapters:
        chapters.append(place_chapter(chapter, start, rate, levels, pauses, grid))
        start = chapters[-1].stop
    return Timeline(rate, tuple(chapters))


def at_rate(timeline: Timeline, rate: int, frame: int) -> Timeline:
    """The same timeline at another rate, its chapters on multiples of `frame`.

    Nothing moves by more than half a frame, and errors do not add up.
    """

    def place(sample: int) -> int:
        return round(sample * rate / timeline.rate)

    def border(sample: int) -> int:
        return round(sample * rate / timeline.rate / frame) * frame

    chapters = []
    for chapter in timeline.chapters:
        start = border(chapter.start)
        placed = tuple(
            replace(
                each,
                start=place(chapter.start + each.start) - start,
                length=-(-each.count * rate // each.rate),
            )
            for each in chapter.placed
        )
        chapters.append(replace(chapter, start=start, length=border(chapter.stop) - start, placed=placed))
    return Timeline(rate, tuple(chapters))
