"""An outsider who knows the region: what follows from the numbers of all pages, written apart.

He knows which operating units a hospital has and which months a quarter, and writes every number
that he sees as a sum over one month at one operating unit: no total, no relation and no belief of
the package is in here. Beside the units that some page names there may be others in the county;
where all are named, or he has been told so, there are none.
"""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy.optimize import LinearConstraint, milp

Cell = tuple[str | None, str]  # a unit, a hospital or nothing for the county, and a time
Numbers = npt.NDArray[np.float64]
_ELSEWHERE = "elsewhere"
_FAR = 1_000


class Region:
    """Hospitals with their operating units, and periods with their months.

    Args:
        units: The operating units of each hospital.
        months: The months of each longer period.
    """

    def __init__(
        self, units: Mapping[str, Sequence[str]], months: Mapping[str, Sequence[str]]
    ) -> None:
        self._units, self._months = units, months
        self._all = [unit for members in units.values() for unit in members]

    def told(self, cells: Mapping[Cell, float | None], threshold: int) -> dict[Cell, str]:
        """The hidden numbers that are no secret: pinned to one value, or certainly small.

        Args:
            cells: What the pages show of each group together; None where all hide it.
            threshold: Counts from 1 to one less than this are small.

        Returns:
            By cell its least and its most, as a text for a failing test.
        """
        named = {unit for cell in cells for unit in self._named(cell)}
        places = {at: n for n, at in enumerate(product(self._leaves(named), self._times(cells)))}
        sums = {cell: self._sum(cell, places) for cell in cells}
        hidden = [cell for cell, value in cells.items() if value is None]
        if not hidden:
            return {}
        held = LinearConstraint(
            np.array([sums[cell] for cell in cells]),
            [1.0 if value is None else value for value in cells.values()],
            [np.inf if value is None else value for value in cells.values()],
        )
        return _told({cell: sums[cell] for cell in hidden}, held, threshold)

    def _named(self, cell: Cell) -> Sequence[str]:
        return () if cell[0] is None else self._units.get(cell[0], (cell[0],))

    def _leaves(self, named: set[str]) -> list[str]:
        """The operating units that he reckons with."""
        return self._all if named >= set(self._all) else [*sorted(named), _ELSEWHERE]

    def _times(self, cells: Mapping[Cell, float | None]) -> list[str]:
        times = {month for _, time in cells for month in self._months.get(time, (time,))}
        return sorted(times)

    def _sum(self, cell: Cell, places: Mapping[tuple[str, str], int]) -> Numbers:
        """Of which months at which units a number is the sum."""
        unit, time = cell
        weights = np.zeros(len(places))
        for (leaf, month), place in places.items():
            there = unit is None or leaf in self._named(cell)
            if there and month in self._months.get(time, (time,)):
                weights[place] = 1.0
        return weights


def _told(
    hidden: Mapping[Cell, Numbers], held: LinearConstraint, threshold: int
) -> dict[Cell, str]:
    found: dict[Cell, str] = {}
    ends = dict.fromkeys(hidden, (np.inf, -np.inf))
    for cell, weights in hidden.items():
        for sign in (-1.0, 1.0):
            low, high = ends[cell]
            if high >= threshold and low < high:
                break
            numbers = _numbers(sign * weights, held, weights)
            for other, of in hidden.items():
                value = round(float(of @ numbers))
                ends[other] = (min(ends[other][0], value), max(ends[other][1], value))
        low, high = ends[cell]
        if high < threshold or low == high:
            found[cell] = f"{low:g} to {high:g}"
    return found


def _numbers(costs: Numbers, held: LinearConstraint, weights: Numbers) -> Numbers:
    """Whole numbers that agree with all that is shown, at the least cost."""
    found = milp(
        costs,
        integrality=np.ones(len(costs), dtype=np.int64),
        bounds=(0, np.inf),  # type: ignore[arg-type]
        constraints=[held, LinearConstraint(weights, -np.inf, _FAR)],
    )
    assert found.x is not None, found.message
    return np.asarray(found.x, dtype=np.float64)
