"""The package of an EPUB: read, brought to version 3 where it is older, written again."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, unquote

from lxml import etree

from audiobook.assembly.readalong.modernizing import modernize_page
from audiobook.errors import BookError

OPF = "http://www.idpf.org/2007/opf"
DC = "http://purl.org/dc/elements/1.1/"
OPS = "http://www.idpf.org/2007/ops"
XHTML = "http://www.w3.org/1999/xhtml"
_CONTAINER = "urn:oasis:names:tc:opendocument:xmlns:container"
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_XML = "{http://www.w3.org/XML/1998/namespace}"
_DECLARED = (
    ("{http://www.w3.org/2000/svg}svg", "svg"),
    ("{http://www.w3.org/1998/Math/MathML}math", "mathml"),
    (f"{{{XHTML}}}script", "scripted"),
)
"""What a page holds that version 3 wants to be told of."""

_KEPT_ENTITIES = {b"amp", b"lt", b"gt", b"quot", b"apos"}
_MOST = 64 << 20  # bytes of one page
_UNDATED = "2000-01-01T00:00:00Z"


def parse_xml(data: bytes) -> Any:
    """An XML document; HTML's names for characters are known. Raises BookError."""

    def character(match: re.Match[bytes]) -> bytes:
        if match[1] in _KEPT_ENTITIES:
            return match[0]
        text = html5.get(f"{match[1].decode()};", "")
        return "".join(f"&#{ord(each)};" for each in text).encode() or match[0]

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(_ENTITY.sub(character, data), parser)
    except etree.XMLSyntaxError as error:
        raise BookError(f"a page of the book is not well-formed: {error}") from error


def to_bytes(root: Any, *, page: bool = False) -> bytes:
    """The document as UTF-8; a page with the plain doctype of EPUB 3."""
    if not page:
        return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
    body = etree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n{body}\n'.encode()


@dataclass(slots=True)
class Package:
    """An open EPUB. Documents that change are kept in `changed`, new ones too."""

    archive: zipfile.ZipFile
    path: str  # of the package document
    opf: Any
    changed: dict[str, bytes] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)

    @property
    def folder(self) -> str:
        """Where the package document lies."""
        return posixpath.dirname(self.path)

    @property
    def manifest(self) -> Any:
        """Its manifest."""
        return self.opf.find(f"{{{OPF}}}manifest")

    @property
    def metadata(self) -> Any:
        """Its metadata."""
        return self.opf.find(f"{{{OPF}}}metadata")

    def items(self) -> Iterator[Any]:
        """Items of the manifest."""
        yield from self.manifest.findall(f"{{{OPF}}}item")

    def full(self, href: str) -> str:
        """The path in the archive of an item."""
        return posixpath.normpath(posixpath.join(self.folder, unquote(href)))

    def read(self, path: str) -> bytes:
        """A file. Raises BookError."""
        if path in self.changed:
            return self.changed[path]
        try:
            if self.archive.getinfo(path).file_size > _MOST:
                raise BookError(f"{path} is too large for a page")
            return self.archive.read(path)
        except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
            raise BookError(f"{path} of the book cannot be read: {error}") from error

    def pages(self) -> Iterator[tuple[Any, str]]:
        """Items of the reading order that are pages, with their paths; no tables of contents."""
        by_id = {item.get("id"): item for item in self.items()}
        spine = self.opf.find(f"{{{OPF}}}spine")
        for reference in spine.findall(f"{{{OPF}}}itemref"):
            item = by_id.get(reference.get("idref"))
            if item is None or item.get("media-type") != "application/xhtml+xml":
                continue
            if "nav" not in item.get("properties", "").split():
                yield item, self.full(item.get("href", ""))

    def add(self, name: str, path: str, media_type: str, **attributes: str) -> Any:
        """Put a file into the manifest."""
        item = etree.SubElement(self.manifest, f"{{{OPF}}}item")
        item.set("id", name)
        item.set("href", quote(posixpath.relpath(path, self.folder or ".")))
        item.set("media-type", media_type)
        for key, value in attributes.items():
            item.set(key.replace("_", "-"), value)
        return item

    def tell(self, name: str, text: str, refines: str = "") -> None:
        """A `meta` element."""
        meta = etree.SubElement(self.metadata, f"{{{OPF}}}meta")
        meta.set("property", name)
        if refines:
            meta.set("refines", f"#{refines}")
        meta.text = text


def open_package(source: Path) -> Package:
    """Open an EPUB. Raises BookError."""
    try:
        archive = zipfile.ZipFile(source)
        container = parse_xml(archive.read("META-INF/container.xml"))
        path = container.find(f".//{{{_CONTAINER}}}rootfile").get("full-path")
        return Package(archive, path, parse_xml(archive.read(path)))
    except (OSError, KeyError, AttributeError, zipfile.BadZipFile, RuntimeError) as error:
        raise BookError(f"{source} cannot be opened as an EPUB: {error}") from error


def _strip_overlays(package: Package) -> None:
    """Take out overlays that the book came with: their sound is not ours."""
    for item in list(package.items()):
        item.attrib.pop("media-overlay", None)
        if item.get("media-type") == "application/smil+xml":
            package.dropped.add(package.full(item.get("href", "")))
            package.manifest.remove(item)
    for meta in package.metadata.findall(f"{{{OPF}}}meta"):
        if meta.get("property", "").startswith("media:"):
            package.metadata.remove(meta)


def modernize(package: Package, titles: list[tuple[str, str]]) -> None:
    """Make a package ready for overlays: none of its own, a date of change, and a navigation document.

    `titles` are (title, path of a page, with a fragment or without), for a book without such a document.
    """
    _strip_overlays(package)
    metas = package.metadata.findall(f"{{{OPF}}}meta")
    if not any(meta.get("property") == "dcterms:modified" for meta in metas):
        package.tell("dcterms:modified", _UNDATED)
    if not any("nav" in item.get("properties", "").split() for item in package.items()):
        path = posixpath.join(package.folder, "read-along-nav.xhtml")
        package.changed[path] = _navigation(titles, posixpath.dirname(path))
        package.add("read-along-nav", path, "application/xhtml+xml", properties="nav")


def upgrade(package: Package) -> None:
    """From version 2 to 3: attributes that are gone, one date only, and pages that HTML allows today."""
    if package.opf.get("version", "").startswith("3"):
        return
    package.opf.set("version", "3.0")
    for element in package.metadata.iter():
        for name in [key for key in element.attrib if key.startswith("{") and not key.startswith(_XML)]:
            del element.attrib[name]
    for extra in package.metadata.findall(f"{{{DC}}}date")[1:]:
        package.metadata.remove(extra)
    for item in package.items():
        path = package.full(item.get("href", ""))
        if item.get("media-type") == "application/xhtml+xml" and path in package.archive.namelist():
            root = parse_xml(package.read(path))
            modernize_page(root)
            present = [name for tag, name in _DECLARED if next(root.iter(tag), None) is not None]
            if present:
                item.set("properties", " ".join(present))
            package.changed[path] = to_bytes(root, page=True)


def _navigation(titles: list[tuple[str, str]], folder: str) -> bytes:
    root = etree.Element(f"{{{XHTML}}}html", nsmap={None: XHTML, "epub": OPS})
    head = etree.SubElement(root, f"{{{XHTML}}}head")
    etree.SubElement(head, f"{{{XHTML}}}title").text = "Contents"
    nav = etree.SubElement(etree.SubElement(root, f"{{{XHTML}}}body"), f"{{{XHTML}}}nav")
    nav.set(f"{{{OPS}}}type", "toc")
    entries = etree.SubElement(nav, f"{{{XHTML}}}ol")
    for title, place in titles:
        path, mark, fragment = place.partition("#")
        link = etree.SubElement(etree.SubElement(entries, f"{{{XHTML}}}li"), f"{{{XHTML}}}a")
        link.set("href", quote(posixpath.relpath(path, folder or ".")) + mark + fragment)
        link.text = title or "…"
    return to_bytes(root, page=True)


def _entry(name: str, compress: bool) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    return info


def write_package(package: Package, file: IO[bytes], sounds: Iterator[tuple[str, bytes]]) -> None:
    """Write the book again: what changed, what did not, and the sound."""
    package.changed[package.path] = to_bytes(package.opf)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(_entry("mimetype", False), b"application/epub+zip")
        done = {"mimetype"} | package.dropped
        for info in package.archive.infolist():
            if info.filename in done or info.is_dir():
                continue
            done.add(info.filename)
            data = package.changed.pop(info.filename, None)
            archive.writestr(
                _entry(info.filename, True), package.archive.read(info) if data is None else data
            )
        for name, data in sorted(package.changed.items()):
            archive.writestr(_entry(name, True), data)
        for name, data in sounds:
            archive.writestr(_entry(name, False), data)
