"""Questions about single elements that need no knowledge of the page around them."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote, urlsplit

from audiobook.parsing import semantics
from audiobook.parsing.flow import Place
from audiobook.parsing.markup import Element, local_name

_EPUB = "{http://www.idpf.org/2007/ops}"
_SSML = "{http://www.w3.org/2001/10/synthesis}"
_MARK_TARGET = re.compile(
    r"(?:^|[^a-z])(?:fn|ftn|note|footnote|endnote|noteref|fnref|edn|_ftn|_edn)[\W_]*\w{0,8}\d", re.I
)
_BIG_CELL = 400


def types_of(element: Element) -> set[str]:
    """epub:type and role, in lower case, without ARIA's `doc-`."""
    names = f"{element.get(_EPUB + 'type') or element.get('epub:type') or ''} {element.get('role') or ''}"
    return {name.removeprefix("doc-") for name in names.lower().split()}


def page_types(body: Element) -> set[str]:
    """What a page as a whole declares itself to be: its body, and the one element that holds all its text."""
    types = types_of(body)
    element = body
    for _ in range(3):
        inside = [child for child in element if isinstance(child.tag, str) and has_words(child)]
        loose = any((text or "").strip() for text in (element.text, *(child.tail for child in element)))
        if len(inside) != 1 or loose:
            break
        element = inside[0]
        types |= types_of(element)
    return types


def resolve(base: str, reference: str) -> Place | None:
    """The file and the fragment that a reference in the file `base` points at; None for other places."""
    try:
        parts = urlsplit(reference.strip())
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return None
    if not parts.path:
        return base, unquote(parts.fragment)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(parts.path)))
    if path.startswith(("..", "/")):
        path = posixpath.normpath(unquote(parts.path).lstrip("/")).removeprefix("../")
    return path, unquote(parts.fragment)


def is_button(image: Element) -> bool:
    """A picture that is all there is of a link: an arrow, a thumbnail."""
    parent = image.getparent()
    for _ in range(3):
        if parent is None or local_name(parent.tag) in semantics.BLOCKS:
            return False
        if local_name(parent.tag) == "a" and parent.get("href"):
            return not "".join(parent.itertext()).strip()
        parent = parent.getparent()
    return False


def is_verse_class(element: Element) -> bool:
    """Converters turn the layout of a poem into nonsense, "display: none" among it; nobody hides a poem."""
    return any(semantics.VERSE_CLASS.match(word) for word in (element.get("class") or "").split())


def visible_text(element: Element) -> list[str]:
    """The texts inside an element, in order, without scripts."""
    texts = [element.text or ""]
    for child in element.iterdescendants():
        if local_name(child.tag) not in ("script", "style", "head", ""):
            texts.append(child.text or "")
        texts.append(child.tail or "")
    return texts


def has_words(element: Element) -> bool:
    """Whether there is any letter or digit in it."""
    return any(character.isalnum() for text in element.itertext() for character in text)


def is_code(element: Element, classes: str) -> bool:
    """`<pre>` is code when it says so; otherwise it is a text whose line ends matter."""
    if re.search(r"code|source|listing|language-|lang-|highlight|program|screen|console", classes, re.I):
        return True
    return any(local_name(child.tag) in ("code", "samp", "kbd", "tt") for child in element)


def persona_of(cell: Element) -> str:
    """Who speaks a cell of a play: the person that the cell before it names."""
    before = cell.getprevious()
    if before is None or "z3998:persona" not in types_of(before):
        return ""
    return " ".join("".join(before.itertext()).split()).rstrip(".:, ")


def holds_data(table: Element) -> bool:
    """Several columns of short cells; not headings, whole paragraphs side by side, or a play."""
    widest = 0
    for element in table.iterdescendants():
        name = local_name(element.tag)
        if name == "td" and "z3998:persona" in types_of(element):
            return False
        if name == "table" or name in semantics.HEADINGS or name in ("blockquote", "pre", "hr"):
            return False
        if name == "tr":
            widest = max(widest, sum(local_name(cell.tag) in ("td", "th") for cell in element))
        elif name in ("td", "th") and sum(map(len, element.itertext())) > _BIG_CELL:
            return False
    return widest > 1


def is_mark(element: Element, text: str, fragment: str) -> bool:
    """A link whose text is only a number, a letter or a dagger: raised, bracketed or named like a note."""
    parent = element.getparent()
    if parent is not None and local_name(parent.tag) == "sup":
        return True
    if any(local_name(child.tag) in ("sup",) for child in element.iterdescendants()):
        return True
    names = f"{element.get('class') or ''}".split()
    if any(semantics.NOTE_MARK_CLASS.search(name) for name in names):
        return True
    if text[0] in "[({*†‡§¶‖":
        return True
    return bool(_MARK_TARGET.search(fragment)) and not text.isalpha()


def headers(table: Element) -> list[str]:
    """The cells of a first row that consists of headers only."""
    for row in table.iterdescendants():
        if local_name(row.tag) == "tr":
            cells = [cell for cell in row if local_name(cell.tag) in ("td", "th")]
            if cells and all(local_name(cell.tag) == "th" for cell in cells):
                return [" ".join("".join(cell.itertext()).split()) for cell in cells]
            return []
    return []


def alphabet(element: Element) -> str:
    """The phonetic alphabet that holds for an element; X-SAMPA and IPA are in use."""
    while element is not None:
        name = element.get(_SSML + "alphabet") or element.get("ssml:alphabet")
        if name:
            return str(name).lower()
        element = element.getparent()
    return "ipa"
