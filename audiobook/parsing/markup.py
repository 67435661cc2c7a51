"""From the bytes of a page to a tree of elements, as far as a browser would get.

Strict XML first; where that fails the forgiving HTML parser; where even that loses text (nesting
thousands of levels deep) a flat reading that keeps every word and every block border. No entity is
fetched, no DTD is loaded, and internal entities are expanded under a budget.
"""

from __future__ import annotations

import codecs
import html
import re
from html.entities import html5
from typing import Any

from lxml import etree
from lxml import html as lxml_html

Element = Any
"""An lxml element; lxml has no type stubs of its own."""

_DECLARED = re.compile(rb"""encoding\s*=\s*["']([A-Za-z][\w.-]*)""")
_META = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z][\w.-]*)""", re.I)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE(?:[^\[>\"']|\"[^\"]*\"|'[^']*')*(\[.*?\]\s*)?>", re.S | re.I)
_ENTITY_DEFINITION = re.compile(r"""<!ENTITY\s+([\w.-]+)\s+(?:"([^"%<]{0,2000})"|'([^'%<]{0,2000})')\s*>""")
_ENTITY = re.compile(r"&([A-Za-z][\w.-]*);")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_CONTROL_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef]|d[89a-f]..);|0*(?:[0-8]|1[124-9]|2\d|3[01]);)", re.I
)
_SELF_CLOSED = re.compile(
    r"<(title|script|a|p|div|i|b|em|strong|span|iframe|textarea|style|section|h[1-6]|li|td|th|sup|sub|small)\b"
    r"([^<>]*)/>",
    re.I,
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_INVISIBLE = re.compile(r"<(script|style|head|title)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.S | re.I)
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
_BLOCK_TAG = re.compile(
    r"<(/?)(p|div|br|h[1-6]|li|tr|td|section|article|blockquote|dd|dt|pre|hr|table)\b[^<>]*>", re.I
)
_XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
_LONGEST_COMPLAINT = 120
_ENTITY_BUDGET = 1 << 20
_PROLOGUE = 1 << 17  # a document type declaration ends within this many characters


def local_name(tag: object, _known: dict[str, str] = {}) -> str:  # noqa: B006 - a cache shared by all pages
    """`{namespace}Name` or `prefix:Name` as `name`; "" for what is not an element."""
    if not isinstance(tag, str):
        return ""
    name = _known.get(tag)
    if name is None:
        name = _known[tag] = tag.rpartition("}")[2].rpartition(":")[2].lower()
    return name


def decode(data: bytes) -> str:
    """Text in whatever encoding it declares, or turns out to be in."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return data.decode("utf-32", "replace")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if data.startswith(codecs.BOM_UTF8):
        return data[3:].decode("utf-8", "replace")
    if b"\0" in data[:4]:
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", "replace")
    declared = _DECLARED.search(data[:200]) or _META.search(data[:4000])
    names = [declared[1].decode("ascii")] if declared else []
    for name in [*names, "utf-8"]:
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return _decode_leniently(data, names)


def _decode_leniently(data: bytes, names: list[str]) -> str:
    """UTF-8 with a few bad bytes stays UTF-8; anything else is taken for Western European."""
    if not names or names[0].lower().replace("-", "") == "utf8":
        text = data.decode("utf-8", "replace")
        if text.count("\ufffd") * 200 < len(text):
            return text
    return data.decode("cp1252", "replace")


def _blank(match: re.Match[str]) -> str:
    """Nothing, but as many lines of it: places in the source keep their line number."""
    return "\n" * match[0].count("\n")


def _prologue(text: str) -> tuple[str, dict[str, str]]:
    """The text without its XML declaration and document type, and the entities these define."""
    text = _XML_DECLARATION.sub(_blank, text.lstrip("\ufeff"), count=1) if "<?xml" in text[:200] else text
    head, rest = text[:_PROLOGUE], text[_PROLOGUE:]
    doctype = _DOCTYPE.search(head)
    if doctype is None:
        return text, {}
    entities = {
        match[1]: match[2] if match[2] is not None else match[3]
        for match in _ENTITY_DEFINITION.finditer(doctype[1] or "")
    }
    return head[: doctype.start()] + _blank(doctype) + head[doctype.end() :] + rest, entities


def _expand(text: str, own: dict[str, str]) -> str:
    """Named entities become characters. What a document defines itself is expanded once, under a budget."""
    budget = _ENTITY_BUDGET

    def replace(match: re.Match[str]) -> str:
        nonlocal budget
        name = match[1]
        if name in _XML_ENTITIES:
            return match[0]
        if name in own:
            value = html.unescape(own[name])
            budget -= len(value)
            return html.escape(value) if budget > 0 else ""
        return html.escape(html5[f"{name};"]) if f"{name};" in html5 else html.escape(match[0])

    return _ENTITY.sub(replace, text) if "&" in text else text


def prepare(data: bytes) -> str:
    """Decoded text that an XML parser can take: no declaration, no document type, no named entities."""
    text, entities = _prologue(decode(data))
    text = _CONTROL.sub(" ", _expand(text, entities))
    return _CONTROL_REFERENCE.sub(" ", text) if "&#" in text else text


def _xml_parser(*, recover: bool) -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def parse_xml(data: bytes) -> Element | None:
    """A package document, table of contents or other XML file; damaged ones as far as they go."""
    text = prepare(data).strip()
    if not text:
        return None
    for recover in (False, True):
        try:
            root = etree.fromstring(text.encode("utf-8"), _xml_parser(recover=recover))
        except etree.XMLSyntaxError:
            continue
        return root
    return None


def parse_page(data: bytes) -> tuple[Element | None, str]:
    """A page, and what was wrong with it ("" when it is well-formed XML)."""
    text = prepare(data)
    if not text.strip():
        return None, "empty"
    try:
        root = etree.fromstring(text.encode("utf-8"), _xml_parser(recover=False))
    except etree.XMLSyntaxError as error:
        return _parse_html(text), f"not well-formed: {_complaint(error)}"
    return root, ""


def _complaint(error: etree.XMLSyntaxError) -> str:
    """The parser's first sentence, without what it quotes at length."""
    line = (str(error.msg or error).splitlines() or ["unreadable"])[0]
    return line if len(line) <= _LONGEST_COMPLAINT else f"{line[:_LONGEST_COMPLAINT]}… (line {error.lineno})"


def _parse_html(text: str) -> Element:
    text = _CDATA.sub(lambda match: html.escape(match[1]), text)
    text = _SELF_CLOSED.sub(r"<\1\2></\1>", text)
    visible = _INVISIBLE.sub("", text)
    wanted = sum(map(len, _SPACE.sub("", _TAG.sub("", visible))))
    try:
        root = lxml_html.document_fromstring(
            text.encode("utf-8"),
            parser=lxml_html.HTMLParser(
                huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True
            ),
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return _flat(visible)
    kept = sum(len(_SPACE.sub("", part)) for part in root.itertext())
    # Entities and stray "<" make the count inexact; a lost subtree costs far more than a tenth.
    return (
        root
        if kept >= 0.9 * len(_SPACE.sub("", html.unescape(_TAG.sub("", visible)))) or wanted == 0
        else _flat(visible)
    )


def _flat(text: str) -> Element:
    """Words and block borders only, whatever the nesting."""
    body = etree.Element("body")
    position = 0
    for match in [*_BLOCK_TAG.finditer(text), None]:
        end = match.start() if match else len(text)
        words = _CONTROL.sub(" ", html.unescape(_TAG.sub("", text[position:end]))).strip()
        if words:
            level = etree.SubElement(body, "p")
            level.text = words
        position = match.end() if match else end
    return body
