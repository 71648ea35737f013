"""Tables as they are stored (Arrow, UTC) and as measures take them (pandas, Swedish time)."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from lpe_reports.warehouse.columns import Column, Kind, TableContract

ZONE_NAME = "Europe/Stockholm"
ZONE = ZoneInfo(ZONE_NAME)

_STORED: dict[Kind, pa.DataType] = {
    Kind.TIME: pa.timestamp("us", "UTC"),
    Kind.DATE: pa.date32(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
}
_SHOWN: dict[Kind, pa.DataType] = {
    Kind.TIME: pa.timestamp("us", ZONE_NAME),
    Kind.DATE: pa.timestamp("us"),
}
_NULLABLE = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
_PLAIN = {Kind.WHOLE: "int64", Kind.FLAG: "bool"}


def stored_type(kind: Kind) -> pa.DataType:
    """The Arrow type in which values of a kind are stored."""
    return _STORED.get(kind, pa.string())


def stored_schema(columns: Sequence[Column]) -> pa.Schema:
    """The Arrow schema in which columns are stored."""
    return pa.schema([(column.name, stored_type(column.kind)) for column in columns])


def empty_table(columns: Sequence[Column]) -> pa.Table:
    """No rows, in the form in which they are stored."""
    return stored_schema(columns).empty_table()


def to_frame(table: pa.Table, contract: TableContract, *, nullable: bool = False) -> pd.DataFrame:
    """Stored rows as a canonical frame.

    Args:
        table: Columns of the contract, as stored; in any order, not necessarily all.
        contract: The table's contract.
        nullable: Give whole numbers and flags their nullable dtypes even in columns that may
            not be null: for rows that have not been checked yet.

    Returns:
        The same rows and columns: text `str`, times `datetime64[us, Europe/Stockholm]`, dates
        `datetime64[us]` at midnight, whole numbers `int64` or `Int64`, flags `bool` or `boolean`.
    """
    columns = [contract.column(name) for name in table.column_names]
    for position, column in enumerate(columns):
        if shown := _SHOWN.get(column.kind):
            table = table.set_column(position, column.name, table.column(position).cast(shown))
    frame: pd.DataFrame = table.to_pandas(types_mapper=_NULLABLE.get, use_threads=False)
    if nullable:
        return frame
    plain = {
        column.name: _PLAIN[column.kind]
        for column in columns
        if column.kind in _PLAIN and not column.nullable
    }
    return frame.astype(plain) if plain else frame
