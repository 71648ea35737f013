"""Loading the waiting lists: only the days that are not stored, each list and day a file."""

from datetime import date, datetime, timedelta
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc

from lpe_reports.warehouse.columns import TableContract
from lpe_reports.warehouse.frames import ZONE
from lpe_reports.warehouse.loading.findings import read_findings
from lpe_reports.warehouse.loading.spool import Spool
from lpe_reports.warehouse.loading.table_load import Job, TableLoad
from lpe_reports.warehouse.nights.dividing import HASH, Slice, divide, local_days, months
from lpe_reports.warehouse.nights.manifest import SilentChanges, TableManifest


def load_days(job: Job, contract: TableContract) -> TableManifest:
    """Load a table that is divided by day.

    Raises:
        SourceError: The source does not hand it over.
        ContractError: It breaks the contract.
        ExtractError: A day is stored already with other content.
    """
    return DayLoad(job, contract).load()


class DayLoad(TableLoad):
    """Fetches the days that are missing; all of them when it is time to compare.

    The newest day of the source is fetched in any case: it is the one that a source is likely to
    have made anew.
    """

    def __init__(self, job: Job, contract: TableContract) -> None:
        super().__init__(job, contract, job.base)
        self._base = job.base.manifest.tables.get(contract.name) if job.base else None

    def load(self) -> TableManifest:
        """Load the table."""
        stored = self.job.snapshots.days()
        there = self.job.source.days(self.contract.name)
        whole = not stored or self._base is None or self.job.is_due(self._base)
        wanted = None if whole else self._wanted(there, stored)
        recipe = self.job.recipe(self.contract)
        with Spool(self.job.spool(self.contract)) as spool:
            for piece in self.pieces(days=wanted) if wanted is None or wanted else ():
                rows = piece.cleaned.rows.append_column(
                    HASH, pa.array(piece.hashes[piece.cleaned.kept])
                )
                spool.add(rows, months(local_days(rows.column(self.contract.time))))
            for month in spool.months:
                self._store(spool.read(month), recipe)
        self._check(empty=not there)
        self.job.snapshots.take_rest(self.writer, self.job.folder, self.job.night)
        self.job.snapshots.refuse_changed()
        self._carry_findings(there if wanted is None else wanted)
        self._note_newest_day()
        then = self._base.full_on if self._base else None
        return self.manifest(
            "full" if whole else "days",
            full_on=self.job.night.isoformat() if whole or then is None else then,
            recipe=recipe,
            silent=self._silent(),
        )

    def _wanted(self, there: list[date], stored: dict[str, set[date]]) -> set[date]:
        """The days to fetch.

        A day of which one list is stored and another is not is fetched while it is young: the
        other may be late. Lists that came or went in history are found when all is fetched. A day
        that was stored, and whose night was not finished then, is fetched for its findings. What
        is dated later than today is fetched to be counted as left out.
        """
        night, every = self.job.night, self.job.reload.full_every_days
        days = [day for day in there if day <= night]
        known = set().union(*stored.values())
        whole = set.intersection(*stored.values())
        young = night - timedelta(days=every)
        told = {part.period for part in self._base.parts} if self._base else set()
        known = {day for day in known if day.isoformat() in told}
        wanted = {day for day in there if day > max(night, self.job.means.today)}
        wanted |= {day for day in days if day not in known or self.job.snapshots.replaces(day)}
        return wanted | {day for day in days if day not in whole and day > young} | set(days[-1:])

    def _store(self, rows: pa.Table, recipe: str) -> None:
        """Check and store the lists of a month, each day together."""
        keep, copies = self.cleaner.alone(rows, rows.column(HASH).to_numpy())
        self.add_findings(copies)
        rows = rows.filter(pa.array(keep))
        self.cleaner.refuse_shared_keys(rows.column(HASH).to_numpy())
        slices = sorted(divide(rows, self.contract), key=_list_and_day)
        for _, of_day in groupby(slices, key=_list_and_day):
            parts = list(of_day)
            day = pa.concat_tables([part.rows for part in parts])
            self.add_findings(self.cleaner.together(day, 0))
            self.job.snapshots.take(self.writer, self.job.folder, parts, recipe)

    def _check(self, *, empty: bool) -> None:
        """Refuse tonight's days when they must be; those before have been let through."""
        self.refuse_if_broken(self.tonight, self.cleaner.tally.fetched, empty=empty)

    def _carry_findings(self, fetched: list[date] | set[date]) -> None:
        """What was found in days that were not fetched still stands."""
        if self.job.base is None or self._base is None:
            return
        found = read_findings(self.job.base.folder, self._base.findings, self.contract)
        again = pa.array(sorted(day.isoformat() for day in fetched), pa.string())
        self.findings.add(
            found.filter(pc.invert(pc.is_in(found.column("period"), value_set=again)))
        )

    def _note_newest_day(self) -> None:
        newest = max((part.period for part in self.writer.parts), default=None)
        if newest is not None:
            day = date.fromisoformat(newest)
            self.note_latest_of(datetime(day.year, day.month, day.day, tzinfo=ZONE))

    def _silent(self) -> SilentChanges | None:
        """Rows of stored lists that would be others now, by other spellings or rules."""
        rows = self.job.snapshots.made_otherwise
        if not rows or self.job.base is None:
            return None
        return SilentChanges(0, rows, 0, self.job.base.manifest.night.isoformat())


def _list_and_day(each: Slice) -> tuple[str, str]:
    return each.group, each.period
