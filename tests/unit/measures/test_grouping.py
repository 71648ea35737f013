"""Grouping columns: local periods, procedure groups, ASA and age; and adding up per group."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical_frames import operations, sessions
from lpe_reports.measures.grouping import (
    add_up,
    share,
    with_age_band,
    with_asa_group,
    with_period,
    with_procedure_group,
    with_weekday,
)
from lpe_reports.periods import PeriodKind, period_at

GROUPS = {"knee": ["NG"], "hip": ["NF"], "leg": ["NF", "NH"]}


@pytest.mark.parametrize(
    ("time", "week"),
    [
        ("2026-05-04 00:10", "2026-W19"),  # still Sunday in UTC
        ("2026-05-10 23:50", "2026-W19"),
        ("2027-01-01 12:00", "2026-W53"),  # the ISO year is the week's, not the day's
        ("2026-03-29 03:30", "2026-W13"),  # the hour after the spring change
        ("2026-10-25 02:30", "2026-W43"),  # an hour that comes twice
        ("2026-02-16 08:00", "2026-W08"),
    ],
)
def test_week_is_that_of_the_local_day(time: str, week: str) -> None:
    """Which week an operation is in is decided by the hospital's clock."""
    frame = operations({"surgery_start_at": time})

    assert with_period(frame, "surgery_start_at", PeriodKind.WEEK)["week"].tolist() == [week]


@settings(max_examples=40, deadline=None)
@given(
    time=st.datetimes(pd.Timestamp("2010-01-01"), pd.Timestamp("2040-01-01")),
    kind=st.sampled_from([kind for kind in PeriodKind if kind is not PeriodKind.ROLLING12]),
)
def test_period_is_the_one_that_periods_knows(time: datetime, kind: PeriodKind) -> None:
    """A period's id has one spelling in the whole package, for times and for days alike."""
    frame = pd.DataFrame({"on": pd.Series([time, pd.NaT], dtype="datetime64[us]")})
    answer = with_period(frame, "on", kind, as_="period")["period"]

    assert answer[0] == period_at(kind, time.date()).id
    assert answer.isna().tolist() == [False, True]


def test_period_of_rolling_years_is_refused() -> None:
    """A day lies in twelve of them."""
    with pytest.raises(ValueError, match="twelve"):
        with_period(operations(), "surgery_start_at", PeriodKind.ROLLING12)


def test_weekday_is_iso_and_local() -> None:
    """Monday is 1, Sunday 7, by the local clock; a null stays null."""
    frame = operations(
        {"surgery_start_at": "2026-05-04 00:10"},
        {"surgery_start_at": "2026-05-10 23:50"},
        {"surgery_start_at": None},
    )
    answer = with_weekday(frame, "surgery_start_at")["weekday"]

    assert answer.tolist()[:2] == [1, 7]
    assert answer.isna().tolist() == [False, False, True]


def test_procedure_group_is_the_first_that_fits() -> None:
    """NF is hip before it is leg; a code without a group, and no code, have none."""
    frame = operations(*({"procedure_code": code} for code in ("NGB49", "NFB29", "NHK57", "JAB30")))
    frame = pd.concat([frame, operations({"procedure_code": None})])
    answer = with_procedure_group(frame, GROUPS)["procedure_group"]

    assert answer.tolist()[:3] == ["knee", "hip", "leg"]
    assert answer.isna().tolist() == [False, False, False, True, True]


def test_asa_has_four_groups() -> None:
    """1–2, 3, 4–6, and unknown for null and for what is no ASA class."""
    frame = operations(*({"asa": asa} for asa in (1, 2, 3, 4, 5, 6, 7, 0, None)))

    assert with_asa_group(frame)["asa_group"].tolist() == [
        "1–2", "1–2", "3", "4–6", "4–6", "4–6", "okänd", "okänd", "okänd",
    ]  # fmt: skip


def test_age_bands_hold_their_edges() -> None:
    """The first year of a band is in it, the last too, and null is unknown."""
    frame = operations(*({"age": age} for age in (0, 17, 18, 39, 40, 79, 80, 104, None)))

    assert with_age_band(frame)["age_band"].tolist() == [
        "0–17", "0–17", "18–39", "18–39", "40–64", "65–79", "80 och äldre", "80 och äldre", "okänd",
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [[], [{}]])
def test_grouping_columns_are_strings_for_any_frame(rows: list[dict[str, str]]) -> None:
    """An empty frame, and one of nulls only, get the columns too."""
    frame = operations(*rows).assign(asa=pd.NA, age=None, procedure_code=None)
    frame = with_period(frame, "surgery_start_at", PeriodKind.WEEK)
    frame = with_age_band(with_asa_group(with_procedure_group(frame, GROUPS)))

    for name in ("week", "procedure_group", "asa_group", "age_band"):
        assert frame[name].dtype == "str"
        assert len(frame[name]) == len(rows)


def test_with_columns_leaves_the_frame_it_was_given() -> None:
    """A measure never changes what its caller holds."""
    frame = operations({"surgery_start_at": "2026-05-04 08:00"})
    columns = list(frame.columns)
    with_period(frame, "surgery_start_at", PeriodKind.WEEK)

    assert list(frame.columns) == columns


def test_add_up_makes_null_a_group_of_its_own() -> None:
    """What has no section is still counted, once."""
    frame = operations({"section": "ort"}, {"section": None}, {"section": None})
    answer = add_up(frame, ["section"], sums={"n": frame["vo"].notna()})

    assert answer["n"].tolist() == [1, 2]
    assert answer["section"].isna().tolist() == [False, True]


def test_add_up_without_columns_is_the_whole() -> None:
    """No `by` gives one row, and none for an empty frame."""
    frame = operations({}, {})
    whole = add_up(frame, [], sums={"n": frame["vo"].notna()})
    nothing = add_up(operations(), [], sums={"n": operations()["vo"].notna()})

    assert whole.to_dict("list") == {"n": [2]}
    assert nothing.columns.tolist() == ["n"]
    assert nothing.empty


def test_add_up_sums_are_whole_numbers() -> None:
    """Counts stay int64, also of an empty frame."""
    for frame in (sessions({}), sessions()):
        answer = add_up(frame, ["vo", "date"], sums={"n": frame["status"] == "open"})
        assert answer["n"].dtype == np.int64


def test_share_of_nothing_is_null() -> None:
    """A share without a denominator is no number, not 0."""
    answer = share(pd.Series([1, 0]), pd.Series([4, 0]))

    assert answer[0] == 0.25
    assert np.isnan(answer[1])
