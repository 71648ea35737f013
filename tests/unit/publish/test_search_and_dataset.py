"""The gate looks into the search index and the dataset as into every other file."""

import gzip
import io
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lpe_reports.publish.gate import inspect
from lpe_reports.publish.reading import read_document
from lpe_reports.render.search_index import Record, index_files
from lpe_reports.settings import Project

pytestmark = pytest.mark.promise(
    "disclosure", "What the gate cannot read, or not in bounds, is itself a finding"
)

PAGE = (
    '<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>Sida</title></head>'
    '<body><h1 id="topp">Ortopedi</h1></body></html>'
)
NUMBER = "811228-9874"
FOUND = Record(place="a/1.html", title="Ortopedi, vecka 19 2026", kind="Vecka", text="Som vanligt.")


def project_with(tmp_path: Path, files: dict[str, bytes]) -> Project:
    """A project whose candidate has one page and these files."""
    project = Project(tmp_path / "project-of-the-office")
    for name, data in {"a/1.html": PAGE.encode(), **files}.items():
        path = project.candidate / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return project


def rules_of(project: Project) -> set[tuple[str, str]]:
    """The folder or file of every finding, and its rule."""
    return {
        (finding.page.partition("/")[0], finding.rule)
        for finding in inspect(project.candidate, project)
    }


def test_a_real_index_passes(tmp_path: Path) -> None:
    """Pagefind's script and program, its words, and hits that lead to a place of a page."""
    place = Record(place="a/1.html#topp", title="Ett ord", kind="Så räknar vi")
    project = project_with(tmp_path, index_files([FOUND, place]))

    assert inspect(project.candidate, project) == []


@pytest.mark.parametrize(
    ("record", "rule"),
    [
        (Record(place="a/2.html", title="Borta", kind="x"), "broken link"),
        (
            Record(place="a/1.html#borta", title="Borta", kind="x"),
            "link to a place that the page does not have",
        ),
        (Record(place="a/1.html", title=f"Nr {NUMBER}", kind="x"), "personal identity number"),
        (
            Record(place="a/1.html", title="T", kind="x", text=f"Född {NUMBER}"),
            "personal identity number",
        ),
        (
            Record(place="a/1.html", title="T", kind="x", parts=("pt_abcdefghijklmnopabcd",)),
            "re-keyed id",
        ),
        (
            Record(place="a/1.html", title="T", kind="x", names=("/home/anna/x.csv",)),
            "path of a machine",
        ),
    ],
)
def test_what_must_not_leave_is_found_in_a_hit(tmp_path: Path, record: Record, rule: str) -> None:
    """What a hit shows, and where it leads."""
    assert ("search", rule) in rules_of(project_with(tmp_path, index_files([record])))


def test_the_words_of_the_index_are_read(tmp_path: Path) -> None:
    """Also those that no hit shows."""
    record = Record(place="a/1.html", title="T", kind="x", names=("Galla",))
    files = index_files([record])
    (name,) = [name for name in files if name.endswith(".pf_index")]
    path = tmp_path / "x.pf_index"
    path.write_bytes(files[name])

    assert "gall" in read_document(path, name).text


@pytest.mark.parametrize("kind", ["pf_filter", "pf_fragment", "pf_index", "pf_meta", "pagefind"])
@pytest.mark.parametrize(
    "content", [b"no gzip", gzip.compress(b"\0asm something else", mtime=0), b""]
)
def test_a_file_that_is_not_pagefinds_is_a_finding(
    tmp_path: Path, kind: str, content: bytes
) -> None:
    """Whatever its name says."""
    project = project_with(tmp_path, {f"search/x/y.{kind}": content})

    assert ("search", "damaged file") in rules_of(project)


def test_a_packed_file_cannot_fill_the_memory(tmp_path: Path) -> None:
    """A small file that unpacks to more than any page is not unpacked to its end."""
    bomb = gzip.compress(b"pagefind_dcd" + b"\0" * (80 * 1024 * 1024))
    project = project_with(tmp_path, {"search/index/x.pf_index": bomb})

    assert ("search", "archive that unpacks to too much") in rules_of(project)


def parquet(columns: dict[str, Sequence[object]]) -> bytes:
    """A Parquet file of some columns."""
    body = io.BytesIO()
    pq.write_table(pa.table(columns), body)
    return body.getvalue()


SHOWN = {"dold": [True, False, True], "varde": [None, 3.0, 2.0], "text": [None, None, "x"]}


def test_a_hidden_row_of_the_dataset_has_no_value(tmp_path: Path) -> None:
    """Neither a number nor a text, in Parquet and in CSV; the others may."""
    hidden = {"dold": [True, False], "varde": [None, 3.0], "text": [None, "x"]}
    lines = "dold;varde;text\r\nja;;\r\nnej;3;x\r\n"
    clean = {"dataset/a.parquet": parquet(hidden), "dataset/a.csv": lines.encode("utf-8-sig")}
    assert rules_of(project_with(tmp_path / "clean", clean)) == set()

    for name, data in {
        "dataset/a.parquet": parquet(SHOWN),
        "dataset/a.csv": b"dold;varde;text\r\nja;2;\r\n",
    }.items():
        project = project_with(tmp_path / Path(name).suffix[1:], {name: data})
        assert rules_of(project) == {("dataset", "hidden value that is shown")}


def test_the_dataset_may_say_the_same_words_in_a_million_rows(tmp_path: Path) -> None:
    """What it says is looked at once; a single number among them is found."""
    words = pa.array(["Ortopedi"] * 1_000_000).dictionary_encode()
    columns = dict.fromkeys(("sida", "rapport", "enhet"), words)
    many = {"dataset/a.parquet": parquet(columns)}
    assert rules_of(project_with(tmp_path / "clean", many)) == set()

    columns["enhet"] = pa.array(["Ortopedi"] * 999_999 + [NUMBER])
    project = project_with(tmp_path / "planted", {"dataset/a.parquet": parquet(columns)})
    assert rules_of(project) == {("dataset", "personal identity number")}


def test_more_rows_than_may_be_looked_at_are_a_finding(tmp_path: Path) -> None:
    """However small the file is."""
    columns = {f"c{n}": pa.nulls(6_000_000, pa.int8()) for n in range(9)}
    project = project_with(tmp_path, {"dataset/a.parquet": parquet(columns)})

    assert rules_of(project) == {("dataset", "damaged file")}
