"""Funnels against FunnelPlotR (R) on 54 hospitals of Arizona Medicare (medpar), to six decimals.

Length of stay, summed per hospital, against what a Poisson model expects of its patients.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from oracles import oracle, oracle_table

from lpe_reports.measures.funnel import Funnel, dispersion_ratio, funnel_of_ratios
from lpe_reports.measures.intervals import Floats

# FunnelPlotR's limits to ours; its adjusted ones take z from six decimals of the quantile.
LIMITS = {
    "LCL95": "low_95", "UCL95": "high_95", "LCL99": "low_998", "UCL99": "high_998",
    "OD95LCL": "adjusted_low_95", "OD95UCL": "adjusted_high_95",
    "OD99LCL": "adjusted_low_998", "OD99UCL": "adjusted_high_998",
}  # fmt: skip


def points_of(known: Any) -> pd.DataFrame:
    return pd.DataFrame(known["agg"])


def drawn(known: Any) -> Funnel:
    return funnel_of_ratios(
        points_of(known), unit="group", observed="numerator", expected="denominator",
        extremes="truncated",
    )  # fmt: skip


@pytest.fixture(scope="module")
def known() -> Any:
    return oracle("funnel_medpar.json")


@pytest.fixture(scope="module")
def adjusted(known: Any) -> Funnel:
    return drawn(known["shmi"])


def test_funnel_meets_the_figures_that_matter(adjusted: Funnel) -> None:
    """54 hospitals, 25 outside the 99.8 % limits, 9 outside the adjusted ones."""
    assert (adjusted.state, adjusted.units) == ("drawn", 54)
    assert (adjusted.points["outside"] != "").sum() == 25
    assert (adjusted.points["adjusted_outside"] != "").sum() == 9
    assert adjusted.dispersion == pytest.approx(8.532851289, abs=1e-9)
    assert adjusted.between_variance == pytest.approx(0.028410232, abs=1e-9)


@pytest.mark.parametrize("theirs", LIMITS)
def test_funnel_meets_each_limit(known: Any, adjusted: Funnel, theirs: str) -> None:
    """Exact Poisson limits and over-dispersed ones, at every hospital's size."""
    table = points_of(known["shmi"])

    np.testing.assert_allclose(
        adjusted.points[LIMITS[theirs]], table[theirs].astype(float), rtol=0, atol=1e-6
    )


def test_funnel_meets_each_point(known: Any, adjusted: Funnel) -> None:
    """Z score, and whether each hospital is outside before and after."""
    table, points = points_of(known["shmi"]), adjusted.points

    np.testing.assert_allclose(points["z_score"], table["Uzscore"], rtol=0, atol=1e-6)
    for column, key in (("outside", "unadjusted"), ("adjusted_outside", "shmi")):
        theirs = points_of(known[key])["outlier"] == 1
        assert (points[column] != "").tolist() == theirs.tolist()
        assert int(theirs.sum()) == known[key]["n_outliers"]


def test_limits_without_over_dispersion_are_the_unadjusted_files(known: Any) -> None:
    """Where units differ by chance alone, the adjusted limits are those on the log scale."""
    table = points_of(known["unadjusted"])
    even = table.assign(numerator=table["denominator"])
    points = funnel_of_ratios(
        even, unit="group", observed="numerator", expected="denominator"
    ).points

    for theirs in ("OD95LCL", "OD95UCL", "OD99LCL", "OD99UCL"):
        np.testing.assert_allclose(points[LIMITS[theirs]], table[theirs], rtol=0, atol=1e-6)


def test_dispersion_of_the_stays_meets_the_file(known: Any) -> None:
    """6.24: R takes each weight from its fit's last step but one, which the fifth digit shows."""
    model, days = model_of(oracle_table("medpar.csv"))
    coefficients, last, before = poisson_fit(model, days)

    np.testing.assert_allclose(coefficients, list(known["glm_coef"].values()), rtol=0, atol=1e-6)
    assert dispersion_ratio(days, last, parameters=6) == pytest.approx(6.2405, abs=5e-5)
    theirs = (before * ((days - last) / last) ** 2).sum() / (len(days) - 6)
    assert theirs == pytest.approx(known["overdispersion_ratio"], abs=1e-6)


def test_ratios_meet_the_file_from_the_stays_on(known: Any) -> None:
    """From 1,495 stays to 54 ratios; the file prints what it expects in two decimals."""
    stays = oracle_table("medpar.csv")
    model, days = model_of(stays)
    _, expected, _ = poisson_fit(model, days)
    summed = stays.assign(expected=expected).groupby("provnum")[["expected", "los"]].sum()
    points = funnel_of_ratios(summed.reset_index(), unit="provnum", observed="los").points
    table = points_of(known["shmi"])

    assert points["unit"].tolist() == table["group"].tolist()
    assert points["numerator"].tolist() == table["numerator"].tolist()
    np.testing.assert_allclose(points["denominator"].round(2), table["denominator"])
    np.testing.assert_allclose(points["value"], table["rr"], rtol=0, atol=1e-6)


def model_of(stays: pd.DataFrame) -> tuple[Floats, Floats]:
    """What the model knows of each stay, and how many days it was."""
    kinds = [(stays["type"] == kind).astype(float) for kind in (2, 3)]
    columns = [np.ones(len(stays)), stays["hmo"], stays["died"], stays["age80"], *kinds]
    return np.column_stack(columns).astype(float), stays["los"].to_numpy(dtype=float)


def poisson_fit(model: Floats, counts: Floats) -> tuple[Floats, Floats, Floats]:
    """A Poisson regression step by step: coefficients, means, and the means one step before."""
    mean, deviance = counts + 0.1, np.inf
    while True:
        before = mean
        response = np.log(before) + (counts - before) / before
        root = np.sqrt(before)
        coefficients = np.linalg.lstsq(model * root[:, None], response * root, rcond=None)[0]
        mean = np.exp(model @ coefficients)
        now = 2 * (counts * np.log(counts / mean) - (counts - mean)).sum()
        if abs(now - deviance) / (abs(now) + 0.1) < 1e-8:
            return coefficients, mean, before
        deviance = now
