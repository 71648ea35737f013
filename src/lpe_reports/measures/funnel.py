"""Funnel plots: units against what chance allows for their size, never against each other.

Only for ten units and more: fewer say nothing of how units usually differ, and then each unit's
interval and own series tell more. Units differ for more reasons than chance, so that with large
numbers nearly all would lie outside; the adjusted limits allow for how much they usually differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from lpe_reports.measures.intervals import Floats, binomial_quantile, normal_quantile

FEWEST_UNITS = 10
TRIM = 0.1
LEVELS = {"95": 0.95, "998": 0.998}
FUNNEL_COLUMNS = [
    "unit", "numerator", "denominator", "value", "z_score",
    "low_95", "high_95", "low_998", "high_998",
    "adjusted_low_95", "adjusted_high_95", "adjusted_low_998", "adjusted_high_998",
    "outside", "adjusted_outside",
]  # fmt: skip
Extremes = Literal["winsorised", "truncated"]
State = Literal["drawn", "too_few_units", "no_data"]


@dataclass(frozen=True)
class Funnel:
    """A funnel, or why there is none.

    Attributes:
        state: "drawn"; "too_few_units": under `needed`; "no_data": not one.
        units: How many units there are with a denominator.
        needed: How many there must be.
        target: What every unit is held against: 1 for ratios, the share of all for shares.
        dispersion: The mean of the squared z scores, extremes tamed; about 1 is chance alone.
        between_variance: How much units differ beyond chance, on the scale of the z scores;
            0 where they do not.
        points: One row per unit, FUNNEL_COLUMNS: limits of 95 and 99.8 % at its denominator;
            `outside` and `adjusted_outside` are "high", "low" or "" by the 99.8 % limits. Empty
            where nothing is drawn.
    """

    state: State
    units: int
    needed: int
    target: float
    dispersion: float
    between_variance: float
    points: pd.DataFrame


@dataclass(frozen=True)
class _Scaled:
    """The units on the scale where chance is normal: distance from the target, and its error."""

    away: Floats
    error: Floats

    @property
    def z_score(self) -> Floats:
        return self.away / self.error


def funnel_of_ratios(
    units: pd.DataFrame,
    *,
    unit: str = "operating_unit",
    observed: str = "observed",
    expected: str = "expected",
    extremes: Extremes = "winsorised",
    minimum: int = FEWEST_UNITS,
) -> Funnel:
    """The funnel of counts against what was expected of each unit (standardised ratios).

    Args:
        units: One row per unit: its name, observed and expected counts.
        unit, observed, expected: The names of those columns.
        extremes: How the tenth at each end is kept from deciding how much units usually differ:
            "winsorised" pulls them in to the tenth percentile, "truncated" leaves them out.
        minimum: How many units there must be.

    Returns:
        Limits around 1: exact Poisson; adjusted on the log scale, where nothing observed counts
        as a half.

    Glossary: funnel

    Source: Spiegelhalter 2005 (Statistics in Medicine 24, 1185; Quality and Safety in Health
    Care 14, 347); truncated as NHS England's SHMI, in FunnelPlotR.
    """
    known = _known(units, unit, observed, expected)
    k, n = _numbers(known, "numerator"), _numbers(known, "denominator")
    scaled = _Scaled(np.log(np.maximum(k, 0.5) / n), 1 / np.sqrt(n))
    limits = {name: _poisson_limits(n, level) for name, level in LEVELS.items()}
    return _funnel(known, 1.0, scaled, limits, np.exp, extremes, minimum)


def funnel_of_shares(
    units: pd.DataFrame,
    *,
    unit: str = "operating_unit",
    numerator: str = "within",
    denominator: str = "covered",
    extremes: Extremes = "winsorised",
    minimum: int = FEWEST_UNITS,
) -> Funnel:
    """The funnel of each unit's share against the share of all.

    Args:
        units: One row per unit: its name, numerator and denominator.
        unit, numerator, denominator: The names of those columns.
        extremes: As for `funnel_of_ratios`.
        minimum: How many units there must be.

    Returns:
        Limits around the share of all, within 0 and 1: exact binomial, interpolated between
        counts; adjusted on the scale arcsin √share.

    Glossary: funnel

    Source: Spiegelhalter 2005, as `funnel_of_ratios`; the limits' interpolation in its appendix.
    """
    known = _known(units, unit, numerator, denominator)
    k, n = _numbers(known, "numerator"), _numbers(known, "denominator")
    target = float(k.sum() / n.sum()) if len(n) else np.nan
    centre = np.arcsin(np.sqrt(target))
    scaled = _Scaled(np.arcsin(np.sqrt(k / n)) - centre, 1 / (2 * np.sqrt(n)))
    limits = {name: _binomial_limits(n, target, level) for name, level in LEVELS.items()}

    def share(away: Floats) -> Floats:
        return np.asarray(np.sin(np.clip(centre + away, 0, np.pi / 2)) ** 2, dtype=np.float64)

    return _funnel(known, target, scaled, limits, share, extremes, minimum)


def dispersion_ratio(observed: Floats, expected: Floats, *, parameters: int) -> float:
    """How much counts vary around what was expected of them, where 1 is chance alone.

    Pearson's χ² over its degrees of freedom; NaN where there are none.

    Args:
        observed: Counts.
        expected: What a model made of them.
        parameters: How many numbers the model took from the data.
    """
    freedom = len(observed) - parameters
    if freedom <= 0:
        return np.nan
    return float(((observed - expected) ** 2 / expected).sum() / freedom)


def _funnel(
    known: pd.DataFrame,
    target: float,
    scaled: _Scaled,
    limits: dict[str, tuple[Floats, Floats]],
    back: Callable[[Floats], Floats],
    extremes: Extremes,
    minimum: int,
) -> Funnel:
    units = len(known)
    if units < minimum:
        state: State = "too_few_units" if units else "no_data"
        nothing = pd.DataFrame(columns=FUNNEL_COLUMNS)
        return Funnel(state, units, minimum, target, np.nan, np.nan, nothing)
    dispersion, between = _over_dispersion(scaled, extremes)
    points = known.assign(value=_numbers(known, "numerator") / _numbers(known, "denominator"))
    points["z_score"] = scaled.z_score
    spread = np.sqrt(scaled.error**2 + between)
    for name, level in LEVELS.items():
        reach = normal_quantile(level) * spread
        points[f"low_{name}"], points[f"high_{name}"] = limits[name]
        points[f"adjusted_low_{name}"], points[f"adjusted_high_{name}"] = back(-reach), back(reach)
    for prefix in ("", "adjusted_"):
        points[f"{prefix}outside"] = _outside(
            points["value"], points[f"{prefix}low_998"], points[f"{prefix}high_998"]
        )
    return Funnel("drawn", units, minimum, target, dispersion, between, points[FUNNEL_COLUMNS])


def _over_dispersion(scaled: _Scaled, extremes: Extremes) -> tuple[float, float]:
    """The mean squared z score, and the variance between units that it tells of."""
    z, error = scaled.z_score, scaled.error
    if extremes == "winsorised":
        z = np.clip(z, *np.quantile(z, [TRIM, 1 - TRIM]))
    else:
        drop = int(len(z) * TRIM)
        kept = np.argsort(z, kind="stable")[drop : len(z) - drop]
        z, error = z[kept], error[kept]
    dispersion = float((z**2).mean())
    weight = 1 / error**2
    excess = len(z) * dispersion - (len(z) - 1)
    room = weight.sum() - (weight**2).sum() / weight.sum()
    return dispersion, max(0.0, float(excess / room))


def _poisson_limits(expected: Floats, level: float) -> tuple[Floats, Floats]:
    """Limits of a ratio around 1: the exact interval of a count of as many as expected."""
    tail = (1 - level) / 2
    low = special.gammaincinv(expected, tail) / expected
    high = special.gammaincinv(expected + 1, 1 - tail) / expected
    return low, high


def _binomial_limits(size: Floats, share: float, level: float) -> tuple[Floats, Floats]:
    """Limits of a share: where the binomial distribution reaches each tail, interpolated."""
    low, high = (_binomial_limit(size, share, tail) for tail in ((1 - level) / 2, (1 + level) / 2))
    return low, high


def _binomial_limit(size: Floats, share: float, tail: float) -> Floats:
    trials = size.astype(np.int64)
    if not 0 < share < 1:
        return np.full(len(size), share)
    count = binomial_quantile(tail, trials, share)
    reached = special.bdtr(count, trials, share)
    before = np.where(count > 0, special.bdtr(np.maximum(count - 1, 0), trials, share), 0.0)
    step = reached - before
    part = np.divide(reached - tail, step, out=np.zeros(len(size)), where=step > 0)
    limit: Floats = np.clip((count - part) / size, 0.0, 1.0)
    return limit


def _outside(
    value: pd.Series[float], low: pd.Series[float], high: pd.Series[float]
) -> pd.Series[str]:
    side = np.select([value > high, value < low], ["high", "low"], default="")
    return pd.Series(side, index=value.index, dtype="str")


def _known(units: pd.DataFrame, unit: str, numerator: str, denominator: str) -> pd.DataFrame:
    """The units with a name and a denominator, under the funnel's own column names."""
    names = {unit: "unit", numerator: "numerator", denominator: "denominator"}
    chosen = units[list(names)].rename(columns=names)
    has = chosen["denominator"].fillna(0).astype("float64") > 0
    return chosen[has & chosen["unit"].notna() & chosen["numerator"].notna()].reset_index(drop=True)


def _numbers(frame: pd.DataFrame, column: str) -> Floats:
    return frame[column].to_numpy(dtype=np.float64)
