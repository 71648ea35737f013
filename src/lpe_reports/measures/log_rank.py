"""Whether groups wait differently by more than chance: the log-rank test."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from lpe_reports.measures.intervals import Floats
from lpe_reports.measures.survival import Ints, risk_table


class LogRank(NamedTuple):
    """What happened in each group, and what would have if all were alike.

    `chi_square`, `p_value`: NaN where fewer than two groups have anything to tell apart.
    """

    observed: Floats
    expected: Floats
    chi_square: float
    degrees: int
    p_value: float


def log_rank(group: Ints, entry: Floats, exit_: Floats, happened: Ints, *, groups: int) -> LogRank:
    """The log-rank test of the same curve in every group.

    Args:
        group: The number of each spell's group, from 0.
        entry: The time after which each was at risk; −inf for from the start.
        exit_: When each ended, after its entry.
        happened: 1 where it happened, 0 for those who were last seen without.
        groups: How many groups there are.

    Glossary: wait_difference

    Source: Mantel 1966; as survdiff of R's survival.
    """
    whole = risk_table(np.zeros(len(group), dtype=np.int64), entry, exit_, happened)
    times, deaths = whole.time, whole.events[:, 0].astype(np.float64)
    at_risk = np.array(
        [_at_risk(entry[group == one], exit_[group == one], times) for one in range(groups)]
    ).reshape(groups, len(times))
    total = whole.at_risk.astype(np.float64)
    observed = np.bincount(group, weights=happened, minlength=groups).astype(np.float64)
    part = at_risk / total
    expected = part @ deaths
    others = np.divide(total - deaths, total - 1, out=np.zeros_like(total), where=total > 1)
    weight = deaths * others
    variance = np.diag(part @ weight) - (part * weight) @ part.T
    informed = expected > 0
    degrees = int(informed.sum()) - 1
    if degrees < 1:
        return LogRank(observed, expected, np.nan, max(degrees, 0), np.nan)
    # The groups' differences add up to nothing, so that one of them is known by the others.
    kept = np.flatnonzero(informed)[:-1]
    away = (observed - expected)[kept]
    spread = variance[np.ix_(kept, kept)]
    chi_square = float(away @ np.linalg.pinv(spread) @ away)
    return LogRank(
        observed, expected, chi_square, degrees, float(special.chdtrc(degrees, chi_square))
    )


def _at_risk(entry: Floats, exit_: Floats, times: Floats) -> Ints:
    """How many had entered before each time and not ended before it."""
    return np.searchsorted(np.sort(entry), times) - np.searchsorted(np.sort(exit_), times)
