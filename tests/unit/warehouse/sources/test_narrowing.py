"""Whatever a table lies in, a fetch gives exactly the days and the changes that are asked for."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import xlsxwriter

from lpe_reports.params.sources import SourceEntry
from lpe_reports.settings import Project
from lpe_reports.warehouse.sources import Source
from lpe_reports.warehouse.sources.place import CHANGED
from lpe_reports.warehouse.sources.watermark import Watermark
from small_warehouse import waiting

DAYS = [date(2026, 5, day) for day in range(1, 11)]
ROWS = [
    waiting(n, "operation", DAYS[n], changed_at=datetime(2026, 5, n + 1, 3, 15))  # noqa: DTZ001
    for n in range(10)
]
DEMO = {"demo": True, "demo_key_secret": "the demo has nothing to hide"}


def _source(root: Path, **given: Any) -> Source:
    return Source("some", SourceEntry.model_validate(given | DEMO), Project(root))


def _duckdb(root: Path, changed: str = "TIMESTAMP", day: str = "DATE") -> Source:
    with duckdb.connect(str(root / "lager.duckdb")) as connection:
        connection.register("given", pd.DataFrame(ROWS))
        connection.execute(
            f"CREATE TABLE waiting_list AS SELECT * REPLACE (CAST(changed_at AS {changed}) "
            f"AS changed_at, CAST(CAST(snapshot_date AS DATE) AS {day}) AS snapshot_date) "
            "FROM given"
        )
    tables = {"waiting_list": {"watermark": "changed_at"}}
    return _source(root, kind="duckdb", path="lager.duckdb", tables=tables)


def _duckdb_texts(root: Path) -> Source:
    return _duckdb(root, "VARCHAR", "VARCHAR")


def _duckdb_zoned(root: Path) -> Source:
    return _duckdb(root, "TIMESTAMPTZ", "TIMESTAMP")


def _files(root: Path, file: str) -> Source:
    tables = {"waiting_list": {"file": file, "watermark": "changed_at"}}
    return _source(root, kind="files", tables=tables)


def _csv(root: Path) -> Source:
    for number in (0, 1):
        pd.DataFrame(ROWS[5 * number : 5 * number + 5]).to_csv(
            root / f"lista{number}.csv", sep=";", index=False
        )
    return _files(root, "lista*.csv")


def _parquet(root: Path) -> Source:
    pd.DataFrame(ROWS).to_parquet(root / "lista.parquet")
    return _files(root, "lista.parquet")


def _workbook(root: Path) -> Source:
    with xlsxwriter.Workbook(root / "lista.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(ROWS[0]))
        for number, row in enumerate(ROWS, 1):
            sheet.write_row(number, 0, [None if v is None else str(v) for v in row.values()])
    return _files(root, "lista.xlsx")


@pytest.fixture(params=[_duckdb, _duckdb_texts, _duckdb_zoned, _csv, _parquet, _workbook])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Source]:
    """The same ten rows, of ten days, in another place each time."""
    with request.param(tmp_path) as opened:
        yield opened


def _entries(source: Source, **asked: Any) -> list[str]:
    return sorted(
        entry
        for batch in source.fetch("waiting_list", **asked)
        for entry in batch["entry_id"].to_pylist()
    )


def test_days_are_found_and_fetched(source: Source) -> None:
    """No other row comes; a day that is not there gives none."""
    assert source.days("waiting_list") == DAYS
    assert source.newest("waiting_list", date.max) == DAYS[-1]
    assert _entries(source, days=[DAYS[2], DAYS[7], date(2026, 6, 1)]) == ["O2", "O7"]
    assert _entries(source, days=[]) == []
    assert len(_entries(source, days=DAYS)) == len(_entries(source)) == 10


def test_changes_are_found_from_the_watermark_on(source: Source) -> None:
    """The row of the watermark itself is among them."""
    raw = [batch[CHANGED] for batch in source.fetch("waiting_list")]
    newest = max(found for found in map(Watermark.of, raw) if found)

    assert _entries(source, since=newest) == ["O9"]
    assert _entries(source, since=newest.minus(48)) == ["O7", "O8", "O9"]
    assert _entries(source, since=newest.minus(48), days=[DAYS[8]]) == ["O8"]
    assert newest.kind in ("time", "instant")
    assert newest.value.replace(tzinfo=UTC).date() == DAYS[-1]  # type: ignore[union-attr]
