"""What in a night's counts a person should look at before anything is built on it.

Only manifests are read: how many rows each table and each of its units has, and when its newest
event was.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lpe_reports.params.sources import Freshness, Limits
from lpe_reports.warehouse.nights.manifest import Manifest, TableManifest
from lpe_reports.warehouse.tables import TABLES

WAITING_LIST = "waiting_list"
_ZONE = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True)
class Comparison:
    """The rows of a table, by unit, now and then.

    Fields:
        what: The table, as a message calls it.
        then: Rows by unit on the day that is compared with.
        now: Rows by unit.
        since: That day.
        may_grow: More rows are no reason to look.
    """

    what: str
    then: Counter[str]
    now: Counter[str]
    since: str
    may_grow: bool = False

    def told(self, limits: Limits) -> Iterator[str]:
        """What differs too much: the table itself, then each of its units."""
        yield from self._differing(self.what, self.then.total(), self.now.total(), limits)
        for unit, rows in sorted(self.then.items()):
            if unit:
                yield from self._differing(f"{self.what}, {unit}", rows, self.now[unit], limits)

    def _differing(self, what: str, then: int, now: int, limits: Limits) -> Iterator[str]:
        if then < limits.row_change_from or (self.may_grow and now > then):
            return
        change = (now - then) / then
        if abs(change) > limits.row_change:
            yield f"{what}: {then} rows on {self.since}, {now} now ({100 * change:+.0f} %)"


def row_changes(manifest: Manifest, before: Manifest | None, limits: Limits) -> list[str]:
    """The tables and units whose rows differ too much from the night before, each in words.

    A table that is kept whole, such as the plan, may grow as it likes: a new version of a plan
    doubles its rows. Waiting lists are compared with themselves, the newest day of each list with
    the day before it, unless the night before held that day already.

    Args:
        manifest: The night.
        before: The night before of the same source; None when there is none.
        limits: The largest share, and from how many rows on.
    """
    compared = [*_tables(manifest, before), *_lists(manifest, before)]
    return [line for comparison in compared for line in comparison.told(limits)]


def standing_tables(
    night: date,
    tables: Iterable[TableManifest],
    freshness: Freshness,
    lists_behind_days: int = 0,
) -> dict[str, date | None]:
    """The tables whose newest event is older than agreed, and the day it was on (None: none).

    Args:
        night: The night's day.
        tables: Its tables.
        freshness: How many days before the night a table's newest event may lie, and how old
            the night may be.
        lists_behind_days: How long the source goes on after its newest waiting list, which
            decided the night's day. Lists that stand still pull the whole night back with them,
            so they are looked at whether `freshness.tables` names them or not.
    """
    newest = {table.name: _day(table.latest_event_at) for table in tables}
    days = {name: newest.get(name) for name in freshness.tables}
    standing = {
        name: day
        for name, day in days.items()
        if day is None or (night - day).days > freshness.tables[name]
    }
    if lists_behind_days > freshness.days:
        standing.setdefault(WAITING_LIST, newest.get(WAITING_LIST))
    return standing


def lists_behind(night: date, tables: Iterable[TableManifest]) -> int:
    """How many days the events that were left out go on after a night."""
    until = [date.fromisoformat(t.left_out_until) for t in tables if t.left_out_until is not None]
    return max([0, *((day - night).days for day in until)])


def _tables(manifest: Manifest, before: Manifest | None) -> Iterator[Comparison]:
    for name, table in before.tables.items() if before else ():
        contract = TABLES.get(name)
        if contract is None or contract.made or contract.parts == "day":
            continue
        assert before is not None
        yield Comparison(
            name,
            _rows(table),
            _rows(manifest.tables.get(name)),
            before.night.isoformat(),
            may_grow=contract.parts == "whole",
        )


def _lists(manifest: Manifest, before: Manifest | None) -> Iterator[Comparison]:
    for name, table in manifest.tables.items():
        contract = TABLES.get(name)
        if contract is None or contract.parts != "day":
            continue
        known = before.tables.get(name) if before else None
        for group in sorted({part.group for part in table.parts}):
            days = table.periods(group)
            if len(days) < 2 or (known is not None and days[-1] in known.periods(group)):
                continue
            then, now = (_rows(table, group, day) for day in days[-2:])
            yield Comparison(f"{name} {group}", then, now, days[-2])


def _rows(table: TableManifest | None, group: str = "", day: str | None = None) -> Counter[str]:
    """Rows by unit; of a day of a list where one is named."""
    counts = Counter[str]()
    for part in table.parts if table else ():
        if day is None or (part.group, part.period) == (group, day):
            counts[part.unit] += part.rows
    return counts


def _day(moment: str | None) -> date | None:
    return datetime.fromisoformat(moment).astimezone(_ZONE).date() if moment else None
