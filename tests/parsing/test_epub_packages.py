"""The package: metadata, covers, reading order, and books that are wrong in ways that readers forgive."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audiobook.book import Book
from audiobook.errors import BookError, EncryptedBook
from audiobook.parsing.metadata import is_isbn, plain
from parsing_books.epubs import CONTAINER, EpubMaker, chapter, page

Read = Callable[..., Book]
TEXT = "The lamp burned low in the window all night long."
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def one_page(**changes: object) -> EpubMaker:
    return EpubMaker({"p0.xhtml": chapter("One", TEXT)}, **({"toc": [("One", "p0.xhtml")]} | changes))  # type: ignore[arg-type]


def test_metadata_is_read(read: Read) -> None:
    metadata = """
      <dc:title id="t">The Lamp</dc:title><meta refines="#t" property="title-type">main</meta>
      <dc:title id="s">A Story</dc:title><meta refines="#s" property="title-type">subtitle</meta>
      <dc:creator id="a">Ada Quill</dc:creator><dc:creator opf:role="trl">Tom Vale</dc:creator>
      <dc:contributor opf:role="nrt">Una Reed</dc:contributor>
      <dc:language>en-GB</dc:language><dc:publisher>Harbour Press</dc:publisher>
      <dc:date>2021-03-04T00:00:00</dc:date>
      <dc:description>&lt;p&gt;A &lt;b&gt;lamp&lt;/b&gt;.&lt;/p&gt;
      &lt;p&gt;And &amp;amp; a stair.&lt;/p&gt;</dc:description>
      <dc:subject>Fiction</dc:subject><dc:rights>Free</dc:rights>
      <dc:identifier id="id">urn:isbn:978-0-306-40615-7</dc:identifier>
      <meta property="belongs-to-collection" id="c">Harbour Tales</meta>
      <meta refines="#c" property="collection-type">series</meta>
      <meta refines="#c" property="group-position">2</meta>
    """
    data = read(one_page(metadata=metadata)).metadata
    assert (data.title, data.subtitle, data.authors) == ("The Lamp", "A Story", ("Ada Quill",))
    assert (data.translators, data.narrators) == (("Tom Vale",), ("Una Reed",))
    assert (data.language, data.publisher, data.date) == ("en-GB", "Harbour Press", "2021-03-04")
    assert data.description == "A lamp.\nAnd & a stair."
    assert (data.series, data.series_part, data.isbn) == ("Harbour Tales", "2", "9780306406157")
    assert (data.genres, data.rights) == (("Fiction",), "Free")


def test_calibre_names_the_series_in_its_own_way(read: Read) -> None:
    metadata = (
        '<dc:title>The Lamp</dc:title><meta name="calibre:series" content="Tales"/>'
        '<meta name="calibre:series_index" content="3.0"/>'
    )
    data = read(one_page(metadata=metadata)).metadata
    assert (data.series, data.series_part) == ("Tales", "3")


@pytest.mark.parametrize(
    ("item", "metadata"),
    [
        ('<item id="c" href="c.png" media-type="image/png" properties="cover-image"/>', ""),
        ('<item id="c" href="c.png" media-type="image/png"/>', '<meta name="cover" content="c"/>'),
        ('<item id="my-cover" href="c.png" media-type="image/png"/>', ""),
    ],
)
def test_the_cover_is_found(read: Read, item: str, metadata: str) -> None:
    cover = read(one_page(manifest=item, metadata=metadata, files={"OPS/c.png": PNG})).metadata.cover
    assert cover is not None
    assert (cover.data, cover.media_type) == (PNG, "image/png")


def test_a_book_without_metadata_is_read(read: Read) -> None:
    assert read(one_page(metadata="")).metadata.title == ""


@pytest.mark.parametrize(
    ("number", "right"), [("0-306-40615-2", True), ("9780306406157", True), ("9780306406158", False)]
)
def test_isbn_check_digits(number: str, right: bool) -> None:
    assert is_isbn(number) is right


def test_descriptions_become_plain_text() -> None:
    assert plain("<p>One<br/>two</p> <i>three</i> &amp; four") == "One\ntwo\nthree & four"


def test_the_spine_gives_the_order_and_the_manifest_does_not(read: Read) -> None:
    pages = {"b.xhtml": chapter("Two", TEXT), "a.xhtml": chapter("One", TEXT)}
    book = read(
        EpubMaker(
            pages,
            spine='<itemref idref="p1"/><itemref idref="p0"/>',
            toc=[("One", "a.xhtml"), ("Two", "b.xhtml")],
        )
    )
    assert [one.title for one in book.chapters] == ["One", "Two"]


def test_a_page_that_is_listed_twice_is_read_once(read: Read) -> None:
    assert len(read(one_page(spine='<itemref idref="p0"/>' * 50)).chapters) == 1


@pytest.mark.parametrize(
    "kind", ["text/html", "application/octet-stream", "text/x-oeb1-document", "text/xml", ""]
)
def test_pages_with_other_media_types_are_read(read: Read, kind: str) -> None:
    assert read(one_page(media_type=kind)).chapters[0].text == TEXT


@pytest.mark.parametrize("name", ["a%20b.xhtml", "é.xhtml", "UPPER.XHTML"])
def test_names_are_found_in_spite_of_escapes_accents_and_case(read: Read, name: str) -> None:
    stored = {"a%20b.xhtml": "a b.xhtml", "é.xhtml": "é.xhtml", "UPPER.XHTML": "upper.xhtml"}[name]
    maker = EpubMaker({name: ""}, toc=[("One", name)])
    members = maker.members()
    del members[f"OPS/{name}"]
    maker.pages = {}
    opf = members["OPS/book.opf"]
    book = read(
        EpubMaker(
            files={
                "OPS/book.opf": opf,
                f"OPS/{stored}": chapter("One", TEXT),
                "OPS/nav.xhtml": members["OPS/nav.xhtml"],
            }
        )
    )
    assert [one.title for one in book.chapters] == ["One"]


@pytest.mark.parametrize(
    "content",
    [
        chapter("One", TEXT).encode("utf-16"),
        chapter("One", TEXT).replace("utf-8", "utf-16").encode("utf-16"),
        b"\xef\xbb\xbf" + chapter("One", TEXT).encode(),
        chapter("One", TEXT).replace('version="1.0"', 'version="1.1"'),
        f"<html><body><h2>One<p>{TEXT}",
        page(f"<h2>One</h2><p>{TEXT}</p>").replace("</body></html>", ""),
        page(f"<h2>One</h2><p>{TEXT}</p>") + "<html><body></body></html>",
        page(f"<h2>One</h2><p><![CDATA[{TEXT}]]></p>"),
        page(f"<h2>One</h2><a/><p>{TEXT}</p>", "<title/>"),
        page(f"<h2>One</h2><p>{TEXT}\x01</p>"),
        page(f"<h2>One</h2><p>{TEXT}</p><p>&nbsp;&shy;</p>"),
    ],
)
def test_damaged_pages_are_read_as_a_browser_would(read: Read, content: str | bytes) -> None:
    assert read(EpubMaker({"p0.xhtml": content}, toc=[("One", "p0.xhtml")])).chapters[0].text == TEXT


def test_undeclared_and_internal_entities_keep_their_words(read: Read) -> None:
    body = page("<p>Caf&eacute; &pub; A &amp; B&mdash;C</p>").replace(
        "<html", '<!DOCTYPE html [<!ENTITY pub "Harbour Press">]><html', 1
    )
    assert read(EpubMaker({"p0.xhtml": body})).chapters[0].text == "Café Harbour Press A & B—C"


def test_windows_encoding_without_a_declaration(read: Read) -> None:
    body = f"<html><body><p>{'“Café”, said she. ' * 4}</p></body></html>".encode("cp1252")
    assert read(EpubMaker({"p0.xhtml": body})).chapters[0].text.startswith("“Café”, said she.")


@pytest.mark.parametrize("depth", [300, 5_000])
def test_deep_nesting_loses_no_text(read: Read, depth: int) -> None:
    body = page("<div>" * depth + TEXT + "</div>" * depth + f"<p>{TEXT}</p>")
    assert read(EpubMaker({"p0.xhtml": body})).chapters[0].text == f"{TEXT}\n\n{TEXT}"


def test_missing_files_are_named_in_the_warnings(read: Read) -> None:
    maker = one_page(manifest='<item id="x" href="gone.xhtml" media-type="application/xhtml+xml"/>')
    maker.spine = '<itemref idref="p0"/><itemref idref="x"/><itemref idref="nobody"/>'
    warnings = " ".join(read(maker).warnings)
    assert "gone.xhtml is missing" in warnings and "nobody" in warnings


def test_a_book_without_a_container_is_found(read: Read) -> None:
    book = read(one_page(files={"META-INF/container.xml": "<broken"}))
    assert book.chapters and "container.xml" in book.warnings[0]


def test_a_book_in_a_folder_of_its_own_is_read(read: Read) -> None:
    members = {f"top/{name}": content for name, content in one_page().members().items()}
    maker = EpubMaker(files=members)
    maker.members = lambda: members  # type: ignore[method-assign]
    assert read(maker).chapters[0].text == TEXT


def test_a_missing_spine_falls_back_to_the_manifest(read: Read) -> None:
    book = read(one_page(spine=""))
    assert book.chapters[0].text == TEXT and any("reading order" in warning for warning in book.warnings)


ENCRYPTION = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData'
    ' xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod'
    ' Algorithm="{0}"/><CipherData><CipherReference URI="OPS/{1}"/></CipherData></EncryptedData></encryption>'
)
AES = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"


@pytest.mark.parametrize(
    ("mark", "scheme"), [("license.lcpl", "Readium LCP"), ("sinf.xml", "Apple"), ("rights.xml", "Adobe")]
)
def test_drm_is_named(read: Read, mark: str, scheme: str) -> None:
    files: dict[str, str | bytes] = {
        "META-INF/encryption.xml": ENCRYPTION.format(AES, "p0.xhtml"),
        f"META-INF/{mark}": "x",
    }
    with pytest.raises(EncryptedBook, match=scheme):
        read(one_page(files=files))


def test_obfuscated_fonts_are_no_drm(read: Read) -> None:
    obfuscated = ENCRYPTION.format("http://www.idpf.org/2008/embedding", "font.otf")
    assert read(one_page(files={"META-INF/encryption.xml": obfuscated})).chapters


@pytest.mark.parametrize(
    ("maker", "message"),
    [
        (EpubMaker({}), "empty"),
        (EpubMaker({"p0.xhtml": page('<img src="scan.jpg"/>')}), "text recognition"),
        (EpubMaker({"p0.xhtml": page("<section epub:type='index'><p>lamp, 1</p></section>")}), "only index"),
        (one_page(files={"OPS/book.opf": ""}), "book.opf"),
        (
            one_page(
                files={"META-INF/container.xml": CONTAINER.replace("book.opf", "x"), "OPS/book.opf": "junk"}
            ),
            "empty",
        ),
    ],
)
def test_what_holds_no_book_is_refused_in_one_line(read: Read, maker: EpubMaker, message: str) -> None:
    with pytest.raises(BookError, match=message) as caught:
        read(maker)
    assert "\n" not in caught.value.message
