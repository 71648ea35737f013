"""The cheapest cells to hide so that a number can be another one: a detour around what is shown.

If a number is to look as if it could be larger, others must be able to be smaller or larger with
it, so that all sums still agree. Which ones, at the least cost, is a linear program. It knows
shown numbers only, so that what is chosen tells nothing of hidden ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

import numpy as np
import numpy.typing as npt

from lpe_reports.disclosure.attack import Told
from lpe_reports.disclosure.equations import Equations
from lpe_reports.disclosure.groups import is_sum
from lpe_reports.disclosure.solver import Solver

Numbers = npt.NDArray[np.float64]
_NEAR = 1e-6
# How often the costs are adjusted so that few cells change much rather than many a little.
_ROUNDS = 3
_WIDER = 1.25


class Detours:
    """What could change if some shown cells were hidden.

    Args:
        equations: Of what is shown, with the candidates as unknowns.
        values: What each candidate shows, by key; of a mean the sum that follows from it.
    """

    def __init__(self, equations: Equations, values: Mapping[str, float]) -> None:
        # Importing it costs more than protecting most tables, which needs no program at all.
        from scipy import optimize, sparse

        self._optimize = optimize
        self._unknowns = equations.unknowns
        self._loose = [
            (place, values[unknown.key])
            for place, unknown in enumerate(self._unknowns)
            if unknown.role not in ("rest", "open") and unknown.key in values
        ]
        entries = [
            (number, place, weight)
            for number, row in enumerate(equations.rows)
            for place, weight in row.terms
        ]
        rows = sparse.csc_matrix(
            ([e[2] for e in entries], ([e[0] for e in entries], [e[1] for e in entries])),
            shape=(len(equations.rows), len(self._unknowns)),
        )
        # What a candidate shows is fixed; beside it stands what it is more, and what it is less.
        self._places = np.array([place for place, _ in self._loose], dtype=np.int64)
        self._shown = np.array([value for _, value in self._loose], dtype=np.float64)
        more = rows[:, self._places]
        self._rows = sparse.csr_matrix(sparse.hstack([rows, more, -more]))
        self._ends = tuple(
            np.array([getattr(row, end) for row in equations.rows]) for end in ("low", "high")
        )
        self._solver = Solver(self._rows, *self._ends)

    def cheapest(self, told: Told, threshold: int, costs: Mapping[str, float]) -> list[str]:
        """The candidates that must be hidden so that what is told could be larger.

        Args:
            told: What is told.
            threshold: Counts from 1 to one less than this are small.
            costs: What it costs to hide each candidate; none for those that are hidden already.

        Returns:
            Their keys; none where nothing helps.
        """
        target = self._target(told)
        if target is None:
            return []
        wanted = told.high * _WIDER + 1 if told.kind == "sum" else max(threshold, told.high + 1)
        weights = np.array([costs[self._unknowns[place].key] for place, _ in self._loose])
        scale = self._scale()
        best: tuple[float, list[str]] = (inf, [])
        each = weights / scale
        for _ in range(_ROUNDS):
            changes = self._changes(target, wanted, each)
            if changes is None:
                break
            moved = changes > _NEAR * scale
            keys = [
                self._unknowns[place].key
                for (place, _), hidden, cost in zip(self._loose, moved, weights, strict=True)
                if hidden and cost > 0
            ]
            total = float(weights[moved].sum())
            if keys and total < best[0]:
                best = (total, keys)
            each = weights / (changes + _NEAR * scale + 0.5)
        return best[1]

    def _scale(self) -> Numbers:
        """How much a change must be to count: people are counted by one, sums by what is usual."""
        sums = [abs(v) for place, v in self._loose if is_sum(self._unknowns[place].key)]
        usual = max(1.0, float(np.median(sums))) if sums else 1.0
        of_sums = [is_sum(self._unknowns[place].key) for place, _ in self._loose]
        return np.where(of_sums, usual, 1.0)

    def _target(self, told: Told) -> int | None:
        role = {"remainder": ("rest", "unseen"), "sum": ("sum",)}.get(told.kind, ("hidden",))
        for place, unknown in enumerate(self._unknowns):
            if unknown.key == told.key and unknown.role in role:
                return place
        return None

    def _changes(self, target: int, wanted: float, each: Numbers) -> Numbers | None:
        """How much each candidate changes where the target is at least what is wanted."""
        size, extra = len(self._unknowns), len(self._loose)
        least = np.array([unknown.low for unknown in self._unknowns])
        low = np.concatenate([least, np.zeros(2 * extra)])
        high = np.full(size + 2 * extra, inf)
        low[self._places] = high[self._places] = self._shown
        high[size + extra :] = np.maximum(0.0, self._shown - least[self._places])
        if target in self._places:
            number = int(np.flatnonzero(self._places == target)[0])
            low[size + number] = max(0.0, wanted - self._shown[number])
            high[size + extra + number] = 0.0
        else:
            low[target] = max(low[target], wanted)
        costs = np.concatenate([np.zeros(size), each, each])
        found = self._solver.cheapest(costs, low, high)
        if found is None:
            found = self._optimize.milp(
                costs,
                bounds=self._optimize.Bounds(low, high),
                constraints=self._optimize.LinearConstraint(self._rows, *self._ends),
            ).x
        return None if found is None else np.abs(found[size:][:extra] - found[size + extra :])
