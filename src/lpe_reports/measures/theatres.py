"""Open sessions and the operations of their theatres: which operation belongs to which session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lpe_reports.measures.times import local_days, microseconds
from lpe_reports.measures.windows import Integers, meetings, sorted_places

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
    starts in none, to the one that its stay in the theatre overlaps most; else to none. One
    whose patient is out before in is left out.

    Args:
        operations: operating_unit, theatre, patient_in_at, surgery_start_at, surgery_end_at and
            patient_out_at.
        sessions: operating_unit, theatre, date, start_at, end_at and status.
    """
    usable = (sessions["status"] == "open") & sessions[["start_at", "end_at"]].notna().all(axis=1)
    usable &= sessions["end_at"] > sessions["start_at"]
    order = [*_PLACE, "start_at", "end_at", *_ids(sessions)]
    chosen = sessions[usable].sort_values(order, kind="stable", ignore_index=True)
    known = operations[_TIMES].notna().all(axis=1).to_numpy()
    known = known & (operations["patient_in_at"] <= operations["patient_out_at"]).to_numpy(bool)
    # A copy of every row is not made for nothing.
    complete = operations if known.all() else operations.loc[known, [*_PLACE, *_TIMES]]
    session_place, place = place_codes(chosen, complete)
    times = [microseconds(complete[name]) for name in _TIMES]
    day = microseconds(local_days(complete["patient_in_at"]))
    # Sorted once, so that every later sort finds its rows nearly in order.
    in_order = _order(place, times)
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


def _order(place: Integers, times: Sequence[Integers]) -> Integers:
    """The positions in order of place and times, each time deciding where those before are alike.

    Hardly any two patients come into a theatre together, so that the first time nearly always
    decides; a sort by all of them costs several times as much.
    """
    order = sorted_places(place, times[0])
    place_of, first = place[order], times[0][order]
    if ((place_of[1:] == place_of[:-1]) & (first[1:] == first[:-1])).any():
        return np.lexsort((*times[::-1], place))
    return order


def _ids(sessions: pd.DataFrame) -> list[str]:
    return [name for name in ("session_id", "vo", "section") if name in sessions]


def place_codes(*frames: pd.DataFrame) -> tuple[Integers, ...]:
    """The code of each row's theatre, from 0, the same in all frames; theatres are a unit's own.

    Args:
        frames: Each with operating_unit and theatre.

    Returns:
        One array per frame.
    """
    code = np.zeros(sum(map(len, frames)), dtype=np.int64)
    for column in _PLACE:
        every = pd.concat([frame[column].astype("str") for frame in frames])
        codes, distinct = pd.factorize(every, use_na_sentinel=False)
        code = code * len(distinct) + codes
    code = pd.factorize(code)[0].astype(np.int64)
    ends = np.cumsum([len(frame) for frame in frames])[:-1]
    return tuple(np.split(code, ends))


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
