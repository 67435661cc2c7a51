"""Tables of contents: EPUB 3 navigation documents, EPUB 2 NCX, landmarks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from audiobook.errors import BookError
from audiobook.parsing.archive import Archive
from audiobook.parsing.elements import resolve, types_of
from audiobook.parsing.flow import folded
from audiobook.parsing.markup import Element, local_name, parse_page, parse_xml
from audiobook.parsing.package import Package

_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a table of contents."""

    title: str
    file: str
    fragment: str = ""
    level: int = 1


@dataclass(slots=True)
class Navigation:
    """What the book says about its own structure."""

    entries: list[Entry] = field(default_factory=list)
    landmarks: dict[str, set[str]] = field(default_factory=dict)  # file → types
    nav_file: str = ""
    warnings: list[str] = field(default_factory=list)


def _levels(root: Element, marker: frozenset[str]) -> Iterator[tuple[Element, int]]:
    """Every element, in order, with the number of markers around it; without recursion."""
    stack: list[tuple[Element, int]] = [(root, 0)]
    while stack:
        element, level = stack.pop()
        yield element, level
        if len(element):
            inner = level + (local_name(element.tag) in marker)
            stack.extend([(child, inner) for child in reversed(element)])


def _label(link: Element) -> str:
    words = folded("".join(link.itertext()))
    if not words:
        pictures = (
            e.get("alt") or e.get("title") or "" for e in link.iter() if local_name(e.tag) in ("img", "svg")
        )
        words = folded(" ".join(pictures)) or folded(link.get("title") or "")
    return words[:_LONGEST_TITLE]


def _entry(archive: Archive, base: str, title: str, reference: str, level: int) -> Entry | None:
    place = resolve(base, reference)
    if place is None:
        return None
    name = archive.find(place[0]) if place[0] != base or "#" not in reference else base
    return Entry(title, name or place[0], place[1], max(1, level)) if name or place[0] else None


def _nav_entries(archive: Archive, file: str, nav: Element, most: int) -> list[Entry]:
    entries: list[Entry] = []
    for element, level in _levels(nav, frozenset({"ol", "ul"})):
        if len(entries) >= most:
            break
        if local_name(element.tag) != "a":
            continue
        entry = _entry(archive, file, _label(element), element.get("href") or "", level)
        if entry is not None and element.get("href"):
            entries.append(entry)
    return entries


def _read_nav(archive: Archive, file: str, result: Navigation, most: int) -> list[Entry]:
    root, problem = parse_page(archive.read(file))
    if root is None:
        return []
    if problem:
        result.warnings.append(f"{file}: {problem}")
    navs = [element for element in root.iter() if local_name(element.tag) == "nav"]
    for nav in navs:
        if "landmarks" in types_of(nav):
            _read_landmarks(archive, file, nav, result)
    chosen = [nav for nav in navs if "toc" in types_of(nav)] or [
        nav for nav in navs if not types_of(nav) & {"landmarks", "page-list"}
    ]
    return _nav_entries(archive, file, chosen[0], most) if chosen else []


def _read_landmarks(archive: Archive, file: str, nav: Element, result: Navigation) -> None:
    for link in nav.iter():
        if local_name(link.tag) == "a" and link.get("href"):
            place = resolve(file, link.get("href"))
            if place is not None and not place[1]:
                name = archive.find(place[0]) or place[0]
                result.landmarks.setdefault(name, set()).update(types_of(link))


def _read_ncx(archive: Archive, file: str, most: int) -> list[Entry]:
    root = parse_xml(archive.read(file))
    entries: list[Entry] = []
    if root is None:
        return entries
    for element, level in _levels(root, frozenset({"navpoint"})):
        if len(entries) >= most:
            break
        if local_name(element.tag) != "navpoint":
            continue
        label = next((child for child in element if local_name(child.tag) == "navlabel"), None)
        target = next((child.get("src") for child in element if local_name(child.tag) == "content"), None)
        title = folded("".join(label.itertext()))[:_LONGEST_TITLE] if label is not None else ""
        entry = _entry(archive, file, title, target, level + 1) if target else None
        if entry is not None:
            entries.append(entry)
    return entries


def read_navigation(archive: Archive, package: Package, pages: set[str], most: int) -> Navigation:
    """The better of the two tables of contents: the one that points at more places of the book."""
    result = Navigation()
    nav, ncx = package.nav(), package.ncx_item()
    best: list[Entry] = []
    for item in filter(None, (nav, ncx)):
        try:
            if item is nav:
                result.nav_file = item.name
                entries = _read_nav(archive, item.name, result, most)
            else:
                entries = _read_ncx(archive, item.name, most)
        except BookError as error:
            result.warnings.append(error.message)
            continue
        inside = [entry for entry in entries if entry.file in pages]
        if len(inside) < len(entries):
            lost = len(entries) - len(inside)
            result.warnings.append(f"{item.name}: {lost} entries point outside the reading order")
        if not best or _reach(inside) > 2 * _reach(best):
            best = inside
    result.entries = best
    return result


def _reach(entries: list[Entry]) -> int:
    return len({(entry.file, entry.fragment) for entry in entries})
