"""Quotations that nobody speaks: words as words, titles, signs, letters, and speech told indirectly."""

from __future__ import annotations

import re
from dataclasses import replace

from audiobook.speakers.quotations import Quotation
from audiobook.speakers.verbs import SPEAKING, is_speech_verb
from audiobook.speakers.wordlist import words

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LETTER_WORDS = re.compile(
    r"\b(?:letters?|notes?|telegram|wrote|written|writing|inscription|inscribed|signed|epistle|postcard|postscript|"
    r"diary|journal|headline|placard|poster|entitled|motto|verse|stanza|poem|song|hymn|printed|manuscript|"
    r"advertisement|read as follows|ran thus|ran as follows|following words)\b"
)
_SALUTATION = re.compile(
    r"[\s_]*(?:my\s+)?(?:very\s+)?(?:dear|dearest)\s+(?:[A-Z][\w.]*\s*)+[,:;.—-]", re.IGNORECASE
)
_TOLD = words(
    "cry cries shout shouts murmur exclamation exclamations words word whisper answer reply saying call said"
)
_SPEAKING_NOUNS = _TOLD | words("remark voice question greeting order command warning yell scream chorus")


def mark_unspoken(
    text: str, paragraphs: list[tuple[int, int]], quotations: list[Quotation]
) -> list[Quotation]:
    """The quotations, those that nobody speaks with kind "other"."""
    marked: list[Quotation] = []
    for number, quote in enumerate(quotations):
        previous = marked[-1] if marked else None
        after = quotations[number + 1] if number + 1 < len(quotations) else None
        if _goes_on(previous, quote) or _unspoken(text, paragraphs, quote, previous, after):
            quote = replace(quote, kind="other")
        marked.append(quote)
    return marked


def _goes_on(previous: Quotation | None, quote: Quotation) -> bool:
    """Whether a letter of several paragraphs goes on."""
    return (
        previous is not None
        and previous.kind == "other"
        and not previous.closed
        and quote.paragraph == previous.paragraph + 1
    )


def _unspoken(
    text: str,
    paragraphs: list[tuple[int, int]],
    quote: Quotation,
    previous: Quotation | None,
    after: Quotation | None,
) -> bool:
    inside = quote.inside(text)
    start, end = paragraphs[quote.paragraph]
    begin = previous.end if previous is not None and previous.paragraph == quote.paragraph else start
    before = text[begin : quote.start].rstrip(" \n\t_(")
    greeting = _SALUTATION.match(inside + ",")
    if (
        greeting
        and (not quote.closed or greeting.end() >= len(inside))
        and quote.start - start < 3
        and end - quote.end < 3
    ):
        return True
    if not before.strip() or before[-1:] in ',:;.!?—–-…"”’)':
        if quote.start - start <= 8 and previous is not None and quote.paragraph:
            before = text[slice(*paragraphs[quote.paragraph - 1])]
            leads = before.rstrip()[-1:] in ":-—" and previous.paragraph < quote.paragraph - 1
            return leads and _is_letter(before)
        return before[-1:] == ":" and _is_letter(before)
    interrupted = (
        begin > start and previous is not None and text[previous.end - 2 : previous.end - 1] not in ".!?"
    )
    return not interrupted and _in_sentence(inside, before, text[quote.end : quote.end + 60])


def _is_letter(before: str) -> bool:
    """Whether the sentence that leads to a quotation speaks of something written."""
    sentence = re.split(r"(?<=[.!?])\s", before)[-1]
    return bool(_LETTER_WORDS.search(sentence)) and not re.search(
        r"\b(?:said|cried|asked|exclaimed)\b", sentence
    )


def _in_sentence(inside: str, before: str, following: str) -> bool:
    """A quotation that is part of the narrator's sentence: speech only if that says so."""
    lead = [word.lower() for word in _WORD.findall(before[-80:])][-4:]
    if not lead:
        return False
    first = inside.lstrip("_ ")[:1]
    count = len(_WORD.findall(inside))
    if first.islower():
        return count > 0
    if is_speech_verb(lead[-1]) or lead[-1] in SPEAKING or lead[-1] in _SPEAKING_NOUNS:
        return False
    if _SPEAKING_NOUNS.intersection(lead[-3:]) or SPEAKING.intersection(lead):
        return False
    tag = [word.lower() for word in _WORD.findall(following)][:3]
    if inside[-1:] in ",!?" and any(is_speech_verb(word) for word in tag):
        return False
    return count <= 4 or inside[-1:] not in ".!?,—-"
