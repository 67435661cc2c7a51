"""What the benchmarks share: a synthetic book, a process tree's memory, one line of JSON."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PEOPLE = ["Ada", "Mr. Brandt", "Clara", "old Dobbs", "Edith", "Captain Frey", "Gus", "Mrs. Hale"]
VERBS = ["said", "asked", "answered", "whispered", "called", "murmured", "replied"]
NARRATION = [
    "The lamps along the quay had been lit one after another, and the fog took each of them in turn",
    "Nobody had told the harbour master about the second boat, which was a pity, for he kept the only key",
    "There were forty-two steps from the landing to the ledge, and every one of them was wet",
    "In the kitchen a kettle began to sing, low at first and then with great determination",
    "It was 5.30 p.m. by the clock over the chandler's, and 5.40 by every other clock in the town",
    "They walked as far as the mill without a word, because the wind would not have let them be heard",
    "The letter had been folded so often that it came apart in four pieces along the creases",
    "Somewhere above the roofs a gull laughed, and was answered by another one far out over the flats",
]
SPEECH = [
    "You might have told me before we came all this way",
    "I have counted them twice, and there is still one too many",
    "Put it down, please, and come away from the window",
    "If the bridge holds we shall be home before the bells",
    "That is not what the map says, and the map was drawn by my father",
    "Do you mean to stand there until it rains",
    "Nobody asked you to carry it",
]

ADJECTIVES = [
    "crooked",
    "narrow",
    "borrowed",
    "silent",
    "painted",
    "broken",
    "early",
    "patient",
    "salted",
    "hollow",
    "distant",
    "folded",
    "rusty",
]
NOUNS = [
    "lantern",
    "bridge",
    "ledger",
    "kettle",
    "orchard",
    "harbour",
    "ladder",
    "window",
    "compass",
    "basket",
    "chimney",
    "garden",
    "saddle",
    "mirror",
    "parcel",
    "quarry",
    "ribbon",
    "station",
    "thimble",
    "umbrella",
    "valley",
    "whistle",
    "anchor",
    "barrel",
    "candle",
    "drawer",
]
PLACES = ["under", "behind", "beside", "beyond", "near", "above"]


def _tail(dice: random.Random) -> str:
    """A few words that make a sentence differ from all others: equal sentences would share one recording."""
    where, other = dice.sample(PLACES, 2)
    near, far = dice.sample(NOUNS, 2)
    kind, sort = dice.sample(ADJECTIVES, 2)
    return f"{where} the {kind} {near} and {other} the {sort} {far}"


def prose(words: int, chapters: int = 24, seed: int = 7) -> str:
    """A book in Markdown of about `words` words: narration and dialogue, of this project's own making."""
    dice = random.Random(seed)
    parts = ["---\ntitle: The Second Boat\nauthor: The Benchmark\nlanguage: en-GB\n---\n"]
    per_chapter = words // chapters
    for number in range(1, chapters + 1):
        parts.append(f"# Chapter {number}\n")
        count = 0
        while count < per_chapter:
            if dice.random() < 0.45:
                who, verb = dice.choice(PEOPLE), dice.choice(VERBS)
                first, second = dice.choice(SPEECH), dice.choice(SPEECH)
                paragraph = f"“{first} {_tail(dice)},” {verb} {who}. “{second} {_tail(dice)}.”"
            else:
                count_of = dice.randint(1, 4)
                paragraph = " ".join(f"{dice.choice(NARRATION)}, {_tail(dice)}." for _ in range(count_of))
            parts.append(paragraph + "\n")
            count += len(paragraph.split())
    return "\n".join(parts)


@dataclass(frozen=True)
class Run:
    """What one command took: seconds of wall clock and processor, peak memory of its whole tree."""

    wall: float
    cpu: float
    peak_mb: float
    code: int
    output: str


def _tree(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def _pss_kb(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def run(command: list[str], **options: Any) -> Run:
    """Run a command to its end and measure it. Memory is the sum of proportional set sizes, sampled."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
    )
    peak = 0

    def watch() -> None:
        nonlocal peak
        while process.poll() is None:
            peak = max(peak, sum(_pss_kb(pid) for pid in _tree(process.pid)))
            time.sleep(0.25)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    output, _ = process.communicate()
    wall = time.perf_counter() - start
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, cpu, peak / 1024, process.returncode, output)


def audiobook(*arguments: str) -> list[str]:
    """The installed command beside the running Python."""
    return [str(Path(sys.executable).with_name("audiobook")), *arguments]


def report(name: str, **figures: Any) -> None:
    """One line of JSON."""
    rounded = {key: round(value, 4) if isinstance(value, float) else value for key, value in figures.items()}
    print(json.dumps({"benchmark": name, "cores": os.cpu_count(), **rounded}))
