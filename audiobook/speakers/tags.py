"""Tags: what the narration beside a quotation says about its speaker ("said Alice", "he asked")."""

from __future__ import annotations

from dataclasses import dataclass

from audiobook.speakers.nouns import TITLES
from audiobook.speakers.phrases import PRONOUNS, SPEECH_NOUNS, PhraseReader, Subject
from audiobook.speakers.verbs import FOREIGN, SPEAKING, STRONG, THOUGHT, WEAK, is_speech_verb
from audiobook.speakers.wordlist import words

__all__ = ["PRONOUNS", "Subject", "Tag", "TagReader"]

_SKIP_ADVERBS = words(
    """then again now at last once also only still just more presently suddenly never always even first in
    turn here too rather almost back out on up quite very so thus aloud however"""
)
_AUXILIARIES = words(
    """had would could was did not has have will shall should must might may is are were be"""
)
_STOPS = words(""". ! ? ; ) ] … " ”""")  # before a quotation, they part it from the sentence before
_GLUE = words(""", ; — – - -- _ … . *""")
_PAST = words(
    """took went came sat stood rose turned gave knew made looked felt saw put held got ran leaned paused
    stopped heard found began shook drew threw caught kept left let lay fell bent broke brought thought
    told met read set spoke struck swung wrote led grew laid swept burst hung sprang sank shot slid
    stole leapt crept fled sped wept knelt slipped"""
)
_TRANSITIVE = words(
    """warned told asked informed reminded thanked assured begged urged ordered advised entreated implored
    addressed greeted interrupted called followed"""
)
_BRINGS = words("was were is came burst broke from")
_WITH_IN = words("broke put cut struck chimed joined called threw")
_LAST_WORDS = words("again once more on at in out length a an the low tone voice")
_BEGINS = words("began went ran spoke interposed interrupted")
_NOT = words("to not never nothing no hardly scarcely without")
_CLAUSE_ENDS = words(". ! ? ;")
_REPORTS = words("that what how why if whether")
_MINDS = words("saw seeing knew felt perceived heard found noticed understood feared hoped supposed believed")
_PASSIVE = words("accosted addressed greeted hailed interrupted assailed saluted roused startled")
_DEPENDENT = words("where which who whom whose if how when while as because what")
_GIVES = words("gave give gives giving allowed afforded offered")
_OPENS = words(", ; : — – - and then but so last that")
_BEFORE_OBJECTS = words(
    """about above across after against along among around because before behind below beneath beside between
    beyond during from inside into like near nothing over than that through till toward towards under until
    upon what with within without something seeing hearing meeting"""
)
_TIMES = words("moment afterwards length time")
_SUBORDINATE = words(
    "when as after before while though although if once until since whenever where because who which"
)


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


class TagReader(PhraseReader):
    """Reads the tags in the narration of one text."""

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
        joined = tokens.lower[position] in ("and", "but", "then", "so")
        closing = "," if tokens.lower[position] in ("so", "thus") else closing  # “…!” So began Alice
        position = self._skip_adverbs(position + joined, limit)
        told = position < limit and tokens.lower[position] in _TRANSITIVE
        # “…,” and warned Alice: the one who just spoke warned her
        inverted = None if joined and told else self._inverted(position, limit, closing, number)
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
        if verb in _BRINGS and tokens.lower[position + 1 : position + 2] != ["in"]:
            return self._was_reply(position, limit, verb, number)
        generic = verb.endswith("ed") and closing not in ".。"
        if not (known or verb in WEAK or generic):
            return None
        subject = self.subject(behind, limit)
        if subject is None and known and self._describes(behind, limit):
            subject = self.subject(behind + 1, limit)
        if subject is None or subject.word == "it":
            return None
        if not known and verb not in WEAK and subject.kind not in ("name", "unknown"):
            return None
        strength = 10.0 if known else 9.0
        if closing in ".。" and not known:
            strength = 4
        return Tag(strength, subject, "vs", verb, number)

    def _describes(self, index: int, limit: int) -> bool:
        """Whether a word is an adjective before a name, as far as its form tells: “said cautious Nora”."""
        word = self.tokens.word[index] if index + 1 < limit else ""
        return (
            len(word) > 3
            and word.islower()
            and word not in _SUBORDINATE
            and word not in _BEFORE_OBJECTS
            and index + 1 in self.mentions.at
        )

    def _was_reply(self, position: int, limit: int, verb: str, number: int) -> Tag | None:
        """“…?” was Alice's reply; “…?” came from Alice; “…?” was her reply."""
        lower = self.tokens.lower
        index = position + 2 if lower[position + 1 : position + 2] == ["from"] else position + 1
        if lower[index : min(limit, index + 2)] == ["all", "that"]:  # “…!” was all that Alice could say
            named = self.subject(index + 2, limit)
            return Tag(9, named, "sv", verb, number) if named is not None else None
        named = self.subject(index, limit)
        if named is not None and (named.word == "'s" or lower[index - 1] == "from"):
            return Tag(9, named, "vs", verb, number)
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
            sure = lower or closing not in "!?"
            return Tag(3 if ends_sentence else 7 if sure else 5, subject, "sv", verb, number)
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
        leads = closing not in _STOPS
        form = "before" if leads else "beat"
        owner = self._owner(start, behind) if leads else None
        if owner is not None:
            return Tag(8.5, owner, form, strong or weak, number)
        subject = self._led_to(start, behind) if leads else None
        subject = subject or self._subject_of_verb(start, behind, strong or weak)
        subject = subject or self._first_subject(start, behind)
        if subject is None and leads:
            subject = self._earlier_clause(first, start)
            if subject is None and strong:
                subject = self._nearest_actor(start, behind)
        if subject is None:
            return None
        if leads:
            strength = 8.5 if strong else 6.5 if weak else 4.5 if closing == ":" else 3.5
        elif self._ends_speaking(start, behind - 1):
            strength = 6
        else:
            strength = 3.5 if strong else 2
        return Tag(strength, subject, form, strong or weak, number)

    def _ends_speaking(self, start: int, behind: int) -> bool:
        """Whether a sentence ends with its verb of speech: “Alice went on.”, “He answered very quickly.”"""
        position = behind
        while position > start and (
            self.tokens.lower[position - 1] in _LAST_WORDS
            or self._skip_adverbs(position - 1, behind) == behind
        ):
            position -= 1
        verb = self.tokens.lower[position - 1] if position > start else ""
        unspoken = position > start + 1 and self.tokens.lower[position - 2] in _NOT
        return (verb in STRONG or verb in _BEGINS) and not unspoken

    def _owner(self, start: int, behind: int) -> Subject | None:
        """Whose speech the narration leads to: “Alice's reply was,”, “roused by Tom's saying,”."""
        tokens = self.tokens
        for position in range(behind - 1, start, -1):
            word = tokens.lower[position]
            spoken_of = word in SPEECH_NOUNS or word in SPEAKING
            if word in _CLAUSE_ENDS or (word in STRONG and not spoken_of) or word in ("to", "that"):
                return None
            if not spoken_of:
                continue
            for first in range(position - 1, max(start, position - 5) - 1, -1):
                if tokens.word[first] == ",":
                    break
                owner = self._possessor(first, position)
                spoken = any(verb in STRONG or verb in WEAK for verb in tokens.lower[start:first])
                if owner is not None and owner.kind == "pronoun" and spoken:
                    return None  # “Alice answered in her usual tone”
                if owner is None or (tokens.lower[first - 1] == "to" and tokens.lower[behind - 1] != "of"):
                    continue
                return owner
        return None

    def _possessor(self, index: int, behind: int) -> Subject | None:
        """“Alice's” or “her” before a word of speech."""
        pronoun = {"his": "he", "her": "she"}.get(self.tokens.lower[index], "")
        others = any(word.endswith(("'s", "’s")) for word in self.tokens.word[index:behind])
        noun = self.tokens.lower[behind] in SPEECH_NOUNS - SPEAKING or behind == index + 1
        if pronoun and not others and noun:
            return Subject("pronoun", behind, word=pronoun, gender=PRONOUNS[pronoun], first=index)
        mention = self.mentions.at.get(index)
        if mention is None or mention.behind > behind:
            return None
        lost = self.tokens.word[mention.behind] == "s"  # an apostrophe lost in conversion
        if not mention.possessive and not lost:
            return None
        return Subject("name", behind, who=mention.who, word="'s", first=index)

    def _earlier_clause(self, first: int, behind: int) -> Subject | None:
        """The subject before a semicolon: “A came in; and taking a chair, said”."""
        tokens = self.tokens
        if behind - 2 <= first or tokens.word[behind - 1] != ";":
            return None
        start = next((i + 1 for i in range(behind - 2, first, -1) if self._parts(i)), first)
        return self._first_subject(start, behind)

    def _parts(self, index: int) -> bool:
        """Whether a mark parts two sentences or halves of one."""
        word = self.tokens.word
        return word[index] in _CLAUSE_ENDS and not (word[index] == "." and word[index - 1] in TITLES)

    def _led_to(self, start: int, behind: int) -> Subject | None:
        """“when he was accosted by Alice,”, “he looked at Alice, whose clear voice said”."""
        tokens = self.tokens
        for position in range(behind - 2, start, -1):
            word = tokens.lower[position]
            if word in _CLAUSE_ENDS:
                break
            if word == "by" and tokens.lower[position - 1] in _PASSIVE:
                rest = tokens.lower[position + 1 : behind]
                by = self.subject(position + 1, behind)
                return None if any(verb in STRONG or verb in SPEAKING for verb in rest) else by
            if word == "whose" and SPEECH_NOUNS.intersection(tokens.lower[position + 1 : position + 4]):
                for back in range(position - 1, max(start, position - 6) - 1, -1):
                    named = self.subject(back, position)
                    if named is not None and named.kind == "name":
                        return named
                return None
        return None

    def _nearest_actor(self, start: int, behind: int) -> Subject | None:
        """The last who does something: “The door was not shut before Alice ran in, crying--”."""
        for position in range(behind - 1, start - 1, -1):
            subject = self.subject(position, behind)
            if subject is not None and subject.kind in ("name", "pronoun") and self._acts(subject, behind):
                return subject if subject.gender not in ("N", "P") else None
        return None

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
        dependent = False  # inside “where she and Alice were sitting”
        for position in range(start, behind):
            before = tokens.lower[position - 1]
            reported = before == "that" and any(
                is_speech_verb(w) or w in _MINDS
                for w in tokens.lower[max(start, position - 5) : position - 1]
            )
            if before in _DEPENDENT or reported:
                dependent = True
            elif before in (",", ";", ":"):
                dependent = False
            opens = (
                position == start
                or (before in _OPENS and not dependent)
                or (turning and before in ("when", "till", "until", "while"))
                or (before == "when" and tokens.word[position - 2] == ",")
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
        for position in range(at - 1, max(start - 1, at - 40), -1):
            subject = self.subject(position, at)
            if subject is None or self._verb_after(subject.behind, at + 1)[1] != at:
                continue
            before = tokens.lower[position - 1]
            if before in _REPORTS and "," in tokens.word[subject.behind : at]:
                continue  # “Alice saw that he was afraid, and called out”
            if (
                position > at - 7
                or position == start
                or before in _OPENS
                or before in _SUBORDINATE
                or before in _TIMES
            ):
                return subject
        return self._subject_of_infinitive(start, at)

    def _subject_of_infinitive(self, start: int, at: int) -> Subject | None:
        """“for Alice to draw near and say”, “gave Alice the opportunity of adding”."""
        lower = self.tokens.lower
        for position in range(at - 1, max(start, at - 20), -1):
            before = lower[position - 1]
            if lower[position - 1] in (";", ":"):
                break
            if before != "for" and before not in _GIVES:
                continue
            subject = self.subject(position, at)
            if subject is not None and subject.kind == "name":
                follows = lower[subject.behind]
                if follows == "to" if before == "for" else follows in ("the", "an"):
                    return subject
        return None
