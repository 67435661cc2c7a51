"""Recording bad lines again, and letting the script ask for the best recording of each. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from audiobook.pipeline.listening import Verdict
from audiobook.pipeline.planning import Plan
from audiobook.script import Line, Paragraph, ScriptChapter


def bare(line: Line) -> Line:
    """A line without its ordinal: lines that are equal so share their recordings."""
    return replace(line, attributes=tuple(entry for entry in line.attributes if entry[0] != "take"))


def ordinal(line: Line) -> int:
    """Which recording a line asks for."""
    given = line.get("take", "0")
    return int(given) if given.isdigit() else 0


def with_ordinal(line: Line, number: int) -> Line:
    """The line asking for another recording; the first is asked for by saying nothing."""
    plain = bare(line)
    return replace(plain, attributes=(*plain.attributes, ("take", str(number)))) if number else plain


def with_ordinals(
    script: Mapping[str, ScriptChapter], wanted: Mapping[Line, int]
) -> dict[str, ScriptChapter]:
    """The script with ordinals for lines, which are named by their `bare` form."""

    def changed(line: Line) -> Line:
        number = wanted.get(bare(line))
        return line if number is None or number == ordinal(line) else with_ordinal(line, number)

    def chapter_of(chapter: ScriptChapter) -> ScriptChapter:
        items = (
            replace(item, lines=tuple(map(changed, item.lines))) if isinstance(item, Paragraph) else item
            for item in chapter.items
        )
        return ScriptChapter(None if chapter.title is None else changed(chapter.title), tuple(items))

    return {file: chapter_of(chapter) for file, chapter in script.items()}


@dataclass(slots=True)
class Tries:
    """The recordings of lines that were bad: for each, errors per word by ordinal."""

    scores: dict[Line, dict[int, float]] = field(default_factory=dict)

    def collect(self, plan: Plan, verdicts: Iterable[Verdict], bad: Iterable[Verdict]) -> set[Line]:
        """Enter what was heard; returns the lines that are bad, new ones included."""
        heard = {v.reading.take: v.heard.score.rate for v in verdicts if v.heard is not None}
        takes = {verdict.reading.take for verdict in bad}
        lines = {bare(reading.line) for reading in plan.lines() if reading.take in takes}
        for line in lines:
            self.scores.setdefault(line, {})
        for reading in plan.lines():
            scores = self.scores.get(bare(reading.line))
            if scores is not None and reading.take in heard:
                scores[ordinal(reading.line)] = heard[reading.take]
        return lines

    def next(self, lines: Iterable[Line]) -> dict[Line, int]:
        """For each line an ordinal that was not tried yet."""
        return {line: max(self.scores[line]) + 1 for line in lines}

    def best(self) -> dict[Line, int]:
        """For each line the ordinal of its best recording, the earliest of equals."""
        return {
            line: min(sorted(scores), key=lambda number: scores[number])
            for line, scores in self.scores.items()
        }
