"""Speech inside speech: what speakers say in their own words, and what they repeat of somebody else's.

One voice reads both, so the script needs none of this; who looks for a person's own words does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from audiobook.speakers.quotations import is_inset, single_closes, single_marks, single_opens
from audiobook.speakers.verbs import is_speech_verb
from audiobook.speakers.wordlist import words

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_INNER = {"«": "“”", "»": "“”", "„": "‚‘", "「": "『』", "『": "「」", "〝": "「」", "‘": "“”", "'": '""'}
_MARKS = "“\"„«»「『〝＂”‘'([—–-"
_STOPS = ".,;:!?…—–-"
_SUPPOSED = words(
    "should would could might may can cannot can't can’t must shall will if to not don don't don’t"
)
_NAMES = words("moral meant mean means word words name title song called call proverb old of")
_LOST_APOSTROPHE = re.compile(r"[a-z] s [a-z]|n t\b|\bI (?:m|ll|ve) \w|\bma am\b")
_APOSTROPHE = re.compile(r"[a-z]['’]s [a-z]|n['’]t\b|\bI['’](?:m|ll|ve) \w|\bma['’]am\b")


def marks_lost(text: str) -> bool:
    """Whether a text lost its typographic single marks to blanks on its way: Nora s boat, I don t."""
    return len(_LOST_APOSTROPHE.findall(text)) > len(_APOSTROPHE.findall(text))


def own_words(text: str, start: int, end: int, lost: bool = False) -> list[tuple[int, int]]:
    """The parts of the speech between `start` and `end` that do not repeat what somebody else said.

    `lost` is what `marks_lost` tells of the whole text. A speech that only repeats has no part.
    """
    if text[start] not in _MARKS and is_inset(text, start, end):
        return []  # verses that the speaker recites
    parts = []
    position = start
    for inner_start, inner_end in _repeated(text, start, end, lost):
        parts.append((position, inner_start))
        position = inner_end
    if position == start:
        return [(start, end)]
    parts.append((position, end))
    return [_trimmed(text, *part) for part in parts if _WORD.search(text, *part)]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while text[end - 1].isspace():
        end -= 1
    while text[start].isspace():
        start += 1
    return start, end


def _repeated(text: str, start: int, end: int, lost: bool) -> Iterator[tuple[int, int]]:
    """The quotations inside a speech that repeat what somebody said."""
    previous = start
    repeats = False
    for inner_start, inner_end in _inner(text, start, end, lost):
        before = text[max(previous, inner_start - 400) : inner_start].rstrip()
        repeats = (repeats and _is_tag(before)) or _repeats(text, before, inner_start, inner_end, end)
        if repeats:
            yield inner_start, inner_end
        previous = inner_end


def _inner(text: str, start: int, end: int, lost: bool) -> Iterator[tuple[int, int]]:
    """The quotations inside a speech, in the marks that its own marks ask for, marks included."""
    marks = _INNER.get(text[start])
    if marks:
        return _paired(text, start + 1, end, *marks)
    return _blanks(text, start + 1, end) if lost else _singles(text, start + 1, end)


def _paired(text: str, start: int, end: int, opener: str, closer: str) -> Iterator[tuple[int, int]]:
    opened = text.find(opener, start, end)
    while opened >= 0:
        closed = text.find(closer, opened + 1, end)
        if closed < 0:
            return
        yield opened, closed + 1
        opened = text.find(opener, closed + 1, end)


def _singles(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    opened = -1
    for position, mark, before, after in single_marks(text, start, end):
        if opened < 0:
            if single_opens(mark, before, after, "") and _begins(text, start, position):
                opened = position
            elif mark != "‘" and before in ",.!?;—-" and not after.isalnum():
                lost = _lost_opening(text, start, position)
                if lost >= 0:
                    yield lost, position + 1
                    start = position + 1
        elif mark != "‘" and single_closes(before, after, text[opened:position]):
            yield opened, position + 1
            opened = -1
            start = position + 1
    if opened >= 0 and text[end - 1] not in '”"':
        yield opened, end  # it goes on in the next paragraph, as the speech does


_ELISION = re.compile(
    r"['’‘](?:[Tt](?:\b|is|was|were|will|ain|wo|ould)|(?:[Cc]ause|[Ee]m|[Tt]il|[Bb]out|[Nn]eath|[Gg]ainst)\b)"
)


def _begins(text: str, start: int, position: int) -> bool:
    """Whether a mark can begin a speech inside a speech, and is no apostrophe: ’tis, ’em."""
    if _ELISION.match(text, position):
        return False
    following = text[position + 1]
    if following.isupper() or not following.isalnum():
        return True
    before = text[max(start, position - 40) : position].rstrip()
    return not before or before[-1] in ",:;—-.!?"


_LONGEST = 1500  # characters of a repeated speech whose beginning has to be guessed
_LOST = re.compile(r"(?<=\s)\?(?=[A-Z])|(?<=[,:;—-])\s{2,}(?=[\w—-])|(?<=\s)\s(?=[A-Z])")


def _lost_opening(text: str, start: int, position: int) -> int:
    """Where a mark stood of which only the closing one is left, as in texts forced into ASCII, or -1."""
    lost = -1
    for match in _LOST.finditer(text, max(start, position - _LONGEST), position):
        lost = match.start()
    return lost


_BLANK = re.compile(r'[ \n]{2,}|(?<=["“]) (?=\w)')


def _blanks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """In a text that lost its marks, the gaps that they left: I said,  Go home.  He went."""
    opened = -1
    for match in _BLANK.finditer(text, start - 1, end):
        position = match.start()
        before, after = text[position - 1], text[match.end() : match.end() + 1]
        if opened < 0:
            if after.isupper() or before in ',:;—-"“':
                opened = position
        elif before in _STOPS:
            yield opened, position + 1
            opened = -1
    if opened >= 0 and text[end - 1] not in '”"':
        yield opened, end


def _is_tag(before: str) -> bool:
    tag = _WORD.findall(before)
    return len(tag) <= 8 and any(is_speech_verb(word.lower()) for word in tag)


def _repeats(text: str, before: str, start: int, end: int, stop: int) -> bool:
    """Whether a quotation inside a speech was really said: a sentence, not a word or a supposed answer."""
    inside = _WORD.findall(text[start:end])
    last = text[end - 2 : end - 1]
    tag = [word.lower() for word in _WORD.findall(text[end : min(stop, end + 40)])][:4]
    said = next((index for index, word in enumerate(tag) if is_speech_verb(word)), -1)
    if said >= 0 and last in ",!?—-":
        return not _SUPPOSED.intersection(tag[:said])
    if last not in _STOPS or len(inside) < 3 or all(w[0].isupper() or len(w) < 4 for w in inside):
        return False
    sentence = re.split(r"(?<=[.!?;])\s", before[-160:])[-1]
    lead = [word.lower() for word in _WORD.findall(sentence)]
    if _NAMES.intersection(lead[-4:]):
        return False
    verbs = [index for index, word in enumerate(lead) if is_speech_verb(word)]
    if verbs and (
        lead[verbs[-1]] == "say" or _SUPPOSED.intersection(lead[max(0, verbs[-1] - 3) : verbs[-1]])
    ):
        return False
    if before[-1:].isalpha():
        return bool(verbs) and len(lead) - verbs[-1] < 4
    return bool(verbs) or before[-1:] == ":" or (last in ".!?" and (not lead or before[-1:] in ".!?"))
