"""What the sections of the data-quality page have in common: a night's tables, and their words."""

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lpe_reports.warehouse.manifest import Manifest, TableManifest
from lpe_reports.warehouse.tables import TABLES

_PLACE = ZoneInfo("Europe/Stockholm")
_UNKNOWN = ("unknown_unit", "unknown_code")


def loaded_tables(manifest: Manifest) -> list[TableManifest]:
    """The tables that came from the source, in the contract's order."""
    made = {name for name, contract in TABLES.items() if contract.made}
    order = {name: place for place, name in enumerate(TABLES)}
    found = [table for name, table in manifest.tables.items() if name not in made]
    return sorted(found, key=lambda table: order.get(table.name, len(order)))


def unknown_rows(table: TableManifest) -> Counter[str]:
    """Per column, in how many rows stands a spelling that nobody has explained."""
    counts = Counter[str]()
    for check in table.checks:
        if check.rule in _UNKNOWN:
            counts[check.columns[0]] += check.rows
    return counts


def newest_day(table: TableManifest) -> date | None:
    """The Swedish day of a table's newest event; None where it has none."""
    newest = table.latest_event_at
    return datetime.fromisoformat(newest).astimezone(_PLACE).date() if newest else None
