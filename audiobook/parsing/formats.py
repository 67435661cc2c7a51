"""The door: which reader a source needs, told by its content; the name only breaks ties."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from audiobook.book import Book
from audiobook.errors import BookError
from audiobook.files import read_bytes, storage
from audiobook.parsing.options import ReadOptions

_HEAD = 1 << 13
_CONVERT = "convert it to EPUB first, for instance with calibre"
_FOREIGN: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF", 0, f"a PDF has pages, not chapters; {_CONVERT}"),
    (b"BOOKMOBI", 60, f"a Kindle book (MOBI or AZW) cannot be read; {_CONVERT}"),
    (b"TPZ", 0, f"a Kindle Topaz book cannot be read; {_CONVERT}"),
    (b"\xea\x44\x52\x4d\x49\x4f\x4e", 0, "a Kindle book under DRM cannot be read"),
    (b"ITOLITLS", 0, f"a LIT book cannot be read; {_CONVERT}"),
    (b"ITSF", 0, f"a CHM file cannot be read; {_CONVERT}"),
    (b"{\\rtf", 0, "an RTF document cannot be read; save it as DOCX or plain text"),
    (b"\xd0\xcf\x11\xe0", 0, "an old Word document (.doc) cannot be read; save it as DOCX"),
    (b"AT&TFORM", 0, "a DjVu file holds scanned pages; it needs text recognition first"),
    (b"Rar!", 0, "a RAR archive cannot be read; unpack it first"),
    (b"7z\xbc\xaf", 0, "a 7z archive cannot be read; unpack it first"),
    (b"\x1f\x8b", 0, "a gzip file cannot be read; unpack it first"),
    (b"\xff\xd8\xff", 0, "a picture is not a book"),
    (b"\x89PNG", 0, "a picture is not a book"),
    (b"ID3", 0, "this is a sound file already"),
)
_MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
_ATX = re.compile(rb"^#{1,6} +\S", re.M)
_SETEXT_FREE = re.compile(rb"\A(?:\xef\xbb\xbf)?---\r?\n[\s\S]{0,8000}?^(?:---|\.\.\.)\s*$", re.M)
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]", re.I)


def read_book(path: Path, options: ReadOptions = ReadOptions()) -> Book:  # noqa: B008 - a frozen value
    """Read any source. Raises BookError, EncryptedBook or StorageError, each with one clear line."""
    path = Path(path)
    with storage("read", path):
        folder = path.is_dir()
        size = path.stat().st_size
    if folder:
        return _read_folder(path, options)
    with storage("read", path), path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise BookError(f"{path.name}: the file is empty")
    if head.startswith(b"PK"):
        return _read_archive(path, options)
    if size > options.limits.total_bytes:
        raise BookError(
            f"{path.name}: {size >> 20} MB are more than a book has; raise the limit if it is one"
        )
    for magic, at, message in _FOREIGN:
        if head[at : at + len(magic)] == magic:
            raise BookError(f"{path.name}: {message}")
    return _reader_of(path, head)(path, read_bytes(path), options)


def _reader_of(path: Path, head: bytes) -> Callable[[Path, bytes, ReadOptions], Book]:
    """The reader for a file of text, by its first bytes."""
    from audiobook.parsing.encodings import is_binary

    plain = head if not is_binary(head) else head.replace(b"\0", b"")
    if b"<FictionBook" in plain:
        from audiobook.parsing.fb2 import read_fb2

        return read_fb2
    if _HTML.search(plain[:2048]):
        from audiobook.parsing.webpage import read_html

        return read_html
    if (
        path.suffix.lower() in _MARKDOWN_SUFFIXES
        or _SETEXT_FREE.match(plain)
        or len(_ATX.findall(plain)) >= 2
    ):
        from audiobook.parsing.markdown import read_markdown

        return read_markdown
    from audiobook.parsing.plaintext import read_plaintext

    return read_plaintext


def _read_archive(path: Path, options: ReadOptions) -> Book:
    from audiobook.parsing.archive import Archive

    with Archive(path, options.limits) as archive:
        names = [name.lower() for name in archive.names]
        if "word/document.xml" in names:
            from audiobook.parsing.webpage import read_docx

            return read_docx(archive, read_bytes(path), options)
        if any(name.endswith((".opf", "meta-inf/container.xml")) for name in names) or "mimetype" in names:
            from audiobook.parsing.epub import EpubReader

            return EpubReader(archive, options).read()
        fictions = [name for name in archive.names if name.lower().endswith(".fb2")]
        if fictions:
            from audiobook.parsing.fb2 import read_fb2

            return read_fb2(path, archive.read(fictions[0]), options)
        if any(name.endswith(_MARKDOWN_SUFFIXES) for name in names):
            from audiobook.parsing.markdown import read_zip

            return read_zip(archive, options)
    raise BookError(
        f"{path.name}: not an EPUB: the archive has no package document (.opf) and no Markdown files"
    )


def _read_folder(path: Path, options: ReadOptions) -> Book:
    if (path / "META-INF" / "container.xml").exists():
        raise BookError(f"{path.name}: an unpacked EPUB; zip its content and read the file")
    from audiobook.parsing.markdown import read_folder

    return read_folder(path, options)
