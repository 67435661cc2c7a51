"""SiliconFlow (SiliconCloud): CosyVoice2 and its relatives over HTTP.

For a book it asks for WAV at the model's own 24 kHz, whole; for listening for a stream of plain samples.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from audiobook.audio.clip import Clip
from audiobook.engines import complaints, instructions, recordings
from audiobook.engines.base import Limits, Price, Settings, Traits, Utterance, Voice
from audiobook.engines.clips import Clips
from audiobook.engines.credentials import given_address, require_key
from audiobook.engines.http import Answer, OpenAnswer, Waits, Wire
from audiobook.engines.options import Options, words
from audiobook.engines.samples import split_samples
from audiobook.engines.siliconflow_voices import LANGUAGES, preset_voices, spell_voice, uploaded_voices
from audiobook.errors import EngineError, LineRefused

NAME = "siliconflow"
MODEL = "FunAudioLLM/CosyVoice2-0.5B"
CLOUDS = {"cn": "https://api.siliconflow.cn/v1", "com": "https://api.siliconflow.com/v1"}
CURRENCIES = {"cn": "CNY", "com": "USD"}
RATE = 24_000
"""CosyVoice2's own; anything else is resampled by the service."""

PRICES = {
    "cn": {MODEL: 50.0, "fnlp/MOSS-TTSD-v0.5": 50.0},
    "com": {MODEL: 7.15, "fishaudio/fish-speech-1.5": 15.0, "IndexTeam/IndexTTS-2": 7.15},
}
"""Per million bytes of UTF-8, as far as known: prices change, the setting `prices` is the person's."""

HARD_CAP = 4000
"""Characters of one request that nobody has seen come out whole."""

KEYS = words(
    "base_url cloud model price_per_million prices concurrency requests_per_minute bytes_per_minute "
    "timeout connect_timeout characters characters_cjk voices clips narrator max_tokens"
)


@dataclass(frozen=True, slots=True)
class Account:
    """The settings of the engine, read and checked."""

    base_url: str
    model: str
    limits: Limits
    price: Price
    waits: Waits
    voices: dict[str, object] = field(default_factory=dict)  # name → uri, of uploaded voices
    clips: dict[str, object] = field(default_factory=dict)  # name → {audio, text}, of dynamic voices
    narrator: str = ""  # the voice that is offered first
    max_tokens: int | None = None


def read_account(settings: Settings) -> Account:
    """Read `[engines.siliconflow]`. Raises UsageError."""
    options = Options(NAME, settings, KEYS)
    cloud = options.choice("cloud", "cn", CLOUDS)
    model = options.text("model", MODEL)
    prices = {**PRICES[cloud], **options.prices("prices")}
    timeout = options.number("timeout", 60, 1, 3600)
    return Account(
        base_url=options.text("base_url") or given_address(NAME) or CLOUDS[cloud],
        model=model,
        limits=Limits(
            characters=options.whole("characters", 300, 20, HARD_CAP),
            characters_cjk=options.whole("characters_cjk", 80, 10, 200),
            concurrency=options.whole("concurrency", 4, 1, 256),
            requests_per_minute=options.optional_whole("requests_per_minute"),
            bytes_per_minute=options.optional_whole("bytes_per_minute"),
        ),
        price=Price(
            options.number("price_per_million", prices.get(model, prices[MODEL]), 0, 1e6),
            "bytes",
            CURRENCIES[cloud],
        ),
        waits=Waits(options.number("connect_timeout", 10, 0.1, 600), timeout, 3 * timeout),
        voices=options.table("voices"),
        clips=options.table("clips"),
        narrator=options.text("narrator"),
        max_tokens=options.optional_whole("max_tokens"),
    )


class SiliconFlow:
    """SiliconFlow's cloud: CosyVoice2 and its relatives, paid by bytes of text.

    The key is looked up with the first request, so that voices, limits and prices can be had without one.
    """

    name: ClassVar[str] = NAME
    traits: ClassVar[Traits] = Traits(styles=True, cloning=True, streaming=True, cpus=0.1)

    def __init__(self, settings: Settings) -> None:
        self._account = read_account(settings)
        self._clips = Clips(NAME, self._account.clips)
        self.wire = Wire(
            self._account.base_url,
            functools.partial(require_key, NAME),
            waits=self._account.waits,
            connections=self._account.limits.concurrency,
        )

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Model, rate and the version of the instructions' wordings."""
        wordings = () if not self._instructs else (("instructions", instructions.VERSION),)
        return (("engine", "siliconflow/1"), ("model", self._account.model), ("rate", str(RATE)), *wordings)

    @property
    def limits(self) -> Limits:
        """Limits in force."""
        return self._account.limits

    @property
    def price(self) -> Price:
        """Price of the model."""
        return self._account.price

    @property
    def model(self) -> str:
        """The model in use."""
        return self._account.model

    @property
    def _instructs(self) -> bool:
        return "cosyvoice" in self._account.model.lower()

    def ready(self) -> None:
        """Find the key now rather than with the first line. Raises StopRun where there is none."""
        require_key(NAME)

    def voices(self) -> tuple[Voice, ...]:
        """The narrator of the settings, the presets, the voices named in the settings, and the reference
        clips. No request is made."""
        own = (*uploaded_voices(self._account.voices), *self._clips.voices(LANGUAGES))
        return tuple(
            sorted((*preset_voices(), *own), key=lambda voice: voice.local != self._account.narrator)
        )

    def check_voice(self, voice: str) -> None:
        """Raise StopRun for a voice that is neither a preset, nor uploaded, nor a clip of the settings."""
        full = self.full_name(voice)
        if full.startswith("clip:"):
            self._clips.find(full)
        else:
            spell_voice(full, self._account.model)

    def full_name(self, voice: str) -> str:
        """The uri of an uploaded voice, the hash of a clip; any other voice as it is."""
        uri = self._account.voices.get(voice)
        return uri if isinstance(uri, str) else self._clips.full_name(voice)

    def written(self, utterance: Utterance) -> str:
        """The `input` of the request: what is sent, and what is paid for."""
        text = instructions.tidy(instructions.harmless(utterance.text)).strip()
        if self._instructs:
            return instructions.instruction(utterance.style, utterance.language).around(text)
        if "moss" in self._account.model.lower():
            return instructions.turn(text)
        return text

    def units(self, utterance: Utterance) -> int:
        """Bytes of UTF-8 of the whole input, the instruction included."""
        return len(self.written(utterance).encode("utf-8"))

    def synthesize(self, utterance: Utterance) -> Clip:
        """Speak a line. Raises TryAgain, LineRefused, StopRun."""
        content = self._content(utterance, response_format="wav", stream=False)
        answer = self.wire.ask("POST", "/audio/speech", json=content)
        self._refuse(answer, utterance)
        clip = recordings.wav_clip(answer, RATE, host=self.wire.host)
        return recordings.check_speech(answer, clip, utterance.text, utterance.speed, host=self.wire.host)

    def stream(self, utterance: Utterance) -> Iterator[Clip]:
        """Speak a line in pieces as they arrive. Raises TryAgain, LineRefused, StopRun; a TryAgain after
        the first piece means that the rest is missing."""
        content = self._content(utterance, response_format="pcm", stream=True)
        with self.wire.open("POST", "/audio/speech", json=content) as answer:
            if answer.head.status != 200 or answer.head.media_type in ("text/html", "application/json"):
                self._refuse(answer.whole(), utterance)
            yield from self._pieces(answer, utterance)

    def _pieces(self, answer: OpenAnswer, utterance: Utterance) -> Iterator[Clip]:
        heard = 0.0
        for piece in split_samples(answer.chunks()):
            start = Answer(200, answer.head.headers, piece)
            if not heard:
                self._refuse(start, utterance)
            clip = recordings.pcm_clip(start, RATE, host=self.wire.host)
            heard += clip.seconds
            yield clip
        if not heard:
            self._refuse(answer.head, utterance)
        if heard < recordings.bounds(utterance.text, utterance.speed)[0]:
            raise recordings.doubtful(answer.head, f"only {heard:.2f} s of audio", host=self.wire.host)

    def close(self) -> None:
        """Close the connections; lines under way raise TryAgain."""
        self.wire.close()

    def _content(self, utterance: Utterance, **form: object) -> dict[str, Any]:
        """The body of the request. Raises LineRefused for what the service would not take."""
        self._check(utterance)
        content: dict[str, Any] = {
            "model": self._account.model,
            "input": self.written(utterance),
            **self._voice(utterance.voice),
            **form,
            "sample_rate": RATE,
            "speed": round(utterance.speed, 3),
            "gain": round(utterance.gain, 2),
        }
        if self._account.max_tokens:
            content["max_tokens"] = self._account.max_tokens
        return content

    def _voice(self, name: str) -> dict[str, Any]:
        voice = self.full_name(name)
        if voice.startswith("clip:"):
            clip = self._clips.find(voice)
            return {"voice": "", "references": [{"audio": clip.address, "text": clip.text}]}
        return {"voice": spell_voice(voice, self._account.model)}

    def _check(self, utterance: Utterance) -> None:
        if not recordings.speakable(utterance.text):
            raise LineRefused("there is nothing in this line to speak")
        if len(utterance.text) > HARD_CAP:
            raise LineRefused(
                f"the line has {len(utterance.text)} characters, {HARD_CAP} is the most: split it"
            )
        if len(utterance.style) > instructions.LONGEST:
            raise LineRefused(
                f"the style “{utterance.style[:40]}…” has {len(utterance.style)} characters; "
                f"more than {instructions.LONGEST} are read aloud: shorten it"
            )
        if not 0.25 <= utterance.speed <= 4 or not -10 <= utterance.gain <= 10:
            raise LineRefused(
                "the service takes a speed from 0.25 to 4 and a gain from -10 to 10: correct cast.toml"
            )

    def complaint(self, answer: Answer, voice: str = "") -> EngineError:
        """The error for a refusal of the service."""
        refused = complaints.read_complaint(answer)
        return complaints.judge(
            refused,
            engine=NAME,
            host=self.wire.host,
            model=self._account.model,
            voice=voice,
            mask=self.wire.masked,
        )

    def _refuse(self, answer: Answer, utterance: Utterance) -> None:
        if answer.status != 200:
            raise self.complaint(answer, utterance.voice)
        recordings.refuse_text(answer, engine=NAME, mask=self.wire.masked, host=self.wire.host)
