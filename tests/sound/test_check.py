"""`audiobook check` measures what an independent meter measures, and judges by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from audiobook.assembly.check import check_file, measure_file
from audiobook.cli.check import check
from audiobook.cli.main import run
from audiobook.errors import InputError


def wave(path: Path, samples: Any, rate: int = 44100, **more: Any) -> Path:
    soundfile.write(path, samples, rate, **more)
    return path


@pytest.fixture
def speech_file(tmp_path: Path, speech: Any) -> Path:
    clip = speech(6.0, 3, 44100, level=-20, before=0.8, after=2.0)
    return wave(tmp_path / "speech.wav", clip.samples, subtype="PCM_16")


def test_levels_are_what_they_are_by_definition(tmp_path: Path) -> None:
    time = np.arange(44100 * 5) / 44100
    signal = 0.5 * np.sin(2 * np.pi * 997 * time)
    signal[:22050] = 0
    measured = measure_file(wave(tmp_path / "a.wav", signal, subtype="FLOAT"))
    assert measured.peak == pytest.approx(-6.02, abs=0.02)
    assert measured.rms == pytest.approx(20 * np.log10(0.5 / np.sqrt(2) * np.sqrt(0.9)), abs=0.01)
    assert measured.floor == -120.0
    assert measured.loudness == pytest.approx(-9.03, abs=0.3)
    assert measured.head == pytest.approx(0.5, abs=0.03) and measured.tail == pytest.approx(0.0, abs=0.03)
    assert (measured.rate, measured.channels, measured.seconds) == (44100, 1, 5.0)


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_U8", "FLOAT", "DOUBLE"])
def test_any_sample_format_measures_alike(tmp_path: Path, subtype: str) -> None:
    time = np.arange(44100 * 2) / 44100
    measured = measure_file(wave(tmp_path / "a.wav", 0.5 * np.sin(6.2832 * 440 * time), subtype=subtype))
    assert measured.peak == pytest.approx(-6.02, abs=0.15)


def test_stereo_is_measured_over_both_channels(tmp_path: Path) -> None:
    time = np.arange(44100 * 2) / 44100
    left = 0.5 * np.sin(6.2832 * 440 * time)
    measured = measure_file(wave(tmp_path / "a.flac", np.stack([left, left * 0], axis=1)))
    assert measured.channels == 2
    assert measured.rms == pytest.approx(-12.04, abs=0.05)


def test_every_failed_line_names_its_value(speech_file: Path) -> None:
    _, requirements = check_file(speech_file, "acx")
    failed = {each.what: each.found for each in requirements if not each.passed}
    assert {"format", "no digital silence"} <= set(failed)
    assert "RMS" not in failed and failed["format"].startswith("PCM")
    assert next(each for each in requirements if each.what == "room tone before").passed


def test_the_command_exits_by_the_result(speech_file: Path) -> None:
    result = CliRunner().invoke(check, [str(speech_file)], standalone_mode=False)
    assert result.return_value == 6
    assert "FAIL  format" in result.output and "pass  RMS" in result.output


def test_the_command_prints_one_json_document(speech_file: Path) -> None:
    result = CliRunner().invoke(
        check, [str(speech_file), "--profile", "audiobook", "--json"], standalone_mode=False
    )
    (document,) = json.loads(result.stdout)
    assert document["path"] == str(speech_file) and isinstance(document["passed"], bool)
    assert {each["what"] for each in document["requirements"]} == {"loudness", "peak"}


@pytest.mark.parametrize(
    "content", [b"", b"no sound at all", b"RIFF\x00\x00\x00\x00WAVE", b"ID3\x03" + bytes(500)]
)
def test_what_is_no_sound_is_one_clear_line(tmp_path: Path, content: bytes, capsys: Any) -> None:
    path = tmp_path / "broken.mp3"
    path.write_bytes(content)
    with pytest.raises(InputError, match="broken"):
        measure_file(path)
    assert run(["check", str(path)]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    assert run(["check", str(tmp_path / "nothing.mp3")]) == 3
