"""Options that several commands share, and what they change in a project's settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from audiobook.errors import UsageError
from audiobook.project import OutputSettings, ProjectSettings, TextSettings

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("m4b", "mp3", "mp3-chapters", "opus")
EXTRAS = ("srt", "vtt", "lrc", "readalong", "audiobookshelf")
PRESETS = ("audiobook", "acx", "podcast", "none")
_MOST_MONEY = 1e12  # neither infinity nor nan, which no sum would ever pass

project_argument = click.argument("project", type=click.Path(path_type=Path))
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")


def _stack(options: list[Callable[[Command], Command]]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


book_options: Callable[[Any], Any] = _stack(
    [
        click.option(
            "--project",
            "folder",
            type=click.Path(path_type=Path),
            help="Project folder; default projects/NAME.",
        ),
        click.option("--engine", help="Voice engine; default espeak. See: audiobook engines"),
        click.option("--voice", help="The narrator's voice, as in espeak:en-gb+m3. See: audiobook voices"),
        click.option("--language", help="Language of the book (BCP 47), if the book has it wrong."),
        click.option(
            "--include", multiple=True, metavar="KINDS", help="Speak these parts too, e.g. contents,index."
        ),
        click.option(
            "--exclude", multiple=True, metavar="KINDS", help="Leave these parts out, e.g. foreword."
        ),
        click.option("--notes", help="Footnotes: skip, inline, paragraph or chapter."),
        click.option("--single-voice", is_flag=True, default=None, help="The narrator reads everything."),
        click.option("--attribution", help="Who finds the speakers: rules, llm, hybrid or none."),
        click.option(
            "--series",
            "series",
            type=click.Path(path_type=Path),
            help="Take voices over from this project or cast.",
        ),
    ]
)

output_options: Callable[[Any], Any] = _stack(
    [
        click.option("--format", "formats", help=f"What to make: {', '.join(FORMATS)}; several with commas."),
        click.option("--preset", help=f"Mastering: {', '.join(PRESETS)}."),
        click.option("--bitrate", type=int, help="kbit/s of the M4B; default 64."),
        click.option("--extras", help=f"Beside it: {', '.join(EXTRAS)}."),
    ]
)


def _words(text: str, known: tuple[str, ...], flag: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(word.strip().lower() for word in text.split(",") if word.strip()))
    for word in words:
        if word not in known:
            raise UsageError(f"{flag} {word}: there is {', '.join(known)}")
    return words


def change_text(text: TextSettings, given: dict[str, Any]) -> TextSettings:
    """Reading options with what was typed over them."""
    changes: dict[str, Any] = {
        key: given[key]
        for key in ("language", "notes", "attribution", "single_voice")
        if given.get(key) is not None
    }
    for key in ("include", "exclude"):
        if given.get(key):
            changes[key] = tuple(
                word.strip() for value in given[key] for word in value.split(",") if word.strip()
            )
    if changes.get("attribution") not in (None, "rules", "llm", "hybrid", "none"):
        raise UsageError(f"--attribution {changes['attribution']}: there is rules, llm, hybrid, none")
    return replace(text, **changes)


def change_output(output: OutputSettings, given: dict[str, Any]) -> OutputSettings:
    """Output options with what was typed over them. Raises UsageError."""
    changes: dict[str, Any] = {}
    if given.get("formats") is not None:
        changes["formats"] = _words(given["formats"], FORMATS, "--format")
        if not changes["formats"]:
            raise UsageError(f"--format: there is {', '.join(FORMATS)}")
    if given.get("extras") is not None:
        changes["extras"] = _words(given["extras"], EXTRAS, "--extras")
    if given.get("preset") is not None:
        (changes["preset"],) = _words(given["preset"], PRESETS, "--preset") or ("audiobook",)
    if given.get("bitrate") is not None:
        if not 16 <= given["bitrate"] <= 320:
            raise UsageError("--bitrate is between 16 and 320 kbit/s")
        changes["bitrate"] = given["bitrate"]
    if given.get("output") is not None:
        changes["file"] = str(Path(given["output"]).absolute())
    return replace(output, **changes)


def change_settings(settings: ProjectSettings, given: dict[str, Any]) -> ProjectSettings:
    """A project's settings with everything that was typed over them. Raises UsageError."""
    changes: dict[str, Any] = {
        key: given[key] for key in ("engine", "voice", "budget") if given.get(key) is not None
    }
    if not 0 <= changes.get("budget", 0) < _MOST_MONEY:
        raise UsageError("--budget is an amount of money; 0 is no limit")
    voice = str(changes.get("voice", ""))
    if voice and ":" not in voice:
        changes["voice"] = f"{changes.get('engine', settings.engine)}:{voice}"
    return replace(
        settings,
        text=change_text(settings.text, given),
        output=change_output(settings.output, given),
        **changes,
    )
