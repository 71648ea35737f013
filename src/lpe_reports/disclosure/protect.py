"""Primary suppression: small counts, what could reveal them, and statistics over few."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import Group
from lpe_reports.disclosure.ledger import Ledger
from lpe_reports.disclosure.protected import Protected, _sealed
from lpe_reports.errors import DisclosureError
from lpe_reports.params.disclosure import DisclosurePolicy

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


def protect(
    frame: pd.DataFrame,
    *,
    table: str,
    columns: Sequence[Column],
    policy: DisclosurePolicy,
    total_row: int | None = None,
    about: Group | None = None,
    ledger: Ledger | None = None,
) -> Protected:
    """A table that may be shown: columns that are not named are left out, small cells are null.

    In a table of a protected family these are hidden, k being the policy's threshold:
    counts 1 to k−1; a count whose remainder to its total is 1 to k−1; where a row's shown
    total would give a single hidden part away, or fewer than k are left over for the hidden
    ones, the smallest other part, and likewise down a column with a total row; a statistic
    over a hidden or small count; a share whose numerator or remainder is small or whose
    denominator is hidden.

    Args:
        frame: The table; may hold more columns than are shown (a share's numerator).
        table: The id that the policy knows the table by.
        columns: What is shown, in order.
        policy: The region's decision.
        total_row: The position of the row that sums the others, if there is one.
        about: Whom the table is about; its rows and columns narrow it (`Column.trait`,
            `Column.traits`).
        ledger: What the page has shown before; the table joins it.

    Raises:
        TypeError: `frame` is no data frame.
        DisclosureError: A column is missing, or does not say what its values are based on.

    Glossary: hidden_value
    """
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"protect() takes a pandas DataFrame, not {type(frame).__name__}")
    protected = policy.protects(table)
    _check(frame, table, columns, protected)
    columns = tuple(columns)
    names = [column.id for column in columns]
    hidden = {name: np.zeros(len(frame), dtype=bool) for name in names}
    if protected and len(frame):
        hidden |= _Suppression(frame, _with_parts(columns), policy.threshold, total_row).masks()
    shown = pd.DataFrame({c.id: _nulled(frame[c.id], hidden[c.id], c) for c in columns})
    return _sealed(table, columns, shown, pd.DataFrame(hidden, columns=names))


class _Suppression:
    """Which cells of one table are hidden."""

    def __init__(
        self, frame: pd.DataFrame, columns: Sequence[Column], k: int, total_row: int | None
    ) -> None:
        self._columns = [c for c in columns if not c.is_text and not c.public]
        self._k = k
        self._total_row = total_row
        used = {name for c in self._columns for name in (c.id, *c.references())}
        self._values: dict[str, Numbers] = {
            name: frame[name].to_numpy(dtype=float, na_value=np.nan) for name in sorted(used)
        }
        self._hidden: dict[str, Mask] = {
            c.id: np.zeros(len(frame), dtype=bool) for c in self._columns
        }

    def masks(self) -> dict[str, Mask]:
        counts = [c for c in self._columns if c.type == "count" and c.based_on is None]
        for column in counts:
            self._hidden[column.id] |= self._small(self._values[column.id])
            if column.part_of is not None:
                self._hidden[column.id] |= self._small(self._rest(column.id, column.part_of))
        while self._second_cells(counts):
            pass
        for column in self._columns:
            if column.numerator is not None and column.denominator is not None:
                self._hidden[column.id] |= self._small(
                    self._rest(column.numerator, column.denominator)
                )
            for name in column.references():
                if column.type == "count" and name == column.part_of:
                    continue
                self._hidden[column.id] |= self._is_hidden(name)
        return self._hidden

    def _small(self, counts: Numbers) -> Mask:
        return np.asarray((counts > 0) & (counts < self._k))

    def _rest(self, part: str, total: str) -> Numbers:
        return self._values[total] - self._values[part]

    def _is_hidden(self, name: str) -> Mask:
        small = self._small(self._values[name])
        return small | self._hidden[name] if name in self._hidden else small

    def _second_cells(self, counts: Sequence[Column]) -> bool:
        """Hide one more cell wherever a shown total gives a single one away."""
        before = sum(int(mask.sum()) for mask in self._hidden.values())
        totals: dict[str, list[str]] = {}
        for column in counts:
            if column.part_of is not None:
                totals.setdefault(column.part_of, []).append(column.id)
        for total, parts in totals.items():
            if total not in self._hidden:  # not shown, so nothing to reckon back from
                continue
            values = np.column_stack([self._values[part] for part in parts])
            hidden = np.column_stack([self._hidden[part] for part in parts])
            whole = values.sum(axis=1) == self._values[total]
            _hide_another(values, hidden, whole, self._hidden[total], self._k)
            for number, part in enumerate(parts):
                self._hidden[part] |= hidden[:, number]
        if self._total_row is not None:
            for column in counts:
                self._second_cell_of_column(column.id, self._total_row)
        return sum(int(mask.sum()) for mask in self._hidden.values()) > before

    def _second_cell_of_column(self, name: str, total_row: int) -> None:
        others = np.arange(len(self._values[name])) != total_row
        values = self._values[name][others][np.newaxis, :]
        hidden = self._hidden[name][others][np.newaxis, :]
        whole = np.array([values.sum() == self._values[name][total_row]])
        _hide_another(values, hidden, whole, self._hidden[name][[total_row]], self._k)
        self._hidden[name][others] |= hidden[0]


def _hide_another(values: Numbers, hidden: Mask, whole: Mask, total_hidden: Mask, k: int) -> None:
    """Hide one more part where arithmetic would give a hidden number away.

    That is where the parts make up the whole total and either the total is hidden and every
    part shown, or the total is shown and one part hidden, or several hidden parts together
    are fewer than k: two of whom two are left over are one each. The smallest part that is
    not zero is taken.
    """
    count = hidden.sum(axis=1)
    left_over = np.where(hidden, values, 0).sum(axis=1)
    told = (count == 1) | ((count > 0) & (left_over < k))
    for row in np.flatnonzero(whole & np.where(total_hidden, count == 0, told)):
        candidates = np.where(~hidden[row] & (values[row] > 0), values[row], np.inf)
        smallest = int(np.argmin(candidates))
        if np.isfinite(candidates[smallest]):
            hidden[row, smallest] = True


def _with_parts(columns: Sequence[Column]) -> list[Column]:
    """The columns, where a share's numerator is a part of its denominator even if unsaid."""
    above = {c.numerator: c.denominator for c in columns if c.numerator and c.denominator}
    return [
        replace(c, part_of=above[c.id])
        if c.type == "count" and c.part_of is None and above.get(c.id) not in (None, c.id)
        else c
        for c in columns
    ]


def _check(frame: pd.DataFrame, table: str, columns: Sequence[Column], protected: bool) -> None:
    names = [column.id for column in columns]
    for name in names:
        if names.count(name) > 1:
            raise DisclosureError(f"table '{table}': two columns have the id '{name}'")
    for column in columns:
        for name in (column.id, *column.references()):
            if name not in frame.columns:
                raise DisclosureError(
                    f"table '{table}', column '{column.id}': the frame has no column '{name}'; "
                    f"it has: {', '.join(map(str, frame.columns))}"
                )
        if protected and not column.public:
            _check_text(table, column, frame[column.id])
            _check_basis(table, column)


def _check_text(table: str, column: Column, values: pd.Series) -> None:
    """Refuse numbers that are called text, since nobody would hide a small one."""
    if column.is_text and pd.api.types.is_numeric_dtype(values.dtype):
        raise DisclosureError(
            f"table '{table}' describes patients, and column '{column.id}' holds numbers but is "
            f"a {column.type} column: give its Column a type, for instance "
            f"Column('{column.id}', …, \"count\")"
        )


def _check_basis(table: str, column: Column) -> None:
    """Refuse a statistic about patients that does not say how many it is about."""
    if column.is_text:
        return
    share = column.numerator is not None and column.denominator is not None
    if column.type == "count" or column.based_on is not None or (column.type == "share" and share):
        return
    wanted = "numerator= and denominator=" if column.type == "share" else "based_on="
    raise DisclosureError(
        f"table '{table}' describes patients, so column '{column.id}' must say which counts it "
        f"is based on: give its Column {wanted} (or public=True if it is a target or a limit)"
    )


def _nulled(values: pd.Series, hidden: Mask, column: Column) -> pd.Series:
    values = values.reset_index(drop=True)
    if column.type in ("count", "minutes") and pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        if np.array_equal(numbers, np.round(numbers), equal_nan=True):
            values = values.astype("Int64")
    return values.mask(hidden) if hidden.any() else values
