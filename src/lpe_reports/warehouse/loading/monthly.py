"""Loading a table that is divided by month, a month at a time; here: every row of it."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from lpe_reports.errors import SourceError
from lpe_reports.warehouse.columns import TableContract
from lpe_reports.warehouse.frames import ZONE, empty_table
from lpe_reports.warehouse.loading.base import Base, write_keys
from lpe_reports.warehouse.loading.comparing import Comparison
from lpe_reports.warehouse.loading.spool import Spool
from lpe_reports.warehouse.loading.table_load import Job, NightBefore, Piece, TableLoad
from lpe_reports.warehouse.nights.dividing import HASH, Slice, local_days, months
from lpe_reports.warehouse.nights.manifest import StoredFile, TableManifest
from lpe_reports.warehouse.rules import rules_of
from lpe_reports.warehouse.sources.watermark import Watermark

# A row is looked at together with those of so many days before it.
CONTEXT_DAYS = 2


class MonthLoad(TableLoad):
    """What both ways have in common."""

    def __init__(
        self, job: Job, contract: TableContract, base: Base | None, before: NightBefore | None
    ) -> None:
        super().__init__(job, contract, before)
        self.base = base
        self.whole_rules = [rule.name for rule in rules_of(contract) if rule.whole]
        self._newest: Watermark | None = None
        self._held_back: Watermark | None = None
        self.tail: tuple[str, pa.Table] | None = None

    def note_watermark(self, piece: Piece) -> None:
        """Take up how far the source's changes go.

        A row that was left out as later than the night must be fetched again by the next.
        """
        if piece.changed is None:
            return
        here = piece.cleaned.here
        self._newest = _extreme(max, self._newest, Watermark.of(piece.changed))
        if not here.all():
            left_out = piece.changed.filter(pa.array(~here))
            self._held_back = _extreme(min, self._held_back, Watermark.oldest(left_out))

    @property
    def newest(self) -> Watermark | None:
        """The newest change that was seen."""
        return self._newest

    def watermark(self) -> Watermark | None:
        """From where on the next night has to fetch."""
        if self._newest is None:
            return None
        known = (self._newest, self._held_back, _latest_possible(self._newest))
        return min(each for each in known if each is not None)

    def put_away(self, spool: Spool, piece: Piece) -> None:
        """Put the rows of a piece that the contract takes into the spool."""
        rows, kept = piece.cleaned.rows, piece.cleaned.kept
        days = local_days(rows.column(self.contract.time))
        spool.add(rows.append_column(HASH, pa.array(piece.hashes[kept])), months(days))

    def store_month(self, month: str, rows: pa.Table) -> list[Slice]:
        """Check the rows of a month together and store its parts.

        Args:
            month: The month.
            rows: All its rows, with HASH.
        """
        keep, copies = self.cleaner.alone(rows, rows.column(HASH).to_numpy())
        self.add_findings(copies)
        if not keep.all():
            rows = rows.filter(pa.array(keep))
        if self.whole_rules:
            plain = rows.select(list(self.contract.names))
            context = self.context(month)
            together = pa.concat_tables([context, plain])
            self.add_findings(self.cleaner.together(together, context.num_rows))
            self.tail = (month, tail(plain, self.contract))
        self.note_latest(rows)
        return self.write(month, rows)

    def write(self, month: str, rows: pa.Table) -> list[Slice]:
        """Store the rows of a month."""
        return self.writer.write(rows)

    def context(self, month: str) -> pa.Table:
        """The rows of the days before a month."""
        before = month_before(month)
        if self.tail is not None and self.tail[0] == before:
            return self.tail[1]
        return self.rows_before(before)

    def rows_before(self, month: str) -> pa.Table:
        """The last rows of a month that was not stored by this load."""
        return empty_table(self.contract.columns)

    def check(self) -> None:
        """Refuse the table when it must be."""
        hashes = self.writer.hashes
        self.cleaner.refuse_shared_keys(hashes)
        counts = self.findings.counts
        of_rows = len(hashes) + counts.rejected + counts.duplicates
        self.refuse_if_broken(counts, of_rows, empty=not len(hashes))

    def keys(self) -> StoredFile:
        """Write the hashes of the keys, in the order of the parts."""
        return write_keys(self.job.folder, self.contract, self.writer.hashes, self.base)


class WholeLoad(MonthLoad):
    """Every row is fetched; what differs from the night before is looked into."""

    def __init__(self, job: Job, contract: TableContract, base: Base | None) -> None:
        super().__init__(job, contract, base, job.base or job.linked)
        self._comparison = Comparison(base) if base else None
        self._since = base.watermark.minus(job.reload.overlap_hours) if base else None

    def load(self) -> TableManifest:
        """Load the table.

        Raises:
            SourceError: The source does not hand it over.
            ContractError: It breaks the contract.
        """
        with Spool(self.job.spool(self.contract)) as spool:
            for piece in self.pieces():
                self.note_watermark(piece)
                self._compare_later(piece)
                self.put_away(spool, piece)
            for month in spool.months:
                slices = self.store_month(month, spool.read(month))
                if self._comparison is not None:
                    self._comparison.month(month, slices)
        self.writer.end_year()
        self.check()
        watermark = self.watermark()
        return self.manifest(
            "full",
            full_on=self.job.night.isoformat(),
            recipe=self.job.recipe(self.contract),
            watermark=watermark,
            silent=self._comparison.result() if self._comparison else None,
            keys=self.keys() if watermark else None,
        )

    def write(self, month: str, rows: pa.Table) -> list[Slice]:
        """Store the rows of a month; those of years past are stored with their year's."""
        return self.writer.write_month(month, rows, self.job.night)

    def _compare_later(self, piece: Piece) -> None:
        if self._comparison is None or self._since is None or piece.changed is None:
            return
        try:
            reached = self._since.reached(piece.changed)
        except SourceError:
            # The column is of another kind than it was: its values cannot be compared.
            self._comparison = None
            return
        quiet = ~reached.to_numpy(zero_copy_only=False)
        self._comparison.note(piece.hashes, quiet, piece.cleaned.kept)


def tail(rows: pa.Table, contract: TableContract) -> pa.Table:
    """The rows of the last days of a month, that those of the next are looked at with."""
    days = local_days(rows.column(contract.time))
    if not len(days):
        return rows
    end = months(days).max() + 1
    last = end.astype("datetime64[D]") - np.timedelta64(CONTEXT_DAYS, "D")
    return rows.filter(pa.array(days >= last))


def month_before(month: str) -> str:
    """The month before a month."""
    return str(np.datetime64(month, "M") - 1)


def _latest_possible(watermark: Watermark) -> Watermark | None:
    """A day from now: one row dated 2099 must not hide every change until then."""
    tomorrow = datetime.now(ZONE) + timedelta(days=1)
    match watermark.kind:
        case "time":
            return Watermark(tomorrow.replace(tzinfo=None))
        case "instant":
            return Watermark(tomorrow)
        case _:
            return None


def _extreme(
    choose: Callable[[Iterable[Watermark]], Watermark], *of: Watermark | None
) -> Watermark | None:
    known = [each for each in of if each is not None]
    return choose(known) if known else None
