"""Production: operations and their hours, open theatres, flows between hospitals, targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd

from lpe_reports.measures.grouping import add_up
from lpe_reports.measures.times import (
    MICROSECONDS_PER_HOUR,
    MICROSECONDS_PER_MINUTE,
    elapsed,
    local_days,
)
from lpe_reports.periods import Period

# A full session is about eight hours (07:45–16:00), so half a day is four.
HALF_DAY_MINUTES = 240
HOMES = ("ga", "hu", "bo")


def operations_by(operations: pd.DataFrame, *, by: Sequence[str]) -> pd.DataFrame:
    """How many operations, and how many hours of surgery.

    Args:
        operations: Operations with surgery_start_at and surgery_end_at.
        by: Columns of the frame that make the groups.

    Returns:
        [*by, operations, operation_hours]; hours from surgery start to surgery end. An
        operation without both times, or with the end first, counts as one of 0 hours.

    Glossary: operations, operation_hours, arthroplasties
    """
    surgery = np.maximum(elapsed(operations["surgery_start_at"], operations["surgery_end_at"]), 0)
    answer = add_up(
        operations,
        by,
        sums={
            "operations": pd.Series(True, index=operations.index, dtype=bool),
            "operation_hours": pd.Series(surgery, index=operations.index),
        },
    )
    return answer.assign(operation_hours=answer["operation_hours"] / MICROSECONDS_PER_HOUR)


def open_theatres_by(
    sessions: pd.DataFrame,
    *,
    by: Sequence[str],
    count: Literal["theatre_days", "sessions"] = "theatre_days",
    half_day_minutes: int = HALF_DAY_MINUTES,
) -> pd.DataFrame:
    """How many theatres were open.

    Args:
        sessions: Sessions with theatre, date, start_at, end_at and status.
        by: Columns of the frame that make the groups. A theatre shared by two VO on one day
            is open for each of them, so VO do not add up to the unit; units add up.
        count: "theatre_days": distinct theatre and date with an open session of at least half
            a day. "sessions": all open sessions.
        half_day_minutes: How long half a day is.

    Returns:
        [*by, open_theatres]; a group with closed sessions only has 0.

    Glossary: open_theatres
    """
    keys = list(dict.fromkeys(by))
    is_open = sessions["status"] == "open"
    if count == "sessions":
        return add_up(sessions, keys, sums={"open_theatres": is_open})
    length = elapsed(sessions["start_at"], sessions["end_at"])
    counts = is_open.to_numpy() & (length >= half_day_minutes * MICROSECONDS_PER_MINUTE)
    days = sessions[keys].assign(_theatre=sessions["theatre"], _day=local_days(sessions["date"]))
    if "operating_unit" in sessions:
        days["_unit"] = sessions["operating_unit"]
    counts[counts] = ~days[counts].duplicated().to_numpy()
    first = pd.Series(counts, index=sessions.index)
    return add_up(sessions, keys, sums={"open_theatres": first})


def flows(operations: pd.DataFrame, *, by: Sequence[str]) -> pd.DataFrame:
    """How many operations were made for patients of each hospital's list.

    Args:
        operations: Operations with patient_home (ga, hu, bo, other).
        by: Columns of the frame that make the groups, operating_unit or hospital among them.

    Returns:
        [*by, from_ga, from_hu, from_bo, from_other, total]; a null home is other. To leave the
        hospital's own patients out of the total, leave them out of `operations`.

    Glossary: flows
    """
    home = operations["patient_home"]
    sums = {f"from_{hospital}": home == hospital for hospital in HOMES}
    sums["from_other"] = ~home.isin(HOMES)
    return add_up(operations, by, sums=sums | {"total": home.isna() | home.notna()})


def visiting_surgeons(
    operations: pd.DataFrame, *, by: Sequence[str], hospitals: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """How many operations were made by surgeons of another hospital.

    Args:
        operations: Operations with operating_unit, section and surgeon_home.
        by: Columns of the frame that make the groups.
        hospitals: Operating unit to its hospital. When not given, the column `hospital`, and
            without it the first part of the unit's id ("hu-cop" lies in "hu").

    Returns:
        [*by, section, surgeon_home, operations] for surgeons whose home is known and is not
        the hospital where they operated.

    Glossary: visiting_surgeons
    """
    if hospitals is not None:
        here = operations["operating_unit"].map(dict(hospitals))
    elif "hospital" in operations:
        here = operations["hospital"]
    else:
        units = operations["operating_unit"].dropna().unique()
        here = operations["operating_unit"].map({unit: unit.split("-")[0] for unit in units})
    home = operations["surgeon_home"]
    keys = list(dict.fromkeys([*by, "section", "surgeon_home"]))
    visiting = operations.loc[home.notna() & here.notna() & (home != here), keys]
    each = pd.Series(True, index=visiting.index, dtype=bool)
    return add_up(visiting, keys, sums={"operations": each})


def target_in_force(
    targets: pd.DataFrame, *, measure: str, unit: str, on: date
) -> tuple[float, str] | None:
    """The target of a measure and unit on a day, with the direction that is better; or None.

    Args:
        targets: measure, unit, valid_from, valid_to (null: until further notice; else the last
            day it is valid), value, direction ("up" or "down").
        measure: The measure's id.
        unit: The unit's id.
        on: The day.

    Glossary: target
    """
    rows = targets[(targets["measure"] == measure) & (targets["unit"] == unit)]
    day = pd.Timestamp(on)
    begun, ended = local_days(rows["valid_from"]) <= day, local_days(rows["valid_to"]) < day
    valid = rows[begun & ~ended].sort_values("valid_from")
    if valid.empty:
        return None
    newest = valid.iloc[-1]
    return float(newest["value"]), str(newest["direction"])


def compared_days(period: Period, as_of: date) -> tuple[date, date]:
    """The days of the period before that a period is compared with, as first day and end.

    All of them when the period is over on `as_of`; else as many of the first as have passed,
    and none (two equal days) when it has not begun.

    Glossary: ongoing
    """
    before = period.previous()
    if period.is_over(as_of):
        return before.start, before.end
    passed = max((as_of - period.start).days, 0)
    return before.start, min(before.start + timedelta(days=passed), before.end)


def operations_and_before(
    operations: pd.DataFrame, *, by: Sequence[str], period: Period, as_of: date
) -> pd.DataFrame:
    """Operations of a period beside those of the period before, over the same number of days.

    Args:
        operations: Operations of both periods (others are left out) with surgery_start_at and
            surgery_end_at.
        by: Columns of the frame that make the groups.
        period: The period.
        as_of: The night: its days from here on have not happened.

    Returns:
        [*by, operations, operation_hours, operations_before, operation_hours_before], as
        `operations_by` counts; `before` covers the days of `compared_days`.

    Glossary: operations, operation_hours, ongoing
    """
    keys = list(dict.fromkeys(by))
    days = local_days(operations["surgery_start_at"])
    start, end = compared_days(period, as_of)
    now = (days >= pd.Timestamp(period.start)) & (days < pd.Timestamp(min(period.end, as_of)))
    before = (days >= pd.Timestamp(start)) & (days < pd.Timestamp(end))
    length = np.maximum(elapsed(operations["surgery_start_at"], operations["surgery_end_at"]), 0)
    hours = pd.Series(length, index=operations.index)
    sums: dict[str, pd.Series[Any]] = {
        "operations": now,
        "operation_hours": hours.where(now, 0),
        "operations_before": before,
        "operation_hours_before": hours.where(before, 0),
    }
    either = now | before
    answer = add_up(operations[either], keys, sums={n: s[either] for n, s in sums.items()})
    for name in ("operation_hours", "operation_hours_before"):
        answer[name] = answer[name] / MICROSECONDS_PER_HOUR
    return answer
