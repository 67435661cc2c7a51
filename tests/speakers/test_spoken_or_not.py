"""Letters, labels, indirect speech and supposed speech are the narrator's; what somebody says is not."""

from __future__ import annotations

import time

import pytest

from audiobook.speakers.quotations import find_quotations
from audiobook.speakers.unspoken import mark_unspoken


def by_kind(text: str, kind: str) -> list[str]:
    spans, found = find_quotations(text)
    return [quote.inside(text) for quote in mark_unspoken(text, spans, found) if quote.kind == kind]


LETTER = (
    "“Is there no post?” asked Nora.\n\n"
    "Tom gave her the letter.\n\n"
    "“Harbour Street, Tuesday.”\n\n"
    "“My dear Nora,”\n\n"
    "“The boat was late again.”\n\n"
    "“We had to sleep in the shed.”\n\n"
    "“Your affectionate brother,”\n\n"
    "“JAMES FELL.”\n\n"
    "“Well!” said Tom.\n\n"
    "“Poor James.”"
)


def test_a_letter_of_closed_paragraphs_is_left_to_the_narrator() -> None:
    assert by_kind(LETTER, "speech") == ["Is there no post?", "Well!", "Poor James."]


def test_a_letter_without_a_salutation_ends_at_its_farewell() -> None:
    text = (
        "The letter was as brief as ever; the note ran as follows:\n\n"
        "“I shall not come on Friday.”\n\n“The tide is wrong. Yours ever, Ned.”\n\n"
        "“He is not coming,” said Nora."
    )
    assert by_kind(text, "speech") == ["He is not coming,"]


def test_what_is_said_over_a_letter_is_speech() -> None:
    text = (
        "She gave the letter back to him, and said:\n\n“The nets are sold, then, and the boats will follow "
        "them before the winter; I feared as much when we spoke of it at Easter, and so did you.”\n\n"
        "The letter lay between them. This letter had done it."
    )
    assert by_kind(text, "other") == []


def test_a_line_that_only_greets_is_speech_where_no_letter_follows() -> None:
    text = "“My dear Nora,--”\n\n“Do not call me that.”\n\n“Why not?”\n\nShe left."
    assert by_kind(text, "other") == []


@pytest.mark.parametrize(
    "text",
    [
        "She spoke of “nets” and “tides” and “weather” all day.",
        "On the bow stood the name “Gannet” in white.",
        "“Boats to hire” was painted over the door.",
        "He looked at her as much as to say, “You again!” and went on.",
        "She would have said, “Let us go,” but he had left.",
        "The sea seemed to answer: “Not yet.”",
        "He told them, “that he was sorry for the nets,” and sat down.",
        "Some people, “the harbour lot,” never sailed.",
        "“The tide is with us,” she wrote to him that night.",
        "“Gannet” sailed with the tide.",
        "“The sea gives nothing back.”--Nathan Fell",
        "“NOTICE TO MARINERS.”\n\nThe wind rose.",
        "The men called her “the old lady”, and she let them.",
        "Tom was against it. “He would not hear of the sale; the boats were not his to sell.”",
        "She proposed a walk.—“Had they not sat long enough? She wished to see the whole harbour.”",
        "She longed to say, “Stay with us,” but did not.",
        "He almost answered, “So am I,” and went out.",
        "Nora opened the telegram. It read: “Arrived safely.”",
        "The door was labelled neatly, “Captain Fell.”",
        "The children sang “The Grey Goose of Harrow” in the yard.",
        "The band played the overture to “The Grey Goose.”",
        "“Come by Friday,” the note ran, “and bring the nets.”",
        "[Illustration: “You have torn it,” said she.]",
        "CHAPTER II\n\n“The sea gives nothing back to men\n    Who on the sea have sailed.”\n\nNora rose.",
        "“How very kind!” you will say. He was not kind.",
        "Her uncle wrote at once.\n\n“The nets are sold and the boats will follow them before the winter, as "
        "I feared when we spoke of it at Easter; the smallest is for Tom.”\n\nThis letter she burned.",
    ],
)
def test_labels_and_supposed_or_indirect_speech_are_not_spoken(text: str) -> None:
    assert by_kind(text, "speech") == []


@pytest.mark.parametrize(
    "text",
    [
        "“Is it you?” cried Mrs. Fell “or is it Tom?”",
        "“I think,” said Nora, “that we are late.”",
        "He uttered a curt “No!” and turned away.",
        "“Nora,” he called.",
        "“I saw,” he said, “and I went home.”",
        "She shouted, “run for it!” and ran.",
        "“Yes” she answered.",
        "He answered with a quiet “Yes.” and a nod.",
        "A sharp “Come in” was the answer.",
        "Tom spoke up. “He would not hear of it when I asked him.”",
        "Tom spoke up. “They were not his boats,” said he, “and they had never been.”",
        "Nora stood up and began:\n\n“The sea gives nothing back to men\n    Who on the sea have sailed.”",
    ],
)
def test_what_somebody_says_stays_speech(text: str) -> None:
    assert by_kind(text, "other") == []


def test_a_long_greeting_is_read_in_linear_time() -> None:
    begun = time.perf_counter()
    text = f"“My dear {'a' * 400} {'Word ' * 200}?”\n\n"
    by_kind(text * 20, "other")
    assert time.perf_counter() - begun < 2
