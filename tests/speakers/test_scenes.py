"""Names, tags, pronouns and conversations, on small scenes."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.speakers import NARRATOR_SPEAKS, Person, attribute
from audiobook.speakers.decoding import read_together
from audiobook.speakers.idiolect import Idiolect
from audiobook.speakers.people import Character, Clusters, Name, guess_gender, plain, settle_names
from audiobook.speakers.ranker import load_ranker, softmax
from audiobook.speakers.scene import Scene, read_scene

CREW = (
    Person("Nora", ("Nora Finch", "Miss Finch"), "F"),
    Person("Captain Hale", ("Hale", "Mr. Hale"), "M"),
    Person("Tom", (), "M"),
    Person("Mrs. Hale", (), "F"),
)


def said_by(text: str, *roster: Person) -> list[str | None]:
    return [quote.speaker for quote in attribute(text, roster=roster or CREW).quotes]


@pytest.mark.parametrize(
    ("narration", "speaker"),
    [
        ("“{}” said Nora.", "Nora"),
        ("“{}” Nora said softly.", "Nora"),
        ("“{}” was Nora's reply.", "Nora"),
        ("“{}” came from Captain Hale.", "Captain Hale"),
        ("“{}” replied old Mr. Hale, without looking up.", "Captain Hale"),
        ("Nora turned to Tom and asked: “{}”", "Nora"),
        ("Tom sat down, and Nora went on, “{}”", "Nora"),
        ("When Tom had gone, Nora said, “{}”", "Nora"),
        ("Tom was interrupted by Nora, who, quite calm, said, “{}”", "Nora"),
        ("“{}” supplied Tom.", "Tom"),
        ("“{}” said Captain Hale's wife.", "Mrs. Hale"),
        ("Then Nora said:\n\n“{}”", "Nora"),
        ("“{}” called the cheerful voice of Nora.", "Nora"),
        ("“{}” was Nora's reasoning.", "Nora"),
        ("“{}” was all that Nora could say.", "Nora"),
        ("“{}” broke in Nora.", "Nora"),
        ("“{}” remarked cautious Nora.", "Nora"),
        ("Tom laughed aloud at Nora's saying, quite gravely, “{}”", "Nora"),
        ("Tom nodded, and Nora's reply was, “{}”", "Nora"),
        ("Tom left it for Nora to come near and say, “{}”", "Nora"),
        ("Tom was silent, which gave Nora the opportunity of adding, “{}”", "Nora"),
        ("Tom gave way, and Nora said severely “{}”", "Nora"),
        ("At that moment Nora, who had heard Tom laugh at Captain Hale, said, “{}”", "Nora"),
        ("Nora came into the room where Mrs. Hale and Tom were sitting, and said, “{}”", "Nora"),
        ("Tom looked at the sea. After a while Nora began again. “{}”", "Nora"),
        ("Tom was thinking of the sea when he was accosted by Nora:\n\n“{}”", "Nora"),
        ("Tom looked at Nora, whose clear voice said\n\n“{}”", "Nora"),
        ("Nora saw that he was afraid, and called out loudly, “{}”", "Nora"),
        ("Mrs. Hale assured him that nobody sat there; and then added,\n\n“{}”", "Mrs. Hale"),
        ("The boat was not tied before Nora leapt ashore, crying--\n\n“{}”", "Nora"),
    ],
)
def test_tags_of_many_forms_name_their_speaker(narration: str, speaker: str) -> None:
    text = "Nora, Tom, Captain Hale and Mrs. Hale were there.\n\n" + narration.format("The boat is late,")
    assert said_by(text) == [speaker]


def test_a_pronoun_means_the_one_just_named_of_that_gender() -> None:
    text = "Nora came in. Tom looked up from his nets.\n\n“You are late,” he said.\n\n“I am not,” she said."
    assert said_by(text) == ["Tom", "Nora"]


def test_a_paragraph_with_two_tagged_speakers_has_two() -> None:
    text = "“Is it late?” asked Nora, and “It is,” said Tom."
    assert said_by(text) == ["Nora", "Tom"]


def test_each_speaker_of_a_paragraph_keeps_the_words_that_lead_to_the_speech() -> None:
    text = "“Is it late?” asked Nora; and Tom called out, “Very,” but Captain Hale only said, “Hush!”"
    assert said_by(text) == ["Nora", "Tom", "Captain Hale"]


def test_whoever_is_warned_does_not_speak() -> None:
    text = "Nora murmured, “It is late,” and warned Tom “not to wait.”"
    assert said_by(text)[0] == "Nora"


def test_a_speech_of_several_paragraphs_has_one_speaker() -> None:
    text = "“First the nets,” said Tom. “Then the oars.\n\n“Then the sail.”\n\nNora nodded."
    assert set(said_by(text)) == {"Tom"}


def test_the_narrator_speaks_in_the_scene() -> None:
    told = "I walked down to the quay and I waited there for the boat, as I always did.\n\n" * 12
    text = told + "“Is it late?” asked Nora Finch.\n\n“It is,” I said.\n\n" * 4
    found = attribute(text)
    assert [quote.speaker for quote in found.quotes][1] == NARRATOR_SPEAKS


def test_styles_come_from_the_narration() -> None:
    text = "“Hush,” whispered Nora.\n\n“Never!” he roared, laughing.\n\n“As you like,” said Tom."
    assert [quote.style for quote in attribute(text, roster=CREW).quotes] == [
        "whispering",
        "roaring, laughing",
        "",
    ]


def test_a_thought_is_a_thought() -> None:
    found = attribute("“He is late,” thought Nora.", roster=CREW)
    assert [quote.kind for quote in found.quotes] == ["thought"]


# --- names --------------------------------------------------------------------------------------------


def persons(*names: tuple[str, int]) -> list[set[str]]:
    counts = Counter(dict(names))
    return [set(character.aliases) for character in Clusters(counts, counts).join()]


def test_names_of_one_person_are_joined() -> None:
    found = persons(("Nora Finch", 5), ("Nora", 40), ("Miss Finch", 12), ("Tom", 9))
    assert {"Nora Finch", "Nora", "Miss Finch"} in found and {"Tom"} in found


def test_husband_and_wife_are_two() -> None:
    found = persons(("Mr Hale", 20), ("Mrs Hale", 20), ("Hale", 5))
    assert {"Mrs Hale"} in found and {"Mr Hale", "Hale"} in found


def test_sisters_with_one_family_name_are_two() -> None:
    found = persons(("Nora Finch", 9), ("Ada Finch", 9), ("Miss Ada Finch", 4), ("Nora", 30), ("Ada", 30))
    assert {"Nora Finch", "Nora"} in found
    assert {"Ada Finch", "Miss Ada Finch", "Ada"} in found


def test_mother_and_daughter_of_one_name_are_two() -> None:
    found = persons(("Mrs Hale", 20), ("Miss Hale", 20), ("Lady Finch", 9), ("Miss Finch", 9))
    assert [{"Mrs Hale"}, {"Miss Hale"}, {"Lady Finch"}, {"Miss Finch"}] == sorted(
        found, key=lambda names: ("Finch" in str(names), "Miss" in str(names))
    )


def test_a_wife_under_her_husbands_name_is_not_her_husband() -> None:
    found = persons(("Mrs John Hale", 20), ("John Hale", 9), ("John", 30))
    assert {"Mrs John Hale"} in found and {"John Hale", "John"} in found


def test_nobody_with_a_title_is_called_by_a_nickname() -> None:
    found = persons(("Sir Thomas", 30), ("Tom", 30), ("Lady Catherine", 9), ("Kitty", 9))
    assert {"Tom"} in found and {"Kitty"} in found


def test_a_family_name_alone_is_not_the_wife() -> None:
    assert {"Hale"} in persons(("Mrs Hale", 20), ("Hale", 15))


def test_the_elder_sister_has_the_family_name() -> None:
    found = persons(("Miss Finch", 30), ("Miss Ada", 9), ("Ada Finch", 5), ("Ada", 20), ("John Finch", 5))
    assert {"Miss Finch"} in found and {"Miss Ada", "Ada Finch", "Ada"} in found


def test_ranks_of_one_family_are_people_of_their_own() -> None:
    found = persons(("General Hale", 9), ("Captain Hale", 9), ("Mr Hale", 9))
    assert len(found) == 3


def test_a_first_name_tells_the_gender_even_where_others_are_talked_of() -> None:
    robert = Character("Robert", Counter({"Robert": 20}), male=5.0, female=9.0)
    guess_gender(robert)
    assert robert.gender == "M"


def test_people_are_not_called_by_a_family_name_that_others_bear() -> None:
    wife = Character("Mrs Hale", Counter({"Mrs Hale": 9}))
    husband = Character("Hale", Counter({"Hale": 30, "Mr Hale": 9}))
    settle_names([wife, husband], dotted=True)
    assert (wife.name, husband.name) == ("Mrs. Hale", "Mr. Hale")


def test_nicknames_are_the_same_person() -> None:
    assert {"Elizabeth Finch", "Lizzy"} in persons(("Elizabeth Finch", 9), ("Lizzy", 9))


def test_names_are_taken_apart() -> None:
    name = Name.of("Mr. John Hale")
    assert (name.titles, name.given, name.family, name.gender) == (("Mr",), "john", "hale", "M")
    assert plain("Nora’s") == "Nora"
    assert Name.of("Dr. Finch").likely_gender == "M" and not Name.of("Dr. Finch").gender


# --- decoding -----------------------------------------------------------------------------------------


def scene_of(lines: int) -> Scene:
    return read_scene("\n\n".join(f"“Line number {n}.”" for n in range(lines)), CREW)


def likeliest(scene: Scene, options: list[list[tuple[int, float]]]) -> list[int]:
    return [shares[0][0] for shares in read_together(scene.turns, options)]


def test_two_people_take_turns_where_nothing_else_is_known() -> None:
    scene = scene_of(5)
    options = [[(0, 0.9), (1, 0.1)], *([[(0, 0.5), (1, 0.5)]] * 4)]
    assert likeliest(scene, options) == [0, 1, 0, 1, 0]


def test_evidence_outweighs_turn_taking() -> None:
    scene = scene_of(3)
    options = [[(0, 0.99), (1, 0.01)], [(0, 0.99), (1, 0.01)], [(0, 0.5), (1, 0.5)]]
    assert likeliest(scene, options)[:2] == [0, 0]


def test_the_ranker_gives_the_same_chances_every_time() -> None:
    scores = np.linspace(-2, 2, 7)
    chances = softmax(scores, [0, 3, 3, 7])
    assert chances[:3].sum() == pytest.approx(1) and chances[3:].sum() == pytest.approx(1)
    assert load_ranker() is load_ranker()


def test_a_way_of_talking_is_recognized() -> None:
    speeches = ["belay avast matey " * 60, "indeed perhaps rather " * 60, "avast matey"]
    idiolect = Idiolect(speeches, [{0: 1.0}, {1: 1.0}, {}], 150)
    assert idiolect.score(0, 2) > 0 > idiolect.score(1, 2)
    assert idiolect.score(5, 2) == 0


# --- for any text -------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "“",
        "”",
        '"',
        "‘",
        "’",
        "«",
        "»",
        "—",
        "\n\n",
        "\n",
        " ",
        "said Nora",
        "Tom",
        "he asked",
        ".",
        ",",
        "(smiling)",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_quotes_are_in_order_inside_the_text_and_do_not_overlap(text: str) -> None:
    found = attribute(text, roster=CREW)
    position = 0
    for quote in found.quotes:
        assert position <= quote.start < quote.end <= len(text)
        assert 0 <= quote.confidence <= 1
        position = quote.end
    assert attribute(text, roster=CREW) == found


# --- names of the cast list in the text ----------------------------------------------------------------


def test_an_ordinary_word_is_a_name_where_the_list_says_so_and_the_text_has_it_speak() -> None:
    roster = (Person("Seven", (), "M"), Person("Nora", (), "F"))
    text = "“Is it late?” said Seven, at the oars. Seven men laughed on the quay.\n\n“Very,” said Nora."
    scene = read_scene(text, roster)
    assert said_by(text, *roster) == ["Seven", "Nora"]
    assert [mention.who for mention in scene.mentions.all] == [0, 1]


def test_a_listed_name_is_found_whatever_its_inner_capitals() -> None:
    assert said_by("“Is it late?” said McHale.", Person("Mr. Mchale", (), "M"), *CREW) == ["Mr. Mchale"]


# --- roles that are people, relations ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "tag", "speaker"),
    [
        ("Nora Finch ran in. Mrs. Finch and Mrs. Hale rose.", "said her mother", "Mrs. Finch"),
        ("Mr. Hale rose. Mrs. Finch and Mrs. Hale did not.", "said his wife", "Mrs. Hale"),
        ("Nora Finch ran in, with Ada Hale and Tom Finch.", "said her brother", "Tom Finch"),
        ("Mr. Hale, the surgeon, rose. Mr. Finch did not.", "said the surgeon", "Mr. Hale"),
        ("Captain Hale rose. Mr. Finch and Tom Finch did not.", "said the captain", "Captain Hale"),
    ],
)
def test_a_relation_or_a_role_names_whom_the_book_says(before: str, tag: str, speaker: str) -> None:
    names = {"Nora Finch": "F", "Ada Hale": "F", "Tom Finch": "M", "Mrs. Finch": "F", "Mrs. Hale": "F"}
    names |= {"Mr. Finch": "M", "Captain Hale" if "Captain" in before else "Mr. Hale": "M"}
    roster = [Person(name, (), gender) for name, gender in names.items()]
    scene = read_scene(f"{before}\n\n“The boat is late,” {tag}.", roster)
    tagged = scene.turns[0].tag
    assert tagged is not None and tagged.subject.kind == "name"
    assert scene.characters[tagged.subject.who].name == speaker


def test_a_relation_of_nobody_known_stays_open() -> None:
    scene = read_scene("Nora rose. Mrs. Hale did not.\n\n“The boat is late,” said her mother.", CREW)
    tagged = scene.turns[0].tag
    assert tagged is not None and tagged.subject.kind == "kin"


@pytest.mark.parametrize(("places", "known"), [(12, True), (40, False)])
def test_a_role_met_here_and_there_is_somebody_unless_it_is_all_over_the_book(
    places: int, known: bool
) -> None:
    told = "\n\n".join(["The landlady went by." + " The sea was calm." * 60] * places)
    scene = read_scene(f"{told}\n\n“It is late,” said the landlady.")
    assert any(character.name == "The landlady" for character in scene.characters) is known
