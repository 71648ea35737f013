"""The attack: what an outsider could derive of hidden numbers from all that is shown."""

from dataclasses import dataclass
from typing import Literal

from lpe_reports.disclosure.exposure import Exposure
from lpe_reports.disclosure.nesting import Nesting

Kind = Literal["pinned", "small", "remainder", "sum"]


@dataclass(frozen=True, order=True)
class Told:
    """A number that was not to be known and can be derived.

    Args:
        key: The group's; for a remainder the key of the total.
        low: The least that it can be.
        high: The most that it can be.
        kind: "pinned" to one value, "small" for certain, a small "remainder", or a "sum" known
            closely.
    """

    key: str
    low: float
    high: float
    kind: Kind


def attack(exposure: Exposure, *, threshold: int, nesting: Nesting) -> tuple[Told, ...]:
    """What is told of the hidden numbers of an exposure; nothing where it is safe.

    Args:
        exposure: All that is shown.
        threshold: Counts from 1 to one less than this are small.
        nesting: What is made up of what.
    """
    return ()
