"""The load of one table into a night: fetched and cleaned in pieces, counted, and told."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from lpe_reports.params.sources import Limits, Reload
from lpe_reports.warehouse.aliases import presentable
from lpe_reports.warehouse.columns import TableContract
from lpe_reports.warehouse.frames import ZONE
from lpe_reports.warehouse.loading.cleaning import Cleaned, Cleaner, Means
from lpe_reports.warehouse.loading.findings import Counts, FindingsWriter
from lpe_reports.warehouse.loading.tally import UNKNOWN_RULES, check_id, refuse, share_problems
from lpe_reports.warehouse.nights.hashes import Hashes, row_hashes
from lpe_reports.warehouse.nights.manifest import (
    Manifest,
    SilentChanges,
    StoredFile,
    TableManifest,
)
from lpe_reports.warehouse.nights.parts import PartsWriter, share
from lpe_reports.warehouse.nights.snapshot_store import SnapshotStore
from lpe_reports.warehouse.rules import Consequence
from lpe_reports.warehouse.sources import Source
from lpe_reports.warehouse.sources.place import CHANGED
from lpe_reports.warehouse.sources.watermark import Watermark

# So many values are cleaned at once, however many rows a source hands over.
PIECE_VALUES = 2_000_000


@dataclass(frozen=True)
class NightBefore:
    """A complete night that tonight's is built on."""

    folder: Path
    manifest: Manifest


@dataclass(frozen=True)
class Job:
    """What every table of a night is loaded with.

    Attributes:
        source: The source, open.
        means: What its rows are cleaned with.
        folder: The night's folder.
        linked: The night whose unchanged parts are linked.
        base: The newest night of the same source and secret, not later than this one.
        snapshots: The stored waiting lists.
        limits: When a table is refused.
        reload: How often a table is loaded whole.
        full: Load every table whole.
        recipe: What a table's rows are made with.
        told: Who is told how many rows of a table have been read.
    """

    source: Source
    means: Means
    folder: Path
    linked: NightBefore | None
    base: NightBefore | None
    snapshots: SnapshotStore
    limits: Limits
    reload: Reload
    full: bool
    recipe: Callable[[TableContract], str]
    told: Callable[[str, int], None]

    @property
    def night(self) -> date:
        return self.means.night

    def is_due(self, then: TableManifest) -> bool:
        """Whether a table, as it was in a night before, must be loaded whole again."""
        if self.full or then.full_on is None:
            return True
        days = (self.night - date.fromisoformat(then.full_on)).days
        return not 0 <= days < self.reload.full_every_days

    def spool(self, contract: TableContract) -> Path:
        """The file that a table's rows wait in."""
        return self.folder / f".spool-{contract.name}"


class Piece(NamedTuple):
    """Some rows of a fetch: cleaned, with the hashes of all their keys and their watermarks."""

    cleaned: Cleaned
    hashes: Hashes
    changed: pa.ChunkedArray | None


class TableLoad:
    """The load of one table: what its kinds have in common.

    Args:
        job: What it is loaded with.
        contract: The table.
        before: The night whose files are linked where they did not change.
    """

    def __init__(self, job: Job, contract: TableContract, before: NightBefore | None) -> None:
        self.job = job
        self.contract = contract
        self.cleaner = Cleaner(contract, job.means)
        self.findings = FindingsWriter(job.folder, contract)
        self.tonight = Counts()
        then = before.manifest.tables.get(contract.name) if before else None
        self._before = (before.folder, then) if before and then else None
        self.writer = PartsWriter(job.folder, contract, self._before)
        self.latest: datetime | None = None

    def pieces(
        self, since: Watermark | None = None, days: Collection[date] | None = None
    ) -> Iterator[Piece]:
        """Fetch and clean, a bounded number of rows at a time.

        Raises:
            SourceError: The source does not hand it over.
        """
        read = 0
        for batch in self.job.source.fetch(self.contract.name, since=since, days=days):
            for raw in _cut(batch):
                changed = raw.column(CHANGED) if CHANGED in raw.column_names else None
                cleaned = self.cleaner.clean(raw)
                self.add_findings(cleaned.findings)
                yield Piece(cleaned, row_hashes(cleaned.keys, self.contract.key), changed)
                read += raw.num_rows
                self.job.told(self.contract.name, read)

    def add_findings(self, findings: pa.Table) -> None:
        """Take up what was found tonight."""
        self.findings.add(findings)
        self.tonight.add(findings)

    def note_latest(self, rows: pa.Table) -> None:
        """Note the newest event of some rows of the night."""
        self.note_latest_of(newest_event(rows, self.contract))

    def note_latest_of(self, latest: datetime | None) -> None:
        """Note the newest event of other rows of the night."""
        if latest is not None and (self.latest is None or latest > self.latest):
            self.latest = latest

    def refuse_if_broken(self, counts: Counts, of_rows: int, *, empty: bool) -> None:
        """Refuse the table when it must be.

        Args:
            counts: What was found.
            of_rows: In how many rows.
            empty: There is no row.

        Raises:
            ContractError: Names table, column, rule and number of rows.
        """
        self.cleaner.refuse_personal()
        problems = self.cleaner.tally.problems()
        problems += share_problems(counts, of_rows, self.job.limits, self.cleaner.says())
        asked = self.job.means.entry.tables[self.contract.name].may_be_empty
        allowed = self.contract.may_be_empty if asked is None else asked
        if empty and not allowed:
            problems.append(self._why_empty(counts))
        refuse(self.contract.name, self.job.means.source, problems)

    def _why_empty(self, counts: Counts) -> str:
        """What became of the rows of a table that has none left."""
        left_out = self.cleaner.tally.left_out
        read = max(self.cleaner.tally.fetched, counts.rejected) + left_out
        if not read:
            return (
                "it has no row at all, and must not be empty; mend the source, or say "
                f"'may_be_empty: true' of {self.contract.name} in params/sources.yml"
            )
        said = [f"{read} {'row' if read == 1 else 'rows'} read"]
        if counts.rejected:
            rules = {check_id(c) for c in counts.checks() if c.consequence == Consequence.ROW}
            said.append(f"{counts.rejected} set aside by {', '.join(sorted(rules))}")
        if left_out:
            said.append(f"{left_out} later than the night {self.job.night}")
        return f"no row of it is left, and it must not be empty: {', '.join(said)}"

    def manifest(
        self,
        load: Literal["full", "increment", "days"],
        *,
        full_on: str,
        recipe: str = "",
        watermark: Watermark | None = None,
        silent: SilentChanges | None = None,
        keys: StoredFile | None = None,
    ) -> TableManifest:
        """What the load came to; its findings are written."""
        counts, tally = self.findings.counts, self.cleaner.tally
        findings = self._shared(self.findings.finish())
        return TableManifest(
            name=self.contract.name,
            rows=sum(part.rows for part in self.writer.parts),
            fetched=tally.fetched,
            rejected=counts.rejected,
            repaired=counts.repaired,
            left_out=tally.left_out,
            latest_event_at=self.latest.isoformat() if self.latest else None,
            checks=tuple(sorted(counts.checks())),
            unknown=self._unknown(counts, carried=load != "full"),
            files=tuple(self.writer.files),
            parts=tuple(self.writer.parts),
            duplicates=counts.duplicates,
            load=load,
            full_on=full_on,
            watermark=watermark.to_json() if watermark else None,
            silent=silent,
            recipe=recipe,
            findings=findings,
            keys=keys,
            left_out_until=tally.newest_left_out.isoformat() if tally.newest_left_out else None,
        )

    def _shared(self, findings: StoredFile | None) -> StoredFile | None:
        """The findings, as a link where they are those of the night before."""
        if self._before and findings is not None and findings == self._before[1].findings:
            share(self._before[0], self.job.folder, findings)
        return findings

    def _unknown(self, counts: Counts, *, carried: bool) -> Mapping[str, Mapping[str, int]]:
        """The spellings that are not known; with those of the night before that still stand."""
        tonight = {c: presentable(seen.items()) for c, seen in self.cleaner.tally.unknown.items()}
        if not carried or self._before is None:
            return tonight
        still = {c.columns[0] for c in counts.checks() if c.rule in UNKNOWN_RULES}
        before = {c: seen for c, seen in self._before[1].unknown.items() if c in still}
        return {
            column: {
                spelling: max(seen.get(column, {}).get(spelling, 0) for seen in (before, tonight))
                for spelling in {**before.get(column, {}), **tonight.get(column, {})}
            }
            for column in {**before, **tonight}
        }


def _cut(batch: pa.Table) -> Iterator[pa.Table]:
    """A batch in pieces of about the same size."""
    pieces = -(-batch.num_rows * batch.num_columns // PIECE_VALUES)
    rows = -(-batch.num_rows // max(pieces, 1))
    for start in range(0, batch.num_rows, max(rows, 1)):
        yield batch.slice(start, rows)


def newest_event(rows: pa.Table, contract: TableContract) -> datetime | None:
    """The newest event of some rows; a day is taken at its midnight."""
    if contract.event_time is None or not rows.num_rows:
        return None
    newest = pc.max(rows.column(contract.event_time)).as_py()
    if newest is None or isinstance(newest, datetime):
        return newest.astimezone(ZONE) if newest else None
    return datetime(newest.year, newest.month, newest.day, tzinfo=ZONE)
