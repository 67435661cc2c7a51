"""Keys: where they are found, where they are kept, and that they never show."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from audiobook.engines import credentials
from audiobook.engines.credentials import Secret
from audiobook.errors import StopRun, UsageError


def test_the_environment_comes_first(account: Path) -> None:
    credentials.store_key("siliconflow", Secret("sk-from-file"))
    key = credentials.find_key("siliconflow")
    assert key is not None
    assert key.reveal() == "sk-emulator"


def test_the_file_keeps_a_key_for_its_owner_alone(account: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SILICONFLOW_API_KEY")
    assert credentials.find_key("siliconflow") is None
    where = credentials.store_key("siliconflow", Secret("sk-from-file"))
    credentials.store_key("openai", Secret("sk-other"))
    assert Path(where) == account / "credentials.toml"
    assert Path(where).stat().st_mode & 0o777 == 0o600
    found = credentials.require_key("siliconflow")
    assert found.reveal() == "sk-from-file"


def test_a_file_that_others_may_read_is_refused(account: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SILICONFLOW_API_KEY")
    path = Path(credentials.store_key("siliconflow", Secret("sk-from-file")))
    path.chmod(0o644)
    with pytest.raises(StopRun, match="chmod 600"):
        credentials.find_key("siliconflow")


def test_a_damaged_file_says_where_and_shows_nothing(account: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SILICONFLOW_API_KEY")
    account.mkdir()
    path = account / "credentials.toml"
    path.write_text('siliconflow = "sk-half')
    path.chmod(0o600)
    with pytest.raises(UsageError, match="credentials") as caught:
        credentials.find_key("siliconflow")
    assert "sk-half" not in str(caught.value)


class Ring:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, text: str) -> None:
        self.kept[service, name] = text


def test_the_keyring_is_asked_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    ring = Ring()
    monkeypatch.setattr(keyring, "get_password", ring.get_password)
    monkeypatch.setattr(keyring, "set_password", ring.set_password)
    environment: dict[str, str] = {}
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: tmp_path / name)
    assert credentials.store_key("siliconflow", Secret("sk-file"), keyring=False, environment=environment)
    assert (
        credentials.store_key("siliconflow", Secret("sk-ring"), environment=environment)
        == "the system's keyring"
    )
    found = credentials.find_key("siliconflow", environment)
    assert found is not None
    assert found.reveal() == "sk-ring"
    assert "sk-file" not in (tmp_path / "audiobook" / "credentials.toml").read_text()


def test_a_keyring_that_fails_is_no_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    def locked(*_: str) -> str:
        raise RuntimeError("the desktop is locked")

    monkeypatch.setattr(keyring, "get_password", locked)
    monkeypatch.setattr(keyring, "set_password", locked)
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: tmp_path / name)
    assert credentials.find_key("siliconflow", {}) is None
    assert credentials.store_key("siliconflow", Secret("sk-1234567"), environment={}).endswith(".toml")


def test_a_secret_shows_nowhere() -> None:
    secret = Secret("sk-very-secret")
    assert "very" not in f"{secret} {secret!r} {[secret]}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        json.dumps(secret)
    assert secret.hidden_in("your key sk-very-secret is bad") == "your key *** is bad"


@pytest.mark.parametrize("text", ["", "   ", "sk-a b", "sk-é", "sk-a\nsk-b", "key\x00"])
def test_what_cannot_be_a_key_is_refused(text: str) -> None:
    with pytest.raises(StopRun, match="copy it again"):
        credentials.checked(text)
