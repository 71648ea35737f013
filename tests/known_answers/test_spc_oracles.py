"""Control charts against NHSRplotthedots 0.2.2 and qicharts2 (R), to six decimals."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from oracles import oracle

from lpe_reports.measures.runs import runs
from lpe_reports.measures.spc import laney, p_chart, share_chart, u_chart, xmr
from lpe_reports.measures.special_causes import side_of

CAUSES = {
    "Common Cause": "",
    "Above UCL": "outside",
    "Below LCL": "outside",
    "7 Point Trend (Increasing)": "trend",
    "7 Point Trend (Decreasing)": "trend",
    "2 in 3 Above CL": "two_of_three",
    "2 in 3 Below CL": "two_of_three",
    "7 Points Above CL": "shift",
    "7 Points Below CL": "shift",
}
JUDGEMENTS = {
    "common_cause": "",
    "special_cause_improvement": "improvement",
    "special_cause_concern": "concern",
}
SERIES = (
    "trend_up", "trend_down", "seven_above", "seven_below", "two_of_three",
    "outside_and_run", "spike_screened", "short", "flat", "on_mean",
)  # fmt: skip
# NHSRplotthedots' documented example; mean and limits as its documentation prints them.
EXAMPLE = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
# qicharts2 takes three standard deviations, the mean range over 1.128 each, not 2.66 ranges.
THREE_SIGMA = 3 / 1.128


def column(rows: list[dict[str, Any]], name: str) -> "pd.Series[float]":
    return pd.Series([row[name] for row in rows], dtype="float64")


def assert_as_plotthedots(chart: pd.DataFrame, rows: list[dict[str, Any]]) -> None:
    for ours, theirs in {"mean": "mean_col", "lower": "lpl", "upper": "upl"}.items():
        np.testing.assert_allclose(chart[ours], column(rows, theirs), rtol=0, atol=1e-6)
    assert chart["special_cause"].tolist() == [CAUSES[r["special_cause_type"]] for r in rows]
    assert chart["judgement"].tolist() == [JUDGEMENTS[r["point_type"]] for r in rows]
    # Theirs is null where a series never varies and has no limits.
    outside = [bool(r["outside_limits"]) for r in rows]
    assert (chart["special_cause"] == "outside").tolist() == outside
    side = side_of(chart["value"].to_numpy(), chart["mean"].to_numpy())
    assert side.tolist() == [r["relative_to_mean"] for r in rows]


def assert_as_qicharts(chart: pd.DataFrame, rows: list[dict[str, Any]]) -> None:
    for ours, theirs in {"value": "y", "mean": "cl", "lower": "lcl", "upper": "ucl"}.items():
        np.testing.assert_allclose(chart[ours], column(rows, theirs), rtol=0, atol=1e-6)
    outside = (chart["special_cause"] == "outside").tolist()
    assert outside == [bool(row["sigma.signal"]) for row in rows]
    found, last = runs(chart), rows[-1]
    assert found is not None
    assert found == tuple(
        last[name] for name in ("longest.run", "longest.run.max", "n.crossings", "n.crossings.min")
    )
    assert found.signal == last["runs.signal"]


@pytest.mark.parametrize(
    ("screened", "lower", "upper"), [(True, -0.716, 4.604), (False, -3.063, 6.952)]
)
def test_xmr_meets_the_documented_example(screened: bool, lower: float, upper: float) -> None:
    """Mean 1.944; limits −0.716 and 4.604 screened, −3.063 and 6.952 unscreened."""
    chart = xmr(pd.Series(EXAMPLE), screened=screened)

    assert chart["mean"].round(3).unique().tolist() == [1.944]
    assert chart["lower"].round(3).unique().tolist() == [lower]
    assert chart["upper"].round(3).unique().tolist() == [upper]
    assert chart.index[chart["special_cause"] == "outside"].tolist() == [4]


@pytest.mark.parametrize("name", SERIES)
def test_xmr_meets_plotthedots_on_every_rule_screened(name: str) -> None:
    """Limits, each point's special cause and whether it is an improvement (up is better)."""
    rows = oracle("spc_rules.json")["series"][name]["increase"]

    assert_as_plotthedots(xmr(column(rows, "y"), improvement="up"), rows)


@pytest.mark.parametrize("name", SERIES)
def test_xmr_meets_plotthedots_on_every_rule_unscreened(name: str) -> None:
    """The same series with all moving ranges, where down is better."""
    rows = oracle("spc_rules.json")["series"][name]["unscreened"]

    assert_as_plotthedots(xmr(column(rows, "y"), screened=False, improvement="down"), rows)


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("spc_rules.json", {"package", "series"}),
        ("spc_xmr.json", {"source", "screened", "unscreened", "normal_deviates"}),
        ("spc_shares.json", {"package", "k", "n", "p", "pprime"}),
        ("spc_montgomery.json", {"source", "i_frozen_20", "p", "u"}),
    ],
)
def test_known_charts_are_all_there(file: str, names: set[str]) -> None:
    """A chart that is added to an oracle is missed here until it is tested too."""
    assert set(oracle(file)) == names


def test_known_series_are_all_there() -> None:
    """Each of the ten made series, both ways."""
    series = oracle("spc_rules.json")["series"]

    assert set(series) == set(SERIES)
    assert all(set(ways) == {"increase", "unscreened"} for ways in series.values())


def test_known_series_show_every_special_cause() -> None:
    """Each rule that there is decides some point, on both sides but for two of three."""
    ways = oracle("spc_rules.json")["series"].values()
    met = {row["special_cause_type"] for both in ways for rows in both.values() for row in rows}

    assert CAUSES.keys() - met == {"2 in 3 Below CL"}


@pytest.mark.parametrize(
    ("name", "screened"), [("screened", True), ("unscreened", False), ("normal_deviates", True)]
)
def test_xmr_meets_plotthedots_on_its_own_data(name: str, screened: bool) -> None:
    """Its documented example both ways, and twenty normal deviates."""
    rows = oracle("spc_xmr.json")[name]

    assert_as_plotthedots(xmr(column(rows, "y"), screened=screened, improvement="up"), rows)


def test_p_and_laney_charts_meet_qicharts() -> None:
    """Shares with varying denominators: centre, limits, points outside, runs."""
    known = oracle("spc_shares.json")
    k, n = pd.Series(known["k"]), pd.Series(known["n"])

    assert_as_qicharts(p_chart(k, n), known["p"])
    assert_as_qicharts(laney(k, n), known["pprime"])
    pd.testing.assert_frame_equal(share_chart(k, n), laney(k, n))


def test_individuals_chart_meets_montgomery() -> None:
    """Example 6.5: limits frozen at the first 20 points, 3 sigma from ranges over 1.128."""
    rows = oracle("spc_montgomery.json")["i_frozen_20"]

    assert_as_qicharts(xmr(column(rows, "y"), factor=THREE_SIGMA, baseline=20), rows)


@pytest.mark.parametrize(("name", "chart"), [("p", p_chart), ("u", u_chart)])
def test_count_charts_meet_montgomery(name: str, chart: Any) -> None:
    """Table 7.4: p and u charts."""
    rows = oracle("spc_montgomery.json")[name]
    size = column(rows, "n")
    counts = (column(rows, "y") * size).round()

    assert_as_qicharts(chart(counts, size), rows)
