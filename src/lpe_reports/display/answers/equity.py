"""Answers of the equity report: the same operation, how long a wait, at which department.

All are about elective operations whose wait is known (from decision to surgery, whole days).
"""

from datetime import timedelta

import pandas as pd

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import UNIT
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import WAIT_DAYS, WITHIN_90
from lpe_reports.display.answer import answer, sentence
from lpe_reports.display.answers.equity_patients import (
    ALL_UNITS,
    days_of,
    operations_of,
    patients_of,
    unit_name,
)
from lpe_reports.display.page import Page
from lpe_reports.measures.equity import (
    Gap,
    days_by_unit,
    gap,
    patients_to_move,
    standardised,
)
from lpe_reports.measures.grouping import with_age_band, with_asa_group
from lpe_reports.periods import PeriodKind


@answer
def by_unit(page: Page, *, of_before: bool = False) -> Protected:
    """Number and days to operation per operating unit, the longest mean first, then all.

    Args:
        page: The page.
        of_before: For the period a year earlier instead.

    Returns:
        [unit, operations, mean_days, mean_low, mean_high, median_days, p90_days, within_90,
        share_within_90].
    """
    table = units = _units(page, of_before)
    if len(units):
        rows = operations_of(page, *days_of(page, of_before))
        table = pd.concat([units, days_by_unit(rows, by=[]).assign(unit=ALL_UNITS)])
    columns = [
        _unit_column(),
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
    ]
    total = len(table) - 1 if len(table) else None
    about = patients_of(page, of_before=of_before)
    return page.protect(table, table="equity", columns=columns, total_row=total, about=about)


@answer
def per_unit(page: Page) -> Protected:
    """The same without the row for all, for charts: [unit, operations, mean_days, low, high]."""
    columns = [
        _unit_column(),
        Column("operations", "Antal", "count"),
        Column("mean_days", "Medel", "days", "dagar", based_on="operations", mean_of=WAIT_DAYS),
        Column("mean_low", "KI från", "days", based_on="operations"),
        Column("mean_high", "KI till", "days", based_on="operations"),
    ]
    # The total is in every table below: what must be hidden beside a small unit is another unit.
    by_unit(page, of_before=False)
    units = _units(page, of_before=False)
    return page.protect(units, table="equity", columns=columns, about=patients_of(page))


@answer
def differences(page: Page, *, of_before: bool = False) -> Protected:
    """How unequal the units are: absolute gap and ratio with 95 % intervals.

    Args:
        page: The page.
        of_before: For the period a year earlier instead.

    Returns:
        [measure, value, low, high].
    """
    found, smallest = _gap(page, of_before)
    rows = [
        ("Skillnad, dagar", found.gap_days, found.gap_low, found.gap_high),
        ("Kvot, längst mot kortast", found.ratio, found.ratio_low, found.ratio_high),
    ]
    frame = pd.DataFrame(
        rows if found.is_known else [], columns=["measure", "value", "low", "high"]
    )
    columns = [
        Column("measure", "Mått"),
        Column("value", "Värde", "number", decimals=2, based_on="smallest"),
        Column("low", "KI från", "number", decimals=2, based_on="smallest"),
        Column("high", "KI till", "number", decimals=2, based_on="smallest"),
    ]
    return page.protect(frame.assign(smallest=smallest), table="equity_gap", columns=columns)


@answer
def spread(page: Page) -> Protected:
    """How far apart the units lie as groups, weighted by number: [measure, value]."""
    found, smallest = _gap(page)
    rows = [
        ("Standardavvikelse mellan enheter, dagar", found.between_sd),
        ("Variationskoefficient, procent", found.cv * 100),
        ("Theils index mellan enheter", found.theil),
        ("Ginikoefficient mellan enheter", found.gini),
    ]
    frame = pd.DataFrame(rows if found.is_known else [], columns=["measure", "value"])
    columns = [
        Column("measure", "Mått"),
        Column("value", "Värde", "number", decimals=3, based_on="smallest"),
    ]
    return page.protect(frame.assign(smallest=smallest), table="equity_gap", columns=columns)


@answer
def case_mix(page: Page) -> Protected:
    """Each unit's mean wait against what its mix of patients would wait in the whole county.

    Returns:
        [unit, operations, observed, expected, ratio, low, high].
    """
    rows = operations_of(page, page.period.start, page.period.end)
    rows = with_age_band(with_asa_group(rows))
    found = standardised(rows, on=["age_band", "sex", "asa_group"])
    counts = days_by_unit(rows)[["operating_unit", "operations"]]
    found = found.merge(counts, on="operating_unit").sort_values("ratio", ascending=False)
    found["unit"] = found["operating_unit"].map(lambda unit: unit_name(page, unit))
    columns = [
        _unit_column(),
        Column("operations", "Antal", "count"),
        Column("observed", "Medel", "days", "dagar", 1, based_on="operations", mean_of=WAIT_DAYS),
        Column("expected", "Förväntat medel", "days", "dagar", 1, based_on="operations"),
        Column("ratio", "Kvot", "number", decimals=2, based_on="operations"),
        Column("low", "KI från", "number", decimals=2, based_on="operations"),
        Column("high", "KI till", "number", decimals=2, based_on="operations"),
    ]
    return page.protect(
        found, table="equity_standardised", columns=columns, about=patients_of(page)
    )


@answer
def moves(page: Page) -> Protected:
    """How many would have to be offered another hospital to close the gap between shown units.

    Who they would be is nobody's to know: the number follows from numbers and means that the
    page shows.

    Returns:
        [from_unit, to_unit, operations, patients].
    """
    found = patients_to_move(_shown_units(page, of_before=False))
    found["operating_unit"] = found["from_unit"]
    for name in ("from_unit", "to_unit"):
        found[name] = found[name].map(lambda unit: unit_name(page, unit))
    columns = [
        Column("from_unit", "Från", trait=UNIT, trait_from="operating_unit"),
        Column("to_unit", "Till"),
        Column("operations", "Opererade", "count"),
        Column(
            "patients",
            "Skulle erbjudas annat sjukhus",
            "count",
            based_on="operations",
            reckoned=True,
        ),
    ]
    return page.protect(found, table="equity_move", columns=columns, about=patients_of(page))


@sentence
def summary(page: Page) -> str:
    """What happened, in two sentences that hold for these numbers only."""
    table = per_unit(page)
    names = ["unit", "n", "mean", "low", "high"]
    cells = [dict(zip(names, row, strict=True)) for row in table.cells()]
    known = [cell for cell in cells if cell["mean"] is not None]
    when = f"hittills under {page.period.long}" if page.ongoing else f"under {page.period.long}"
    if not cells:
        return f"Inga planerade patienter opererades {when}."
    if not known:
        return f"Väntetiden {when} kan inte visas utan att tal om få patienter går att räkna ut."
    if len(known) == 1:
        only = known[0]
        if len(cells) == 1:
            return f"Alla opererades på {only['unit']}, i genomsnitt efter {_days(only['mean'])}."
        return (
            f"På {only['unit']} väntade patienterna i genomsnitt {_days(only['mean'])}. Talen för "
            "övriga enheter är dolda, eftersom de skulle avslöja tal om för få patienter."
        )
    longest, shortest = known[0], known[-1]
    where = f"På {longest['unit']} väntade patienterna"
    if page.ongoing:
        where = f"Hittills {page.period.long} har patienterna på {longest['unit']} väntat"
    return (
        f"{where} i genomsnitt {_days(longest['mean'])}, på {shortest['unit']} "
        f"{_days(shortest['mean'])}. {_gap_sentence(page)}"
    ).strip()


@sentence
def selection(page: Page) -> str:
    """Whom the page is about."""
    name = page.params.procedures.name(page.unit)
    prefixes = wording.listing(page.params.procedures.prefixes(page.unit))
    last = page.until - timedelta(days=1)
    codes = prefixes if page.unit.isupper() else f"KVÅ-koder som börjar på {prefixes}"
    return (
        f"{wording.lower_first(name)} ({codes}), elektiva operationer med känt beslutsdatum, "
        f"{page.period.start} till {last}, hela länet. Dagar räknas från beslut till operation"
    )


@sentence
def before_label(page: Page) -> str:
    """What the key figures are compared with."""
    before = page.period.same_last_year()
    if page.ongoing:
        return f"samma dagar {before.short}"
    return f"år {before.short}" if before.kind is PeriodKind.YEAR else "ett år tidigare"


def _gap_sentence(page: Page) -> str:
    """Whether the gap is larger than chance would make it; nothing where it cannot be said."""
    rows = differences(page).cells()
    if not rows or rows[0][1] is None or rows[0][2] is None:
        return ""
    _, value, low, high = rows[0]
    between = f"(95 % konfidensintervall {_bound(low)} till {_bound(high)})"
    words = f"Skillnaden är {_days(value)} {between}"
    chance = "större än slumpen förklarar" if float(str(low)) > 0 else "kan bero på slumpen"
    return f"{words} och {chance}{_than_the_year_before(page, value)}."


def _than_the_year_before(page: Page, value: object) -> str:
    """How much larger or smaller the gap was a year before, in whole days."""
    before = differences(page, of_before=True).cells()
    was = before[0][1] if before else None
    if not isinstance(was, int | float) or not isinstance(value, int | float):
        return ""
    change = round(value - was)
    if change == 0:
        return f", lika stor som {before_label(page)}"
    size = "större" if change > 0 else "mindre"
    return f", {_days(abs(change))} {size} än {before_label(page)}"


def _days(value: object) -> str:
    return wording.days(float(value)) if isinstance(value, int | float) else wording.HIDDEN


def _bound(value: object) -> str:
    return wording.number(float(value)) if isinstance(value, int | float) else "–"


def _gap(page: Page, of_before: bool = False) -> tuple[Gap, int]:
    """The gap between shown units, and how many the smallest of them operated."""
    shown = _shown_units(page, of_before)
    return gap(shown), int(shown["operations"].min()) if len(shown) else 0


def _units(page: Page, of_before: bool) -> pd.DataFrame:
    """What `days_by_unit` says of each unit, with its name, the longest mean first."""
    units = days_by_unit(operations_of(page, *days_of(page, of_before)))
    units = units.sort_values("mean_days", ascending=False)
    return units.assign(unit=units["operating_unit"].map(lambda unit: unit_name(page, unit)))


def _shown_units(page: Page, of_before: bool) -> pd.DataFrame:
    """Those units whose number and mean the page shows: what is made of others would tell them."""
    units, table = _units(page, of_before), by_unit(page, of_before=of_before)
    hidden = table.hidden[["operations", "mean_days"]].any(axis=1).to_numpy()
    return units[~hidden[: len(units)]]


def _unit_column() -> Column:
    return Column("unit", "Operationsenhet", trait=UNIT, trait_from="operating_unit")
