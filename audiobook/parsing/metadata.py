"""What an EPUB says about itself: Dublin Core, EPUB 3 refinements and calibre's additions."""

from __future__ import annotations

import html
import posixpath
import re
from collections import defaultdict
from dataclasses import dataclass, field

from audiobook.book import Cover, Metadata
from audiobook.errors import BookError
from audiobook.parsing.archive import Archive
from audiobook.parsing.flow import folded
from audiobook.parsing.markup import Element, local_name
from audiobook.parsing.package import Package

_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/h\d)\b[^>]*>", re.I)
_TAG = re.compile(r"<[^<>]*>")
_ISBN = re.compile(r"(?<![\dX])(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx](?![\dX])")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_IMAGE_TYPES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}
_NOBODY = ("unknown", "unknown author", "anonymous author", "unbekannt", "inconnu")
_GUTENBERG = re.compile(r"The Project Gutenberg e-?book of (.+?)(?:,? by (.+))?", re.I)
_LONGEST = 20_000
_LONGEST_TITLE = 500


@dataclass(slots=True)
class _Facts:
    """Elements of the metadata by name, and what refines them."""

    elements: dict[str, list[Element]] = field(default_factory=lambda: defaultdict(list))
    refining: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    named: dict[str, str] = field(default_factory=dict)  # <meta name= content=>
    properties: list[tuple[str, str, str]] = field(default_factory=list)  # (property, value, id)


def _gather(root: Element) -> _Facts:
    facts = _Facts()
    for element in root.iter():
        name = local_name(element.tag)
        if name in ("manifest", "spine"):
            continue
        if name != "meta":
            facts.elements[name].append(element)
            continue
        value = folded("".join(element.itertext()))
        if element.get("refines"):
            facts.refining[element.get("refines").lstrip("#")][element.get("property") or ""] = value
        elif element.get("property"):
            facts.properties.append((element.get("property"), value, element.get("id") or ""))
        elif element.get("name"):
            facts.named.setdefault(element.get("name"), element.get("content") or "")
    return facts


def _text(element: Element) -> str:
    return folded("".join(element.itertext()))[:_LONGEST_TITLE]


def _texts(facts: _Facts, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(_text, facts.elements[name]))))


def _first(facts: _Facts, name: str) -> str:
    return next(iter(_texts(facts, name)), "")


def _role(facts: _Facts, element: Element) -> str:
    own = element.get("{http://www.idpf.org/2007/opf}role") or element.get("opf:role") or ""
    return own or facts.refining.get(element.get("id") or "", {}).get("role", "")


def _people(facts: _Facts, name: str, roles: tuple[str, ...]) -> tuple[str, ...]:
    found = [_text(element) for element in facts.elements[name] if _role(facts, element) in roles]
    return tuple(dict.fromkeys(filter(None, found)))


def _titles(facts: _Facts) -> tuple[str, str]:
    """Main title and subtitle."""
    main, sub = "", ""
    for element in facts.elements["title"]:
        kind = facts.refining.get(element.get("id") or "", {}).get("title-type", "")
        if kind == "subtitle":
            sub = sub or _text(element)
        elif kind == "main":
            main = _text(element)
    return main or _first(facts, "title"), sub


def _without_gutenberg(title: str) -> tuple[str, tuple[str, ...]]:
    """“The Project Gutenberg eBook of Emma, by Jane Austen” is a title and an author."""
    match = _GUTENBERG.fullmatch(title)
    return (match[1], (match[2],) if match[2] else ()) if match else (title, ())


def _series(facts: _Facts) -> tuple[str, str]:
    """Name and number: EPUB 3 collections, else calibre's."""
    for name, value, key in facts.properties:
        details = facts.refining.get(key, {})
        if name == "belongs-to-collection" and details.get("collection-type", "series") == "series":
            return value, details.get("group-position", "")
    part = facts.named.get("calibre:series_index", "")
    if re.fullmatch(r"\d+\.0+", part):
        part = part.partition(".")[0]
    series = folded(facts.named.get("calibre:series", ""))
    return series, part if series else ""


def _identifiers(facts: _Facts) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for element in facts.elements["identifier"]:
        value = _text(element)
        scheme = element.get("{http://www.idpf.org/2007/opf}scheme") or element.get("opf:scheme") or ""
        urn = re.match(r"(?:urn:)?(uuid|isbn|doi|url|calibre|asin|mobi-asin|google)[:.]", value, re.I)
        if urn:
            scheme, value = urn[1], value[urn.end() :]
        elif value.startswith(("http://", "https://")):
            scheme = scheme or "url"
        if value:
            found.append((scheme.lower(), value))
    return tuple(dict.fromkeys(found))


def is_isbn(text: str) -> bool:
    """Ten or thirteen digits whose check digit is right."""
    digits = re.sub(r"[- ]", "", text).upper()
    if re.fullmatch(r"\d{9}[\dX]", digits):
        return (
            sum((10 - at) * (10 if digit == "X" else int(digit)) for at, digit in enumerate(digits)) % 11 == 0
        )
    if re.fullmatch(r"97[89]\d{10}", digits):
        return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10 == 0
    return False


def _isbn(facts: _Facts, identifiers: tuple[tuple[str, str], ...]) -> str:
    candidates = [value for scheme, value in identifiers if scheme in ("isbn", "")]
    candidates += [
        value.partition("isbn:")[2] for value in _texts(facts, "source") if "isbn:" in value.lower()
    ]
    for value in candidates:
        match = _ISBN.search(value)
        if match and is_isbn(match[0]):
            return re.sub(r"[- ]", "", match[0]).upper()
    return ""


def _date(facts: _Facts) -> str:
    """The day of publication, as precise as it is given."""
    dated = [
        (element.get("{http://www.idpf.org/2007/opf}event") or "publication", element)
        for element in facts.elements["date"]
    ]
    for wanted in ("publication", "original-publication", "creation", "conversion"):
        for event, element in dated:
            match = _DATE.match(_text(element))
            if event == wanted and match and not match[0].startswith("0101"):
                return match[0]
    return ""


def plain(markup: str) -> str:
    """HTML, or HTML that was escaped as text, as plain text with its paragraphs."""
    text = markup[:_LONGEST]
    if "&lt;" in text:
        text = html.unescape(text)
    text = _TAG.sub("", _BREAK.sub("\n", text))
    lines = (folded(line) for line in html.unescape(text).split("\n"))
    return "\n".join(line for line in lines if line)


def _description(facts: _Facts) -> str:
    for element in facts.elements["description"]:
        words = plain("\n".join(element.itertext()) if len(element) else element.text or "")
        if words:
            return words
    return ""


def image_type(data: bytes) -> str:
    """Media type by the first bytes; "" for what is no picture a player shows."""
    return next((kind for start, kind in _IMAGE_TYPES.items() if data.startswith(start)), "")


def _cover_names(archive: Archive, package: Package, facts: _Facts) -> list[str]:
    items = package.items
    names = [item.name for item in items.values() if "cover-image" in item.properties]
    meta = facts.named.get("cover", "")
    if meta in items:
        names.append(items[meta].name)
    names += [item.name for item in items.values() if item.href == meta and meta]
    pictures = [item for item in items.values() if item.media_type.startswith("image/") and item.name]
    names += [item.name for item in pictures if "cover" in item.key.lower()]
    names += [item.name for item in pictures if "cover" in posixpath.basename(item.name).lower()]
    return list(dict.fromkeys(filter(None, names)))


def _cover(archive: Archive, package: Package, facts: _Facts) -> Cover | None:
    """The picture that is declared to be the cover, or called so."""
    for name in _cover_names(archive, package, facts)[:4]:
        try:
            data = archive.read(name)
        except BookError as error:
            package.warnings.append(f"no cover: {error.message}")
            continue
        kind = image_type(data)
        if kind:
            return Cover(data, kind)
    return None


def read_metadata(archive: Archive, package: Package) -> Metadata:
    """All that the package document says."""
    facts = _gather(package.root)
    title, subtitle = _titles(facts)
    title, made_by = _without_gutenberg(title)
    series, part = _series(facts)
    identifiers = _identifiers(facts)
    authors = _people(facts, "creator", ("aut", "")) or _texts(facts, "creator")
    authors = tuple(author for author in authors if author.lower() not in _NOBODY)
    return Metadata(
        title=title,
        subtitle=subtitle,
        authors=authors or made_by,
        narrators=_people(facts, "creator", ("nrt",)) + _people(facts, "contributor", ("nrt",)),
        translators=_people(facts, "creator", ("trl",)) + _people(facts, "contributor", ("trl",)),
        language=_language(_first(facts, "language")),
        publisher=_first(facts, "publisher"),
        date=_date(facts),
        description=_description(facts),
        series=series,
        series_part=part,
        genres=_texts(facts, "subject"),
        rights=_first(facts, "rights"),
        isbn=_isbn(facts, identifiers),
        identifiers=identifiers,
        cover=_cover(archive, package, facts),
    )


def _language(text: str) -> str:
    """A BCP 47 tag, or nothing for "und" and for what is no tag at all."""
    tag = text.replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", tag) and tag.lower() != "und" else ""
