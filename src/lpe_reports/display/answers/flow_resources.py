"""Answers on what the flow takes: staff and money of the units where a VO operates."""

from datetime import date

import pandas as pd

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.answer import answer, sentence
from lpe_reports.display.answers.flow_steps import days_of
from lpe_reports.display.page import Page
from lpe_reports.measures.grouping import share
from lpe_reports.periods import MONTHS, PeriodKind, parse_period, period_at

_HOURS = ["scheduled_hours", "worked_hours", "vacant_hours"]
_KRONOR_PER_SHOWN = 1000


@answer
def staffing(page: Page) -> Protected:
    """Hours of staff at the units where the VO operates, with the period before.

    Returns:
        [unit, own_share, scheduled_hours, worked_hours, vacant_hours, vacant_share, before]: a
        row per unit, all its staff and all VO; `own_share` is the VO's part of its operations.

    Glossary: staffing
    """
    units = _own_share(page)
    now, before = (_hours(page, list(units.index), of_before=given) for given in (False, True))
    rows = units.to_frame().join(now, how="inner")
    rows["before"] = share(before["vacant_hours"], before["scheduled_hours"]).reindex(rows.index)
    rows["vacant_share"] = share(rows["vacant_hours"], rows["scheduled_hours"])
    rows["unit"] = [page.params.units.get(unit).name for unit in rows.index]
    label = wording.upper_first(wording.PERIOD_WORDS[page.period.kind].before)
    columns = [
        Column("unit", "Enhet"),
        Column("own_share", "VO:ts andel av operationerna", "share", decimals=0),
        Column("scheduled_hours", "Schemalagd tid", "hours", unit="tim", decimals=0),
        Column("worked_hours", "Arbetad tid", "hours", unit="tim", decimals=0),
        Column("vacant_hours", "Vakant tid", "hours", unit="tim", decimals=0),
        Column("vacant_share", "Andel vakant", "share"),
        Column("before", f"Andel vakant, {wording.lower_first(label)}", "share"),
    ]
    return page.protect(rows.reset_index(drop=True), table="staffing", columns=columns)


@answer
def costs(page: Page) -> Protected:
    """Budget and outcome of the same units, of those months of the period that are booked.

    Returns:
        [unit, budget, actual, difference]: thousands of kronor, the units' sum last.

    Glossary: unit_costs
    """
    units = _own_share(page)
    rows = page.read(
        "costs",
        units=list(units.index),
        where={"month": _months(page)},
        columns=["unit", "budget", "actual"],
    )
    sums = rows.groupby("unit")[["budget", "actual"]].sum() / _KRONOR_PER_SHOWN
    sums = sums.reindex([unit for unit in units.index if unit in sums.index])
    table = sums.assign(unit=[page.params.units.get(unit).name for unit in sums.index])
    if len(table):
        total = {"unit": "Alla", **sums.sum().to_dict()}
        table = pd.concat([table, pd.DataFrame([total])], ignore_index=True)
    table["difference"] = table["actual"] - table["budget"]
    columns = [
        Column("unit", "Enhet"),
        Column("budget", "Budget", "number", unit="tkr", decimals=0),
        Column("actual", "Utfall", "number", unit="tkr", decimals=0),
        Column("difference", "Över eller under budget", "number", unit="tkr", decimals=0),
    ]
    return page.protect(table.reset_index(drop=True), table="costs", columns=columns)


@sentence
def booked(page: Page) -> str:
    """Which months of the period are in the books: "Bokförda månader: januari och februari."."""
    rows = page.read(
        "costs",
        units=list(_own_share(page).index),
        where={"month": _months(page)},
        columns=["month"],
    )
    found = [MONTHS[parse_period(month).start.month - 1] for month in sorted(set(rows["month"]))]
    return f"Bokförda månader: {wording.listing(found)}." if found else ""


def _own_share(page: Page) -> "pd.Series[float]":
    """The operating units where the VO operated in the period, each with the VO's part of it."""
    start, end = page.period.start, page.until
    rows = page.read("operations", start=start, end=end, columns=["operating_unit", "vo"])
    own = rows[rows["vo"] == page.unit].groupby("operating_unit").size()
    every = rows.groupby("operating_unit").size()
    parts = share(own, every.reindex(own.index)).rename("own_share")
    return parts.sort_index(key=lambda ids: ids.map(page.params.units.place_of))


def _hours(page: Page, units: list[str], *, of_before: bool) -> pd.DataFrame:
    """Hours per unit in the page's period, or in the one before: as many days, where it goes on."""
    _, start, end = days_of(page, of_before)
    rows = page.read("staffing", units=units, start=start, end=end, columns=["unit", *_HOURS])
    return rows.groupby("unit")[_HOURS].sum(min_count=1)


def _months(page: Page) -> list[str]:
    """The ids of the months that have begun in the page's period."""
    found, day = [], page.period.start
    while day < page.until:
        month = period_at(PeriodKind.MONTH, day)
        found.append(month.id)
        day = date(month.end.year, month.end.month, 1)
    return found
