"""End times: when the last patient of each theatre and day left it, in half hours.

The clock is the one on the wall. A day is that of the patient's coming in: who is operated past
midnight leaves late on the day before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from itertools import pairwise

import numpy as np
import pandas as pd

from lpe_reports.measures.grouping import add_up, whole_per_cent, with_periods
from lpe_reports.measures.theatres import place_codes
from lpe_reports.measures.times import (
    LOCAL_ZONE,
    MICROSECONDS_PER_MINUTE,
    local_days,
    microseconds,
)

FIRST_CUTOFF, LAST_CUTOFF = time(14, 0), time(17, 0)
BAND_MINUTES = 30
_PLACE = ["operating_unit", "theatre"]
_TIMES = ["patient_in_at", "patient_out_at"]


def end_bands(
    first: time = FIRST_CUTOFF, last: time = LAST_CUTOFF, *, minutes: int = BAND_MINUTES
) -> tuple[str, ...]:
    """The bands' names: "<14:00", "14:00–14:29" … "16:30–16:59", "≥17:00".

    Args:
        first: Where the first band ends.
        last: Where the last band begins.
        minutes: How long each band between them is; it divides the time between them.

    Raises:
        ValueError: The bands do not fit between first and last.
    """
    edges = _edges(first, last, minutes)
    between = [f"{_clock(low)}–{_clock(high - 1)}" for low, high in pairwise(edges)]
    return (f"<{_clock(edges[0])}", *between, f"≥{_clock(edges[-1])}")


def last_out(operations: pd.DataFrame) -> pd.DataFrame:
    """When the last patient of each theatre and day left it.

    Args:
        operations: operating_unit, theatre, patient_in_at, patient_out_at; those without a
            theatre or a time are left out. Leave out emergencies to see when the planned
            programme ended.

    Returns:
        One row per theatre and day with a patient: [operating_unit, theatre, date, end_minute],
        sorted; `date` is a naive midnight, `end_minute` minutes after that midnight as clocks
        show them (above 1440 past midnight).

    Glossary: end_time
    """
    complete = operations[[*_PLACE, *_TIMES]].dropna()
    (place,) = place_codes(complete)
    day = local_days(complete["patient_in_at"])
    frame = pd.DataFrame({"place": place, "date": day.to_numpy()})
    frame["out"] = microseconds(complete["patient_out_at"])
    last = frame.sort_values("out").drop_duplicates(["place", "date"], keep="last")
    theatres = complete[_PLACE].iloc[last.index].reset_index(drop=True)
    shown = pd.to_datetime(last["out"], unit="us", utc=True).dt.tz_convert(LOCAL_ZONE)
    since = shown.dt.tz_localize(None).dt.as_unit("us") - last["date"]
    minute = since.astype("int64") // MICROSECONDS_PER_MINUTE
    theatres["date"] = last["date"].to_numpy()
    theatres["end_minute"] = minute.to_numpy()
    return theatres.sort_values([*_PLACE, "date"], kind="stable", ignore_index=True)


def end_times_by(
    operations: pd.DataFrame,
    *,
    by: Sequence[str],
    first: time = FIRST_CUTOFF,
    last: time = LAST_CUTOFF,
    minutes: int = BAND_MINUTES,
) -> pd.DataFrame:
    """On how many days theatres ended in each band of the afternoon.

    Args:
        operations: As for `last_out`.
        by: operating_unit, theatre, and week, month, quarter, tertial, year and weekday (ISO,
            1–7), which are made of the day.
        first: Where the first band ends.
        last: Where the last band begins.
        minutes: How long each band between them is.

    Returns:
        [*by, band, theatre_days, total, per_cent]: every band of every group in the order of
        `end_bands`. `total` is the group's theatre-days, `per_cent` the band's part of them,
        whole and rounded half up (Int64).

    Glossary: end_time
    """
    keys = list(dict.fromkeys(by))
    names = end_bands(first, last, minutes=minutes)
    days = with_periods(last_out(operations), "date", keys)
    number = np.searchsorted(_edges(first, last, minutes), days["end_minute"], side="right")
    in_band = {
        name: pd.Series(number == position, index=days.index) for position, name in enumerate(names)
    }
    wide = add_up(
        days, keys, sums=in_band | {"total": pd.Series(True, index=days.index, dtype=bool)}
    )
    bands = [wide[[*keys, "total"]].assign(band=name, theatre_days=wide[name]) for name in names]
    long = pd.concat(bands).sort_index(kind="stable").reset_index(drop=True)
    long["band"] = long["band"].astype("str")
    long["per_cent"] = whole_per_cent(long["theatre_days"], long["total"])
    return long[[*keys, "band", "theatre_days", "total", "per_cent"]]


def _edges(first: time, last: time, minutes: int) -> list[int]:
    low, high = (at.hour * 60 + at.minute for at in (first, last))
    if minutes <= 0 or high < low or (high - low) % minutes:
        raise ValueError(f"bands of {minutes} minutes do not fit from {first} to {last}")
    return list(range(low, high + 1, minutes))


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
