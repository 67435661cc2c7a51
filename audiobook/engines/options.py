"""Reading an engine's table of settings: every key known, every value of its type and in its range."""

from __future__ import annotations

from collections.abc import Collection

from audiobook.engines.base import Settings
from audiobook.errors import UsageError


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set of names."""
    return frozenset(text.split())


SECRETS = ("key", "api_key", "token", "secret", "password")


class Options:
    """The table `[engines.NAME]`. Every mistake is a UsageError that names the key."""

    def __init__(self, engine: str, settings: Settings, known: Collection[str]) -> None:
        self.engine = engine
        self._settings = settings
        for key in settings:
            if key in SECRETS:
                raise UsageError(
                    f"[engines.{engine}] {key}: a key has no place in a settings file; "
                    f"run `audiobook setup {engine}` and remove this line"
                )
            if key not in known:
                raise UsageError(
                    f"[engines.{engine}] has no setting {key!r}; there are {', '.join(sorted(known))}"
                )

    def _wrong(self, key: str, expected: str) -> UsageError:
        return UsageError(f"[engines.{self.engine}] {key} is {expected}, not {self._settings[key]!r}")

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        value = self._settings.get(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, "a text")
        return value.strip()

    def choice(self, key: str, default: str, allowed: Collection[str]) -> str:
        """One of a few words."""
        value = self.text(key, default)
        if value not in allowed:
            raise self._wrong(key, f"one of {', '.join(allowed)}")
        return value

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """A number within bounds."""
        value = self._settings.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            raise self._wrong(key, f"a number from {low:g} to {high:g}")
        return float(value)

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self.number(key, default, low, high)
        if value != int(value):
            raise self._wrong(key, "a whole number")
        return int(value)

    def optional_whole(self, key: str) -> int | None:
        """A whole number from 1; None (or 0 in the file) for no limit."""
        return self.whole(key, 0, 0, 10**9) or None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self._settings.get(key, ())
        if not isinstance(value, (list, tuple)) or not all(isinstance(entry, str) for entry in value):
            raise self._wrong(key, "a list of texts")
        return tuple(value)

    def table(self, key: str) -> dict[str, object]:
        """A table of its own."""
        value = self._settings.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, "a table")
        return dict(value)

    def prices(self, key: str) -> dict[str, float]:
        """A table of prices by model."""
        table = self.table(key)
        for price in table.values():
            if isinstance(price, bool) or not isinstance(price, (int, float)) or price < 0:
                raise self._wrong(key, "a table of prices, each a number")
        return {name: float(str(price)) for name, price in table.items()}
