"""A warehouse of a few rows in a real PostgreSQL database, and sources that read it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psycopg import sql

from lpe_reports.params.sources import SourceEntry
from lpe_reports.settings import Project
from lpe_reports.warehouse.columns import Kind
from lpe_reports.warehouse.sources.source import Source
from lpe_reports.warehouse.tables import TABLES
from postgres_server import PostgresDatabase
from small_warehouse import Rows

URL_NAME = "LPE_WAREHOUSE_URL"

POSTGRES_SOURCES = """
default: postgres
sources:
  postgres:
    kind: sql
    demo: true
    demo_key_secret: the demo has nothing to hide
    aliases: {hospital: {Annan: other}}
    tables: {operations: {}, needs: {}, waiting_list: {}, sessions: {}}
"""

_TYPES = {
    Kind.TIME: "timestamp",
    Kind.DATE: "date",
    Kind.WHOLE: "integer",
    Kind.NUMBER: "numeric(12, 2)",
    Kind.FLAG: "boolean",
}


def fill(database: PostgresDatabase, tables: Mapping[str, Rows], **types: str) -> None:
    """Make tables with the contract's columns, and let the reader read them.

    Args:
        database: Where to.
        tables: Rows by table.
        types: Other types than those that fit the contract, by column; columns beside the
            contract's too.
    """
    with database.connect() as connection:
        for name, rows in tables.items():
            columns = {
                column: types.get(column) or _TYPES.get(TABLES[name].column(column).kind, "text")
                for column in rows[0]
            }
            table = sql.Identifier(name)
            described = sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(type_))
                for column, type_ in columns.items()
            )
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
            connection.execute(sql.SQL("CREATE TABLE {} ({})").format(table, described))
            with (
                connection.cursor() as cursor,
                cursor.copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy,
            ):
                for row in rows:
                    copy.write_row([row[column] for column in columns])
    database.let_read()


def entry(tables: Mapping[str, Any], **more: Any) -> SourceEntry:
    """An entry of params/sources.yml for a server."""
    return SourceEntry.model_validate(
        {
            "kind": "sql",
            "demo": True,
            "demo_key_secret": "the demo has nothing to hide",
            "tables": tables,
        }
        | more
    )


def open_postgres(tables: Mapping[str, Any], **more: Any) -> Source:
    """A source called `postgres`, as LPE_WAREHOUSE_URL says."""
    return Source("postgres", entry(tables, **more), Project(Path("/nowhere")))
