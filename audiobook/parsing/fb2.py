"""FictionBook 2: turned into the elements of a page, then read as one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from audiobook.book import Book, Cover, Metadata
from audiobook.errors import BookError
from audiobook.parsing.finishing import finish
from audiobook.parsing.flow import Flow, folded
from audiobook.parsing.markup import Element, local_name, parse_xml
from audiobook.parsing.metadata import image_type, is_isbn
from audiobook.parsing.options import ReadOptions
from audiobook.parsing.outline import outline
from audiobook.parsing.shape import shape
from audiobook.parsing.xhtml import Page, PageReader

_XLINK = "{http://www.w3.org/1999/xlink}href"
_NAMES = {
    "emphasis": "em",
    "strikethrough": "s",
    "cite": "blockquote",
    "text-author": "p",
    "subtitle": "h6",
    "v": "p",
    "style": "span",
    "annotation": "div",
    "image": "span",
}


def _convert(body: Element) -> None:
    """Rename elements in place; FB2 has a word of its own for each."""
    notes = body.get("name") in ("notes", "comments", "footnotes")
    for element in list(body.iter()):
        name = local_name(element.tag)
        if name == "title":
            _convert_title(element, in_note=notes)
        elif name in ("poem", "stanza"):
            element.tag = "div"
            element.set("class", name)
        elif name == "empty-line":
            element.tag = "p"
        elif name == "epigraph":
            element.tag = "blockquote"
        elif name == "a":
            element.set("href", element.get(_XLINK) or element.get("href") or "")
            if element.get("type") == "note":
                element.set("role", "doc-noteref")
        elif name == "section" and notes and element.get("id"):
            element.tag = "aside"
            element.set("role", "doc-footnote")
        else:
            element.tag = _NAMES.get(name, name or "span")
    body.tag = "body"
    if notes:
        body.set("role", "doc-endnotes")


def _convert_title(element: Element, *, in_note: bool) -> None:
    """A title's paragraphs are the lines of one heading; the title of a note is its mark."""
    if in_note and any(local_name(parent.tag) in ("section", "aside") for parent in element.iterancestors()):
        element.tag = "a"
        element.set("role", "doc-backlink")
        return
    depth = sum(local_name(parent.tag) == "section" for parent in element.iterancestors())
    element.tag = f"h{min(6, depth + 1)}"
    lines = [child for child in element if local_name(child.tag) == "p"]
    for index, line in enumerate(lines):
        line.tag = "span"
        if index + 1 < len(lines):
            line.append(etree.Element("br"))


def _texts(root: Element, *path: str) -> list[str]:
    nodes = [root]
    for name in path:
        nodes = [child for node in nodes for child in node if local_name(child.tag) == name]
    return [words for node in nodes if (words := folded("".join(node.itertext())))]


def _person(root: Element, kind: str) -> tuple[str, ...]:
    people = []
    for node in root:
        if local_name(node.tag) == kind:
            names = [
                name for part in ("first-name", "middle-name", "last-name") for name in _texts(node, part)
            ]
            people.append(" ".join(names) or " ".join(_texts(node, "nickname")))
    return tuple(filter(None, people))


def _metadata(root: Element) -> Metadata:
    description = next((node for node in root if local_name(node.tag) == "description"), None)
    if description is None:
        return Metadata()
    info = next((node for node in description if local_name(node.tag) == "title-info"), description)
    sequence = next((node for node in info if local_name(node.tag) == "sequence"), None)
    first: Callable[..., str] = lambda *path: next(iter(_texts(description, *path)), "")  # noqa: E731
    isbn = first("publish-info", "isbn")
    return Metadata(
        title=next(iter(_texts(info, "book-title")), ""),
        authors=_person(info, "author"),
        translators=_person(info, "translator"),
        language=next(iter(_texts(info, "lang")), ""),
        publisher=first("publish-info", "publisher"),
        date=first("publish-info", "year") or next(iter(_texts(info, "date")), ""),
        description="\n".join(_texts(info, "annotation", "p")) or "\n".join(_texts(info, "annotation")),
        series=(sequence.get("name") or "") if sequence is not None else "",
        series_part=(sequence.get("number") or "") if sequence is not None else "",
        genres=tuple(_texts(info, "genre")),
        isbn=isbn.replace("-", "") if is_isbn(isbn) else "",
        cover=_cover(root, info),
    )


def _cover(root: Element, info: Element) -> Cover | None:
    page = next((node for node in info if local_name(node.tag) == "coverpage"), None)
    image = (
        next((node for node in page if local_name(node.tag) == "image"), None) if page is not None else None
    )
    if image is None:
        return None
    name = (image.get(_XLINK) or "").lstrip("#")
    for node in root:
        if local_name(node.tag) == "binary" and node.get("id") == name:
            try:
                data = base64.b64decode(node.text or "")
            except (binascii.Error, ValueError):
                return None
            kind = image_type(data)
            return Cover(data, kind) if kind else None
    return None


def read_fb2(path: Path, data: bytes, options: ReadOptions) -> Book:
    """A FictionBook file. Raises BookError."""
    root = parse_xml(data)
    if root is None or local_name(root.tag) != "fictionbook":
        raise BookError(f"{path.name}: the FictionBook file is damaged beyond reading")
    metadata = _metadata(root)
    flow = Flow()
    for body in [node for node in root if local_name(node.tag) == "body"]:
        _convert(body)
        reader = PageReader(Page("", metadata.language), options, flow)
        flow.pieces += shape(reader.read(body).pieces)
    plan = outline(flow.pieces, metadata.title)
    return finish(flow, metadata, options, plan.entries, path.name)
