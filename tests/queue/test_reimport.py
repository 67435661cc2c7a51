"""A person's corrections outlive a new edition of the source."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from audiobook.pipeline.reimport import merge
from audiobook.script import Line, Paragraph, SceneBreak, ScriptChapter, parse_chapter


def script(*texts: str) -> dict[str, ScriptChapter]:
    return {f"{number:03d}.txt": parse_chapter(text) for number, text in enumerate(texts, 1)}


WRITTEN = "# One\n\nIt rained.\n\n[Ann] “Hello,”\nsaid Ann.\n\n* * *\n\nThe end.\n"


def test_without_corrections_the_fresh_script_stands() -> None:
    fresh = script("# One\n\nIt snowed.\n")
    assert merge(script(WRITTEN), script(WRITTEN), fresh)[0] == fresh


def test_the_first_import_has_nothing_to_keep() -> None:
    assert merge({}, {}, script(WRITTEN))[0] == script(WRITTEN)


def test_a_corrected_speaker_and_style_stay() -> None:
    edited = script(WRITTEN.replace("[Ann] “Hello,”", "[Bob | loudly] “Hello,”"))
    fresh = script(WRITTEN.replace("It rained.", "It snowed."))
    merged, report = merge(script(WRITTEN), edited, fresh)
    assert merged == script(WRITTEN.replace("[Ann]", "[Bob | loudly]").replace("rained", "snowed"))
    assert (report.kept, report.changed, report.lost) == (1, 1, ())


def test_a_correction_moves_with_its_chapter_when_one_is_inserted_before_it() -> None:
    edited = script(WRITTEN.replace("[Ann]", "[Bob]"))
    fresh = script("# Zero\n\nA new beginning.\n", WRITTEN)
    merged, _ = merge(script(WRITTEN), edited, fresh)
    assert merged == script("# Zero\n\nA new beginning.\n", WRITTEN.replace("[Ann]", "[Bob]"))


def test_a_line_of_a_changed_paragraph_keeps_its_direction() -> None:
    edited = script(WRITTEN.replace("[Ann] “Hello,”", "[Bob] “Hello,”"))
    fresh = script(WRITTEN.replace("said Ann.", "cried Ann."))
    merged, report = merge(script(WRITTEN), edited, fresh)
    assert merged == script(WRITTEN.replace("[Ann]", "[Bob]").replace("said", "cried"))
    assert report.lost == ()


def test_better_attribution_reaches_what_nobody_touched() -> None:
    fresh = script(WRITTEN.replace("[Ann]", "[Anna Smith]"))
    assert merge(script(WRITTEN), script(WRITTEN), fresh)[0] == fresh


def test_lines_taken_out_and_added_stay_so() -> None:
    edited = script(WRITTEN.replace("It rained.\n", "").replace("The end.", "The end.\n\nThank you."))
    merged, _ = merge(script(WRITTEN), edited, script(WRITTEN.replace("* * *", "[pause 2s]")))
    assert merged == script("# One\n\n[Ann] “Hello,”\nsaid Ann.\n\n[pause 2s]\n\nThe end.\n\nThank you.\n")


def test_what_is_written_before_everything_stays_first() -> None:
    edited = {"001.txt": replace(script(WRITTEN)["001.txt"], title=Line("Chapter the First"))}
    merged, _ = merge(script(WRITTEN), edited, script(WRITTEN.replace("rained", "snowed")))
    assert merged["001.txt"].title == Line("Chapter the First")


def test_a_correction_without_a_place_is_named() -> None:
    edited = script(WRITTEN.replace("The end.", "[Bob] The end."))
    merged, report = merge(script(WRITTEN), edited, script(WRITTEN.replace("The end.", "Farewell.")))
    assert report.lost == ("The end.",)
    assert merged == script(WRITTEN.replace("The end.", "Farewell."))


lines = st.builds(
    Line, st.sampled_from(["Yes.", "No.", "Perhaps.", "It rained."]), st.sampled_from(["", "Ann", "Bob"])
)
paragraphs = st.lists(lines, min_size=1, max_size=3).map(lambda found: Paragraph(tuple(found)))
chapters = st.builds(
    ScriptChapter,
    st.none() | lines,
    st.lists(paragraphs | st.just(SceneBreak()), max_size=5).map(tuple),
)
scripts = st.dictionaries(st.sampled_from(["001.txt", "002.txt"]), chapters, min_size=1)


@given(written=scripts, edited=scripts)
def test_a_source_that_did_not_change_leaves_every_edit(written, edited) -> None:
    """Spoken lines, in order: chapters may only have been renamed by the program, which knows their names."""
    merged, report = merge(written, edited, written)
    said = [line for chapter in merged.values() for line in chapter.lines()]
    assert said == [line for chapter in edited.values() for line in chapter.lines()]
    assert report.lost == ()


@given(written=scripts, fresh=scripts)
def test_a_script_that_nobody_edited_is_replaced(written, fresh) -> None:
    assert merge(written, written, fresh)[0] == fresh
