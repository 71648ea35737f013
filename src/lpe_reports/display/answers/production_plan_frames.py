"""Rows of the plan report: a verksamhetsområde's plan and outcome as known at the period's end.

A page about a month that is over tells what was known when it ended, so that a plan or an
operation of later days leaves it as it was.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lpe_reports.display.page import Page
from lpe_reports.measures.forecast import SPREAD_MONTHS, forecast
from lpe_reports.measures.grouping import share
from lpe_reports.measures.plan import PLAN_COLUMNS, plan_and_outcome
from lpe_reports.measures.times import local_days
from lpe_reports.periods import Period, PeriodKind, period_at

_OPERATIONS = ["vo", "section", "surgery_start_at", "surgery_end_at"]
# What is planned and done of each, as `plan_and_outcome` names it: outcome, plan, first plan.
NAMES = {
    "operations": ("operations", "planned_operations", "first_operations"),
    "hours": ("operation_hours", "planned_hours", "first_hours"),
}
TOTAL = "Alla sektioner"
# The page's month, perhaps under way, the one before it, and the same a year before that.
_FEWEST_MONTHS = 14


def months_of(page: Page) -> list[Period]:
    """The twelve months of the page's year."""
    year = period_at(PeriodKind.YEAR, page.period.start)
    months = [period_at(PeriodKind.MONTH, year.start)]
    while len(months) < 12:
        months.append(months[-1].next())
    return months


def whole_months(page: Page) -> list[Period]:
    """Those months of the year that are over, up to the page's."""
    return [month for month in months_of(page) if month.is_over(page.until)]


def rest_of_year(page: Page) -> list[Period]:
    """The month under way and those to come."""
    return [month for month in months_of(page) if not month.is_over(page.until)]


def known_operations(page: Page) -> pd.DataFrame:
    """The operations that the year, the year before and the forecast are about."""
    first = page.period
    for _ in range(SPREAD_MONTHS):
        first = first.previous()
    year_before = months_of(page)[0].same_last_year()
    return page.read(
        "operations",
        start=min(first.start, year_before.start),
        end=page.until,
        where={"vo": page.unit},
        columns=_OPERATIONS,
    )


def known_plan(page: Page) -> pd.DataFrame:
    """The versions of the plan that were there; none where the office delivered no plan."""
    if not page.has("production_plan"):
        return no_plan()
    plan = page.read("production_plan", where={"vo": page.unit}, columns=PLAN_COLUMNS)
    return plan[local_days(plan["version"]) < pd.Timestamp(page.until)]


def no_plan() -> pd.DataFrame:
    """A plan without a row, of the types that one with rows has."""
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in PLAN_COLUMNS})
    numbers = {"operations": "int64", "hours": "float64"}
    return empty.astype({"version": "datetime64[us]", **numbers})


def by_section_and_month(page: Page) -> pd.DataFrame:
    """Plan and outcome of each section in the months of the year and of the year before."""

    def make() -> pd.DataFrame:
        months = [m.id for month in months_of(page) for m in (month, month.same_last_year())]
        plan, done = known_plan(page), known_operations(page)
        return plan_and_outcome(done, plan, months=months, as_of=page.until)

    return page.once("plan and outcome", make)


def at_month(page: Page, month: Period, *, to_date: bool = False) -> pd.DataFrame:
    """Each section's plan and outcome in one month, or from the year's first month to it.

    Returns:
        [section, operations, planned_operations, first_operations, share_operations,
        operation_hours, planned_hours, first_hours, share_hours].
    """
    rows = by_section_and_month(page)
    rows = rows[rows["month"] == month.id]
    after = "_to_date" if to_date else ""
    names = [*(name for names in NAMES.values() for name in names), "share_operations"]
    found = rows[["section"]].assign(
        **{name: rows[f"{name}{after}"] for name in (*names, "share_hours")}
    )
    # A section of which nothing was planned or done in this time is none of its rows.
    some = found[[name for names in NAMES.values() for name in names]].fillna(0.0).any(axis=1)
    return found[some].reset_index(drop=True)


def coming(page: Page) -> pd.DataFrame:
    """The forecast of each section and month that is left of the year, see `forecast`."""

    def make() -> pd.DataFrame:
        done = known_operations(page)
        days = local_days(done["surgery_start_at"])
        return forecast(
            done,
            known_plan(page),
            months=[month.id for month in rest_of_year(page)],
            as_of=page.until,
            first_day=page.until if days.empty else days.min().date().replace(day=1),
        )

    return page.once("plan forecast", make)


def whole_year(page: Page, counted: str) -> pd.DataFrame:
    """What each section did in the months that are over, with forecast and plan of the year.

    Args:
        page: The page.
        counted: "operations" or "hours".

    Returns:
        [section, outcome, rest, year, low, high, plan, first]; `rest` is the forecast of the
        months that are left, `year` both together with the bounds `low` and `high`.
    """
    outcome, plan, first = NAMES[counted]
    rows = by_section_and_month(page)
    rows = rows[rows["month"].isin([month.id for month in months_of(page)])]
    over = rows["month"].isin([month.id for month in whole_months(page)])
    rows = rows.assign(outcome=rows[outcome].where(over, 0.0), plan=rows[plan], first=rows[first])
    sums = rows.groupby("section", dropna=False)[["outcome", "plan", "first"]]
    found = sums.sum(min_count=1).reset_index()
    ahead = coming(page).rename(columns={f"forecast_{counted}": "rest"})
    ahead = ahead.rename(columns={f"{end}_{counted}": end for end in ("low", "high")})
    left = _unbroken(ahead, ["section"], ["rest", "low", "high"])
    found = found.merge(left, on="section", how="left")
    if not rest_of_year(page):
        found[["rest", "low", "high"]] = 0.0
    for name in ("low", "high"):
        found[name] = found["outcome"] + found[name]
    found["year"] = found["outcome"] + found["rest"]
    return found[["section", "outcome", "rest", "year", "low", "high", "plan", "first"]]


def by_month(page: Page, counted: str) -> pd.DataFrame:
    """The VO's year month by month: [month, outcome, plan, first, forecast, low, high]."""
    outcome, plan, first = NAMES[counted]
    rows = by_section_and_month(page)
    rows = rows.rename(columns={outcome: "outcome", plan: "plan", first: "first"})
    found = rows.groupby("month")[["outcome", "plan", "first"]].sum(min_count=1)
    found = found.reindex([month.id for month in months_of(page)])
    ahead = coming(page).rename(columns={f"forecast_{counted}": "forecast"})
    ahead = ahead.rename(columns={f"{end}_{counted}": end for end in ("low", "high")})
    left = _unbroken(ahead, ["month"], ["forecast", "low", "high"]).set_index("month")
    return found.join(left).rename_axis("month").reset_index().astype({"month": "str"})


def with_total(page: Page, rows: pd.DataFrame, *, unbroken: Sequence[str] = ()) -> pd.DataFrame:
    """The rows with their sections' names and, where there are several, one that sums them.

    Args:
        page: The page.
        rows: `section` and numbers; shares are of the sum over sections that have a plan.
        unbroken: Columns of which a sum is unknown where one of its parts is.
    """
    named = rows.assign(section=rows["section"].map(lambda name: _section_name(page, name)))
    if len(named) < 2:
        return named
    numbers = [name for name in rows if name != "section"]
    total = {name: rows[name].sum(min_count=1, skipna=name not in unbroken) for name in numbers}
    for counted, (outcome, plan, _) in NAMES.items():
        if f"share_{counted}" in rows:
            judged = rows[rows[f"share_{counted}"].notna()]
            sums = judged[[outcome, plan]].sum().to_frame().T
            total[f"share_{counted}"] = share(sums[outcome], sums[plan]).iloc[0]
    return pd.concat([named, pd.DataFrame([{"section": TOTAL, **total}])], ignore_index=True)


def history_months(page: Page) -> int:
    """How many months series have here: the notebook's own, so that each is reckoned once."""
    return max(int(page.parameters.get("history_months", 0)), _FEWEST_MONTHS)


def last_whole_month(page: Page) -> Period:
    """The page's month, or the one before it where it is not over."""
    return page.period.previous() if page.ongoing else page.period


def _unbroken(rows: pd.DataFrame, by: list[str], columns: list[str]) -> pd.DataFrame:
    """Sums per group, unknown where a part is: a forecast without one of them is too low."""
    groups = rows.groupby(by, dropna=False)[columns]
    known: pd.DataFrame = groups.sum(min_count=1).where(
        rows[columns].notna().groupby([rows[name] for name in by], dropna=False).all(), np.nan
    )
    return known.reset_index()


def _section_name(page: Page, section: object) -> str:
    return page.params.units.get(section).name if isinstance(section, str) else "Utan sektion"
