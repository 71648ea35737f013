"""Need: who waits by medical priority, who is past their latest date, and the hours it takes.

The office divides theatre time by need. Hours are those that patients are in the theatre; the
time between patients comes on top.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from lpe_reports.measures.capacity import session_hours
from lpe_reports.measures.grouping import add_up, share
from lpe_reports.measures.times import MICROSECONDS_PER_MINUTE, elapsed, local_days

# A median of fewer operations says more about them than about the procedure.
FEWEST_OPERATIONS = 5
# What a need's theatre time is learnt from: the first that has enough operations.
BASES = {
    "unit": ("operating_unit", "procedure_code"),
    "procedure": ("procedure_code",),
    "group": ("procedure_group",),
}
NEED_COLUMNS = ("waiting", "past_latest", "need_hours", "past_latest_hours", "without_time")


def open_needs(needs: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """The needs that were open in the morning of a day: decided before it, not yet removed.

    Args:
        needs: decided_at and removed_at (when it left the list, operated or not).
        on: The day.

    Glossary: need_priority
    """
    day = pd.Timestamp(on)
    decided, removed = local_days(needs["decided_at"]), local_days(needs["removed_at"])
    return needs[(decided < day) & ~(removed < day)]


def theatre_minutes(
    needs: pd.DataFrame, operations: pd.DataFrame, *, minimum: int = FEWEST_OPERATIONS
) -> pd.DataFrame:
    """How long each need will take in a theatre: the median of the operations it is like.

    Of its procedure at its operating unit; where fewer than `minimum` were made there, of its
    procedure everywhere; where there are too few too, of its procedure group (if both frames
    have procedure_group); else nothing.

    Args:
        needs: procedure_code, operating_unit and, where known, procedure_group.
        operations: The same columns, patient_in_at and patient_out_at; what the time is learnt
            from, for instance the elective ones of the last two years.
        minimum: The fewest operations that a median is taken of.

    Returns:
        On the index of `needs`: [minutes, basis]; `basis` is "unit", "procedure", "group" or
        null, where minutes is NaN.

    Glossary: need_hours
    """
    length = elapsed(operations["patient_in_at"], operations["patient_out_at"])
    usable = length > 0
    known = operations.loc[usable, [c for c in _columns(operations) if c in operations]]
    known = known.assign(_minutes=length[usable] / MICROSECONDS_PER_MINUTE)
    minutes = np.full(len(needs), np.nan)
    basis = np.full(len(needs), -1, dtype=np.int64)
    for number, columns in enumerate(BASES.values()):
        on = list(columns)
        if not set(on) <= set(needs) or not set(on) <= set(known):
            continue
        medians = known.groupby(on, observed=True)["_minutes"].agg(["median", "size"])
        enough = medians.loc[medians["size"] >= minimum, ["median"]].reset_index()
        found = needs[on].astype(enough[on].dtypes.to_dict()).merge(enough, on=on, how="left")
        here = found["median"].to_numpy(dtype=np.float64)
        better = np.isnan(minutes) & ~np.isnan(here)
        minutes[better], basis[better] = here[better], number
    labels = pd.array([*BASES, None], dtype="str").take(basis % (len(BASES) + 1))
    return pd.DataFrame({"minutes": minutes, "basis": labels}, index=needs.index)


def need_by(
    needs: pd.DataFrame,
    operations: pd.DataFrame,
    *,
    by: Sequence[str],
    on: date,
    minimum: int = FEWEST_OPERATIONS,
) -> pd.DataFrame:
    """Who waits for an operation on a day, who should have had it, and what time it takes.

    Args:
        needs: decided_at, removed_at, latest_on, procedure_code, operating_unit,
            procedure_group where known, and the columns of `by`.
        operations: As for `theatre_minutes`.
        by: Columns of `needs`: medical_priority (days; null is a group), operating_unit, vo …
        on: The day, in its morning.
        minimum: As for `theatre_minutes`.

    Returns:
        [*by, waiting, past_latest, need_hours, past_latest_hours, without_time]: needs that are
        open, those whose medically latest date has passed, the hours in a theatre of all and of
        these, and how many have no hours since there are no operations to learn from.

    Glossary: need_priority, past_latest, need_hours
    """
    waiting = open_needs(needs, on=on).reset_index(drop=True)
    minutes = theatre_minutes(waiting, operations, minimum=minimum)["minutes"]
    hours = (minutes / 60).fillna(0.0)
    past = local_days(waiting["latest_on"]) < pd.Timestamp(on)
    every: pd.Series[Any] = pd.Series(True, index=waiting.index, dtype=bool)
    sums = {
        "waiting": every,
        "past_latest": past,
        "need_hours": hours,
        "past_latest_hours": hours.where(past, 0.0),
        "without_time": minutes.isna(),
    }
    answer = add_up(waiting, by, sums=sums)
    return answer[[*dict.fromkeys(by), *NEED_COLUMNS]]


def need_against_sessions(
    needs: pd.DataFrame,
    operations: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    by: Sequence[str] = ("vo",),
    on: date,
    minimum: int = FEWEST_OPERATIONS,
) -> pd.DataFrame:
    """The hours that those waiting need against the hours that were given them in a schedule.

    Args:
        needs: As for `need_by`.
        operations: As for `theatre_minutes`.
        sessions: The schedule's sessions: start_at, end_at, status; only open ones count.
        by: Columns of `needs` and `sessions`, one at least.
        on: The day, in its morning.
        minimum: As for `theatre_minutes`.

    Returns:
        [*by, waiting, past_latest, need_hours, past_latest_hours, without_time, session_hours,
        schedules_needed]: every group that waits or was given sessions; `schedules_needed` is
        need over session hours, how many such schedules the need would fill (NaN without
        sessions).

    Raises:
        ValueError: `by` is empty.

    Glossary: need_hours, need_against_sessions
    """
    keys = list(dict.fromkeys(by))
    if not keys:
        raise ValueError("need is set against the hours of a group; name its column")
    need = need_by(needs, operations, by=keys, on=on, minimum=minimum)
    is_open = sessions["status"] == "open"
    given = add_up(
        sessions[is_open], keys, sums={"session_hours": session_hours(sessions)[is_open]}
    )
    given[keys] = given[keys].astype(need[keys].dtypes.to_dict()) if len(need) else given[keys]
    if not len(need):
        need[keys] = need[keys].astype(given[keys].dtypes.to_dict())
    both = need.merge(given, on=keys, how="outer").sort_values(keys, ignore_index=True)
    counts = ["waiting", "past_latest", "without_time"]
    both[counts] = both[counts].fillna(0).astype("int64")
    hours = ["need_hours", "past_latest_hours", "session_hours"]
    both[hours] = both[hours].astype("float64").fillna(0.0)
    return both.assign(schedules_needed=share(both["need_hours"], both["session_hours"]))


def _columns(operations: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(name for columns in BASES.values() for name in columns))
