"""The office's production plan and targets, made from what the departments can do.

A yearly plan is made in December and a rolling one in April and September; each is a little
wrong in its own way, and none knows of a closure before it was decided.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from lpe_reports.warehouse.demo.days import date_of, number_of, week_at, weekday_of
from lpe_reports.warehouse.demo.draws import generator
from lpe_reports.warehouse.demo.office import CLINICS, CLOSURES, SECTIONS, UNITS

# The closure of Bollnäs was decided in the spring, so plans from then on reckon with it.
CLOSURE_KNOWN = date(2026, 3, 2)
# Share of a section's operations that Bollnäs does, and what is left of them when it is closed.
_IN_BOLLNAS = {"Ort": 0.33, "Kir": 0.27, "Uro": 0.36}
_DONE_ELSEWHERE = 0.35
_UTILISATION_TARGETS = {
    "ga-cop": 0.78, "ga-dagkir": 0.82, "hu-cop": 0.80, "bo-opc": 0.84,
}  # fmt: skip


@dataclass(frozen=True)
class Capacity:
    """What a section does: planned operations per fully staffed week, emergencies per day."""

    section: str
    planned_a_week: float
    emergencies_a_day: float
    hours_each: float


def capacities(operations: pd.DataFrame, first: int) -> list[Capacity]:
    """Each section's capacity, from its first year."""
    begins = pd.Timestamp(date_of(first))
    year = operations[
        operations["surgery_start_at"].between(begins, begins + pd.Timedelta(days=364))
    ]
    weeks = sum(_weight(day) for day in range(first, first + 364)) / 5
    hours = (year["surgery_end_at"] - year["surgery_start_at"]).dt.total_seconds() / 3600
    found = []
    for section in SECTIONS:
        mine = year["section"] == section
        planned = mine & (year["urgency"] == "elective")
        found.append(
            Capacity(
                section=section,
                planned_a_week=float(planned.sum()) / weeks,
                emergencies_a_day=float((mine & ~planned).sum()) / 364,
                hours_each=float(hours[mine].mean()) if mine.any() else 1.0,
            )
        )
    return found


def production_plan(
    known: list[Capacity], *, first: int, until: int, seed: int
) -> Iterator[tuple[str, str, str, date, int, float]]:
    """Rows of the plan: vo, section, month, version, operations, hours."""
    last = date_of(until)
    for year in range(date_of(first + 6).year, last.year + 2):
        versions = (date(year - 1, 12, 1), date(year, 4, 1), date(year, 9, 1))
        for version in versions:
            if version > last:
                continue
            begins = max(date(year, 1, 1), version)
            for capacity in known:
                error = generator(seed, "plan", version, capacity.section).normal(0.01, 0.025)
                for month in range(begins.month, 13):
                    expected = _expected(capacity, date(year, month, 1), version) * (1 + error)
                    count = max(0, round(expected))
                    yield (
                        SECTIONS[capacity.section],
                        capacity.section,
                        f"{year}-{month:02d}",
                        version,
                        count,
                        round(count * capacity.hours_each, 1),
                    )


def targets(
    known: list[Capacity], first: int
) -> Iterator[tuple[str, str, date, date | None, float, str]]:
    """Rows of the targets: measure, unit, valid from, valid to, value, direction."""
    begins = date(date_of(first + 6).year, 1, 1)
    names = {unit.id: unit.name for unit in UNITS}
    bollnas = names["bo-opc"]
    raised = date(2025, 9, 1)
    for measure, before, now in (
        ("open_theatres", 18, 20),
        ("operations_ortopedi", 40, 45),
        ("arthroplasties", 20, 24),
    ):
        if begins < raised:
            yield measure, bollnas, begins, raised - timedelta(days=1), before, "up"
        yield measure, bollnas, max(begins, raised), None, now, "up"
    for unit in UNITS:
        yield "aacd_raw", unit.name, begins, None, _UTILISATION_TARGETS[unit.id], "up"
    for name in (*names.values(), *(clinic.name for clinic in CLINICS)):
        yield "guarantee_share_waiting", name, begins, None, 0.9, "up"
    for vo in dict.fromkeys(SECTIONS.values()):
        if vo != "Ortopedi":
            mine = [c for c in known if SECTIONS[c.section] == vo]
            a_week = sum(0.97 * c.planned_a_week + 7 * c.emergencies_a_day for c in mine)
            yield "operations", vo, begins, None, float(max(1, 5 * round(a_week / 5))), "up"


def _expected(capacity: Capacity, month: date, version: date) -> float:
    ends = (month + timedelta(days=31)).replace(day=1)
    expected = 0.0
    for day in range(number_of(month), number_of(ends)):
        planned = _weight(day) * capacity.planned_a_week / 5
        shut = any(closure.first <= day <= closure.last for closure in CLOSURES)
        if shut and version >= CLOSURE_KNOWN:
            planned *= 1 - _IN_BOLLNAS.get(capacity.section, 0.0) * (1 - _DONE_ELSEWHERE)
        expected += planned + capacity.emergencies_a_day
    return expected


def _weight(day: int) -> float:
    """How much of an ordinary working day's elective programme a day has."""
    week = week_at(day - weekday_of(day))
    return week.staffed if day in week.working else 0.0
