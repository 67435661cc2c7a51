"""`audiobook say`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audiobook.cli.common import note

if TYPE_CHECKING:
    from audiobook.engines.base import Engine
    from audiobook.pipeline.sounding import Outlet
    from audiobook.pipeline.speaking import Manner


@click.command(epilog="Example: some-chat-program | audiobook say - --voice siliconflow:claire")
@click.argument("text", required=False)
@click.option("--voice", help="As in espeak:en-gb+m3 or siliconflow:claire. See: audiobook voices")
@click.option("--style", default="", help="Manner of delivery: whispering, “sad, slowly”, Cantonese, …")
@click.option("--speed", type=click.FloatRange(0.25, 4), default=1.0, help="A factor; 1 is normal.")
@click.option("--language", default="", help="Of the text (BCP 47); default: that of the voice.")
@click.option("--output", "-o", help="Write to this file (.wav .flac .mp3 .opus .pcm) or, with -, to a pipe.")
@click.option("--raw", is_flag=True, help="With --output -: samples without a WAV header.")
@click.option("--word", help="Say a single word, also slowly, as the lexicon has it.")
@click.option("--lexicon", type=click.Path(path_type=Path), help="A lexicon.toml with pronunciations.")
def say(text: str | None, word: str | None, output: str | None, raw: bool, **given: Any) -> int:
    """Speak TEXT, or with - the text that arrives on standard input.

    Text from a pipe is spoken while it arrives: every sentence as soon as it is complete, the next one being
    made meanwhile. Without --output a player that is installed is used (ffplay, mpv, aplay, paplay, play).
    """
    from audiobook.pipeline.speaking import Speaker, say_word, utterances

    if (text is None) == (word is None):
        raise click.UsageError("give either a TEXT (or - for standard input) or --word")
    engine, manner = _manner(text or word or "", **given)
    try:
        with _outlet(output, raw) as outlet:
            speaker = Speaker(engine, outlet, lambda line: note(f"audiobook: {line}"))
            if word is not None:
                lines = say_word(word, manner, engine)
                for line in lines[:1]:
                    note(_word_note(word, line))
                speaker.say(lines)
            else:
                speaker.say(utterances(_texts(text or "", manner), engine, manner))
    finally:
        engine.close()
    return 5 if speaker.lost else 0


def _word_note(word: str, line: Any) -> str:
    sounds = " ".join(f"/{ipa}/" for _, _, ipa in line.phonemes)
    return f"{word} → {line.text} {sounds}".rstrip()


def _manner(
    text: str, voice: str | None, style: str, speed: float, language: str, lexicon: Path | None
) -> tuple[Engine, Manner]:
    """The engine and how it is to speak. Raises UsageError, StopRun."""
    from audiobook.engines import open_engine
    from audiobook.errors import UsageError
    from audiobook.normalization import read_lexicon
    from audiobook.pipeline.preferences import default_voice, own_settings
    from audiobook.pipeline.speaking import Manner, guess_language

    chosen = voice or default_voice(language or guess_language(text))
    name, colon, local = chosen.partition(":")
    if not colon or not local:
        raise UsageError(f"{chosen!r} is no voice; a voice is written engine:voice, as in espeak:en-gb")
    engine = open_engine(name, own_settings(name))
    if not language:
        known = next((entry for entry in engine.voices() if entry.local == local), None)
        # Voices of many languages (the cloud's) do not say which one a text is in.
        language = known.languages[0] if known and len(known.languages) == 1 else ""
    words = read_lexicon(lexicon) if lexicon else None
    return engine, Manner(local, language, style, speed, words)


def _texts(text: str, manner: Manner) -> Iterable[str]:
    """Sentences of the text, or of standard input as they complete."""
    from audiobook.pipeline.speaking import Cutter, cut_stream, with_pauses

    if text != "-":
        return cut_stream([text], Cutter(manner.language))
    stream = sys.stdin.buffer
    return cut_stream(with_pauses(_reader(stream)), Cutter(manner.language, by_line=sys.stdin.isatty()))


def _reader(stream: Any) -> Callable[[], str]:
    """Text of a byte stream as it arrives; characters cut in two wait for their second half."""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    read = getattr(stream, "read1", stream.read)

    def more() -> str:
        while True:
            data = read(65536)
            text = decoder.decode(data, final=not data)
            if text or not data:
                return text

    return more


def _outlet(output: str | None, raw: bool) -> Outlet:
    """Where the sound goes. Raises UsageError."""
    from audiobook.errors import UsageError
    from audiobook.pipeline.sounding import File, Pipe, format_of, player

    if output is None:
        return player()
    if output == "-":
        stream = sys.stdout.buffer
        if sys.stdout.isatty():
            raise UsageError("--output - writes sound, and that to a terminal; add a pipe")
        return Pipe(stream, header=not raw)
    path = Path(output)
    return File(path, "pcm" if raw else format_of(path))
