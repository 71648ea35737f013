"""Writing and reading the Parquet files of an extract."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from lpe_reports.errors import ExtractError

# One unit and year out of sixteen million rows is then a small part of a file.
ROW_GROUP_ROWS = 20_000


def write_rows(
    path: Path, table: pa.Table, *, dictionary: list[str], statistics: list[str]
) -> None:
    """Write a table into a file, in row groups of about 20,000.

    Args:
        path: The file; its folder is made.
        table: The rows.
        dictionary: The columns in which few values are repeated often.
        statistics: The columns whose lowest and highest values are noted per row group.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        table,
        path,
        row_group_size=ROW_GROUP_ROWS,
        compression="zstd",
        use_dictionary=dictionary,
        write_statistics=statistics,
        store_schema=False,
    )


class Rows(NamedTuple):
    """Some consecutive rows of a file."""

    first: int
    number: int


def read_rows(
    content: bytes, wanted: Sequence[Rows], columns: Sequence[str], schema: pa.Schema
) -> pa.Table:
    """Some columns of some rows of a file that was read whole.

    Only the row groups that the rows lie in are decoded, and of them only the columns.

    Args:
        content: The file's bytes.
        wanted: Which rows, in this order; not overlapping.
        columns: The columns.
        schema: The types of all columns; one that an older file lacks is null in every row.

    Raises:
        ExtractError: The bytes are no Parquet file, or not this one.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        present = set(file.schema_arrow.names)
        groups = sorted({group for rows in wanted for group in _groups(rows)})
        table = file.read_row_groups(
            groups, columns=[name for name in columns if name in present], use_threads=False
        )
    except (pa.ArrowException, OSError, IndexError) as error:
        raise ExtractError(f"a part cannot be read ({type(error).__name__})") from None
    for name in columns:
        if name not in present:
            field = schema.field(name)
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    types = pa.schema([schema.field(name) for name in columns])
    # A question reads hundreds of files, nearly all of today's types: asking is a tenth of casting.
    if not table.schema.equals(types):
        table = table.select(list(columns)).cast(types)
    return _slices(table, wanted, groups)


def _groups(rows: Rows) -> range:
    return range(rows.first // ROW_GROUP_ROWS, (rows.first + rows.number - 1) // ROW_GROUP_ROWS + 1)


def _slices(table: pa.Table, wanted: Sequence[Rows], groups: Sequence[int]) -> pa.Table:
    """The wanted rows out of those of whole row groups."""
    if sum(rows.number for rows in wanted) == table.num_rows:
        return table
    # Every row group before the file's last is full, so a group's place tells where it begins.
    begins = {group: position * ROW_GROUP_ROWS for position, group in enumerate(groups)}
    slices = []
    for rows in wanted:
        group = rows.first // ROW_GROUP_ROWS
        start = begins[group] + rows.first - group * ROW_GROUP_ROWS
        slices.append(table.slice(start, rows.number))
    return pa.concat_tables(slices)
