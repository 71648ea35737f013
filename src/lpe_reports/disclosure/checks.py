"""What cannot be protected as it is said to be is refused, in words that hold no value."""

import re
from collections.abc import Sequence
from itertools import takewhile
from math import isnan

import numpy as np
import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.sheet import Sheet
from lpe_reports.errors import DisclosureError
from lpe_reports.params.units import unknown

# "3", "1 234,5", "30 %", "3 av 10", "3/10".
_FIGURE = r"[-+−]?\d(?:[\d\s.,]*\d)?(?:\s*%)?"
_NUMBER = re.compile(rf"\s*{_FIGURE}(?:\s*(?:av|/)\s*{_FIGURE})?\s*")
# The last digits of a float make no row more than its total.
_NOTHING = 1e-6


def check(
    frame: pd.DataFrame,
    table: str,
    columns: Sequence[Column],
    protected: bool,
    total_row: int | None,
) -> None:
    """Refuse a table that cannot be protected as it is said to be.

    Args:
        frame: The table.
        table: Its id.
        columns: What is shown of it.
        protected: Whether it describes patients.
        total_row: The position of the row that sums the others.

    Raises:
        DisclosureError: Names table and column, and says what to do; holds no value.
    """
    names = [column.id for column in columns]
    # What stands before the first number names the row, and may be a year, an age or a class.
    leading = {column.id for column in takewhile(lambda column: column.is_text, columns)}
    for name in names:
        if names.count(name) > 1:
            raise DisclosureError(f"table '{table}': two columns have the id '{name}'")
    for column in columns:
        for name in (column.id, *column.references()):
            if name not in frame.columns:
                problem = unknown("column", name, frame.columns)
                raise DisclosureError(
                    f"table '{table}', column '{column.id}': the frame: {problem}"
                )
        if protected and not column.public:
            _check_text(table, column, frame[column.id])
            if column.type == "text" and column.trait is None and column.id not in leading:
                _check_written(table, column, frame[column.id])
            _check_basis(table, column)
            _check_numbers(table, column, frame)
    if protected and len(frame) and total_row is not None and total_row not in range(len(frame)):
        raise DisclosureError(
            f"table '{table}' has {len(frame)} rows, and total_row is none of them: give its "
            "position, counted from nought, or leave it out"
        )


def _check_text(table: str, column: Column, values: pd.Series) -> None:
    """Refuse numbers that are called text, since nobody would hide a small one."""
    if column.is_text and pd.api.types.is_numeric_dtype(values.dtype):
        raise DisclosureError(
            f"table '{table}' describes patients, and column '{column.id}' holds numbers but is "
            f"a {column.type} column: give its Column a type, for instance "
            f"Column('{column.id}', …, \"count\")"
        )


def _check_written(table: str, column: Column, values: pd.Series) -> None:
    """Refuse numbers that are written as text where they do not name the row."""
    texts = [str(value) for value in values[values.notna()].tolist()]
    told = [text for text in texts if any(character.isalnum() for character in text)]
    if told and all(_NUMBER.fullmatch(text) for text in told):
        raise DisclosureError(
            f"table '{table}' describes patients, and column '{column.id}' is a text column whose "
            f"{len(told)} values are all numbers: give its Column a type, for instance "
            f"Column('{column.id}', …, \"count\"); if they name the rows, a trait= or a place "
            "before the numbers; if they describe no patients, public=True"
        )


def _check_basis(table: str, column: Column) -> None:
    """Refuse a statistic about patients that does not say how many it is about."""
    if column.is_text:
        return
    if column.type == "count" and column.based_on is not None and not column.reckoned:
        raise DisclosureError(
            f"table '{table}' describes patients, and column '{column.id}' is a count, which is "
            "judged as one whatever it is based on: leave based_on= out (part_of= says what it is "
            "a part of), or give its Column reckoned=True if it is reckoned and counts no patients"
        )
    if column.reckoned and (column.type != "count" or column.based_on is None):
        raise DisclosureError(
            f"table '{table}' describes patients, and column '{column.id}' is reckoned: give its "
            'Column the type "count" and based_on=, or leave reckoned= out'
        )
    share = column.numerator is not None and column.denominator is not None
    if column.type == "count" or column.based_on is not None or (column.type == "share" and share):
        return
    wanted = "numerator= and denominator=" if column.type == "share" else "based_on="
    raise DisclosureError(
        f"table '{table}' describes patients, so column '{column.id}' must say which counts it "
        f"is based on: give its Column {wanted} (or public=True if it is a target or a limit)"
    )


def _check_numbers(table: str, column: Column, frame: pd.DataFrame) -> None:
    """Refuse counts and sums that no group of people has: nobody would hide them."""
    if column.is_text:
        return
    counts = [*column.references(), *([column.id] if column.type == "count" else [])]
    summed = [column.id] if column.mean_of or column.largest else []
    largest = [column.largest] if column.largest in frame.columns else []
    for name in dict.fromkeys([*counts, *summed, *largest]):
        try:
            numbers = frame[name].to_numpy(dtype=float, na_value=np.nan)
        except (TypeError, ValueError):
            raise DisclosureError(
                f"table '{table}', column '{name}': holds what is no number; make it numbers, "
                "with none where it is not known"
            ) from None
        if rows := int(np.isinf(numbers).sum()):
            raise DisclosureError(
                f"table '{table}', column '{name}': {rows} of {len(frame)} rows are infinite; "
                "leave them empty (None) where there is no number"
            )
        own_reckoned = column.reckoned and name == column.id
        if name in counts and not own_reckoned and (rows := int((numbers < 0).sum())):
            raise DisclosureError(
                f"table '{table}', column '{name}': {rows} of {len(frame)} rows are less than "
                "nought, and a count of patients cannot be; show the counts that it is the "
                "difference of"
            )


def check_total(sheet: Sheet) -> None:
    """Refuse rows that together are more than the row that is said to sum them.

    Where they are less, some are left out of the table.

    Args:
        sheet: The table's groups.

    Raises:
        DisclosureError: Names table and column; holds no value.
    """
    if sheet.total_row is None:
        return
    for column in sheet.counts:
        keys, values = sheet.keys[column.id], sheet.values[column.id].tolist()
        total = values[sheet.total_row]
        # The same group on two rows is one part.
        parts = {
            key: value
            for row, (key, value) in enumerate(zip(keys, values, strict=True))
            if row != sheet.total_row and not isnan(value)
        }
        if not isnan(total) and sum(parts.values()) > total + _NOTHING:
            raise DisclosureError(
                f"table '{sheet.table}', column '{column.id}': its {len(parts)} rows are together "
                f"more than row {sheet.total_row} (counted from nought), which total_row= says "
                "sums them; correct the row, or leave total_row= out"
            )
