"""The session time that the production plan needs, against the time that the schedule gives.

The plan is the whole county's, so that it is held against the sessions of all departments.
"""

from collections.abc import Collection
from datetime import date, timedelta

import numpy as np
import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.answer import answer
from lpe_reports.display.answers.capacity_frames import vo_name
from lpe_reports.display.answers.production_plan_frames import no_plan
from lpe_reports.display.page import Page
from lpe_reports.measures.capacity import session_hours
from lpe_reports.measures.grouping import share
from lpe_reports.measures.plan import PLAN_COLUMNS, month_ids, plans_in_force
from lpe_reports.measures.production import operations_by
from lpe_reports.measures.times import local_days
from lpe_reports.periods import Period, parse_period

# How many schedules it is learnt from what session time an operation hour takes.
LEARNT_FROM = 4
_SESSIONS = ["operating_unit", "date", "start_at", "end_at", "vo", "status"]


@answer
def against_plan(page: Page) -> Protected:
    """Each VO's open hours in the county against what the plan of those weeks needs.

    Returns:
        [vo, planned_hours, hours_each, needed_hours, open_hours, coverage, here]: planned
        operation hours, the open session hours that each took, both multiplied, what the schedule
        gives, its share of the need, and how much of it lies at the page's unit. VO with sessions
        at the unit only.
    """
    sessions = _open_sessions(page)
    now = _hours_by_vo(sessions, page.period.start, page.period.end)
    here = _hours_by_vo(
        sessions[sessions["operating_unit"] == page.unit], page.period.start, page.period.end
    )
    first = _learnt_since(page)
    spent = _hours_by_vo(sessions, first, page.period.start)
    done = page.read(
        "operations",
        start=first,
        end=page.period.start,
        columns=["vo", "surgery_start_at", "surgery_end_at"],
    )
    operated = operations_by(done, by=["vo"]).set_index("vo")["operation_hours"]
    rows = pd.DataFrame({"here": here[here > 0]})
    rows["planned_hours"] = planned_hours(
        _plan(page), page.period.start, page.period.end, _days_off(page)
    ).reindex(rows.index)
    rows["hours_each"] = share(spent.reindex(rows.index), operated.reindex(rows.index))
    rows["needed_hours"] = rows["planned_hours"] * rows["hours_each"]
    rows["open_hours"] = now.reindex(rows.index)
    rows["coverage"] = share(rows["open_hours"], rows["needed_hours"])
    rows = rows.sort_values("open_hours", ascending=False).rename_axis("vo").reset_index()
    rows["vo"] = rows["vo"].map(lambda vo: vo_name(page, vo)).astype("str")
    columns = [
        Column("vo", "Verksamhetsområde"),
        Column("planned_hours", "Plan, operationstimmar", "hours", decimals=0),
        Column("hours_each", "Passtimmar per operationstimme", "number", decimals=2),
        Column("needed_hours", "Passtid som planen behöver", "hours", "tim", 0),
        Column("open_hours", "Öppen tid i schemat", "hours", "tim", 0),
        Column("coverage", "Täckning", "share", decimals=0),
        Column("here", "Varav på enheten", "hours", "tim", 0),
    ]
    return page.protect(rows, table="capacity", columns=columns)


def planned_hours(
    plan: pd.DataFrame, start: date, end: date, days_off: Collection[date]
) -> "pd.Series[float]":
    """The planned operation hours of some days per VO, each month's spread over its weekdays.

    Args:
        plan: The plan in force: vo, month, hours.
        start: The first day.
        end: The day after the last.
        days_off: Holidays, which have no part of the plan.

    Returns:
        Hours by vo.

    Glossary: plan_need
    """
    parts = {month: _part(parse_period(month), start, end, days_off) for month in plan["month"]}
    hours = plan["hours"] * plan["month"].map(parts).astype("float64")
    return hours.groupby(plan["vo"]).sum()


def _part(month: Period, start: date, end: date, days_off: Collection[date]) -> float:
    """How much of a month's weekdays lies within some days."""
    days = [month.start + timedelta(days=n) for n in range(month.days)]
    working = [day for day in days if day.isoweekday() < 6 and day not in days_off]
    return sum(start <= day < end for day in working) / len(working) if working else 0.0


def _plan(page: Page) -> pd.DataFrame:
    """The plan in force in the schedule's months, of the versions that were there."""
    if not page.has("production_plan"):
        return no_plan()
    plan = page.read("production_plan", columns=PLAN_COLUMNS)
    known = plan[local_days(plan["version"]) < pd.Timestamp(page.until)]
    return plans_in_force(known, months=month_ids(page.period.start, page.period.end))


def _open_sessions(page: Page) -> pd.DataFrame:
    """All departments' open sessions that a VO was given, with their hours."""
    rows = page.read("sessions", start=_learnt_since(page), end=page.period.end, columns=_SESSIONS)
    rows = rows[(rows["status"] == "open") & rows["vo"].notna()]
    return rows.assign(hours=session_hours(rows), day=local_days(rows["date"]))


def _hours_by_vo(sessions: pd.DataFrame, start: date, end: date) -> "pd.Series[float]":
    inside = (sessions["day"] >= np.datetime64(start)) & (sessions["day"] < np.datetime64(end))
    return sessions[inside].groupby("vo")["hours"].sum()


def _learnt_since(page: Page) -> date:
    first = page.period
    for _ in range(LEARNT_FROM):
        first = first.previous()
    return first.start


def _days_off(page: Page) -> set[date]:
    first, last = page.period.start.replace(day=1), page.period.end + timedelta(days=31)
    return set(page.params.calendar.holidays(first, last))
