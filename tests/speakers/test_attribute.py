"""Speakers are named from tags, alternation and the cast list."""

from __future__ import annotations

from audiobook.speakers import Person, attribute

HARBOUR = """“The boat is late,” said Nora Finch.

“It always is,” replied Captain Hale. “Sit down.”

“I would rather stand.”

“As you like.”

Nora looked at the water. “There it is!”
"""


def speakers(text: str, *roster: Person) -> list[str | None]:
    return [quote.speaker for quote in attribute(text, roster=roster or None).quotes]


def test_tags_and_alternation_name_the_speakers() -> None:
    roster = (Person("Nora", ("Nora Finch",), "F"), Person("Captain Hale", ("Hale",), "M"))
    assert speakers(HARBOUR, *roster) == [
        "Nora",
        "Captain Hale",
        "Captain Hale",
        "Nora",
        "Captain Hale",
        "Nora",
    ]


def test_names_are_found_in_the_text_itself() -> None:
    found = attribute(HARBOUR * 3)
    assert {person.name for person in found.people if person.lines} == {"Nora Finch", "Captain Hale"}
    assert found.quotes[1].speaker == "Captain Hale"


def test_every_line_says_why() -> None:
    assert all(quote.evidence for quote in attribute(HARBOUR * 3).quotes)


def test_a_text_without_speech_has_no_quotes() -> None:
    assert attribute("").quotes == ()
    assert attribute("The sea was calm.\n\nNothing moved.").quotes == ()
