"""Finding spoken lines in the text of the source. Only letters and digits count, in order.

Lines are found one after the other from where the last one ended. A line that is not found at once, and
a title, which may also stand in a table of contents, is looked for backwards from the next line that is.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_NEAR = 3000  # letters; a match beyond is believed only when the lines after it are not nearer
_REACH = ((6, 120), (12, 600), (24, 4000), (40, 20_000))  # shorter keys are looked for less far ahead
_AHEAD = 3


@functools.lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", character).casefold() if each.isalnum())


def letters(text: str) -> tuple[str, list[int]]:
    """Folded letters and digits of a text, and for each the index it came from."""
    found: list[str] = []
    places: list[int] = []
    for index, character in enumerate(text):
        folded = _folded(character)
        found.append(folded)
        places.extend([index] * len(folded))
    return "".join(found), places


@dataclass(frozen=True, slots=True)
class Sought:
    """A spoken line: its letters, and whether it is a title or heading."""

    key: str
    heading: bool = False


def _reach(key: str) -> int | None:
    return next((reach for length, reach in _REACH if len(key) < length), None)


class _Search:
    def __init__(self, text: str, lines: Sequence[Sought]) -> None:
        self.text = text
        self.lines = lines
        self.found: list[int | None] = [None] * len(lines)
        self.cursor = 0
        self.pending: list[int] = []

    def locate(self, key: str) -> int:
        reach = _reach(key)
        stop = len(self.text) if reach is None else min(len(self.text), self.cursor + reach + len(key))
        return self.text.find(key, self.cursor, stop) if key else -1

    def is_leap(self, index: int, place: int) -> bool:
        """Whether lines after this one stand between here and a far match."""
        if place - self.cursor <= _NEAR:
            return False
        for other in self.lines[index + 1 : index + 1 + _AHEAD]:
            if other.key and not other.heading and 0 <= self.text.find(other.key, self.cursor) < place:
                return True
        return False

    def resolve(self, limit: int) -> None:
        """Look for pending lines backwards from `limit`."""
        for index in reversed(self.pending):
            key = self.lines[index].key
            place = self.text.rfind(key, self.cursor, limit) if key else -1
            if place >= 0:
                self.found[index] = place
                limit = place
        self.pending = []

    def run(self) -> list[int | None]:
        for index, line in enumerate(self.lines):
            place = -1 if line.heading else self.locate(line.key)
            if place < 0 or self.is_leap(index, place):
                self.pending.append(index)
                continue
            self.resolve(place)
            self.found[index] = place
            self.cursor = place + len(line.key)
        self.resolve(len(self.text))
        return self.found


def align(text: str, lines: Sequence[Sought]) -> list[int | None]:
    """Where each line begins in `text` (both as `letters` folds them); None where it does not occur."""
    return _Search(text, lines).run()
