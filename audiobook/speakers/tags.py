"""Tags: what the narration beside a quotation says about its speaker ("said Alice", "he asked")."""

from __future__ import annotations

from dataclasses import dataclass

from audiobook.speakers.mentions import Mentions
from audiobook.speakers.nouns import TITLES, is_person_noun, noun_gender
from audiobook.speakers.tokens import Tokens
from audiobook.speakers.verbs import FOREIGN, SPEAKING, STRONG, THOUGHT, WEAK
from audiobook.speakers.wordlist import words

PRONOUNS = {"he": "M", "she": "F", "they": "P", "it": "N", "i": "I", "we": "P"}
_DETERMINERS = words(
    """the a an his her my their our your this that another one some its each both either neither"""
)
_SKIP_ADVERBS = words(
    """then again now at last once also only still just more presently suddenly never always even first in
    turn here too rather almost back out on up quite very so thus aloud however"""
)
_AUXILIARIES = words(
    """had would could was did not has have will shall should must might may is are were be"""
)
_GLUE = words(""", ; — – - -- _ … . *""")


@dataclass(frozen=True, slots=True)
class Subject:
    """A phrase that can be a speaker. `kind`: name, pronoun, noun (a role), kin (a relation), or unknown."""

    kind: str
    behind: int  # the token after the phrase
    who: int = -1  # the character, where it is a name
    word: str = ""  # the pronoun, the head noun, or the unknown name
    gender: str = ""  # M, F, P (several), N, I, or ""
    owner: int = -1  # whose relation: a character
    first: int = 0


@dataclass(frozen=True, slots=True)
class Tag:
    """A subject beside a quotation. `strength` from 1 (a mere neighbour) to 10 ("said Alice")."""

    strength: float
    subject: Subject
    form: str  # "vs" verb subject, "sv" subject verb, "s" subject alone, "before", "beat"
    verb: str = ""
    quotation: int = 0  # number inside the turn

    @property
    def thought(self) -> bool:
        """Whether the verb is one of thinking."""
        return self.verb in THOUGHT


SPEECH_NOUNS = words(
    """reply answer response rejoinder remark comment exclamation cry question inquiry enquiry words voice
    tone whisper shout greeting retort observation advice opinion verdict thought first next last only
    request order explanation objection suggestion declaration language amendment consolation
    injunction conclusion conjecture reflection protest appeal apology assurance argument invitation
    salutation address speech cheer lament idea theory contribution decision warning counsel prayer
    demand command complaint reproof account report acknowledgment acknowledgement exordium mode"""
)
"""What a narrator calls a speech: “was Nora's reply”."""
_PAST = words(
    """took went came sat stood rose turned gave knew made looked felt saw put held got ran leaned paused
    stopped heard found began shook drew threw caught kept left let lay fell bent broke brought thought
    told met read set spoke struck swung wrote led grew laid swept burst hung sprang sank shot slid
    stole"""
)
_WITH_IN = words("broke put cut struck chimed joined called threw")
_SUBORDINATE = words(
    "when as after before while though although if once until since whenever where because who which"
)
_SOFT = words("old young poor little dear good the honest excellent a an")


class TagReader:
    """Reads subjects and tags in the narration of one text."""

    def __init__(self, tokens: Tokens, mentions: Mentions) -> None:
        self.tokens = tokens
        self.mentions = mentions

    def subject(self, index: int, limit: int) -> Subject | None:
        """The noun phrase that begins at a token."""
        tokens = self.tokens
        if index >= limit:
            return None
        low = tokens.lower[index]
        if index in self.mentions.inner:
            return None
        if low in PRONOUNS:
            return Subject("pronoun", index + 1, word=low, gender=PRONOUNS[low], first=index)
        named = self._named(index, limit)
        if named is not None:
            return named
        if low in _DETERMINERS:
            return self._noun_phrase(index, limit)
        word = tokens.base[index]
        if word[:1].isupper() and word.isalpha() and (len(word) > 1):
            if word in TITLES and index + 2 < limit:
                step = 2 if tokens.word[index + 1] == "." else 1
                if tokens.word[index + step][:1].isupper():
                    return Subject("unknown", index + step + 1, word=tokens.base[index + step], first=index)
            if tokens.frequency[low] == 0:
                return Subject("unknown", index + 1, word=word, first=index)
        return None

    def _named(self, index: int, limit: int) -> Subject | None:
        tokens = self.tokens
        start = index
        for skip in range(4):  # “old Mr. Wardle”, “the excellent Mrs. Musgrove”
            mention = self.mentions.at.get(index + skip)
            if mention is not None and index + skip < limit:
                start = index + skip
                break
            if index + skip >= limit or not (
                tokens.lower[index + skip] in _SOFT
                or tokens.word[index + skip] in TITLES
                or (tokens.word[index + skip] == "." and tokens.word[index + skip - 1] in TITLES)
                or (skip == 1 and tokens.word[index + skip].islower() and tokens.lower[index] == "the")
            ):
                return None
        else:
            return None
        if mention.possessive:
            return self._relation(mention.behind, limit, mention.who, start)
        if (
            mention.behind + 1 < limit and tokens.word[mention.behind] == "s"
        ):  # an apostrophe lost in conversion
            return self._relation(mention.behind + 1, limit, mention.who, start)
        return Subject("name", mention.behind, who=mention.who, first=start)

    def _relation(self, index: int, limit: int, owner: int, first: int) -> Subject | None:
        """“Alice's sister”: the phrase after a possessive."""
        for position in range(index, min(limit, index + 4)):
            if self.tokens.word[position] in (",", ".", "!", "?", ";"):
                break
            if self.tokens.lower[position] in SPEECH_NOUNS:
                return Subject("name", position + 1, who=owner, word="'s", first=first)
        head = self._head(index, limit)
        if head is None:
            return None
        return Subject(
            "kin", head + 1, word=self.tokens.lower[head], gender=noun_gender(self.tokens.lower[head]),
            owner=owner, first=first,
        )  # fmt: skip

    def _head(self, index: int, limit: int) -> int | None:
        """The noun of a phrase after its determiner: the first word for a person among the next four."""
        tokens = self.tokens
        for position in range(index, min(index + 5, limit)):
            word = tokens.lower[position]
            if not word[0].isalpha() and "-" not in word:
                return None
            if is_person_noun(word) or word in ("other", "latter", "former") or noun_gender(word) == "P":
                following = tokens.lower[position + 1] if position + 1 < limit else ""
                if is_person_noun(following) and position + 1 < limit:
                    continue
                return position
            if word in STRONG or word in ("and", "of", "in", "to", "with"):
                return None
        return None

    def _noun_phrase(self, index: int, limit: int) -> Subject | None:
        tokens = self.tokens
        head = self._head(index + 1, limit)
        determiner = tokens.lower[index]
        if head is None:
            return None
        noun = tokens.lower[head]
        kind = "kin" if determiner in ("his", "her", "my", "their", "our") else "noun"
        return Subject(kind, head + 1, word=noun, gender=noun_gender(noun), first=index)

    # --- tags ---------------------------------------------------------------------------------------

    def _skip_glue(self, index: int, limit: int) -> int:
        while index < limit and self.tokens.word[index] in _GLUE:
            index += 1
        return index

    def _skip_adverbs(self, index: int, limit: int) -> int:
        tokens = self.tokens
        while index < limit and (
            tokens.lower[index] in _SKIP_ADVERBS
            or (
                tokens.word[index].endswith("ly")
                and len(tokens.word[index]) > 4
                and tokens.word[index].islower()
            )
        ):
            index += 1
        return index

    def after(self, index: int, limit: int, closing: str, number: int) -> Tag | None:
        """The tag in the narration after a quotation; `closing` is the last character inside the marks."""
        tokens = self.tokens
        start = self._skip_glue(index, limit)
        if start >= limit:
            return None
        position = start
        if tokens.lower[position] in ("and", "but", "then", "so"):
            position += 1
        position = self._skip_adverbs(position, limit)
        inverted = self._inverted(position, limit, closing, number)
        if inverted is not None:
            return inverted
        overheard = self._overheard(start, limit, number)
        if overheard is not None:
            return overheard
        subject = self.subject(start, limit)
        if subject is None:
            return None
        return self._subject_first(subject, limit, closing, number)

    def _overheard(self, start: int, limit: int, number: int) -> Tag | None:
        """“…,” he heard Alice say; “…!” It was Alice who spoke."""
        tokens = self.tokens
        for position in range(start, min(limit, start + 5)):
            word = tokens.lower[position]
            if word in (".", "!", "?", ";"):
                return None
            if word == "heard":
                subject = self._heard(position + 1, limit)
                verb = tokens.lower[subject.behind] if subject and subject.behind < limit else ""
                return Tag(9, subject, "sv", verb, number) if subject and verb in STRONG else None
            if word == "was" and position and tokens.lower[position - 1] == "it":
                subject = self.subject(position + 1, limit)
                if subject and tokens.lower[subject.behind : min(limit, subject.behind + 1)] == ["who"]:
                    verb = tokens.lower[subject.behind + 1] if subject.behind + 1 < limit else ""
                    if verb in STRONG or verb in WEAK:
                        return Tag(9, subject, "sv", verb, number)
        return None

    def _heard(self, index: int, limit: int) -> Subject | None:
        """Who is heard: a name, or “him” and “her”."""
        pronoun = {"him": "he", "her": "she", "them": "they"}.get(
            self.tokens.lower[index] if index < limit else ""
        )
        if pronoun:
            return Subject("pronoun", index + 1, word=pronoun, gender=PRONOUNS[pronoun], first=index)
        return self.subject(index, limit)

    def _inverted(self, position: int, limit: int, closing: str, number: int) -> Tag | None:
        """“…,” said Alice; “…?” was her reply; “…!” from Alice."""
        tokens = self.tokens
        if position >= limit:
            return None
        verb = tokens.lower[position]
        behind = self._skip_adverbs(position + 1, limit)
        if verb in _WITH_IN and tokens.lower[behind : behind + 1] == ["in"]:
            behind += 1
        known = verb in STRONG or verb in FOREIGN
        if verb in ("was", "were", "is", "came", "burst", "broke", "from"):
            behind = position + 2 if tokens.lower[position + 1 : position + 2] == ["from"] else position + 1
            subject = self.subject(behind, limit)
            if subject is not None and (subject.word == "'s" or tokens.lower[behind - 1] == "from"):
                return Tag(9, subject, "vs", verb, number)
            return self._was_reply(behind, limit, verb, number)
        generic = verb.endswith("ed") and closing not in ".。"
        if not (known or verb in WEAK or generic):
            return None
        subject = self.subject(behind, limit)
        if subject is None or subject.word == "it":
            return None
        if not known and verb not in WEAK and subject.kind not in ("name", "unknown"):
            return None
        strength = 10.0 if known else 9.0
        if closing in ".。" and not known:
            strength = 4
        return Tag(strength, subject, "vs", verb, number)

    def _was_reply(self, index: int, limit: int, verb: str, number: int) -> Tag | None:
        """“…?” was her reply."""
        lower = self.tokens.lower
        pronoun = {"his": "he", "her": "she"}.get(lower[index], "") if index < limit else ""
        if not pronoun or not any(w in SPEECH_NOUNS for w in lower[index + 1 : min(limit, index + 4)]):
            return None
        subject = Subject("pronoun", index + 2, word=pronoun, gender=PRONOUNS[pronoun], first=index)
        return Tag(9, subject, "vs", verb, number)

    def _subject_first(self, subject: Subject, limit: int, closing: str, number: int) -> Tag:
        """“…,” Alice said."""
        tokens = self.tokens
        verb, verb_at = self._verb_after(subject.behind, limit)
        ends_sentence = closing in ".。"
        lower = tokens.word[subject.first][:1].islower()
        if verb in STRONG or verb in FOREIGN:
            return Tag(6 if ends_sentence else 9, subject, "sv", verb, number)
        if verb in WEAK:
            return Tag(
                3 if ends_sentence else 7 if lower or closing == "," else 5, subject, "sv", verb, number
            )
        late = self._late_verb(verb_at, limit)
        if closing == ",":
            return Tag(6 if late else 5, subject, "s", late, number)
        return Tag(2, subject, "beat", late, number)

    def _verb_after(self, index: int, limit: int) -> tuple[str, int]:
        """The first word after a subject beside adverbs, auxiliaries and a relative clause."""
        tokens = self.tokens
        position = index
        if position < limit and tokens.word[position] == ",":
            for ahead in range(position + 1, min(limit, position + 25)):
                if tokens.word[ahead] == ",":
                    position = ahead + 1
                    break
                if tokens.word[ahead] in ".!?;":
                    break
        while position < limit and (
            tokens.lower[position] in _AUXILIARIES
            or tokens.lower[position] in _SKIP_ADVERBS
            or (
                tokens.word[position].endswith("ly")
                and len(tokens.word[position]) > 4
                and tokens.word[position].islower()
            )
        ):
            position += 1
        return (tokens.lower[position] if position < limit else ""), position

    def _late_verb(self, index: int, limit: int) -> str:
        """A strong verb later in the same sentence: “he turned to her and said”."""
        tokens = self.tokens
        for position in range(index, min(limit, index + 30)):
            word = tokens.lower[position]
            if word in STRONG:
                return word
            if word in (".", "!", "?"):
                return ""
        return ""

    def before(self, first: int, behind: int, number: int) -> Tag | None:
        """The tag in the narration before a quotation, from token `first` up to `behind`."""
        tokens = self.tokens
        if behind <= first:
            return None
        start = first
        for position in range(behind - 3, first, -1):
            if tokens.word[position - 1] in (".", "!", "?", ";") and not (
                tokens.word[position - 1] == "." and tokens.word[position - 2] in TITLES
            ):
                start = position
                break
        closing = tokens.word[behind - 1]
        verbs = [tokens.lower[i] for i in range(start, behind) if not tokens.quoted[i]]
        strong = next((verb for verb in reversed(verbs) if verb in STRONG or verb in SPEAKING), "")
        weak = next((verb for verb in reversed(verbs) if verb in WEAK), "")
        leads = closing in (",", ":", "—", "–", "-", "--") or closing in STRONG or closing in SPEAKING
        subject = self._subject_of_verb(start, behind, strong or weak) or self._first_subject(start, behind)
        if subject is None and leads:
            subject = self._earlier_clause(first, start)
        if subject is None:
            return None
        if leads:
            strength = 8.5 if strong else 6.5 if weak else 4.5 if closing == ":" else 3.5
        else:
            strength = 3.5 if strong else 2
        form = "before" if leads else "beat"
        return Tag(strength, subject, form, strong or weak, number)

    def _earlier_clause(self, first: int, behind: int) -> Subject | None:
        """The subject before a semicolon: “A came in; and taking a chair, said”."""
        tokens = self.tokens
        if behind - 2 <= first or tokens.word[behind - 1] != ";":
            return None
        start = next(
            (i + 1 for i in range(behind - 2, first, -1) if tokens.word[i] in (".", "!", "?", ";")), first
        )
        return self._first_subject(start, behind)

    def _first_subject(self, start: int, behind: int) -> Subject | None:
        """The subject of a sentence: the first noun phrase that is not in a subordinate clause."""
        tokens = self.tokens
        skipped: Subject | None = None
        position = start
        while position < behind and not tokens.word[position][0].isalpha():
            position += 1
        if position < behind and tokens.lower[position] in _SUBORDINATE:
            skipped = self.subject(position + 1, behind)
            comma = next((i for i in range(position, behind - 1) if tokens.word[i] == ","), behind)
            position = comma + 1
        return self._clause_subject(position, behind) or skipped

    def _clause_subject(self, start: int, behind: int, *, turning: bool = False) -> Subject | None:
        """The subject of the last main clause: “A sat down, and B went on.”"""
        tokens = self.tokens
        found: Subject | None = None
        for position in range(start, behind):
            opens = (
                position == start
                or tokens.word[position - 1] in (",", ";")
                or tokens.lower[position - 1] in ("and", "then", "but", "so", "last", "that")
                or (turning and tokens.lower[position - 1] in ("when", "till", "until", "while"))
                or (tokens.lower[position - 1] == "when" and tokens.word[position - 2] == ",")
            )
            if opens:
                subject = self.subject(position, behind)
                if subject is None or subject.word == "it":
                    continue
                if found is None or self._acts(subject, behind):
                    found = subject
        return found

    def _acts(self, subject: Subject, limit: int) -> bool:
        """Whether a finite verb follows a subject, as far as its form tells."""
        if subject.behind >= limit:
            return False
        verb, at = self._verb_after(subject.behind, limit)
        follows = self.tokens.lower[subject.behind]
        return at < limit and (
            follows in _AUXILIARIES or verb.endswith("ed") or verb in STRONG or verb in _PAST
        )

    def _subject_of_verb(self, start: int, behind: int, verb: str) -> Subject | None:
        """The noun phrase right before (or after) the verb of speech."""
        if not verb:
            return None
        tokens = self.tokens
        at = next((i for i in range(behind - 1, start - 1, -1) if tokens.lower[i] == verb), -1)
        clause = next((i for i in range(at - 1, max(start, at - 40), -1) if tokens.lower[i] == "who"), -1)
        if clause > 0:
            back = clause - 2 if tokens.word[clause - 1] == "," else clause - 1
            while back > start and back in self.mentions.inner:
                back -= 1
            relative = self.subject(back, clause)
            if relative is not None and relative.kind in ("name", "pronoun"):
                return relative
        if tokens.lower[at + 1 : at + 2] == ["by"]:
            return self.subject(at + 2, len(tokens))
        if tokens.lower[at - 1 : at] == ["by"] and verb in SPEAKING:
            return self._clause_subject(start, at, turning=True)
        if at == start:
            return self.subject(at + 1, behind)
        for position in range(at - 1, max(start - 1, at - 7), -1):
            subject = self.subject(position, at)
            if subject is not None and self._verb_after(subject.behind, at + 1)[1] == at:
                return subject
        return None
