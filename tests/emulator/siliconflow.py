"""The routes of SiliconFlow's speech API: order of validation, shapes of errors, and all faults."""

from __future__ import annotations

import asyncio
import secrets
import string
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from .account import Account, Log
from .hearing import Ear
from .speech import Speaker, encoded, louder, spoken_part, wav_header
from .switches import Faults, Switches
from .wire import Reply, Request

TRACE = "x-siliconcloud-trace-id"
PRESETS = frozenset(["alex", "benjamin", "charles", "david", "anna", "bella", "claire", "diana"])
SPEECH_MODELS = ("FunAudioLLM/CosyVoice2-0.5B", "fnlp/MOSS-TTSD-v0.5", "IndexTeam/IndexTTS-2")
RATES = {
    "mp3": (32000, 44100),
    "opus": (48000,),
    "wav": (8000, 16000, 24000, 32000, 44100),
    "pcm": (8000, 16000, 24000, 32000, 44100),
}
KINDS = {"mp3": "audio/mpeg", "wav": "audio/wav", "pcm": "audio/pcm", "opus": "audio/ogg"}
FIELDS = frozenset(
    [
        "model",
        "input",
        "voice",
        "references",
        "response_format",
        "sample_rate",
        "stream",
        "speed",
        "gain",
        "max_tokens",
    ]
)
BUSY = {
    50505: "Model service overloaded. Please try again later.",
    50508: "System is too busy now. Please try again later.",
    50603: "System is really busy. Please try again later.",
}


class Refusal(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, code: int | None, message: str, fault: str = "") -> None:
        self.status, self.code, self.message, self.fault = status, code, message, fault


INVALID = Refusal(400, 20015, "The parameter is invalid. Please check again.")


def random_text(length: int, alphabet: str = string.ascii_lowercase + string.digits) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


@dataclass
class StoredVoice:
    model: str
    name: str
    text: str
    uri: str
    audio: bytes = field(repr=False)


@dataclass(frozen=True)
class Wanted:
    """A speech request that passed validation."""

    model: str
    text: str
    voice: str
    form: str
    rate: int
    stream: bool
    speed: float
    gain: float
    leak: str = ""  # reference text or instruction

    @property
    def size(self) -> int:
        return len(self.text.encode("utf-8"))


class SiliconFlow:
    """The service behind `/v1`."""

    def __init__(
        self, switches: Switches, faults: Faults, account: Account, log: Log, ear: Ear, speaker: Speaker
    ) -> None:
        self.switches, self.faults, self.account, self.log = switches, faults, account, log
        self.ear, self.speaker = ear, speaker
        self.voices: dict[str, StoredVoice] = {}
        self.others: dict[tuple[str, str], Any] = {}  # routes that somebody else answers

    # --- every request --------------------------------------------------------------------------

    def answer(self, request: Request) -> Reply | Awaitable[Reply]:
        route = self._routes().get((request.method, request.path))
        trace = f"ti_{random_text(20)}"
        if route is None:
            self.log.add(request.path, 404, trace=trace)
            reply = Reply.of(404, b"404 page not found", "text/plain")
            reply.headers[TRACE] = trace
            return reply
        try:
            self._authorize(request)
            reply = route(request, trace)
        except Refusal as refusal:
            self.log.add(
                request.path,
                refusal.status,
                trace=trace,
                code=refusal.code,
                fault=refusal.fault,
                **self._asked(request),
            )
            reply = self.refusal(refusal)
        if isinstance(reply, Reply):
            reply.headers[TRACE] = trace
        return reply

    def _routes(self) -> dict[tuple[str, str], Any]:
        return {
            **self.others,
            ("POST", "/v1/audio/speech"): self.speech,
            ("POST", "/v1/uploads/audio/voice"): self.upload,
            ("GET", "/v1/audio/voice/list"): self.list_voices,
            ("POST", "/v1/audio/voice/deletions"): self.delete_voice,
            ("POST", "/v1/audio/transcriptions"): self.transcribe,
            ("GET", "/v1/models"): self.models,
            ("GET", "/v1/user/info"): self.user_info,
        }

    @staticmethod
    def _asked(request: Request) -> dict[str, Any]:
        """What a refused request asked for, for the log."""
        try:
            document = request.json()
        except ValueError:
            return {}
        if not isinstance(document, dict):
            return {}
        text = str(document.get("input", ""))
        return {"input": text, "size": len(text.encode()), "voice": str(document.get("voice", ""))}

    def _authorize(self, request: Request) -> None:
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or key not in self.switches.keys:
            quoted = f" You sent {key}." if self.switches.error_401 == "echo" else ""
            raise Refusal(401, 30014, f"Token is invalid.{quoted}")

    def refusal(self, refusal: Refusal) -> Reply:
        """The body in the shape that this status has."""
        if refusal.status == 401 and self.switches.error_401 == "string":
            reply = Reply.json(401, "Invalid token")
        elif refusal.status == 403 and refusal.code is None:
            reply = Reply.json(403, "Forbidden")
        elif refusal.status == 429 and refusal.code is None:
            reply = Reply.json(429, {"message": refusal.message, "data": None})
        else:
            reply = Reply.json(
                refusal.status, {"code": refusal.code, "message": refusal.message, "data": None}
            )
        if refusal.status in (429, 503) and self.switches.retry_after is not None:
            reply.headers["retry-after"] = f"{self.switches.retry_after:g}"
        return reply

    # --- speech ---------------------------------------------------------------------------------

    def speech(self, request: Request, trace: str) -> Reply | Awaitable[Reply]:
        wanted = self._wanted(request)
        fault = self.faults.choose(wanted.text)
        if fault in ("balance_402", "balance_403") or not self.account.can_pay(wanted.size):
            status = int(fault[-3:]) if fault.startswith("balance") else self.switches.balance_status
            raise Refusal(status, 30001, "Sorry, your account balance is insufficient", fault)
        if fault == "rate_429" or not self.account.admits(wanted.model, wanted.size):
            raise self._too_many(fault)
        if fault == "overload_503":
            raise Refusal(503, self.switches.codes_503, BUSY[self.switches.codes_503], fault)
        reply = self._broken(wanted, fault, trace)
        if reply is not None:
            return reply
        if self.switches.voice == "tone":
            return self._spoken(wanted, fault, trace)
        return self._spoken_elsewhere(wanted, fault, trace)

    async def _spoken_elsewhere(self, wanted: Wanted, fault: str, trace: str) -> Reply:
        return await asyncio.get_running_loop().run_in_executor(None, self._spoken, wanted, fault, trace)

    def _too_many(self, fault: str) -> Refusal:
        words = (
            "Request was rejected due to rate limiting. If you want more, please contact "
            f"contact@siliconflow.{self.switches.cloud}. Details:{self.switches.limit_words} limit reached."
        )
        return Refusal(429, self.switches.codes_429, words, fault)

    def _wanted(self, request: Request) -> Wanted:
        """Validate, in the order of the service."""
        try:
            document = request.json()
        except ValueError:
            raise INVALID from None
        if not isinstance(document, dict):
            raise INVALID
        model = self._model(document)
        text = document.get("input")
        if not isinstance(text, str) or not 1 <= len(text) <= 128_000:
            raise INVALID
        voice, leak = self._voice(document, model)
        form = document.get("response_format", "mp3")
        if form not in RATES:
            raise INVALID
        rate = document.get("sample_rate") or self._default_rate(form)
        speed, gain = document.get("speed", 1.0), document.get("gain", 0.0)
        numbers = all(
            isinstance(value, (int, float)) and not isinstance(value, bool) for value in (speed, gain)
        )
        if rate not in RATES[form] or not numbers or not 0.25 <= speed <= 4 or not -10 <= gain <= 10:
            raise INVALID
        if self.switches.unknown_fields == "refuse" and not set(document) <= FIELDS:
            raise INVALID
        leak = leak or text.partition("<|endofprompt|>")[0]
        return Wanted(
            model, text, voice, form, rate, document.get("stream", True) is not False, speed, gain, leak
        )

    def _model(self, document: dict[str, Any]) -> str:
        model = document.get("model")
        if model in self.switches.retired:
            raise Refusal(403, 30003, "Model disabled.")
        if model not in self.switches.models or model not in SPEECH_MODELS:
            raise Refusal(400, 20012, "Model does not exist. Please check it carefully.")
        return str(model)

    def _voice(self, document: dict[str, Any], model: str) -> tuple[str, str]:
        """The voice's name and, for a reference, the text that may leak."""
        voice, references = document.get("voice") or "", document.get("references") or []
        if not voice and not references:
            raise Refusal(400, 20052, "Voice or reference audio should be set")
        if voice and references:
            raise INVALID
        if references:
            first = references[0]
            if (
                not isinstance(first, dict)
                or not first.get("audio")
                or not isinstance(first.get("text"), str)
            ):
                raise INVALID
            return f"reference {hash(first['audio'])}", first["text"]
        prefix, _, name = voice.rpartition(":")
        if not (prefix == model and name in PRESETS) and voice not in self.voices:
            raise Refusal(400, 20047, "Invalid voice.")
        return voice, ""

    def _default_rate(self, form: str) -> int:
        if self.switches.default_rate and form != "opus":
            return self.switches.default_rate
        return {"mp3": 32000, "opus": 48000}.get(form, 44100)

    def _broken(self, wanted: Wanted, fault: str, trace: str) -> Reply | None:
        """The replies that hold no speech at all."""
        latency = self.switches.latency
        match fault:
            case "empty_200":
                reply = Reply(200, {"content-type": "text/plain"}, [], length=True, before=min(latency, 0.2))
            case "wrong_magic":
                page = b"<!DOCTYPE html><html><body><h1>Welcome to nginx!</h1></body></html>"
                reply = Reply.of(200, page, "text/html")
            case "gateway_504":
                reply = Reply.of(504, b"", "text/plain")
            case "server_500":
                reply = Reply.of(
                    500, b'{"code":null,"message":"unknown error","data":null}', "application/json"
                )
            case "hang":
                reply = Reply(hang=True)
            case "reset":
                reply = Reply(reset=True)
            case _:
                return None
        status = 0 if reply.hang or reply.reset else reply.status
        self._settle(wanted, status, trace, fault, wanted.size if status == 200 else 0, 0.0)
        reply.headers[TRACE] = trace
        return reply

    def _settle(
        self, wanted: Wanted, status: int, trace: str, fault: str, billed: int, seconds: float
    ) -> None:
        self.account.pay(billed)
        self.log.add(
            "/v1/audio/speech", status, trace=trace, model=wanted.model, voice=wanted.voice,
            input=wanted.text,
            size=wanted.size, billed=billed, fault=fault, seconds=round(seconds, 4),
        )  # fmt: skip

    def _spoken(self, wanted: Wanted, fault: str, trace: str) -> Reply:
        text, data = self._sound(wanted, fault)
        rate = 16000 if fault == "wrong_rate" and wanted.form == "wav" else wanted.rate
        if text:
            self.ear.remember(data, rate, text)
        self._settle(wanted, 200, trace, fault, wanted.size, len(data) / 2 / rate)
        reply = self._packed(wanted, data, rate, fault)
        if fault == "slow_first_byte":
            reply.first = max(1.0, 4 * self.switches.latency)
        if fault == "cut_mid_body":
            reply.cut = max(1, sum(len(chunk) for chunk in reply.chunks) * 2 // 3)
        reply.headers[TRACE] = trace
        return reply

    def _sound(self, wanted: Wanted, fault: str) -> tuple[str, bytes]:
        """What is really said, and its samples."""
        text, rate = spoken_part(wanted.text), wanted.rate
        if fault == "drop_clause":
            text = text[: max(1, len(text) * 2 // 3)].rpartition(" ")[0] or text[: max(1, len(text) // 2)]
        if fault == "prompt_leak":
            text = f"{wanted.leak or 'thank you for listening'} {text}"
        if fault == "stub_wav":
            return "", bytes(2 * round(0.16 * rate))
        voice = f"{wanted.voice}{wanted.text.partition('<|endofprompt|>')[0] if '<|' in wanted.text else ''}"
        data = self.speaker.speak(text, voice, wanted.speed, rate, self.switches.voice)
        if fault == "silence":
            return "", bytes(len(data))
        if fault == "runaway":
            data = data * 12 + bytes(2 * 8 * rate)
        if fault == "noise_tail":
            data += secrets.token_bytes(2 * rate)
        return text, louder(data, wanted.gain)

    def _packed(self, wanted: Wanted, data: bytes, rate: int, fault: str) -> Reply:
        """The samples in the format and the writes that were asked for."""
        headers = {"content-type": self.switches.content_type or KINDS[wanted.form]}
        latency = self.switches.latency
        if wanted.form in ("mp3", "opus"):
            data = encoded(data, rate, wanted.form)
        head = b""
        if wanted.form == "wav":
            head = wav_header(len(data), rate, self.switches.wav_sizes if wanted.stream else "exact")
        if not wanted.stream:
            return Reply(200, headers, [head + data], before=latency)
        step = max(2, 2 * round(self.switches.chunk_seconds * rate)) - (fault == "odd_chunk_boundaries")
        view = memoryview(data)
        chunks: list[bytes | memoryview] = [view[place : place + step] for place in range(0, len(data), step)]
        gap = self.switches.chunk_seconds / self.switches.realtime if self.switches.realtime else 0.0
        return Reply(200, headers, [head, *chunks] if head else chunks, before=latency, gap=gap)

    # --- voices ---------------------------------------------------------------------------------

    def upload(self, request: Request, trace: str) -> Reply:
        from .hearing import seconds_of_file

        form = request.form()
        missing = {"model", "customName", "text"} - set(form)
        audio = self._uploaded(form)
        if missing or not audio:
            raise INVALID
        if not self.switches.verified:
            raise Refusal(403, None, "Forbidden")
        seconds = seconds_of_file(audio)
        if seconds is None:
            raise INVALID
        if seconds > 30:
            raise Refusal(400, 20015, "audio longer than 30s is not supported")
        name = form["customName"].text
        uri = f"speech:{name}:{random_text(10)}:{random_text(20, string.ascii_lowercase)}"
        self.voices[uri] = StoredVoice(form["model"].text, name, form["text"].text, uri, audio)
        self.log.add(request.path, 200, trace=trace, voice=uri, seconds=seconds)
        return Reply.json(200, {"uri": uri})

    @staticmethod
    def _uploaded(form: dict[str, Any]) -> bytes:
        import base64
        import binascii

        if "file" in form:
            return bytes(form["file"].data)
        data = form["audio"].text if "audio" in form else ""
        try:
            return base64.b64decode(data.partition("base64,")[2], validate=True)
        except binascii.Error:
            return b""

    def list_voices(self, request: Request, trace: str) -> Reply:
        self.log.add(request.path, 200, trace=trace)
        voices = [
            {"model": voice.model, "customName": voice.name, "text": voice.text, "uri": voice.uri}
            for voice in self.voices.values()
        ]
        return Reply.json(200, {self.switches.list_key: voices} if self.switches.list_key else voices)

    def delete_voice(self, request: Request, trace: str) -> Reply:
        try:
            document = request.json()
        except ValueError:
            raise INVALID from None
        uri = document.get("uri") if isinstance(document, dict) else None
        if uri not in self.voices:
            raise Refusal(400, 20047, "Invalid voice.")
        del self.voices[uri]
        self.log.add(request.path, 200, trace=trace, voice=uri)
        return Reply.json(200, {})

    # --- the rest -------------------------------------------------------------------------------

    def transcribe(self, request: Request, trace: str) -> Reply:
        form = request.form()
        if "file" not in form or "model" not in form:
            raise INVALID
        model = form["model"].text
        if model not in self.switches.models or model in SPEECH_MODELS:
            raise Refusal(400, 20012, "Model does not exist. Please check it carefully.")
        heard = self.ear.hear(form["file"].data)
        if heard is None:
            raise Refusal(400, 20015, "no audio segment found")
        self.log.add(request.path, 200, trace=trace, model=model, input=heard)
        return Reply.json(200, {"text": f"{self.switches.emoji}{heard}{self.switches.emoji}"})

    def models(self, request: Request, trace: str) -> Reply:
        self.log.add(request.path, 200, trace=trace)
        kind = request.query.get("type", "")
        audio = ("CosyVoice", "MOSS", "SenseVoice", "TeleSpeech", "IndexTTS")
        names = [
            name
            for name in self.switches.models
            if not kind or (kind == "audio") == any(a in name for a in audio)
        ]
        data = [{"id": name, "object": "model", "created": 0, "owned_by": ""} for name in names]
        return Reply.json(200, {"object": "list", "data": data})

    def user_info(self, request: Request, trace: str) -> Reply:
        if self.switches.user_info == 410:
            raise Refusal(410, 20092, "This endpoint is deprecated and is no longer available.")
        self.log.add(request.path, 200, trace=trace)
        balance = f"{self.account.balance if self.account.balance is not None else 100:.2f}"
        data = {
            **dict.fromkeys(("image", "email", "introduction", "role"), ""),
            **dict.fromkeys(("balance", "chargeBalance", "totalBalance"), balance),
            "id": "userid",
            "name": "emulated",
            "isAdmin": False,
            "status": "normal",
        }
        return Reply.json(200, {"code": 20000, "message": "OK", "status": True, "data": data})
