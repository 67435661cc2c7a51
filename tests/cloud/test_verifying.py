"""`audiobook verify`: listening to takes, comparing, recording bad ones again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.audio.takes import TakeStore
from audiobook.cli.main import run
from audiobook.pipeline import preferences
from audiobook.pipeline.hearing import Score, compare, distance, plain, tokens
from audiobook.pipeline.retaking import bare, ordinal, with_ordinal
from audiobook.project import open_project
from audiobook.script import Line
from emulator import Emulator

BOOK = """---
title: The Ferry
language: en
---

# One

It was late. In 1984 the ferry left with 12 passengers.

The harbour master waved to nobody in particular.

It was late.

# Two

The lamps were lit along the river, one after the other.

It was late.
"""


@pytest.mark.parametrize(
    ("expected", "heard", "language", "errors"),
    [
        ("In nineteen eighty-four he left.", "in 1984, he left", "en", 0),
        ("It is late, isn't it?", "It is late isn’t it", "en", 0),
        ("Anyone may come.", "any one may come", "en", 0),
        ("It was late.", "😊It was <|HAPPY|>late.🎼", "en", 0),
        ("It was late.", "It was never late.", "en", 1),
        ("It was late.", "", "en", 3),
        ("今天很好。", "今天 很好", "zh", 0),
        ("今天很好。", "明天很好！", "zh", 1),
        ("一九八四年", "一九八四年。", "zh", 0),
        ("ばかばかしい", "ばかばかしい。", "ja", 0),
        ("", "uh", "en", 1),
    ],
)
def test_only_what_a_listener_would_notice_is_an_error(
    expected: str, heard: str, language: str, errors: int
) -> None:
    assert compare(expected, heard, language).errors == errors


def test_a_transcript_loses_its_moods_and_keeps_its_words() -> None:
    assert plain("<|en|><|HAPPY|>Hello, 世界! 👏🎼") == "Hello, 世界!"


def test_one_odd_word_in_a_line_is_not_bad() -> None:
    assert not Score(1, 3).bad(0.25)
    assert Score(1, 1).bad(0.25)
    assert Score(2, 6).bad(0.25)
    assert not Score(2, 20).bad(0.25)


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_distance_is_a_distance(one: list[str], other: list[str]) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))


@given(st.text(max_size=60), st.sampled_from(["en", "zh", "de", ""]))
def test_a_line_always_agrees_with_itself(text: str, language: str) -> None:
    assert compare(text, text, language).errors == 0
    assert all(tokens(text, language))


def test_an_ordinal_is_an_attribute_of_a_line() -> None:
    line = Line("It was late.", "Anna", attributes=(("lang", "en"),))
    again = with_ordinal(line, 2)
    assert ordinal(again) == 2
    assert bare(again) == line
    assert with_ordinal(again, 0) == line


@pytest.fixture
def project(service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recorded book."""
    monkeypatch.chdir(tmp_path)
    preferences.change_engine("siliconflow", {"base_url": service.url})
    source = tmp_path / "ferry.md"
    source.write_text(BOOK)
    folder = tmp_path / "ferry"
    assert run(["new", str(source), "--project", str(folder), "--engine", "siliconflow"]) == 0
    assert run(["synth", str(folder), "-q"]) == 0
    return folder


Verify = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture
def verify(project: Path, capsys: pytest.CaptureFixture[str]) -> Verify:
    def call(*flags: str) -> tuple[int, dict[str, object]]:
        capsys.readouterr()
        code = run(["verify", str(project), "--json", *flags])
        return code, json.loads(capsys.readouterr().out)

    return call


def heard(service: Emulator) -> int:
    return sum(entry.route == "/v1/audio/transcriptions" for entry in service.log.entries)


def test_takes_are_read_back(project: Path, verify: Verify, service: Emulator) -> None:
    code, found = verify()
    assert (code, found["missing"], found["damaged"]) == (0, 0, [])
    takes = TakeStore(project / "takes")
    names = list(takes.names())
    path = takes.path(names[0])
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    takes.remove(names[1])
    code, found = verify("--fix")
    assert (code, found["missing"], len(found["damaged"])) == (5, 1, 1)  # type: ignore[arg-type]
    asked = len(service.log.speech())
    assert run(["synth", str(project), "-q"]) == 0
    assert len(service.log.speech()) == asked + 1
    code, found = verify("--fix")
    assert (code, found["mended"], found["damaged"]) == (0, 1, [])
    assert len(service.log.speech()) == asked + 2
    assert heard(service) == 0


def test_a_good_book_is_heard_once_and_remembered(verify: Verify, service: Emulator) -> None:
    service.switches.emoji = "😊"
    code, found = verify("--listen")
    assert code == 0
    assert found["takes"] == heard(service) == len(list(found["heard"]))  # type: ignore[call-overload]
    assert all(entry["errors"] == 0 for entry in found["heard"])  # type: ignore[attr-defined]
    before = heard(service)
    assert verify("--listen")[0] == 0
    assert heard(service) == before


def test_bad_lines_are_named(
    verify: Verify, service: Emulator, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.ear.mishear("to nobody in particular", "two no bodies")
    code, found = verify("--listen")
    assert code == 5
    (bad,) = [entry for entry in found["heard"] if entry["bad"]]  # type: ignore[attr-defined]
    assert "harbour master" in bad["expected"]
    assert run(["verify", str(project), "--listen"]) == 5
    told = capsys.readouterr().out
    assert "to be said" in told
    assert "001-one.txt, line" in told


def test_bad_lines_are_recorded_again_and_the_best_is_kept(
    project: Path, verify: Verify, service: Emulator
) -> None:
    # The recording that is there leaves out half of the line; another one will be right.
    takes = TakeStore(project / "takes")
    (name,) = [
        n for n in takes.names() if "harbour" in str(service.ear.text_of(takes.read(n).samples.tobytes()))
    ]
    takes.remove(name)
    service.faults.on_text("harbour", "drop_clause")
    assert run(["synth", str(project), "-q"]) == 0
    service.faults.clear()

    billed = service.log.billed
    code, found = verify("--listen", "--fix")
    assert (code, found["mended"]) == (0, 1)
    assert service.log.billed == billed + len("The harbour master waved to nobody in particular.")
    script = (project / "script" / "001-one.txt").read_text()
    assert script.count("@take=1") == 1
    assert takes.has(name)
    assert verify("--listen", "--fix")[1]["mended"] == 0


def test_a_line_that_never_gets_better_keeps_its_best_recording(
    project: Path, verify: Verify, service: Emulator
) -> None:
    before = (project / "script" / "001-one.txt").read_text()
    service.ear.mishear("to nobody in particular", "two no bodies")
    code, found = verify("--listen", "--fix", "--takes", "2")
    assert (code, found["mended"]) == (5, 0)
    asked = [entry for entry in service.log.speech() if "harbour" in entry.input]
    assert len(asked) == 3
    assert (project / "script" / "001-one.txt").read_text() == before


def test_equal_lines_are_mended_together(project: Path, verify: Verify, service: Emulator) -> None:
    texts = iter(["It is a date by the lake.", "It was late."])
    hear = service.ear.hear
    service.ear.hear = lambda data: (  # type: ignore[method-assign]
        next(texts, "It was late.") if hear(data) == "It was late." else hear(data)
    )
    assert verify("--listen", "--fix")[1]["mended"] == 1
    for name in ("001-one.txt", "002-two.txt"):
        assert "[| @take=1] It was late." in (project / "script" / name).read_text()


def test_another_recognizer_may_listen(project: Path, verify: Verify, service: Emulator) -> None:
    preferences.change_engine("listen", {"service": "openai", "base_url": service.openai_url})
    code, found = verify("--listen")
    assert code == 0
    assert service.log.entries[-1].route == "/openai/v1/audio/transcriptions"
    assert open_project(project).settings.engine == "siliconflow"
    assert found["good"]


def test_a_recognizer_that_fails_is_not_a_bad_line(project: Path, verify: Verify, service: Emulator) -> None:
    takes = TakeStore(project / "takes")
    damaged = takes.path(next(iter(takes.names())))
    damaged.write_bytes(damaged.read_bytes()[:-400])
    code, found = verify("--listen")
    assert code == 5
    unheard = [entry for entry in found["heard"] if entry["heard"] is None]  # type: ignore[attr-defined]
    assert len(unheard) == 1
    assert "damaged" in unheard[0]["message"]
