"""Reading the night's extract: each question is asked once on a page, and remembered."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

import pandas as pd

from lpe_reports.params.units import Units
from lpe_reports.warehouse.snapshots import Extract
from lpe_reports.warehouse.tables import TABLES

T = TypeVar("T")


class NightReader:
    """The extract as a page reads it."""

    def __init__(self, extract: Extract) -> None:
        self.extract = extract
        self._remembered: dict[Hashable, Any] = {}

    @property
    def night(self) -> date:
        return self.extract.night

    def has(self, table: str) -> bool:
        """Whether the night holds a table."""
        return self.remember(("has", table), lambda: self.extract.has(table))

    def read(
        self,
        table: str,
        *,
        units: Sequence[str] | None = None,
        start: date | None = None,
        end: date | None = None,
        where: Mapping[str, object] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """The rows of a table that a selection keeps, see `Extract.read`."""
        key = (
            table,
            None if units is None else tuple(units),
            start,
            end,
            tuple(sorted((name, _hashable(value)) for name, value in (where or {}).items())),
            None if columns is None else tuple(columns),
        )
        frame = self.remember(
            ("read", *key),
            lambda: self.extract.read(
                table, units=units, start=start, end=end, where=where, columns=columns
            ),
        )
        # What the caller does to its frame must not reach the next one who asks.
        return frame.copy(deep=False)

    def snapshot_on(self, list_: str, day: date) -> date | None:
        """The stored list that shows how things stood on a day, see `Extract.snapshot_on`.

        Where lists were stored on Mondays only, months end between two of them: the Monday before
        stands for the other days of its week. For a Monday itself no other week's list does.
        """

        def find() -> date | None:
            found = self.extract.snapshot_on(list_, day)
            monday = day - timedelta(days=day.weekday())
            return found if found or monday == day else self.extract.snapshot_on(list_, monday)

        return self.remember(("snapshot", list_, day), find)

    def first_day(self, table: str) -> date | None:
        """The day from which a table has rows, see `Extract.first_day`."""
        return self.remember(("first_day", table), lambda: self.extract.first_day(table))

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave the first time it was asked for."""
        if key not in self._remembered:
            self._remembered[key] = make()
        remembered: T = self._remembered[key]
        return remembered


def check_units(table: str, units: Sequence[str] | None, known: Units) -> None:
    """Refuse a unit that there is not: its rows would be none, and nobody would see why.

    Args:
        table: The table that is read; what is wrong with its name, reading it tells.
        units: Values of its unit column.
        known: The office's units; a table may have words beside them ("other").

    Raises:
        UsageError: Names the nearest spelling.
    """
    contract = TABLES.get(table)
    if units is None or isinstance(units, str) or contract is None or contract.unit is None:
        return
    words = contract.column(contract.unit).values
    for unit in units:
        if unit not in words:
            known.get(unit)


def _hashable(value: object) -> Hashable:
    if isinstance(value, list | set | frozenset):
        return tuple(sorted(value, key=repr))
    return value if isinstance(value, Hashable) else repr(value)
