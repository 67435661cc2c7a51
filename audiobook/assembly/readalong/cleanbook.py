"""A clean EPUB of what is spoken, for sources that are no EPUB: Markdown and plain text."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from ebooklib import epub

from audiobook.assembly.cover import Picture
from audiobook.assembly.plan import AssemblyPlan, PlannedChapter, Rest
from audiobook.assembly.text import one_line


def _paragraphs(chapter: PlannedChapter) -> str:
    parts: list[str] = []
    held: list[str] = []

    def close() -> None:
        if held:
            parts.append(f"<p>{' '.join(held)}</p>")
            held.clear()

    for item in chapter.items:
        if isinstance(item, Rest):
            close()
            parts.append("<hr/>" if item.kind == "scene" else "")
            continue
        text = html.escape(one_line(item.text, 1 << 20), quote=False)
        if item.role != "line":
            close()
            level = 1 if item.role == "title" else 2
            parts.append(f"<h{level}>{text}</h{level}>")
            continue
        if item.paragraph:
            close()
        held.append(text)
    close()
    return "\n".join(part for part in parts if part)


def write_clean_book(plan: AssemblyPlan, cover: Picture | None, path: Path) -> None:
    """Write an EPUB 3 with the text of the plan."""
    metadata = plan.metadata
    book: Any = epub.EpubBook()
    title = one_line(metadata.title) or "Untitled"
    book.set_identifier(f"isbn:{metadata.isbn}" if metadata.isbn else f"audiobook:{title}")
    book.set_title(title)
    language = metadata.language or "en"
    book.set_language(language)
    for number, author in enumerate(metadata.authors, 1):
        book.add_author(one_line(author), uid=f"author{number}")
    if metadata.publisher:
        book.add_metadata("DC", "publisher", one_line(metadata.publisher))
    if cover is not None:
        book.set_cover("cover.jpg", cover.data, create_page=False)
    pages = []
    for number, chapter in enumerate(plan.chapters, 1):
        name = one_line(chapter.title) or str(number)
        page = epub.EpubHtml(title=name, file_name=f"chapter{number:04d}.xhtml", lang=language)
        page.content = _paragraphs(chapter) or "<p>…</p>"
        book.add_item(page)
        pages.append(page)
    book.toc = tuple(pages)
    book.spine = pages
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    epub.write_epub(str(path), book)
