"""What units, selections and spans of periods are called in running text."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lpe_reports import wording
from lpe_reports.params.loading import Params
from lpe_reports.params.units import UnitKind
from lpe_reports.periods import Period, PeriodKind

if TYPE_CHECKING:
    # Search names its filters by this, also on a night that has no data to read.
    from lpe_reports.display.series.asking import Selection

PERIOD_HEADINGS = {
    PeriodKind.WEEK: "År-vecka",
    PeriodKind.MONTH: "Månad",
    PeriodKind.QUARTER: "Kvartal",
    PeriodKind.TERTIAL: "Tertial",
    PeriodKind.YEAR: "År",
    PeriodKind.ROLLING12: "Tolv månader",
    PeriodKind.SCHEDULE: "Schema",
}


def place_name(params: Params, unit_id: str) -> str:
    """What a unit is called in a sentence: Bollnäs, where only one of its kind is there."""
    unit = params.units.get(unit_id)
    operating = unit.kind is UnitKind.OPERATING_UNIT
    if operating and unit.hospital and len(params.units.operating_units_of(unit.hospital)) == 1:
        return params.units.get(unit.hospital).short
    if unit.kind is UnitKind.CLINIC and unit.hospital:
        # A page shows the clinics of one VO, so that the town tells them apart.
        return params.units.get(unit.hospital).short
    return unit.name


def selection_words(params: Params, selection: "Selection", periods: Sequence[Period]) -> str:
    """Whose numbers and when: Operationscentrum Bollnäs, ortopedi, vecka 11–19 2026."""
    said = []
    if selection.unit is not None:
        said.append(params.units.get(selection.unit).name)
    if selection.section is not None:
        said.append(f"sektion {params.units.get(selection.section).short}")
    elif selection.vo is not None:
        name = params.units.get(selection.vo).name
        said.append(wording.lower_first(name) if said else name)
    if selection.procedure is not None:
        said.append(wording.lower_first(params.procedures.name(selection.procedure)))
    return ", ".join([*(said or ["alla enheter"]), *([span(periods)] if periods else [])])


def span(periods: Sequence[Period]) -> str:
    """A row of periods in words: vecka 11–19 2026."""
    first, last = periods[0], periods[-1]
    if first == last:
        return first.long
    if first.kind is PeriodKind.WEEK:
        start, end = first.start.isocalendar(), last.start.isocalendar()
        if start.year == end.year:
            return f"vecka {start.week}–{end.week} {end.year}"
    if first.kind is PeriodKind.YEAR:
        return f"{first.long}–{last.long}"
    return f"{first.long} till {last.long}"


def since(period: Period, now: Period) -> str:
    """When something began, seen from a later period: v. 12, v. 46 2025, mars."""
    if period.kind is PeriodKind.WEEK:
        iso = period.start.isocalendar()
        year = "" if iso.year == now.start.isocalendar().year else f" {iso.year}"
        return f"v.{wording.NBSP}{iso.week}{year}"
    if period.kind is PeriodKind.MONTH and period.start.year == now.start.year:
        return period.long.split(" ")[0]
    return period.long
