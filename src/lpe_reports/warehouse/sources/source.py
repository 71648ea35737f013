"""One source of params/sources.yml: its tables, each in a database, a sheet or files."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from lpe_reports.errors import ParamsError, SourceError
from lpe_reports.params.sources import SourceEntry, TableSource
from lpe_reports.settings import Project
from lpe_reports.warehouse.columns import Kind, TableContract
from lpe_reports.warehouse.conversion import convert
from lpe_reports.warehouse.sources.csv_file import CsvFile
from lpe_reports.warehouse.sources.duckdb_file import DuckdbFile, DuckdbTable
from lpe_reports.warehouse.sources.parquet_file import ParquetFile
from lpe_reports.warehouse.sources.place import Place, match_columns
from lpe_reports.warehouse.sources.workbook import Sheet
from lpe_reports.warehouse.tables import TABLES

_PARAMS = "params/sources.yml"


class Source:
    """A source that is open for reading.

    Args:
        name: Its name in params/sources.yml.
        entry: What stands there.
        project: The project, for the places of files.

    Raises:
        ParamsError: The entry names a table or column that the contract does not have.
        SourceError: The source's database is not there or cannot be opened.
    """

    def __init__(self, name: str, entry: SourceEntry, project: Project) -> None:
        self.name = name
        self.entry = entry
        self._project = project
        _check_names(name, entry)
        self._open = ExitStack()
        self._database: DuckdbFile | None = None
        if entry.kind == "duckdb" and entry.path:
            path = project.root / entry.path
            hint = "make it with `lpe demo`" if entry.demo else f"correct 'path' in {_PARAMS}"
            self._database = DuckdbFile(path, project.relative(path), hint)
            self._open.callback(self._database.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close what is open."""
        self._open.close()

    def tables(self) -> list[str]:
        """The tables that this source hands over, in the order of the contract."""
        return [name for name in TABLES if name in self.entry.tables]

    def is_ordered(self, table: str) -> bool:
        """Whether `fetch` can give a table's rows ordered by its time."""
        places = self._places(table)
        return len(places) == 1 and places[0].ordered

    def fetch(self, table: str, *, ordered: bool = False) -> Iterator[pa.Table]:
        """A table's rows, some at a time, as the source spells them.

        Args:
            table: The table.
            ordered: Rows of the same time come together (only where `is_ordered`).

        Yields:
            Tables with all columns of the contract under its names, values as in the source; a
            column that the source lacks is null.

        Raises:
            SourceError: A place is missing, cut, or not what it should be.
        """
        contract, entry = TABLES[table], self.entry.tables[table]
        for place in self._places(table):
            found = match_columns(place, contract, entry, self._where(table))
            positions = list(dict.fromkeys(found.values()))
            order = found.get(contract.time or "") if ordered else None
            for batch in place.batches(positions, order):
                yield _shaped(batch, contract, entry, found)

    def newest(self, table: str) -> date | None:
        """The newest day of a table's time column; None where it has none."""
        contract, entry = TABLES[table], self.entry.tables[table]
        newest: list[date] = []
        for place in self._places(table):
            found = match_columns(place, contract, entry, self._where(table))
            position = found.get(contract.time or "")
            if position is None:
                continue
            raw = place.distinct(position)
            raw = raw.combine_chunks() if isinstance(raw, pa.ChunkedArray) else raw
            day = pc.max(convert(raw, Kind.DATE, self.entry.nulls).values).as_py()
            newest += [day] if day else []
        return max(newest, default=None)

    def _where(self, table: str) -> str:
        return f"sources.{self.name}.tables.{table}"

    def _places(self, table: str) -> list[Place]:
        entry = self.entry.tables[table]
        if entry.file is not None:
            return [self._file(path, entry) for path in self._files(table, entry.file)]
        if self._database is None:
            raise SourceError(f"table {table} of source '{self.name}' has no place")
        return [DuckdbTable(self._database, table=entry.table or table, query=entry.query)]

    def _files(self, table: str, pattern: str) -> list[Path]:
        folder = self._project.root / (self.entry.folder or "")
        whole = folder / pattern
        # The pattern may itself lead into folders, or be an absolute path to a share.
        found = sorted(p for p in whole.parent.glob(whole.name) if p.is_file())
        if not found:
            raise SourceError(
                f"{self._project.relative(whole)} is missing, which table {table} of source "
                f"'{self.name}' is read from; put the export there, or correct "
                f"{self._where(table)}.file in {_PARAMS}"
            )
        return found

    def _file(self, path: Path, entry: TableSource) -> Place:
        name = self._project.relative(path)
        match path.suffix.lower():
            case ".csv" | ".txt":
                return CsvFile(path, name, entry.csv or self.entry.csv)
            case ".xlsx" | ".xls":
                return Sheet(path, name, entry.sheet)
            case ".parquet":
                return ParquetFile(path, name)
            case _:
                raise SourceError(f"{name} is of no kind that can be read: .csv, .xlsx or .parquet")


def _shaped(
    batch: pa.Table, contract: TableContract, entry: TableSource, found: dict[str, int]
) -> pa.Table:
    """Rows with the contract's columns: found in the place, constant, or null."""
    arrays: dict[str, pa.ChunkedArray | pa.Array] = {}
    for column in contract:
        if column.name in entry.constants:
            value = pa.scalar(str(entry.constants[column.name]), pa.string())
            arrays[column.name] = pa.repeat(value, batch.num_rows)
        elif column.name in found:
            arrays[column.name] = batch.column(f"c{found[column.name]}")
        else:
            arrays[column.name] = pa.nulls(batch.num_rows, pa.string())
    return pa.table(arrays)


def _check_names(source: str, entry: SourceEntry) -> None:
    for table, spelling in entry.tables.items():
        where = f"sources.{source}.tables.{table}"
        if table not in TABLES or TABLES[table].made:
            known = ", ".join(name for name in TABLES if not TABLES[name].made)
            raise ParamsError(_PARAMS, None, f"{where}: no such table; there are {known}")
        for column in (*spelling.columns, *spelling.constants, *spelling.codes):
            if column not in TABLES[table].names:
                raise ParamsError(
                    _PARAMS,
                    None,
                    f"{where}: the contract's table has no column '{column}'; it has "
                    f"{', '.join(TABLES[table].names)}",
                )
    for exempt in entry.exempt:
        table, _, column = exempt.partition(".")
        if table not in TABLES or column not in TABLES[table].names:
            raise ParamsError(
                _PARAMS, None, f"sources.{source}.exempt: '{exempt}' is no table.column"
            )
