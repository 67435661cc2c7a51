"""Quotations are found whatever marks a book uses."""

from __future__ import annotations

import pytest

from audiobook.speakers.quotations import find_quotations


def spoken(text: str, language: str = "en") -> list[str]:
    _, found = find_quotations(text, language)
    return [text[quote.start : quote.end] for quote in found if quote.kind != "other"]


@pytest.mark.parametrize(
    ("opening", "closing", "language"),
    [
        ("“", "”", "en"),
        ('"', '"', "en"),
        ("«", "»", "fr"),
        ("»", "«", "de"),
        ("„", "“", "de"),
        ("„", "”", "pl"),
        ("「", "」", "ja"),
        ("『", "』", "zh"),
        ("”", "”", "sv"),
        ("‘", "’", "en"),
    ],
)
def test_each_pair_of_marks_is_read(opening: str, closing: str, language: str) -> None:
    one, two = f"{opening}The boat is late,{closing}", f"{opening}It always is.{closing}"
    text = f"{one} said Nora.\n\nShe sat down. {two}\n\n{opening}Well?{closing}"
    assert spoken(text, language) == [one, two, f"{opening}Well?{closing}"]


def test_apostrophes_do_not_close_british_single_marks() -> None:
    text = "‘I can’t find the boys’ boat,’ said Nora. ‘It’s gone.’\n\n‘Don’t fret.’\n\n‘’Tis lost.’"
    assert spoken(text) == ["‘I can’t find the boys’ boat,’", "‘It’s gone.’", "‘Don’t fret.’", "‘’Tis lost.’"]


def test_a_speech_may_go_on_over_paragraphs() -> None:
    text = "“First this.\n\n“Then that.”\n\nShe left."
    _, found = find_quotations(text)
    assert [quote.closed for quote in found] == [False, True]


def test_dash_dialogue_leaves_out_what_the_narrator_says() -> None:
    text = "—Hola —dijo Marta—. ¿Vienes?\n\n—No —contestó Luis.\n\nSe fueron."
    assert spoken(text, "es") == ["—Hola", "¿Vienes?", "—No"]
    text = "— Come up, he said gruffly. The tide is in.\n\n— I will.\n\nThe gulls cried."
    assert spoken(text) == ["— Come up,", "The tide is in.", "— I will."]


def test_dash_dialogue_goes_on_after_a_tag_in_mid_sentence() -> None:
    text = (
        "— My brother, said Ned Fell, wants the boat. He thinks it is his.\n\n— Take it.\n\nThe gulls cried."
    )
    assert spoken(text) == ["— My brother,", "wants the boat. He thinks it is his.", "— Take it."]


def test_a_title_inside_a_speech_does_not_split_it() -> None:
    text = "“I had the “Herald” with me, and a pipe.” She left. “Then come.”"
    assert spoken(text) == ["“I had the “Herald” with me, and a pipe.”", "“Then come.”"]


def test_a_mark_that_was_not_closed_does_not_swallow_the_next_speech() -> None:
    assert spoken("“I had it, he said. “It is gone.”") == ["“I had it, he said.", "“It is gone.”"]


def test_windows_line_ends_separate_paragraphs_too() -> None:
    spans, found = find_quotations("“The boat,\r\nis late.”\r\n\r\n“It is.”\r\n")
    assert len(spans) == 2
    assert [quote.paragraph for quote in found] == [0, 1]


VERSES = (
    "“You know the song:\n\n"
    "    The sea gives nothing back to men\n    Who on the sea have sailed.\n\n"
    "My father sang it.” Nora sighed. “Sing it.”\n\n"
)


def test_a_speech_goes_on_after_the_verses_it_recites() -> None:
    for text in (VERSES, VERSES.replace("“", '"').replace("”", '"')):
        found = [part.strip(' "“”').split("\n")[0] for part in spoken(text)]
        assert found == [
            "You know the song:",
            "The sea gives nothing back to men",
            "My father sang it.",
            "Sing it.",
        ]


def test_a_mark_that_was_not_closed_does_not_reach_over_plain_paragraphs() -> None:
    text = "“I had it, he said.\n\nNora went down to the boats.\n\nTom came.” “Well?”"
    assert spoken(text) == ["“I had it, he said.", "“Well?”"]


def test_a_speech_in_single_marks_may_end_with_a_whole_word_before_a_comma() -> None:
    text = (
        "‘Is it marked “wet” or not’; for she knew. ‘Look,’ said Tom.\n\n‘Yes.’\n\n"
        "‘That boat was the boys’, as ever.’"
    )
    assert spoken(text) == [
        "‘Is it marked “wet” or not’",
        "‘Look,’",
        "‘Yes.’",
        "‘That boat was the boys’, as ever.’",
    ]


def test_a_numeral_between_dashes_is_no_speech() -> None:
    assert spoken("— II —\n\n— Come up, he said.\n\n— I will.\n\nThe gulls cried.") == [
        "— Come up,",
        "— I will.",
    ]
