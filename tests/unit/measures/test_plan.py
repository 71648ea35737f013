"""Plan and outcome, rolling years and forecast, by hand."""

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from canonical_frames import operations, production_plan
from lpe_reports.measures.forecast import forecast
from lpe_reports.measures.plan import (
    first_plans,
    month_ids,
    plan_and_outcome,
    plans_in_force,
    rolling_year_by,
)

PLAN = pd.DataFrame(
    {
        "vo": ["ortopedi"] * 5 + ["kirurgi"],
        "section": pd.Series(["ort", "ort", "ort", None, None, "kir"], dtype="str"),
        "month": ["2026-05", "2026-05", "2026-05", "2026-05", "2026-06", "2026-06"],
        "version": pd.to_datetime(
            ["2025-12-01", "2026-05-20", "2026-06-01", "2025-12-01", "2025-12-01", "2025-12-01"]
        ),
        "operations": [100, 90, 80, 5, 6, 50],
        "hours": [150.0, 135.0, 120.0, 7.5, 9.0, 60.0],
    }
)
AS_OF = date(2026, 5, 11)


def done(month: str, count: int, **other: Any) -> list[dict[str, Any]]:
    """So many operations of an hour and a half."""
    start = datetime.fromisoformat(f"{month}-03 08:00")
    times = {"surgery_start_at": start, "surgery_end_at": start.replace(hour=9, minute=30)}
    return [times | other] * count


def planned(month: str, count: int, *, version: str = "2024-01-01") -> dict[str, Any]:
    return {"month": month, "version": version, "operations": count, "hours": count * 2.0}


def test_plan_in_force_is_the_newest_not_later_than_the_month() -> None:
    """A version of the month itself counts, one of the next month does not; no section is one."""
    answer = plans_in_force(PLAN, months=["2026-05"])

    assert answer["operations"].tolist() == [90, 5]
    assert answer.columns.tolist() == PLAN.columns.tolist()
    assert plans_in_force(PLAN, months=["2026-06"])["operations"].tolist() == [50, 6]
    assert plans_in_force(PLAN, months=["2027-01"]).empty
    assert (
        plans_in_force(PLAN.iloc[:0], months=["2026-05"]).columns.tolist() == PLAN.columns.tolist()
    )


def test_first_plan_is_the_years_own() -> None:
    """The newest by January; where there was none by then, the earliest of the year."""
    plan = production_plan(
        planned("2026-05", 100, version="2025-11-01"),
        planned("2026-05", 110, version="2026-01-15"),
        planned("2026-05", 120, version="2026-02-01"),
        planned("2026-06", 70, version="2026-03-01"),
        planned("2026-06", 80, version="2026-04-01"),
    )

    assert first_plans(plan, months=["2026-05", "2026-06"])["operations"].tolist() == [110, 70]


def test_plan_and_outcome_by_hand() -> None:
    """April 8 of 10 and March 5 of 10; May is under way: no share; June has not begun.

    Accumulated from March: 5 of 10, 13 of 20, and in May 13 + 2 = 15 of 30. Hours are 1.5 each
    against 2 each: April 12 of 20.
    """
    months = month_ids(date(2026, 3, 1), date(2026, 7, 1))
    plan = production_plan(*(planned(month, 10, version="2026-01-01") for month in months))
    cases = operations(*done("2026-03", 5), *done("2026-04", 8), *done("2026-05", 2))
    table = plan_and_outcome(cases, plan, months=months, as_of=AS_OF).set_index("month")

    assert table["operations"].tolist()[:3] == [5, 8, 2]
    assert np.isnan(table.loc["2026-06", "operations"])
    assert table["share_operations"].tolist()[:2] == [0.5, 0.8]
    assert table.loc["2026-04", "share_hours"] == pytest.approx(12 / 20)
    assert table["operations_to_date"].tolist()[:3] == [5, 13, 15]
    assert table["planned_operations_to_date"].tolist() == [10, 20, 30, 40]
    assert table["share_operations_to_date"].tolist()[:2] == [0.5, 0.65]
    assert table["share_operations"].isna().tolist() == [False, False, True, True]
    assert table["ongoing"].tolist() == [False, False, True, False]


def test_plan_and_outcome_keep_what_has_no_other_side() -> None:
    """A section without a plan, and one without an operation; no section is one of its own."""
    plan = production_plan(planned("2026-04", 10) | {"section": "gyn", "vo": "kvinnosjukvard"})
    cases = operations(*done("2026-04", 3), *done("2026-04", 1, section=None))
    table = plan_and_outcome(cases, plan, months=["2026-04"], as_of=AS_OF)

    assert table["section"].tolist()[:2] == ["gyn", "ort"]
    assert pd.isna(table["section"].iloc[2])
    assert table["operations"].tolist() == [0, 3, 1]
    assert table["share_operations"].isna().tolist() == [False, True, True]


def test_plan_that_begins_later_adds_up_from_there() -> None:
    """What a month's plan leaves out adds nothing; the new year adds up anew."""
    plan = production_plan(planned("2025-12", 4), planned("2026-02", 10))
    months = ["2025-12", "2026-01", "2026-02", "2026-03"]
    table = plan_and_outcome(operations(), plan, months=months, as_of=AS_OF)

    assert table["planned_operations_to_date"].tolist() == pytest.approx(
        [4, np.nan, 10, 10], nan_ok=True
    )


def test_rolling_year_adds_up_twelve_months() -> None:
    """One operation in each of 13 months, two in the last: 12 and 13; before that no year is whole.

    A group that did nothing for a year is there with 0.
    """
    months = month_ids(date(2025, 1, 1), date(2026, 2, 1))
    cases = operations(
        *(case for month in months for case in done(month, 1)),
        *done("2026-01", 1),
        *done("2025-01", 1, vo="kirurgi"),
    )
    answer = rolling_year_by(cases, by=["vo"], months=months, first_day=date(2025, 1, 1))

    assert answer["month"].tolist() == ["2025-12", "2026-01"] * 2
    assert answer["operations"].tolist() == [1, 0, 12, 13]
    assert answer["operation_hours"].tolist() == [1.5, 0, 18, 19.5]
    later = rolling_year_by(cases, by=["vo"], months=months, first_day=date(2025, 1, 2))
    assert later["month"].tolist() == ["2026-01"] * 2


@pytest.fixture(scope="module")
def expected() -> pd.DataFrame:
    """28 months planned 10 each; June and July are to come.

    Nothing was done in the first four, which are too long ago to teach anything; then 8 and 12
    by turns, and 12, 9, 9 and 6.
    """
    past = month_ids(date(2024, 1, 1), date(2026, 5, 1))
    counts = [0] * 4 + [8, 12] * 10 + [12, 9, 9, 6]
    cases = operations(
        *(case for month, count in zip(past, counts, strict=True) for case in done(month, count))
    )
    plan = production_plan(
        *(planned(month, 10) for month in past), planned("2026-06", 20), planned("2026-07", 5)
    )
    return forecast(
        cases, plan, months=["2026-06", "2026-07"], as_of=AS_OF, first_day=date(2024, 1, 1)
    ).set_index("month")


def test_forecast_by_hand(expected: pd.DataFrame) -> None:
    """Last three months 24 of 30: 0.8, so that 20 planned are 16 expected.

    Fulfilments: ten of 0.8, eleven of 1.2, two of 0.9, one of 0.6. Their standard deviation s
    (over 23) makes 16 ± 1.959964 · s · 20.
    """
    spread = np.std([0.8] * 10 + [1.2] * 11 + [0.9] * 2 + [0.6], ddof=1)
    row = expected.loc["2026-06"]

    assert row["forecast_operations"] == pytest.approx(16)
    assert row["fulfilment_months_operations"] == 24
    assert row["low_operations"] == pytest.approx(16 - 1.959963985 * spread * 20)
    assert row["high_operations"] == pytest.approx(16 + 1.959963985 * spread * 20)
    assert row["forecast_hours"] == pytest.approx(40 * 24 * 1.5 / 60)
    assert expected.loc["2026-07", "forecast_operations"] == pytest.approx(4)


def test_forecast_is_not_below_nothing() -> None:
    """None and 20 of 10 by turns, of late one in three months: 2 expected of 20, from 0 on."""
    past = month_ids(date(2025, 5, 1), date(2026, 5, 1))
    counts = [0, 20] * 4 + [20, 0, 0, 3]
    cases = operations(*(case for m, n in zip(past, counts, strict=True) for case in done(m, n)))
    plan = production_plan(*(planned(m, 10) for m in past), planned("2026-06", 20))
    row = forecast(cases, plan, months=["2026-06"], as_of=AS_OF, first_day=date(2025, 1, 1)).iloc[0]

    assert row["forecast_operations"] == pytest.approx(2)
    assert row[["low_operations", "low_hours"]].tolist() == [0, 0]
    assert row["high_operations"] > 30


def test_forecast_of_fewer_than_twelve_months_has_no_interval() -> None:
    """Eleven whole months since the data began: a forecast, but no bounds."""
    past = month_ids(date(2025, 6, 1), date(2026, 5, 1))
    cases = operations(*(case for month in past for case in done(month, 5)))
    plan = production_plan(*(planned(m, 10) for m in past), planned("2026-06", 20))
    wish = {"months": ["2026-06"], "as_of": AS_OF}
    eleven = forecast(cases, plan, first_day=date(2025, 5, 2), **wish).iloc[0]

    assert eleven[["forecast_operations", "fulfilment_months_operations"]].tolist() == [10, 11]
    assert eleven[["low_operations", "high_operations"]].isna().all()
    none = forecast(operations(), plan.tail(1), first_day=date(2025, 1, 1), **wish).iloc[0]
    assert none["planned_operations"] == 20
    assert np.isnan(none["forecast_operations"])
