"""A table as groups: which key each of its cells has, and what adds up in it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import isnan

import numpy as np
import numpy.typing as npt
import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import Group, sum_key
from lpe_reports.disclosure.kinship import OWN

Numbers = npt.NDArray[np.float64]
# What tells apart the groups of a table that does not say whom it is about.
_COLUMN, _ROW, _TIMES = "column", "row", "n"


@dataclass
class Sheet:
    """The groups of one table.

    Args:
        table: Its id.
        columns: What is shown of it and is about people.
        values: The numbers of each column, by id.
        keys: Of each count column, and each count that a statistic is based on, the group's key
            in each row, by id.
        sums: Of each mean and sum, the key of the sum in each row, by column id.
        total_row: The row that sums the others.
    """

    table: str
    columns: tuple[Column, ...]
    values: dict[str, Numbers]
    keys: dict[str, list[str]] = field(default_factory=dict)
    sums: dict[str, list[str]] = field(default_factory=dict)
    total_row: int | None = None

    @property
    def counts(self) -> list[Column]:
        """The columns that count people."""
        return [c for c in self.columns if c.type == "count" and not c.reckoned]

    @property
    def unshown(self) -> list[str]:
        """The counts that statistics are based on, and that are not columns of the table."""
        counts = {column.id for column in self.counts}
        return [name for name in self.keys if name not in counts]

    def cells(self) -> Iterator[tuple[str, float]]:
        """Key and number of each count that is shown or hidden."""
        for column in self.counts:
            yield from self._known(self.keys[column.id], self.values[column.id])

    def basis_cells(self) -> Iterator[tuple[str, float]]:
        """Key and number of each count that is not shown."""
        for name in self.unshown:
            yield from self._known(self.keys[name], self.values[name])

    def statistics(self) -> Iterator[tuple[str, str, float, bool]]:
        """Key of the sum, key of the count, number, and whether it is a mean, of each of those."""
        for column in self.columns:
            if column.id in self.sums and column.based_on is not None:
                mean = column.largest is None
                counts = self.keys[column.based_on]
                for row, key in enumerate(self.sums[column.id]):
                    value = float(self.values[column.id][row])
                    if not isnan(value):
                        yield key, counts[row], value, mean

    def relations(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What the table itself says to add up: a total's key, and those of its parts."""
        families: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        shown = {column.id for column in self.counts}
        for column in self.counts:
            if column.part_of in shown:
                names = tuple(name for name, _ in column.traits)
                families.setdefault((str(column.part_of), names), []).append(column.id)
        for (total, _), parts in families.items():
            for row, key in enumerate(self.keys[total]):
                yield key, tuple(self.keys[part][row] for part in parts)
        if self.total_row is not None:
            for column in self.counts:
                keys = self.keys[column.id]
                others = [key for row, key in enumerate(keys) if row != self.total_row]
                yield keys[self.total_row], tuple(dict.fromkeys(others))

    def rows_with(self, keys: Collection[str]) -> list[int]:
        """The rows that have a number of one of some groups, and say something of them."""
        return [
            row
            for row in range(max((len(listed) for listed in self.keys.values()), default=0))
            if any(
                listed[row] in keys and not isnan(self.values[name][row])
                for name, listed in (*self.keys.items(), *self.sums.items())
            )
        ]

    def keys_in(self, rows: Iterable[int]) -> set[str]:
        """The keys of all groups of some rows that a column shows."""
        shown = [*(self.keys[column.id] for column in self.counts), *self.sums.values()]
        basis = [self.keys[name] for name in self.unshown]
        return {listed[row] for listed in (*shown, *basis) for row in rows}

    def without(self, rows: Collection[int]) -> "Sheet":
        """The same table as if nothing were known in some rows."""
        nothing = np.isin(np.arange(max(map(len, self.values.values()))), list(rows))
        values = {name: np.where(nothing, np.nan, v) for name, v in self.values.items()}
        return replace(self, values=values)

    @staticmethod
    def _known(keys: list[str], values: Numbers) -> Iterator[tuple[str, float]]:
        for key, value in zip(keys, values.tolist(), strict=True):
            if not isnan(value):
                yield key, value


def make_sheet(
    frame: pd.DataFrame,
    *,
    table: str,
    columns: Sequence[Column],
    total_row: int | None,
    about: Group | None,
    own: Group,
) -> Sheet:
    """The groups of a table that describes patients.

    Args:
        frame: The table.
        table: Its id.
        columns: What is shown of it.
        total_row: The row that sums the others.
        about: Whom it is about.
        own: The population that is the table's own, when it does not say whom it is about.
    """
    # What is a part of something public is a part of nobody.
    public = {c.id for c in columns if c.public}
    told = [c for c in columns if not c.is_text and not c.public]
    numeric = _with_parts([replace(c, part_of=None) if c.part_of in public else c for c in told])
    used = {name for c in numeric for name in (c.id, *c.references(), *_largest(c))}
    values = {n: frame[n].to_numpy(dtype=float, na_value=np.nan) for n in sorted(used)}
    sheet = Sheet(table, numeric, values, total_row=total_row)
    rows = _groups_of_rows(frame, columns, total_row, about, own)
    for column in sheet.counts:
        sheet.keys[column.id] = _narrowed(rows, column, about, column.id)
    for column in numeric:
        for name in column.references():
            if name not in sheet.keys and name not in {c.id for c in sheet.counts}:
                basis = about is not None and name == column.based_on
                label = None if basis else name
                sheet.keys[name] = _narrowed(rows, column, about, label)
    for column in numeric:
        quantity = column.id if column.largest else column.mean_of
        if quantity and column.based_on is not None:
            keys = sheet.keys[column.based_on]
            sheet.sums[column.id] = [sum_key(key, quantity) for key in keys]
    return sheet


def _with_parts(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns, where a share's numerator is a part of its denominator even if unsaid."""
    above = {c.numerator: c.denominator for c in columns if c.numerator and c.denominator}
    return tuple(
        replace(c, part_of=above[c.id])
        if c.type == "count" and c.part_of is None and above.get(c.id) not in (None, c.id)
        else c
        for c in columns
    )


def _largest(column: Column) -> tuple[str, ...]:
    return () if column.largest is None else (column.largest,)


def _narrowed(
    rows: list[Group], column: Column, about: Group | None, label: str | None
) -> list[str]:
    """The key in each row of a count column, or of one that is not shown (then with its label)."""
    traits: dict[str, str | None] = dict(column.traits)
    if label is not None and (about is None or label != column.id):
        traits[_COLUMN] = label
    return [row.but(**traits).key for row in rows]


def _groups_of_rows(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    total_row: int | None,
    about: Group | None,
    own: Group,
) -> list[Group]:
    """The group of each row; those of a table without `about` are told apart by their texts."""
    texts = [c for c in columns if c.is_text]
    named = [c for c in texts if c.trait is not None]
    if about is None or (not named and len(frame) > 1):
        named = texts
    base = about or own
    found = []
    listed = {c.id: frame[c.trait_from or c.id].tolist() for c in named}
    for row in range(len(frame)):
        traits = {}
        for column in named:
            value = listed[column.id][row]
            if row != total_row and not pd.isna(value):
                traits[column.trait or column.id] = _text(value)
        found.append(base.but(**traits))
    if about is not None:
        return found
    times = Counter(found)
    return [g if times[g] == 1 else g.but(**{_ROW: str(n)}) for n, g in enumerate(found)]


def _text(value: object) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def own_group(place: str, table: str, times: int) -> Group:
    """The population of a table that does not say whom it is about.

    Args:
        place: The page.
        table: The table's id.
        times: How many tables of that id the page has had before.
    """
    return Group.of(f"{OWN}{place}", table=table, **({_TIMES: str(times + 1)} if times else {}))
