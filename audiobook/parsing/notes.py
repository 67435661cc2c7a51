"""Footnotes and endnotes: which pieces are the body of which mark, and what the policy makes of them.

What the book itself declares to be a note is left out under the policy "skip". What only looks like one,
because it leads back to a mark, stays where it stands (nothing is dropped on a guess) unless notes are
excluded by name; the other policies move it to its mark like any note.
"""

from __future__ import annotations

from dataclasses import replace

from audiobook.book import BlockKind, ChapterKind
from audiobook.parsing.flow import Flow, Piece, Place
from audiobook.parsing.options import ReadOptions

_LONGEST_NOTE = 40  # pieces


class NoteBook:
    """All notes of a book by the place their marks point at."""

    def __init__(self, flow: Flow, options: ReadOptions) -> None:
        self._options = options
        self._bodies: dict[Place, list[Piece]] = {}
        self._placed: set[int] = set()
        self._gather(flow)

    def _gather(self, flow: Flow) -> None:
        places = flow.places()
        marked = {place for piece in flow.pieces for _, place in piece.marks}
        starts = sorted({places[place][0] for place in marked if place in places})
        by_start: dict[int, list[Place]] = {}
        for place in marked:
            if place in places:
                by_start.setdefault(places[place][0], []).append(place)
        sources = _mark_places(flow)
        for at, start in enumerate(starts):
            end = starts[at + 1] if at + 1 < len(starts) else len(flow.pieces)
            body = _body(flow.pieces, start, end, sources)
            for place in by_start[start]:
                self._bodies[place] = body
            for piece in body:
                if piece.note or self._options.notes != "skip" or ChapterKind.NOTES in self._options.exclude:
                    _set_aside(piece)
        for piece in flow.pieces:
            if piece.note and piece.role is not ChapterKind.NOTES:
                _set_aside(piece)

    def take(self, place: Place) -> list[Piece]:
        """The note of a mark, for speaking; once, and only when the policy speaks notes."""
        if self._options.notes == "skip":
            return []
        body = [piece for piece in self._bodies.get(place, []) if id(piece) not in self._placed]
        self._placed.update(map(id, body))
        return [replace(piece, kind=BlockKind.NOTE, reason="", marks=[]) for piece in body]

    def was_placed(self, piece: Piece) -> bool:
        """Whether a piece that stands among the notes is spoken elsewhere."""
        return id(piece) in self._placed


def _set_aside(piece: Piece) -> None:
    if piece.role is not ChapterKind.NOTES and not piece.reason:
        piece.reason = "note"


def _mark_places(flow: Flow) -> dict[Place, set[Place]]:
    """For each anchor of a piece with marks: the notes that these marks point at."""
    found: dict[Place, set[Place]] = {}
    for piece in flow.pieces:
        if piece.marks:
            targets = {place for _, place in piece.marks}
            for name, _ in piece.anchors:
                found.setdefault((piece.file, name), set()).update(targets)
    return found


def _body(pieces: list[Piece], start: int, end: int, sources: dict[Place, set[Place]]) -> list[Piece]:
    """The pieces of a note: declared ones, those on a page of notes, or one that is nothing but a note."""
    body: list[Piece] = []
    first = pieces[start]
    for piece in pieces[start : min(end, start + _LONGEST_NOTE)]:
        if piece.file != first.file or piece.kind is BlockKind.HEADING or piece.silent:
            break
        if piece.note or piece.role is ChapterKind.NOTES:
            body.append(piece)
        else:
            break
    if not body and _points_back(first):
        body.append(first)
    return [piece for piece in body if piece.spans]


def _points_back(piece: Piece) -> bool:
    """An undeclared note begins with a mark of its own, which leads back to the text."""
    return bool(piece.marks) and piece.marks[0][0] == 0 and bool(piece.anchors)
