"""A language model labels numbered speeches; whatever it does wrong falls back and is counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audiobook.errors import StopRun
from audiobook.speakers import Attribution, Person, Quote, attribute
from audiobook.speakers.attribution import recount
from audiobook.speakers.llm import (
    ModelSettings,
    Tally,
    known_name,
    price_of,
    read_labels,
    refine,
    windows,
)

TEXT = """“The boat is late,” said Nora.

“It always is,” said Hale.

“Sit down, then.”

“I would rather stand.”
"""
PEOPLE = (Person("Nora", ("Miss Finch",), "F"), Person("Hale", ("The Captain", "Captain Hale"), "M"))


@pytest.fixture
def found() -> Attribution:
    return attribute(TEXT, roster=PEOPLE)


def ask_with(answer: str, asked: list[str] | None = None):
    def ask(instructions: str, question: str) -> str:
        assert "JSON" in instructions
        if asked is not None:
            asked.append(question)
        return answer

    return ask


def run(found: Attribution, answer: str, folder: Path, **settings: float) -> tuple[Attribution, Tally]:
    return refine(TEXT, found, ModelSettings(**settings), ask_with(answer), folder)


def test_labels_replace_doubtful_speakers(found: Attribution, tmp_path: Path) -> None:
    refined, tally = run(found, '{"labels": {"0": "Nora", "1": "Hale", "2": "Nora", "3": "Hale"}}', tmp_path)
    assert [quote.speaker for quote in refined.quotes] == ["Nora", "Hale", "Nora", "Hale"]
    assert (tally.asked, tally.labelled, tally.missing, tally.invented) == (4, 4, 0, 0)
    assert sum(person.lines for person in refined.people) == 4


def test_no_character_of_the_text_is_touched(found: Attribution, tmp_path: Path) -> None:
    refined, _ = run(found, '{"2": "Hale", "text": "I rewrote it"}', tmp_path)
    assert [(q.start, q.end) for q in refined.quotes] == [(q.start, q.end) for q in found.quotes]


def test_the_question_holds_the_passage_the_people_and_the_numbers(
    found: Attribution, tmp_path: Path
) -> None:
    asked: list[str] = []
    refine(TEXT, found, ModelSettings(), ask_with("{}", asked), tmp_path)
    assert "[2]“Sit down, then.”" in asked[0]
    assert "Hale (also" in asked[0] and "Numbers asked about: [0, 1, 2, 3]" in asked[0]


@pytest.mark.parametrize(
    ("answer", "labels"),
    [
        ('{"labels": {"1": "Nora"}}', {1: "Nora"}),
        ('{"1": "Nora", "2": null}', {1: "Nora", 2: None}),
        ('<think>{"1": "Hale"}? No.</think>\n```json\n{"labels": {"1": "Nora"}}\n```', {1: "Nora"}),
        ('Reasoning first. {"note": "x"} Then: {"labels": {"1": "Nora"}} and more.', {1: "Nora"}),
        ('{"labels": {"1": "Nora", "2": "Ha', {1: "Nora"}),
        ('{"labels": ["Nora"]}', {}),
        ("I cannot help with that.", {}),
        ("", {}),
        ("[1, 2]", {}),
        ('{"labels": {"one": "Nora", "2": 7}}', {}),
    ],
)
def test_answers_are_read_however_they_are_wrapped(answer: str, labels: dict[int, str | None]) -> None:
    assert read_labels(answer) == labels


def test_invented_names_and_missing_and_stray_numbers_fall_back(found: Attribution, tmp_path: Path) -> None:
    refined, tally = run(found, '{"labels": {"0": "Nora", "1": "Gandalf", "99": "Nora"}}', tmp_path)
    assert [quote.speaker for quote in refined.quotes] == [quote.speaker for quote in found.quotes]
    assert (tally.labelled, tally.invented, tally.missing, tally.stray) == (1, 1, 2, 1)
    assert "fell back" in tally.summary()


def test_a_tag_of_the_book_outranks_the_model(found: Attribution, tmp_path: Path) -> None:
    refined, _ = run(found, '{"labels": {"0": "Hale"}}', tmp_path)
    assert refined.quotes[0].speaker == "Nora"


def test_the_same_question_is_paid_for_once(found: Attribution, tmp_path: Path) -> None:
    answer = '{"labels": {"2": "Nora"}}'
    first, paid = run(found, answer, tmp_path, price_in=1000.0)
    again, free = run(found, "never asked", tmp_path, price_in=1000.0)
    assert again == first
    assert paid.cost > 0 and (free.cost, free.requests, free.cached) == (0.0, 0, 1)


def test_an_unusable_answer_is_not_kept(found: Attribution, tmp_path: Path) -> None:
    _, tally = run(found, "I would rather not.", tmp_path)
    assert (tally.failed, tally.missing) == (1, 4)
    assert not list(tmp_path.iterdir())


def test_the_budget_is_a_limit(found: Attribution, tmp_path: Path) -> None:
    refined, tally = run(found, '{"labels": {"2": "Nora"}}', tmp_path, price_in=1e6, budget=0.01)
    assert refined.quotes == found.quotes
    assert (tally.unasked, tally.cost, tally.requests) == (4, 0.0, 0)
    assert "budget" in tally.summary()


def test_a_broken_connection_falls_back_and_a_refused_key_stops(found: Attribution, tmp_path: Path) -> None:
    def cut(_: str, __: str) -> str:
        raise OSError("cut")

    def refused(_: str, __: str) -> str:
        raise StopRun("no key")

    refined, tally = refine(TEXT, found, ModelSettings(), cut, tmp_path)
    assert refined.quotes == found.quotes and tally.failed == 1
    with pytest.raises(StopRun):
        refine(TEXT, found, ModelSettings(), refused, tmp_path)


def test_hybrid_asks_only_about_the_most_doubtful_two_fifths(tmp_path: Path) -> None:
    quotes = tuple(
        Quote(10 * n, 10 * n + 5, speaker="Nora", confidence=n / 10, evidence="on the scene")
        for n in range(10)
    )
    asked: list[str] = []
    refine(
        "x" * 200, Attribution(quotes, PEOPLE), ModelSettings(), ask_with("{}", asked), tmp_path, hybrid=True
    )
    assert "Numbers asked about: [0, 1, 2, 3]" in asked[0]
    assert "[4=Nora]" in asked[0]


def test_names_are_known_by_alias_and_case_but_not_by_halves() -> None:
    assert known_name("miss finch", PEOPLE) == "Nora"
    assert known_name("THE CAPTAIN", PEOPLE) == "Hale"
    assert known_name("Fin", PEOPLE) == ""
    assert known_name("", PEOPLE) == ""
    assert known_name("_narr", PEOPLE) == ""
    assert known_name("_narr", (*PEOPLE, Person("Tom", ("_narr",)))) == "Tom"


def test_long_books_are_asked_about_in_windows() -> None:
    quotes = tuple(Quote(400 * n, 400 * n + 10, speaker="Nora") for n in range(100))
    found = Attribution(quotes, PEOPLE)
    parts = list(windows("y" * 50_000, found, set(range(100))))
    assert sorted(n for part in parts for n in part.numbers) == list(range(100))
    assert all(len(part.numbers) <= 30 for part in parts)
    assert all(price_of(part, ModelSettings(price_in=1.0)) > 0 for part in parts)


def test_lines_are_counted_anew() -> None:
    people = recount("aa bb", PEOPLE, [Quote(0, 5, speaker="Hale"), Quote(0, 2, kind="other")])
    assert [(person.name, person.lines, person.words) for person in people] == [
        ("Hale", 1, 2),
        ("Nora", 0, 0),
    ]


def test_cached_answers_are_plain_json(found: Attribution, tmp_path: Path) -> None:
    run(found, '{"labels": {"2": "Nora"}}', tmp_path)
    (kept,) = tmp_path.iterdir()
    assert json.loads(kept.read_text("utf-8"))["answer"] == '{"labels": {"2": "Nora"}}'
