"""What the last nights of a source came to, read from their manifests."""

from dataclasses import dataclass
from datetime import date

from lpe_reports.errors import ExtractError
from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.folders import nights
from lpe_reports.warehouse.nights.manifest import Manifest, read_manifest
from lpe_reports.warehouse.tables import TABLES


@dataclass(frozen=True)
class NightLoad:
    """One night, over all its tables.

    Fields:
        night: Its day.
        fetched: Rows that the source gave.
        rows: Rows in the night.
        rejected: Rows that are set aside.
        duplicates: Copies of other rows, dropped.
        repaired: Rows that were mended.
        accepted: A person let it through, whatever had changed.
    """

    night: date
    fetched: int
    rows: int
    rejected: int
    duplicates: int
    repaired: int
    accepted: bool


def load_of(manifest: Manifest) -> NightLoad:
    """What a night came to."""
    loaded = [t for name, t in manifest.tables.items() if name in TABLES and not TABLES[name].made]
    duplicates = sum(table.duplicates for table in loaded)
    return NightLoad(
        night=manifest.night,
        fetched=sum(table.fetched for table in loaded),
        rows=sum(table.rows for table in loaded),
        rejected=sum(table.rejected for table in loaded),
        duplicates=duplicates,
        repaired=sum(table.repaired for table in loaded) - duplicates,
        accepted=manifest.accepted,
    )


def last_loads(project: Project, newest: Manifest, *, count: int = 14) -> list[NightLoad]:
    """The last nights of the same source up to a night, the newest first.

    The last load of each day counts. Nights that an older version of the package made, or whose
    manifest is damaged, cannot be read and are passed over.

    Args:
        project: The project.
        newest: The night to begin with.
        count: How many nights at most.
    """
    found = [load_of(newest)]
    days = {newest.night}
    for night in reversed(nights(project)):
        if len(found) == count:
            break
        if night.date in days or night.date > newest.night:
            continue
        try:
            manifest = read_manifest(night.folder)
        except ExtractError:
            continue
        if manifest.source == newest.source:
            days.add(night.date)
            found.append(load_of(manifest))
    return found
