"""Front matter that is YAML but no sense, and its rarer forms."""

from __future__ import annotations

import pytest

from audiobook.book import Metadata
from audiobook.errors import BookError
from audiobook.parsing.frontmatter import metadata_of, split_front_matter, voices_of


def metadata(front: str, picture: bytes = b"") -> Metadata:
    matter, _ = split_front_matter(f"---\n{front}\n---\nText.\n", "a.md")
    return metadata_of(matter, lambda path: picture, "a.md")


@pytest.mark.parametrize(
    "front",
    [
        "date: !!timestamp soon",
        "part: !!int ''",
        "part: !!float ''",
        "part: !!bool perhaps",
        "date: 2001-99-99",
        "date: 2001-01-01T00:00:00+99:99",
        "title: !!python/object:os.system x",
        "? {a: b}\n: c",
        "part: " + "9" * 5000,
        "part: " + "[" * 3000,
        "<<: 3",
        "title: \x07",
    ],
)
def test_a_value_that_is_not_what_it_says_is_named(front: str) -> None:
    with pytest.raises(BookError, match=r"^a\.md.*: the front matter is not YAML: \S"):
        metadata(front)


def test_an_error_is_one_line() -> None:
    with pytest.raises(BookError) as caught:
        metadata("title: [a\nb: }")
    assert "\n" not in caught.value.message


def test_the_short_form_of_pandoc_is_read() -> None:
    matter, rest = split_front_matter("% The Lamp\n% Ada Quill; Ben Ink\n% 2021\n\nText.\n", "a.md")
    found = metadata_of(matter, lambda path: b"", "a.md")
    assert (found.title, found.authors, found.date) == ("The Lamp", ("Ada Quill", "Ben Ink"), "2021")
    assert (matter.lines, rest) == (3, "\nText.\n")


def test_values_of_the_wrong_kind_are_left_out() -> None:
    found = metadata("title: true\nauthors: [Ada, ~, {name: Ben}, {role: x}, [Cy], Ada]\nsubtitle: {a: b}")
    assert (found.title, found.subtitle, found.authors) == ("", "", ("Ada", "Ben"))


def test_dates_and_numbers_become_text() -> None:
    found = metadata("title: 1984\ndate: 2020-05-06 07:08:09\nlanguage: en_GB")
    assert (found.title, found.date, found.language) == ("1984", "2020-05-06", "en-GB")


@pytest.mark.parametrize(
    "front",
    ["series: {name: Lamps, index: 2}", "series: Lamps\nvolume: 2", "series: [Lamps]\nseries-part: 2"],
)
def test_a_series_is_a_name_and_a_part(front: str) -> None:
    found = metadata(front)
    assert (found.series, found.series_part) == ("Lamps", "2")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("urn:isbn:978-0-306-40615-7", "9780306406157"),
        ("0-8044-2957-x", "080442957X"),
        ("978-0-306-40615-8", ""),
        ("my own", ""),
    ],
)
def test_an_isbn_is_kept_when_it_is_one(given: str, kept: str) -> None:
    assert metadata(f"isbn: {given}").isbn == kept


def test_a_cover_that_is_no_picture_is_refused() -> None:
    with pytest.raises(BookError, match=r"the cover x\.png is not a JPEG"):
        metadata("cover: x.png", b"words")
    cover = metadata("cover: x.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 20).cover
    assert cover is not None
    assert cover.media_type == "image/png"


@pytest.mark.parametrize(
    ("front", "voices"),
    [
        (
            "voices: {Ada: tone:a, Ben: {voice: tone:b}, Cy: ~, Di: []}",
            (("Ada", "tone:a"), ("Ben", "tone:b")),
        ),
        ("voices: [tone:a]", ()),
        ("title: x", ()),
    ],
)
def test_voices_are_a_table(front: str, voices: tuple[tuple[str, str], ...]) -> None:
    assert voices_of(split_front_matter(f"---\n{front}\n---\n", "a.md")[0]) == voices


@pytest.mark.parametrize("text", ["---\n- a\n- b\n---\nText.", "---\nText.", "", "%", "-- \n"])
def test_what_is_no_front_matter_stays_text(text: str) -> None:
    matter, rest = split_front_matter(text, "a.md")
    assert (matter.values.get("title", ""), rest) == ("", text)
