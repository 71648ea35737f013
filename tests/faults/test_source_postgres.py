"""A PostgreSQL warehouse that is not as agreed: each fault told in one sentence, nothing leaked."""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest

from lpe_reports.errors import LpeError, SettingsError, SourceError, SourceGoneError
from postgres_server import OWNER_PASSWORD, READER, READER_PASSWORD, PostgresDatabase
from postgres_warehouse import URL_NAME, fill, open_postgres
from small_warehouse import NIGHT, operation, waiting

LOCKED = pytest.mark.promise(
    "warehouse", "A table that somebody has locked is waited for, and no longer than agreed"
)
REFUSED = pytest.mark.promise("warehouse", "A refused login is told at once and never tried again")

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.promise(
        "warehouse",
        "A PostgreSQL server that is not as agreed is one clear error that tells no value",
    ),
]


@pytest.fixture
def database(
    postgres_database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> PostgresDatabase:
    """A warehouse of two tables, and its URL in the environment."""
    tables = {
        "operations": [operation(n) for n in range(30)],
        "waiting_list": [waiting(n, "operation", NIGHT) for n in range(8)],
    }
    fill(postgres_database, tables)
    monkeypatch.setenv(URL_NAME, postgres_database.url)
    return postgres_database


def _read(table: str = "operations", tables: Any = None, **more: Any) -> int:
    """Open the source, read a table to its end, and count its rows."""
    with open_postgres(tables or {table: {}}, **more) as source:
        return sum(batch.num_rows for batch in source.fetch(table))


def _refused(read: Callable[[], object], kind: type[LpeError] = SourceError) -> str:
    """The message of a refusal of exactly one kind, in which nothing of the server's stands."""
    logged: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logged.append(self.format(record))

    root, handler = logging.getLogger(), Kept()
    root.addHandler(handler)
    level, root.level = root.level, logging.DEBUG
    try:
        with pytest.raises(kind) as refused:
            read()
    finally:
        root.removeHandler(handler)
        root.setLevel(level)

    said = str(refused.value)
    everything = [said, repr(refused.value), *logged, *traceback.format_exception(refused.value)]
    assert refused.type is kind
    for word in (READER_PASSWORD, OWNER_PASSWORD, "127.0.0.1", READER, "psycopg.errors"):
        assert not any(word in text for text in everything), word
    return said


def test_variable_that_is_not_set_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what it should look like."""
    monkeypatch.delenv(URL_NAME, raising=False)

    said = _refused(_read, SettingsError)

    assert said.startswith("LPE_WAREHOUSE_URL is not set. Source 'postgres' is a database server")


@pytest.mark.parametrize(
    "url",
    [
        f"{READER_PASSWORD}",
        f"postgresql+psycopg://u:{READER_PASSWORD}@x@127.0.0.1/d",
        f"postgresql+psycopg://u:{READER_PASSWORD}@127.0.0.1:port/d",
        "postgresql://",
        f"://u:{READER_PASSWORD}@127.0.0.1",
    ],
)
def test_malformed_url_is_told_without_any_of_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password with an unescaped sign makes a host or a port of a part of itself."""
    monkeypatch.setenv(URL_NAME, url)

    said = _refused(_read, SettingsError)

    assert said.startswith("LPE_WAREHOUSE_URL (of source 'postgres') holds no URL of a database.")


@pytest.mark.parametrize(
    ("scheme", "says"),
    [
        (
            "mssql+mssqlpython",
            "run `make drivers`, or install the extra `sqlserver` (lpe-reports[sqlserver])",
        ),
        ("mssql", "run `make drivers`, or install the extra `sqlserver`"),
        ("postgresql+psycopg2", "write postgresql+psycopg:// in LPE_WAREHOUSE_URL, or install it"),
        ("postgresql+pg8000", "write postgresql+psycopg:// in LPE_WAREHOUSE_URL, or install it"),
        ("mysql+pymysql", "use a driver of PostgreSQL or SQL Server"),
        ("orakel", "names a kind of database or a driver that is not known here"),
    ],
)
def test_missing_driver_is_told_with_its_extra(
    scheme: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra of this package that brings it."""
    monkeypatch.setenv(URL_NAME, f"{scheme}://u:{READER_PASSWORD}@127.0.0.1/d")

    assert says in _refused(_read, SettingsError)


@REFUSED
def test_refused_login_is_told_at_once(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not as something to try again: that locks accounts."""
    monkeypatch.setenv(URL_NAME, database.url_of(READER, READER_PASSWORD + "x"))

    said = _refused(_read)

    assert "the database of source 'postgres' refused the login" in said
    assert "user and password in LPE_WAREHOUSE_URL" in said


@REFUSED
def test_unknown_user_is_a_refused_login(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server does not tell them apart either."""
    monkeypatch.setenv(URL_NAME, database.url_of("nobody", READER_PASSWORD))

    assert "refused the login" in _refused(_read)


def test_unknown_database_is_told(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where its name stands."""
    monkeypatch.setenv(URL_NAME, database.url_of(READER, READER_PASSWORD, name="lager"))

    said = _refused(_read)

    assert "has no such database" in said
    assert "the last part of LPE_WAREHOUSE_URL" in said


def test_unknown_host_may_be_tried_again(
    database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server has bad moments too."""
    url = database.url_of(READER, READER_PASSWORD, host="no-such-host.invalid")
    monkeypatch.setenv(URL_NAME, url)

    said = _refused(_read, SourceGoneError)

    assert "its host name is unknown here" in said
    assert "no-such-host" not in said


@pytest.mark.parametrize(
    "option",
    [
        f"nosuchoption={READER_PASSWORD}",
        f"sslmode={READER_PASSWORD}",
        f"connect_timeout={READER_PASSWORD}",
        f"keepalives_idle={READER_PASSWORD}",
        f"target_session_attrs={READER_PASSWORD}",
        f"options=-c%20{READER_PASSWORD}%3D1",
        f"sslmode=verify-full&sslrootcert=/{READER_PASSWORD}",
    ],
)
def test_option_without_sense_is_told_at_once(
    database: PostgresDatabase, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not as a server that is down: no new try would mend it."""
    monkeypatch.setenv(URL_NAME, f"{database.url}?{option}")

    said = _refused(_read)

    assert said == (
        "the database of source 'postgres' was not asked: an option in LPE_WAREHOUSE_URL (what "
        "follows the question mark) is unknown, or has a value that cannot be used. Correct it "
        "there, or take it out"
    )


def test_too_many_connections_may_be_tried_again(database: PostgresDatabase) -> None:
    """Somebody will let go of one."""
    database.run(f"ALTER ROLE {READER} CONNECTION LIMIT 0")
    try:
        said = _refused(_read, SourceGoneError)
    finally:
        database.run(f"ALTER ROLE {READER} CONNECTION LIMIT -1")

    assert "has too many connections already" in said


def test_missing_right_is_told(database: PostgresDatabase) -> None:
    """Which table, and what to ask for."""
    database.run(f"REVOKE SELECT ON operations FROM {READER}")

    said = _refused(_read)

    assert said.startswith("table operations in the database of source 'postgres': the account may")
    assert "to grant it SELECT" in said


def test_renamed_table_is_told(database: PostgresDatabase) -> None:
    """Which table, and where its name stands."""
    database.run("ALTER TABLE operations RENAME TO operationer")

    said = _refused(_read)

    assert "table operations in the database of source 'postgres' does not exist" in said
    assert "Correct it in params/sources.yml" in said


def test_unknown_schema_is_told(database: PostgresDatabase) -> None:
    """Like an unknown table."""
    said = _refused(lambda: _read(tables={"operations": {"table": "dw.operations"}}))

    assert "table dw.operations in the database of source 'postgres' does not exist" in said


def test_renamed_column_is_told(database: PostgresDatabase) -> None:
    """Which column, what there is, and where its name stands."""
    database.run("ALTER TABLE operations RENAME COLUMN theatre TO sal")

    said = _refused(_read)

    assert "has no column 'theatre', which table operations needs (it has: operation_id," in said
    assert "(sources.postgres.tables.operations.columns)" in said


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT * FROM operationer", "the query for operations does not exist, or asks for what"),
        ("SELECT sal FROM operations", "asks for a column that does not exist"),
        ("SELECT * FRO operations", "is not a query that the server takes"),
        (
            "WITH gone AS (DELETE FROM operations RETURNING *) SELECT * FROM gone",
            "so it must be one SELECT that changes nothing. Correct it",
        ),
        ("DELETE FROM operations RETURNING *", "is not a query that the server takes"),
        ("SELECT *, nextval('numbers') FROM operations", "would change data"),
    ],
)
def test_wrong_query_is_told(database: PostgresDatabase, query: str, says: str) -> None:
    """What is wrong with it, without the server's words."""
    database.run("CREATE SEQUENCE numbers", f"GRANT ALL ON SEQUENCE numbers TO {READER}")

    assert says in _refused(lambda: _read(tables={"operations": {"query": query}}))


def test_value_that_breaks_a_view_is_told_without_the_value(database: PostgresDatabase) -> None:
    """PostgreSQL's own message would quote it."""
    query = "SELECT *, operation_id::integer AS number FROM operations"

    said = _refused(
        lambda: _read(tables={"operations": {"query": query, "columns": {"age": "number"}}})
    )

    assert "the query for operations cannot be read to its end: a value in it does not fit" in said
    assert "O1" not in said


def test_date_beyond_every_calendar_is_told(database: PostgresDatabase) -> None:
    """PostgreSQL has years that Python has not."""
    database.run("UPDATE waiting_list SET booked_for = DATE '20260-05-11' WHERE entry_id = 'O3'")

    said = _refused(lambda: _read("waiting_list"))

    assert "is a date that no calendar here has" in said
    assert "20260" not in said


@contextmanager
def _locked(database: PostgresDatabase, table: str, seconds: float) -> Iterator[None]:
    """Somebody else holds a table, and lets go of it after some seconds."""
    connection = database.connect()
    connection.autocommit = False
    connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
    timer = threading.Timer(seconds, connection.rollback)
    timer.start()
    try:
        yield
    finally:
        timer.join()
        connection.close()


@LOCKED
def test_lock_that_is_held_is_told_in_time(database: PostgresDatabase) -> None:
    """After `lock_seconds`, and as something that a new try may mend."""
    with _locked(database, "operations", 2.5):
        began = time.monotonic()
        said = _refused(lambda: _read(lock_seconds=1), SourceGoneError)
        waited = time.monotonic() - began

    assert "table operations in the database of source 'postgres' is locked by somebody" in said
    assert "within 1 seconds" in said
    assert 0.9 < waited < 2


@LOCKED
def test_lock_that_is_let_go_is_waited_for(database: PostgresDatabase) -> None:
    """A loading warehouse is the usual case."""
    with _locked(database, "operations", 0.5):
        assert _read(lock_seconds=10) == 30


@LOCKED
def test_question_that_takes_too_long_is_told(database: PostgresDatabase) -> None:
    """Not as something to try again: it would take as long."""
    query = "SELECT o.* FROM operations o, pg_sleep(5)"
    began = time.monotonic()

    said = _refused(lambda: _read(tables={"operations": {"query": query}}, statement_seconds=1))

    assert "the query for operations took longer than 1 seconds" in said
    assert time.monotonic() - began < 3


@pytest.mark.promise("warehouse", "All tables of a night are of one moment")
def test_all_tables_are_of_one_moment(database: PostgresDatabase) -> None:
    """What others write after the source was opened is in none of them."""
    with open_postgres({"operations": {}, "waiting_list": {}}) as source:
        database.run(
            "INSERT INTO operations SELECT * FROM operations",
            "INSERT INTO waiting_list SELECT * FROM waiting_list",
        )
        operations = sum(batch.num_rows for batch in source.fetch("operations"))
        database.run("DELETE FROM waiting_list", "INSERT INTO operations SELECT * FROM operations")
        waiting_list = sum(batch.num_rows for batch in source.fetch("waiting_list"))

    assert (operations, waiting_list) == (30, 8)


def test_session_says_who_it_is_and_cannot_write(database: PostgresDatabase) -> None:
    """What whoever runs the server sees of it."""
    with open_postgres({"operations": {}}, lock_seconds=7, statement_seconds=77) as source:
        next(source.fetch("operations"))
        with database.connect() as connection:
            seen = connection.execute(
                "SELECT application_name, state FROM pg_stat_activity WHERE usename = %s", [READER]
            ).fetchall()
    asked = "SELECT current_setting(s) AS operation_id FROM unnest(ARRAY[{}]) AS s"
    settings = {
        "transaction_isolation": "repeatable read",
        "transaction_read_only": "on",
        "lock_timeout": "7s",
        "statement_timeout": "77s",
        "idle_in_transaction_session_timeout": "1h",
    }
    query = asked.format(", ".join(f"'{name}'" for name in settings))
    columns = dict.fromkeys(operation(0), "operation_id")
    tables = {"operations": {"query": query, "columns": columns}}
    with open_postgres(tables, lock_seconds=7, statement_seconds=77) as source:
        found = [row for batch in source.fetch("operations") for row in batch["vo"].to_pylist()]

    assert seen == [("lpe-reports", "idle in transaction")]
    assert found == list(settings.values())


def test_connection_is_closed_after_a_refusal(database: PostgresDatabase) -> None:
    """Nothing of ours stays behind on the server."""
    database.run("ALTER TABLE operations RENAME TO operationer")
    _refused(_read)

    with database.connect() as connection:
        left = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = %s", [READER]
        ).fetchone()

    assert left == (0,)


def test_names_are_quoted(database: PostgresDatabase) -> None:
    """Schemas, capital letters, spaces, signs and words that SQL has for itself."""
    database.run(
        'CREATE SCHEMA "Lager ÅÄÖ"',
        """CREATE VIEW "Lager ÅÄÖ"."order" AS
           SELECT theatre AS "Sal ""A"" 100%%:x", * FROM operations""".replace("%%", "%"),
        f'GRANT USAGE ON SCHEMA "Lager ÅÄÖ" TO {READER}',
        f'GRANT SELECT ON "Lager ÅÄÖ"."order" TO {READER}',
    )
    place = {"table": "Lager ÅÄÖ.order", "columns": {"theatre": 'Sal "A" 100%:x'}}

    with open_postgres({"operations": place}) as source:
        (batch,) = source.fetch("operations")

    assert set(batch["theatre"].to_pylist()) == {"Sal 1", "Sal 2", "Sal 3"}


def test_query_is_taken_as_it_is_written(database: PostgresDatabase) -> None:
    """Colons, percent signs, a semicolon and a comment at its end mean what they mean in SQL."""
    query = r"""
        SELECT o.*, '12:30 :x \:y 100 %s %(a)s'::text AS mark
        FROM operations AS o WHERE theatre LIKE 'Sal%' ;  -- all: of them
    """.replace(" ;", "")
    tables = {"operations": {"query": query, "columns": {"postop_actual": "mark"}}}

    with open_postgres(tables) as source:
        (batch,) = source.fetch("operations")
        (few,) = source.fetch("operations", days=[date(2026, 1, 5)])

    assert batch["postop_actual"][0].as_py() == r"12:30 :x \:y 100 %s %(a)s"
    assert few.num_rows == 1


def test_naive_and_zoned_times_are_the_instants_they_mean(database: PostgresDatabase) -> None:
    """Across both changes of the clock, whatever zone the server's session is in."""
    from lpe_reports.warehouse.columns import Kind
    from lpe_reports.warehouse.conversion import convert

    naive = ["2026-03-29 01:59", "2026-03-29 03:00", "2026-10-25 02:30", "2026-10-25 03:00"]
    zoned = ["2026-03-29 00:59+00", "2026-03-29 01:00+00", "2026-10-25 01:30+00",
             "2026-10-25 02:00+00"]  # fmt: skip
    rows = [
        operation(n, requested_at=datetime.fromisoformat(a), decided_at=b)
        for n, (a, b) in enumerate(zip(naive, zoned, strict=True))
    ]
    fill(database, {"operations": rows}, decided_at="timestamptz")
    database.run(f"ALTER ROLE {READER} SET timezone = 'America/New_York'")
    try:
        with open_postgres({"operations": {}}) as source:
            (batch,) = source.fetch("operations")
    finally:
        database.run(f"ALTER ROLE {READER} RESET timezone")

    instants = {
        name: [f"{time:%d %H:%M}" for time in convert(batch[name].combine_chunks(), Kind.TIME)
               .values.to_pylist()]
        for name in ("requested_at", "decided_at")
    }  # fmt: skip
    assert instants["requested_at"] == ["29 00:59", "29 01:00", "25 00:30", "25 02:00"]
    assert instants["decided_at"] == ["29 00:59", "29 01:00", "25 01:30", "25 02:00"]
