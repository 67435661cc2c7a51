"""People without a name: "the waiter" who says something is somebody too."""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict

from audiobook.speakers.nouns import (
    KIN,
    SOFT_TITLES,
    TITLES,
    TITLES_F,
    TITLES_M,
    is_person_noun,
    noun_gender,
)
from audiobook.speakers.people import Character, plain
from audiobook.speakers.tokens import Tokens
from audiobook.speakers.verbs import STRONG
from audiobook.speakers.wordlist import words as word_set

_ARTICLES = ("the", "a", "an")
_NOT_ADJECTIVES = frozenset((*_ARTICLES, "his", "her", "my", "their", "one", "another"))
_WINDOW = 0.15  # of the book
_YOUNG = word_set("child lad youth")  # said of whoever is young
_DENSE = 0.55  # of the places of a role
_MANY = 10
_EVERYWHERE = (
    25  # a landlady met here and there is one landlady; a painter all over the book is somebody named
)
_MOSTLY = 5  # times as often as all others of that title: “the Major” is the one of two majors who matters
_NOBODY = word_set("other latter former speaker elder younger voice")
_VAGUE = word_set(
    """man woman boy girl lady gentleman visitor other latter former voice guest speaker person friend
    companion mistress master creature fellow elder younger"""
)


def add_roles(tokens: Tokens, characters: list[Character]) -> None:
    """Add a character for each role noun that is tagged as a speaker ("said the waiter").

    A role that is somebody's title ("the Professor") becomes one more name of the only person who bears it.
    """
    spoken, seen = _tagged_roles(tokens)
    loose = _scattered(tokens)
    for words, count in sorted(spoken.items()):
        role = " ".join(words)
        head = words[-1].lower()
        if words[-1][0].isupper():
            if count < 2 and seen[words] < 6:
                continue
            owner = _bearer(role, characters)
            if owner is not None:
                owner.aliases[f"The {role}"] += seen[words]
                continue
        elif (
            len(words) == 1
            and head not in _VAGUE
            and (owner := _bearer(head.capitalize(), characters)) is not None
        ):
            owner.aliases[f"The {role}"] += count
            continue
        elif (
            not is_person_noun(head)
            or (len(words) == 1 and head in loose)
            or noun_gender(head) == "P"
            or head in _NOBODY
            or ((head in KIN or head in _VAGUE) and count < 20)
        ):
            continue
        gender = "M" if role in TITLES_M else "F" if role in TITLES_F else noun_gender(head)
        characters.append(
            Character(f"The {role}", Counter({f"The {role}": count}), gender, bool(gender), nominal=True)
        )


def add_titles(tokens: Tokens, characters: list[Character]) -> None:
    """With a cast list: "the count" is one more name of the only person on it who is called so."""
    spoken, seen = _tagged_roles(tokens)
    loose = _scattered(tokens)
    for character in characters:
        roles = [plain(alias).lower().split() for alias in character.aliases]
        if roles and all(len(role) == 2 and role[0] in _ARTICLES and role[1] in loose for role in roles):
            character.aliases.clear()
    for character in characters:
        for alias in list(character.aliases):
            plainly = plain(alias).lower().split()
            if len(plainly) > 1 and _is_description(tokens, plainly):
                character.aliases[f"The {' '.join(plainly)}"] += 1
    for words in sorted(spoken):
        role, head = " ".join(words), words[-1].lower()
        bearers = [character for character in characters if head in character.words]
        vague = len(words) > 1 or head in _VAGUE or head in _NOBODY or head in KIN
        if seen[words] >= 2 and len(bearers) == 1 and not vague:
            bearers[0].aliases[f"The {role}"] += 1


def _is_description(tokens: Tokens, name: list[str]) -> bool:
    """Whether a name on a list is what the book calls somebody in lower case: “Little Girl”, “Cab Driver”."""
    return (
        name[0] not in _NOT_ADJECTIVES
        and name[0].capitalize() not in TITLES - SOFT_TITLES
        and is_person_noun(name[-1])
        and all(tokens.frequency[word] for word in name)
    )


def _scattered(tokens: Tokens) -> set[str]:
    """Nouns that mean somebody else in each part of the book ("the child", "the lad"), and so are no name.

    A role that speaks here and there is one person where its places lie together.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for index in range(len(tokens) - 1):
        noun = tokens.word[index + 1]
        if tokens.lower[index] == "the" and not tokens.quoted[index] and is_person_noun(noun):
            places[noun].append(index)
    window = _WINDOW * len(tokens)
    found = set()
    for noun, at in places.items():
        vague = noun in _VAGUE or noun in _YOUNG or noun in KIN
        if len(at) < (_MANY if vague else _EVERYWHERE):
            continue
        densest = max(bisect.bisect_right(at, first + window) - number for number, first in enumerate(at))
        if noun in _YOUNG or densest < _DENSE * len(at):
            found.add(noun)
    return found


def _bearer(title: str, characters: list[Character]) -> Character | None:
    if title not in TITLES:
        return None
    borne = {
        number: count
        for number, character in enumerate(characters)
        if (count := sum(n for alias, n in character.aliases.items() if plain(alias).split()[0] == title))
    }
    if not borne:
        return None
    best = max(borne, key=lambda number: (borne[number], -number))
    others = sum(borne.values()) - borne[best]
    return characters[best] if borne[best] >= _MOSTLY * others else None


def _role_at(tokens: Tokens, index: int) -> tuple[str, ...]:
    """The words after "the": a noun for a person, perhaps with an adjective, or one capitalized word."""
    size = len(tokens)
    if index + 1 >= size:
        return ()
    one = tokens.base[index]
    two = tokens.base[index + 1]
    if one[:1].isupper() and len(one) > 1:
        if two[:1].isupper() and len(two) > 1:
            three = tokens.base[index + 2] if index + 2 < size else ""
            return () if three[:1].isupper() and len(three) > 1 else (one, two)
        return (one,)
    if is_person_noun(one.lower()) and not is_person_noun(two.lower()):
        return (one.lower(),)
    if one.isalpha() and one.islower() and is_person_noun(two.lower()):
        return (one, two.lower())
    return ()


def _tagged_roles(tokens: Tokens) -> tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]:
    """How often each role is the subject of a verb of speech, and how often it occurs."""
    spoken: Counter[tuple[str, ...]] = Counter()
    seen: Counter[tuple[str, ...]] = Counter()
    for index, word in enumerate(tokens.lower):
        if word not in ("the", "a", "an") or tokens.quoted[index]:
            continue
        role = _role_at(tokens, index + 1)
        if not role:
            continue
        seen[role] += 1
        behind = index + 1 + len(role)
        before = tokens.lower[index - 1] if index else ""
        after = tokens.lower[behind] if behind < len(tokens) else ""
        if (before in STRONG and not tokens.quoted[index - 1]) or (after in STRONG and word == "the"):
            spoken[role] += 1
    return spoken, seen


__all__ = ["TITLES", "add_roles"]
