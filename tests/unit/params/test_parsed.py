"""Parsed YAML that is kept: it spares time and changes nothing."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from lpe_reports.errors import ParamsError
from lpe_reports.params.loading import load_params
from lpe_reports.params.parsed import keep_parsed, parsed_before
from lpe_reports.params.reading import ParamsModel, read_model
from lpe_reports.settings import Project

NAME = "params/small.yml"
DATA = b"name: a\ndays: [2026-05-11]\n"
DOCUMENT = {"name": "a", "days": [date(2026, 5, 11)], "deep": {"n": 1, "x": 1.5, "on": True}}


class Small(ParamsModel):
    name: str
    days: list[date]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project that has built something."""
    (tmp_path / "_quarto.yml").touch()
    (tmp_path / "build").mkdir()
    (tmp_path / "params").mkdir()
    (tmp_path / NAME).write_bytes(DATA)
    return tmp_path


def _kept(folder: Path) -> list[Path]:
    return [path for path in (folder / "build").rglob("*") if path.is_file()]


def test_kept_document_comes_back_as_it_was(folder: Path) -> None:
    """Types and all; in one file that lies under the YAML file's name."""
    keep_parsed(folder, NAME, DATA, DOCUMENT)
    found = parsed_before(folder, NAME, DATA)

    assert found == DOCUMENT
    assert [type(v) for v in found["deep"].values()] == [int, float, bool]
    (kept,) = _kept(folder)
    assert kept == folder / "build" / "parsed" / "params" / "small.yml.json"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_other_bytes_have_nothing_kept(folder: Path) -> None:
    """One byte of the YAML file is enough; and the newest takes the place of the former."""
    keep_parsed(folder, NAME, DATA, DOCUMENT)

    assert parsed_before(folder, NAME, DATA + b"\n") is None

    keep_parsed(folder, NAME, DATA + b"\n", {"name": "b"})

    assert parsed_before(folder, NAME, DATA) is None
    assert parsed_before(folder, NAME, DATA + b"\n") == {"name": "b"}
    assert len(_kept(folder)) == 1


@pytest.mark.parametrize("cut", [0, 1, 70, -1])
def test_damaged_document_is_as_none(folder: Path, cut: int) -> None:
    """Whatever was changed or lost of it."""
    keep_parsed(folder, NAME, DATA, DOCUMENT)
    (path,) = _kept(folder)
    good = path.read_bytes()
    path.write_bytes(good[:cut])

    assert parsed_before(folder, NAME, DATA) is None

    path.write_bytes(good.replace(b'"a"', b'"b"'))

    assert parsed_before(folder, NAME, DATA) is None


@pytest.mark.parametrize(
    "document",
    [{1: "a"}, {"a": {2: 3}}, {"!date": "2026-01-01"}, {"a": {1, 2}}, {"a": float("nan")}],
)
def test_what_json_cannot_hold_is_not_kept(folder: Path, document: object) -> None:
    """It is parsed every time."""
    keep_parsed(folder, NAME, DATA, document)

    assert parsed_before(folder, NAME, DATA) is None


def test_file_in_the_place_of_the_folder_harms_nothing(folder: Path) -> None:
    """Params are read all the same."""
    (folder / "build" / "parsed").touch()

    assert read_model(folder / NAME, Small, folder).name == "a"


def test_nothing_is_made_where_nothing_was_built(tmp_path: Path) -> None:
    """Reading leaves no folder behind in a project that was only checked, or in none."""
    (tmp_path / "params").mkdir()
    (tmp_path / NAME).write_bytes(DATA)
    read_model(tmp_path / NAME, Small, tmp_path)
    (tmp_path / "_quarto.yml").touch()
    read_model(tmp_path / NAME, Small, tmp_path)

    assert not (tmp_path / "build").exists()


def test_second_reading_parses_nothing_and_gives_the_same(folder: Path) -> None:
    """What is kept is what is read: seen by putting another document in its place."""
    first = read_model(folder / NAME, Small, folder)

    assert read_model(folder / NAME, Small, folder) == first

    keep_parsed(folder, NAME, DATA, {"name": "put there", "days": []})

    assert read_model(folder / NAME, Small, folder).name == "put there"


def test_error_of_a_kept_document_names_its_line(folder: Path) -> None:
    """What does not fit is told as the first time, with the line of the YAML file."""
    (folder / NAME).write_bytes(b"days: []\nname: 7\n")
    told = []
    for _ in range(2):
        with pytest.raises(ParamsError) as caught:
            read_model(folder / NAME, Small, folder)
        told.append((str(caught.value), caught.value.line))

    assert told[0] == told[1]
    assert told[0][1] == 2
    assert len(_kept(folder)) == 1


def test_real_params_are_the_same_from_what_is_kept(folder: Path, root: Path) -> None:
    """Every file of the project; none is parsed a second time."""
    for name in ("params", "reports"):
        shutil.copytree(root / name, folder / name, dirs_exist_ok=True)
    (folder / NAME).unlink()
    project = Project(folder)
    before = load_params(project)
    kept = {path: path.stat().st_mtime_ns for path in _kept(folder)}
    after = load_params(project)

    # What publishing alone reads is read when something is published.
    others = {"citations.yml", "moved.yml"}
    read = [path for path in project.params.rglob("*.yml") if path.name not in others]
    assert len(kept) == len(read)
    assert {path: path.stat().st_mtime_ns for path in _kept(folder)} == kept
    assert list(after.units) == list(before.units)
    assert after.calendar.file == before.calendar.file
    assert after.glossary.entries == before.glossary.entries
    assert after.procedures.codes == before.procedures.codes
    assert after.sources == before.sources
    assert (after.site, after.disclosure, after.retention, after.reports) == (
        before.site, before.disclosure, before.retention, before.reports,
    )  # fmt: skip
    for path in kept:
        json.loads(path.read_bytes().partition(b"\n")[2])
