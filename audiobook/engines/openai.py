"""Any server that speaks OpenAI's `/audio/speech`: OpenAI, Kokoro-FastAPI, LocalAI, speaches, Xinference, …

Only what all of them know is sent; what one of them needs beside it goes into the setting `extra`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, ClassVar

from audiobook.audio.clip import Clip
from audiobook.audio.decoding import decode
from audiobook.engines import complaints, recordings
from audiobook.engines.base import Limits, Price, Settings, Traits, Utterance, Voice
from audiobook.engines.credentials import Secret, find_key, given_address, require_key, variable
from audiobook.engines.http import Answer, Waits, Wire
from audiobook.engines.options import Options, words
from audiobook.engines.samples import split_samples
from audiobook.errors import EngineError, InputError, LineRefused, StopRun

NAME = "openai"
HOME = "https://api.openai.com/v1"
VOICES = ("fable", "onyx", "nova", "alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse")
PRICES = {"tts-1": 15.0, "tts-1-hd": 30.0}
"""US dollars per million characters. Models billed by token of audio have no price per character."""

FORMATS = ("wav", "pcm", "mp3", "flac", "opus", "aac")
KEYS = words(
    "base_url model voices format rate instructions extra key_variable price_per_million concurrency "
    "requests_per_minute bytes_per_minute timeout connect_timeout characters characters_cjk"
)


class OpenAI:
    """OpenAI, and every server that imitates it: address, model and voice are settings."""

    name: ClassVar[str] = NAME
    traits: ClassVar[Traits] = Traits(styles=True, streaming=True, cpus=0.1)

    def __init__(self, settings: Settings) -> None:
        options = Options(NAME, settings, KEYS)
        self._model = options.text("model", "tts-1")
        self._format = options.choice("format", "wav", FORMATS)
        self._rate = options.whole("rate", 24_000, 8000, 48_000)
        self._names = options.texts("voices")
        self._extra = options.table("extra")
        self._instructs = options.choice("instructions", "auto", ("auto", "never")) == "auto"
        # An address of the environment comes with the key of the environment.
        paired = not options.text("base_url") and bool(given_address(NAME))
        self._key_variable = options.text("key_variable") or (variable(NAME) if paired else "")
        timeout = options.number("timeout", 120, 1, 3600)
        self._limits = Limits(
            characters=options.whole("characters", 1000, 20, 4096),
            characters_cjk=options.whole("characters_cjk", 300, 10, 4096),
            concurrency=options.whole("concurrency", 4, 1, 256),
            requests_per_minute=options.optional_whole("requests_per_minute"),
            bytes_per_minute=options.optional_whole("bytes_per_minute"),
        )
        self.wire = Wire(
            options.text("base_url") or given_address(NAME) or HOME,
            self._find_key,
            waits=Waits(options.number("connect_timeout", 10, 0.1, 600), timeout, 3 * timeout),
            connections=self._limits.concurrency,
        )
        price = PRICES.get(self._model, 0.0) if self._at_home else 0.0
        self._price = Price(options.number("price_per_million", price, 0, 1e6), "characters", "USD")

    @property
    def _at_home(self) -> bool:
        return self.wire.base_url == HOME

    def _find_key(self) -> Secret | None:
        """The key of this server. A key for OpenAI is sent to OpenAI and to nobody else."""
        if self._key_variable:
            given = os.environ.get(self._key_variable, "").strip()
            if not given:
                raise StopRun(f"{self._key_variable} is not set; key_variable in [engines.openai] names it")
            return Secret(given)
        if self._at_home:
            return require_key(NAME)
        return find_key(f"{NAME}@{self.wire.host}")

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Model, format and everything extra that is sent."""
        extra = tuple((f"extra.{key}", repr(value)) for key, value in sorted(self._extra.items()))
        sound = (("format", self._format), ("rate", str(self._rate) if self._format == "pcm" else ""))
        return (("engine", "openai/1"), ("model", self._model), *sound, *extra)

    @property
    def limits(self) -> Limits:
        """Limits in force."""
        return self._limits

    @property
    def price(self) -> Price:
        """Price in force."""
        return self._price

    def ready(self) -> None:
        """Find the key now. Raises StopRun where OpenAI's is missing."""
        self._find_key()

    def voices(self) -> tuple[Voice, ...]:
        """The voices of the settings; OpenAI's own; or what the server lists, where it has a list."""
        names = self._names or (VOICES if self._at_home else self._listed())
        return tuple(Voice(f"{NAME}:{name}", name) for name in names)

    def _listed(self) -> tuple[str, ...]:
        """Names from `/audio/voices`, in one of its three shapes; most servers have none."""
        try:
            answer = self.wire.ask("GET", "/audio/voices")
        except EngineError:
            return ()
        return read_voices(answer) if answer.status == 200 else ()

    def units(self, utterance: Utterance) -> int:
        """Characters of the text."""
        return len(utterance.text)

    def synthesize(self, utterance: Utterance) -> Clip:
        """Speak a line. Raises TryAgain, LineRefused, StopRun."""
        answer = self.wire.ask("POST", "/audio/speech", json=self._content(utterance, self._format))
        self._refuse(answer, utterance)
        clip = self._clip(answer)
        return recordings.check_speech(answer, clip, utterance.text, utterance.speed, host=self.wire.host)

    def stream(self, utterance: Utterance) -> Iterator[Clip]:
        """Speak a line in pieces where the format is pcm, else in one."""
        if self._format != "pcm":
            yield self.synthesize(utterance)
            return
        content = self._content(utterance, "pcm")
        with self.wire.open("POST", "/audio/speech", json=content) as answer:
            if answer.head.status != 200:
                self._refuse(answer.whole(), utterance)
            heard = False
            for piece in split_samples(answer.chunks()):
                part = Answer(200, answer.head.headers, piece)
                if not heard:
                    self._refuse(part, utterance)
                heard = True
                yield recordings.pcm_clip(part, self._rate, host=self.wire.host)
            if not heard:
                self._refuse(answer.head, utterance)

    def close(self) -> None:
        """Close the connections; lines under way raise TryAgain."""
        self.wire.close()

    def _content(self, utterance: Utterance, form: str) -> dict[str, Any]:
        if not recordings.speakable(utterance.text):
            raise LineRefused("there is nothing in this line to speak")
        content: dict[str, Any] = {
            "model": self._model,
            "input": utterance.text.encode("utf-8", "replace").decode("utf-8"),
            "voice": utterance.voice,
            "response_format": form,
            "speed": round(min(4.0, max(0.25, utterance.speed)), 3),
        }
        if utterance.style and self._instructs:
            content["instructions"] = utterance.style
        return {**content, **self._extra}

    def _clip(self, answer: Answer) -> Clip:
        if self._format == "pcm":
            return recordings.pcm_clip(answer, self._rate, host=self.wire.host)
        if self._format == "wav" and answer.body[:4] == b"RIFF":
            return recordings.wav_clip(answer, None, host=self.wire.host)
        try:
            return decode(answer.body)
        except InputError as error:
            what = f"{len(answer.body)} bytes that cannot be decoded ({error.message})"
            raise recordings.doubtful(answer, what, host=self.wire.host) from error

    def _refuse(self, answer: Answer, utterance: Utterance) -> None:
        if answer.status != 200:
            raise complaints.judge(
                complaints.read_complaint(answer),
                engine=NAME,
                host=self.wire.host,
                model=self._model,
                voice=utterance.voice,
                mask=self.wire.masked,
            )
        recordings.refuse_text(answer, engine=NAME, mask=self.wire.masked, host=self.wire.host)


def read_voices(answer: Answer) -> tuple[str, ...]:
    """The names in {"voices": [{"id"}]}, {"voices": ["name"]}, {"data": […]} or a bare list."""
    listed = complaints.read_json(answer.body)
    if isinstance(listed, dict):
        listed = listed.get("voices", listed.get("data", []))
    if isinstance(listed, dict):
        listed = list(listed)
    if not isinstance(listed, list):
        return ()
    names = [
        entry if isinstance(entry, str) else str(entry.get("id") or entry.get("name") or "")
        for entry in listed
        if isinstance(entry, (str, dict))
    ]
    return tuple(name for name in names if name)
