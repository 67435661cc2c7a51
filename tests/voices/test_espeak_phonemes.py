"""Pronunciations in IPA reach espeak-ng as its own phonemes."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
import pytest

from audiobook.audio.clip import Clip
from audiobook.engines import espeak_library
from audiobook.engines.espeak import Espeak
from audiobook.engines.espeak_library import Library
from audiobook.engines.espeak_phonemes import inventory, read_names, to_names, with_possessive
from audiobook.engines.espeak_voices import read_languages

Say = Callable[..., Clip]
SOUNDS = {
    "a": "a",
    "aɪ": "aI",
    "ə": "@",
    "m": "m",
    "ɒ": "0",
    "ɹ": "r",
    "r": "r",
    "s": "s",
    "iː": "i:",
    "tʃ": "tS",
    "ç": "C",
}


@pytest.fixture(scope="module")
def library() -> Library:
    languages = read_languages(espeak_library.data_folder())
    return Library({name: language.path for name, language in languages.items()})


def test_stress_goes_before_the_vowel() -> None:
    assert to_names("məˈriːs", SOUNDS) == "m|@|r|'i:|s"


def test_the_longest_sound_is_taken() -> None:
    assert to_names("tʃaɪ", SOUNDS) == "tS|aI"


@pytest.mark.parametrize("spelling", ["maɪ", "m.aɪ", "ma͡ɪ", "m aɪ", "(maɪ)"])
def test_ties_and_marks_of_syllables_are_no_sounds(spelling: str) -> None:
    assert to_names(spelling, SOUNDS) == "m|aI"


def test_a_missing_sound_becomes_the_nearest() -> None:
    assert to_names("mɑːʁ", SOUNDS) == "m|a|r"


def test_a_sound_without_a_likeness_is_not_guessed() -> None:
    assert to_names("mǃa", SOUNDS) == ""


def test_composed_and_decomposed_letters_are_one() -> None:
    assert to_names("aç", SOUNDS) == to_names("ac\u0327", SOUNDS) == "a|C"


@pytest.mark.parametrize(("names", "spoken"), [("m|'0|r|I|s", "I|z"), ("p|'I|p", "s"), ("'a|n|@", "z")])
def test_a_possessive_is_spoken_as_english_does(names: str, spoken: str) -> None:
    assert with_possessive(names) == f"{names}|{spoken}"


def test_names_are_read_from_the_table_of_phonemes() -> None:
    entries = b"".join(struct.pack("<4s12x", name) for name in (b"a", b"tS", b"_:", b"#X", b""))
    assert read_names(b"\x01\0\0\0" + b"\x05\0\0\0" + b"en".ljust(32, b"\0") + entries) == ("a", "tS")


def test_an_inventory_turns_what_is_heard_round() -> None:
    """A language in which b is p at the end of a word, and which has no x."""
    ipa = {"a": "a", "b": "b", "tS": "tʃ", "tS2": "tʃ"}

    def transcribe(text: str, as_ipa: bool) -> str:
        names = text.strip("[]'").split("|")
        if names[-1] == "b":
            names[-1] = "p"
        known = [name for name in names if name in ipa]
        return "|".join(ipa[name] if as_ipa else name for name in known)

    assert inventory(["a", "b", "tS2", "tS", "x"], transcribe) == {"a": "a", "b": "b", "tʃ": "tS"}


@pytest.mark.parametrize(
    ("language", "ipa"),
    [
        ("en-gb", "mˈɒɹɪs wˈʊstə hɜːmˈaɪəni θˈɔːt ʃɪvˈɔːn"),
        ("en-us", "mˈɔːɹɪs bˈʌɾɚ ʃɪvˈɔːn nˈʌθɪŋ"),
        ("de", "ʃtɾˈɑːsə mˈɛːtçən tsˈeːn"),
        ("fr", "bɔ̃ʒˈuʁ mɛzˈɔ̃ wazˈo"),
        ("es", "nˈiɲo pˈero xwˈeβes"),
        ("pl", "ʂtʂˈɛ̃ɕtɕɛ ʒˈuwf"),
        ("ru", "xʌrʌʃˈo nˈotʃʲ"),
        ("it", "tʃˈao ʃˈɛna"),
    ],
)
def test_common_sounds_of_a_language_are_all_there(library: Library, language: str, ipa: str) -> None:
    sounds = library.sounds(language)
    assert len(sounds) > 60
    assert all(to_names(word, sounds) for word in ipa.split())


def test_english_r_is_no_trill(library: Library) -> None:
    sounds = library.sounds("en-gb")
    assert to_names("ˈmɒrɪs", sounds) == to_names("ˈmɒɹɪs", sounds) == "m|'0|r|I|s"


def test_a_pronunciation_changes_the_word_and_nothing_else(say: Say) -> None:
    plain = say("Maurice went home.")
    given = say("Maurice went home.", phonemes=((0, 7, "mɒˈriːs"),))
    assert not np.array_equal(plain.samples[:4000], given.samples[:4000])
    assert given.seconds == pytest.approx(plain.seconds, rel=0.15)


def test_the_usual_pronunciation_sounds_as_the_word_does(say: Say) -> None:
    assert np.array_equal(say("Maurice.", phonemes=((0, 7, "mˈɒɹɪs"),)).samples, say("Maurice.").samples)


def test_a_pronunciation_that_cannot_be_had_leaves_the_word(say: Say) -> None:
    assert np.array_equal(say("Xhosa.", phonemes=((0, 5, "ǁʰosa"),)).samples, say("Xhosa.").samples)


def test_a_possessive_belongs_to_the_word(espeak: Espeak, say: Say) -> None:
    given = say("Anna’s hat.", phonemes=((0, 4, "ˈanə"),))
    assert given.seconds == pytest.approx(say("Anna’s hat.").seconds, rel=0.12)
