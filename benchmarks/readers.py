"""What readers see in our M4B and MP3: a table for docs/sound.md.

    python benchmarks/readers.py [--server DIR]

Writes books of 12, 255, 256 and 600 chapters and asks every reader that is installed: FFmpeg's libraries and
mutagen always; ffprobe, AtomicParsley, MediaInfo, exiftool, VLC and music-metadata where they are found.
A reader that is not there is left out. Prints Markdown.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import mutagen

from audiobook.assembly import AssemblyPlan, AssemblySettings, Cue, Pauses, PlannedChapter, build
from audiobook.audio.takes import TakeStore
from audiobook.book import Cover, Metadata
from takes import clips

_COUNTS = (12, 255, 256, 600)
_METADATA = Metadata(
    title="The Readers’ Table – Überschrift",
    subtitle="A subtitle",
    authors=("Ann Author", "Ben Writer"),
    narrators=("Nora Voice",),
    language="en",
    series="Tables",
    series_part="3",
    date="2024-05-06",
    publisher="Nobody & Sons",
    description="What readers see.",
    isbn="9780000000002",
    genres=("Fiction",),
)


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).stdout


def _libav(path: Path) -> dict[str, Any]:
    with av.open(str(path)) as container:
        return {
            "chapters": len(container.chapters()),
            "title": container.metadata.get("title"),
            "author": container.metadata.get("artist"),
            "series": container.metadata.get("SERIES"),
            "cover": sum(1 for stream in container.streams.video if stream.disposition),
            "seconds": (container.duration or 0) / 1e6,
        }


def _mutagen(path: Path) -> dict[str, Any]:
    found = mutagen.File(path)
    tags = found.tags
    if path.suffix == ".m4b":
        first = {key: (tags.get(key) or [None])[0] for key in ("©nam", "©ART", "©mvn")}
        chapters, cover = len(found.chapters or ()), len(tags.get("covr", []))
        names = {"title": first["©nam"], "author": first["©ART"], "series": first["©mvn"]}
        return {**names, "chapters": chapters, "cover": cover, "seconds": found.info.length}
    return {
        "chapters": len(tags.getall("CHAP")),
        "title": str(tags.get("TIT2")),
        "author": str(tags.get("TPE1")),
        "series": str(tags.get("TXXX:SERIES")),
        "cover": len(tags.getall("APIC")),
        "seconds": found.info.length,
    }


def _ffprobe(path: Path) -> dict[str, Any]:
    text = _output(
        "ffprobe", "-v", "error", "-show_chapters", "-show_format", "-show_streams", "-of", "json", str(path)
    )
    found = json.loads(text)
    tags = found["format"].get("tags", {})
    return {
        "chapters": len(found["chapters"]),
        "title": tags.get("title"),
        "author": tags.get("artist"),
        "series": tags.get("SERIES"),
        "cover": sum(1 for each in found["streams"] if each["codec_type"] == "video"),
        "seconds": float(found["format"]["duration"]),
    }


def _atomicparsley(path: Path) -> dict[str, Any] | None:
    if path.suffix != ".m4b":
        return None
    text = _output("AtomicParsley", str(path), "-t")
    return {
        "title": (re.search(r'©nam" contains: (.*)', text) or ["", None])[1],
        "author": (re.search(r'©ART" contains: (.*)', text) or ["", None])[1],
        "series": (re.search(r"SERIES\].*contains: (.*)", text) or ["", None])[1],
        "cover": len(re.findall(r'covr" contains', text)),
    }


def _mediainfo(path: Path) -> dict[str, Any]:
    tracks = json.loads(_output("mediainfo", "--Output=JSON", str(path)))["media"]["track"]
    general = tracks[0]
    menus = [track for track in tracks if track["@type"] == "Menu"]
    entries = max((sum(key[0] == "_" for key in menu.get("extra", {})) for menu in menus), default=0)
    return {
        "chapters": entries,
        "title": general.get("Title"),
        "author": general.get("Performer"),
        "series": general.get("extra", {}).get("SERIES"),
        "cover": int(general.get("Cover") == "Yes"),
        "seconds": float(general.get("Duration", 0)),
    }


def _exiftool(path: Path) -> dict[str, Any]:
    found = json.loads(_output("exiftool", "-json", "-ee", "-G0", str(path)))[0]
    plain = {key.partition(":")[2]: value for key, value in found.items()}
    chapters = found.get("QuickTime:ChapterListTitle") or []
    return {
        "chapters": len(chapters) if isinstance(chapters, list) else 1,
        "title": plain.get("Title"),
        "author": plain.get("Artist"),
        "series": plain.get("SERIES") or plain.get("Series"),
        "cover": int("CoverArt" in plain or "Picture" in plain),
        "seconds": plain.get("Duration"),
    }


def _vlc(path: Path) -> dict[str, Any] | None:
    try:
        import vlc
    except (ImportError, OSError):
        return None
    instance = vlc.Instance("--quiet", "--aout=dummy", "--vout=dummy", "--no-video")
    player = instance.media_player_new()
    media = instance.media_new(str(path))
    player.set_media(media)
    player.play()
    deadline = time.monotonic() + 10
    while player.get_chapter_count() < 1 and time.monotonic() < deadline:
        time.sleep(0.1)
    found = {
        "chapters": max(0, player.get_chapter_count()),
        "title": media.get_meta(vlc.Meta.Title),
        "author": media.get_meta(vlc.Meta.Artist),
        "seconds": player.get_length() / 1000,
    }
    player.stop()
    return found


def _music_metadata(path: Path) -> dict[str, Any]:
    script = (
        "import('music-metadata').then(m=>m.parseFile(process.argv[1],{includeChapters:true}))"
        ".then(r=>console.log(JSON.stringify({chapters:(r.format.chapters||[]).length,title:r.common.title,"
        "author:r.common.artist,cover:(r.common.picture||[]).length,seconds:r.format.duration})))"
    )
    found: dict[str, Any] = json.loads(_output("node", "-e", script, str(path)) or "{}")
    return found


READERS: dict[str, tuple[str, Callable[[Path], dict[str, Any] | None]]] = {
    "libav": ("", _libav),
    "mutagen": ("", _mutagen),
    "ffprobe": ("ffprobe", _ffprobe),
    "AtomicParsley": ("AtomicParsley", _atomicparsley),
    "MediaInfo": ("mediainfo", _mediainfo),
    "exiftool": ("exiftool", _exiftool),
    "VLC": ("", _vlc),
    "music-metadata": ("node", _music_metadata),
}


def books(folder: Path) -> dict[int, list[Path]]:
    """An M4B and an MP3 of every number of chapters."""
    import io

    from PIL import Image

    store = TakeStore(folder / "takes")
    store.write("a" * 64, clips(0.001)[0])
    picture = io.BytesIO()
    Image.new("RGB", (600, 600), "navy").save(picture, "JPEG")
    metadata = replace(_METADATA, cover=Cover(picture.getvalue()))
    cue = Cue("a" * 64, "A line.", voice="v")
    made = {}
    for count in _COUNTS:
        chapters = tuple(PlannedChapter(f"Kapitel {n + 1} – №", (cue,)) for n in range(count))
        settings = AssemblySettings(formats=("m4b", "mp3"), pauses=Pauses(chapter=0.3))
        product = build(AssemblyPlan(metadata, chapters), store, settings, folder / str(count))
        made[count] = list(product.files)
    return made


def main() -> None:
    """Print the table."""
    print("| reader | file | 12 | 255 | 256 | 600 | title | author | series | cover | seconds off |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        made = books(Path(name))
        exact = {path: _libav(path)["seconds"] for paths in made.values() for path in paths}
        for reader, (program, read) in READERS.items():
            if program and not shutil.which(program):
                print(f"left out: {reader}", file=sys.stderr)
                continue
            for index, kind in enumerate(("M4B", "MP3")):
                seen = [read(made[count][index]) for count in _COUNTS]
                if any(not each for each in seen):
                    continue
                facts: dict[str, Any] = seen[0] or {}
                counts = " | ".join(str((each or {}).get("chapters", "–")) for each in seen)
                expected = {"title": _METADATA.title, "author": "Ann Author, Ben Writer", "series": "Tables"}
                marks = [
                    "✓" if facts.get(key) == wanted else str(facts.get(key, "–"))
                    for key, wanted in expected.items()
                ]
                seconds = facts.get("seconds")
                off = (
                    f"{float(seconds) - exact[made[12][index]]:+.3f}"
                    if isinstance(seconds, (int, float))
                    else "–"
                )
                cover = facts.get("cover", "–")
                print(f"| {reader} | {kind} | {counts} | {' | '.join(marks)} | {cover} | {off} |")


if __name__ == "__main__":
    main()
