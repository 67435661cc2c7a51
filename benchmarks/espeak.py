"""The embedded voice on one core: how much faster than speech, and what a fresh library for each line costs.

Prints one line of JSON. `x_bare` is the same work through one library that stays loaded, whose sound depends
on what it said before. Options: --lines N.
"""

from __future__ import annotations

import argparse
import ctypes
import itertools
import time

import espeakng_loader

from audiobook.engines.base import Utterance
from audiobook.engines.espeak import Espeak
from common import NARRATION, SPEECH, report


def fresh(engine: Espeak, utterances: list[Utterance]) -> tuple[float, float]:
    """Seconds of speech and of CPU through the engine."""
    began = time.process_time()
    seconds = sum(engine.synthesize(utterance).seconds for utterance in utterances)
    return seconds, time.process_time() - began


def bare(utterances: list[Utterance]) -> tuple[float, float]:
    """The same through espeak-ng's own interface, loaded once."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    samples = 0

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    def receive(wave: int | None, count: int, _events: int | None) -> int:
        nonlocal samples
        samples += count if wave else 0
        return 0

    library.espeak_Initialize(2, 1000, espeakng_loader.get_data_path().encode(), 0x8000)
    library.espeak_SetSynthCallback(receive)
    library.espeak_SetVoiceByName(b"gmw/en+m3")
    library.espeak_SetParameter(1, 140, 0)
    began = time.process_time()
    for utterance in utterances:
        text = utterance.text.encode()
        library.espeak_Synth(text, len(text) + 1, 0, 1, 0, 1, None, None)
    return samples / 22_050, time.process_time() - began


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1000)
    texts = itertools.cycle([*NARRATION, *SPEECH])
    count = parser.parse_args().lines
    utterances = [
        Utterance(f"{text}, {number}.", "en-gb+m3") for number, text in zip(range(count), texts, strict=False)
    ]
    began = time.perf_counter()
    engine = Espeak({})
    opened = time.perf_counter() - began
    fresh(engine, utterances[:1])
    seconds, cpu = fresh(engine, utterances)
    bare_seconds, bare_cpu = bare(utterances)
    report(
        "espeak",
        lines=len(utterances),
        speech_seconds=seconds,
        open_ms=1000 * opened,
        x_realtime=seconds / cpu,
        x_bare=bare_seconds / bare_cpu,
        ms_per_line_of_reloading=1000 * (cpu - bare_cpu * seconds / bare_seconds) / len(utterances),
    )


if __name__ == "__main__":
    main()
