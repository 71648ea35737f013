"""Cancellations: operations that had a time and were struck.

The reasons are those of SPOR's list, level 1 (1–11) and level 2 (a letter after it).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from lpe_reports.warehouse.demo.columns import times, words
from lpe_reports.warehouse.demo.days import DAY_MINUTES, NEVER, date_of, office_hours
from lpe_reports.warehouse.demo.draws import Floats, Ints, pick, uniform
from lpe_reports.warehouse.demo.keys import keys
from lpe_reports.warehouse.demo.known import changed, known
from lpe_reports.warehouse.demo.office import SECTIONS, UNITS
from lpe_reports.warehouse.demo.people import NEVER_AT, SECTION_NAMES, People
from lpe_reports.warehouse.demo.sessions import Session

# Level 2, and how often: when struck before the day, and when struck late.
REASONS = {
    "1a": (9, 17), "1b": (6, 4), "2a": (5, 7), "2b": (3, 4), "3a": (5, 3), "3b": (4, 3),
    "4a": (7, 3), "4d": (5, 4), "5a": (4, 2), "6a": (17, 5), "6b": (8, 9), "7a": (9, 16),
    "8a": (2, 3), "8b": (3, 3), "9a": (3, 7), "9b": (4, 5), "10a": (2, 2), "11a": (2, 1),
    "11c": (1, 1),
}  # fmt: skip
# No bed in the postoperative unit: at hospitals with emergencies, and more of it in winter.
NO_POSTOP_BED = "9a"
_POSTOP_FULL, _WINTER = 2.2, (12, 1, 2, 3)
LEVEL_1 = tuple(str(n) for n in range(1, 12))
# Late: after this hour on the day before.
LATE_HOUR = 17
_LATE_ON_THE_EVE, _NO_SHOW = 0.5, 0.2
# How many have their level 2 written in some days afterwards.
_COMPLETED_LATER = 0.12


@dataclass(frozen=True)
class Struck:
    """One value for each operation that was struck, in the order in which that was done.

    `person` is an index of the people; `unit` is where it was to be done.
    """

    number: Ints
    person: Ints
    unit: Ints
    scheduled_at: Ints
    cancelled_at: Ints
    reason: Ints
    completed_at: Ints


def strike(people: People, sessions: Sequence[Session], *, first: int, seed: int) -> Struck:
    """Everything that was struck from the day `first` on."""
    person = np.flatnonzero((people.struck_on < NEVER) & (people.struck_on >= first))
    number = people.number[person]

    def drawn(purpose: str) -> Floats:
        return uniform(seed, f"struck/{purpose}", number)

    mine = [sessions[n] for n in people.struck_session[person].tolist()]
    day = np.array([s.day for s in mine], dtype=np.int64)
    start = np.array([s.start for s in mine], dtype=np.int64)
    room = np.array([max(30, s.minutes - 75) for s in mine], dtype=np.int64)
    scheduled = day * DAY_MINUTES + start + 5 * (room * drawn("place") // 5).astype(np.int64)
    on = people.struck_on[person]
    by_day = office_hours(on, drawn("clock"), 8, 16.4)
    evening = office_hours(on, drawn("clock"), LATE_HOUR, 21)
    ahead = (200 * (drawn("clock") - _NO_SHOW)).astype(np.int64)
    same_day = np.maximum(on * DAY_MINUTES + 6 * 60 + 30, scheduled - ahead)
    late_eve = (on == day - 1) & (drawn("eve") < _LATE_ON_THE_EVE)
    cancelled = np.select([on >= day, late_eve], [same_day, evening], by_day)
    unit = np.array([s.unit for s in mine], dtype=np.int64)
    reason = _reasons(on, unit, (on >= day) | late_eve, drawn("reason"))
    completed = office_hours(cancelled // DAY_MINUTES + 1 + (4 * drawn("complete")).astype(int),
                             drawn("complete clock"))  # fmt: skip
    completed = np.where(drawn("later") < _COMPLETED_LATER, completed, cancelled)
    order = np.lexsort((number, cancelled))
    return Struck(
        number=np.arange(1, len(person) + 1),
        person=person[order],
        unit=unit[order],
        scheduled_at=scheduled[order],
        cancelled_at=cancelled[order],
        reason=reason[order],
        completed_at=completed[order],
    )


def cancellations_table(people: People, struck: Struck, *, until: int) -> pa.Table:
    """Everything that was struck before `until`."""
    ends = until * DAY_MINUTES
    keep = np.flatnonzero(struck.cancelled_at < ends)
    person = struck.person[keep]
    section = people.section[person]
    level_1 = np.array([LEVEL_1.index(name[:-1]) for name in REASONS])
    written = known(struck.completed_at[keep], ends) < NEVER_AT
    return pa.table(
        {
            "event_id": keys("E", struck.number[keep]),
            "need_id": keys("N", people.number[person]),
            "operating_unit": words([u.name for u in UNITS], struck.unit[keep]),
            "vo": words(list(SECTIONS.values()), section),
            "section": words(SECTION_NAMES, section),
            "scheduled_start_at": times(struck.scheduled_at[keep]),
            "cancelled_at": times(struck.cancelled_at[keep]),
            "reason_1": words(LEVEL_1, level_1[struck.reason[keep]]),
            "reason_2": words(list(REASONS), np.where(written, struck.reason[keep], -1)),
            "changed_at": times(
                changed(ends, struck.cancelled_at[keep], struck.completed_at[keep])
            ),
        }
    )


def _reasons(day: Ints, unit: Ints, late: np.ndarray, uniform: Floats) -> Ints:
    """Why each was struck, as an index of REASONS."""
    winter = np.isin([date_of(int(n)).month for n in day], _WINTER)
    reason = np.zeros(len(day), dtype=np.int64)
    for is_late in (False, True):
        for n, where in enumerate(UNITS):
            for season in (False, True):
                mine = (late == is_late) & (unit == n) & (winter == season)
                weights = {name: float(pair[is_late]) for name, pair in REASONS.items()}
                if where.emergency_theatres:
                    weights[NO_POSTOP_BED] *= _POSTOP_FULL * (1.5 if season else 1.0)
                reason[mine] = pick(uniform[mine], list(weights.values()))
    return reason
