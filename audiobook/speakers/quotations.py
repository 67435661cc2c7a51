"""Quotations: where direct speech stands in a text, whatever marks the book uses.

Double marks of every kind are read at once (curly, straight, guillemets either way, German low marks,
corner brackets); single marks and dialogue dashes only in a book that uses them instead of double ones.
Only the outermost quotation counts; a span includes its marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audiobook.speakers.tokens import paragraphs
from audiobook.speakers.verbs import is_speech_verb

_CLOSERS = {
    "“": "”",
    "«": "»",
    "»": "«",
    "„": "“”",
    "「": "」",
    "『": "』",
    "〝": "〞〟",
    "＂": "＂",
}
_END = ".,!?;:…—–-)]_*。！？，；：~"
_DASH_PARAGRAPH = re.compile(r"\s*(?:[—―–‒]|--?)[ \u00a0\u2009]?(?=[^\W\d_]|[¿¡…'’\"“.])")
_DASH = re.compile(r"\s(?:[—―–‒]|--)(?=\w)|(?<=[\w.,!?…])\s?(?:[—―–‒]|--)(?=\s|[.,;:])")
_NUMERAL = re.compile(r"[\s—―–‒-]*[IVXLC]+[\s.—―–‒-]*$")  # a chapter's: — II —
_ELISION = re.compile(
    r"(?:tis|twas|twere|twill|em|til|un|cause|bout|ere|gainst|arf|ead|ere|ow|im|er|e|n|s)\b"
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch of text between marks. `closed` is False where the paragraph ends before the mark does,
    as it does in a speech of several paragraphs. `kind`: speech, thought or other (quoted, not spoken)."""

    start: int
    end: int
    paragraph: int
    closed: bool = True
    kind: str = "speech"

    def inside(self, text: str) -> str:
        """What stands between the marks."""
        return text[self.start : self.end].strip(_MARKS)


_MARKS = " \n\t\r\"“”„«»‹›「」『』‘’'—–―-"


@dataclass(frozen=True, slots=True)
class Marks:
    """Which kinds of marks a book uses for speech."""

    single: bool
    dash: bool
    low: bool  # “ closes (German, Polish, Czech …)
    inward: bool  # »speech«
    same: bool  # ” opens and closes (Swedish, Finnish)

    @classmethod
    def of(cls, text: str, language: str = "en") -> Marks:
        """Find out by counting."""
        spans = paragraphs(text)
        singles = len(re.findall(r"(?:^|[\s(—–-])[‘'](?=[A-Z…—])", text, re.MULTILINE))
        low = text.count("„")
        curly, straight = text.count("“"), text.count('"') // 2
        outward = len(re.findall(r"(?:^|[\s(—–-])«", text, re.MULTILINE))
        inward = len(re.findall(r"(?:^|[\s(—–-])»(?=\S)", text, re.MULTILINE))
        double = curly + straight + low + outward + inward + text.count("「") + text.count("『")
        dashes = sum(bool(_DASH_PARAGRAPH.match(text, start, end)) for start, end in spans)
        return cls(
            single=singles > 3 * double and singles > 2,
            dash=dashes >= 2 and dashes > (double if language.startswith("en") else 0.7 * double),
            low=low > max(2, 0.3 * curly),
            inward=inward > outward,
            same=curly == 0 and straight == 0 and text.count("”") > 1 and text.count("”") > double,
        )


def find_quotations(text: str, language: str = "en") -> tuple[list[tuple[int, int]], list[Quotation]]:
    """The paragraphs of a text and the quotations in them, in order."""
    marks = Marks.of(text, language)
    spans = paragraphs(text)
    found: list[Quotation] = []
    for number, (start, end) in enumerate(spans):
        carried = _carried(text, spans, number, found, marks)
        if carried is not None:
            found += [Quotation(*spans[each], each, closed=False) for each in range(carried, number)]
            closing = text.index(_closing_mark(text, start, end), start, end) + 1
            found.append(Quotation(start, closing, number))
            start = closing
        pairs = _paragraph_pairs(text, start, end, marks, language)
        found += [Quotation(a, b, number, closed) for a, b, closed in _without_asides(text, pairs)]
    return spans, found


_FARTHEST = 10  # paragraphs between the opening of a speech and its closing, without a mark in any


def _carried(
    text: str, spans: list[tuple[int, int]], number: int, found: list[Quotation], marks: Marks
) -> int | None:
    """The first paragraph without a mark of a speech that was opened before and is closed in this one, as
    after verses that the speaker recites; None where no speech goes on."""
    if not found or found[-1].closed or marks.single or marks.dash:
        return None
    opened = found[-1].paragraph
    if not 1 < number - opened <= _FARTHEST or not _closing_mark(text, *spans[number]):
        return None
    between = range(opened + 1, number)
    if any(_DOUBLE.search(text, *spans[each]) for each in between) or not any(
        is_inset(text, *spans[each]) for each in between
    ):
        return None
    return opened + 1


def _closing_mark(text: str, start: int, end: int) -> str:
    """The mark that closes a speech which the paragraph did not open; empty where it has none."""
    first = _DOUBLE.search(text, start, end)
    if first is None:
        return ""
    mark, at = first.group(), first.start()
    after = text[at + 1] if at + 1 < end else " "
    closes = mark == "”" or (
        mark == '"' and at > start and not text[at - 1].isspace() and not after.isalnum()
    )
    return mark if closes else ""


def is_inset(text: str, start: int, end: int) -> bool:
    """Whether a paragraph is set apart from the text: verses, or lines moved to the right."""
    lines = text[start:end].split("\n")
    return text[start:end].startswith("   ") or (
        len(lines) > 1 and all(len(line) < 60 and line.lstrip(" _'‘([")[:1].isupper() for line in lines)
    )


_ASIDE = re.compile(
    r"\((?:(?!owing|excepting|considering|including|finding|being|having|according|meaning|barring)"
    r"[a-z]+ing\b|with an? |in an? |to [A-Z]|here |turning |aside|loud|renewed |cheers|"
    r"laughter|hear, hear)"
    r"[^()]{0,160}\)\s*"
)


def _without_asides(text: str, pairs: Iterator[tuple[int, int, bool]]) -> Iterator[tuple[int, int, bool]]:
    """Cut the narrator's asides out of speeches: “Well, (smiling) I hope so.”"""
    for start, end, closed in pairs:
        for aside in _ASIDE.finditer(text, start, end):
            if aside.start() - start > 1:
                yield start, _trim_end(text, start, aside.start()), True
            start = aside.end()
        if end - start > 1:
            yield start, end, closed


def _paragraph_pairs(
    text: str, start: int, end: int, marks: Marks, language: str
) -> Iterator[tuple[int, int, bool]]:
    if marks.dash and _DASH_PARAGRAPH.match(text, start, end) and not _NUMERAL.match(text, start, end):
        return _dash_speech(text, start, end, language)
    if marks.single:
        return _single_pairs(text, start, end)
    return _double_pairs(text, start, end, marks)


def _trim_end(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _double_pairs(text: str, start: int, end: int, marks: Marks) -> Iterator[tuple[int, int, bool]]:
    """Quotations in double marks. An opening mark inside a quotation of the same kind begins a new one."""
    opened = -1
    closers = ""
    depth = 0
    for match in _DOUBLE.finditer(text, start, end):
        position, mark = match.start(), match.group()
        if opened >= 0 and mark in closers and not (mark == '"' and _only_opens(text, position, start, end)):
            if depth:
                depth -= 1
                continue
            yield opened, position + 1, True
            opened = -1
        elif mark in _openers(marks) or (mark == '"' and not _cannot_open(text, position, end)):
            if opened >= 0:
                if mark not in (text[opened], '"'):
                    continue  # another kind of mark: a quotation inside a quotation
                if mark == "“" and _nested(text, position, end, "“", "”"):
                    depth += 1
                    continue
                yield opened, _trim_end(text, opened, position), False
            opened = position
            closers = _closers_of(mark, marks)
    if opened >= 0:
        yield opened, _trim_end(text, opened, end), False


_DOUBLE = re.compile('["“”«»„「」『』〝〞〟＂]')


def _openers(marks: Marks) -> str:
    guillemet = "»" if marks.inward else "«"
    return guillemet + "„「『〝" + ("" if marks.low else "“") + ("”" if marks.same else "") + "＂"


def _closers_of(mark: str, marks: Marks) -> str:
    if mark == "“":
        return '”"'
    if mark == '"':
        return '"”'
    if mark == "”":
        return "”"
    if mark == "„":
        return '“”"'
    return _CLOSERS.get(mark, mark)


_LONGEST_NESTED = 200


def _nested(text: str, position: int, end: int, opener: str, closer: str) -> bool:
    """Whether a mark that opens inside a quotation is closed again before the quotation itself is."""
    inner = text.find(closer, position + 1, min(end, position + _LONGEST_NESTED))
    if inner < 0:
        return False
    outer = text.find(closer, inner + 1, end)
    following = text.find(opener, position + 1, end)
    return outer >= 0 and (following < 0 or outer < following)


def _only_opens(text: str, position: int, start: int, end: int) -> bool:
    """Whether a straight mark met inside a quotation can only be the start of another one."""
    before = text[position - 1] if position > start else " "
    after = text[position + 1] if position + 1 < end else " "
    if not before.isspace() or after.isspace() or after in ".,;:!?)":
        return False
    rest = text.count('"', position, end)
    return rest % 2 == 0


def _cannot_open(text: str, position: int, end: int) -> bool:
    return position + 1 >= end


def single_marks(text: str, start: int, end: int) -> Iterator[tuple[int, str, str, str]]:
    """Single marks and apostrophes: place, mark, and the characters before and after, blanks at the ends."""
    for match in _SINGLE.finditer(text, start, end):
        position = match.start()
        before = text[position - 1] if position > start else " "
        after = text[position + 1] if position + 1 < end else " "
        yield position, match.group(), before, after


def _single_pairs(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Quotations in single marks, told apart from apostrophes by their neighbours."""
    opened = -1
    for position, mark, before, after in single_marks(text, start, end):
        if opened < 0:
            if single_opens(mark, before, after, text[position + 1 : position + 8]):
                opened = position
        elif mark != "‘" and single_closes(before, after, text[opened:position]):
            yield opened, position + 1, True
            opened = -1
        elif mark == "‘" and before.isspace() and text.count("’", position, end) < 1:
            yield opened, _trim_end(text, opened, position), False
            opened = position
    if opened >= 0:
        yield opened, _trim_end(text, opened, end), False


_SINGLE = re.compile("[‘’']")


def single_opens(mark: str, before: str, after: str, following: str) -> bool:
    if after.isspace() or not (before.isspace() or before in '(—–-["“_'):
        return False
    return mark == "‘" or (mark == "'" and not _ELISION.match(following))


_WHOLE_WORD = re.compile(
    r"\b(?!an$|th$|wi$|ol$|mo$)[^\W\d_]+[^\W\d_nNsSoO]$"
)  # no clipped word: an’, goin’, boys’


def single_closes(before: str, after: str, so_far: str) -> bool:
    if after.isalnum() or before.isspace():
        return False
    if before in _END or before in '’"”':
        return True
    if after in ",;:.!?" and _WHOLE_WORD.search(so_far[-40:]):
        return True
    # A letter before the mark: a plural's apostrophe, unless the quotation is a word or two
    return len(so_far) < 40 and (before not in "sS" or len(so_far) < 20)


def _dash_speech(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int, bool]]:
    """Speech after a dash at the start of a paragraph, without the narrator's "said he" in it."""
    match = _DASH_PARAGRAPH.match(text, start, end)
    assert match is not None
    cuts = [found.span() for found in _DASH.finditer(text, match.end(), end)]
    spaced = [cut for cut in cuts if _narration_follows(text, cut[1], end)]
    if spaced:
        yield from _dash_toggles(text, start, end, cuts)
        return
    yield from _comma_speech(text, start, end, match.end())


def _dash_toggles(
    text: str, start: int, end: int, cuts: list[tuple[int, int]]
) -> Iterator[tuple[int, int, bool]]:
    """“—Hola —dijo Juan—. ¿Qué tal?”: dashes switch between speech and narration."""
    speaking, begin = True, start
    for cut_start, cut_end in cuts:
        if speaking and _narration_follows(text, cut_end, end):
            yield begin, _trim_end(text, begin, cut_start), True
            speaking = False
        elif not speaking:
            begin = cut_end
            while begin < end and text[begin] in " .,;:\n\u00a0":
                begin += 1
            speaking = True
    if speaking and begin < end:
        yield begin, _trim_end(text, begin, end), True


_FIRST_WORDS = re.compile(
    r"[\s—–-]*([^\W\d_]+(?:['’-][^\W\d_]+)*)(?:[\s-]+([^\W\d_]+))?(?:[\s-]+([^\W\d_]+))?"
)


def _narration_follows(text: str, position: int, end: int) -> bool:
    words = _FIRST_WORDS.match(text, position, min(end, position + 60))
    if words is None or not words[1][0].islower():
        return False
    return any(is_speech_verb(word.lower()) for word in words.groups() if word)


_SENTENCE_END = re.compile(r"[.!?:](?=\s|$)")
_TAG_END = re.compile(
    r"[.!?:](?=\s|$)|,(?=\s+(?![a-z]+ing\b|and\b|with\b|in\b|as\b|but\b|to\b|his\b|her\b)[a-z])"
)
_INQUIT = re.compile(r"(?<=[,!?.…])\s+(?=[^\W\d_])")


def _comma_speech(text: str, start: int, end: int, after_dash: int) -> Iterator[tuple[int, int, bool]]:
    """“— Thanks, old chap, he cried briskly. That will do nicely.”: narration from the tag to the stop."""
    begin = start
    for match in _INQUIT.finditer(text, after_dash, end):
        if match.start() < begin:
            continue
        if not _tag_at(text, match.end(), end, text[match.start() - 1]):
            continue
        yield begin, match.start(), True
        ends = _TAG_END if text[match.start() - 1] == "," else _SENTENCE_END
        stop = ends.search(text, match.end(), end)
        if stop is None:
            return
        begin = stop.end()
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        yield begin, _trim_end(text, begin, end), True


_TAG = re.compile(
    r"(?:(?P<verb>[a-z]+)\s+(?:he|she|they|I|the\s+[a-z]+|[A-Z][\w’'.-]+)|"
    r"(?P<subject>he|she|they|I|(?:[A-Z][\w’'.-]+\s+){1,3}|the\s+[a-z]+(?:\s+[a-z]+)?)\s*(?P<verb2>[a-z]+))\b"
)


def _tag_at(text: str, position: int, end: int, before: str) -> bool:
    match = _TAG.match(text, position, min(end, position + 80))
    if match is None:
        return False
    verb = match["verb"] or match["verb2"]
    if not is_speech_verb(verb):
        return False
    if before == ".":
        return match["verb"] is not None and verb.endswith("d")
    return True
