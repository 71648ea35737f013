"""How many rows of one table lead to a row of another: how far a patient's way can be followed.

Which columns lead where is the contract's: a key that another table is known by. A build knows
mostly from before what there is to count, so PyArrow is imported only when it is counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from lpe_reports.warehouse.columns import Kind
from lpe_reports.warehouse.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

    from lpe_reports.warehouse.snapshots import Extract


@dataclass(frozen=True)
class LinkedShare:
    """One table's rows that lead to another.

    Fields:
        table, column: The table and its key column.
        to: The table that is led to.
        rows: Rows of the table.
        given: Those that have a key.
        found: Those whose key a row of the other table has.
    """

    table: str
    column: str
    to: str
    rows: int
    given: int
    found: int


def links() -> Iterator[tuple[str, str, str]]:
    """Every table and column of the contract that leads to a table, and that table."""
    known_by = {each.key[0]: name for name, each in TABLES.items() if len(each.key) == 1}
    for name, contract in TABLES.items():
        for column in contract:
            to = known_by.get(column.name)
            if column.kind is Kind.KEY and to is not None and to != name:
                yield name, column.name, to


def linked_shares(extract: "Extract") -> list[LinkedShare]:
    """The linked shares of the tables that a night has; each file is verified as it is read."""
    import pyarrow as pa
    import pyarrow.compute as pc

    has = extract.manifest.tables

    @cache
    def keys(table: str, column: str) -> "pa.Array":
        return pa.array(extract.read(table, columns=[column])[column], pa.large_string())

    found = []
    for table, column, to in links():
        if table in has and to in has:
            given = keys(table, column).drop_null()
            linked = pc.sum(pc.is_in(given, value_set=keys(to, column))).as_py() or 0
            rows = len(keys(table, column))
            found.append(LinkedShare(table, column, to, rows, len(given), linked))
    return found
