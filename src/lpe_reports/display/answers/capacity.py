"""Answers of the capacity report: a ten-week schedule's sessions, what was used, what comes."""

from datetime import timedelta

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.answer import answer
from lpe_reports.display.answers import capacity_frames as frames
from lpe_reports.display.answers.capacity_need import need_by_priority, need_by_vo
from lpe_reports.display.answers.capacity_plan import against_plan
from lpe_reports.display.answers.capacity_words import (
    coming_words,
    history_note,
    need_selection,
    selection,
    summary,
)
from lpe_reports.display.page import Page
from lpe_reports.measures.grouping import share, with_period
from lpe_reports.periods import SCHEDULE_WEEKS, PeriodKind, week_of

__all__ = [
    "against_plan", "coming", "coming_words", "history", "history_note", "hours",
    "need_by_priority", "need_by_vo", "need_selection", "open_by_week", "selection", "sessions",
    "summary",
]  # fmt: skip

_VO = Column("vo", "Verksamhetsområde")


@answer
def sessions(page: Page) -> Protected:
    """The schedule's sessions per VO, all ten weeks, with a row for all.

    Returns:
        [vo, sessions, open_sessions, closed_sessions, released_sessions], and `coming`, the open
        ones of days that have not been, where the schedule is under way.
    """
    rows = frames.named_with_total(page, frames.whole_schedule(page), "sessions")
    ahead = [Column("coming", "Öppna som återstår", "count")] if page.ongoing else []
    columns = [
        _VO,
        Column("sessions", "Salspass", "count"),
        Column("open_sessions", "Öppna", "count"),
        Column("closed_sessions", "Stängda", "count"),
        Column("released_sessions", "Släppta", "count"),
        *ahead,
    ]
    return page.protect(rows, table="capacity", columns=columns)


@answer
def hours(page: Page) -> Protected:
    """Open, staffed and used hours per VO up to the night, with a row for all.

    Returns:
        [vo, open_hours, staffed_hours, used_hours, share_used].
    """
    rows = frames.named_with_total(page, frames.until_now(page), "open_hours")
    rows["share_used"] = share(rows["used_hours"], rows["open_hours"])
    columns = [
        _VO,
        Column("open_hours", "Öppen tid", "hours", "tim", 0),
        Column("staffed_hours", "Bemannad tid", "hours", "tim", 0),
        Column("used_hours", "Använd tid", "hours", "tim", 0),
        Column("share_used", "Använd del av öppen tid", "share"),
    ]
    return page.protect(rows, table="capacity", columns=columns)


@answer
def open_by_week(page: Page) -> Protected:
    """Open sessions of each VO in the schedule's weeks: [vo, week_1 … week_10]."""
    rows = frames.sessions_of(page, page.period)
    rows = with_period(rows[rows["status"] == "open"], "date", PeriodKind.WEEK)
    first = week_of(page.period.start)
    weeks = [week_of(first.start + timedelta(weeks=n)).id for n in range(SCHEDULE_WEEKS)]
    counted = rows.groupby(["vo", "week"], dropna=False).size().unstack(fill_value=0)
    counted = counted.reindex(columns=weeks, fill_value=0)
    names = {week: f"week_{number}" for number, week in enumerate(weeks, start=1)}
    counted = counted.assign(_all=counted.sum(axis=1)).rename(columns=names)
    counted = counted.rename_axis(columns=None).reset_index()
    columns = [_VO, *(Column(name, wording.week(week), "count") for week, name in names.items())]
    table = page.protect(
        frames.named_with_total(page, counted, "_all"), table="schedule", columns=columns
    )
    return frames.without_total(table)


@answer
def history(page: Page, *, last: int) -> Protected:
    """The sessions of the last schedules, all ten weeks of each: oldest first.

    Args:
        page: The page.
        last: How many schedules at most, the page's included.

    Returns:
        [schedule, open_sessions, closed_sessions, released_sessions]; schedules that the data
        begins within are left out.
    """
    first = page.period
    for _ in range(last - 1):
        first = first.previous()
    rows = frames.counted_per_schedule(page, first)
    columns = [
        Column("schedule", "Schema", "period"),
        Column("open_sessions", "Öppna", "count"),
        Column("closed_sessions", "Stängda", "count"),
        Column("released_sessions", "Släppta", "count"),
    ]
    return page.protect(rows, table="capacity", columns=columns)


@answer
def coming(page: Page) -> Protected:
    """The schedule after this one, as it stands since it was published, beside this one.

    Returns:
        [vo, open_sessions, closed_sessions, open_hours, hours_now, change]; no rows where it was
        not published by the period's end.
    """
    ahead = frames.published(page)
    rows = frames.given(page, ahead)
    now = frames.whole_schedule(page)[["vo", "open_hours"]]
    rows = rows.merge(now.rename(columns={"open_hours": "hours_now"}), on="vo", how="outer")
    numbers = rows.drop(columns="vo").astype("float64").fillna(0.0)
    rows = numbers.assign(vo=rows["vo"])
    rows = frames.named_with_total(page, rows if len(ahead) else rows.iloc[:0], "open_hours")
    rows["change"] = rows["open_hours"] - rows["hours_now"]
    columns = [
        _VO,
        Column("open_sessions", "Öppna pass", "count"),
        Column("closed_sessions", "Stängda pass", "count"),
        Column("open_hours", "Öppen tid", "hours", "tim", 0),
        Column("hours_now", "I detta schema", "hours", "tim", 0),
        Column("change", "Skillnad", "hours", "tim", 0),
    ]
    return page.protect(rows, table="schedule", columns=columns)
