"""How old what a version shows may be, and what stood still in the source that night."""

from datetime import date, timedelta
from typing import NamedTuple

from lpe_reports.params.sources import Freshness
from lpe_reports.render.edition import Edition
from lpe_reports.warehouse.nights.changes import standing_tables


class Standing(NamedTuple):
    """A table whose source hands over nothing new: its newest event, None where it has none."""

    table: str
    newest: date | None


def agreed(edition: Edition) -> Freshness:
    """What is agreed with the source of the edition's night."""
    sources = edition.site.params.sources.sources
    name = edition.manifest.source if edition.manifest else ""
    return sources[name].freshness if name in sources else Freshness()


def fresh_until(edition: Edition) -> date | None:
    """The last day on which the night is not old; None for made-up data, which never are."""
    if edition.manifest is None or edition.manifest.demo:
        return None
    return edition.night + timedelta(days=agreed(edition).days)


def standing(edition: Edition) -> list[Standing]:
    """The tables whose newest event is older than agreed, in the order of the night."""
    if edition.manifest is None:
        return []
    tables, behind = edition.manifest.tables.values(), edition.manifest.lists_behind_days
    found = standing_tables(edition.night, tables, agreed(edition), behind)
    return [Standing(name, newest) for name, newest in found.items()]
