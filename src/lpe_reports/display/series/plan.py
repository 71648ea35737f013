"""Series of plan and outcome: what was done of what was planned, and rolling years."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from lpe_reports.display.series.activity import operation_hours, operations
from lpe_reports.display.series.asking import Ask
from lpe_reports.errors import UsageError
from lpe_reports.measures.plan import plan_and_outcome, rolling_year_by
from lpe_reports.periods import Period, PeriodKind, parse_period

__all__ = ["fulfilment", "operation_hours", "operations", "rolling"]

_OPERATIONS = ["vo", "section", "surgery_start_at", "surgery_end_at"]
_SHARES = {"plan_fulfilment": "operations", "plan_fulfilment_hours": "hours"}
_ROLLING = {"rolling_operations": "operations", "rolling_hours": "operation_hours"}
_NAMES = {
    "operations": ("operations", "planned_operations"),
    "hours": ("operation_hours", "planned_hours"),
}
_MONTHS_BEFORE = 11


def fulfilment(ask: Ask) -> pd.DataFrame:
    """Share of the plan in force that was done, per month that is over: [window, value].

    Of those sections that have a plan for the month, added up.
    """
    if not ask.reader.has("production_plan"):
        return _values({})
    table = ask.reader.remember(("fulfilment", ask.selection, ask.windows), lambda: _table(ask))
    outcome, planned = _NAMES[_SHARES[ask.measure]]
    sums = table[table[planned] > 0].groupby("month")[[outcome, planned]].sum()
    shares = sums[outcome] / sums[planned]
    return _values(dict(zip(shares.index.astype(str), shares.tolist(), strict=True)))


def rolling(ask: Ask) -> pd.DataFrame:
    """Operations, or their hours, of twelve months that end with one that is over.

    Returns:
        [window, value].
    """
    months = _whole_months(ask)
    first_day = ask.reader.first_day("operations")
    if not months or first_day is None:
        return _values({})
    ids = [month.id for month in months]

    def roll() -> pd.DataFrame:
        done = _operations(ask, _year_before(months), months[-1].end)
        return rolling_year_by(done, by=[], months=ids, first_day=first_day)

    rolled = ask.reader.remember(("rolling", ask.selection, ask.windows), roll)
    return _values(dict(zip(rolled["month"], rolled[_ROLLING[ask.measure]], strict=True)))


def _table(ask: Ask) -> pd.DataFrame:
    """Plan and outcome of the months that are over, see `plan_and_outcome`."""
    months = [month.id for month in _whole_months(ask)]
    plan = ask.reader.read("production_plan", where=_where(ask))
    done = _operations(ask, *ask.reach)
    return plan_and_outcome(done, plan, months=months, as_of=ask.reach[1])


def _operations(ask: Ask, start: date, end: date) -> pd.DataFrame:
    return ask.reader.read(
        "operations", start=start, end=end, where=_where(ask), columns=_OPERATIONS
    )


def _where(ask: Ask) -> dict[str, object] | None:
    chosen = {"vo": ask.selection.vo, "section": ask.selection.section}
    return {name: value for name, value in chosen.items() if value is not None} or None


def _whole_months(ask: Ask) -> list[Period]:
    """The windows that are a whole month.

    Raises:
        UsageError: One is another kind of period: plans are made per month.
    """
    months = []
    for window in ask.windows:
        if window.id == "partial":
            continue
        period = parse_period(window.id)
        if period.kind is not PeriodKind.MONTH:
            raise UsageError(f"'{ask.measure}' is followed per month, not per {period.kind}")
        if period.end == window.end:
            months.append(period)
    return months


def _year_before(months: Sequence[Period]) -> date:
    first = months[0]
    for _ in range(_MONTHS_BEFORE):
        first = first.previous()
    return first.start


def _values(values: dict[str, float]) -> pd.DataFrame:
    found = pd.DataFrame({"window": list(values), "value": list(values.values())})
    return found.astype({"window": "str", "value": "float64"})
