"""The lexicon: how words are to be said. `lexicon.toml`, edited by hand.

[words]                                # whole words and phrases
Hermione = "Her MY oh nee"
Cholmondeley = { ipa = "ˈtʃʌmli" }
"St. John" = { say = "Sinjin", case = true, language = "en", speaker = "Jane" }
Jean = [{ say = "Zhahn", language = "fr" }, { say = "Jeen" }]

[[patterns]]                           # regular expressions
match = '\\bMc(\\p{Lu}\\w+)'
say = 'Mac \\1'

A word in lower case is found in any case; one with a capital as it is written and in capitals throughout.
`case` says otherwise: true for exactly as written, false for any case. Of several entries for a place the
longest wins, then the one for this speaker, then the one for this language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import regex

from audiobook import files
from audiobook.errors import ScriptError
from audiobook.normalization.draft import Draft
from audiobook.normalization.typography import repair

_TOKEN = regex.compile(r"\w+")
_WIDE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")
_KEYS = frozenset({"say", "ipa", "case", "language", "speaker"})
_SECONDS_PER_LINE = 1.0


@dataclass(frozen=True)
class Entry:
    """One way to say one word, phrase or pattern. `where` is the line of the file, for messages."""

    written: str
    say: str = ""
    ipa: str = ""
    case: bool | None = None
    language: str = ""
    speaker: str = ""
    pattern: bool = False
    where: str = ""

    def fits(self, language: str, speaker: str) -> bool:
        """Whether the entry is meant for a line in this language by this speaker."""
        tag, wanted = language.lower().replace("_", "-"), self.language.lower().replace("_", "-")
        if wanted and tag != wanted and not tag.startswith(wanted + "-"):
            return False
        return not self.speaker or self.speaker == speaker

    @cached_property
    def expression(self) -> Any:
        """What finds the entry in a repaired text."""
        if self.pattern:
            return regex.compile(self.written, regex.IGNORECASE if self.case is False else 0)
        parts = self.written.split()
        body = r"\s+".join(map(regex.escape, parts))
        exact = self.case if self.case is not None else not self.written.islower()
        if exact and self.case is None:
            capitals = r"\s+".join(regex.escape(part.upper()) for part in parts)
            body = f"(?:{body}|{capitals})"
        left = "" if _WIDE.match(self.written) or not self.written[0].isalnum() else r"(?<!\w)"
        right = "" if _WIDE.match(self.written[-1]) or not self.written[-1].isalnum() else r"(?!\w)"
        return regex.compile(left + body + right, 0 if exact else regex.IGNORECASE)

    @property
    def rank(self) -> tuple[int, bool, int]:
        """The higher one wins."""
        return len(self.written), bool(self.speaker), len(self.language)


def _keys(text: str) -> Iterator[tuple[int, str]]:
    """Places where an entry may begin, and the key of those that do: a word, or a character where no spaces
    stand between words."""
    for token in _TOKEN.finditer(text):
        if _WIDE.search(token[0]):
            yield from enumerate(token[0], token.start())
        else:
            yield token.start(), token[0].lower()


@dataclass(frozen=True)
class Lexicon:
    """All entries. `apply` reads a line once, however many there are."""

    entries: tuple[Entry, ...] = ()
    name: str = "lexicon.toml"
    _index: dict[str, list[tuple[int, Entry]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index: dict[str, list[tuple[int, Entry]]] = {}
        for entry in self.entries:
            token = None if entry.pattern else _TOKEN.search(entry.written)
            if token is not None:
                key = token[0][0] if _WIDE.match(token[0]) else token[0].lower()
                index.setdefault(key, []).append((token.start(), entry))
        for found in index.values():
            found.sort(key=lambda item: item[1].rank, reverse=True)
        object.__setattr__(self, "_index", index)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def _matches(self, text: str, language: str, speaker: str) -> Iterator[tuple[int, int, Entry]]:
        """Runs that a word or phrase matches, the best entry first at each place."""
        for place, key in _keys(text):
            for inset, entry in self._index.get(key, ()):
                start = place - inset
                found = entry.expression.match(text, start) if start >= 0 else None
                if found and entry.fits(language, speaker):
                    yield start, found.end(), entry
                    break

    def find(self, text: str, language: str, speaker: str = "") -> list[tuple[int, int, str, Entry]]:
        """All matches in a repaired text as (start, end, what is said, entry); words before patterns."""
        found = [
            (start, end, entry.say or text[start:end], entry)
            for start, end, entry in (self._matches(text, language, speaker) if self._index else ())
        ]
        for entry in self.entries:
            if entry.pattern and entry.fits(language, speaker):
                found += self._pattern_matches(text, entry)
        return found

    def apply(self, draft: Draft, language: str, speaker: str) -> None:
        """Claim every run that an entry matches."""
        for start, end, say, entry in self.find(draft.text, language, speaker):
            draft.put(start, end, say, entry.ipa)

    def _pattern_matches(self, text: str, entry: Entry) -> list[tuple[int, int, str, Entry]]:
        try:
            return [
                (found.start(), found.end(), found.expand(entry.say) if entry.say else found[0], entry)
                for found in entry.expression.finditer(text, timeout=_SECONDS_PER_LINE)
            ]
        except TimeoutError:
            raise ScriptError(
                f"{self.name}, {entry.where}: the pattern {entry.written!r} takes too long on "
                f"“{text[:40]}…”; "
                "make it simpler"
            ) from None


EMPTY = Lexicon()


# --- reading -----------------------------------------------------------------------------------------


def _line_of(text: str, key: str) -> str:
    spellings = (regex.escape(key), '"' + regex.escape(key) + '"', "'" + regex.escape(key) + "'")
    found = regex.search(rf"^[ \t]*(?:{'|'.join(spellings)})\s*=", text, regex.MULTILINE)
    return f"line {text.count(chr(10), 0, found.start()) + 1}" if found else "[words]"


def _line_of_pattern(text: str, number: int) -> str:
    for count, found in enumerate(regex.finditer(r"^[ \t]*\[\[\s*patterns\s*\]\]", text, regex.MULTILINE)):
        if count == number:
            return f"line {text.count(chr(10), 0, found.start()) + 1}"
    return "[[patterns]]"


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise ValueError(f"{key} is a text in quotation marks")
    return " ".join(value.split())


def _entry(written: str, value: object, where: str, pattern: bool = False) -> Entry:
    table = {"say": value} if isinstance(value, str) else value
    if not isinstance(table, dict):
        raise ValueError('a text is expected, or { say = "…" } or { ipa = "…" }')
    if unknown := set(table) - _KEYS:
        raise ValueError(f"unknown key {min(unknown)!r}; there are {', '.join(sorted(_KEYS))}")
    say, ipa = _text(table, "say"), _text(table, "ipa").strip("/[]")
    if not say and not ipa:
        raise ValueError("say or ipa is missing")
    case = table.get("case")
    if case is not None and not isinstance(case, bool):
        raise ValueError("case is true or false")
    repaired = written if pattern else " ".join(repair(written)[0].split())
    if not pattern and not _TOKEN.search(repaired):
        raise ValueError("an entry needs a letter or a digit")
    entry = Entry(repaired, say, ipa, case, _text(table, "language"), _text(table, "speaker"), pattern, where)
    if pattern:
        _check_pattern(entry)
    return entry


def _check_pattern(entry: Entry) -> None:
    try:
        found = entry.expression.search("", timeout=_SECONDS_PER_LINE)
        # Matches nothing, with the groups of the pattern: shows whether \\1 and its like exist.
        regex.compile(f"(?:{entry.written})|").search("").expand(entry.say)
    except (regex.error, IndexError, TimeoutError) as error:
        raise ValueError(f"not a regular expression: {error}") from None
    if found:
        raise ValueError("the pattern matches nothing at all, that is everywhere; make it match a word")


def _words(data: Mapping[str, Any], text: str, name: str) -> Iterator[Entry]:
    for written, value in data.items():
        where = _line_of(text, written) if not isinstance(value, str) or not value.strip() else ""
        try:
            for one in value if isinstance(value, list) else [value]:
                yield _entry(written, one, where)
        except ValueError as error:
            raise ScriptError(f"{name}, {_line_of(text, written)}, {written}: {error}") from None


def _patterns(data: list[Any], text: str, name: str) -> Iterator[Entry]:
    for number, value in enumerate(data):
        where = _line_of_pattern(text, number)
        try:
            if not isinstance(value, dict) or not isinstance(value.get("match"), str) or not value["match"]:
                raise ValueError("match is missing")
            table = {key: entry for key, entry in value.items() if key != "match"}
            yield _entry(value["match"], table, where, pattern=True)
        except ValueError as error:
            raise ScriptError(f"{name}, {where}: {error}") from None


def parse_lexicon(text: str, name: str = "lexicon.toml") -> Lexicon:
    """Read a lexicon. Raises ScriptError naming file and line."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        last = text.count("\n") + (not text.endswith("\n"))
        problem = str(error).replace("at end of document", f"at line {last}, the end")
        raise ScriptError(f"{name}: {problem}") from None
    if unknown := set(data) - {"words", "patterns"}:
        raise ScriptError(f"{name}: unknown table [{min(unknown)}]; there are [words] and [[patterns]]")
    words, patterns = data.get("words", {}), data.get("patterns", [])
    if not isinstance(words, dict) or not isinstance(patterns, list):
        raise ScriptError(f"{name}: words are a table, [words], and patterns a list of tables, [[patterns]]")
    return Lexicon((*_words(words, text, name), *_patterns(patterns, text, name)), name)


def read_lexicon(path: Path) -> Lexicon:
    """Read `lexicon.toml`; an empty lexicon where there is none. Raises ScriptError, StorageError."""
    if not path.exists():
        return EMPTY
    return parse_lexicon(files.read_bytes(path).decode("utf-8", "replace").removeprefix("\ufeff"), path.name)
