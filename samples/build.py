"""Builds the longer sample book: `python samples/build.py` writes `the-low-water-map.epub` beside this file.

The book is written in Markdown, one file a chapter, in `the-low-water-map/`. It is made to have what real
books have: parts, front and back matter, footnotes, verse, a letter, a table, a figure, drop capitals, page
breaks in the middle of sentences, words in another language. The same sources always give the same bytes.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

from ebooklib import epub
from markdown_it import MarkdownIt

FOLDER = Path(__file__).parent
SOURCES = FOLDER / "the-low-water-map"
BOOK = FOLDER / "the-low-water-map.epub"

TITLE, AUTHOR, LANGUAGE = "The Low Water Map", "Orla Tennick", "en-GB"
PUBLISHER, DATE = "Audiobook Samples", "2026-01-06"
IDENTIFIER = "urn:uuid:4c6c1f3a-2f0e-5d7b-9a51-7e0b3d1a90c4"
SERIES, SERIES_PART = "Tales of the Saltings", "1"
RIGHTS = "This book belongs to the audiobook project and may be shared under the same licence."
INVENTED = "All persons, islands and tides in this book are invented."
DESCRIPTION = (
    "An island that nobody else could find cost her mother her name, and then her life. Eighteen years later "
    "Marit Vane comes to the Chart House at Stave Quay to learn to draw what is there, and asks the one "
    "question that nobody had asked: not where, but when."
)
_WORDS_PER_PAGE = 260


@dataclass(frozen=True)
class Page:
    """One file of the book."""

    name: str
    title: str
    matter: str  # frontmatter, bodymatter or backmatter
    kind: str  # epub:type of its section
    body: str = ""
    source: str = ""
    level: int = 1


PAGES: Sequence[Page] = (
    Page("titlepage", "Title Page", "frontmatter", "titlepage"),
    Page("copyright", "Copyright", "frontmatter", "copyright-page"),
    Page("dedication", "", "frontmatter", "dedication", source="01-dedication"),
    Page("epigraph", "", "frontmatter", "epigraph", source="02-epigraph"),
    Page("foreword", "", "frontmatter", "foreword", source="03-foreword"),
    Page("part-1", "Part One: The Ebb", "bodymatter", "part"),
    Page("chapter-1", "", "bodymatter", "chapter", source="10-the-wrong-tide", level=2),
    Page("chapter-2", "", "bodymatter", "chapter", source="11-the-scraped-place", level=2),
    Page("chapter-3", "", "bodymatter", "chapter", source="12-patience", level=2),
    Page("chapter-4", "", "bodymatter", "chapter", source="13-what-the-oysterman-said", level=2),
    Page("part-2", "Part Two: Slack Water", "bodymatter", "part"),
    Page("chapter-5", "", "bodymatter", "chapter", source="20-captain-thrale-pays-a-call", level=2),
    Page("chapter-6", "", "bodymatter", "chapter", source="21-the-tide-tables", level=2),
    Page("chapter-7", "", "bodymatter", "chapter", source="22-the-chart-case", level=2),
    Page("chapter-8", "", "bodymatter", "chapter", source="23-night-passage", level=2),
    Page("part-3", "Part Three: The Flood", "bodymatter", "part"),
    Page("chapter-9", "", "bodymatter", "chapter", source="30-bare-ground", level=2),
    Page("chapter-10", "", "bodymatter", "chapter", source="31-tern", level=2),
    Page("chapter-11", "", "bodymatter", "chapter", source="32-eleven-minutes", level=2),
    Page("chapter-12", "", "bodymatter", "chapter", source="33-the-flood", level=2),
    Page("chapter-13", "", "bodymatter", "chapter", source="34-regrettable-and-inadvertent", level=2),
    Page("chapter-14", "", "bodymatter", "chapter", source="35-the-smallest-letters", level=2),
    Page("authors-note", "", "backmatter", "afterword", source="90-authors-note"),
    Page("places", "", "backmatter", "index", source="91-places"),
)

STYLE = """\
body { font-family: serif; line-height: 1.4; margin: 5%; }
h1, h2 { font-weight: normal; text-align: center; margin: 2em 0 1.5em; }
h2 .number { display: block; font-size: 0.7em; letter-spacing: 0.2em; text-transform: uppercase; }
p { margin: 0; text-indent: 1.3em; }
p.first, hr + p, blockquote p, figure + p { text-indent: 0; }
.dropcap { float: left; font-size: 3.1em; line-height: 0.9; margin-right: 0.06em; }
.lead { font-variant: small-caps; letter-spacing: 0.04em; }
.verse { margin: 1.2em 2em; } .verse p { text-indent: 0; margin: 0 0 0.8em; }
.letter { margin: 1.5em; font-style: italic; } .letter p { margin-bottom: 0.6em; text-indent: 0; }
.signature, cite { display: block; text-align: right; margin-top: 0.8em; }
hr { border: 0; text-align: center; margin: 1.5em 0; } hr::before { content: "* * *"; }
table { border-collapse: collapse; margin: 1.2em auto; }
td, th { padding: 0.2em 0.8em; border-bottom: 1px solid; }
figure { margin: 1.5em 0; text-align: center; } figure img { max-width: 80%; }
a[role=doc-noteref] { font-size: 0.75em; vertical-align: super; line-height: 1; text-decoration: none; }
aside { font-size: 0.9em; margin: 1em 2em; } .center { text-align: center; }
"""


# ------------------------------------------------------------------------------- one page


@dataclass
class Counters:
    """What is numbered through the whole book."""

    words: int = 0
    pages: list[tuple[int, str]] = field(default_factory=list)  # (number, place)


def _inline(text: str) -> str:
    return str(_MARKDOWN.renderInline(text))


_MARKDOWN = MarkdownIt("commonmark", {"html": True, "xhtmlOut": True}).enable("table")
_NOTE = re.compile(r"^\[\^(\w+)\]: (.+)$\n?", re.MULTILINE)
_NOTEREF = re.compile(r"\[\^(\w+)\]")
_FIRST_WORDS = re.compile(r"<p>(“?\w)([\w’]*(?: [\w’]+){0,2})")
_SEMANTICS = {"letter": "z3998:letter", "verse": "z3998:verse", "epigraph": "epigraph"}


def _take_notes(markdown: str) -> tuple[str, str]:
    """The text with references, and the notes as asides."""
    numbers: dict[str, int] = {}
    asides = []
    for name, text in _NOTE.findall(markdown):
        numbers[name] = len(numbers) + 1
        back = f'<a href="#ref-{name}" role="doc-backlink">Return</a>'
        aside = f'<aside epub:type="footnote" role="doc-footnote" id="note-{name}">'
        asides.append(f"{aside}<p>{numbers[name]}. {_inline(text)} {back}</p></aside>\n")

    def reference(match: re.Match[str]) -> str:
        name = match[1]
        place = f'href="#note-{name}" id="ref-{name}"'
        return f'<a epub:type="noteref" role="doc-noteref" {place}>{numbers[name]}</a>'

    return _NOTEREF.sub(reference, _NOTE.sub("", markdown)), "".join(asides)


def _drop_capital(html: str) -> str:
    """The first letter large and the next words in small capitals, each in a span of its own."""
    spans = r'<p class="first"><span class="dropcap">\1</span><span class="lead">\2</span>'
    return _FIRST_WORDS.sub(spans, html, count=1)


def _page_mark(number: int) -> str:
    return (
        f'<span epub:type="pagebreak" role="doc-pagebreak" id="page-{number}" aria-label="{number}"></span>'
    )


def _break_pages(html: str, name: str, counters: Counters) -> str:
    """Marks where the pages of the printed book begin; in a long paragraph, in the middle of a sentence."""
    pieces = []
    for piece in re.split(r"(?<=</p>)", html):
        paragraph = re.search(r"<p[^>]*>", piece)
        if paragraph and counters.words >= _WORDS_PER_PAGE * len(counters.pages):
            number = len(counters.pages) + 1
            counters.pages.append((number, f"{name}.xhtml#page-{number}"))
            comma = piece.find(", ", paragraph.end() + 200)
            place = comma + 2 if comma > 0 and paragraph[0] == "<p>" else paragraph.end()
            piece = piece[:place] + _page_mark(number) + piece[place:]
        counters.words += len(re.sub(r"<[^>]+>", "", piece).split())
        pieces.append(piece)
    return "".join(pieces)


def _read(page: Page, counters: Counters) -> Page:
    """A page with the title and the body of its source."""
    heading, _, markdown = (SOURCES / f"{page.source}.md").read_text("utf-8").partition("\n")
    markdown, asides = _take_notes(markdown)
    html = str(_MARKDOWN.render(markdown))
    for name, meaning in _SEMANTICS.items():
        html = html.replace(f'class="{name}"', f'class="{name}" epub:type="{meaning}"')
    title = heading.removeprefix("# ")
    if page.kind == "chapter":
        number = page.name.removeprefix("chapter-")
        head = f'<h2><span class="number">Chapter {number}</span> {_inline(title)}</h2>\n'
        html = _break_pages(_drop_capital(html), page.name, counters)
    else:
        head = f"<h2>{_inline(title)}</h2>\n" if page.kind not in ("dedication", "epigraph") else ""
    return replace(page, title=title.replace("*", ""), body=head + html + asides)


def _centred(text: str) -> str:
    return f'<p class="center">{escape(text)}</p>'


def _made_up(page: Page) -> Page:
    """The pages that follow from what the book is."""
    bodies = {
        "titlepage": [f'<h1 epub:type="fulltitle">{TITLE}</h1>', *map(_centred, ("by", AUTHOR, PUBLISHER))],
        "copyright-page": map(_centred, (f"Copyright © 2026 {AUTHOR}", RIGHTS, INVENTED)),
        "part": [f"<h1>{escape(page.title)}</h1>"],
    }
    return replace(page, body="\n".join(bodies[page.kind]))


def _xhtml(page: Page) -> bytes:
    role = (
        f' role="doc-{page.kind}"'
        if page.kind in ("chapter", "part", "foreword", "afterword", "dedication")
        else ""
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" \
epub:prefix="z3998: http://www.daisy.org/z3998/2012/vocab/structure/#" \
xml:lang="{LANGUAGE}" lang="{LANGUAGE}">
<head>
<title>{escape(page.title)}</title>
<link rel="stylesheet" type="text/css" href="style.css"/>
</head>
<body epub:type="{page.matter}">
<section epub:type="{page.kind}"{role} id="{page.name}">
{page.body}
</section>
</body>
</html>
""".encode()


# ------------------------------------------------------------------------------- the whole book


def _navigation(pages: Sequence[Page], breaks: Sequence[tuple[int, str]]) -> bytes:
    entries, depth = [], 0
    for page in pages:
        while depth < page.level:
            entries.append("<ol>")
            depth += 1
        while depth > page.level:
            entries.append("</li></ol>")
            depth -= 1
            # The entry that held the inner list is closed with the next of its level.
        if entries[-1] != "<ol>":
            entries.append("</li>")
        entries.append(f'<li><a href="{page.name}.xhtml">{escape(page.title)}</a>')
    entries.append("</li></ol>" * depth)
    numbers = "".join(f'<li><a href="{place}">{number}</a></li>' for number, place in breaks)
    landmarks = (
        '<li><a epub:type="titlepage" href="titlepage.xhtml">Title Page</a></li>'
        '<li><a epub:type="bodymatter" href="part-1.xhtml">Start of the story</a></li>'
        '<li><a epub:type="backmatter" href="authors-note.xhtml">Author’s Note</a></li>'
    )
    body = (
        f'<nav epub:type="toc" id="toc"><h2>Contents</h2>{"".join(entries)}</nav>\n'
        f'<nav epub:type="landmarks" hidden="hidden"><ol>{landmarks}</ol></nav>\n'
        f'<nav epub:type="page-list" hidden="hidden"><ol>{numbers}</ol></nav>'
    )
    return _xhtml(Page("contents", "Contents", "frontmatter", "toc", body))


class _File(epub.EpubHtml):
    """A page that stands in the book exactly as it was written here."""

    def __init__(self, name: str, title: str, markup: bytes, properties: Sequence[str] = ()) -> None:
        super().__init__(uid=name, file_name=f"{name}.xhtml", title=title, lang=LANGUAGE)
        self.markup = markup
        self.properties = list(properties)

    def get_content(self, default: object = None) -> bytes:
        """The markup."""
        return self.markup


def _contents(files: dict[str, _File], pages: Sequence[Page]) -> Iterator[object]:
    """The nested table for readers of EPUB 2."""
    for number, page in enumerate(pages):
        if page.level > 1:
            continue
        link = epub.Link(f"{page.name}.xhtml", page.title, page.name)
        inner = []
        for other in pages[number + 1 :]:
            if other.level == 1:
                break
            inner.append(files[other.name])
        yield (epub.Section(page.title, link.href), inner) if inner else link


def _describe(book: epub.EpubBook) -> None:
    book.set_identifier(IDENTIFIER)
    book.set_title(TITLE)
    book.set_language(LANGUAGE)
    book.add_author(AUTHOR)
    for name, value in {
        "publisher": PUBLISHER,
        "date": DATE,
        "description": DESCRIPTION,
        "rights": RIGHTS,
        "subject": "Fiction",
    }.items():
        book.add_metadata("DC", name, value)
    series = {"property": "belongs-to-collection", "id": "series"}
    book.add_metadata(None, "meta", SERIES, series)
    book.add_metadata(None, "meta", "series", {"refines": "#series", "property": "collection-type"})
    book.add_metadata(None, "meta", SERIES_PART, {"refines": "#series", "property": "group-position"})
    for mode in ("textual", "visual"):
        book.add_metadata(None, "meta", mode, {"property": "schema:accessMode"})
    for feature in ("alternativeText", "pageBreakMarkers", "tableOfContents"):
        book.add_metadata(None, "meta", feature, {"property": "schema:accessibilityFeature"})


def make_book() -> epub.EpubBook:
    """The book, ready to be written."""
    counters = Counters()
    pages = [_read(page, counters) if page.source else _made_up(page) for page in PAGES]
    book = epub.EpubBook()
    _describe(book)
    book.set_cover("cover.jpg", (FOLDER / "the-low-water-map.jpg").read_bytes(), create_page=False)
    book.add_item(epub.EpubItem("style", "style.css", "text/css", STYLE.encode()))
    figure = (SOURCES / "tern.png").read_bytes()
    book.add_item(epub.EpubItem("tern", "images/tern.png", "image/png", figure))
    files = {page.name: _File(page.name, page.title, _xhtml(page)) for page in pages}
    picture = '<p class="center"><img src="cover.jpg" alt="Cover: a chart of islands at low water"/></p>'
    cover = _File("cover-page", "Cover", _xhtml(Page("cover-page", "Cover", "frontmatter", "cover", picture)))
    contents = _File("contents", "Contents", _navigation(pages, counters.pages), ["nav"])
    for file in (cover, *files.values(), contents):
        book.add_item(file)
    book.add_item(epub.EpubNcx())
    book.toc = list(_contents(files, pages))
    opening, rest = list(files.values())[:4], list(files.values())[4:]
    book.spine = [cover, *opening, contents, *rest]
    return book


_GENERATOR = re.compile(rb'\s*<meta name="generator"[^>]*>')  # it names the version of ebooklib


def build(path: Path = BOOK) -> None:
    """Write the book. Its archive is not compressed, since compressors differ between versions."""
    loose = io.BytesIO()
    moment = datetime.datetime.fromisoformat(f"{DATE}T00:00:00")
    epub.write_epub(loose, make_book(), {"mtime": moment})
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            data = source.read(name)
            if name.endswith(".opf"):
                data = _GENERATOR.sub(b"", data)
            target.writestr(entry, data)


if __name__ == "__main__":
    build()
    print(BOOK)
