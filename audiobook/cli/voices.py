"""`audiobook voices`: list, add, remove."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audiobook.cli.common import note, print_json
from audiobook.cli.options import json_option

if TYPE_CHECKING:
    from audiobook.engines.base import Voice
    from audiobook.engines.siliconflow import SiliconFlow


class ListByDefault(click.Group):
    """A group whose first word may be an engine instead of a command: `voices siliconflow`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `list` in front where no command is named."""
        if not args or (args[0] not in self.commands and args[0] not in ("--help", "-h")):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=ListByDefault, epilog="Example: audiobook voices siliconflow")
def voices() -> None:
    """List voices; add and remove voices of your own.

    `audiobook voices ENGINE` lists the voices of one engine, without ENGINE of all that are ready. A voice
    is written engine:voice, in cast.toml and everywhere else.
    """


def _open_siliconflow() -> SiliconFlow:
    from audiobook.engines.siliconflow import SiliconFlow
    from audiobook.pipeline.preferences import own_settings

    return SiliconFlow(own_settings("siliconflow"))


_MANY = 500
"""Voices of one engine that nobody reads through."""


def _speaks(voice: Voice, language: str) -> bool:
    base = language.lower().partition("-")[0]
    return not voice.languages or any(tag.lower().partition("-")[0] == base for tag in voice.languages)


def _of_engine(name: str, choice: str | None = None) -> tuple[Voice, ...]:
    """The voices of one engine, for SiliconFlow with those of the account; with `choice`, of an engine that
    has very many only those that make a good cast in that language."""
    from audiobook.engines import open_engine
    from audiobook.engines.base import castable
    from audiobook.errors import EngineError
    from audiobook.pipeline.preferences import own_settings

    engine = open_engine(name, own_settings(name))
    try:
        found = engine.voices()
        if choice is not None and len(found) > _MANY:
            chosen = castable(engine, choice)
            note(f"{name}: {len(chosen)} of {len(found)} voices, chosen for {choice}; --language, or --all")
            found = chosen
        if name == "siliconflow":
            try:
                found = (*found, *_of_account(engine, found))
            except EngineError as error:
                note(f"audiobook: only the voices known here are listed: {error.message}")
        return found
    finally:
        engine.close()


def _of_account(engine: Any, known: Sequence[Voice]) -> list[Voice]:
    """Voices of the account that have no name in the settings."""
    from audiobook.engines.base import Voice
    from audiobook.engines.siliconflow_cloning import listed_voices
    from audiobook.engines.siliconflow_voices import LANGUAGES

    named = {engine.full_name(voice.local) for voice in known}
    return [
        Voice(f"siliconflow:{voice.uri}", voice.name, LANGUAGES, description="uploaded")
        for voice in listed_voices(engine)
        if voice.uri not in named
    ]


@voices.command("list", epilog="Example: audiobook voices espeak --language en")
@click.argument("engine", required=False)
@click.option("--language", help="Only voices for this language (en, zh, …).")
@click.option("--all", "everything", is_flag=True, help="All voices, also of an engine that has thousands.")
@json_option
def list_voices(engine: str | None, language: str | None, everything: bool, as_json: bool) -> None:
    """List the voices of ENGINE, or of all engines that are ready.

    Of the thousands that espeak can make, those that suit a book in the language are shown; --all and --json
    list every one.
    """
    from dataclasses import asdict

    from audiobook.engines import names
    from audiobook.errors import AudiobookError

    found: list[Voice] = []
    for name in (engine,) if engine else names():
        try:
            found += _of_engine(name, None if everything or as_json else language or "en")
        except AudiobookError as error:
            if engine:
                raise
            note(f"audiobook: {name} is left out: {error.message}")
    if language:
        found = [voice for voice in found if _speaks(voice, language)]
    if as_json:
        print_json([asdict(voice) for voice in found])
    for voice in () if as_json else found:
        click.echo(_row(voice))


def _row(voice: Voice) -> str:
    person = " ".join(filter(None, (voice.age, {"F": "woman", "M": "man"}.get(voice.gender, ""))))
    languages = " ".join(voice.languages[:6]) or "any language"
    about = f"{voice.name}: {voice.description}" if voice.description else voice.name
    return f"{voice.id:30} {person:12} {languages:16} {about}"


@voices.command(epilog="Example: audiobook voices add aunt-mary mary.m4a --text “It was a quiet morning.”")
@click.argument("name")
@click.argument("clip", type=click.Path(path_type=Path))
@click.option("--text", help="What is said in the clip, word for word. Without it, a recognizer listens.")
@click.option(
    "--engine",
    type=click.Choice(["siliconflow", "cosyvoice"]),
    default="siliconflow",
    show_default=True,
    help="Where: uploaded to SiliconFlow, or kept here for a CosyVoice server of your own.",
)
def add(name: str, clip: Path, text: str | None, engine: str) -> None:
    """Make CLIP a voice with the NAME: upload it to SiliconFlow, or keep it for your own CosyVoice server.

    Best are 8 to 10 seconds of one person, without noise or music. The clip may have any format; silence
    around it is cut off, and so is what goes beyond 25 seconds. Use only voices of people who agreed.
    """
    from audiobook import files
    from audiobook.audio.references import prepare_reference
    from audiobook.engines.siliconflow_cloning import check_name, upload_voice
    from audiobook.pipeline.preferences import change_engine

    check_name(name)
    reference = prepare_reference(files.read_bytes(clip))
    for remark in reference.remarks:
        note(f"audiobook: {clip}: {remark}")
    transcript = _transcript(reference, text)
    if engine == "cosyvoice":
        click.echo(_keep(name, reference, transcript))
        return
    service = _open_siliconflow()
    try:
        uri = upload_voice(service, name, reference.clip, transcript)
    finally:
        service.close()
    change_engine("siliconflow", {name: uri}, table="voices")
    note(f"audiobook: the service calls it {uri}")
    click.echo(f"siliconflow:{name}")


def _keep(name: str, reference: Any, text: str) -> str:
    """Keep a clip in the configuration folder and name it in the settings; returns the voice."""
    from audiobook import files
    from audiobook.audio.decoding import wav_bytes
    from audiobook.pipeline.preferences import change_engine, settings_file

    path = settings_file().parent / "voices" / f"{name}.wav"
    files.make_folder(path.parent)
    files.write_bytes(path, wav_bytes(reference.clip))
    change_engine("cosyvoice", {name: {"audio": str(path), "text": text}}, table="clips")
    return f"cosyvoice:clip:{name}"


def _transcript(reference: Any, text: str | None) -> str:
    """What is said in the clip. Raises InputError where the given text cannot be it."""
    from audiobook.engines.recordings import bounds
    from audiobook.errors import InputError

    if text and text.strip():
        fewest, most = bounds(text.strip())
        seconds = reference.clip.seconds
        if not fewest <= seconds <= 3 * most:
            raise InputError(
                f"the text cannot be what is said in the {seconds:.1f} s of the clip; the rest of a longer "
                "text would be heard before every line. Leave --text out to have it written down"
            )
        return text.strip()
    from audiobook.pipeline.listening import open_listener, plain

    listener = open_listener({})
    try:
        heard = plain(listener.hear(reference.clip))
    finally:
        listener.close()
    if not heard:
        raise InputError("nobody is heard in this clip; give the words with --text")
    note(f"audiobook: heard in the clip: {heard}")
    return heard


@voices.command(epilog="Example: audiobook voices remove aunt-mary")
@click.argument("name")
def remove(name: str) -> None:
    """Delete the uploaded voice NAME (or its speech:… uri) from the account."""
    from audiobook.engines.siliconflow_cloning import delete_voice, listed_voices
    from audiobook.errors import UsageError
    from audiobook.pipeline.preferences import change_engine, own_settings

    kept = own_settings("siliconflow").get("voices", {})
    engine = _open_siliconflow()
    try:
        uris = {voice.uri: voice.name for voice in listed_voices(engine)}
        wanted = name.removeprefix("siliconflow:")
        chosen = [uri for uri in uris if wanted in (uri, uris[uri])]
        if not chosen:
            raise UsageError(f"no uploaded voice {name!r}; there are {', '.join(uris.values()) or 'none'}")
        if len(chosen) > 1:
            raise UsageError(f"several voices are called {name!r}; give the uri: {', '.join(chosen)}")
        delete_voice(engine, chosen[0])
    finally:
        engine.close()
    gone = {key: None for key, uri in kept.items() if uri == chosen[0]}
    if gone:
        change_engine("siliconflow", gone, table="voices")
    click.echo(f"removed {chosen[0]}")
