"""An outsider with a solver: what follows from tables with margins, written apart from the package.

He takes tables as they are printed, with holes, and for each hole the least and the most that a
solver finds. No code of the package and none of its notions (groups, components, witnesses) is
in here, so that what both find is found twice.
"""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy.optimize import LinearConstraint, milp

Table = npt.NDArray[np.float64]  # the last position of each axis is the total; NaN is a hole
Name = tuple[str, ...]


def names_of(axes: Sequence[str], shape: Sequence[int]) -> list[Name]:
    """What each cell of a table is called, in its order: "unit:2" per axis, nothing for a total."""
    return [
        tuple(f"{axis}:{i}" for axis, i, size in zip(axes, at, shape, strict=True) if i < size - 1)
        for at in product(*(range(size) for size in shape))
    ]


def told(
    tables: Sequence[tuple[Sequence[str], Table]], threshold: int, *, integers: bool = False
) -> list[Name]:
    """The holes that are no secret: pinned to one value, or certainly below the threshold.

    Args:
        tables: Each with the names of its axes; cells with the same name are the same number.
        threshold: What is small.
        integers: Whether to search among whole numbers only, which finds more and takes longer.
    """
    numbers: dict[Name, float] = {}
    withheld: set[Name] = set()
    sums: list[tuple[Name, list[Name]]] = []
    for axes, table in tables:
        own = dict(zip(names_of(axes, table.shape), table.ravel().tolist(), strict=True))
        new = own.keys() - numbers.keys()
        if all(np.isnan(own[name]) for name in new):
            withheld |= new  # not even the zeros of such a table are seen
        numbers |= {n: value for n, value in own.items() if n in new or not np.isnan(value)}
        sums += _sums(axes, table)
    holes = [name for name, value in numbers.items() if np.isnan(value)]
    if not holes:
        return []
    return _told(holes, withheld, numbers, sums, threshold, integers)


def _sums(axes: Sequence[str], table: Table) -> list[tuple[Name, list[Name]]]:
    names = np.empty(table.shape, dtype=object)
    for place, name in enumerate(names_of(axes, table.shape)):
        names.ravel()[place] = name
    found = []
    for axis in range(table.ndim):
        lines = np.moveaxis(names, axis, -1).reshape(-1, table.shape[axis])
        found += [(line[-1], list(line[:-1])) for line in lines]
    return found


def _told(
    holes: list[Name],
    withheld: set[Name],
    numbers: Mapping[Name, float],
    sums: Sequence[tuple[Name, list[Name]]],
    threshold: int,
    integers: bool,
) -> list[Name]:
    place = {name: number for number, name in enumerate(holes)}
    rows, right = [], []
    for total, parts in sums:
        row, value = np.zeros(len(holes)), 0.0
        for name, weight in ((total, 1.0), *((part, -1.0) for part in parts)):
            if name in place:
                row[place[name]] += weight
            else:
                value -= weight * numbers[name]
        if row.any():
            rows.append(row)
            right.append(value)
    if not rows:
        return []
    held = LinearConstraint(np.array(rows), right, right)
    least = np.array([float(name not in withheld) for name in holes])
    low, high = np.full(len(holes), np.inf), np.full(len(holes), -np.inf)
    for number in range(len(holes)):
        for sign in (1.0, -1.0):
            if sign < 0 and high[number] >= threshold and low[number] < high[number]:
                continue
            weights = np.zeros(len(holes))
            weights[number] = sign
            found = _solve(weights, held, least, number, integers)
            low, high = np.minimum(low, found), np.maximum(high, found)
    pinned = np.ceil(low - 1e-6) >= np.floor(high + 1e-6)
    # What is withheld is no hidden number: that it may be few says nothing of anybody.
    certain = (pinned & (high > 0)) | (high < threshold - 1e-6)
    return [name for name in holes if certain[place[name]] and low[place[name]] > 1 - 1e-6]


def _solve(
    weights: Table, held: LinearConstraint, least: Table, number: int, integers: bool
) -> Table:
    most = np.full(len(weights), np.inf)
    most[number] = 10_000
    found = milp(
        weights,
        integrality=np.full(len(weights), int(integers)),
        bounds=(least, most),  # type: ignore[arg-type]
        constraints=held,
    )
    assert found.x is not None, found.message
    return np.asarray(found.x, dtype=np.float64)
