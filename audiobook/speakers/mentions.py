"""Mentions: every place where the text names somebody."""

from __future__ import annotations

import bisect
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from audiobook.speakers.harvest import NOT_NAMES, sentence_start
from audiobook.speakers.nouns import TITLES, TITLES_F, TITLES_M
from audiobook.speakers.people import Character, plain
from audiobook.speakers.tokens import Tokens
from audiobook.speakers.verbs import STRONG, is_speech_verb
from audiobook.speakers.wordlist import words as word_set

_NEVER_ALONE = TITLES & word_set(
    """Mr Mrs Miss Ms Sir M Lord Lady Madam Master St Saint Old Little Poor Young Dear Don Brother Sister
    Mother Father Aunt Uncle Cousin Major General"""
) - word_set("Major General")
_NEAR = 400  # tokens
_ARTICLES = frozenset(("the", "a", "an"))
_DAY_WORDS = frozenset(("on", "last", "next", "every", "this", "of", "till", "until", "by"))
_AFTER_SUBJECT = frozenset(("in", "with", "to", "as", "at", "and", "without"))


_ANYBODY = re.compile(
    r"(?:(?:the|a|an) )?(?:old |young |little |other |poor )?"
    r"(?:girl|boy|man|woman|lady|gentleman|child|fellow|person|stranger|speaker|voice)",
    re.IGNORECASE,
)


def _is_anybody(alias: str) -> bool:
    """Whether a name on a list is said of many: "the girl" is not always the one whom a list calls so."""
    return _ANYBODY.fullmatch(alias) is not None


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens `first` up to `behind` name character number `who`."""

    first: int
    behind: int
    who: int
    quoted: bool
    possessive: bool = False


@dataclass(slots=True)
class Mentions:
    """All mentions in order, and quick ways to find those in a range of tokens."""

    all: list[Mention] = field(default_factory=list)
    narrated: list[Mention] = field(default_factory=list)
    at: dict[int, Mention] = field(default_factory=dict)
    inner: set[int] = field(default_factory=set)  # tokens of a mention behind its first
    _firsts: list[int] = field(default_factory=list)
    _narrated_firsts: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, found: list[Mention]) -> Mentions:
        """Index mentions that are in order."""
        narrated = [mention for mention in found if not mention.quoted]
        return cls(
            found,
            narrated,
            {mention.first: mention for mention in found},
            {index for mention in found for index in range(mention.first + 1, mention.behind)},
            [mention.first for mention in found],
            [mention.first for mention in narrated],
        )

    def between(self, first: int, behind: int) -> list[Mention]:
        """Mentions that begin in a range of tokens."""
        return self.all[bisect.bisect_left(self._firsts, first) : bisect.bisect_left(self._firsts, behind)]

    def told(self, first: int, behind: int) -> list[Mention]:
        """The same, outside quotations only."""
        low = bisect.bisect_left(self._narrated_firsts, first)
        return self.narrated[low : bisect.bisect_left(self._narrated_firsts, behind)]

    def told_before(self, first: int) -> int:
        """How many mentions outside quotations begin before a token."""
        return bisect.bisect_left(self._narrated_firsts, first)


class AliasTable:
    """Names → characters. A name may belong to several; the fullest name that fits is taken."""

    def __init__(self, characters: Sequence[Character], tokens: Tokens | None = None) -> None:
        self.characters = characters
        self.spoken = _odd_names(tokens) if tokens is not None else frozenset()
        self.spelled = _inner_capitals(tokens) if tokens is not None else {}
        self.owners: dict[tuple[str, ...], Counter[int]] = defaultdict(Counter)
        for number, character in enumerate(characters):
            named = any(not _is_anybody(alias) for alias in character.aliases)
            for alias, count in character.aliases.items():
                if not (named and _is_anybody(alias)):
                    self._add(plain(alias), number, max(1, count))
        self._add_parts()
        self.by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for words in sorted(self.owners, key=lambda words: (-len(words), words)):
            self.by_first[words[0]].append(words)

    def _add(self, alias: str, number: int, count: int) -> None:
        words = tuple(self.spelled.get(word.lower(), word) for word in alias.split())
        common = len(words) == 1 and alias in NOT_NAMES and alias not in self.spoken
        if not words or len(alias) < 2 or common:
            return
        if words[0].lower() in _ARTICLES and len(words) > 1:
            rest = words[1:]
            articles = {"the", "The", words[0], words[0].lower()}
            for tail in {rest, tuple(word.lower() for word in rest)}:
                for article in articles:
                    self.owners[(article, *tail)][number] += count
            return
        self.owners[words][number] += count
        for position, word in enumerate(words):
            if word in ("De", "Du", "Von", "Van", "La", "Le", "Di"):
                low = (*words[:position], word.lower(), *words[position + 1 :])
                self.owners[low][number] += count

    def _add_parts(self) -> None:
        """First and last names, and titles that stand alone ("the Major")."""
        owners: dict[str, dict[int, int]] = defaultdict(dict)
        for number, character in enumerate(self.characters):
            for alias in character.aliases:
                words = [self.spelled.get(word.lower(), word) for word in plain(alias).split()]
                if not words or words[0].lower() in _ARTICLES or alias in character.adopted:
                    continue
                for word in words:
                    alone = word in TITLES and word not in _NEVER_ALONE
                    named = word not in TITLES and word not in NOT_NAMES and len(word) > 2
                    if word[0].isupper() and (alone or named):
                        owners[word][number] = 1
                if len(words) > 1:  # a family name alone is more often his than hers
                    his = self.characters[number].gender == "M"
                    owners[words[-1]][number] = 3 if his else 1
                    owners[words[0]][number] = 3
        for word, numbers in owners.items():
            if (word,) in self.owners or word in NOT_NAMES or word in _NEVER_ALONE or not word[0].isupper():
                continue
            best = max(numbers.values())
            for number, weight in numbers.items():
                if weight == best:
                    self.owners[(word,)][number] += weight

    def match(self, tokens: Tokens, index: int) -> tuple[int, Counter[int], tuple[str, ...]] | None:
        """The longest name that begins at a token: the index behind it, and whose it may be."""
        for words in self.by_first.get(tokens.base[index], ()):
            position = index
            size = len(tokens)
            for number, word in enumerate(words):
                if (
                    number
                    and position < size
                    and tokens.word[position] == "."
                    and (words[number - 1] in TITLES or len(words[number - 1]) == 1)
                ):
                    position += 1
                if position >= size or tokens.base[position] != word:
                    break
                if number < len(words) - 1 and tokens.word[position] != word:
                    break  # a possessive inside the name
                position += 1
            else:
                return position, self.owners[words], words
        return None


def _inner_capitals(tokens: Tokens) -> dict[str, str]:
    """Names with a capital inside, as the book writes them: a list may say “Mcbride” for “McBride”."""
    return {
        word.lower(): word
        for word in sorted(set(tokens.base))
        if word[:1].isupper() and word[1:2].islower() and any(letter.isupper() for letter in word[2:])
    }


def _odd_names(tokens: Tokens) -> frozenset[str]:
    """Ordinary words that somebody is called by: “said Five”, “Sunday replied”."""
    return frozenset(
        word
        for index, word in enumerate(tokens.word)
        if word in NOT_NAMES and index and not tokens.quoted[index] and _speaks(tokens, index)
    )


def _speaks(tokens: Tokens, index: int) -> bool:
    """Whether the word at a token stands beside a verb of speech, as its subject."""
    after = tokens.lower[index + 1] if index + 1 < len(tokens) else ""
    if tokens.lower[index - 1] in STRONG:
        return not after[:1].isalnum() or after in _AFTER_SUBJECT
    return after in STRONG


def find_mentions(tokens: Tokens, characters: Sequence[Character]) -> Mentions:
    """All mentions of the characters; counts them on each character."""
    table = AliasTable(characters, tokens)
    raw: list[tuple[int, int, Counter[int]]] = []
    index, size = 0, len(tokens)
    by_first = table.by_first
    while index < size:
        if tokens.base[index] in by_first:
            matched = table.match(tokens, index)
            if matched is not None:
                behind, owners, words = matched
                owners = _fitting(tokens, index, behind, owners, words, characters)
                if owners:
                    raw.append((index, behind, owners))
                    index = behind
                    continue
        index += 1
    return Mentions.of(_decide(tokens, raw, characters))


def _fitting(
    tokens: Tokens,
    index: int,
    behind: int,
    owners: Counter[int],
    words: tuple[str, ...],
    characters: Sequence[Character],
) -> Counter[int]:
    """Owners of a name who can be meant here, judged by a title before it or a family name behind it."""
    if len(words) == 1 and words[0] in NOT_NAMES and not _odd_name(tokens, index):
        return Counter()
    back = index - 1
    if back >= 0 and tokens.word[back] == ".":
        back -= 1
    before = tokens.word[back] if back >= 0 else ""
    if (
        words[0] not in TITLES
        and before in TITLES_M | TITLES_F
        and tokens.quoted[back] == tokens.quoted[index]
    ):
        gender = "M" if before in TITLES_M else "F"
        owners = Counter({who: n for who, n in owners.items() if characters[who].gender in (gender, "")})
    after = tokens.word[behind] if behind < len(tokens) else ""
    if (
        after[:1].isupper()
        and len(after) > 1
        and after not in NOT_NAMES
        and tokens.word[behind - 1] == tokens.base[behind - 1]
        and len(words) == 1
        and words[0] not in TITLES
        and not tokens.frequency[after.lower()]
    ):
        owners = Counter(
            {who: n for who, n in owners.items() if tokens.base[behind].lower() in characters[who].words}
        )
    return owners


def _odd_name(tokens: Tokens, index: int) -> bool:
    """Whether an ordinary word is a name here: not “on Sunday”, nor “Five men came”."""
    before = tokens.lower[index - 1] if index else ""
    if before in _DAY_WORDS:
        return False
    return not sentence_start(tokens, index) or is_speech_verb(tokens.lower[min(index + 1, len(tokens) - 1)])


def _decide(
    tokens: Tokens, raw: list[tuple[int, int, Counter[int]]], characters: Sequence[Character]
) -> list[Mention]:
    """Give each mention to one character: to the one who is named most where a name has several owners."""
    total: Counter[int] = Counter()
    for _, _, owners in raw:
        if len(owners) == 1:
            total[next(iter(owners))] += 1
    full = Counter(
        next(iter(owners)) for first, behind, owners in raw if len(owners) == 1 and behind > first + 1
    )
    found = []
    seen: dict[int, int] = {}
    for first, behind, owners in raw:
        if behind == first + 1 and len(owners) > 1 and _only_in_full(tokens.base[first], owners, characters):
            who = min(owners, key=lambda number: (full[number], number))
        else:
            who = _likeliest(owners, total, seen, first)
        if len(owners) == 1:
            seen[who] = first
        possessive = tokens.word[behind - 1] != tokens.base[behind - 1]
        found.append(Mention(first, behind, who, bool(tokens.quoted[first]), possessive))
        characters[who].mentions += 1
    return found


def _only_in_full(word: str, owners: Counter[int], characters: Sequence[Character]) -> bool:
    """Whether a first name is shared by people listed with their family names only: it means the one who is
    named in full the least, whom the narrator has no need to tell from the other."""
    return word not in TITLES and all(
        word not in characters[number].aliases
        and any(alias.startswith(f"{word} ") for alias in characters[number].aliases)
        for number in owners
    )


def _likeliest(owners: Counter[int], total: Counter[int], seen: dict[int, int], at: int) -> int:
    """The owner of a shared name: the only one just named in full, else the one named most."""
    near = [who for who in owners if at - seen.get(who, -_NEAR) < _NEAR]
    chosen = near if len(near) == 1 else list(owners)
    return max(chosen, key=lambda number: (total[number] + 0.001 * owners[number], -number))


def count_pronouns(tokens: Tokens, mentions: Mentions, characters: Sequence[Character]) -> None:
    """Count the pronouns that follow each name before the next one: they tell the gender."""
    told = mentions.narrated
    for number, mention in enumerate(told):
        limit = told[number + 1].first if number + 1 < len(told) else len(tokens)
        for index in range(mention.behind, min(limit, mention.behind + 24)):
            word = tokens.lower[index]
            if word in ("he", "his", "him", "himself"):
                characters[mention.who].male += 1
                break
            if word in ("she", "her", "hers", "herself"):
                characters[mention.who].female += 1
                break
