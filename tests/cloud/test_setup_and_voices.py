"""`audiobook setup` and `audiobook voices`, against the emulator."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from audiobook.audio.clip import Clip
from audiobook.audio.decoding import decode, wav_bytes
from audiobook.audio.encoding import encode
from audiobook.audio.references import LONGEST, RATE, prepare_reference
from audiobook.cli.main import run
from audiobook.engines.siliconflow_cloning import balance
from audiobook.errors import InputError
from audiobook.pipeline import preferences
from emulator import Emulator
from emulator.speech import tone, wav_header

TEXT = "Hello there, my friends, how are you today?"


@pytest.fixture
def set_up(service: Emulator) -> Emulator:
    """An account that is set up: address and key are known."""
    preferences.change_engine("siliconflow", {"base_url": service.url})
    return service


def test_setup_without_questions(service: Emulator, account: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SILICONFLOW_API_KEY")
    assert run(["setup", "--base-url", service.url, "--key", "sk-emulator", "--yes"]) == 0
    assert (account / "credentials.toml").stat().st_mode & 0o777 == 0o600
    settings = (account / "settings.toml").read_text()
    assert service.url in settings
    assert 'voice = "siliconflow:claire"' in settings
    assert "sk-emulator" not in settings
    assert service.log.entries[0].route == "/v1/models"


def test_setup_walks_a_newcomer_through(
    service: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["sk-emulator", "FunAudioLLM/CosyVoice2-0.5B", "diana", "", "diana"])
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(answers))
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)  # not the key that is there
    monkeypatch.setenv("PATH", "")  # no player: the voices cannot be heard, and that is said
    assert run(["setup", "--base-url", service.url]) == 0
    told = capsys.readouterr().err
    for word in ("API key", "key is good", "no player is installed", "estimate", "real-name"):
        assert word in told
    assert preferences.default_voice() == "siliconflow:diana"


def test_the_voice_chosen_in_setup_narrates_new_books(
    service: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["setup", "--base-url", service.url, "--voice", "diana", "--yes"]) == 0
    (tmp_path / "a.md").write_text("# One\n\nNobody came at all.\n")
    assert run(["new", "a.md", "--engine", "siliconflow"]) == 0
    assert 'voice = "siliconflow:diana"' in (tmp_path / "projects" / "a" / "cast.toml").read_text()


def test_a_key_that_is_there_is_not_kept_twice(service: Emulator, account: Path) -> None:
    assert run(["setup", "--base-url", service.url, "--yes"]) == 0
    assert (account / "settings.toml").exists()
    assert not (account / "credentials.toml").exists()


def test_a_wrong_key_is_not_kept(
    service: Emulator, account: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["setup", "--base-url", service.url, "--key", "sk-wrong-one", "--yes"]) == 4
    assert not account.exists()
    assert "sk-wrong-one" not in capsys.readouterr().err


def test_a_key_of_the_other_cloud_is_noticed(
    service: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Emulator(keys={"sk-china"}) as china:
        clouds = {"cn": china.url, "com": service.url}
        monkeypatch.setattr("audiobook.engines.siliconflow.CLOUDS", clouds)
        assert run(["setup", "--cloud", "cn", "--key", "sk-emulator", "--yes"]) == 0
    assert "key of siliconflow.com" in capsys.readouterr().err
    assert preferences.own_settings("siliconflow")["cloud"] == "com"


def test_a_balance_that_is_not_told_is_no_failure(set_up: Emulator) -> None:
    from audiobook.engines.siliconflow import SiliconFlow

    engine = SiliconFlow({"base_url": set_up.url})
    assert balance(engine) is None
    set_up.switches.user_info = 200
    set_up.account.balance = 12.5
    assert balance(engine) == 12.5
    engine.close()


def test_setup_of_an_imitator_keeps_a_key_for_its_host(service: Emulator, account: Path) -> None:
    service.openai.key = "sk-mine"
    assert run(["setup", "openai", "--base-url", service.openai_url, "--key", "sk-bad-key", "--yes"]) == 4
    assert run(["setup", "openai", "--base-url", service.openai_url, "--key", "sk-mine", "--yes"]) == 0
    assert run(["say", "Nobody came.", "--voice", "openai:alloy", "-o", str(account / "a.wav")]) == 0
    assert run(["setup", "dragon"]) == 2


def test_a_voice_is_uploaded_listed_used_and_removed(
    set_up: Emulator, clip_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["voices", "add", "mary", str(clip_file), "--text", TEXT]) == 0
    voice = capsys.readouterr().out.strip()
    assert voice == "siliconflow:mary"
    (stored,) = set_up.voices.values()
    assert stored.text == TEXT
    assert decode(stored.audio).rate == RATE

    assert run(["voices", "siliconflow", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [entry["id"] for entry in listed].count(voice) == 1

    assert run(["say", "Nobody came.", "--voice", voice, "-o", str(tmp_path / "a.wav")]) == 0
    assert set_up.log.speech()[-1].voice == stored.uri

    assert run(["voices", "remove", "mary"]) == 0
    assert not set_up.voices
    assert "mary" not in preferences.settings_file().read_text().partition("[engines.siliconflow.voices]")[2]
    assert run(["voices", "remove", "mary"]) == 2


def test_an_uploaded_voice_narrates_by_its_name_and_takes_by_its_uri(
    set_up: Emulator, clip_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["voices", "add", "mary", str(clip_file), "--text", TEXT]) == 0
    (tmp_path / "a.md").write_text("# One\n\nNobody came at all.\n")
    book = ["a.md", "--engine", "siliconflow", "--voice", "siliconflow:mary"]
    assert run(["make", *book, "-q"]) == 0
    assert 'voice = "siliconflow:mary"' in (tmp_path / "projects" / "a" / "cast.toml").read_text()
    assert {entry.voice for entry in set_up.log.speech()} == set(set_up.voices)
    # The same name for another upload is another voice: its lines are recorded again.
    assert run(["voices", "remove", "mary"]) == 0
    assert run(["voices", "add", "mary", str(clip_file), "--text", TEXT]) == 0
    asked = len(set_up.log.speech())
    assert run(["synth", "projects/a", "-q"]) == 0
    assert len(set_up.log.speech()) == 2 * asked


def test_a_clip_is_kept_for_a_server_of_ones_own(
    service: Emulator, clip_file: Path, account: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    preferences.change_engine("cosyvoice", {"base_url": service.address})
    assert run(["voices", "add", "mary", str(clip_file), "--text", TEXT, "--engine", "cosyvoice"]) == 0
    voice = capsys.readouterr().out.strip()
    assert voice == "cosyvoice:clip:mary"
    assert run(["say", "Nobody came.", "--voice", voice, "-o", str(account / "a.wav")]) == 0
    assert service.log.entries[-1].route == "/inference_zero_shot"


def test_a_transcript_is_written_down_where_none_is_given(set_up: Emulator, tmp_path: Path) -> None:
    set_up.ear.keep_sounds = True
    data = tone(TEXT, "anna", 1.0, RATE)
    set_up.ear.remember(data, RATE, TEXT)
    (tmp_path / "anna.mp3").write_bytes(encode(Clip(np.frombuffer(data, "<i2"), RATE), "mp3"))
    set_up.switches.emoji = "😊"
    assert run(["voices", "add", "mary", str(tmp_path / "anna.mp3")]) == 0
    (stored,) = set_up.voices.values()
    assert stored.text == TEXT


@pytest.mark.parametrize("key", ["result", "results", ""])
def test_lists_of_every_shape_are_read(
    set_up: Emulator, clip_file: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["voices", "add", "mary", str(clip_file), "--text", TEXT])
    set_up.switches.list_key = key
    preferences.change_engine("siliconflow", {"mary": None}, table="voices")
    assert run(["voices", "siliconflow"]) == 0
    assert "speech:mary:" in capsys.readouterr().out


def test_an_account_without_the_real_name_check_is_told_so(
    set_up: Emulator, clip_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up.switches.verified = False
    assert run(["voices", "add", "mary", str(clip_file), "--text", TEXT]) == 4
    assert "real-name check" in capsys.readouterr().err


def test_presets_are_listed_without_a_service(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SILICONFLOW_API_KEY")
    assert run(["voices", "siliconflow", "--language", "zh"]) == 0
    told = capsys.readouterr()
    assert "siliconflow:claire" in told.out
    assert "only the voices known here" in told.err


def test_all_ready_engines_are_listed(capsys: pytest.CaptureFixture[str], set_up: Emulator) -> None:
    assert run(["voices", "--language", "en"]) == 0
    told = capsys.readouterr().out
    assert "espeak:" in told
    assert "siliconflow:alex" in told


@pytest.mark.parametrize("name", ["anna maria", "änna", "", "a/b", "anna"])
def test_names_that_cannot_be_are_refused_here(set_up: Emulator, clip_file: Path, name: str) -> None:
    assert run(["voices", "add", "--text", TEXT, "--", name, str(clip_file)]) == 2
    assert not set_up.log.entries


def test_a_text_longer_than_the_clip_is_refused(set_up: Emulator, clip_file: Path) -> None:
    assert run(["voices", "add", "mary", str(clip_file), "--text", TEXT * 5]) == 3
    assert not set_up.log.entries


def speech(seconds: float, level: float = 0.3, rate: int = RATE) -> Clip:
    """Something with pauses, as long as asked."""
    time = np.arange(round(seconds * rate)) / rate
    wave = np.sin(2 * np.pi * 180 * time) * (np.sin(2 * np.pi * 0.5 * time) > -0.8)
    return Clip((wave * level * 32767).astype(np.int16), rate)


def test_a_clip_is_trimmed_levelled_and_brought_to_the_models_rate() -> None:
    quiet = speech(8, level=0.02, rate=44_100)
    padded = Clip(
        np.concatenate([np.zeros(88_200, np.int16), quiet.samples, np.zeros(88_200, np.int16)]), 44_100
    )
    made = prepare_reference(wav_bytes(padded))
    assert made.clip.rate == RATE
    assert 7.5 < made.clip.seconds < 8.6
    assert np.abs(made.clip.samples).max() > 4000
    assert made.remarks == ()


def test_a_long_clip_is_cut_at_a_pause() -> None:
    made = prepare_reference(wav_bytes(speech(40)))
    assert made.cut
    assert 15 < made.clip.seconds <= LONGEST
    assert np.abs(made.clip.samples[-240:]).max() < 3000
    assert "transcript" in made.remarks[0]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (wav_bytes(speech(1)), "8 to 10 s"),
        (wav_bytes(Clip(np.zeros(RATE * 5, np.int16), RATE)), "quiet"),
        (wav_bytes(speech(8, rate=8000)), "8000 Hz"),
        (b"not a sound", "not a sound file"),
        (wav_header(0, RATE), "no sound"),
    ],
)
def test_clips_that_make_no_voice_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        prepare_reference(data)


@pytest.mark.parametrize("form", ["flac", "mp3", "opus"])
def test_clips_are_written_and_read_in_other_formats(form: str) -> None:
    clip = speech(2)
    back = decode(encode(clip, form))
    assert back.seconds == pytest.approx(clip.seconds, abs=0.12)
    if form == "flac":
        assert np.array_equal(back.samples, clip.samples)


def test_settings_keep_what_a_person_wrote(account: Path) -> None:
    account.mkdir()
    (account / "settings.toml").write_text("# mine\n[engines.openai]\nmodel = 'tts-1' # cheap\n")
    preferences.change_engine("siliconflow", {"cloud": "com"})
    preferences.change_settings({"voice": "siliconflow:anna"})
    text = (account / "settings.toml").read_text()
    assert "# mine" in text
    assert "# cheap" in text
    assert preferences.own_settings("siliconflow") == {"cloud": "com"}
    assert preferences.own_settings("openai") == {"model": "tts-1"}
    assert preferences.default_voice() == "siliconflow:anna"
