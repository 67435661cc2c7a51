"""Scripted answers of a language model, in OpenAI's shape (and errors in SiliconFlow's)."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from typing import Any

from .account import Log
from .wire import Reply, Request

Answer = str | Callable[[list[dict[str, Any]]], str]


class Chat:
    """`/v1/chat/completions`. Answers come from `script`, one after the other; after the last, `default`."""

    def __init__(self, log: Log) -> None:
        self.script: deque[Answer] = deque()
        self.default: Answer = "{}"
        self.asked: list[dict[str, Any]] = []
        self._log = log

    def say(self, *answers: Answer) -> None:
        """The next answers: texts, or functions of the messages."""
        self.script.extend(answers)

    def answer(self, request: Request, trace: str) -> Reply:
        try:
            document = request.json()
        except ValueError:
            document = None
        if not isinstance(document, dict) or not isinstance(document.get("messages"), list):
            error = {"code": 20015, "message": "The parameter is invalid. Please check again.", "data": None}
            return Reply.json(400, error)
        self.asked.append(document)
        chosen = self.script.popleft() if self.script else self.default
        text = chosen if isinstance(chosen, str) else chosen(document["messages"])
        prompt = sum(len(str(message.get("content", ""))) for message in document["messages"]) // 4
        self._log.add(
            request.path,
            200,
            trace=trace,
            model=str(document.get("model", "")),
            input=str(document["messages"]),
        )
        return (
            self._streamed(document, text) if document.get("stream") else self._whole(document, text, prompt)
        )

    @staticmethod
    def _whole(document: dict[str, Any], text: str, prompt: int) -> Reply:
        limit = int(document.get("max_tokens") or 4096) * 4
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text[:limit]},
            "finish_reason": "length" if len(text) > limit else "stop",
        }
        made = len(text[:limit]) // 4
        usage = {"prompt_tokens": prompt, "completion_tokens": made, "total_tokens": prompt + made}
        head = {"id": "chat-1", "object": "chat.completion", "created": 0, "model": document.get("model")}
        return Reply.json(200, {**head, "choices": [choice], "usage": usage})

    @staticmethod
    def _streamed(model: str, text: str) -> Reply:
        head = {
            "id": "chat-1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": model,
        }
        events = [
            {**head, "choices": [{"index": 0, "delta": {"content": text[i : i + 8]}, "finish_reason": None}]}
            for i in range(0, len(text), 8)
        ]
        lines = [f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode() for event in events]
        return Reply(200, {"content-type": "text/event-stream"}, [*lines, b"data: [DONE]\n\n"])
