"""Makes small EPUBs, right or wrong in any way a test asks for. All words are our own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>"
)
NAMESPACES = (
    'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
    'xmlns:ssml="http://www.w3.org/2001/10/synthesis"'
)


def page(body: str, head: str = "", attributes: str = "") -> str:
    """An XHTML page around a body."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<html {NAMESPACES}><head><title>x</title>{head}</head>'
        f"<body {attributes}>{body}</body></html>"
    )


def chapter(title: str, *paragraphs: str) -> str:
    """A page with a heading and paragraphs."""
    return page(f"<h2>{escape(title)}</h2>" + "".join(f"<p>{escape(text)}</p>" for text in paragraphs))


@dataclass
class EpubMaker:
    """A book in the making; every part can be replaced by something broken."""

    pages: dict[str, str | bytes] = field(default_factory=dict)
    toc: Sequence[tuple[str, str]] | None = None  # (title, href); None: one entry for each page
    metadata: str = (
        "<dc:title>The Lamp</dc:title><dc:creator>Ada Quill</dc:creator><dc:language>en</dc:language>"
    )
    files: dict[str, str | bytes] = field(default_factory=dict)  # whole path → content
    manifest: str = ""  # further items
    spine: str | None = None
    ncx: bool = False  # an EPUB 2 table of contents instead of a nav
    media_type: str = "application/xhtml+xml"
    guide: str = ""

    def entries(self) -> list[tuple[str, str]]:
        """The table of contents."""
        if self.toc is not None:
            return list(self.toc)
        return [(f"Chapter {number}", name) for number, name in enumerate(self.pages, 1)]

    def nav(self) -> str:
        """The EPUB 3 navigation document."""
        items = "".join(f'<li><a href="{href}">{escape(title)}</a></li>' for title, href in self.entries())
        return page(f'<nav epub:type="toc"><h1>Contents</h1><ol>{items}</ol></nav>')

    def ncx_text(self) -> str:
        """The EPUB 2 navigation."""
        points = "".join(
            f'<navPoint id="n{number}"><navLabel><text>{escape(title)}</text></navLabel><content'
            f' src="{href}"/></navPoint>'
            for number, (title, href) in enumerate(self.entries())
        )
        return f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{points}</navMap></ncx>'

    def opf(self) -> str:
        """The package document."""
        items = "".join(
            f'<item id="p{number}" href="{name}" media-type="{self.media_type}"/>'
            for number, name in enumerate(self.pages)
        )
        toc_item = (
            '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
            if self.ncx
            else '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        )
        spine = self.spine
        if spine is None:
            spine = "".join(f'<itemref idref="p{number}"/>' for number in range(len(self.pages)))
        toc = ' toc="ncx"' if self.ncx else ""
        return (
            '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"'
            ' unique-identifier="id">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">'
            f"{self.metadata}</metadata><manifest>{toc_item}{items}{self.manifest}</manifest>"
            f"<spine{toc}>{spine}</spine>{self.guide}</package>"
        )

    def members(self) -> dict[str, str | bytes]:
        """Every file of the archive."""
        members: dict[str, str | bytes] = {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OPS/book.opf": self.opf(),
        }
        members |= {"OPS/toc.ncx": self.ncx_text()} if self.ncx else {"OPS/nav.xhtml": self.nav()}
        members |= {f"OPS/{name.partition('#')[0]}": content for name, content in self.pages.items()}
        return members | self.files

    def build(self) -> bytes:
        """The archive."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.members().items():
                archive.writestr(name, content)
        return buffer.getvalue()

    def write(self, folder: Path, name: str = "book.epub") -> Path:
        """The archive as a file."""
        path = folder / name
        path.write_bytes(self.build())
        return path
