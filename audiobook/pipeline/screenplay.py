"""From Book and attribution to Script: pure functions. No character of the book is added or lost here.

The whole book is laid out as one text, blocks separated by a blank line, so that attribution sees
conversations across blocks; what it finds comes back as spans of that text and is cut at block borders.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from audiobook.book import Block, BlockKind, Book, Hint
from audiobook.normalization import HintSpan
from audiobook.script import (
    NARRATOR,
    Item,
    Line,
    Paragraph,
    Pause,
    SceneBreak,
    ScriptChapter,
    file_name,
    fold,
)
from audiobook.segmentation import Cut, SegmentLimits, segments
from audiobook.speakers import Quote

UNKNOWN = "?"
"""The name of a speaker nobody could be found for; spoken with the narrator's voice."""

SEPARATOR = "\n\n"
_MANNERS = {
    BlockKind.LETTER: "letter",
    BlockKind.VERSE: "verse",
    BlockKind.NOTE: "note",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """The book as one text, and where each block begins in it (characters)."""

    text: str
    starts: tuple[int, ...]
    blocks: tuple[Block, ...]


def lay_out(book: Book) -> Layout:
    """All blocks with text, in order. Headings take part: they end conversations."""
    blocks = tuple(block for chapter in book.chapters for block in chapter.blocks if block.text)
    starts = []
    position = 0
    for block in blocks:
        starts.append(position)
        position += len(block.text) + len(SEPARATOR)
    return Layout(SEPARATOR.join(block.text for block in blocks), tuple(starts), blocks)


def cuts_by_block(layout: Layout, quotes: Sequence[Quote]) -> dict[int, list[Cut]]:
    """Speeches and thoughts as cuts inside each block; a speech over several blocks becomes several."""
    found: dict[int, list[Cut]] = {}
    for quote in quotes:
        if quote.kind == "other":
            continue
        index = max(0, bisect.bisect_right(layout.starts, quote.start) - 1)
        while index < len(layout.blocks) and layout.starts[index] < quote.end:
            offset, size = layout.starts[index], len(layout.blocks[index].text)
            start, end = max(quote.start - offset, 0), min(quote.end - offset, size)
            if start < end:
                found.setdefault(index, []).append(
                    Cut(
                        start, end, _speaker(quote), quote.style, "thought" if quote.kind == "thought" else ""
                    )
                )
            index += 1
    return found


def _speaker(quote: Quote) -> str:
    if quote.speaker is None:
        return UNKNOWN
    return NARRATOR if quote.speaker == "_narr" else quote.speaker


@dataclass(frozen=True, slots=True)
class Manner:
    """How the screenplay of one book is written."""

    language: str
    limits: SegmentLimits = field(default_factory=SegmentLimits)
    directions: bool = True  # keep the styles that attribution found in the narration


def _language_at(block: Block, start: int, end: int) -> str:
    """The language that covers a whole piece of a block, where it differs from the book's."""
    position = 0
    for span in block.spans:
        if position <= start and end <= position + len(span.text):
            return span.language
        position += len(span.text)
    return ""


class _Writer:
    """Writes the items of a book and gathers, line by line, what its markup says about reading."""

    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self.hints: dict[str, tuple[HintSpan, ...]] = {}

    def lines(self, block: Block, cuts: Sequence[Cut]) -> Iterator[Line]:
        text, manner = block.text, self.manner
        if block.speaker or block.style:  # the author's own direction outranks what was inferred
            cuts = [Cut(0, len(text), block.speaker or NARRATOR, block.style, "")]
        marked = _hint_spans(block)
        for piece in segments(text, manner.language, manner.limits, cuts):
            written = text[piece.start : piece.end]
            if not fold(written):
                continue
            start = piece.start + len(written) - len(written.lstrip())
            end = start + len(written.strip())
            language = _language_at(block, start, end)
            kind = piece.kind or _MANNERS.get(block.kind, "")
            attributes = [("lang", language)] if language and language != manner.language else []
            attributes += [("kind", kind)] if kind else []
            style = piece.style if manner.directions or block.style else ""
            line = Line(written, piece.speaker, style, tuple(attributes))
            inside = [
                replace(s, start=s.start - start, end=s.end - start)
                for s in marked
                if start <= s.start and s.end <= end
            ]
            if inside and len(line.text) == end - start:  # folding moved nothing
                self.hints[line.text] = tuple(inside)
            yield line

    def items(self, block: Block, cuts: Sequence[Cut]) -> Iterator[Item]:
        match block.kind:
            case BlockKind.SCENE_BREAK:
                yield SceneBreak()
            case BlockKind.PAUSE:
                yield Pause(min(block.seconds, 3600.0))
            case BlockKind.HEADING if fold(block.text):
                yield Paragraph((Line(block.text),), min(6, max(2, block.level)))
            case _:
                lines = tuple(self.lines(block, cuts))
                if lines:
                    yield Paragraph(lines)


@dataclass(frozen=True, slots=True)
class Screenplay:
    """File name → chapter in reading order, and line → hints of the source's markup.

    A line finds its hints by its own text, so they survive every edit of other lines.
    """

    chapters: dict[str, ScriptChapter]
    hints: dict[str, tuple[HintSpan, ...]]


def screenplay(book: Book, quotes: Sequence[Quote], manner: Manner) -> Screenplay:
    """Write the script of a book. `quotes` are spans of `lay_out(book).text`."""
    cuts = cuts_by_block(lay_out(book), quotes)
    writer = _Writer(manner)
    chapters: dict[str, ScriptChapter] = {}
    index = 0
    for number, chapter in enumerate(book.chapters, 1):
        items: list[Item] = []
        for block in chapter.blocks:
            items.extend(writer.items(block, cuts.get(index, ()) if block.text else ()))
            index += bool(block.text)
        title = Line(chapter.title) if fold(chapter.title) else None
        chapters[file_name(number, chapter.title, len(book.chapters))] = ScriptChapter(title, tuple(items))
    return Screenplay(chapters, writer.hints)


def _hint_spans(block: Block) -> list[HintSpan]:
    found = []
    position = 0
    for span in block.spans:
        end = position + len(span.text)
        reads = span.hint not in (Hint.NONE, Hint.EMPHASIS) or span.phonemes or span.alias
        if reads and span.text.strip():
            found.append(HintSpan(position, end, span.hint, span.phonemes, span.alias, span.language))
        position = end
    return found
