"""The patients that the equity report is about, and what its units are called."""

from collections.abc import Callable
from datetime import date

import pandas as pd

from lpe_reports.disclosure.groups import Group
from lpe_reports.display.about import OPERATED, time_of
from lpe_reports.display.page import Page
from lpe_reports.measures.waiting import operation_wait_days

ALL_UNITS = "Hela länet"
_COLUMNS = [
    "operating_unit", "decided_at", "surgery_start_at", "asa", "planned", "sex", "age",
]  # fmt: skip


def operations_of(page: Page, start: date, end: date) -> pd.DataFrame:
    """Elective operations of the page's procedure whose wait is known, from start to before end."""
    from lpe_reports.warehouse.snapshots import Prefix

    codes = Prefix(*page.params.procedures.prefixes(page.unit))
    where = {"procedure_code": codes, "urgency": "elective"}
    rows = page.read("operations", start=start, end=end, where=where, columns=_COLUMNS)
    return rows[operation_wait_days(rows) >= 0]


def patients_of(page: Page, *, of_before: bool = False) -> Group:
    """Those whom `operations_of` gives for the page's period, or for the one a year earlier."""
    period = page.period.same_last_year() if of_before else page.period
    end = min(days_of(page, of_before)[1], page.until)
    return Group.of(OPERATED, procedure=page.unit, time=time_of(period, end))


def days_of(page: Page, of_before: bool) -> tuple[date, date]:
    """First day and day after the last of the page's period, or of the one a year earlier.

    A period that is not over is compared with as many days of the one before.
    """
    if not of_before:
        return page.period.start, page.period.end
    before = page.period.same_last_year()
    passed = page.until - page.period.start
    return before.start, min(before.start + passed, before.end) if page.ongoing else before.end


def unit_name(page: Page, unit: str) -> str:
    return page.params.units.get(unit).name


def unit_short(page: Page, unit: str) -> str:
    return page.params.units.get(unit).short


def order_of_units(page: Page) -> Callable[[str], int]:
    return page.params.units.place_of
