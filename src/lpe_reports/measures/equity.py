"""Equal care: how long patients waited for the same procedure at different operating units.

Units are unordered groups, so the spread between them is described by gap, ratio and indexes
between groups, never by a slope. Groups count by their number of operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd
from scipy import special

from lpe_reports.measures.grouping import add_up, group, share
from lpe_reports.measures.intervals import (
    Floats,
    difference_interval,
    half_width_of_mean,
    quantile_intervals,
    ratio_interval,
)
from lpe_reports.measures.waiting import operation_wait_days

LIMIT_DAYS = 90
# What hospitals' patients are made alike in, where the frame has it.
CASE_MIX = ("age_band", "sex", "asa_group", "urgency")
DAYS_COLUMNS = (
    "operations", "mean_days", "median_days", "p90_days", "within_90", "share_within_90",
    "mean_low", "mean_high", "median_low", "median_high",
)  # fmt: skip
_NOTHING = 1e-9


@dataclass(frozen=True)
class Gap:
    """The distance between the units with the longest and the shortest mean wait.

    All numbers are NaN, and the units None, where fewer than two units have a mean; a bound is
    NaN where a unit has too few operations for it. The intervals take the two units as chosen
    beforehand; that they were picked as the extremes is not in them.
    """

    lowest_unit: str | None = None
    highest_unit: str | None = None
    gap_days: float = nan
    gap_low: float = nan
    gap_high: float = nan
    ratio: float = nan
    ratio_low: float = nan
    ratio_high: float = nan
    between_sd: float = nan
    cv: float = nan
    theil: float = nan
    gini: float = nan

    @property
    def is_known(self) -> bool:
        return self.highest_unit is not None


def days_by_unit(
    operations: pd.DataFrame,
    *,
    by: Sequence[str] = ("operating_unit",),
    limit_days: int = LIMIT_DAYS,
) -> pd.DataFrame:
    """How many were operated in each group, and how many days they had waited.

    Args:
        operations: Operations with decided_at and surgery_start_at; those without a known wait
            of 0 days or more are left out.
        by: Columns of the frame that make the groups; null is its own group.
        limit_days: What `within_90` counts, 90 days.

    Returns:
        [*by, operations, mean_days, median_days, p90_days, within_90, share_within_90,
        mean_low, mean_high, median_low, median_high]. 95 % intervals: Student's t for the mean,
        binomial order statistics for the median; NaN where there are too few for one.

    Glossary: equity_operations, wait_days_performed, share_within_90
    """
    days = operation_wait_days(operations)
    valid = days >= 0
    keys = list(dict.fromkeys(by))
    chosen, days = operations.loc[valid, keys], days[valid]
    answer = add_up(
        chosen,
        keys,
        sums={"operations": days >= 0, "within_90": days <= limit_days},
        values=days,
        statistics={"mean_days": "mean", "median_days": 0.5, "p90_days": 0.9, "_sd": "std"},
    )
    count = answer["operations"].to_numpy()
    half = half_width_of_mean(count, answer["_sd"])
    in_groups = np.lexsort((days, group(chosen, keys).ngroup()))
    median = quantile_intervals(days.to_numpy()[in_groups], np.cumsum(count) - count, count)
    return answer.assign(
        share_within_90=share(answer["within_90"], answer["operations"]),
        mean_low=answer["mean_days"] - half,
        mean_high=answer["mean_days"] + half,
        median_low=median[0],
        median_high=median[1],
    )[[*keys, *DAYS_COLUMNS]]


def gap(days: pd.DataFrame, *, unit: str = "operating_unit") -> Gap:
    """The gap between units, and how unequal they are as groups.

    Args:
        days: One row per unit: `unit`, operations, mean_days and, for the intervals, mean_low
            and mean_high (95 %), as from `days_by_unit`.
        unit: The column that names the unit.

    Returns:
        Highest minus lowest mean (interval: Welch's t), highest over lowest (log method), and
        between units weighted by number: standard deviation, coefficient of variation (SD over
        the mean of all), Theil's T and Gini, the last two 0 where all means are alike.

    Glossary: equity_gap, equity_ratio, equity_between_sd, equity_cv, equity_theil, equity_gini
    """
    known = _with_mean(days, unit)
    if len(known) < 2:
        return Gap()
    ordered = known.sort_values(["mean_days", unit], kind="stable")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    shortest, longest = float(low["mean_days"]), float(high["mean_days"])
    errors = _standard_error(ordered)
    freedom = ordered["operations"].to_numpy(dtype=np.float64) - 1
    difference = difference_interval(
        longest, errors[-1], freedom[-1], shortest, errors[0], freedom[0]
    )
    ratio = ratio_interval(longest, errors[-1], shortest, errors[0])
    weight = (ordered["operations"] / ordered["operations"].sum()).to_numpy(dtype=np.float64)
    mean = ordered["mean_days"].to_numpy(dtype=np.float64)
    overall = float(weight @ mean)
    between_sd = float(np.sqrt(weight @ (mean - overall) ** 2))
    return Gap(
        lowest_unit=str(low[unit]),
        highest_unit=str(high[unit]),
        gap_days=longest - shortest,
        gap_low=difference.low,
        gap_high=difference.high,
        ratio=longest / shortest if shortest > 0 else nan,
        ratio_low=ratio.low,
        ratio_high=ratio.high,
        between_sd=between_sd,
        cv=between_sd / overall if overall > 0 else nan,
        theil=_theil(weight, mean, overall),
        gini=_gini(weight, mean, overall),
    )


def standardised(
    operations: pd.DataFrame, *, on: Sequence[str] | None = None, unit: str = "operating_unit"
) -> pd.DataFrame:
    """Each unit's mean wait against what its mix of patients would wait in the whole county.

    Indirect standardisation: every patient is expected to wait the county's mean of their
    stratum (one value of each column of `on`; null is a value of its own). The interval of the
    ratio is by the log method from the unit's own spread around the expected, which is taken
    as known.

    Args:
        operations: Operations with decided_at and surgery_start_at; those without a known wait
            of 0 days or more are left out.
        on: The columns that make the strata; when not given, those of CASE_MIX that the frame
            has.
        unit: The column that names the unit.

    Returns:
        [operating_unit, observed, expected, ratio, low, high]; observed and expected are mean
        days, ratio above 1 is a longer wait than the mix explains.

    Glossary: standardised_ratio
    """
    strata = [name for name in CASE_MIX if name in operations] if on is None else list(on)
    days = operation_wait_days(operations)
    frame = operations.loc[days >= 0, list(dict.fromkeys([unit, *strata]))]
    frame = frame.assign(_days=days[days >= 0])
    frame = frame.assign(_expected=group(frame, strata)["_days"].transform("mean"))
    frame = frame.assign(_residual=frame["_days"] - frame["_expected"])
    units = group(frame, [unit])
    observed, expected = units["_days"].mean(), units["_expected"].mean()
    count = units.size().to_numpy()
    half = half_width_of_mean(count, units["_residual"].std())
    ratio = observed / expected.where(expected > 0)
    # On the log scale the ratio's error is that of the observed mean over the mean itself.
    factor = np.exp(half / observed.where(observed > 0))
    answer = {"observed": observed, "expected": expected, "ratio": ratio}
    answer |= {"low": ratio / factor, "high": ratio * factor}
    return pd.DataFrame(answer).reset_index()


def patients_to_move(days: pd.DataFrame, *, unit: str = "operating_unit") -> pd.DataFrame:
    """How many would have to be offered another unit to bring the long waits to the mean of all.

    For every unit whose mean wait is longer than the mean of all: the number of its patients
    that would have to be operated at the unit with the shortest mean instead, for the mean of
    the patients who chose it to come down to the mean of all as it was. With mean m of n
    patients, county mean M and shortest mean s that is n (m − M) / (m − s), rounded up. A move
    is capacity-neutral: the theatre time follows the patient, so that neither unit's wait for
    those who stay changes.

    Args:
        days: One row per unit: `unit`, operations and mean_days, as from `days_by_unit`.
        unit: The column that names the unit.

    Returns:
        [from_unit, to_unit, operations, patients]: one row per unit with a longer wait than the
        mean, the longest first; `operations` is n. The sum of `patients` is the whole answer.

    Glossary: patients_to_move
    """
    known = _with_mean(days, unit)
    known = known.sort_values(["mean_days", unit], ascending=[False, True], kind="stable")
    overall = (known["operations"] * known["mean_days"]).sum() / max(known["operations"].sum(), 1)
    # The last digits of a float make neither a unit longer than the mean nor a patient more.
    longer = known[known["mean_days"] > overall + _NOTHING]
    excess = longer["mean_days"] - overall
    needed = longer["operations"] * excess / (longer["mean_days"] - known["mean_days"].min())
    shortest = known[unit].iloc[-1:].to_numpy().repeat(len(longer))
    return pd.DataFrame(
        {
            "from_unit": longer[unit].astype("str"),
            "to_unit": pd.Series(shortest, index=longer.index, dtype="str"),
            "operations": longer["operations"].astype("int64"),
            "patients": np.ceil(needed.astype("float64") - _NOTHING).astype("int64"),
        }
    ).reset_index(drop=True)


def _with_mean(days: pd.DataFrame, unit: str) -> pd.DataFrame:
    """The units that operated; operations of no known unit are no unit."""
    return days[(days["operations"] > 0) & days["mean_days"].notna() & days[unit].notna()]


def _standard_error(days: pd.DataFrame) -> Floats:
    """Each mean's standard error, from its 95 % t interval; NaN where that is not given."""
    if "mean_high" not in days:
        return np.full(len(days), nan)
    half = (days["mean_high"] - days["mean_low"]) / 2
    per_error = half_width_of_mean(days["operations"], np.sqrt(days["operations"]))
    error: Floats = half.to_numpy(dtype=np.float64) / per_error
    return error


def _theil(weight: Floats, mean: Floats, overall: float) -> float:
    """Theil's T between groups: the sum of weight · r · ln r, where r is mean over overall mean."""
    if overall <= 0:
        return nan
    relative = mean / overall
    return float(weight @ special.xlogy(relative, relative))


def _gini(weight: Floats, mean: Floats, overall: float) -> float:
    """Gini between groups: half the mean distance between two patients' group means, relative."""
    if overall <= 0:
        return nan
    distance = np.abs(mean[:, None] - mean[None, :])
    return float(weight @ distance @ weight) / (2 * overall)
