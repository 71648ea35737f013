"""Lead times of theatres: when the day's first patient came, and how long from one to the next.

Theatres with a preparation room work under other conditions, since the next patient is made
ready beside the theatre; `preparation_room` in `by` keeps the two kinds apart.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from lpe_reports.measures.grouping import Statistic, add_up, share, with_periods
from lpe_reports.measures.theatres import NO_SESSION, Theatres, open_theatres, place_codes
from lpe_reports.measures.times import MICROSECONDS_PER_MINUTE, local_days, microseconds
from lpe_reports.measures.windows import Integers, gaps

Start = Literal["patient_in_at", "surgery_start_at"]
GRACES_MINUTES = (0.0, 5.0, 15.0)
# A patient who came earlier than this before the session is the night's, not its first; for
# operations of which it is not known whether they were emergencies.
EARLY_MINUTES = 120.0
# A longer pause is no turnover.
TURNOVER_CAP_MINUTES = 90.0
FIRST_CASE_COLUMNS = (
    "theatre_days", "first_cases", "on_time", "share_on_time", "late_minutes", "mean_minutes",
    "median_minutes", "p90_minutes",
)  # fmt: skip
TURNOVER_COLUMNS = (
    "turnovers", "turnover_minutes", "mean_minutes", "median_minutes", "p90_minutes", "over_cap",
    "overlapping",
)  # fmt: skip
_STATISTICS: dict[str, Statistic] = {
    "mean_minutes": "mean",
    "median_minutes": 0.5,
    "p90_minutes": 0.9,
}
EMERGENCY = "emergency"
_PLACE = ["operating_unit", "theatre"]
_STAY = ["patient_in_at", "patient_out_at"]
_TIMES = ["patient_in_at", "surgery_start_at", "surgery_end_at", "patient_out_at"]


def first_cases_by(
    operations: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    by: Sequence[str],
    start: Start = "patient_in_at",
    graces_minutes: Sequence[float] = GRACES_MINUTES,
    early_minutes: float = EARLY_MINUTES,
    preparation_rooms: Collection[tuple[str, str]] = (),
) -> pd.DataFrame:
    """How late the first patient of each theatre and day came, and how many came on time.

    The day's first open session of a theatre counts, and of its own operations (those whose
    surgery starts in it, else those that overlap it most) the one whose patient came first.
    Emergencies start no day: a session that an emergency delays starts late, with the patient
    that comes after it.

    Args:
        operations: All operations of the theatres: operating_unit, theatre, patient_in_at,
            surgery_start_at, surgery_end_at, patient_out_at; urgency where known. The time
            that `start` names is needed; one without the others counts all the same.
        sessions: operating_unit, theatre, date, start_at, end_at, status.
        by: Columns of `sessions`, week, month, quarter, tertial, year and weekday (ISO, 1–7),
            which are made of its date, and `preparation_room`.
        start: What is to have happened when the session starts.
        graces_minutes: So late is still on time; one row for each.
        early_minutes: A patient who came longer than this before the session's start is left
            out too, whatever its urgency: the night is not over yet.
        preparation_rooms: The theatres that have one: operating unit and theatre.

    Returns:
        [*by, grace_minutes, theatre_days, first_cases, on_time, share_on_time, late_minutes,
        mean_minutes, median_minutes, p90_minutes]. `theatre_days` had an open session,
        `first_cases` of them a patient in it; `on_time` and its share are of these. Minutes are
        start minus session start, below 0 where early; `late_minutes` adds up those above 0.

    Glossary: first_case_start

    Source: AACD glossary of times.
    """
    keys = list(dict.fromkeys(by))
    theatres = open_theatres(_startable(operations, start, early_minutes), sessions)
    first = _first_of_day(theatres)
    frame = _with_preparation(theatres.sessions, preparation_rooms, keys)
    frame = with_periods(frame, "date", keys).iloc[first].reset_index(drop=True)
    minutes = pd.Series(_delays(theatres, start, early_minutes)[first], dtype="float64")
    wide = add_up(
        frame,
        keys,
        sums={
            "theatre_days": pd.Series(True, index=frame.index, dtype=bool),
            "first_cases": minutes.notna(),
            "late_minutes": minutes.clip(lower=0).fillna(0.0),
        }
        | {f"on_time_{grace}": minutes <= grace for grace in graces_minutes},
        values=minutes,
        statistics=_STATISTICS,
    )
    return _by_grace(wide, graces_minutes)[[*keys, "grace_minutes", *FIRST_CASE_COLUMNS]]


def turnovers_by(
    operations: pd.DataFrame,
    *,
    by: Sequence[str],
    cap_minutes: float = TURNOVER_CAP_MINUTES,
    preparation_rooms: Collection[tuple[str, str]] = (),
) -> pd.DataFrame:
    """How long theatres stood without a patient between two that followed each other.

    From the previous patient out to the next patient in, in the same theatre and on the same
    local day. A turnover belongs to the group of the later operation.

    Args:
        operations: All operations of the theatres, since one left out would make a turnover of
            its own stay: operating_unit, theatre, patient_in_at, patient_out_at.
        by: Columns of the frame, week, month, quarter, tertial, year and weekday (ISO, 1–7),
            which are made of the later patient_in_at, and `preparation_room`.
        cap_minutes: A longer gap is a gap in the programme and no turnover (60 or 90).
        preparation_rooms: As for `first_cases_by`.

    Returns:
        [*by, turnovers, turnover_minutes, mean_minutes, median_minutes, p90_minutes, over_cap,
        overlapping]: one row per group with a pair of operations. `turnover_minutes` is their
        sum; `over_cap` and `overlapping` are the pairs left out, the latter since the next
        patient was in before the previous was out.

    Glossary: turnover_time

    Source: AACD glossary of times.
    """
    keys = list(dict.fromkeys(by))
    known = operations[[*_PLACE, *_STAY]].notna().all(axis=1).to_numpy()
    complete = operations if known.all() else operations[known]
    (place,) = place_codes(complete)
    patient_in, patient_out = (microseconds(complete[name]) for name in _STAY)
    after, _, gap = gaps(place, patient_in, patient_out)
    previous_out = pd.Series(patient_in[after] - np.maximum(gap, 0))
    same_day = _local_day(previous_out) == _local_day(pd.Series(patient_in[after]))
    after, gap = after[same_day], gap[same_day]
    own = [name for name in dict.fromkeys([*keys, *_PLACE, _STAY[0]]) if name in complete]
    frame = _with_preparation(complete[own].iloc[after], preparation_rooms, keys)
    frame = with_periods(frame, _STAY[0], keys).reset_index(drop=True)
    overlapping = pd.Series(gap < 0)
    over_cap = pd.Series(gap > round(cap_minutes * MICROSECONDS_PER_MINUTE))
    minutes = pd.Series(gap / MICROSECONDS_PER_MINUTE).mask(overlapping | over_cap)
    answer = add_up(
        frame,
        keys,
        sums={
            "turnovers": minutes.notna(),
            "turnover_minutes": minutes.fillna(0.0),
            "over_cap": over_cap,
            "overlapping": overlapping,
        },
        values=minutes,
        statistics=_STATISTICS,
    )
    return answer[[*keys, *TURNOVER_COLUMNS]]


def _by_grace(wide: pd.DataFrame, graces_minutes: Sequence[float]) -> pd.DataFrame:
    """A row per group and grace, with the share that was on time by it."""
    parts = [
        wide.assign(grace_minutes=float(grace), on_time=wide[f"on_time_{grace}"])
        for grace in graces_minutes
    ]
    long = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    long["share_on_time"] = share(long["on_time"], long["first_cases"])
    return long


def _startable(operations: pd.DataFrame, start: Start, early_minutes: float) -> pd.DataFrame:
    """The operations that can be a day's first, with a time wherever one is missing.

    What is missing only says which session an operation belongs to: surgery is taken to start
    when the patient comes, and to end when it starts; an unknown stay, to last as long after
    its last time as a first patient may come before the session.
    """
    can_be = operations[start].notna() & operations["patient_in_at"].notna()
    if "urgency" in operations:
        can_be &= operations["urgency"].fillna("") != EMERGENCY
    known = operations[_TIMES].notna().all(axis=None)
    # A copy of every row is not made for nothing.
    if known and can_be.all():
        return operations
    chosen = operations.loc[can_be, [*_PLACE, *_TIMES]]
    if known:
        return chosen
    begins = chosen["surgery_start_at"].fillna(chosen["patient_in_at"])
    ends = chosen["surgery_end_at"].fillna(begins)
    out = chosen["patient_out_at"].fillna(ends + pd.Timedelta(minutes=early_minutes))
    return chosen.assign(surgery_start_at=begins, surgery_end_at=ends, patient_out_at=out)


def _first_of_day(theatres: Theatres) -> Integers:
    """Positions of the first open session of each theatre and date; sessions are in order."""
    days = pd.DataFrame(
        {"place": theatres.session_place, "day": local_days(theatres.sessions["date"]).to_numpy()}
    )
    first: Integers = np.flatnonzero(~days.duplicated().to_numpy())
    return first


def _delays(theatres: Theatres, start: Start, early_minutes: float) -> np.ndarray:
    """Minutes from each session's start to its first patient's, NaN where it had none."""
    early = round(early_minutes * MICROSECONDS_PER_MINUTE)
    delay = np.full(len(theatres.sessions), np.nan)
    own = np.flatnonzero(theatres.session != NO_SESSION)
    begins = theatres.session_start[theatres.session[own]]
    own = own[theatres.patient_in[own] >= begins - early]
    # Operations are in order of time, so that the first of each session is found first.
    session, first = np.unique(theatres.session[own], return_index=True)
    times = theatres.patient_in if start == "patient_in_at" else theatres.surgery_start
    late = times[own[first]] - theatres.session_start[session]
    delay[session] = late / MICROSECONDS_PER_MINUTE
    return delay


def _local_day(instants: pd.Series) -> np.ndarray:
    return local_days(pd.to_datetime(instants, unit="us", utc=True)).to_numpy()


def _with_preparation(
    frame: pd.DataFrame, rooms: Collection[tuple[str, str]], keys: Sequence[str]
) -> pd.DataFrame:
    """The frame with `preparation_room` where it is grouped by it; theatres are a unit's own."""
    if "preparation_room" not in keys:
        return frame
    own, theirs = place_codes(frame, pd.DataFrame(list(rooms), columns=_PLACE, dtype="str"))
    return frame.assign(preparation_room=np.isin(own, theirs))
