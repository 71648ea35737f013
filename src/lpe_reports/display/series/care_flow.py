"""Series of the whole flow: how many days a step took those who took it; and what they read."""

from datetime import date

import pandas as pd

from lpe_reports.display.series.asking import Ask, TableReader
from lpe_reports.measures.flow_steps import STEPS, Pathway, Span
from lpe_reports.measures.spells import DONE
from lpe_reports.measures.times import local_days
from lpe_reports.params.loading import Params

_STEPS = {"flow_days_first_contact": "first_contact", "flow_days_operation": "operation"}
# The table and column of when each begins.
_BEGAN = {
    "flow_days_first_contact": ("referrals", "assessed_at"),
    "flow_days_operation": ("needs", "requested_at"),
}
# How many whole years before the last one a way that is looked at may have begun; the same for
# tables and series of a page, so that each table is read once.
_YEARS_BACK = 5
_ELECTIVE = {"urgency": "elective"}
_COLUMNS = {
    "referrals": ["referral_id", "referred_at", "assessed_at", "closed_at"],
    "contacts": ["referral_id", "first", "happened_at"],
    "needs": [
        "need_id", "referral_id", "decided_at", "requested_at", "removed_at", "removed_reason",
    ],
    "operations": ["operation_id", "need_id", "surgery_start_at", "patient_out_at"],
}  # fmt: skip


def way_to_operation(reader: TableReader, params: Params, vo: str | None, end: date) -> Pathway:
    """The tables of the elective way to operation, of one VO or of all, up to a day.

    Referrals and contacts are those of the VO's clinics. A table that was not delivered is None.
    """
    clinics = None if vo is None else [unit.id for unit in params.units.clinics_of(vo)]
    own = _ELECTIVE if vo is None else _ELECTIVE | {"vo": vo}
    found: dict[str, pd.DataFrame | None] = {}
    for table, columns in _COLUMNS.items():
        by_clinic = table in ("referrals", "contacts")
        found[table] = (
            reader.read(
                table,
                units=clinics if by_clinic else None,
                start=date(end.year - _YEARS_BACK, 1, 1),
                end=end,
                where=None if by_clinic else own,
                columns=columns,
            )
            if reader.has(table)
            else None
        )
    return Pathway(**found)


def step_days(ask: Ask) -> pd.DataFrame:
    """Median days of those who took a step in each window: [window, value, n]."""
    key = ("step_days", ask.measure, ask.selection.vo, ask.reach)
    taken = ask.in_windows(ask.reader.remember(key, lambda: _taken(ask)), "day")
    days = taken.groupby("window")["days"]
    return days.agg(value="median", n="size").reset_index()


def _taken(ask: Ask) -> pd.DataFrame:
    """Who took the step in any of the windows: [day, days], when, and after how many days."""
    table, began = _BEGAN[ask.measure]
    tables = way_to_operation(ask.reader, ask.params, ask.selection.vo, ask.reach[1])
    step = STEPS[_STEPS[ask.measure]](tables, Span((), *ask.reach))
    if step is None:
        return pd.DataFrame({"day": pd.Series(dtype="datetime64[us]"), "days": []})
    days = step.spells.loc[step.spells["outcome"] == DONE, "exit"]
    first = local_days(getattr(tables, table)[began].loc[days.index])
    return pd.DataFrame({"day": first + pd.to_timedelta(days, unit="D"), "days": days})
