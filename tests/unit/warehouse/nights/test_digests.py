"""Digests of rows: of their values, and of nothing else."""

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lpe_reports.warehouse.nights.digests import Digester, rows_digest

ROWS = pa.table(
    {
        "unit": ["hu-cop", None, "", "Gävle"],
        "at": pa.array([datetime(2026, 5, 11, tzinfo=UTC)] * 3 + [None], pa.timestamp("us", "UTC")),
        "on": pa.array([date(2026, 5, 11), None, date(1969, 1, 1), date(2026, 5, 12)]),
        "asa": pa.array([1, None, 3, 0]),
        "value": [1.5, None, 0.0, -2.0],
        "planned": [True, None, False, True],
    }
)


def _change(column: str, values: list[object]) -> pa.Table:
    position = ROWS.column_names.index(column)
    field = ROWS.schema.field(position)
    return ROWS.set_column(position, field, pa.array(values, field.type))


def test_digest_stays_the_same_over_time() -> None:
    """Traces and stored lists hold digests; a change of this number makes all of them stale."""
    assert rows_digest(ROWS) == "0980620e20167df24f7c57ea366a8a58"


def test_digest_does_not_know_the_encoding(tmp_path: Path) -> None:
    """Chunks, row groups, compression, dictionaries and zones are how, not what."""
    pq.write_table(ROWS, tmp_path / "a.parquet", row_group_size=1, compression="gzip")
    pieces = pa.concat_tables([ROWS.slice(0, 1), ROWS.slice(1, 2), ROWS.slice(3)])
    zoned = ROWS.set_column(1, "at", ROWS["at"].cast(pa.timestamp("us", "Europe/Stockholm")))
    large = ROWS.set_column(0, "unit", ROWS["unit"].cast(pa.large_string()))

    for table in (pq.read_table(tmp_path / "a.parquet"), pieces, zoned, large):
        assert rows_digest(table) == rows_digest(ROWS)


@pytest.mark.parametrize(
    "other",
    [
        _change("unit", ["hu-cop", "", "", "Gävle"]),
        _change("unit", ["hu-cop", None, "G", "ävle"]),
        _change("asa", [1, 0, 3, 0]),
        _change("asa", [1, 3, None, 0]),
        _change("value", [1.5, 0.0, 0.0, -2.0]),
        _change("planned", [True, False, False, True]),
        _change("on", [date(2026, 5, 11), date(1970, 1, 1), date(1969, 1, 1), date(2026, 5, 12)]),
        ROWS.slice(0, 3),
        ROWS.take([1, 0, 2, 3]),
        ROWS.rename_columns(["vo", *ROWS.column_names[1:]]),
        ROWS.drop_columns(["asa"]),
    ],
)
def test_digest_knows_every_value(other: pa.Table) -> None:
    """Null is not nothing, order and names count."""
    assert rows_digest(other) != rows_digest(ROWS)


def test_column_of_nothing_does_not_count() -> None:
    """A column that the contract gets later leaves older digests as they were."""
    more = ROWS.append_column("new", pa.nulls(4, pa.string()))

    assert rows_digest(more) == rows_digest(ROWS)


def test_digest_of_a_run_is_that_of_its_rows_alone() -> None:
    """A part has the same digest in a long file as in one of its own."""
    digester = Digester(ROWS)

    for start in range(4):
        for stop in range(start, 5):
            alone = pa.Table.from_pylist(ROWS.slice(start, stop - start).to_pylist(), ROWS.schema)
            assert digester.digest(start, stop) == rows_digest(alone)
