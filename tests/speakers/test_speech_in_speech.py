"""A speaker's own words are told apart from what they repeat; the voice stays the same."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from audiobook.cli.quotes import quotes
from audiobook.speakers import attribute
from audiobook.speakers.nested import marks_lost, own_words


def own(text: str) -> list[str]:
    return [text[start:end] for start, end in own_words(text, 0, len(text), marks_lost(text))]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("“He said, ‘Mind the rope, lad,’ and I did.”", ["“He said,", "and I did.”"]),
        ("\"He said, 'Mind the rope, lad,' and I did.\"", ['"He said,', 'and I did."']),
        ("‘He said, “Mind the rope, lad,” and I did.’", ["‘He said,", "and I did.’"]),
        ("«He said, “Mind the rope, lad,” and I did.»", ["«He said,", "and I did.»"]),
        ("“‘Nora,’ said she, ‘it was you.’ I wept.”", ["said she,", "I wept.”"]),
        (
            "“So I told him. ‘You have torn the net.’ He only laughed.”",
            ["“So I told him.", "He only laughed.”"],
        ),
        ("“‘Where were you last night, then?’", []),
    ],
)
def test_what_is_repeated_is_left_out(text: str, parts: list[str]) -> None:
    assert own(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "“I never use the word ‘always,’ my dear.”",
        "“She plays ‘The Grey Goose of Harrow’ rather well.”",
        "“I should say, ‘Mind the rope, lad,’ if I were you.”",
        "“You cannot say, ‘Mind the rope, lad,’ to a captain.”",
        "“Give ’em the rope, and the boys’ boat, and ’tis done.”",
        "\"Tell 'em 'tis the boys' boat, an' 'twas mine.\"",
        "“The proverb is, ‘A wet net dries slowly.’”",
        "“Nothing of the kind.”",
    ],
)
def test_words_titles_and_supposed_answers_are_the_speakers_own(text: str) -> None:
    assert own(text) == [text]


def test_a_text_that_lost_its_marks_to_blanks_is_read_by_the_gaps() -> None:
    text = '"I don t know. He said,  Mind the rope, lad,  and I did. Nora s boat sank."'
    assert own(text) == ['"I don t know. He said,', 'and I did. Nora s boat sank."']


def test_an_opening_mark_that_was_lost_is_found_by_the_closing_one() -> None:
    text = "\"He said, ?Mind the rope, lad.' And I don't forget.\""
    assert own(text) == ['"He said,', "And I don't forget.\""]


def test_closing_marks_without_opening_ones_are_read_in_linear_time() -> None:
    begun = time.perf_counter()
    own("“" + "ab,' " * 8000 + "”")
    assert time.perf_counter() - begun < 5


def test_verses_that_a_speaker_recites_are_not_their_own_words() -> None:
    text = "    The sea gives nothing back to men\n    Who on the sea have sailed."
    assert own(text) == []


@given(st.text(alphabet="ab A,.!?-\n'‘’\"“”«»", min_size=1, max_size=60))
def test_parts_are_in_order_inside_the_speech_and_not_blank(text: str) -> None:
    position = 0
    for lost in (False, True):
        position = 0
        for start, end in own_words(text, 0, len(text), lost):
            assert position <= start < end <= len(text)
            assert len(own_words(text, 0, len(text), lost)) == 1 or text[start:end] == text[start:end].strip()
            position = end


def test_the_document_tells_parts_and_the_script_keeps_one_voice(tmp_path: Path) -> None:
    text = "“He said, ‘Mind the rope, lad,’ and I did,” said Nora Fell.\n\n“Did you?” asked Tom Hale."
    path = tmp_path / "chapter.txt"
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(quotes, [str(path), "--json"])
    told = [(each["text"], each["speaker"]) for each in json.loads(result.output)]
    assert told == [
        ("“He said,", "Nora Fell"),
        ("and I did,”", "Nora Fell"),
        ("“Did you?”", "Tom Hale"),
    ]
    assert len(attribute(text).quotes) == 2
