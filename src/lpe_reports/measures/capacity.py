"""Capacity: what a schedule gave each VO, what of it was open and staffed, and what was used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from lpe_reports.measures.grouping import add_up, share, with_periods
from lpe_reports.measures.session_time import session_times
from lpe_reports.measures.theatres import open_theatres
from lpe_reports.measures.times import MICROSECONDS_PER_HOUR, elapsed

STATUSES = ("open", "closed", "released")
CAPACITY_COLUMNS = (
    "sessions", "open_sessions", "closed_sessions", "released_sessions", "open_hours",
    "closed_hours", "released_hours", "staffed_hours", "used_hours", "share_used",
)  # fmt: skip


def capacity_by(
    operations: pd.DataFrame, sessions: pd.DataFrame, *, by: Sequence[str]
) -> pd.DataFrame:
    """The sessions of each group, and their hours: open, closed, released, staffed and used.

    Args:
        operations: All operations of the theatres: operating_unit, theatre, patient_in_at,
            surgery_start_at, surgery_end_at, patient_out_at.
        sessions: operating_unit, theatre, date, start_at, end_at, status; staffed_from_at and
            staffed_to_at where known.
        by: Columns of `sessions` (vo, schedule, operating_unit …), and week, month, quarter,
            tertial, year and weekday (ISO, 1–7), which are made of its date.

    Returns:
        [*by, sessions, open_sessions, closed_sessions, released_sessions, open_hours,
        closed_hours, released_hours, staffed_hours, used_hours, share_used]. Staffed and used
        are of open sessions: staffed as the schedule says, else the session's own hours; used
        while a patient was in the theatre during the session, and its share of the open hours.

    Glossary: capacity_sessions, capacity_hours
    """
    keys = list(dict.fromkeys(by))
    dated = with_periods(sessions, "date", keys)
    hours = session_hours(sessions)
    sums: dict[str, pd.Series[Any]] = {
        "sessions": pd.Series(True, index=sessions.index, dtype=bool),
        "staffed_hours": _staffed_hours(sessions).where(sessions["status"] == "open", 0.0),
    }
    for status in STATUSES:
        has_it = sessions["status"] == status
        sums |= {f"{status}_sessions": has_it, f"{status}_hours": hours.where(has_it, 0.0)}
    answer = add_up(dated, keys, sums=sums)
    theatres = open_theatres(operations, sessions)
    times = session_times(theatres)
    used = add_up(
        with_periods(theatres.sessions, "date", keys),
        keys,
        sums={"used_hours": (times["session"] - times["unused"]) / MICROSECONDS_PER_HOUR},
    )
    if keys and len(used):
        answer = answer.merge(used, on=keys, how="left")
    else:
        answer["used_hours"] = used["used_hours"] if len(used) else 0.0
    answer["used_hours"] = answer["used_hours"].fillna(0.0).astype("float64")
    answer["share_used"] = share(answer["used_hours"], answer["open_hours"])
    return answer[[*keys, *CAPACITY_COLUMNS]]


def session_hours(sessions: pd.DataFrame) -> pd.Series[Any]:
    """Hours from start_at to end_at; 0 where either is null or they are in the wrong order."""
    return _hours(sessions, "start_at", "end_at")


def _staffed_hours(sessions: pd.DataFrame) -> pd.Series[Any]:
    """Hours staffed; from or until the session's own time where the schedule does not say."""
    if not {"staffed_from_at", "staffed_to_at"} <= set(sessions):
        return session_hours(sessions)
    staffed = pd.DataFrame(
        {
            "start": sessions["staffed_from_at"].fillna(sessions["start_at"]),
            "end": sessions["staffed_to_at"].fillna(sessions["end_at"]),
        }
    )
    return _hours(staffed, "start", "end")


def _hours(sessions: pd.DataFrame, start: str, end: str) -> pd.Series[Any]:
    length = np.maximum(elapsed(sessions[start], sessions[end]), 0) / MICROSECONDS_PER_HOUR
    return pd.Series(length, index=sessions.index)
