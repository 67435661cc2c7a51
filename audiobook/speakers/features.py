"""What speaks for and against each candidate of each turn, as numbers."""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass

import numpy as np

from audiobook.speakers.cues import Cues
from audiobook.speakers.exchanges import Exchanges
from audiobook.speakers.families import Families
from audiobook.speakers.forest import Matrix
from audiobook.speakers.nouns import KIN
from audiobook.speakers.presence import Presence
from audiobook.speakers.scene import Scene, Turn
from audiobook.speakers.tags import Subject, Tag
from audiobook.speakers.view import View, agreement, candidates, lead_in

_KINDS = {"": 0, "name": 1, "pronoun": 2, "noun": 3, "kin": 4, "unknown": 5}
_FORMS = {"": 0, "vs": 1, "sv": 2, "s": 3, "before": 4, "beat": 5}
_GENDERS = {"": 0, "M": 1, "F": 2, "P": 3, "N": 4, "I": 5}
_FAR = 40
OFFSETS = (-4, -3, -2, -1, 1, 2, 3, 4)


@dataclass(slots=True)
class Table:
    """Candidates of all turns, row by row; rows `bounds[i]:bounds[i + 1]` are turn i."""

    bounds: list[int]
    who: list[int]
    turn: list[int]
    features: Matrix
    families: Families


class Extractor:
    """Builds the table of a scene."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.view = View.of(scene)
        self.genders = [character.gender for character in scene.characters]
        if scene.narrator >= 0:
            self.genders[scene.narrator] = ""  # "he" and "she" never mean the one who tells
        self.alias_words = [character.words for character in scene.characters]
        self.kinship, self.families = self.view.kinship, self.view.families
        self.cues = Cues(scene, self.view.resolved, self.view.named, self.view.told_of)
        self.exchanges = Exchanges(scene, self.view.named, self.view.told_of)
        self.presence = Presence(self.view, self.exchanges.runs)

    def table(self) -> Table:
        """All candidates of all turns."""
        bounds, whose, turns = [0], [], []
        rows: list[list[float]] = []
        for turn in self.scene.turns:
            chosen = candidates(self.view, turn)
            shared = self._turn_features(turn, len(chosen)) + self.cues.turn(turn) + self.exchanges.turn(turn)
            sides = self.exchanges.sides(turn)
            context = self._context(turn, chosen)
            present = self.presence.candidates(turn, chosen)
            related = self.families.candidates(turn, chosen)
            for who, presence, relation in zip(chosen, present, related, strict=True):
                rows.append(
                    shared
                    + self._own(turn, who, context)
                    + self._near(turn, who)
                    + self.cues.candidate(turn, who)
                    + self.exchanges.candidate(turn, who, self.genders[who], sides)
                    + presence
                    + relation
                )
            whose += chosen
            turns += [turn.number] * len(chosen)
            bounds.append(len(whose))
        width = len(rows[0]) if rows else 0
        return Table(
            bounds, whose, turns, np.array(rows, np.float32).reshape(len(rows), width), self.families
        )

    # --- the turn ------------------------------------------------------------------------------------

    def _turn_features(self, turn: Turn, count: int) -> list[float]:
        scene, view, k = self.scene, self.view, turn.number
        turns = scene.turns
        before = turns[k - 1] if k else None
        after = turns[k + 1] if k + 1 < len(turns) else None
        spoken = sum(quote.end - quote.start for quote in turn.quotations)
        told = turn.behind - turn.first - sum(scene.tokens.quoted[turn.first : turn.behind])
        conversation = view.in_conversation[view.conversation[k]]
        speech = scene.text[turn.start : turn.end]
        return [
            *_tag_numbers(turn.tag),
            *_tag_numbers(turn.weak),
            view.run[k],
            view.run[k + 1] if after else 0,
            view.expected[k][1],
            view.expected[k][3],
            view.expected[k][0] == view.expected[k][2],
            min(turn.paragraph - before.paragraph, 10) if before else 10,
            min(after.paragraph - turn.paragraph, 10) if after else 10,
            math.log1p(max(0, told)),
            math.log1p(spoken),
            "?" in speech[-3:],
            before is not None and "?" in scene.text[before.end - 3 : before.end],
            turn.continues,
            count,
            scene.narrator >= 0,
            len(conversation),
            sum(conversation.values()),
        ]

    # --- the candidate -------------------------------------------------------------------------------

    def _context(self, turn: Turn, chosen: list[int]) -> dict[str, object]:
        scene, view = self.scene, self.view
        start = scene.tokens.at(turn.start)
        narrated = scene.mentions.narrated
        at = scene.mentions.told_before(min(turn.first, start))
        recent: list[int] = []
        for index in range(at - 1, max(-1, at - 100), -1):
            if narrated[index].who not in recent:
                recent.append(narrated[index].who)
                if len(recent) > 20:
                    break
        own = scene.mentions.told(lead_in(scene, turn), turn.behind)
        previous: list[int] = []
        following: list[int] = []
        if turn.paragraph and turn.paragraph - 1 not in view.has_speech:
            starts = scene.paragraph_tokens
            previous = [
                m.who for m in scene.mentions.told(starts[turn.paragraph - 1], starts[turn.paragraph])
            ]
        if turn.paragraph + 1 < len(scene.paragraphs) and turn.paragraph + 1 not in view.has_speech:
            starts = scene.paragraph_tokens
            following = [
                m.who for m in scene.mentions.told(starts[turn.paragraph + 1], starts[turn.paragraph + 2])
            ]
        return {
            "recent": recent,
            "chosen": chosen,
            "own": [m.who for m in own],
            "previous": previous,
            "following": following,
            "shares": self._shares(turn.tag or turn.weak),
            "before": self._last_pronoun(turn),
        }

    def _shares(self, tag: Tag | None) -> dict[int, float]:
        """Whom the pronoun or noun of a tag means, as far as the narration tells."""
        if tag is None:
            return {}
        if tag.subject.kind == "pronoun":
            return self.view.resolved.shares.get(tag.subject.first, {})
        return self.view.nouns.get(tag.subject.behind - 1, {}) if tag.subject.kind != "name" else {}

    def _last_pronoun(self, turn: Turn) -> int:
        """Whom the last "he" or "she" of the narration before a turn meant."""
        resolved = self.view.resolved
        at = bisect.bisect_left(resolved.tokens, turn.first)
        if at and self.view.paragraph_of[resolved.tokens[at - 1]] >= turn.paragraph - 2:
            return resolved.who[resolved.tokens[at - 1]]
        return -1

    def _own(self, turn: Turn, who: int, context: dict[str, object]) -> list[float]:
        scene, view, k = self.scene, self.view, turn.number
        gender = self.genders[who]
        own: list[int] = context["own"]  # type: ignore[assignment]
        previous: list[int] = context["previous"]  # type: ignore[assignment]
        following: list[int] = context["following"]  # type: ignore[assignment]
        recent: list[int] = context["recent"]  # type: ignore[assignment]
        shares: dict[int, float] = context["shares"]  # type: ignore[assignment]
        chosen: list[int] = context["chosen"]  # type: ignore[assignment]
        return [
            *self._tag_match(turn.tag, who, gender, chosen),
            *self._tag_match(turn.weak, who, gender, chosen),
            max((tag.strength for tag in turn.tags if tag.subject.who == who), default=0),
            own.count(who),
            own[:1] == [who],
            own[-1:] == [who],
            bool(own) and set(own) == {who},
            previous.count(who),
            previous[:1] == [who],
            previous[-1:] == [who],
            following[:1] == [who],
            who in following,
            shares.get(who, -0.1 if shares else -1),
            shares[who] >= max(shares.values()) if who in shares else (-1 if not shares else 0),
            context["before"] == who,
            *self._ranks(recent, who, gender),
            *self._distances(turn, who),
            who in turn.called,
            who in turn.named,
            0 if who == scene.narrator else math.log1p(scene.characters[who].mentions),
            math.log1p(view.tag_counts[who]),
            who == scene.narrator,
            _GENDERS.get(gender, 0),
            scene.characters[who].nominal,
            view.idiolect.score(who, k),
        ]

    def _tag_match(self, tag: Tag | None, who: int, gender: str, chosen: list[int]) -> list[float]:
        if tag is None:
            return [0, 0, 0, 0]
        subject = tag.subject
        if subject.kind == "name":
            return [1 if subject.who == who else -1, 0, 0, 0]
        if subject.gender == "I":
            return [1 if who == self.scene.narrator else -1, 0, 0, 0]
        narrator = -1 if who == self.scene.narrator else 0
        return [0, agreement(gender, subject.gender), self._word_match(subject, who, chosen), narrator]

    def _word_match(self, subject: Subject, who: int, chosen: list[int]) -> int:
        if subject.kind == "kin" and subject.owner == who:
            return -1
        if subject.word in KIN and self.kinship.fits(subject.word, who, chosen):
            return 1
        return int(bool(subject.word) and subject.word.lower() in self.alias_words[who])

    def _ranks(self, recent: list[int], who: int, gender: str) -> list[float]:
        """How many others were named since, and how many of the same gender."""
        if who not in recent:
            return [25, 15]
        rank = recent.index(who)
        same = sum(1 for other in recent[:rank] if agreement(self.genders[other], gender) >= 0)
        return [rank, same]

    def _distances(self, turn: Turn, who: int) -> list[float]:
        view = self.view
        told = view.told_of.get(who, [])
        quoted = view.quoted_of.get(who, [])
        at = bisect.bisect_left(told, turn.first)
        after = bisect.bisect_left(told, turn.behind)
        since = turn.paragraph - view.paragraph_of[told[at - 1]] if at else _FAR
        until = view.paragraph_of[told[after]] - turn.paragraph if after < len(told) else _FAR
        quoted_at = bisect.bisect_left(quoted, turn.first)
        quoted_after = bisect.bisect_left(quoted, turn.behind)
        talked = turn.paragraph - view.paragraph_of[quoted[quoted_at - 1]] if quoted_at else _FAR
        will = (
            view.paragraph_of[quoted[quoted_after]] - turn.paragraph if quoted_after < len(quoted) else _FAR
        )
        low = bisect.bisect_left(told, self.scene.paragraph_tokens[max(0, turn.paragraph - 8)])
        distance = turn.first - told[at - 1] if at else 20000
        return [
            min(since, _FAR),
            min(until, _FAR),
            min(talked, _FAR),
            min(will, _FAR),
            at - low,
            math.log1p(distance),
        ]

    # --- the neighbours ------------------------------------------------------------------------------

    def _near(self, turn: Turn, who: int) -> list[float]:
        scene, view, k = self.scene, self.view, turn.number
        turns, named = scene.turns, view.named
        gender = self.genders[who]
        values: list[float] = []
        for offset in OFFSETS:
            other = k + offset
            if 0 <= other < len(turns) and abs(turns[other].paragraph - turn.paragraph) <= 12:
                values.append(1 if named[other] == who else -1 if named[other] >= 0 else 0)
            else:
                values.append(-2)
        for offset in (-2, -1, 1, 2):
            other = k + offset
            if 0 <= other < len(turns) and abs(turns[other].paragraph - turn.paragraph) <= 6:
                neighbour = turns[other]
                values.append(who in neighbour.called)
                values.append(who in neighbour.named)
                tag = neighbour.tag or neighbour.weak
                values.append(agreement(gender, tag.subject.gender) if tag else 0)
            else:
                values += [0, 0, 0]
        forward, _, backward, _ = view.expected[k]
        values.append(1 if forward == who else -1 if forward >= 0 else 0)
        values.append(1 if backward == who else -1 if backward >= 0 else 0)
        conversation = view.in_conversation[view.conversation[k]]
        own = conversation[who] - (named[k] == who)
        total = sum(conversation.values()) - (named[k] >= 0)
        values += [own, own / total if total else 0, *self._turns_since(k, who)]
        return values

    def _turns_since(self, k: int, who: int) -> list[float]:
        """Turns since and until the person's last and next tag, and whether that number is even."""
        named = self.view.named
        since = next((n for n in range(1, 13) if k - n >= 0 and named[k - n] == who), 20)
        until = next((n for n in range(1, 13) if k + n < len(named) and named[k + n] == who), 20)
        return [since, since % 2 if since < 20 else 2, until, until % 2 if until < 20 else 2]


def _tag_numbers(tag: Tag | None) -> list[float]:
    if tag is None:
        return [0, 0, 0, 0]
    subject = tag.subject
    return [_KINDS[subject.kind], tag.strength, _GENDERS.get(subject.gender, 0), _FORMS.get(tag.form, 0)]
