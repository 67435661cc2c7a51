"""OpenAI's speech API and the ways in which its imitators differ, by the name of a variant."""

from __future__ import annotations

from typing import Any

from .account import Log
from .hearing import Ear
from .speech import Speaker, encoded, wav_header
from .wire import Reply, Request

VARIANTS = ("openai", "kokoro", "openedai", "edge", "localai", "xinference")
PREFIX = "/openai/v1"


class OpenAI:
    """Routes under `/openai/v1`. Change `variant` and `key` at any time."""

    def __init__(self, log: Log, ear: Ear, speaker: Speaker, voice: str) -> None:
        self.variant = "openai"
        self.key = ""  # asked for when set
        self.authorizations: list[str] = []
        self._log, self._ear, self._speaker, self._voice = log, ear, speaker, voice

    def answer(self, request: Request) -> Reply:
        given = request.headers.get("authorization", "")
        self.authorizations.append(given)
        if self.key and given != f"Bearer {self.key}":
            return self._error(401, "Incorrect API key provided.", "invalid_api_key", request)
        match request.method, request.path.removeprefix(PREFIX):
            case "POST", "/audio/speech":
                return self._speech(request)
            case "GET", "/audio/voices":
                return self._voices(request)
            case "POST", "/audio/transcriptions":
                return self._transcription(request)
            case _:
                return self._error(404, "Not Found", "not_found", request)

    def _error(self, status: int, message: str, code: str, request: Request) -> Reply:
        self._log.add(request.path, status)
        shapes: dict[str, Any] = {
            "kokoro": {"detail": {"error": code, "message": message, "type": "invalid_request_error"}},
            "openedai": {"message": message, "code": code, "type": "BadRequestError", "param": None},
            "edge": {"error": message, "details": code},
            "xinference": {"detail": message},
        }
        default = {"error": {"message": message, "type": "invalid_request_error", "code": code}}
        return Reply.json(status, shapes.get(self.variant, default))

    def _voices(self, request: Request) -> Reply:
        self._log.add(request.path, 200)
        match self.variant:
            case "kokoro":
                return Reply.json(200, {"voices": [{"id": "af_heart", "name": "Heart"}, {"id": "bm_george"}]})
            case "edge":
                return Reply.json(200, {"voices": ["en-GB-SoniaNeural", "zh-CN-XiaoxiaoNeural"]})
            case _:
                return self._error(404, "Not Found", "not_found", request)

    def _speech(self, request: Request) -> Reply:
        document = request.json()
        assert isinstance(document, dict)
        text, voice = str(document.get("input", "")), str(document.get("voice", ""))
        if not text or len(text) > 4096:
            return self._error(400, "input has to be 1 to 4096 characters", "string_too_long", request)
        if self.variant == "kokoro" and document.get("model") not in ("tts-1", "tts-1-hd", "kokoro"):
            return self._error(400, f"Unsupported model: {document.get('model')}", "invalid_model", request)
        if voice.startswith("nobody"):
            return self._error(400, f"voice {voice} not found", "voice_not_found", request)
        rate = 22050 if self.variant == "openedai" else 24000
        data = self._speaker.speak(text, voice, float(document.get("speed", 1.0)), rate, self._voice)
        self._ear.remember(data, rate, text)
        self._log.add(
            request.path, 200, model=str(document.get("model")), voice=voice, input=text,
            size=len(text.encode()), fault=str(document.get("instructions", "")),
        )  # fmt: skip
        return self._packed(data, rate, str(document.get("response_format", "mp3")))

    def _packed(self, data: bytes, rate: int, form: str) -> Reply:
        if form == "pcm":
            return Reply(
                200, {"content-type": "audio/pcm"}, [data[: len(data) // 2 | 1], data[len(data) // 2 | 1 :]]
            )
        if form == "wav" and self.variant in ("openai", "edge", "xinference"):
            return Reply(
                200, {"content-type": "audio/wav"}, [wav_header(len(data), rate) + data], length=True
            )
        if form == "wav":
            sizes = "zero" if self.variant == "kokoro" else "ffffffff"
            return Reply(200, {"content-type": "audio/wav"}, [wav_header(len(data), rate, sizes), data])
        return Reply(200, {"content-type": "audio/mpeg"}, [encoded(data, rate, form)])

    def _transcription(self, request: Request) -> Reply:
        form = request.form()
        heard = self._ear.hear(form["file"].data) if "file" in form else None
        self._log.add(request.path, 200, input=heard or "")
        return Reply.json(200, {"text": heard or ""})
