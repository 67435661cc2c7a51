"""FB2, HTML, Word, and telling kinds of files apart by what is in them."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from audiobook.book import BlockKind, Book
from audiobook.errors import BookError, StorageError
from audiobook.parsing import from_flags, read_book
from parsing_books.epubs import EpubMaker, chapter

Read = Callable[..., Book]
TEXT = "The lamp burned low in the window all night long."
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
FB2 = f"""<?xml version="1.0" encoding="utf-8"?>
<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink">
<description><title-info><genre>sea</genre><author><first-name>Ada</first-name><last-name>Quill</last-name></author>
<book-title>The Lamp</book-title><annotation><p>A story.</p></annotation><lang>en</lang><date>2021</date>
<coverpage><image l:href="#c.png"/></coverpage><sequence name="Tales" number="2"/></title-info>
<publish-info><publisher>Harbour Press</publisher><isbn>978-0-306-40615-7</isbn></publish-info></description>
<body><title><p>The Lamp</p></title>
<section><title><p>Part One</p></title>
<section><title><p>Chapter 1</p><p>The Stair</p></title><epigraph><p>Up.</p></epigraph>
<p>{TEXT}<a l:href="#n1" type="note">[1]</a> And <emphasis>more</emphasis>.</p><empty-line/>
<poem><stanza><v>Low burns the lamp</v><v>and high the sea</v></stanza></poem>
<subtitle>* * *</subtitle><p>{TEXT}</p></section>
<section><title><p>Chapter 2</p></title><p>{TEXT}</p></section></section></body>
<body name="notes"><section id="n1"><title><p>1</p></title><p>Of brass.</p></section></body>
<binary id="c.png" content-type="image/png">{base64.b64encode(PNG).decode()}</binary></FictionBook>"""


def test_fictionbook_is_read_whole(read: Read) -> None:
    book = read(FB2, name="book.fb2")
    data = book.metadata
    assert (data.title, data.authors, data.language, data.date) == ("The Lamp", ("Ada Quill",), "en", "2021")
    assert (data.series, data.series_part, data.isbn, data.publisher) == (
        "Tales",
        "2",
        "9780306406157",
        "Harbour Press",
    )
    assert data.cover is not None and data.cover.data == PNG
    assert [(one.title, one.level) for one in book.chapters] == [
        ("Part One", 1),
        ("Chapter 1. The Stair", 2),
        ("Chapter 2", 2),
    ]
    kinds = [block.kind for block in book.chapters[1].blocks]
    assert kinds == [
        BlockKind.QUOTATION,
        BlockKind.PARAGRAPH,
        BlockKind.VERSE,
        BlockKind.SCENE_BREAK,
        BlockKind.PARAGRAPH,
    ]
    assert book.chapters[1].blocks[1].text == f"{TEXT} And more."


def test_fictionbook_notes_follow_the_policy(read: Read) -> None:
    book = read(FB2, from_flags(notes="paragraph"), name="book.fb2")
    assert [block.text for block in book.chapters[1].blocks if block.kind is BlockKind.NOTE] == ["Of brass."]


def test_a_zipped_fictionbook_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "book.fb2.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("book.fb2", FB2)
    assert len(read_book(path).chapters) == 3


def test_a_web_page_is_read(read: Read) -> None:
    page = (
        "<!DOCTYPE html><html lang=en><title>The Lamp</title><meta name=author content='Ada Quill'><h1>The"
        f" Lamp</h1><h2>One</h2><p>{TEXT}<h2>Two</h2><p>{TEXT}"
    )
    book = read(page, name="lamp.html")
    assert (book.metadata.title, book.metadata.authors) == ("The Lamp", ("Ada Quill",))
    assert [one.title for one in book.chapters] == ["One", "Two"]


def docx() -> bytes:
    """The smallest Word document that has headings."""
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
    paragraphs = "".join(
        f"<w:p>{style if text.startswith('Chapter') else ''}<w:r><w:t>{text}</w:t></w:r></w:p>"
        for text in ("Chapter 1", TEXT, "Chapter 2", TEXT)
    )
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{kinds}"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override'
            f' PartName="/word/document.xml" ContentType="{word}.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{links}"><Relationship Id="r" Type="{office}"'
            ' Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/styles.xml",
            f'<w:styles xmlns:w="{main}"><w:style w:type="paragraph" w:styleId="Heading1"><w:name'
            ' w:val="heading 1"/></w:style></w:styles>',
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{links}"><Relationship Id="s"'
            f' Type="{office.replace("officeDocument", "styles", 1)}" Target="styles.xml"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{main}"><w:body>{paragraphs}</w:body></w:document>'
        )
        archive.writestr(
            "docProps/core.xml",
            '<p xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Lamp</dc:title><dc:creator>Ada'
            " Quill</dc:creator></p>",
        )
    return buffer.getvalue()


def test_a_word_document_is_read(read: Read) -> None:
    book = read(docx(), name="lamp.docx")
    assert (book.metadata.title, book.metadata.authors) == ("The Lamp", ("Ada Quill",))
    assert TEXT in book.chapters[0].text


@pytest.mark.parametrize("name", ["book.epub", "book.zip", "book.txt", "book"])
def test_an_epub_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    path = EpubMaker({"p0.xhtml": chapter("One", TEXT)}, toc=[("One", "p0.xhtml")]).write(tmp_path, name)
    assert read_book(path).chapters[0].text == TEXT


def test_markdown_is_known_by_its_content(read: Read) -> None:
    book = read(f"# One\n\n{TEXT}\n\n# Two\n\n{TEXT}\n", name="book.txt")
    assert [one.title for one in book.chapters] == ["One", "Two"]


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"%PDF-1.7 ...", "EPUB"),
        (b"\0" * 60 + b"BOOKMOBI" + b"\0" * 40, "Kindle"),
        (b"{\\rtf1 text}", "DOCX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "DOCX"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "picture"),
        (b"Rar!\x1a\x07", "unpack"),
        (b"", "empty"),
        (b"PK\x05\x06" + b"\0" * 18, "not an EPUB"),
    ],
)
def test_other_kinds_of_file_get_a_hint(read: Read, content: bytes, hint: str) -> None:
    with pytest.raises(BookError, match=hint) as caught:
        read(content, name="book.epub")
    assert "\n" not in caught.value.message


def test_a_missing_file_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no such file"):
        read_book(tmp_path / "gone.epub")


def test_an_unpacked_epub_is_named(tmp_path: Path) -> None:
    (tmp_path / "META-INF").mkdir()
    (tmp_path / "META-INF" / "container.xml").write_text("<x/>")
    with pytest.raises(BookError, match="unpacked EPUB"):
        read_book(tmp_path)
