"""A single HTML page, and a Word document by way of one."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from audiobook.book import Book, Metadata
from audiobook.errors import BookError, MissingDependency
from audiobook.parsing import gutenberg
from audiobook.parsing.archive import Archive
from audiobook.parsing.finishing import finish
from audiobook.parsing.flow import Flow, folded
from audiobook.parsing.markup import Element, local_name, parse_page, parse_xml
from audiobook.parsing.options import ReadOptions
from audiobook.parsing.outline import outline
from audiobook.parsing.shape import shape
from audiobook.parsing.styles import read_styles
from audiobook.parsing.xhtml import Page, PageReader


def _from_tree(path: Path, root: Element, metadata: Metadata, options: ReadOptions) -> Book:
    styles = ["".join(element.itertext()) for element in root.iter() if local_name(element.tag) == "style"]
    body = next((element for element in root.iter() if local_name(element.tag) == "body"), root)
    flow = Flow()
    page = Page("", metadata.language, styles=read_styles(styles))
    flow.pieces = shape(PageReader(page, options, flow).read(body).pieces)
    gutenberg.mark_license(flow.pieces)
    plan = outline(flow.pieces, metadata.title)
    metadata = replace(metadata, title=metadata.title or plan.title or path.stem)
    return finish(flow, metadata, options, plan.entries, path.name)


def _html_metadata(root: Element) -> Metadata:
    title, author, language = (
        "",
        "",
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
    )
    for element in root.iter():
        name = local_name(element.tag)
        if name == "title" and not title:
            title = folded("".join(element.itertext()))
        elif name == "meta" and (element.get("name") or "").lower() in ("author", "dc.creator"):
            author = author or folded(element.get("content") or "")
        elif name == "body":
            break
    return Metadata(title=title, authors=(author,) if author else (), language=language)


def read_html(path: Path, data: bytes, options: ReadOptions) -> Book:
    """A web page. Raises BookError."""
    root, _ = parse_page(data)
    if root is None:
        raise BookError(f"{path.name}: the page is empty")
    return _from_tree(path, root, _html_metadata(root), options)


def read_docx(archive: Archive, data: bytes, options: ReadOptions) -> Book:
    """A Word document, through mammoth. Raises BookError or MissingDependency."""
    path = archive.path
    try:
        import mammoth
    except ImportError as error:
        raise MissingDependency("reading Word documents needs mammoth: pip install mammoth") from error
    metadata = _core_properties(archive)
    for name in archive.names:
        # Every part is unpacked once within our bounds before mammoth, which knows none, unpacks it.
        if name.endswith((".xml", ".rels")):
            archive.read(name)
    try:
        page = mammoth.convert_to_html(io.BytesIO(data)).value
    except Exception as error:
        raise BookError(f"{path.name}: the Word document is damaged: {error}") from error
    root, _ = parse_page(f"<html><body>{page}</body></html>".encode())
    if root is None:
        raise BookError(f"{path.name}: no text to speak")
    return _from_tree(path, root, metadata, options)


def _core_properties(archive: Archive) -> Metadata:
    name = archive.find("docProps/core.xml")
    root = parse_xml(archive.read(name)) if name else None
    values: dict[str, str] = {}
    for element in root.iter() if root is not None else []:
        values.setdefault(local_name(element.tag), folded(element.text or ""))
    author = values.get("creator", "")
    return Metadata(
        title=values.get("title", ""),
        authors=(author,) if author else (),
        language=values.get("language", ""),
        description=values.get("description", ""),
    )
