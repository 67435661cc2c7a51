"""Salience: whom a "he" or "she" of the narration means, read from first word to last.

Everybody named in the narration is on the mind of the reader for a while: more as the subject of a sentence
than otherwise, less with every sentence that goes by. A pronoun means the one of its gender most on the mind,
and brings them to mind again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from audiobook.speakers.harvest import sentence_start
from audiobook.speakers.mentions import Mention
from audiobook.speakers.tags import PRONOUNS
from audiobook.speakers.tokens import Tokens

FORMS = {
    "he": "M", "him": "M", "his": "M", "himself": "M",
    "she": "F", "her": "F", "hers": "F", "herself": "F",
}  # fmt: skip
_SUBJECT_GAIN, _OTHER_GAIN, _OWNER_GAIN, _PRONOUN_GAIN, _SPEECH_GAIN = 1.0, 0.55, 0.4, 0.7, 0.5
_SENTENCE_DECAY, _PARAGRAPH_DECAY = 0.8, 0.75


@dataclass(slots=True)
class Resolved:
    """Pronouns of the narration in order, and whom each seems to mean (-1: nobody known)."""

    tokens: list[int] = field(default_factory=list)
    who: dict[int, int] = field(default_factory=dict)
    shares: dict[int, dict[int, float]] = field(default_factory=dict)


class Salience:
    """The running state: character → weight."""

    def __init__(self, genders: list[str], narrator: int) -> None:
        self.genders = genders
        self.narrator = narrator
        self.weight: dict[int, float] = {}

    def decay(self, factor: float) -> None:
        """Let time pass."""
        self.weight = {who: value * factor for who, value in self.weight.items() if value > 0.02}

    def add(self, who: int, gain: float) -> None:
        """Bring somebody to mind."""
        self.weight[who] = min(3.0, self.weight.get(who, 0.0) + gain)

    def shares(self, gender: str) -> dict[int, float]:
        """How the chances to be meant by a pronoun are divided."""
        fitting = {}
        for who, value in self.weight.items():
            known = self.genders[who]
            if who == self.narrator or (known and known != gender):
                continue
            fitting[who] = value * value * (1.0 if known else 0.4)
        total = sum(fitting.values())
        return {who: value / total for who, value in fitting.items()} if total > 0 else {}


def resolve(
    tokens: Tokens,
    mentions: dict[int, Mention],
    paragraph_tokens: list[int],
    genders: list[str],
    narrator: int,
    speeches: dict[int, int],
) -> Resolved:
    """Resolve every third-person pronoun of the narration.

    `speeches`: token at which a quotation begins → its speaker, where a tag names one.
    """
    state = Salience(genders, narrator)
    found = Resolved()
    borders = set(paragraph_tokens)
    lower, word, quoted = tokens.lower, tokens.word, tokens.quoted
    for index in range(len(tokens)):
        if index in borders:
            state.decay(_PARAGRAPH_DECAY)
        if quoted[index]:
            if index in speeches:
                state.add(speeches[index], _SPEECH_GAIN)
            continue
        mention = mentions.get(index)
        if mention is not None:
            gain = _OWNER_GAIN if mention.possessive else _OTHER_GAIN
            if sentence_start(tokens, index) or lower[index - 1] in ("and", "but", "then", "when", "said"):
                gain = _SUBJECT_GAIN
            state.add(mention.who, gain)
        elif lower[index] in FORMS:
            _pronoun(state, found, index, lower[index])
        elif word[index] in (".", "!", "?", ";"):
            state.decay(_SENTENCE_DECAY)
    return found


def _pronoun(state: Salience, found: Resolved, index: int, form: str) -> None:
    shares = state.shares(FORMS[form])
    if not shares:
        return
    best = max(shares, key=lambda who: (shares[who], -who))
    found.shares[index] = shares
    if form in PRONOUNS:
        found.tokens.append(index)
        found.who[index] = best
    state.add(best, _PRONOUN_GAIN * shares[best] * (1.0 if form in PRONOUNS else 0.4))
