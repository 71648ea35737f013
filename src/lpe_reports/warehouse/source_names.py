"""Names of params/sources.yml that the data contract does not have, told without any driver."""

from collections.abc import Iterator
from typing import NamedTuple

from lpe_reports.params.sources import SourceEntry
from lpe_reports.params.units import unknown
from lpe_reports.warehouse.tables import TABLES


class WrongName(NamedTuple):
    """A name that the contract does not have: where in params/sources.yml, and what is said."""

    location: tuple[str, ...]
    said: str


def wrong_names(source: str, entry: SourceEntry) -> Iterator[WrongName]:
    """The tables and columns that an entry names and the contract does not have."""
    known = [name for name in TABLES if not TABLES[name].made]
    of = ("sources", source)
    for table, spelling in entry.tables.items():
        where = f"sources.{source}.tables.{table}"
        if table not in known:
            said = f"{where}: no such table; there are {', '.join(known)}"
            yield WrongName((*of, "tables", table), said)
            continue
        for key in ("columns", "constants", "codes"):
            for column in getattr(spelling, key):
                if column not in TABLES[table].names:
                    has = ", ".join(TABLES[table].names)
                    said = f"{where}: the contract's table has no column '{column}'; it has {has}"
                    yield WrongName((*of, "tables", table, key, column), said)
    for exempt in entry.exempt:
        table, _, column = exempt.partition(".")
        if table not in TABLES or column not in TABLES[table].names:
            said = f"sources.{source}.exempt: '{exempt}' is no table.column"
            yield WrongName((*of, "exempt", exempt), said)
    for table in entry.freshness.tables:
        if table not in known:
            said = f"sources.{source}.freshness.tables: {unknown('table', table, known)}"
            yield WrongName((*of, "freshness", "tables", table), said)
