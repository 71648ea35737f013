"""The extract: all tables of a source into one night's folder, whole or not at all."""

import os
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from lpe_reports.errors import ContractError, ExtractError, UsageError
from lpe_reports.params.sources import Sources
from lpe_reports.params.units import Units
from lpe_reports.progress import Progress, Silent
from lpe_reports.settings import Project
from lpe_reports.warehouse.aliases import Aliases
from lpe_reports.warehouse.cleaning import Means
from lpe_reports.warehouse.frames import ZONE, stored_schema
from lpe_reports.warehouse.keys import source_keys
from lpe_reports.warehouse.loading import Loader, NightBefore
from lpe_reports.warehouse.manifest import Manifest, TableManifest, read_manifest, write_manifest
from lpe_reports.warehouse.nights import finish, nights, unfinished_folder
from lpe_reports.warehouse.snapshot_store import TABLE as WAITING_LIST
from lpe_reports.warehouse.snapshot_store import SnapshotStore
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
) -> Path:
    """Make a night out of a source.

    The night's folder appears by one rename when every table is in it and has passed its checks;
    until then nothing of it is visible, and a failed load leaves nothing behind but new waiting
    lists, which are kept as soon as all tables have passed.

    Args:
        project: The project.
        params: Its params.
        source: The source's name; the default one when None.
        as_of: The night's day; events after it are left out. When None, the day of the newest
            waiting list in the source, or today in Swedish time.
        progress: Who is told how far it is.

    Returns:
        The night's folder.

    Raises:
        UsageError: There is no such source, or the day has not been.
        SettingsError: A real source without LPE_KEY_SECRET.
        SourceError: The source does not hand over what it should.
        ContractError: Tables break the contract; names each with column, rule and rows.
        ExtractError: A waiting list is stored with other content, or the disk cannot be written.
    """
    name = source or params.sources.default
    keys = source_keys(name, params.sources, os.environ)
    with open_source(name, project, params) as opened:
        night = _night(opened, as_of)
        with unfinished_folder(project, night) as folder:
            aliases = Aliases(params.units, params.sources, name)
            means = Means(name, opened.entry, aliases, keys, night)
            snapshots = SnapshotStore(project, keys.fingerprint)
            loader = Loader(
                opened,
                means,
                folder,
                _night_before(project),
                snapshots,
                params.sources.limits.rejected_share,
            )
            loaded_at = datetime.now(ZONE).replace(microsecond=0)
            tables = _load_tables(opened, loader, progress or Silent())
            tables.append(_load_log(tables, loader, night, loaded_at))
            manifest = Manifest(
                night=night,
                contract=CONTRACT_VERSION,
                source=name,
                demo=opened.entry.demo,
                keys=keys.fingerprint,
                loaded_at=loaded_at.isoformat(),
                tables={table.name: table for table in tables},
            )
            write_manifest(folder, manifest)
            snapshots.keep()
            return finish(project, folder, night)


def _night(source: Source, as_of: date | None) -> date:
    """The night's day: as asked for, else the newest of the source's waiting lists."""
    if as_of is None:
        return _newest_day(source)
    if as_of > datetime.now(ZONE).date():
        raise UsageError(
            f"--as-of {as_of} has not been; a night's day is today or earlier. An extract of a "
            "later day would hide every night until then"
        )
    return as_of


def _newest_day(source: Source) -> date:
    day = source.newest(WAITING_LIST) if WAITING_LIST in source.tables() else None
    return day or datetime.now(ZONE).date()


def _night_before(project: Project) -> NightBefore | None:
    """The newest night that can be read; a damaged one is as good as none."""
    for night in reversed(nights(project)):
        try:
            return NightBefore(night.folder, read_manifest(night.folder))
        except ExtractError:
            continue
    return None


def _load_tables(source: Source, loader: Loader, progress: Progress) -> list[TableManifest]:
    """Load every table; those that break the contract are all told before anything is given up."""
    names = source.tables()
    tables: list[TableManifest] = []
    refused: list[str] = []
    progress.start("extract", len(names))
    for name in names:
        progress.running([name])
        try:
            tables.append(loader.load(name))
        except ContractError as error:
            refused.append(str(error))
        progress.advance()
    progress.done()
    if refused:
        raise ContractError("\n".join(refused))
    return tables


def _load_log(
    tables: list[TableManifest], loader: Loader, night: date, loaded_at: datetime
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
    writer = loader.writer(LOAD_LOG)
    writer.write(pa.Table.from_pylist(rows, schema=stored_schema(LOAD_LOG.columns)))
    empty = TableManifest(LOAD_LOG.name, 0, 0, 0, 0, 0, None, (), {}, (), ())
    return replace(
        empty,
        rows=len(rows),
        fetched=len(rows),
        files=tuple(writer.files),
        parts=tuple(writer.parts),
    )
