"""A text being turned into its spoken form: rules claim runs of it, what nobody claims stays as it is."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Maker = Callable[[re.Match[str]], str | None]
"""What a match is spoken as; None where the rule does not apply after all."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """`text[start:end]` is spoken as `say`; with `ipa`, the engine is told how that sounds."""

    start: int
    end: int
    say: str = field(compare=False)
    ipa: str = field(default="", compare=False)


class Draft:
    """Edits of one text, none of which overlap; who comes first has the run."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.edits: list[Edit] = []

    def free(self, start: int, end: int) -> bool:
        """Whether no edit touches this run."""
        place = bisect_left(self.edits, Edit(start, start, ""))
        if place < len(self.edits) and self.edits[place].start < end:
            return False
        return place == 0 or self.edits[place - 1].end <= start

    def put(self, start: int, end: int, say: str, ipa: str = "") -> bool:
        """Claim a run; False where another edit has part of it."""
        if start >= end or not self.free(start, end):
            return False
        insort(self.edits, Edit(start, end, say, ipa))
        return True

    def keep(self, start: int, end: int) -> None:
        """Claim what is still free of a run and leave it as it is written."""
        for gap_start, gap_end in list(self.gaps(start, end)):
            self.put(gap_start, gap_end, self.text[gap_start:gap_end])

    def apply(self, pattern: re.Pattern[str], make: Maker, as_written: bool = False) -> None:
        """Put the spoken form of every match that is free, or claim it `as_written`. A match with a group
        "run" claims only that."""
        group: int | str = "run" if "run" in pattern.groupindex else 0
        for found in pattern.finditer(self.text):
            start, end = found.span(group)
            if self.edits and not self.free(start, end):
                continue
            say = make(found)
            if say is not None:
                self.put(start, end, self.text[start:end] if as_written else say)

    def gaps(self, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """What no edit has claimed."""
        end = len(self.text) if end is None else end
        for edit in self.edits:
            if edit.end <= start:
                continue
            if edit.start >= end:
                break
            if start < edit.start:
                yield start, edit.start
            start = edit.end
        if start < end:
            yield start, end

    def runs(self) -> Iterator[tuple[str, Edit | None]]:
        """The text in order: unclaimed runs as written, and edits."""
        place = 0
        for edit in self.edits:
            if place < edit.start:
                yield self.text[place : edit.start], None
            yield edit.say, edit
            place = edit.end
        if place < len(self.text):
            yield self.text[place:], None
