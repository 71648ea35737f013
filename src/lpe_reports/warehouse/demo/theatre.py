"""A day in theatre: one patient after another, with the times as they turn out.

Programmes start a little late, patients take longer or shorter than planned, and the next one
cannot come in before the theatre is turned over; so a programme runs over, or ends early.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from lpe_reports.warehouse.demo.days import DAY_MINUTES
from lpe_reports.warehouse.demo.draws import Bools, Floats, Ints
from lpe_reports.warehouse.demo.office import UNITS
from lpe_reports.warehouse.demo.pool import NOISE
from lpe_reports.warehouse.demo.sessions import Session

SHORTEST_MINUTES = 12


@dataclass
class Times:
    """The moments of operations, in minutes; each not before the one above it."""

    patient_in: Ints
    anaesthesia_start: Ints
    surgery_start: Ints
    knife_start: Ints
    surgery_end: Ints
    anaesthesia_end: Ints
    patient_out: Ints

    def __getitem__(self, chosen: Ints | Bools) -> "Times":
        return Times(*(getattr(self, field.name)[chosen] for field in fields(self)))


@dataclass(frozen=True)
class Programme:
    """The elective operations in the order of sessions and of the programme within them.

    Attributes:
        person: Index of the person operated on, as they were handed in.
        session: Index of the session.
        scheduled_start: Minutes; when the programme said so.
        scheduled_end: Minutes.
        times: As it turned out.
    """

    person: Ints
    session: Ints
    scheduled_start: Ints
    scheduled_end: Ints
    times: Times


def run_programmes(
    person: Ints, session: Ints, minutes: Ints, noise: Floats, sessions: Sequence[Session]
) -> Programme:
    """Run all elective programmes.

    Args:
        person: Who is operated on.
        session: In which session each of them.
        minutes: Their planned minutes.
        noise: Standard normal, columns as pool.NOISE.
        sessions: All sessions, in order of day, department, theatre and start.
    """
    order = np.lexsort((-minutes + 25 * noise[:, NOISE["order"]], session))
    person, session, minutes, noise = person[order], session[order], minutes[order], noise[order]
    usual = np.array([UNITS[s.unit].turnover_minutes for s in sessions], dtype=np.int64)[session]
    turnover = np.round(usual * np.clip(minutes / 100, 0.45, 1.15)).astype(np.int64)
    start = np.array([s.day * DAY_MINUTES + s.start for s in sessions], dtype=np.int64)
    place = _place_within(session)
    real_turnover = np.maximum(
        5, np.round(turnover * np.exp(-0.06 + 0.32 * noise[:, NOISE["turnover"]]))
    ).astype(np.int64)
    length = np.maximum(
        SHORTEST_MINUTES, np.round(minutes * np.exp(-0.02 + 0.19 * noise[:, NOISE["length"]]))
    ).astype(np.int64)
    delay = np.round(np.exp(1.9 + 0.6 * noise[:, NOISE["delay"]]) - 2).astype(np.int64)
    second = _seconds(sessions)[session]
    patient_in = _patient_in(session, second, start[session] + delay, length, real_turnover)
    planned = 5 * (_cumulated(np.where(place > 0, turnover, 0), minutes, place) // 5)
    scheduled_start = start[session] + planned
    return Programme(
        person, session, scheduled_start, scheduled_start + minutes,
        split_times(patient_in, length, noise),
    )  # fmt: skip


def split_times(patient_in: Ints, length: Ints, noise: Floats) -> Times:
    """The moments of operations that take `length` minutes from patient in to patient out."""
    induction = 0.17 * np.exp(0.25 * noise[:, NOISE["induction"]])
    close = 0.09 * np.exp(0.25 * noise[:, NOISE["close"]])
    anaesthesia_start = patient_in + 1 + np.round(0.035 * length).astype(np.int64)
    surgery_start = anaesthesia_start + np.maximum(
        2, np.round(np.minimum(induction, 0.4) * length)
    ).astype(np.int64)
    knife_start = surgery_start + np.round(0.04 * length).astype(np.int64)
    patient_out = patient_in + length
    closing = np.maximum(2, np.round(np.minimum(close, 0.25) * length)).astype(np.int64)
    surgery_end = np.maximum(knife_start + 1, patient_out - closing)
    anaesthesia_end = np.minimum(surgery_end + (closing * 3) // 5, patient_out)
    return Times(
        patient_in, anaesthesia_start, surgery_start, knife_start, surgery_end, anaesthesia_end,
        np.maximum(patient_out, anaesthesia_end),
    )  # fmt: skip


def _place_within(session: Ints) -> Ints:
    """0 for the first operation of each session, 1 for the second …; sessions are sorted."""
    first = np.r_[True, session[1:] != session[:-1]] if len(session) else np.zeros(0, bool)
    begins = np.flatnonzero(first)
    return np.arange(len(session)) - np.repeat(begins, np.diff(np.r_[begins, len(session)]))


def _seconds(sessions: Sequence[Session]) -> Bools:
    """Which sessions come second in their theatre's day; sessions are sorted."""
    keys = [(s.day, s.unit, s.theatre) for s in sessions]
    return np.array([n > 0 and keys[n] == keys[n - 1] for n in range(len(keys))], dtype=np.bool_)


def _patient_in(session: Ints, second: Bools, first_in: Ints, length: Ints, turnover: Ints) -> Ints:
    """When each patient comes in: the first by the clock, the others after the one before.

    A second session cannot begin before the first one of that day is out of the theatre.
    """
    place = _place_within(session)
    patient_in = first_in.copy()
    for is_second in (False, True):
        for n in range(int(place.max(initial=-1)) + 1):
            now = np.flatnonzero((place == n) & (second == is_second))
            if n == 0:
                now = now[now > 0]
                now = now[is_second & (session[now - 1] == session[now] - 1)]
            after = patient_in[now - 1] + length[now - 1] + turnover[now]
            patient_in[now] = np.maximum(after, first_in[now]) if n == 0 else after
    return patient_in


def _cumulated(turnover: Ints, minutes: Ints, place: Ints) -> Ints:
    """Planned minutes from the session's start to each of its operations."""
    before = np.cumsum(turnover + minutes) - minutes
    begins = np.flatnonzero(place == 0)
    return before - np.repeat(before[begins], np.diff(np.r_[begins, len(place)]))
