"""What a PostgreSQL server hands over has the types that it says, in a bounded number of rows."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from lpe_reports.errors import SourceError
from lpe_reports.warehouse.sources import sql_database
from lpe_reports.warehouse.sources.place import CHANGED
from lpe_reports.warehouse.sources.watermark import Watermark
from postgres_server import PostgresDatabase
from postgres_warehouse import URL_NAME, fill, open_postgres
from small_warehouse import operation, waiting

pytestmark = pytest.mark.postgres

DAY = date(2026, 5, 11)


@pytest.fixture
def database(
    postgres_database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> PostgresDatabase:
    """An empty database, and its URL in the environment."""
    monkeypatch.setenv(URL_NAME, postgres_database.url)
    return postgres_database


@pytest.mark.parametrize(
    ("type_", "given", "arrow", "read"),
    [
        ("smallint", "7", pa.int64(), 7),
        ("bigint", "9007199254740993", pa.int64(), 9007199254740993),
        ("numeric(10, 2)", "2.50", pa.decimal128(10, 2), Decimal("2.50")),
        ("numeric(10, 2)", "NaN", pa.decimal128(10, 2), None),
        ("numeric(3, -2)", "1200", pa.string(), "1200"),
        ("numeric", "2.500", pa.string(), "2.5"),
        ("numeric", "123456789012345678901234567890123456789012", pa.string(),
         "123456789012345678901234567890123456789012"),
        ("double precision", "2.5", pa.float64(), 2.5),
        ("boolean", "t", pa.bool_(), True),
        ("text", "å\n;\"'\\ ", pa.string(), "å\n;\"'\\ "),
        ("text", "", pa.string(), ""),
        ("varchar(5)", "abc", pa.string(), "abc"),
        ("char(5)", "abc", pa.string(), "abc  "),
        ("date", "2026-05-11", pa.date32(), DAY),
        ("date", "infinity", pa.date32(), None),
        ("timestamp", "2026-05-11 07:45:00.123456", pa.timestamp("us"),
         datetime.fromisoformat("2026-05-11 07:45:00.123456")),
        ("timestamp", "-infinity", pa.timestamp("us"), None),
        ("timestamptz", "2026-05-11 07:45:00+02", pa.timestamp("us", "UTC"),
         datetime(2026, 5, 11, 5, 45, tzinfo=UTC)),
        ("timestamptz", "infinity", pa.timestamp("us", "UTC"), None),
        ("uuid", "6F9619FF-8B86-D011-B42D-00C04FC964FF", pa.string(),
         "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        ("time", "07:45", pa.string(), "07:45:00"),
        ("interval", "90 minutes", pa.string(), "01:30:00"),
        ("jsonb", '{"a": 1}', pa.string(), '{"a": 1}'),
        ("urgency", "elective", pa.string(), "elective"),
        ("positive", "7", pa.int64(), 7),
    ],
)  # fmt: skip
def test_type_is_the_one_that_the_server_describes(
    database: PostgresDatabase, type_: str, given: str, arrow: pa.DataType, read: Any
) -> None:
    """Also where no row has a value, from which nothing could be guessed."""
    database.run(
        "CREATE TYPE urgency AS ENUM ('elective')",
        "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
    )
    rows = [operation(0, postop_actual=given), operation(1, postop_actual=None)]
    fill(database, {"operations": rows}, postop_actual=type_)

    with open_postgres({"operations": {}}) as source:
        (batch,) = source.fetch("operations")
    database.run("DELETE FROM operations WHERE postop_actual IS NOT NULL")
    with open_postgres({"operations": {}}) as source:
        (rest,) = source.fetch("operations")

    assert batch.schema.field("postop_actual").type == arrow
    assert rest.schema.field("postop_actual").type == arrow
    assert batch["postop_actual"].to_pylist() == [read, None]
    assert rest["postop_actual"].to_pylist() == [None]


def test_table_without_rows_gives_none(database: PostgresDatabase) -> None:
    """That is not for the source to judge."""
    fill(database, {"operations": [operation(0)]})
    database.run("DELETE FROM operations")

    with open_postgres({"operations": {}}) as source:
        assert [batch.num_rows for batch in source.fetch("operations")] in ([], [0])
        assert source.days("operations") == []
        assert source.newest("operations", date.max) is None


def test_rows_come_some_at_a_time(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, no more are in memory than a batch."""
    monkeypatch.setattr(sql_database, "FETCHED_ROWS", 10)
    monkeypatch.setattr(sql_database, "BATCH_ROWS", 30)
    fill(database, {"operations": [operation(n) for n in range(100)]})

    with open_postgres({"operations": {}}) as source:
        sizes = [batch.num_rows for batch in source.fetch("operations")]

    assert sizes == [30, 30, 30, 10]


def test_fetch_that_is_given_up_leaves_the_connection_usable(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The night's other tables are still to be read."""
    monkeypatch.setattr(sql_database, "FETCHED_ROWS", 10)
    monkeypatch.setattr(sql_database, "BATCH_ROWS", 10)
    fill(database, {"operations": [operation(n) for n in range(100)]})

    with open_postgres({"operations": {}}) as source:
        begun = source.fetch("operations")
        next(begun)
        begun.close()  # type: ignore[attr-defined]
        again = sum(batch.num_rows for batch in source.fetch("operations"))

    assert again == 100


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        ("timestamp", [datetime.fromisoformat(f"2026-05-{d:02d} 03:00") for d in range(1, 11)]),
        ("timestamptz", [datetime(2026, 5, d, 3, tzinfo=UTC) for d in range(1, 11)]),
        ("date", [date(2026, 5, d) for d in range(1, 11)]),
        ("bigint", list(range(1, 11))),
        ("numeric(20, 0)", list(range(1, 11))),
        ("text", [f"2026-05-{d:02d} 03:00" for d in range(1, 11)]),
        ("text", [f"{d}/5 2026 03:00" for d in range(1, 11)]),
    ],
)
def test_what_changed_is_all_that_changed(
    database: PostgresDatabase, type_: str, values: list[Any]
) -> None:
    """From the watermark on, with the rows that have none; whatever type it is of."""
    rows = [operation(n, changed_at=value) for n, value in enumerate(values)]
    fill(database, {"operations": [*rows, operation(10, changed_at=None)]}, changed_at=type_)
    with open_postgres({"operations": {"watermark": "changed_at"}}) as source:
        (whole,) = source.fetch("operations")
        newest = Watermark.of(whole[CHANGED])
        seventh = Watermark.of(whole[CHANGED].slice(0, 7))

        assert newest is not None
        assert seventh is not None
        since = [b["operation_id"].to_pylist() for b in source.fetch("operations", since=seventh)]
        none = [b["operation_id"].to_pylist() for b in source.fetch("operations", since=newest)]

    assert whole.column_names[-1] == CHANGED
    assert newest > seventh
    assert since == [["O6", "O7", "O8", "O9", "O10"]]
    assert none == [["O9", "O10"]]


def test_watermark_that_has_become_another_kind_is_told(database: PostgresDatabase) -> None:
    """Instead of fetching nothing, quietly, for ever."""
    row = operation(0, changed_at=datetime.fromisoformat("2026-05-01 03:00"))
    fill(database, {"operations": [row]}, changed_at="timestamptz")

    with (
        open_postgres({"operations": {"watermark": "changed_at"}}) as source,
        pytest.raises(SourceError, match="lpe extract --full"),
    ):
        list(source.fetch("operations", since=Watermark(datetime.fromisoformat("2027-05-01"))))


def test_missing_watermark_is_told(database: PostgresDatabase) -> None:
    """Which column, and where its name stands."""
    fill(database, {"operations": [operation(0)]})

    with (
        open_postgres({"operations": {"watermark": "changed_at"}}) as source,
        pytest.raises(SourceError) as told,
    ):
        list(source.fetch("operations"))

    assert "has no column 'changed_at', the watermark of table operations" in str(told.value)
    assert "sources.postgres.tables.operations.watermark" in str(told.value)


@pytest.mark.parametrize("type_", ["date", "timestamp", "timestamptz", "text"])
def test_days_are_those_asked_for(database: PostgresDatabase, type_: str) -> None:
    """Whether the server keeps dates, times or texts; days are Swedish ones."""
    spelt = {
        "date": "2026-05-{:02d}",
        "timestamp": "2026-05-{:02d} 23:30",
        "timestamptz": "2026-05-{:02d} 23:30+02",
        "text": "{}/5 2026",
    }[type_]
    rows = [waiting(n, "operation", DAY, snapshot_date=spelt.format(1 + n)) for n in range(5)]
    fill(database, {"waiting_list": rows}, snapshot_date=type_)

    with open_postgres({"waiting_list": {}}) as source:
        days = source.days("waiting_list")
        asked = [date(2026, 5, 2), date(2026, 5, 5), date(2026, 6, 1)]
        few = [b["entry_id"].to_pylist() for b in source.fetch("waiting_list", days=asked)]
        nothing = sum(b.num_rows for b in source.fetch("waiting_list", days=[date(2026, 6, 1)]))
        everything = sum(b.num_rows for b in source.fetch("waiting_list", days=days))
        newest = source.newest("waiting_list", date.max)

    assert days == [date(2026, 5, d) for d in range(1, 6)]
    assert few == [["O1", "O4"]]
    assert (nothing, everything, newest) == (0, 5, date(2026, 5, 5))
