"""Files that want to hurt: answered in bounded time and memory, without the network or a file outside."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from audiobook.book import Book
from audiobook.errors import BookError, EncryptedBook, InputError
from audiobook.parsing import Limits, ReadOptions, read_book
from parsing_books.epubs import EpubMaker, chapter, page

Read = Callable[..., Book]
TEXT = "The lamp burned low in the window all night long."
SMALL = ReadOptions(limits=Limits(item_bytes=1 << 20, total_bytes=2 << 20, ratio=20, ratio_floor=1 << 16))


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    """Every hostile file is answered within five seconds of work."""
    started = time.process_time()
    yield
    assert time.process_time() - started < 5


def hostile(content: str, **changes: object) -> EpubMaker:
    return EpubMaker({"p0.xhtml": content}, **({"toc": [("One", "p0.xhtml")]} | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">',
        '<!ENTITY % x SYSTEM "http://127.0.0.1:9/">%x;',
    ],
)
def test_external_entities_are_never_read(read: Read, entity: str) -> None:
    content = page(f"<p>{TEXT} &x;</p>").replace("<html", f"<!DOCTYPE html [{entity}]><html", 1)
    text = read(hostile(content)).chapters[0].text
    assert text.startswith(TEXT) and "root:" not in text


def test_entities_in_the_package_and_the_contents_are_never_read(read: Read) -> None:
    entity = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    maker = EpubMaker({"p0.xhtml": chapter("One", TEXT)}, ncx=True, metadata="<dc:title>&x;Lamp</dc:title>")
    maker.files = {"OPS/toc.ncx": entity + maker.ncx_text().replace("Chapter 1", "&x;One")}
    book = read(maker)
    assert "root:" not in book.metadata.title + book.chapters[0].title


def test_laughing_entities_stay_small(read: Read) -> None:
    laughs = (
        '<!ENTITY a "'
        + "ha" * 900
        + '">'
        + "".join(f'<!ENTITY a{n} "&a;&a;&a;&a;&a;&a;&a;&a;">' for n in range(9))
    )
    content = page("<p>" + "&a;" * 20_000 + f"</p><p>{TEXT}</p>").replace(
        "<html", f"<!DOCTYPE html [{laughs}]><html", 1
    )
    assert len(read(hostile(content)).chapters[0].text) < 3 << 20


def test_a_bomb_is_refused_before_it_goes_off(read: Read) -> None:
    with pytest.raises(BookError, match="unpack"):
        read(hostile(page("<p>" + "a" * (1 << 21) + "</p>")), SMALL)


def test_many_small_bombs_are_refused_together(read: Read) -> None:
    pages: dict[str, str | bytes] = {
        f"p{n}.xhtml": page("<p>" + f"lamp {n} " * 9_000 + "</p>") for n in range(40)
    }
    with pytest.raises(BookError, match="more than the limit"):
        read(EpubMaker(pages), ReadOptions(limits=Limits(total_bytes=2 << 20, ratio=10_000)))


def test_an_honest_giant_is_read_with_higher_limits(read: Read) -> None:
    maker = hostile(page("<p>" + "lamp " * 300_000 + "</p>"))
    with pytest.raises(BookError):
        read(maker, SMALL)
    assert read(maker, ReadOptions(limits=Limits(ratio=100_000))).chapters


def test_a_member_longer_than_it_declares_is_not_believed(tmp_path: Path) -> None:
    data = EpubMaker({"p0.xhtml": chapter("One", TEXT * 50)}).build()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("OPS/p0.xhtml").file_size
    path = tmp_path / "book.epub"
    path.write_bytes(data.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little")))
    with pytest.raises(InputError):
        read_book(path)


def test_too_many_files_are_refused(read: Read) -> None:
    with pytest.raises(BookError, match="more than a book has"):
        read(hostile(TEXT), ReadOptions(limits=Limits(members=3)))


def test_too_many_pages_are_refused(read: Read) -> None:
    with pytest.raises(BookError, match="pages"):
        read(EpubMaker({f"p{n}.xhtml": "" for n in range(30)}), ReadOptions(limits=Limits(documents=5)))


def test_a_contents_page_of_many_entries_at_one_place(read: Read) -> None:
    body = "".join(f'<p id="x{n}">Lamp {n} is lit.</p>' for n in range(4_000))
    toc = [(f"Entry {n}", f"p0.xhtml#x{n % 50}") for n in range(20_000)]
    assert len(read(hostile(page(body), toc=toc)).chapters) == 50


def test_a_contents_page_of_great_depth(read: Read) -> None:
    nav = page(
        '<nav epub:type="toc">' + '<ol><li><a href="p0.xhtml">One</a>' * 900 + "</li></ol>" * 900 + "</nav>"
    )
    assert read(hostile(chapter("One", TEXT), files={"OPS/nav.xhtml": nav})).chapters[0].text == TEXT


@pytest.mark.parametrize("name", ["../evil.xhtml", "/etc/passwd", "C:\\evil.xhtml", "..\\..\\evil.xhtml"])
def test_names_that_lead_outside_are_ignored(read: Read, name: str, tmp_path: Path) -> None:
    maker = hostile(chapter("One", TEXT), files={name: "evil"})
    maker.manifest = '<item id="e" href="../../../../etc/passwd" media-type="application/xhtml+xml"/>'
    maker.spine = '<itemref idref="e"/><itemref idref="p0"/>'
    assert "root:" not in read(maker).chapters[0].text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.epub"]


def test_remote_pages_are_missing_and_never_fetched(read: Read) -> None:
    maker = hostile(
        page(
            f'<link rel="stylesheet" href="http://127.0.0.1:9/x.css"/><p>{TEXT}</p><iframe'
            ' src="http://127.0.0.1:9/"/>'
        )
    )
    maker.manifest = '<item id="e" href="http://127.0.0.1:9/x.xhtml" media-type="application/xhtml+xml"/>'
    maker.spine = '<itemref idref="e"/><itemref idref="p0"/>'
    book = read(maker)
    assert book.chapters[0].text == TEXT and any("missing" in warning for warning in book.warnings)


@pytest.mark.parametrize(
    "text",
    ["a" * 3_000_000, " " * 3_000_000 + "x", ". " * 500_000 + "x", "“" * 500_000 + "x", "<i>" * 9_000 + "x"],
)
def test_monstrous_paragraphs_are_read_in_time(read: Read, text: str) -> None:
    options = ReadOptions(limits=Limits(ratio=100_000))
    assert read(hostile(page(f"<p>{text}</p><p>{TEXT}</p>")), options).chapters[0].text.endswith(TEXT)


def test_circular_fallbacks_come_to_an_end(read: Read) -> None:
    maker = hostile(chapter("One", TEXT))
    maker.manifest = (
        '<item id="a" href="a.pdf" media-type="x/y" fallback="b"/><item id="b" href="b.pdf" media-type="x/y"'
        ' fallback="a"/>'
    )
    maker.spine = '<itemref idref="a"/><itemref idref="p0"/>'
    assert read(maker).chapters[0].text == TEXT


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.99])
def test_truncated_archives_are_refused(tmp_path: Path, cut: float) -> None:
    data = EpubMaker({"p0.xhtml": chapter("One", *[TEXT] * 50)}).build()
    path = tmp_path / "book.epub"
    path.write_bytes(data[: int(len(data) * cut)])
    with pytest.raises(BookError, match="damaged"):
        read_book(path)


def test_a_password_is_named(tmp_path: Path) -> None:
    data = bytearray(EpubMaker({"p0.xhtml": chapter("One", TEXT)}).build())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + offset] |= 1
    path = tmp_path / "book.epub"
    path.write_bytes(bytes(data))
    with pytest.raises(EncryptedBook, match="password"):
        read_book(path)


def test_a_title_with_control_characters_becomes_one_clean_line(read: Read) -> None:
    title = "<dc:title>../../x\n\u202eCON\t$(reboot)\x07</dc:title>"
    assert read(hostile(chapter("One", TEXT), metadata=title)).metadata.title == "../../x CON $(reboot)"
