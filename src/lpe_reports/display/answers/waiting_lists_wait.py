"""Answers of the waiting lists report: how long one waits, with those who wait still."""

from collections.abc import Iterable
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.disclosure.groups import UNIT, Group
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import time_of
from lpe_reports.display.answer import answer
from lpe_reports.display.answers.waiting_lists_flow import read_from
from lpe_reports.display.page import Page
from lpe_reports.display.series.queues import needs_and_operations
from lpe_reports.measures.late_entry import NOT_REACHED, TOO_FEW
from lpe_reports.measures.waiting_time import wait_by, wait_curves
from lpe_reports.params.units import UnitKind
from lpe_reports.periods import Period

_BY = "operating_unit"
_ALL = ""
_ALL_NAME = "Alla enheter"
# Those whose need was open in some days; nobody else on any page counts them so.
_FOLLOWED = "followed"
# A curve is shown on whole fortnights: a step for each operation would be of single patients.
_STEP_DAYS = 14
_LAST_DAY = 364
_MEDIAN_STATES = {
    NOT_REACHED: "Fler än hälften väntar ännu",
    TOO_FEW: "För få kunde följas för en median",
}
_P90_STATES = {
    NOT_REACHED: "Fler än var tionde väntar ännu",
    TOO_FEW: "För få kunde följas för P90",
}


@answer
def by_unit(page: Page) -> Protected:
    """Kaplan–Meier's median and P90 of those who waited in the month, unit by unit.

    Returns:
        [unit, median_days, median_low, median_high, p90_days, before, last_year, state]:
        a row per operating unit and, where there are several, one for all. `before` and
        `last_year` are medians of the month before and the same month a year ago; the state
        says in words why a number is missing. How many they are is not shown: with the list at
        the month's beginning and end it would tell exactly who came and left, see
        `display.series.queues`.
    """
    now, before, last_year = (
        _waits(page, start, end).set_index(_BY) for start, end in _spans(page)
    )
    ids = _ordered(page, now.index)
    rows = now.reindex(ids)
    earlier = {"before": before.reindex(ids), "last_year": last_year.reindex(ids)}
    for name, waits in earlier.items():
        rows[name] = waits["median_days"]
        rows[f"{name}_open"] = waits["open"].fillna(0)
    rows = rows.assign(
        unit=_names(page, ids),
        unit_id=pd.array([unit or None for unit in ids], dtype="str"),
        state=[
            _state(*states) for states in zip(rows["median_state"], rows["p90_state"], strict=True)
        ],
    )
    days = partial(Column, type="days")
    columns = [
        Column("unit", "Operationsenhet", trait=UNIT, trait_from="unit_id"),
        days("median_days", "Median", based_on="open"),
        days("median_low", "95 %, från", based_on="open"),
        days("median_high", "95 %, till", based_on="open"),
        days("p90_days", "P90", based_on="open"),
        days("before", "Median månaden före", based_on="before_open"),
        days("last_year", "Median ett år tidigare", based_on="last_year_open"),
    ]
    if rows["state"].any():
        columns.append(Column("state", "Anmärkning"))
    return page.protect(
        rows, table="waiting_times", columns=columns,
        total_row=len(rows) - 1 if len(rows) > 1 else None, about=_about(page),
    )  # fmt: skip


@answer
def curves(page: Page) -> Protected:
    """How large a part of those who wait are not yet operated, every fortnight of a year.

    Returns:
        [unit, days, share_waiting]: Kaplan–Meier's curve of each unit read off on whole
        fortnights, as far as enough can be followed; no rows of one that ends before the first.
    """
    (start, end), *_ = _spans(page)
    needs, operations = _needs(page)
    found = wait_curves(needs, operations, by=[_BY], start=start, end=end)
    units = [unit for unit in _ordered(page, found[_BY].unique()) if unit]
    read = [_read_off(found[found[_BY] == unit]) for unit in units]
    parts = [points for points in read if len(points) > 1]
    empty = pd.DataFrame(columns=[_BY, "days", "share_waiting", "at_risk"])
    rows = pd.concat(parts, ignore_index=True) if parts else empty
    rows = rows.assign(unit=_names(page, rows[_BY]))
    columns = [
        Column("unit", "Operationsenhet"),
        Column("days", "Dagar sedan beslut", "days", "dagar", public=True),
        Column("share_waiting", "Väntar ännu", "share", decimals=0, based_on="at_risk"),
    ]
    note = "" if parts else "Ingen kurva ritas: för få kunde följas."
    return page.protect_coarsest([Draft(rows, columns)], table="waiting_times", notes=[note])


def _spans(page: Page) -> list[tuple[date, date]]:
    """The page's days, and as many of the month before and of the same month a year ago."""
    before, last_year = page.period.previous(), page.period.same_last_year()
    spans = [(page.period.start, page.until)]
    for period in (before, last_year):
        spans.append((period.start, _same_days(page, period)))
    return spans


def _same_days(page: Page, period: Period) -> date:
    if not page.ongoing:
        return period.end
    return min(period.end, period.start + (page.until - page.period.start))


def _needs(page: Page) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The needs of the page's VO, once by unit and once as of all together."""
    needs, operations = needs_and_operations(page, page.unit, read_from(page))
    return pd.concat([needs, needs.assign(**{_BY: _ALL})], ignore_index=True), operations


def _waits(page: Page, start: date, end: date) -> pd.DataFrame:
    needs, operations = _needs(page)
    return wait_by(needs, operations, by=[_BY], start=start, end=end)


def _ordered(page: Page, found: Iterable[str]) -> list[str]:
    """The units that occur as params order them, and that of all where there are several."""
    known = [unit.id for unit in page.params.units.of_kind(UnitKind.OPERATING_UNIT)]
    units = [unit for unit in known if unit in set(found)]
    return [*units, _ALL] if len(units) > 1 else units


def _names(page: Page, ids: Iterable[str]) -> ExtensionArray:
    """What units are called; text also where there are none."""
    names = [page.params.units.get(unit).name if unit else _ALL_NAME for unit in ids]
    return pd.array(names, dtype="str")


def _state(median: str, p90: str) -> str:
    """Why median or P90 is missing; the more telling where both are."""
    return _MEDIAN_STATES.get(median) or _P90_STATES.get(p90) or ""


def _read_off(curve: pd.DataFrame) -> pd.DataFrame:
    """One curve on whole fortnights, to the last one that it reaches."""
    days = curve["days"].to_numpy()
    grid = np.arange(0, min(_LAST_DAY, days.max()) + 1, _STEP_DAYS)
    at = np.searchsorted(days, grid, side="right") - 1
    read = curve.iloc[at].assign(days=grid.astype(np.float64))
    # Exact shares are quotients of counts, which could be reckoned back from them.
    read["share_waiting"] = read["share_waiting"].round(2)
    return read[[_BY, "days", "share_waiting", "at_risk"]]


def _about(page: Page) -> Group:
    time = time_of(page.period, page.until)
    return Group.of(_FOLLOWED, list="operation", vo=page.unit, time=time)
