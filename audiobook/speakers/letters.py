"""Letters, notes and notices printed in quotation marks, paragraph after paragraph: spoken by nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audiobook.speakers.quotations import Quotation

_LONGEST = 60  # paragraphs of one letter
_LONG = 120  # characters of a paragraph that is not a short remark
_SHORT = 60  # characters of a line of its own: a date, a salutation, a signature

_WRITTEN = re.compile(
    r"\b(?:letters?|notes?|telegram|wrote|written|writing|inscription|inscribed|signed|epistle|postcard|postscript|"
    r"diary|journal|headline|headed|placard|poster|entitled|motto|verse|stanza|poem|song|hymn|printed|manuscript|"
    r"advertisement|notice|wire|cable|indited|"
    r"(?:read|ran|was|were) as follows|ran (?:thus|in this way)|dated|the contents|to this purpose|"
    r"following (?:words|reply|message|lines))\b"
)
_SAID = re.compile(
    r"\b(?:said|say|saying|cried|asked|asking|exclaim(?:ed|ing)?|began|repeat(?:ed|ing)|answered|replied)\b"
)
_SALUTATION = re.compile(
    r"(?:my\s+)?(?:very\s+)?(?:own\s+)?(?:dear|dearest|darling)(?:[\s,]+[A-Z][\w.’']*){1,5}[\s,:;.—–-]*$",
    re.IGNORECASE,
)
_GREETING = re.compile(r"(?:my\s+)?(?:dear|dearest)\s+[A-Z][\w.]*(?:\s+[A-Z][\w.]*)?[,:;.—–-]", re.IGNORECASE)
_DATE = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|Sept(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|"
    r"(?:Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day)\b(?:[\s,.]+\d{0,4}(?:st|nd|rd|th)?)*[.,]*$"
)
_VALEDICTION = re.compile(
    r"\b(?i:believe me|(?:ever |always )?your[’' ]?s(?:,? (?:very|most|ever|always|truly|sincerely|"
    r"faithfully|obediently|affectionately|respectfully|devotedly|dutifully|gratefully|&c|etc))*|your own|"
    r"your (?:(?:very|most|ever|sincere|affectionate|loving|anxious|obliged|obedient|humble|dutiful|faithful|"
    r"devoted|attached|grateful|old|and|well-wisher),? )+(?:friend|servant|son|daughter|cousin|sister|"
    r"brother|mother|father|niece|nephew|aunt|uncle|wife|husband)|your affectionate|your friend|i am, &c)"
    r"[\s,.;:&c—–-]*(?:[A-Z][\w.’'-]*[\s,.—–-]*){0,4}$"
)
_LEADS = re.compile(r"(?:to this effect|in these words|(?:this|following) postscript|as follows)\.$")
_POINTED_AT = re.compile(
    r"(?:(?:this|such an?|so ended the|the (?:rest|greater part) of (?:this|the))\b[^.!?\"“]{0,30}\b)"
    r"(?:letter|note|epistle|telegram|paragraph|message|first part|document|extract)\b",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"(?:[A-Z][\w’'-]*\.?[—–-]*\s*){1,4}$")


def tells_of_writing(before: str) -> bool:
    """Whether the sentence that leads to a quotation speaks of something written."""
    sentence = " ".join(re.split(r"(?<=[.!?])\s", before.rstrip())[-1].split())
    return bool(_WRITTEN.search(sentence)) and not _SAID.search(sentence)


def letters(text: str, paragraphs: Sequence[tuple[int, int]], quotations: Sequence[Quotation]) -> set[int]:
    """The numbers of the paragraphs that are quoted letters."""
    whole = _whole(text, paragraphs, quotations)
    found: set[int] = set()
    for number in sorted(whole):
        if number in found:
            continue
        if _begins(text, paragraphs, whole, number):
            found.update(_extent(text, paragraphs, whole, number))
        elif _pointed_at(text, paragraphs, whole, number, found):
            found.add(number)
        elif _farewell(whole[number][0]):
            first = number
            while first - 1 in whole and first - 1 not in found and number - first < _LONGEST:
                first -= 1
            found.update(_extent(text, paragraphs, whole, first))
    return found


def _whole(
    text: str, paragraphs: Sequence[tuple[int, int]], quotations: Sequence[Quotation]
) -> dict[int, tuple[str, bool]]:
    """The paragraphs that are one quotation and nothing else: what it says, and whether it is closed."""
    whole = {}
    for quote in quotations:
        start, end = paragraphs[quote.paragraph]
        if quote.start - start <= 8 and not text[start : quote.start].strip(" _\n") and end - quote.end <= 3:
            whole[quote.paragraph] = (" ".join(quote.inside(text).strip("_ ").split()), quote.closed)
    return whole


def _farewell(inside: str) -> bool:
    """Whether a paragraph is a letter's last words alone, or a name in capitals under it."""
    if len(inside) > _SHORT:
        return False
    if _VALEDICTION.match(inside):
        return True
    return len(inside.split()) > 1 and inside.isupper() and bool(_SIGNATURE.match(inside))


def _heading(inside: str) -> bool:
    return len(inside) <= _SHORT and bool(_SALUTATION.match(inside) or _DATE.search(inside))


def _begins(
    text: str, paragraphs: Sequence[tuple[int, int]], whole: dict[int, tuple[str, bool]], number: int
) -> bool:
    """Whether a letter begins here: by what leads to it, or by its place, date and salutation."""
    before = text[slice(*paragraphs[number - 1])].rstrip(" _\n") if number else ""
    inside, closed = whole[number]
    if number - 1 not in whole and before:
        leads = before[-1] in ":-—;" or before[-1].isalpha() or _LEADS.search(" ".join(before[-60:].split()))
        if leads and tells_of_writing(before):
            return True
        if _GREETING.match(inside) and _VALEDICTION.search(inside[-160:]):
            return True
    if not _heading(inside):
        return False
    if not closed or before[-1:] == ":":
        return True
    return number + 1 in whole and _ends(text, paragraphs, whole, number) >= 0


def _pointed_at(
    text: str,
    paragraphs: Sequence[tuple[int, int]],
    whole: dict[int, tuple[str, bool]],
    number: int,
    found: set[int],
) -> bool:
    """Whether the narrator's next words call it a letter: a postscript, or one without a salutation."""
    if number + 1 in whole or number + 1 >= len(paragraphs):
        return False
    start, end = paragraphs[number + 1]
    following = " ".join(text[start : min(end, start + 120)].split())
    if following[:1] in "“\"‘'«" or not _POINTED_AT.search(following):
        return False
    if number - 1 in found:
        return True
    before = text[slice(*paragraphs[number - 1])].rstrip(" _\n") if number else ""
    told = before[-1:] in "”\"’'»" or _SAID.search(re.split(r"(?<=[.!?])\s", before)[-1])
    return number - 1 not in whole and not told and len(whole[number][0]) > _LONG


def _ends(
    text: str, paragraphs: Sequence[tuple[int, int]], whole: dict[int, tuple[str, bool]], number: int
) -> int:
    """The paragraph with the last words of the letter that begins at `number`; -1 where nothing closes it."""
    for at in range(number, min(number + _LONGEST, len(paragraphs))):
        start, end = paragraphs[at]
        if at in whole:
            tail = whole[at][0][-160:]
        elif end - start <= _SHORT:
            tail = " ".join(text[start:end].strip(' _"“”').split())
        else:
            return -1
        if _VALEDICTION.search(tail):
            return at
    return -1


def _extent(
    text: str, paragraphs: Sequence[tuple[int, int]], whole: dict[int, tuple[str, bool]], number: int
) -> range:
    end = _ends(text, paragraphs, whole, number)
    if end < 0:
        end = number
        while end in whole and end + 1 in whole and (_heading(whole[end][0]) or not whole[end][1]):
            end += 1
    elif end + 1 in whole and _SIGNATURE.match(whole[end + 1][0]) and len(whole[end + 1][0]) <= _SHORT:
        end += 1
    return range(number, end + 1)
