"""The one thing style sheets say that matters to a listener: what is not shown at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from audiobook.parsing.markup import Element

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.S)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_HIDES = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.I)
_SHOWS = re.compile(r"(?:^|;)\s*display\s*:\s*(?!none)[a-z]", re.I)
_SIMPLE = re.compile(r"^([a-z][\w-]*)?(?:\.([\w-]+)|#([\w-]+))?$", re.I)
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Styles:
    """Elements that a style sheet hides, by simple selectors: `tag`, `.class`, `tag.class`, `#id`."""

    hidden: frozenset[tuple[str, str, str]] = frozenset()  # (tag, class, id), "" for any

    def hides(self, name: str, element: Element) -> bool:
        """Whether an element is not shown."""
        if not self.hidden:
            return False
        own = element.get("id") or ""
        if (name, "", "") in self.hidden or (own and self._has(name, "", own)):
            return True
        return any(self._has(name, word, "") for word in (element.get("class") or "").split())

    def _has(self, name: str, word: str, own: str) -> bool:
        return ("", word, own) in self.hidden or (name, word, own) in self.hidden


NO_STYLES = Styles()


def _top_level(text: str) -> str:
    """Without the blocks of `@media` and other at-rules: those hold for other devices or not at all."""
    parts: list[str] = []
    position = 0
    for match in re.finditer(r"@[\w-]+[^{};]*([{;])", text):
        if match.start() < position:
            continue
        parts.append(text[position : match.start()])
        position = match.end()
        depth = 1 if match[1] == "{" else 0
        while depth and position < len(text):
            depth += {"{": 1, "}": -1}.get(text[position], 0)
            position += 1
    return "".join(parts) + text[position:]


def read_styles(sheets: Iterable[str]) -> Styles:
    """What these style sheets hide; a later rule for the same selector may show it again."""
    hidden: set[tuple[str, str, str]] = set()
    for sheet in sheets:
        for match in _RULE.finditer(_top_level(_COMMENT.sub("", sheet[:_LARGEST]))):
            hides, shows = _HIDES.search(match[2]), _SHOWS.search(match[2])
            if not hides and not shows:
                continue
            for selector in match[1].split(","):
                simple = _SIMPLE.match(selector.strip())
                if simple and selector.strip():
                    key = ((simple[1] or "").lower(), simple[2] or "", simple[3] or "")
                    (hidden.add if hides else hidden.discard)(key)
    return Styles(frozenset(hidden)) if hidden else NO_STYLES
