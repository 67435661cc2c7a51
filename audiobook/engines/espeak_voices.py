"""The languages and voice variants of espeak-ng, and which of them are good to cast."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

# Where BCP 47 and espeak-ng name the same language differently.
_ALIASES = {
    "zh": "cmn",
    "zh-hk": "yue",
    "zh-mo": "yue",
    "no": "nb",
    "nn": "nb",
    "iw": "he",
    "in": "id",
    "mo": "ro",
}
# Languages (by file name) whose own tag says more than anybody writes.
_LOCAL = {"fr": "fr", "chr": "chr"}


@dataclass(frozen=True, slots=True)
class Language:
    """A language or accent. `local` is what stands before the plus sign of a voice's name."""

    local: str
    name: str
    tags: tuple[tuple[str, int], ...]  # tags it is fit for, with their rank: the lowest is the best fit
    path: Path


@dataclass(frozen=True, slots=True)
class Variant:
    """A timbre that can be put on any language."""

    local: str
    gender: str = ""
    age: str = ""


def _attributes(path: Path) -> list[tuple[str, str]]:
    lines = path.read_text("utf-8", "replace").splitlines()
    pairs = (line.split("//")[0].strip().partition(" ") for line in lines)
    return [(key, value.strip()) for key, _, value in pairs if key]


def read_languages(data: Path) -> dict[str, Language]:
    """All languages by local name, in alphabetical order."""
    found: dict[str, Language] = {}
    for path in sorted(path for path in (data / "lang").rglob("*") if path.is_file()):
        attributes = _attributes(path)
        tags = tuple(_tag(value) for key, value in attributes if key == "language")
        name = next((value for key, value in attributes if key == "name"), path.name)
        local = _LOCAL.get(path.name, tags[0][0] if tags else "")
        if not local or local in found:
            local = path.name.lower()
        found[local] = Language(local, name, tags, path)
    return dict(sorted(found.items()))


def _tag(value: str) -> tuple[str, int]:
    tag, _, rank = value.partition(" ")
    return tag.lower(), int(rank or 5)


_GENDERS = {"female": "F", "male": "M"}


def _age(years: str) -> str:
    if not years.isdigit() or int(years) == 0:
        return ""
    return (
        "child" if int(years) < 13 else "young" if int(years) < 30 else "adult" if int(years) < 60 else "old"
    )


def read_variants(data: Path) -> dict[str, Variant]:
    """All variants by file name, in alphabetical order."""
    found = {}
    for path in sorted((data / "voices" / "!v").iterdir()):
        words = next((value.split() for key, value in _attributes(path) if key == "gender"), [])
        gender = _GENDERS.get(words[0].lower(), "") if words else ""
        found[path.name] = Variant(path.name, gender, _age(words[1]) if len(words) > 1 else "")
    return found


def find_language(tag: str, languages: dict[str, Language]) -> Language | None:
    """The language that speaks a BCP 47 tag best; None where there is none."""
    wanted = tag.lower().replace("_", "-")
    while wanted:
        name = _ALIASES.get(wanted, wanted)
        if name in languages:
            return languages[name]
        fits = [
            (rank, local)
            for local, language in languages.items()
            for fit, rank in language.tags
            if fit == name
        ]
        if fits:
            return languages[min(fits)[1]]
        wanted = wanted.rpartition("-")[0]
    return None


def primary(tag: str) -> str:
    """The language of a tag, without region and script, espeak-ng's name where that differs."""
    subtag = re.split("[-_]", tag.lower(), maxsplit=1)[0]
    return _ALIASES.get(subtag, subtag)
