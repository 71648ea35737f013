"""Cumulative incidence: how many it has happened to by a time, where some leave in another way.

Aalen–Johansen. Where somebody who leaves can no longer be operated, one minus Kaplan–Meier tells
of more operations than there will be; the incidences of all outcomes and the share that still
waits add up to one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lpe_reports.measures.intervals import LEVEL, Floats, normal_quantile
from lpe_reports.measures.survival import RiskTable

_EDGE = 1e-12
# Beyond it both ends are 0 and 1 to the last digit; exp() would run over.
_FARTHEST = 50.0
INCIDENCE_COLUMNS = ["group", "time", "incidence", "standard_error", "low", "high"]


def cumulative_incidence(
    table: RiskTable, *, outcome: int = 1, level: float = LEVEL
) -> pd.DataFrame:
    """The share of each group to whom one outcome has happened by each time.

    Args:
        table: Who was at risk, and how many ended in each way.
        outcome: Which outcome, from 1.
        level: The interval's coverage.

    Returns:
        [group, time, incidence, standard_error, low, high], one row per entry of `table`. The
        error is the delta method's with every outcome's variation in it; the interval is on the
        scale log(−log), within 0 and 1, and NaN where the incidence is 0 or 1.

    Glossary: cumulative_incidence

    Source: Marubini and Valsecchi 1995; as survfit of R's survival and statsmodels'
    CumIncidenceRight, which knows no delayed entry.
    """
    groups = pd.Series(table.group)
    at_risk = table.at_risk.astype(np.float64)
    of_all = table.events.sum(axis=1).astype(np.float64)
    of_this = table.events[:, outcome - 1].astype(np.float64)
    left = pd.Series(1 - of_all / at_risk).groupby(groups).cumprod()
    before = left.groupby(groups).shift(1).fillna(1.0).to_numpy() / at_risk
    incidence = np.clip(_running(before * of_this, groups), 0.0, 1.0)
    error = np.sqrt(_variance(incidence, before, at_risk, of_all, of_this, groups))
    low, high = _interval(incidence, error, level)
    columns = [table.group, table.time, incidence, error, low, high]
    return pd.DataFrame(dict(zip(INCIDENCE_COLUMNS, columns, strict=True)))


def _variance(
    incidence: Floats,
    before: Floats,
    at_risk: Floats,
    of_all: Floats,
    of_this: Floats,
    groups: pd.Series[Any],
) -> Floats:
    """The variance of each running incidence; `before` is survival before each time by at_risk.

    Every earlier time counts by how far the incidence has come since it, squared. Where nobody
    is left the incidence never moves again, and that time weighs nothing.
    """
    stayed = at_risk * (at_risk - of_all)
    spread = np.divide(of_all, stayed, out=np.zeros_like(stayed), where=stayed > 0)
    variance = incidence**2 * _running(spread, groups)
    variance -= 2 * incidence * _running(incidence * spread, groups)
    variance += _running(incidence**2 * spread, groups)
    variance += _running(before**2 * (at_risk - of_this) * of_this / at_risk, groups)
    both = before * of_this / at_risk
    variance -= 2 * incidence * _running(both, groups)
    variance += 2 * _running(incidence * both, groups)
    # What is nothing may come out a last digit below it.
    return np.maximum(variance, 0.0)


def _interval(incidence: Floats, error: Floats, level: float) -> tuple[Floats, Floats]:
    # What is 0 or 1 may come out some last digits from it, where the scale runs off to infinity.
    inside = (incidence > _EDGE) & (incidence < 1 - _EDGE) & (error > 0)
    share = np.where(inside, incidence, np.nan)
    reach = normal_quantile(level) * error / (share * np.abs(np.log(share)))
    reach = np.minimum(reach, _FARTHEST)
    return share ** np.exp(reach), share ** np.exp(-reach)


def _running(values: Floats, groups: pd.Series[Any]) -> Floats:
    running = pd.Series(values).groupby(groups, sort=False).cumsum()
    return np.asarray(running, dtype=np.float64)
