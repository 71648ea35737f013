"""What the sections of the data-quality page have in common: a night's tables, and their words."""

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lpe_reports import wording
from lpe_reports.warehouse.nights.manifest import Manifest, TableManifest
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


def exact_share(count: int, total: int, *, decimals: int = 1) -> str:
    """A share as per cent that says all only of all, and nothing only of nothing."""
    if not total:
        return wording.NONE
    smallest = 10.0 ** -(decimals + 2)
    share = count / total
    if 0 < share < smallest:
        return f"under {wording.share(smallest, decimals)}"
    if 1 - smallest < share < 1:
        return f"över {wording.share(1 - smallest, decimals)}"
    return wording.share(share, decimals)


def newest_day(table: TableManifest) -> date | None:
    """The Swedish day of a table's newest event; None where it has none."""
    newest = table.latest_event_at
    return datetime.fromisoformat(newest).astimezone(_PLACE).date() if newest else None
