"""The command line: a table of commands, each in its own module, loaded when it is asked for."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

import click

from audiobook import __version__
from audiobook.errors import AudiobookError

COMMANDS: dict[str, tuple[str, str]] = {
    "make": ("make:make", "Make an audiobook from a book: everything in one go."),
    "new": ("new:new", "Make a project from a book, without speaking it yet."),
    "cast": ("cast:cast", "Show who speaks how much and with which voice; change voices."),
    "review": ("review:review", "Walk through the lines whose speaker is least certain."),
    "estimate": ("estimate:estimate", "Say what synthesis will cost and how long it will take."),
    "synth": ("synth:synth", "Record all lines that have no take yet."),
    "assemble": ("assemble:assemble", "Join the takes into finished audiobooks."),
    "verify": ("verify:verify", "Check takes and products; listen with a speech recognizer."),
    "check": ("check:check", "Measure audio files against a profile such as ACX."),
    "status": ("status:status", "Show what is done, what is missing, and what it costs."),
    "chapters": ("chapters:chapters", "Show the chapters of a book and what is skipped."),
    "quotes": ("quotes:quotes", "Show who says what in a text."),
    "lexicon": ("lexicon:lexicon", "Find names and odd words, and how they are pronounced."),
    "voices": ("voices:voices", "List voices; add and remove your own."),
    "say": ("say:say", "Speak a text, or a stream of text, at once."),
    "engines": ("engines:engines", "List the voice engines and what each needs."),
    "setup": ("setup:setup", "Set up an account for a cloud engine."),
}
"""Command → (module:function in audiobook.cli, one line of help). Help needs no module to be loaded."""


class CommandTable(click.Group):
    """Commands that are imported when they run, so that `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry[0].partition(":")
        command: click.Command = getattr(importlib.import_module(f"audiobook.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List names and help from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(
    cls=CommandTable,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: audiobook make alice.epub",
)
@click.version_option(__version__, prog_name="audiobook")
@click.option("--debug", is_flag=True, help="Show a traceback when something goes wrong.")
def cli(debug: bool) -> None:
    """Turn EPUB, Markdown and plain text into audiobooks."""


def _complain(text: str) -> None:
    click.echo(f"audiobook: {text}", err=True)


def run(arguments: Sequence[str], **extra: Any) -> int:
    """Run a command line in this process and return its exit code. Nothing is raised."""
    debug = "--debug" in arguments or bool(os.environ.get("AUDIOBOOK_DEBUG"))
    try:
        result = cli.main(args=list(arguments), prog_name="audiobook", standalone_mode=False, **extra)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as request:
        return request.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        _complain("interrupted; run the same command again to go on")
        return 130
    except BrokenPipeError:
        # The reader of our output left (`audiobook … | head`); there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except AudiobookError as error:
        if debug:
            raise
        _complain(error.message)
        return error.exit_code
    except Exception as error:
        if debug:
            raise
        _complain(f"bug: {type(error).__name__}: {error} (run with --debug for the traceback)")
        return 1


def _terminated(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Entry point of the `audiobook` command. SIGTERM is answered like Ctrl-C: stop soon, keep everything."""
    signal.signal(signal.SIGTERM, _terminated)
    sys.exit(run(sys.argv[1:]))
