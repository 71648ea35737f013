"""The extract: all tables of a source into one night's folder, whole or not at all."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

import pyarrow as pa

from lpe_reports.errors import ContractError, ExtractError, UsageError
from lpe_reports.params.sources import Sources
from lpe_reports.params.units import Units
from lpe_reports.progress import Progress, Silent
from lpe_reports.settings import Project
from lpe_reports.warehouse.aliases import Aliases
from lpe_reports.warehouse.columns import TableContract
from lpe_reports.warehouse.frames import ZONE, stored_schema
from lpe_reports.warehouse.keys import Keys, source_keys
from lpe_reports.warehouse.loading.cleaning import Means
from lpe_reports.warehouse.loading.load import load_table
from lpe_reports.warehouse.loading.origin import fingerprint_of_place
from lpe_reports.warehouse.loading.recipe import recipe_of
from lpe_reports.warehouse.loading.table_load import Job, NightBefore
from lpe_reports.warehouse.nights import snapshot_store
from lpe_reports.warehouse.nights.changes import lists_behind, standing_tables
from lpe_reports.warehouse.nights.folders import finish, nights, unfinished_folder
from lpe_reports.warehouse.nights.holding import held_error, hold, reasons_to_hold
from lpe_reports.warehouse.nights.manifest import (
    Manifest,
    TableManifest,
    read_manifest,
    write_manifest,
)
from lpe_reports.warehouse.nights.parts import PartsWriter
from lpe_reports.warehouse.nights.snapshot_store import TABLE as WAITING_LIST
from lpe_reports.warehouse.nights.snapshot_store import SnapshotStore
from lpe_reports.warehouse.retrying import FailedTry, with_retries
from lpe_reports.warehouse.sources import Source, open_source
from lpe_reports.warehouse.tables import CONTRACT_VERSION
from lpe_reports.warehouse.tables.plan import LOAD_LOG


class ExtractParams(Protocol):
    """Params, as far as an extract needs them."""

    @property
    def sources(self) -> Sources:
        """The sources of params/sources.yml."""

    @property
    def units(self) -> Units:
        """The units of params/units.yml."""


def extract(
    project: Project,
    params: ExtractParams,
    source: str | None = None,
    as_of: date | None = None,
    progress: Progress | None = None,
    *,
    full: bool = False,
    accept: bool = False,
    replace: Collection[date] = frozenset(),
    today: date | None = None,
) -> Path:
    """Make a night out of a source.

    The night's folder appears by one rename when every table is in it and has passed its checks;
    until then nothing of it is visible, and a failed load leaves nothing behind but new waiting
    lists, which are kept as soon as all tables have passed. What the source loses on the way is
    asked for again, from the beginning.

    Args:
        project: The project.
        params: Its params.
        source: The source's name; the default one when None.
        as_of: The night's day; events after it are left out. When None, the day of the newest
            waiting list in the source that is not later than today, or today.
        progress: Who is told how far it is.
        full: Fetch every table whole, and compare it with the night before.
        accept: Let the night through however much its rows have changed.
        replace: The days whose stored waiting lists are taken anew; the old ones stay beside.
        today: The day it is in Sweden, for all tables and tries; by the clock, now, when None.

    Returns:
        The night's folder.

    Raises:
        UsageError: There is no such source, or the day has not been.
        SettingsError: A real source without LPE_KEY_SECRET.
        SourceError: The source does not hand over what it should; SourceGoneError when it did
            not answer, or was lost on the way, as often as it was asked.
        ContractError: Tables break the contract; names each with column, rule and rows.
        ExtractError: A waiting list is stored with other content, or the disk cannot be written.
        ExtractHeldError: Rows have changed so much that a person must look; nothing is visible.
    """
    name = source or params.sources.default
    keys = source_keys(name, params.sources, os.environ)
    place = fingerprint_of_place(name, params.sources.get(name), keys, os.environ)
    order = _Order(
        project, params, name, keys, place, full, accept, frozenset(replace), today or _today()
    )
    progress = progress or Silent()

    def told(failed: FailedTry) -> None:
        wait = f"{failed.wait_seconds:.0f} s"
        progress.done()
        progress.start(
            f"extract: {failed.error}; try {failed.number + 1} of {failed.attempts} in {wait}", 0
        )

    attempts = params.sources.get(name).attempts
    return with_retries(partial(_attempt, order, as_of, progress), attempts, told)


@dataclass(frozen=True)
class _Order:
    """What is asked for, the same in every attempt."""

    project: Project
    params: ExtractParams
    name: str
    keys: Keys
    place: str
    full: bool
    accept: bool
    replace: frozenset[date]
    today: date


def _attempt(order: _Order, as_of: date | None, progress: Progress, number: int) -> Path:
    """Make the night, in a fresh transaction of the source."""
    project = order.project
    with open_source(order.name, project, order.params) as opened:
        opened.check_files()
        night = _night(opened, as_of, order.today)
        _refuse_wrong_days(opened, night, order.replace)
        with unfinished_folder(project, night) as folder:
            snapshots = SnapshotStore(project, order.keys.fingerprint, order.replace)
            earlier = _nights_before(order, night)
            before = earlier.own.manifest if earlier.own else None
            job = _job(order, opened, night, folder, snapshots, earlier, progress)
            loaded_at = datetime.now(ZONE).replace(microsecond=0)
            tables = _load_tables(opened, job, progress)
            behind = lists_behind(night, tables) if as_of is None else 0
            standing = standing_tables(night, tables, opened.entry.freshness, behind)
            tables.append(_load_log(tables, folder, night, loaded_at))
            # A place's fingerprint is keyed: of a night with another secret nobody can tell its.
            rekeyed = before is not None and before.keys != order.keys.fingerprint
            place = "" if before is None or rekeyed else before.place
            manifest = Manifest(
                night=night,
                contract=CONTRACT_VERSION,
                source=order.name,
                demo=opened.entry.demo,
                keys=order.keys.fingerprint,
                loaded_at=loaded_at.isoformat(),
                tables={table.name: table for table in tables},
                accepted=order.accept,
                attempts=number,
                standing=tuple(standing),
                replaced=tuple(snapshots.replaced),
                lists_of=snapshots.lists_of(order.name),
                place=order.place,
                lists_behind_days=behind,
                moved=place not in ("", order.place),
                rekeyed=rekeyed,
            )
            write_manifest(folder, manifest)
            _hold_if_odd(order, before, folder, manifest)
            snapshot_store.keep(project, folder, manifest)
            return finish(project, folder, night)


def _job(
    order: _Order,
    opened: Source,
    night: date,
    folder: Path,
    snapshots: SnapshotStore,
    earlier: "_Earlier",
    progress: Progress,
) -> Job:
    sources, units = order.params.sources, order.params.units
    aliases = Aliases(units, sources, order.name)

    def recipe(contract: TableContract) -> str:
        return recipe_of(order.name, sources, units, contract)

    def told(table: str, rows: int) -> None:
        progress.running([table, f"{rows:,} rows".replace(",", " ")])

    return Job(
        source=opened,
        means=Means(order.name, opened.entry, aliases, order.keys, night, order.today),
        folder=folder,
        linked=earlier.linked,
        base=earlier.base,
        snapshots=snapshots,
        limits=sources.limits,
        reload=sources.reload,
        full=order.full,
        recipe=recipe,
        told=told,
    )


def _hold_if_odd(order: _Order, before: Manifest | None, folder: Path, manifest: Manifest) -> None:
    """Put the night aside when a person should look at it first."""
    sources = order.params.sources
    limits, freshness = sources.limits, sources.get(order.name).freshness
    reasons = [] if order.accept else reasons_to_hold(manifest, before, limits, freshness)
    if reasons:
        held = hold(order.project, folder, manifest.night, reasons)
        raise held_error(order.project, held, reasons)


def _night(source: Source, as_of: date | None, today: date) -> date:
    """The night's day: as asked for, else the newest of the source's waiting lists."""
    if as_of is None:
        return _newest_day(source, today)
    if as_of > today:
        raise UsageError(
            f"--as-of {as_of} has not been; a night's day is today or earlier. An extract of a "
            "later day would hide every night until then"
        )
    return as_of


def _newest_day(source: Source, today: date) -> date:
    day = source.newest(WAITING_LIST, today) if WAITING_LIST in source.tables() else None
    return day or today


def _today() -> date:
    return datetime.now(ZONE).date()


def _refuse_wrong_days(source: Source, night: date, days: Collection[date]) -> None:
    """Refuse to replace what the source does not have; the stored list would stay unnoticed."""
    if not days:
        return
    there = source.days(WAITING_LIST) if WAITING_LIST in source.tables() else []
    missing = sorted(day for day in days if day not in there or day > night)
    if missing:
        raise UsageError(
            f"source '{source.name}' has no waiting list of {missing[0]} up to the night {night}; "
            "nothing was replaced"
        )


class _Earlier(NamedTuple):
    """The nights that tonight's is built on or compared with.

    Fields:
        linked: The newest one, whose unchanged parts are linked.
        own: The newest of this source, up to this day.
        base: The newest of those that is of the same secret and place: its rows can be kept.
    """

    linked: NightBefore | None
    own: NightBefore | None
    base: NightBefore | None


def _nights_before(order: _Order, night: date) -> _Earlier:
    """The nights before; a damaged one is as good as none."""
    linked: NightBefore | None = None
    own: NightBefore | None = None
    for found in reversed(nights(order.project)):
        try:
            before = NightBefore(found.folder, read_manifest(found.folder))
        except ExtractError:
            continue
        linked = linked or before
        manifest = before.manifest
        if manifest.source == order.name and found.date <= night:
            own = own or before
            if (manifest.keys, manifest.place) == (order.keys.fingerprint, order.place):
                return _Earlier(linked, own, before)
    return _Earlier(linked, own, None)


def _load_tables(source: Source, job: Job, progress: Progress) -> list[TableManifest]:
    """Load every table; those that break the contract are all told before anything is given up."""
    names = source.tables()
    tables: list[TableManifest] = []
    refused: list[str] = []
    progress.start("extract", len(names))
    for name in names:
        progress.running([name])
        try:
            tables.append(load_table(job, name))
        except ContractError as error:
            refused.append(str(error))
        # What one table needed is given back before the next one needs as much.
        pa.default_memory_pool().release_unused()
        progress.advance()
    progress.done()
    if refused:
        raise ContractError("\n".join(refused))
    return tables


def _load_log(
    tables: list[TableManifest], folder: Path, night: date, loaded_at: datetime
) -> TableManifest:
    rows = [
        {
            "table": table.name,
            "snapshot_date": night,
            "loaded_at": loaded_at,
            "rows": table.rows,
            "rejected": table.rejected,
            "repaired": table.repaired,
            "latest_event_at": table.latest_event_at
            and datetime.fromisoformat(table.latest_event_at),
            "sha256": table.digest,
        }
        for table in tables
    ]
    writer = PartsWriter(folder, LOAD_LOG, None)
    writer.write(pa.Table.from_pylist(rows, schema=stored_schema(LOAD_LOG.columns)))
    empty = TableManifest(LOAD_LOG.name, 0, 0, 0, 0, 0, None, (), {}, (), ())
    return changed(
        empty,
        rows=len(rows),
        fetched=len(rows),
        files=tuple(writer.files),
        parts=tuple(writer.parts),
    )
