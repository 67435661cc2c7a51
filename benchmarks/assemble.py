"""Assembling a book against its parts: the bare encoder, and FFmpeg's concat demuxer where it is installed.

    python benchmarks/assemble.py [HOURS] [--ffmpeg] [--acx]

Prints one JSON line. Everything is measured in one run, so that the ratios hold on a busy machine too;
`--ffmpeg` adds the two runs of the ffmpeg command over the same takes as WAV files.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from audiobook.assembly import AssemblyPlan, AssemblySettings, Cue, PlannedChapter, build
from audiobook.assembly.encoders import Aac
from audiobook.audio.clip import Clip
from audiobook.audio.takes import TakeStore
from audiobook.book import Metadata
from takes import clips

_LINES_PER_CHAPTER = 440
_RATE = 22050
_BITRATE = 64


class Peak:
    """The largest memory of this process while a block runs, in MB."""

    def __init__(self) -> None:
        self.value = 0.0
        self._stop = threading.Event()

    def __enter__(self) -> Peak:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.05):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            self.value = max(self.value, pages * resource.getpagesize() / 1e6)


def timed(action: Callable[[], Any]) -> tuple[float, float, Any]:
    """Wall and CPU seconds (children included), and the result."""
    wall, cpu = time.perf_counter(), sum(os.times()[:4])
    result = action()
    return time.perf_counter() - wall, sum(os.times()[:4]) - cpu, result


def record(folder: Path, hours: float) -> tuple[TakeStore, AssemblyPlan]:
    """A book of so many hours: every take is a file of its own."""
    store = TakeStore(folder / "takes")
    some = clips(min(hours, 0.2))
    per_hour = len(some) / (sum(clip.seconds for clip in some) / 3600)
    cues = []
    staged = []
    for index in range(int(hours * per_hour)):
        clip = some[index % len(some)]
        name = f"{index:064x}"[::-1]
        shifted = Clip(np.roll(clip.samples, index), clip.rate)
        staged.append(store.stage(name, shifted))
        if len(staged) == 256:
            store.publish(staged)
            staged = []
        cues.append(Cue(name, f"Line {index}.", voice="v", paragraph=index % 4 == 0))
    store.publish(staged)
    chapters = tuple(
        PlannedChapter(f"Chapter {number + 1}", tuple(cues[start : start + _LINES_PER_CHAPTER]))
        for number, start in enumerate(range(0, len(cues), _LINES_PER_CHAPTER))
    )
    return store, AssemblyPlan(Metadata(title="Benchmark", authors=("Nobody",), language="en"), chapters)


def bare_encoder(store: TakeStore, plan: AssemblyPlan, seconds: float) -> float:
    """CPU seconds of the AAC encoder alone for the same length of the same speech, from memory."""
    sample = [store.read(cue.take).samples for cue in plan.chapters[0].cues()[:120]]
    pause = np.zeros(int(0.4 * _RATE), np.int16)
    signal = (
        np.concatenate([part for samples in sample for part in (samples, pause)]).astype(np.float32) / 32768
    )
    signal = signal[: len(signal) // 65536 * 65536]
    rounds = max(1, round(min(seconds, 3600) / (len(signal) / _RATE)))

    def encode(_: int) -> None:
        Aac(_RATE, _BITRATE).encode(iter(signal.reshape(-1, 65536)))

    def run() -> None:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(encode, range(rounds)))

    _, cpu, _ = timed(run)
    return cpu / (rounds * len(signal) / _RATE) * seconds


def wav_list(store: TakeStore, plan: AssemblyPlan, folder: Path) -> Path:
    """The takes as WAV files with pauses between them, listed for the concat demuxer."""
    folder.mkdir()
    pause = folder / "pause.wav"
    soundfile.write(pause, np.zeros(int(0.45 * _RATE), np.int16), _RATE)
    lines = []
    for chapter in plan.chapters:
        for cue in chapter.cues():
            path = folder / f"{cue.take}.wav"
            soundfile.write(path, store.read(cue.take).samples, _RATE)
            lines += [f"file '{path}'", f"file '{pause}'"]
    listing = folder / "list.txt"
    listing.write_text("\n".join(lines))
    return listing


def ffmpeg_runs(store: TakeStore, plan: AssemblyPlan, folder: Path) -> Iterator[tuple[str, float, float]]:
    """One pass with the default coder, one with the fast one."""
    program = shutil.which("ffmpeg")
    if program is None:
        sys.exit("ffmpeg is not installed")
    listing = wav_list(store, plan, folder / "wav")
    base = [
        program,
        "-v",
        "error",
        "-y",
        "-f",
        "concat",
        "-safe",
        "0",
        "-i",
        str(listing),
        "-c:a",
        "aac",
        "-b:a",
        "64k",
    ]
    for name, options in (("default", []), ("fast", ["-aac_coder", "fast"])):
        command = [*base, *options, str(folder / f"{name}.m4a")]
        wall, cpu, _ = timed(lambda command=command: subprocess.run(command, check=True))
        yield name, wall, cpu


def edited(store: TakeStore, plan: AssemblyPlan) -> AssemblyPlan:
    """The plan with one line said otherwise."""
    middle = len(plan.chapters) // 2
    chapter = plan.chapters[middle]
    items = list(chapter.items)
    cue = chapter.cues()[len(items) // 2]
    clip = store.read(cue.take)
    store.write("f" * 64, Clip(clip.samples[:-2000], clip.rate))
    items[len(items) // 2] = replace(cue, take="f" * 64)
    chapters = [*plan.chapters]
    chapters[middle] = replace(chapter, items=tuple(items))
    return replace(plan, chapters=tuple(chapters))


def main() -> None:
    """Print one JSON line."""
    arguments = [each for each in sys.argv[1:] if not each.startswith("--")]
    hours = float(arguments[0]) if arguments else 1.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store, plan = record(folder, hours)
        result: dict[str, Any] = {"benchmark": "assemble", "takes": sum(len(c.items) for c in plan.chapters)}
        with Peak() as peak:
            wall, cpu, product = timed(lambda: build(plan, store, AssemblySettings(), folder))
        result |= {
            "hours": round(product.seconds / 3600, 3),
            "wall_s": round(wall, 2),
            "cpu_s": round(cpu, 2),
        }
        result["peak_mb"] = round(peak.value)
        bare = bare_encoder(store, plan, product.seconds)
        result |= {"bare_encoder_cpu_s": round(bare, 2), "cpu_to_bare_encoder": round(cpu / bare, 3)}
        again, _, _ = timed(lambda: build(plan, store, AssemblySettings(), folder))
        changed, _, _ = timed(lambda: build(edited(store, plan), store, AssemblySettings(), folder))
        result |= {"nothing_changed_s": round(again, 3), "one_line_changed_s": round(changed, 2)}
        if "--acx" in sys.argv:
            _, cpu, acx = timed(lambda: build(plan, store, AssemblySettings(preset="acx"), folder / "acx"))
            result["acx_cpu_s_per_hour"] = round(cpu / (acx.seconds / 3600), 2)
        if "--ffmpeg" in sys.argv:
            for coder, ffmpeg_wall, ffmpeg_cpu in ffmpeg_runs(store, plan, folder):
                result[f"ffmpeg_{coder}_wall_s"] = round(ffmpeg_wall, 2)
                result[f"ffmpeg_{coder}_cpu_s"] = round(ffmpeg_cpu, 2)
                result[f"wall_to_ffmpeg_{coder}"] = round(wall / ffmpeg_wall, 3)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
