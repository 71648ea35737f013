"""The columns that answers are grouped by, and the one way of adding up per group."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from lpe_reports.measures.times import local_days
from lpe_reports.periods import PeriodKind, period_at

if TYPE_CHECKING:
    from pandas.core.groupby import DataFrameGroupBy

Statistic = Literal["mean", "std", "max"] | float
UNKNOWN = "okänd"
AGE_EDGES = (18, 40, 65, 80)


def with_period(
    frame: pd.DataFrame, column: str, kind: PeriodKind, *, as_: str | None = None
) -> pd.DataFrame:
    """The frame with one more column: the id of the period that each local day lies in.

    Args:
        frame: Any frame.
        column: A column of timestamps or days in it.
        kind: Any kind but rolling12, since a day lies in twelve of those.
        as_: The new column's name; the kind's own ("week", "month" …) when not given.

    Returns:
        `frame` and a str column such as "2026-W08"; null where the day is.

    Raises:
        ValueError: For rolling12.
    """
    if kind is PeriodKind.ROLLING12:
        raise ValueError("a day lies in twelve rolling years; group by month and add up instead")
    return _with_mapped(
        frame,
        as_ or kind.value,
        local_days(frame[column]),
        lambda day: period_at(kind, day.date()).id,
    )


def with_periods(frame: pd.DataFrame, column: str, by: Sequence[str]) -> pd.DataFrame:
    """The frame with those columns of `by` that it lacks and that can be made of a time.

    Args:
        frame: Any frame.
        column: A column of timestamps or days in it.
        by: The columns wanted: week, month, quarter, tertial, year, schedule and weekday are
            made; others are left to be found missing.
    """
    kinds = {kind.value: kind for kind in PeriodKind if kind is not PeriodKind.ROLLING12}
    for name in dict.fromkeys(by):
        if name in frame:
            continue
        if name == "weekday":
            frame = with_weekday(frame, column)
        elif name in kinds:
            frame = with_period(frame, column, kinds[name])
    return frame


def with_weekday(frame: pd.DataFrame, column: str, *, as_: str = "weekday") -> pd.DataFrame:
    """The frame with one more column: the ISO weekday of each local day, 1 (Monday) to 7."""
    weekday = local_days(frame[column]).dt.day_of_week.astype("Int64") + 1
    return frame.assign(**{as_: weekday})


def with_procedure_group(
    frame: pd.DataFrame,
    prefixes: Mapping[str, Sequence[str]],
    *,
    column: str = "procedure_code",
    as_: str = "procedure_group",
) -> pd.DataFrame:
    """The frame with one more column: the first group that has a prefix of the code.

    Args:
        frame: Any frame with a column of KVÅ codes.
        prefixes: Group id to the prefixes it covers; the first group that fits is taken.
        column: The column of codes.
        as_: The new column's name.

    Returns:
        `frame` and a str column of group ids; null where no group fits or the code is null.

    Glossary: procedure_group
    """

    def group_of(code: str) -> str | None:
        fits = (group for group, begins in prefixes.items() if code.startswith(tuple(begins)))
        return next(fits, None)

    return _with_mapped(frame, as_, frame[column], group_of)


def with_asa_group(
    frame: pd.DataFrame, *, column: str = "asa", as_: str = "asa_group"
) -> pd.DataFrame:
    """The frame with one more column: "1–2", "3", "4–6" or "okänd" for ASA outside 1–6 and null.

    Glossary: asa_group
    """

    def group_of(asa: float) -> str:
        if asa in (1, 2):
            return "1–2"
        if asa == 3:
            return "3"
        return "4–6" if asa in (4, 5, 6) else UNKNOWN

    return _with_mapped(frame, as_, frame[column], group_of, missing=UNKNOWN)


def with_age_band(
    frame: pd.DataFrame,
    *,
    column: str = "age",
    as_: str = "age_band",
    edges: Sequence[int] = AGE_EDGES,
) -> pd.DataFrame:
    """The frame with one more column: the band of each age, "okänd" where it is null.

    Args:
        frame: Any frame with a column of whole years.
        column: The column of ages.
        as_: The new column's name.
        edges: The first year of each band but the lowest, rising: "0–17", "18–39", "40–64",
            "65–79", "80 och äldre".
    """
    starts = (0, *edges)
    labels = [f"{low}–{high - 1}" for low, high in zip(starts[:-1], edges, strict=True)]
    labels.append(f"{starts[-1]} och äldre")

    def band_of(age: float) -> str:
        return labels[bisect_right(edges, age)] if age >= 0 else UNKNOWN

    return _with_mapped(frame, as_, frame[column], band_of, missing=UNKNOWN)


def add_up(
    frame: pd.DataFrame,
    by: Sequence[str],
    *,
    sums: Mapping[str, pd.Series[Any]],
    values: pd.Series[Any] | None = None,
    statistics: Mapping[str, Statistic] | None = None,
) -> pd.DataFrame:
    """One row per group that occurs in the frame, sorted by the group.

    Args:
        frame: The rows.
        by: Columns of `frame` that make the groups; none makes the whole frame one group.
        sums: Name of the answer's column to what is added up (booleans count as 0 and 1).
        values: What statistics are taken of; its nulls are left out.
        statistics: Name of the answer's column to the statistic of `values` it shall hold: a
            number is a quantile, linear between order statistics (type 7).

    Returns:
        [*by, *sums, *statistics]; sums of booleans as int64, statistics as float64.
    """
    keys = list(dict.fromkeys(by))
    data = frame[keys].copy()
    for name, column in sums.items():
        data[name] = column.astype("int64") if column.dtype == "bool" else column
    if values is not None:
        data["_value"] = values.astype("float64")
    grouped = group(data, keys)
    answer = grouped[list(sums)].sum()
    for name, statistic in (statistics or {}).items():
        chosen = grouped["_value"]
        if isinstance(statistic, float):
            answer[name] = chosen.quantile(statistic)
        else:
            answer[name] = chosen.agg(statistic)
    return answer.reset_index(drop=not keys)


def group(frame: pd.DataFrame, by: Sequence[str]) -> DataFrameGroupBy[Any, Any]:
    """The frame in groups the way every measure makes them: null is a group, sorted."""
    keys = list(dict.fromkeys(by))
    if not keys:
        return frame.groupby(np.zeros(len(frame), dtype=np.int64))
    return frame.groupby(keys, dropna=False, observed=True, sort=True)


def share(part: pd.Series[Any], whole: pd.Series[Any]) -> pd.Series[Any]:
    """Part over whole as float64, NaN where the whole is 0."""
    return part.astype("float64") / whole.astype("float64").where(whole > 0)


def whole_per_cent(part: pd.Series[Any], whole: pd.Series[Any]) -> pd.Series[Any]:
    """Part over whole in whole per cents, rounded half up (2 of 16 is 13); null where whole is 0.

    Whole numbers only, so that no half is lost in a float.
    """
    divisor = whole.astype("Int64").where(whole > 0)
    return (200 * part.astype("Int64") + divisor) // (2 * divisor)


def _with_mapped(
    frame: pd.DataFrame,
    name: str,
    values: pd.Series[Any],
    label: Callable[[Any], str | None],
    *,
    missing: str | None = None,
) -> pd.DataFrame:
    """The frame with a str column of labels, each distinct value labelled once."""
    codes, distinct = pd.factorize(values)
    # Code -1 stands for null and reaches the last label.
    labels = pd.array([*(label(value) for value in distinct), missing], dtype="str")
    return frame.assign(**{name: labels.take(codes)})
