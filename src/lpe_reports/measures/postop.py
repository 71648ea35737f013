"""Postoperative care: how long patients stayed, and how long they waited to be fetched."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from lpe_reports.measures.grouping import Statistic, add_up, share, with_periods
from lpe_reports.measures.times import (
    LOCAL_ZONE,
    MICROSECONDS_PER_MINUTE,
    elapsed,
    local_days,
)
from lpe_reports.measures.windows import Integers
from lpe_reports.params.on_call import HOLIDAY, MINUTES_OF_DAY, OnCallCategory

STAY_COLUMNS = (
    "stays", "timed", "stay_minutes", "mean_minutes", "median_minutes", "p90_minutes",
)  # fmt: skip
WARD_WAIT_COLUMNS = (
    "stays", "timed", "waited", "share_waited", "wait_minutes", "mean_minutes",
    "median_minutes", "p90_minutes",
)  # fmt: skip
LONG_WAIT_MINUTES = 30.0
_STATISTICS: dict[str, Statistic] = {
    "mean_minutes": "mean",
    "median_minutes": 0.5,
    "p90_minutes": 0.9,
}


def with_on_call(
    frame: pd.DataFrame,
    categories: Sequence[OnCallCategory],
    *,
    holidays: Collection[date],
    column: str = "arrived_at",
    as_: str = "on_call",
) -> pd.DataFrame:
    """The frame with one more column: the on-call category in whose hours each time lies.

    Args:
        frame: Any frame.
        categories: From `Calendar.on_call`: together they fill every day once.
        holidays: The days that count as holidays, whatever their weekday.
        column: A column of timestamps in it.
        as_: The new column's name.

    Returns:
        `frame` and a str column of category ids; null where the time is.

    Glossary: on_call_category
    """
    hours = np.full((HOLIDAY + 1, MINUTES_OF_DAY), -1, dtype=np.int8)
    for position, category in enumerate(categories):
        for day, first, end in category.spans():
            hours[day, first:end] = position
    known = frame[column].notna().to_numpy()
    times = frame.loc[known, column]
    days = local_days(times)
    kind = np.where(
        days.isin(pd.DatetimeIndex(sorted(holidays))), HOLIDAY, days.dt.day_of_week + 1
    ).astype(np.int64)
    number = np.full(len(frame), -1, dtype=np.int64)
    number[known] = hours[kind, _minute_of_day(times)]
    # Number -1 stands for null and reaches the last label.
    labels = pd.array([*(category.id for category in categories), None], dtype="str")
    return frame.assign(**{as_: labels.take(number % len(labels))})


def postop_stays_by(stays: pd.DataFrame, *, by: Sequence[str]) -> pd.DataFrame:
    """How long patients stayed in postoperative care.

    Args:
        stays: postop_unit, arrived_at, left_at.
        by: Columns of the frame (`on_call` from `with_on_call`), and week, month, quarter,
            tertial, year and weekday (ISO, 1–7), which are made of arrived_at.

    Returns:
        [*by, stays, timed, stay_minutes, mean_minutes, median_minutes, p90_minutes]. Minutes
        from arrived to left of the `timed` stays, those with both times in order;
        `stay_minutes` is their sum.

    Glossary: postop_time
    """
    minutes = _minutes(stays, "arrived_at")
    answer = _summary(stays, by, minutes, {"stay_minutes": minutes.fillna(0.0)})
    return answer[[*dict.fromkeys(by), *STAY_COLUMNS]]


def ward_waits_by(
    stays: pd.DataFrame, *, by: Sequence[str], long_minutes: float = LONG_WAIT_MINUTES
) -> pd.DataFrame:
    """How long patients stayed on in postoperative care after they were ready to leave it.

    Args:
        stays: postop_unit, arrived_at, ready_at, left_at.
        by: As for `postop_stays_by`.
        long_minutes: A longer wait is counted in `waited`.

    Returns:
        [*by, stays, timed, waited, share_waited, wait_minutes, mean_minutes, median_minutes,
        p90_minutes]. Minutes from ready to left of the `timed` stays, those with both times in
        order; `wait_minutes` is their sum, `waited` those above `long_minutes`.

    Glossary: ward_wait
    """
    minutes = _minutes(stays, "ready_at")
    sums = {"waited": minutes > long_minutes, "wait_minutes": minutes.fillna(0.0)}
    answer = _summary(stays, by, minutes, sums)
    answer["share_waited"] = share(answer["waited"], answer["timed"])
    return answer[[*dict.fromkeys(by), *WARD_WAIT_COLUMNS]]


def _summary(
    stays: pd.DataFrame,
    by: Sequence[str],
    minutes: pd.Series[Any],
    sums: dict[str, pd.Series[Any]],
) -> pd.DataFrame:
    return add_up(
        with_periods(stays, "arrived_at", by),
        by,
        sums={
            "stays": pd.Series(True, index=stays.index, dtype=bool),
            "timed": minutes.notna(),
            **sums,
        },
        values=minutes,
        statistics=_STATISTICS,
    )


def _minutes(stays: pd.DataFrame, start: str) -> pd.Series[Any]:
    """Minutes from a time to left_at, NaN where one is null or they are in the wrong order."""
    length = elapsed(stays[start], stays["left_at"])
    usable = (stays[start].notna() & stays["left_at"].notna()).to_numpy() & (length >= 0)
    minutes = np.where(usable, length / MICROSECONDS_PER_MINUTE, np.nan)
    return pd.Series(minutes, index=stays.index)


def _minute_of_day(times: pd.Series[Any]) -> Integers:
    """Minutes after midnight as the clock on the wall shows them."""
    if not isinstance(times.dtype, pd.DatetimeTZDtype):
        times = pd.to_datetime(times, utc=True)
    shown = times.dt.tz_convert(LOCAL_ZONE).dt
    minute: Integers = (shown.hour * 60 + shown.minute).to_numpy(dtype=np.int64)
    return minute
