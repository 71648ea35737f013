"""Tables in a DuckDB file, all read in one transaction so that they belong to one moment."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from lpe_reports.errors import SourceError
from lpe_reports.warehouse.sources.place import Narrowing

BATCH_ROWS = 100_000


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
        self.hint = hint
        if not path.is_file():
            raise SourceError(f"{name} is missing; {hint}")
        try:
            self._connection = duckdb.connect(str(path), read_only=True)
            # Where Python runs without a script DuckDB draws one, into what a program reads.
            self._connection.execute("SET enable_progress_bar = false")
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
            raise SourceError(
                f"{what} cannot be read ({type(error).__name__}): it is damaged, or asks for what "
                "DuckDB cannot do. Try it by hand in DuckDB, whose own words could quote data; "
                f"then correct it in params/sources.yml, or {self.hint}"
            ) from None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class DuckdbTable:
    """One table, view or query of a DuckDB file."""

    narrows = True

    def __init__(self, database: DuckdbFile, *, table: str, query: str | None = None) -> None:
        self._database = database
        self._from = f"({query})" if query else ".".join(_quoted(p) for p in table.split("."))
        self.name = f"the query for {table}" if query else f"table {table} in {database.name}"

    def columns(self) -> list[str]:
        """The names of its columns."""
        return list(self._relation().columns)

    def batches(
        self, positions: Sequence[int], narrowings: Sequence[Narrowing] = ()
    ) -> Iterator[pa.Table]:
        """Its rows, some at a time."""
        relation = self._relation()
        names, types = relation.columns, [str(type_) for type_ in relation.types]
        chosen = ", ".join(f'{_quoted(names[p])} AS "c{p}"' for p in positions)
        conditions: list[str] = []
        values: list[object] = []
        for narrowing in narrowings:
            column = _quoted(names[narrowing.position])
            if narrowing.one_of is not None:
                marks = ", ".join("?" * len(narrowing.one_of))
                conditions.append(f"{column} IN ({marks})" if marks else "false")
                values += narrowing.one_of
            # A text is in the order of letters, which is not that of times and numbers.
            if narrowing.since is not None and types[narrowing.position] != "VARCHAR":
                conditions.append(f"({column} >= ? OR {column} IS NULL)")
                values.append(narrowing.since.value)
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        yield from self._rows(f"SELECT {chosen} FROM {self._from}{where}", values)

    def distinct(self, position: int) -> pa.Array:
        """The distinct values of one column."""
        name = _quoted(self.columns()[position])
        batches = list(self._rows(f"SELECT DISTINCT {name} AS found FROM {self._from}"))
        return pa.concat_tables(batches).column(0) if batches else pa.array([], pa.string())

    def close(self) -> None:
        """Nothing to do: the file is closed by its source."""

    def _relation(self) -> duckdb.DuckDBPyRelation:
        return self._database.relation(f"SELECT * FROM {self._from} LIMIT 0", self.name)

    def _rows(self, query: str, values: Sequence[object] = ()) -> Iterator[pa.Table]:
        relation = self._database.relation(query, self.name, values)
        try:
            for batch in relation.to_arrow_reader(BATCH_ROWS):
                yield pa.Table.from_batches([batch])
        except (duckdb.Error, pa.ArrowException) as error:
            raise SourceError(
                f"{self.name} could not be read to its end ({type(error).__name__}): it is "
                "damaged, or a value in it does not fit what a view or query does with it. Mend "
                f"that, or write the file anew ({self._database.hint})"
            ) from None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
