"""Intervals against scipy and statsmodels, and where there are too few values for one."""

from fractions import Fraction
from itertools import accumulate
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from lpe_reports.measures.intervals import (
    binomial_quantile,
    difference_interval,
    mean_interval,
    order_ranks,
    quantile_interval,
    ratio_interval,
    wilson,
)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 500), part=st.floats(0, 1), level=st.sampled_from([0.9, 0.95, 0.998]))
def test_wilson_meets_statsmodels(n: int, part: float, level: float) -> None:
    """For any count, and for many at once."""
    k = round(part * n)
    theirs = proportion_confint(k, n, alpha=1 - level, method="wilson")

    assert wilson(k, n, level=level) == pytest.approx(theirs, abs=1e-12)
    assert wilson([k, 0], [n, n], level=level)[1][0] == pytest.approx(theirs[1], abs=1e-12)


def test_wilson_by_hand() -> None:
    """Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611."""
    assert np.round(wilson(81, 263), 4).tolist() == [0.2553, 0.3662]
    assert np.round(wilson(0, 20), 4).tolist() == [0.0, 0.1611]


def test_wilson_of_no_trials_is_null() -> None:
    """No trials, no interval, and no warning."""
    low, high = wilson([0, 1], [0, 2])

    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, False]


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.integers(0, 500), min_size=2, max_size=40))
def test_mean_interval_meets_scipy(values: list[int]) -> None:
    """Student's t, as scipy computes it."""
    if len(set(values)) == 1:
        assert mean_interval(values) == (values[0], values[0])
        return
    theirs = stats.ttest_1samp(values, 0).confidence_interval()

    assert mean_interval(values) == pytest.approx((theirs.low, theirs.high))


def test_quantile_interval_by_hand() -> None:
    """Median of ten: the 2nd and 9th value (97.9 %); of five there is none at 95 %."""
    ten = [90, 10, 20, 30, 40, 50, 60, 70, 80, 100]

    assert quantile_interval(ten) == (20, 90)
    assert np.isnan(quantile_interval([1, 2, 3, 4, 5])).all()
    assert quantile_interval([1, 2, 3, 4, 5, 6]) == (1, 6)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 400), probability=st.sampled_from([0.25, 0.5, 0.9]))
def test_order_ranks_cover_at_least_their_level(n: int, probability: float) -> None:
    """The chance that the quantile lies between the two values is 95 % or more."""
    (low,), (high,) = order_ranks(np.array([n]), probability)
    within = stats.binom.cdf(high - 1, n, probability) - stats.binom.cdf(low - 1, n, probability)

    assert within >= 0.95 - 1e-12
    assert 0 <= low < high <= n + 1


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 200), tail=st.sampled_from([0.025, 0.05, 0.5, 0.975]))
def test_binomial_quantile_is_exact(n: int, tail: float) -> None:
    """As counted with whole numbers, also where half the chance lies exactly on each side.

    (There scipy's own `binom.ppf` is sometimes one too high, as for 91 trials.)
    """
    at_most = list(accumulate(comb(n, successes) for successes in range(n + 1)))
    needed = Fraction(tail).limit_denominator(1000) * 2**n
    known = next(successes for successes, ways in enumerate(at_most) if ways >= needed)

    assert binomial_quantile(tail, np.array([n]), 0.5)[0] == known


def test_ratio_interval_is_symmetric_on_the_log_scale() -> None:
    """Low times high is the ratio squared; without error the interval is the ratio."""
    low, high = ratio_interval(200.0, 10.0, 100.0, 4.0)

    assert low * high == pytest.approx(4)
    assert high / 2 == pytest.approx(np.exp(1.959964 * np.sqrt(0.05**2 + 0.04**2)))
    assert ratio_interval(200.0, 0.0, 100.0, 0.0) == (2, 2)


def test_difference_without_spread_is_exact() -> None:
    """Two constants differ by what they differ; too few values give no interval."""
    assert difference_interval(5.0, 0.0, 3.0, 2.0, 0.0, 3.0) == (3, 3)
    assert np.isnan(difference_interval(5.0, np.nan, 0.0, 2.0, 0.5, 3.0)).all()


def test_nulls_are_left_out() -> None:
    """A missing value is no value."""
    assert mean_interval([1.0, None, 3.0]) == mean_interval([1.0, 3.0])
    assert np.isnan(mean_interval([None])).all()
    assert np.isnan(quantile_interval([])).all()
