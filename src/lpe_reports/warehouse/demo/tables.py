"""The tables operations, needs and sessions, column by column as the data contract names them.

A table holds what was known on the morning of the last night: what happens later is absent.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lpe_reports.warehouse.demo.days import DAY_MINUTES, NEVER, dates_of, times_of
from lpe_reports.warehouse.demo.draws import Bools, Ints
from lpe_reports.warehouse.demo.keys import (
    names,
    numbered,
    patient_keys,
    surgeon_keys,
    surgeons_of,
)
from lpe_reports.warehouse.demo.office import HOSPITALS, QUEUES, SECTIONS, UNITS
from lpe_reports.warehouse.demo.people import ALL_CODES, NEVER_AT, REASONS, SECTION_NAMES, People
from lpe_reports.warehouse.demo.planned import age_on
from lpe_reports.warehouse.demo.pool import CHANCE, DEVIATIONS
from lpe_reports.warehouse.demo.sessions import (
    NOBODY,
    OPEN,
    PUBLISHED_DAYS_BEFORE,
    Session,
    schedule_name,
)

UNIT_NAMES = tuple(unit.name for unit in UNITS)
VO_NAMES = tuple(SECTIONS.values())
# One in so many is as the column says.
NO_LINK_PLANNED, NO_LINK_EMERGENCY = 0.004, 0.08
PLANNED_UNKNOWN, SURGEON_UNKNOWN = 0.006, 0.01
OTHER_SURGEON = 0.14


def needs_table(people: People, *, first: int, until: int) -> pd.DataFrame:
    """Needs decided before `until` and not settled before `first`, in order of decision."""
    ends = until * DAY_MINUTES
    keep = np.flatnonzero((people.decided_at < ends) & (people.removed_at >= first * DAY_MINUTES))
    decided = people.decided_at[keep] // DAY_MINUTES
    priority = people.priority_days[keep]
    removed = _known(people.removed_at[keep], ends)
    section = people.section[keep]
    return pd.DataFrame(
        {
            "need_id": numbered("N", people.number[keep]),
            "patient_key": patient_keys(people.known_as[keep]),
            "referral_id": pd.array([None] * len(keep), dtype="str"),
            "decided_at": times_of(people.decided_at[keep]),
            "requested_at": times_of(_known(people.requested_at[keep], ends)),
            "urgency": np.where(people.emergency[keep], "emergency", "elective"),
            "medical_priority": _nullable(priority, priority < 0),
            "latest_on": dates_of(np.where(priority < 0, NEVER, decided + priority)),
            "procedure_code": names(ALL_CODES, people.code[keep]),
            "asa": _nullable(people.asa[keep], people.asa[keep] == 0),
            "age": age_on(people.birth[keep], decided),
            "sex": np.where(people.female[keep], "F", "M"),
            "operating_unit": names(UNIT_NAMES, people.unit[keep]),
            "vo": names(VO_NAMES, section),
            "section": names(SECTION_NAMES, section),
            "guarantee": people.guarantee[keep],
            "deviation": names(DEVIATIONS, people.deviation[keep]),
            "removed_at": times_of(removed),
            "removed_reason": names(REASONS, np.where(removed < NEVER_AT, people.reason[keep], -1)),
        }
    )


def operations_table(
    people: People, sessions: Sequence[Session], *, first: int, until: int, scale: float
) -> pd.DataFrame:
    """Operations over before `until` and not before `first`, in the order in which they ended."""
    out_at = people.times.patient_out
    keep = np.flatnonzero(
        (out_at <= until * DAY_MINUTES) & (people.times.patient_in >= first * DAY_MINUTES)
    )
    keep = keep[np.lexsort((people.theatre[keep], people.theatre_unit[keep], out_at[keep]))]
    emergency, chance = people.emergency[keep], people.chance[keep]
    times = people.times[keep]
    unit, section = people.theatre_unit[keep], people.section[keep]
    linked = chance[:, CHANCE["link"]] >= np.where(emergency, NO_LINK_EMERGENCY, NO_LINK_PLANNED)
    surgeon, surgeon_home = _surgeons(people, keep, sessions, scale)
    local = people.local[keep]
    anaesthesia = [np.where(local, NEVER_AT, t) for t in (times.anaesthesia_start,
                                                          times.anaesthesia_end)]  # fmt: skip
    need = names(numbered("N", people.number[keep]), np.where(linked, np.arange(len(keep)), -1))
    asa = people.asa[keep]
    unknown = pd.array([None] * len(keep), dtype="boolean")
    planned = pd.array(~emergency, dtype="boolean")
    planned[chance[:, CHANCE["planned"]] < PLANNED_UNKNOWN] = pd.NA
    return pd.DataFrame(
        {
            "operation_id": numbered("O", np.arange(1, len(keep) + 1)),
            "need_id": need,
            "patient_key": patient_keys(people.known_as[keep]),
            "operating_unit": names(UNIT_NAMES, unit),
            "theatre": theatre_names(unit, people.theatre[keep]),
            "vo": names(VO_NAMES, section),
            "section": names(SECTION_NAMES, section),
            "patient_home": names(HOSPITALS, people.home[keep]),
            "surgeon_key": names(surgeon_keys(surgeon), _sometimes(chance, SURGEON_UNKNOWN)),
            "surgeon_home": names(HOSPITALS, surgeon_home),
            "procedure_code": names(ALL_CODES, people.code[keep]),
            "asa": _nullable(asa, asa == 0),
            "age": age_on(people.birth[keep], times.patient_in // DAY_MINUTES),
            "sex": np.where(people.female[keep], "F", "M"),
            "urgency": np.where(emergency, "emergency", "elective"),
            "planned": planned,
            "decided_at": times_of(people.decided_at[keep]),
            "requested_at": times_of(people.requested_at[keep]),
            "scheduled_start_at": times_of(people.scheduled_start[keep]),
            "scheduled_end_at": times_of(people.scheduled_end[keep]),
            "patient_in_at": times_of(times.patient_in),
            "anaesthesia_start_at": times_of(anaesthesia[0]),
            "surgery_start_at": times_of(times.surgery_start),
            "knife_start_at": times_of(times.knife_start),
            "surgery_end_at": times_of(times.surgery_end),
            "anaesthesia_end_at": times_of(anaesthesia[1]),
            "patient_out_at": times_of(times.patient_out),
            "anaesthesia_staff": ~local,
            "postop_planned": unknown,
            "postop_actual": unknown,
        }
    )


def sessions_table(sessions: Sequence[Session], *, first: int) -> pd.DataFrame:
    """All sessions from `first` on, closed and released ones too."""
    kept = [s for s in sessions if s.day >= first]
    day = np.array([s.day for s in kept])
    start = day * DAY_MINUTES + np.array([s.start for s in kept])
    end = day * DAY_MINUTES + np.array([s.end for s in kept])
    unit = np.array([s.unit for s in kept])
    status = np.array([s.status for s in kept], dtype=object)
    section = np.array([_section(s.queue) for s in kept])
    # One team in eight stays two hours longer than the session.
    late = np.array([s.uniform * 31 % 1 < 0.125 for s in kept]) & (status == OPEN)
    staffed = status == OPEN
    schedules = np.array([s.schedule_start for s in kept])
    known = {n: schedule_name(int(n)) for n in np.unique(schedules)}
    return pd.DataFrame(
        {
            "session_id": numbered("X", np.arange(1, len(kept) + 1)),
            "theatre": theatre_names(unit, np.array([s.theatre for s in kept])),
            "operating_unit": names(UNIT_NAMES, unit),
            "date": dates_of(day),
            "start_at": times_of(start),
            "end_at": times_of(end),
            "vo": names(VO_NAMES, section),
            "section": names(SECTION_NAMES, section),
            "status": status,
            "staffed_from_at": times_of(np.where(staffed, start, NEVER_AT)),
            "staffed_to_at": times_of(np.where(staffed, end + 120 * late, NEVER_AT)),
            "schedule": [known[n] for n in schedules],
            "published_on": dates_of(schedules - PUBLISHED_DAYS_BEFORE),
        }
    )


def theatre_names(unit: Ints, theatre: Ints) -> list[str]:
    """Theatres as they are spelled: Hu C-op 01."""
    prefixes = [u.theatre_name for u in UNITS]
    return [f"{prefixes[u]} {t:02d}" for u, t in zip(unit.tolist(), theatre.tolist(), strict=True)]


def _surgeons(
    people: People, keep: Ints, sessions: Sequence[Session], scale: float
) -> tuple[Ints, Ints]:
    """One surgeon for a session, now and then another; emergencies have whoever is on call."""
    uniform = np.array([*(s.uniform for s in sessions), 0.0])[people.session[keep]]
    own = people.chance[keep, CHANCE["surgeon"]]
    alone = people.emergency[keep] | (own < OTHER_SURGEON)
    hospital = np.array([u.hospital for u in UNITS])
    guest = people.unit[keep] != people.theatre_unit[keep]
    return surgeons_of(
        people.theatre_unit[keep],
        people.section[keep],
        np.where(guest, hospital[people.unit[keep]], -1),
        np.where(alone, (own * 7.1) % 1, uniform),
        scale,
    )


def _section(queue: int) -> int:
    return -1 if queue == NOBODY else SECTION_NAMES.index(QUEUES[queue].section)


def _known(minutes: Ints, ends: int) -> Ints:
    """The same times, those that have not come yet as NEVER_AT."""
    return np.where(minutes < ends, minutes, NEVER_AT)


def _nullable(values: Ints, null: Bools) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(values.astype(np.int64), null)


def _sometimes(chance: np.ndarray, share: float) -> Ints:
    """Each row's own position, or −1 in a share of them."""
    return np.where(chance[:, CHANCE["blank"]] < share, -1, np.arange(len(chance)))
