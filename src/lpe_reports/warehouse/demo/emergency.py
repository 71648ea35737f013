"""Emergencies: they come around the clock, and wait for an emergency theatre to be free.

What can wait is not begun at night. In Gävle a second emergency theatre helps by day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from lpe_reports.warehouse.demo.catalogue import emergency_procedures
from lpe_reports.warehouse.demo.days import DAY_MINUTES, date_of, missing_hour, week_at, weekday_of
from lpe_reports.warehouse.demo.draws import Bools, Floats, Ints, generator, pick
from lpe_reports.warehouse.demo.office import UNITS
from lpe_reports.warehouse.demo.planned import YEAR_DAYS
from lpe_reports.warehouse.demo.pool import CHANCE, NOISE, asa_of
from lpe_reports.warehouse.demo.sessions import theatres_of
from lpe_reports.warehouse.demo.theatre import Times, split_times

# Shares of the decisions by hour of the day, and of an ordinary day by weekday.
_HOURS = [
    2, 1.5, 1.2, 1, 1, 1.2, 2, 4, 6, 7, 7.5, 7.5, 7, 7, 7, 6.5, 6, 5.5, 5, 4.5, 4, 3.5, 3, 2.5,
]  # fmt: skip
_WEEKDAYS = [1.08, 1.04, 1.03, 1.03, 1.06, 0.90, 0.86]
_HOMES = {"ga-cop": [0.80, 0.03, 0.13, 0.04], "hu-cop": [0.02, 0.78, 0.16, 0.04]}
_TURNOVER = 26
_NIGHT_BEGINS, _NIGHT_ENDS = 21 * 60 + 30, 7 * 60 + 30
_HELP_ENDS = 18 * 60
# Who waits this long or longer is not operated on at night.
_CAN_WAIT_HOURS = 6.0
# … and who waits this long is operated on when the day's two teams are there.
_CAN_WAIT_FOR_DAY_HOURS = 18.0
_DAY_ENDS = 15 * 60


@dataclass
class Emergencies:
    """Emergency patients of all departments in turn of decision; one value each."""

    unit: Ints
    kind: Ints
    theatre: Ints
    decided_at: Ints
    requested_at: Ints
    asa: Ints
    birth: Floats
    female: Bools
    home: Ints
    noise: Floats
    chance: Floats
    times: Times


@dataclass
class _Arrivals:
    kind: Ints
    decided_at: Ints
    requested_at: Ints
    ready_at: Ints
    length: Ints
    asa: Ints
    age: Floats
    female: Bools
    home: Ints
    noise: Floats
    chance: Floats


def live_emergencies(first_monday: int, end: int, *, seed: int, scale: float) -> Emergencies:
    """All emergencies decided from a Monday until the week of a day is over."""
    parts = []
    for n, unit in enumerate(UNITS):
        if not unit.emergency_theatres:
            continue
        weeks = [_arrivals(n, monday, seed, scale) for monday in range(first_monday, end, 7)]
        arrivals = _joined(weeks)
        theatre, start = _serve(arrivals, *theatres_of(unit, scale))
        parts.append(
            Emergencies(
                unit=np.full(len(start), n),
                kind=arrivals.kind,
                theatre=theatre,
                decided_at=arrivals.decided_at,
                requested_at=arrivals.requested_at,
                asa=arrivals.asa,
                birth=arrivals.decided_at / DAY_MINUTES - arrivals.age * YEAR_DAYS,
                female=arrivals.female,
                home=arrivals.home,
                noise=arrivals.noise,
                chance=arrivals.chance,
                times=split_times(start, arrivals.length, arrivals.noise),
            )
        )
    return _together(parts)


def _arrivals(unit: int, monday: int, seed: int, scale: float) -> _Arrivals:
    """One department's decisions of one week."""
    rng = generator(seed, "emergency", unit, week_at(monday).key)
    count = int(rng.poisson(7 * UNITS[unit].emergencies_a_day * scale))
    known = emergency_procedures()
    kind = pick(rng.random(count), [p.weight for p in known])
    day = monday + pick(rng.random(count), _WEEKDAYS)
    minute = pick(rng.random(count), _HOURS) * 60 + rng.integers(0, 60, count)
    decided = _outside_change(day * DAY_MINUTES + minute)
    requested = _outside_change(decided + rng.integers(2, 40, count))
    wait_hours = np.array([p.wait_hours for p in known])[kind]
    wait = wait_hours * 60 * np.exp(rng.normal(-0.35, 0.6, count))
    ready = requested + 10 + wait.astype(np.int64)
    morning = rng.integers(5, 60, count)
    usual = np.array([p.minutes for p in known])[kind]
    length = np.maximum(20, usual * np.exp(rng.normal(0.12, 0.28, count))).astype(np.int64)
    age = np.array([p.age for p in known])[kind]
    spread = np.array([p.age_spread for p in known])[kind]
    age = np.clip(age + spread * rng.standard_normal(count), 1, 101)
    return _Arrivals(
        kind=kind,
        decided_at=decided,
        requested_at=requested,
        ready_at=_by_day(ready, morning, wait_hours),
        length=length,
        asa=asa_of(age, rng, shift=0.35),
        age=age,
        female=rng.random(count) < np.array([p.female for p in known])[kind],
        home=pick(rng.random(count), _HOMES[UNITS[unit].id]),
        noise=rng.standard_normal((count, len(NOISE))),
        chance=rng.random((count, len(CHANCE))),
    )


def _by_day(minutes: Ints, morning: Ints, wait_hours: Floats) -> Ints:
    """The same times; of those who can wait, the late ones are moved to the next morning."""
    clock = minutes % DAY_MINUTES
    ends = np.where(wait_hours >= _CAN_WAIT_FOR_DAY_HOURS, _DAY_ENDS, _NIGHT_BEGINS)
    late, early = clock >= ends, clock < _NIGHT_ENDS
    day = minutes - clock + np.where(late, DAY_MINUTES, 0)
    moved = (late | early) & (wait_hours >= _CAN_WAIT_HOURS)
    return np.where(moved, day + _NIGHT_ENDS + morning, minutes)


def _outside_change(minutes: Ints) -> Ints:
    """The same times, none of them in the hour in which the clocks change."""
    inside = missing_hour(minutes // DAY_MINUTES) & (minutes % DAY_MINUTES // 60 == 2)
    return np.where(inside, minutes + 60, minutes)


def _serve(arrivals: _Arrivals, elective: int, emergency: int) -> tuple[Ints, Ints]:
    """Which theatre takes each patient, and when: whoever is ready first comes first."""
    order = np.argsort(arrivals.ready_at, kind="stable")
    always = elective + emergency // 2 + 1
    free = dict.fromkeys(range(elective + 1, elective + emergency + 1), 0)
    theatre_of = np.zeros(len(order), dtype=np.int64)
    start_of = np.zeros(len(order), dtype=np.int64)
    for n in order.tolist():
        ready, length = int(arrivals.ready_at[n]), int(arrivals.length[n])
        starts = [
            (max(ready, at + _TURNOVER), theatre)
            for theatre, at in free.items()
            if theatre >= always or _is_helping(max(ready, at + _TURNOVER))
        ]
        start, theatre = min(starts)
        start = _after_change(start, length)
        theatre_of[n], start_of[n] = theatre, start
        free[theatre] = start + length
    return theatre_of, start_of


def _is_helping(minute: int) -> bool:
    clock = minute % DAY_MINUTES
    return weekday_of(minute // DAY_MINUTES) < 5 and _NIGHT_ENDS <= clock < _HELP_ENDS


def _after_change(start: int, length: int) -> int:
    """The start, later if the operation would stretch into the hour in which clocks change."""
    end_day = (start + length) // DAY_MINUTES
    day = date_of(end_day)
    if day.month in (3, 10) and day.weekday() == 6 and day.day > 24:
        change = end_day * DAY_MINUTES + 2 * 60
        if start < change + 60 and start + length >= change:
            return change + 65
    return start


def _joined(weeks: Sequence[_Arrivals]) -> _Arrivals:
    return _Arrivals(
        **{f.name: np.concatenate([getattr(w, f.name) for w in weeks]) for f in fields(_Arrivals)}
    )


def _together(parts: Sequence[Emergencies]) -> Emergencies:
    """All departments in one, in turn of decision."""
    joined = {
        f.name: np.concatenate([getattr(p, f.name) for p in parts])
        for f in fields(Emergencies)
        if f.name != "times"
    }
    moments = {
        f.name: np.concatenate([getattr(p.times, f.name) for p in parts]) for f in fields(Times)
    }
    order = np.lexsort((joined["unit"], joined["decided_at"]))
    return Emergencies(**{k: v[order] for k, v in joined.items()}, times=Times(**moments)[order])
