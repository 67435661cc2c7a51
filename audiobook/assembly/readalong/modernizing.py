"""Pages of EPUB 2 in the language of EPUB 3: what HTML no longer has is replaced by what looks the same."""

from __future__ import annotations

import re
from typing import Any

XHTML = "http://www.w3.org/1999/xhtml"
_ELEMENTS = {
    "big": ("span", "font-size: larger"),
    "tt": ("span", "font-family: monospace"),
    "center": ("div", "text-align: center"),
    "font": ("span", ""),
    "strike": ("s", ""),
    "acronym": ("abbr", ""),
    "dir": ("ul", ""),
    "basefont": ("span", ""),
}
_STYLES = {
    "align": "text-align: {}",
    "valign": "vertical-align: {}",
    "bgcolor": "background-color: {}",
    "color": "color: {}",
    "width": "width: {}",
    "height": "height: {}",
    "clear": "clear: {}",
}
_TABLES = "summary cellpadding cellspacing border nowrap compact frame rules char charoff axis abbr scope"
_LOOKS = "hspace vspace noshade size face link vlink alink text background start type value"
_LINKS = "rev charset shape coords profile version longdesc"
_DROPPED = frozenset(f"{_TABLES} {_LOOKS} {_LINKS}".split())
_SIZED = {"img", "svg", "video", "object", "canvas", "iframe"}
_LISTS = {
    "start": {"ol"},
    "type": {"ol", "link", "style", "script", "object"},
    "value": {"li"},
    "scope": {"th"},
}
_NUMBER = re.compile(r"\d+(\.\d+)?")


def _add_style(element: Any, style: str) -> None:
    if style:
        before = element.get("style", "").rstrip("; ")
        element.set("style", f"{before}; {style}" if before else style)


def _attributes(element: Any, name: str) -> None:
    for key in list(element.attrib):
        value = element.attrib[key]
        if key in ("width", "height") and name in _SIZED:
            if not value.isdigit():
                del element.attrib[key]
                _add_style(element, _STYLES[key].format(value))
        elif key in _STYLES:
            del element.attrib[key]
            _add_style(element, _STYLES[key].format(f"{value}px" if _NUMBER.fullmatch(value) else value))
        elif (key in _DROPPED and name not in _LISTS.get(key, ())) or (key == "lang" and not value):
            del element.attrib[key]
    if name == "a" and "name" in element.attrib:
        anchor = element.attrib.pop("name")
        if "id" not in element.attrib and anchor:
            element.set("id", anchor)


def modernize_page(root: Any) -> None:
    """Change a page in place."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or not element.tag.startswith(f"{{{XHTML}}}"):
            continue
        name = element.tag.rpartition("}")[2]
        if name == "meta" and (element.get("http-equiv") or not element.get("name")):
            if element.get("charset") is None:
                parent = element.getparent()
                parent.remove(element)
            continue
        if name in _ELEMENTS:
            new, style = _ELEMENTS[name]
            element.tag = f"{{{XHTML}}}{new}"
            _add_style(element, style)
            name = new
        _attributes(element, name)
