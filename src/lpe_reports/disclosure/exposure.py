"""What has been shown, as an outsider sees it: numbers of groups, and how they add up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Exposure:
    """Numbers of groups by key, None where hidden, and which of them make up which.

    Args:
        cells: By a group's key its number, None where it is hidden.
        whole: A total and the parts that it is the sum of.
        within: A total and parts that are some of it.
    """

    cells: Mapping[str, float | None] = field(default_factory=dict)
    whole: tuple[tuple[str, tuple[str, ...]], ...] = ()
    within: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Exposure":
        """The exposure that `Ledger.record` wrote."""
        return cls(
            cells=dict(record["cells"]),
            whole=tuple((total, tuple(parts)) for total, parts in record["whole"]),
            within=tuple((total, tuple(parts)) for total, parts in record["within"]),
        )

    def merged(self, others: Iterable["Exposure"]) -> "Exposure":
        """This and others as one: what somebody sees who reads all those pages."""
        cells, whole, within = (
            dict(self.cells),
            dict.fromkeys(self.whole),
            dict.fromkeys(self.within),
        )
        for other in others:
            for key, value in other.cells.items():
                cells[key] = value if cells.get(key) is None else cells[key]
            whole |= dict.fromkeys(other.whole)
            within |= dict.fromkeys(other.within)
        return Exposure(cells, tuple(whole), tuple(within))
