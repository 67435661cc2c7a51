"""The folder of links is made once, mended, and only trusted where nobody else can write."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiobook.engines.espeak_home import link_home
from audiobook.errors import StorageError


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    (folder / "voices" / "!v").mkdir(parents=True)
    (folder / "lang").mkdir()
    for name in ("phondata", "en_dict", "lang/en-US"):
        (folder / name).write_text(name)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    return folder


def languages(data: Path) -> dict[str, Path]:
    return {"en-us": data / "lang" / "en-US"}


def test_everything_is_found_under_its_name(data: Path) -> None:
    home = link_home(data, languages(data), "1")
    assert (home / "phondata").read_text() == "phondata"
    assert (home / "voices" / "en-us").read_text() == "lang/en-US"
    assert (home / "voices" / "!v").is_dir()


def test_it_is_made_once(data: Path) -> None:
    first = link_home(data, languages(data), "1")
    before = first.stat().st_mtime_ns
    assert link_home(data, languages(data), "1") == first
    assert first.stat().st_mtime_ns == before


def test_other_data_have_another_folder(data: Path) -> None:
    assert link_home(data, languages(data), "1") != link_home(data, languages(data), "2")


def test_what_a_cleaner_took_comes_back(data: Path) -> None:
    home = link_home(data, languages(data), "1")
    (home / "en_dict").unlink()
    (home / "voices" / "en-us").unlink()
    link_home(data, languages(data), "1")
    assert (home / "en_dict").exists()
    assert (home / "voices" / "en-us").exists()


def test_a_folder_open_to_others_is_not_used(data: Path) -> None:
    home = link_home(data, languages(data), "1")
    home.chmod(0o777)
    other = link_home(data, languages(data), "1")
    assert other != home
    assert (other / "phondata").exists()


def test_a_link_in_its_place_is_not_followed(data: Path, tmp_path: Path) -> None:
    home = link_home(data, languages(data), "1")
    home.rename(tmp_path / "elsewhere")
    home.symlink_to(tmp_path / "elsewhere")
    assert link_home(data, languages(data), "1") != home


def test_an_unwritable_place_is_a_storage_error(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(data / "phondata"))
    with pytest.raises(StorageError, match="prepare the embedded voice"):
        link_home(data, languages(data), "1")
