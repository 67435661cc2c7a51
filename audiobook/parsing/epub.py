"""EPUB 2 and 3."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from audiobook.book import Book, ChapterKind, Skipped
from audiobook.errors import BookError, EncryptedBook
from audiobook.parsing import gutenberg, matter, semantics
from audiobook.parsing.archive import Archive
from audiobook.parsing.chapters import Assembler
from audiobook.parsing.elements import page_types, resolve
from audiobook.parsing.flow import Flow
from audiobook.parsing.markup import Element, decode, local_name, parse_page
from audiobook.parsing.metadata import read_metadata
from audiobook.parsing.navigation import Navigation, read_navigation
from audiobook.parsing.notes import NoteBook
from audiobook.parsing.options import ReadOptions
from audiobook.parsing.package import Package, find_package, read_package, reading_order, refuse_encrypted
from audiobook.parsing.pronunciation import Dictionary, apply_dictionary, read_dictionaries
from audiobook.parsing.shape import shape
from audiobook.parsing.styles import NO_STYLES, Styles, read_styles
from audiobook.parsing.xhtml import Page, PageReader

_MOST_WARNINGS = 100


class EpubReader:
    """Reads one archive, page by page; no page's tree outlives its turn."""

    def __init__(self, archive: Archive, options: ReadOptions) -> None:
        self.archive = archive
        self.options = options
        self.flow = Flow()
        self._styles: dict[tuple[str, ...], Styles] = {}
        self._sheets: dict[str, str] = {}
        self._dictionaries: dict[tuple[str, ...], Dictionary] = {}

    def read(self) -> Book:
        """The whole book. Raises BookError."""
        path, prefix, warnings = find_package(self.archive)
        package = read_package(self.archive, path, self.options.limits)
        package.warnings[:0] = warnings
        order = reading_order(package, self.options.limits)
        refuse_encrypted(self.archive, prefix, [name for name, _ in order])
        navigation = read_navigation(
            self.archive, package, {name for name, _ in order}, self.options.limits.entries
        )
        metadata = read_metadata(self.archive, package)
        files = self._pour(package, navigation, order, metadata.language)
        gutenberg.mark_license(self.flow.pieces)
        assembler = Assembler(self.flow, metadata, self.options, NoteBook(self.flow, self.options))
        chapters = assembler.run(navigation.entries, files)
        warnings = [*package.warnings, *navigation.warnings, *self.flow.warnings]
        if not chapters:
            raise BookError(self._nothing(order, assembler.skipped, warnings))
        return Book(
            metadata,
            chapters,
            tuple(self.flow.skipped + assembler.skipped),
            tuple(dict.fromkeys(warnings))[:_MOST_WARNINGS],
        )

    def _nothing(self, order: list[tuple[str, bool]], skipped: list[Skipped], warnings: list[str]) -> str:
        name = self.archive.path.name
        if not order:
            return f"{name}: the reading order of the book is empty: there is nothing to read"
        if any(part.text for part in skipped):
            kinds = sorted({part.reason for part in skipped if part.text})
            return (
                f"{name}: nothing would be spoken: the book holds only {', '.join(kinds)}; ask for parts with"
                " --include"
            )
        hint = f" ({warnings[0]})" if warnings else ""
        return f"{name}: no readable text{hint}; a book of scanned pages needs text recognition first"

    def _pour(
        self, package: Package, navigation: Navigation, order: list[tuple[str, bool]], language: str
    ) -> dict[str, int]:
        """All pages into the flow; where each begins."""
        files: dict[str, int] = {}
        for name, linear in order:
            files[name] = len(self.flow.pieces)
            try:
                root, problem = parse_page(self.archive.read(name))
            except EncryptedBook:
                raise
            except BookError as error:
                if "damaged" not in error.message:
                    raise
                self.flow.warnings.append(error.message)
                continue
            if problem:
                self.flow.warnings.append(f"{name}: {problem}")
            if root is not None:
                self._page(name, root, linear, package, navigation, language)
        return files

    def _page(
        self, name: str, root: Element, linear: bool, package: Package, navigation: Navigation, language: str
    ) -> None:
        body = next((element for element in root.iter() if local_name(element.tag) == "body"), root)
        if local_name(root.tag) == "svg":
            body = _wrapped(root)
        types = page_types(body) | navigation.landmarks.get(name, set()) | {package.guide.get(name, "")}
        role = semantics.role_of(types)
        if name == navigation.nav_file:
            role = ChapterKind.CONTENTS
        elif role is None:
            role = matter.by_name(name) if not linear else None
        page = Page(
            name, language, role, "" if linear else "not in reading order", self._styles_of(name, root)
        )
        weaver = PageReader(page, self.options, self.flow).read(body)
        pieces = shape(weaver.pieces)
        dictionary = self._dictionary_of(name, root)
        if dictionary:
            apply_dictionary(pieces, dictionary)
        self.flow.pieces += pieces

    def _links(self, name: str, root: Element, kind: str) -> Iterator[str]:
        head = next((element for element in root.iter() if local_name(element.tag) == "head"), None)
        for element in head if head is not None else []:
            if local_name(element.tag) == "link" and kind in (element.get("rel") or "").lower().split():
                place = resolve(name, element.get("href") or "")
                found = self.archive.find(place[0]) if place is not None else None
                if found is not None:
                    yield found

    def _styles_of(self, name: str, root: Element) -> Styles:
        own = [
            "".join(element.itertext())
            for element in root.iter("{http://www.w3.org/1999/xhtml}style", "style")
        ]
        key = (*self._links(name, root, "stylesheet"), *own)
        if not key:
            return NO_STYLES
        if key not in self._styles:
            linked = [self._sheet(sheet) for sheet in key[: len(key) - len(own)]]
            self._styles[key] = read_styles([*linked, *own])
        return self._styles[key]

    def _sheet(self, name: str) -> str:
        if name not in self._sheets:
            try:
                self._sheets[name] = (
                    decode(self.archive.read(name)) if self.archive.size(name) < 1 << 20 else ""
                )
            except BookError as error:
                self._sheets[name] = ""
                self.flow.warnings.append(error.message)
        return self._sheets[name]

    def _dictionary_of(self, name: str, root: Element) -> Dictionary:
        key = tuple(self._links(name, root, "pronunciation"))
        if key not in self._dictionaries:
            self._dictionaries[key] = read_dictionaries(self.archive, key, self.flow.warnings)
        return self._dictionaries[key]


def _wrapped(root: Element) -> Element:
    """A page that is one drawing: put it into something that has an inside."""
    from lxml import etree

    body = etree.Element("body")
    root.set("audiobook-page", "whole")
    body.append(root)
    return body


def read_epub(path: Path, options: ReadOptions) -> Book:
    """An EPUB as a Book. Raises BookError, EncryptedBook or StorageError."""
    with Archive(path, options.limits) as archive:
        return EpubReader(archive, options).read()
