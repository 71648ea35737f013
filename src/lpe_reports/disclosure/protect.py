"""Making a table safe to show: what is small is hidden, and what else would tell it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lpe_reports.disclosure.checks import check, check_total
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import Group
from lpe_reports.disclosure.ledger import Ledger
from lpe_reports.disclosure.primary import Mask, Primary
from lpe_reports.disclosure.protected import Protected, _sealed
from lpe_reports.disclosure.sheet import Sheet, make_sheet
from lpe_reports.params.disclosure import DisclosurePolicy


def protect(
    frame: pd.DataFrame,
    *,
    table: str,
    columns: Sequence[Column],
    policy: DisclosurePolicy,
    total_row: int | None = None,
    about: Group | None = None,
    ledger: Ledger | None = None,
    sum_known: bool = False,
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
        total_row: The position of the row that sums the others, if there is one; -1 is the last.
        about: Whom the table is about; its rows and columns narrow it (`Column.trait`,
            `Column.traits`).
        ledger: What the page has shown before; the table joins it.
        sum_known: Whether what the rows add up to is held to be known, as if a last row summed
            them. For tables of which nobody has said whom they are about: another number of the
            page, or of another one, may be their sum.

    Raises:
        TypeError: `frame` is no data frame.
        DisclosureError: A column is missing, does not say what its values are based on, or
            holds what it cannot as it is said to be; the rows are more than their total.

    Glossary: hidden_value
    """
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"protect() takes a pandas DataFrame, not {type(frame).__name__}")
    protected = policy.protects(table)
    columns = tuple(columns)
    if total_row is not None and -len(frame) <= total_row < 0:
        total_row += len(frame)
    check(frame, table, columns, protected, total_row)
    names = [column.id for column in columns]
    hidden = {name: np.zeros(len(frame), dtype=bool) for name in names}
    if protected and len(frame):
        ledger = Ledger(policy) if ledger is None else ledger
        own = ledger.own_group(table) if about is None else about
        whole = frame
        if sum_known and total_row is None:
            whole, total_row = _with_sum(frame, columns), len(frame)
        sheet = make_sheet(
            whole, table=table, columns=columns, total_row=total_row, about=about, own=own
        )
        check_total(sheet)
        masks = _hidden(sheet, Primary(sheet, policy), ledger)
        hidden |= {name: mask[: len(frame)] for name, mask in masks.items()}
    shown = pd.DataFrame({c.id: _nulled(frame[c.id], hidden[c.id], c) for c in columns})
    return _sealed(table, columns, shown, pd.DataFrame(hidden))


def _with_sum(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """The rows, and one more that sums their counts."""
    whole = frame.reset_index(drop=True).reindex(range(len(frame) + 1))
    for column in columns:
        if column.type == "count" and not column.reckoned:
            whole.loc[len(frame), column.id] = frame[column.id].sum(min_count=1)
    return whole


def _hidden(sheet: Sheet, primary: Primary, ledger: Ledger) -> dict[str, Mask]:
    """Which cells of each column are hidden; the table joins what the page has shown."""
    known = {column.id: ~np.isnan(sheet.values[column.id]) for column in sheet.columns}
    masks = primary.masks(ledger.settle(sheet, primary.keys()))
    lost = sum(int((masks[name] & known[name]).sum()) for name in masks)
    ledger.count_lost(lost, sum(int(mask.sum()) for mask in known.values()))
    return masks


def _nulled(values: pd.Series, hidden: Mask, column: Column) -> pd.Series:
    values = values.reset_index(drop=True)
    if column.type in ("count", "minutes") and pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        if np.array_equal(numbers, np.round(numbers), equal_nan=True):
            values = values.astype("Int64")
    return values.mask(hidden) if hidden.any() else values
