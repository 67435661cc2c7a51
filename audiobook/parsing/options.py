"""What a caller may decide about reading a book: which parts are spoken, what becomes of notes, bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from audiobook.book import ChapterKind
from audiobook.errors import UsageError

SPOKEN_KINDS = frozenset(
    {
        ChapterKind.CHAPTER,
        ChapterKind.PART,
        ChapterKind.DEDICATION,
        ChapterKind.EPIGRAPH,
        ChapterKind.FOREWORD,
        ChapterKind.PREFACE,
        ChapterKind.INTRODUCTION,
        ChapterKind.PROLOGUE,
        ChapterKind.EPILOGUE,
        ChapterKind.AFTERWORD,
        ChapterKind.AUTHORS_NOTE,
        ChapterKind.ACKNOWLEDGMENTS,
        ChapterKind.APPENDIX,
        ChapterKind.GLOSSARY,
        ChapterKind.ABOUT,
    }
)
"""What is spoken unless the person says otherwise: all that was written to be read from beginning to end."""

NOTES = ("skip", "inline", "paragraph", "chapter")
TABLES = ("read", "headers", "skip")
FIGURES = ("skip", "alt")
CODE = ("read", "skip")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep a hostile file from exhausting the machine; honest giants may raise them."""

    members: int = 50_000  # entries of the archive
    item_bytes: int = 48 << 20  # one file of the book, unpacked
    total_bytes: int = 384 << 20  # all that is unpacked while reading
    ratio: int = 200  # unpacked to packed, for files over `ratio_floor`
    ratio_floor: int = 4 << 20
    documents: int = 20_000  # pages in reading order
    entries: int = 10_000  # lines of a table of contents
    depth: int = 400  # nesting of elements that is followed; deeper ones are read flat


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a book.

    `notes`: "skip" them, or speak them "inline" where the mark stands, after the "paragraph", or at the
    end of the "chapter". `tables`: "read" rows as they stand, repeat the column "headers" in each row, or
    "skip". `figures`: "alt" speaks the alternative text of pictures.
    """

    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    notes: str = "skip"
    tables: str = "read"
    figures: str = "skip"
    code: str = "read"
    limits: Limits = field(default_factory=Limits)

    def speaks(self, kind: ChapterKind) -> bool:
        """Whether chapters of this kind are spoken."""
        return kind not in self.exclude and (kind in SPOKEN_KINDS or kind in self.include)


def _kinds(values: Iterable[str], flag: str) -> frozenset[str]:
    """Kinds named in flags such as `--include contents,index`."""
    known = {kind.value for kind in ChapterKind}
    names = [name.strip().lower() for value in values for name in value.split(",")]
    for name in filter(None, names):
        if name not in known:
            raise UsageError(f"{flag} {name}: no such part of a book; choose from {', '.join(sorted(known))}")
    return frozenset(filter(None, names))


def _choice(value: str, choices: tuple[str, ...], flag: str) -> str:
    if value not in choices:
        raise UsageError(f"{flag} {value}: choose from {', '.join(choices)}")
    return value


def from_flags(
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    notes: str = "skip",
    tables: str = "read",
    figures: str = "skip",
    code: str = "read",
    limits: Limits | None = None,
) -> ReadOptions:
    """Options from what a person typed or wrote in project.toml. Raises UsageError on unknown words."""
    return ReadOptions(
        include=_kinds(include, "--include"),
        exclude=_kinds(exclude, "--exclude"),
        notes=_choice(notes, NOTES, "--notes"),
        tables=_choice(tables, TABLES, "--tables"),
        figures=_choice(figures, FIGURES, "--figures"),
        code=_choice(code, CODE, "--code"),
        limits=limits or Limits(),
    )
