"""SQL Server without a server: what it would be asked, and how its answers would be taken."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.mssql.mssqlpython import MSDialect_mssqlpython

from lpe_reports.errors import SourceError, SourceGoneError
from lpe_reports.params.sources import SourceEntry
from lpe_reports.warehouse.sources.place import Narrowing
from lpe_reports.warehouse.sources.sql_dialects import dialect_of
from lpe_reports.warehouse.sources.sql_errors import Asked, told
from lpe_reports.warehouse.sources.sql_table import (
    everything,
    named_table,
    narrowed,
    quoted,
    subselect,
)
from lpe_reports.warehouse.sources.sql_types import SqlType, sql_server_type
from lpe_reports.warehouse.sources.watermark import Watermark
from postgres_warehouse import entry

pytestmark = pytest.mark.promise(
    "warehouse",
    "What SQL Server would be asked is what its dialect takes (compiled, without a server)",
)

URL = sa.make_url("mssql+mssqlpython://reader:secret@host/lager")
ENTRY: SourceEntry = entry({"operations": {}})
DIALECT = MSDialect_mssqlpython(paramstyle="qmark")
COLUMNS = {
    "operations-id": "uniqueidentifier",
    "Ändrad": "datetime2(7)",
    "asa": "tinyint",
    "dag": "date",
    "order]": "nvarchar(50)",
    "version": "timestamp",
    "tid": "datetimeoffset(7)",
}
NAMES, TYPES = list(COLUMNS), [sql_server_type(name) for name in COLUMNS.values()]


def _text(select: Any) -> str:
    compiled = select.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    return " ".join(str(compiled).split())


def _asked(*narrowings: Narrowing, positions: tuple[int, ...] = (1, 2)) -> str:
    table = named_table(quoted("lager.dbo.V_Operationer", DIALECT))
    return _text(narrowed(table, NAMES, TYPES, positions, narrowings))


def test_driver_of_the_extra_is_one_that_sqlalchemy_knows() -> None:
    """`mssql+mssqlpython`, as sources.py says."""
    assert MSDialect_mssqlpython.driver == "mssqlpython"
    assert URL.get_dialect() is MSDialect_mssqlpython


def test_names_stand_in_brackets() -> None:
    """Of database, schema, table and columns; a bracket in a name is doubled."""
    assert _asked(positions=(4, 2)) == (
        "SELECT [order]]] AS c4, [asa] AS c2 FROM [lager].[dbo].[V_Operationer]"
    )


def test_columns_are_found_without_asking_for_a_row() -> None:
    """No LIMIT, which SQL Server has not."""
    table = named_table(quoted("operations", DIALECT))

    assert _text(everything(table)) == "SELECT * FROM [operations] WHERE 0 = 1"


def test_query_is_a_subselect_as_it_was_written() -> None:
    """Its colons, question marks and percent signs are no parameters."""
    query = "SELECT '12:30 :x ? 50 %' AS mark FROM t -- all ;"

    assert _text(everything(subselect(query))) == (
        "SELECT * FROM (SELECT '12:30 :x ? 50 %' AS mark FROM t -- all ) AS asked WHERE 0 = 1"
    )


def test_types_are_asked_for_as_they_can_be_read() -> None:
    """An id as text, a row version as a number, times without what Python would cut."""
    assert _asked(positions=(0, 1, 5, 6)) == (
        "SELECT CAST([operations-id] AS NVARCHAR(max)) AS c0, "
        "CAST([Ändrad] AS DATETIME2(6)) AS c1, "
        "CAST([version] AS BIGINT) AS c5, "
        "CAST(switchoffset([tid], 0) AS DATETIME2(6)) AS c6 "
        "FROM [lager].[dbo].[V_Operationer]"
    )


def test_what_changed_is_looked_for_with_parameters() -> None:
    """In the column itself, so that an index on it can be used; a row version as a number."""
    since = Watermark(datetime.fromisoformat("2026-05-10 23:15"))

    assert _asked(Narrowing(1, since=since)).endswith("WHERE [Ändrad] >= ? OR [Ändrad] IS NULL")
    assert _asked(Narrowing(5, since=Watermark(12))).endswith(
        "WHERE CAST([version] AS BIGINT) >= ? OR [version] IS NULL"
    )


def test_days_are_looked_for_with_parameters() -> None:
    """As they were read."""
    days = (date(2026, 5, 10), date(2026, 5, 11))

    assert _asked(Narrowing(3, one_of=days)).endswith("WHERE [dag] IN (?, ?)")
    assert _asked(Narrowing(1, one_of=(datetime(2026, 5, 10),))).endswith(  # noqa: DTZ001
        "WHERE CAST([Ändrad] AS DATETIME2(6)) IN (?)"
    )


@pytest.mark.parametrize("position", [0, 2, 3, 4])
def test_watermark_of_another_kind_is_not_looked_for(position: int) -> None:
    """The rows come, and what they hold is told as what it is."""
    zoned = Watermark(datetime(2026, 5, 10, tzinfo=UTC))

    assert "WHERE" not in _asked(Narrowing(position, since=zoned))


@pytest.mark.parametrize(
    ("name", "arrow"),
    [
        ("bit", pa.bool_()),
        ("bigint", pa.int64()),
        ("decimal(18,2)", pa.decimal128(18, 2)),
        ("numeric(5)", pa.decimal128(5, 0)),
        ("money", pa.decimal128(19, 4)),
        ("float", pa.float64()),
        ("date", pa.date32()),
        ("datetime", pa.timestamp("us")),
        ("datetimeoffset(7)", pa.timestamp("us", "UTC")),
        ("nvarchar(max)", pa.string()),
        ("uniqueidentifier", pa.string()),
        ("time(7)", pa.string()),
        ("dbo.Personnummer", pa.string()),
    ],
)
def test_type_is_chosen_by_what_the_server_calls_it(name: str, arrow: pa.DataType) -> None:
    """As sys.dm_exec_describe_first_result_set spells it."""
    assert sql_server_type(name).arrow == arrow


def test_session_is_given_limits_and_one_moment() -> None:
    """SNAPSHOT; how long to wait for a lock and for an answer."""
    said: list[str] = []

    class Driver:
        timeout = 0

    class Fairy:
        dbapi_connection = Driver()

    class Connection:
        connection = Fairy()

        def exec_driver_sql(self, statement: str) -> None:
            said.append(statement)

    dialect = dialect_of(URL)
    dialect.prepare(Connection(), ENTRY)  # type: ignore[arg-type]

    assert dialect.options() == {"isolation_level": "SNAPSHOT"}
    assert dialect.extra == "sqlserver"
    assert said == ["SET LOCK_TIMEOUT 30000"]
    assert Driver.timeout == 0
    assert Fairy.dbapi_connection.timeout == 1800
    assert dialect.arguments(URL, ENTRY) == {}
    other_driver = URL.set(drivername="mssql+pyodbc")
    assert dialect.arguments(other_driver, ENTRY) == {"app": "lpe-reports", "timeout": 10}


class MssqlError(Exception):
    """As mssql-python raises it."""

    def __init__(self, driver_error: str, text: str) -> None:
        super().__init__(f"Driver Error: {driver_error}; DDBC Error: [Microsoft][SQL Server]{text}")


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (MssqlError("Invalid authorization specification", "Login failed for user 'u'."),
         SourceError, "refused the login"),
        (MssqlError("Syntax error or access violation", 'Cannot open database "lager" requested'),
         SourceError, "no such database"),
        (MssqlError("General error", "Snapshot isolation transaction failed accessing database "
                    "'lager' because snapshot isolation is not allowed in this database."),
         SourceError, "SET ALLOW_SNAPSHOT_ISOLATION ON"),
        (MssqlError("Base table or view not found", "Invalid object name 'operations'."),
         SourceError, "table operations does not exist"),
        (MssqlError("Column not found", "Invalid column name 'sal'."),
         SourceError, "asks for a column that does not exist"),
        (MssqlError("Syntax error or access violation", "The SELECT permission was denied on"),
         SourceError, "the account may not read it"),
        (MssqlError("General error", "Lock request time out period exceeded."),
         SourceGoneError, "is locked by somebody else"),
        (MssqlError("Timeout expired", "Query timeout expired"),
         SourceError, "took longer than 1800 seconds"),
        (MssqlError("Communication link failure", "TCP Provider: Error code 0x68"),
         SourceGoneError, "was lost"),
        (MssqlError("Syntax error or access violation", "Incorrect syntax near the keyword 'WITH'"),
         SourceError, "without WITH and ORDER BY (SQL Server)"),
        (MssqlError("General error", "Conversion failed when converting the value '19811'"),
         SourceError, "a value in it does not fit"),
    ],
)  # fmt: skip
def test_refusal_is_told_in_our_words(error: MssqlError, kind: type, says: str) -> None:
    """By the driver's words, of which none is passed on."""
    wrapped = sa.exc.DBAPIError("SELECT secret", {"a": "19811"}, error)

    said = told(
        wrapped, Asked("the database of source 'lager'", ENTRY, "table operations", "mssql")
    )

    assert type(said) is kind
    assert says in str(said)
    for word in ("19811", "SELECT secret", "Microsoft", "'u'"):
        assert word not in str(said)


def test_fixed_point_numbers_keep_their_decimals() -> None:
    """Decimals are not floats."""
    type_: SqlType = sql_server_type("decimal(6,2)")

    assert type_.array([Decimal("2.50"), None]).to_pylist() == [Decimal("2.50"), None]
