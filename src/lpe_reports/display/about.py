"""Whom the numbers of pages are about, said alike on every page.

These populations have traits that reports share:

- `waiting`: entries of a waiting list. `list`, `vo`, `section`, `unit`, `procedure`, `time` (the
  day of the list), `covered` (`yes`, or why not: `pvv`, `mov`, `some` of the two) and `within` (by
  the guarantee's rule in force), `booked`, `asa`, `band` (of days), `priority` (days, "0-30"),
  `past_latest`. Decisions to operate that are open on a morning are the list of that day.
- `operated`: elective operations with a known wait. `procedure`, `vo`, `section`, `unit`, `time`,
  `within` (days), `covered`, `asa`, `planned`, `sex`, `age`.
- `moved`: those who came to a waiting list or left it. `list`, `vo`, `unit`, `time`, `event`
  (`joined`, `left`) and, of those who left, `outcome` (`operated`, `met`, `removed`, or why they
  were removed).
- `flow`: referrals, decisions and operations in a step from referral to home. `step`, `vo`,
  `time`, `event` (`in`, `done`, `timed`, `any`, `linkable`), or `state` (`waiting`).
- `postop`: stays in postoperative care. `unit` (the postoperative one), `time`, `on_call`,
  `weekday`, `known` (`stay`, `ward`: whose times are known), `waited` (for a ward).
- `scheduled`: operations with a time, done or struck. `unit`, `time`, `struck`, `reason`.

The same people must have the same traits wherever they are counted: only then is it seen what
two tables tell together.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from lpe_reports.disclosure.groups import UNDER_WAY
from lpe_reports.disclosure.kinship import OTHERS
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.params.procedures import Procedures
from lpe_reports.params.units import UnitKind, Units
from lpe_reports.periods import Period, PeriodKind, period_at

WAITING = "waiting"
OPERATED = "operated"
MOVED = "moved"
FLOW = "flow"
POSTOP = "postop"
SCHEDULED = "scheduled"
# What a mean of days is the mean of, and so what its sums add up.
WAIT_DAYS = "wait_days"

_BY_LENGTH = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.TERTIAL, PeriodKind.YEAR)

Traits = tuple[tuple[str, str], ...]

COVERED: Traits = (("covered", "yes"),)
# By the limit that is in force for the list on that day.
COVERED_WITHIN: Traits = (("covered", "yes"), ("within", "guarantee"))
COVERED_PAST: Traits = (("covered", "yes"), ("within", f"{OTHERS}guarantee"))
WITHIN_90: Traits = (("within", "90"),)
UNBOOKED: Traits = (("booked", "no"),)
# Stays in postoperative care whose length is known, or whose wait for a ward; who waited long.
STAY_KNOWN: Traits = (("known", "stay"),)
WARD_KNOWN: Traits = (("known", "ward"),)
WAITED: Traits = (("known", "ward"), ("waited", "yes"))
STRUCK: Traits = (("struck", "yes"),)
JOINED: Traits = (("event", "joined"),)
LEFT: Traits = (("event", "left"),)


def time_of(period: Period, end: date) -> str:
    """The trait `time` of what happened in a period before a day.

    The period's id; with the day where the period is longer than that, since the same people
    are counted on no other night. The same days have one name, whatever they are called on the
    page: January to April of a year is its first tertial, and twelve months to December a year.
    """
    end = min(end, period.end)
    if period.kind not in (PeriodKind.WEEK, PeriodKind.SCHEDULE):
        begun_then = (period_at(kind, period.start) for kind in _BY_LENGTH)
        for same in begun_then:
            if same.start == period.start and same.end >= end:
                period = same
                break
    return period.id if end >= period.end else f"{period.id}{UNDER_WAY}{end.isoformat()}"


def procedure_ids(prefixes: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What each group of procedures is called as a trait, where the first that fits is taken.

    Args:
        prefixes: The prefixes of each group, in order.

    Returns:
        By group its own id, unless an earlier one has some of its codes; under "" the id of all
        that fits in none.
    """
    ids: dict[str, str] = {}
    for group, begins in prefixes.items():
        taken = [earlier for earlier in ids if _overlap(prefixes[earlier], begins)]
        ids[group] = "-not-".join([group, *taken])
    ids[""] = "-not-".join(["any", *sorted(prefixes)])
    return ids


def nesting_of(units: Units, procedures: Procedures | None = None) -> Nesting:
    """Which operating units each hospital has, and what the codes of procedures begin with.

    Args:
        units: All units.
        procedures: All procedures; a page, which would else have to run again whenever any of
            them changes, leaves them to the look at all pages together.
    """
    if procedures is None:
        return Nesting(units=_OperatingUnits(units))
    return Nesting(
        units=dict(_OperatingUnits(units)),
        procedures={name: procedures.prefixes(name) for name in procedures},
    )


class _OperatingUnits(Mapping[str, tuple[str, ...]]):
    """The operating units of each hospital, looked up one by one: a page depends on its own."""

    def __init__(self, units: Units) -> None:
        self._units = units

    def __getitem__(self, hospital: str) -> tuple[str, ...]:
        if found := self._units.operating_units_of(hospital):
            return found
        raise KeyError(hospital)

    def __iter__(self) -> Iterator[str]:
        for hospital in self._units.of_kind(UnitKind.HOSPITAL):
            if self._units.operating_units_of(hospital.id):
                yield hospital.id

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _overlap(some: Sequence[str], others: Sequence[str]) -> bool:
    return any(a.startswith(b) or b.startswith(a) for a in some for b in others)
