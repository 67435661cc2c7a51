"""`audiobook make`, as a person runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from mutagen.mp4 import MP4

Command = Callable[..., "subprocess.CompletedProcess[str]"]


def takes(folder: Path) -> set[Path]:
    return set((folder / "projects/ferry/takes").rglob("*.flac"))


def marks(path: Path) -> list[tuple[str, float]]:
    with av.open(str(path)) as container:
        return [
            (each["metadata"]["title"], each["start"] * float(each["time_base"]))
            for each in container.chapters()
        ]


def test_a_book_becomes_a_chaptered_file(audiobook: Command, folder: Path) -> None:
    result = audiobook("make", "ferry.md", "--format", "m4b,mp3")
    assert result.returncode == 0, result.stderr
    m4b = folder / "projects/ferry/output/The Ferry Bell.m4b"
    assert "projects/ferry/output" in result.stdout
    assert "2 chapters" in result.stdout
    assert "cost nothing" in result.stdout
    titles = [title for title, _ in marks(m4b)]
    assert titles == ["Chapter I. The Bell", "Chapter II. The Rope"]
    tags = MP4(m4b)
    assert tags["\xa9nam"] == ["The Ferry Bell"]
    assert tags["\xa9ART"] == ["Ines Calder"]
    assert m4b.with_suffix(".mp3").exists()
    with av.open(str(m4b)) as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) > 10 * 20_000


def test_the_same_command_again_finishes_at_once(audiobook: Command, folder: Path) -> None:
    assert audiobook("make", "ferry.md").returncode == 0
    before = {path: path.stat().st_mtime_ns for path in (folder / "projects").rglob("*") if path.is_file()}
    again = audiobook("make", "ferry.md")
    assert again.returncode == 0
    assert "already finished" in again.stdout
    changed = [path.name for path, time in before.items() if path.stat().st_mtime_ns != time]
    assert set(changed) <= {".lock"}


def test_everybody_has_a_voice_of_their_own(audiobook: Command, folder: Path) -> None:
    assert audiobook("new", "ferry.md").returncode == 0
    script = (folder / "projects/ferry/script/001-chapter-i-the-bell.txt").read_text()
    assert "[Mr. Tarn] “Is there anyone at the rope?”" in script
    assert "[Nell | whispering] “Only me,”" in script
    cast = (folder / "projects/ferry/cast.toml").read_text()
    voices = [line for line in cast.splitlines() if line.startswith("voice")]
    assert len(voices) == len(set(voices)) == 3


def test_one_changed_word_is_one_new_take(audiobook: Command, folder: Path) -> None:
    assert audiobook("make", "ferry.md").returncode == 0
    before = takes(folder)
    book = folder / "ferry.md"
    book.write_text(book.read_text().replace("had been cut", "had been mended"))
    assert audiobook("make", "ferry.md").returncode == 0
    assert len(takes(folder) - before) == 1


def test_an_interrupted_run_goes_on(audiobook: Command, folder: Path) -> None:
    book = folder / "ferry.md"
    book.write_text(
        book.read_text() + "\n".join(f"\nNight {n} was as long as the one before it.\n" for n in range(150))
    )
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("audiobook")), "make", "ferry.md"],
        cwd=folder,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not takes(folder) and time.monotonic() < deadline:
        os.sched_yield()
    asked = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # what Ctrl-C does to a whole foreground group
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 130
    assert time.monotonic() - asked < 4
    assert "run the same command again" in complaint
    kept = takes(folder)
    times = {path: path.stat().st_mtime_ns for path in kept}
    result = audiobook("make", "ferry.md")
    assert result.returncode == 0, result.stderr
    assert all(path.stat().st_mtime_ns == time for path, time in times.items()), "nothing was recorded twice"
    assert len(takes(folder)) > 150


def test_a_dry_run_shows_everything_and_does_nothing(audiobook: Command, folder: Path) -> None:
    result = audiobook("make", "ferry.md", "--dry-run", "--engine", "siliconflow")
    assert result.returncode == 0, result.stderr
    assert "CNY" in result.stdout
    assert "Chapter II. The Rope" in result.stdout
    assert not (folder / "projects").exists()


def test_only_some_chapters(audiobook: Command, folder: Path) -> None:
    assert audiobook("make", "ferry.md", "--chapters", "2").returncode == 0
    (m4b,) = (folder / "projects/ferry/output").glob("*.m4b")
    assert [title for title, _ in marks(m4b)] == ["Chapter II. The Rope"]
    assert audiobook("make", "ferry.md").returncode == 0
    assert len(marks(m4b)) == 2


def test_the_finished_file_goes_where_it_is_asked_for(audiobook: Command, folder: Path) -> None:
    (folder / "out").mkdir()
    result = audiobook("make", "ferry.md", "--output", "out/x.m4b", "--project", "elsewhere")
    assert result.returncode == 0, result.stderr
    assert (folder / "out/x.m4b").exists()
    assert (folder / "elsewhere/project.toml").exists()


def test_a_moved_project_is_complete(audiobook: Command, folder: Path) -> None:
    assert audiobook("make", "ferry.md").returncode == 0
    (folder / "ferry.md").unlink()
    (folder / "projects/ferry").rename(folder / "moved")
    result = audiobook("make", "moved")
    assert result.returncode == 0, result.stderr
    assert "moved/output" in result.stdout


def test_another_book_does_not_take_over_a_project(audiobook: Command, folder: Path) -> None:
    assert audiobook("new", "ferry.md").returncode == 0
    (folder / "other").mkdir()
    (folder / "other/ferry.md").write_text("# Another\n\nNot the same book.\n")
    result = audiobook("make", "other/ferry.md")
    assert result.returncode == 3
    assert "--project" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["make", "missing.epub"], 3, "no such file"),
        (["make", "ferry.md", "--engine", "nobody"], 2, "no engine 'nobody'"),
        (["make", "ferry.md", "--format", "ogg"], 2, "--format ogg"),
        (["make", "ferry.md", "--voice", "espeak:xx-nobody"], 2, "xx-nobody"),
        (["make", "ferry.md", "--chapters", "9"], 2, "chapter"),
        (["make", "ferry.md", "--bitrate", "1"], 2, "--bitrate"),
        (["make", "empty.md"], 3, "empty.md"),
        (["make", "noise.epub"], 3, "noise.epub"),
        (["status", "nowhere"], 3, "not a project"),
        (["nonsense"], 2, "nonsense"),
    ],
)
def test_a_mistake_is_one_line_and_an_exit_code(
    audiobook: Command, folder: Path, arguments: list[str], code: int, complaint: str
) -> None:
    (folder / "empty.md").write_text("")
    (folder / "noise.epub").write_bytes(os.urandom(3000))
    result = audiobook(*arguments)
    assert (result.returncode, result.stdout) == (code, "")
    assert complaint in result.stderr
    assert "Traceback" not in result.stderr
    assert not list(folder.rglob("*.m4b"))


def test_a_script_line_that_does_not_parse_is_named(audiobook: Command, folder: Path) -> None:
    assert audiobook("new", "ferry.md").returncode == 0
    script = folder / "projects/ferry/script/001-chapter-i-the-bell.txt"
    script.write_text(script.read_text() + "\n[Nell\n")
    result = audiobook("make", "ferry.md")
    assert result.returncode == 3
    assert "001-chapter-i-the-bell.txt, line" in result.stderr


def test_a_project_of_a_newer_version_is_refused(audiobook: Command, folder: Path) -> None:
    assert audiobook("new", "ferry.md").returncode == 0
    settings = folder / "projects/ferry/project.toml"
    settings.write_text(settings.read_text().replace("format = 1", "format = 99"))
    result = audiobook("make", "ferry.md")
    assert result.returncode == 3
    assert "newer version" in result.stderr


def test_json_is_the_only_thing_on_stdout(audiobook: Command) -> None:
    assert audiobook("new", "ferry.md").returncode == 0
    for arguments in (
        ["status", "projects/ferry"],
        ["estimate", "projects/ferry"],
        ["cast", "projects/ferry"],
        ["chapters", "ferry.md"],
        ["voices", "espeak"],
        ["engines"],
    ):
        result = audiobook(*arguments, "--json")
        assert result.returncode == 0, (arguments, result.stderr)
        json.loads(result.stdout)


def test_help_is_worth_reading(audiobook: Command) -> None:
    from audiobook.cli.main import COMMANDS

    listed = audiobook("--help").stdout
    for name, (_, summary) in COMMANDS.items():
        assert f"  {name} " in listed
        assert summary[:30] in listed
        text = audiobook(name, "--help").stdout
        assert "Example" in text, name
