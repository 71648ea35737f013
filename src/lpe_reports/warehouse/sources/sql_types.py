"""From a server's own types to Arrow's, by how the server describes a table or a query."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

Expression = ColumnElement[Any]
_MICROSECONDS = pa.timestamp("us")
_UTC = pa.timestamp("us", "UTC")
_MOST_DIGITS = 38


def _as_it_is(column: Expression) -> Expression:
    return column


@dataclass(frozen=True)
class SqlType:
    """How a column is asked for and what becomes of its values.

    Attributes:
        arrow: The Arrow type.
        asked: The column as it stands in the SELECT.
        equal_as_asked: Looking for values that were read means looking in what was asked.
        since_as_asked: So does looking for later ones.
        known: The server told the type; otherwise values are taken as texts, whatever they are.
    """

    arrow: pa.DataType
    asked: Callable[[Expression], Expression] = _as_it_is
    equal_as_asked: bool = False
    since_as_asked: bool = False
    known: bool = True

    @property
    def ordered(self) -> bool:
        """Whether the server's order of values is that of times or numbers."""
        return self.known and not pa.types.is_string(self.arrow)

    def array(self, values: Sequence[Any]) -> pa.Array:
        """Values as the driver hands them over, in Arrow.

        Raises:
            pa.ArrowException: A value is not of the type.
        """
        if self.arrow == _UTC:
            return pc.assume_timezone(pa.array(values, _MICROSECONDS), "UTC")
        if not self.known:
            values = [None if value is None else str(value) for value in values]
        return pa.array(values, self.arrow)


UNKNOWN_TYPE = SqlType(pa.string(), known=False)


def postgres_type(oid: int, precision: int | None, scale: int | None) -> SqlType:
    """The type of a column of PostgreSQL's."""
    if oid == _NUMERIC:
        if precision is None or scale is None or precision > _MOST_DIGITS or scale < 0:
            # Without a scale of its own, each value has another: 2.50 and 2.5 become one text.
            return _text(lambda column: sa.func.trim_scale(_number(column)))
        return SqlType(pa.decimal128(precision, scale), _number)
    return _POSTGRES.get(oid) or _text()


def sql_server_type(name: str) -> SqlType:
    """The type of a column of SQL Server's, as it spells it: `datetime2(7)`, `decimal(18,2)`."""
    match = re.fullmatch(r"(\w+)(?:\((\w+)(?:,(\d+))?\))?", name.strip().lower())
    if match is None:
        return _text()
    word, first, second = match.groups()
    if word in ("decimal", "numeric") and first:
        return SqlType(pa.decimal128(int(first), int(second or 0)))
    return _SQL_SERVER.get(word) or _text()


def _text(first: Callable[[Expression], Expression] = _as_it_is) -> SqlType:
    """A type that the server itself turns into text: uuid, enumerations, JSON, intervals …"""
    return SqlType(
        pa.string(), lambda column: sa.cast(first(column), sa.Unicode()), equal_as_asked=True
    )


def _number(column: Expression) -> Expression:
    """A number, without the NaN that PostgreSQL's numeric may hold."""
    return sa.func.nullif(column, sa.text("'NaN'"))


def _finite(column: Expression) -> Expression:
    """A date or time; `infinity`, which stands for "no end", is in no other system."""
    return sa.case((sa.func.isfinite(column), column))


def _finite_in_utc(column: Expression) -> Expression:
    return sa.func.timezone(sa.text("'UTC'"), _finite(column))


def _in_microseconds(column: Expression) -> Expression:
    """SQL Server's times are finer than Python's, which would cut them."""
    return sa.cast(column, _DATETIME2)


def _offset_in_utc(column: Expression) -> Expression:
    return sa.cast(sa.func.switchoffset(column, sa.text("0")), _DATETIME2)


def _row_version(column: Expression) -> Expression:
    return sa.cast(column, sa.BigInteger())


class _DateTime2(sa.types.UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **kw: Any) -> str:
        return "DATETIME2(6)"


_DATETIME2 = _DateTime2()
_NUMERIC = 1700
_WHOLE = SqlType(pa.int64())
_FLOAT = SqlType(pa.float64())
_FLAG = SqlType(pa.bool_())
_STRING = SqlType(pa.string())

# By the numbers of the types in pg_type, which never change.
_POSTGRES: dict[int, SqlType] = {
    16: _FLAG,
    **dict.fromkeys((20, 21, 23), _WHOLE),
    **dict.fromkeys((700, 701), _FLOAT),
    **dict.fromkeys((25, 1042, 1043), _STRING),
    1082: SqlType(pa.date32(), _finite),
    1114: SqlType(_MICROSECONDS, _finite),
    1184: SqlType(_UTC, _finite_in_utc),
}
_SQL_SERVER: dict[str, SqlType] = {
    "bit": _FLAG,
    **dict.fromkeys(("tinyint", "smallint", "int", "bigint"), _WHOLE),
    **dict.fromkeys(("float", "real"), _FLOAT),
    **dict.fromkeys(("char", "varchar", "nchar", "nvarchar"), _STRING),
    "money": SqlType(pa.decimal128(19, 4)),
    "smallmoney": SqlType(pa.decimal128(10, 4)),
    "date": SqlType(pa.date32()),
    **dict.fromkeys(
        ("datetime", "datetime2", "smalldatetime"),
        SqlType(_MICROSECONDS, _in_microseconds, equal_as_asked=True),
    ),
    "datetimeoffset": SqlType(_UTC, _offset_in_utc),
    # A number that grows with every change of a row, also called rowversion: a good watermark.
    "timestamp": SqlType(pa.int64(), _row_version, equal_as_asked=True, since_as_asked=True),
}
