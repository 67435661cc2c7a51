"""Quotations that nobody speaks: words, titles, signs, letters, and speech told indirectly or supposed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from audiobook.speakers.letters import letters, tells_of_writing
from audiobook.speakers.quotations import Quotation
from audiobook.speakers.verbs import SPEAKING, is_speech_verb
from audiobook.speakers.wordlist import words

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SALUTATION = re.compile(
    r"[\s_]*(?:my\s+)?(?:very\s+)?(?:dear|dearest)(?:\s+[A-Z][\w.]*){1,6}\s*[,:;.—-]", re.IGNORECASE
)
_TOLD = words(
    "cry cries shout shouts murmur exclamation exclamations words word whisper answer reply saying call said"
)
_SPEAKING_NOUNS = _TOLD | words(
    "begun remark voice question greeting order command warning yell scream chorus"
)
_NAMES_OF_WORDS = words("word words term name phrase title")
_NAMING = words("called call calls named termed styled dubbed nicknamed entitled christened")
_LINKS = words("and or nor but even only")
_PAUSES = ',:;.!?—–-…"”’)'
_PAUSES_OF_TALE = ".!?;—–-"
_SENTENCE_END = re.compile(r"(?<!Mr)(?<!Mrs)(?<!Dr)[.!?]\s")
_SOURCE = re.compile(r"(?:--|[—–])\s*_?[A-Z][\w.’' ]{2,40}_?")
_WRITTEN_AFTER = re.compile(
    r"\s*(?:(?:he|she|I|they|it|the [a-z]+|[A-Z]\w+(?: [A-Z]\w+)?) (?:wrote|writes)\b|"
    r"the (?:note|letter|telegram|document|card|paper|message|notice|wire|inscription|lines?|text) "
    r"(?:ran|said|read)\b|"
    r"(?:you|one|they|the gods) (?:will|may|might) (?:say|exclaim|ask|cry)\b|"
    r"wrote\b|(?:was|were) (?:\w+ly )?(?:engraved|printed|written|painted|inscribed|carved|headed)\b)"
)
_VERSE = re.compile(r"_?[A-Z][^\n]{5,55}(?:\n[ \t]*[_(‘']?[A-Z][^\n]{5,60}){1,}")
_PICTURE = re.compile(r"\[(?:Illustration|Picture|Image|Frontispiece)\b[^\]]*$", re.IGNORECASE)
_WRITTEN_BEFORE = re.compile(
    r"\b(?:[Ii]t|he|she|I|which|[A-Z]\w+|note|letter|card|telegram|message|inscription) (?:read|ran)"
    r"(?: as follows| thus| in this way)?[\s,:—–-]*$|"
    r"\b(?:was|were|had|is) (?:written|printed|inscribed|engraved|scrawled)\b(?: (?!to )\w+){0,4}[\s,:—–-]*$|"
    r"\b(?:(?:was|were) (?:headed|addressed)|entitled|labell?ed|inscribed|addressed:|motto on it|"
    r"[Aa]ddress was|[Tt]he (?:tune|title|song|wire|motto|theory) (?:was|ran))(?: \w+ly)?[\s,:—–-]*$"
)
_PERFORMED = re.compile(
    r"\b(?:sing|sang|sung|singing|recite|recited|reciting|play|played|playing)[\s,:—–-]*$"
)
_SMALL_WORDS = words("a an the of and in on to for at with by from my de la")
_INTERJECTIONS = words(
    "yes no oh ah eh well indeed hullo hello hallo come in hum hm ha aye never certainly please thank thanks "
    "you sir ma'am madam good morning night evening bye perhaps"
)
_HERE = re.compile(
    r"\b(?:[Ii]|[Mm][ey]|[Mm]ine|[Mm]yself|[Yy]ou|[Yy]ours?|[Yy]ourself|[Ww]e|[Uu]s|[Oo]urs?|[Tt]hou|[Tt]hee|[Tt]hy)\b"
)
_THERE = re.compile(r"\b(?:[Hh]e|[Ss]he|[Tt]hey|[Hh]er|[Hh]is|[Hh]im|[Tt]hem|[Tt]heir)\b")
_BACKSHIFTED = re.compile(
    r"\b(?:would|had|was|were|should|could|did|might|thought|believed|hoped|wished)\b", re.IGNORECASE
)
_SHORTEST_TOLD = 7  # words; fewer do not show who speaks of whom
_SUPPOSED = re.compile(
    r"\b(?:as much as to|seem(?:ed|s|ing)? (?:almost )?to|appear(?:ed|s)? to|as if to|as though to|"
    r"almost ready to|impulse to|tempted to|useless to|would have|might have|could have|should have|"
    r"almost|nearly|without|instead of|longed to|wished to|going to|temptation to|all very well to|mind to|"
    r"point of|did not|didn['’]t|did (?:he|she|they|I) not|"
    r"(?:[Ii]f|had) (?:he|she|they|I) (?:had |have )?)\s*"
    r"(?:say|said|saying|cry|cried|exclaim|exclaimed|ask|asked|reply|replied|answer|answered|add|added|quote|quoted)"
    r"(?:\s+(?:to|of) \w+)?[\s,:—–-]*$|"
    r"\b(?:meant|expressed|indicat(?:ed|ing)|impl(?:ied|ying)|the proverb|the saying|[Tt]he phrase|the motto|"
    r"attitude was|notion was|(?:nursery )?rhymes?|gesture said|[Tt]he title(?: of)?)[\s,:—–-]*$"
)


def mark_unspoken(
    text: str, paragraphs: list[tuple[int, int]], quotations: list[Quotation]
) -> list[Quotation]:
    """The quotations, those that nobody speaks with kind "other"."""
    marked: list[Quotation] = []
    written = letters(text, paragraphs, quotations)
    for quote in quotations:
        previous = marked[-1] if marked else None
        in_letter = quote.paragraph in written or _goes_on(previous, quote)
        if in_letter or _unspoken(text, paragraphs, quote, previous):
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


@dataclass(frozen=True, slots=True)
class _Place:
    """A quotation in its sentence."""

    inside: str
    before: str  # the narrator's words since the quotation before it, or since the paragraph began
    following: str
    bare: bool  # no stop or dash stands before the closing mark
    joined: str  # the kind of the quotation before it in the paragraph; "" where it is the first
    open_end: bool  # that quotation ends in mid-sentence

    @property
    def count(self) -> int:
        return len(_WORD.findall(self.inside))

    def near(self, after: int, before: int) -> list[str]:
        """The narrator's words around it."""
        tag = _WORD.findall(self.following)[:after]
        lead = _WORD.findall(self.before[-120:])
        return [word.lower() for word in tag + lead[max(0, len(lead) - before) :]]


def _unspoken(
    text: str, paragraphs: list[tuple[int, int]], quote: Quotation, previous: Quotation | None
) -> bool:
    start, end = paragraphs[quote.paragraph]
    same = previous if previous is not None and previous.paragraph == quote.paragraph else None
    place = _Place(
        quote.inside(text),
        text[same.end if same else start : quote.start].rstrip(" \n\t_(["),
        text[quote.end : min(end, quote.end + 60)],
        text[quote.end - 2].isalpha(),
        same.kind if same else "",
        same is not None and text[same.end - 2] not in ".!?",
    )
    if not text[start : quote.start].strip(" _[("):
        told = _is_told(text, paragraphs, quote, previous)
        if _stands_alone(place.inside, quote, text[quote.end : end].strip(), told):
            return True
    if (place.inside[-1:] != "." and _WRITTEN_AFTER.match(place.following)) or _supposed(place.before):
        return True
    if _written(place) or _PICTURE.search(text, start, quote.start):
        return True
    if _indirect(place, text[quote.start + 1 : quote.start + 6]) or _label(place):
        return True
    if place.joined and place.inside[-1:] not in ".!?" and place.before.strip(" ,;—–-").lower() in _LINKS:
        return place.joined == "other"
    if _told_indirectly(place):
        return True
    if not place.before.strip() or place.before[-1] in _PAUSES:
        if quote.start - start > 8 or previous is None or not quote.paragraph:
            return place.before[-1:] == ":" and tells_of_writing(place.before)
        lead = text[slice(*paragraphs[quote.paragraph - 1])].rstrip()
        return lead[-1:] in ":-—" and previous.paragraph < quote.paragraph - 1 and tells_of_writing(lead)
    return not _continues(place) and _in_sentence(place)


def _stands_alone(inside: str, quote: Quotation, after: str, told: bool) -> bool:
    """Whether a whole paragraph is a heading, a motto with its source, a verse that nobody is `told` to
    say, or greets in a letter that goes on."""
    if _SOURCE.fullmatch(after):
        return True
    if len(after) > 3:
        return False
    if _VERSE.fullmatch(inside) and not told:
        return True
    if inside.isupper() and inside[-1:] not in "!?" and len(inside.split()) > 2:
        return True
    return not quote.closed and _SALUTATION.match(inside + ",") is not None


def _is_told(
    text: str, paragraphs: list[tuple[int, int]], quote: Quotation, previous: Quotation | None
) -> bool:
    """Whether the paragraph before a quotation speaks, or ends with words that lead to speech."""
    if not quote.paragraph or (previous is not None and previous.paragraph >= quote.paragraph - 1):
        return quote.paragraph > 0
    lead = _WORD.findall(text[slice(*paragraphs[quote.paragraph - 1])][-100:])
    return _speaks([word.lower() for word in lead[-8:]])


def _supposed(before: str) -> bool:
    """Whether the narrator only supposes the speech: he would have said, she seemed to say."""
    return bool(_SUPPOSED.search(" ".join(before[-90:].split())))


def _written(place: _Place) -> bool:
    """Whether the narrator says that it was written, or gives the title of what is sung or recited."""
    before = " ".join(place.before[-90:].split())
    if place.joined and _WRITTEN_AFTER.match(place.before):
        return True
    if _PERFORMED.search(before):
        return _title(place)
    return bool(_WRITTEN_BEFORE.search(before))


def _title(place: _Place) -> bool:
    """Whether its words are written as in a title: The Grey Goose of Harrow."""
    inside = _WORD.findall(place.inside)
    capitals = [word for word in inside if word[0].isupper() and word != "I"]
    return len(capitals) > 1 and all(word in capitals or word in _SMALL_WORDS for word in inside)


def _speaks(near: list[str]) -> bool:
    return any(is_speech_verb(word) or word in SPEAKING for word in near)


def _indirect(place: _Place, opening: str) -> bool:
    """Whether a quotation goes on with the narrator's sentence: told indirectly, or other people's words."""
    if place.joined or place.before[-1:] not in (",", ":", ";") or not opening[:1].islower():
        return False
    return opening == "that " or not _speaks(place.near(4, 6))


def _told_indirectly(place: _Place) -> bool:
    """Whether the narrator tells in quotation marks what somebody said, in the narrator's persons and tenses:
    Tom was against it. “He would not hear of it; the boats were not his.”"""
    if place.joined == "speech" or place.before[-1:] not in _PAUSES_OF_TALE or not place.before.strip():
        return False
    if place.count < _SHORTEST_TOLD or _HERE.search(place.inside) or _speaks(place.near(3, 0)):
        return False
    return bool(_BACKSHIFTED.search(place.inside) and _THERE.search(place.inside))


def _label(place: _Place) -> bool:
    """Whether a word or two are part of the narrator's sentence, which goes on: “Rose” stood on the door."""
    if not place.bare or place.count > 2 or (place.before and _interjection(place, place.near(0, 4))):
        return False
    goes_on = re.match(r"\s(?!s?he |they |it |was )[a-z]", place.following)
    return goes_on is not None and not _speaks(place.near(3, 2))


def _continues(place: _Place) -> bool:
    """Whether a speech goes on after the narrator's words: “Well,” cried Nora “come in.”"""
    if place.joined in ("", "other"):
        return False
    phrase = place.count > 2
    if place.open_end:
        return phrase or (place.inside[:1].isupper() and place.inside[-1:] in ",!?")
    lead = [word.lower() for word in _WORD.findall(place.before)][:4]
    return phrase and not _SENTENCE_END.search(place.before) and any(is_speech_verb(word) for word in lead)


def _in_sentence(place: _Place) -> bool:
    """A quotation that is part of the narrator's sentence: speech only if that says so."""
    lead = place.near(0, 4)
    if not lead or _interjection(place, lead):
        return False
    last = place.inside[-1:]
    if lead[-1] in _NAMES_OF_WORDS and place.before[-1:].isalpha():
        return last not in "!?"
    if place.inside.lstrip("_ ")[:1].islower():
        return place.count > 0
    if lead[-1] in _NAMING and place.count <= 4 and last not in "!?":
        return True
    if is_speech_verb(lead[-1]) or SPEAKING.intersection(lead) or _SPEAKING_NOUNS.intersection(lead[-3:]):
        return False
    if last in ",!?" and any(is_speech_verb(word) for word in place.near(3, 0)):
        return False
    return (place.count <= 4 and last not in "!?") or last not in ".!?,—-" or (last == "." and _title(place))


def _interjection(place: _Place, lead: list[str]) -> bool:
    """Whether it is a word that is only ever spoken: he answered with a quiet “Yes.”"""
    inside = _WORD.findall(place.inside)
    if not 0 < len(inside) <= 3 or _NAMES_OF_WORDS.intersection(lead[-2:]) or not inside[0][0].isupper():
        return False
    return _INTERJECTIONS.issuperset(word.lower() for word in inside)
