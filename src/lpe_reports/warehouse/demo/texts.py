"""What the office wrote: its comments on recent weeks, and its activity list."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import resources

import pandas as pd

from lpe_reports.periods import Period, PeriodKind, last_periods
from lpe_reports.warehouse.demo import catalogue
from lpe_reports.warehouse.demo.days import is_day_off

COMMENTED_WEEKS = 12
COMPARED_WEEKS = 8
_ARTHROPLASTIES = ("NFB", "NGB")
_BOLLNAS = "Bo - Op-c"


def comments(
    operations: pd.DataFrame, sessions: pd.DataFrame, until: date
) -> Iterator[tuple[str, str, str, date]]:
    """Rows of the comments: unit, period, text, updated on. What they say is so."""
    weeks = [w for w in last_periods(PeriodKind.WEEK, until, COMMENTED_WEEKS) if w.is_over(until)]
    for week in weeks:
        done = operations[_within(operations["surgery_start_at"], week)]
        laid = sessions[_within(sessions["date"], week)]
        yield "Ortopedi", week.id, _on_orthopaedics(done, laid, week), week.end
    for vo in ("Kirurgi", "Kvinnosjukvård", "ÖNH"):
        mine = operations[operations["vo"] == vo]
        yield from _remarkable(vo, mine["surgery_start_at"], weeks)


def activities(until: date) -> Iterator[tuple[str, str, str, str, date, str, date]]:
    """Rows of the activity list, as it stands: id, vo, title, role, due on, status, updated on."""
    text = resources.files(catalogue).joinpath("activities.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines(), delimiter=";"):
        added, started, due = (
            date.fromisoformat(row[name]) for name in ("added_on", "started_on", "due_on")
        )
        done = date.fromisoformat(row["done_on"]) if row["done_on"] else None
        if added > until:
            continue
        happened = [day for day in (added, started, done) if day and day <= until]
        if done and done <= until:
            status = "done"
        elif due < until:
            status = "late"
        else:
            status = "ongoing" if started <= until else "planned"
        yield row["id"], row["vo"], row["title"], row["role"], due, status, max(happened)


def _within(times: "pd.Series[pd.Timestamp]", week: Period) -> "pd.Series[bool]":
    return times.between(pd.Timestamp(week.start), pd.Timestamp(week.end), inclusive="left")


def _on_orthopaedics(done: pd.DataFrame, laid: pd.DataFrame, week: Period) -> str:
    in_bollnas = done[(done["operating_unit"] == _BOLLNAS) & (done["section"] == "Ort")]
    count = len(in_bollnas)
    joints = int(in_bollnas["procedure_code"].str.startswith(_ARTHROPLASTIES).sum())
    # As the report counts them: an open session of at least half a day.
    long_enough = laid["end_at"] - laid["start_at"] >= pd.Timedelta(hours=4)
    ours = (laid["operating_unit"] == _BOLLNAS) & (laid["status"] == "open")
    theatres = laid[ours & long_enough]
    open_days = len(theatres[["theatre", "date"]].drop_duplicates())
    days = sum(not is_day_off(week.start + timedelta(days=n)) for n in range(7))
    if open_days == 0:
        return "Bollnäs är stängt; patienterna opereras i Gävle och Hudiksvall eller väntar."
    if days < 5:
        return f"Kort vecka med {days} arbetsdagar, {open_days} salar igång."
    if count >= 42:
        return f"Många ortopediska operationer och {open_days} salar igång."
    if joints >= 24:
        return f"{joints} proteser, målet nås. {open_days} salar igång."
    if open_days < 17:
        return f"Bara {open_days} salar igång, bemanningen räckte inte till fler."
    return f"{open_days} salar igång, {count} ortopediska operationer."


def _remarkable(
    vo: str, times: "pd.Series[pd.Timestamp]", weeks: list[Period]
) -> Iterator[tuple[str, str, str, date]]:
    """A comment where a week had clearly more or fewer operations than the weeks before it."""
    for week in weeks:
        count = int(_within(times, week).sum())
        begins = pd.Timestamp(week.start)
        before = times.between(begins - pd.Timedelta(weeks=COMPARED_WEEKS), begins).sum()
        usual = float(before) / COMPARED_WEEKS
        if abs(count - usual) > 0.15 * usual:
            many = "fler" if count > usual else "färre"
            text = f"{count} operationer, {many} än snittet av de åtta veckorna före ({usual:.0f})."
            yield vo, week.id, text, week.end
