"""Keeping the rows of a part that a question asks for, where its place alone does not tell."""

from datetime import UTC, date, datetime, time, timedelta
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from lpe_reports.errors import UsageError
from lpe_reports.warehouse.columns import TableContract
from lpe_reports.warehouse.frames import ZONE
from lpe_reports.warehouse.questions import Condition, Prefix, Question


class Selection:
    """The conditions of a question, less those that choosing its parts has fulfilled.

    Args:
        question: The question.
        contract: Its table.
    """

    def __init__(self, question: Question, contract: TableContract) -> None:
        self._question = question
        self._time = contract.time
        divided = contract.parts != "whole"
        # The months of which the first or the last days are not asked for.
        monthly, start, end = contract.parts == "month", question.start, question.end
        self._first = start.isoformat()[:7] if monthly and start and start.day > 1 else None
        last = end - timedelta(days=1) if end else None
        self._last = last.isoformat()[:7] if monthly and last and end and end.day > 1 else None
        self._where = [
            (name, condition)
            for name, condition in question.where
            # A list of values has chosen the parts as well as one value has.
            if not (name == contract.group and not isinstance(condition, Prefix))
        ]
        if question.units is not None and not divided and contract.unit:
            self._where.append((contract.unit, question.units))

    @property
    def columns(self) -> list[str]:
        """The columns that have to be read to decide."""
        names = [name for name, _ in self._where]
        if self._time and (self._first or self._last):
            names.append(self._time)
        return names

    def keep(self, rows: pa.Table, period: str) -> pa.Table:
        """The rows that the question asks for.

        Args:
            rows: The rows of a part, with at least `columns`; of several, if none is cut.
            period: The part's period.
        """
        masks = [_mask(rows.column(name), name, condition) for name, condition in self._where]
        masks += self._time_masks(rows, period)
        if not masks:
            return rows
        return rows.filter(reduce(pc.and_, masks))

    def cuts(self, period: str) -> bool:
        """Whether days of a period that has some are not asked for."""
        return period in (self._first, self._last)

    def _time_masks(self, rows: pa.Table, period: str) -> list[pa.ChunkedArray]:
        start, end = self._question.start, self._question.end
        masks: list[pa.ChunkedArray] = []
        if start and period == self._first:
            times = rows.column(self._time)
            masks.append(pc.greater_equal(times, _midnight(start, times.type)))
        if end and period == self._last:
            times = rows.column(self._time)
            masks.append(pc.less(times, _midnight(end, times.type)))
        return masks


def _midnight(day: date, type_: pa.DataType) -> pa.Scalar:
    if pa.types.is_date(type_):
        return pa.scalar(day, type_)
    return pa.scalar(datetime.combine(day, time(), ZONE).astimezone(UTC), type_)


def _mask(column: pa.ChunkedArray, name: str, condition: Condition) -> pa.ChunkedArray:
    """Which rows fulfil a condition; a null fulfils only the condition of being null."""
    try:
        if isinstance(condition, Prefix):
            masks = [pc.starts_with(column, pattern=start) for start in condition.starts]
            if not masks:
                return pc.is_in(column, value_set=pa.array([], column.type))
            return pc.fill_null(reduce(pc.or_, masks), False)
        values = condition if isinstance(condition, tuple) else (condition,)
        return pc.is_in(column, value_set=pa.array(values, column.type))
    except (pa.ArrowException, TypeError):
        raise UsageError(
            f"where: '{name}' holds {column.type}; what it is compared with is something else"
        ) from None
