"""What stands around a series: the wish it was made from, its targets, marks and notes."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from lpe_reports import wording
from lpe_reports.display.naming import place_name
from lpe_reports.display.series.asking import Reader, Selection
from lpe_reports.display.series.measure import SeriesMeasure
from lpe_reports.display.series.model import Shade
from lpe_reports.display.tables import Target
from lpe_reports.measures.production import target_in_force
from lpe_reports.params.loading import Params
from lpe_reports.periods import Period, PeriodKind

# What happened adds up over days, and so does what should have: a target is of so many days.
_ADDED_UP = ("count", "hours")

LIST_WORDS = {"operation": "till operation", "first_contact": "till första kontakt"}


@dataclass(frozen=True)
class Wish:
    """What a notebook asks a series for.

    Args:
        measure: What is measured.
        selection: Whose numbers.
        period: The last period.
        count: How many periods at most, the last one included.
        name: What the page calls it; made from measure and place when empty.
        targets: The targets it may have, as measure and unit; the first that exists.
        options: Parameters of the measure.
        rebase: Ids of periods where limits start anew.
    """

    measure: SeriesMeasure
    selection: Selection
    period: Period
    count: int
    name: str = ""
    targets: tuple[tuple[str, str], ...] = ()
    options: Mapping[str, object] | None = None
    rebase: tuple[str, ...] = ()


def targets_of(wish: Wish, periods: Sequence[Period], reader: Reader) -> list[Target | None]:
    """The target in force on the last day of each period, asked once between two changes.

    The office sets what is to be done week by week: a month or a year is not judged by it.
    """
    measure = wish.measure
    if measure.type in _ADDED_UP and not measure.stock and wish.period.kind is not PeriodKind.WEEK:
        return [None] * len(periods)
    table = reader.remember(("targets",), lambda: _by_measure_and_unit(reader))
    for name, unit in wish.targets:
        rows = table.get((name, unit))
        if rows is None:
            continue
        changes = sorted({*rows["valid_from"].dropna(), *rows["valid_to"].dropna()})
        asked: dict[int, Target | None] = {}
        found = []
        for period in periods:
            day = pd.Timestamp(period.last_day)
            stretch = 2 * bisect_left(changes, day) + (day in changes)
            if stretch not in asked:
                both = target_in_force(rows, measure=name, unit=unit, on=period.last_day)
                asked[stretch] = _target(*both) if both else None
            found.append(asked[stretch])
        if any(found):
            return found
    return [None] * len(periods)


def _by_measure_and_unit(reader: Reader) -> dict[tuple[str, str], pd.DataFrame]:
    if not reader.has("targets"):
        return {}
    groups = reader.read("targets").groupby(["measure", "unit"])
    return {(str(measure), str(unit)): rows for (measure, unit), rows in groups}


def _target(value: float, direction: str) -> Target:
    return Target(value, "down" if direction == "down" else "up")


def comparable(wish: Wish, ongoing: bool) -> bool:
    """Whether the same period a year before says anything that the period before does not."""
    return wish.period.kind is not PeriodKind.YEAR and (wish.measure.stock or not ongoing)


def same_in(last_year: Period, period: Period) -> str:
    """Samma vecka 2025; where the year has no week 53, the week that stands for it."""
    if period.kind is PeriodKind.WEEK:
        year, week, _ = last_year.start.isocalendar()
        return f"samma vecka {year}" if week == period.start.isocalendar().week else last_year.long
    if period.kind in (PeriodKind.ROLLING12, PeriodKind.SCHEDULE):
        return "ett år tidigare"
    return f"samma {wording.PERIOD_WORDS[period.kind].one} {last_year.start.year}"


def shades_of(params: Params, selection: Selection, periods: Sequence[Period]) -> tuple[Shade, ...]:
    calendar = params.calendar
    start, end = periods[0].start, periods[-1].end
    shades = []
    for closure in calendar.closures_of([selection.unit] if selection.unit else [], start, end):
        touched = [
            number
            for number, period in enumerate(periods)
            if closure.start < period.end and closure.end >= period.start
        ]
        shades.append(Shade(touched[0], touched[-1], closure.name, closure=True))
    if periods[0].kind is PeriodKind.WEEK:
        for number, period in enumerate(periods):
            days = [d for d in calendar.holidays(period.start, period.end) if d.isoweekday() < 6]
            names = [calendar.holiday_name(day) for day in days]
            words = wording.listing([name for name in names if name])
            if words:
                shades.append(Shade(number, number, words, closure=False))
    return tuple(shades)


def place_of(params: Params, selection: Selection) -> str:
    return "" if selection.unit is None else place_name(params, selection.unit)


def key_of(wish: Wish) -> str:
    chosen = wish.selection
    parts = [chosen.unit, chosen.section, chosen.procedure]
    if wish.measure.stock and chosen.list != "operation":
        parts.append(chosen.list)
    return wording.slug("-".join([wish.measure.id, *(part for part in parts if part)]))


def limit_days_of(wish: Wish, params: Params) -> int | None:
    if wish.measure.wording.form != "guarantee":
        return None
    return params.glossary.guarantee_on(wish.period.last_day, list=wish.selection.list).days


def snapshot_note(wish: Wish, reader: Reader) -> str:
    """Which night stands for the list, where the wanted one is missing."""
    if not wish.measure.stock:
        return ""
    wanted = min(wish.period.end, reader.night)
    found = reader.snapshot_on(wish.selection.list, wanted)
    if found is None or found == wanted:
        return ""
    return f"Listan den {wanted} saknas; siffrorna är från den {found}."
