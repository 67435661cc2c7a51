"""What `epub:type`, ARIA roles, class names and elements mean for listening."""

from __future__ import annotations

import re

from audiobook.book import BlockKind, ChapterKind, Hint

BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "caption",
        "section",
        "article",
        "aside",
        "header",
        "footer",
        "nav",
        "blockquote",
        "pre",
        "figure",
        "figcaption",
        "hr",
        "body",
        "main",
        "address",
        "details",
        "summary",
        "form",
        "fieldset",
        "legend",
        "center",
        "hgroup",
        "thead",
        "tbody",
        "tfoot",
        "menu",
        "dir",
        "search",
        "dialog",
        "option",
        "level",
        "level1",
        "level2",
        "level3",
        "level4",
        "level5",
        "level6",
        "levelhd",
        "docauthor",
        "doctitle",
        "frontmatter",
        "bodymatter",
        "rearmatter",
        "list",
        "lic",
        "poem",
        "linegroup",
        "line",
        "byline",
        "dateline",
        "epigraph",
        "author",
        "note",
        "prodnote",
        "sidebar",
        "imggroup",
        "bridgehead",
        "covertitle",
        "hd",
        "book",
        "annotation",
    ]
)
"""Elements that begin on a line of their own; some are of DTBook and OEB, which EPUB 2 allowed."""
DROPPED = frozenset(
    [
        "head",
        "script",
        "style",
        "template",
        "noscript",
        "audio",
        "video",
        "object",
        "iframe",
        "canvas",
        "map",
        "datalist",
    ]
)
INLINE_HINTS = {
    "em": Hint.EMPHASIS,
    "i": Hint.EMPHASIS,
    "strong": Hint.EMPHASIS,
    "b": Hint.EMPHASIS,
    "cite": Hint.EMPHASIS,
    "dfn": Hint.EMPHASIS,
    "code": Hint.VERBATIM,
    "kbd": Hint.VERBATIM,
    "samp": Hint.VERBATIM,
    "tt": Hint.VERBATIM,
    "abbr": Hint.ABBREVIATION,
    "acronym": Hint.INITIALISM,
}
TYPE_HINTS = {
    "z3998:roman": Hint.ROMAN,
    "z3998:initialism": Hint.INITIALISM,
    "z3998:acronym": Hint.ACRONYM,
    "z3998:abbreviation": Hint.ABBREVIATION,
    "z3998:given-name": Hint.INITIALS,
    "z3998:personal-name": Hint.INITIALS,
    "z3998:name-title": Hint.ABBREVIATION,
    "z3998:ordinal": Hint.ORDINAL,
    "z3998:cardinal": Hint.CARDINAL,
    "z3998:grapheme": Hint.VERBATIM,
}
BLOCK_KINDS = {
    "blockquote": BlockKind.QUOTATION,
    "li": BlockKind.LIST_ITEM,
    "dt": BlockKind.LIST_ITEM,
    "dd": BlockKind.LIST_ITEM,
    "lic": BlockKind.LIST_ITEM,
    "figcaption": BlockKind.FIGURE,
    "caption": BlockKind.FIGURE,
    "tr": BlockKind.TABLE_ROW,
    "pre": BlockKind.CODE,
}
HEADINGS = {f"h{level}": level for level in range(1, 7)} | {
    "levelhd": 2,
    "hd": 3,
    "doctitle": 1,
    "bridgehead": 4,
}
NOTE_TYPES = frozenset({"footnote", "endnote", "rearnote", "note"})
BACKLINK_TYPES = frozenset({"backlink", "referrer"})
VERSE_TYPES = frozenset({"z3998:verse", "z3998:poem", "z3998:song", "z3998:hymn", "z3998:lyrics"})
LETTER_TYPES = frozenset({"z3998:letter", "z3998:diary-entry", "z3998:telegram"})
VERSE_CLASS = re.compile(r"^(?:poem|poetry|verse|stanza|song|lyrics?|lg|linegroup|hymn|rhyme)\b", re.I)
LETTER_CLASS = re.compile(r"^(?:letter|telegram|epistle)\b", re.I)
PAGE_CLASS = re.compile(r"\b(?:page-?num(?:ber)?s?|page-?no|folio|page-?break|pb)\b", re.I)
BREAK_CLASS = re.compile(
    r"^(?:scene-?break|section-?break|space-?break|thought-?break|ornament(?:al)?(?:-?break)?|tb|asterism|dinkus|divider)\b",
    re.I,
)
DROP_CAP_CLASS = re.compile(
    r"drop-?cap|^drop\b|initial-?letter|^firstletter|^first-letter|^lettrine|^cap\b", re.I
)
NOTE_MARK_CLASS = re.compile(r"footnote|endnote|noteref|^fn(?:ref|anchor)?\b|^note(?:-?mark|ref)?$", re.I)
NOTE_BODY_CLASS = re.compile(r"^(?:foot|end|rear)-?notes?(?:-?(?:text|body))?$", re.I)
LICENSE_ID = frozenset(
    {
        "pg-header",
        "pg-footer",
        "pg-machine-header",
        "pg-start-separator",
        "pg-end-separator",
        "project-gutenberg-license",
    }
)
LICENSE_CLASS = re.compile(r"pg-boilerplate|pgheader|pgfooter", re.I)

TYPE_ROLES = {
    "cover": ChapterKind.COVER,
    "coverpage": ChapterKind.COVER,
    "titlepage": ChapterKind.TITLEPAGE,
    "halftitlepage": ChapterKind.TITLEPAGE,
    "halftitle": ChapterKind.TITLEPAGE,
    "title-page": ChapterKind.TITLEPAGE,
    "z3998:halftitle-page": ChapterKind.TITLEPAGE,
    "z3998:title-page": ChapterKind.TITLEPAGE,
    "seriespage": ChapterKind.ADVERTISEMENT,
    "copyright-page": ChapterKind.COPYRIGHT,
    "copyright": ChapterKind.COPYRIGHT,
    "imprint": ChapterKind.COPYRIGHT,
    "imprimatur": ChapterKind.COPYRIGHT,
    "credits": ChapterKind.ABOUT,
    "other-credits": ChapterKind.ABOUT,
    "contributors": ChapterKind.ABOUT,
    "colophon": ChapterKind.COLOPHON,
    "toc": ChapterKind.CONTENTS,
    "toc-brief": ChapterKind.CONTENTS,
    "nav": ChapterKind.CONTENTS,
    "page-list": ChapterKind.CONTENTS,
    "landmarks": ChapterKind.CONTENTS,
    "loi": ChapterKind.ILLUSTRATIONS,
    "lot": ChapterKind.ILLUSTRATIONS,
    "loa": ChapterKind.ILLUSTRATIONS,
    "lov": ChapterKind.ILLUSTRATIONS,
    "dedication": ChapterKind.DEDICATION,
    "epigraph": ChapterKind.EPIGRAPH,
    "foreword": ChapterKind.FOREWORD,
    "preface": ChapterKind.PREFACE,
    "preamble": ChapterKind.PREFACE,
    "introduction": ChapterKind.INTRODUCTION,
    "prologue": ChapterKind.PROLOGUE,
    "epilogue": ChapterKind.EPILOGUE,
    "conclusion": ChapterKind.EPILOGUE,
    "afterword": ChapterKind.AFTERWORD,
    "acknowledgments": ChapterKind.ACKNOWLEDGMENTS,
    "acknowledgements": ChapterKind.ACKNOWLEDGMENTS,
    "appendix": ChapterKind.APPENDIX,
    "footnotes": ChapterKind.NOTES,
    "endnotes": ChapterKind.NOTES,
    "rearnotes": ChapterKind.NOTES,
    "notes": ChapterKind.NOTES,
    "glossary": ChapterKind.GLOSSARY,
    "bibliography": ChapterKind.BIBLIOGRAPHY,
    "index": ChapterKind.INDEX,
    "part": ChapterKind.PART,
    "volume": ChapterKind.PART,
    "z3998:translators-note": ChapterKind.PREFACE,
    "z3998:author-note": ChapterKind.AUTHORS_NOTE,
    "z3998:publisher-advertisement": ChapterKind.ADVERTISEMENT,
    "z3998:biographical-note": ChapterKind.ABOUT,
    "z3998:promotional-copy": ChapterKind.ADVERTISEMENT,
    "other-books": ChapterKind.ADVERTISEMENT,
}
"""epub:type and landmark or guide types that name a part of a book."""

INNER_ROLES = frozenset(
    {
        ChapterKind.COVER,
        ChapterKind.TITLEPAGE,
        ChapterKind.COPYRIGHT,
        ChapterKind.COLOPHON,
        ChapterKind.CONTENTS,
        ChapterKind.ILLUSTRATIONS,
        ChapterKind.INDEX,
        ChapterKind.NOTES,
        ChapterKind.LICENSE,
        ChapterKind.ADVERTISEMENT,
    }
)
"""Roles that hold for an element wherever it stands. An epigraph or a dedication inside a chapter is a
part of that chapter."""


def role_of(types: set[str]) -> ChapterKind | None:
    """The part of the book that these types name; the most particular one first."""
    found = [TYPE_ROLES[name] for name in types if name in TYPE_ROLES]
    if not found:
        return None
    particular = [kind for kind in found if kind is not ChapterKind.PART]
    return min(particular or found, key=lambda kind: (kind not in INNER_ROLES, kind.value))
