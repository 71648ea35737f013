"""Loading one table of a source into a night."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from lpe_reports.errors import SourceError
from lpe_reports.warehouse.aliases import presentable
from lpe_reports.warehouse.cleaning import Cleaner, Means
from lpe_reports.warehouse.columns import TableContract
from lpe_reports.warehouse.frames import ZONE, empty_table
from lpe_reports.warehouse.manifest import Manifest, TableManifest
from lpe_reports.warehouse.parts import PartsWriter, Slice, divide
from lpe_reports.warehouse.snapshot_store import SnapshotStore
from lpe_reports.warehouse.sources import Source
from lpe_reports.warehouse.tables import TABLES
from lpe_reports.warehouse.tally import Tally


@dataclass(frozen=True)
class NightBefore:
    """The newest complete night, whose unchanged parts are linked."""

    folder: Path
    manifest: Manifest


class Loader:
    """Loads the tables of one source into a night's folder.

    Args:
        source: The source, open.
        means: What its rows are cleaned with.
        folder: The night's folder.
        before: The night before, if any.
        snapshots: The stored waiting lists.
        rejected_share: The largest share of rows that may be set aside.
    """

    def __init__(
        self,
        source: Source,
        means: Means,
        folder: Path,
        before: NightBefore | None,
        snapshots: SnapshotStore,
        rejected_share: float,
    ) -> None:
        self._source = source
        self._means = means
        self._folder = folder
        self._before = before
        self._snapshots = snapshots
        self._rejected_share = rejected_share

    def load(self, name: str) -> TableManifest:
        """Load a table: fetch, clean, check, divide and store it.

        Raises:
            SourceError: The source does not hand it over.
            ContractError: It breaks the contract.
            ExtractError: A waiting list is stored already with other content.
        """
        contract = TABLES[name]
        cleaner = Cleaner(contract, self._means)
        writer = self.writer(contract)
        if contract.parts == "day":
            latest = self._load_days(cleaner, writer)
        else:
            tables = [cleaner.clean(raw) for raw in self._source.fetch(name)]
            table = cleaner.whole(pa.concat_tables([empty_table(contract.columns), *tables]))
            cleaner.refuse_if_broken(self._rejected_share)
            writer.write(table)
            latest = _latest(table, contract)
        return _manifest(cleaner.tally, writer, latest)

    def writer(self, contract: TableContract) -> PartsWriter:
        """What stores a table's parts."""
        before = self._before and self._before.manifest.tables.get(contract.name)
        known = (self._before.folder, before) if self._before and before else None
        return PartsWriter(self._folder, contract, known)

    def _load_days(self, cleaner: Cleaner, writer: PartsWriter) -> datetime | None:
        """Load snapshots, each list and day a file, holding only a few days in memory."""
        seen: set[tuple[str, str]] = set()
        for table in self._whole_days(cleaner):
            slices = sorted(divide(cleaner.whole(table), cleaner.contract), key=_list_and_day)
            for place, of_day in groupby(slices, key=_list_and_day):
                if place in seen:
                    raise SourceError(
                        f"source '{self._means.source}' spells the day {place[1]} of "
                        f"{cleaner.contract.name} in two ways; let it give dates, not texts"
                    )
                seen.add(place)
                self._snapshots.take(writer, self._folder, list(of_day))
        cleaner.refuse_if_broken(self._rejected_share)
        self._snapshots.take_rest(writer, self._folder, self._means.night)
        self._snapshots.refuse_changed()
        days = [part.period for part in writer.parts]
        newest = date.fromisoformat(max(days)) if days else None
        return datetime(newest.year, newest.month, newest.day, tzinfo=ZONE) if newest else None

    def _whole_days(self, cleaner: Cleaner) -> Iterator[pa.Table]:
        """Cleaned rows in tables that hold whole days; the last day of a batch may go on."""
        contract = cleaner.contract
        pending = empty_table(contract.columns)
        for raw in self._source.fetch(contract.name):
            pending = pa.concat_tables([pending, cleaner.clean(raw)])
        yield pending


def _list_and_day(each: Slice) -> tuple[str, str]:
    return each.group, each.period


def _latest(table: pa.Table, contract: TableContract) -> datetime | None:
    if contract.event_time is None:
        return None
    newest = pc.max(table.column(contract.event_time)).as_py()
    if newest is None or isinstance(newest, datetime):
        return newest
    return datetime(newest.year, newest.month, newest.day, tzinfo=ZONE)


def _manifest(tally: Tally, writer: PartsWriter, latest: datetime | None) -> TableManifest:
    return TableManifest(
        name=tally.table,
        rows=sum(part.rows for part in writer.parts),
        fetched=tally.fetched,
        rejected=tally.rejected,
        repaired=tally.repaired,
        left_out=tally.left_out,
        latest_event_at=latest.isoformat() if latest else None,
        checks=tally.checks,
        unknown={column: presentable(seen.items()) for column, seen in tally.unknown.items()},
        files=tuple(writer.files),
        parts=tuple(writer.parts),
    )
