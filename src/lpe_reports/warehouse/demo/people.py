"""Everyone who came to need an operation, planned or not, and everything that happened to them.

Here the queues and the emergencies meet. From these columns all tables are written, and so
they agree: who is operated on leaves the list at the minute they leave the theatre.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lpe_reports.warehouse.demo.catalogue import emergency_procedures
from lpe_reports.warehouse.demo.days import DAY_MINUTES, NEVER
from lpe_reports.warehouse.demo.draws import Bools, Floats, Ints, pick
from lpe_reports.warehouse.demo.emergency import Emergencies
from lpe_reports.warehouse.demo.office import QUEUES, SECTIONS, UNITS
from lpe_reports.warehouse.demo.planned import CODES, Planned
from lpe_reports.warehouse.demo.pool import CHANCE, UNKNOWN
from lpe_reports.warehouse.demo.sessions import Session
from lpe_reports.warehouse.demo.theatre import Programme, Times

NEVER_AT = NEVER * DAY_MINUTES
ALL_CODES = (*CODES, *(p.code for p in emergency_procedures()))
SECTION_NAMES = tuple(SECTIONS)
# Why people leave the list; all but the first leave without an operation.
REASONS = ("operated", "patient_declined", "medical", "elsewhere", "deceased")
_OTHER_SHARES = [0.42, 0.30, 0.22, 0.06]


@dataclass
class People:
    """One value each, in order of decision; planned and emergency together.

    Attributes:
        number: 1 for the first decision; what keys are made of.
        known_as: The number of the person whose patient key they have.
        unit: Where they are listed, as an index of UNITS.
        section: As an index of SECTION_NAMES.
        code: As an index of ALL_CODES.
        decided_at: Minutes, as all times; NEVER_AT where something has not happened.
        booked_on: Day of the booking that held; NEVER where there is none.
        booked_for: Day of that operation.
        struck_booked_on: The same for a booking that was struck.
        struck_session: The session it was for, or −1.
        struck_for: That session's day.
        struck_on: The day it was struck.
        removed_at: When they left the list.
        reason: As an index of REASONS.
        session: Their session, or −1.
        theatre_unit: Where they were operated on, or −1.
        theatre: The number of the theatre there.
        scheduled_start: Minutes; NEVER_AT for emergencies.
        scheduled_end: Minutes.
        times: The moments in theatre.
    """

    number: Ints
    known_as: Ints
    emergency: Bools
    unit: Ints
    section: Ints
    code: Ints
    decided_at: Ints
    requested_at: Ints
    priority_days: Ints
    guarantee: Bools
    deviation: Ints
    asa: Ints
    birth: Floats
    female: Bools
    home: Ints
    local: Bools
    chance: Floats
    booked_on: Ints
    booked_for: Ints
    struck_booked_on: Ints
    struck_session: Ints
    struck_for: Ints
    struck_on: Ints
    removed_at: Ints
    reason: Ints
    session: Ints
    theatre_unit: Ints
    theatre: Ints
    scheduled_start: Ints
    scheduled_end: Ints
    times: Times


def bring_together(
    planned: Planned, programme: Programme, emergencies: Emergencies, sessions: Sequence[Session]
) -> People:
    """Everyone in order of decision, with what the theatres did for them."""
    count, others = len(planned.queue), len(emergencies.unit)
    day, unit, theatre = (
        np.array([*(getattr(s, name) for s in sessions), last])
        for name, last in (("day", NEVER), ("unit", -1), ("theatre", 0))
    )
    times = _all_times(count, programme, emergencies)
    out_at = times.patient_out[:count]
    reason = pick((planned.chance[:, CHANCE["reason"]] * 997) % 1, _OTHER_SHARES) + 1
    kind_section = [SECTION_NAMES.index(p.section) for p in emergency_procedures()]
    unit_of_queue = [[u.id for u in UNITS].index(q.unit) for q in QUEUES]
    section_of_queue = [SECTION_NAMES.index(q.section) for q in QUEUES]
    none, never = np.full(others, UNKNOWN), np.full(others, NEVER)
    both = np.concatenate
    people = {
        "known_as": np.r_[planned.known_as, count + np.arange(others)],
        "emergency": np.r_[np.zeros(count, bool), np.ones(others, bool)],
        "unit": both([np.array(unit_of_queue)[planned.queue], emergencies.unit]),
        "section": both(
            [np.array(section_of_queue)[planned.queue], np.array(kind_section)[emergencies.kind]]
        ),
        "code": np.r_[planned.code, len(CODES) + emergencies.kind],
        "decided_at": np.r_[planned.decided_at, emergencies.decided_at],
        "requested_at": np.r_[planned.requested_at, emergencies.requested_at],
        "priority_days": np.r_[planned.priority_days, none],
        "guarantee": np.r_[planned.guarantee, np.zeros(others, bool)],
        "deviation": np.r_[planned.deviation, np.zeros(others, np.int64)],
        "asa": np.r_[planned.asa, emergencies.asa],
        "birth": np.r_[planned.birth, emergencies.birth],
        "female": np.r_[planned.female, emergencies.female],
        "home": np.r_[planned.home, emergencies.home],
        "local": np.r_[planned.local, np.zeros(others, bool)],
        "chance": both([planned.chance, emergencies.chance]),
        "booked_on": np.r_[planned.booked_on, never],
        "booked_for": np.r_[day[planned.session], never],
        "struck_booked_on": np.r_[planned.struck_booked_on, never],
        "struck_session": np.r_[planned.struck_session, none],
        "struck_for": np.r_[day[planned.struck_session], never],
        "struck_on": np.r_[planned.struck_on, never],
        "removed_at": np.r_[_removed_at(planned, out_at), emergencies.times.patient_out],
        "reason": np.r_[np.where(planned.session >= 0, 0, reason), np.zeros(others, np.int64)],
        "session": np.r_[planned.session, none],
        "theatre_unit": np.r_[unit[planned.session], emergencies.unit],
        "theatre": np.r_[theatre[planned.session], emergencies.theatre],
        "scheduled_start": _scheduled(programme.person, programme.scheduled_start, count, others),
        "scheduled_end": _scheduled(programme.person, programme.scheduled_end, count, others),
    }
    order = np.argsort(people["decided_at"], kind="stable")
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(1, len(order) + 1)
    people["known_as"] = number[people["known_as"]]
    ordered = {name: values[order] for name, values in people.items()}
    return People(number=np.arange(1, len(order) + 1), times=times[order], **ordered)


def _removed_at(planned: Planned, out_at: Ints) -> Ints:
    """When each left the list: out of theatre, or some time of a day without an operation."""
    minute = 600 + (planned.chance[:, CHANCE["reason"]] * 300).astype(np.int64)
    other = np.where(planned.removed >= NEVER, NEVER_AT, planned.removed * DAY_MINUTES + minute)
    return np.where(planned.session >= 0, out_at, other)


def _all_times(count: int, programme: Programme, emergencies: Emergencies) -> Times:
    columns = []
    for name in Times.__dataclass_fields__:
        column = np.full(count, NEVER_AT)
        column[programme.person] = getattr(programme.times, name)
        columns.append(np.r_[column, getattr(emergencies.times, name)])
    return Times(*columns)


def _scheduled(person: Ints, minutes: Ints, count: int, others: int) -> Ints:
    column = np.full(count + others, NEVER_AT)
    column[person] = minutes
    return column
