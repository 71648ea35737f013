"""Tables in a DuckDB file, all read in one transaction so that they belong to one moment."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from lpe_reports.errors import SourceError

BATCH_ROWS = 250_000
ORDERED_VALUES = 20


class DuckdbFile:
    """A connection to a DuckDB file, for reading only.

    Args:
        path: The file.
        name: The file as an operator knows it.
        hint: What to do when it is not there.

    Raises:
        SourceError: It is not there, in use, or no DuckDB file.
    """

    def __init__(self, path: Path, name: str, hint: str) -> None:
        self.name = name
        if not path.is_file():
            raise SourceError(f"{name} is missing; {hint}")
        try:
            self._connection = duckdb.connect(str(path), read_only=True)
            self._connection.begin()
        except duckdb.Error as error:
            raise SourceError(
                f"{name} cannot be opened ({type(error).__name__}): it is not a DuckDB file, is "
                f"damaged, or another program is writing to it; {hint}"
            ) from None

    def relation(
        self, query: str, what: str, values: Sequence[object] = ()
    ) -> duckdb.DuckDBPyRelation:
        """What a query gives, with values for its question marks.

        Raises:
            SourceError: The database refuses it; DuckDB's own words, which could quote data, are
                left out.
        """
        try:
            return self._connection.sql(query, params=list(values) or None)
        except duckdb.CatalogException:
            raise SourceError(
                f"{what} does not exist, or asks for what does not; "
                "correct it in params/sources.yml"
            ) from None
        except duckdb.Error as error:
            raise SourceError(f"{what} cannot be read ({type(error).__name__})") from None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class DuckdbTable:
    """One table, view or query of a DuckDB file."""

    ordered = True

    def __init__(self, database: DuckdbFile, *, table: str, query: str | None = None) -> None:
        self._database = database
        self._from = f"({query})" if query else ".".join(_quoted(p) for p in table.split("."))
        self.name = f"the query for {table}" if query else f"table {table} in {database.name}"

    def columns(self) -> list[str]:
        """The names of its columns."""
        relation = self._database.relation(f"SELECT * FROM {self._from} LIMIT 0", self.name)
        return list(relation.columns)

    def batches(self, positions: Sequence[int], order: int | None = None) -> Iterator[pa.Table]:
        """Its rows, some at a time."""
        names = self.columns()
        chosen = ", ".join(f'{_quoted(names[p])} AS "c{p}"' for p in positions)
        query = f"SELECT {chosen} FROM {self._from}"
        if order is None:
            yield from self._rows(query)
            return
        # A few values at a time: sorting a whole history at once takes a gigabyte and more.
        column = _quoted(names[order])
        values = sorted(v for v in self.distinct(order).to_pylist() if v is not None)
        for start in range(0, len(values), ORDERED_VALUES):
            some = values[start : start + ORDERED_VALUES]
            within = f"{query} WHERE {column} BETWEEN ? AND ? ORDER BY {column}"
            yield from self._rows(within, [some[0], some[-1]])
        yield from self._rows(f"{query} WHERE {column} IS NULL")

    def distinct(self, position: int) -> pa.Array:
        """The distinct values of one column."""
        name = _quoted(self.columns()[position])
        batches = list(self._rows(f"SELECT DISTINCT {name} AS found FROM {self._from}"))
        return pa.concat_tables(batches).column(0) if batches else pa.array([], pa.string())

    def close(self) -> None:
        """Nothing to do: the file is closed by its source."""

    def _rows(self, query: str, values: Sequence[object] = ()) -> Iterator[pa.Table]:
        relation = self._database.relation(query, self.name, values)
        try:
            for batch in relation.to_arrow_reader(BATCH_ROWS):
                yield pa.Table.from_batches([batch])
        except (duckdb.Error, pa.ArrowException) as error:
            raise SourceError(
                f"{self.name} could not be read to its end ({type(error).__name__}): it is "
                "damaged, or a value in it does not fit what is asked of it"
            ) from None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
