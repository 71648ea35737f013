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

_SEXES = {"F": "Kvinnor", "M": "Män"}


@dataclass(frozen=True)
class Filter:
    """One way of looking at a part of the patients; null is a value of its own."""

    label: str
    value_of: Callable[[pd.DataFrame], pd.Series]


FILTERS = {
    "asa": Filter("ASA", lambda f: with_asa_group(f)["asa_group"]),
    "planned": Filter(
        "Planerad", lambda f: f["planned"].map({True: "Ja", False: "Nej"}).fillna("(Tom)")
    ),
    "sex": Filter("Kön", lambda f: f["sex"].map(_SEXES).fillna("(Tom)")),
    "age": Filter("Ålder", lambda f: with_age_band(f)["age_band"]),
}


@answer
def by_year(page: Page, *, years: int = 3) -> Protected:
    """Number and mean days per calendar year and unit: a row per year, two columns per unit."""
    last = page.period.last_day.year
    rows = operations_of(page, date(last - years + 1, 1, 1), date(last + 1, 1, 1))
    return _per_unit_columns(page, with_period(rows, "surgery_start_at", PeriodKind.YEAR), "year",
                             Column("year", "År"), descending=True)  # fmt: skip


@answer
def by_month(page: Page) -> Protected:
    """Number and mean days per month of the period and unit."""
    rows = operations_of(page, page.period.start, page.period.end)
    rows = with_period(rows, "surgery_start_at", PeriodKind.MONTH)
    return _per_unit_columns(page, rows, "month", Column("month", "Månad", "month"))


@answer
def filtered(page: Page, *, by: str) -> Protected:
    """Number and mean days per value of one property and unit: `by` is asa, planned, sex or age."""
    chosen = FILTERS[by]
    rows = operations_of(page, page.period.start, page.period.end)
    rows = rows.assign(value=chosen.value_of(rows).astype("str"))
    return _per_unit_columns(page, rows, "value", Column("value", chosen.label))


def _per_unit_columns(
    page: Page, rows: pd.DataFrame, key: str, heading: Column, *, descending: bool = False
) -> Protected:
    """A row per value of `key`; for each unit, and for all, the number and the mean days."""
    units = sorted(rows["operating_unit"].unique(), key=order_of_units(page))
    every = days_by_unit(rows, by=[key])[[key, "operations", "mean_days"]]
    long = days_by_unit(rows, by=[key, "operating_unit"])
    columns, wide = [heading], every[[key]]
    for unit in units:
        own = long[long["operating_unit"] == unit][[key, "operations", "mean_days"]]
        names = {"operations": f"operations_{unit}", "mean_days": f"mean_days_{unit}"}
        wide = wide.merge(own.rename(columns=names), on=key, how="left")
        wide[names["operations"]] = wide[names["operations"]].fillna(0)
        columns += _number_and_mean(names["operations"], names["mean_days"], unit_short(page, unit))
    wide = wide.merge(every, on=key)
    wide = wide.sort_values(key, ascending=not descending)
    columns += _number_and_mean("operations", "mean_days", ALL_UNITS, whole=True)
    return page.protect(wide, table="equity", columns=columns)


def _number_and_mean(count: str, mean: str, name: str, *, whole: bool = False) -> Sequence[Column]:
    return (
        Column(count, f"{name}, antal", "count", part_of=None if whole else "operations"),
        Column(mean, f"{name}, medel", "days", based_on=count),
    )
