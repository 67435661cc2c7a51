"""What a take costs: writing with its levels, reading the levels, reading the sound. CPU seconds an hour.

python benchmarks/takes.py [HOURS]
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from audiobook.audio.clip import Clip
from audiobook.audio.takes import TakeStore
from audiobook.engines import open_engine
from audiobook.engines.base import Utterance

_LINES = (
    "The ferry had stopped running in October, and nobody had thought to tell the ferryman.",
    "He sat on the jetty with his pipe and his dog, watching the far bank go from brown to grey.",
    "“You will catch your death,” said the postmistress, who had come down for the walk.",
    "By the time the lamps were lit across the water, she had sat down beside him.",
)


def clips(hours: float) -> list[Clip]:
    """Speech of the embedded voice, a few lines over and over with noise of their own."""
    engine = open_engine("espeak", {})
    spoken = [
        engine.synthesize(Utterance(line, "en-gb", speed=speed))
        for line in _LINES
        for speed in (0.9, 1.0, 1.1)
    ]
    engine.close()
    wanted, found, seconds = hours * 3600, [], 0.0
    noise = np.random.default_rng(1)
    while seconds < wanted:
        clip = spoken[len(found) % len(spoken)]
        samples = clip.samples + noise.integers(-2, 3, len(clip.samples), np.int16)
        found.append(Clip(samples.astype(np.int16), clip.rate))
        seconds += clip.seconds
    return found


def measure(action: Callable[[], object], hours: float) -> float:
    """CPU seconds for one hour of audio."""
    start = time.process_time()
    action()
    return round((time.process_time() - start) / hours, 3)


def main() -> None:
    """Print one JSON line."""
    spoken = clips(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
    hours = sum(clip.seconds for clip in spoken) / 3600
    names = [f"{index:064x}"[::-1] for index in range(len(spoken))]
    with tempfile.TemporaryDirectory() as folder:
        store = TakeStore(Path(folder))
        wall = time.perf_counter()

        def write() -> None:
            for start in range(0, len(names), 64):
                pairs = zip(names[start : start + 64], spoken[start : start + 64], strict=True)
                store.publish([store.stage(name, clip) for name, clip in pairs])

        result = {"benchmark": "takes", "hours": round(hours, 3), "takes": len(names)}
        result["write_cpu_s_per_hour"] = measure(write, hours)
        result["written_per_second"] = round(len(names) / (time.perf_counter() - wall))
        result["levels_cpu_s_per_hour"] = measure(lambda: [store.levels(name) for name in names], hours)
        result["read_cpu_s_per_hour"] = measure(lambda: [store.read(name) for name in names], hours)
        size = sum(store.path(name).stat().st_size for name in names)
        result["size_of_pcm"] = round(size / sum(clip.samples.nbytes for clip in spoken), 3)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
