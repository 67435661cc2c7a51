"""A page (XHTML, HTML, DTBook) as pieces: the walk over its elements."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from audiobook.book import BlockKind, ChapterKind, Hint
from audiobook.parsing import semantics
from audiobook.parsing.elements import (
    alphabet,
    has_words,
    headers,
    holds_data,
    is_button,
    is_code,
    is_mark,
    is_verse_class,
    persona_of,
    resolve,
    types_of,
    visible_text,
)
from audiobook.parsing.flow import Flow
from audiobook.parsing.markup import Element, local_name
from audiobook.parsing.options import ReadOptions
from audiobook.parsing.pronunciation import x_sampa_to_ipa
from audiobook.parsing.styles import NO_STYLES, Styles
from audiobook.parsing.weaver import Setting, Weaver

_XML = "{http://www.w3.org/XML/1998/namespace}"
_SSML = "{http://www.w3.org/2001/10/synthesis}"
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SHOWN = re.compile(r"display\s*:\s*(?!none)[a-z]", re.I)
_PAGE_NUMBER_LIMIT = 24  # a page mark is shorter than this; longer is text in a badly named element
_MARK = re.compile(
    r"[\[({]?\s*(?:(?:note|fn|n)\.?\s*)?(\d{1,4}|[*†‡§¶#‖]{1,4}|[a-z]|[ivxlc]{1,6})\s*[\])}]?[.:]?", re.I
)
_BACK_ARROW = re.compile(
    r"[\s↩↑⤴↵⏎^←\ufe0e\ufe0f\[\]()]*(?:back|return)?\s*[↩↑⤴↵⏎^←\ufe0e\ufe0f\[\]()]*", re.I
)
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_FORMULA = re.compile(r"[\d+−=()-]+")
_POWER = re.compile(r"[\d+−=()n-]+")
_UNLINKED_MARK_AFTER = re.compile(r"[.,;!?”’\"'»…]$")
_KANA = re.compile(r"[\u3040-\u30ff\u31f0-\u31ffー]+")
_HEADING_CLASS = re.compile(
    r"^(?:chapter-?(?:title|heading|number|head|num)|chap(?:ter)?(?:title|num|head)|heading\d?|title-?chapter)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Page:
    """What the reader needs to know about a page before it walks through it."""

    file: str
    language: str = ""  # of the book
    role: ChapterKind | None = None
    reason: str = ""
    styles: Styles = NO_STYLES


@dataclass(frozen=True, slots=True)
class _Scope:
    """What holds inside an element."""

    setting: Setting
    language: str
    depth: int = 0  # of lists
    row: bool = False  # inside a row of a table of data
    heads: bool = False  # inside a heading
    preformatted: bool = False
    section: bool = True  # a section may still take a role of its own here
    grouped: bool = False  # inside hgroup: its paragraphs are headings


class PageReader:
    """Walks one page without recursion and pours it into a weaver."""

    def __init__(self, page: Page, options: ReadOptions, flow: Flow) -> None:
        self.page = page
        self.options = options
        self.primary = page.language.partition("-")[0].lower()
        wide = self.primary in ("zh", "ja", "ko")
        self.weaver = Weaver(flow, page.file, wide=wide, pictures=options.figures == "alt")
        self._groups = 0
        self._columns: list[str] = []
        self._column = 0
        self._scope = _Scope(Setting(role=page.role, reason=page.reason), self.primary)
        self._emitted: list[int] = []
        self._special: dict[str, Callable[[Element, set[str]], bool]] = {
            "br": self._br,
            "hr": self._hr,
            "img": self._image,
            "image": self._image,
            "svg": self._svg,
            "math": self._math,
            "ruby": self._ruby,
            "rb": self._through,
            "rt": self._ruby_text,
            "rp": self._ruby_text,
            "rtc": self._ruby_text,
            "td": self._cell,
            "th": self._cell,
            "table": self._table,
            "pagenum": self._page_number,
            "noteref": self._note_mark,
            "sup": self._raised,
            "sub": self._lowered,
            "a": self._link,
            "wbr": self._through,
            "input": self._nothing,
            "select": self._form,
            "textarea": self._form,
        }

    # --- the walk ------------------------------------------------------------------------------------

    def read(self, body: Element) -> Weaver:
        """All of the page's visible text, in order."""
        stack: list[tuple[Element, _Scope | None, bool]] = [(body, None, False)]
        weaver = self.weaver
        while stack:
            element, outer, leave = stack.pop()
            if leave:
                self._leave(element)
                assert outer is not None
                self._scope = outer
                if element is not body and element.tail:
                    self._text(element.tail, element)
                continue
            name = local_name(element.tag)
            outer = self._scope
            stack.append((element, outer, True))
            if not name or not self._enter(element, name):
                continue
            if element.text:
                self._text(element.text, element)
            if len(element):
                stack.extend([(child, None, False) for child in reversed(element)])
        weaver.close()
        return weaver

    def _text(self, text: str, element: Element) -> None:
        scope = self._scope
        if scope.preformatted and "\n" in text:
            self._preformatted(text, element)
        else:
            self.weaver.text(text, scope.setting, element.sourceline or 0)

    def _preformatted(self, text: str, element: Element) -> None:
        """Lines of code or of a plain-text page; empty lines part paragraphs."""
        code = self._scope.setting.kind is BlockKind.CODE
        for index, part in enumerate(text.split("\n")):
            if index and code:
                self.weaver.text(" ", self._scope.setting)
            elif index:
                self.weaver.line_break()
            if not part.strip() and index and code:
                self.weaver.end()
            self.weaver.text(part, self._scope.setting, element.sourceline or 0)

    def _enter(self, element: Element, name: str) -> bool:
        """Take note of an element; whether to go on into it."""
        attributes = element.keys()
        types: set[str] = set()
        if attributes:
            self._anchors(element, name)
            if self._is_hidden(element, name):
                return self._leave_out("hidden", element)
            types = types_of(element)
        if name in semantics.DROPPED:
            return self._nothing(element, types)
        if self._is_page_mark(element, types):
            return self._page_number(element, types)
        if attributes:
            self._inherit(element, name, types)
        special = self._special.get(name)
        if special is not None:
            return special(element, types)
        if name in semantics.BLOCKS:
            return self._block(element, name, types)
        hint = semantics.INLINE_HINTS.get(name)
        if hint is not None or attributes:
            self._inline(element, name, types, hint)
        return True

    def _leave(self, element: Element) -> None:
        name = local_name(element.tag)
        if name in semantics.BLOCKS and not self._scope.row:
            self.weaver.end()
        elif self._scope.row and name in semantics.BLOCKS:
            if name == "tr":
                self.weaver.end()
            else:
                self.weaver.text(" ", self._scope.setting)
        if name == "p" and self._emitted and self._emitted.pop() == self.weaver.breaks:
            self.weaver.blank(element.sourceline or 0)

    def _change(self, **values: object) -> None:
        self._scope = replace(self._scope, **values)  # type: ignore[arg-type]

    def _set(self, **values: object) -> None:
        self._change(setting=replace(self._scope.setting, **values))  # type: ignore[arg-type]

    # --- what every element may carry ------------------------------------------------------------------

    def _anchors(self, element: Element, name: str) -> None:
        for key in ("id", _XML + "id"):
            if value := element.get(key):
                self.weaver.anchor(value)
        if name == "a" and (value := element.get("name")):
            self.weaver.anchor(value)

    def _anchors_inside(self, element: Element) -> None:
        """Anchors of a subtree that is left out: navigation may still point at them."""
        for child in element.iterdescendants():
            if isinstance(child.tag, str):
                self._anchors(child, local_name(child.tag))

    def _is_hidden(self, element: Element, name: str) -> bool:
        if element.get("hidden") is not None and element.get("hidden") != "until-found":
            return True
        own = element.get("style") or ""
        if own and _HIDDEN.search(own):
            return True
        if own and _SHOWN.search(own):
            return False
        return self.page.styles.hides(name, element) and not is_verse_class(element)

    def _is_page_mark(self, element: Element, types: set[str]) -> bool:
        if "pagebreak" in types:
            return True
        classes = element.get("class")
        return bool(
            classes
            and semantics.PAGE_CLASS.search(classes)
            and len("".join(element.itertext()).strip()) < _PAGE_NUMBER_LIMIT
        )

    def _inherit(self, element: Element, name: str, types: set[str]) -> None:
        """Language, pronunciation and role hold for all that is inside."""
        language = element.get(_XML + "lang") or element.get("lang")
        if language:
            self._speak_in(language.strip())
        phonemes = element.get(_SSML + "ph") or element.get("ssml:ph")
        if phonemes:
            self._pronounce(element, phonemes)
        if (element.get("id") or "") in semantics.LICENSE_ID or (
            semantics.LICENSE_CLASS.search(element.get("class") or "")
        ):
            self._set(role=ChapterKind.LICENSE)
        elif types and self._scope.setting.role not in semantics.INNER_ROLES:
            role = semantics.role_of(types)
            if role in semantics.INNER_ROLES and name not in ("a", "span"):
                self._set(role=role)

    def _speak_in(self, language: str) -> None:
        primary = language.partition("-")[0].lower()
        if primary != self._scope.language:
            tag = "" if primary == self.primary else language
            self._change(
                language=primary,
                setting=replace(self._scope.setting, look=self._scope.setting.look._replace(language=tag)),
            )

    def _pronounce(self, element: Element, phonemes: str) -> None:
        spoken = phonemes if alphabet(element) == "ipa" else x_sampa_to_ipa(phonemes)
        self._set(look=self._scope.setting.look._replace(phonemes=spoken))

    def _line(self, element: Element) -> int:
        return int(element.sourceline or 0)

    # --- blocks ----------------------------------------------------------------------------------------

    def _block(self, element: Element, name: str, types: set[str]) -> bool:
        classes = element.get("class") or ""
        if self._scope.row and name != "tr":
            self.weaver.text(" ", self._scope.setting)
            return True
        self.weaver.end()
        if name == "p":
            self._emitted.append(self.weaver.breaks)
        if types or classes:
            self._meaning(element, name, types, classes)
        if name == "nav" and self._scope.setting.role not in semantics.INNER_ROLES:
            self._set(role=ChapterKind.CONTENTS)
        if name in semantics.HEADINGS:
            self._heading(semantics.HEADINGS[name])
        elif name == "hgroup":
            self._change(grouped=True)
        elif self._scope.grouped and name == "p":
            self._heading(3)
        elif name in ("ul", "ol", "dl", "list"):
            self._change(depth=self._scope.depth + 1)
        elif name in semantics.BLOCK_KINDS and (name != "tr" or self._scope.row):
            self._kind(element, name, classes)
        return True

    def _heading(self, level: int) -> None:
        self._set(kind=BlockKind.HEADING, level=level, verse=False)
        self._change(heads=True)

    def _kind(self, element: Element, name: str, classes: str) -> None:
        setting = self._scope.setting
        kind = semantics.BLOCK_KINDS[name]
        if name == "pre":
            self._change(preformatted=True)
            if not is_code(element, classes):
                return
            reason = setting.reason or ("code" if self.options.code == "skip" else "")
            self._set(kind=kind, reason=reason)
        elif name in ("blockquote",) and (
            setting.verse or setting.kind in (BlockKind.LETTER, BlockKind.NOTE)
        ):
            return
        elif kind is BlockKind.LIST_ITEM:
            self._set(kind=kind, level=max(1, self._scope.depth))
        else:
            self._set(kind=kind)
            if name == "tr":
                self._row(element)

    def _meaning(self, element: Element, name: str, types: set[str], classes: str) -> None:
        """What types and class names say about a block."""
        words = classes.split()
        if types & semantics.NOTE_TYPES or any(semantics.NOTE_BODY_CLASS.match(word) for word in words):
            self._set(note=True, kind=BlockKind.NOTE)
        if types & semantics.VERSE_TYPES or any(semantics.VERSE_CLASS.match(word) for word in words):
            self._verse(name)
        elif types & semantics.LETTER_TYPES or any(semantics.LETTER_CLASS.match(word) for word in words):
            self._set(kind=BlockKind.LETTER)
        if any(semantics.BREAK_CLASS.match(word) for word in words) and not has_words(element):
            self.weaver.lone(BlockKind.SCENE_BREAK, self._line(element))
        if name in ("p", "div") and _HEADING_CLASS.match(classes) and len(element) < 12:
            self._loose_heading(element)

    def _loose_heading(self, element: Element) -> None:
        if len("".join(element.itertext())) < 120 and not any(
            local_name(child.tag) in semantics.BLOCKS for child in element.iterdescendants()
        ):
            self._heading(3)

    def _verse(self, name: str) -> None:
        """Each stanza is a block of its own; its lines may be blocks in the source."""
        self._groups += 1
        kind = self._scope.setting.kind
        if kind in (BlockKind.PARAGRAPH, BlockKind.QUOTATION, BlockKind.VERSE):
            kind = BlockKind.VERSE
        group = self._groups if name != "p" else self._scope.setting.group
        self._set(kind=kind, verse=True, group=group)

    def _br(self, element: Element, types: set[str]) -> bool:
        if self._scope.row:
            self.weaver.text(" ", self._scope.setting)
        else:
            self.weaver.line_break()
        return False

    def _hr(self, element: Element, types: set[str]) -> bool:
        self.weaver.lone(BlockKind.SCENE_BREAK, self._line(element))
        return False

    # --- tables ----------------------------------------------------------------------------------------

    def _table(self, element: Element, types: set[str]) -> bool:
        """Tables of data are read row by row; a table that only lays out a page is read as its text."""
        self.weaver.end()
        if self._scope.row or not holds_data(element):
            return True
        self._groups += 1
        reason = self._scope.setting.reason or ("table" if self.options.tables == "skip" else "")
        self._set(kind=BlockKind.TABLE_ROW, reason=reason, group=self._groups)
        self._change(row=True)
        self._columns = headers(element) if self.options.tables == "headers" else []
        return True

    def _row(self, element: Element) -> None:
        """Column headers that are repeated in each row need no row of their own."""
        self._column = 0
        own = [" ".join("".join(cell.itertext()).split()) for cell in element]
        if self._columns and own == self._columns:
            self._set(reason="table header")

    def _cell(self, element: Element, types: set[str]) -> bool:
        if not self._scope.row:
            self.weaver.end()
            persona = persona_of(element)
            if persona:
                self._set(speaker=persona)
            return True
        self.weaver.cell(self._scope.setting)
        if self._columns and local_name(element.tag) == "td" and self._column < len(self._columns):
            self.weaver.text(f"{self._columns[self._column]}: ", self._scope.setting, self._line(element))
        self._column += 1
        return True

    # --- pictures, formulas, ruby ------------------------------------------------------------------------

    def _image(self, element: Element, types: set[str]) -> bool:
        words = (element.get("alt") or "").strip()
        classes = element.get("class") or ""
        if any(semantics.BREAK_CLASS.match(word) for word in classes.split()):
            self.weaver.lone(BlockKind.SCENE_BREAK, self._line(element))
        elif words and is_button(element):
            self.weaver.skip("image", words, self._line(element))
        elif words:
            self.weaver.picture(words, self._scope.setting, self._line(element))
        elif element.get("alt") is None and types.isdisjoint({"presentation", "none"}):
            self.weaver.wordless(self._line(element))
        return False

    def _svg(self, element: Element, types: set[str]) -> bool:
        """A drawing has a title at best; its lettering is part of the picture, unless it is the page."""
        if element.get("audiobook-page"):
            return self._lettering(element)
        self._anchors_inside(element)
        words = [
            "".join(child.itertext())
            for child in element
            if local_name(child.tag) in ("title", "desc") and "".join(child.itertext()).strip()
        ]
        label = words[0] if words else element.get("aria-label") or ""
        if label.strip():
            self.weaver.picture(label, self._scope.setting, self._line(element))
        lettering = " ".join(
            "".join(child.itertext()) for child in element.iter() if local_name(child.tag) == "text"
        )
        self.weaver.skip("image", lettering, self._line(element))
        return False

    def _lettering(self, drawing: Element) -> bool:
        self._anchors_inside(drawing)
        for element in drawing.iter():
            if local_name(element.tag) == "text":
                self.weaver.end()
                self.weaver.text("".join(element.itertext()), self._scope.setting, self._line(element))
        self.weaver.end()
        return False

    def _math(self, element: Element, types: set[str]) -> bool:
        self._anchors_inside(element)
        words = element.get("alttext") or " ".join(
            (child.text or "").strip()
            for child in element.iter()
            if local_name(child.tag) in ("mi", "mn", "mo", "mtext", "ms") and child.text
        )
        look = self._scope.setting.look._replace(hint=Hint.VERBATIM)
        block = element.get("display") == "block"
        self.weaver.text(f" {words} ", replace(self._scope.setting, look=look), self._line(element))
        if block:
            self.weaver.text(" ", self._scope.setting)
        return False

    def _ruby(self, element: Element, types: set[str]) -> bool:
        """The reading above Japanese characters says how they are spoken."""
        reading = "".join(
            "".join(child.itertext()) for child in element.iterdescendants() if local_name(child.tag) == "rt"
        ).strip()
        if _KANA.fullmatch(reading):
            self._set(look=self._scope.setting.look._replace(alias=reading))
        return True

    def _ruby_text(self, element: Element, types: set[str]) -> bool:
        if local_name(element.tag) != "rp":
            self.weaver.skip("ruby", "".join(element.itertext()), self._line(element))
        return False

    # --- links, notes and marks ----------------------------------------------------------------------------

    def _link(self, element: Element, types: set[str]) -> bool:
        target = element.get("href")
        text = "".join(element.itertext()).strip() if target is not None or types else ""
        place = resolve(self.page.file, target) if target else None
        if types & semantics.BACKLINK_TYPES or (place and place[1] and text and _BACK_ARROW.fullmatch(text)):
            return self._leave_out("note mark", element)
        if "noteref" in types and len(text) <= _PAGE_NUMBER_LIMIT:
            return self._note_mark(element, types)
        if place is not None and text:
            if place[1] and text and _MARK.fullmatch(text) and is_mark(element, text, place[1]):
                return self._note_mark(element, types)
            self.weaver.link(place, len(text))
        if element.keys():
            self._inline(element, "a", types, None)
        return True

    def _note_mark(self, element: Element, types: set[str]) -> bool:
        target = element.get("href") or element.get("idref") or ""
        place = resolve(self.page.file, target if "#" in target else f"#{target}") if target else None
        self._anchors_inside(element)
        self.weaver.mark(place or (self.page.file, ""), "".join(element.itertext()), self._line(element))
        return False

    def _page_number(self, element: Element, types: set[str]) -> bool:
        text = "".join(element.itertext()) or ""
        if len(text.strip()) >= _PAGE_NUMBER_LIMIT:
            return True
        return self._leave_out("page number", element)

    def _raised(self, element: Element, types: set[str]) -> bool:
        """10³ stays a power, and a bare number after a sentence's end is a note mark without its link."""
        text = "".join(element.itertext()).strip()
        closed = not (element.tail or " ")[0].isalnum()
        if (
            closed
            and len(element) == 0
            and text.isdigit()
            and _UNLINKED_MARK_AFTER.search(self.weaver.last_text())
        ):
            return self._leave_out("note mark", element)
        return self._shifted(element, text, _POWER, _RAISED)

    def _lowered(self, element: Element, types: set[str]) -> bool:
        return self._shifted(element, "".join(element.itertext()).strip(), _FORMULA, _LOWERED)

    def _shifted(self, element: Element, text: str, form: re.Pattern[str], table: dict[int, int]) -> bool:
        if len(element) == 0 and form.fullmatch(text):
            self.weaver.text(text.translate(table), self._scope.setting, self._line(element))
            return False
        return True

    # --- inline ----------------------------------------------------------------------------------------

    def _inline(self, element: Element, name: str, types: set[str], hint: Hint | None) -> None:
        classes = element.get("class") or ""
        if types & semantics.NOTE_TYPES and name != "a":
            self._set(note=True)
        for kind in types:
            hint = semantics.TYPE_HINTS.get(kind, hint)
        if "eoc" in classes.split():
            hint = Hint.ABBREVIATION_END
        if classes and semantics.DROP_CAP_CLASS.search(classes):
            self.weaver.drop_cap()
        if hint is not None:
            current = self._scope.setting.look
            if hint is not Hint.EMPHASIS or current.hint is Hint.NONE:
                self._set(look=current._replace(hint=hint))

    def _through(self, element: Element, types: set[str]) -> bool:
        return True

    def _nothing(self, element: Element, types: set[str]) -> bool:
        """Code, forms and media have no text to be read; anchors in them may be pointed at."""
        self._anchors_inside(element)
        return False

    def _form(self, element: Element, types: set[str]) -> bool:
        return self._leave_out("form", element)

    def _leave_out(self, reason: str, element: Element) -> bool:
        self._anchors_inside(element)
        self.weaver.skip(reason, "".join(visible_text(element)), self._line(element))
        return False
