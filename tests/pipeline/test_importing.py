"""From a source to a project, again and again, with nothing of a person's work lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audiobook.book import Cover
from audiobook.cast import read_cast
from audiobook.errors import BookError, ProjectBusy, ProjectError
from audiobook.pipeline.importing import import_key, locate, metadata, recall
from audiobook.pipeline.making import Quiet, new, preview
from audiobook.pipeline.opening import opened
from audiobook.project import Project, ProjectSettings, open_project

BOOK = """\
---
title: The Ferry Bell
author: [Ines Calder, Tom Oake]
series: Tidewater
---
# One

The bell rang. “Who is there?” asked Nell.

The rope was wet.

# Two

Nobody came.
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.md"
    path.write_text(BOOK)
    return path


@pytest.fixture
def project(source: Path, tmp_path: Path) -> Project:
    return made(source, tmp_path / "p")


def same(settings: ProjectSettings) -> ProjectSettings:
    return replace(settings, engine="tone")


def made(source: Path, folder: Path) -> Project:
    return new(source, folder, same, Quiet()).project


def script(project: Project) -> str:
    return "\n".join(path.read_text() for path in project.script_files())


def test_an_imported_book_is_remembered(project: Project) -> None:
    info = recall(project)
    assert info is not None
    assert info.metadata.authors == ("Ines Calder", "Tom Oake")
    assert [chapter.title for chapter in info.chapters] == ["One", "Two"]
    assert info.imported == import_key(project.settings)


def test_what_cannot_be_remembered_is_read_again(project: Project, source: Path) -> None:
    (project.cache_folder / "book.json").write_text('{"metadata": 3}')
    assert recall(project) is None
    made(source, project.folder)
    assert recall(project) is not None


def test_corrections_survive_a_changed_source(project: Project, source: Path) -> None:
    path = project.script_files()[0]
    path.write_text(path.read_text().replace("[Nell] “Who", "[The ferryman | hoarse] “Who"))
    source.write_text(
        BOOK.replace("The rope was wet.", "The rope was dry.").replace(
            "# Two", "# One and a half\n\nMore.\n\n# Two"
        )
    )
    made(source, project.folder)
    text = script(project)
    assert "[The ferryman | hoarse] “Who is there?”" in text
    assert "The rope was dry." in text
    assert "More." in text
    assert text.count("“Who is there?”") == 1
    assert read_cast(project.cast_file).characters["The ferryman"].voice


def test_an_unchanged_source_leaves_the_script_alone(project: Project, source: Path) -> None:
    path = project.script_files()[0]
    path.write_text(path.read_text() + "\nA line of the person's own.\n")
    made(source, project.folder)
    assert "A line of the person's own." in script(project)


@pytest.mark.parametrize(
    ("there", "kept"),
    [
        ({"script": "old", ".script.new": "half"}, "old"),  # killed while the new one was written
        ({".script.old": "old", ".script.new": "new"}, "new"),  # killed between the two renames
        ({"script": "new", ".script.old": "old"}, "new"),  # killed before the old one was removed
    ],
)
def test_a_rewriting_that_was_killed_is_finished_or_undone(
    tmp_path: Path, there: dict[str, str], kept: str
) -> None:
    for name, text in there.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "001-one.txt").write_text(text)
    Project(tmp_path, ProjectSettings()).mend_script()
    assert [path.name for path in tmp_path.iterdir()] == ["script"]
    assert (tmp_path / "script/001-one.txt").read_text() == kept


def test_the_persons_metadata_goes_over_the_books(project: Project) -> None:
    info = recall(project)
    assert info is not None
    changed = replace(project, settings=replace(project.settings, metadata={"title": "New", "authors": "Me"}))
    (project.folder / "cover.png").write_bytes(b"\x89PNG")
    found = metadata(changed, info)
    assert (found.title, found.authors, found.series) == ("New", ("Me",), "Tidewater")
    assert found.cover == Cover(b"\x89PNG", "image/png")
    wrong = replace(project, settings=replace(project.settings, metadata={"titel": "New"}))
    with pytest.raises(ProjectError, match="titel"):
        metadata(wrong, info)


def test_a_book_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    for name, data in [("empty.md", b""), ("noise.epub", b"PK\3\4rubbish"), ("zeros.txt", bytes(100))]:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(BookError):
            made(tmp_path / name, tmp_path / "q")
    assert not (tmp_path / "q").exists()


def test_the_default_folder_belongs_to_one_book(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder, exists = locate(source, None)
    assert (folder, exists) == (Path("projects/ferry"), False)
    made(source, folder)
    assert locate(source, None) == (folder, True)
    assert locate(folder, None) == (folder, True)
    other = tmp_path / "elsewhere" / "ferry.md"
    other.parent.mkdir()
    other.write_text("# Other\n\nText.\n")
    with pytest.raises(ProjectError, match="--project"):
        locate(other, None)
    other.write_text(BOOK)  # the same book in another place
    assert locate(other, None) == (folder, True)


def test_two_commands_do_not_work_on_one_project(project: Project, source: Path) -> None:
    with opened(source, project.folder, same), pytest.raises(ProjectBusy, match="in use"):
        made(source, project.folder)


def test_another_engine_casts_everybody_anew(project: Project, source: Path) -> None:
    before = read_cast(project.cast_file)
    new(source, project.folder, lambda settings: replace(settings, engine="espeak"), Quiet())
    after = read_cast(project.cast_file)
    assert before.narrator.voice.startswith("tone:")
    assert after.narrator.voice.startswith("espeak:")
    assert open_project(project.folder).settings.engine == "espeak"


def test_a_preview_changes_nothing(project: Project, source: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()}
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    ready = preview(project.folder, None, scratch, same, Quiet(), "2")
    assert [chapter.title for chapter in ready.plan.chapters] == ["Two"]
    assert ready.project.folder == project.folder
    assert {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()} == before
    preview(source, tmp_path / "new", scratch, same, Quiet())
    assert not (tmp_path / "new").exists()


def test_a_sequel_keeps_the_voices_of_its_series(project: Project, tmp_path: Path) -> None:
    cast = read_cast(project.cast_file)
    voice = cast.characters["Nell"].voice
    (tmp_path / "first.toml").write_text(
        '[narrator]\nvoice = "tone:tenor"\n'
        f'[characters."Nell Tarn"]\naliases = ["Nell"]\nvoice = "{voice}"\nstyle = "dry"\n'
    )
    sequel = tmp_path / "sequel.md"
    sequel.write_text(BOOK.replace("Ferry", "Second"))
    found = new(sequel, tmp_path / "s", same, Quiet(), tmp_path / "first.toml").project
    carried = read_cast(found.cast_file)
    assert carried.narrator.voice == "tone:tenor"
    assert (carried.characters["Nell"].voice, carried.characters["Nell"].style) == (voice, "dry")
