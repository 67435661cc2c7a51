"""Listening: a recording to text, by SenseVoice on SiliconFlow or a server with OpenAI's transcriptions."""

from __future__ import annotations

import os
from collections.abc import Callable

from audiobook.audio.clip import Clip
from audiobook.audio.decoding import wav_bytes
from audiobook.engines import complaints
from audiobook.engines.base import Settings
from audiobook.engines.credentials import Secret, find_key, given_address, require_key
from audiobook.engines.http import Answer, Waits, Wire
from audiobook.engines.openai import HOME
from audiobook.engines.options import Options, words
from audiobook.engines.siliconflow import CLOUDS
from audiobook.errors import TryAgain

NAME = "listen"
SERVICES = ("siliconflow", "openai")
MODELS = {"siliconflow": "FunAudioLLM/SenseVoiceSmall", "openai": "whisper-1"}
KEYS = words("service base_url cloud model key_variable concurrency timeout connect_timeout")


class Listener:
    """A speech recognizer. Settings: `[engines.listen]`. Safe to use from many threads."""

    def __init__(self, settings: Settings) -> None:
        options = Options(NAME, settings, KEYS)
        self.service = options.choice("service", "siliconflow", SERVICES)
        self.model = options.text("model", MODELS[self.service])
        self.concurrency = options.whole("concurrency", 4, 1, 64)
        cloud = CLOUDS[options.choice("cloud", "cn", CLOUDS)]
        given = options.text("base_url") or given_address(self.service)
        home = cloud if self.service == "siliconflow" else HOME
        # It sometimes hangs; a second try on a new connection is quicker than patience.
        timeout = options.number("timeout", 20, 1, 3600)
        self.wire = Wire(
            given or home,
            self._key(options.text("key_variable"), bool(options.text("base_url"))),
            waits=Waits(options.number("connect_timeout", 10, 0.1, 600), timeout, 6 * timeout),
            connections=self.concurrency,
        )

    def _key(self, name: str, elsewhere: bool) -> Callable[[], Secret | None]:
        if name:
            return lambda: Secret(os.environ.get(name, "").strip())
        if self.service == "siliconflow":
            return lambda: require_key("siliconflow")
        return (
            (lambda: find_key(f"openai@{self.wire.host}")) if elsewhere else (lambda: require_key("openai"))
        )

    def hear(self, clip: Clip) -> str:
        """What is said in a recording, as the service wrote it; empty for silence.

        Raises TryAgain, LineRefused, StopRun.
        """
        content = {
            "files": {"file": ("take.wav", wav_bytes(clip), "audio/wav")},
            "data": {"model": self.model},
        }
        answer = self.wire.ask("POST", "/audio/transcriptions", **content)
        return self._text(answer)

    def _text(self, answer: Answer) -> str:
        if answer.status != 200:
            refused = complaints.read_complaint(answer)
            if "no audio segment found" in refused.message:
                return ""
            raise complaints.judge(
                refused, engine=self.service, host=self.wire.host, model=self.model, mask=self.wire.masked
            )
        document = complaints.read_json(answer.body)
        text = document.get("text") if isinstance(document, dict) else None
        if not isinstance(text, str):
            raise TryAgain(f"{self.wire.host} answered with no transcript", trace=answer.trace)
        return text

    def close(self) -> None:
        """Close the connections."""
        self.wire.close()
