"""Loading only what has changed in a table since a night before."""

import shutil
from datetime import datetime

import numpy as np
import pyarrow as pa

from lpe_reports.errors import ExtractError
from lpe_reports.warehouse.columns import TableContract
from lpe_reports.warehouse.loading.base import Base, find_base
from lpe_reports.warehouse.loading.findings import Mask, without
from lpe_reports.warehouse.loading.monthly import MonthLoad, WholeLoad, month_before, tail
from lpe_reports.warehouse.loading.spool import Spool
from lpe_reports.warehouse.loading.table_load import Job, newest_event
from lpe_reports.warehouse.nights.hashes import Hashes, members, row_hashes
from lpe_reports.warehouse.nights.manifest import TableManifest


class CannotIncrementError(Exception):
    """What has changed cannot be told from the night before; the whole table must be fetched."""


def load_months(job: Job, contract: TableContract) -> TableManifest:
    """Load a table that is divided by month: what has changed where that is known, else all.

    Raises:
        SourceError: The source does not hand it over.
        ContractError: It breaks the contract.
    """
    base = find_base(job, contract)
    if base is not None and not job.is_due(base.table):
        increment = Increment(job, contract, base)
        try:
            return increment.load()
        except CannotIncrementError:
            increment.give_up()
    return WholeLoad(job, contract, base).load()


class Increment(MonthLoad):
    """Only what has changed is fetched; months that it does not touch are linked unread."""

    def __init__(self, job: Job, contract: TableContract, base: Base) -> None:
        super().__init__(job, contract, base, job.base)
        self._base = base
        self._stored: set[str] = set()
        self._tail_before: tuple[str, Hashes] | None = None
        self._gone_latest: datetime | None = None

    def load(self) -> TableManifest:
        """Load the table.

        Raises:
            CannotIncrementError: The night before is damaged, or the source went back in time.
            SourceError: The source does not hand over what has changed.
            ContractError: The table breaks the contract.
        """
        base, spool = self._base, Spool(self.job.spool(self.contract))
        try:
            with spool:
                fetched = self._fetch(spool)
                gone = members(base.hashes, fetched)
                delta = set(spool.months)
                for month in sorted(delta | base.months.keys()):
                    added = spool.read(month) if month in delta else None
                    self._month(month, gone, added)
            self._carry_findings(fetched)
            self._carry_latest()
        except ExtractError:
            raise CannotIncrementError from None
        self.check()
        return self.manifest(
            "increment",
            full_on=base.table.full_on or self.job.night.isoformat(),
            recipe=base.table.recipe,
            watermark=self.watermark(),
            keys=self.keys(),
        )

    def give_up(self) -> None:
        """Leave nothing of it behind."""
        self.findings.drop()
        shutil.rmtree(self.job.folder / self.contract.name, ignore_errors=True)

    def rows_before(self, month: str) -> pa.Table:
        """The last rows of a month that was linked."""
        return tail(self._base.rows(self._base.months.get(month, [])), self.contract)

    def _fetch(self, spool: Spool) -> Hashes:
        """Fetch what has changed.

        Returns:
            The hashes of the keys of every row of it, in order.
        """
        fetched = [np.zeros(0, dtype=np.uint64)]
        since = self._base.watermark.minus(self.job.reload.overlap_hours)
        for piece in self.pieces(since):
            self.note_watermark(piece)
            self.put_away(spool, piece)
            fetched.append(piece.hashes)
        if self.newest is None or self.newest < self._base.watermark:
            # The row that the watermark is from is not there any more: rows were deleted, or
            # the source is an older copy of itself.
            raise CannotIncrementError
        return np.unique(np.concatenate(fetched))

    def _month(self, month: str, gone: Mask, added: pa.Table | None) -> None:
        """Store a month anew when rows of it go or come; link it when none do."""
        base = self._base
        numbers = base.months.get(month, [])
        leaves = base.of_parts(numbers, gone)
        if added is None and not leaves.any() and not self._tail_changed(month):
            for stored, held in base.by_file(numbers):
                self.writer.keep(stored, base.parts(held), base.of_parts(held, base.hashes))
            return
        then = base.month(month)
        self._note_gone(then.filter(pa.array(leaves)))
        now = then.filter(pa.array(~leaves))
        self._stored.add(month)
        if self.whole_rules:
            self._tail_before = (month, self._content(tail(then, self.contract)))
        self.store_month(month, now if added is None else pa.concat_tables([now, added]))

    def _tail_changed(self, month: str) -> bool:
        """Whether the rows of the days before a month are others than they were."""
        before = month_before(month)
        if self.tail is None or self._tail_before is None or self._tail_before[0] != before:
            return False
        return not np.array_equal(self._content(self.tail[1]), self._tail_before[1])

    def _content(self, rows: pa.Table) -> Hashes:
        return np.sort(row_hashes(rows, self.contract.names))

    def _note_gone(self, rows: pa.Table) -> None:
        latest = newest_event(rows, self.contract)
        if latest is not None and (self._gone_latest is None or latest > self._gone_latest):
            self._gone_latest = latest

    def _carry_latest(self) -> None:
        """The newest event of the months that were linked, without reading them if possible."""
        base = self._base
        if base.table.latest_event_at is None:
            return
        then = datetime.fromisoformat(base.table.latest_event_at)
        if self._gone_latest is None or self._gone_latest < then:
            self.note_latest_of(then)
        elif self.latest is None or self.latest < then:
            for month in base.months.keys() - self._stored:
                self.note_latest(base.rows(base.months[month]))

    def _carry_findings(self, fetched: Hashes) -> None:
        """What was found in rows that were not fetched still stands."""
        findings = without(self._base.findings(), self.whole_rules, frozenset(self._stored))
        again = members(row_hashes(findings, self.contract.key), fetched)
        self.findings.add(findings.filter(pa.array(~again)))
