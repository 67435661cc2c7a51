"""`audiobook chapters`, as a person and as a program sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audiobook.cli.main import run
from parsing_books.epubs import EpubMaker, chapter, page

TEXT = "The lamp burned low in the window all night long."


@pytest.fixture
def book(tmp_path: Path) -> Path:
    pages: dict[str, str | bytes] = {
        "dedication.xhtml": page('<section epub:type="dedication"><p>For the keepers.</p></section>'),
        "p1.xhtml": page(f'<h2>Chapter 1</h2><p>{TEXT}<a epub:type="noteref" href="#n">1</a></p>'),
        "index.xhtml": chapter("Index", "lamp, 1"),
    }
    toc = [("Dedication", "dedication.xhtml"), ("Chapter 1", "p1.xhtml"), ("Index", "index.xhtml")]
    return EpubMaker(pages, toc=toc).write(tmp_path)


def test_json_has_chapters_and_what_is_skipped(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chapters", str(book), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["title"], document["authors"], document["language"]) == ("The Lamp", ["Ada Quill"], "en")
    assert [one["title"] for one in document["chapters"]] == ["Dedication", "Chapter 1"]
    assert document["chapters"][1] | {"where": ""} == {
        "title": "Chapter 1", "level": 1, "kind": "chapter", "number": 2, "words": 10, "where": "",
        "text": f"Chapter 1\n\n{TEXT}",
    }  # fmt: skip
    assert {part["reason"] for part in document["skipped"]} == {"note mark", "index"}


def test_the_table_shows_what_is_spoken_and_what_is_not(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["chapters", str(book)]) == 0
    shown = capsys.readouterr().out
    assert "The Lamp — Ada Quill" in shown and "Chapter 1" in shown and "dedication" in shown
    assert "left out:" in shown and "index: 1" in shown and "OPS/index.xhtml" in shown


def test_parts_are_chosen_by_kind(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chapters", str(book), "--json", "--include", "index", "--exclude", "dedication"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [one["kind"] for one in document["chapters"]] == ["chapter", "index"]


@pytest.mark.parametrize(
    "flags",
    [
        ["--include", "chpater"],
        ["--exclude", "x"],
        ["--notes", "maybe"],
        ["--tables", "x"],
        ["--figures", "x"],
    ],
)
def test_unknown_words_are_a_usage_error(
    book: Path, flags: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["chapters", str(book), *flags]) == 2
    assert "choose from" in capsys.readouterr().err


def test_bad_input_is_exit_code_three_and_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(b"PK nothing")
    assert run(["chapters", str(path)]) == 3
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_warnings_go_to_the_other_stream(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = EpubMaker({"p.xhtml": f"<html><body><p>{TEXT}<p>&bogus;"}, toc=[("One", "p.xhtml")]).write(
        tmp_path
    )
    assert run(["chapters", str(path)]) == 0
    assert "warning: OPS/p.xhtml" in capsys.readouterr().err
