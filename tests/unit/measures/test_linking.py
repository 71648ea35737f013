"""Rows found by their keys: the same whichever side is larger, and nothing found by a null."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpe_reports.measures.linking import positions_of, taken
from lpe_reports.measures.times import falls_before

key = st.one_of(st.none(), st.sampled_from(["a", "b", "c", "d", "ö"]))


def text(values: list[str | None]) -> "pd.Series[str]":
    return pd.Series(values, dtype="str")


@settings(max_examples=60, deadline=None)
@given(keys=st.lists(key, max_size=20), among=st.lists(key, max_size=20))
def test_positions_are_where_each_key_stands_first(
    keys: list[str | None], among: list[str | None]
) -> None:
    """As counting would find them; −1 for null and for what is not there."""
    found = positions_of(text(keys), text(among))

    assert found.tolist() == [
        among.index(wanted) if wanted is not None and wanted in among else -1 for wanted in keys
    ]


def test_taken_values_are_null_where_nothing_was_found() -> None:
    """Times and texts alike, and from no values at all."""
    times = pd.Series(pd.to_datetime(["2026-05-01", "2026-05-02"])).dt.as_unit("us")
    at = np.array([1, -1, 0])

    assert taken(times, at).tolist() == [times[1], pd.NaT, times[0]]
    assert taken(text(["x", "y"]), at).isna().tolist() == [False, True, False]
    assert taken(times.iloc[:0], np.array([-1, -1])).isna().all()


@pytest.mark.parametrize("month", ["2026-03", "2026-10"])
def test_time_falls_before_a_day_of_the_hospitals_clock(month: str) -> None:
    """To the minute, also where clocks change; days without a zone are taken as they are."""
    day = date(2026, int(month[-2:]), 29 if month == "2026-03" else 25)
    midnight = pd.Timestamp(day, tz="Europe/Stockholm")
    minute = pd.Timedelta(minutes=1)
    times = pd.Series([midnight - minute, midnight, midnight + minute, pd.NaT]).dt.as_unit("us")

    assert falls_before(times, day).tolist() == [True, False, False, False]
    assert falls_before(times.dt.tz_convert("UTC"), day).tolist() == [True, False, False, False]
    shown = times.dt.tz_localize(None)
    assert falls_before(shown, day).tolist() == [True, False, False, False]
    assert falls_before(pd.Series([None, None], dtype="object"), day).tolist() == [False, False]
