"""The last step of every reader whose source has no spine: pieces and their outline become a Book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from audiobook.book import Book, Metadata
from audiobook.errors import BookError
from audiobook.parsing.chapters import Assembler
from audiobook.parsing.flow import Flow
from audiobook.parsing.navigation import Entry
from audiobook.parsing.notes import NoteBook
from audiobook.parsing.options import ReadOptions


def finish(
    flow: Flow,
    metadata: Metadata,
    options: ReadOptions,
    entries: Sequence[Entry],
    name: str,
    *,
    files: Mapping[str, int] | None = None,
    trusted: bool | None = None,
    voices: tuple[tuple[str, str], ...] = (),
) -> Book:
    """The book in `flow`, its chapters beginning at `entries`.

    `files` tells at which piece each file begins, where there are several; `trusted` whether the entries are
    all there are (by default: whether there are any). Raises BookError, naming `name`, where nothing can
    be spoken.
    """
    sure = bool(entries) if trusted is None else trusted
    assembler = Assembler(flow, metadata, options, NoteBook(flow, options), trusted=sure)
    chapters = assembler.run(list(entries), dict(files or {"": 0}))
    if not chapters:
        raise BookError(f"{name}: no text to speak")
    return Book(metadata, chapters, tuple(flow.skipped + assembler.skipped), tuple(flow.warnings), voices)
