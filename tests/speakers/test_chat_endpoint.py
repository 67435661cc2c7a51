"""The chat endpoint: what is sent, what comes back, and the ways in which it fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from audiobook.errors import StopRun
from audiobook.speakers.llm import ChatModel, ModelSettings


class Scripted(HTTPServer):
    """Answers with what stands in `replies`, and keeps what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: list[tuple[int, str]] = []
        self.asked: list[tuple[str, str, dict[str, object]]] = []


class Handler(BaseHTTPRequestHandler):
    """One reply of the script for each request."""

    server: Scripted

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers.get("Authorization", ""), body))
        status, text = self.server.replies.pop(0)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Scripted]:
    with Scripted() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def model(server: Scripted, waits: list[float] | None = None) -> ChatModel:
    address = f"http://127.0.0.1:{server.server_port}/v1"
    kept = [] if waits is None else waits
    return ChatModel(ModelSettings(model="m", base_url=address), "secret", kept.append)


def reply(content: str | None) -> tuple[int, str]:
    return 200, json.dumps({"choices": [{"message": {"content": content}}]})


def test_the_question_is_sent_with_key_model_and_no_randomness(server: Scripted) -> None:
    server.replies = [reply("answer")]
    assert model(server)("rules", "who?") == "answer"
    path, key, body = server.asked[0]
    assert (path, key) == ("/v1/chat/completions", "Bearer secret")
    assert body["model"] == "m" and body["temperature"] == 0
    assert body["messages"] == [
        {"role": "system", "content": "rules"},
        {"role": "user", "content": "who?"},
    ]


def test_a_busy_service_is_asked_again_after_a_pause(server: Scripted) -> None:
    server.replies = [(429, "slow down"), (503, "busy"), reply("answer")]
    waits: list[float] = []
    assert model(server, waits)("", "") == "answer"
    assert waits == [1.0, 2.0]


def test_a_service_that_stays_busy_is_given_up(server: Scripted) -> None:
    server.replies = [(500, "")] * 3
    with pytest.raises(OSError, match="answered 500"):
        model(server)("", "")


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_a_refusal_stops_the_run_at_once(server: Scripted, status: int) -> None:
    server.replies = [(status, "")]
    with pytest.raises(StopRun, match="refuses"):
        model(server)("", "")
    assert len(server.asked) == 1


@pytest.mark.parametrize("text", ["", "<html>", "{}", '{"choices": []}', "[]", '{"choices": [{}]}'])
def test_what_is_no_answer_is_an_error(server: Scripted, text: str) -> None:
    server.replies = [(200, text)]
    with pytest.raises(OSError, match="not an answer"):
        model(server)("", "")


def test_an_empty_answer_is_empty(server: Scripted) -> None:
    server.replies = [reply(None)]
    assert model(server)("", "") == ""


def test_nobody_listening_is_an_error_after_three_tries() -> None:
    waits: list[float] = []
    chat = ChatModel(ModelSettings(base_url="http://127.0.0.1:9", timeout=2), "", waits.append)
    with pytest.raises(OSError):
        chat("", "")
    assert len(waits) == 2
