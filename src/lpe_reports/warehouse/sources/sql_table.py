"""One table, view or query of a database server."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import quoted_name
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause, Select

from lpe_reports.warehouse.sources.place import Narrowing
from lpe_reports.warehouse.sources.sql_database import SqlDatabase
from lpe_reports.warehouse.sources.sql_types import SqlType
from lpe_reports.warehouse.sources.watermark import Watermark


class SqlTable:
    """One table, view or query of a database server.

    Args:
        database: The server.
        table: Its name, with its schema or not, as the database spells it.
        query: A SELECT in place of a table.
    """

    def __init__(self, database: SqlDatabase, *, table: str, query: str | None = None) -> None:
        self._database = database
        if query:
            self.name = f"the query for {table}"
            self._from: Any = subselect(query)
        else:
            self.name = f"table {table} in {database.name}"
            self._from = named_table(quoted(table, database.sql_dialect))

    @property
    def narrows(self) -> bool:
        """Whether the server tells its types, without which nothing can be looked for."""
        return any(type_.known for type_ in self._described[1])

    def columns(self) -> list[str]:
        """The names of its columns."""
        return self._described[0]

    def batches(
        self, positions: Sequence[int], narrowings: Sequence[Narrowing] = ()
    ) -> Iterator[pa.Table]:
        """Its rows, some at a time."""
        names, types = self._described
        select = narrowed(self._from, names, types, positions, narrowings)
        yield from self._database.rows(select, [types[p] for p in positions], self.name)

    def distinct(self, position: int) -> pa.Array:
        """The distinct values of one column."""
        names, types = self._described
        select = narrowed(self._from, names, types, [position], ()).distinct()
        found = list(self._database.rows(select, [types[position]], self.name))
        return pa.concat_tables(found).column(0) if found else pa.array([], types[position].arrow)

    def close(self) -> None:
        """Nothing to do: the connection is closed by its source."""

    @cached_property
    def _described(self) -> tuple[list[str], list[SqlType]]:
        return self._database.describe(everything(self._from), self.name)


def quoted(name: str, dialect: Dialect) -> str:
    """A name of one or more parts, quoted: `schema.table`."""
    quote = dialect.identifier_preparer.quote_identifier
    return ".".join(quote(part) for part in name.split("."))


def named_table(name: str) -> FromClause:
    """A table by its name, quoted already."""
    return sa.table(quoted_name(name, quote=False))


def subselect(query: str) -> sa.TextClause:
    """A query as something to select from; nothing in it is taken for a parameter."""
    text = re.sub(r"[\s;]+\Z", "", query).replace(":", "\\:")
    # On a line of its own, the parenthesis is not part of a comment that ends the query.
    return sa.text(f"({text}\n) AS asked")


def everything(from_: Any) -> Select[Any]:
    """All columns and no rows."""
    return sa.select(sa.text("*")).select_from(from_).where(sa.false())


def narrowed(
    from_: Any,
    names: Sequence[str],
    types: Sequence[SqlType],
    positions: Sequence[int],
    narrowings: Sequence[Narrowing],
) -> Select[Any]:
    """The columns at some positions, called c0, c1 …, of the rows that are asked for."""
    columns: list[ColumnElement[Any]] = [sa.column(quoted_name(n, quote=True)) for n in names]
    select = sa.select(*(types[p].asked(columns[p]).label(f"c{p}") for p in positions)).select_from(
        from_
    )
    for narrowing in narrowings:
        type_, column = types[narrowing.position], columns[narrowing.position]
        if narrowing.one_of is not None:
            looked_in = type_.asked(column) if type_.equal_as_asked else column
            select = select.where(looked_in.in_(narrowing.one_of))
        if narrowing.since is not None and _comparable(type_, narrowing.since):
            looked_in = type_.asked(column) if type_.since_as_asked else column
            select = select.where(sa.or_(looked_in >= narrowing.since.value, column.is_(None)))
    return select


def _comparable(type_: SqlType, since: Watermark) -> bool:
    """Whether the server can look for what is later; a column of another kind is read whole."""
    if not type_.ordered:
        return False
    if pa.types.is_timestamp(type_.arrow):
        return since.kind == ("instant" if type_.arrow.tz else "time")
    return since.kind == ("time" if pa.types.is_date(type_.arrow) else "number")
