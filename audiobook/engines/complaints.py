"""What a service says when it refuses: read from every shape of body, judged into one of three errors.

Bodies come as {"code", "message", "data"} with or without code, as a bare JSON string, as OpenAI's
{"error": {…}}, as FastAPI's {"detail": …}, as plain text, as HTML of a proxy, or not at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from audiobook.engines.http import Answer
from audiobook.errors import EngineError, LineRefused, StopRun, TryAgain


@dataclass(frozen=True, slots=True)
class Complaint:
    """A refusal, as far as it could be read."""

    status: int
    code: int | None = None
    message: str = ""
    trace: str = ""
    retry_after: float | None = None

    @property
    def where(self) -> str:
        """Status, code, message and trace, for the end of a line."""
        code = f"/{self.code}" if self.code is not None else ""
        said = f" “{self.message}”" if self.message else ""
        trace = f", trace {self.trace}" if self.trace else ""
        return f"(HTTP {self.status}{code}{said}{trace})"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a refusal is to be taken, and what the person should do. `judge` fills in the `{…}`."""

    kind: type[EngineError]
    advice: str
    busy: bool = False
    wait: float | None = None  # seconds, where the service names none itself


def read_complaint(answer: Answer) -> Complaint:
    """Read a refusal, whatever its shape."""
    code, message = _read_body(answer.body[:20_000])
    return Complaint(answer.status, code, message, answer.trace, answer.retry_after)


def read_json(body: bytes) -> Any:
    """The JSON document in a body; None where there is none."""
    try:
        return json.loads(body.decode("utf-8", "replace"))
    except ValueError:
        return None


def _read_body(body: bytes) -> tuple[int | None, str]:
    document = read_json(body)
    if document is None:
        return None, _excerpt(body.decode("utf-8", "replace").strip())
    if not isinstance(document, dict):
        return None, _excerpt(str(document))
    code, message = _read_object(document)
    return code, _excerpt(message)


def _read_object(document: Mapping[str, object]) -> tuple[int | None, str]:
    """Code and message of a JSON object, also where a proxy wrapped it into `error` or `detail`."""
    code = document.get("code")
    if isinstance(code, str) and code.lstrip("-").isdigit():
        code = int(code)
    number = code if isinstance(code, int) and not isinstance(code, bool) else None
    for key in ("message", "error", "detail", "msg", "data", "details"):
        inner = document.get(key)
        if isinstance(inner, dict):
            inner_code, message = _read_object(inner)
            return (number if number is not None else inner_code), message
        if isinstance(inner, list) and inner:
            return number, json.dumps(inner, ensure_ascii=False)
        if isinstance(inner, str) and inner.strip():
            return number, inner
    return number, ""


def _excerpt(text: str) -> str:
    """The words of a message or page, on one line and not too many."""
    if text.startswith("<"):
        text = unescape(re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", text, flags=re.S | re.I))
    text = " ".join(text.split())
    return text if len(text) <= 200 else text[:199] + "…"


CODES: dict[int, Verdict] = {
    20012: Verdict(StopRun, "{host} has no model {model}: choose another with `model`"),
    20015: Verdict(LineRefused, "{host} refuses a parameter of this line"),
    20047: Verdict(StopRun, "{host} has no voice {voice}: see `audiobook voices {engine}`"),
    20052: Verdict(StopRun, "{host} misses a voice: give this speaker one in cast.toml"),
    20092: Verdict(StopRun, "{host} has withdrawn this endpoint: update audiobook"),
    30001: Verdict(StopRun, "the account's balance is used up: top up, then run the same command again"),
    30003: Verdict(StopRun, "{host} has retired the model {model}: choose another with `model`"),
    30011: Verdict(
        StopRun, "{model} is not paid from gifts: top up the paid balance, then run the same command again"
    ),
    30014: Verdict(
        StopRun, "{host} does not know the key; each cloud has keys of its own: `audiobook setup {engine}`"
    ),
    50505: Verdict(TryAgain, "{host} is overloaded", busy=True),
    50508: Verdict(TryAgain, "{host} is overloaded", busy=True),
    50602: Verdict(TryAgain, "{host} limits the rate", busy=True),
    50603: Verdict(TryAgain, "{host} limits the rate", busy=True),
    50604: Verdict(TryAgain, "{host} limits the rate", busy=True),
}
"""By the code in the body: the same code comes under several statuses."""

PHRASES: tuple[tuple[str, Verdict], ...] = (
    (
        r"\b(RPD|TPD|IPD) limit|requests per day",
        Verdict(
            StopRun,
            "the account's limit of requests a day is reached: go on tomorrow, or raise the limit "
            "(verify your identity, or top up), then run the same command again",
        ),
    ),
    (r"\bRPH limit", Verdict(TryAgain, "{host} limits the rate by the hour", busy=True, wait=120.0)),
    (r"\b(RPM|TPM|IPM) limit|rate.?limit", Verdict(TryAgain, "{host} limits the rate", busy=True)),
    (r"really busy|too busy|overloaded", Verdict(TryAgain, "{host} is overloaded", busy=True)),
    (
        r"api key is invalid|invalid (api key|token)|token is invalid|incorrect api key",
        Verdict(StopRun, "{host} does not know the key: run `audiobook setup {engine}`"),
    ),
    (
        r"balance",
        Verdict(StopRun, "the account's balance is used up: top up, then run the same command again"),
    ),
    (
        r"longer than 30s",
        Verdict(StopRun, "the reference clip of voice {voice} is longer than 30 seconds: cut it"),
    ),
    (
        r"invalid voice|unknown voice|voice\b.{0,80}\bnot (found|exist|available)",
        Verdict(StopRun, "{host} has no voice {voice}: see `audiobook voices {engine}`"),
    ),
    (r"max_seq_len", Verdict(LineRefused, "the line is too long: split it in the script")),
)
"""By words of the message, where there is no telling code (or where a code means many things)."""

STATUSES: dict[int, Verdict] = {
    401: Verdict(StopRun, "{host} does not know the key: run `audiobook setup {engine}`"),
    402: Verdict(StopRun, "the account's balance is used up: top up, then run the same command again"),
    403: Verdict(
        StopRun,
        "the account may not use {model}: on siliconflow.cn it mostly misses the real-name check, made on "
        "the account's page; otherwise choose another model",
    ),
    404: Verdict(
        StopRun, "{host} does not know this address or model: check base_url (mostly ending in /v1) and model"
    ),
    405: Verdict(StopRun, "{host} is not a speech service: check base_url"),
    408: Verdict(TryAgain, "{host} waited too long for the request"),
    410: Verdict(StopRun, "{host} has withdrawn this endpoint: update audiobook"),
    425: Verdict(TryAgain, "{host} is not ready yet"),
    429: Verdict(TryAgain, "{host} limits the rate", busy=True),
    503: Verdict(TryAgain, "{host} is overloaded", busy=True),
    504: Verdict(TryAgain, "{host} took too long; shorter lines help"),
}


def verdict(complaint: Complaint) -> Verdict:
    """How to take it: by code, but by telling words first where the code is a general one."""
    by_words = next((v for words, v in PHRASES if re.search(words, complaint.message, re.IGNORECASE)), None)
    by_code = CODES.get(complaint.code) if complaint.code is not None else None
    if by_words is not None and (by_code is None or complaint.code == 20015 or by_code.busy):
        return by_words
    return by_code or STATUSES.get(complaint.status) or _by_class(complaint.status)


def _by_class(status: int) -> Verdict:
    if status >= 500:
        return Verdict(TryAgain, "{host} failed")
    if 300 <= status < 400:
        return Verdict(StopRun, "{host} sends us elsewhere: check base_url")
    if status == 200:
        return Verdict(TryAgain, "{host} sent a message instead of audio")
    return Verdict(LineRefused, "{host} refuses this line")


def judge(
    complaint: Complaint,
    *,
    engine: str,
    host: str,
    model: str = "",
    voice: str = "",
    billed: bool = False,
    mask: Callable[[str], str] = str,
) -> EngineError:
    """The error to raise for a refusal. `mask` takes out what nobody may see."""
    taken = verdict(complaint)
    advice = taken.advice.format(
        engine=engine, host=host, model=model or "that name", voice=voice or "of that name"
    )
    text = mask(f"{advice} {complaint.where}")
    if taken.kind is TryAgain:
        wait = complaint.retry_after if complaint.retry_after is not None else taken.wait
        return TryAgain(text, retry_after=wait, busy=taken.busy, trace=complaint.trace, billed=billed)
    return taken.kind(text, trace=complaint.trace, billed=billed)
