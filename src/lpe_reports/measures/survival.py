"""Kaplan–Meier: how long it takes, counting those to whom it has not happened yet.

A risk table holds, for every group and every time at which something ended, how many were at
risk and how many ended in each way. All groups are made at once: statsmodels' SurvfuncRight
takes one group at a time, which is too slow for thousands, and its CumIncidenceRight knows no
delayed entry. Where both can answer, the tests prove the answers equal.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from lpe_reports.measures.intervals import LEVEL, Floats, normal_quantile

Ints = npt.NDArray[np.int64]
CURVE_COLUMNS = ["group", "time", "at_risk", "events", "survival", "standard_error", "low", "high"]
# A curve lies on a level when it is this near it, whatever the last digits of the floats say.
_NEAR = 1e-9


class RiskTable(NamedTuple):
    """One entry per group and time at which something ended, sorted by group and time.

    `events` has a column for each outcome from 1 on; `at_risk` counts those who entered before
    the time and had not ended before it.
    """

    group: Ints
    time: Floats
    at_risk: Ints
    events: Ints


def risk_table(
    group: Ints, entry: Floats, exit_: Floats, outcome: Ints, *, outcomes: int = 1
) -> RiskTable:
    """Who was at risk, and what happened to how many, at every time at which something did.

    Args:
        group: The number of each spell's group, from 0.
        entry: The time after which each was at risk; −inf for from the start.
        exit_: When each ended, after its entry.
        outcome: 0 for one that had not ended when it was last seen, else how it ended, from 1.
        outcomes: How many ways of ending there are.
    """
    codes, ticks = pd.factorize(np.concatenate([entry, exit_]), sort=True)
    width = len(ticks) + 1
    enters = np.sort(group * width + codes[: len(group)])
    leaves = group * width + codes[len(group) :]
    ended = outcome > 0
    row, keys = pd.factorize(leaves[ended], sort=True)
    cells = row * outcomes + outcome[ended] - 1
    events = np.bincount(cells, minlength=len(keys) * outcomes).reshape(-1, outcomes)
    # Whoever belongs to an earlier group has entered and left before: they take each other out.
    at_risk = np.searchsorted(enters, keys) - np.searchsorted(np.sort(leaves), keys)
    time = ticks[keys % width].astype(np.float64)
    return RiskTable(keys // width, time, at_risk, events.astype(np.int64))


def kaplan_meier(table: RiskTable, *, outcome: int = 1, level: float = LEVEL) -> pd.DataFrame:
    """The share to whom it has not happened yet, where nobody leaves in another way.

    Args:
        table: Who was at risk.
        outcome: What is waited for; those who ended otherwise are censored when they did.
        level: The interval's coverage.

    Returns:
        [group, time, at_risk, events, survival, standard_error, low, high], one row per entry
        of `table`. Greenwood's error; interval by the log method, NaN where nobody is left.

    Glossary: survival_median

    Source: Kaplan and Meier 1958; as survfit of R's survival.
    """
    events = table.events[:, outcome - 1]
    hazard = _per(events, table.at_risk)
    groups = pd.Series(table.group)
    survival = _cumulated(1 - hazard, groups, product=True)
    spread = _per(events, table.at_risk * (table.at_risk - events))
    log_error = np.sqrt(_cumulated(np.where(hazard == 1, np.nan, spread), groups))
    reach = normal_quantile(level) * log_error
    curve = {
        "group": table.group,
        "time": table.time,
        "at_risk": table.at_risk,
        "events": events,
        "survival": survival,
        "standard_error": survival * log_error,
        "low": survival * np.exp(-reach),
        "high": np.minimum(survival * np.exp(reach), 1.0),
    }
    return pd.DataFrame(curve, columns=CURVE_COLUMNS)


def quantiles(curve: pd.DataFrame, probability: float, *, groups: int) -> pd.DataFrame:
    """When it has happened to a share of each group, with the interval.

    Args:
        curve: From `kaplan_meier`.
        probability: Which share, 0.5 for the median.
        groups: How many groups there are.

    Returns:
        [value, low, high], one row per group; NaN where the curve, or its limit, does not come
        down so far. Where the curve lies on the level, midway to the next event, as R has it.
    """
    crossed = {
        "value": first_below(curve, "survival", 1 - probability, groups=groups),
        "low": first_below(curve, "low", 1 - probability, groups=groups),
        "high": first_below(curve, "high", 1 - probability, groups=groups),
    }
    return pd.DataFrame(crossed)


def first_below(curve: pd.DataFrame, column: str, share: float, *, groups: int) -> Floats:
    """The first time at which a column is at a share or below it, per group; NaN if never."""
    values, group = curve[column].to_numpy(), curve["group"].to_numpy()
    time = curve["time"].to_numpy()
    near = _NEAR * max(share, _NEAR)
    reached = _first(values <= share + near, group, time, groups)
    past = _first(values < share - near, group, time, groups)
    return np.where(np.isnan(past), reached, (reached + past) / 2)


def restricted_mean(curve: pd.DataFrame, until: float, *, members: npt.ArrayLike) -> pd.DataFrame:
    """The mean time spent before `until`, counting whatever lies after as `until`.

    Args:
        curve: From `kaplan_meier`; times from 0 on.
        until: Where the area under the curve ends.
        members: How many spells each group has; one of which nobody was ever seen to end is in
            no row of `curve`, and is not the same as one without anybody.

    Returns:
        [mean, standard_error], one row per group; `until` and 0 of one in which it happened to
        nobody, NaN of one without anybody.

    Glossary: restricted_mean_wait

    Source: as print(survfit, rmean) of R's survival.
    """
    rows = curve[(curve["time"] <= until) & (curve["events"] > 0)]
    group = rows["group"]
    after = rows.groupby("group")["time"].shift(-1).fillna(until) - rows["time"]
    area = rows["survival"] * after
    # What of the area lies to the right of each event.
    right = area.iloc[::-1].groupby(group.iloc[::-1]).cumsum().iloc[::-1]
    at_risk, events = rows["at_risk"], rows["events"]
    variance = right**2 * _per(events.to_numpy(), (at_risk * (at_risk - events)).to_numpy())
    first = rows.groupby("group")["time"].min()
    some = pd.Series(np.asarray(members) > 0)
    every = some.index
    mean = right.groupby(group).first() + first
    error = np.sqrt(variance.groupby(group).sum())
    return pd.DataFrame(
        {
            "mean": mean.reindex(every, fill_value=until).where(some),
            "standard_error": error.reindex(every, fill_value=0.0).where(some),
        }
    )


def at_times(
    curve: pd.DataFrame, column: str, times: npt.ArrayLike, *, groups: int, before: float
) -> Floats:
    """What a column was at given times: a row per group, a column per time.

    Args:
        curve: A curve in steps, sorted by group and time.
        column: One of its columns.
        times: The times.
        groups: How many groups there are.
        before: The value before the first event.
    """
    wanted = np.asarray(times, dtype=np.float64)
    starts = np.searchsorted(curve["group"].to_numpy(), np.arange(groups + 1))
    codes, ticks = _ranked(curve["time"].to_numpy())
    width = len(ticks) + 1
    keys = curve["group"].to_numpy() * width + codes + 1
    asked = np.arange(groups)[:, None] * width + np.searchsorted(ticks, wanted, side="right")
    row = np.searchsorted(keys, asked, side="right") - 1
    known = row >= starts[:-1, None]
    values = np.append(curve[column].to_numpy(dtype=np.float64), before)
    return np.where(known, values[row], before)


def _ranked(times: Floats) -> tuple[Ints, Floats]:
    ticks = np.unique(times)
    return np.searchsorted(ticks, times), ticks


def _first(where: npt.NDArray[np.bool_], group: Ints, time: Floats, groups: int) -> Floats:
    """The time of each group's first row that is chosen; NaN where none is."""
    answer = np.full(groups, np.nan)
    rows = np.flatnonzero(where)
    found, first = np.unique(group[rows], return_index=True)
    answer[found] = time[rows[first]]
    return answer


def _per(part: npt.NDArray[Any], whole: npt.NDArray[Any]) -> Floats:
    """Part over whole; 0 where the whole is 0."""
    answer = np.zeros(len(part), dtype=np.float64)
    np.divide(part, whole, out=answer, where=whole > 0)
    return answer


def _cumulated(values: Floats, groups: pd.Series[Any], *, product: bool = False) -> Floats:
    """Running sum or product within each group, so that no group's digits touch another's."""
    grouped = pd.Series(values).groupby(groups, sort=False)
    running = grouped.cumprod(skipna=False) if product else grouped.cumsum(skipna=False)
    return np.asarray(running, dtype=np.float64)
