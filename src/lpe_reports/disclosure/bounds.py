"""Between which bounds the unknowns of a component must lie: first by arithmetic, then exactly.

Arithmetic on one row at a time is exact where there is only one; where rows share unknowns it
gives bounds that are true but may be too wide, so integer programming has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf, isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from lpe_reports.disclosure.equations import Component, Row
from lpe_reports.disclosure.silence import silence
from lpe_reports.disclosure.solver import Solver

Numbers = npt.NDArray[np.float64]
_NEAR = 1e-6
_MOST_ROUNDS = 100
# Nodes of a branch-and-bound tree; where they do not suffice its outer bound is taken.
_MOST_NODES = 2_000
_INFEASIBLE = 2


class ContradictionError(Exception):
    """No numbers agree with all that is shown."""


@dataclass
class Interval:
    """Least and most that a number can be."""

    low: float
    high: float


def narrowed(component: Component) -> list[Interval]:
    """Bounds of each unknown that arithmetic on one row after the other gives.

    Raises:
        ContradictionError: A row cannot hold.
    """
    bounds = [Interval(u.low, u.high) for u in component.unknowns]
    counts = [u.is_count for u in component.unknowns]
    rows_of: list[list[int]] = [[] for _ in bounds]
    for number, row in enumerate(component.rows):
        for place, _ in row.terms:
            rows_of[place].append(number)
    waiting, rounds = list(range(len(component.rows))), 0
    while waiting and rounds < _MOST_ROUNDS:
        changed: set[int] = set()
        for number in waiting:
            for place in _narrow(component.rows[number], bounds, counts):
                changed.update(rows_of[place])
        waiting, rounds = sorted(changed), rounds + 1
    return bounds


def _narrow(row: Row, bounds: list[Interval], counts: list[bool]) -> list[int]:
    """Narrow the bounds of a row's unknowns by the others'; gives those that changed."""
    spans = [_weighted(bounds[place], weight) for place, weight in row.terms]
    lows = _Ends([low for low, _ in spans], -inf)
    highs = _Ends([high for _, high in spans], inf)
    changed = []
    for (place, weight), (low, high) in zip(row.terms, spans, strict=True):
        least = (row.low - highs.without(high)) / weight
        most = (row.high - lows.without(low)) / weight
        if weight < 0:
            least, most = most, least
        if counts[place]:
            least = ceil(least - _NEAR) if isfinite(least) else least
            most = floor(most + _NEAR) if isfinite(most) else most
        if _tighten(bounds[place], least, most):
            changed.append(place)
    return changed


def _weighted(bound: Interval, weight: float) -> tuple[float, float]:
    low, high = bound.low * weight, bound.high * weight
    return (low, high) if weight > 0 else (high, low)


class _Ends:
    """The ends of a row's terms on one side, of which some may be infinite."""

    def __init__(self, ends: Sequence[float], infinite: float) -> None:
        finite = [end for end in ends if end != infinite]
        self.open = len(ends) - len(finite)
        self._infinite, self._sum = infinite, sum(finite)

    def without(self, own: float) -> float:
        """What the others sum up to."""
        if own == self._infinite:
            return self._infinite if self.open > 1 else self._sum
        return self._infinite if self.open else self._sum - own


def _tighten(bound: Interval, low: float, high: float) -> bool:
    moved = False
    if low > bound.low + _NEAR:
        bound.low, moved = low, True
    if high < bound.high - _NEAR:
        bound.high, moved = high, True
    if bound.low > bound.high + _NEAR * max(1.0, abs(bound.high)):
        raise ContradictionError
    return moved


@dataclass
class _Answer:
    """What `milp` would have answered."""

    x: Numbers
    status: int = 0


class Program:
    """A component as an integer program: the extremes of its unknowns, one at a time.

    Args:
        component: The unknowns and what must hold between them.
        bounds: What arithmetic knows already; it is true, so it makes the program smaller.
    """

    def __init__(self, component: Component, bounds: Sequence[Interval]) -> None:
        # Importing it costs more than most pages' attack, which needs no program at all.
        from scipy import optimize, sparse

        self._optimize = optimize
        size = len(component.unknowns)
        entries = [
            (number, place, weight)
            for number, row in enumerate(component.rows)
            for place, weight in row.terms
        ]
        matrix = sparse.csr_matrix(
            ([e[2] for e in entries], ([e[0] for e in entries], [e[1] for e in entries])),
            shape=(len(component.rows), size),
        )
        ends = [np.array([getattr(r, e) for r in component.rows]) for e in ("low", "high")]
        self._constraints = optimize.LinearConstraint(matrix, *ends)
        self._solver = Solver(matrix, *ends)
        self._counts = np.array([u.is_count for u in component.unknowns])
        self._low = np.array([b.low for b in bounds])
        self._high = np.array([b.high for b in bounds])

    def extreme(self, place: int, *, most: bool, cap: float) -> tuple[float, list[float] | None]:
        """The least or the most that an unknown can be, and numbers of all that show it.

        Args:
            place: The unknown's position.
            most: Whether to look for the most.
            cap: As far as is looked, where nothing else ends it; a value there is as good as
                infinite.

        Raises:
            ContradictionError: There are no such numbers.
        """
        weights = np.zeros(len(self._low))
        weights[place] = -1.0 if most else 1.0
        low, high = self._low.copy(), self._high.copy()
        if most:
            high[place] = min(high[place], max(cap, low[place]))
        else:
            low[place] = max(low[place], min(-cap, high[place]))
        found = self._found(weights, low, high)
        if found.x is None:
            if found.status == _INFEASIBLE:
                raise ContradictionError
            return self._outer(found, place, most=most), None
        numbers = [
            float(round(x)) if c else float(x) for x, c in zip(found.x, self._counts, strict=True)
        ]
        reached = found.status == 0
        return (numbers[place] if reached else self._outer(found, place, most=most)), numbers

    def is_consistent(self) -> bool:
        """Whether there are whole numbers that agree with all rows, as far as was looked."""
        found = self._found(np.zeros(len(self._low)), self._low, self._high)
        return found.x is not None or found.status != _INFEASIBLE

    def many(self, ends: Mapping[int, float], *, most: bool) -> list[float] | None:
        """Numbers in which as many unknowns as can be are as high, or as low, as is asked.

        Args:
            ends: How far each of some unknowns need go, by position.
            most: Whether up.

        Returns:
            Numbers of all unknowns, or None where none were found so.
        """
        weights = np.zeros(len(self._low))
        low, high = self._low.copy(), self._high.copy()
        for place, end in ends.items():
            weights[place] = -1.0 if most else 1.0
            if most:
                high[place] = min(high[place], max(end, low[place]))
            else:
                low[place] = max(low[place], min(end, high[place]))
        found = self._relaxed(weights, low, high)
        if found.x is None or not self._is_whole(found.x):
            return None
        return [float(x) for x in found.x]

    def _outer(self, found: Any, place: int, *, most: bool) -> float:
        """A bound that is true where the search was not finished."""
        bound: float | None = getattr(found, "mip_dual_bound", None)
        if bound is None or not isfinite(bound):
            return float(self._high[place] if most else self._low[place])
        return float(floor(-bound + _NEAR) if most else ceil(bound - _NEAR))

    def _found(self, weights: Numbers, low: Numbers, high: Numbers) -> Any:
        """Whole numbers; sought as such only where the cheapest numbers are not."""
        found = self._relaxed(weights, low, high)
        if found.x is None or self._is_whole(found.x):
            return found
        with silence():
            return self._optimize.milp(
                weights,
                integrality=self._counts,
                bounds=self._optimize.Bounds(low, high),
                constraints=self._constraints,
                options={"node_limit": _MOST_NODES},
            )

    def _relaxed(self, weights: Numbers, low: Numbers, high: Numbers) -> Any:
        """Numbers that need not be whole."""
        numbers = self._solver.cheapest(weights, low, high)
        if numbers is not None:
            return _Answer(numbers)
        return self._optimize.milp(
            weights, bounds=self._optimize.Bounds(low, high), constraints=self._constraints
        )

    def _is_whole(self, numbers: Numbers) -> bool:
        counts = numbers[self._counts]
        return bool(np.all(np.abs(counts - np.round(counts)) < _NEAR))
