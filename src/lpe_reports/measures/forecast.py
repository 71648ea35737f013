"""Forecast: the plan of coming months, adjusted by how the plan was fulfilled of late.

A forecast is shown as one and never as an outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from lpe_reports.measures.grouping import add_up, share
from lpe_reports.measures.intervals import LEVEL, normal_quantile
from lpe_reports.measures.plan import SECTION, month_ids, plan_and_outcome, plans_in_force
from lpe_reports.periods import PeriodKind, period_at

RECENT_MONTHS = 3
SPREAD_MONTHS = 24
# A spread of fewer months is no spread, and gives no interval.
FEWEST_MONTHS = 12
_COUNTED = {"operations": "operations", "hours": "operation_hours"}


def forecast(
    operations: pd.DataFrame,
    production_plan: pd.DataFrame,
    *,
    months: Sequence[str],
    as_of: date,
    first_day: date,
    level: float = LEVEL,
) -> pd.DataFrame:
    """What is to be expected of each section in coming months.

    The plan in force, times the fulfilment of the last three months that are over: what was
    done in them over what was planned for them together. Interval: the plan times fulfilment
    plus and minus the standard deviation of single months' fulfilment over the last 24 months
    times the normal quantile; not below 0. Sums over months of low and of high are bounds of
    the sum that hold even where all months deviate the same way.

    Args:
        operations: Operations of the last 24 months with vo, section, surgery_start_at and
            surgery_end_at.
        production_plan: vo, section, month, version, operations, hours.
        months: The months to forecast, those under way and coming.
        as_of: The night; months that are over by then are what is learnt from.
        first_day: The first day that `operations` covers; earlier months teach nothing.
        level: The interval's coverage.

    Returns:
        One row per vo, section and month that is planned, sorted: [vo, section, month] and for
        operations and for hours planned_, forecast_, low_, high_ and fulfilment_months_ before
        the name. A forecast is NaN where nothing was planned in the last three months; low and
        high are NaN too where fewer than 12 months have a fulfilment, which are counted in
        `fulfilment_months_`.

    Glossary: plan_forecast
    """
    coming = plans_in_force(production_plan, months=months)
    past = _past_months(as_of, first_day)
    table = plan_and_outcome(operations, production_plan, months=past, as_of=as_of)
    z = normal_quantile(level)
    answer = coming[[*SECTION, "month"]]
    for name, outcome in _COUNTED.items():
        learnt = _fulfilment(table, past[-RECENT_MONTHS:], f"planned_{name}", outcome)
        rows = answer[SECTION].merge(learnt, on=SECTION, how="left")
        plan = coming[name].astype("float64").to_numpy()
        half = z * rows["spread"].where(rows["months"] >= FEWEST_MONTHS)
        answer = answer.assign(
            **{
                f"planned_{name}": plan,
                f"forecast_{name}": plan * rows["recent"].to_numpy(),
                f"low_{name}": plan * (rows["recent"] - half).clip(lower=0).to_numpy(),
                f"high_{name}": plan * (rows["recent"] + half).to_numpy(),
                f"fulfilment_months_{name}": rows["months"].fillna(0).astype("int64").to_numpy(),
            }
        )
    return answer


def _past_months(as_of: date, first_day: date) -> list[str]:
    """The months that are over and wholly within the data, at most 24, the last of them last."""
    this = period_at(PeriodKind.MONTH, as_of)
    first = this
    for _ in range(SPREAD_MONTHS):
        first = first.previous()
    whole = period_at(PeriodKind.MONTH, first_day)
    if whole.start < first_day:
        whole = whole.next()
    return month_ids(max(first.start, whole.start), this.start)


def _fulfilment(
    table: pd.DataFrame, recent_months: Sequence[str], planned: str, outcome: str
) -> pd.DataFrame:
    """Per section: fulfilment of the recent months together, spread and number of all months."""
    recent = table["month"].isin(list(recent_months)) & (table[planned] > 0)
    single = share(table[outcome], table[planned])
    learnt = add_up(
        table,
        SECTION,
        sums={
            "months": single.notna(),
            "done": table[outcome].where(recent, 0.0),
            "planned": table[planned].where(recent, 0.0),
        },
        values=single,
        statistics={"spread": "std"},
    )
    return learnt.assign(recent=share(learnt["done"], learnt["planned"]))
