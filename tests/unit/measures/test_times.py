"""Local days and instants on the two days of the year when they part."""

import pandas as pd
import pytest

from canonical_frames import ZONE, operations
from lpe_reports.measures.times import (
    MICROSECONDS_PER_HOUR,
    days_between,
    elapsed,
    local_days,
    local_instants,
)

pytestmark = pytest.mark.promise(
    "clock", "Every source's times are the Swedish clock's, on days of 23 and 25 hours too"
)

SPRING, AUTUMN = "2026-03-29", "2026-10-25"


def days(*texts: str | None) -> "pd.Series[pd.Timestamp]":
    return pd.Series(texts, dtype="datetime64[us]")


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), ("2026-05-04", 24)])
def test_days_have_23_24_or_25_hours(day: str, hours: int) -> None:
    """From midnight to midnight the clock change is counted."""
    start = local_instants(days(day), pd.Series([0]))
    end = local_instants(days(day) + pd.Timedelta(days=1), pd.Series([0]))

    assert (end - start) / MICROSECONDS_PER_HOUR == [hours]


def test_days_between_does_not_count_hours() -> None:
    """A day of 23 hours is one day of waiting, and so is one of 25."""
    frame = operations(
        {"decided_at": f"{SPRING} 00:30", "surgery_start_at": "2026-03-30 00:10"},
        {"decided_at": f"{AUTUMN} 23:30", "surgery_start_at": "2026-10-26 00:10"},
        {"decided_at": "2026-05-04 23:59", "surgery_start_at": "2026-05-05 00:01"},
        {"decided_at": "2026-05-04 00:00", "surgery_start_at": "2026-05-04 23:59"},
        {"decided_at": None, "surgery_start_at": "2026-05-04 23:59"},
    )
    waited = days_between(frame["decided_at"], frame["surgery_start_at"])

    assert waited.tolist()[:4] == [1, 1, 1, 0]
    assert waited.isna().tolist() == [False] * 4 + [True]


def test_elapsed_counts_the_hour_that_comes_twice() -> None:
    """An operation through the autumn change takes the time that it took."""
    frame = operations(
        {"surgery_start_at": f"{AUTUMN} 01:30", "surgery_end_at": f"{AUTUMN} 03:30"},
        {"surgery_start_at": f"{AUTUMN} 01:30", "surgery_end_at": None},
    )

    assert elapsed(frame["surgery_start_at"], frame["surgery_end_at"]).tolist() == [
        3 * MICROSECONDS_PER_HOUR,
        0,
    ]


def test_local_instants_are_first_or_first_existing() -> None:
    """02:30 twice is the first; 02:30 never is 03:00."""
    autumn = local_instants(days(AUTUMN, AUTUMN), pd.Series([150, 60]))
    spring = local_instants(days(SPRING, SPRING), pd.Series([150, 180]))

    assert autumn[0] - autumn[1] == 1.5 * MICROSECONDS_PER_HOUR
    assert spring[0] == spring[1]


@pytest.mark.parametrize(
    "times",
    [
        pd.Series(pd.to_datetime(["2026-05-03T22:30:00Z"])),
        pd.Series(pd.to_datetime(["2026-05-04 00:30"])).dt.tz_localize(ZONE),
        days("2026-05-04"),
        pd.Series([pd.Timestamp("2026-05-04").date()]),
    ],
)
def test_local_day_is_the_same_however_it_is_stored(times: "pd.Series[pd.Timestamp]") -> None:
    """UTC, local time, naive days and Python dates agree."""
    assert local_days(times).tolist() == [pd.Timestamp("2026-05-04")]


def test_local_days_of_nothing_but_nulls_are_null() -> None:
    """A column that has never had a value has no dtype to go by."""
    answer = local_days(pd.Series([None, None], dtype="object"))

    assert answer.isna().all()
    assert answer.dtype == "datetime64[us]"
