"""Which values of a trait are made up of which others: units of a hospital, months of a quarter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from lpe_reports.disclosure.groups import TIME, UNDER_WAY, UNIT
from lpe_reports.errors import UsageError
from lpe_reports.periods import Period, PeriodKind, parse_period, period_at, week_of

_OF_MONTHS = (PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.TERTIAL, PeriodKind.ROLLING12)


@dataclass(frozen=True)
class Nesting:
    """What is made up of what.

    Args:
        units: The operating units of each hospital, by id.
    """

    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def parts(self, trait: str, value: str) -> tuple[str, ...]:
        """The values that one is made up of, in order; none where it is not made up of others.

        A year, quarter, tertial or rolling twelve months is its months, a schedule its weeks; of
        one under way those that had begun, the last with the night it was counted on.
        """
        if trait == TIME:
            return _parts_of_time(value)
        return self.units.get(value, ()) if trait == UNIT else ()


@lru_cache(maxsize=10_000)
def _parts_of_time(value: str) -> tuple[str, ...]:
    name, under_way, night = value.partition(UNDER_WAY)
    try:
        period = parse_period(name)
        counted_to = date.fromisoformat(night) if under_way else period.end
    except (UsageError, ValueError):
        return ()
    if period.kind in _OF_MONTHS:
        return _steps(period, counted_to, night)
    return _steps(period, counted_to, night) if period.kind is PeriodKind.SCHEDULE else ()


def _steps(period: Period, counted_to: date, night: str) -> tuple[str, ...]:
    """The months, or weeks, of a period that had begun before a day."""
    found: list[str] = []
    day = period.start
    while day < min(period.end, counted_to):
        weekly = period.kind is PeriodKind.SCHEDULE
        step = week_of(day) if weekly else period_at(PeriodKind.MONTH, day)
        whole = step.end <= counted_to
        found.append(step.id if whole else f"{step.id}{UNDER_WAY}{night}")
        day = step.last_day + timedelta(days=1)
    return tuple(found)
