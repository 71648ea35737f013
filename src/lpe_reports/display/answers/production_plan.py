"""Answers of the plan report: what a verksamhetsområde planned, what it did, what is to come."""

from collections.abc import Sequence

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.answer import answer
from lpe_reports.display.answers import production_plan_frames as frames
from lpe_reports.display.answers.production_plan_words import (
    before_label,
    forecast_note,
    rolling_before_label,
    rolling_label,
    selection,
    summary,
    to_date_label,
)
from lpe_reports.display.page import Page

__all__ = [
    "before_label", "by_month", "forecast_note", "month", "rolling", "rolling_before_label",
    "rolling_label", "selection", "summary", "to_date", "to_date_label", "whole_year",
]  # fmt: skip

_SECTION = Column("section", "Sektion")
_TABLE = "production_plan"


@answer
def month(page: Page) -> Protected:
    """Plan and outcome of each section in the page's month, with a row for all.

    Returns:
        [section, operations, planned_operations, share_operations, operation_hours,
        planned_hours, share_hours]; without shares where the month is under way.
    """
    rows = frames.with_total(page, frames.at_month(page, page.period))
    return page.protect(rows, table=_TABLE, columns=_columns(shares=not page.ongoing))


@answer
def to_date(page: Page, *, of_before: bool = False) -> Protected:
    """The same from January to the last month that is over; no rows where none of the year is.

    Args:
        page: The page.
        of_before: For the same months of the year before instead.
    """
    last = frames.last_whole_month(page)
    rows = frames.at_month(page, last.same_last_year() if of_before else last, to_date=True)
    if last.start.year != page.period.start.year:
        rows = rows.iloc[:0]
    return page.protect(frames.with_total(page, rows), table=_TABLE, columns=_columns(shares=True))


@answer
def whole_year(page: Page, *, counted: str = "operations") -> Protected:
    """Each section's outcome so far, the forecast of the year and its plans, with a row for all.

    Args:
        page: The page.
        counted: "operations" or "hours".

    Returns:
        [section, outcome, rest, year, low, high, plan, first]; once the year is over [section,
        outcome, plan, first].
    """
    rows = frames.whole_year(page, counted)
    rows = frames.with_total(page, rows, unbroken=["rest", "year", "low", "high"])
    ahead = [
        Column("rest", "Prognos för resten", "number", decimals=0),
        Column("year", "Prognos för hela året", "number", decimals=0),
        Column("low", "Lägst", "number", decimals=0),
        Column("high", "Högst", "number", decimals=0),
    ]
    columns = [
        _SECTION,
        Column("outcome", "Utfall hittills" if frames.rest_of_year(page) else "Utfall", "number",
               decimals=0),
        *(ahead if frames.rest_of_year(page) else []),
        Column("plan", "Plan för hela året", "number", decimals=0),
        Column("first", "Årets första plan", "number", decimals=0),
    ]  # fmt: skip
    return page.protect(rows, table=_TABLE, columns=columns)


@answer
def by_month(page: Page, *, counted: str = "operations") -> Protected:
    """The year month by month, for the chart: [month, outcome, plan, first, forecast, low, high].

    Args:
        page: The page.
        counted: "operations" or "hours".
    """
    labels = {
        "outcome": "Utfall", "plan": "Plan", "first": "Årets första plan",
        "forecast": "Prognos", "low": "Prognos från", "high": "Prognos till",
    }  # fmt: skip
    columns = [
        Column("month", "Månad", "month"),
        *(Column(name, label, "number", decimals=0) for name, label in labels.items()),
    ]
    return page.protect(frames.by_month(page, counted), table=_TABLE, columns=columns)


@answer
def rolling(page: Page, *, of_before: bool = False) -> Protected:
    """Operations of the twelve months that end with the last whole one: one row.

    Args:
        page: The page.
        of_before: Of the twelve months before those.

    Returns:
        [period, value]; no rows where the data does not reach so far back.
    """
    last = frames.last_whole_month(page)
    wanted = last.same_last_year() if of_before else last
    table = page.series("rolling_operations", last=frames.history_months(page)).table
    return table.where(table.frame["period"] == wanted.id)


def _columns(*, shares: bool) -> Sequence[Column]:
    fulfilled = "Uppfyllelse"
    columns = [
        _SECTION,
        Column("operations", "Operationer", "number", decimals=0),
        Column("planned_operations", "Plan", "number", decimals=0),
        Column("share_operations", fulfilled, "share"),
        Column("operation_hours", "Timmar", "hours", decimals=0),
        Column("planned_hours", "Plan, tim", "hours", decimals=0),
        Column("share_hours", "Uppfyllelse, tim", "share"),
    ]
    return [column for column in columns if shares or column.type != "share"]
