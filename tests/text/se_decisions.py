"""Boundary decisions that Standard Ebooks' editors made, read from their markup where the books lie.

An abbreviation is marked `eoc` where its stop ends the sentence too. The mark is often forgotten: an unmarked
abbreviation is no decision where a closing quotation mark or a capitalized function word follows.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

_XHTML = "{http://www.w3.org/1999/xhtml}"
_BLOCKS = {f"{_XHTML}{name}" for name in ("p", "li", "dd", "td", "blockquote")}
_INVISIBLE = re.compile("[\u2060\u200b\ufeff\u00ad]")
_SURE_END = re.compile(r"(?<=[a-z]{4})(?:[.!?]|[.!?][”’]+(?=\s+[“‘])|\.[”’]+)\s+(?=[“‘]?[A-Z][a-z]+ [a-z])")
_SURE_INSIDE = re.compile(r"(?<=[a-z])(?:…|[!?]…?)[”’]*\s+(?=[a-z])")
_AFTER_MARKED = re.compile(r"[”’)\]]*\s+(?=\w)")
_AFTER_UNMARKED = re.compile(r"\s+(?=\S)(?!(?:The|There|On|Yes|I|I’m|Every|Several|Then|Now|Do|So)\b)")


@dataclass(frozen=True)
class Decision:
    """Whether a sentence starts at `place` of `text`; `sort` says from what it was read."""

    text: str
    place: int
    ends: bool
    sort: str

    @property
    def context(self) -> str:
        return f"{self.text[max(0, self.place - 50) : self.place]}|{self.text[self.place : self.place + 40]}"


class _Flow:
    """Text of one block with the places where abbreviations end."""

    def __init__(self) -> None:
        self.text = ""
        self.marks: list[tuple[int, bool]] = []

    def add(self, text: str | None) -> None:
        for part in re.split(r"([ \t\r\n]+)", _INVISIBLE.sub("", text or "")):
            if part and part.strip(" \t\r\n"):
                self.text += part
            elif part and self.text and not self.text.endswith(" "):
                self.text += " "

    def walk(self, element: etree._Element) -> None:
        self.add(element.text)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _BLOCKS:
                self.walk(child)
                if child.tag == f"{_XHTML}abbr" and self.text.endswith("."):
                    self.marks.append((len(self.text), "eoc" in (child.get("class") or "").split()))
            if child.tag == f"{_XHTML}br":
                self.add("\n")
            self.add(child.tail)


def _decisions(flow: _Flow) -> Iterator[Decision]:
    text = flow.text.rstrip()
    decided: set[int] = set()
    for place, ends in flow.marks:
        found = (_AFTER_MARKED if ends else _AFTER_UNMARKED).match(text, place)
        if found and found.end() not in decided:
            decided.add(found.end())
            yield Decision(text, found.end(), ends, "abbreviation that ends" if ends else "abbreviation")
    for pattern, ends in ((_SURE_END, True), (_SURE_INSIDE, False)):
        for found in pattern.finditer(text):
            if found.end() not in decided:
                decided.add(found.end())
                yield Decision(text, found.end(), ends, "sure end" if ends else "sure inside")


def decisions_of(path: Path) -> Iterator[Decision]:
    """All decisions of one book, from its paragraphs that hold an abbreviation."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if "/text/" not in name or not name.endswith(".xhtml"):
                continue
            tree = etree.fromstring(
                archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True)
            )
            for element in tree.iter(*_BLOCKS):
                flow = _Flow()
                flow.walk(element)
                if flow.marks:
                    yield from _decisions(flow)
