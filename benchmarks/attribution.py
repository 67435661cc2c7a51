"""How well and how fast speakers are found, on annotated novels in PDNC's format.

    python benchmarks/attribution.py NOVELS [--list]

NOVELS is a folder with one folder a novel: novel_text.txt, quotation_info.csv, character_info.csv. A line
counts as right when most of it was found and its speaker is the annotated one, by name or alias. The weights
that ship were learned from other authors, so this is a measurement on unseen authors.
"""

from __future__ import annotations

import argparse
import ast
import csv
import re
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from audiobook.speakers import Person, attribute

TYPES = ("Explicit", "Anaphoric", "Implicit")


@dataclass(frozen=True, slots=True)
class Score:
    """One novel's result: shares right by type, quotations, and seconds."""

    name: str
    right: float
    by_type: dict[str, float]
    count: int
    seconds: float


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
    spans = [(quote.start, quote.end, quote.speaker) for quote in found.quotes if quote.kind != "other"]
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    with (folder / "quotation_info.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            wanted = owners.get(folded(row["speaker"]), {row["speaker"]})
            ok = owners.get(folded(_speaker(ast.literal_eval(row["quoteByteSpans"]), spans)), set()) == wanted
            for kind in ("all", row["quoteType"]):
                total[kind] += 1
                right[kind] += ok
    by_type = {kind: right[kind] / total[kind] if total[kind] else 0.0 for kind in TYPES}
    return Score(folder.name, right["all"] / total["all"], by_type, total["all"], seconds)


def _speaker(wanted: list[list[int]], spans: list[tuple[int, int, str | None]]) -> str:
    """Who was found to speak most of an annotated quotation, if at least half of it was found."""
    shares: Counter[str] = Counter()
    for start, end in wanted:
        for first, last, speaker in spans:
            overlap = min(end, last) - max(start, first)
            if overlap > 0:
                shares[speaker or ""] += overlap
    length = sum(end - start for start, end in wanted)
    return shares.most_common(1)[0][0] if sum(shares.values()) >= 0.5 * length else ""


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("novels", type=Path)
    parser.add_argument("--list", action="store_true", help="give the cast list")
    chosen = parser.parse_args()
    scores = []
    print("| novel | quotations | all | explicit | anaphoric | implicit | seconds |")
    print("|---|---|---|---|---|---|---|")
    for folder in sorted(path for path in chosen.novels.iterdir() if path.is_dir()):
        score = measure(folder, chosen.list)
        scores.append(score)
        cells = " | ".join(f"{100 * score.by_type[kind]:.1f}" for kind in TYPES)
        print(f"| {score.name} | {score.count} | {100 * score.right:.1f} | {cells} | {score.seconds:.1f} |")
    means = [statistics.mean(s.by_type[kind] for s in scores) for kind in TYPES]
    cells = " | ".join(f"{100 * mean:.1f}" for mean in means)
    mean = 100 * statistics.mean(s.right for s in scores)
    print(f"| **mean of novels** | {sum(s.count for s in scores)} | **{mean:.1f}** | {cells} | |")


if __name__ == "__main__":
    main()
