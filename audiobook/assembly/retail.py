"""What a retailer asks for beside the chapters: a sample, credits, files of bearable length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from audiobook.assembly.check import ACX_WARNING
from audiobook.assembly.timeline import GRID, TimedChapter, Timeline

SAMPLE_TITLE = "Retail Sample"
_SAMPLE_SECONDS = 285.0  # of the five minutes that are allowed, with room tone
_SAMPLE_FROM = 60.0  # a shorter chapter is a dedication, not a sample
_LONGEST = 120 * 60.0


def sample_of(timeline: Timeline, tail: float) -> TimedChapter:
    """The beginning of the first real chapter, up to the end of a line, with `tail` seconds of room tone."""
    long_enough = (each for each in timeline.chapters if each.length / timeline.rate >= _SAMPLE_FROM)
    chapter = next(long_enough, max(timeline.chapters, key=lambda each: each.length))
    limit = round((_SAMPLE_SECONDS - tail) * timeline.rate)
    placed = tuple(each for each in chapter.placed if each.stop <= limit) or chapter.placed[:1]
    length = round((placed[-1].stop + tail * timeline.rate) / GRID) * GRID
    return replace(chapter, title=SAMPLE_TITLE, start=0, length=length, placed=placed)


def remarks(timeline: Timeline) -> Iterator[str]:
    """What a person should know before sending the files in."""
    yield ACX_WARNING
    ends = (timeline.chapters[0], timeline.chapters[-1])
    if not all("credit" in each.title.casefold() for each in ends):
        yield (
            "opening and closing credits are wanted as files of their own; "
            "add them to the script as first and last chapter, with “credits” in their titles"
        )
    for chapter in timeline.chapters:
        if chapter.length / timeline.rate > _LONGEST:
            yield f"“{chapter.title}” is longer than 120 minutes; divide it in the script"
