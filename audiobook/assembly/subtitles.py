"""Text that follows the voice: SRT, WebVTT and LRC, from the timeline. Pure functions to text."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

from audiobook.assembly.text import one_line
from audiobook.assembly.timeline import Timeline

_LINE = 42  # characters of a subtitle's line


@dataclass(frozen=True, slots=True)
class Caption:
    """One line of the book and when it is heard, in seconds."""

    start: float
    stop: float
    text: str
    speaker: str


def captions(timeline: Timeline) -> Iterator[Caption]:
    """All lines in the order they are heard. None overlaps the next."""
    for start, placed in timeline.cues():
        text = one_line(placed.cue.text, 4000)
        if text:
            stop = (start + placed.length) / timeline.rate
            yield Caption(start / timeline.rate, stop, text, one_line(placed.cue.speaker, 200))


def clock(seconds: float, point: str = ".") -> str:
    """`01:02:03.004`."""
    thousandths = round(seconds * 1000)
    hours, thousandths = divmod(thousandths, 3_600_000)
    minutes, thousandths = divmod(thousandths, 60_000)
    whole, thousandths = divmod(thousandths, 1000)
    return f"{hours:02d}:{minutes:02d}:{whole:02d}{point}{thousandths:03d}"


def fold(text: str, width: int = _LINE) -> str:
    """Lines of about equal length, none longer than `width` where words allow it."""
    words = text.split(" ")
    count = -(-len(text) // width)
    if count < 2:
        return text
    wanted = len(text) / count
    lines: list[str] = []
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if line and (len(longer) > width or (len(longer) > wanted and len(lines) < count - 1)):
            lines.append(line)
            line = word
        else:
            line = longer
    return "\n".join([*lines, line])


def srt(timeline: Timeline) -> str:
    """SubRip."""
    blocks = []
    for number, each in enumerate(captions(timeline), 1):
        # "-->" inside a text would end the block for some readers.
        text = fold(each.text.replace("-->", "→"))
        blocks.append(f"{number}\n{clock(each.start, ',')} --> {clock(each.stop, ',')}\n{text}\n")
    return "\n".join(blocks)


def vtt(timeline: Timeline) -> str:
    """WebVTT, with the speakers as voices and the chapters as notes."""
    parts = ["WEBVTT\n"]
    for each in captions(timeline):
        text = html.escape(fold(each.text), quote=False)
        voice = html.escape(each.speaker, quote=False).replace("&gt;", "")
        body = f"<v {voice}>{text}" if voice else text
        parts.append(f"{clock(each.start)} --> {clock(each.stop)}\n{body}\n")
    return "\n".join(parts)


def chapters_vtt(timeline: Timeline) -> str:
    """The chapters as a WebVTT track of kind "chapters"."""
    parts = ["WEBVTT\n"]
    for chapter in timeline.chapters:
        start, stop = chapter.start / timeline.rate, chapter.stop / timeline.rate
        title = html.escape(one_line(chapter.title), quote=False)
        parts.append(f"{clock(start)} --> {clock(stop)}\n{title or '…'}\n")
    return "\n".join(parts)


def lrc(timeline: Timeline, title: str = "", artist: str = "") -> str:
    """LRC: a time stamp and a line. Minutes go on counting beyond the hour."""
    head = [f"[{key}:{value.replace(']', ')')}]" for key, value in (("ti", title), ("ar", artist)) if value]
    lines = []
    for each in captions(timeline):
        hundredths = round(each.start * 100)
        minutes, rest = divmod(hundredths, 6000)
        text = f"\u200b{each.text}" if each.text.startswith("[") else each.text
        lines.append(f"[{minutes:02d}:{rest // 100:02d}.{rest % 100:02d}]{text}")
    return "\n".join([*head, *lines]) + "\n"
