"""The thin parts of the command line: options into settings, progress, errors into exit codes."""

from __future__ import annotations

import io
from pathlib import Path

import click
import pytest

from audiobook import errors
from audiobook.assembly.plan import Stage
from audiobook.cli import main
from audiobook.cli.common import duration
from audiobook.cli.making import summary
from audiobook.cli.options import change_settings
from audiobook.cli.progress import Assembling, Recording, Steps
from audiobook.engines.base import Utterance
from audiobook.errors import AudiobookError, LinesFailed, UsageError
from audiobook.pipeline.producing import Made
from audiobook.project import Project, ProjectSettings
from audiobook.queue.jobs import Job
from audiobook.queue.progress import Summary

JOB = Job("t", "tone", Utterance("Hello.", "low"), 6, 0.25)
MADE = Made("k", (("/x/a.m4b", 1, 1),), 3725.0, 12, 900, "1.20 CNY", (("page number", 3), ("contents", 1)))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0 s"), (59.94, "59.9 s"), (60, "1 min 00 s"), (185, "3 min 05 s"), (36120, "10 h 02 min")],
)
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_flags_change_settings_and_nothing_else() -> None:
    plain = ProjectSettings()
    assert change_settings(plain, {}) == plain
    changed = change_settings(
        plain,
        {
            "engine": "siliconflow",
            "voice": "claire",
            "budget": 20.0,
            "formats": "mp3, m4b,mp3",
            "extras": "srt",
            "preset": "acx",
            "bitrate": 96,
            "include": ("contents,index", "notes"),
            "single_voice": True,
            "notes": "chapter",
            "output": "x.m4b",
        },
    )
    assert changed.voice == "siliconflow:claire"
    assert changed.output.formats == ("mp3", "m4b")
    assert (changed.output.preset, changed.output.bitrate, changed.output.extras) == ("acx", 96, ("srt",))
    assert changed.output.file == str(Path.cwd() / "x.m4b")
    assert changed.text.include == ("contents", "index", "notes")
    assert changed.text.single_voice
    assert changed.budget == 20.0


@pytest.mark.parametrize(
    "given",
    [
        {"formats": "ogg"},
        {"formats": ","},
        {"extras": "pdf"},
        {"preset": "loud"},
        {"bitrate": 15},
        {"bitrate": 321},
        {"attribution": "magic"},
    ],
)
def test_words_nobody_knows_are_usage_errors(given: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        change_settings(ProjectSettings(), given)


def test_the_last_line_says_it_all() -> None:
    assert summary(MADE, fresh=True) == (
        "/x/a.m4b: plays 1 h 02 min, 12 chapters, 900 lines, cost 1.20 CNY, "
        "skipped 3 × page number, 1 × contents"
    )
    assert "already finished" in summary(MADE, fresh=False)


def tell(listener: Recording) -> None:
    listener.started(2, 12, 0.5)
    listener.recorded(JOB, 1.5)
    listener.waiting(JOB, errors.TryAgain("busy"), 2.0)
    listener.failed(JOB, errors.LineRefused("no"))
    listener.stopping(errors.Interrupted())
    listener.finished(Summary())


def test_recording_tells_failures_even_when_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    project = Project(Path("alice"), ProjectSettings())
    tell(Recording(project, quiet=True))
    assert capsys.readouterr().err == "failed: “Hello.”: no\n"
    tell(Recording(project, verbose=True))
    told = capsys.readouterr()
    assert told.out == ""
    assert "recording 2 lines, about 0.50 to pay" in told.err
    assert "again in 2.0 s: busy" in told.err
    assert "stopping: Interrupted" in told.err


def test_a_terminal_gets_a_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    listener = Recording(Project(Path("alice"), ProjectSettings()))
    listener.started(1, 6, 0.25)
    listener.recorded(JOB, 65.0)
    listener.finished(Summary())
    assembling = Assembling()
    assembling.progress(Stage.ENCODE, 5.0, 10.0)
    assembling.progress(Stage.ENCODE, 10.0, 10.0)
    assembling.progress(Stage.VERIFY, 1.0, 1.0)
    shown = screen.getvalue()
    assert "1/1" in shown and "1 min 05 s of audio, 0.25 spent" in shown
    assert "encoding" in shown and "100%" in shown


def test_steps_are_silent_when_asked_but_warnings_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    Steps(quiet=True).step("reading")
    Steps(quiet=True).warning("odd")
    assert capsys.readouterr().err == "warning: odd\n"


def every_error(kind: type[AudiobookError] = AudiobookError) -> list[type[AudiobookError]]:
    return [kind, *(found for each in kind.__subclasses__() for found in every_error(each))]


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_every_error_is_one_line_and_its_code(
    kind: type[AudiobookError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def broken() -> None:
        raise kind()

    monkeypatch.setattr(main.CommandTable, "get_command", lambda *_: broken)
    code = main.run(["make"])
    told = capsys.readouterr()
    assert code == kind.exit_code
    assert told.out == ""
    assert told.err.count("\n") == 1
    with pytest.raises(kind):
        main.run(["--debug", "make"])


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (KeyboardInterrupt(), 130),
        (RuntimeError("odd"), 1),
        (LinesFailed("3 lines"), 5),
        (click.UsageError("x"), 2),
    ],
)
def test_whatever_is_raised_is_answered(
    raised: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def broken() -> None:
        raise raised

    monkeypatch.setattr(main.CommandTable, "get_command", lambda *_: broken)
    assert main.run(["make"]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_what_the_tree_says_of_itself_is_true() -> None:
    drawn = errors.__doc__ or ""
    for kind in every_error():
        assert kind.__name__ in drawn
        assert kind("said").message == "said"
        assert kind().message


def test_errors_survive_the_way_between_processes() -> None:
    import pickle

    busy = errors.TryAgain("busy", retry_after=3.0, busy=True, trace="ti_1")
    back = pickle.loads(pickle.dumps(busy))
    assert (back.message, back.retry_after, back.busy, back.trace) == ("busy", 3.0, True, "ti_1")


def test_a_new_command_is_in_the_table() -> None:
    context = click.Context(main.cli)
    for name in main.COMMANDS:
        command = main.cli.get_command(context, name)
        assert command is not None and command.name == name, name
        assert (command.help or "").strip(), name
    assert main.cli.get_command(context, "nonsense") is None


def test_of_thousands_of_voices_a_person_sees_the_ones_that_suit(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["voices", "espeak", "--language", "de"]) == 0
    chosen = capsys.readouterr()
    assert 5 < len(chosen.out.splitlines()) < 60
    assert "--all" in chosen.err
    assert main.run(["voices", "espeak", "--language", "de", "--all"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 60
