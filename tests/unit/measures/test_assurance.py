"""Variation and assurance: what a chart's last point and its target say together."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lpe_reports.measures.assurance import Assessment, assess
from lpe_reports.measures.rebasing import Rebase, rebase_positions
from lpe_reports.measures.spc import laney, p_chart, share_chart, xmr

# Mean 10.25, limits 5.41 and 15.09.
STEADY = [10.0, 11.0, 9.0, 10.0, 12.0, 10.0, 9.0, 11.0, 10.0, 9.0, 12.0, 10.0]
HIGH, LOW = [*STEADY, 17.0], [*STEADY, 3.0]


def of(values: list[float], **kw: Any) -> Assessment:
    return assess(xmr(pd.Series(values, dtype="float64")), **kw)


@pytest.mark.parametrize(
    ("values", "improvement", "variation", "side"),
    [
        (STEADY, "up", "common_cause", ""),
        (HIGH, "up", "improving", "up"),
        (HIGH, "down", "concerning", "up"),
        (HIGH, None, "neither", "up"),
        (LOW, "up", "concerning", "down"),
        (LOW, "down", "improving", "down"),
        ([*STEADY, np.nan], "up", "no_data", ""),
    ],
)
def test_variation_is_that_of_the_last_point(
    values: list[float], improvement: Any, variation: str, side: str
) -> None:
    """Chance, better, worse, neither, or nothing to say; and which way."""
    found = of(values, improvement=improvement)

    assert (found.variation, found.side) == (variation, side)


@pytest.mark.parametrize(
    ("target", "up", "down"),
    [
        (20.0, "consistently_miss", "consistently_hit"),
        (10.0, "hit_and_miss", "hit_and_miss"),
        (1.0, "consistently_hit", "consistently_miss"),
        (None, "none", "none"),
        (np.nan, "none", "none"),
    ],
)
def test_assurance_is_where_the_target_lies(target: Any, up: str, down: str) -> None:
    """Above the limits, between them or below: will it be met by a process that goes on so?"""
    assert of(STEADY, improvement="up", target=target).assurance == up
    assert of(STEADY, improvement="down", target=target).assurance == down
    assert of(STEADY, improvement=None, target=target).assurance == "none"


@pytest.mark.parametrize(
    ("lower", "upper", "up"),
    [(1, 3, "consistently_miss"), (5, 7, "consistently_hit"), (1, 5, "hit_and_miss"),
     (1, 4, "hit_and_miss"), (4, 7, "hit_and_miss")],
)  # fmt: skip
def test_assurance_meets_plotthedots_own_tests(lower: float, upper: float, up: str) -> None:
    """A target of 4 against the limits that NHSRplotthedots tests its own rule with."""
    chart = xmr(pd.Series([0.0])).assign(lower=float(lower), upper=float(upper))

    assert assess(chart, improvement="up", target=4).assurance == up


def test_assurance_is_by_the_newest_limits() -> None:
    """After a known change the old limits promise nothing."""
    values = pd.Series([*STEADY, *(value + 50 for value in STEADY)])
    old, new = xmr(values), xmr(values, rebase=[12])

    assert assess(old, improvement="up", target=36).assurance == "hit_and_miss"
    assert assess(new, improvement="up", target=36).assurance == "consistently_hit"


def test_few_points_make_a_trial_judgement() -> None:
    """Eleven points judge, and say that they are few."""
    assert of(STEADY[:11], improvement="up", target=1).trial
    assert not of(STEADY, improvement="up", target=1).trial


@pytest.mark.parametrize("values", [[], [5.0], [np.nan] * 14, [4.0] * 14])
def test_series_without_variation_are_assured_of_nothing(values: list[float]) -> None:
    """Nothing, one point, nothing but missing, always the same: no limits, so no promise."""
    found = of(values, improvement="up", target=3)

    assert found.assurance == "none"
    assert found.cause == ""
    assert found.variation == ("common_cause" if values and values[-1] > 0 else "no_data")


@pytest.mark.parametrize("chart", [p_chart, laney, share_chart])
@pytest.mark.parametrize(("k", "n"), [(0, 20), (20, 20), (0, 0), (7, 20)])
@pytest.mark.parametrize("points", [1, 14])
def test_constant_shares_are_no_error(chart: Any, k: int, n: int, points: int) -> None:
    """None, all, of nobody, always the same; one point or many: chance, or nothing at all."""
    drawn = chart(pd.Series([k] * points), pd.Series([n] * points))
    found = assess(drawn, improvement="up", target=0.5)

    assert len(drawn) == points
    assert found.variation == ("common_cause" if n else "no_data")
    assert drawn["value"].isna().all() == (n == 0)


def test_stretches_of_one_point_or_none_known_are_no_error() -> None:
    """Rebased at every point, or where nothing is known: rows without limits."""
    whole = xmr(pd.Series([1.0, 2.0, 3.0]), rebase=[1, 2])
    unknown = xmr(pd.Series([np.nan] * 4), rebase=[2])

    assert whole["mean"].tolist() == [1, 2, 3]
    assert whole[["lower", "upper"]].isna().all(axis=None)
    assert unknown[["value", "mean", "lower", "upper"]].isna().all(axis=None)
    assert (unknown["special_cause"] == "").all()


def test_limits_start_anew_at_the_first_point_of_a_date() -> None:
    """On a point's day, between two points, before the first and after the last; each once."""
    mondays = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(5)]
    changes = [
        Rebase(day, "Ny sal")
        for day in (mondays[0], mondays[2], mondays[2] - timedelta(days=1),
                    mondays[3] + timedelta(days=2), date(2025, 1, 1), date(2027, 1, 1))
    ]  # fmt: skip

    assert rebase_positions(mondays, changes) == [2, 4]
    assert rebase_positions([], changes) == []
    assert rebase_positions(mondays, []) == []


def test_limits_do_not_start_anew_without_a_reason() -> None:
    """A change that nobody can name is none."""
    with pytest.raises(ValueError, match="reason"):
        Rebase(date(2026, 1, 5), " ")
