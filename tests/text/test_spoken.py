"""What is said is what is meant, and no word is lost."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audiobook.book import Hint
from audiobook.normalization import CLASSES, HintSpan, Spoken, spoken
from audiobook.normalization.english import RULES, words
from audiobook.normalization.languages import chinese, japanese
from audiobook.normalization.roman import value

Golden = Callable[[str], list[tuple[str, str]]]
LANGUAGES = st.sampled_from(["en", "de", "fr", "es", "ru", "zh", "ja", "it", "sv", "xx", "en-US", ""])
PLAIN = st.sampled_from(
    ["brindle", "oster", "quall", "merrow", "tansy", "sedge", "lantern", "harbour", "whistle", "crumb"]
)
SPECIAL = st.sampled_from(
    [
        "Mr.",
        "Dr.",
        "J.",
        "P.",
        "7",
        "1984",
        "£3",
        "4s.",
        "6d.",
        "$20.50",
        "5.30",
        "p.m.",
        "XIV",
        "Chapter",
        "IV",
        "No.",
        "½",
        "3¼",
        "1/2",
        "12–15",
        "50%",
        "5",
        "km",
        "H₂O",
        "&",
        "§",
        "—",
        "…",
        "--",
        "*",
        "(",
        ")",
        "“",
        "”",
        "'",
        "etc.",
        "e.g.",
        "STOP",
        "FBI",
        "1st",
        "44",
        "B.C.",
        "007",
        "Jan.",
        "3",
        "⸺",
        "https://example.com",
        "a@example.com",
        "★",
        "中文",
        "é",
        "+44",
        "5′",
    ]
)
MIXED = st.lists(PLAIN | SPECIAL, max_size=25).map(" ".join)
NOISE = st.text(alphabet="0123456789.,:;/-–—%°$£€½ IVXivx'\"()[]abAB \u00ad\u2060…", max_size=60) | st.text(
    max_size=60
)


def say(text: str, language: str = "en", **more: object) -> str:
    return spoken(text, language, **more).text  # type: ignore[arg-type]


def test_every_golden_line_is_said_as_written_beside_it(golden: Golden) -> None:
    wrong = {}
    for tag, line in golden("spoken.txt"):
        language, _, title = tag.partition(" ")
        written, _, wanted = line.partition(" =>")
        got = say(written, language, title=bool(title))
        if got != wanted.strip():
            wrong[written] = got
    assert wrong == {}


@given(MIXED)
@example("5.30 P. merrow")  # the first letter of a word is no half of the day
def test_words_that_no_rule_touches_survive_in_order(text: str) -> None:
    plain = [word for word in re.findall(r"[a-z]+", text) if word in PLAIN_WORDS]
    assert [word for word in re.findall(r"[a-z]+", say(text)) if word in PLAIN_WORDS] == plain


PLAIN_WORDS = frozenset(
    ["brindle", "oster", "quall", "merrow", "tansy", "sedge", "lantern", "harbour", "whistle", "crumb"]
)


@given(MIXED | NOISE, LANGUAGES, st.booleans())
def test_any_text_in_any_language_has_a_spoken_form(text: str, language: str, title: bool) -> None:
    said = spoken(text, language, title=title)
    assert said.text == said.text.strip()
    assert "  " not in said.text
    assert not said.text or any(character.isalnum() for character in said.text)


@given(MIXED, st.sets(st.sampled_from(sorted(CLASSES))))
def test_handling_classes_elsewhere_loses_no_word(text: str, handled: set[str]) -> None:
    plain = [word for word in re.findall(r"[a-z]+", text) if word in PLAIN_WORDS]
    said = say(text, handled=frozenset(handled))
    assert [word for word in re.findall(r"[a-z]+", said) if word in PLAIN_WORDS] == plain


@given(st.text(alphabet="abc é中。!“” ", max_size=40))
def test_letters_are_never_changed_where_there_is_nothing_to_say_otherwise(text: str) -> None:
    kept = [character for character in text if character.isalnum()]
    assert [character for character in say(text, "xx") if character.isalnum()] == kept


@pytest.mark.parametrize("text", ["* * *", "—", "“…”", "", "  ", "\u2060", "·", "***", "(!)"])
def test_what_has_no_sound_is_nothing(text: str) -> None:
    assert spoken(text, "en") == Spoken("")


@pytest.mark.parametrize("name", sorted(CLASSES - {"telephone", "urls", "caps"}))
def test_a_class_that_the_engine_handles_is_left_alone(name: str) -> None:
    samples = {
        "abbreviations": "i.e. this",
        "dates": "May 3",
        "decimals": "3.5",
        "fractions": "½",
        "initials": "J. P. Tarrant",
        "measures": "5 km",
        "money": "£5",
        "numbers": "12",
        "ordinals": "3rd",
        "ranges": "12–15",
        "roman": "Part IV",
        "symbols": "a & b",
        "times": "17:45",
        "titles": "Mr. Hale",
        "years": "in 1984",
    }
    text = samples[name]
    assert say(text) != text
    assert say(text, handled=frozenset({name})) == text


def test_every_rule_has_a_class_that_an_engine_can_name() -> None:
    assert {rule.name for rule in RULES} <= CLASSES


# --- hints of the markup -----------------------------------------------------------------------------


def hinted(text: str, run: str, hint: Hint = Hint.NONE, **more: str) -> Spoken:
    start = text.index(run)
    return spoken(text, "en", hints=[HintSpan(start, start + len(run), hint, **more)])


def test_markup_says_that_letters_are_a_numeral() -> None:
    assert say("He was in MIX now.") == "He was in MIX now."
    assert hinted("He was in MIX now.", "MIX", Hint.ROMAN).text == "He was in one thousand and nine now."
    assert hinted("Louis VI came.", "VI", Hint.ROMAN).text == "Louis the Sixth came."


def test_markup_says_that_letters_are_spelt() -> None:
    assert hinted("The NATO of it.", "NATO", Hint.INITIALISM).text == "The N A T O of it."
    assert hinted("Ask A. E. Then go.", "A. E.", Hint.INITIALS).text == "Ask A E. Then go."


def test_markup_gives_the_sound_of_a_word() -> None:
    said = hinted("Mr. Cholmondeley left.", "Cholmondeley", phonemes="ˈtʃʌmli")
    assert said == Spoken("Mister Cholmondeley left.", ((7, 19, "ˈtʃʌmli"),))


def test_markup_gives_another_word_to_say() -> None:
    assert hinted("The WHO met 7 times.", "WHO", alias="World Health Organization").text == (
        "The World Health Organization met seven times."
    )


def test_code_is_left_as_it_is() -> None:
    assert (
        hinted("Type ls -l 7 now, Mr. Hale.", "ls -l 7", Hint.VERBATIM).text
        == "Type ls -l 7 now, Mister Hale."
    )


def test_hints_find_their_place_when_invisible_characters_go() -> None:
    assert hinted("so\u00adft\u2060 and VI.", "VI", Hint.ROMAN).text == "soft and six."


@given(MIXED, st.integers(0, 80), st.integers(0, 80), st.sampled_from(list(Hint)))
def test_no_hint_breaks_a_line(text: str, start: int, end: int, hint: Hint) -> None:
    said = spoken(text, "en", hints=[HintSpan(start, end, hint, phonemes="x" if hint is Hint.NONE else "")])
    assert all(0 <= first < last <= len(said.text) for first, last, _ in said.phonemes)


# --- numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (21, "twenty-one"),
        (100, "one hundred"),
        (105, "one hundred and five"),
        (1005, "one thousand and five"),
        (1000000, "one million"),
        (1000100, "one million one hundred"),
        (-7, "minus seven"),
    ],
)
def test_cardinals(number: int, said: str) -> None:
    assert words.cardinal(number) == said


def test_ordinals_and_plurals() -> None:
    assert [words.ordinal(number) for number in (1, 12, 20, 23, 100)] == [
        "first",
        "twelfth",
        "twentieth",
        "twenty-third",
        "one hundredth",
    ]
    assert [words.plural(word) for word in ("eighty", "six", "hundred")] == ["eighties", "sixes", "hundreds"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1066, "ten sixty-six"),
        (1700, "seventeen hundred"),
        (1905, "nineteen oh five"),
        (2000, "two thousand"),
    ],
)
def test_years(number: int, said: str) -> None:
    assert words.year(number) == said


@given(st.integers(0, 10**15))
def test_chinese_and_japanese_numbers_have_one_form_each(number: int) -> None:
    for cardinal in (chinese.cardinal, japanese.cardinal):
        said = cardinal(number)
        assert not re.search(r"\d|零零|万万|^零.", said)
        assert cardinal(number + 1) != said


@pytest.mark.parametrize(
    ("text", "number"),
    [("XIV", 14), ("xc", 90), ("MCMLXXXIV", 1984), ("IIII", 4), ("Ⅷ", 8), ("IC", 0), ("", 0), ("A", 0)],
)
def test_roman_numerals(text: str, number: int) -> None:
    assert value(text) == number


# --- speed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part", ["1", "1,", "1.", "I", "A. ", "“", " ", "-", "—", "…", "a", "£", "½", "/", "St. ", "X-"]
)
def test_long_runs_of_one_thing_are_said_in_no_time(part: str) -> None:
    text = part * (4000 // len(part))
    before = time.process_time()
    for language in ("en", "de", "ru", "zh"):
        spoken(text, language)
    assert time.process_time() - before < 2.0


def test_a_novel_takes_seconds() -> None:
    line = "Mr. Hale had paid £3 4s. for No. 7 in 1881, and nobody had asked him why; the rain went on. "
    before = time.process_time()
    for number in range(1000):
        spoken(f"{line}{number}", "en")
    assert time.process_time() - before < 3.0
