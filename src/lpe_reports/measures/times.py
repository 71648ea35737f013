"""Instants and local days: the one place that knows which clock the hospitals go by."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LOCAL_ZONE = "Europe/Stockholm"
MICROSECONDS_PER_MINUTE = 60_000_000
MICROSECONDS_PER_HOUR = 60 * MICROSECONDS_PER_MINUTE


def local_days(times: pd.Series[Any]) -> pd.Series[Any]:
    """The local day of each time, as naive midnights; null stays null.

    Args:
        times: Timestamps with a zone, or naive days (taken as they are).

    Returns:
        datetime64[us] without a zone, on the index of `times`.
    """
    if not pd.api.types.is_datetime64_any_dtype(times.dtype):
        # A column of Python dates, or one without a single value, has no time dtype yet.
        times = pd.to_datetime(times)
    if isinstance(times.dtype, pd.DatetimeTZDtype):
        times = times.dt.tz_convert(LOCAL_ZONE).dt.tz_localize(None)
    days: pd.Series[Any] = times.dt.normalize().dt.as_unit("us")
    return days


def days_between(earlier: pd.Series[Any], later: pd.Series[Any]) -> pd.Series[Any]:
    """Whole local days from one time to the other, as float64; NaN where either is null.

    Counted from midnight to midnight, so that a day of 23 or 25 hours is one day.
    """
    return (local_days(later) - local_days(earlier)).dt.days.astype("float64")


def falls_before(times: pd.Series[Any], day: date) -> pd.Series[Any]:
    """Whether each time lies before a local day begins; False for null.

    Args:
        times: Timestamps with a zone, or naive days.
        day: The day.
    """
    if isinstance(times.dtype, pd.DatetimeTZDtype):
        # The instants are compared as they are, which costs far less than each one's own day.
        return times < pd.Timestamp(day, tz=LOCAL_ZONE)
    return local_days(times) < pd.Timestamp(day)


def microseconds(times: pd.Series[Any]) -> NDArray[np.int64]:
    """Each time as microseconds of the same clock (UTC), for arithmetic across clock changes.

    Args:
        times: Timestamps with a zone, without nulls.
    """
    if not isinstance(times.dtype, pd.DatetimeTZDtype):
        times = pd.to_datetime(times, utc=True)
    instants: NDArray[np.int64] = times.dt.as_unit("us").to_numpy("datetime64[us]").view(np.int64)
    return instants


def elapsed(earlier: pd.Series[Any], later: pd.Series[Any]) -> NDArray[np.int64]:
    """Microseconds from one instant to the other; 0 where either is null."""
    known = (earlier.notna() & later.notna()).to_numpy()
    length = np.zeros(len(earlier), dtype=np.int64)
    length[known] = microseconds(later[known]) - microseconds(earlier[known])
    return length


def local_instants(days: pd.Series[Any], minutes: pd.Series[Any]) -> NDArray[np.int64]:
    """The instants at which local clocks show so many minutes after midnight.

    A time in the repeated hour of autumn is its first, one in the missing hour of spring is
    the first that exists.

    Args:
        days: Naive midnights without nulls.
        minutes: Minutes of the clock face after midnight.
    """
    shown = days.dt.as_unit("us") + pd.to_timedelta(minutes, unit="min")
    first = np.ones(len(shown), dtype=bool)
    local = shown.dt.tz_localize(LOCAL_ZONE, ambiguous=first, nonexistent="shift_forward")
    return microseconds(local)
