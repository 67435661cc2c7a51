"""The book as turns: paragraphs with speech in them, their tags, and whom they name."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from audiobook.speakers.harvest import people_names
from audiobook.speakers.mentions import Mentions, count_pronouns, find_mentions
from audiobook.speakers.people import (
    NARRATOR_SPEAKS,
    Character,
    Clusters,
    Person,
    adopt_names,
    from_roster,
    guess_gender,
    settle_names,
)
from audiobook.speakers.quotations import Quotation, find_quotations
from audiobook.speakers.relations import Relations
from audiobook.speakers.roles import add_roles, add_titles
from audiobook.speakers.tags import Tag, TagReader
from audiobook.speakers.tokens import Tokens
from audiobook.speakers.unspoken import mark_unspoken

_DOTTED = re.compile(r"\b(?:Mr|Mrs|Dr)\.")
_UNDOTTED = re.compile(r"\b(?:Mr|Mrs|Dr)\s")
_PRESENT = 12  # paragraphs for which somebody named is about
_BEAT = 5.0  # strength of a tag that is told, not merely beside
_HINT = 4.5
_FIRST_PERSON_RATE = 0.006


@dataclass(slots=True, eq=False)
class Turn:
    """What one person says in one paragraph, with the narration around it."""

    number: int
    paragraph: int
    quotations: list[Quotation]
    first: int  # tokens of the paragraph (or of this turn's part of it)
    behind: int
    continues: bool = False  # goes on with the speech of the turn before
    tags: list[Tag] = field(default_factory=list)
    tag: Tag | None = None  # the strongest, where it is one
    weak: Tag | None = None  # the strongest otherwise
    called: list[int] = field(default_factory=list)  # characters addressed by name
    named: list[int] = field(default_factory=list)  # characters named otherwise inside the speech
    told: bool = False  # whether there is narration beside the speech

    def choose(self) -> None:
        """Take the tag that says most."""
        if self.tags:
            best = max(self.tags, key=_trust)
            self.tag, self.weak = (best, None) if best.strength >= 5 else (None, best)

    @property
    def start(self) -> int:
        """Where the speech begins."""
        return self.quotations[0].start

    @property
    def end(self) -> int:
        """Where the speech ends."""
        return self.quotations[-1].end


@dataclass(slots=True, eq=False)
class Scene:
    """A whole text, read."""

    text: str
    paragraphs: list[tuple[int, int]]
    quotations: list[Quotation]
    tokens: Tokens
    characters: list[Character]
    mentions: Mentions
    turns: list[Turn]
    paragraph_tokens: list[int]  # the first token of each paragraph, and the number of tokens
    narrator: int = -1  # the first-person narrator among the characters

    def speech(self, turn: Turn) -> str:
        """The words of a turn."""
        return " ".join(self.text[quote.start : quote.end] for quote in turn.quotations)


def read_scene(text: str, roster: Sequence[Person] | None = None, language: str = "en") -> Scene:
    """Find quotations, people, mentions and tags."""
    spans, quotations = find_quotations(text, language)
    quotations = mark_unspoken(text, spans, quotations)
    tokens = Tokens.of(text, [(quote.start, quote.end) for quote in quotations])
    first_person = _is_first_person(tokens)
    if roster is None:
        counts, narrated = people_names(tokens)
        characters = Clusters(counts, narrated).join()
        add_roles(tokens, characters)
        dotted = len(_DOTTED.findall(text)) > len(_UNDOTTED.findall(text))
        settle_names(characters, dotted)
        if first_person:
            characters.append(Character(NARRATOR_SPEAKS, narrator=True))
    else:
        characters = from_roster(roster)
        adopt_names(characters, Clusters(*people_names(tokens)).join())
        add_titles(tokens, characters)
    mentions = find_mentions(tokens, characters)
    count_pronouns(tokens, mentions, characters)
    for character in characters:
        guess_gender(character)
    narrator = next((i for i, character in enumerate(characters) if character.narrator), -1)
    starts = [tokens.at(start) for start, _ in spans] + [len(tokens)]
    scene = Scene(text, spans, quotations, tokens, characters, mentions, [], starts, narrator)
    scene.turns = _turns(scene)
    reader = TagReader(tokens, mentions)
    for turn in scene.turns:
        read_tags(scene, turn, reader)
        _vocatives(scene, turn)
    scene.turns = _split_mixed(scene, reader)
    _settle_relations(scene)
    return scene


def _settle_relations(scene: Scene) -> None:
    """Name whom “her mother” and “the surgeon” mean in the tags, where the book says so."""
    relations = Relations(scene.tokens, scene.mentions, scene.characters)
    for turn in scene.turns:
        first = scene.paragraph_tokens[max(0, turn.paragraph - _PRESENT)]
        settled = [relations.settle(tag, first, turn.behind) for tag in turn.tags]
        if settled != turn.tags:
            turn.tags = settled
            turn.choose()


def _is_first_person(tokens: Tokens) -> bool:
    told = sum(1 for quoted in tokens.quoted if not quoted)
    count = sum(
        1 for word, quoted in zip(tokens.word, tokens.quoted, strict=True) if word == "I" and not quoted
    )
    return count > _FIRST_PERSON_RATE * max(1, told)


def _turns(scene: Scene) -> list[Turn]:
    groups: dict[int, list[Quotation]] = {}
    for quote in scene.quotations:
        if quote.kind != "other":
            groups.setdefault(quote.paragraph, []).append(quote)
    turns: list[Turn] = []
    previous: Turn | None = None
    for paragraph, quotes in groups.items():
        first, behind = scene.paragraph_tokens[paragraph], scene.paragraph_tokens[paragraph + 1]
        start = scene.paragraphs[paragraph][0]
        goes_on = (
            previous is not None
            and previous.paragraph == paragraph - 1
            and not previous.quotations[-1].closed
            and quotes[0].start - start <= 2
        )
        previous = Turn(len(turns), paragraph, quotes, first, behind, goes_on)
        turns.append(previous)
    return turns


def read_tags(scene: Scene, turn: Turn, reader: TagReader) -> None:
    """Fill in the tags of a turn."""
    tokens, text = scene.tokens, scene.text
    turn.tags = []
    turn.told = not all(tokens.quoted[turn.first : turn.behind])
    for number, quote in enumerate(turn.quotations):
        behind = tokens.at(quote.end)
        last = number + 1 == len(turn.quotations)
        limit = turn.behind if last else tokens.at(turn.quotations[number + 1].start)
        inside = quote.inside(text)
        after = reader.after(behind, limit, text[quote.end - 2 : quote.end - 1] if inside else "", number)
        if after is not None:
            turn.tags.append(after)
        begin = tokens.at(turn.quotations[number - 1].end) if number else turn.first
        before = reader.before(begin, tokens.at(quote.start), number)
        if before is None and number == 0 and not turn.continues:
            before = _led_in(scene, turn, reader)
        if before is not None:
            turn.tags.append(before)
    turn.choose()


def _trust(tag: Tag) -> tuple[bool, float, int]:
    """A name beside any quotation of the turn says more than a pronoun beside another."""
    return tag.subject.kind == "name" and tag.strength >= 6.5, tag.strength, -tag.quotation


def _led_in(scene: Scene, turn: Turn, reader: TagReader) -> Tag | None:
    """The end of the paragraph before, where it leads to this speech ("Then he said:")."""
    if turn.paragraph == 0 or turn.first != scene.paragraph_tokens[turn.paragraph]:
        return None
    first = scene.paragraph_tokens[turn.paragraph - 1]
    behind = scene.paragraph_tokens[turn.paragraph]
    while behind > first and scene.tokens.word[behind - 1] in ("_", "*"):
        behind -= 1
    if behind <= first or scene.tokens.quoted[behind - 1]:
        return None
    closing = scene.tokens.word[behind - 1]
    if closing in ("!", "?", ")", "]", "”", '"'):
        return None
    last_quoted = next((i for i in range(behind - 1, first - 1, -1) if scene.tokens.quoted[i]), first - 1)
    tag = reader.before(last_quoted + 1, behind, 0)
    if closing == "." and tag is not None:
        # “Alice went on.” at the end of a paragraph says who may speak in the next
        return replace(tag, strength=_HINT) if tag.strength > _BEAT and last_quoted < first else None
    return tag


_CALL_WORDS = (
    "dear dearest oh my poor sweet well yes no old and good you but now come ah hush nay so please here"
    " morning night"
)
_CALL_BEFORE = re.compile(
    "(?:^|[,;!?.:—–-]\\s*|[“\"‘'«„]|\\b(?:O|"
    + "|".join(f"[{word[0].upper()}{word[0]}]{word[1:]}" for word in _CALL_WORDS.split())
    + ")\\s+)$"
)


def _vocatives(scene: Scene, turn: Turn) -> None:
    """Names inside a speech: those called, and those only talked about."""
    tokens, text = scene.tokens, scene.text
    for quote in turn.quotations:
        for mention in scene.mentions.between(tokens.at(quote.start), tokens.at(quote.end)):
            start, end = tokens.start[mention.first], tokens.end[mention.behind - 1]
            before = text[max(quote.start, start - 14) : start]
            after = text[end : end + 1]
            called = (
                not mention.possessive
                and (bool(_CALL_BEFORE.search(before)) or start <= quote.start + 1)
                and (after in tuple(",.!?;:-—–\"”’'…") or end >= quote.end - 1)
            )
            (turn.called if called else turn.named).append(mention.who)


def _split_mixed(scene: Scene, reader: TagReader) -> list[Turn]:
    """Paragraphs in which several people speak, by their own tags, become several turns."""
    turns: list[Turn] = []
    waiting = scene.turns[::-1]
    while waiting:
        turn = waiting.pop()
        cut = _cut([tag for tag in turn.tags if _tells(tag)])
        if cut:
            # The narration in between may hold the tags of both
            end = scene.tokens.at(turn.quotations[cut - 1].end)
            start = scene.tokens.at(turn.quotations[cut].start)
            left = Turn(0, turn.paragraph, turn.quotations[:cut], turn.first, start, turn.continues)
            right = Turn(0, turn.paragraph, turn.quotations[cut:], end, turn.behind)
            for part in (left, right):
                read_tags(scene, part, reader)
                _vocatives(scene, part)
            turn = left
            waiting.append(right)
        turn.number = len(turns)
        turns.append(turn)
    return turns


def _tells(tag: Tag) -> bool:
    """Whether a tag says who speaks its own quotation, whoever speaks beside it."""
    least = 8 if tag.subject.kind == "pronoun" else 6.5
    return tag.strength >= least and bool(tag.verb) and tag.subject.kind in ("name", "pronoun")


def _cut(sure: list[Tag]) -> int:
    """The quotation at which another speaker takes over, or 0."""
    for one, other in itertools.pairwise(sure):
        if other.quotation <= one.quotation:
            continue
        both_names = one.subject.kind == other.subject.kind == "name"
        if both_names and one.subject.who != other.subject.who:
            return other.quotation
        if one.subject.gender + other.subject.gender in ("MF", "FM", "IM", "IF", "MI", "FI"):
            return other.quotation
    return 0
