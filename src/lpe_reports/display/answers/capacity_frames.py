"""Rows of the capacity report: the sessions of a schedule, and what was done in them."""

import pandas as pd

from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.page import Page
from lpe_reports.measures.capacity import STATUSES, capacity_by
from lpe_reports.measures.grouping import add_up
from lpe_reports.measures.times import local_days
from lpe_reports.periods import Period, PeriodKind, period_at

NOBODY = "Ej fördelat"
ALL = "Alla"
_SESSIONS = [
    "operating_unit", "theatre", "date", "start_at", "end_at", "vo", "status",
    "staffed_from_at", "staffed_to_at", "published_on",
]  # fmt: skip
_OPERATIONS = [
    "operating_unit", "theatre", "patient_in_at", "surgery_start_at", "surgery_end_at",
    "patient_out_at",
]  # fmt: skip


def sessions_of(page: Page, period: Period) -> pd.DataFrame:
    """The unit's sessions of a whole schedule, those to come as it stands."""
    return page.read(
        "sessions", units=[page.unit], start=period.start, end=period.end, columns=_SESSIONS
    )


def published(page: Page) -> pd.DataFrame:
    """The sessions of the schedule after the page's, if it was published by the period's end."""
    sessions = sessions_of(page, page.period.next())
    return sessions[local_days(sessions["published_on"]) < pd.Timestamp(page.until)]


def whole_schedule(page: Page) -> pd.DataFrame:
    """What the schedule gave each VO, all ten weeks; see `capacity_by`, without what was used."""

    def make() -> pd.DataFrame:
        sessions = sessions_of(page, page.period)
        counted = given(page, sessions)
        coming = (sessions["status"] == "open") & ~_has_been(page, sessions)
        ahead = sessions.assign(coming=coming).groupby("vo", dropna=False)["coming"].sum()
        return counted.merge(ahead.reset_index(), on="vo", how="left")

    return page.once("whole schedule", make)


def until_now(page: Page) -> pd.DataFrame:
    """The schedule's sessions up to the night, and what was used of them, per VO."""

    def make() -> pd.DataFrame:
        sessions = sessions_of(page, page.period)
        return capacity_by(_operations(page), sessions[_has_been(page, sessions)], by=["vo"])

    return page.once("schedule until now", make)


def given(page: Page, sessions: pd.DataFrame) -> pd.DataFrame:
    """Some sessions counted per VO; nothing of their use."""
    return capacity_by(_operations(page).iloc[:0], sessions, by=["vo"])


def counted_per_schedule(page: Page, first: Period) -> pd.DataFrame:
    """The sessions of each schedule from one to the page's that the data has the first week of.

    Returns:
        [schedule, open_sessions, closed_sessions, released_sessions].
    """
    sessions = page.read(
        "sessions",
        units=[page.unit],
        start=first.start,
        end=page.period.end,
        columns=["date", "status"],
    )
    counted = sessions.groupby(["date", "status"]).size().rename("sessions").reset_index()
    days = [day.date() for day in local_days(counted["date"])]
    schedules = [period_at(PeriodKind.SCHEDULE, day) for day in days]
    counted = counted.assign(schedule=[schedule.id for schedule in schedules])
    begun = [(day - schedule.start).days < 7 for day, schedule in zip(days, schedules, strict=True)]
    whole = counted.loc[begun, "schedule"].unique()
    kept = counted[counted["schedule"].isin(whole)]
    sums = {
        f"{status}_sessions": kept["sessions"].where(kept["status"] == status, 0)
        for status in STATUSES
    }
    return add_up(kept, ["schedule"], sums=sums)


def named_with_total(page: Page, rows: pd.DataFrame, order: str) -> pd.DataFrame:
    """The VO with most of a column first, what nobody was given last, and a row that sums them."""
    ordered = rows.assign(_nobody=rows["vo"].isna())
    ordered = ordered.sort_values(["_nobody", order, "vo"], ascending=[True, False, True])
    ordered = ordered.drop(columns="_nobody").reset_index(drop=True)
    ordered["vo"] = ordered["vo"].map(lambda vo: vo_name(page, vo)).astype("str")
    if len(ordered) < 2:
        return ordered
    total = ordered.drop(columns="vo").sum(min_count=1).to_frame().T.assign(vo=ALL)
    return pd.concat([ordered, total], ignore_index=True)


def without_total(table: Protected) -> Protected:
    """The same table without its row for all: a chart would let it dwarf the others."""
    names = table.frame[table.columns[0].id]
    return table.where(names != ALL)


def vo_name(page: Page, vo: object) -> str:
    return page.params.units.get(vo).name if isinstance(vo, str) else NOBODY


def _operations(page: Page) -> pd.DataFrame:
    return page.read(
        "operations",
        units=[page.unit],
        start=page.period.start,
        end=page.until,
        columns=_OPERATIONS,
    )


def _has_been(page: Page, sessions: pd.DataFrame) -> "pd.Series[bool]":
    return local_days(sessions["date"]) < pd.Timestamp(page.until)
