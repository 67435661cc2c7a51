"""CosyVoice on a machine of one's own: FunAudioLLM's FastAPI server (`runtime/python/fastapi/server.py`).

It answers plain samples without a header or a rate, and what goes wrong inside goes wrong after the 200.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from audiobook.audio.clip import Clip
from audiobook.engines import complaints, instructions, recordings
from audiobook.engines.base import Limits, Price, Settings, Traits, Utterance, Voice
from audiobook.engines.clips import Clips
from audiobook.engines.http import Answer, Waits, Wire
from audiobook.engines.options import Options, words
from audiobook.engines.samples import split_samples
from audiobook.errors import LineRefused, StopRun, TryAgain

NAME = "cosyvoice"
RATES = {"v1": 22_050, "v2": 24_000, "v3": 24_000}
LANGUAGES = ("zh", "en", "ja", "ko", "yue")
PREAMBLE = "You are a helpful assistant."
"""What CosyVoice3 wants before every end mark."""

KEYS = words(
    "base_url version speakers clips concurrency timeout connect_timeout characters characters_cjk rate"
)
BROKEN = "; the official server has failed for reference clips since December 2025: see docs/engines.md"


class CosyVoice:
    """A CosyVoice server of your own; voices are reference clips and its trained speakers."""

    name: ClassVar[str] = NAME
    traits: ClassVar[Traits] = Traits(styles=True, cloning=True, streaming=True, speed=False, cpus=0.1)

    def __init__(self, settings: Settings) -> None:
        options = Options(NAME, settings, KEYS)
        self._version = options.choice("version", "v2", RATES)
        self._rate = options.whole("rate", RATES[self._version], 8000, 48_000)
        self._speakers = options.texts("speakers")
        self._clips = Clips(NAME, options.table("clips"))
        self._limits = Limits(
            characters=options.whole("characters", 300, 20, 4000),
            characters_cjk=options.whole("characters_cjk", 80, 10, 1000),
            concurrency=options.whole("concurrency", 1, 1, 64),
        )
        timeout = options.number("timeout", 120, 1, 3600)
        self.wire = Wire(
            options.text("base_url", "http://127.0.0.1:50000"),
            lambda: None,
            waits=Waits(options.number("connect_timeout", 10, 0.1, 600), timeout, 3 * timeout),
            connections=self._limits.concurrency,
        )

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Version of the model, rate, and the version of the instructions' wordings."""
        return (
            ("engine", "cosyvoice/1"),
            ("model", self._version),
            ("rate", str(self._rate)),
            ("instructions", instructions.VERSION),
        )

    @property
    def limits(self) -> Limits:
        """Limits in force."""
        return self._limits

    @property
    def price(self) -> Price:
        """Nothing but electricity."""
        return Price()

    def ready(self) -> None:
        """Raises StopRun as long as there is no voice."""
        if not self.voices():
            raise StopRun("no voice yet: name a clip under [engines.cosyvoice.clips], see docs/engines.md")

    def voices(self) -> tuple[Voice, ...]:
        """The reference clips and speakers of the settings; the server has no list."""
        trained = tuple(Voice(f"{NAME}:sft:{name}", name, LANGUAGES) for name in self._speakers)
        return (*self._clips.voices(LANGUAGES), *trained)

    def full_name(self, voice: str) -> str:
        """A clip's name with its hash."""
        return self._clips.full_name(voice)

    def check_voice(self, voice: str) -> None:
        """Raise StopRun for a voice that is neither a clip of the settings nor called a trained speaker."""
        if not voice.startswith("sft:"):
            self._clips.find(voice)

    def units(self, utterance: Utterance) -> int:
        """Bytes of text; they cost nothing."""
        return len(utterance.text.encode("utf-8", "replace"))

    def synthesize(self, utterance: Utterance) -> Clip:
        """Speak a line. Raises TryAgain, LineRefused, StopRun."""
        route, form = self._form(utterance)
        try:
            answer = self.wire.ask("POST", route, **form)
        except TryAgain as error:
            hint = BROKEN if error.billed else ""  # it broke off after the 200
            raise TryAgain(error.message + hint, busy=error.busy, billed=error.billed) from error
        self._refuse(answer)
        clip = recordings.pcm_clip(answer, self._rate, host=self.wire.host)
        return recordings.check_speech(answer, clip, utterance.text, host=self.wire.host)

    def stream(self, utterance: Utterance) -> Iterator[Clip]:
        """Speak a line piece by piece; the server sends one piece for each of its own segments."""
        route, form = self._form(utterance)
        heard = 0.0
        with self.wire.open("POST", route, **form) as answer:
            if answer.head.status != 200:
                self._refuse(answer.whole())
            for piece in split_samples(answer.chunks()):
                clip = recordings.pcm_clip(
                    Answer(200, answer.head.headers, piece), self._rate, host=self.wire.host
                )
                heard += clip.seconds
                yield clip
        if not heard:
            self._refuse(answer.head)
        if heard < recordings.bounds(utterance.text)[0]:
            raise recordings.doubtful(answer.head, f"only {heard:.2f} s of audio", host=self.wire.host)

    def close(self) -> None:
        """Close the connections; lines under way raise TryAgain."""
        self.wire.close()

    def _form(self, utterance: Utterance) -> tuple[str, dict[str, Any]]:
        """Route and fields for a line: which of the server's four ways fits voice and style."""
        text = instructions.tidy(instructions.harmless(utterance.text)).strip()
        if not recordings.speakable(text):
            raise LineRefused("there is nothing in this line to speak")
        wanted = instructions.instruction(utterance.style, utterance.language)
        data = {"tts_text": f"{wanted.before}{text}{wanted.after}"}
        if utterance.voice.startswith("sft:"):
            return "/inference_sft", {"data": {**data, "spk_id": utterance.voice.removeprefix("sft:")}}
        clip = self._clips.find(utterance.voice)
        upload = {"prompt_wav": ("prompt.wav", clip.data, clip.media_type)}
        preamble = PREAMBLE if self._version == "v3" else ""
        if wanted.prompt and self._version != "v1":
            prompt = f"{preamble}{wanted.prompt}{instructions.END}"
            return "/inference_instruct2", {"data": {**data, "instruct_text": prompt}, "files": upload}
        start = f"{preamble}{instructions.END}" if preamble else ""
        if clip.text:
            return "/inference_zero_shot", {
                "data": {**data, "prompt_text": start + clip.text},
                "files": upload,
            }
        return "/inference_cross_lingual", {"data": {"tts_text": start + data["tts_text"]}, "files": upload}

    def _refuse(self, answer: Answer) -> None:
        host = self.wire.host
        if answer.status != 200:
            raise complaints.judge(complaints.read_complaint(answer), engine=NAME, host=host)
        if not answer.body:
            raise TryAgain(f"{host} answered with nothing, as when the model fails{BROKEN}", billed=True)
        recordings.refuse_text(answer, engine=NAME, mask=self.wire.masked, host=host)
