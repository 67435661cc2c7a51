"""FunAudioLLM's own FastAPI server: no content type, no header, and errors after the 200."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from .account import Log
from .hearing import Ear, seconds_of_file
from .speech import Speaker, spoken_part
from .wire import Part, Reply, Request

FIELDS = {
    "/inference_sft": ("tts_text", "spk_id"),
    "/inference_zero_shot": ("tts_text", "prompt_text", "prompt_wav"),
    "/inference_cross_lingual": ("tts_text", "prompt_wav"),
    "/inference_instruct": ("tts_text", "spk_id", "instruct_text"),
    "/inference_instruct2": ("tts_text", "instruct_text", "prompt_wav"),
}


@dataclass
class CosyVoiceSwitches:
    version: str = "v2"
    speakers: tuple[str, ...] = ()  # CosyVoice2 ships none
    broken: bool = False  # a checkout since 2025-12-08: reference clips fail after the 200
    abort: bool = False  # break off after the first segment


class CosyVoice:
    """The routes at the root of the server."""

    def __init__(self, log: Log, ear: Ear, speaker: Speaker, voice: str) -> None:
        self.switches = CosyVoiceSwitches()
        self._log, self._ear, self._speaker, self._voice = log, ear, speaker, voice

    def answer(self, request: Request) -> Reply:
        form = request.form()
        missing = [name for name in FIELDS[request.path] if name not in form]
        if missing:
            self._log.add(request.path, 422)
            detail = [{"type": "missing", "loc": ["body", name], "msg": "Field required"} for name in missing]
            return Reply.json(422, {"detail": detail})
        text = form["tts_text"].text
        extra = form.get("instruct_text") or form.get("prompt_text") or Part(b"")
        self._log.add(
            request.path, 200, input=text, size=len(text.encode()), voice=form.get("spk_id", Part(b"")).text,
            model=extra.text,
        )  # fmt: skip
        if self._fails(request.path, form):
            # The generator raises after the head went out: chunked encoding without an end.
            return Reply(200, {}, [b"\0"], cut=0)
        return self._spoken(form)

    def _fails(self, path: str, form: dict[str, Part]) -> bool:
        clip = form.get("prompt_wav")
        v1 = self.switches.version == "v1"
        if path == "/inference_instruct":
            return not v1
        if path == "/inference_sft":
            return form["spk_id"].text not in self.switches.speakers
        if path == "/inference_instruct2" and v1:
            return True
        if self.switches.version == "v3":
            texts = "".join(part.text for name, part in form.items() if name != "prompt_wav")
            if "<|endofprompt|>" not in texts:
                return True
        seconds = seconds_of_file(clip.data) if clip else None
        return self.switches.broken or seconds is None or seconds > 30

    def _spoken(self, form: dict[str, Part]) -> Reply:
        rate = 22050 if self.switches.version == "v1" else 24000
        text = spoken_part(form["tts_text"].text)
        voice = form["spk_id"].text if "spk_id" in form else str(zlib.crc32(form["prompt_wav"].data))
        whole = self._speaker.speak(text, voice, 1.0, rate, self._voice)
        self._ear.remember(whole, rate, text)
        pieces = max(1, len([piece for piece in re.split(r"(?<=[.!?。！？])", text) if piece.strip()]))
        step = (len(whole) // pieces + 2) & ~1
        chunks: list[bytes | memoryview] = [whole[i : i + step] for i in range(0, len(whole), step)]
        return Reply(200, {}, chunks, cut=step // 2 if self.switches.abort else None)
