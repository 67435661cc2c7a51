"""`make` on a 100,000-word book against the bare voice and the bare encoder on the same cores, in one run.

Prints one line of JSON. `ratio` is of wall clocks. `bare_cpu` is what voice and encoder took of the
processors, beside the `cpu` of `make`: on a machine that others use too, these two can still be compared.
Options: --words N, --keep DIR.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import av
import numpy as np

from audiobook.audio.takes import TakeStore
from audiobook.engines import open_engine
from audiobook.engines.base import Utterance
from audiobook.pipeline.planning import Engines, plan
from audiobook.project import open_project
from common import audiobook, prose, report, run

CORES = 2


def speak(utterances: list[Utterance]) -> float:
    """The bare embedded voice over a share of the book; returns seconds of CPU."""
    used = time.process_time()
    engine = open_engine("espeak")
    for utterance in utterances:
        engine.synthesize(utterance)
    return time.process_time() - used


def encode(arguments: tuple[Path, list[str]]) -> tuple[float, float]:
    """The bare AAC encoder over a share of the takes, decoded beforehand; seconds of wall clock and CPU."""
    folder, names = arguments
    takes = TakeStore(folder)
    clips = [takes.read(name) for name in names]
    rate = clips[0].rate
    gap = np.zeros(int(0.45 * rate), np.int16)  # the pauses are part of the product too
    samples = np.concatenate([part for clip in clips for part in (clip.samples, gap)])
    start, used = time.perf_counter(), time.process_time()
    with av.open("/dev/null", "w", format="adts") as container:
        stream = container.add_stream("aac", rate=rate, layout="mono", options={"aac_coder": "fast"})
        stream.bit_rate = 64_000
        for place in range(0, len(samples), 65536):
            piece = (samples[place : place + 65536].astype(np.float32) / 32768)[None]
            frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="mono")
            frame.sample_rate = rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return time.perf_counter() - start, time.process_time() - used


def bare(folder: Path) -> tuple[float, float, float]:
    """Seconds of wall clock: the voice alone, the encoder alone, each on all cores. And the CPU of both."""
    project = open_project(folder)
    lines = plan(project, project.read_script(), "en-GB", Engines.of(project.settings)).takes()
    utterances = [line.utterance for line in lines.values() if line.utterance is not None]
    with ProcessPoolExecutor(CORES) as pool:
        list(pool.map(speak, [utterances[:1]] * CORES))  # processes started, voices opened
        start = time.perf_counter()
        cpu = sum(pool.map(speak, [utterances[i::CORES] for i in range(CORES)]))
        voice = time.perf_counter() - start
    names = list(lines)
    with ProcessPoolExecutor(CORES) as pool:
        times = list(pool.map(encode, [(project.takes_folder, names[i::CORES]) for i in range(CORES)]))
    return voice, max(wall for wall, _ in times), cpu + sum(used for _, used in times)


def main() -> None:
    """Make, make again, and compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--words", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    home = options.keep or Path(tempfile.mkdtemp())
    home.mkdir(parents=True, exist_ok=True)
    (home / "book.md").write_text(prose(options.words), "utf-8")
    made = run(audiobook("make", "book.md", "--project", "p"), cwd=home)
    again = run(audiobook("make", "book.md", "--project", "p"), cwd=home)
    helped = min(run(audiobook("--help"), cwd=home).wall for _ in range(5))
    voice, encoder, cpu = bare(home / "p")
    report(
        "make",
        words=options.words,
        code=made.code,
        wall=made.wall,
        cpu=made.cpu,
        peak_mb=made.peak_mb,
        bare_voice=voice,
        bare_encoder=encoder,
        bare_cpu=cpu,
        ratio=made.wall / (voice + encoder),
        again=again.wall,
        help=helped,
    )
    if made.code:
        print(made.output)
    if options.keep is None:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
