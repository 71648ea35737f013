"""Writes the demo's tables into a DuckDB file."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

_WHOLE = ("asa", "age", "medical_priority")
_FLAGS = ("planned", "anaesthesia_staff", "guarantee")
_DAYS = ("date", "booked_for")


def column_type(name: str) -> str:
    """The type of a column, by its name: the data contract's endings say what it is."""
    if name.endswith("_at"):
        return "TIMESTAMP"
    if name.endswith(("_on", "_date")) or name in _DAYS:
        return "DATE"
    if name in _WHOLE:
        return "INTEGER"
    return "BOOLEAN" if name in _FLAGS else "VARCHAR"


def write_database(path: Path, tables: Mapping[str, Iterable[pa.Table]]) -> None:
    """Write each table from its parts, in order, into a new file."""
    with duckdb.connect(str(path)) as connection:
        for name, parts in tables.items():
            made = False
            for part in parts:
                columns = ", ".join(
                    f'CAST("{column}" AS {column_type(column)}) AS "{column}"'
                    for column in part.column_names
                )
                connection.register("part", part)
                into = f'INSERT INTO "{name}"' if made else f'CREATE TABLE "{name}" AS'
                connection.execute(f"{into} SELECT {columns} FROM part")
                connection.unregister("part")
                made = True
