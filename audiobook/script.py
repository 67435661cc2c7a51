"""The Script: the book as a screenplay, in plain text that a person may edit.

One file a chapter, `NNN-title.txt`:

    # Chapter I. Down the Rabbit-Hole

    Alice was beginning to get very tired of sitting by her sister on the bank.
    [Alice] “And what is the use of a book,”
    thought Alice
    [Alice | whispering @kind=thought] “without pictures or conversations?”

    * * *

    ## A heading inside the chapter

    [| @lang=fr] Bonjour.

    [pause 2.5s]

One line is one segment. A line without `[speaker]` is the narrator's; a blank line ends a paragraph.
Inside the brackets: name, `|`, manner of delivery, then attributes `@key=value`. Known attributes:
`lang` (BCP 47), `take` (ordinal of a recording asked for again), `kind` (thought, letter, verse, note, …).
A text that would begin with `#`, `[`, `*` or a backslash is written with a backslash before it; inside
brackets a backslash makes the next character ordinary.

`parse_chapter(format_chapter(c)) == c` for every chapter, and `format_chapter(parse_chapter(t)) == t`
for every text that `format_chapter` wrote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from audiobook.errors import ScriptError

NARRATOR = ""
"""The speaker of lines that carry no name."""

SCENE_BREAK_MARK = "* * *"
_MARKS = ("\\", "#", "[", "*")
_PAUSE = re.compile(r"\[pause (\d+(?:\.\d+)?)s\]")
_HEADING = re.compile(r"(#{1,6})(?: |$)")
_ATTRIBUTE_KEY = re.compile(r"[a-z][a-z0-9_-]*")


def fold(text: str) -> str:
    """`text` on one line: white space folded to single spaces, unpaired surrogates replaced."""
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


@dataclass(frozen=True, slots=True)
class Line:
    """One segment: what is written, who says it, and how."""

    text: str
    speaker: str = NARRATOR
    style: str = ""
    attributes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for name in ("text", "speaker", "style"):
            object.__setattr__(self, name, fold(getattr(self, name)))
        if not self.text:
            raise ValueError("a line of a script needs text")
        for key, value in self.attributes:
            if not _ATTRIBUTE_KEY.fullmatch(key) or value != fold(value) or not value:
                raise ValueError(f"not an attribute: @{key}={value}")

    def get(self, key: str, default: str = "") -> str:
        """The value of attribute `key`."""
        return dict(self.attributes).get(key, default)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines spoken without a paragraph pause between them. `level` 2–6 makes it a heading of one line."""

    lines: tuple[Line, ...]
    level: int = 0

    def __post_init__(self) -> None:
        if not self.lines or (self.level and (len(self.lines) > 1 or not 2 <= self.level <= 6)):
            raise ValueError("a paragraph has lines, and a heading has one line and a level of 2 to 6")


@dataclass(frozen=True, slots=True)
class SceneBreak:
    """A change of scene: a longer pause."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence asked for by the author."""

    seconds: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "seconds", round(float(self.seconds), 3))
        if not 0 <= self.seconds <= 3600:
            raise ValueError("a pause lasts from 0 to 3600 seconds")


Item = Paragraph | SceneBreak | Pause


@dataclass(frozen=True, slots=True)
class ScriptChapter:
    """A chapter of a script. `title` is spoken first; None for a chapter that has no title of its own."""

    title: Line | None
    items: tuple[Item, ...]

    def lines(self) -> Iterator[Line]:
        """All lines in order, the title first."""
        if self.title is not None:
            yield self.title
        for item in self.items:
            if isinstance(item, Paragraph):
                yield from item.lines


# --- writing -----------------------------------------------------------------------------------------


def _escape(text: str, special: str) -> str:
    return re.sub(f"[{re.escape(special)}\\\\]", r"\\\g<0>", text)


def _format_line(line: Line) -> str:
    text = "\\" + line.text if line.text.startswith(_MARKS) else line.text
    if not (line.speaker or line.style or line.attributes):
        return text
    direction = [_escape(line.style, "]|@")] if line.style else []
    direction += [f"@{key}={_escape(value, ' ]|@')}" for key, value in line.attributes]
    name = _escape(line.speaker, "]|")
    inside = f"{name} | {' '.join(direction)}" if direction else name
    return f"[{inside.lstrip()}] {text}"


def _format_item(item: Item) -> str:
    match item:
        case SceneBreak():
            return SCENE_BREAK_MARK
        case Pause(seconds):
            return f"[pause {f'{seconds:.3f}'.rstrip('0').rstrip('.')}s]"
        case Paragraph(lines, 0):
            return "\n".join(_format_line(line) for line in lines)
        case Paragraph(lines, level):
            return f"{'#' * level} {_format_line(lines[0])}"


def format_chapter(chapter: ScriptChapter) -> str:
    """The chapter as text, in the one canonical form, ending with a newline."""
    title = "#" if chapter.title is None else f"# {_format_line(chapter.title)}"
    return "\n\n".join([title, *map(_format_item, chapter.items)]) + "\n"


# --- reading -----------------------------------------------------------------------------------------


def _split_direction(text: str) -> Iterator[tuple[str, bool]]:
    """Characters of a bracket's inside, each with whether a backslash made it ordinary."""
    characters = iter(text)
    for character in characters:
        if character == "\\":
            yield next(characters, "\\"), True
        else:
            yield character, False


def _closing_bracket(text: str) -> int:
    position = 1
    while position < len(text):
        if text[position] == "\\":
            position += 1
        elif text[position] == "]":
            return position
        position += 1
    return -1


def _parse_direction(inside: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Speaker, style and attributes from what stands between the brackets."""
    name: list[str] = []
    words: list[tuple[str, bool]] = []  # (word, starts with an unescaped @)
    target = name
    word: list[str] = []
    marked = False
    for character, literal in [*_split_direction(inside), (" ", False)]:
        if target is name:
            if character == "|" and not literal:
                target = word
            else:
                name.append(character)
        elif character == " " and not literal:
            if word:
                words.append(("".join(word), marked))
            word, marked = [], False
            target = word
        else:
            if not word and character == "@" and not literal:
                marked = True
            word.append(character)
            target = word
    attributes = []
    for text, is_attribute in words:
        if is_attribute:
            key, equals, value = text[1:].partition("=")
            if not equals or not value or not _ATTRIBUTE_KEY.fullmatch(key):
                raise ScriptError(f"not an attribute: {text}")
            attributes.append((key, value))
    style = " ".join(text for text, is_attribute in words if not is_attribute)
    return "".join(name), style, tuple(attributes)


def _parse_line(raw: str) -> Line:
    speaker, style = "", ""
    attributes: tuple[tuple[str, str], ...] = ()
    text = raw.strip()
    if text.startswith("["):
        end = _closing_bracket(text)
        if end < 0:
            raise ScriptError("“[” without “]”; a text that begins with a bracket is written “\\[”")
        speaker, style, attributes = _parse_direction(text[1:end])
        text = text[end + 1 :].strip()
    if text.startswith("\\"):
        text = text[1:]
    if not text:
        raise ScriptError("a speaker without a text")
    return Line(text, speaker, style, attributes)


class _Reader:
    """Gathers the items of one file."""

    def __init__(self) -> None:
        self.title: Line | None = None
        self.seen_title = False
        self.items: list[Item] = []
        self.open: list[Line] = []

    def close_paragraph(self) -> None:
        if self.open:
            self.items.append(Paragraph(tuple(self.open)))
            self.open = []

    def heading(self, marks: int, text: str) -> None:
        self.close_paragraph()
        if marks == 1:
            if self.seen_title or self.items:
                raise ScriptError("a second title; “# ” stands once, at the top, and “## ” inside a chapter")
            self.seen_title = True
            self.title = _parse_line(text) if text else None
        else:
            self.items.append(Paragraph((_parse_line(text),), marks))

    def feed(self, raw: str) -> None:
        text = raw.strip()
        heading = _HEADING.match(text)
        pause = _PAUSE.fullmatch(text)
        if not text:
            self.close_paragraph()
        elif heading:
            self.heading(len(heading[1]), text[heading.end() :].strip())
        elif text == SCENE_BREAK_MARK:
            self.close_paragraph()
            self.items.append(SceneBreak())
        elif pause:
            self.close_paragraph()
            self.items.append(Pause(float(pause[1])))
        else:
            self.open.append(_parse_line(text))


def parse_chapter(text: str, name: str = "script") -> ScriptChapter:
    """Read one chapter.

    Raises ScriptError, naming `name` and the line, when a line does not parse.
    """
    reader = _Reader()
    for number, raw in enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1):
        try:
            reader.feed(raw)
        except (ScriptError, ValueError) as error:
            raise ScriptError(f"{name}, line {number}: {error}") from None
    reader.close_paragraph()
    return ScriptChapter(reader.title, tuple(reader.items))


# --- file names --------------------------------------------------------------------------------------


def file_name(number: int, title: str, total: int = 0) -> str:
    """`007-the-mouse.txt`: sorts in reading order, safe on every file system, at most 100 bytes."""
    width = max(3, len(str(total)))
    plain = unicodedata.normalize("NFC", title).casefold()
    slug = re.sub(r"[\W_]+", "-", plain, flags=re.UNICODE).strip("-")
    while len(slug.encode()) > 80:
        slug = slug[:-1]
    slug = slug.strip("-")
    return f"{number:0{width}d}{'-' + slug if slug else ''}.txt"
