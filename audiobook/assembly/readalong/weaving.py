"""Giving every spoken line an element of its own in the pages, and changing nothing else."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from audiobook.assembly.readalong.alignment import letters

XHTML = "http://www.w3.org/1999/xhtml"
_SILENT = {
    "head",
    "script",
    "style",
    "svg",
    "math",
    "template",
    "iframe",
    "object",
    "audio",
    "video",
    "rt",
    "rp",
}
_INLINE = "span em i b strong a small cite q abbr u s sub sup bdi bdo dfn mark code kbd samp var time ins del"
_FLOW = "li td th dd dt div blockquote figcaption caption header section article aside footer body"
_HOLDERS = frozenset(f"p h1 h2 h3 h4 h5 h6 {_INLINE} {_FLOW}".split())
"""Elements that may hold a span."""

_BLOCKS = frozenset(f"p h1 h2 h3 h4 h5 h6 ul ol table tr dl hr figure pre nav {_FLOW}".split())


_CLOSING = ".,;:!?…”’»)]。，！？」』"


@dataclass(frozen=True, slots=True)
class Slot:
    """A run of text in a page: the text of an element, or what follows it."""

    element: Any
    tail: bool

    @property
    def text(self) -> str:
        """The run."""
        return (self.element.tail if self.tail else self.element.text) or ""

    def put(self, text: str) -> None:
        """Replace the run."""
        if self.tail:
            self.element.tail = text
        else:
            self.element.text = text

    @property
    def holder(self) -> Any:
        """The element whose child this text is."""
        return self.element.getparent() if self.tail else self.element


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def slots_of(element: Any) -> Iterator[Slot]:
    """All runs of text that can be spoken, in reading order."""
    silent = not isinstance(element.tag, str) or _name(element) in _SILENT
    if not silent:
        if element.text:
            yield Slot(element, False)
        for child in element:
            yield from slots_of(child)
            if child.tail:
                yield Slot(child, True)


class Page:
    """One page of the source, its text as letters, and the lines that were found in it."""

    def __init__(self, body: Any) -> None:
        self.slots = list(slots_of(body))
        self.starts: list[int] = []
        keys = []
        self._places: list[list[int]] = []
        count = 0
        for slot in self.slots:
            key, places = letters(slot.text)
            self.starts.append(count)
            self._places.append(places)
            keys.append(key)
            count += len(key)
        self.letters = "".join(keys)

    def place(self, letter: int) -> tuple[int, int]:
        """Slot and index of a letter."""
        slot = bisect_right(self.starts, letter) - 1
        return slot, self._places[slot][letter - self.starts[slot]]

    def span_of(self, start: int, length: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """First place and place behind the last, for letters `start` on, with the marks that touch them."""
        first_slot, first = self.place(start)
        last_slot, last = self.place(start + length - 1)
        text = self.slots[first_slot].text
        while first > 0 and not text[first - 1].isspace() and not text[first - 1].isalnum():
            first -= 1
        text = self.slots[last_slot].text
        last += 1
        while last < len(text) and not text[last].isspace() and not text[last].isalnum():
            last += 1
        return (first_slot, first), self._closing(last_slot, last)

    def _closing(self, slot: int, index: int) -> tuple[int, int]:
        """A full stop or a closing mark behind an emphasis belongs to the line too."""
        if index == len(self.slots[slot].text) and slot + 1 < len(self.slots):
            after = self.slots[slot + 1]
            marks = len(after.text) - len(after.text.lstrip(_CLOSING))
            if marks and after.tail and after.element is self.slots[slot].holder:
                return slot + 1, marks
        return slot, index


Place = tuple[Slot, int]


def _lift_start(place: Place, until: Any) -> Place | None:
    """The same place as a child of `until`, where nothing stands before it in between."""
    slot, index = place
    while slot.holder is not until:
        if slot.tail or slot.text[:index].strip():
            return None
        element = slot.element
        before = element.getprevious()
        parent = element.getparent()
        if parent is None:
            return None
        slot = Slot(before, True) if before is not None else Slot(parent, False)
        index = len(slot.text)
    return slot, index


def _lift_stop(place: Place, until: Any) -> Place | None:
    """The same place as a child of `until`, where nothing stands behind it in between."""
    slot, index = place
    while slot.holder is not until:
        holder = slot.holder
        last = slot.element.getnext() is None if slot.tail else len(holder) == 0
        if not last or slot.text[index:].strip() or holder.getparent() is None:
            return None
        slot, index = Slot(holder, True), 0
    return slot, index


def _common(first: Any, second: Any) -> Any:
    above = [first, *first.iterancestors()]
    return next(each for each in (second, *second.iterancestors()) if each in above)


def _wrap(start: Place, stop: Place, name: str) -> bool:
    """Put a span around everything between two places in one element. False where a block stands between."""
    (first, begin), (last, end) = start, stop
    holder = first.holder
    if first.element is last.element and first.tail == last.tail:
        between: list[Any] = []
    else:
        from_index = list(holder).index(first.element) + 1 if first.tail else 0
        to_index = list(holder).index(last.element)
        between = list(holder)[from_index : to_index + 1]
    if _name(holder) not in _HOLDERS or any(_name(each) in _BLOCKS for each in between):
        return False
    span = holder.makeelement(f"{{{XHTML}}}span", {"id": name})
    at = list(holder).index(first.element) + 1 if first.tail else 0
    first_text, last_text = first.text, last.text
    if between:
        span.text = first_text[begin:]
        rest = last_text[end:]
        last.put(last_text[:end])
        for element in between:
            span.append(element)
    else:
        span.text = first_text[begin:end]
        rest = first_text[end:]
    first.put(first_text[:begin])
    holder.insert(at, span)
    span.tail = rest
    return True


def _longest(page: Page, start: tuple[int, int], stop: tuple[int, int]) -> tuple[Place, Place]:
    """The longest run of text between two places."""
    best: tuple[int, Place, Place] | None = None
    for index in range(start[0], stop[0] + 1):
        slot = page.slots[index]
        begin = start[1] if index == start[0] else 0
        end = stop[1] if index == stop[0] else len(slot.text)
        size = len(slot.text[begin:end].strip())
        if _name(slot.holder) in _HOLDERS and (best is None or size > best[0]):
            best = (size, (slot, begin), (slot, end))
    if best is None:
        slot = page.slots[start[0]]
        return (slot, start[1]), (slot, start[1])
    return best[1], best[2]


def weave(page: Page, lines: Sequence[tuple[int, int, str]]) -> None:
    """Give each (first letter, number of letters, id) a span. Lines are in order and do not overlap."""
    for start, length, name in reversed(lines):
        (first_slot, first), (last_slot, last) = page.span_of(start, length)
        begin: Place = (page.slots[first_slot], first)
        end: Place = (page.slots[last_slot], last)
        common = _common(begin[0].holder, end[0].holder)
        lifted_begin, lifted_end = _lift_start(begin, common), _lift_stop(end, common)
        if lifted_begin and lifted_end and _wrap(lifted_begin, lifted_end, name):
            continue
        _wrap(*_longest(page, (first_slot, first), (last_slot, last)), name)
