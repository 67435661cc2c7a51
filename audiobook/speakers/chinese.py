"""Speakers in Chinese text: names beside 说, 道, 问 and their like, and turn-taking for the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from audiobook.speakers.people import Person
from audiobook.speakers.quotations import Quotation
from audiobook.speakers.wordlist import words

_VERBS = "说道|問道|问道|笑道|叫道|喊道|答道|喝道|怒道|叹道|低声道|说|說|道|问|問|答|叫|喊|笑"
_MANNERS = (
    "轻声|低声|大声|冷冷地|微笑着|笑着|忙|又|便|也|才|就|都|急忙|连忙|接着|回头|点头|摇头|低声地|大声地"
)
_NAME = r"[\u4e00-\u9fff]{1,4}?"
_BEFORE = re.compile(rf"(?:^|[，。！？；\s”」])({_NAME})(?:{_MANNERS})*(?:{_VERBS})(?:着|了)?[：:，,]?\s*$")
_AFTER = re.compile(rf"^[，,]?\s*({_NAME})(?:{_MANNERS})*(?:{_VERBS})(?:着|了)?(?=[。，,：:！？\s]|$)")
_NOBODY = words("他 她 它 我 你 您 他们 她们 我们 咱 大家 有人 众人 那人 这人 心里 心想 不 一 听 只")
_SEEN = 2


def tagged_name(text: str, quote: Quotation, start: int, end: int) -> str:
    """The name that the narration of the paragraph puts beside a quotation, or ""."""
    before = _BEFORE.search(text[max(start, quote.start - 20) : quote.start])
    if before and before[1] not in _NOBODY:
        return before[1]
    after = _AFTER.match(text[quote.end : min(end, quote.end + 20)])
    return after[1] if after and after[1] not in _NOBODY else ""


def speakers(
    text: str,
    paragraphs: Sequence[tuple[int, int]],
    quotations: Sequence[Quotation],
    roster: Sequence[Person] | None,
) -> list[tuple[str | None, float, str]]:
    """(speaker, confidence, evidence) of each quotation."""
    names = [tagged_name(text, quote, *paragraphs[quote.paragraph]) for quote in quotations]
    known = _known(names, roster)
    found: list[tuple[str | None, float, str]] = []
    for number, (quote, name) in enumerate(zip(quotations, names, strict=True)):
        if name in known:
            found.append((known[name], 0.95, f"tag: {name}"))
        elif number and quotations[number - 1].paragraph == quote.paragraph:
            found.append(found[-1])
        elif number >= 2 and quote.paragraph - quotations[number - 2].paragraph <= 4 and found[-2][0]:
            found.append((found[-2][0], 0.5, f"alternation with {found[-1][0] or 'another'}"))
        else:
            found.append((None, 0.0, "nobody is named beside it"))
    return found


def _known(names: Sequence[str], roster: Sequence[Person] | None) -> dict[str, str]:
    """Names that count, and whose they are: those of the roster, or those tagged more than once."""
    if roster is not None:
        return {alias: person.name for person in roster for alias in (person.name, *person.aliases)}
    return {name: name for name, count in Counter(filter(None, names)).items() if count >= _SEEN}
