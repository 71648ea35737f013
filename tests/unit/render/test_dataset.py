"""The dataset: every number of every page once more, typed, with what is hidden hidden."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lpe_reports.errors import RenderError
from lpe_reports.params.loading import Params
from lpe_reports.render.dataset.columns import COLUMNS, FIGURES, PAGES, TABLES
from lpe_reports.render.dataset.files import dataset_files
from lpe_reports.render.page_numbers import PageNumbers
from lpe_reports.render.page_store import PageStore
from sample_site import make_project, read_params, spot

NIGHT = date(2026, 5, 11)
WEEKLY = "tabeller-veckouppfoljning"


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> Params:
    """The repository's own."""
    return read_params(make_project(tmp_path_factory.mktemp("project")))


def said(**changes: Any) -> dict[str, Any]:
    """A page's JSON with two key figures and a table of three rows."""
    columns = [
        {"id": "week", "label": "År-vecka", "type": "week", "unit": ""},
        {"id": "unit", "label": "Enhet", "type": "text", "unit": ""},
        {"id": "n", "label": "Antal", "type": "count", "unit": ""},
        {"id": "share", "label": "Andel", "type": "share", "unit": "%"},
        {"id": "day", "label": "Dag", "type": "date", "unit": ""},
    ]
    figure = {
        "id": "operations", "label": "Operationer", "value": 46, "unit": "", "before": 35,
        "target": 45, "hidden": False, "type": "count", "last_year": 41,
    }  # fmt: skip
    hidden = {"id": "few", "label": "Få", "value": None, "unit": "%", "before": None,
              "target": 0.9, "hidden": True, "type": "share", "last_year": None}  # fmt: skip
    rows = [
        ["2026-W19", "Bollnäs", 7, 0.25, "2026-05-04"],
        ["2026-W18", "Bollnäs", None, None, None],
        ["2026-W17", None, 0, True, None],
    ]
    table = {
        "id": "t", "caption": "Tabell", "selection": "", "columns": columns, "rows": rows,
        "hidden": [[1, 2]],
    }  # fmt: skip
    page = {
        "title": "Ortopedi, vecka 19 2026",
        "summary": "46 operationer; en över målet.",
        "key_figures": [figure, hidden],
        "tables": [table],
        "provenance": {"extract": "2026-05-11", "digest": "7f3a9c" * 10},
    }
    return page | changes


def numbers(
    folder: Path, params: Params, pages: Mapping[tuple[str, str, str], dict[str, Any]]
) -> list[PageNumbers]:
    """Pages' JSON on the disk, by report, unit and period."""
    found = []
    for which, page in pages.items():
        path = folder / f"{'-'.join(which)}.json"
        path.write_text(json.dumps(page), encoding="utf-8")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        found.append(PageNumbers(spot(params, *which), path, digest))
    return found


def files_of(pages: list[PageNumbers], folder: Path, night: date = NIGHT) -> dict[str, bytes]:
    """The dataset's files by name."""
    parts = dataset_files(pages, night, PageStore(folder / "store"))
    return {
        name.removeprefix("tables/"): (part.folder / name).read_bytes()
        for part in parts
        for name in part.files
    }


def parquet_rows(data: bytes) -> list[dict[str, Any]]:
    """A Parquet file's rows."""
    rows: list[dict[str, Any]] = pq.read_table(io.BytesIO(data)).to_pylist()
    return rows


def csv_rows(data: bytes) -> list[dict[str, str]]:
    """A CSV file's rows."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_every_page_has_a_row(params: Params, tmp_path: Path) -> None:
    """With its period's days, and which one of its unit is the newest that is over."""
    weeks = [("weekly", "ortopedi", f"2026-W{week}") for week in (18, 19, 20)]
    files = files_of(numbers(tmp_path, params, dict.fromkeys(weeks, said())), tmp_path)
    rows = parquet_rows(files["sidor.parquet"])

    assert [row["sida"] for row in rows] == [
        f"uppfoljning/veckouppfoljning/ortopedi/2026-W{week}" for week in (18, 19, 20)
    ]
    assert [(row["senaste"], row["pagar"]) for row in rows] == [
        (False, False), (True, False), (False, True),
    ]  # fmt: skip
    assert (rows[1]["forsta_dag"], rows[1]["sista_dag"]) == (date(2026, 5, 4), date(2026, 5, 10))
    assert rows[1]["sammanfattning"] == "46 operationer; en över målet."
    assert csv_rows(files["sidor.csv"])[1]["senaste"] == "ja"


def test_each_kind_of_period_has_its_own_newest(params: Params, tmp_path: Path) -> None:
    """A year does not make twelve months that are over old."""
    which = [("procedure", "NGB49", period) for period in ("2024", "2025", "r12-2026-04")]
    files = files_of(numbers(tmp_path, params, dict.fromkeys(which, said())), tmp_path)

    newest = [row["period"] for row in parquet_rows(files["sidor.parquet"]) if row["senaste"]]
    assert newest == ["2025", "r12-2026-04"]


def test_every_key_figure_has_a_row(params: Params, tmp_path: Path) -> None:
    """Typed, with what it is compared with; a hidden one says so and has no value."""
    files = files_of(
        numbers(tmp_path, params, {("weekly", "ortopedi", "2026-W19"): said()}), tmp_path
    )
    first, hidden = parquet_rows(files["nyckeltal.parquet"])

    assert (first["nyckeltal"], first["typ"]) == ("operations", "count")
    assert (first["varde"], first["fore"], first["ett_ar_fore"], first["mal"]) == (46, 35, 41, 45)
    assert (hidden["varde"], hidden["dold"], hidden["mal"]) == (None, True, 0.9)
    assert csv_rows(files["nyckeltal.csv"])[1]["mal"] == "0,9"


def test_every_cell_has_a_row_and_is_named_by_its_rows_first_columns(
    params: Params, tmp_path: Path
) -> None:
    """What is missing is left out, what is hidden is there without a value."""
    files = files_of(
        numbers(tmp_path, params, {("weekly", "ortopedi", "2026-W19"): said()}), tmp_path
    )
    cells = [
        (
            row["rad"], row["radnamn"], row["radperiod"], row["kolumn"], row["varde"], row["text"],
            row["dold"],
        )
        for row in parquet_rows(files[f"{WEEKLY}.parquet"])
    ]  # fmt: skip

    assert cells == [
        (1, "2026-W19 · Bollnäs", "2026-W19", "n", 7.0, None, False),
        (1, "2026-W19 · Bollnäs", "2026-W19", "share", 0.25, None, False),
        (1, "2026-W19 · Bollnäs", "2026-W19", "day", None, "2026-05-04", False),
        (2, "2026-W18 · Bollnäs", "2026-W18", "n", None, None, True),
        (3, "2026-W17", "2026-W17", "n", 0.0, None, False),
        (3, "2026-W17", "2026-W17", "share", None, "ja", False),
    ]
    assert [row["varde"] for row in csv_rows(files[f"{WEEKLY}.csv"])[:2]] == ["7", "0,25"]


def test_a_reports_csv_has_the_newest_pages_only(params: Params, tmp_path: Path) -> None:
    """Pages repeat the same weeks, and a spreadsheet takes a million rows."""
    weeks = [("weekly", "ortopedi", f"2026-W{week}") for week in (18, 19, 20)]
    files = files_of(numbers(tmp_path, params, dict.fromkeys(weeks, said())), tmp_path)

    assert {row["period"] for row in csv_rows(files[f"{WEEKLY}.csv"])} == {"2026-W19"}
    assert len(parquet_rows(files[f"{WEEKLY}.parquet"])) == 3 * 6


def test_the_files_have_the_columns_that_their_page_describes(
    params: Params, tmp_path: Path
) -> None:
    """In order and by type, also where no row has a value."""
    bare = said(key_figures=[], tables=[])
    files = files_of(
        numbers(tmp_path, params, {("weekly", "ortopedi", "2026-W19"): bare}), tmp_path
    )
    types = {
        "text": pa.string(), "number": pa.float64(), "count": pa.int32(), "day": pa.date32(),
        "yes": pa.bool_(),
    }  # fmt: skip

    for name, file in ((PAGES, PAGES), (FIGURES, FIGURES), (TABLES, WEEKLY)):
        schema = pq.read_schema(io.BytesIO(files[f"{file}.parquet"]))
        wanted = [(column.name, types[column.kind]) for column in COLUMNS[name]]
        assert [(field.name, field.type) for field in schema] == wanted
        heading = files[f"{file}.csv"].decode("utf-8-sig").partition("\r\n")[0]
        assert heading.split(";") == [name for name, _ in wanted]


def test_only_the_files_of_changed_pages_are_made_again(params: Params, tmp_path: Path) -> None:
    """The same pages give the same bytes, out of the store; another night's words count, too."""
    which = {
        ("weekly", "ortopedi", "2026-W19"): said(),
        ("utilisation", "hu-cop", "2026-04"): said(),
    }
    store = PageStore(tmp_path / "store")
    first = list(dataset_files(numbers(tmp_path, params, which), NIGHT, store))
    again = list(dataset_files(numbers(tmp_path, params, which), NIGHT, store))
    which["utilisation", "hu-cop", "2026-04"] = said(summary="Annat.")
    changed = list(dataset_files(numbers(tmp_path, params, which), NIGHT, store))

    assert again == first
    kept = {part.folder for part in first} & {part.folder for part in changed}
    assert [name for part in first if part.folder in kept for name in part.files] == [
        f"tables/{WEEKLY}.csv", f"tables/{WEEKLY}.parquet",
    ]  # fmt: skip
    assert files_of(numbers(tmp_path, params, which), tmp_path / "a") == files_of(
        numbers(tmp_path, params, which), tmp_path / "b"
    )


def test_a_text_is_no_formula_in_the_csv(params: Params, tmp_path: Path) -> None:
    """As in the CSV of a page's table."""
    page = {("weekly", "ortopedi", "2026-W19"): said(summary="=1+1")}
    files = files_of(numbers(tmp_path, params, page), tmp_path)

    assert csv_rows(files["sidor.csv"])[0]["sammanfattning"] == "'=1+1"


def test_a_page_that_cannot_be_read_is_named(params: Params, tmp_path: Path) -> None:
    """An operator must know which."""
    pages = numbers(tmp_path, params, {("weekly", "ortopedi", "2026-W19"): said()})
    pages[0].path.unlink()

    with pytest.raises(RenderError, match="ortopedi/2026-W19: its JSON cannot be read"):
        list(dataset_files(pages, NIGHT, PageStore(tmp_path / "store")))
