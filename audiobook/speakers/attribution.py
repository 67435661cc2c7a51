"""Who says what in a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from audiobook.speakers import chinese
from audiobook.speakers.decoding import Guess, guess_speakers
from audiobook.speakers.people import Character, Person, age_of
from audiobook.speakers.quotations import find_quotations
from audiobook.speakers.scene import Scene, Turn, read_scene
from audiobook.speakers.styles import style_of


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation, marks included, and who says it. `speaker` is None where nobody can be named;
    `kind` is speech, thought or other (quoted, but not spoken by anybody)."""

    start: int
    end: int
    kind: str = "speech"
    speaker: str | None = None
    confidence: float = 0.0
    evidence: str = ""
    candidates: tuple[tuple[str, float], ...] = ()
    style: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """All quotations of a text in order, and the people in it, those who speak most first."""

    quotes: tuple[Quote, ...]
    people: tuple[Person, ...]


def attribute(text: str, *, roster: Sequence[Person] | None = None, language: str = "en") -> Attribution:
    """Find the quotations in `text` and who speaks each.

    `text` is the whole book, paragraphs separated by blank lines; offsets count its characters.
    With a `roster` the speakers are its people; without one they are found in the book.
    """
    if language.lower().startswith("zh"):
        return _attribute_chinese(text, roster)
    scene = read_scene(text, roster, language)
    guesses = guess_speakers(scene)
    quotes = []
    for turn, guess in zip(scene.turns, guesses, strict=True):
        quotes += _quotes_of(scene, turn, guess)
    quotes += [Quote(q.start, q.end, "other") for q in scene.quotations if q.kind == "other"]
    quotes.sort(key=lambda quote: quote.start)
    return Attribution(tuple(quotes), _people(scene, quotes))


def _attribute_chinese(text: str, roster: Sequence[Person] | None) -> Attribution:
    spans, found = find_quotations(text, "zh")
    quotes = tuple(
        Quote(quote.start, quote.end, "speech", speaker, confidence, evidence)
        for quote, (speaker, confidence, evidence) in zip(
            found, chinese.speakers(text, spans, found, roster), strict=True
        )
    )
    names = dict.fromkeys(quote.speaker for quote in quotes if quote.speaker)
    people = tuple(roster) if roster is not None else tuple(Person(name) for name in names)
    return Attribution(quotes, recount(text, people, quotes))


def recount(text: str, people: Sequence[Person], quotes: Sequence[Quote]) -> tuple[Person, ...]:
    """The people with the lines and words they say counted, those who speak most first."""
    lines = {person.name: [0, 0] for person in people}
    for quote in quotes:
        if quote.speaker in lines and quote.kind != "other":
            lines[quote.speaker][0] += 1
            lines[quote.speaker][1] += len(text[quote.start : quote.end].split())
    counted = [replace(p, lines=lines[p.name][0], words=lines[p.name][1]) for p in people]
    return tuple(sorted(counted, key=lambda person: (-person.lines, person.name)))


def _quotes_of(scene: Scene, turn: Turn, guess: Guess) -> list[Quote]:
    names = [character.name for character in scene.characters]
    thought = turn.tag is not None and turn.tag.thought
    return [
        Quote(
            quote.start,
            quote.end,
            "thought" if thought else quote.kind,
            names[guess.who] if guess.who >= 0 else None,
            round(guess.confidence, 3),
            guess.evidence,
            tuple((names[who], round(share, 3)) for who, share in guess.candidates),
            style_of(scene, turn, number),
        )
        for number, quote in enumerate(turn.quotations)
    ]


def _people(scene: Scene, quotes: Sequence[Quote]) -> tuple[Person, ...]:
    people = [Person(c.name, _aliases(c), c.gender, age_of(c)) for c in scene.characters]
    return recount(scene.text, people, quotes)


def _aliases(character: Character) -> tuple[str, ...]:
    known = (alias for alias, _ in character.aliases.most_common() if alias not in character.adopted)
    return tuple(alias for alias in known if alias != character.name)
