"""Keys and addresses of cloud services: where they are found, and where `audiobook setup` puts keys.

Looked up in this order: the environment (SILICONFLOW_API_KEY), the system's keyring, and `credentials.toml`
in the user's configuration folder, which must have mode 0600. A key is a `Secret`: it shows in no repr, log,
error or JSON, and cannot be pickled.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import tomlkit

from audiobook import files
from audiobook.errors import StopRun, UsageError

SERVICE = "audiobook"
FILE = "credentials.toml"


class Secret:
    """A text that does not show itself."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself: only for the header of a request."""
        return self._text

    def hidden_in(self, text: str) -> str:
        """`text` with the secret masked, for messages that a server sent back."""
        return text.replace(self._text, "***") if len(self._text) > 4 else text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


def variable(engine: str) -> str:
    """Name of the environment variable that holds an engine's key."""
    return f"{engine.upper()}_API_KEY"


def given_address(engine: str, environment: Mapping[str, str] = os.environ) -> str:
    """The base URL that the environment gives (SILICONFLOW_BASE_URL); empty where it gives none."""
    return environment.get(f"{engine.upper()}_BASE_URL", "").strip()


def find_key(engine: str, environment: Mapping[str, str] = os.environ) -> Secret | None:
    """An engine's key, or None. Raises StopRun for a file that others may read or that does not parse."""
    if given := environment.get(variable(engine), "").strip():
        return Secret(given)
    if found := _from_keyring(engine, environment):
        return Secret(found)
    kept = _read_file(key_file(environment)).get(engine)
    return Secret(str(kept).strip()) if kept else None


def require_key(engine: str, environment: Mapping[str, str] = os.environ) -> Secret:
    """An engine's key. Raises StopRun saying how to give one."""
    key = find_key(engine, environment)
    if not key:
        raise StopRun(f"no key for {engine}: run `audiobook setup {engine}`, or set {variable(engine)}")
    return checked(key.reveal())


def checked(text: str) -> Secret:
    """A key as a person typed it. Raises StopRun when it cannot be one (blanks inside, pasted twice)."""
    key = text.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise StopRun("that cannot be a key: it is empty or holds blanks or odd characters; copy it again")
    return Secret(key)


def key_file(environment: Mapping[str, str] = os.environ) -> Path:
    """The file that keeps keys where there is no keyring."""
    if given := environment.get("AUDIOBOOK_CONFIG"):
        return Path(given) / FILE
    import platformdirs

    return platformdirs.user_config_path(SERVICE) / FILE


def store_key(
    engine: str, key: Secret, *, keyring: bool = True, environment: Mapping[str, str] = os.environ
) -> str:
    """Keep a key in the system's keyring, or in the file where there is none. Returns where, in words.

    Raises StorageError.
    """
    if keyring and _to_keyring(engine, key, environment):
        _forget_in_file(engine, environment)
        return "the system's keyring"
    path = key_file(environment)
    document = tomlkit.item({**_read_file(path), engine: key.reveal()})
    _write_private(
        path, "# Keys of cloud services, for this user alone (mode 0600).\n" + document.as_string()
    )
    return str(path)


def _forget_in_file(engine: str, environment: Mapping[str, str]) -> None:
    """A key that moved into the keyring does not stay behind in the file."""
    path = key_file(environment)
    kept = _read_file(path)
    if kept.pop(engine, None) is not None:
        _write_private(path, tomlkit.item(kept).as_string())


def _write_private(path: Path, text: str) -> None:
    files.make_folder(path.parent)
    before = os.umask(0o077)  # so that the key is at no moment readable by others
    try:
        files.write_text(path, text)
    finally:
        os.umask(before)
    with files.storage("protect", path):
        path.chmod(0o600)


def _read_file(path: Path) -> dict[str, object]:
    if not path.is_file():
        return {}
    with files.storage("read", path):
        mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise StopRun(f"{path} holds keys and others may read it (mode {mode:04o}): run `chmod 600 {path}`")
    try:
        return tomllib.loads(files.read_bytes(path).decode("utf-8", "replace"))
    except tomllib.TOMLDecodeError as error:
        # The message of a TOML error holds a position and no text of the file.
        raise UsageError(f"{path}: {error}") from error


def _usable_keyring(environment: Mapping[str, str]) -> bool:
    """A configuration folder of one's own (a container, a test) asks for no keyring."""
    return "AUDIOBOOK_CONFIG" not in environment


def _from_keyring(engine: str, environment: Mapping[str, str]) -> str:
    if not _usable_keyring(environment):
        return ""
    found: str | None = None
    # A keyring fails in as many ways as there are desktops; each of them means: not in the keyring.
    with contextlib.suppress(Exception):
        import keyring

        found = keyring.get_password(SERVICE, engine)
    return (found or "").strip()


def _to_keyring(engine: str, key: Secret, environment: Mapping[str, str]) -> bool:
    if not _usable_keyring(environment):
        return False
    try:
        import keyring

        keyring.set_password(SERVICE, engine, key.reveal())
        return keyring.get_password(SERVICE, engine) == key.reveal()
    except Exception:  # noqa: BLE001 - see _from_keyring
        return False
