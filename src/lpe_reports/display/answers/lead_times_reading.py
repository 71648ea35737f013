"""What the lead times report reads, and how its params say that it is to be reckoned."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

import pandas as pd

from lpe_reports import wording
from lpe_reports.display.page import Page
from lpe_reports.display.series.lead_times import FIRST_CASE_SESSIONS, OPERATIONS, PLANNED
from lpe_reports.measures.lead_times import (
    GRACES_MINUTES,
    TURNOVER_CAP_MINUTES,
    Start,
    first_cases_by,
    turnovers_by,
)
from lpe_reports.periods import Period

TABLE = "lead_times"
_ALL = {"theatre": "Alla salar", "weekday": "Alla dagar"}


def with_patient(long: pd.DataFrame) -> pd.DataFrame:
    """The groups of which any day began with a planned patient."""
    return long[long["first_cases"] > 0]


def first_cases(page: Page, first: Period, by: Sequence[str]) -> pd.DataFrame:
    """First cases from a period to the page's, for every grace: see `first_cases_by`."""
    days = _days(page, first)
    return first_cases_by(
        page.read("operations", columns=OPERATIONS, **days),
        page.read("sessions", columns=FIRST_CASE_SESSIONS, **days),
        by=by,
        start=start_of(page),
        graces_minutes=graces_of(page),
        preparation_rooms=rooms_of(page),
    )


def planned_turnovers(page: Page, by: Sequence[str]) -> pd.DataFrame:
    """Those to a planned patient: [*by, turnovers, … overlapping]."""
    found = every_turnover(page, by)
    return found[found["urgency"] == PLANNED].drop(columns="urgency")


def every_turnover(page: Page, by: Sequence[str]) -> pd.DataFrame:
    """The page's turnovers, also to emergencies: [*by, urgency, turnovers, … overlapping]."""
    operations = page.read("operations", columns=OPERATIONS, **_days(page, page.period))
    return turnovers_by(
        operations,
        by=[*by, "urgency"],
        cap_minutes=cap_of(page),
        preparation_rooms=rooms_of(page),
    )


def _days(page: Page, first: Period) -> dict[str, Any]:
    """The unit's days; sessions of days that have not been are nobody's late start."""
    return {"units": [page.unit], "start": first.start, "end": min(page.period.end, page.until)}


def with_total(rows: pd.DataFrame, total: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows of groups and one of all of them; no row where there is no group."""
    if rows.empty:
        return rows
    return pd.concat([rows, total.assign(**{key: _ALL[key]})], ignore_index=True)


def when(page: Page, months: int = 1) -> str:
    """The period in words, as far as it has come; the months to its end where there are several."""
    if page.ongoing:
        first, comma = months_back(page.period, months).long, "," if months == 1 else ""
        return f"{first}{comma} till och med {wording.day(page.until - timedelta(days=1))}"
    if months == 1:
        return page.period.long
    return f"{months} månader till och med {page.period.long}"


def months_back(period: Period, months: int) -> Period:
    """The first of so many months, the last of which is the period."""
    for _ in range(months - 1):
        period = period.previous()
    return period


def series_wish(page: Page) -> dict[str, Any]:
    """What all series of starts have in common."""
    last = page.parameters.get("history_months")
    return {"last": last, "start": start_of(page)}


def start_of(page: Page) -> Start:
    """What is to have happened when the session starts: by the report's params."""
    return cast(Start, page.parameters.get("start", "patient_in_at"))


def grace_of(page: Page) -> float:
    """The grace of sentences and key figures."""
    return float(page.parameters.get("grace_minutes", GRACES_MINUTES[0]))


def graces_of(page: Page) -> tuple[float, ...]:
    """The graces of the tables, rising; the page's own is one of them."""
    given = page.parameters.get("graces_minutes", GRACES_MINUTES)
    return tuple(sorted({*map(float, given), grace_of(page)}))


def rooms_of(page: Page) -> list[tuple[str, str]]:
    """The unit's theatres with a preparation room, as its settings say."""
    return [(page.unit, str(name)) for name in page.settings.get("preparation_rooms", ())]


def cap_of(page: Page) -> float:
    """The longest gap between two patients that is a turnover."""
    return float(page.parameters.get("turnover_cap_minutes", TURNOVER_CAP_MINUTES))
