"""The patients that the equity report is about, and what its units are called."""

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd

from lpe_reports.disclosure.groups import Group
from lpe_reports.display.about import OPERATED, time_of
from lpe_reports.display.opening import whole_months_until
from lpe_reports.display.page import Page
from lpe_reports.measures.waiting import operation_wait_days
from lpe_reports.periods import MONTHS, PeriodKind

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
    time = time_of(period, days_of(page, of_before)[1])
    return Group.of(OPERATED, procedure=page.unit, time=time)


def counted_until(page: Page) -> date:
    """The day after the last that the page counts: of a period under way its whole months.

    The days of a month that has just begun hold few patients. They are what is left of the year
    beside its months on other pages, so with them nearly every number of the year would have to
    be hidden. In a period's first month there is nothing else, and no other page ends there.
    """
    return whole_months_until(page.period, page.until)


def counted_words(page: Page) -> str:
    """Those days inside a sentence: "under 2025", "till och med april 2026"."""
    if not page.ongoing:
        return f"under {page.period.long}"
    end = counted_until(page)
    last = end - timedelta(days=1)
    if end.day > 1:
        return f"hittills under {page.period.long}"
    return f"till och med {MONTHS[last.month - 1]} {last.year}"


def days_of(page: Page, of_before: bool) -> tuple[date, date]:
    """First day and day after the last of the page's period, or of the one a year earlier.

    A period that is not over is compared with as much of the one before.
    """
    end = counted_until(page)
    if not of_before:
        return page.period.start, end
    before = page.period.same_last_year()
    if not page.ongoing:
        return before.start, before.end
    return before.start, end.replace(year=end.year - 1, day=min(end.day, 28))


def instead_of(page: Page) -> str:
    """Where to look instead: a longer time of the same, or the group that it belongs to."""
    places = []
    if page.ongoing and page.period.kind is PeriodKind.YEAR:
        # The report has years, and rolling twelve months up to the newest whole month.
        places += [f"sidan för {page.period.previous().long}", "de senaste tolv månaderna"]
    group = page.params.procedures.group_of(page.unit)
    if group is not None and page.has_pages_of(group):
        places.append(f"gruppen {page.params.procedures.name(group)}")
    if not places:
        return ""
    *others, last = places
    before = f"{', '.join(others)} eller " if others else ""
    return f"Se i stället {before}{last}."


def unit_name(page: Page, unit: str) -> str:
    return page.params.units.get(unit).name


def unit_short(page: Page, unit: str) -> str:
    return page.params.units.get(unit).short


def order_of_units(page: Page) -> Callable[[str], int]:
    return page.params.units.place_of
