"""After the theatre: the postoperative unit, and the ward until the patient goes home.

When a patient is ready to leave depends on the operation. When they do leave depends on the
ward as well: its beds are full on weekday afternoons, most of all in winter, and at night hardly
anybody is moved, so that who comes late stays until the morning.
"""

from dataclasses import dataclass

import numpy as np

from lpe_reports.warehouse.demo.catalogue import aftercare
from lpe_reports.warehouse.demo.days import DAY_MINUTES, date_of, outside_change, weekday_of
from lpe_reports.warehouse.demo.draws import Bools, Floats, Ints, normal, uniform
from lpe_reports.warehouse.demo.office import UNITS
from lpe_reports.warehouse.demo.people import ALL_CODES, NEVER_AT, People
from lpe_reports.warehouse.demo.planned import CODES, YEAR_DAYS

POSTOP, INTENSIVE, WARD, HOME = range(4)
CARE = ("Postop", "IVA", "Vårdavdelning", "Hem")
DESTINATIONS = ("home", "care_home", "hospital", "deceased", "other")
# Intensive care straight from the theatre, by planned and emergency operations.
_TO_INTENSIVE = (0.010, 0.055)
# Minutes in postop until ready: some for everybody, and more after a long operation.
_READY_BASE, _READY_PER_MINUTE, _READY_SPREAD = 62, 0.42, 0.33
# Where a ward bed is waited for: by the hour of the day in which the patient is ready.
_FULL_BY_HOUR = np.array([0.05] * 10 + [0.10, 0.14, 0.20, 0.24, 0.27, 0.26, 0.22, 0.15]
                         + [0.10, 0.08] + [0.05] * 4)  # fmt: skip
_WINTER, _WINTER_MORE, _WEEKEND_LESS = (12, 1, 2, 3), 1.45, 0.6
_FULL_MINUTES = 115
# Nobody is moved to a ward between these hours if they can stay.
_NIGHT_FROM, _NIGHT_TO, _STAYS_OVERNIGHT = 21.5 * 60, 6.5 * 60, 0.72
# Units that close for the night have sent everybody away by then.
_CLOSES = {"ga-dagkir": 20 * 60, "bo-opc": 21 * 60 + 30}
_READY_UNKNOWN = 0.035


@dataclass(frozen=True)
class Aftercare:
    """What followed each operation; one value for each of the people, NEVER_AT where nothing did.

    Attributes:
        planned: As an index of CARE: where the patient was to be looked after.
        actual: Where they were.
        arrived_at, ready_at, left_at: Their stay in the postoperative unit.
        over_at: When it is known where they were looked after.
        admitted_at, discharged_at: Their stay in hospital.
        destination: As an index of DESTINATIONS.
    """

    planned: Ints
    actual: Ints
    arrived_at: Ints
    ready_at: Ints
    left_at: Ints
    over_at: Ints
    admitted_at: Ints
    discharged_at: Ints
    destination: Ints


def live_aftercare(people: People, *, seed: int) -> Aftercare:
    """What followed each operation."""
    done = people.times.patient_out < NEVER_AT
    inpatient, nights = _inpatients(people, seed)
    inpatient &= done
    planned = np.select([people.local & inpatient, people.local], [WARD, HOME], POSTOP)
    risk = np.where(people.emergency, _TO_INTENSIVE[1], _TO_INTENSIVE[0])
    risk = risk * np.select([people.asa >= 4, people.asa == 3], [4.0, 1.5], 0.5)
    intensive = (uniform(seed, "after/intensive", people.number) < risk) & inpatient & ~people.local
    foreseen = uniform(seed, "after/foreseen", people.number) < 0.55
    actual = np.where(intensive, INTENSIVE, planned)
    planned = np.where(intensive & foreseen, INTENSIVE, planned)
    in_postop = done & (actual == POSTOP)
    arrived, ready, left = _postop(people, inpatient, seed)
    left_at = np.where(in_postop, left, NEVER_AT)
    admitted, discharged = _stay(people, inpatient, nights, left, seed)
    unknown = uniform(seed, "after/ready unknown", people.number) < _READY_UNKNOWN
    return Aftercare(
        planned=planned,
        actual=actual,
        arrived_at=np.where(in_postop, arrived, NEVER_AT),
        ready_at=np.where(in_postop & ~unknown, ready, NEVER_AT),
        left_at=left_at,
        over_at=np.where(in_postop, left_at, people.times.patient_out),
        admitted_at=np.where(inpatient, admitted, NEVER_AT),
        discharged_at=np.where(inpatient, discharged, NEVER_AT),
        destination=_destination(people, seed),
    )


def _inpatients(people: People, seed: int) -> tuple[Bools, Floats]:
    """Who stays in hospital, and the usual number of nights."""
    known = aftercare()
    urgency = ["elective"] * len(CODES) + ["emergency"] * (len(ALL_CODES) - len(CODES))
    pairs = [known.get(pair, (0.0, 0.0)) for pair in zip(urgency, ALL_CODES, strict=True)]
    share, nights = np.array(pairs).T
    day_only = [n for n, unit in enumerate(UNITS) if unit.id == "ga-dagkir"]
    stays = uniform(seed, "after/inpatient", people.number) < share[people.code]
    return stays & ~np.isin(people.theatre_unit, day_only), nights[people.code]


def _postop(people: People, inpatient: Bools, seed: int) -> tuple[Ints, Ints, Ints]:
    """When each arrives at the postoperative unit, is ready, and leaves."""
    out = np.where(people.times.patient_out < NEVER_AT, people.times.patient_out, 0)
    length = np.where(out > 0, out - people.times.patient_in, 0)

    def drawn(purpose: str) -> Floats:
        return uniform(seed, f"postop/{purpose}", people.number)

    arrived = out + 2 + (7 * drawn("way")).astype(np.int64)
    usual = _READY_BASE + _READY_PER_MINUTE * length + np.where(inpatient, 25, 0)
    spread = np.exp(_READY_SPREAD * normal(seed, "postop/ready", people.number))
    ready = arrived + np.clip(usual * spread, 15, 900).astype(np.int64)
    wait = 3 + 22 * drawn("called") ** 2
    full = drawn("full") < _full_share(ready)
    wait = wait + np.where(inpatient & full, -_FULL_MINUTES * np.log(drawn("bed")), 0)
    left = ready + np.minimum(wait, 900).astype(np.int64)
    clock = left % DAY_MINUTES
    asleep = inpatient & ((clock >= _NIGHT_FROM) | (clock < _NIGHT_TO))
    asleep &= drawn("overnight") < _STAYS_OVERNIGHT
    morning = left - clock + np.where(clock >= _NIGHT_FROM, DAY_MINUTES, 0) + int(_NIGHT_TO)
    left = np.where(asleep, morning + (150 * drawn("morning")).astype(np.int64), left)
    for n, unit in enumerate(UNITS):
        if unit.id in _CLOSES:
            closes = out - out % DAY_MINUTES + _CLOSES[unit.id]
            mine = (people.theatre_unit == n) & (left > closes)
            left = np.where(mine, np.maximum(closes, arrived + 20), left)
    ready = np.minimum(ready, left)
    return outside_change(arrived), outside_change(ready), outside_change(left)


def _full_share(at: Ints) -> Floats:
    """How likely it is that a ward has no bed for who is ready then."""
    day = at // DAY_MINUTES
    known = np.unique(day)
    factor = np.array([_fullness(int(n)) for n in known])
    of_day: Floats = factor[np.searchsorted(known, day)]
    by_hour: Floats = _FULL_BY_HOUR[at % DAY_MINUTES // 60]
    return of_day * by_hour


def _fullness(day: int) -> float:
    season = _WINTER_MORE if date_of(day).month in _WINTER else 1.0
    return season * (_WEEKEND_LESS if weekday_of(day) >= 5 else 1.0)


def _stay(
    people: People, inpatient: Bools, nights: Floats, left: Ints, seed: int
) -> tuple[Ints, Ints]:
    """When each is admitted and discharged; the stay holds the operation and the postop."""
    patient_in = people.times.patient_in

    def drawn(purpose: str) -> Floats:
        return uniform(seed, f"stay/{purpose}", people.number)

    day = patient_in // DAY_MINUTES
    morning = np.minimum(day * DAY_MINUTES + 375 + (60 * drawn("clock")).astype(np.int64),
                         patient_in - 45)  # fmt: skip
    evening = (day - 1) * DAY_MINUTES + 14 * 60 + (240 * drawn("clock")).astype(np.int64)
    before = drawn("evening before") < np.where(nights > 3, 0.45, 0.08)
    arrived = people.decided_at - 20 - (300 * drawn("arrived")).astype(np.int64)
    admitted = np.where(people.emergency, arrived, np.where(before, evening, morning))
    spread = np.exp(0.42 * normal(seed, "stay/nights", people.number) - 0.09)
    stayed = np.maximum(1, np.round(nights * spread)).astype(np.int64)
    out_day = np.where(inpatient, people.times.patient_out, 0) // DAY_MINUTES
    home = (out_day + stayed) * DAY_MINUTES + 9 * 60 + (390 * drawn("home")).astype(np.int64)
    return outside_change(admitted), outside_change(np.maximum(home, left + 60))


def _destination(people: People, seed: int) -> Ints:
    """Where each goes: the older, the oftener to a care home."""
    age = (people.decided_at // DAY_MINUTES - people.birth) / YEAR_DAYS
    drawn = uniform(seed, "stay/destination", people.number)
    sick = people.emergency & (people.asa >= 3)
    frail = np.select([age >= 85, age >= 75, age >= 65], [0.34, 0.14, 0.03], 0.003)
    frail = frail * np.where(people.emergency, 1.0, 0.25)
    deceased = np.where(sick, 0.03, 0.0004)
    edges = np.cumsum([frail, np.full(len(age), 0.022), deceased, np.full(len(age), 0.008)], axis=0)
    return np.select([drawn < edge for edge in edges], [1, 2, 3, 4], 0)
