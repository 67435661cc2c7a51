"""Places: where the narration names whom and who speaks, and what that says of a later "he" or "the lad"."""

from __future__ import annotations

import bisect
import math
from collections import defaultdict

from audiobook.speakers.harvest import sentence_start
from audiobook.speakers.mentions import Mention
from audiobook.speakers.scene import Scene
from audiobook.speakers.verbs import SPEAKING, STRONG
from audiobook.speakers.wordlist import words

_BACK = 600  # tokens within which somebody was named
_FARTHEST = 4 * _BACK  # the same where nobody else fits
_AHEAD = 60  # tokens within which somebody is named later
_MOST = 8  # people
_SPEAKERS = 6  # turns back whose speakers may be meant
_LIKELY = 3  # people most on the mind
_WINDOW = 4  # paragraphs
_JOINERS = words("and but then when as while said for so if")
PREPOSITIONS = words(
    """to at with of by on upon from for in towards toward after before beside behind between about near"""
)
_ABBREVIATED = frozenset(("Mr", "Mrs", "Dr", "St", "M"))
_NEVER = 9.0  # log of a distance that there is not


class Places:
    """Looks up people around a place of a scene."""

    def __init__(self, scene: Scene, named: list[int]) -> None:
        self.scene, self.named = scene, named
        tokens, starts = scene.tokens, scene.paragraph_tokens
        self.genders = [character.gender for character in scene.characters]
        self.sentence, self.sentence_first = self._sentences()
        self.paragraph = [0] * (len(tokens) + 1)
        for number in range(len(starts) - 1):
            for index in range(starts[number], starts[number + 1]):
                self.paragraph[index] = number
        self.told = [mention for mention in scene.mentions.narrated if mention.who != scene.narrator]
        self.firsts = [mention.first for mention in self.told]
        self.roles = [self._role(mention) for mention in self.told]
        self.turn_at = [tokens.at(turn.start) for turn in scene.turns]
        self.tags = {turn.tag.subject.first for turn in scene.turns if turn.tag is not None}
        self.weak_tags = {turn.weak.subject.first for turn in scene.turns if turn.weak is not None}

    def _sentences(self) -> tuple[list[int], list[int]]:
        """The number of the sentence of each token, and the first token of each sentence."""
        tokens, borders = self.scene.tokens, set(self.scene.paragraph_tokens)
        found: list[int] = []
        firsts: list[int] = []
        fresh = True
        for index, word in enumerate(tokens.word):
            if fresh or index in borders:
                firsts.append(index)
            found.append(len(firsts) - 1)
            short = word == "." and index > 0 and tokens.word[index - 1] in _ABBREVIATED
            fresh = word in (".", "!", "?") and not short
        return found, firsts

    def _role(self, mention: Mention) -> int:
        """1 the subject of a clause, 2 behind a preposition, 3 an owner, 4 anything else."""
        tokens = self.scene.tokens
        if mention.possessive:
            return 3
        if sentence_start(tokens, mention.first) or tokens.lower[mention.first - 1] in _JOINERS:
            return 1
        return 2 if tokens.lower[mention.first - 1] in PREPOSITIONS else 4

    def fits(self, who: int, gender: str) -> bool:
        """Whether a word of that gender ("" for either) can mean somebody."""
        return who != self.scene.narrator and (not gender or self.genders[who] in ("", gender))

    def near(self, index: int, gender: str, shares: dict[int, float]) -> list[int]:
        """Who can be meant at a token: those most on the mind by `shares`, the last named, those who spoke
        last, and who is named next."""
        at = bisect.bisect_left(self.firsts, index)
        chosen: list[int] = []
        for mention in reversed(self.told[max(0, at - 400) : at]):
            distance = index - mention.first
            if distance > _FARTHEST or (distance > _BACK and chosen) or len(chosen) >= _MOST - 2:
                break
            if mention.who not in chosen and self.fits(mention.who, gender):
                chosen.append(mention.who)
        turn = bisect.bisect_left(self.turn_at, index) - 1
        speakers = [self.named[k] for k in range(turn, max(-1, turn - _SPEAKERS), -1)]
        chosen += [who for who in dict.fromkeys(speakers) if who >= 0 and self.fits(who, gender)]
        for mention in self.told[at : at + 6]:
            if mention.first - index > _AHEAD:
                break
            if mention.who not in chosen and self.fits(mention.who, gender):
                chosen.append(mention.who)
                break
        likely = sorted(shares, key=lambda who: (-shares[who], who))[:_LIKELY]
        return list(dict.fromkeys([*likely, *chosen]))[:_MOST]

    # --- numbers -----------------------------------------------------------------------------------

    def around(self, index: int, last: int, count: int) -> list[float]:
        """About a place: its sentence and paragraph, the verbs beside it, and the speech before it; `last` is
        the token of the last word of the same gender, or -1."""
        tokens, sentence = self.scene.tokens, self.sentence
        paragraph = self.paragraph[index]
        turn = bisect.bisect_left(self.turn_at, index) - 1
        turns = self.scene.turns
        after = tokens.lower[index + 1] if index + 1 < len(tokens) else ""
        before = tokens.lower[index - 1] if index else ""
        return [
            min(index - self.sentence_first[sentence[index]], 30),
            min(index - self.scene.paragraph_tokens[paragraph], 60),
            2 if index in self.tags else 1 if index in self.weak_tags else 0,
            after in SPEAKING or after in STRONG,
            before in SPEAKING or before in STRONG,
            before in PREPOSITIONS,
            count,
            min(index - last, 300) if last >= 0 else 300,
            min(sentence[index] - sentence[last], 9) if last >= 0 else 9,
            min(paragraph - self.paragraph[last], 9) if last >= 0 else 9,
            turn >= 0 and turns[turn].paragraph == paragraph,
            min(paragraph - turns[turn].paragraph, 9) if turn >= 0 else 9,
        ]

    def people(
        self, index: int, gender: str, chosen: list[int], shares: dict[int, float]
    ) -> list[list[float]]:
        """One row for each of the chosen: where they were named last and will be next, who spoke, and how
        much they are on the mind."""
        sentence, paragraph = self.sentence[index], self.paragraph[index]
        last, counts, here, order, lead = self._before(index, gender)
        at = bisect.bisect_left(self.firsts, index)
        upcoming: dict[int, int] = {}
        for mention in self.told[at : at + 12]:
            upcoming.setdefault(mention.who, mention.first)
        best = max(shares.values(), default=0.0)
        spoken = self._spoken(index)
        rows = []
        for who in chosen:
            row: list[float] = [self.genders[who] == gender]
            if who in last:
                first = self.firsts[last[who]]
                row += [
                    math.log1p(index - first),
                    min(sentence - self.sentence[first], 20),
                    min(paragraph - self.paragraph[first], 12),
                    self.roles[last[who]],
                    order.index(who) if who in order else 9,
                ]
            else:
                row += [_NEVER, 20, 12, 0, 9]
            row += [counts[who], here[who], lead.get(sentence, -1) == who, lead.get(sentence - 1, -1) == who]
            row.append(math.log1p(upcoming[who] - index) if who in upcoming else _NEVER)
            row.append(self.paragraph[upcoming[who]] - paragraph if who in upcoming else 12)
            for k in spoken:
                if k < 0:
                    row += [-2, 0, 0]
                    continue
                turn, speaker = self.scene.turns[k], self.named[k]
                row.append(1 if speaker == who else -1 if speaker >= 0 else 0)
                row += [who in turn.called, who in turn.named]
            character = self.scene.characters[who]
            share = shares.get(who, 0.0)
            row += [math.log1p(character.mentions), character.nominal, share, share - best]
            rows.append(row)
        return rows

    def _spoken(self, index: int) -> list[int]:
        """The last three turns before a token, -1 where there is none near."""
        turn = bisect.bisect_left(self.turn_at, index) - 1
        paragraph, turns = self.paragraph[index], self.scene.turns
        return [
            k if k >= 0 and paragraph - turns[k].paragraph <= _WINDOW else -1
            for k in (turn, turn - 1, turn - 2)
        ]

    def _before(
        self, index: int, gender: str
    ) -> tuple[dict[int, int], dict[int, int], dict[int, int], list[int], dict[int, int]]:
        """Of the people named before a token: their last mention, how often they were named in the last
        paragraphs and in this one, the order of those who fit, and the first named of the last sentences."""
        sentence, paragraph = self.sentence[index], self.paragraph[index]
        starts = self.scene.paragraph_tokens
        low, begin = starts[max(0, paragraph - _WINDOW)], starts[paragraph]
        last: dict[int, int] = {}
        counts: dict[int, int] = defaultdict(int)
        here: dict[int, int] = defaultdict(int)
        order: list[int] = []
        lead: dict[int, int] = {}
        for place in range(bisect.bisect_left(self.firsts, index) - 1, -1, -1):
            first, who = self.firsts[place], self.told[place].who
            if first < low and index - first > _FARTHEST:
                break
            if who not in last:
                last[who] = place
                if self.fits(who, gender):
                    order.append(who)
            counts[who] += first >= low
            here[who] += first >= begin
            if self.sentence[first] >= sentence - 1:
                lead[self.sentence[first]] = who
        return last, counts, here, order, lead
