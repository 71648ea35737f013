"""Where patients were operated: per operating unit, or as finely as few enough numbers are hidden.

The ways from fine to coarse are operating units and hospitals. Where both would hide too much,
operating units stand if no more than half of their numbers are hidden, else their number of
patients alone, else only the whole county, of which the key figures tell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.disclosure.groups import UNIT
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import WAIT_DAYS, WITHIN_90
from lpe_reports.display.answers.equity_patients import (
    ALL_UNITS,
    days_of,
    instead_of,
    operations_of,
    patients_of,
    unit_name,
)
from lpe_reports.display.page import Page
from lpe_reports.measures.equity import days_by_unit

NOT_PER_UNIT = "Visas inte per operationsenhet, eftersom för många tal då skulle döljas."
_IN_KEY_FIGURES = "Hela länets tal står överst på sidan."
_PER_HOSPITAL = "Visas per sjukhus: per operationsenhet skulle för många tal döljas."
_NUMBER_ONLY = (
    "Per operationsenhet visas bara antalen: med väntetiderna skulle för många tal döljas. "
    f"{_IN_KEY_FIGURES}"
)


@dataclass(frozen=True)
class Level:
    """One way to divide patients by where they were operated.

    Args:
        rows: The operations, `operating_unit` being the unit or the hospital.
        label: What a row is.
        note: Why it is no finer; empty for the finest.
    """

    rows: pd.DataFrame
    label: str
    note: str = ""

    def parts(self, page: Page) -> pd.DataFrame:
        """What `days_by_unit` says of each part, with its name, the longest mean first."""
        parts = days_by_unit(self.rows).sort_values("mean_days", ascending=False)
        return parts.assign(unit=parts["operating_unit"].map(lambda unit: unit_name(page, unit)))

    def heading(self) -> Column:
        return Column("unit", self.label, trait=UNIT, trait_from="operating_unit")


def levels_of(page: Page, of_before: bool) -> Iterator[Level]:
    """Operating units, then hospitals where two units that have patients are one hospital's."""
    rows = operations_of(page, *days_of(page, of_before))
    yield Level(rows, "Operationsenhet")
    units = rows["operating_unit"].unique()
    hospitals = {unit: page.params.units.get(unit).hospital or unit for unit in units}
    if 1 < len(set(hospitals.values())) < len(units):
        merged = rows.assign(operating_unit=rows["operating_unit"].map(hospitals))
        yield Level(merged, "Sjukhus", _PER_HOSPITAL)


def protect_units(page: Page, whole: Protected, *, of_before: bool) -> Protected:
    """The finest table per unit that does not hide too much; without rows where each would.

    Args:
        page: The page.
        whole: The county's own row, which the page shows first: the last row is the same.
        of_before: For the period a year earlier instead.

    Returns:
        [unit, operations, …] as `columns`, or [unit, operations] alone.
    """
    about = patients_of(page, of_before=of_before)
    drafts, notes = [], []
    for level in levels_of(page, of_before):
        parts = level.parts(page)
        frame = pd.concat([parts, _whole(level.rows)]) if len(parts) else parts
        last = len(frame) - 1 if len(frame) else None
        drafts.append(Draft(frame, columns(level.heading()), last, about))
        notes.append(level.note)
    if not len(whole):
        return page.protect_coarsest(drafts, table="equity", notes=notes)
    finest = drafts[0]
    number = Draft(finest.frame, finest.columns[:2], finest.total_row, about)
    nothing = Draft(finest.frame.iloc[:0], number.columns, None, about)
    notes += ["", _NUMBER_ONLY, f"{NOT_PER_UNIT} {_IN_KEY_FIGURES} {instead_of(page)}".strip()]
    # One small unit hides another beside it; what is left is worth more to who works there.
    otherwise = [finest, number, nothing]
    return page.protect_coarsest(drafts, table="equity", notes=notes, otherwise=otherwise)


def whole_county(page: Page, of_before: bool) -> Protected:
    """The row of all patients together; no row where there are none."""
    rows = operations_of(page, *days_of(page, of_before))
    heading = Column("unit", "Område", trait=UNIT, trait_from="operating_unit")
    frame = _whole(rows) if len(rows) else _whole(rows).iloc[:0]
    about = patients_of(page, of_before=of_before)
    return page.protect(frame, table="equity", columns=columns(heading), about=about)


def level_shown(page: Page, table: Protected, *, of_before: bool) -> Level | None:
    """How a table of `protect_units` is divided; None where it has no waits or no rows."""
    if "mean_days" in [column.id for column in table.columns]:
        for level in levels_of(page, of_before):
            if table.columns[0] == level.heading():
                return level
    return None


def columns(heading: Column) -> Sequence[Column]:
    """The columns of the report's first table."""
    return (
        heading,
        Column("operations", "Antal", "count"),
        Column("mean_days", "Medel", "days", "dagar", 2, based_on="operations", mean_of=WAIT_DAYS),
        Column("mean_low", "KI från", "days", decimals=1, based_on="operations"),
        Column("mean_high", "KI till", "days", decimals=1, based_on="operations"),
        Column("median_days", "Median", "days", "dagar", based_on="operations"),
        Column("p90_days", "P90", "days", "dagar", based_on="operations"),
        Column("within_90", "Inom 90 dagar", "count", part_of="operations", traits=WITHIN_90),
        Column(
            "share_within_90", "Andel", "share", numerator="within_90", denominator="operations"
        ),
    )


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    none = pd.array([None], dtype="str")
    found = days_by_unit(rows, by=[])
    return found.assign(unit=ALL_UNITS, operating_unit=none[: len(found)])
