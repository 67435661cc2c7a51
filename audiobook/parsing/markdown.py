"""Markdown: CommonMark with tables and footnotes, YAML front matter, and HTML comments as direction.

<!-- voice: Alice -->        the next block is spoken by Alice
<!-- style: whispering -->   … in that manner
<!-- voice begin: Alice --> … <!-- voice end -->   all blocks in between
<!-- pause: 2s -->           silence
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from audiobook.book import BlockKind, Book, Hint, Metadata
from audiobook.errors import BookError
from audiobook.files import storage
from audiobook.parsing.archive import Archive
from audiobook.parsing.encodings import decode_text
from audiobook.parsing.finishing import finish
from audiobook.parsing.flow import Flow, Piece
from audiobook.parsing.frontmatter import FrontMatter, metadata_of, split_front_matter, voices_of
from audiobook.parsing.markup import local_name, parse_page
from audiobook.parsing.options import ReadOptions
from audiobook.parsing.outline import outline
from audiobook.parsing.shape import shape
from audiobook.parsing.weaver import Setting, Weaver
from audiobook.parsing.xhtml import Page, PageReader

_COMMENT = re.compile(r"<!--(.*?)-->", re.S)
_DIRECTION = re.compile(r"\s*(voice|style|pause)(?:\s+(begin|end))?\s*(?::\s*(.*?))?\s*\Z", re.S | re.I)
_SECONDS = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|sec|seconds?)?\Z", re.I)
_LONGEST_PAUSE = 60.0
_LINE_TAG = re.compile(r"<br\s*/?>\Z", re.I)
SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).use(footnote_plugin)


@dataclass(slots=True)
class _Direction:
    """What comments ask for: for the next block, and for all until an end."""

    speaker: str = ""
    style: str = ""

    def over(self, other: _Direction) -> _Direction:
        """This direction where it says something, else the other one."""
        return _Direction(self.speaker or other.speaker, self.style or other.style)


class MarkdownReader:
    """Pours one Markdown text into a flow."""

    def __init__(self, flow: Flow, file: str, options: ReadOptions, language: str, first_line: int) -> None:
        self.flow = flow
        self.file = file
        self.options = options
        self.language = language
        wide = language.partition("-")[0].lower() in ("zh", "ja", "ko")
        self.weaver = Weaver(flow, file, wide=wide, pictures=options.figures == "alt")
        self._offset = first_line
        self._line = 0
        self._settings: list[Setting] = [Setting()]
        self._next = _Direction()
        self._lasting = _Direction()
        self._directed = 0  # pieces up to here have their direction
        self._list_depth = 0
        self._columns: list[str] = []
        self._inline: dict[str, Callable[[Token], None]] = {
            "text": lambda token: self._text(token.content),
            "code_inline": lambda token: self._text(token.content, Hint.VERBATIM),
            "softbreak": lambda token: self._text("\n"),
            "hardbreak": lambda token: self.weaver.line_break(),
            "html_inline": self._html_inline,
            "image": lambda token: self._picture(token),
            "footnote_ref": self._footnote_mark,
        }

    def read(self, text: str) -> list[Piece]:
        """All pieces of the text."""
        tokens = _parser().parse(text)
        for at, token in enumerate(tokens):
            if token.map:
                self._line = token.map[0] + 1 + self._offset
            self._block(token, tokens, at)
        self._direct()
        return shape(self.weaver.close())

    # --- blocks --------------------------------------------------------------------------------------------

    def _block(self, token: Token, tokens: Sequence[Token], at: int) -> None:
        kind = token.type
        if kind == "inline":
            self._inlines(token.children or [])
        elif kind in ("fence", "code_block"):
            self._code(token.content)
        elif kind == "hr":
            self._end()
            self.weaver.lone(BlockKind.SCENE_BREAK, self._line)
        elif kind == "html_block":
            self._end()
            self._html_block(token.content)
        elif kind.endswith("_open"):
            self._open(token, tokens, at)
        elif kind.endswith("_close"):
            self._close(token)

    def _open(self, token: Token, tokens: Sequence[Token], at: int) -> None:
        setting = self._settings[-1]
        name = token.type.removesuffix("_open")
        if name == "heading":
            setting = replace(setting, kind=BlockKind.HEADING, level=int(token.tag[1]))
        elif name == "paragraph":
            verse = at + 1 < len(tokens) and _is_verse(tokens[at + 1].children or [])
            setting = replace(setting, verse=verse)
        elif name == "blockquote":
            setting = replace(setting, kind=BlockKind.QUOTATION)
        elif name in ("bullet_list", "ordered_list"):
            self._list_depth += 1
        elif name == "list_item":
            setting = replace(setting, kind=BlockKind.LIST_ITEM, level=self._list_depth)
        elif name == "tr":
            reason = "table" if self.options.tables == "skip" else ""
            setting = replace(setting, kind=BlockKind.TABLE_ROW, reason=reason)
        elif name in ("th", "td"):
            self.weaver.cell(setting)
        elif name == "footnote":
            setting = replace(setting, kind=BlockKind.NOTE, note=True)
            self._end()
            self.weaver.anchor(_note_name(token))
        if name not in ("th", "td", "thead", "tbody"):
            self._end()
        self._settings.append(setting)

    def _close(self, token: Token) -> None:
        self._settings.pop()
        name = token.type.removesuffix("_close")
        if name in ("bullet_list", "ordered_list"):
            self._list_depth -= 1
        if name not in ("th", "td", "thead", "tbody"):
            self._end()

    def _end(self) -> None:
        self.weaver.end()
        self._direct()

    def _direct(self) -> None:
        """Give the author's direction to the blocks that are complete."""
        fresh = [piece for piece in self.weaver.pieces[self._directed :] if piece.spans]
        self._directed = len(self.weaver.pieces)
        direction = self._next.over(self._lasting)
        for piece in fresh:
            piece.speaker, piece.style = direction.speaker, direction.style
        if fresh:
            self._next = _Direction()

    def _code(self, content: str) -> None:
        self._end()
        reason = "code" if self.options.code == "skip" else ""
        setting = replace(self._settings[-1], kind=BlockKind.CODE, reason=reason)
        for part in re.split(r"\n\s*\n", content):
            self.weaver.text(part, setting, self._line)
            self._end()

    # --- inline --------------------------------------------------------------------------------------------

    def _inlines(self, tokens: Iterable[Token]) -> None:
        for token in tokens:
            handle = self._inline.get(token.type)
            if handle is not None:
                handle(token)
            elif token.type in ("em_open", "strong_open"):
                look = self._settings[-1].look._replace(hint=Hint.EMPHASIS)
                self._settings.append(replace(self._settings[-1], look=look))
            elif token.type in ("em_close", "strong_close"):
                self._settings.pop()

    def _text(self, text: str, hint: Hint | None = None) -> None:
        setting = self._settings[-1]
        if hint is not None:
            setting = replace(setting, look=setting.look._replace(hint=hint))
        self.weaver.text(text, setting, self._line)

    def _picture(self, token: Token) -> None:
        if token.content:
            self.weaver.picture(token.content, self._settings[-1], self._line)
        else:
            self.weaver.wordless(self._line)

    def _footnote_mark(self, token: Token) -> None:
        self.weaver.mark(
            (self.file, _note_name(token)), str(token.meta.get("label") or token.meta.get("id")), self._line
        )

    def _html_inline(self, token: Token) -> None:
        if _LINE_TAG.match(token.content):
            self.weaver.line_break()
        for match in _COMMENT.finditer(token.content):
            self._obey(match[1])

    # --- HTML and direction ------------------------------------------------------------------------------

    def _html_block(self, content: str) -> None:
        for match in _COMMENT.finditer(content):
            self._obey(match[1])
        rest = _COMMENT.sub("", content)
        if not rest.strip():
            return
        root, _ = parse_page(f"<body>{rest}</body>".encode())
        if root is None:
            return
        body = next((element for element in root.iter() if local_name(element.tag) == "body"), root)
        reader = PageReader(Page(self.file, self.language), self.options, self.flow)
        pieces = reader.read(body).pieces
        for piece in pieces:
            piece.where = self.weaver.where(self._line)
        self.weaver.pieces += pieces
        self._direct()

    def _obey(self, comment: str) -> None:
        """A comment that is a direction; any other one is the author's own business."""
        match = _DIRECTION.match(comment)
        if match is None:
            return
        key, scope, value = match[1].lower(), (match[2] or "").lower(), match[3] or ""
        if key == "pause":
            self._pause(value)
        elif scope == "end":
            self._end()
            setattr(self._lasting, "speaker" if key == "voice" else "style", "")
        else:
            if scope == "begin":
                self._end()
            target = self._lasting if scope == "begin" else self._next
            setattr(target, "speaker" if key == "voice" else "style", value)

    def _pause(self, value: str) -> None:
        match = _SECONDS.match(value.strip())
        if match is None:
            self.flow.warnings.append(
                f"{self.weaver.where(self._line)}: not a pause: “{value[:40]}”; write 2s or 500ms"
            )
            return
        seconds = float(match[1]) / (1000 if (match[2] or "").lower() == "ms" else 1)
        self._end()
        self.weaver.lone(BlockKind.PAUSE, self._line, min(seconds, _LONGEST_PAUSE))


def _note_name(token: Token) -> str:
    return f"note {token.meta.get('label') or token.meta.get('id')}"


def _is_verse(children: Sequence[Token]) -> bool:
    """Every line of the paragraph ends with a hard break: its author meant lines."""
    kinds = [child.type for child in children]
    return "hardbreak" in kinds and "softbreak" not in kinds


# --- sources ----------------------------------------------------------------------------------------------


def _picture_beside(folder: Path) -> Callable[[str], bytes]:
    def read(path: str) -> bytes:
        with storage("read the cover", folder / path):
            return (folder / path).read_bytes()

    return read


def _assemble(flow: Flow, front: FrontMatter, metadata: Metadata, options: ReadOptions, name: str) -> Book:
    plan = outline(flow.pieces, metadata.title)
    metadata = replace(metadata, title=metadata.title or plan.title or Path(name).stem)
    files: dict[str, int] = {}
    for index, piece in enumerate(flow.pieces):
        files.setdefault(piece.file, index)
    return finish(
        flow, metadata, options, plan.entries, name, files=files, trusted=True, voices=voices_of(front)
    )


def read_markdown(path: Path, data: bytes, options: ReadOptions) -> Book:
    """A Markdown file. Raises BookError."""
    text = decode_text(data, path.name).replace("\r\n", "\n").replace("\r", "\n")
    front, body = split_front_matter(text, path.name)
    metadata = metadata_of(front, _picture_beside(path.parent), path.name)
    flow = Flow()
    flow.pieces = MarkdownReader(flow, "", options, metadata.language, front.lines).read(body)
    return _assemble(flow, front, metadata, options, path.name)


def _natural(name: str) -> list[object]:
    """Sorts `2.md` before `10.md`."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name.casefold())]


def _is_manuscript(name: str) -> bool:
    base = name.rpartition("/")[2]
    return base.lower().endswith(SUFFIXES) and not base.startswith((".", "_")) and base.lower() not in (
        "readme.md", "license.md", "changelog.md", "contributing.md", "summary.md",
    )  # fmt: skip


def read_many(
    name: str, texts: Sequence[tuple[str, bytes]], read_picture: Callable[[str], bytes], options: ReadOptions
) -> Book:
    """Several Markdown files, in the order of their names, as one book. Raises BookError."""
    ordered = sorted(
        ((file, data) for file, data in texts if _is_manuscript(file)), key=lambda item: _natural(item[0])
    )
    if not ordered:
        raise BookError(f"{name}: no Markdown files (.md) in it")
    flow, front, metadata = Flow(), FrontMatter(), Metadata()
    for file, data in ordered:
        text = decode_text(data, file).replace("\r\n", "\n")
        own, body = split_front_matter(text, file)
        if own.values and not front.values:
            front, metadata = own, metadata_of(own, read_picture, file)
        flow.pieces += MarkdownReader(flow, file, options, metadata.language, own.lines).read(body)
    return _assemble(flow, front, metadata, options, name)


def read_folder(path: Path, options: ReadOptions) -> Book:
    """A folder of Markdown files. Raises BookError or StorageError."""
    texts: list[tuple[str, bytes]] = []
    left = options.limits.total_bytes
    with storage("read", path):
        files = sorted(file for file in path.rglob("*") if file.is_file() and _is_manuscript(file.name))
        for file in files[: options.limits.documents]:
            left -= file.stat().st_size
            if left < 0:
                raise BookError(
                    f"{path.name}: the files are larger than {options.limits.total_bytes >> 20} MB together"
                )
            texts.append((file.relative_to(path).as_posix(), file.read_bytes()))
    return read_many(path.name, texts, _picture_beside(path), options)


def read_zip(archive: Archive, options: ReadOptions) -> Book:
    """A ZIP of Markdown files. Raises BookError."""
    texts = [(name, archive.read(name)) for name in archive.names if _is_manuscript(name)]

    def read_picture(path: str) -> bytes:
        found = archive.find(path) or next(
            (name for name in archive.names if name.endswith("/" + path)), None
        )
        if found is None:
            raise BookError(f"{archive.path.name}: the cover {path} is not in the archive")
        return archive.read(found)

    return read_many(archive.path.name, texts, read_picture, options)
