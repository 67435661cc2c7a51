"""Cutting a sentence that is too long: at a clause, else between words, else between characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from audiobook.segmentation.characters import CLOSERS, WIDE, count_wide, grapheme_start, is_wide

_CLOSE = re.escape(CLOSERS)
_CONJUNCTIONS = (
    "and|but|or|nor|for|so|yet|because|although|though|while|whereas|which|who|whom|whose|that|when|where"
    "|until|unless|if|as|then|"
    "und|aber|oder|denn|sondern|weil|dass|daß|während|als|wenn|et|mais|ou|donc|car|parce|tandis|lorsque"
    "|quand|si|que|qui|"
    "y|pero|o|sino|porque|aunque|mientras|cuando|pues|и|но|а|или|что|чтобы|когда|если|потому|который|как"
)
# (pattern whose end is a place to cut, worth of a cut there)
_PLACES = (
    (re.compile(rf"[.!?…。！？][{_CLOSE}]*+(?:\s++|(?<=[{WIDE}]))"), 0.9),
    (re.compile(rf"[;:؛][{_CLOSE}]*+\s++|[；：][{_CLOSE}]*+"), 1.0),
    (re.compile(rf"[—–―]++[{_CLOSE}]*+\s*+(?=\w)|\s--?\s"), 0.8),
    (re.compile(rf"[,،][{_CLOSE}]*+\s++(?=(?:{_CONJUNCTIONS})\b)", re.IGNORECASE), 0.85),
    (re.compile(rf"[,،][{_CLOSE}]*+\s++|[，][{_CLOSE}]*+|[)\]]\s++"), 0.7),
    (re.compile(r"[、]"), 0.6),
    (re.compile(rf"\s++(?=(?:{_CONJUNCTIONS})\b)", re.IGNORECASE), 0.45),
    (re.compile(r"\s++"), 0.25),
)
# What must not be torn: an abbreviation or initial and its word, a spaced ellipsis, a number in groups.
_BOUND_BEFORE = re.compile(
    r"(?:\b(?:[A-ZÀ-ÞА-Я]|[A-Z][a-z]{0,4}|[a-zà-ÿа-я]{1,3}|(?:\w\.)+\w)\.|\.\s*\.|[№§#$£€¥]|\bNo\.?"
    r"|\d[sl]\.|\d)\s+$"
)
_BOUND_NUMBER = re.compile(r"\d[\s,.:/]*$")
_HEAD = 32


def _torn(text: str, place: int) -> bool:
    """Whether a cut at `place` would part what belongs together."""
    head = text[max(0, place - _HEAD) : place]
    after = text[place : place + 1]
    if after.isspace() or after in tuple(".…,;:!?’”»)]"):
        return True
    if not head[-1:].isspace():
        return head[-1:].isalnum() and after.isalnum() and not (is_wide(head[-1]) or is_wide(after))
    if head.rstrip()[-1:].isdigit():
        return after.isdigit()
    return _BOUND_BEFORE.search(head) is not None


def _best(text: str, start: int, lowest: int, ideal: int, highest: int) -> int:
    """The best place to cut in (lowest, highest], or 0."""
    best, best_score = 0, -1.0
    reach = max(highest - start, 1)
    for pattern, worth in _PLACES:
        if worth <= best_score:
            break
        for found in pattern.finditer(text, lowest, min(len(text), highest + 1)):
            place = found.end()
            if not lowest < place <= highest:
                continue
            score = worth - 0.4 * abs(place - ideal) / reach
            if score > best_score and not _torn(text, place):
                best, best_score = place, score
    return best


def weights(text: str, wide: float) -> Sequence[float]:
    """Running length of `text` at each place, a character of wide scripts counting `wide`."""
    if not count_wide(text):
        return range(len(text) + 1)
    return [0.0, *accumulate(wide if is_wide(character) else 1.0 for character in text)]


def cut_sentence(text: str, most: float, wide: float) -> Iterator[int]:
    """Places to cut `text` so that no part is longer than `most`, white space at its end aside."""
    running = weights(text, wide)
    size = len(text.rstrip())
    start = 0
    while start < size and running[size] - running[start] > most:
        left = running[size] - running[start]
        parts = int(-(-left // most))
        highest = _reach(running, start, most, size)
        ideal = _reach(running, start, left / parts, size)
        lowest = start + max(1, (ideal - start) // 2)
        room = highest + text[highest : highest + 1].isspace()  # a space at the end does not count
        place = _best(text, start, lowest, ideal, room) or _hard(text, start, room)
        yield place
        start = place


def _reach(running: Sequence[float], start: int, length: float, size: int) -> int:
    """The farthest place whose distance from `start` is at most `length`; at least one character on."""
    low, high = start + 1, min(size, start + int(length) + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if running[middle] - running[start] <= length:
            low = middle
        else:
            high = middle - 1
    return low


def _hard(text: str, start: int, highest: int) -> int:
    """Between words if there is any space, else between characters."""
    for place in range(highest, start, -1):
        if text[place - 1].isspace():
            return place
    return grapheme_start(text, highest, start)
