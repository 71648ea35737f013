"""Answers of the equity report, divided: by year, by month, by what patients are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.answer import answer
from lpe_reports.display.answers.equity_patients import (
    ALL_UNITS,
    operations_of,
    order_of_units,
    unit_short,
)
from lpe_reports.display.page import Page
from lpe_reports.measures.equity import days_by_unit
from lpe_reports.measures.grouping import with_age_band, with_asa_group, with_period
from lpe_reports.periods import PeriodKind

ALL_VALUES = "Alla"
_SEXES = {"F": "Kvinnor", "M": "Män"}


@dataclass(frozen=True)
class Filter:
    """One way of looking at a part of the patients; null is a value of its own."""

    label: str
    value_of: Callable[[pd.DataFrame], pd.Series]


FILTERS = {
    "asa": Filter("ASA", lambda f: with_asa_group(f)["asa_group"]),
    "planned": Filter(
        "Planerad", lambda f: f["planned"].map({True: "Ja", False: "Nej"}).fillna("uppgift saknas")
    ),
    "sex": Filter("Kön", lambda f: f["sex"].map(_SEXES).fillna("uppgift saknas")),
    "age": Filter("Ålder", lambda f: with_age_band(f)["age_band"]),
}


@answer
def by_year(page: Page, *, years: int = 3) -> Protected:
    """Number and mean days per calendar year and unit: a row per year, two columns per unit.

    The last year goes as far as the page's period does, and says so where that is not to its end.
    """
    last = page.period.last_day
    rows = operations_of(page, date(last.year - years + 1, 1, 1), page.period.end)
    rows = with_period(rows, "surgery_start_at", PeriodKind.YEAR)
    if page.ongoing or page.period.end < date(last.year + 1, 1, 1):
        current = rows["year"] == str(last.year)
        rows["year"] = rows["year"].mask(current, f"{last.year} hittills")
    return _per_unit_columns(page, rows, "year", Column("year", "År"), descending=True)


@answer
def by_month(page: Page) -> Protected:
    """Number and mean days per month of the period and unit."""
    rows = operations_of(page, page.period.start, page.period.end)
    rows = with_period(rows, "surgery_start_at", PeriodKind.MONTH)
    return _per_unit_columns(page, rows, "month", Column("month", "Månad"), total=True)


@answer
def filtered(page: Page, *, by: str) -> Protected:
    """Number and mean days per value of one property and unit: `by` is asa, planned, sex or age."""
    chosen = FILTERS[by]
    rows = operations_of(page, page.period.start, page.period.end)
    rows = rows.assign(value=chosen.value_of(rows).astype("str"))
    return _per_unit_columns(page, rows, "value", Column("value", chosen.label), total=True)


def _per_unit_columns(
    page: Page,
    rows: pd.DataFrame,
    key: str,
    heading: Column,
    *,
    descending: bool = False,
    total: bool = False,
) -> Protected:
    """A row per value of `key`; for each unit, and for all, the number and the mean days.

    With `total` a last row has all of the period, which the page shows elsewhere too: only
    with it can the protection see what the others would tell of a hidden one.
    """
    units = sorted(rows["operating_unit"].unique(), key=order_of_units(page))
    every = days_by_unit(rows, by=[key]).sort_values(key, ascending=not descending)
    long = days_by_unit(rows, by=[key, "operating_unit"])
    if total and len(rows):
        every = pd.concat([every, days_by_unit(rows, by=[]).assign(**{key: ALL_VALUES})])
        whole = days_by_unit(rows).assign(**{key: ALL_VALUES})
        long = pd.concat([long, whole], ignore_index=True)
    every = every[[key, "operations", "mean_days"]]
    columns, wide = [heading], every[[key]]
    for unit in units:
        own = long[long["operating_unit"] == unit][[key, "operations", "mean_days"]]
        names = {"operations": f"operations_{unit}", "mean_days": f"mean_days_{unit}"}
        wide = wide.merge(own.rename(columns=names), on=key, how="left")
        wide[names["operations"]] = wide[names["operations"]].fillna(0)
        columns += _number_and_mean(names["operations"], names["mean_days"], unit_short(page, unit))
    wide = wide.merge(every, on=key)
    columns += _number_and_mean("operations", "mean_days", ALL_UNITS, whole=True)
    last = len(wide) - 1 if total and len(wide) else None
    return page.protect(wide, table="equity", columns=columns, total_row=last)


def _number_and_mean(count: str, mean: str, name: str, *, whole: bool = False) -> Sequence[Column]:
    return (
        Column(count, f"{name}, antal", "count", part_of=None if whole else "operations"),
        Column(mean, f"{name}, medel", "days", based_on=count),
    )
