"""Adding a word to a lexicon that a person keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiobook.errors import ScriptError, UsageError
from audiobook.normalization import spoken
from audiobook.normalization.lexicon import parse_lexicon, read_lexicon
from audiobook.normalization.lexicon_file import add_entry, add_to_file


def said(lexicon: str, text: str, speaker: str = "") -> str:
    return spoken(text, "en", lexicon=parse_lexicon(lexicon), speaker=speaker).text


@pytest.mark.parametrize("text", ["words = 3\n", "words = []\n", "words = 'a'\n", "[[words]]\nsay = 'a'\n"])
def test_words_that_are_no_table_are_named(text: str) -> None:
    with pytest.raises(ScriptError, match="words are a table"):
        add_entry(text, "Ada", say="Ay da")


@pytest.mark.parametrize("text", ["[words\n", "[words]\nBen = 3\n", "[wards]\nBen = 'x'\n"])
def test_a_lexicon_that_was_wrong_before_is_not_blamed_on_the_new_word(text: str) -> None:
    with pytest.raises(ScriptError, match=r"^lexicon\.toml"):
        add_entry(text, "Ada", say="Ay da")


@pytest.mark.parametrize("word", ["", "…", " "])
def test_a_word_without_a_letter_is_refused(word: str) -> None:
    with pytest.raises(UsageError, match="letter or a digit"):
        add_entry("", word, say="x")


def test_an_entry_that_says_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="Ada: "):
        add_entry("", "Ada")


def test_the_same_word_of_the_same_speaker_is_replaced() -> None:
    text = add_entry("", "Ada", say="Ay da")
    text = add_entry(text, "Ada", say="Ah da", extra={"speaker": "Ben"})
    text = add_entry(text, "Ada", say="Oh da", extra={"speaker": "Ben"})
    text = add_entry(text, "Ada", say="Ee da")
    assert said(text, "Ada came.") == "Ee da came."
    assert said(text, "Ada came.", "Ben") == "Oh da came."
    assert "Ay da" not in text
    assert "Ah da" not in text


@pytest.mark.parametrize("written", ["[[words.Ada]]\nsay = 'Ay da'\n", "[words.Ada]\nsay = 'Ay da'\n"])
def test_entries_with_lines_of_their_own_get_company(written: str) -> None:
    text = add_entry(written, "Ada", say="Ah da", extra={"speaker": "Ben"})
    assert said(text, "Ada came.") == "Ay da came."
    assert said(text, "Ada came.", "Ben") == "Ah da came."


def test_comments_and_order_stay(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.toml"
    path.write_text("# ours\n[words]\nZoe = 'Zo ee' # as she says it\n")
    add_to_file(path, "Ada", ipa="ˈeɪdə")
    assert path.read_text().startswith("# ours\n[words]\nZoe = 'Zo ee' # as she says it\nAda = ")
    assert read_lexicon(path)


def test_a_refused_word_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.toml"
    with pytest.raises(UsageError):
        add_to_file(path, "…", say="x")
    assert not path.exists()
