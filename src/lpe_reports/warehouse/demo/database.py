"""Writes the demo's tables into a DuckDB file."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from lpe_reports.warehouse.columns import Kind
from lpe_reports.warehouse.tables import table_contract

CHANGED = "changed_at"
TYPES = {
    Kind.TIME: "TIMESTAMP", Kind.DATE: "DATE", Kind.WHOLE: "INTEGER", Kind.FLAG: "BOOLEAN",
    Kind.NUMBER: "DOUBLE PRECISION",
}  # fmt: skip


def column_type(table: str, column: str) -> str:
    """The type of a column, in DuckDB and PostgreSQL, by what the data contract says it is."""
    if column == CHANGED:
        return "TIMESTAMP"
    return TYPES.get(table_contract(table).column(column).kind, "VARCHAR")


def has_tables(path: Path, names: Iterable[str]) -> bool:
    """Whether a file is a demo with all these tables; one of an older version may lack some."""
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            found = connection.execute(
                "SELECT table_name FROM information_schema.tables"
            ).fetchall()
    except duckdb.Error:
        return False
    return set(names) <= {name for (name,) in found}


def write_database(path: Path, tables: Mapping[str, Iterable[pa.Table]]) -> None:
    """Write each table from its parts, in order, into a new file."""
    with duckdb.connect(str(path)) as connection:
        for name, parts in tables.items():
            made = False
            for part in parts:
                columns = ", ".join(
                    f'CAST("{column}" AS {column_type(name, column)}) AS "{column}"'
                    for column in part.column_names
                )
                connection.register("part", part)
                into = f'INSERT INTO "{name}"' if made else f'CREATE TABLE "{name}" AS'
                connection.execute(f"{into} SELECT {columns} FROM part")
                connection.unregister("part")
                made = True
