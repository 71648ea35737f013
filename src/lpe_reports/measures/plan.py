"""Plan and outcome: the plan in force, how it was fulfilled, rolling years, and a forecast.

Months are ids, "2026-05". The plan of a month is the newest version whose own month is not
later than it: that is how a rolling plan differs from a yearly one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from lpe_reports.measures.grouping import add_up, group, share, with_period
from lpe_reports.measures.production import operations_by
from lpe_reports.measures.times import local_days
from lpe_reports.measures.windows import Integers
from lpe_reports.periods import PeriodKind, period_at

PLAN_COLUMNS = ["vo", "section", "month", "version", "operations", "hours"]
SECTION = ["vo", "section"]
_KEY = [*SECTION, "month"]
# The outcome's name to the plan's: what is counted, and its hours.
_PLANNED = {"operations": "planned_operations", "operation_hours": "planned_hours"}
_FIRST = {"operations": "first_operations", "operation_hours": "first_hours"}


def plans_in_force(production_plan: pd.DataFrame, *, months: Sequence[str]) -> pd.DataFrame:
    """The plan of each month as it was when the month began to count.

    Args:
        production_plan: vo, section, month ("2026-05"), version (date), operations, hours.
        months: The planned months.

    Returns:
        One row per vo, section and month that is planned: [vo, section, month, version,
        operations, hours], sorted.

    Glossary: production_plan
    """
    version = local_days(production_plan["version"])
    wanted = production_plan["month"].isin(list(months))
    known_then = wanted & (version.dt.strftime("%Y-%m") <= production_plan["month"])
    return _newest(production_plan[known_then])


def first_plans(production_plan: pd.DataFrame, *, months: Sequence[str]) -> pd.DataFrame:
    """The plan of each month as it was when its year began.

    Args:
        production_plan: As for `plans_in_force`.
        months: The planned months.

    Returns:
        As `plans_in_force`, of the newest version that is not later than January of the month's
        year; where there was none yet, of the earliest.

    Glossary: production_plan_first
    """
    wanted = production_plan[production_plan["month"].isin(list(months))]
    version = local_days(wanted["version"]).dt.strftime("%Y-%m")
    by_january = version <= wanted["month"].str.slice(0, 4) + "-01"
    old = _newest(wanted[by_january])
    late = wanted[~by_january].sort_values("version", ascending=False, kind="stable")
    both = pd.concat([old, _newest(late, sort=False)] if len(late) else [old])
    return both.drop_duplicates(_KEY).sort_values(_KEY, ignore_index=True)


def plan_and_outcome(
    operations: pd.DataFrame, production_plan: pd.DataFrame, *, months: Sequence[str], as_of: date
) -> pd.DataFrame:
    """What was planned and what was done, per section and month, in the month and so far.

    Args:
        operations: Operations of the months with vo, section, surgery_start_at and
            surgery_end_at; others are left out.
        production_plan: As for `plans_in_force`.
        months: The months, from the first of the year that accumulation begins with.
        as_of: The night: a month that begins later has no outcome yet, and one that is not over
            by then no share.

    Returns:
        One row per vo and section that is planned or operated, and month, sorted: [vo, section,
        month, ongoing, operations, operation_hours, planned_operations, planned_hours,
        first_operations, first_hours, share_operations, share_hours] and, added up over the
        months of the same year, the same but `ongoing` with `_to_date` after the name. Plans
        are of the version in force; `first_` those of the year's first plan. Shares are outcome
        over plan (float64): NaN where nothing is planned.

    Glossary: plan_fulfilment, production_plan, production_plan_first
    """
    wanted = sorted(set(months))
    done = with_period(operations, "surgery_start_at", PeriodKind.MONTH)
    outcome = operations_by(done[done["month"].isin(wanted)], by=_KEY)
    table = _every_month(outcome, production_plan, wanted)
    table = table.merge(outcome, on=_KEY, how="left")
    for plan, names in (
        (plans_in_force(production_plan, months=wanted), _PLANNED),
        (first_plans(production_plan, months=wanted), _FIRST),
    ):
        names_in_plan = dict(zip(("operations", "hours"), names.values(), strict=True))
        columns = [*_KEY, "operations", "hours"]
        table = table.merge(plan[columns].rename(columns=names_in_plan), on=_KEY, how="left")
    starts = pd.to_datetime(table["month"] + "-01")
    begun = starts < pd.Timestamp(as_of)
    over = starts + pd.offsets.MonthBegin(1) <= pd.Timestamp(as_of)
    numbers = [*_PLANNED, *_PLANNED.values(), *_FIRST.values()]
    table[numbers] = table[numbers].astype("float64")
    for name in _PLANNED:
        table[name] = table[name].fillna(0.0).where(begun)
    table["ongoing"] = begun & ~over
    to_date = _to_date(table, numbers)
    table = table.assign(**{f"{name}_to_date": to_date[name] for name in numbers})
    for after in ("", "_to_date"):
        for name, planned in _PLANNED.items():
            ratio = share(table[f"{name}{after}"], table[f"{planned}{after}"])
            table[f"share_{planned.removeprefix('planned_')}{after}"] = ratio.where(over)
    shares = ["share_operations", "share_hours"]
    order = [f"{name}{after}" for after in ("", "_to_date") for name in (*numbers, *shares)]
    return table[[*_KEY, "ongoing", *order]]


def rolling_year_by(
    operations: pd.DataFrame, *, by: Sequence[str], months: Sequence[str], first_day: date
) -> pd.DataFrame:
    """Operations and their hours of the twelve months that end with each month.

    Args:
        operations: Operations with surgery_start_at and surgery_end_at.
        by: Columns of the frame that make the groups.
        months: The last months of the years asked for.
        first_day: The first day that the data covers.

    Returns:
        [*by, month, operations, operation_hours]: every group at every month whose twelve
        months all lie after `first_day`, sorted by group and month.

    Glossary: rolling_year
    """
    keys = list(dict.fromkeys(by))
    monthly = operations_by(
        with_period(operations, "surgery_start_at", PeriodKind.MONTH), by=[*keys, "month"]
    )
    monthly = monthly[monthly["month"].notna()]
    # Each month is a part of the twelve rolling years that end with it or within eleven months.
    reached = _number(monthly["month"]).repeat(12) + np.tile(np.arange(12), len(monthly))
    parts = monthly.loc[monthly.index.repeat(12), [*keys, "operations", "operation_hours"]]
    parts = parts.assign(_month=reached).reset_index(drop=True)
    # A month that the data began within is not whole.
    earliest = _number(pd.Series([f"{first_day:%Y-%m}"]))[0] + 11 + (first_day.day > 1)
    asked = np.unique(_number(pd.Series(sorted(months), dtype="str")))
    asked = asked[asked >= earliest]
    sums = {name: parts[name] for name in ("operations", "operation_hours")}
    rolled = add_up(parts, [*keys, "_month"], sums=sums)
    groups = monthly[keys].drop_duplicates() if keys else pd.DataFrame(index=monthly.index[:1])
    every = groups.merge(pd.DataFrame({"_month": asked}), how="cross")
    answer = every.merge(rolled, on=[*keys, "_month"], how="left")
    answer["operations"] = answer["operations"].fillna(0).astype("int64")
    answer["operation_hours"] = answer["operation_hours"].astype("float64").fillna(0.0)
    answer["month"] = _label(answer["_month"].to_numpy(dtype=np.int64))
    ordered = answer.sort_values([*keys, "_month"], kind="stable", ignore_index=True)
    return ordered[[*keys, "month", "operations", "operation_hours"]]


def month_ids(first: date, end: date) -> list[str]:
    """The ids of the months that touch the days from `first` to the day before `end`."""
    months = []
    period = period_at(PeriodKind.MONTH, first)
    while period.start < end:
        months.append(period.id)
        period = period.next()
    return months


def _newest(plans: pd.DataFrame, *, sort: bool = True) -> pd.DataFrame:
    """The last version of each section and month, by date or in the order given."""
    ordered = plans[PLAN_COLUMNS]
    if sort:
        ordered = ordered.sort_values("version", kind="stable")
    newest: pd.DataFrame = ordered.drop_duplicates(_KEY, keep="last")
    return newest.sort_values(_KEY, ignore_index=True)


def _every_month(
    outcome: pd.DataFrame, production_plan: pd.DataFrame, months: Sequence[str]
) -> pd.DataFrame:
    """Every section that is planned or operated in the months, at every one of them."""
    planned = production_plan.loc[production_plan["month"].isin(list(months)), SECTION]
    some = [part for part in (outcome[SECTION], planned) if len(part)] or [outcome[SECTION]]
    sections = pd.concat(some).drop_duplicates().sort_values(SECTION, ignore_index=True)
    return sections.merge(pd.DataFrame({"month": pd.Series(months, dtype="str")}), how="cross")


def _to_date(table: pd.DataFrame, numbers: Sequence[str]) -> pd.DataFrame:
    """Numbers added up over the months of each year; the table is sorted by month.

    What a plan leaves out adds nothing; a month without an outcome yet has no sum either.
    """
    keyed = table.assign(_year=table["month"].str.slice(0, 4))
    years = group(keyed, [*SECTION, "_year"])
    sums: pd.DataFrame = years[list(numbers)].cumsum()
    plans = [name for name in numbers if name not in _PLANNED]
    filled = group(keyed.assign(**{n: sums[n] for n in plans}), [*SECTION, "_year"])[plans].ffill()
    return sums.assign(**{name: filled[name] for name in plans})


def _number(months: pd.Series[str]) -> Integers:
    """Months counted from year 0, so that they can be added to."""
    year = months.str.slice(0, 4).astype("int64")
    months_in_year = months.str.slice(5, 7).astype("int64")
    return (year * 12 + months_in_year - 1).to_numpy().astype(np.int64)


def _label(numbers: Integers) -> pd.Series[str]:
    distinct: Integers = np.unique(numbers)
    codes = np.searchsorted(distinct, numbers).astype(np.int64)
    names = [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in distinct]
    return pd.Series(pd.array(names, dtype="str").take(codes))
