"""The languages and voice variants of espeak-ng, and which of them make a good cast.

espeak-ng has some 130 languages and accents and a hundred variants: timbres that fit any of them. Most
variants hardly differ from the plain voice, and some are jokes. `PALETTE` holds those that a listener tells
apart, chosen by measuring pitch and spectrum: each of its voices is far from all voices before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from audiobook.engines.base import Voice

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

    @property
    def fits(self) -> tuple[str, ...]:
        """Tags of books this language is right for."""
        return (self.local, *(tag for tag, rank in self.tags if rank <= 5 and tag != self.local))


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
    """All languages that can be spoken, by local name, in alphabetical order."""
    found: dict[str, Language] = {}
    for path in sorted(path for path in (data / "lang").rglob("*") if path.is_file()):
        attributes = _attributes(path)
        tags = tuple(_tag(value) for key, value in attributes if key == "language")
        values = dict(reversed(attributes))
        local = _LOCAL.get(path.name, tags[0][0] if tags else "")
        if not local or local in found:
            local = path.name.lower()
        # Some languages come without the dictionary they need.
        if (data / f"{values.get('dictionary', local.split('-')[0])}_dict").exists():
            found[local] = Language(local, values.get("name", path.name), tags, path)
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


@dataclass(frozen=True, slots=True)
class Timbre:
    """A variant at a pitch, as one of a cast. `gain` in decibels makes all of them equally loud."""

    variant: str
    gender: str
    age: str = "adult"
    pitch: int = 50
    gain: float = 0.0
    sound: str = ""

    def local(self, language: str) -> str:
        """The name of this voice in a language."""
        return f"{language}+{self.variant}" + (f"@{self.pitch}" if self.pitch != 50 else "")


# The narrator first; then so that any first few of them differ in sex, age and colour as much as they can.
PALETTE = (
    Timbre("m3", "M", sound="clear and even, the narrator"),
    Timbre("f3", "F", sound="clear, middle pitch"),
    Timbre("michel", "M", sound="soft, dark"),
    Timbre("linda", "F", gain=-3, sound="bright, lively"),
    Timbre("Lee", "M", pitch=35, sound="deep, slow"),
    Timbre("f4", "F", pitch=40, sound="low, calm"),
    Timbre("Andy", "M", gain=-3.5, sound="hard, bright"),
    Timbre("Annie", "F", sound="high, light"),
    Timbre("m7", "M", "young", 65, -1, "light, young"),
    Timbre("f5", "F", "young", 62, sound="young, clear"),
    Timbre("m1", "M", "old", 35, 2, "low, worn"),
    Timbre("grandma", "F", "old", 45, 2, "trembling, old"),
    Timbre("f2", "M", "child", 75, -2, "a boy"),
    Timbre("Annie", "F", "child", 80, sound="a girl"),
    Timbre("benjamin", "M", pitch=62, sound="smooth, round"),
    Timbre("belinda", "F", gain=-3.5, sound="full, clear"),
    Timbre("boris", "M", gain=1.5, sound="thin, sharp"),
    Timbre("shelby", "F", pitch=45, gain=0.5, sound="breathy, sharp"),
    Timbre("grandpa", "M", "old", 45, sound="unsteady, old"),
    Timbre("f1", "F", "old", gain=-1.5, sound="rough, elderly"),
    Timbre("travis", "M", gain=-1.5, sound="dark, close"),
    Timbre("aunty", "F", pitch=45, gain=-1, sound="low, warm"),
    Timbre("Mario", "M", "young", 60, sound="light, dark"),
    Timbre("f3", "F", "child", 85, -1, "a small child"),
    Timbre("Nguyen", "M", "child", 80, 1, "a growing boy"),
)

_HIGH = {
    (timbre.variant, timbre.pitch) for timbre in PALETTE if timbre.gender == "F" or timbre.age == "child"
}


def whisper_of(variant: Variant | None, pitch: int) -> str:
    """The variant in which a voice whispers: women and children have one, men the other."""
    high = variant is not None and (variant.gender == "F" or (variant.local, pitch) in _HIGH)
    return "whisperf" if high else "whisper"


# Effects and robots. They can be asked for; nobody is cast with them.
_EFFECTS = re.compile(
    "announcer|AnxiousAndy|Demonic|Tweaky|.*[Rr]obo.*|caleb|croak|fast|kaukovalta|klatt2?|quincy|whisperf?|zac"
)
_WOMEN_UNMARKED = frozenset({"shelby"})

# Accents that some characters of a book get, by place in the palette, so that voices differ more.
# Only accents that a narrator of that accent would put on: none that makes anybody a stranger.
_ACCENTS = {
    "en-gb": {
        2: "en-gb-x-rp",
        3: "en-gb-x-rp",
        10: "en-gb-scotland",
        14: "en-gb-x-gbclan",
        18: "en-gb-x-gbclan",
    },
    "en-us": {6: "en-us-nyc"},
    "es": {6: "es-419", 7: "es-419"},
    "fr": {18: "fr-be"},
}


def palette(language: Language, languages: dict[str, Language]) -> tuple[Voice, ...]:
    """Voices for a book in a language: the narrator, then characters that are told apart."""
    accents = _ACCENTS.get(language.local, {})
    return tuple(
        _cast_voice(timbre, languages.get(accents.get(place, ""), language))
        for place, timbre in enumerate(PALETTE)
    )


def all_voices(languages: dict[str, Language], variants: dict[str, Variant]) -> tuple[Voice, ...]:
    """Every variant in every language: British and American English first, the palette first in each."""
    order = sorted(languages.values(), key=lambda language: (_FIRST.get(language.local, 9), language.local))
    rest = sorted(variants.values(), key=lambda variant: bool(_EFFECTS.fullmatch(variant.local)))
    return tuple(voice for language in order for voice in _voices_of(language, rest))


_FIRST = {"en-gb": 0, "en-us": 1}


def _voices_of(language: Language, variants: list[Variant]) -> list[Voice]:
    tags = language.fits
    good = [_cast_voice(timbre, language) for timbre in PALETTE]
    plain = Voice(f"espeak:{language.local}", language.name, tags, "M", "adult", "the plain voice")
    taken = {voice.id for voice in good}
    others = [_plain_voice(variant, language, tags) for variant in variants]
    return [*good, plain, *(voice for voice in others if voice.id not in taken)]


def _cast_voice(timbre: Timbre, language: Language) -> Voice:
    local = timbre.local(language.local)
    name = f"{language.name}, {timbre.variant}"
    return Voice(f"espeak:{local}", name, language.fits, timbre.gender, timbre.age, timbre.sound)


def _plain_voice(variant: Variant, language: Language, tags: tuple[str, ...]) -> Voice:
    effect = _EFFECTS.fullmatch(variant.local)
    gender = "" if effect else variant.gender or ("F" if variant.local in _WOMEN_UNMARKED else "M")
    name, note = f"{language.name}, {variant.local}", "an effect" if effect else ""
    return Voice(f"espeak:{language.local}+{variant.local}", name, tags, gender, variant.age, note)
