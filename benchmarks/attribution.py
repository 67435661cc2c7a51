"""How well and how fast speakers are found, on annotated novels in PDNC's format.

    python benchmarks/attribution.py NOVELS [--list]

NOVELS is a folder with one folder a novel: novel_text.txt, quotation_info.csv, character_info.csv. A line
counts as right when most of it was found and its speaker is the annotated one, by name or alias. The weights
that ship were learned from other authors, so this is a measurement on unseen authors.

Prints what docs/speakers.md tells: accuracy by novel and type of line, by what evidence lines are right and
wrong, how right the surest lines are, and how many of the quotations were found.
"""

from __future__ import annotations

import argparse
import ast
import bisect
import csv
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from audiobook.speakers import Person, Quote, attribute

TYPES = ("Explicit", "Anaphoric", "Implicit")
SUREST = (0.5, 0.6, 0.7, 0.8)
MARKS = " \n\t\r\"“”'"
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One annotated quotation: its type, whether it was right, how sure that was, and by what evidence."""

    kind: str
    right: bool
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Score:
    """One novel's result: lines, seconds, and spans found, annotated, and matched by at least half."""

    name: str
    lines: list[Line]
    seconds: float
    found: int = 0
    annotated: int = 0
    found_right: int = 0
    annotated_found: int = 0

    @property
    def right(self) -> float:
        """The share of all lines that are right."""
        return share(line.right for line in self.lines)

    def by_type(self, kind: str) -> float:
        """The share of the lines of a type that are right."""
        return share(line.right for line in self.lines if line.kind == kind)


def share(right: Iterable[bool]) -> float:
    """The share of true ones, 0 of none."""
    values = list(right)
    return sum(values) / len(values) if values else 0.0


def folded(name: str) -> str:
    """A name without case, full stops and article."""
    text = " ".join(name.lower().replace("’", "'").replace(".", " ").split())
    return re.sub(r"^(the|a|an) ", "", text)


def people_of(folder: Path) -> list[Person]:
    """The annotated characters."""
    with (folder / "character_info.csv").open(encoding="utf-8") as file:
        return [
            Person(row["Main Name"], tuple(sorted(ast.literal_eval(row["Aliases"]))), row["Gender"])
            for row in csv.DictReader(file)
        ]


def measure(folder: Path, with_list: bool) -> Score:
    """Attribute one novel and compare."""
    text = (folder / "novel_text.txt").read_bytes().decode("utf-8")
    people = people_of(folder)
    owners: dict[str, set[str]] = {}
    for person in people:
        for alias in (person.name, *person.aliases):
            owners.setdefault(folded(alias), set()).add(person.name)
    begun = time.perf_counter()
    found = attribute(text, roster=people if with_list else None)
    seconds = time.perf_counter() - begun
    quotes = [quote for quote in found.quotes if quote.kind != "other"]
    lines: list[Line] = []
    annotated: list[Span] = []
    with (folder / "quotation_info.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            spans = [(int(start), int(end)) for start, end in ast.literal_eval(row["quoteByteSpans"])]
            annotated += [bare(text, span) for span in spans]
            wanted = owners.get(folded(row["speaker"]), {row["speaker"]})
            quote = _best(spans, quotes)
            right = quote is not None and owners.get(folded(quote.speaker or ""), set()) == wanted
            known = (quote.confidence, quote.evidence) if quote is not None else (0.0, "not found")
            lines.append(Line(row["quoteType"], right, *known))
    ours = [bare(text, (quote.start, quote.end)) for quote in quotes]
    return Score(
        folder.name,
        lines,
        seconds,
        len(ours),
        len(annotated),
        _matched(ours, annotated),
        _matched(annotated, ours),
    )


def bare(text: str, span: Span) -> Span:
    """A span without the marks and spaces at its ends."""
    start, end = span
    while start < end and text[start] in MARKS:
        start += 1
    while end > start and text[end - 1] in MARKS:
        end -= 1
    return start, end


def _matched(spans: list[Span], others: list[Span]) -> int:
    """How many spans overlap one of the others by at least half of the stretch that both cover."""
    others = sorted(others)
    starts = [start for start, _ in others]
    count = 0
    for start, end in spans:
        near = others[max(0, bisect.bisect_left(starts, start) - 6) : bisect.bisect_right(starts, end)]
        count += any(
            min(end, last) - max(start, first) >= 0.5 * (max(end, last) - min(start, first))
            for first, last in near
        )
    return count


def _best(wanted: list[Span], quotes: list[Quote]) -> Quote | None:
    """A found quotation of whoever was found to speak most of an annotated one, if half of it was found."""
    shares: Counter[str | None] = Counter()
    first: dict[str | None, Quote] = {}
    for start, end in wanted:
        for quote in quotes[max(0, bisect.bisect_left(quotes, start, key=lambda q: q.end)) :]:
            if quote.start >= end:
                break
            shares[quote.speaker] += min(end, quote.end) - max(start, quote.start)
            first.setdefault(quote.speaker, quote)
    length = sum(end - start for start, end in wanted)
    if not shares or sum(shares.values()) < 0.5 * length:
        return None
    return first[shares.most_common(1)[0][0]]


def reason(evidence: str) -> str:
    """The kind of evidence a line had."""
    if evidence.startswith("tag:"):
        return "a pronoun or a role as its tag" if ", for " in evidence else "a name as its tag"
    for start in ("alternation", "called by name", "named beside", "named just before", "goes on"):
        if evidence.startswith(start):
            return start
    return evidence


def _print_novels(scores: list[Score]) -> None:
    print("| novel | quotations | all | explicit | anaphoric | implicit | seconds |")
    print("|---|---|---|---|---|---|---|")
    for score in scores:
        cells = " | ".join(f"{100 * score.by_type(kind):.1f}" for kind in TYPES)
        print(
            f"| {score.name} | {len(score.lines)} | {100 * score.right:.1f} | {cells} | {score.seconds:.1f} |"
        )
    means = [statistics.mean(score.by_type(kind) for score in scores) for kind in TYPES]
    cells = " | ".join(f"{100 * mean:.1f}" for mean in means)
    mean = 100 * statistics.mean(score.right for score in scores)
    print(f"| **mean of novels** | {sum(len(s.lines) for s in scores)} | **{mean:.1f}** | {cells} | |")


def _print_lines(lines: list[Line]) -> None:
    errors = sum(not line.right for line in lines)
    print("\n| evidence of the line | quotations | right | share of all errors |")
    print("|---|---|---|---|")
    kinds = Counter(reason(line.evidence) for line in lines)
    for kind, count in kinds.most_common():
        right = sum(line.right for line in lines if reason(line.evidence) == kind)
        print(f"| {kind} | {count} | {100 * right / count:.1f} | {100 * (count - right) / errors:.1f} |")
    ordered = sorted(lines, key=lambda line: -line.confidence)
    parts = [
        f"{100 * part:.0f} %: {100 * share(line.right for line in ordered[: int(part * len(ordered))]):.1f}"
        for part in SUREST
    ]
    print("\nThe surest lines are right, in per cent: " + ", ".join(parts))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("novels", type=Path)
    parser.add_argument("--list", action="store_true", help="give the cast list")
    chosen = parser.parse_args()
    folders = sorted(path for path in chosen.novels.iterdir() if path.is_dir())
    scores = [measure(folder, chosen.list) for folder in folders]
    _print_novels(scores)
    _print_lines([line for score in scores for line in score.lines])
    precision = statistics.mean(score.found_right / score.found for score in scores)
    recall = statistics.mean(score.annotated_found / score.annotated for score in scores)
    print(f"Quotations found: precision {100 * precision:.1f} %, recall {100 * recall:.1f} %")


if __name__ == "__main__":
    main()
