"""The report: what was made, how it measures, who speaks how much, what was left out and why."""

from __future__ import annotations

import html
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from audiobook.assembly.mastering import Gains, Preset
from audiobook.assembly.plan import AssemblyPlan
from audiobook.assembly.text import one_line
from audiobook.assembly.timeline import Timeline
from audiobook.assembly.writing import Written
from audiobook.audio.levels import BLOCKS_PER_SECOND, Levels, powers_of

_POINTS = 600  # of the picture of loudness
_QUIETEST = -60.0
_SHOWN = 300  # skipped texts in the page; the JSON has all


def loudness_curve(timeline: Timeline, gains: Gains, levels: Callable[[str], Levels]) -> list[float]:
    """LUFS over the book in equal steps, by arithmetic from the levels of the takes."""
    points = max(1, min(_POINTS, int(timeline.seconds)))
    step = timeline.samples / points
    energy, weight = np.zeros(points), np.zeros(points)
    for start, placed in timeline.cues():
        powers = powers_of(levels(placed.cue.take).loudness) * 10 ** (gains.of(placed.cue) / 10)
        times = start + np.arange(len(powers)) * (timeline.rate / BLOCKS_PER_SECOND)
        index = np.minimum((times / step).astype(int), points - 1)
        np.add.at(energy, index, powers)
        np.add.at(weight, index, 1)
    mean = np.where(weight > 0, energy / np.maximum(weight, 1), 0.0)
    curve = 10 * np.log10(np.maximum(mean, 10 ** (_QUIETEST / 10)))
    return [round(float(value), 1) for value in curve]


def _speakers(timeline: Timeline) -> list[dict[str, Any]]:
    seconds: dict[tuple[str, str], float] = defaultdict(float)
    lines: Counter[tuple[str, str]] = Counter()
    for _, placed in timeline.cues():
        who = (placed.cue.speaker, placed.cue.voice)
        seconds[who] += placed.length / timeline.rate
        lines[who] += 1
    whole = sum(seconds.values()) or 1.0
    return [
        {
            "speaker": speaker or "narrator",
            "voice": voice,
            "seconds": round(spoken, 2),
            "share": round(spoken / whole, 4),
            "lines": lines[speaker, voice],
        }
        for (speaker, voice), spoken in sorted(seconds.items(), key=lambda item: (-item[1], item[0]))
    ]


def _chapters(timeline: Timeline) -> list[dict[str, Any]]:
    return [
        {
            "title": one_line(chapter.title),
            "start": round(chapter.start / timeline.rate, 4),
            "seconds": round(chapter.length / timeline.rate, 4),
            "lines": len(chapter.placed),
            "words": sum(len(placed.cue.text.split()) for placed in chapter.placed),
        }
        for chapter in timeline.chapters
    ]


def build_report(
    plan: AssemblyPlan,
    timeline: Timeline,
    gains: Gains,
    preset: Preset,
    levels: Callable[[str], Levels],
    written: Sequence[Written],
    peak: float,
    warnings: Sequence[str],
) -> dict[str, Any]:
    """The report as a document. The same product gives the same report, byte for byte."""
    by_voice = {
        f"{voice} {extra:+g} dB" if extra else voice: gain for (voice, extra), gain in gains.by_group.items()
    }
    return {
        "title": one_line(plan.metadata.title),
        "authors": list(plan.metadata.authors),
        "seconds": round(timeline.seconds, 4),
        "rate": timeline.rate,
        "lines": sum(len(chapter.placed) for chapter in timeline.chapters),
        "cost": plan.cost,
        "mastering": {
            "preset": preset.name,
            "target": preset.rms if preset.rms is not None else preset.loudness,
            "loudness": round(gains.loudness, 2),
            "peak": round(peak, 2),
            "ceiling": preset.ceiling,
            "gains": by_voice,
        },
        "files": [
            {
                "name": each.path.name,
                "format": each.format,
                "seconds": round(each.seconds, 4),
                "chapters": each.chapters,
                "checks": [asdict(check) for check in each.checks],
            }
            for each in written
        ],
        "chapters": _chapters(timeline),
        "speakers": _speakers(timeline),
        "skipped": [asdict(each) for each in plan.skipped],
        "warnings": list(warnings),
        "loudness_curve": loudness_curve(timeline, gains, levels),
    }


def to_json(report: Mapping[str, Any]) -> str:
    """As text."""
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


# --- the page ----------------------------------------------------------------------------------------

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
body{color:#1b1f24;background:#fff}
h1{margin-bottom:0}h2{margin-top:2.2rem;font-size:1.15rem}table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.25rem .8rem .25rem 0;border-bottom:1px solid #e4e7eb;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.dim{color:#66707b}svg{width:100%;height:auto}
.bar{display:block;height:.55rem;background:#3b6ea5;border-radius:2px}.ok{color:#19703c}.bad{color:#a3232c}
@media(prefers-color-scheme:dark){body{color:#dde2e8;background:#15181c}td,th{border-color:#30363d}}
"""


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def _cell(value: object, number: bool = False) -> str:
    return f"<td{' class=n' if number else ''}>{html.escape(str(value))}</td>"


def _table(heads: Sequence[str], rows: Sequence[str], numbers: Sequence[int] = ()) -> str:
    head = "".join(
        f"<th{' class=n' if index in numbers else ''}>{html.escape(text)}</th>"
        for index, text in enumerate(heads)
    )
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _picture(report: Mapping[str, Any]) -> str:
    """Loudness over time, with a line for each chapter and one for the target."""
    curve, width, height = report["loudness_curve"], 1000, 200

    def y(value: float) -> float:
        return round(height * min(1.0, value / _QUIETEST), 1)

    step = width / len(curve)
    path = " ".join(f"{index * step:.1f},{y(value)}" for index, value in enumerate(curve))
    lines = [
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}" stroke="#9aa4af" stroke-width=".6"/>'
        for x in (chapter["start"] / report["seconds"] * width for chapter in report["chapters"])
    ]
    target = report["mastering"]["target"]
    if target is not None:
        lines.append(f'<line x1="0" x2="{width}" y1="{y(target)}" y2="{y(target)}" stroke="#c2652a"/>')
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="Loudness over time">{"".join(lines)}'
        f'<polyline points="{path}" fill="none" stroke="#3b6ea5" stroke-width="1.2"/></svg>'
    )


def _speaker_rows(report: Mapping[str, Any]) -> list[str]:
    return [
        _cell(each["speaker"])
        + _cell(each["voice"])
        + _cell(each["lines"], True)
        + _cell(_time(each["seconds"]), True)
        + f'<td style="width:30%"><span class=bar style="width:{each["share"] * 100:.1f}%"></span></td>'
        for each in report["speakers"]
    ]


def _file_rows(report: Mapping[str, Any]) -> list[str]:
    return [
        _cell(each["name"])
        + _cell(_time(each["seconds"]), True)
        + _cell(each["chapters"], True)
        + f"<td class=ok>{sum(1 for check in each['checks'] if check['passed'])} checks passed</td>"
        for each in report["files"]
    ]


def _summary(report: Mapping[str, Any]) -> str:
    mastering = report["mastering"]
    facts = [
        f"{_time(report['seconds'])} long",
        f"{len(report['chapters'])} chapters",
        f"{report['lines']} lines",
        f"{mastering['loudness']:.1f} LUFS planned, highest peak {mastering['peak']:.1f} dB",
    ]
    if report["cost"]:
        facts.append(f"cost {report['cost']}")
    return html.escape(" · ".join(facts))


def to_html(report: Mapping[str, Any]) -> str:
    """A page that needs nothing but itself."""
    title = html.escape(report["title"] or "Untitled")
    chapters = [
        _cell(number, True)
        + _cell(each["title"])
        + _cell(_time(each["start"]), True)
        + _cell(_time(each["seconds"]), True)
        for number, each in enumerate(report["chapters"], 1)
    ]
    skipped = [
        _cell(each["reason"]) + _cell(each["where"]) + _cell(each["text"][:160]) for each in report["skipped"]
    ]
    authors = html.escape(", ".join(report["authors"]))
    parts = [
        f"<h1>{title}</h1><p class=dim>{authors}</p><p>{_summary(report)}</p>",
        *(f"<p class=bad>{html.escape(text)}</p>" for text in report["warnings"]),
        f"<h2>Loudness</h2>{_picture(report)}",
        "<h2>Files</h2>" + _table(("File", "Length", "Chapters", "Read back"), _file_rows(report), (1, 2)),
        "<h2>Speakers</h2>"
        + _table(("Speaker", "Voice", "Lines", "Time", ""), _speaker_rows(report), (2, 3)),
        "<h2>Chapters</h2>" + _table(("", "Title", "Begins", "Length"), chapters, (0, 2, 3)),
    ]
    if skipped:
        parts.append(
            f"<h2>Not spoken ({len(skipped)})</h2>" + _table(("Reason", "Place", "Text"), skipped[:_SHOWN])
        )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}: report</title><style>{_STYLE}</style><body>{''.join(parts)}</body></html>\n"
    )
