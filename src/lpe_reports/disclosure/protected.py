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
        known = ", ".join(column.id for column in self.columns)
        raise DisclosureError(f"table '{self.table}' has no column '{column_id}'; it has: {known}")

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

    def beside(self, other: "Protected", *, on: str) -> "Protected":
        """Two tables side by side, joined where `on` is equal; rows of either are kept in order.

        Args:
            other: A table whose other columns have other ids.
            on: A text column that both have, with no value twice.

        Raises:
            DisclosureError: A column stands in both, or `on` repeats itself.
        """
        clash = {c.id for c in self.columns} & {c.id for c in other.columns} - {on}
        if clash:
            raise DisclosureError(f"both tables have the columns {', '.join(sorted(clash))}")
        parts = [(self, self._frame[on]), (other, other._frame[on])]
        if any(keys.duplicated().any() for _, keys in parts):
            raise DisclosureError(f"'{on}' names a row of table '{self.table}' more than once")
        keys = pd.Index(pd.unique(pd.concat([keys for _, keys in parts])), name=on)
        if self.column(on).type in ("week", "month", "period"):
            keys = keys.sort_values()
        frames = [part._frame.set_index(on).reindex(keys) for part, _ in parts]
        masks = [
            part._hidden.drop(columns=on).set_axis(pd.Index(ids, name=on)).reindex(keys).eq(True)
            for part, ids in parts
        ]
        columns = (*self.columns, *(c for c in other.columns if c.id != on))
        order = [column.id for column in columns]
        hidden = pd.concat(masks, axis=1).reset_index(drop=True)
        hidden[on] = False
        return _sealed(
            self.table, columns, pd.concat(frames, axis=1).reset_index()[order], hidden[order]
        )

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
