"""Control charts: rebasing, missing points, few points, and what does not move them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpe_reports.measures.runs import runs
from lpe_reports.measures.spc import COLUMNS, laney, p_chart, share_chart, u_chart, xmr
from lpe_reports.measures.special_causes import special_causes

STEADY = [10.0, 11.0, 9.0, 10.0, 12.0, 10.0, 9.0, 11.0, 10.0, 9.0, 11.0, 10.0]
series = st.lists(st.integers(0, 60), min_size=1, max_size=30)


def test_rebase_starts_limits_and_rules_anew() -> None:
    """Each stretch has the limits of its own points, and no run reaches over the cut."""
    whole = pd.Series([*STEADY, *(value + 50 for value in STEADY)])
    chart = xmr(whole, rebase=[12])

    pd.testing.assert_frame_equal(chart.iloc[:12], xmr(whole.iloc[:12]))
    pd.testing.assert_frame_equal(chart.iloc[12:], xmr(whole.iloc[12:]))
    assert (chart["special_cause"] == "").all()
    assert (xmr(whole)["special_cause"] != "").any()


def test_few_points_have_trial_limits() -> None:
    """Eleven are trial, twelve are not; missing points do not count."""
    assert xmr(pd.Series(STEADY[:11]))["trial"].all()
    assert not xmr(pd.Series(STEADY))["trial"].any()
    assert xmr(pd.Series([*STEADY[:11], np.nan]))["trial"].all()


def test_missing_point_keeps_its_row_and_takes_no_part() -> None:
    """A week without data has no value and no cause; the rest is as if it were not there."""
    gappy = pd.Series([*STEADY[:5], np.nan, *STEADY[5:], 99.0])
    chart, without = xmr(gappy), xmr(gappy.dropna())

    assert chart.index.equals(gappy.index)
    pd.testing.assert_frame_equal(chart.dropna(subset="value"), without)
    assert chart.loc[5, "special_cause"] == chart.loc[5, "side"] == ""
    assert chart["special_cause"].iloc[-1] == "outside"


@pytest.mark.parametrize(("improvement", "judgement"), [("up", "improvement"), ("down", "concern")])
def test_judgement_follows_what_is_better(improvement: str, judgement: str) -> None:
    """A high point is good where up is better, and else bad; chance is neither."""
    chart = xmr(pd.Series([*STEADY, 16.0]), improvement=improvement)

    assert chart["side"].iloc[-1] == "up"
    assert chart["judgement"].tolist() == [""] * 12 + [judgement]


def test_point_outside_is_not_one_of_the_two_of_three() -> None:
    """A point outside the limits is that alone; one near them beside it is still chance.

    As NHSRplotthedots has it: a point outside is not "close to the limits".
    """
    values = np.array([16.0, 14.0, 11.0, 4.0, 6.0, 9.0, 14.0, 14.5, 11.0])
    flat = np.ones(len(values))
    causes, way = special_causes(values, 10 * flat, 5 * flat, 15 * flat, third=3.3 * flat)

    assert causes.tolist() == ["outside", "", "", "outside", "", "", *["two_of_three"] * 2, ""]
    assert way.tolist() == [1, 0, 0, -1, 0, 0, 1, 1, 0]


def test_fall_points_down_though_it_begins_high() -> None:
    """A trend is judged by where it goes, not by which side of the mean it is on."""
    chart = xmr(pd.Series([9.0, 12.0, 10.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 9.0, 12.0]))
    trend = chart[chart["special_cause"] == "trend"]

    assert trend.index.tolist() == [3, 4, 5, 6, 7, 8, 9]
    assert set(trend["side"]) == {"down"}


@pytest.mark.parametrize("values", [[], [5.0], [np.nan, np.nan], [3.0, 4.0]])
def test_short_series_give_a_row_per_point(values: list[float]) -> None:
    """None, one, nothing but missing, and two: no error, and no cause."""
    chart = xmr(pd.Series(values, dtype="float64"))

    assert chart.columns.tolist() == COLUMNS
    assert len(chart) == len(values)
    assert (chart["special_cause"] == "").all()


def test_charts_of_shares_of_nothing_have_no_value() -> None:
    """A denominator of 0, or none, is a missing point; nothing but such gives no limits."""
    k, n = pd.Series([3, 0, 4], dtype="Int64"), pd.Series([10, 0, None], dtype="Int64")

    for chart in (p_chart(k, n), laney(k, n), u_chart(k, n), share_chart(k, n)):
        assert chart["value"].isna().tolist() == [False, True, True]
        assert chart.columns.tolist() == COLUMNS
    nothing = p_chart(pd.Series([0, 0]), pd.Series([0, 0]))
    assert nothing[["value", "mean", "lower", "upper"]].isna().all(axis=None)
    assert p_chart(k.iloc[:0], n.iloc[:0]).empty


def test_shares_get_laneys_limits_from_twelve_points_on() -> None:
    """Before, the p chart."""
    k = pd.Series([5, 9, 4, 12, 7, 6, 9, 3, 8, 10, 5, 7])
    n = pd.Series([40, 52, 47, 61, 50, 44, 58, 39, 55, 62, 41, 49])

    pd.testing.assert_frame_equal(share_chart(k, n), laney(k, n))
    pd.testing.assert_frame_equal(share_chart(k[:11], n[:11]), p_chart(k[:11], n[:11]))


def test_each_stretch_of_shares_has_the_chart_of_its_own_points() -> None:
    """Ten points and two, of 40 each: p charts both, though there are twelve in all.

    The first: 58 of 400, 0.145 ± 3 √(0.145 · 0.855 / 40), below 0 and so 0, to 0.312. The
    second: 41 of 80, 0.5125 ± 3 √(0.5125 · 0.4875 / 40), 0.275–0.750.
    """
    k = pd.Series([5, 6, 5, 7, 5, 6, 5, 7, 6, 6, 20, 21])
    n = pd.Series([40] * 12)
    limits = share_chart(k, n, rebase=[10])[["lower", "upper"]].round(3).to_numpy().tolist()

    assert limits == [[0, 0.312]] * 10 + [[0.275, 0.75]] * 2


def test_few_points_after_enough_of_them_get_no_narrow_limits() -> None:
    """Twelve points have Laney's limits, the six after the rebase the p chart's, 0.503–0.930.

    With Laney's from their own five moving ranges (0.650–0.783), two of them would be two of
    three near the limit.
    """
    k = pd.Series([20, 21, 19, 20, 22, 20, 19, 21, 20, 19, 21, 20, 30, 31, 30, 31, 30, 20])
    n = pd.Series([40] * 18)
    chart = share_chart(k, n, rebase=[12])

    pd.testing.assert_frame_equal(chart.iloc[:12], laney(k[:12], n[:12]))
    pd.testing.assert_frame_equal(chart.iloc[12:], p_chart(k[12:], n[12:]))
    assert chart[["lower", "upper"]].iloc[-1].round(3).tolist() == [0.503, 0.93]
    assert chart["special_cause"].iloc[12:].tolist() == [""] * 5 + ["outside"]


def test_screening_drops_ranges_from_3_267_means_on() -> None:
    """A range of 3.28 means is dropped, one of 3.25 stays.

    Ranges of 1 and one of r among ten: their mean is (9 + r) / 10, and r = 4.39 is 3.279 times
    it (mean after 1, limits ± 2.66), r = 4.33 is 3.248 times it (mean 1.333).
    """
    for last, spread in ((4.39, 1.0), (4.33, 1.333)):
        chart = xmr(pd.Series([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1 + last]))
        reach = (chart["upper"] - chart["mean"]).iloc[0]
        assert reach == pytest.approx(2.66 * spread)


@settings(max_examples=40, deadline=None)
@given(values=series, shift=st.integers(-50, 50))
def test_xmr_moves_with_the_level_and_mirrors(values: list[int], shift: int) -> None:
    """The same series higher has the same causes; upside down, the same with sides changed."""
    chart = xmr(pd.Series(values, dtype="float64"))
    higher = xmr(pd.Series(values, dtype="float64") + shift)
    mirrored = xmr(-pd.Series(values, dtype="float64"))

    assert higher["special_cause"].tolist() == chart["special_cause"].tolist()
    np.testing.assert_allclose(higher["upper"], chart["upper"] + shift)
    opposite = {"up": "down", "down": "up", "": ""}
    known = chart["special_cause"] != "trend"
    assert mirrored["special_cause"].tolist() == chart["special_cause"].tolist()
    assert mirrored["side"][known].tolist() == chart["side"][known].map(opposite).tolist()


@settings(max_examples=40, deadline=None)
@given(parts=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=20))
def test_limits_of_shares_are_shares(parts: list[tuple[int, int]]) -> None:
    """Limits lie within 0 and 1, with the mean between them."""
    k = pd.Series([a for a, _ in parts], dtype="int64")
    n = pd.Series([a + b for a, b in parts], dtype="int64")
    for chart in (p_chart(k, n), laney(k, n)):
        limits = chart[["lower", "mean", "upper"]].dropna()
        assert limits.stack().between(0, 1).all()
        assert (limits["lower"] <= limits["mean"] + 1e-12).all()
        assert (limits["mean"] <= limits["upper"] + 1e-12).all()


def test_runs_of_nothing_are_none() -> None:
    """A series on its mean, or without points, has no runs."""
    assert runs(xmr(pd.Series([4.0, 4.0, 4.0]))) is None
    assert runs(xmr(pd.Series([], dtype="float64"))) is None


def test_long_run_is_a_signal() -> None:
    """Ten low and ten high points cross once, where six crossings are the least by chance."""
    found = runs(xmr(pd.Series([1.0] * 10 + [2.0] * 10)))

    assert found == (10, 7, 1, 6)
    assert found.signal
