"""How each open session was used: one row of minutes per session, which utilisation adds up.

Time in a theatre is counted once: where two patients are recorded in one theatre at the same
time (a fault that the load flags), the later one's shared minutes are left out, so that a
session is never fuller than full.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lpe_reports.measures.times import (
    MICROSECONDS_PER_MINUTE,
    local_days,
    local_instants,
    microseconds,
)
from lpe_reports.measures.windows import Cover, Integers, meetings, pauses, trim

NO_SESSION = -1
_PLACE = ["operating_unit", "theatre"]
_TIMES = ["patient_in_at", "surgery_start_at", "surgery_end_at", "patient_out_at"]


@dataclass(frozen=True)
class Theatres:
    """Open sessions and the operations of their theatres, as arrays of the same clock.

    Sessions are in a fixed order (theatre, time, id), so that the order of rows in the source
    decides nothing.
    """

    sessions: pd.DataFrame
    session_place: Integers
    session_start: Integers
    session_end: Integers
    place: Integers
    day: Integers  # local day of patient_in
    patient_in: Integers
    surgery_start: Integers
    surgery_end: Integers
    patient_out: Integers
    session: Integers  # position of the session an operation belongs to, or NO_SESSION

    @property
    def session_length(self) -> Integers:
        return self.session_end - self.session_start


def open_theatres(operations: pd.DataFrame, sessions: pd.DataFrame) -> Theatres:
    """The open sessions with some length, and the operations with all four times.

    An operation belongs to the session of its theatre in which its surgery starts; where it
    starts in none, to the one that its stay in the theatre overlaps most; else to none.

    Args:
        operations: operating_unit, theatre, patient_in_at, surgery_start_at, surgery_end_at and
            patient_out_at.
        sessions: operating_unit, theatre, date, start_at, end_at and status.
    """
    usable = (sessions["status"] == "open") & sessions[["start_at", "end_at"]].notna().all(axis=1)
    usable &= sessions["end_at"] > sessions["start_at"]
    order = [*_PLACE, "start_at", "end_at", *_ids(sessions)]
    chosen = sessions[usable].sort_values(order, kind="stable", ignore_index=True)
    complete = operations[[*_PLACE, *_TIMES]].dropna(subset=_TIMES)
    session_place, place = _places(chosen, complete)
    times = [microseconds(complete[name]) for name in _TIMES]
    day = microseconds(local_days(complete["patient_in_at"]))
    # Sorted once, so that every later sort finds its rows nearly in order.
    in_order = np.lexsort((*times[::-1], place))
    patient_in, surgery_start, surgery_end, patient_out = (time[in_order] for time in times)
    place = place[in_order]
    windows = (session_place, microseconds(chosen["start_at"]), microseconds(chosen["end_at"]))
    belonging = _belonging((place, patient_in, patient_out), surgery_start, windows)
    return Theatres(
        sessions=chosen,
        session_place=session_place,
        session_start=windows[1],
        session_end=windows[2],
        place=place,
        day=day[in_order],
        patient_in=patient_in,
        surgery_start=surgery_start,
        surgery_end=surgery_end,
        patient_out=patient_out,
        session=belonging,
    )


def session_minutes(
    theatres: Theatres, calendar_days: pd.DataFrame, *, turnover_cap_minutes: float
) -> pd.DataFrame:
    """Each open session's minutes under each definition.

    Args:
        theatres: From `open_theatres`.
        calendar_days: [date, elective_start_minute, elective_end_minute]; a day that is not
            there has no elective hours.
        turnover_cap_minutes: The most that one pause between patients is credited.

    Returns:
        On the positions of `theatres.sessions`, for each definition the float64 columns
        `<definition>_numerator` and `<definition>_denominator`, in minutes. `room_window`
        belongs to a theatre's day and stands on the day's longest session.
    """
    length = theatres.session_length
    windows = (theatres.session_place, theatres.session_start, theatres.session_end)
    patients = Cover.of(theatres.place, theatres.patient_in, theatres.patient_out)
    surgery = Cover.of(theatres.place, theatres.surgery_start, theatres.surgery_end)
    occupied = patients.within(*windows)
    inside, whole = _surgery_of_cases(theatres)
    credit = _turnover_credit(theatres, round(turnover_cap_minutes * MICROSECONDS_PER_MINUTE))
    elective = _staffed_elective(theatres, calendar_days)
    elective_length = elective[2] - elective[1]
    room_used, room_span = _room_windows(theatres)
    parts = {
        "spor_patient_time": (patients.within(*elective), elective_length),
        "spor_operation_time": (surgery.within(*elective), elective_length),
        "aacd_raw": (occupied, length),
        "aacd_adjusted": (occupied + credit, length),
        "nhs_capped": (inside, length),
        "nhs_uncapped": (whole, length),
        "room_window": (room_used, room_span),
    }
    return pd.DataFrame(
        {
            f"{definition}_{part}": values / MICROSECONDS_PER_MINUTE
            for definition, both in parts.items()
            for part, values in zip(("numerator", "denominator"), both, strict=True)
        }
    )


def use_minutes(theatres: Theatres) -> pd.DataFrame:
    """Each open session's length, what of it stood empty, and what its patients took beyond.

    Returns:
        On the positions of `theatres.sessions`: session_minutes, unused_minutes (without a
        patient in the theatre) and over_minutes (its own patients' time in the theatre outside
        every open session there).
    """
    sessions = (theatres.session_place, theatres.session_start, theatres.session_end)
    patients = Cover.of(theatres.place, theatres.patient_in, theatres.patient_out)
    start, end = trim(theatres.place, theatres.patient_in, theatres.patient_out)
    beyond = end - start - Cover.of(*sessions).within(theatres.place, start, end)
    minutes = {
        "session_minutes": theatres.session_length,
        "unused_minutes": theatres.session_length - patients.within(*sessions),
        "over_minutes": _per_session(theatres, beyond),
    }
    return pd.DataFrame({n: values / MICROSECONDS_PER_MINUTE for n, values in minutes.items()})


def _ids(sessions: pd.DataFrame) -> list[str]:
    return [name for name in ("session_id", "vo", "section") if name in sessions]


def _places(sessions: pd.DataFrame, operations: pd.DataFrame) -> tuple[Integers, Integers]:
    """The code of each row's theatre, the same in both frames; theatres are a unit's own."""
    code = np.zeros(len(sessions) + len(operations), dtype=np.int64)
    for column in _PLACE:
        both = pd.concat([sessions[column].astype("str"), operations[column].astype("str")])
        codes, distinct = pd.factorize(both, use_na_sentinel=False)
        code = code * len(distinct) + codes
    code = pd.factorize(code)[0].astype(np.int64)
    return code[: len(sessions)], code[len(sessions) :]


def _belonging(
    stay: tuple[Integers, Integers, Integers],
    surgery_start: Integers,
    sessions: tuple[Integers, Integers, Integers],
) -> Integers:
    """The session that each operation belongs to, as a position, or NO_SESSION."""
    _, patient_in, patient_out = stay
    _, start, end = sessions
    operation, session = meetings(stay, sessions)
    belongs = np.full(len(patient_in), NO_SESSION, dtype=np.int64)
    belongs[operation] = session
    # Most operations meet one session only; the others choose.
    several = np.bincount(operation, minlength=len(patient_in))[operation] > 1
    operation, session = operation[several], session[several]
    begins_here = (surgery_start[operation] >= start[session]) & (
        surgery_start[operation] < end[session]
    )
    overlap = np.minimum(patient_out[operation], end[session]) - np.maximum(
        patient_in[operation], start[session]
    )
    best_last = np.lexsort((-session, overlap, begins_here, operation))
    operation, session = operation[best_last], session[best_last]
    last = np.append(np.diff(operation) != 0, True)[: len(operation)]
    belongs[operation[last]] = session[last]
    return belongs


def _per_session(theatres: Theatres, values: Integers) -> Integers:
    """Values of operations added up in the sessions they belong to."""
    belongs = theatres.session != NO_SESSION
    # Whole microseconds stay exact in the float64 that bincount adds in.
    total = np.bincount(
        theatres.session[belongs], weights=values[belongs], minlength=len(theatres.sessions)
    )
    return total.astype(np.int64)


def _surgery_of_cases(theatres: Theatres) -> tuple[Integers, Integers]:
    """Surgery of each session's own operations: what lies inside it, and all of it."""
    start, end = trim(theatres.place, theatres.surgery_start, theatres.surgery_end)
    if not len(theatres.sessions):
        return theatres.session_length, theatres.session_length
    session = theatres.session  # NO_SESSION reads the last one; such rows are never added
    first, last = theatres.session_start[session], theatres.session_end[session]
    inside = np.maximum(np.minimum(end, last) - np.maximum(start, first), 0)
    return _per_session(theatres, inside), _per_session(theatres, end - start)


def _turnover_credit(theatres: Theatres, cap: int) -> Integers:
    """Pauses between consecutive patients of one session, none counted for more than the cap."""
    after, before, pause = pauses(theatres.place, theatres.patient_in, theatres.patient_out)
    same = theatres.session[before] == theatres.session[after]
    credit = np.zeros(len(theatres.session), dtype=np.int64)
    credit[after] = np.where(same, np.minimum(pause, cap), 0)
    return _per_session(theatres, credit)


def _staffed_elective(
    theatres: Theatres, calendar_days: pd.DataFrame
) -> tuple[Integers, Integers, Integers]:
    """The elective hours in which each session's theatre was staffed: place, start and end.

    Staffed from and to where it is given, else the session's own hours. Hours that two
    sessions of one theatre share are the earlier one's.
    """
    sessions = theatres.sessions
    start = _or_else(sessions, "staffed_from_at", theatres.session_start)
    end = _or_else(sessions, "staffed_to_at", theatres.session_end)
    days = local_days(calendar_days["date"])
    hours = pd.DataFrame(
        {
            "from": local_instants(days, calendar_days["elective_start_minute"]),
            "to": local_instants(days, calendar_days["elective_end_minute"]),
        },
        index=pd.Index(days),
    ).reindex(local_days(sessions["date"]), fill_value=0)
    start = np.maximum(start, hours["from"].to_numpy(dtype=np.int64))
    end = np.maximum(np.minimum(end, hours["to"].to_numpy(dtype=np.int64)), start)
    return theatres.session_place, *trim(theatres.session_place, start, end)


def _or_else(sessions: pd.DataFrame, column: str, otherwise: Integers) -> Integers:
    """A column's instants, and another's where it is null or absent."""
    instants = otherwise.copy()
    if column in sessions:
        known = sessions[column].notna().to_numpy()
        instants[known] = microseconds(sessions.loc[known, column])
    return instants


def _room_windows(theatres: Theatres) -> tuple[Integers, Integers]:
    """Per theatre and local day: occupied time, and first patient in to last patient out.

    Only days with an open session count; they stand on the day's longest session (the earliest
    of equals).
    """
    frame = pd.DataFrame(
        {
            "place": theatres.session_place,
            "day": microseconds(local_days(theatres.sessions["date"])),
            "length": theatres.session_length,
        }
    )
    longest = frame.sort_values("length", ascending=False, kind="stable")
    keeper = longest.drop_duplicates(["place", "day"]).reset_index(names="session")
    stays = pd.DataFrame(
        {"place": theatres.place, "day": theatres.day, "operation": np.arange(len(theatres.day))}
    ).merge(keeper[["place", "day", "session"]], on=["place", "day"])
    session = stays["session"].to_numpy(dtype=np.int64)
    operation = stays["operation"].to_numpy(dtype=np.int64)
    # Times of the day, since it is days that are the places here.
    midnight = theatres.day[operation]
    patient_in = theatres.patient_in[operation] - midnight
    patient_out = theatres.patient_out[operation] - midnight
    start, end = trim(session, patient_in, patient_out)
    span = pd.DataFrame({"used": end - start, "in": patient_in, "out": patient_out})
    per_day = span.groupby(session).agg({"used": "sum", "in": "min", "out": "max"})
    per_day = per_day.reindex(range(len(theatres.sessions)), fill_value=0)
    used: pd.Series[Any] = per_day["used"]
    return used.to_numpy(dtype=np.int64), (per_day["out"] - per_day["in"]).to_numpy(dtype=np.int64)
