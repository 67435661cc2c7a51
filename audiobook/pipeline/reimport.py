"""A three-way merge of scripts: what the program wrote, what the person made of it, what it writes now.

The new script decides what is there and in which order. Wherever its text is the old one's, the person's
version stands: speakers, styles, attributes, wording, lines split, joined, added or taken out. Whatever of
that no longer has a place is named in the report, never dropped silently. Pure functions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from audiobook.script import Item, Line, Paragraph, Pause, ScriptChapter

Script = Mapping[str, ScriptChapter]


@dataclass(frozen=True, slots=True)
class Report:
    """What a merge did."""

    kept: int = 0  # places where the person's version stands
    unchanged: int = 0  # places whose text the source did not change
    changed: int = 0  # places that are new or changed in the source
    lost: tuple[str, ...] = ()  # the person's changes that have no place any more


@dataclass(frozen=True, slots=True)
class _Title:
    """A chapter's title, as one more item of the sequence."""

    line: Line | None


_Place = Item | _Title


@dataclass(slots=True)
class _Old:
    """One place of the old script, and what the person made of it."""

    written: _Place
    edited: list[_Place] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        return self.edited != [self.written]

    def lines(self) -> dict[str, Line]:
        """Lines whose text the person left alone and whose direction was changed."""
        before = {line.text: line for line in _lines(self.written)}
        after = {line.text: line for place in self.edited for line in _lines(place)}
        return {text: line for text, line in after.items() if text in before and before[text] != line}


def merge(previous: Script, edited: Script, fresh: Script) -> tuple[dict[str, ScriptChapter], Report]:
    """The fresh script with the person's corrections, under the fresh script's file names."""
    if not previous or not edited:
        return dict(fresh), Report()
    old, first = _what_became_of(_flatten(previous), _flatten(edited))
    new = [(name, place) for name, chapter in fresh.items() for place in _places(chapter)]
    merged: dict[str, list[_Place]] = {name: [] for name in fresh}
    merged[new[0][0]] += first
    report = _merge_into(merged, old, new)
    return {name: _chapter(places) for name, places in merged.items()}, report


def _merge_into(
    merged: dict[str, list[_Place]], old: Sequence[_Old], new: Sequence[tuple[str, _Place]]
) -> Report:
    kept = unchanged = changed = 0
    lost: list[str] = []
    matcher = _match([entry.written for entry in old], [place for _, place in new])
    for tag, i1, i2, j1, j2 in matcher:
        if tag == "equal":
            for entry, (name, place) in zip(old[i1:i2], new[j1:j2], strict=True):
                unchanged += 1
                kept += entry.touched
                merged[name] += entry.edited if entry.touched else [place]
            continue
        corrections = {text: line for entry in old[i1:i2] for text, line in entry.lines().items()}
        used: set[str] = set()
        for name, place in new[j1:j2]:
            changed += 1
            corrected = _redirect(place, corrections, used)
            kept += corrected != place
            merged[name].append(corrected)
        lost += [_describe(entry) for entry in old[i1:i2] if entry.touched and not used & set(entry.lines())]
    return Report(kept, unchanged, changed, tuple(lost))


def _what_became_of(written: Sequence[_Place], edited: Sequence[_Place]) -> tuple[list[_Old], list[_Place]]:
    """For each place that the program wrote, what the person has there now; and what the person put first."""
    old = [_Old(place) for place in written]
    first: list[_Place] = []
    for _, i1, i2, j1, j2 in _match(written, edited):
        pairs = min(i2 - i1, j2 - j1)
        for offset in range(pairs):
            old[i1 + offset].edited.append(edited[j1 + offset])
        # More than there was: it belongs to what stands before it.
        home = old[i1 + pairs - 1].edited if i1 + pairs else first
        home += edited[j1 + pairs : j2]
    return old, first


def _match(one: Sequence[_Place], other: Sequence[_Place]) -> list[tuple[str, int, int, int, int]]:
    """Opcodes between two sequences, by what is written; who says it does not count."""
    keys, other_keys = [_key(place) for place in one], [_key(place) for place in other]
    # A common beginning and end cost nothing: most books change in one place.
    start = 0
    while start < min(len(keys), len(other_keys)) and keys[start] == other_keys[start]:
        start += 1
    end = 0
    while end < min(len(keys), len(other_keys)) - start and keys[-1 - end] == other_keys[-1 - end]:
        end += 1
    last, other_last = len(keys) - end, len(other_keys) - end
    matcher = SequenceMatcher(None, keys[start:last], other_keys[start:other_last], autojunk=False)
    found: list[tuple[str, int, int, int, int]] = [("equal", 0, start, 0, start)]
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        found.append((tag, i1 + start, i2 + start, j1 + start, j2 + start))
    found.append(("equal", last, len(keys), other_last, len(other_keys)))
    return [code for code in found if code[1] < code[2] or code[3] < code[4]]


def _key(place: _Place) -> tuple[str, int, str]:
    match place:
        case Paragraph(lines, level):
            return ("paragraph", level, " ".join(line.text for line in lines))
        case _Title(line):
            return ("title", 0, line.text if line else "")
        case Pause(seconds):
            return ("pause", 0, str(seconds))
    return ("break", 0, "")


def _lines(place: _Place) -> tuple[Line, ...]:
    match place:
        case Paragraph(lines):
            return lines
        case _Title(Line() as line):
            return (line,)
    return ()


def _redirect(place: _Place, corrections: Mapping[str, Line], used: set[str]) -> _Place:
    """A changed paragraph in which the lines that are still the same get the person's direction."""
    if not isinstance(place, Paragraph) or not any(line.text in corrections for line in place.lines):
        return place
    used.update(line.text for line in place.lines)
    return replace(place, lines=tuple(corrections.get(line.text, line) for line in place.lines))


def _describe(entry: _Old) -> str:
    now = " / ".join(line.text for place in entry.edited for line in _lines(place))
    was = " / ".join(line.text for line in _lines(entry.written))
    return _shorten(now or f"(taken out) {was}")


def _shorten(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def _places(chapter: ScriptChapter) -> list[_Place]:
    return [_Title(chapter.title), *chapter.items]


def _flatten(script: Script) -> list[_Place]:
    return [place for chapter in script.values() for place in _places(chapter)]


def _chapter(places: Sequence[_Place]) -> ScriptChapter:
    """A chapter of what was gathered. A title that strayed into the middle is read as a line."""
    title: Line | None = None
    items: list[Item] = []
    for position, place in enumerate(places):
        if not isinstance(place, _Title):
            items.append(place)
        elif position == 0:
            title = place.line
        elif place.line is not None:
            items.append(Paragraph((place.line,)))
    return ScriptChapter(title, tuple(items))
