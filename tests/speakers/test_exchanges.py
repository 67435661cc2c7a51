"""Whole exchanges: sides, addressees, breaks, and what one end of a run tells about the other."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook.speakers import Person, attribute
from audiobook.speakers.addressees import addressed
from audiobook.speakers.beliefs import Beliefs
from audiobook.speakers.cues import Cues
from audiobook.speakers.decoding import read_together
from audiobook.speakers.exchanges import Exchanges
from audiobook.speakers.features import Extractor
from audiobook.speakers.idiolect import Idiolect
from audiobook.speakers.people import Character, Clusters, adopt_names, from_roster
from audiobook.speakers.runs import Runs
from audiobook.speakers.scene import Scene, read_scene
from audiobook.speakers.view import View, lead_in

PEOPLE = (Person("Ada", (), "F"), Person("Ben", (), "M"), Person("Cleo", (), "F"))
ADA, BEN, CLEO = range(3)


def scene_of(*paragraphs: str) -> Scene:
    return read_scene("\n\n".join(paragraphs), PEOPLE)


@pytest.mark.parametrize(
    ("line", "who", "gender"),
    [
        ("“The boat is gone,” said Ada to Ben.", (BEN,), ""),
        ("“The boat is gone,” Ada told Cleo, who sat down.", (CLEO,), ""),
        ("Ada turned to him and said, “The boat is gone.”", (), "M"),
        ("“The boat is gone,” said Ada, who meant to row to Ben's island.", (), ""),
        ("“The boat is gone to Ben,” said Ada.", (), ""),
    ],
)
def test_the_narration_tells_to_whom_a_speech_is_said(line: str, who: tuple[int, ...], gender: str) -> None:
    scene = scene_of(line)
    found = addressed(scene, scene.turns[0])
    assert (found.who, found.gender) == (who, gender)


def test_a_tag_counts_for_its_side_of_the_run_only() -> None:
    scene = scene_of("“One,” said Ada.", "“Two.”", "“Three.”", "“Four.”", "“Five.”")
    view = View.of(scene)
    exchanges = Exchanges(scene, view.named, {})
    assert exchanges.runs.side == [0, 1, 0, 1, 0]
    last, other = scene.turns[4], scene.turns[3]
    same = exchanges.candidate(last, ADA, "F", exchanges.sides(last))
    across = exchanges.candidate(other, ADA, "F", exchanges.sides(other))
    assert same[0] > 0 == same[6]  # tagged on the same side, and not on the other
    assert across[0] == 0 < across[6]
    assert exchanges.candidate(last, BEN, "M", exchanges.sides(last))[0] < 0  # it is somebody else's side


def test_a_speech_that_goes_on_does_not_change_sides() -> None:
    scene = scene_of("“One,” said Ada.", "“Two, and here is a long story.", "“Three goes on.”", "“Four.”")
    assert [turn.continues for turn in scene.turns] == [False, False, True, False]
    assert Runs.of(scene).side == [0, 1, 1, 0]


def test_narration_of_two_paragraphs_ends_a_run() -> None:
    scene = scene_of("“One.”", "It rained.", "“Two.”", "It rained.", "It still rained.", "“Three.”")
    assert Runs.of(scene).turns == [[0, 1], [0, 1], [2]]


def test_a_heading_is_a_break_and_presence_begins_anew() -> None:
    scene = scene_of(
        "Ben slept. Ben snored.", "“One,” said Ada.", "CHAPTER II", "Cleo came in.", "“Two,” she said."
    )
    view = View.of(scene)
    cues = Cues(scene, view.resolved, view.named, view.told_of)
    assert cues.breaks == [0, 2]
    second = scene.turns[1]
    since_break = {who: cues.candidate(second, who)[-5] for who in (BEN, CLEO)}
    assert since_break[CLEO] > 0 == since_break[BEN]


def test_who_opens_the_sentence_before_a_speech_is_its_subject() -> None:
    scene = scene_of("Ben frowned at Cleo. “No,” he said.")
    view = View.of(scene)
    lead = Cues(scene, view.resolved, view.named, view.told_of).around[0][0]
    assert lead.subject == {BEN: 1.0}
    assert lead.others == (CLEO,)
    assert lead.verb == 2


def test_narration_that_leads_over_a_paragraph_belongs_to_the_speech() -> None:
    scene = scene_of("“No,” said Cleo. Ben took his hat. After a while he said:", "“Then I shall go.”")
    turn = scene.turns[1]
    assert turn.tag is not None and turn.tag.subject.first < turn.first
    words = scene.tokens.word[lead_in(scene, turn) : turn.first]
    assert words[:5] == ["said", "Cleo", ".", "Ben", "took"]
    assert lead_in(scene, scene.turns[0]) == scene.turns[0].first


def test_one_sure_turn_tells_who_has_that_side_of_a_long_run() -> None:
    scene = scene_of("“One,” said Ada to Ben.", *(f"“Line {n}.”" for n in range(8)))
    table = Extractor(scene).table()
    chances = np.full(len(table.who), 1 / 3)
    for row in range(table.bounds[0], table.bounds[1]):
        chances[row] = 0.98 if table.who[row] == ADA else 0.01
    for row in range(table.bounds[3], table.bounds[4]):
        chances[row] = 0.98 if table.who[row] == BEN else 0.01
    pair = Beliefs(scene, table, chances)._pair
    assert max(pair(6), key=lambda who: pair(6)[who]) == ADA
    assert max(pair(7), key=lambda who: pair(7)[who]) == BEN


def test_whoever_has_the_other_side_of_a_run_has_not_this_one() -> None:
    scene = scene_of("Ben saw Ada.", *(f"“Line {n}.”" for n in range(6)))
    table = Extractor(scene).table()
    sure, split = {ADA: 0.9, BEN: 0.1}, {ADA: 0.5, BEN: 0.5}
    chances = [
        (sure if turn % 2 else split).get(who, 0.0) for turn, who in zip(table.turn, table.who, strict=True)
    ]
    pair = Beliefs(scene, table, np.array(chances))._pair(2)
    assert pair[BEN] > 2 * pair[ADA]


def test_a_speech_does_not_vote_for_itself() -> None:
    sailor, clerk = "belay avast matey " * 60, "indeed perhaps rather " * 60
    shares: list[dict[int, float]] = [{ADA: 1.0}, {BEN: 1.0}, {BEN: 1.0}]
    idiolect = Idiolect([sailor, clerk, sailor], shares, 150)
    assert idiolect.score(ADA, 0) == 0  # nothing else of hers is known
    assert idiolect.score(BEN, 2) < 0  # the rest of what he says is unlike it


def test_where_nobody_is_on_the_scene_nobody_is_believed_to_speak() -> None:
    scene = read_scene("“One.”\n\n“Two.”", ())
    table = Extractor(scene).table()
    assert Beliefs(scene, table, np.zeros(0)).features().shape[0] == 0
    assert read_together(scene.turns, [[], []]) == [[(-1, 1.0)], [(-1, 1.0)]]


def test_whoever_spoke_before_a_long_speech_answers_behind_it() -> None:
    scene = scene_of("“One,” said Ada.", "“Two, a long story.", "“It goes on.", "“And ends.”", "“Three.”")
    options = [[(ADA, 0.9)], [(BEN, 0.9)], [], [], [(ADA, 0.4), (BEN, 0.4), (CLEO, 0.4)]]
    found = [shares[0][0] for shares in read_together(scene.turns, options)]
    assert found == [ADA, BEN, BEN, BEN, ADA]


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 5), st.floats(1e-6, 1)), max_size=8, unique_by=lambda p: p[0]),
        min_size=5,
        max_size=5,
    )
)
def test_chances_of_a_turn_add_up_to_one_whatever_the_options(options: list[list[tuple[int, float]]]) -> None:
    scene = scene_of("“One.”", "“Two.”", "It rained.", "“Three goes on.", "“Four.”", "“Five.”")
    found = read_together(scene.turns, options)
    assert len(found) == 5
    for shares in found:
        assert sum(chance for _, chance in shares) == pytest.approx(1)
        assert shares == sorted(shares, key=lambda pair: (-pair[1], pair[0]))


def test_what_a_list_calls_the_girl_is_not_every_girl() -> None:
    roster = (Person("Ada", (), "F"), Person("Persis", ("the girl", "the pilot"), "F"))
    text = "Ada rowed. “Hold on!” cried the girl.\n\nPersis sat still. “I do,” said the pilot."
    scene = read_scene(text, roster)
    assert [tag.subject.who for turn in scene.turns if (tag := turn.tag)] == [-1, 1]
    alone = read_scene(text, (Person("the girl", (), "F"),))
    assert alone.turns[0].tag is not None and alone.turns[0].tag.subject.who == 0


def test_a_narrator_is_weighed_alike_with_and_without_a_name() -> None:
    lines = ["I rowed on. “Pull, Jon,” said Ada.", "“I do,” I said.", *(["“Look, Jon.”", "“Where?”"] * 3)]
    lines += ["I knew that I was lost, and I told her so."] * 3
    named = read_scene("\n\n".join(lines), (Person("Jon", ("_narr",), "M"), Person("Ada", (), "F")))
    view = View.of(named)
    assert named.narrator == 0
    assert 0 not in view.told_of and 0 not in view.quoted_of


def test_a_list_may_leave_out_the_longer_names_of_the_book() -> None:
    roster = (
        Person("Ada", (), "F"),
        Person("Edwin Marsh", ("Edwin",), "M"),
        Person("Mr. Holt", (), "M"),
        Person("Colonel Robin", (), "M"),
    )
    names = ("Miss Ada Marsh", "Mr. Rupert Marsh", "Mr. Jonas Holt", "Robin Vale", "Mr. Edwin Marsh")
    counts = Counter(dict.fromkeys((*names, "Ada", "Edwin", "Mr. Holt", "Colonel Robin", "Robin"), 5))
    listed = from_roster(roster)
    adopt_names(listed, Clusters(counts, counts).join())
    assert {character.name: character.adopted for character in listed} == {
        "Ada": {"Miss Ada Marsh"},
        "Edwin Marsh": {"Mr. Edwin Marsh"},
        "Mr. Holt": {"Mr. Jonas Holt"},
        "Colonel Robin": set(),
    }


@pytest.mark.parametrize(
    ("listed", "book", "same"),
    [
        ("Colonel Robin", "Mr. Robin Vale", False),  # here Robin is a family name
        ("Miss Robin", "Miss Robin Vale", True),
        ("Mr. Marsh", "Mr. Rupert Marsh", True),
        ("Rupert Marsh", "Mr. Edwin Marsh", False),
        ("Mr. Rupert", "Miss Rupert Vale", False),
    ],
)
def test_a_longer_name_is_adopted_where_it_can_be_the_same_person(listed: str, book: str, same: bool) -> None:
    (character,) = from_roster([Person(listed, (), "F" if "Miss" in listed else "M")])
    adopt_names([character], [Character(book, Counter({listed: 3, book: 2}))])
    assert (book in character.adopted) is same


def test_names_adopted_from_the_book_are_not_written_to_the_list() -> None:
    text = "\n\n".join(
        f"“It is late, and {n} of us are here,” said Miss Ada Marsh. Ada sat down." for n in range(9)
    )
    roster = (Person("Ada", (), "F"),)
    assert read_scene(text, roster).characters[0].adopted
    assert attribute(text, roster=roster).people[0].aliases == ()
