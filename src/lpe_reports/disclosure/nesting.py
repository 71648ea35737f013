"""Which values of a trait are made up of which others: units of a hospital, months of a quarter.

And which procedures lie within which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from lpe_reports.disclosure.codes import Codes
from lpe_reports.disclosure.groups import TIME, UNDER_WAY, UNIT
from lpe_reports.errors import UsageError
from lpe_reports.periods import Period, PeriodKind, parse_period, period_at, week_of

_OF_MONTHS = (PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.TERTIAL, PeriodKind.ROLLING12)


@dataclass(frozen=True)
class Nesting:
    """What is made up of what.

    Args:
        units: The operating units of each hospital, by id.
        procedures: What the codes of each group, selection and code of procedures begin with, by
            id.
    """

    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    procedures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def parts(self, trait: str, value: str) -> tuple[str, ...]:
        """The values that one is made up of, in order; none where it is not made up of others.

        A year, quarter, tertial or rolling twelve months is its months, a schedule its weeks; of
        one under way those that had begun, the last with the night it was counted on.
        """
        if trait == TIME:
            return _parts_of_time(value)
        return self.units.get(value, ()) if trait == UNIT else ()

    def codes_within(self, value: str, others: Sequence[str]) -> list[tuple[str, ...]]:
        """Those of some procedures whose codes are all among those of one, itself not.

        Returns:
            Tuples of such as have no code in common, the widest first; those that have the very
            same codes as the one stand by themselves.
        """
        codes = self._codes(value)
        if codes is None:
            return []
        within = {
            other: found
            for other in others
            if other != value and (found := self._codes(other)) and found.is_within(codes)
        }
        same = [other for other, found in within.items() if codes.is_within(found)]
        narrower = {other: found for other, found in within.items() if other not in same}
        wide = sorted(
            narrower,
            key=lambda o: (-sum(n.is_within(narrower[o]) for n in narrower.values()), o),
        )
        tuples: list[list[str]] = []
        for other in wide:
            for members in tuples:
                if all(narrower[other].is_apart(narrower[m]) for m in members):
                    members.append(other)
                    break
            else:
                tuples.append([other])
        return [*((other,) for other in same), *(tuple(members) for members in tuples)]

    def has_all_codes(self, value: str, parts: Sequence[str]) -> bool:
        """Whether some procedures have together all codes that one has."""
        codes = self._codes(value)
        found = [each for part in parts if (each := self._codes(part)) is not None]
        if codes is None or not found:
            return False
        return any(codes.is_within(each) for each in (Codes.of_all(found), *found))

    def are_apart(self, value: str, other: str) -> bool:
        """Whether two procedures have no code in common; unknown ones are taken to have none."""
        codes, others = self._codes(value), self._codes(other)
        return value != other and (codes is None or others is None or codes.is_apart(others))

    def _codes(self, value: str) -> Codes | None:
        return Codes.named(value, self.procedures)


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
