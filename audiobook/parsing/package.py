"""The package document of an EPUB: what the book consists of, in which order, and what is encrypted."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from audiobook.errors import BookError, EncryptedBook
from audiobook.parsing.archive import Archive
from audiobook.parsing.elements import resolve
from audiobook.parsing.markup import Element, local_name, parse_xml
from audiobook.parsing.options import Limits

CONTAINER = "META-INF/container.xml"
PAGE_TYPES = frozenset(
    {
        "application/xhtml+xml",
        "text/html",
        "text/x-oeb1-document",
        "application/x-dtbook+xml",
        "text/xml",
        "application/xml",
        "application/octet-stream",
        "image/svg+xml",
        "",
    }
)
_PAGE_NAME = re.compile(r"\.(?:x?html?|xml)$", re.I)
_FONT_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_MOST_HOPS = 8


@dataclass(frozen=True, slots=True)
class Item:
    """One file of the manifest; `name` is the member of the archive, "" when it is missing or elsewhere."""

    key: str
    name: str
    media_type: str
    properties: frozenset[str]
    fallback: str = ""
    href: str = ""


@dataclass(slots=True)
class Package:
    """What the package document says."""

    path: str
    root: Element
    items: dict[str, Item] = field(default_factory=dict)
    spine: list[tuple[str, bool]] = field(default_factory=list)  # (item, linear)
    ncx: str = ""
    guide: dict[str, str] = field(default_factory=dict)  # file → type
    warnings: list[str] = field(default_factory=list)

    def nav(self) -> Item | None:
        """The EPUB 3 navigation document."""
        return next((item for item in self.items.values() if "nav" in item.properties and item.name), None)

    def ncx_item(self) -> Item | None:
        """The EPUB 2 table of contents."""
        named = self.items.get(self.ncx)
        if named is not None and named.name:
            return named
        return next(
            (
                item
                for item in self.items.values()
                if item.name and (item.media_type == "application/x-dtbncx+xml" or item.name.endswith(".ncx"))
            ),
            None,
        )


def _rootfiles(archive: Archive) -> tuple[list[str], str]:
    """Package documents that the container names, and the folder in which the whole book stands."""
    name = archive.find(CONTAINER)
    if name is None:
        name = next((other for other in archive.names if other.endswith("/" + CONTAINER)), None)
    if name is None:
        return [], ""
    prefix = name[: -len(CONTAINER)]
    root = parse_xml(archive.read(name))
    if root is None:
        return [], prefix
    paths = [
        element.get("full-path") or "" for element in root.iter() if local_name(element.tag) == "rootfile"
    ]
    return [found for path in paths if path and (found := archive.find(prefix + path))], prefix


def find_package(archive: Archive) -> tuple[str, str, list[str]]:
    """Path of the package document, the book's folder, and warnings. Raises BookError when there is none."""
    found, prefix = _rootfiles(archive)
    if found:
        return found[0], prefix, []
    others = sorted(
        (name for name in archive.names if name.lower().endswith(".opf")), key=lambda name: name.count("/")
    )
    if not others:
        raise BookError(f"{archive.path.name}: not an EPUB: it has no package document (.opf)")
    return others[0], prefix, [f"{CONTAINER}: missing or wrong; read {others[0]} instead"]


def read_package(archive: Archive, path: str, limits: Limits) -> Package:
    """Manifest, spine and guide. Raises BookError when the document cannot be read at all."""
    root = parse_xml(archive.read(path))
    if root is None:
        raise BookError(
            f"{archive.path.name}: {path}: the package document is empty or damaged beyond reading"
        )
    package = Package(path, root)
    for element in root.iter():
        name = local_name(element.tag)
        if name == "item" and element.get("id"):
            _add_item(package, archive, element)
        elif name == "itemref":
            package.spine.append((element.get("idref") or "", element.get("linear") != "no"))
        elif name == "spine":
            package.ncx = element.get("toc") or ""
        elif name == "reference" and element.get("href"):
            place = resolve(path, element.get("href"))
            if place is not None and not place[1]:
                package.guide.setdefault(
                    archive.find(place[0]) or place[0], (element.get("type") or "").lower()
                )
        if len(package.items) > 3 * limits.documents or len(package.spine) > 5 * limits.documents:
            raise BookError(
                f"{archive.path.name}: {path} lists more than {limits.documents} pages; raise the limit if it"
                " is a book"
            )
    if not package.spine:
        _guess_spine(package)
    return package


def _add_item(package: Package, archive: Archive, element: Element) -> None:
    href = element.get("href") or ""
    place = resolve(package.path, href)
    name = archive.find(place[0]) if place is not None else None
    item = Item(
        element.get("id"),
        name or "",
        (element.get("media-type") or "").strip().lower(),
        frozenset((element.get("properties") or "").split()),
        element.get("fallback") or "",
        href,
    )
    if item.key in package.items:
        package.warnings.append(
            f"{package.path}: the id {item.key[:60]} is used twice; {href[:80]} is not read by it"
        )
    package.items.setdefault(item.key, item)


def _guess_spine(package: Package) -> None:
    """Without a spine the pages are read in the order of the manifest."""
    pages = [
        item
        for item in package.items.values()
        if "nav" not in item.properties and item.media_type in ("application/xhtml+xml", "text/html")
    ]
    if pages:
        package.warnings.append(
            f"{package.path}: no reading order; pages are read in the order of the manifest"
        )
    package.spine = [(item.key, True) for item in pages]


def _is_page(item: Item) -> bool:
    """By its type; a page with a wrong type is told by its name, unless the book offers something else."""
    return item.media_type in PAGE_TYPES or (not item.fallback and bool(_PAGE_NAME.search(item.name)))


def reading_order(package: Package, limits: Limits) -> list[tuple[str, bool]]:
    """Pages as (member of the archive, linear), each once; what cannot be read is named in the warnings."""
    order: dict[str, bool] = {}
    for key, linear in package.spine:
        item = package.items.get(key)
        if item is None:
            package.warnings.append(
                f"{package.path}: the reading order names “{key[:60]}”, which does not exist"
            )
            continue
        page = _page_of(package, item)
        if page is None or not page.name:
            if page is not None or item.name == "":
                package.warnings.append(
                    f"{package.path}: {item.href[:80] or key[:60]} is missing from the book"
                )
            continue
        order[page.name] = order.get(page.name, False) or linear
        if len(order) > limits.documents:
            raise BookError(f"more than {limits.documents} pages; raise the limit if this is an honest book")
    if order and not any(order.values()):
        return [(name, True) for name in order]
    return list(order.items())


def _page_of(package: Package, item: Item) -> Item | None:
    """The item, or the first of its fallbacks that is a page."""
    for _ in range(_MOST_HOPS):
        if _is_page(item):
            return item
        following = package.items.get(item.fallback)
        if following is None:
            return None
        item = following
    return None


# --- encryption -------------------------------------------------------------------------------------------


def _scheme(archive: Archive, prefix: str) -> str:
    for name, scheme in (
        ("license.lcpl", "Readium LCP"),
        ("sinf.xml", "Apple FairPlay"),
        ("rights.xml", "Adobe ADEPT"),
    ):
        if archive.find(f"{prefix}META-INF/{name}"):
            return scheme
    return "an unknown scheme"


def encrypted_files(archive: Archive, prefix: str) -> set[str]:
    """Members under DRM. Obfuscated fonts are no DRM."""
    name = archive.find(f"{prefix}META-INF/encryption.xml")
    if name is None:
        return set()
    root = parse_xml(archive.read(name))
    found: set[str] = set()
    for data in root.iter() if root is not None else []:
        if local_name(data.tag) != "encrypteddata":
            continue
        algorithm = next((e.get("Algorithm") for e in data if local_name(e.tag) == "encryptionmethod"), "")
        uri = next((e.get("URI") for e in data.iter() if local_name(e.tag) == "cipherreference"), "")
        place = resolve(prefix + "root", uri or "")
        if algorithm not in _FONT_OBFUSCATION and place is not None:
            found.add(archive.find(place[0]) or place[0])
    return found


def refuse_encrypted(archive: Archive, prefix: str, pages: list[str]) -> None:
    """Raises EncryptedBook when a page that would be read is under DRM."""
    encrypted = encrypted_files(archive, prefix)
    locked = [page for page in pages if page in encrypted]
    if locked:
        share = "the book is" if len(locked) == len(pages) else f"{posixpath.basename(locked[0])} is"
        raise EncryptedBook(
            f"{archive.path.name}: {share} encrypted (DRM: {_scheme(archive, prefix)}); "
            "only its seller's software can open it"
        )
