"""Answers of the equity report, divided: by year, through the period, by what patients are.

A page shows the finest division that does not hide too much, and says so; where each of them
would, it shows no table and says that.
"""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.disclosure.groups import TIME, UNIT, Group
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import OPERATED, WAIT_DAYS, time_of
from lpe_reports.display.answer import answer
from lpe_reports.display.answers.equity_divisions import (
    FILTERS,
    TRAIT_ID,
    Division,
    so_far,
    through_period,
)
from lpe_reports.display.answers.equity_patients import (
    ALL_UNITS,
    counted_until,
    days_of,
    operations_of,
    order_of_units,
    patients_of,
    unit_short,
)
from lpe_reports.display.page import Page
from lpe_reports.errors import UsageError
from lpe_reports.measures.equity import days_by_unit
from lpe_reports.measures.grouping import with_period
from lpe_reports.periods import PeriodKind, parse_period

ALL_VALUES = "Alla"
_PART, _UNIT = "part", "operating_unit"
_UNDIVIDED = (
    "Visas inte uppdelat, eftersom för många tal då skulle döljas. Alla patienter tillsammans står "
    "överst på sidan."
)


@answer
def by_year(page: Page, *, years: int = 3) -> Protected:
    """Number and mean days per calendar year and unit: a row per year, two columns per unit.

    The last year goes as far as the page's period does, and says so where that is not to its end.
    """
    last, end = page.period.last_day.year, counted_until(page)
    found = [str(year) for year in range(last - years + 1, last + 1)]
    rows = operations_of(page, date(last - years + 1, 1, 1), end)
    ids = {year: time_of(parse_period(year), end) for year in found}
    names = {year: year if ids[year] == year else so_far(year, end) for year in found}
    part = with_period(rows, "surgery_start_at", PeriodKind.YEAR)["year"]
    division = Division(Column("year", "År", trait=TIME, trait_from=TRAIT_ID), part, names, ids)
    about = Group.of(OPERATED, procedure=page.unit)
    return _finest(page, rows, [division], about, total=False)


@answer
def by_month(page: Page) -> Protected:
    """Number and mean days per month of the period and unit, or per quarter or tertial."""
    rows = operations_of(page, *days_of(page, False))
    divisions = through_period(rows, page.period, counted_until(page))
    return _finest(page, rows, list(divisions), patients_of(page))


@answer
def filtered(page: Page, *, by: str) -> Protected:
    """Number and mean days per value of one property and unit: `by` is asa, planned, sex or age.

    Raises:
        UsageError: There is no such property.
    """
    if by not in FILTERS:
        raise UsageError(f"equity_splits.filtered: by='{by}'; there are {', '.join(FILTERS)}")
    rows = operations_of(page, *days_of(page, False))
    return _finest(page, rows, list(FILTERS[by].divisions(rows)), patients_of(page))


def _finest(
    page: Page,
    rows: pd.DataFrame,
    divisions: Sequence[Division],
    about: Group,
    *,
    total: bool = True,
) -> Protected:
    """The table of the finest division that does not hide too much: per unit, of all, or no rows.

    With `total` a last row has all of the period, which the page shows elsewhere too; without,
    the newest stands first.
    """
    units = sorted(rows[_UNIT].unique(), key=order_of_units(page))
    named = {unit: unit_short(page, unit) for unit in units}
    total = total and len(rows) > 0
    totals = _numbers(rows, []), _numbers(rows, [_UNIT])
    divided = []
    for division in divisions:
        parts = rows.assign(**{_PART: division.part})
        every = _numbers(parts, [_PART]).sort_values(_PART, ascending=total)
        long = _numbers(parts, [_PART, _UNIT])
        if total:
            every = pd.concat([every, totals[0]], ignore_index=True)
            long = pd.concat([long, totals[1]], ignore_index=True)
        divided.append((division, every, long))
    drafts, notes = [], []
    for shown, per_unit in ((named, True), ({}, False)):
        for division, every, long in divided:
            drafts.append(_draft(division, every, long, shown, about, total=total))
            notes.append(division.note(per_unit=per_unit))
    if total:
        # Of all together there is a table already: that they are not divided is for words to say.
        columns = [divisions[0].heading, *_number_and_mean("", ALL_UNITS)]
        drafts.append(Draft(drafts[-1].frame.iloc[:0], columns, about=about))
        notes.append(_UNDIVIDED)
    return page.protect_coarsest(drafts, table="equity", notes=notes)


def _draft(
    division: Division,
    every: pd.DataFrame,
    long: pd.DataFrame,
    units: dict[str, str],
    about: Group,
    *,
    total: bool,
) -> Draft:
    """A row per part; for each unit, and for all, the number and the mean days."""
    wide, columns = every.copy(), [division.heading]
    for unit, name in units.items():
        own = long[long[_UNIT] == unit].set_index(_PART)
        for column in ("operations", "mean_days"):
            wide[f"{column}_{unit}"] = own[column].reindex(wide[_PART]).to_numpy()
        wide[f"operations_{unit}"] = wide[f"operations_{unit}"].fillna(0)
        columns += _number_and_mean(f"_{unit}", name, ((UNIT, unit),))
    columns += _number_and_mean("", ALL_UNITS)
    wide[TRAIT_ID] = wide[_PART].map(division.ids)
    wide[division.heading.id] = wide[_PART].map(division.names).fillna(ALL_VALUES)
    return Draft(wide, columns, len(wide) - 1 if total else None, about)


def _numbers(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """How many and how long, with the part that they are; null where it is all of them."""
    found = days_by_unit(rows, by=by)
    part = {} if _PART in by else {_PART: pd.array([None] * len(found), dtype="str")}
    return found.assign(**part)[[_PART, *({_UNIT} & {*by}), "operations", "mean_days"]]


def _number_and_mean(
    suffix: str, name: str, traits: tuple[tuple[str, str], ...] = ()
) -> Sequence[Column]:
    count, mean = f"operations{suffix}", f"mean_days{suffix}"
    part_of = "operations" if suffix else None
    return (
        Column(count, f"{name}, antal", "count", part_of=part_of, traits=traits),
        Column(mean, f"{name}, medel", "days", based_on=count, traits=traits, mean_of=WAIT_DAYS),
    )
