"""The tables operations, needs and sessions, column by column as the data contract names them.

A table holds what was known on the morning of the last night: what happens later is absent.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lpe_reports.warehouse.demo.aftercare import CARE, Aftercare
from lpe_reports.warehouse.demo.days import DAY_MINUTES, NEVER, dates_of, office_hours, times_of
from lpe_reports.warehouse.demo.draws import Bools, Ints, uniform
from lpe_reports.warehouse.demo.keys import (
    keys,
    names,
    patient_keys,
    surgeon_keys,
    surgeons_of,
)
from lpe_reports.warehouse.demo.known import changed, known
from lpe_reports.warehouse.demo.linking import Links
from lpe_reports.warehouse.demo.office import HOSPITALS, QUEUES, SECTIONS, UNITS
from lpe_reports.warehouse.demo.people import ALL_CODES, NEVER_AT, REASONS, SECTION_NAMES, People
from lpe_reports.warehouse.demo.planned import age_on
from lpe_reports.warehouse.demo.pool import CHANCE, DEVIATIONS
from lpe_reports.warehouse.demo.referrals import Referrals
from lpe_reports.warehouse.demo.sessions import (
    NOBODY,
    OPEN,
    PUBLISHED_DAYS_BEFORE,
    PUBLISHED_HOUR,
    Session,
    schedule_name,
    status_changed,
)

UNIT_NAMES = tuple(unit.name for unit in UNITS)
VO_NAMES = tuple(SECTIONS.values())
# One in so many is as the column says.
NO_LINK_PLANNED, NO_LINK_EMERGENCY = 0.004, 0.08
PLANNED_UNKNOWN, SURGEON_UNKNOWN = 0.006, 0.01
OTHER_SURGEON = 0.14
# How many have their ASA class written in afterwards, and within how many days.
ASA_LATER, ASA_LATER_DAYS = 0.02, 30


def needs_table(
    people: People, referrals: Referrals, links: Links, *, first: int, until: int
) -> pd.DataFrame:
    """Needs decided before `until` and not settled before `first`, in order of decision."""
    ends = until * DAY_MINUTES
    keep = np.flatnonzero((people.decided_at < ends) & (people.removed_at >= first * DAY_MINUTES))
    decided = people.decided_at[keep] // DAY_MINUTES
    priority = people.priority_days[keep]
    moments = [getattr(people, at)[keep] for at in ("decided_at", "requested_at", "removed_at")]
    removed = known(moments[-1], ends)
    referral = links.referral[keep]
    section = people.section[keep]
    return pd.DataFrame(
        {
            "need_id": keys("N", people.number[keep]).to_pandas(),
            "patient_key": patient_keys(links.patient[keep]).to_pandas(),
            "referral_id": keys("R", referrals.number[referral], referral >= 0).to_pandas(),
            "decided_at": times_of(moments[0]),
            "requested_at": times_of(known(moments[1], ends)),
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
            "changed_at": times_of(changed(ends, *moments)),
        }
    )


def operation_numbers(people: People, *, first: int) -> Ints:
    """Numbers the operations from `first` on in the order in which they end; 0 for no operation."""
    out_at = people.times.patient_out
    keep = np.flatnonzero((out_at < NEVER_AT) & (people.times.patient_in >= first * DAY_MINUTES))
    keep = keep[np.lexsort((people.theatre[keep], people.theatre_unit[keep], out_at[keep]))]
    number = np.zeros(len(out_at), dtype=np.int64)
    number[keep] = np.arange(1, len(keep) + 1)
    return number


def operations_table(
    people: People, sessions: Sequence[Session], after: Aftercare, links: Links, number: Ints,
    *, until: int, scale: float, seed: int,
) -> pd.DataFrame:  # fmt: skip
    """Numbered operations over before `until`, in the order in which they ended."""
    ends = until * DAY_MINUTES
    out_at = people.times.patient_out
    keep = np.flatnonzero((number > 0) & (out_at < ends))
    keep = keep[np.argsort(number[keep])]
    emergency, chance = people.emergency[keep], people.chance[keep]
    times = people.times[keep]
    unit, section = people.theatre_unit[keep], people.section[keep]
    linked = chance[:, CHANCE["link"]] >= np.where(emergency, NO_LINK_EMERGENCY, NO_LINK_PLANNED)
    surgeon, surgeon_home = _surgeons(people, keep, sessions, scale)
    local = people.local[keep]
    anaesthesia = [np.where(local, NEVER_AT, t) for t in (times.anaesthesia_start,
                                                          times.anaesthesia_end)]  # fmt: skip
    late_asa = _asa_known(people, keep, seed)
    asa = np.where(late_asa < ends, people.asa[keep], 0)
    postop_over = after.over_at[keep]
    planned = pd.array(~emergency, dtype="boolean")
    planned[chance[:, CHANCE["planned"]] < PLANNED_UNKNOWN] = pd.NA
    return pd.DataFrame(
        {
            "operation_id": keys("O", number[keep]).to_pandas(),
            "need_id": keys("N", people.number[keep], linked).to_pandas(),
            "patient_key": patient_keys(links.patient[keep]).to_pandas(),
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
            "postop_planned": names(CARE, after.planned[keep]),
            "postop_actual": names(CARE, np.where(postop_over < ends, after.actual[keep], -1)),
            "changed_at": times_of(changed(ends, out_at[keep], postop_over, late_asa)),
        }
    )


def sessions_table(
    sessions: Sequence[Session], *, first: int, until: int, seed: int
) -> pd.DataFrame:
    """All published sessions from `first` on, as they stood, closed and released ones too."""
    ends = until * DAY_MINUTES
    kept = [s for s in sessions if s.day >= first]
    day = np.array([s.day for s in kept])
    start = day * DAY_MINUTES + np.array([s.start for s in kept])
    end = day * DAY_MINUTES + np.array([s.end for s in kept])
    unit = np.array([s.unit for s in kept])
    section = np.array([_section(s.queue) for s in kept])
    schedules = np.array([s.schedule_start for s in kept])
    published = office_hours(schedules - PUBLISHED_DAYS_BEFORE, np.zeros(len(kept)), PUBLISHED_HOUR)
    settled = status_changed(kept, seed=seed)
    status = np.where(settled < ends, np.array([s.status for s in kept], dtype=object), OPEN)
    staffed = status == OPEN
    # One team in eight stays two hours longer than the session; that is known when it is over.
    stays = np.array([s.uniform * 31 % 1 < 0.125 for s in kept]) & staffed
    longer = np.where(stays, end, 0)
    known_schedules = {n: schedule_name(int(n)) for n in np.unique(schedules)}
    return pd.DataFrame(
        {
            "session_id": keys("X", np.arange(1, len(kept) + 1)).to_pandas(),
            "theatre": theatre_names(unit, np.array([s.theatre for s in kept])),
            "operating_unit": names(UNIT_NAMES, unit),
            "date": dates_of(day),
            "start_at": times_of(start),
            "end_at": times_of(end),
            "vo": names(VO_NAMES, section),
            "section": names(SECTION_NAMES, section),
            "status": status,
            "staffed_from_at": times_of(np.where(staffed, start, NEVER_AT)),
            "staffed_to_at": times_of(
                np.where(staffed, end + 120 * (stays & (longer < ends)), NEVER_AT)
            ),
            "schedule": [known_schedules[n] for n in schedules],
            "published_on": dates_of(schedules - PUBLISHED_DAYS_BEFORE),
            "changed_at": times_of(changed(ends, published, settled, longer)),
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


def _asa_known(people: People, keep: Ints, seed: int) -> Ints:
    """When each operation's ASA class was written in: mostly with it, now and then weeks later."""
    number, out_at = people.number[keep], people.times.patient_out[keep]
    days = 1 + (ASA_LATER_DAYS * uniform(seed, "asa/days", number)).astype(np.int64)
    later = office_hours(out_at // DAY_MINUTES + days, uniform(seed, "asa/clock", number))
    return np.where(uniform(seed, "asa/later", number) < ASA_LATER, later, out_at)


def _nullable(values: Ints, null: Bools) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(values.astype(np.int64), null)


def _sometimes(chance: np.ndarray, share: float) -> Ints:
    """Each row's own position, or −1 in a share of them."""
    return np.where(chance[:, CHANCE["blank"]] < share, -1, np.arange(len(chance)))
