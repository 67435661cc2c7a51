"""What only the neighbourhood of a piece can tell: stanzas, scene breaks in disguise, lone drop caps."""

from __future__ import annotations

import re
from dataclasses import replace

from audiobook.book import BlockKind, Span
from audiobook.parsing.flow import Piece

_ORNAMENT = re.compile(
    r"[\s*•·∙●○◦■□▪▫◆◇❖❦❧☙✦✧★☆✶✻✽❀†‡§¶#~∼≈=_\-–—―⁂⁎⁑․….|/\\<>«»+xX×o0°¤◊◈✢✣✤✥✱✲✳⸎⸙⸻⸺※＊＃〇◎△▽▼▲]+"
)
_LETTERS_ONLY = re.compile(r"[xXoO0\s]+")
_LOWER = re.compile(r"[a-zà-öø-ÿ]")
_BREAK_WORDS = re.compile(
    r"^(?:scene|section|chapter)?["
    r" -]?(?:break|separator|divider)|^(?:ornament|decoration|asterism|fleuron)\b",
    re.I,
)
_LONGEST_ORNAMENT = 40
_PLAIN_LETTERS = frozenset("ABCDEFGHIJKLMNPQRSTUVWYZabcdefghijklmnpqrstuvwyz“‘")
_RARE = 0.12  # blank paragraphs are scene breaks when they are rarer than this share


def is_ornament(text: str) -> bool:
    """Only signs that part scenes: `* * *`, `#`, `⁂`, `~`, `x x x`."""
    if (
        not text
        or len(text) > _LONGEST_ORNAMENT
        or text[0] in _PLAIN_LETTERS
        or not _ORNAMENT.fullmatch(text)
    ):
        return False
    if _LETTERS_ONLY.fullmatch(text):
        return len(text.split()) >= 3
    return not any(character.isalnum() for character in text.strip("xXoO0 ")) and text.strip() not in (
        "-",
        "…",
        "...",
    )


def shape(pieces: list[Piece]) -> list[Piece]:
    """The pieces of one file, with what their neighbours say about them settled."""
    return _joined_stanzas(_settled_breaks(_joined_drop_caps(pieces)))


def _joined_drop_caps(pieces: list[Piece]) -> list[Piece]:
    """A first letter that floats in a block of its own goes back to its word."""
    result: list[Piece] = []
    for piece in pieces:
        last = result[-1] if result else None
        if (
            last is not None
            and last.kind is piece.kind is BlockKind.PARAGRAPH
            and 0 < len(last.text.lstrip("“‘\"'«„")) == 1
            and last.text[-1].isupper()
            and _LOWER.match(piece.text)
        ):
            shift = len(last.text)
            result[-1] = replace(
                last,
                spans=[*last.spans, *piece.spans],
                anchors=last.anchors + [(name, at + shift) for name, at in piece.anchors],
                marks=last.marks + [(at + shift, place) for at, place in piece.marks],
                links=last.links + [link._replace(at=link.at + shift) for link in piece.links],
                _text=None,
            )
        else:
            result.append(piece)
    return result


def _is_blank(piece: Piece) -> bool:
    return not piece.spans and not piece.silent


def _settled_breaks(pieces: list[Piece]) -> list[Piece]:
    """Ornaments and rare empty paragraphs are scene breaks; common empty ones are only layout."""
    written = sum(bool(piece.spans) for piece in pieces)
    blanks = sum(map(_is_blank, pieces))
    rare = blanks <= max(1.0, _RARE * written)
    result: list[Piece] = []
    for index, piece in enumerate(pieces):
        if _is_blank(piece):
            after = next((later for later in pieces[index + 1 :][:3] if later.spans), None)
            before = result[-1] if result else None
            between = before is not None and after is not None and _is_prose(before) and _is_prose(after)
            kind = BlockKind.SCENE_BREAK if rare and between else BlockKind.PARAGRAPH
            result.append(replace(piece, kind=kind))
        elif piece.kind in (
            BlockKind.PARAGRAPH,
            BlockKind.QUOTATION,
            BlockKind.HEADING,
            BlockKind.VERSE,
            BlockKind.FIGURE,
        ) and (
            is_ornament(piece.text) or (piece.kind is BlockKind.FIGURE and _BREAK_WORDS.match(piece.text))
        ):
            result.append(replace(piece, kind=BlockKind.SCENE_BREAK, spans=[], reason="", _text=None))
        else:
            result.append(piece)
    return result


def _is_prose(piece: Piece) -> bool:
    return piece.kind is BlockKind.PARAGRAPH and bool(piece.spans) and len(piece.text) > 20


def _joined_stanzas(pieces: list[Piece]) -> list[Piece]:
    """Lines of one stanza that are blocks in the source become one block of verse."""
    result: list[Piece] = []
    for piece in pieces:
        last = result[-1] if result else None
        if (
            last is not None
            and piece.group
            and last.group == piece.group
            and last.kind is piece.kind is BlockKind.VERSE
            and (last.reason, last.role, last.note) == (piece.reason, piece.role, piece.note)
            and "\n" not in piece.text
        ):
            shift = len(last.text) + 1
            last.spans = [*last.spans, Span("\n"), *piece.spans]
            last.anchors += [(name, at + shift) for name, at in piece.anchors]
            last.marks += [(at + shift, place) for at, place in piece.marks]
            last.links += [link._replace(at=link.at + shift) for link in piece.links]
            last._text = None
        else:
            result.append(piece)
    return result
