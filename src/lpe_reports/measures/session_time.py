"""How each open session was used: one row of times per session, which utilisation adds up.

Time in a theatre is counted once: where two patients are recorded in one theatre at the same
time (a fault that the load flags), the later one's shared minutes are left out, so that a
session is never fuller than full.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lpe_reports.measures.theatres import NO_SESSION, Theatres
from lpe_reports.measures.times import (
    MICROSECONDS_PER_HOUR,
    MICROSECONDS_PER_MINUTE,
    local_days,
    local_instants,
    microseconds,
)
from lpe_reports.measures.windows import Cover, Integers, pauses, trim

_MICROSECONDS_PER_DAY = 24 * MICROSECONDS_PER_HOUR


def definition_times(
    theatres: Theatres, calendar_days: pd.DataFrame, *, turnover_cap_minutes: float
) -> pd.DataFrame:
    """Each open session's times under each definition: whole microseconds, so that sums are exact.

    Args:
        theatres: From `theatres.open_theatres`.
        calendar_days: [date, elective_start_minute, elective_end_minute]; a day that is not
            there has no elective hours.
        turnover_cap_minutes: The most that one pause between patients is credited.

    Returns:
        On the positions of `theatres.sessions`, for each definition the int64 columns
        `<definition>_numerator` and `<definition>_denominator`. `room_window` belongs to a
        theatre's day and stands on the day's longest session.
    """
    length = theatres.session_length
    windows = (theatres.session_place, theatres.session_start, theatres.session_end)
    patients = Cover.of(theatres.place, theatres.patient_in, theatres.patient_out)
    operated = trim(theatres.place, theatres.surgery_start, theatres.surgery_end)
    surgery = Cover.of(theatres.place, *operated)
    occupied = patients.within(*windows)
    inside, whole = _surgery_of_cases(theatres, *operated)
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
            f"{definition}_{part}": values
            for definition, both in parts.items()
            for part, values in zip(("numerator", "denominator"), both, strict=True)
        }
    )


def session_times(theatres: Theatres) -> pd.DataFrame:
    """Each open session's length, what of it stood empty, and what its patients took beyond.

    Whole microseconds.

    Returns:
        On the positions of `theatres.sessions`: session, unused (without a patient in the
        theatre) and over (its own patients' time in the theatre outside every open session
        there).
    """
    sessions = (theatres.session_place, theatres.session_start, theatres.session_end)
    patients = Cover.of(theatres.place, theatres.patient_in, theatres.patient_out)
    start, end = trim(theatres.place, theatres.patient_in, theatres.patient_out)
    beyond = end - start - Cover.of(*sessions).within(theatres.place, start, end)
    times = {
        "session": theatres.session_length,
        "unused": theatres.session_length - patients.within(*sessions),
        "over": _per_session(theatres, beyond),
    }
    return pd.DataFrame(times)


def _per_session(theatres: Theatres, values: Integers) -> Integers:
    """Values of operations added up in the sessions they belong to."""
    belongs = theatres.session != NO_SESSION
    # Whole microseconds stay exact in the float64 that bincount adds in.
    total = np.bincount(
        theatres.session[belongs], weights=values[belongs], minlength=len(theatres.sessions)
    )
    return total.astype(np.int64)


def _surgery_of_cases(
    theatres: Theatres, start: Integers, end: Integers
) -> tuple[Integers, Integers]:
    """Surgery of each session's own operations, trimmed: what lies inside it, and all of it."""
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
    used, span = (np.zeros(len(theatres.sessions), dtype=np.int64) for _ in range(2))
    operation, session = _in_longest_session(theatres)
    if not len(operation):
        return used, span
    # Times of the day, since it is days that are the places here.
    midnight = theatres.day[operation]
    patient_in = theatres.patient_in[operation] - midnight
    patient_out = theatres.patient_out[operation] - midnight
    start, end = trim(session, patient_in, patient_out)
    # Operations are in order of theatre and time, so that those of a day stand together.
    begins = np.flatnonzero(np.append(True, np.diff(session) != 0))
    of_day = session[begins]
    used[of_day] = np.add.reduceat(end - start, begins)
    first_in = np.minimum.reduceat(patient_in, begins)
    span[of_day] = np.maximum.reduceat(patient_out, begins) - first_in
    return used, span


def _in_longest_session(theatres: Theatres) -> tuple[Integers, Integers]:
    """The operations on a day with an open session in their theatre, and that day's longest."""
    day = microseconds(local_days(theatres.sessions["date"])) // _MICROSECONDS_PER_DAY
    by_length = np.argsort(-theatres.session_length, kind="stable")
    if not len(day):
        return by_length, by_length
    # Each theatre is a stretch of the days on which there are sessions.
    low, width = day.min(), day.max() - day.min() + 1
    key = (theatres.session_place * width + day - low)[by_length]
    keys, first = np.unique(key, return_index=True)
    operated = theatres.day // _MICROSECONDS_PER_DAY - low
    wanted = theatres.place * width + operated
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    meets = (keys[place] == wanted) & (operated >= 0) & (operated < width)
    operation: Integers = np.flatnonzero(meets)
    return operation, by_length[first[place[operation]]]
