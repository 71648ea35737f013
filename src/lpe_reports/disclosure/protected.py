"""`Protected`: a table that has passed disclosure control, and the only thing display accepts.

Only `protect` makes one. What is derived from one (fewer rows, fewer columns, two side by side)
shows nothing that was hidden, so those are made here without asking again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field, replace

import numpy as np
import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.errors import DisclosureError
from lpe_reports.params.units import unknown

_SEAL = object()

Cell = str | int | float | bool | None


@dataclass(frozen=True, eq=False, repr=False)
class Protected:
    """A table whose hidden cells are null; `hidden` tells which nulls were hidden.

    Args:
        table: The id that the disclosure policy knows the table by.
        columns: Its columns, in order.
    """

    seal: InitVar[object]
    table: str
    columns: tuple[Column, ...]
    _frame: pd.DataFrame = field(kw_only=True)
    _hidden: pd.DataFrame = field(kw_only=True)

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise DisclosureError(
                "a Protected table is made by protect(frame, table=…, columns=…, policy=…), "
                "never by hand"
            )

    def __len__(self) -> int:
        return len(self._frame)

    def __repr__(self) -> str:
        return f"<Protected {self.table}: {len(self)} rows, {len(self.columns)} columns>"

    @property
    def frame(self) -> pd.DataFrame:
        """The values; a copy, so that nobody changes what was protected."""
        return self._frame.copy(deep=False)

    @property
    def hidden(self) -> pd.DataFrame:
        """Which cells are hidden; same shape as `frame`, all bool."""
        return self._hidden.copy(deep=False)

    def column(self, column_id: str) -> Column:
        """The column with an id.

        Raises:
            DisclosureError: There is none.
        """
        for column in self.columns:
            if column.id == column_id:
                return column
        known = [column.id for column in self.columns]
        raise DisclosureError(f"table '{self.table}': {unknown('column', column_id, known)}")

    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows as plain values, None where hidden or missing, dates and periods as text."""
        lists = [_plain(self._frame[column.id], column) for column in self.columns]
        return tuple(zip(*lists, strict=True))

    def hidden_cells(self) -> tuple[tuple[int, int], ...]:
        """The places (row, column) of the hidden cells."""
        rows, columns = np.nonzero(self._hidden.to_numpy())
        return tuple((int(row), int(column)) for row, column in zip(rows, columns, strict=True))

    def select(self, *column_ids: str) -> "Protected":
        """The same rows with these columns only, in this order."""
        columns = tuple(self.column(name) for name in column_ids)
        names = list(column_ids)
        return _sealed(self.table, columns, self._frame[names], self._hidden[names])

    def where(self, keep: "pd.Series | Sequence[bool]") -> "Protected":
        """The rows for which `keep` is true."""
        mask = np.asarray(keep, dtype=bool)
        return self._rows(np.flatnonzero(mask))

    def last(self, count: int) -> "Protected":
        """The last rows."""
        return self._rows(np.arange(max(0, len(self) - count), len(self)))

    def reversed(self) -> "Protected":
        """The rows in the opposite order: the newest first."""
        return self._rows(np.arange(len(self))[::-1])

    def relabelled(self, labels: Mapping[str, str]) -> "Protected":
        """The same table with other headings, by column id."""
        for name in labels:
            self.column(name)
        columns = tuple(replace(c, label=labels.get(c.id, c.label)) for c in self.columns)
        return _sealed(self.table, columns, self._frame, self._hidden)

    def renamed(self, names: Mapping[str, str]) -> "Protected":
        """The same table with other column ids."""
        columns = tuple(replace(c, id=names.get(c.id, c.id)) for c in self.columns)
        renaming = dict(names)
        return _sealed(
            self.table,
            columns,
            self._frame.rename(columns=renaming),
            self._hidden.rename(columns=renaming),
        )

    def beside(self, *others: "Protected", on: str) -> "Protected":
        """Tables side by side, joined where `on` is equal; rows of any are kept, periods in order.

        Args:
            others: Tables whose other columns have other ids.
            on: A text column that all have, with no value twice.

        Raises:
            DisclosureError: A column stands in two, or `on` repeats itself.
        """
        tables = (self, *others)
        named = [c.id for table in tables for c in table.columns if c.id != on]
        if len(set(named)) < len(named):
            twice = sorted({name for name in named if named.count(name) > 1})
            raise DisclosureError(f"two tables have the columns {', '.join(twice)}")
        indexes = [pd.Index(table._frame[on], name=on) for table in tables]
        for index in indexes:
            if not index.is_unique:
                raise DisclosureError(f"'{on}' names a row of table '{self.table}' more than once")
        keys = indexes[0]
        for index in indexes[1:]:
            keys = keys.append(index.difference(keys, sort=False)).rename(on)
        if self.column(on).type in ("week", "month", "period"):
            keys = keys.sort_values()
        columns = [self.column(on)]
        frame = pd.DataFrame({on: keys})
        hidden = pd.DataFrame({on: np.zeros(len(keys), dtype=bool)})
        for table, index in zip(tables, indexes, strict=True):
            place = index.get_indexer(keys)
            for column in table.columns:
                if column.id != on:
                    columns.append(column)
                    values = table._frame[column.id].set_axis(index)
                    frame[column.id] = values.reindex(keys).array
                    hidden[column.id] = table._hidden[column.id].to_numpy()[place] & (place >= 0)
        return _sealed(self.table, tuple(columns), frame, hidden)

    def _rows(self, positions: "np.ndarray[tuple[int], np.dtype[np.intp]]") -> "Protected":
        frame, hidden = self._frame.iloc[positions], self._hidden.iloc[positions]
        return _sealed(self.table, self.columns, frame, hidden)


def _sealed(
    table: str, columns: tuple[Column, ...], frame: pd.DataFrame, hidden: pd.DataFrame
) -> Protected:
    return Protected(
        _SEAL,
        table,
        columns,
        _frame=frame.reset_index(drop=True),
        _hidden=hidden.reset_index(drop=True),
    )


def _plain(values: pd.Series, column: Column) -> list[Cell]:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = values.dt.strftime("%Y-%m-%d")
    missing = values.isna().to_numpy()
    whole = column.type in ("count", "minutes")
    cells: list[Cell] = []
    for value, absent in zip(values.tolist(), missing, strict=True):
        if absent:
            cells.append(None)
        elif column.is_text or isinstance(value, bool):
            cells.append(value if isinstance(value, bool) else str(value))
        else:
            cells.append(int(value) if whole and value == int(value) else float(value))
    return cells
