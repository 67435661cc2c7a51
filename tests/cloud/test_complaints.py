"""Every refusal of the services, in every shape, is one of three errors that say what to do."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.engines.complaints import judge, read_complaint
from audiobook.engines.http import Answer
from audiobook.errors import EngineError, LineRefused, StopRun, TryAgain

LIMIT = "Request was rejected due to rate limiting. Details:{} limit reached."


def error_of(status: int, body: object, **headers: str) -> EngineError:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = Answer(status, {"x-siliconcloud-trace-id": "ti_1", **headers}, data)
    return judge(
        read_complaint(answer), engine="siliconflow", host="api.example", model="a/model", voice="claire"
    )


def coded(code: int | None, message: str) -> dict[str, object]:
    return {"code": code, "message": message, "data": None}


@pytest.mark.parametrize(
    ("status", "body", "kind", "advice"),
    [
        (400, coded(20012, "Model does not exist. Please check it carefully."), StopRun, "no model a/model"),
        (400, coded(20015, "The parameter is invalid. Please check again."), LineRefused, "parameter"),
        (400, coded(20015, "audio longer than 30s is not supported"), StopRun, "30 seconds"),
        (400, coded(20015, "length of prompt_tokens (235121) < max_seq_len"), LineRefused, "split"),
        (400, coded(20047, "Invalid voice."), StopRun, "no voice claire"),
        (400, coded(20052, "Voice or reference audio should be set"), StopRun, "cast.toml"),
        (401, "Invalid token", StopRun, "audiobook setup"),
        (401, {"code": 30014, "data": None, "message": "Token is invalid."}, StopRun, "each cloud"),
        (401, "Api key is invalid", StopRun, "audiobook setup"),
        (400, coded(None, "api key is invalid"), StopRun, "audiobook setup"),
        (402, coded(30001, "Sorry, your account balance is insufficient"), StopRun, "top up"),
        (403, coded(30001, "Sorry, your account balance is insufficient"), StopRun, "top up"),
        (403, coded(30011, "The selected model requires paid balance."), StopRun, "paid balance"),
        (403, coded(30003, "Model disabled."), StopRun, "retired"),
        (403, "Forbidden", StopRun, "real-name"),
        (404, b"404 page not found", StopRun, "base_url"),
        (410, coded(20092, "This endpoint is deprecated and is no longer available."), StopRun, "withdrawn"),
        (429, {"message": LIMIT.format("TPM"), "data": None}, TryAgain, "rate"),
        (429, coded(50604, LIMIT.format("IPM")), TryAgain, "rate"),
        (429, {"message": LIMIT.format("RPD"), "data": None}, StopRun, "tomorrow"),
        (403, coded(None, "Could only send 100 requests per day."), StopRun, "verify"),
        (500, coded(None, "unknown error"), TryAgain, "failed"),
        (503, coded(50505, "Model service overloaded. Please try again later."), TryAgain, "overloaded"),
        (503, coded(50508, "System is too busy now."), TryAgain, "overloaded"),
        (503, coded(50603, "System is really busy. Please try again later."), TryAgain, "overloaded"),
        (400, coded(None, "System is really busy"), TryAgain, "overloaded"),
        (504, b"", TryAgain, "took too long"),
        (502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", TryAgain, "Bad Gateway"),
        (200, coded(50505, "Model service overloaded."), TryAgain, "overloaded"),
        (200, {"hello": "world"}, TryAgain, "message instead of audio"),
        (301, b"", StopRun, "base_url"),
        (422, {"detail": [{"msg": "Field required"}]}, LineRefused, "Field required"),
        (401, {"error": {"message": "Incorrect API key provided"}}, StopRun, "key"),
        (400, {"error": {"message": "Oops", "code": "20047"}}, StopRun, "no voice"),
        (500, {"error": "boom", "details": "no ffmpeg"}, TryAgain, "boom"),
        (400, {"detail": {"message": "Voice bob not found"}}, StopRun, "no voice"),
    ],
)  # fmt: skip
def test_every_known_refusal_is_taken_right(
    status: int, body: object, kind: type[EngineError], advice: str
) -> None:
    error = error_of(status, body)
    assert type(error) is kind
    assert advice in error.message
    assert error.trace == "ti_1"
    assert "ti_1" in error.message
    assert f"HTTP {status}" in error.message
    assert "\n" not in error.message


@pytest.mark.parametrize(("status", "busy"), [(429, True), (503, True), (500, False), (504, False)])
def test_only_overload_asks_for_fewer_requests(status: int, busy: bool) -> None:
    error = error_of(status, b"")
    assert isinstance(error, TryAgain)
    assert error.busy is busy


def test_a_wait_is_read_in_seconds_and_as_a_date() -> None:
    for header, least in (("12", 12.0), ("1.5", 1.5), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)):
        error = error_of(429, b"", **{"retry-after": header})
        assert isinstance(error, TryAgain)
        assert error.retry_after == least


def test_a_limit_by_the_hour_waits_long() -> None:
    error = error_of(429, {"message": LIMIT.format("RPH"), "data": None})
    assert isinstance(error, TryAgain)
    assert error.retry_after is not None
    assert error.retry_after >= 60


def test_a_key_that_is_quoted_back_is_masked() -> None:
    complaint = read_complaint(Answer(401, {}, b'{"message": "bad key sk-secret"}'))
    error = judge(complaint, engine="x", host="h", mask=lambda text: text.replace("sk-secret", "***"))
    assert "sk-secret" not in error.message


@given(st.integers(201, 599), st.binary(max_size=300))
def test_any_body_of_any_status_is_one_of_the_three(status: int, body: bytes) -> None:
    error = error_of(status, body)
    assert isinstance(error, (TryAgain, LineRefused, StopRun))
    assert "\n" not in error.message
    assert len(error.message) < 600


@given(
    st.sampled_from([400, 429, 500]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["code", "message", "error", "detail", "data"]), inner, max_size=4
            )
        ),
        max_leaves=8,
    ),
)
def test_any_json_is_read_without_falling_over(status: int, document: object) -> None:
    assert isinstance(error_of(status, document), EngineError)
