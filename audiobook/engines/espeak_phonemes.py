"""From the International Phonetic Alphabet to the phoneme names of espeak-ng.

espeak-ng writes IPA but does not read it. Each language has a set of phonemes of its own under short ASCII
names, so espeak-ng is asked once per language what every name it knows sounds like, and the answer is turned
round. A sound the language does not have becomes the nearest it has, as a speaker of the language would do.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Callable, Iterable, Mapping

Inventory = Mapping[str, str]
"""IPA → name of the phoneme, for one language."""

Transcribe = Callable[[str, bool], str]
"""What espeak-ng makes of a text with [[phonemes]]: names (False) or IPA (True), separated by bars."""

_SIBILANTS = frozenset({"s", "z", "S", "Z", "tS", "dZ"})
_VOICELESS = frozenset({"p", "t", "k", "f", "T"})
_VOWELS = frozenset("aeiouyɑɐɒæɓəɘɚɛɜɞɨɪɔøœɵʊʌʉʏɯɤ")
_STRESSES = {"ˈ": "'", "ˌ": ","}
_MODIFIERS = frozenset(
    "ʰʲʷːˑ\u0303\u0325\u032c\u032a\u033a\u033b\u0308\u031e\u031d\u02de\u032f\u0329"
)  # may be missed
_FOLLOWERS = ("a", "A", "@", "o")
_LONGEST = 4
_SPELLINGS = str.maketrans({"g": "ɡ", ":": "ː", "'": "ˈ", "’": "ˈ", ",": "ˌ", "ɝ": "ɜː"})
_IGNORED = re.compile("[\u0361\u035c.|‖‿‑ʼ() -]")  # tie bars, marks of syllables and words
_NAME = re.compile(r"[^\s',%=_|#\[\]][^\s|\[\]]*")

_NEAREST_SOUNDS = """
ɹ r|ɻ r ɹ|ɾ r ɹ|ʁ r ɹ|ʀ r ɹ ʁ|r ɹ ɾ ʁ
oʊ əʊ oː o|əʊ oʊ oː o|eɪ eː e ɛɪ|ei eɪ|ɛə eə ɛː|eə ɛə ɛː|ɪə iə iː|iə ɪə|ɔɪ ɔø ɔʏ|ɔʏ ɔø ɔɪ|ɔø ɔɪ
aɪ ai|ai aɪ|aʊ au|au aʊ|ɚ əɹ ə|ɜː əː œ ə|ɜ ɜː ə|ə ɜ ɐ e a|ɐ ə a|ʌ a ɐ|æ a ɛ
a æ aː ɑ|ɑ ɑː a|ɑː aː ɑ a|aː ɑː a|ɒ ɔ ɑː|ɔ ɔː ɒ o|ɔː ɔ oː|o ɔ oː oʊ əʊ|oː o oʊ əʊ ɔː
e ɛ eː eɪ|ɛ e ɛː|ɛː ɛ eː|eː e eɪ ɛː|i iː ɪ|iː i|ɪ ᵻ i|ᵻ ɪ|ɨ ɪ i|ɯ u uː|u uː ʊ|uː u|ʊ u|ʉ uː u
y yː ʏ uː u|yː y uː u|ʏ y ʊ|ø øː œ ɜː|øː ø œː ɜː|œ ø ɜː ə|ɤ ə|ɑ̃ ɔ̃ an|ɔ̃ ɑ̃ on|ɛ̃ æ̃ an|œ̃ ɛ̃ an
x χ h k|χ x h|ç ʃ x h|ɣ ɡ|β b v|ɲ nj|ʎ lj l|ɫ l|ʍ w|w ʋ v u|ʋ v w|v ʋ w b|ɦ h|h x ɦ|θ t s|ð d z|ʃ ʂ s|ʒ ʐ ʃ
ɕ ʃ|ʑ ʒ|ʂ ʃ|ʐ ʒ|ʈ t|ɖ d|ɳ n|ɭ l|ŋ n|ɱ m|z s|c tʃ k|ɟ dʒ ɡ|tʃ tɕ|dʒ dʑ|q k
"""
# What a listener takes for the same sound, the nearest first.
_NEAREST = {
    sound: nearest
    for line in _NEAREST_SOUNDS.strip().splitlines()
    for sound, *nearest in (entry.split() for entry in line.split("|"))
}


def read_names(phontab: bytes) -> tuple[str, ...]:
    """All names of phonemes in all languages, from espeak-ng's own table."""
    names: set[str] = set()
    position = 4
    for _ in range(phontab[0]):
        count = phontab[position]
        position += 4 + 32
        for (name,) in struct.iter_unpack("<4s12x", phontab[position : position + 16 * count]):
            names.add(name.rstrip(b"\0").decode("latin-1"))
        position += 16 * count
    return tuple(sorted(name for name in names if _NAME.fullmatch(name)))


def inventory(names: Iterable[str], transcribe: Transcribe) -> Inventory:
    """The phonemes that a language has, each with the plainest of its names."""
    follower = next((name for name in _FOLLOWERS if _heard([name], transcribe)), "")
    found: dict[str, str] = {}
    for name in names:
        sound = _sound(name, follower, transcribe)
        if sound and (sound not in found or _oddness(name) < _oddness(found[sound])):
            found[sound] = name
    return found


def _sound(name: str, follower: str, transcribe: Transcribe) -> str:
    """The IPA of a phoneme; "" where the language has it not."""
    alone = _heard([name], transcribe)
    if alone and alone[0] in _VOWELS:
        return alone
    # At the end of a word consonants change: they lose their voice, or are mute.
    return _heard([name, follower], transcribe) or alone


def _heard(names: list[str], transcribe: Transcribe) -> str:
    """The IPA of the first of some phonemes, if espeak-ng takes them for what they are."""
    text = f"[['{'|'.join(names)}]]"  # stressed, since vowels without stress change
    if _sounds(transcribe(text, False)) != names:
        return ""
    return _plain(_sounds(transcribe(text, True))[0])


def _sounds(transcription: str) -> list[str]:
    return re.sub("[',ˈˌ ]", "", transcription).split("|")


def _oddness(name: str) -> tuple[int, int, bool, str]:
    marks = sum(not (character.isalpha() or character in ":~") for character in name)
    return (marks if name != "@" else 0, len(name), name != name.lower(), name)


def _plain(ipa: str) -> str:
    """One spelling for each sound: no marks that make no difference here."""
    decomposed = unicodedata.normalize("NFD", ipa).replace("c\u0327", "ç")
    return _IGNORED.sub("", decomposed.translate(_SPELLINGS))


def to_names(ipa: str, sounds: Inventory) -> str:
    """An IPA transcription in names, ready to stand in [[…]]; "" where a sound cannot be had."""
    names: list[str] = []
    text, position, stress = _plain(ipa), 0, ""
    while position < len(text):
        if text[position] in _STRESSES:
            stress = _STRESSES[text[position]]
            position += 1
            continue
        length, found = _match(text, position, sounds)
        if not length and text[position] not in _MODIFIERS:
            return ""
        length = length or 1
        # espeak-ng has the mark before the vowel, not before the syllable.
        if stress and found and text[position] in _VOWELS:
            found, stress = [stress + found[0], *found[1:]], ""
        names += found
        position += length
    return "|".join(names)


def with_possessive(names: str) -> str:
    """The same word with an English ’s, which cannot follow [[…]] as text."""
    last = names.rpartition("|")[2]
    ending = "I|z" if last in _SIBILANTS else "s" if last in _VOICELESS else "z"
    return f"{names}|{ending}"


def _match(text: str, position: int, sounds: Inventory) -> tuple[int, list[str]]:
    """The longest sound at a place, or its nearest: how many characters, and its names."""
    for length in range(_LONGEST, 0, -1):
        sound = text[position : position + length]
        if len(sound) < length:
            continue
        if sound in sounds:
            return length, [sounds[sound]]
        for near in _NEAREST.get(sound, ()):
            if near in sounds:
                return length, [sounds[near]]
            if len(near) > 1 and all(part in sounds for part in near):
                return length, [sounds[part] for part in near]
    return 0, []
