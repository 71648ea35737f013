"""Statistical process control: a series against its own limits, and what is more than chance.

Every chart answers [value, mean, lower, upper, special_cause, side, trial], one row per point on
the index it was given. `special_cause` is "", "outside", "trend", "two_of_three" or "shift" (see
`special_causes`), `side` is which way it points: "up" (high, or part of a rise), "down" or "" for
none. `trial` says that the limits rest on fewer than 12 points. A point without a value keeps its
row and takes no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from lpe_reports.measures.special_causes import Flags, Floats, special_causes

COLUMNS = ["value", "mean", "lower", "upper", "special_cause", "side", "trial"]
MOVING_RANGE_FACTOR = 2.66
SCREEN_FACTOR = 3.267
# Mean moving range over standard deviation, for ranges of two normal values (d2).
RANGE_PER_SIGMA = 1.128
ENOUGH_POINTS = 12
_WAYS = np.array(["", "up", "down"], dtype=object)  # by 0, 1 and −1


def xmr(
    values: pd.Series[Any],
    *,
    screened: bool = True,
    rebase: Sequence[int] = (),
    improvement: Literal["up", "down"] | None = None,
    factor: float = MOVING_RANGE_FACTOR,
    baseline: int | None = None,
) -> pd.DataFrame:
    """The XmR chart of a series: mean ± 2.66 × mean moving range.

    Args:
        values: The points in order of time; nulls are left out of limits and runs.
        screened: Leave moving ranges of 3.267 × their mean or more out, once. A series that
            never varies has then no ranges left and so no limits (NaN).
        rebase: Positions in `values` where mean and limits start anew; rules do not reach over.
        improvement: Which direction is better. Adds the column `judgement`: "improvement" or
            "concern" for points with a special cause, else "".
        factor: What the mean moving range is multiplied by.
        baseline: How many points of each stretch make its limits; all when not given.

    Returns:
        One row per point, see the module.

    Glossary: spc_limits, special_cause

    Source: NHS England, Making Data Count (as NHSRplotthedots 0.2.2).
    """
    measured = values.astype("float64")
    parts = []
    for part in _stretches(measured, rebase):
        known = part.dropna().to_numpy()
        base = known[:baseline]
        mean = float(base.mean()) if len(base) else np.nan
        reach = factor * _mean_moving_range(base, screened=screened)
        level = np.full(len(part), mean)
        parts.append(_chart(part, level, level - reach, level + reach, len(base)))
    chart = pd.concat(parts)
    if improvement is None:
        return chart
    return chart.assign(judgement=_judged(chart["side"], improvement))


def p_chart(
    numerators: pd.Series[Any], denominators: pd.Series[Any], *, rebase: Sequence[int] = ()
) -> pd.DataFrame:
    """The p chart of shares: limits from the binomial distribution, within 0 and 1.

    Args:
        numerators: Counts in order of time.
        denominators: What they are parts of; a point with 0 or null has no value.
        rebase: Positions where mean and limits start anew.

    Returns:
        One row per point, see the module.

    Glossary: spc_limits, special_cause
    """
    return _share_chart(numerators, denominators, rebase, laney_from=None)


def laney(
    numerators: pd.Series[Any],
    denominators: pd.Series[Any],
    *,
    screened: bool = True,
    rebase: Sequence[int] = (),
) -> pd.DataFrame:
    """Laney's p′ chart: the p chart with limits widened by the variation between points.

    Args:
        numerators: Counts in order of time.
        denominators: What they are parts of.
        screened: As for `xmr`, for the moving ranges of the standardised shares.
        rebase: Positions where mean and limits start anew.

    Returns:
        One row per point, see the module.

    Glossary: spc_limits, special_cause

    Source: Laney 2002; screening as in qicharts2.
    """
    return _share_chart(numerators, denominators, rebase, laney_from=0, screened=screened)


def share_chart(
    numerators: pd.Series[Any], denominators: pd.Series[Any], *, rebase: Sequence[int] = ()
) -> pd.DataFrame:
    """Laney's p′ chart from 12 points with a value on, the p chart before.

    Each stretch between rebases is a chart of its own, so its own points decide: a few cannot
    tell how much points vary.

    Glossary: spc_limits, special_cause
    """
    return _share_chart(numerators, denominators, rebase, laney_from=ENOUGH_POINTS)


def u_chart(counts: pd.Series[Any], exposures: pd.Series[Any]) -> pd.DataFrame:
    """The u chart of rates: limits from the Poisson distribution, none below 0.

    Args:
        counts: Events in order of time.
        exposures: What they happened in; a point with 0 or null has no value.

    Returns:
        One row per point, see the module.

    Glossary: spc_limits, special_cause
    """
    size = exposures.astype("float64").where(exposures > 0)
    rate = counts.astype("float64") / size
    centre = _weighted_mean(rate, size)
    sigma = np.sqrt(centre / size.to_numpy())
    level = np.full(len(rate), centre)
    lower = np.maximum(level - 3 * sigma, 0)
    return _chart(rate, level, lower, level + 3 * sigma, int(rate.notna().sum()), third=2 * sigma)


def _share_chart(
    numerators: pd.Series[Any],
    denominators: pd.Series[Any],
    rebase: Sequence[int],
    *,
    laney_from: int | None,
    screened: bool = True,
) -> pd.DataFrame:
    """A p chart of each stretch, or a p′ chart where it has so many points with a value."""
    size = denominators.astype("float64").where(denominators > 0)
    share = numerators.astype("float64") / size
    parts = []
    for part, n in zip(_stretches(share, rebase), _stretches(size, rebase), strict=True):
        centre = _weighted_mean(part, n)
        sigma = np.sqrt(centre * (1 - centre) / n.to_numpy())
        points = int(part.notna().sum())
        if laney_from is not None and points >= laney_from:
            known = part.notna().to_numpy()
            away = part.to_numpy()[known] - centre
            # Where all shares are 0, or all 1, nothing varies and there is nothing to scale by.
            scaled = np.divide(away, sigma[known], out=np.zeros_like(away), where=sigma[known] > 0)
            sigma = sigma * _mean_moving_range(scaled, screened=screened) / RANGE_PER_SIGMA
        level = np.full(len(part), centre)
        lower, upper = np.maximum(level - 3 * sigma, 0), np.minimum(level + 3 * sigma, 1)
        parts.append(_chart(part, level, lower, upper, points, third=2 * sigma))
    return pd.concat(parts)


def _chart(
    values: pd.Series[Any],
    mean: Floats,
    lower: Floats,
    upper: Floats,
    points: int,
    *,
    third: Floats | None = None,
) -> pd.DataFrame:
    """The rows of one stretch; the outer third begins at two thirds of the limit by default."""
    if third is None:
        third = (upper - mean) * 2 / 3
    known: Flags = values.notna().to_numpy()
    array = values.to_numpy()
    cause = np.full(len(values), "", dtype=object)
    way = np.zeros(len(values), dtype=np.int64)
    cause[known], way[known] = special_causes(
        array[known], mean[known], lower[known], upper[known], third[known]
    )
    columns = {
        "value": array,
        "mean": mean,
        "lower": lower,
        "upper": upper,
        "special_cause": pd.array(cause, dtype="str"),
        "side": pd.array(_WAYS[way], dtype="str"),
        "trial": np.full(len(values), points < ENOUGH_POINTS),
    }
    return pd.DataFrame(columns, index=values.index, columns=COLUMNS)


def _judged(side: pd.Series[Any], improvement: Literal["up", "down"]) -> pd.Series[Any]:
    """What each special cause means where one direction is better."""
    worse = "down" if improvement == "up" else "up"
    return side.map({improvement: "improvement", worse: "concern", "": ""}).astype("str")


def _stretches(values: pd.Series[Any], rebase: Sequence[int]) -> Iterable[pd.Series[Any]]:
    """The series cut at the given positions."""
    cuts = sorted({position for position in rebase if 0 < position < len(values)})
    return [
        values.iloc[start:end] for start, end in zip([0, *cuts], [*cuts, len(values)], strict=True)
    ]


def _weighted_mean(shares: pd.Series[Any], size: pd.Series[Any]) -> float:
    known = shares.notna()
    total = float(size[known].sum())
    return float((shares[known] * size[known]).sum()) / total if total else np.nan


def _mean_moving_range(values: Floats, *, screened: bool) -> float:
    """The mean distance between neighbours; NaN where there are none left."""
    ranges = np.abs(np.diff(values))
    if screened and len(ranges):
        ranges = ranges[ranges < SCREEN_FACTOR * ranges.mean()]
    return float(ranges.mean()) if len(ranges) else np.nan
