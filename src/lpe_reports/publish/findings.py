"""What the gate's rules say: faults with their places, and findings that gather them.

A place tells where to look (a line, a sheet's cell, a page of a PDF) and never what stands there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

# More places than this help nobody; the count says how many there are.
_PLACES_TOLD = 5


class Fault(NamedTuple):
    """One thing that a rule objects to in a file."""

    rule: str  # what is wrong, in words: "personal identity number"
    place: str = ""  # "line 12", "sheet Väntetid, cell C7", "page 2"; "" when it is all of the file


@dataclass(frozen=True, order=True)
class Finding:
    """What one rule found in one file of the candidate."""

    page: str
    rule: str
    count: int
    places: tuple[str, ...] = ()

    def __str__(self) -> str:
        more = self.count - len(self.places)
        places = ", ".join(self.places) + (f" and {more} more" if more > 0 else "")
        return f"{self.page}: {self.rule} ({self.count})" + (f", {places}" if self.places else "")

    def to_json(self) -> dict[str, object]:
        """As `gate.json` keeps it."""
        return {
            "page": self.page,
            "rule": self.rule,
            "count": self.count,
            "places": list(self.places),
        }


def gather(page: str, faults: Iterable[Fault]) -> list[Finding]:
    """One finding for each rule that a file breaks, with the first of its places."""
    by_rule: dict[str, list[str]] = {}
    for fault in faults:
        by_rule.setdefault(fault.rule, []).append(fault.place)
    return [
        Finding(page, rule, len(places), tuple(dict.fromkeys(filter(None, places)))[:_PLACES_TOLD])
        for rule, places in by_rule.items()
    ]
