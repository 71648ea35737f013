"""Intervals of confidence, each by a method with a name; 95 % unless told otherwise.

Only `scipy.special` is imported: `scipy.stats` takes half a second, which every report would pay.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

LEVEL = 0.95
Floats = npt.NDArray[np.float64]


class Interval(NamedTuple):
    """From low to high; NaN where the data give no bound."""

    low: float
    high: float


def wilson(
    successes: npt.ArrayLike, trials: npt.ArrayLike, *, level: float = LEVEL
) -> tuple[Floats, Floats]:
    """The interval of a share by Wilson's score method; NaN where there are no trials.

    Args:
        successes: Numerators; one number or many.
        trials: Denominators.
        level: The interval's coverage.

    Returns:
        Low and high, of the arguments' shape, within 0 and 1.

    Glossary: confidence_interval

    Source: Wilson 1927, without continuity correction.
    """
    k = np.asarray(successes, dtype=np.float64)
    n = np.asarray(trials, dtype=np.float64)
    n = np.where(n > 0, n, np.nan)
    z = normal_quantile(level)
    share = k / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0)


def mean_interval(values: npt.ArrayLike, *, level: float = LEVEL) -> Interval:
    """The interval of a mean by Student's t; NaN for fewer than two values. Nulls are left out.

    Glossary: confidence_interval
    """
    known = _known(values)
    if len(known) < 2:
        return Interval(np.nan, np.nan)
    half = half_width_of_mean(len(known), known.std(ddof=1), level=level)
    return Interval(float(known.mean() - half), float(known.mean() + half))


def half_width_of_mean(
    count: npt.ArrayLike, deviation: npt.ArrayLike, *, level: float = LEVEL
) -> Floats:
    """Half the t interval of a mean, from the number of values and their standard deviation."""
    n = np.asarray(count, dtype=np.float64)
    n = np.where(n >= 2, n, np.nan)
    return t_quantile(n - 1, level=level) * np.asarray(deviation, dtype=np.float64) / np.sqrt(n)


def quantile_interval(
    values: npt.ArrayLike, probability: float = 0.5, *, level: float = LEVEL
) -> Interval:
    """The interval of a quantile by binomial order statistics; nulls are left out.

    No distribution is assumed: the bounds are two of the values. NaN where there are too few
    values for a bound (for a median at 95 %, fewer than six).

    Glossary: confidence_interval

    Source: Conover, Practical Nonparametric Statistics, 3.2.
    """
    known = np.sort(_known(values))
    low, high = order_ranks(np.array([len(known)]), probability, level=level)
    padded = np.concatenate([[np.nan], known, [np.nan]])
    return Interval(float(padded[low[0]]), float(padded[high[0]]))


def order_ranks(
    count: npt.NDArray[np.int64], probability: float, *, level: float = LEVEL
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Which order statistics bound a quantile: ranks from 1; 0 and n + 1 mean no bound.

    The lower is the `(1 − level) / 2` quantile of the binomial distribution of how many values
    lie below the quantile, the upper the other one plus one; coverage is at least `level`.
    """
    tail = (1 - level) / 2
    return (
        binomial_quantile(tail, count, probability),
        binomial_quantile(1 - tail, count, probability) + 1,
    )


def quantile_intervals(
    sorted_values: Floats, first: npt.NDArray[np.int64], count: npt.NDArray[np.int64],
    probability: float = 0.5, *, level: float = LEVEL,
) -> tuple[Floats, Floats]:  # fmt: skip
    """As `quantile_interval`, for many groups at once.

    Args:
        sorted_values: The values without nulls, group after group, rising within each.
        first: Where each group begins in `sorted_values`.
        count: How many values each group has.
        probability: Which quantile.
        level: The interval's coverage.
    """
    low, high = order_ranks(count, probability, level=level)
    padded = np.append(sorted_values, np.nan)
    none = len(sorted_values)
    at_low = np.where(low >= 1, first + low - 1, none)
    at_high = np.where(high <= count, first + high - 1, none)
    return padded[at_low], padded[at_high]


def difference_interval(
    mean_a: float, error_a: float, freedom_a: float,
    mean_b: float, error_b: float, freedom_b: float, *, level: float = LEVEL,
) -> Interval:  # fmt: skip
    """The interval of the difference a − b of two means by Welch's t.

    NaN where a mean has no degrees of freedom.

    Args:
        mean_a, mean_b: The means.
        error_a, error_b: Their standard errors.
        freedom_a, freedom_b: Their degrees of freedom (number − 1).
        level: The interval's coverage.

    Glossary: confidence_interval
    """
    if not (freedom_a > 0 and freedom_b > 0):
        return Interval(np.nan, np.nan)
    variance = error_a**2 + error_b**2
    difference = float(mean_a - mean_b)
    if variance == 0:
        return Interval(difference, difference)
    weights = error_a**4 / freedom_a + error_b**4 / freedom_b
    half = float(t_quantile(variance**2 / weights, level=level)) * variance**0.5
    return Interval(float(difference - half), float(difference + half))


def ratio_interval(
    mean_a: float, error_a: float, mean_b: float, error_b: float, *, level: float = LEVEL
) -> Interval:
    """The interval of the ratio a / b of two means by the log (delta) method.

    NaN unless both means are above 0. `error_b` is 0 where b is taken as known.

    Glossary: confidence_interval
    """
    if not (mean_a > 0 and mean_b > 0):
        return Interval(np.nan, np.nan)
    spread = ((error_a / mean_a) ** 2 + (error_b / mean_b) ** 2) ** 0.5
    factor = float(np.exp(normal_quantile(level) * spread))
    ratio = float(mean_a / mean_b)
    return Interval(ratio / factor, ratio * factor)


def t_quantile(freedom: npt.ArrayLike, *, level: float = LEVEL) -> Floats:
    """How many standard errors each way Student's t needs."""
    degrees = np.asarray(freedom, dtype=np.float64)
    return np.asarray(special.stdtrit(degrees, (1 + level) / 2), dtype=np.float64)


def binomial_quantile(
    tail: float, trials: npt.NDArray[np.int64], probability: float
) -> npt.NDArray[np.int64]:
    """The smallest number of successes whose distribution function reaches `tail`."""
    near = np.ceil(special.bdtrik(tail, trials, probability))
    below = np.maximum(near - 1, 0)
    # Where the distribution meets the tail exactly, its last digits must not decide.
    enough = special.bdtr(below, trials, probability) >= tail * (1 - 1e-12)
    # No trials have no distribution; no success is all there can be.
    return np.where(trials > 0, np.where(enough, below, near), 0).astype(np.int64)


def normal_quantile(level: float) -> float:
    """How many standard errors each way the normal distribution needs."""
    return float(special.ndtri((1 + level) / 2))


def _known(values: npt.ArrayLike) -> Floats:
    series = pd.Series(np.asarray(values))
    array: Floats = series.to_numpy(dtype=np.float64, na_value=np.nan)
    return array[~np.isnan(array)]
