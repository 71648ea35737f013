"""Where the limits of a control chart start anew: on given dates, for a reason that is told."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Rebase:
    """A known change of a process, from which on it is held against itself alone.

    Raises:
        ValueError: No reason is given. Limits that are moved because they look wrong hide what
            they should show.
    """

    on: date
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError(f"limits that start anew on {self.on} need a reason")


def rebase_positions(days: Sequence[date], rebases: Sequence[Rebase]) -> list[int]:
    """The positions of the points from which limits start anew, for `spc`'s `rebase`.

    Args:
        days: The first day of each point's period, rising.
        rebases: The changes; those on or before the first day, or after the last, move nothing.

    Returns:
        Positions, rising, each once: the first point that begins on the date or after it.

    Glossary: rebase
    """
    positions = {bisect_left(days, rebase.on) for rebase in rebases}
    return sorted(position for position in positions if 0 < position < len(days))
