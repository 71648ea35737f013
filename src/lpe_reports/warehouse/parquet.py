"""Writing and reading the Parquet files of an extract."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from lpe_reports.errors import ExtractError

# One unit and year out of sixteen million rows is then a small part of a file.
ROW_GROUP_ROWS = 20_000


class RowGroups(NamedTuple):
    """Where a slice lies in a file."""

    first: int
    number: int


def write_slices(path: Path, slices: Sequence[pa.Table], statistics: list[str]) -> list[RowGroups]:
    """Write tables of one schema into one file, each in row groups of its own.

    Args:
        path: The file; its folder is made.
        slices: The tables, none of them empty.
        statistics: The columns whose lowest and highest values are noted per row group.

    Returns:
        Where each slice lies.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    places: list[RowGroups] = []
    groups = 0
    with pq.ParquetWriter(
        path,
        slices[0].schema,
        compression="zstd",
        write_statistics=statistics,
        store_schema=False,
    ) as writer:
        for table in slices:
            writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
            count = -(-table.num_rows // ROW_GROUP_ROWS)
            places.append(RowGroups(groups, count))
            groups += count
    return places


def read_row_groups(
    content: bytes, groups: Sequence[int], columns: Sequence[str], schema: pa.Schema
) -> pa.Table:
    """Some columns of some row groups of a file that was read whole.

    Args:
        content: The file's bytes.
        groups: The row groups.
        columns: The columns.
        schema: The types of all columns; one that an older file lacks is null in every row.

    Raises:
        ExtractError: The bytes are no Parquet file, or not this one.
    """
    wanted = pa.schema([schema.field(name) for name in columns])
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        present = set(file.schema_arrow.names)
        table = file.read_row_groups(
            list(groups), columns=[name for name in columns if name in present], use_threads=False
        )
    except (pa.ArrowException, OSError, IndexError) as error:
        raise ExtractError(f"a part cannot be read ({type(error).__name__})") from None
    if len(present.intersection(columns)) < len(wanted):
        rows = table.num_rows
        for field in wanted:
            if field.name not in present:
                table = table.append_column(field, pa.nulls(rows, field.type))
    return table.select(list(columns)).cast(wanted)
