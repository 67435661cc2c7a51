"""Plain text: paragraphs, headings, verse and italics found in what was typed for a screen or a printer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from audiobook.book import BlockKind, Book, ChapterKind, Hint, Metadata
from audiobook.errors import BookError
from audiobook.parsing import gutenberg, matter
from audiobook.parsing.encodings import decode_text
from audiobook.parsing.finishing import finish
from audiobook.parsing.flow import Flow, Piece, folded
from audiobook.parsing.options import ReadOptions
from audiobook.parsing.outline import outline
from audiobook.parsing.shape import shape
from audiobook.parsing.titles import MATTER, PART, bare_number, is_label, looks_like_heading
from audiobook.parsing.weaver import Setting, Weaver

_UNDERSCORED = re.compile(r"(?<![\w_])_(?=\S)([^_\n]*(?:\n[^_\n]*){0,12}?)(?<=\S)_(?![\w_])")
_ILLUSTRATION = re.compile(r"\[\s*(?:Illustration|Frontispiece|Cover)\b[:.]?\s*([^\[\]]*)\]", re.I)
_FOOTNOTE = re.compile(r"\[\s*Footnote\s+([\w*†‡]+)\s*:\s*(.*?)\]\s*\Z", re.S | re.I)
_MARK = re.compile(r"\[(\d{1,4}|[A-Z]|\*|†|‡)\]")
_PAGE = re.compile(r"\[(?:Pg|Page|p\.)\s*[\divxlc]+\]|\{\d{1,4}\}", re.I)
_HEADER = re.compile(
    r"^(Title|Author|Translator|Illustrator|Language|Release date|Credits|Editor):"
    r"\s*(.+(?:\n[ \t]+\S.*)*)",
    re.M | re.I,
)
_LANGUAGES = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt",
    "dutch": "nl",
    "russian": "ru", "chinese": "zh", "japanese": "ja", "finnish": "fi", "swedish": "sv",
    "danish": "da", "greek": "el",
    "latin": "la", "polish": "pl", "hungarian": "hu", "czech": "cs", "esperanto": "eo",
    "catalan": "ca", "tagalog": "tl",
}  # fmt: skip
_LONG_LINE = 160  # lines of this length are whole paragraphs
_SHORT_HEADING = 80
_VERSE_SHARE = 0.8  # of the page's width; lines of verse stay below it
_CONTENTS_GAP = 60  # characters between two entries of a list of contents


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a text was typed."""

    width: int  # of its wrapped lines; 0 when each line is a paragraph
    indented: bool  # paragraphs begin with an indent, not after an empty line


@dataclass(slots=True)
class _Chunk:
    """Lines between two borders of paragraphs."""

    lines: list[str]
    line: int  # number of the first one in the source
    gap: int  # empty lines before it


def _layout(lines: list[str]) -> _Layout:
    written = [line for line in lines if line.strip()]
    if not written:
        return _Layout(0, False)
    lengths = sorted(map(len, written))
    long_lines = sum(length > _LONG_LINE for length in lengths)
    width = lengths[int(len(lengths) * 0.95)]
    empty = len(lines) - len(written)
    indents = sum(bool(re.match(r"[ \t\u3000]+\S", line)) for line in written)
    wrapped = long_lines * 50 < len(written) or width < _LONG_LINE
    if empty * 12 < len(written):
        return _Layout(width if wrapped and indents else 0, bool(indents) and indents * 20 > len(written))
    return _Layout(width if wrapped else 0, False)


def _chunks(lines: list[str], layout: _Layout) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    gap, open_chunk = 1, False
    for number, raw in enumerate(lines, 1):
        line = raw.replace("\t", "    ").rstrip()
        if not line.strip():
            gap, open_chunk = gap + 1, False
            continue
        starts = not open_chunk or layout.width == 0 or (layout.indented and line[0] in " \u3000")
        if starts:
            chunks.append(_Chunk([line], number, gap))
        else:
            chunks[-1].lines.append(line)
        gap, open_chunk = 0, True
    return chunks


def _is_verse(lines: list[str], layout: _Layout) -> bool:
    """Several short lines that begin like verse, or stand further in than the page does."""
    if len(lines) < 2 or not layout.width or layout.indented:
        return False
    bodies = [line.strip() for line in lines]
    if max(map(len, bodies)) > _VERSE_SHARE * layout.width:
        return False
    if all(line[0] == " " for line in lines):
        return True
    capitals = sum(body.lstrip("\"“‘'_(—-")[:1].isupper() for body in bodies)
    return (
        len(lines) >= 3 and capitals >= 0.75 * len(lines) and max(map(len, bodies[:-1])) < 0.72 * layout.width
    )


def _heading_level(chunk: _Chunk, layout: _Layout) -> int:
    """1 for parts, 2 for chapters, 0 for what is no heading."""
    text = folded(" ".join(chunk.lines)).strip("_* ")
    if (
        not text
        or not text[0].isalnum()
        or len(text) > _SHORT_HEADING
        or len(chunk.lines) > 3
        or chunk.gap == 0
    ):
        return 0
    if looks_like_heading(text):
        return (
            1
            if PART.match(text) and chunk.gap >= 1 and not text.lower().startswith(("act", "section"))
            else 2
        )
    if matter.by_title(text.rstrip(".")) is not None or MATTER.match(text):
        return (
            2 if len(chunk.lines) == 1 and (text.isupper() or text.istitle() or len(text.split()) < 3) else 0
        )
    if is_label(text) and bare_number(text) and len(chunk.lines) == 1:
        return 3
    shouted = text.isupper() and sum(map(str.isalpha, text)) >= 3 and text[-1] not in ",;:!?"
    return 4 if shouted and chunk.gap >= 2 and len(chunk.lines) <= 2 and not text.startswith("[") else 0


class TextReader:
    """Pours a plain text into a flow."""

    def __init__(self, flow: Flow, options: ReadOptions, language: str) -> None:
        wide = language.partition("-")[0].lower() in ("zh", "ja", "ko")
        self.flow = flow
        self.weaver = Weaver(flow, "", wide=wide, pictures=options.figures == "alt")
        self._marks: set[str] = set()

    def read(self, text: str, first_line: int = 0) -> list[Piece]:
        """All pieces of the text."""
        lines = text.split("\n")
        layout = _layout(lines)
        chunks = _chunks(lines, layout)
        self._marks = {
            match[1] for chunk in chunks if (match := _FOOTNOTE.match("\n".join(chunk.lines).strip()))
        }
        for chunk in chunks:
            chunk.line += first_line
            self._chunk(chunk, layout)
        return shape(self.weaver.close())

    def _chunk(self, chunk: _Chunk, layout: _Layout) -> None:
        self.weaver.end()
        text = "\n".join(chunk.lines)
        footnote = _FOOTNOTE.match(text.strip())
        level = _heading_level(chunk, layout)
        if footnote:
            self.weaver.anchor(f"note {footnote[1]}")
            self._words(footnote[2], Setting(kind=BlockKind.NOTE, note=True), chunk.line)
        elif level:
            self._words(" ".join(map(str.strip, chunk.lines)), Setting(BlockKind.HEADING, level), chunk.line)
        elif _is_verse(chunk.lines, layout):
            self._verse(chunk)
        else:
            self._words(text, Setting(), chunk.line)
        self.weaver.end()

    def _verse(self, chunk: _Chunk) -> None:
        setting = Setting(verse=True)
        for index, line in enumerate(chunk.lines):
            if index:
                self.weaver.line_break()
            self._words(line, setting, chunk.line + index)

    def _words(self, text: str, setting: Setting, line: int) -> None:
        """Text with its italics; pictures, page numbers and note marks taken out and listed."""
        position = 0
        emphasis = setting.look._replace(hint=Hint.EMPHASIS)
        for match in _UNDERSCORED.finditer(text):
            self._plain(text[position : match.start()], setting, line)
            self._plain(match[1], replace(setting, look=emphasis), line)
            position = match.end()
        self._plain(text[position:], setting, line)

    def _plain(self, text: str, setting: Setting, line: int) -> None:
        position = 0
        for match in _ASIDES.finditer(text):
            if match[0].startswith("[") and _MARK.fullmatch(match[0]) and match[0][1:-1] not in self._marks:
                continue
            if match.start() > position:
                self.weaver.text(text[position : match.start()], setting, line)
            self._aside(match[0], setting, line)
            position = match.end()
        if position < len(text):
            self.weaver.text(text[position:], setting, line)

    def _aside(self, text: str, setting: Setting, line: int) -> None:
        picture = _ILLUSTRATION.fullmatch(text)
        if picture and picture[1].strip():
            self.weaver.end()
            self.weaver.picture(picture[1], setting, line)
            self.weaver.end()
        elif picture:
            self.weaver.wordless(line)
        elif _MARK.fullmatch(text):
            self.weaver.mark(("", f"note {text[1:-1]}"), text, line)
        else:
            self.weaver.skip("page number", text, line)


_ASIDES = re.compile(
    "|".join(
        pattern.pattern.replace("(\\d{1,4}|[A-Z]|\\*|†|‡)", "(?:\\d{1,4}|[A-Z]|\\*|†|‡)")
        for pattern in (_ILLUSTRATION, _MARK, _PAGE)
    ),
    re.I,
)


# --- headings ---------------------------------------------------------------------------------------------


def _settle_headings(pieces: list[Piece]) -> None:
    """Keep the kinds of heading that make sense together; mark the list of contents."""
    _drop_contents(pieces)
    heads = [piece for piece in pieces if piece.kind is BlockKind.HEADING]
    labelled = sum(piece.level in (1, 2) and looks_like_heading(piece.text) for piece in heads)
    numbers = [bare_number(piece.text) for piece in heads if piece.level == 3]
    counting = (
        len(numbers) >= 2
        and numbers[0] == 1
        and sum(b == a + 1 or b == 1 for a, b in pairwise(numbers)) >= 0.8 * (len(numbers) - 1)
    )
    before: Piece | None = None
    for piece in pieces:
        if piece.kind is BlockKind.HEADING:
            directly = before is not None and before.kind is BlockKind.HEADING
            if piece.level == 3 and not counting:
                piece.kind, piece.level = BlockKind.PARAGRAPH, 0
            elif piece.level == 4 and labelled >= 2:
                piece.level = 5 if not directly else 6
        if piece.spans:
            before = piece


def _drop_contents(pieces: list[Piece]) -> None:
    """Headings that follow each other without text between them are a list of contents."""
    run: list[int] = []
    distance = 0
    for index, piece in enumerate([*pieces, Piece(BlockKind.PARAGRAPH, [])]):
        heading = piece.kind is BlockKind.HEADING
        if heading and distance <= _CONTENTS_GAP:
            run.append(index)
            distance = 0
        elif heading or index == len(pieces) or distance + len(piece.text) > _CONTENTS_GAP:
            if len(run) >= 5:
                _demote(pieces, run[:-1] if not heading else run)
            run, distance = ([index], 0) if heading else ([], len(piece.text))
        else:
            distance += len(piece.text)


def _demote(pieces: list[Piece], run: list[int]) -> None:
    for piece in pieces[run[0] : run[-1] + 1]:
        piece.role = ChapterKind.CONTENTS
        if piece.kind is BlockKind.HEADING:
            piece.kind, piece.level = BlockKind.PARAGRAPH, 0


# --- metadata ---------------------------------------------------------------------------------------------


def _header(text: str) -> Metadata:
    """What Project Gutenberg's header says."""
    found = {match[1].lower(): folded(match[2]) for match in _HEADER.finditer(text[:6000])}
    language = found.get("language", "").lower()
    date = re.search(r"\b(\d{4})\b", found.get("release date", ""))
    authors = tuple(filter(None, (name.strip() for name in found.get("author", "").split(" and "))))
    return Metadata(
        title=found.get("title", ""),
        authors=authors,
        translators=tuple(filter(None, (found.get("translator", ""),))),
        language=_LANGUAGES.get(language, ""),
        date=date[1] if date else "",
    )


_ORIGINAL = re.compile(r"^(?:by|von|par|por)\s+(.{3,60})\Z", re.I)


def _from_opening(pieces: list[Piece], stem: str) -> Metadata:
    """Title and author from the first lines: a short line, and “by …” under it."""
    opening = [piece for piece in pieces[:4] if piece.spans]
    for first, second in pairwise(opening):
        author = _ORIGINAL.match(second.text)
        if author and len(first.text) <= _SHORT_HEADING:
            return Metadata(title=first.text, authors=(author[1].strip(" ."),))
    return Metadata(title=stem.replace("_", " ").strip())


def read_plaintext(path: Path, data: bytes, options: ReadOptions) -> Book:
    """A plain text file. Raises BookError."""
    text = decode_text(data, path.name).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    framed = gutenberg.START.search(text[:60_000])
    metadata = _header(text) if framed or _HEADER.search(text[:2000]) else Metadata()
    flow = Flow()
    body, license_pieces = gutenberg.split_text(text)
    flow.pieces = TextReader(flow, options, metadata.language).read(body.text, body.first_line)
    if not any(piece.spans for piece in flow.pieces):
        raise BookError(f"{path.name}: no text to speak")
    flow.skipped += license_pieces
    if framed:
        gutenberg.mark_credits(flow.pieces)
    if not metadata.title:
        metadata = _from_opening(flow.pieces, path.stem)
    _settle_headings(flow.pieces)
    plan = outline(flow.pieces, metadata.title)
    return finish(flow, metadata, options, plan.entries, path.name)
