"""The emulator does what the service does: routes, order of validation, shapes of errors, log and money."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from emulator import FAULTS, Emulator, Faults
from emulator.account import Account
from emulator.hearing import decoded, seconds_of_file
from emulator.speech import seconds_of, spoken_part

ROOT = Path(__file__).parent.parent.parent
MODEL = "FunAudioLLM/CosyVoice2-0.5B"
GOOD: dict[str, Any] = {"model": MODEL, "input": "Nobody came.", "voice": f"{MODEL}:claire"}


@pytest.fixture
def client(service: Emulator) -> Iterator[httpx.Client]:
    headers = {"authorization": "Bearer sk-emulator"}
    with httpx.Client(base_url=service.url, headers=headers) as client:
        yield client


def speech(client: httpx.Client, **changes: object) -> httpx.Response:
    document = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return client.post("/audio/speech", json=document)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"model": None}, 400, 20012),
        ({"model": "nobody/knows"}, 400, 20012),
        ({"model": "RVC-Boss/GPT-SoVITS"}, 403, 30003),
        ({"model": "nobody/knows", "input": ""}, 400, 20012),
        ({"input": ""}, 400, 20015),
        ({"input": None}, 400, 20015),
        ({"voice": None}, 400, 20052),
        ({"voice": "", "references": []}, 400, 20052),
        ({"voice": "claire"}, 400, 20047),
        ({"voice": "alloy"}, 400, 20047),
        ({"voice": "speech:me:abc:def"}, 400, 20047),
        ({"voice": "fnlp/MOSS-TTSD-v0.5:claire"}, 400, 20047),
        ({"references": [{"audio": "https://example.org/a.wav", "text": "a"}]}, 400, 20015),
        ({"response_format": "flac"}, 400, 20015),
        ({"response_format": "mp3", "sample_rate": 24000}, 400, 20015),
        ({"response_format": "opus", "sample_rate": 44100}, 400, 20015),
        ({"speed": 5}, 400, 20015),
        ({"gain": -11}, 400, 20015),
        ({"speed": "fast"}, 400, 20015),
    ],
)
def test_requests_are_validated_in_the_order_of_the_service(
    client: httpx.Client, changes: dict[str, object], status: int, code: int
) -> None:
    answer = speech(client, **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message", "data"}
    assert re.fullmatch(r"ti_[a-z0-9]{20}", answer.headers["x-siliconcloud-trace-id"])


@pytest.mark.parametrize(
    ("form", "rate", "kind"),
    [
        ("wav", 44100, "audio/wav"),
        ("mp3", 32000, "audio/mpeg"),
        ("opus", 48000, "audio/ogg"),
    ],
)
def test_formats_have_their_own_rates(client: httpx.Client, form: str, rate: int, kind: str) -> None:
    answer = speech(client, response_format=form)
    assert answer.headers["content-type"] == kind
    assert answer.headers["transfer-encoding"] == "chunked"
    found = decoded(answer.content)
    assert found is not None
    assert found[1] == rate
    assert len(found[0]) / rate == pytest.approx(seconds_of("Nobody came."), abs=0.1)


def test_a_streamed_wav_may_have_any_size_in_its_head(client: httpx.Client, service: Emulator) -> None:
    for sizes, found in (("exact", None), ("zero", 0), ("ffffffff", 0xFFFFFFFF)):
        service.switches.wav_sizes = sizes
        data = speech(client, response_format="wav", stream=True).content
        size = int.from_bytes(data[40:44], "little")
        assert size == (len(data) - 44 if found is None else found)


def test_speed_and_gain_are_heard(client: httpx.Client) -> None:
    plain, fast, loud = (
        speech(client, response_format="pcm", **change).content for change in ({}, {"speed": 2}, {"gain": 6})
    )
    assert len(fast) < 0.7 * len(plain)
    assert max(loud) >= max(plain)
    assert len(loud) == len(plain)


def test_errors_come_in_the_shapes_that_were_seen(client: httpx.Client, service: Emulator) -> None:
    assert client.get("/nowhere").text == "404 page not found"
    assert client.get("/user/info").json()["code"] == 20092
    limited = Account(requests_per_minute=1)
    service.siliconflow.account = limited
    speech(client)
    assert speech(client).json().keys() == {"message", "data"}
    service.switches.error_401 = "string"
    bare = httpx.get(f"{service.url}/models", headers={"authorization": "Bearer nobody"})
    assert (bare.status_code, bare.json()) == (401, "Invalid token")
    assert httpx.post(f"{service.url}/audio/speech", content=b"{").status_code == 401
    assert client.post("/audio/speech", content=b"{").json()["code"] == 20015


def test_a_minute_is_a_sliding_one_and_refused_requests_count() -> None:
    now = [0.0]
    account = Account(requests_per_minute=2, clock=lambda: now[0])
    answers = []
    for at in (0, 10, 20, 59, 61, 71, 140):
        now[0] = at
        answers.append(account.admits("m", 1))
    assert answers == [True, True, False, False, False, False, True]
    now[0] = 1000
    assert account.admits("other", 1)


def test_money_is_taken_for_bytes_and_runs_out(client: httpx.Client, service: Emulator) -> None:
    service.account.balance = 2.5 * len("Nobody came.") * 50 / 1e6
    assert [speech(client).status_code for _ in range(4)] == [200, 200, 402, 402]
    assert service.log.billed == 2 * len("Nobody came.")
    service.account.top_up(1)
    assert speech(client).status_code == 200


def test_faults_depend_on_the_text_and_not_on_the_order() -> None:
    texts = [f"line {number}" for number in range(400)]
    one, other = (Faults(7, empty_200=0.2, rate_429=0.1) for _ in range(2))
    first = {text: one.choose(text) for text in texts}
    second = {text: other.choose(text) for text in reversed(texts)}
    assert first == second
    assert 50 < sum(fault == "empty_200" for fault in first.values()) < 110
    assert {one.choose(text) for text in texts} == {"", "empty_200", "rate_429"}
    with pytest.raises(ValueError, match="no fault"):
        Faults(1, dragon=1)


@pytest.mark.parametrize(
    "fault", [name for name in FAULTS if name not in ("hang", "reset", "slow_first_byte")]
)
def test_every_fault_happens(client: httpx.Client, service: Emulator, fault: str) -> None:
    plain = speech(client, response_format="wav", stream=False)
    service.faults.force(fault)
    try:
        answer = speech(client, response_format="wav", stream=fault == "odd_chunk_boundaries")
    except httpx.RemoteProtocolError:
        assert fault == "cut_mid_body"
        return
    expected = {"rate_429": 429, "overload_503": 503, "gateway_504": 504, "server_500": 500}
    assert answer.status_code == expected.get(fault, int(fault[-3:]) if "balance" in fault else 200)
    if fault != "odd_chunk_boundaries":
        assert answer.content != plain.content
    assert service.log.entries[-1].fault == fault


def test_only_what_is_spoken_is_said() -> None:
    assert (
        spoken_part("请用悲伤的语气说<|endofprompt|>[breath]It was <strong>late</strong>.") == "It was late."
    )


def test_a_chat_is_scripted(client: httpx.Client, service: Emulator) -> None:
    service.chat.say('{"quotes": []}', lambda messages: messages[-1]["content"].upper())
    asked = {"model": "Qwen/Qwen3-8B", "messages": [{"role": "user", "content": "hello"}]}
    first = client.post("/chat/completions", json=asked).json()
    assert first["choices"][0]["message"]["content"] == '{"quotes": []}'
    second = client.post("/chat/completions", json={**asked, "stream": True}).text
    assert "HELLO" in second
    assert second.endswith("data: [DONE]\n\n")
    assert client.post("/chat/completions", json={}).json()["code"] == 20015
    assert len(service.chat.asked) == 2


@pytest.mark.slow
def test_the_embedded_voice_speaks_and_is_recognized_after_encoding(tmp_path: Path) -> None:
    with (
        Emulator(voice="espeak") as service,
        httpx.Client(
            base_url=service.url, headers={"authorization": "Bearer sk-emulator"}, timeout=60
        ) as client,
    ):
        for text in (
            "The ferry leaves at nine.",
            "Nobody waved to the harbour master.",
            "天黑了，没有人来。",
        ):
            answer = speech(client, input=text, response_format="mp3")
            assert 0.5 < (seconds_of_file(answer.content) or 0) < 8
            heard = client.post(
                "/audio/transcriptions",
                data={"model": "FunAudioLLM/SenseVoiceSmall"},
                files={"file": ("a.mp3", answer.content)},
            )
            assert heard.json()["text"] == text


def test_it_starts_by_hand_and_is_controlled_over_http(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    command = [sys.executable, "-m", "tests.emulator", "--port", "0", "--voice", "tone", "--log", str(log)]
    with subprocess.Popen(
        [*command, "--balance", "0", "--fault", "empty_200=0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://[\d.:]+", process.stdout.readline())
            assert found is not None
            headers = {"authorization": "Bearer sk-emulator"}
            with httpx.Client(base_url=found[0], headers=headers) as client:
                assert client.post("/v1/audio/speech", json=GOOD).status_code == 402
                client.post("/_emulator/topup", json={"amount": 5})
                client.post("/_emulator/force", json={"fault": "wrong_magic"})
                assert "html" in client.post("/v1/audio/speech", json=GOOD).text
                assert client.post("/v1/audio/speech", json=GOOD).status_code == 200
                assert client.post("/_emulator/switch", json={"dragon": 1}).status_code == 400
                assert client.post("/_emulator/switch", json={"latency": 0.01}).status_code == 200
                assert client.post("/_emulator/faults", json={"rate_429": 1}).status_code == 200
                assert client.post("/v1/audio/speech", json=GOOD).status_code == 429
                stats = client.get("/_emulator/stats").json()
            assert stats["statuses"] == {"402": 1, "200": 2, "429": 1}
            assert stats["billed_bytes"] == 2 * len(GOOD["input"])
        finally:
            process.terminate()
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert [entry["status"] for entry in entries] == [402, 200, 200, 429]
