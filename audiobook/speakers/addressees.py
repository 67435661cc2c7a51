"""Addressees: to whom a speech is said, as its tag ("said she to Tom") or its own words ("No, sir") tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from audiobook.speakers.scene import Scene, Turn
from audiobook.speakers.verbs import SPEAKING, STRONG
from audiobook.speakers.wordlist import words

_TOWARDS = (
    STRONG
    | SPEAKING
    | words(
        """turn turned turning turns appeal appealed appealing nod nodded nodding speak spoke speaking bow
        bowed bowing beckon beckoned whispering explain explained explaining call called calling
        sign signed lean leaned leaning bend bent bending confide confided smile smiled smiling
        glance glanced glancing look looked looking stare stared staring gaze gazed gazing aloud
        protest protested began confess confessed"""
    )
)
"""Words before "to" or "at" and a name that make somebody of that name the one who is spoken to."""
_OBJECT = words(
    """ask asked asks asking tell told telling answer answered answers answering address addressed addressing
    assure assured assuring beg begged begging interrupt interrupted interrupting inform informed informing
    remind reminded reminding warn warned warning urge urged urging implore implored imploring entreat
    entreated entreating thank thanked thanking greet greeted greeting bade question questioned reproach
    reproached reproaching comfort comforted comforting reassure reassured facing contradict contradicted"""
)
"""Verbs whose object is spoken to."""
_LEAD = r"(?:^|[,.!?;:\-\"“] ?)(?:my dear |dear |good |yes |no |oh |well |my )?"
_TAIL = r"\b(?=[,.!?;:\"”—-])"
_TO_HIM = re.compile(
    _LEAD + "(?:sir|my lord|young man|old man|old fellow|old chap|my boy|old boy|dear fellow|my good man"
    "|papa|father)" + _TAIL, re.IGNORECASE,
)  # fmt: skip
_TO_HER = re.compile(
    _LEAD + "(?:ma'am|ma’am|madam|my lady|dear lady|my dear girl|mamma|mama|mother|miss|aunt)" + _TAIL,
    re.IGNORECASE,
)
_REACH = 5  # words between a verb and the "to" of the one who is spoken to


def addressee_gender(speech: str) -> str:
    """M or F where a speech is addressed to a "sir" or "madam", else ""."""
    him, her = bool(_TO_HIM.search(speech)), bool(_TO_HER.search(speech))
    return "" if him == her else "M" if him else "F"


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom the narration beside a speech has spoken to: characters, or a gender ("said to her")."""

    who: tuple[int, ...] = ()
    gender: str = ""


def addressed(scene: Scene, turn: Turn) -> Addressed:
    """To whom a turn is said, where its narration says so."""
    tokens = scene.tokens
    found: list[int] = []
    gender = ""
    last = -99
    for index in range(turn.first, turn.behind):
        if tokens.quoted[index]:
            last = -99
            continue
        word = tokens.lower[index]
        direct = word in _OBJECT
        if word in _TOWARDS:
            last = index
        towards = word in ("to", "at", "towards", "upon", "with") and index - last <= _REACH
        if (not direct and not towards) or index + 1 >= turn.behind:
            continue
        mention = scene.mentions.at.get(index + 1)
        if mention is not None and not mention.quoted and not mention.possessive:
            found.append(mention.who)
        elif tokens.lower[index + 1] in ("him", "her"):
            after = tokens.word[index + 2] if index + 2 < turn.behind else "."
            if tokens.lower[index + 1] == "him" or not after[:1].isalpha():
                gender = "M" if tokens.lower[index + 1] == "him" else "F"
    return Addressed(tuple(found), gender)
