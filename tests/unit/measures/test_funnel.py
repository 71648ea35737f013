"""Funnels: when there is none, what over-dispersion does, and shares."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lpe_reports.measures.funnel import (
    FUNNEL_COLUMNS,
    Funnel,
    dispersion_ratio,
    funnel_of_ratios,
    funnel_of_shares,
)

counts = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=10, max_size=25)


def units(parts: list[tuple[int, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "operating_unit": pd.array([f"u{n}" for n in range(len(parts))], dtype="str"),
            "within": pd.array([a for a, _ in parts], dtype="int64"),
            "covered": pd.array([a + b for a, b in parts], dtype="int64"),
        }
    )


def shares(*parts: tuple[int, int]) -> Funnel:
    return funnel_of_shares(units(list(parts)))


def test_funnel_of_fewer_than_ten_units_says_so() -> None:
    """Nine units are too few, ten are enough; nothing is drawn and no limit is told."""
    nine, ten = shares(*[(5, 5)] * 9), shares(*[(5, 5)] * 10)

    assert (nine.state, nine.units, nine.needed) == ("too_few_units", 9, 10)
    assert nine.points.empty
    assert nine.points.columns.tolist() == FUNNEL_COLUMNS
    assert (ten.state, len(ten.points)) == ("drawn", 10)


@pytest.mark.parametrize("parts", [[], [(0, 0)], [(0, 0)] * 12])
def test_funnel_of_nothing_has_no_data(parts: list[tuple[int, int]]) -> None:
    """No units, or none with a denominator, is no data; not a funnel of nothing."""
    assert shares(*parts).state == "no_data"
    frame = units(parts).rename(columns={"within": "observed", "covered": "expected"})
    assert funnel_of_ratios(frame).state == "no_data"
    untyped = pd.DataFrame(columns=["operating_unit", "within", "covered"])
    assert funnel_of_shares(untyped).state == "no_data"


def test_funnel_leaves_out_who_has_no_name_or_no_number() -> None:
    """A unit without patients, without a name or all null is not one of the ten."""
    frame = units([(5, 5)] * 9 + [(0, 0), (4, 4), (4, 4)])
    frame.loc[10, "operating_unit"] = None
    frame = frame.astype({"within": "Int64", "covered": "Int64"})
    frame.loc[11, ["within", "covered"]] = pd.NA

    assert (funnel_of_shares(frame).state, funnel_of_shares(frame).units) == ("too_few_units", 9)


def test_unit_far_from_the_rest_is_outside() -> None:
    """One of twelve with half the share of the others; before and after the adjustment."""
    points = shares(*[(80, 20)] * 11, (40, 60)).points

    assert points["outside"].tolist() == [""] * 11 + ["low"]
    assert points["adjusted_outside"].tolist() == [""] * 11 + ["low"]


def test_units_that_all_differ_widen_the_limits() -> None:
    """Half at 60 %, half at 80 %: outside by chance alone, not by how they usually differ."""
    found = shares(*[(600, 400), (800, 200)] * 8)

    assert (found.points["outside"] != "").all()
    assert (found.points["adjusted_outside"] == "").all()
    assert found.dispersion > 10
    assert found.between_variance > 0


def test_extremes_do_not_decide_what_is_usual() -> None:
    """One unit beyond all others hardly widens the limits, winsorised or truncated."""
    parts = [(50, 50)] * 19 + [(99, 1)]
    for extremes in ("winsorised", "truncated"):
        found = funnel_of_shares(units(parts), extremes=extremes)

        assert found.points["adjusted_outside"].tolist() == [""] * 19 + ["high"]


def test_binomial_limits_are_where_the_distribution_is() -> None:
    """Between the two counts whose distribution functions lie around each tail."""
    points = shares(*[(30, 10), (60, 40)] * 6).points
    share = points["numerator"].sum() / points["denominator"].sum()
    for name, tail in (("low_95", 0.025), ("high_95", 0.975), ("low_998", 0.001)):
        for limit, size in zip(points[name] * points["denominator"], points["denominator"],
                               strict=True):  # fmt: skip
            spread = stats.binom(size, share)
            assert spread.cdf(np.floor(limit - 1e-9)) <= tail + 1e-9
            assert spread.cdf(np.ceil(limit + 1e-9)) >= tail - 1e-9


def test_binomial_limits_are_interpolated_by_hand() -> None:
    """Ten of which half are expected, in 1024ths: 56 have at most 2, and 45 of those just 2.

    95 %, low: 2.5 % are 25.6, which is (56 − 25.6) / 45 = 0.675556 of the way from 2 to 1: 1.324
    of 10. High: 97.5 % are 998.4; 1013 have at most 8, 45 just 8: 8 − 14.6 / 45 = 7.676 of 10.
    """
    points = shares(*[(5, 5)] * 10).points

    assert points["low_95"].tolist() == pytest.approx([0.1324444444] * 10, abs=1e-9)
    assert points["high_95"].tolist() == pytest.approx([0.7675555556] * 10, abs=1e-9)


def test_over_dispersion_by_hand_is_winsorised_unless_told() -> None:
    """Eleven units of 100 expected: the lowest and the highest count as their neighbours.

    z = 10 ln(observed / 100): for 80 and 125 ∓2.231436, and so for the 50 and the 300 beyond
    them, since the tenth percentile of eleven is the second. φ = 4 · 4.979304 / 11 = 1.810656.
    Every weight is 100, so that τ² = (11 φ − 10) / (1100 − 100) = 0.009917217.
    """
    frame = pd.DataFrame(
        {
            "operating_unit": [f"u{n}" for n in range(11)],
            "observed": [50, 80, *[100] * 7, 125, 300],
            "expected": [100.0] * 11,
        }
    )
    found = funnel_of_ratios(frame)

    assert found.dispersion == pytest.approx(1.810656, abs=1e-6)
    assert found.between_variance == pytest.approx(0.009917217, abs=1e-8)
    reach = 1.959963985 * np.sqrt(0.01 + 0.009917217)
    assert found.points["adjusted_high_95"].tolist() == pytest.approx([np.exp(reach)] * 11)


def test_share_z_scores_by_hand() -> None:
    """60 and 80 of 100 around 70: arcsin √share has the standard error 1 / (2 √100) = 0.05.

    arcsin √0.6 = 0.886077, √0.7: 0.991157, √0.8: 1.107149; z −2.1016 and 2.3198, which
    winsorising leaves as they are: φ = (2.1016² + 2.3198²) / 2 = 4.899.
    """
    found = shares(*[(60, 40), (80, 20)] * 6)

    assert found.points["z_score"].tolist() == pytest.approx([-2.1016, 2.3198] * 6, abs=1e-4)
    assert found.dispersion == pytest.approx(4.899, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(parts=counts, seed=st.randoms(use_true_random=False))
def test_funnel_of_shares_keeps_its_bounds(parts: list[tuple[int, int]], seed: object) -> None:
    """Limits are shares, 95 % within 99.8 %, and the rows' order says nothing."""
    frame = units(parts)
    found = funnel_of_shares(frame)
    if found.state != "drawn":
        assert (frame["covered"] > 0).sum() < 10
        return
    points = found.points
    for prefix in ("", "adjusted_"):
        limits = points[[f"{prefix}{name}" for name in ("low_998", "low_95", "high_95",
                                                        "high_998")]]  # fmt: skip
        assert limits.stack().between(0, 1).all()
        assert (limits.diff(axis=1).iloc[:, 1:] >= -1e-12).all(axis=None)
    again = funnel_of_shares(frame.iloc[::-1]).points.iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, points)


def test_ratio_of_nothing_observed_is_a_low_one() -> None:
    """A unit of which 20 were expected and none came is outside, not an error."""
    frame = pd.DataFrame(
        {
            "operating_unit": [f"u{n}" for n in range(12)],
            "observed": [0] + [20] * 11,
            "expected": [20.0] * 12,
        }
    )

    points = funnel_of_ratios(frame).points
    assert points["outside"].tolist() == ["low"] + [""] * 11
    # Nothing observed counts as a half: √20 ln(0.5 / 20).
    assert points["z_score"].tolist() == pytest.approx([-16.497170, *[0] * 11], abs=1e-6)


def test_dispersion_without_freedom_is_unknown() -> None:
    """As many parameters as counts leave nothing to vary."""
    assert np.isnan(dispersion_ratio(np.array([1.0]), np.array([1.0]), parameters=1))
