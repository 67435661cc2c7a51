"""The weaver: takes text, breaks and anchors in reading order and makes pieces of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from audiobook.book import BlockKind, ChapterKind, Skipped, Span
from audiobook.parsing.flow import (
    LINE,
    PLAIN,
    Flow,
    Link,
    Look,
    Piece,
    Place,
    Run,
    cut_spans,
    fold_runs,
    folded,
)
from audiobook.parsing.titles import is_label

_FULL_STOP = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_LONGEST_LINE = 250
_LONG_LINE = 90  # a line of verse or of an address is shorter than this
_ENDS_SENTENCE = re.compile(r"[.!?…。！？:;—][\"'”’»)\]]*$")
_SHORT_PICTURE = 40  # words for a picture that stands for a letter, a sign or a word in a sentence


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds a text: decides the kind of the block it opens."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    role: ChapterKind | None = None
    reason: str = ""
    group: int = 0
    verse: bool = False
    note: bool = False
    look: Look = PLAIN
    speaker: str = ""


@dataclass(slots=True)
class _Open:
    """The block that is being filled."""

    setting: Setting
    where: str
    runs: list[Run] = field(default_factory=list)
    anchors: list[tuple[str, int]] = field(default_factory=list)
    marks: list[tuple[int, Place]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)  # at: index of a run
    drops: list[int] = field(default_factory=list)  # runs that are drop caps


class Weaver:
    """Fills a flow, one file at a time."""

    def __init__(self, flow: Flow, file: str = "", *, wide: bool = False, pictures: bool = False) -> None:
        self.flow = flow
        self.file = file
        self.pieces: list[Piece] = []
        self.breaks = 0  # counts blocks and breaks, to see whether an element left anything
        self._wide = wide
        self._pictures = pictures
        self._block: _Open | None = None
        self._waiting: list[str] = []  # anchors that belong to the next text
        self._linked: list[Link] = []  # links that begin with the next text
        self._marked: list[Place] = []  # note marks that stand before the next text
        self._drop_cap = False

    def text(self, text: str, setting: Setting, line: int = 0) -> None:
        """A stretch of visible text."""
        if self._block is None:
            if text.isspace() or not text:
                return
            self._open(setting, line)
        assert self._block is not None
        if self._drop_cap:
            self._block.drops.append(len(self._block.runs))
            self._drop_cap = False
        self._block.runs.append(Run(text, setting.look))

    def filled(self) -> bool:
        """Whether the open block has a text already."""
        return self._block is not None and any(not run.text.isspace() for run in self._block.runs)

    def last_text(self) -> str:
        """The end of what the open block has so far."""
        if self._block is not None:
            for run in reversed(self._block.runs):
                if run.text.strip():
                    return run.text.rstrip()
        return ""

    def cell(self, setting: Setting) -> None:
        """The next cell of a table's row: a comma, unless the last one ends with a mark of its own."""
        last = self.last_text()
        if last and self._block is not None:
            runs = self._block.runs
            for index in range(len(runs) - 1, -1, -1):
                if not runs[index].text.isspace():
                    break
                runs[index] = runs[index]._replace(text="")
            self.text(", " if last[-1].isalnum() or last[-1] in ')]%"”’°' else " ", setting)

    def drop_cap(self) -> None:
        """The next text is a large first letter; a space after it is a matter of layout."""
        self._drop_cap = True

    def wordless(self, line: int) -> None:
        """A picture without any words: nothing can be spoken, but a person should know."""
        self.flow.skipped.append(Skipped("image without words", self.where(line), ""))

    def picture(self, words: str, setting: Setting, line: int = 0) -> None:
        """Words that stand for an image; what becomes of them is known when the block is complete."""
        if self._block is None:
            self._open(setting, line)
        assert self._block is not None
        self._block.runs.append(Run(words, setting.look, picture=True))

    def line_break(self) -> None:
        """`<br/>`, or the end of a line of verse."""
        if self._block is not None:
            self._block.runs.append(Run(LINE, line=True))

    def anchor(self, name: str) -> None:
        """A place that navigation or a note mark may point at."""
        if self._block is None:
            self._waiting.append(name)
        else:
            self._block.anchors.append((name, len(self._block.runs)))

    def mark(self, place: Place, text: str, line: int) -> None:
        """A note mark: not spoken, but a note may be put where it stood."""
        if self._block is not None:
            self._block.marks.append((len(self._block.runs), place))
        else:
            self._marked.append(place)
        self.skip("note mark", text, line)

    def link(self, place: Place, length: int) -> None:
        """The text that follows, so many characters of it, links to that place."""
        if self._block is not None:
            self._block.links.append(Link(len(self._block.runs), place, length))
        else:
            self._linked.append(Link(0, place, length))

    def skip(self, reason: str, text: str, line: int = 0) -> None:
        """Visible text inside a block that is not spoken."""
        words = folded(text)
        if words:
            self.flow.skipped.append(Skipped(reason, self.where(line), words))

    def lone(self, kind: BlockKind, line: int = 0, seconds: float = 0.0) -> None:
        """A scene break or a pause."""
        self.end()
        self._place(Piece(kind, [], self.where(line), file=self.file, seconds=seconds))

    def blank(self, line: int = 0) -> None:
        """An empty paragraph; may turn out to be a scene break."""
        self.end()
        self._place(Piece(BlockKind.PARAGRAPH, [], self.where(line), file=self.file))

    def where(self, line: int) -> str:
        """A place in the source, for people."""
        if self.file:
            return f"{self.file}:{line}" if line else self.file
        return f"line {line}" if line else ""

    def end(self) -> None:
        """The block is complete."""
        self._linked.clear()
        self._marked.clear()
        block, self._block = self._block, None
        self._drop_cap = False
        if block is None:
            return
        for index in block.drops:
            _heal(block.runs, index)
        runs, late = self._settle_pictures(block)
        spans, offsets = fold_runs(runs, self._wide)
        if not spans:
            self._waiting = [name for name, _ in block.anchors] + self._waiting
        else:
            total = sum(len(span.text) for span in spans)
            offsets.append(total)
            setting = block.setting
            piece = Piece(
                setting.kind,
                spans,
                block.where,
                setting.level,
                setting.role,
                setting.reason,
                setting.group,
                self.file,
                [(name, offsets[at]) for name, at in block.anchors],
                [(offsets[at], place) for at, place in block.marks],
                [link._replace(at=offsets[link.at]) for link in block.links],
                setting.note,
                setting.speaker,
            )
            self._place_lines(piece, verse=setting.verse)
        for words in late:
            self._place_figure(words, block)

    def close(self) -> list[Piece]:
        """All pieces of the file. Anchors at its very end stay with an empty piece."""
        self.end()
        if self._waiting:
            self.blank()
        return self.pieces

    def _open(self, setting: Setting, line: int) -> None:
        self._block = _Open(setting, self.where(line))
        self._block.anchors = [(name, 0) for name in self._waiting]
        self._block.links = list(self._linked)
        self._block.marks = [(0, place) for place in self._marked]
        self._waiting.clear()
        self._linked.clear()
        self._marked.clear()

    def _place(self, piece: Piece) -> None:
        if self._waiting:
            piece.anchors[:0] = [(name, 0) for name in self._waiting]
            self._waiting.clear()
        self.pieces.append(piece)
        self.breaks += 1

    def _settle_pictures(self, block: _Open) -> tuple[list[Run], list[str]]:
        """Which pictures are part of a sentence (or are the heading), and which stand for themselves."""
        if not any(run.picture for run in block.runs):
            return block.runs, []
        written = any(not run.picture and not run.text.isspace() for run in block.runs)
        heading = block.setting.kind is BlockKind.HEADING
        late: list[str] = []
        runs: list[Run] = []
        for run in block.runs:
            inside = len(run.text) <= _SHORT_PICTURE if written and not heading else heading and not written
            if run.picture and not inside:
                late.append(run.text)
                run = Run("", run.look)  # keeps the indices of anchors right
            runs.append(run)
        return runs, late

    def _place_figure(self, words: str, block: _Open) -> None:
        spans, _ = fold_runs([Run(words, block.setting.look)])
        if not spans:
            return
        reason = block.setting.reason or ("" if self._pictures else "image")
        self._place(
            Piece(
                BlockKind.FIGURE, spans, block.where, role=block.setting.role, reason=reason, file=self.file
            )
        )

    def _place_lines(self, piece: Piece, *, verse: bool) -> None:
        """A block with line breaks is a heading in several lines, verse, or several paragraphs."""
        text = piece.text
        if LINE not in text:
            self._place(piece)
            return
        if piece.kind is BlockKind.HEADING or (not verse and piece.kind in _ONE_LINE):
            self._place(_joined(piece))
            return
        lines = [line for line in text.split(LINE) if line.strip()]
        if verse or (_looks_like_verse(lines) and "\n\n" not in text):
            if piece.kind is BlockKind.PARAGRAPH or (verse and piece.kind is BlockKind.QUOTATION):
                piece.kind = BlockKind.VERSE
            if piece.kind is BlockKind.VERSE:
                self._place_stanzas(piece)
                return
        self._place_parts(piece, "\n")

    def _place_stanzas(self, piece: Piece) -> None:
        if "\n\n" in piece.text:
            self._place_parts(piece, "\n\n")
        else:
            self._place(piece)

    def _place_parts(self, piece: Piece, border: str) -> None:
        """One piece for each part; anchors and marks go with the part they stand in."""
        position, text = 0, piece.text
        bounds: list[tuple[int, int]] = []
        for part in text.split(border):
            if part.strip():
                bounds.append((position, position + len(part)))
            position += len(part) + len(border)
        for index, (start, end) in enumerate(bounds):
            low = 0 if index == 0 else bounds[index - 1][1] + 1
            high = len(text) + 1 if index == len(bounds) - 1 else end + 1
            part_piece = Piece(
                piece.kind,
                cut_spans(piece.spans, start, end),
                piece.where,
                piece.level,
                piece.role,
                piece.reason,
                piece.group,
                piece.file,
                [(name, max(0, at - start)) for name, at in piece.anchors if low <= at < high],
                [(max(0, at - start), place) for at, place in piece.marks if low <= at < high],
                [link._replace(at=max(0, link.at - start)) for link in piece.links if low <= link.at < high],
                piece.note,
                piece.speaker,
            )
            self._place(part_piece)


def _heal(runs: list[Run], index: int) -> None:
    """Join a drop cap to its word: “T he” is “The”, but “A long time” stays."""
    letter = runs[index].text.strip().lstrip("“‘\"'«„")
    following = next((at for at in range(index + 1, len(runs)) if runs[at].text.strip()), None)
    if following is None or len(letter) != 1 or letter in "AIOÀÉYaio":
        return
    runs[index] = runs[index]._replace(text=runs[index].text.rstrip())
    for at in range(index + 1, following + 1):
        if not runs[at].line:
            runs[at] = runs[at]._replace(text=runs[at].text.lstrip())


_ONE_LINE = (BlockKind.TABLE_ROW, BlockKind.CODE)


def _looks_like_verse(lines: list[str]) -> bool:
    """Short lines of which not all end like sentences: a poem or an address, not `<br/>` for paragraphs."""
    longest = max(map(len, lines), default=0)
    if len(lines) < 2 or longest > _LONGEST_LINE:
        return False
    if longest > _LONG_LINE:
        # Free verse: long lines, most of which run on.
        return sum(bool(_FULL_STOP.search(line)) for line in lines) * 2 < len(lines)
    return sum(bool(_ENDS_SENTENCE.search(line)) for line in lines[:-1]) * 3 < (len(lines) - 1) * 2


def _joined(piece: Piece) -> Piece:
    """The lines of a heading in one: “Chapter I”, “The Storm” become “Chapter I. The Storm”."""
    first = piece.text.partition(LINE)[0]
    spans = list(piece.spans)
    if is_label(first) and first[-1].isalnum():
        length = len(first)
        spans = [*cut_spans(spans, 0, length), Span(". "), *cut_spans(spans, length, len(piece.text))]
    runs = [
        Run(span.text.replace(LINE, " "), Look(span.language, span.hint, span.phonemes, span.alias))
        for span in spans
    ]
    piece.spans, _ = fold_runs(runs)
    piece._text = None
    return piece
