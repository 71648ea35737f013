"""One source of params/sources.yml: its tables, each in a database, a sheet or files."""

import os
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from lpe_reports.errors import ParamsError, SourceError
from lpe_reports.params.sources import SourceEntry, TableSource
from lpe_reports.settings import Project
from lpe_reports.warehouse.columns import Kind, TableContract
from lpe_reports.warehouse.conversion import convert
from lpe_reports.warehouse.source_names import wrong_names
from lpe_reports.warehouse.sources.csv_file import CsvFile
from lpe_reports.warehouse.sources.duckdb_file import DuckdbFile, DuckdbTable
from lpe_reports.warehouse.sources.parquet_file import ParquetFile
from lpe_reports.warehouse.sources.place import CHANGED, Narrowing, Place, match_columns
from lpe_reports.warehouse.sources.sql_database import SqlDatabase
from lpe_reports.warehouse.sources.sql_table import SqlTable
from lpe_reports.warehouse.sources.watermark import Watermark, one_kind
from lpe_reports.warehouse.sources.workbook import Sheet
from lpe_reports.warehouse.tables import TABLES

_PARAMS = "params/sources.yml"
# More values than this are not looked for one by one: the rows are read and chosen here.
_MOST_VALUES = 1000


class Source:
    """A source that is open for reading.

    Args:
        name: Its name in params/sources.yml.
        entry: What stands there.
        project: The project, for the places of files.

    Raises:
        ParamsError: The entry names a table or column that the contract does not have.
        SettingsError: A server's URL is not set or wrong, or its driver is not installed.
        SourceError: The source's database is not there or cannot be opened.
    """

    def __init__(self, name: str, entry: SourceEntry, project: Project) -> None:
        self.name = name
        self.entry = entry
        self._project = project
        check_names(name, entry)
        self._found_days: dict[tuple[str, int], tuple[pa.Array, pa.Array]] = {}
        self._open = ExitStack()
        self._database: DuckdbFile | SqlDatabase | None = None
        if entry.kind == "duckdb" and entry.path:
            path = project.root / entry.path
            hint = "make it with `lpe demo`" if entry.demo else f"correct 'path' in {_PARAMS}"
            self._database = DuckdbFile(path, self._name_of(path), hint)
        elif entry.kind == "sql":
            self._database = SqlDatabase(name, entry, os.environ)
        if self._database is not None:
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

    def fetch(
        self,
        table: str,
        *,
        since: Watermark | None = None,
        days: Collection[date] | None = None,
    ) -> Iterator[pa.Table]:
        """A table's rows, some at a time, as the source spells them.

        Args:
            table: The table.
            since: Only rows that were changed at or after this, by the watermark of its entry;
                a row without a watermark may have been, and is among them.
            days: Only rows of these days, by the table's time column.

        Yields:
            Tables with all columns of the contract under its names, values as in the source; a
            column that the source lacks is null. Where the entry has a watermark, the source's
            own values of it follow as a last column, CHANGED.

        Raises:
            SourceError: A place is missing, cut, or not what it should be; SourceGoneError where
                a new try may help.
        """
        contract, entry = TABLES[table], self.entry.tables[table]
        wanted = None if days is None else frozenset(days)
        kind = since.kind if since is not None else None
        for place in self._places(table):
            found = match_columns(place, contract, entry, self._where(table))
            narrowings: list[Narrowing] = []
            if since is not None and CHANGED in found:
                narrowings.append(Narrowing(found[CHANGED], since=since))
            if wanted is not None and place.narrows and contract.time in found:
                narrowings += self._of_days(place, found[contract.time], wanted)
            for batch in place.batches(list(dict.fromkeys(found.values())), narrowings):
                rows = _shaped(batch, contract, entry, found)
                if CHANGED in found:
                    where = self._watermark_of(table, place)
                    kind = one_kind(rows.column(CHANGED), kind, where)
                if since is not None and CHANGED in found:
                    rows = rows.filter(since.reached(rows.column(CHANGED)))
                if wanted is not None:
                    rows = rows.filter(self._on(rows.column(contract.time), wanted))
                yield rows

    def days(self, table: str) -> list[date]:
        """The days of a table's time column, oldest first."""
        contract, entry = TABLES[table], self.entry.tables[table]
        days: set[date] = set()
        for place in self._places(table):
            found = match_columns(place, contract, entry, self._where(table))
            if contract.time in found:
                _, of_place = self._days_in(place, found[contract.time])
                days.update(pc.unique(of_place.drop_null()).to_pylist())
        return sorted(days)

    def check_files(self) -> None:
        """Look for the files of all tables before any of them is read.

        Raises:
            SourceError: Some are missing; names each.
        """
        missing: list[str] = []
        for table in self.tables():
            pattern = self.entry.tables[table].file
            if pattern is None:
                continue
            try:
                self._files(table, pattern)
            except SourceError as error:
                missing.append(str(error))
        if missing:
            raise SourceError("\n".join(missing))

    def newest(self, table: str, until: date) -> date | None:
        """The newest day of a table's time column that is not later than a day.

        Args:
            table: The table.
            until: The last day that counts.

        Returns:
            The day; None where the table has no day at all.

        Raises:
            SourceError: All its days are later.
        """
        days = self.days(table)
        past = [day for day in days if day <= until]
        if days and not past:
            raise SourceError(
                f"every row of table {table} of source '{self.name}' is of a day after today, "
                f"{until}, and no night can be of a day that has not been; mend the source, or "
                "name the night's day with --as-of"
            )
        return max(past, default=None)

    def _days_in(self, place: Place, position: int) -> tuple[pa.Array, pa.Array]:
        """The distinct values of a place's column, and the day that each one means."""
        if (place.name, position) not in self._found_days:
            raw = place.distinct(position)
            raw = raw.combine_chunks() if isinstance(raw, pa.ChunkedArray) else raw
            days = convert(raw, Kind.DATE, self.entry.nulls).values
            self._found_days[place.name, position] = raw, days
        return self._found_days[place.name, position]

    def _of_days(self, place: Place, position: int, days: frozenset[date]) -> list[Narrowing]:
        raw, meaning = self._days_in(place, position)
        asked: list[Any] = raw.filter(_is_one_of(meaning, days)).to_pylist()
        if len(asked) == len(raw) or len(asked) > _MOST_VALUES:
            return []
        return [Narrowing(position, one_of=tuple(asked))]

    def _on(self, raw: pa.ChunkedArray, days: frozenset[date]) -> pa.Array:
        """Which rows are of some days."""
        return _is_one_of(convert(raw.combine_chunks(), Kind.DATE, self.entry.nulls).values, days)

    def _where(self, table: str) -> str:
        return f"sources.{self.name}.tables.{table}"

    def _watermark_of(self, table: str, place: Place) -> str:
        column = self.entry.tables[table].watermark
        return f"{place.name}, column '{column}' (source '{self.name}', table {table})"

    def _places(self, table: str) -> list[Place]:
        entry = self.entry.tables[table]
        if entry.file is not None:
            return [self._file(path, entry) for path in self._files(table, entry.file)]
        match self._database:
            case DuckdbFile() as file:
                return [DuckdbTable(file, table=entry.table or table, query=entry.query)]
            case SqlDatabase() as server:
                return [SqlTable(server, table=entry.table or table, query=entry.query)]
            case None:
                raise SourceError(f"table {table} of source '{self.name}' has no place")

    def _files(self, table: str, pattern: str) -> list[Path]:
        found = self._found(pattern)
        if not found:
            whole = self._project.root / (self.entry.folder or "") / pattern
            raise SourceError(
                f"{self._name_of(whole)} is missing, which table {table} of source "
                f"'{self.name}' is read from; put the export there, or correct "
                f"{self._where(table)}.file in {_PARAMS}"
            )
        return found

    def _found(self, pattern: str) -> list[Path]:
        whole = self._project.root / (self.entry.folder or "") / pattern
        # The pattern may itself lead into folders, or be an absolute path to a share.
        return sorted(p for p in whole.parent.glob(whole.name) if p.is_file())

    def _name_of(self, path: Path) -> str:
        """A file as its reader knows it: from the project's folder, or as sources.yml spells it."""
        root = self._project.root
        if path.resolve().is_relative_to(root.resolve()):
            return self._project.relative(path)
        written = path.relative_to(root) if path.is_relative_to(root) else path
        return written.as_posix()

    def _file(self, path: Path, entry: TableSource) -> Place:
        name = self._name_of(path)
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
    """Rows with the contract's columns: found in the place, constant, or null; then CHANGED."""
    arrays: dict[str, pa.ChunkedArray | pa.Array] = {}
    for column in contract:
        if column.name in entry.constants:
            value = pa.scalar(str(entry.constants[column.name]), pa.string())
            arrays[column.name] = pa.repeat(value, batch.num_rows)
        elif column.name in found:
            arrays[column.name] = batch.column(f"c{found[column.name]}")
        else:
            arrays[column.name] = pa.nulls(batch.num_rows, pa.string())
    if CHANGED in found:
        arrays[CHANGED] = batch.column(f"c{found[CHANGED]}")
    return pa.table(arrays)


def _is_one_of(values: pa.Array, days: frozenset[date]) -> pa.Array:
    return pc.is_in(values, value_set=pa.array(sorted(days), pa.date32()))


def check_names(source: str, entry: SourceEntry) -> None:
    """Hold the tables and columns that an entry names to the contract.

    Raises:
        ParamsError: The contract does not have one of them.
    """
    for wrong in wrong_names(source, entry):
        raise ParamsError(_PARAMS, None, wrong.said)
