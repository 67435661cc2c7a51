"""The lexicon says words as a person wants them, and names the line of every mistake."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.errors import ScriptError, StorageError, UsageError
from audiobook.normalization import Lexicon, Spoken, read_lexicon, spoken
from audiobook.normalization.lexicon import parse_lexicon
from audiobook.normalization.lexicon_file import add_entry, add_to_file
from audiobook.normalization.suggestions import suggest


def say(text: str, entries: str, language: str = "en", speaker: str = "") -> str:
    return spoken(text, language, lexicon=parse_lexicon(entries), speaker=speaker).text


# --- what an entry matches ---------------------------------------------------------------------------


def test_a_word_is_said_as_the_entry_says() -> None:
    assert say("Maeve met Maeve’s cat.", '[words]\nMaeve = "Mayv"') == "Mayv met Mayv's cat."


def test_only_whole_words_are_matched() -> None:
    assert say("The sow sowed snow.", '[words]\nsow = "sow-wow"') == "The sow-wow sowed snow."


def test_a_word_in_lower_case_is_found_in_any_case() -> None:
    assert say("Lead, LEAD, lead.", '[words]\nlead = "led"') == "led, led, led."


def test_a_word_with_a_capital_is_found_as_written_and_in_capitals() -> None:
    assert (
        say("Polish the POLISH Polish.", '[words]\nPolish = "Pole-ish"') == "Pole-ish the Pole-ish Pole-ish."
    )
    assert say("I polish it.", '[words]\nPolish = "Pole-ish"') == "I polish it."


def test_case_can_be_said() -> None:
    assert say("It was IT.", '[words]\nIT = { say = "eye tee", case = true }') == "It was eye tee."
    assert say("it IT It", '[words]\nIT = { say = "that", case = false }') == "that that that"


def test_phrases_match_over_any_white_space_and_the_longest_wins() -> None:
    entries = '[words]\n"St. John" = "Sinjin"\nJohn = "Jon"'
    assert say("St.\u00a0John and John", entries) == "Sinjin and Jon"


def test_entries_are_matched_in_typographic_spelling_too() -> None:
    assert say("The O’Shea boys", '[words]\n"O\'Shea" = "Oh Shay"') == "The Oh Shay boys"
    assert say("The O'Shea boys", '[words]\n"O’Shea" = "Oh Shay"') == "The Oh Shay boys"


def test_an_entry_may_be_for_one_language() -> None:
    entries = '[words]\nJean = [{ say = "Zhahn", language = "fr" }, { say = "Jeen" }]'
    assert say("Jean", entries, "fr-CA") == "Zhahn"
    assert say("Jean", entries, "en") == "Jeen"


def test_an_entry_may_be_for_one_speaker() -> None:
    entries = '[words]\nbath = [{ say = "barth", speaker = "Ann" }, { say = "bath tub" }]'
    assert say("bath", entries, speaker="Ann") == "barth"
    assert say("bath", entries, speaker="Bob") == "bath tub"


def test_patterns_may_use_what_they_found() -> None:
    assert (
        say("McHale and McBell", "[[patterns]]\nmatch = '\\bMc(\\p{Lu}\\w+)'\nsay = 'Mac \\1'")
        == "Mac Hale and Mac Bell"
    )


def test_chinese_words_need_no_space_around_them() -> None:
    assert say("他去重庆了。", '[words]\n"重庆" = "崇庆"', "zh") == "他去崇庆了。"


def test_the_lexicon_comes_before_the_rules() -> None:
    assert (
        say("Dr. Hale of No. 7", '[words]\n"Dr. Hale" = "the Doc"\n7 = "heaven"')
        == "the Doc of Number heaven"
    )


def test_ipa_keeps_the_word_and_says_where_it_stands() -> None:
    lexicon = parse_lexicon(
        '[words]\nCholmondeley = { ipa = "/ˈtʃʌmli/" }\nHale = { say = "Hail", ipa = "heɪl" }'
    )
    said = spoken("Mr. Cholmondeley, — Mr. Hale", "en", lexicon=lexicon)
    assert said == Spoken("Mister Cholmondeley, — Mister Hail", ((7, 19, "ˈtʃʌmli"), (30, 34, "heɪl")))
    assert [said.text[start:end] for start, end, _ in said.phonemes] == ["Cholmondeley", "Hail"]


@given(
    st.lists(st.sampled_from(["Maeve", "7", "Mr.", "…", "(", "cat", "—", "\u2060", "¼"]), max_size=20).map(
        " ".join
    )
)
def test_phonemes_always_point_at_the_word(text: str) -> None:
    said = spoken(text, "en", lexicon=parse_lexicon('[words]\nMaeve = { ipa = "meɪv" }'))
    assert [said.text[start:end] for start, end, _ in said.phonemes] == ["Maeve"] * text.count("Maeve")


def test_only_lines_that_hold_the_entry_change() -> None:
    lines = ["Maeve came.", "It rained on No. 7.", "Nobody saw maeves.", "“Maeve!”"]
    before = [say(line, "") for line in lines]
    after = [say(line, '[words]\nMaeve = "Mayv"') for line in lines]
    assert [one != two for one, two in zip(before, after, strict=True)] == [True, False, False, True]


def test_thousands_of_entries_cost_a_line_little() -> None:
    entries = "[words]\n" + "\n".join(f'Name{number} = "said {number}"' for number in range(5000))
    lexicon = parse_lexicon(entries)
    line = "Nobody had seen Name77 since the ferry went down in the spring of that year."
    before = time.process_time()
    for _ in range(1000):
        assert "said 77" in spoken(line, "en", lexicon=lexicon).text
    assert time.process_time() - before < 3.0


# --- mistakes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[words]\nok = "x"\nbad = 3', "line 3, bad: a text is expected"),
        ('[words]\n"a b" = { sya = "x" }', "line 2, a b: unknown key 'sya'"),
        ("[words]\nbad = {}", "line 2, bad: say or ipa is missing"),
        ('[words]\nbad = { say = "x", case = "no" }', "line 2, bad: case is true or false"),
        ("[words]\nbad = { say = 4 }", "line 2, bad: say is a text"),
        ('[words]\n"—" = "dash"', "line 2, —: an entry needs a letter"),
        ("[words", "line 1"),
        ("[wrods]\n", "unknown table \\[wrods\\]"),
        ("words = 3", "words are a table"),
        ('[words]\n\n[[patterns]]\nsay = "x"', "line 3: match is missing"),
        ('[[patterns]]\nmatch = "("\nsay = "x"', "line 1: not a regular expression"),
        ('[[patterns]]\nmatch = "x*"\nsay = "y"', "line 1: the pattern matches nothing"),
        ('[[patterns]]\nmatch = "(x)"\nsay = "\\\\2"', "line 1: not a regular expression: .*group"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ScriptError, match=f"^lexicon.toml.*{message}"):
        parse_lexicon(text)


def test_a_pattern_that_runs_away_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audiobook.normalization.lexicon._SECONDS_PER_LINE", 0.02)
    lexicon = parse_lexicon("[[patterns]]\nmatch = '(x|xx)+[yz]$'\nsay = 'n'")
    with pytest.raises(ScriptError, match="takes too long"):
        spoken("x" * 60 + "!", "en", lexicon=lexicon)


def test_a_missing_file_is_an_empty_lexicon(tmp_path: Path) -> None:
    assert not read_lexicon(tmp_path / "lexicon.toml")
    assert read_lexicon(tmp_path / "lexicon.toml") == Lexicon()


def test_a_file_that_cannot_be_read_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        read_lexicon(tmp_path)


# --- adding ------------------------------------------------------------------------------------------


def test_adding_keeps_comments_and_order() -> None:
    text = '# mine\n[words]\nZed = "zee"  # not zed\nAnn = "Anne"\n'
    assert add_entry(text, "Bob", say="Bawb") == text + 'Bob = "Bawb"\n'


def test_adding_again_replaces_in_its_place() -> None:
    assert (
        add_entry('[words]\nAnn = "x"\nBob = "y"\n', "Ann", ipa="æn")
        == '[words]\nAnn = {ipa = "æn"}\nBob = "y"\n'
    )


def test_entries_of_one_word_for_several_speakers_live_side_by_side() -> None:
    text = add_entry('[words]\nbath = "bath tub"\n', "bath", say="barth", extra={"speaker": "Ann"})
    assert say("bath", text, speaker="Ann") == "barth"
    assert say("bath", text) == "bath tub"
    text = add_entry(text, "bath", say="baath", extra={"speaker": "Ann"})
    assert say("bath", text, speaker="Ann") == "baath"


def test_a_first_entry_makes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.toml"
    add_to_file(path, "St. John", say="Sinjin")
    assert path.read_text("utf-8").startswith("# How words are said")
    assert spoken("St. John", "en", lexicon=read_lexicon(path)).text == "Sinjin"


def test_what_is_no_word_is_not_added() -> None:
    with pytest.raises(UsageError, match="needs a letter"):
        add_entry("", "—", say="dash")


def test_a_broken_file_is_named_and_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.toml"
    path.write_text("[words]\nbad = 3\n", "utf-8")
    with pytest.raises(ScriptError, match="line 2, bad"):
        add_to_file(path, "Ann", say="Anne")
    assert path.read_text("utf-8") == "[words]\nbad = 3\n"


# --- suggestions -------------------------------------------------------------------------------------

LINES = [
    ("One", "", "The ferry came late. On the quay stood Maeve with a calèche."),
    ("One", "Ann", "“Is that Maeve?” she asked. “The ferry is late, Maeve.”"),
    ("Two", "", "Ferry after ferry went out to Xhobb, and the BBC said so. Maeve’s coat was wet."),
]


def test_names_and_odd_words_come_by_frequency_with_their_first_place() -> None:
    found = suggest(LINES, "en")
    assert [(one.word, one.kind, one.count) for one in found] == [
        ("Maeve", "name", 4),
        ("BBC", "acronym", 1),
        ("Xhobb", "name", 1),
        ("calèche", "odd", 1),
    ]
    assert (found[0].chapter, found[0].sentence) == ("One", 2)
    assert (found[2].chapter, found[2].sentence) == ("Two", 1)
    assert found[2].text.startswith("Ferry after ferry")


def test_words_that_the_lexicon_knows_are_not_suggested() -> None:
    known = parse_lexicon('[words]\nMaeve = "Mayv"')
    assert "Maeve" not in [one.word for one in suggest(LINES, "en", known)]
    assert [one.word for one in suggest(LINES, "en", least=2)] == ["Maeve"]
