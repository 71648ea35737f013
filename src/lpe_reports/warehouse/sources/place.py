"""What every place that a table can lie in can do, and how its columns are found there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

from lpe_reports.errors import SourceError
from lpe_reports.params.sources import TableSource
from lpe_reports.warehouse.aliases import plain
from lpe_reports.warehouse.columns import TableContract
from lpe_reports.warehouse.sources.watermark import Watermark

# What `Source.fetch` calls the source's own watermark column, after those of the contract.
CHANGED = "changed_at?"


@dataclass(frozen=True)
class Narrowing:
    """Which rows are asked for, by one column of a place.

    Attributes:
        position: The column.
        since: Only rows at or after this, and those without a value.
        one_of: Only rows with one of these values, as `distinct` gave them.
    """

    position: int
    since: Watermark | None = None
    one_of: tuple[Any, ...] | None = None


class Place(Protocol):
    """A database table, a sheet or a file; its columns are known by their position."""

    @property
    def name(self) -> str:
        """The place, as an operator knows it."""

    @property
    def narrows(self) -> bool:
        """Whether `batches` looks for narrowings, so that it is worth finding them."""

    def columns(self) -> list[str]:
        """The names of its columns.

        Raises:
            SourceError: It is not there, or not what it should be.
        """

    def batches(
        self, positions: Sequence[int], narrowings: Sequence[Narrowing] = ()
    ) -> Iterator[pa.Table]:
        """Its rows, some at a time, with the columns at some positions, called c0, c1 …

        Args:
            positions: Which columns, in this order.
            narrowings: Which rows are enough, in any order. All of them must hold; a place that
                cannot look for them may hand over more.

        Raises:
            SourceError: It is cut, damaged, or not what it should be.
        """

    def distinct(self, position: int) -> pa.Array:
        """The distinct values of one column."""

    def close(self) -> None:
        """Let go of it."""


def match_columns(
    place: Place, contract: TableContract, entry: TableSource, where: str
) -> dict[str, int]:
    """Where in a place each column of the contract stands.

    Args:
        place: The place.
        contract: The table.
        entry: How the source spells it.
        where: The place in params/sources.yml, for messages.

    Returns:
        The contract's column → the position, and CHANGED → that of the entry's watermark. A
        column marked `?` that nobody mapped may be missing, and so may one that is a constant.

    Raises:
        SourceError: A column is missing, or stands twice.
    """
    names = [plain(name) for name in place.columns()]
    spelled = {c.name: entry.columns.get(c.name, c.name) for c in contract}
    wanted = {name: plain(s) for name, s in spelled.items() if name not in entry.constants}
    needed = {
        name: spelling
        for name, spelling in wanted.items()
        if name in entry.columns or not contract.column(name).nullable
    }
    missing = [name for name, spelling in needed.items() if spelling not in names]
    if missing:
        lacking = ", ".join(f"'{spelled[n]}'" for n in missing)
        raise SourceError(
            f"{place.name} has no column {lacking}, which table {contract.name} needs"
            f"{_found(place, names, list(needed.values()))}. Correct the export, or the column "
            f"names in params/sources.yml ({where}.columns)."
        )
    for name, spelling in wanted.items():
        if names.count(spelling) > 1:
            raise SourceError(f"{place.name} has the column '{spelled[name]}' more than once")
    found = {name: names.index(s) for name, s in wanted.items() if s in names}
    if entry.watermark is not None:
        if plain(entry.watermark) not in names:
            raise SourceError(
                f"{place.name} has no column '{entry.watermark}', the watermark of table "
                f"{contract.name}{_found(place, names, list(needed.values()))}. Correct "
                f"{where}.watermark in params/sources.yml, or take it out to fetch all every night."
            )
        found[CHANGED] = names.index(plain(entry.watermark))
    return found


def _found(place: Place, names: list[str], wanted: list[str]) -> str:
    """The columns that are there; not told where the first line seems to hold data instead."""
    if 2 * len(set(names) & set(wanted)) < len(wanted):
        return f" (it has {len(names)} columns, few of them known: is its first line the header?)"
    return f" (it has: {', '.join(place.columns())})"
