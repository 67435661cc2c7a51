"""Whom "he", "the lad" and "her aunt" mean, who belongs to whose family, and who is on the scene."""

from __future__ import annotations

import numpy as np
import pytest

from audiobook.speakers import NARRATOR_SPEAKS, Person
from audiobook.speakers.anaphora import NOBODY, References, pronouns
from audiobook.speakers.exchanges import Exchanges
from audiobook.speakers.families import Families, role_of
from audiobook.speakers.forest import Forest, softmax
from audiobook.speakers.kinship import Kinship
from audiobook.speakers.places import Places
from audiobook.speakers.presence import Presence
from audiobook.speakers.scene import Scene, read_scene
from audiobook.speakers.stories import resume
from audiobook.speakers.view import View, candidates, follow, tag_speaker

HARBOUR = (
    Person("Nora Finch", ("Nora", "Miss Finch"), "F"),
    Person("Mr. Finch", (), "M"),
    Person("Mrs. Finch", (), "F"),
    Person("Ned Finch", ("Ned",), "M"),
    Person("Captain Hale", ("Hale",), "M"),
    Person("Tom", (), "M"),
)


def scene_of(text: str, roster: tuple[Person, ...] = HARBOUR) -> Scene:
    return read_scene(text, roster)


def number(scene: Scene, name: str) -> int:
    return next(i for i, character in enumerate(scene.characters) if character.name == name)


def families_of(scene: Scene) -> Families:
    return View.of(scene).families


def meant(text: str, word: str, roster: tuple[Person, ...] = HARBOUR) -> str:
    """Whom the last such word of a text is taken to mean."""
    scene = scene_of(text, roster)
    view = View.of(scene)
    index = len(scene.tokens) - 1 - scene.tokens.lower[::-1].index(word)
    shares = view.means(index)
    assert all(0 <= share <= 1 for share in shares.values())
    assert sum(shares.values()) <= 1 + 1e-6
    return scene.characters[max(shares, key=lambda who: shares[who])].name if shares else ""


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("Tom sat down by the fire. He had walked all day.", "he", "Tom"),
        ("Nora came in with Tom. She was wet through.", "she", "Nora Finch"),
        ("Captain Hale nodded to Nora. He liked her.", "her", "Nora Finch"),
        ("Tom was asleep. Captain Hale opened the door, and then he called out.", "he", "Captain Hale"),
        ("“Well,” said Tom.\n\nHe laughed.", "he", "Tom"),
    ],
)
def test_a_pronoun_means_the_last_who_fits(text: str, word: str, name: str) -> None:
    assert meant(text, word) == name


def test_a_pronoun_never_means_one_of_the_other_gender() -> None:
    scene = scene_of("Nora and Mrs. Finch looked at Tom and at Captain Hale. He and she were tired.")
    view = View.of(scene)
    for word, gender in (("he", "M"), ("she", "F")):
        shares = view.means(scene.tokens.lower.index(word))
        assert shares
        assert {scene.characters[who].gender for who in shares} == {gender}


def test_every_pronoun_may_mean_nobody_who_is_known() -> None:
    scene = scene_of("Tom sat down. He slept. Nora read. She smiled at him.")
    named = [tag_speaker(scene, turn) for turn in scene.turns]
    table = pronouns(Places(scene, named), follow(scene, named))
    assert [scene.tokens.lower[index] for index in table.tokens] == ["he", "she", "him"]
    assert [table.who[high - 1] for high in table.bounds[1:]] == [NOBODY] * 3
    assert len(table.features) == len(table.who) == table.bounds[-1]


def test_references_without_any_word_are_empty() -> None:
    forest = Forest(np.zeros((1, 1), np.int16), np.zeros((1, 1), np.float32), np.zeros((1, 2), np.float32))
    assert References().shares(forest) == {}


def test_the_girl_is_a_woman_on_the_scene() -> None:
    text = "Nora was alone with Tom. He looked up. The girl shook her head."
    scene = scene_of(text)
    shares = View.of(scene).means(scene.tokens.lower.index("girl"))
    assert shares
    assert {scene.characters[who].gender for who in shares} == {"F"}


def test_nouns_for_many_and_for_newcomers_are_nobody_yet() -> None:
    scene = scene_of("Nora was alone. The men came in, and a girl sang.")
    view = View.of(scene)
    assert not view.means(scene.tokens.lower.index("men"))
    assert not view.means(scene.tokens.lower.index("girl"))


@pytest.mark.parametrize(
    ("noun", "who", "owner", "related"),
    [
        ("father", "Mr. Finch", "Nora Finch", True),
        ("papa", "Mr. Finch", "Nora Finch", True),
        ("mother", "Mrs. Finch", "Ned Finch", True),
        ("sister", "Nora Finch", "Ned Finch", True),
        ("brother", "Ned Finch", "Nora Finch", True),
        ("wife", "Mrs. Finch", "Mr. Finch", True),
        ("lady", "Mrs. Finch", "Mr. Finch", True),
        ("son", "Ned Finch", "Mr. Finch", True),
        ("father", "Captain Hale", "Nora Finch", False),
        ("mother", "Mr. Finch", "Nora Finch", False),  # a father is no mother
        ("father", "Nora Finch", "Mr. Finch", False),
        ("father", "Mr. Finch", "Mr. Finch", False),
    ],
)
def test_a_family_name_tells_relations(noun: str, who: str, owner: str, related: bool) -> None:
    scene = scene_of("Nora Finch met Mr. Finch, Mrs. Finch, Ned Finch and Captain Hale.")
    strength = families_of(scene).strength(noun, number(scene, who), number(scene, owner))
    assert (strength > 0.3) is related
    assert 0 <= strength <= 1


@pytest.mark.parametrize(
    "text",
    [
        "Nora was glad. Her uncle, Captain Hale, was safe.",
        "Nora's uncle, Captain Hale, was safe.",
        "Nora was glad. Captain Hale, her uncle, was safe.",
        "“Good night, uncle,” said Nora.\n\n“Good night,” said Captain Hale.",
    ],
)
def test_the_book_tells_relations(text: str) -> None:
    scene = scene_of(text)
    families = families_of(scene)
    uncle, niece = number(scene, "Captain Hale"), number(scene, "Nora Finch")
    assert families.strength("uncle", uncle, niece) > 0.3
    assert families.strength("niece", niece, uncle) > 0.3  # the other way about
    assert families.strength("uncle", number(scene, "Tom"), niece) == 0
    assert uncle in families.relatives("uncle", niece)


def test_what_a_speech_calls_somebody() -> None:
    scene = scene_of(
        "“Yes, papa,” said Nora.\n\n“My father was a sailor,” said Tom.\n\n“Oh, Mother!” cried Ned.\n"
    )
    assert families_of(scene).calls == ["father", "", "mother"]
    assert role_of("mamma") == "mother"


def test_who_calls_papa_is_a_child_and_who_answers_is_the_father() -> None:
    scene = scene_of(
        "Mr. Finch sat with Nora and Captain Hale.\n\n“It is late,” said Mr. Finch.\n\n"
        "“Yes, papa.”\n\n“Go up.”\n"
    )
    families = families_of(scene)
    nora, father, captain = (number(scene, name) for name in ("Nora Finch", "Mr. Finch", "Captain Hale"))
    caller = families.candidates(scene.turns[1], [nora, captain])
    assert caller[0][1] > 0.3
    assert caller[1][1] == 0
    answer = families.candidates(scene.turns[2], [father, captain, nora])
    assert answer[0][4] > 0.3
    assert answer[1][4] == 0


def test_her_father_in_a_tag_is_found_far_away() -> None:
    gap = "\n\n".join(f"The rain went on, and the {n}th hour struck." for n in range(60))
    scene = scene_of(
        f"Mr. Finch and Mrs. Finch had a shop.\n\n{gap}\n\nNora looked up. “Late again,” said her father.\n"
    )
    view = View.of(scene)
    chosen = candidates(view, scene.turns[0])
    father = number(scene, "Mr. Finch")
    assert father in chosen
    row = families_of(scene).candidates(scene.turns[0], chosen)[chosen.index(father)]
    assert row[0] > 0.3


def test_somebody_is_present_as_a_pronoun_too() -> None:
    gap = "\n\n".join("He walked on, and he did not look back." for _ in range(3))
    scene = scene_of(f"Captain Hale saw Nora. Tom walked on.\n\n{gap}\n\n“Rain,” was heard.\n")
    view = View.of(scene)
    runs = Exchanges(scene, view.named, view.told_of).runs
    tom, nora = number(scene, "Tom"), number(scene, "Nora Finch")
    rows = Presence(view, runs).candidates(scene.turns[0], [tom, nora])
    assert rows[0][2] > rows[1][2]  # by pronouns alone
    assert rows[0][0] > rows[1][0]
    assert rows[0][1] + rows[1][1] == pytest.approx(1, abs=1e-3)


def test_whoever_was_named_long_ago_may_still_speak() -> None:
    gap = "\n\n".join("“Yes.”\n\n“No.”" for _ in range(20))
    scene = scene_of(f"Nora met Tom by the boats.\n\n{gap}\n\n“Perhaps,” she said.\n")
    chosen = candidates(View.of(scene), scene.turns[-1])
    assert {number(scene, "Nora Finch"), number(scene, "Tom")} <= set(chosen)


def test_the_narrator_is_no_he() -> None:
    roster = (Person("Jack", (NARRATOR_SPEAKS,), "M"), Person("Tom", (), "M"))
    assert meant("I sat down by Tom. He slept.", "he", roster) == "Tom"
    scene = scene_of("I sat alone. He slept.", roster)
    assert scene.narrator not in View.of(scene).means(scene.tokens.lower.index("he"))


def test_softmax_of_each_group_sums_to_one() -> None:
    chances = softmax(np.array([0.0, 1.0, 2.0, -3.0]), [0, 3, 3, 4])
    assert chances[:3].sum() == pytest.approx(1)
    assert chances[3] == 1
    assert list(chances[:3]) == sorted(chances[:3])


def test_kinship_knows_families_by_title_and_first_name() -> None:
    scene = scene_of("Mrs. Finch met Nora Finch.")
    kinship = Kinship(scene.tokens, scene.mentions, scene.characters)
    assert kinship.families(number(scene, "Mrs. Finch"))["finch"] == ({"Mrs"}, False)
    titles, given = kinship.families(number(scene, "Nora Finch"))["finch"]
    assert given
    assert "Miss" in titles


def test_a_description_on_a_list_is_found_in_lower_case() -> None:
    roster = (Person("Little Girl", (), "F"), Person("Cab Driver", (), "M"), Person("His Valet", (), "M"))
    scene = scene_of("The cab driver saw a little girl. “Stop!” cried the little girl.", roster)
    assert scene.characters[0].mentions == 1  # “a little girl” may be any
    assert scene.characters[1].mentions == 1


def story(paragraphs: int) -> str:
    """Hale tells a story; Nora breaks in; the story goes on without a tag."""
    begun = "“I was a boy,” said Captain Hale, “when the boats went out."
    middle = "“The boats went out, and the wind rose, and nobody came home that night."
    return "\n\n".join(
        [
            begun,
            *[middle] * (paragraphs - 2),
            middle + "”",
            "“Go on,” said Nora.",
            f"“{'And the wind rose. ' * 30}”",
        ]
    )


def favoured(text: str) -> tuple[list[list[tuple[int, float]]] | None, int]:
    scene = scene_of(text)
    hale, nora = number(scene, "Captain Hale"), number(scene, "Nora Finch")
    told = [[(hale, 0.9), (nora, 0.1)] for _ in scene.turns]
    options = [[(nora, 0.9), (hale, 0.1)] for _ in scene.turns]
    return resume(scene, options, told), hale


def test_whoever_tells_a_story_goes_on_with_it() -> None:
    changed, hale = favoured(story(6))
    assert changed is not None
    assert changed[-1][0][0] == hale
    assert changed[-1][0][1] > 0.9
    assert sum(chance for _, chance in changed[-1]) == pytest.approx(1)
    assert changed[-2][0][0] != hale  # “Go on,” has a tag of its own


def test_a_short_speech_is_no_story_and_a_short_answer_is_not_more_of_one() -> None:
    assert favoured(story(3))[0] is None
    changed, _ = favoured(story(6).replace("And the wind rose. " * 30, "Yes."))
    assert changed is None


def test_a_tag_of_the_other_gender_is_not_more_of_a_story() -> None:
    text = story(6)
    changed, _ = favoured(text[:-1] + ",” she said.")
    assert changed is None
    changed, hale = favoured(text[:-1] + ",” he said.")
    assert changed is not None
    assert changed[-1][0][0] == hale


def test_a_story_of_long_ago_is_over() -> None:
    told = "\n\n".join(["It rained."] * 6)
    before, after = story(6).rsplit("\n\n", 1)
    changed, _ = favoured(f"{before}\n\n{told}\n\n{after}")
    assert changed is None


def test_a_first_name_alone_means_the_one_who_is_never_named_in_full() -> None:
    roster = (Person("Ned Hale", (), "M"), Person("Ned Finch", (), "M"))
    scene = scene_of(
        "Ned Hale came in. Ned Hale sat down by the fire. Ned Finch was there. Ned laughed.", roster
    )
    assert scene.mentions.all[-1].who == 1
    assert scene.characters[0].mentions == 2


def test_he_is_not_the_narrator_who_just_spoke() -> None:
    roster = (Person("Jack", (NARRATOR_SPEAKS,), "M"), Person("Tom", (), "M"))
    scene = scene_of("Tom was there. “Well,” I said. He slept.", roster)
    assert set(View.of(scene).means(scene.tokens.lower.index("he"))) == {1}


def test_whoever_is_only_named_is_not_present_by_pronouns() -> None:
    scene = scene_of("Nora and Mrs. Finch were there.\n\n“Rain,” was heard.\n")
    view = View.of(scene)
    runs = Exchanges(scene, view.named, view.told_of).runs
    row = Presence(view, runs).candidates(scene.turns[0], [number(scene, "Nora Finch")])[0]
    assert row[0] > 0 == row[2]


def test_a_wife_who_was_never_named_may_speak_to_her_husband() -> None:
    scene = scene_of("“My dear Mr. Finch,” said his lady, “it rains.”\n\nHe made no answer.")
    assert number(scene, "Mrs. Finch") in candidates(View.of(scene), scene.turns[0])


def test_whoever_is_meant_by_pronouns_may_speak_however_long_ago_they_were_named() -> None:
    women = [Person(name, (), "F") for name in ("Ann", "Beth", "Cora", "Dora", "Ella")]
    named = "\n\n".join(f"{woman.name} sat still." for woman in women)
    walk = "\n\n".join("He walked on, and he did not look back." for _ in range(30))
    scene = scene_of(f"Tom was there.\n\n{named}\n\n{walk}\n\n“Rain.”\n", (Person("Tom", (), "M"), *women))
    view = View.of(scene)
    last = view.meant[-1]
    for share, chosen in ((0.9, True), (0.05, False)):
        view.resolved.shares[last] = {0: share}
        assert (0 in candidates(view, scene.turns[0])) is chosen


def test_whoever_begins_at_the_end_of_a_paragraph_may_speak_in_the_next() -> None:
    scene = scene_of("Tom was silent. Nora began again.\n\n“It rains.”\n")
    turn = scene.turns[0]
    assert turn.tag is None
    assert turn.weak is not None
    assert turn.weak.subject.who == number(scene, "Nora Finch")
    assert turn.weak.strength < 5
