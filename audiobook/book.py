"""The Book: what a parser makes of a source. Frozen values, a function of source and options."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block of text is; decides pauses, manner of delivery and whether it is spoken."""

    HEADING = "heading"  # inside a chapter; the chapter's own title is Chapter.title
    PARAGRAPH = "paragraph"
    QUOTATION = "quotation"  # a block quotation, not dialogue
    LETTER = "letter"
    VERSE = "verse"  # lines are separated by "\n"
    LIST_ITEM = "list-item"
    TABLE_ROW = "table-row"
    CODE = "code"
    FIGURE = "figure"  # text is the caption or the alternative text
    NOTE = "note"  # a footnote or endnote placed where the notes policy put it
    SCENE_BREAK = "scene-break"  # no text
    PAUSE = "pause"  # no text; Block.seconds of silence asked for by the author


class ChapterKind(StrEnum):
    """The role of a chapter in the book; `--include` and `--exclude` name these values."""

    CHAPTER = "chapter"
    PART = "part"
    COVER = "cover"
    TITLEPAGE = "titlepage"
    COPYRIGHT = "copyright"
    CONTENTS = "contents"
    DEDICATION = "dedication"
    EPIGRAPH = "epigraph"
    FOREWORD = "foreword"
    PREFACE = "preface"
    INTRODUCTION = "introduction"
    PROLOGUE = "prologue"
    EPILOGUE = "epilogue"
    AFTERWORD = "afterword"
    AUTHORS_NOTE = "authors-note"
    ACKNOWLEDGMENTS = "acknowledgments"
    APPENDIX = "appendix"
    NOTES = "notes"
    GLOSSARY = "glossary"
    BIBLIOGRAPHY = "bibliography"
    INDEX = "index"
    ILLUSTRATIONS = "illustrations"  # a list of illustrations or tables
    COLOPHON = "colophon"
    ABOUT = "about"  # about the author or the publisher
    ADVERTISEMENT = "advertisement"  # "also by", excerpts of other books
    LICENSE = "license"  # Project Gutenberg's terms, uncopyright pages


class Hint(StrEnum):
    """What the source's own markup says about how a run of text is to be read."""

    NONE = ""
    ROMAN = "roman"  # a Roman numeral
    INITIALISM = "initialism"  # read letter by letter
    ACRONYM = "acronym"  # read as a word
    ABBREVIATION = "abbreviation"
    ABBREVIATION_END = "abbreviation-end"  # the stop also ends the sentence
    INITIALS = "name-initials"
    ORDINAL = "ordinal"
    CARDINAL = "cardinal"
    EMPHASIS = "emphasis"
    VERBATIM = "verbatim"  # code, URLs: no typographic repair


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text inside a block with one set of properties.

    `language` is a BCP 47 tag where it differs from the book's, `phonemes` an IPA pronunciation
    from `ssml:ph` or a PLS lexicon, `alias` a spoken replacement from a PLS lexicon.
    """

    text: str
    language: str = ""
    hint: Hint = Hint.NONE
    phonemes: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph-like unit. The text of a block is the concatenation of its spans, white space
    folded to single spaces and trimmed; "\\n" only separates the lines of verse."""

    kind: BlockKind
    spans: tuple[Span, ...] = ()
    where: str = ""  # place in the source: "text/ch01.xhtml:12" (file, source line) or "line 12"
    level: int = 0  # headings: 1–6; list items: depth
    speaker: str = ""  # the author's direction: this block is spoken by that name
    style: str = ""  # the author's direction: manner of delivery
    seconds: float = 0.0  # PAUSE only

    @property
    def text(self) -> str:
        """The visible text, in reading order."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as the author meant it: what a listener can jump to.

    `title` is as written ("Chapter IV. The Storm"); it is spoken first and does not occur again as a
    heading block. `level` is 1 for the outermost entries. `number` counts all chapters from 1, in
    reading order, before any selection.
    """

    title: str
    blocks: tuple[Block, ...]
    number: int
    level: int = 1
    kind: ChapterKind = ChapterKind.CHAPTER
    where: str = ""
    heading: str = ""  # the words of the page that the title stands for; "" where only the contents name it

    @property
    def text(self) -> str:
        """Title-less text of the chapter; blocks are separated by a blank line."""
        return "\n\n".join(block.text for block in self.blocks if block.text)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Visible text that is not spoken, with the reason and the place."""

    reason: str  # "navigation", "copyright", "page number", "note mark", "hidden", "image", …
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover picture as it stands in the source."""

    data: bytes = field(repr=False)
    media_type: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the source says about itself. Empty strings and tuples where it says nothing."""

    title: str = ""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    narrators: tuple[str, ...] = ()
    translators: tuple[str, ...] = ()
    language: str = ""  # BCP 47
    publisher: str = ""
    date: str = ""  # ISO 8601, as precise as the source is
    description: str = ""  # plain text
    series: str = ""
    series_part: str = ""  # "3", "2.5"
    genres: tuple[str, ...] = ()
    rights: str = ""
    isbn: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()  # (scheme, value), e.g. ("uuid", "…")
    cover: Cover | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """Everything a source holds that a listener may hear, and everything left out with its reason."""

    metadata: Metadata
    chapters: tuple[Chapter, ...]
    skipped: tuple[Skipped, ...] = ()
    warnings: tuple[str, ...] = ()  # one line each, naming the place
    voices: tuple[tuple[str, str], ...] = ()  # (speaker, voice) asked for by the source's front matter
