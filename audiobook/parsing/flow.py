"""The flow: a source as one long row of pieces in reading order, before it is cut into chapters.

Every parser pours its text into a `Weaver`; what comes out is the same for all formats. A piece is a block
that still knows its anchors (so that navigation can point into the middle of it), its note marks, and why
it is not spoken, if it is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from audiobook.book import BlockKind, ChapterKind, Hint, Skipped, Span

Place = tuple[str, str]
"""A file of the source and the id of an element in it."""

_UNSEEN = dict.fromkeys(
    map(ord, "\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
_LIGATURES = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
}  # fmt: skip
_TYPOGRAPHY = str.maketrans({**_UNSEEN, **_LIGATURES})
_NEEDS_CARE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufb00-\ufb06]")
_SPACE = re.compile(r"\s+")
_WIDE = "\u2e80-\u303f\u3040-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"
_WIDE_BREAK = re.compile(f"(?<=[{_WIDE}])[ \\t]*\\r?\\n\\s*(?=[{_WIDE}])")
LINE = "\n"


class Look(NamedTuple):
    """What the markup says about a run of text beyond its letters."""

    language: str = ""
    hint: Hint = Hint.NONE
    phonemes: str = ""
    alias: str = ""


PLAIN = Look()


class Run(NamedTuple):
    """A stretch of text as it stood in the source; `picture` marks the words that stand for an image, `line`
    the end of a line that the author meant (a line end in the source is only white space)."""

    text: str
    look: Look = PLAIN
    picture: bool = False
    line: bool = False


class Link(NamedTuple):
    """A link in the text: where it begins, what it points at, and how long its words are."""

    at: int
    place: Place
    length: int


@dataclass(slots=True)
class Piece:
    """A block in the making."""

    kind: BlockKind
    spans: list[Span]
    where: str = ""
    level: int = 0
    role: ChapterKind | None = None  # what the markup says this part of the book is
    reason: str = ""  # why it is not spoken; "" when it is
    group: int = 0  # pieces of the same stanza, table or list share a number
    file: str = ""
    anchors: list[tuple[str, int]] = field(default_factory=list)
    marks: list[tuple[int, Place]] = field(default_factory=list)  # note marks that stood here
    links: list[Link] = field(default_factory=list)
    note: bool = False  # the markup declares it a note
    speaker: str = ""
    style: str = ""
    seconds: float = 0.0
    _text: str | None = None

    @property
    def text(self) -> str:
        """Visible text."""
        if self._text is None:
            self._text = "".join(span.text for span in self.spans)
        return self._text

    @property
    def silent(self) -> bool:
        """A break or a pause, which has no text by nature."""
        return self.kind in (BlockKind.SCENE_BREAK, BlockKind.PAUSE)


@dataclass(slots=True)
class Flow:
    """A whole source, poured."""

    pieces: list[Piece] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def places(self) -> dict[Place, tuple[int, int]]:
        """Where each anchor is: index of the piece and offset in its text."""
        found: dict[Place, tuple[int, int]] = {}
        for index, piece in enumerate(self.pieces):
            for name, offset in piece.anchors:
                found.setdefault((piece.file, name), (index, offset))
        return found


def tidy(text: str) -> str:
    """Without invisible characters and typographic ligatures; otherwise as written."""
    return text.translate(_TYPOGRAPHY) if _NEEDS_CARE.search(text) else text


def folded(text: str) -> str:
    """One line, single spaces, no invisible characters: for titles and metadata."""
    return _SPACE.sub(" ", tidy(text)).strip()


def cut_spans(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """The part of the text between two offsets, trimmed of white space at both ends."""
    parts: list[Span] = []
    position = 0
    for span in spans:
        low, high = max(start, position), min(end, position + len(span.text))
        if low < high:
            parts.append(replace(span, text=span.text[low - position : high - position]))
        position += len(span.text)
    return trim_spans(parts)


def trim_spans(parts: list[Span]) -> list[Span]:
    """Without white space at the two ends."""
    while parts and not (first := parts[0].text.lstrip()):
        parts.pop(0)
    if parts and first != parts[0].text:
        parts[0] = replace(parts[0], text=first)
    while parts and not (last := parts[-1].text.rstrip()):
        parts.pop()
    if parts and last != parts[-1].text:
        parts[-1] = replace(parts[-1], text=last)
    return parts


def _folded_text(text: str, wide: bool) -> str:
    return _SPACE.sub(" ", tidy(_WIDE_BREAK.sub("", text) if wide and "\n" in text else text))


def _fold_one(run: Run, wide: bool) -> list[Span]:
    """Most paragraphs are a single run; they need no bookkeeping."""
    text = _folded_text(run.text, wide).strip()
    return [Span(text, *run.look)] if text else []


def fold_runs(runs: Sequence[Run], wide: bool = False) -> tuple[list[Span], list[int]]:
    """Spans with single spaces, and for each run the offset at which it begins.

    White space is folded across runs: `<b>a </b> <i>b</i>` has one space between its words. A run that is
    a line break takes the spaces around it away. `wide` drops line ends between Chinese and Japanese letters.
    """
    if len(runs) == 1 and not runs[0].line:
        return _fold_one(runs[0], wide), [0]
    texts: list[list[str]] = []
    looks: list[Look] = []
    offsets: list[int] = []
    length, last = 0, " "
    for run in runs:
        if run.line:
            text = LINE
            if last == " " and texts and texts[-1]:
                # The space that was kept before the break is not needed any more.
                stripped = texts[-1][-1].rstrip(" ")
                length -= len(texts[-1][-1]) - len(stripped)
                texts[-1][-1] = stripped
        else:
            text = _folded_text(run.text, wide)
            if text[:1] == " " and last in " \n":
                text = text[1:]
        offsets.append(length)
        if not text:
            continue
        if looks and looks[-1] == run.look:
            texts[-1].append(text)
        else:
            texts.append([text])
            looks.append(run.look)
        length += len(text)
        last = text[-1]
    return _spans(texts, looks, length, offsets)


def _spans(
    texts: list[list[str]], looks: list[Look], length: int, offsets: list[int]
) -> tuple[list[Span], list[int]]:
    spans = [Span("".join(parts), *look) for parts, look in zip(texts, looks, strict=True)]
    lead = 0
    for span in spans:
        body = span.text.lstrip()
        lead += len(span.text) - len(body)
        if body:
            break
    spans = trim_spans([span for span in spans if span.text])
    total = sum(len(span.text) for span in spans)
    return spans, [min(max(0, offset - lead), total) for offset in offsets]


def split_piece(piece: Piece, offset: int) -> tuple[Piece, Piece]:
    """Two pieces, cut before the character at `offset`; anchors and marks go with their text."""
    text = piece.text
    skip = len(text[offset:]) - len(text[offset:].lstrip())
    start = offset + skip
    head = replace(
        piece,
        spans=cut_spans(piece.spans, 0, offset),
        anchors=[(name, at) for name, at in piece.anchors if at < offset],
        marks=[(at, place) for at, place in piece.marks if at <= offset],
        links=[link for link in piece.links if link.at < offset],
        _text=None,
    )
    tail = replace(
        piece,
        spans=cut_spans(piece.spans, start, len(text)),
        anchors=[(name, max(0, at - start)) for name, at in piece.anchors if at >= offset],
        marks=[(max(0, at - start), place) for at, place in piece.marks if at > offset],
        links=[link._replace(at=max(0, link.at - start)) for link in piece.links if link.at >= offset],
        _text=None,
    )
    return head, tail
