"""What differs between database servers: drivers, sessions, snapshots and how types are told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection
from sqlalchemy.sql.selectable import Select

from lpe_reports.params.sources import SourceEntry
from lpe_reports.warehouse.sources.sql_types import (
    UNKNOWN_TYPE,
    SqlType,
    postgres_type,
    sql_server_type,
)

APPLICATION = "lpe-reports"
_CONNECT_SECONDS = 10
# Between two questions we clean and write; a session that is silent for longer is ours no more.
_IDLE_SECONDS = 3600
_PYODBC = {"app": APPLICATION, "timeout": _CONNECT_SECONDS}


@dataclass(frozen=True)
class ServerDialect:
    """One kind of server.

    Attributes:
        name: As SQLAlchemy calls it.
        title: As people call it.
        extra: The extra of this package that brings its driver.
        isolation: The level at which all tables are of one moment; None where there is none.
        arguments: What the driver is given beside the URL.
        prepare: Sets a session's limits before the first question.
        describe: The types of what a SELECT of everything gives.
    """

    name: str
    title: str
    extra: str | None
    isolation: str | None
    arguments: Callable[[URL, SourceEntry], dict[str, Any]]
    prepare: Callable[[Connection, SourceEntry], None]
    describe: Callable[[Connection, Select[Any], Sequence[Any]], list[SqlType]]

    def options(self) -> dict[str, Any]:
        """How the connection is to behave (execution options of SQLAlchemy)."""
        options: dict[str, Any] = {"isolation_level": self.isolation} if self.isolation else {}
        return options | ({"postgresql_readonly": True} if self.name == "postgresql" else {})


def dialect_of(url: URL) -> ServerDialect:
    """The kind of server that a URL leads to."""
    return _KNOWN.get(url.get_backend_name()) or _other(url.get_backend_name())


def _postgres_arguments(url: URL, entry: SourceEntry) -> dict[str, Any]:
    # A connection that was cut silently is noticed by the keepalives, within about a minute.
    wanted: dict[str, Any] = {
        "application_name": APPLICATION,
        "client_encoding": "utf8",
        "connect_timeout": _CONNECT_SECONDS,
        "keepalives": 1,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        # Nothing is asked often enough to be prepared, and a connection pooler may not like it.
        "prepare_threshold": None,
    }
    return {name: value for name, value in wanted.items() if name not in url.query}


def _postgres_session(connection: Connection, entry: SourceEntry) -> None:
    idle = max(entry.statement_seconds, _IDLE_SECONDS)
    for setting in (
        f"lock_timeout = '{entry.lock_seconds}s'",
        f"statement_timeout = '{entry.statement_seconds}s'",
        f"idle_in_transaction_session_timeout = '{idle}s'",
        "datestyle = 'ISO'",
        # All rows are fetched: a plan for the first ones would be the wrong one.
        "cursor_tuple_fraction = 1.0",
    ):
        connection.exec_driver_sql(f"SET {setting}")


def _postgres_types(
    connection: Connection, everything: Select[Any], description: Sequence[Any]
) -> list[SqlType]:
    return [postgres_type(c.type_code, c.precision, c.scale) for c in description]


def _sql_server_arguments(url: URL, entry: SourceEntry) -> dict[str, Any]:
    # mssql-python tells the server its own name and takes no other; pyodbc takes ours, and
    # calls how long to wait for a connection `timeout`.
    return {} if url.get_driver_name() == "mssqlpython" else _PYODBC


def _sql_server_session(connection: Connection, entry: SourceEntry) -> None:
    # Both drivers call it so: seconds for one question.
    connection.connection.dbapi_connection.timeout = entry.statement_seconds  # type: ignore[union-attr]
    connection.exec_driver_sql(f"SET LOCK_TIMEOUT {entry.lock_seconds * 1000}")


def _sql_server_types(
    connection: Connection, everything: Select[Any], description: Sequence[Any]
) -> list[SqlType]:
    # The driver tells Python's types, in which a date and a datetimeoffset are hardly apart.
    asked = sa.text(
        "SELECT system_type_name FROM sys.dm_exec_describe_first_result_set(:asked, NULL, 0) "
        "WHERE is_hidden = 0 ORDER BY column_ordinal"
    )
    compiled = str(everything.compile(connection))
    names = connection.execute(asked, {"asked": compiled}).scalars().all()
    if len(names) != len(description):
        return [UNKNOWN_TYPE] * len(description)
    return [sql_server_type(name or "") for name in names]


def _other(name: str) -> ServerDialect:
    """A server of which nothing is known but that SQLAlchemy can talk to it."""
    return ServerDialect(
        name=name,
        title=name,
        extra=None,
        isolation=None,
        arguments=lambda url, entry: {},
        prepare=lambda connection, entry: None,
        describe=lambda connection, everything, description: [UNKNOWN_TYPE] * len(description),
    )


_KNOWN = {
    "postgresql": ServerDialect(
        name="postgresql",
        title="PostgreSQL",
        extra="postgres",
        isolation="REPEATABLE READ",
        arguments=_postgres_arguments,
        prepare=_postgres_session,
        describe=_postgres_types,
    ),
    "mssql": ServerDialect(
        name="mssql",
        title="SQL Server",
        extra="sqlserver",
        isolation="SNAPSHOT",
        arguments=_sql_server_arguments,
        prepare=_sql_server_session,
        describe=_sql_server_types,
    ),
}
