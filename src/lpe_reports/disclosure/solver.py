"""Linear programs over the same rows, each answered from where the one before ended.

`scipy.optimize.milp` begins anew for each question. The solver behind it, HiGHS, can go on from its
last answer, which most often is near the next, in a tenth of the time. Where an answer does not
agree with the rows there is none, and `milp` has to be asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy import sparse

Numbers = npt.NDArray[np.float64]
_NEAR = 1e-6
# Steps for each number and row, before `milp` is asked.
_MOST_STEPS = 20


class Solver:
    """Rows that hold, and which numbers agree with them at the least cost.

    Args:
        rows: The weight of each number in each row.
        low: The least that each row's weighted sum can be.
        high: The most.
    """

    def __init__(self, rows: sparse.csr_matrix, low: Numbers, high: Numbers) -> None:
        self._rows, self._row_low, self._row_high = rows, low, high
        self._near = _NEAR * np.maximum(1.0, np.where(np.isfinite(low), np.abs(low), 1.0))
        self._places = np.arange(rows.shape[1])
        self._highs: Any = None

    def cheapest(self, costs: Numbers, low: Numbers, high: Numbers) -> Numbers | None:
        """The numbers between some bounds that cost least; None where none were found so.

        Args:
            costs: What each number costs, by one.
            low: The least that each number can be.
            high: The most.
        """
        if self._highs is None:
            self._highs = self._begun(costs, low, high)
        else:
            self._highs.changeColsCost(len(costs), self._places, costs)
            self._highs.changeColsBounds(len(costs), self._places, low, high)
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        numbers = np.array(self._highs.getSolution().col_value)
        return numbers if self._agree(numbers, low, high) else None

    def _begun(self, costs: Numbers, low: Numbers, high: Numbers) -> Any:
        columns = self._rows.tocsc()
        program = highspy.HighsLp()
        program.num_row_, program.num_col_ = columns.shape
        matrix = program.a_matrix_
        matrix.num_row_, matrix.num_col_ = columns.shape
        matrix.format_ = highspy.MatrixFormat.kColwise
        matrix.start_, matrix.index_ = columns.indptr, columns.indices
        matrix.value_ = columns.data
        program.col_cost_, program.col_lower_, program.col_upper_ = costs, low, high
        program.row_lower_, program.row_upper_ = self._row_low, self._row_high
        highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("simplex_iteration_limit", _MOST_STEPS * sum(columns.shape))
        highs.passModel(program)
        return highs

    def _agree(self, numbers: Numbers, low: Numbers, high: Numbers) -> bool:
        """Whether numbers lie between their bounds and agree with the rows."""
        sums = self._rows @ numbers
        return bool(
            np.all(sums >= self._row_low - self._near)
            and np.all(sums <= self._row_high + self._near)
            and np.all(numbers >= low - _NEAR)
            and np.all(numbers <= high + _NEAR)
        )
