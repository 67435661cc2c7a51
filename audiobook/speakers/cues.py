"""Cues: the shape of a speech, what the sentences around it do, and who has been there of late."""

from __future__ import annotations

import bisect
import math
import re
from collections import Counter
from dataclasses import dataclass, field

from audiobook.speakers.idiolect import spoken_words
from audiobook.speakers.mentions import Mention
from audiobook.speakers.salience import Resolved
from audiobook.speakers.scene import Scene, Turn
from audiobook.speakers.verbs import SPEAKING, STRONG
from audiobook.speakers.view import lead_in
from audiobook.speakers.wordlist import words

_HEADING = re.compile(r"\s*(?:chapter|book|part|volume|act|scene|canto|section)\b", re.IGNORECASE)
_HEADING_SIZE = 80  # characters
_OPENINGS = {
    word: number
    for number, group in enumerate(
        ("yes yeah aye certainly quite", "no nay never", "oh ah o alas", "well", "but", "and", "why",
         "what how when where who which", "is are do does did have has will can could would", "i", "you",
         "my", "he she they it"), 1)
    for word in group.split()
}  # fmt: skip
_ENDINGS = {"?": 1, "!": 2, ".": 3, ",": 4, "—": 5, "-": 5, "…": 6, ";": 7, ":": 7}
_SUBJECTS = {"he": "M", "she": "F", "i": "I"}
_GESTURES = words(
    """look looked looks turn turned turns smile smiled smiles laugh laughed laughs nod nodded nods frown
    frowned sigh sighed shrug shrugged shook blush blushed flush flushed raise raised lift lifted drop
    dropped put laid pointed point wave waved grin grinned stare stared bent leaned leant paused pause
    hesitate hesitated stopped stop coloured colored rubbed drew took held clasped bowed coughed started"""
)
_PERCEIVES = words(
    """listen listened hear heard wait waited watch watched see saw felt feel knew know thought think wondered
    wonder noticed notice understood remained silent remember remembered observed perceived"""
)
_MOVES = words(
    """come came comes go went goes enter entered enters leave left rise rose stand stood sit sat walk walked
    run ran return returned arrive arrived appear appeared hurried hastened advanced approached followed"""
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence of narration: whom its subject may mean (character → share), what the subject does (a
    class of verbs), and who else is named in it."""

    subject: dict[int, float] = field(default_factory=dict)
    verb: int = 0
    others: tuple[int, ...] = ()


_NOTHING = Clause()


def verb_class(word: str) -> int:
    """1 speaking, 2 gestures, 3 perceiving, 4 moving, 5 anything else."""
    if word in SPEAKING or word in STRONG:
        return 1
    return 2 if word in _GESTURES else 3 if word in _PERCEIVES else 4 if word in _MOVES else 5


class Cues:
    """Numbers about the turns of a scene, and about a candidate of a turn."""

    def __init__(
        self, scene: Scene, resolved: Resolved, named: list[int], told_of: dict[int, list[int]]
    ) -> None:
        self.scene = scene
        self.resolved = resolved
        self.named = named
        self.said = [spoken_words(scene.speech(turn)) for turn in scene.turns]
        self.speaking = {turn.paragraph for turn in scene.turns}
        self.breaks = self._breaks()
        self.tags_of: dict[int, list[int]] = {}
        for k, who in enumerate(named):
            self.tags_of.setdefault(who, []).append(scene.turns[k].paragraph)
        self.told_of = told_of
        self.around = [self._clauses(turn) for turn in scene.turns]

    def _breaks(self) -> list[int]:
        """Paragraphs behind which a new scene begins, first to last; 0 is one of them."""
        found = [0]
        for number, (start, end) in enumerate(self.scene.paragraphs):
            if end - start > _HEADING_SIZE or number in self.speaking:
                continue
            line = self.scene.text[start:end]
            if _HEADING.match(line) or not any(letter.islower() for letter in line):
                found.append(number)
        return found

    # --- sentences ---------------------------------------------------------------------------------

    def _sentences(self, first: int, behind: int) -> list[tuple[int, int]]:
        """Stretches of narration between full stops and quotations, as tokens."""
        tokens = self.scene.tokens
        found, start = [], -1
        for index in range(first, behind):
            if tokens.quoted[index]:
                if start >= 0:
                    found.append((start, index))
                start = -1
                continue
            if start < 0:
                start = index
            if tokens.word[index] in ".!?" and not (tokens.word[index] == "." and self._abbreviated(index)):
                found.append((start, index + 1))
                start = -1
        if start >= 0:
            found.append((start, behind))
        return [span for span in found if span[1] - span[0] > 1]

    def _abbreviated(self, index: int) -> bool:
        return self.scene.tokens.word[index - 1] in ("Mr", "Mrs", "Ms", "Dr", "St", "M") if index else False

    def _clause(self, first: int, behind: int) -> Clause:
        """What a sentence says of whom."""
        tokens = self.scene.tokens
        subject: dict[int, float] = {}
        at = first
        told = self.scene.mentions.told(first, behind)
        starts = {mention.first: mention for mention in told}
        for index in range(first, behind):
            if index in starts:
                subject, at = (
                    {starts[index].who: 0.8 if starts[index].possessive else 1.0},
                    starts[index].behind,
                )
                break
            if tokens.lower[index] in _SUBJECTS:
                subject, at = self._pronoun(index), index + 1
                break
        verb = next(
            (tokens.lower[i] for i in range(at, min(at + 4, behind)) if not tokens.lower[i].endswith("ly")),
            "",
        )
        return Clause(subject, verb_class(verb) if subject else 0, self._others(told, subject))

    def _pronoun(self, index: int) -> dict[int, float]:
        if self.scene.tokens.lower[index] == "i":
            return {self.scene.narrator: 1.0} if self.scene.narrator >= 0 else {}
        return self.resolved.shares.get(index, {})

    @staticmethod
    def _others(told: list[Mention], subject: dict[int, float]) -> tuple[int, ...]:
        return tuple(mention.who for mention in told if mention.who not in subject)

    def _edge(self, first: int, behind: int, last: bool) -> Clause:
        """The first or last sentence of a stretch."""
        spans = self._sentences(first, behind)
        return self._clause(*spans[-1 if last else 0]) if spans else _NOTHING

    def _clauses(self, turn: Turn) -> tuple[Clause, ...]:
        """Sentences around a turn: before it, inside and behind it in its paragraph; at the end of the
        paragraph before, behind any speech; and at the head of the paragraph after."""
        scene = self.scene
        starts, at = scene.paragraph_tokens, turn.paragraph
        lead = self._edge(lead_in(scene, turn), scene.tokens.at(turn.start), last=True)
        inner = self._edge(
            scene.tokens.at(turn.quotations[0].end), scene.tokens.at(turn.quotations[-1].end), last=False
        )
        close = self._edge(scene.tokens.at(turn.end), turn.behind, last=True)
        before = after = _NOTHING
        if at and turn.first == starts[at]:
            low = starts[at - 1]
            for index in range(starts[at] - 1, low - 1, -1):
                if scene.tokens.quoted[index]:
                    low = index + 1
                    break
            before = self._edge(low, starts[at], last=True)
        if at + 1 < len(scene.paragraphs) and turn.behind == starts[at + 1]:
            high = starts[at + 2]
            for index in range(starts[at + 1], high):
                if scene.tokens.quoted[index]:
                    high = index
                    break
            after = self._edge(starts[at + 1], high, last=False)
        return lead, inner, close, before, after

    # --- numbers -----------------------------------------------------------------------------------

    def turn(self, turn: Turn) -> list[float]:
        """About the turn alone."""
        said = self.said[turn.number]
        counts = Counter(said)
        size = max(1, len(said))
        ending = self.scene.text[turn.end - 2 : turn.end].strip("\"“”‘’'»« ")[-1:]
        before = self.said[turn.number - 1] if turn.number else []
        after = self.said[turn.number + 1] if turn.number + 1 < len(self.said) else []
        since = turn.paragraph - self.breaks[bisect.bisect_right(self.breaks, turn.paragraph) - 1]
        return [
            _OPENINGS.get(said[0], 0) if said else -1,
            _ENDINGS.get(ending, 0),
            sum(counts[word] for word in ("you", "your", "yours", "yourself", "thou", "thee")) / size,
            sum(counts[word] for word in ("i", "me", "my", "mine", "i'm", "i’m", "i'll", "i’ll")) / size,
            len(before),
            len(after),
            len(turn.quotations),
            min(since, 60),
            *(clause.verb for clause in self.around[turn.number]),
        ]

    def candidate(self, turn: Turn, who: int) -> list[float]:
        """About somebody as the speaker of the turn."""
        values: list[float] = []
        for clause in self.around[turn.number]:
            values.append(clause.subject.get(who, 0.0) if clause.subject else -1.0)
            values.append(clause.others.count(who) if clause.others else -1)
        neighbours = self.around
        k = turn.number
        near = self.scene.turns
        if k and turn.paragraph - near[k - 1].paragraph <= 1:
            close = neighbours[k - 1][2]
            values += [close.subject.get(who, 0.0), who in close.others]
        else:
            values += [-1, -1]
        if k + 1 < len(near) and near[k + 1].paragraph - turn.paragraph <= 1:
            lead = neighbours[k + 1][0]
            values += [lead.subject.get(who, 0.0), who in lead.others]
        else:
            values += [-1, -1]
        return values + self._presence(turn, who)

    def _presence(self, turn: Turn, who: int) -> list[float]:
        """How much somebody has been on the scene since the last break, and is until the next."""
        place = bisect.bisect_right(self.breaks, turn.paragraph) - 1
        starts = self.scene.paragraph_tokens
        low = starts[self.breaks[place]]
        high = starts[self.breaks[place + 1]] if place + 1 < len(self.breaks) else starts[-1]
        firsts = self.told_of.get(who, [])
        begin, here = bisect.bisect_left(firsts, low), bisect.bisect_left(firsts, turn.first)
        end = bisect.bisect_left(firsts, high)
        tags = self.tags_of.get(who, [])
        mine = bisect.bisect_left(tags, turn.paragraph) - bisect.bisect_left(tags, self.breaks[place])
        wide = [starts[max(0, turn.paragraph - 30)], starts[min(len(starts) - 1, turn.paragraph + 30)]]
        return [
            math.log1p(here - begin),
            math.log1p(end - here),
            mine,
            here - bisect.bisect_left(firsts, wide[0]),
            bisect.bisect_left(firsts, wide[1]) - here,
        ]
