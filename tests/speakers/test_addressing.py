"""What speeches say to each other, and the tags that a name or a semicolon once hid."""

from __future__ import annotations

import pytest

from audiobook.speakers import Person, attribute
from audiobook.speakers.address import addressee_gender

PEOPLE = (Person("Emily Marsh", ("Emily",), "F"), Person("Tobias Reed", ("Tobias",), "M"))


@pytest.mark.parametrize(
    ("speech", "gender"),
    [
        ("“Yes, sir, at once.”", "M"),
        ("“No, ma'am.”", "F"),
        ("“He calls every man sir because he must.”", ""),
        ("“Sir, madam, be seated.”", ""),
    ],
)
def test_a_form_of_address_tells_the_gender_of_the_one_addressed(speech: str, gender: str) -> None:
    assert addressee_gender(speech) == gender


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“Who left the gate open?” asked Emily, who had come from the yard.", "Emily Marsh"),
        ("“The hens are out,” broke in Tobias.", "Tobias Reed"),
        ("“I shall fetch them,” was Tobias's amendment.", "Tobias Reed"),
        ("“Too late,” he heard Emily say.", "Emily Marsh"),
        ("Tobias put down the pail; and wiping his hands, said, “They are in the wheat.”", "Tobias Reed"),
    ],
)
def test_these_tags_name_their_speaker(text: str, speaker: str) -> None:
    found = attribute(text, roster=PEOPLE)
    assert [quote.speaker for quote in found.quotes] == [speaker]
