"""Fills a PostgreSQL database with the demo's tables, in one transaction.

New tables are filled beside the old ones and take their place at the very end, so that whoever
reads meanwhile reads the old ones, and keeps them if anything fails. Every table carries a
comment that says what it is; a table of that name without it is somebody's own, and nothing is
touched.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from pyarrow import csv
from sqlalchemy.engine import URL

from lpe_reports.errors import SettingsError, UsageError
from lpe_reports.warehouse.demo.database import CHANGED, column_type
from lpe_reports.warehouse.demo.postgres_errors import told
from lpe_reports.warehouse.tables import table_contract

MARK = "lpe demo: made up, and replaced whole when it is made anew"
EXAMPLE = "postgresql://user@host/database"
# Tables that have planted duplicates or very many rows: found by an index, no primary key.
_NO_PRIMARY_KEY = {"operations": "operation_id", "waiting_list": "snapshot_date"}
_NEW = "__new"
# How long to wait for those who read the old tables just now.
_LOCK_SECONDS = 60
_CONNECT_SECONDS = 10
_ROWS_AT_A_TIME = 200_000


@dataclass(frozen=True)
class PostgresPlace:
    """A database on a server.

    Attributes:
        url: As SQLAlchemy reads it.
        said: Where the URL was written (--url, or a variable), for messages: never the URL.
    """

    url: URL
    said: str

    @classmethod
    def read(cls, text: str, said: str) -> "PostgresPlace":
        """The place that a URL leads to.

        Raises:
            SettingsError: It is no URL of a PostgreSQL database. Nothing of it is told.
        """
        try:
            url = sa.make_url(text.strip())
        except (sa.exc.ArgumentError, ValueError):
            url = None
        if url is None or url.get_backend_name() not in ("postgresql", "postgres"):
            raise SettingsError(
                f"{said} holds no URL of a PostgreSQL database; it is written like {EXAMPLE}"
            )
        return cls(url, said)

    @property
    def has_password(self) -> bool:
        """Whether the URL holds a password, as its own part or among its options."""
        return bool(self.url.password) or "password" in self.url.query

    @contextmanager
    def connected(self) -> Iterator[Any]:
        """A connection whose transaction is committed when the block ends without an error.

        Raises:
            SettingsError: The driver is not installed.
            SourceError: The server refuses; SourceGoneError where it does not answer or is lost.
        """
        psycopg = _psycopg()
        given = self.url.translate_connect_args(username="user", database="dbname")
        wanted = {"connect_timeout": _CONNECT_SECONDS, "application_name": "lpe-demo"}
        try:
            connection = psycopg.connect(**{**wanted, **given, **self.url.query})
        except psycopg.Error as error:
            raise told(error, self.said, connecting=True) from None
        try:
            with connection:
                yield connection
        except psycopg.Error as error:
            raise told(error, self.said, connecting=False) from None


def refuse_real_tables(place: PostgresPlace, names: Iterable[str]) -> bool:
    """Make sure that no table of these names is somebody's own; whether all are the demo's.

    Raises:
        UsageError: One was not made by a demo.
    """
    with place.connected() as connection:
        return _refuse_others(connection, list(names))


def fill_postgres(place: PostgresPlace, tables: Mapping[str, Iterable[pa.Table]]) -> int:
    """Write each table from its parts, in order, in place of the last demo's; all or none.

    Returns:
        How many rows were written.

    Raises:
        UsageError: A table of one of the names was not made by a demo.
        SourceError: The server refused or was lost; the old tables are as they were.
    """
    rows = 0
    with place.connected() as connection, connection.cursor() as cursor:
        _refuse_others(connection, list(tables))
        for name, parts in tables.items():
            rows += _load(cursor, name, parts)
        cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
        for name in tables:
            _take_place(cursor, name)
    return rows


def _refuse_others(connection: Any, names: list[str]) -> bool:
    found = connection.execute(
        "SELECT c.relname, c.relkind, obj_description(c.oid, 'pg_class') FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = current_schema() AND c.relname = ANY(%s)",
        [names],
    ).fetchall()
    for name, kind, comment in sorted(found):
        if kind != "r" or comment != MARK:
            raise UsageError(
                f"the database has a table or view '{name}' that `lpe demo` did not make, so "
                "nothing was touched. Give the demo a database (or schema) of its own."
            )
    return len(found) == len(names)


def _load(cursor: Any, name: str, parts: Iterable[pa.Table]) -> int:
    """Create the new table and copy its parts into it."""
    rows, made = 0, False
    for part in parts:
        if not made:
            columns = ", ".join(f'"{c}" {column_type(name, c)}' for c in part.column_names)
            cursor.execute(f'CREATE TABLE "{name}{_NEW}" ({columns})')
            cursor.execute(f"COMMENT ON TABLE \"{name}{_NEW}\" IS '{MARK}'")
            made = True
        with cursor.copy(f'COPY "{name}{_NEW}" FROM STDIN (FORMAT csv)') as copy:
            for batch in part.to_batches(_ROWS_AT_A_TIME):
                copy.write(_as_csv(batch))
        rows += part.num_rows
    return rows


def _as_csv(batch: pa.RecordBatch) -> memoryview:
    plain = pa.table(
        [
            column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
            for column in batch.columns
        ],
        names=batch.schema.names,
    )
    text = BytesIO()
    csv.write_csv(plain, text, csv.WriteOptions(include_header=False))
    return text.getbuffer()


def _take_place(cursor: Any, name: str) -> None:
    """Index the new table, let read it who may read the old one, and put it in its place."""
    contract, new = table_contract(name), f'"{name}{_NEW}"'
    cursor.execute(
        "SELECT grantee::regrole::text, privilege_type FROM pg_class, aclexplode(relacl) "
        "WHERE oid = to_regclass(%s) AND grantee NOT IN (0, relowner)",
        [f'"{name}"'],
    )
    for who, what in cursor.fetchall():
        cursor.execute(f"GRANT {what} ON {new} TO {who}")
    cursor.execute(f'DROP TABLE IF EXISTS "{name}"')
    cursor.execute(f'ALTER TABLE {new} RENAME TO "{name}"')
    if name in _NO_PRIMARY_KEY:
        cursor.execute(f'CREATE INDEX ON "{name}" ("{_NO_PRIMARY_KEY[name]}")')
    else:
        columns = ", ".join(f'"{column}"' for column in contract.key)
        cursor.execute(f'ALTER TABLE "{name}" ADD PRIMARY KEY ({columns})')
    cursor.execute("SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = %s",
                   [f'"{name}"', CHANGED])  # fmt: skip
    if cursor.fetchone():
        cursor.execute(f'CREATE INDEX ON "{name}" ("{CHANGED}")')
    cursor.execute(f'ANALYZE "{name}"')


def _psycopg() -> Any:
    try:
        return import_module("psycopg")
    except ImportError:
        raise SettingsError(
            "the demo needs psycopg to fill a PostgreSQL database: install the extra `postgres` "
            "(lpe-reports[postgres])"
        ) from None
