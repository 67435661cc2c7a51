"""How fast text becomes sentences, pieces and spoken form, and how strange text fares. One JSON line.

Rates are in megabytes of UTF-8 a second on one core; `worst_seconds` is the slowest of several pathological
megabytes. `--words` sets the length of the synthetic book.
"""

from __future__ import annotations

import argparse
import time

from audiobook.normalization import spoken
from audiobook.segmentation import SegmentLimits, segments, sentences
from common import prose, report

STRANGE = {
    "dots": ".",
    "spaced_dots": ". ",
    "initials": "A. ",
    "glued_initials": "A.",
    "quotes": "”",
    "spaces": " ",
    "no_spaces": "a",
    "chinese": "好",
}
MEGABYTE = 1_000_000


def rate(size: int, started: float) -> float:
    """Megabytes a second of processor time since `started`."""
    return size / MEGABYTE / max(time.process_time() - started, 1e-9)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=300_000)
    book = prose(parser.parse_args().words)
    paragraphs = book.split("\n\n")
    size = len(book.encode())

    started = time.process_time()
    count = len(sentences(book, "en"))
    sentence_rate = rate(size, started)

    started = time.process_time()
    lines = [
        paragraph[piece.start : piece.end]
        for paragraph in paragraphs
        for piece in segments(paragraph, "en", SegmentLimits())
    ]
    segment_rate = rate(size, started)

    started = time.process_time()
    said = [spoken(line, "en").text for line in lines]
    seconds = time.process_time() - started

    worst: dict[str, float] = {}
    for name, part in STRANGE.items():
        started = time.process_time()
        sentences(part * (MEGABYTE // len(part)), "en")
        worst[name] = time.process_time() - started
    slowest = max(worst, key=lambda name: worst[name])
    report(
        "segment",
        megabytes=size / MEGABYTE,
        sentences=count,
        pieces=len(lines),
        sentences_mb_s=sentence_rate,
        segments_mb_s=segment_rate,
        spoken_mb_s=size / MEGABYTE / seconds,
        spoken_seconds_per_100k_words=seconds * 100_000 / len(book.split()),
        spoken_characters=sum(map(len, said)),
        worst_seconds=worst[slowest],
        worst=slowest,
    )


if __name__ == "__main__":
    main()
