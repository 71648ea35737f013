"""How long one waits for an operation, counting those who wait still.

The mean or median of the operated alone is biased while a queue is emptied or grows; these rest
on every need that was open at some time in the period (see `spells`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from lpe_reports.measures.grouping import group
from lpe_reports.measures.incidence import cumulative_incidence
from lpe_reports.measures.intervals import Floats
from lpe_reports.measures.late_entry import (
    LEAST_AT_RISK,
    MEASURED,
    NOT_FOLLOWED,
    TOO_FEW,
    states_of,
    thin_after,
    until_thin,
)
from lpe_reports.measures.spells import (
    DONE,
    LEFT,
    SPELL_COLUMNS,
    STILL_WAITING,
    need_spells,
)
from lpe_reports.measures.survival import (
    Ints,
    RiskTable,
    at_times,
    first_below,
    kaplan_meier,
    quantiles,
    risk_table,
)

WAIT_COLUMNS = (
    "open", "operated", "removed", "censored", "median_days", "median_low", "median_high",
    "p90_days", "reached", "low_reached", "high_reached", "p90_reached",
    "share_operated", "share_operated_low", "share_operated_high", "share_removed",
    "from_day", "fewest_at_risk", "median_state", "p90_state", "share_state",
)  # fmt: skip
CURVE_COLUMNS = (
    "days", "at_risk", "share_waiting", "low", "high", "share_operated", "share_removed",
)  # fmt: skip
_NEAR = 1e-9


def wait_by(
    needs: pd.DataFrame,
    operations: pd.DataFrame | None = None,
    *,
    by: Sequence[str],
    start: date,
    end: date,
    limit_days: int = 90,
    least_at_risk: int = LEAST_AT_RISK,
) -> pd.DataFrame:
    """How long one waits for an operation in each group, by Kaplan–Meier.

    Args:
        needs: need_id, decided_at, removed_at, removed_reason and the columns of `by`. Leave
            emergencies out: they wait in no list.
        operations: need_id and surgery_start_at; see `spells.need_spells`.
        by: Columns of `needs` that make the groups.
        start: The period's first day.
        end: The day after the last day of which anything is known.
        limit_days: By when `share_operated` counts.
        least_at_risk: With fewer at risk, while others enter later, the curve rests on chance
            and can fall to nothing while most wait still: what it would say of that day and
            all after it is null, and its state says why.

    Returns:
        One row per group: [*by, open, operated, removed, censored, median_days, median_low,
        median_high, p90_days, reached, low_reached, high_reached, p90_reached, share_operated,
        share_operated_low, share_operated_high, share_removed, from_day, fewest_at_risk,
        median_state, p90_state, share_state]. `open` needs were open at some time in the period; so
        many were operated in it, removed in it, and still waiting at its end (censored). The
        median, its 95 % interval (log method) and P90 are days from the decision, where nobody is
        removed; `reached` and its like say whether the curve comes down so far, and where it is
        False the number is NaN. Each state is "measured", "too_few_at_risk" or, of a quantile,
        "not_reached" (more than half, or a tenth, wait still) and, of the shares, "not_followed".
        The shares operated and removed on day `limit_days` at the latest are Aalen–Johansen's,
        where both happen. `from_day` is the first day since the decision on which anybody was seen,
        and `fewest_at_risk` how many the thinnest step down to the median rests on: a short period
        sees few short waits.

    Glossary: survival_median, cumulative_incidence

    Source: Kaplan and Meier 1958; delayed entry as in R's Surv(entry, exit, event).
    """
    spells = need_spells(needs, operations, by=by, start=start, end=end)
    keys, codes = numbered_groups(spells, by)
    groups = len(keys)
    table = _risk_table(spells, codes)
    thin = _thin_after(spells, codes, groups, least_at_risk)
    shares = _shares(table, spells, codes, limit_days, groups)
    trusted = limit_days <= thin
    answer = keys.assign(
        **_counts(spells, codes, groups),
        **_waits(kaplan_meier(table, outcome=DONE), thin, groups),
        **{name: np.where(trusted, share, np.nan) for name, share in shares.items()},
        from_day=spells.groupby(codes)["entry"].min().reindex(range(groups)) + 1,
        share_state=_share_states(shares["share_operated"], trusted),
    )
    return answer[[*keys.columns, *WAIT_COLUMNS]]


def _counts(spells: pd.DataFrame, codes: Ints, groups: int) -> dict[str, Ints]:
    """How many of each group were open, and what became of them."""
    outcome = spells["outcome"].to_numpy()
    became = {"operated": DONE, "removed": LEFT, "censored": STILL_WAITING}
    return {"open": np.bincount(codes, minlength=groups)} | {
        name: np.bincount(codes[outcome == code], minlength=groups) for name, code in became.items()
    }


def _waits(curve: pd.DataFrame, thin: Floats, groups: int) -> dict[str, Any]:
    """Median with its interval and P90 of each group's curve, as far as it is to be trusted."""
    median = quantiles(curve, 0.5, groups=groups)
    median = median.where(median.le(thin, axis=0))
    p90 = until_thin(first_below(curve, "survival", 1 - 0.9, groups=groups), thin)
    return {
        "median_days": median["value"],
        "median_low": median["low"],
        "median_high": median["high"],
        "p90_days": p90,
        "reached": median["value"].notna(),
        "low_reached": median["low"].notna(),
        "high_reached": median["high"].notna(),
        "p90_reached": ~np.isnan(p90),
        "fewest_at_risk": _fewest(curve, median["value"], groups),
        "median_state": states_of(median["value"].to_numpy(), thin),
        "p90_state": states_of(p90, thin),
    }


def wait_curves(
    needs: pd.DataFrame,
    operations: pd.DataFrame | None = None,
    *,
    by: Sequence[str],
    start: date,
    end: date,
    least_at_risk: int = LEAST_AT_RISK,
) -> pd.DataFrame:
    """The points of each group's curves, for a chart in steps.

    Args:
        needs, operations, by, start, end, least_at_risk: As for `wait_by`.

    Returns:
        [*by, days, at_risk, share_waiting, low, high, share_operated, share_removed]: one row
        per group for day 0 as it begins and for every day on which something ended, which is
        when the curves step. `share_waiting` is Kaplan–Meier's, with its 95 % interval; the
        others are Aalen–Johansen's. A group's curves end where fewer than `least_at_risk` are
        at risk while others enter later.

    Glossary: survival_median, cumulative_incidence
    """
    spells = need_spells(needs, operations, by=by, start=start, end=end)
    keys, codes = numbered_groups(spells, by)
    table = _risk_table(spells, codes)
    curve = kaplan_meier(table, outcome=DONE)
    points = pd.DataFrame(
        {
            "group": curve["group"],
            "days": curve["time"],
            "at_risk": curve["at_risk"],
            "share_waiting": curve["survival"],
            "low": curve["low"],
            "high": curve["high"],
            "share_operated": cumulative_incidence(table, outcome=DONE)["incidence"],
            "share_removed": cumulative_incidence(table, outcome=LEFT)["incidence"],
        }
    )
    at_first = {"days": 0.0, "share_waiting": 1.0, "low": 1.0, "high": 1.0}
    begins = pd.DataFrame({"group": np.arange(len(keys)), "at_risk": _seen_first(spells, codes)})
    begins = begins.assign(**at_first, share_operated=0.0, share_removed=0.0)
    thin = _thin_after(spells, codes, len(keys), least_at_risk)
    points = points[points["days"].to_numpy() <= thin[points["group"]]]
    points = pd.concat([begins[points.columns], points]).sort_values(
        ["group", "days"], kind="stable"
    )
    by_group = keys.iloc[points["group"]].reset_index(drop=True)
    return by_group.assign(**points[list(CURVE_COLUMNS)].reset_index(drop=True))


def numbered_groups(frame: pd.DataFrame, by: Sequence[str]) -> tuple[pd.DataFrame, Ints]:
    """The groups of a frame, one row each, and the number of the group of each row of it."""
    keys = list(dict.fromkeys(by))
    codes = np.asarray(group(frame, keys).ngroup(), dtype=np.int64)
    first = np.zeros(codes.max(initial=-1) + 1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return frame[keys].iloc[first].reset_index(drop=True), codes


def _risk_table(spells: pd.DataFrame, codes: Ints) -> RiskTable:
    entry, exit_, outcome = (spells[name].to_numpy() for name in SPELL_COLUMNS)
    return risk_table(codes, entry, exit_, outcome, outcomes=2)


def _thin_after(spells: pd.DataFrame, codes: Ints, groups: int, least: int) -> Floats:
    entry, exit_ = (spells[name].to_numpy(dtype=np.float64) for name in SPELL_COLUMNS[:2])
    return thin_after(codes, entry, exit_, groups=groups, least=least)


def _share_states(share: Floats, trusted: np.ndarray[Any, np.dtype[np.bool_]]) -> pd.Series[str]:
    """Whether the shares are known, and else why not: too few at risk goes first."""
    known = np.where(np.isnan(share), NOT_FOLLOWED, MEASURED)
    return pd.Series(np.where(trusted, known, TOO_FEW), dtype="str")


def _shares(
    table: RiskTable, spells: pd.DataFrame, codes: Ints, limit_days: int, groups: int
) -> dict[str, Floats]:
    """Operated and removed by a day; NaN where some wait still and none was followed so long."""
    done = cumulative_incidence(table, outcome=DONE)
    left = cumulative_incidence(table, outcome=LEFT)

    def on_limit(curve: pd.DataFrame, column: str, before: float) -> Floats:
        return at_times(curve, column, [limit_days], groups=groups, before=before)[:, 0]

    shares = {
        "share_operated": on_limit(done, "incidence", 0.0),
        "share_operated_low": on_limit(done, "low", np.nan),
        "share_operated_high": on_limit(done, "high", np.nan),
        "share_removed": on_limit(left, "incidence", 0.0),
    }
    followed = spells["exit"].groupby(codes).max().reindex(range(groups)).to_numpy() >= limit_days
    known = followed | (shares["share_operated"] + shares["share_removed"] > 1 - _NEAR)
    return {name: np.where(known, share, np.nan) for name, share in shares.items()}


def _fewest(curve: pd.DataFrame, median: pd.Series[Any], groups: int) -> pd.Series[Any]:
    """The fewest at risk at any operation up to the median; Int64, null where none was."""
    until = median.reindex(curve["group"]).fillna(np.inf).to_numpy()
    steps = curve[(curve["events"] > 0) & (curve["time"].to_numpy() <= until)]
    return steps.groupby("group")["at_risk"].min().reindex(range(groups)).astype("Int64")


def _seen_first(spells: pd.DataFrame, codes: Ints) -> Ints:
    """How many of each group were seen on day 0."""
    return np.bincount(codes[spells["entry"].to_numpy() < 0], minlength=codes.max(initial=-1) + 1)
