"""A year that is over lies in one file; a month of it that changes is stored apart."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from lpe_reports.warehouse.nights import parts
from lpe_reports.warehouse.nights.manifest import TableManifest, read_manifest
from lpe_reports.warehouse.questions import Question
from lpe_reports.warehouse.snapshots import open_extract
from small_warehouse import NIGHT, SmallOffice, operation, small_office

SOURCES = """
default: demo
limits: {rejected_share: 1, unknown_share: 1}
reload: {full_every_days: 7, overlap_hours: 24}
sources:
  demo:
    kind: duckdb
    demo: true
    demo_key_secret: the demo has nothing to hide
    path: data/demo/warehouse.duckdb
    aliases: {hospital: {Annan: other}}
    tables: {operations: {watermark: changed_at}}
"""
CLOCK = datetime.fromisoformat("2026-05-09 12:00")
TIMES = [name for name in operation(0) if name.endswith("_at")]


def _row(number: int, **changes: Any) -> dict[str, Any]:
    """An operation on every third day from January 2024 on, until May 2026."""
    row = operation(number, changed_at=CLOCK - timedelta(days=290 - number))
    later = timedelta(days=3 * number - number % 120 - 735)
    moved = {name: row[name] + later for name in TIMES if row[name] is not None}
    return row | moved | {"theatre": f"Sal {number}"} | changes


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """Operations of two years that are over, and of one that is not."""
    office = small_office(tmp_path, operations=0)
    office.sources(SOURCES)
    office.tables = {"operations": [_row(number) for number in range(286)]}
    return office


def _night(office: SmallOffice, night: date = NIGHT) -> tuple[Path, TableManifest]:
    folder = office.extract(as_of=night)
    return folder, read_manifest(folder).tables["operations"]


def _whole_night(office: SmallOffice) -> tuple[Path, TableManifest]:
    """A week later, when all is loaded again."""
    folder, table = _night(office, NIGHT + timedelta(days=7))
    assert table.load == "full"
    return folder, table


def _files(table: TableManifest) -> list[str]:
    return sorted(file.path.removeprefix("operations/") for file in table.files)


def _change(office: SmallOffice, number: int, **changes: Any) -> None:
    office.tables["operations"][number] = _row(number, changed_at=CLOCK, **changes)


THIS_YEAR = [f"2026-0{month}.parquet" for month in range(1, 6)]


def test_years_that_are_over_are_one_file_each(office: SmallOffice) -> None:
    """The months of a unit follow each other in it, so that a page reads one run of rows."""
    folder, table = _night(office)

    assert _files(table) == ["2024.parquet", "2025.parquet", *THIS_YEAR]
    stored = pq.read_table(folder / "operations" / "2025.parquet")
    parts = [part for part in table.parts if part.period.startswith("2025")]
    assert len(parts) == 48
    assert [(p.unit, p.period) for p in parts] == sorted((p.unit, p.period) for p in parts)
    assert stored.num_rows == sum(part.rows for part in parts)
    for part in parts:
        rows = stored.slice(part.first_row, part.rows)
        assert rows.column("operating_unit").unique().to_pylist() == [part.unit]


def test_months_that_fill_a_row_group_have_a_file_of_their_own(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no load has to hold a large office's year; the others of the year share theirs."""
    monkeypatch.setattr(parts, "ROW_GROUP_ROWS", 11)
    _, table = _night(office)

    files = {file.path.removeprefix("operations/") for file in table.files}
    rows = dict.fromkeys(sorted({part.period for part in table.parts}), 0)
    for part in table.parts:
        rows[part.period] += part.rows
    full = {f"{month}.parquet" for month, held in rows.items() if held >= 11}
    assert {"2024.parquet", "2025.parquet"} <= files
    assert 0 < len([name for name in full if not name.startswith("2026")]) < 24
    assert files == {"2024.parquet", "2025.parquet", *full, *THIS_YEAR}
    assert len(open_extract(office.project).read("operations")) == 286
    whole, _ = _asked(office, {})
    monkeypatch.undo()
    _whole_night(office)
    assert _asked(office, {})[0].answer_digest == whole.answer_digest


def test_a_month_of_a_past_year_that_changes_is_stored_apart(office: SmallOffice) -> None:
    """The rest of its year is the very file of the night before, of which less is read."""
    first, _ = _night(office)
    _change(office, 130, asa=4)

    second, table = _night(office)

    assert table.load == "increment"
    assert _files(table) == ["2024.parquet", "2025-01.parquet", "2025.parquet", *THIS_YEAR]
    for name in ("2024.parquet", "2025.parquet"):
        assert (second / "operations" / name).samefile(first / "operations" / name)
    of_january = {p.file for p in table.parts if p.period == "2025-01"}
    assert [table.files[file].path for file in of_january] == ["operations/2025-01.parquet"]
    assert len(open_extract(office.project).read("operations")) == 286


def test_a_past_year_that_did_not_change_is_linked_by_whole_loads(office: SmallOffice) -> None:
    """Also when increments have come between."""
    first, _ = _night(office)
    _change(office, 130, asa=4)
    _night(office)

    whole, _ = _whole_night(office)

    year = "operations/2024.parquet"
    assert (whole / year).samefile(first / year)


def test_the_next_whole_load_puts_a_year_together_again(office: SmallOffice) -> None:
    """And nothing stays of rows that are not there any more, whatever the increments did."""
    _night(office)
    rows = office.tables["operations"]
    december = [row for row in rows if f"{row['surgery_start_at']:%Y-%m}" == "2025-12"]
    for row in december:
        number = int(row["operation_id"].removeprefix("O"))
        moved = {name: row[name] + timedelta(days=100) for name in TIMES if row[name] is not None}
        office.tables["operations"][number] = row | moved | {"changed_at": CLOCK}
    folder, increment = _night(office)
    assert increment.load == "increment"
    assert pq.read_metadata(folder / "operations" / "2025.parquet").num_rows > 110

    folder, whole = _whole_night(office)

    assert _files(whole) == ["2024.parquet", "2025.parquet", *THIS_YEAR]
    kept = sum(part.rows for part in whole.parts if part.period.startswith("2025"))
    assert pq.read_metadata(folder / "operations" / "2025.parquet").num_rows == kept
    assert whole.digest == increment.digest
    assert whole.silent is not None and sum(whole.silent[:3]) == 0


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"units": ["hu-cop", "bo-opc"]},
        {"start": date(2024, 3, 14), "end": date(2025, 2, 3)},
        {"start": date(2025, 1, 10), "end": date(2025, 1, 20)},
        {"end": date(2026, 1, 1), "where": {"asa": [1, 4]}, "columns": ["operation_id", "age"]},
        {"start": date(2025, 6, 1), "where": {"vo": "ortopedi"}},
    ],
)
def test_an_answer_does_not_tell_how_files_are_divided(
    office: SmallOffice, asked: dict[str, Any]
) -> None:
    """Same rows in the same order with the same digest: years whole, months apart, whole again."""
    _night(office)
    for number in (20, 130, 200):
        _change(office, number, asa=4)
    _night(office)
    apart, apart_rows = _asked(office, asked)
    _whole_night(office)
    whole, whole_rows = _asked(office, asked)

    assert len(whole_rows) > 0
    assert apart_rows == whole_rows
    assert (apart.answer_digest, apart.parts_digest) == (whole.answer_digest, whole.parts_digest)


def _asked(office: SmallOffice, asked: dict[str, Any]) -> tuple[Question, list[Any]]:
    night = open_extract(office.project)
    rows = night.read("operations", **asked)
    return night.questions[0], rows.astype(str).to_numpy().tolist()


def test_a_new_year_is_divided_by_the_night_it_is_loaded_in(office: SmallOffice) -> None:
    """Last year's months stay as they are until all is loaded again; then they are one file."""
    _night(office, date(2025, 12, 30))
    _, increment = _night(office, date(2026, 1, 5))
    assert increment.load == "increment"
    assert _files(increment) == [
        "2024.parquet",
        *(f"2025-{month:02}.parquet" for month in range(1, 13)),
        "2026-01.parquet",
    ]

    _, whole = _whole_night(office)

    assert _files(whole) == ["2024.parquet", "2025.parquet", *THIS_YEAR]
