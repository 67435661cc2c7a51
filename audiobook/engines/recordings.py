"""Nothing but speech is taken for speech: from the bytes of an answer to a Clip, every doubt a TryAgain.

Services answer 200 with nothing, with a page of HTML, with a sixth of a second of silence, with half a
file, at another rate than asked, or with a minute of babble for three words.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable

import numpy as np

from audiobook.audio.clip import Clip
from audiobook.engines.complaints import judge, read_complaint
from audiobook.engines.http import Answer
from audiobook.errors import TryAgain

SHORTEST = 0.2
"""Seconds; no word is spoken in less, edges included. The well-known stub of "no sound" has 0.16."""

QUIETEST = 33
"""Peak (of 32768, -60 dB) under which a recording is silence."""

PLACEHOLDERS = (0, 0x7FFFFFFF, 0xFFFFFFFF)
"""What stands for the size in a WAV file that was written to a pipe."""

_WIDE = re.compile(
    r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
_SPOKEN = re.compile(r"[^\W_]")


def doubtful(answer: Answer, what: str, *, host: str) -> TryAgain:
    """The error for a 200 that is no recording; it was answered, so it counts as paid."""
    trace = f" (trace {answer.trace})" if answer.trace else ""
    return TryAgain(f"{host} answered with {what}{trace}", trace=answer.trace, billed=True)


def refuse_text(answer: Answer, *, engine: str, host: str, mask: Callable[[str], str] = str) -> None:
    """Raise for a 200 whose body is empty, or an error message, or a page. `mask` hides what is secret."""
    if not answer.body:
        what = "nothing at all; if that goes on, try another voice"
        raise doubtful(answer, what, host=host)
    start = answer.body[:64].lstrip().lower()
    if answer.media_type == "application/json" or (start[:1] in b"{[" and _is_text(answer.body[:64])):
        raise judge(read_complaint(answer), engine=engine, host=host, billed=True, mask=mask)
    if answer.media_type.startswith("text/") or start.startswith((b"<!", b"<html", b"<?xml")):
        words = mask(read_complaint(answer).message)
        raise doubtful(answer, f"a page instead of audio: “{words}”", host=host)


def _is_text(start: bytes) -> bool:
    """PCM may begin with any byte; text has no control characters."""
    return all(byte >= 32 or byte in b"\t\r\n" for byte in start)


def wav_clip(answer: Answer, rate: int | None, *, host: str) -> Clip:
    """Read a WAV file of 16-bit mono at the rate that was asked for (None: at any). Raises TryAgain."""
    body = answer.body
    if len(body) < 12 or body[:4] != b"RIFF" or body[8:12] != b"WAVE":
        raise doubtful(answer, f"{len(body)} bytes that are no WAV file", host=host)
    form: tuple[int, ...] | None = None
    place = 12
    while place + 8 <= len(body):
        name, size = body[place : place + 4], struct.unpack_from("<I", body, place + 4)[0]
        start = place + 8
        if name == b"fmt " and start + 16 <= len(body):
            form = struct.unpack_from("<HHIIHH", body, start)
        if name == b"data":
            whole = size in PLACEHOLDERS
            if not whole and start + size > len(body):
                raise doubtful(answer, f"{len(body) - start} of {size} bytes of audio", host=host)
            return _pcm(answer, body[start:] if whole else body[start : start + size], form, rate, host)
        place = start + size + size % 2
    raise doubtful(answer, "a WAV file without audio", host=host)


def _pcm(answer: Answer, data: bytes, form: tuple[int, ...] | None, rate: int | None, host: str) -> Clip:
    if form is None:
        raise doubtful(answer, "a WAV file that does not say its format", host=host)
    kind, channels, found, _, _, bits = form
    if kind not in (1, 0xFFFE) or channels != 1 or bits != 16:
        raise doubtful(answer, f"a WAV file of {channels} channels of {bits} bits", host=host)
    if rate is not None and found != rate:
        raise doubtful(answer, f"audio at {found} Hz instead of {rate} Hz", host=host)
    return pcm_clip(Answer(answer.status, answer.headers, data), found, host=host)


def pcm_clip(answer: Answer, rate: int, *, host: str) -> Clip:
    """Read headerless 16-bit mono. Raises TryAgain."""
    if len(answer.body) % 2:
        raise doubtful(
            answer, f"{len(answer.body)} bytes of audio, which is half a sample too many", host=host
        )
    if answer.body[:4] in (b"RIFF", b"OggS", b"fLaC") or answer.body[:3] == b"ID3":
        raise doubtful(answer, "a sound file instead of plain samples", host=host)
    return Clip(np.frombuffer(answer.body, dtype="<i2").astype(np.int16, copy=False), rate)


def speakable(text: str) -> bool:
    """Whether there is a letter or digit in it."""
    return _SPOKEN.search(text) is not None


def bounds(text: str, speed: float = 1.0) -> tuple[float, float]:
    """Fewest and most seconds in which anybody speaks `text`.

    The fewest: 30 letters or 14 characters of Chinese a second. The most: what a language model of speech may
    spend at all is 0.8 s a token; a Chinese character is about one, three letters or one digit another.
    Slow and solemn styles stay far inside.
    """
    wide = len(_WIDE.findall(text))
    digits = sum(character.isdigit() for character in text)
    letters = len(_SPOKEN.findall(text)) - wide - digits
    fewest = (letters / 30 + wide / 14 + digits / 15) / speed
    most = (letters * 0.27 + wide * 0.8 + digits * 1.2) / speed + 3.0
    return max(SHORTEST, fewest), most


def check_speech(answer: Answer, clip: Clip, text: str, speed: float = 1.0, *, host: str) -> Clip:
    """The clip, when it can be `text` spoken at `speed`. Raises TryAgain."""
    fewest, most = bounds(text, speed)
    if clip.seconds < fewest:
        what = (
            f"{clip.seconds:.2f} s of audio for {len(text)} characters, which is too short to be all of them"
        )
        raise doubtful(answer, what, host=host)
    if clip.seconds > most:
        what = f"{clip.seconds:.1f} s of audio for {len(text)} characters, which is too long to be speech"
        raise doubtful(answer, what, host=host)
    if int(clip.samples.max()) < QUIETEST and int(clip.samples.min()) > -QUIETEST:
        raise doubtful(answer, "silence", host=host)
    return clip
