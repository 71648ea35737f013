"""What a table of the data contract is made of: columns with kinds, a key, a unit and a time.

Only words and no data, so that a plan, which must be quick, can import this without pandas.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from lpe_reports.errors import UsageError

# Stands for a spelling that no alias explains, between reading a row and setting it aside.
UNKNOWN = "?"


class Kind(StrEnum):
    KEY = "key"  # re-keyed when extracted
    TEXT = "text"
    UNIT = "unit"
    CODE = "code"
    TIME = "time"
    DATE = "date"
    MONTH = "month"
    PERIOD = "period"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True)
class Column:
    """One column of the contract.

    Attributes:
        name: As everywhere in the package.
        kind: What its values are.
        says: What it means, in a line, for who hands it over.
        nullable: Marked `?` in the contract; such a column may also be missing in a source.
        prefix: What a re-keyed key begins with.
        units: The kinds of unit that may stand here; `other` beside hospitals is one of `values`.
        values: The codes that exist, or words beside the units.
        lowest, highest: The limits of a number, both included.
    """

    name: str
    kind: Kind
    says: str
    nullable: bool = False
    prefix: str = ""
    units: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True)
class TableContract:
    """One table of the contract.

    Attributes:
        name: The table's name, also that of its folder in an extract.
        row: What one row means.
        columns: In the order in which they are stored.
        key: The columns that no two rows share.
        unit: The column that `units` selects by; where there is one, it is never null. None:
            the table is not divided by unit.
        time: The column that `start` and `end` select by, or None; it is never null.
        parts: One part per unit and month, per unit and day, or one for the whole table.
        group: A column that parts are divided by as well.
        happened: Rows are events: one dated after the night cannot be part of it.
        event: The column with the event's time, where that is another than `time`.
        optional: A region may lack it; what needs it then says so. Reports cannot do without
            the others.
        may_be_empty: Whether no row at all is an answer, unless the source's entry says another.
        made: Written by the extract itself, never fetched.
    """

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    unit: str | None
    time: str | None = None
    parts: Literal["month", "day", "whole"] = "whole"
    group: str | None = None
    happened: bool = False
    event: str | None = None
    optional: bool = True
    may_be_empty: bool = True
    made: bool = False

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def event_time(self) -> str | None:
        """The column that says when a row came to be: the newest of them tells how fresh it is."""
        return self.event or self.time

    def column(self, name: str) -> Column:
        """The column with a name.

        Raises:
            UsageError: The table has none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise UsageError(
            f"table {self.name} has no column '{name}'; it has {', '.join(self.names)}"
        )


def key(name: str, prefix: str, says: str, *, nullable: bool = False) -> Column:
    """An id, re-keyed when extracted."""
    return Column(name, Kind.KEY, says, nullable, prefix=prefix)


def unit(name: str, says: str, *kinds: str, nullable: bool = False, other: bool = False) -> Column:
    """A unit of some kinds; `other` adds the word for every other hospital."""
    values = ("other",) if other else ()
    return Column(name, Kind.UNIT, says, nullable, units=kinds, values=values)


def code(name: str, says: str, *values: str, nullable: bool = False) -> Column:
    """One of some words."""
    return Column(name, Kind.CODE, says, nullable, values=values)


def whole(
    name: str, says: str, low: int = 0, high: int | None = None, *, nullable: bool = False
) -> Column:
    """A whole number within limits."""
    return Column(name, Kind.WHOLE, says, nullable, lowest=low, highest=high)


def number(name: str, says: str, low: int | None = None, *, nullable: bool = False) -> Column:
    """A number, perhaps with a lower limit."""
    return Column(name, Kind.NUMBER, says, nullable, lowest=low)


def text(name: str, says: str, *, nullable: bool = False) -> Column:
    """A text as the source has it."""
    return Column(name, Kind.TEXT, says, nullable)


def time(name: str, says: str, *, nullable: bool = False) -> Column:
    """A point in time."""
    return Column(name, Kind.TIME, says, nullable)


def day(name: str, says: str, *, nullable: bool = False) -> Column:
    """A date."""
    return Column(name, Kind.DATE, says, nullable)


def flag(name: str, says: str, *, nullable: bool = False) -> Column:
    """Yes or no."""
    return Column(name, Kind.FLAG, says, nullable)
