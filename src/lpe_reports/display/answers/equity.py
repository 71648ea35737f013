"""Answers of the equity report: the same operation, how long a wait, at which department.

All are about elective operations whose wait is known (from decision to surgery, whole days).
"""

from datetime import timedelta

import pandas as pd

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.disclosure.groups import UNIT
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import WAIT_DAYS
from lpe_reports.display.answer import answer, sentence
from lpe_reports.display.answers.equity_patients import (
    counted_until,
    counted_words,
    instead_of,
    patients_of,
    unit_name,
)
from lpe_reports.display.answers.equity_units import (
    NOT_PER_UNIT,
    Level,
    level_shown,
    levels_of,
    protect_units,
    whole_county,
)
from lpe_reports.display.page import Page
from lpe_reports.display.withheld import MOST_OF_A_CHART
from lpe_reports.measures.equity import (
    Gap,
    days_by_unit,
    gap,
    patients_to_move,
    standardised,
)
from lpe_reports.measures.grouping import with_age_band, with_asa_group
from lpe_reports.periods import PeriodKind
from lpe_reports.wording import upper_first

_NO_CHART = "Inget diagram, eftersom för många av väntetiderna per operationsenhet är dolda."


@answer
def whole(page: Page, *, of_before: bool = False) -> Protected:
    """Number and days to operation in the whole county: one row, none where nobody was operated.

    Args:
        page: The page.
        of_before: For the period a year earlier instead.

    Returns:
        As `by_unit`.
    """
    return whole_county(page, of_before)


@answer
def by_unit(page: Page, *, of_before: bool = False) -> Protected:
    """Number and days to operation per operating unit, the longest mean first, then all.

    Per hospital, or without days, where units would hide too much; see `equity_units`.

    Args:
        page: The page.
        of_before: For the period a year earlier instead.

    Returns:
        As `equity_units.columns`.
    """
    # The county matters most: what must be hidden beside a small unit is another unit.
    return protect_units(page, whole(page, of_before=of_before), of_before=of_before)


@answer
def per_unit(page: Page) -> Protected:
    """The same without the row for all, for charts: [unit, operations, mean_days, low, high]."""
    table = by_unit(page, of_before=False)
    shown = level_shown(page, table, of_before=False)
    level = shown or _finest(page)
    columns = [
        level.heading(),
        Column("operations", "Antal", "count"),
        Column("mean_days", "Medel", "days", "dagar", based_on="operations", mean_of=WAIT_DAYS),
        Column("mean_low", "KI från", "days", based_on="operations"),
        Column("mean_high", "KI till", "days", based_on="operations"),
    ]
    draft = Draft(level.parts(page), columns, None, patients_of(page))
    # The table beside it says what is left of a chart that would be mostly hidden.
    bars = [] if shown is None else table.hidden["mean_days"].tolist()[:-1]
    withheld = shown is None or sum(bars) > MOST_OF_A_CHART * len(bars)
    return _unless(page, withheld, draft, "equity", _NO_CHART)


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

    Divided as `by_unit` is; no rows where that shows no waits.

    Returns:
        [unit, operations, observed, expected, ratio, low, high].
    """
    shown = level_shown(page, by_unit(page, of_before=False), of_before=False)
    level = shown or _finest(page)
    rows = with_age_band(with_asa_group(level.rows))
    found = standardised(rows, on=["age_band", "sex", "asa_group"])
    counts = days_by_unit(rows)[["operating_unit", "operations"]]
    found = found.merge(counts, on="operating_unit").sort_values("ratio", ascending=False)
    found["unit"] = found["operating_unit"].map(lambda unit: unit_name(page, unit))
    columns = [
        level.heading(),
        Column("operations", "Antal", "count"),
        Column("observed", "Medel", "days", "dagar", 1, based_on="operations", mean_of=WAIT_DAYS),
        Column("expected", "Förväntat medel", "days", "dagar", 1, based_on="operations"),
        Column("ratio", "Kvot", "number", decimals=2, based_on="operations"),
        Column("low", "KI från", "number", decimals=2, based_on="operations"),
        Column("high", "KI till", "number", decimals=2, based_on="operations"),
    ]
    draft = Draft(found, columns, None, patients_of(page))
    words = f"{NOT_PER_UNIT} {instead_of(page)}".strip()
    return _unless(page, shown is None, draft, "equity_standardised", words)


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
    cells, when = _unit_cells(page), counted_words(page)
    known = [cell for cell in cells if cell["mean"] is not None]
    if not len(whole(page)):
        return f"Inga planerade patienter opererades {when}."
    if not known:
        return _in_the_county(page, when)
    if len(known) == 1:
        only = known[0]
        if len(cells) == 1:
            return f"Alla opererades på {only['unit']}, i genomsnitt efter {_days(only['mean'])}."
        return (
            f"På {only['unit']} väntade patienterna i genomsnitt {_days(only['mean'])}. Väntetiden "
            "för övriga enheter är dold, eftersom den skulle avslöja tal om för få patienter."
        )
    longest, shortest = known[0], known[-1]
    where = f"På {longest['unit']} väntade patienterna"
    if page.ongoing:
        where = f"{upper_first(when)} har patienterna på {longest['unit']} väntat"
    return (
        f"{where} i genomsnitt {_days(longest['mean'])}, på {shortest['unit']} "
        f"{_days(shortest['mean'])}. {_gap_sentence(page)}"
    ).strip()


@sentence
def selection(page: Page) -> str:
    """Whom the page is about."""
    name = page.params.procedures.name(page.unit)
    prefixes = wording.listing(page.params.procedures.prefixes(page.unit))
    last = counted_until(page) - timedelta(days=1)
    months = " (hela månader)" if page.ongoing and counted_until(page).day == 1 else ""
    codes = prefixes if page.unit.isupper() else f"KVÅ-koder som börjar på {prefixes}"
    return (
        f"{wording.lower_first(name)} ({codes}), elektiva operationer med känt beslutsdatum, "
        f"{page.period.start} till {last}{months}, hela länet. Dagar räknas från beslut till "
        "operation"
    )


@sentence
def instead(page: Page) -> str:
    """Where to look instead: a longer period of the same, or the group that it belongs to."""
    return instead_of(page)


@sentence
def before_label(page: Page) -> str:
    """What the key figures are compared with."""
    before = page.period.same_last_year()
    if page.ongoing:
        return f"samma tid {before.short}"
    return f"år {before.short}" if before.kind is PeriodKind.YEAR else "ett år tidigare"


def _unit_cells(page: Page) -> list[dict[str, object]]:
    """Name and mean of each unit that the first table has, hidden ones without a mean."""
    table = by_unit(page, of_before=False)
    if level_shown(page, table, of_before=False) is None:
        return []
    rows = table.select("unit", "mean_days").cells()
    return [dict(zip(("unit", "mean"), row, strict=True)) for row in rows[:-1]]


def _in_the_county(page: Page, when: str) -> str:
    """What is said where no unit's wait is shown."""
    mean = whole(page).cells()[0][2]
    if mean is None:
        return f"Väntetiden {when} kan inte visas utan att tal om få patienter går att räkna ut."
    return (
        f"I hela länet var väntetiden {when} i genomsnitt {_days(mean)}. Per operationsenhet kan "
        "den inte visas utan att tal om få patienter går att räkna ut."
    )


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


def _finest(page: Page) -> Level:
    return next(levels_of(page, False))


def _unless(page: Page, withheld: bool, draft: Draft, table: str, words: str) -> Protected:
    """A table per unit that hides no more than half; else one without rows, words in its place.

    Args:
        page: The page.
        withheld: Whether the page's first table shows too few waits per unit.
        draft: The table.
        table: The id that the policy knows it by.
        words: What is said in its place.
    """
    nothing = Draft(draft.frame.iloc[:0], draft.columns, None, draft.about)
    if withheld:
        return page.protect_coarsest([nothing], table=table, notes=[words])
    drafts, notes = [draft, nothing], ["", "", words]
    return page.protect_coarsest([draft], table=table, notes=notes, otherwise=drafts)


def _shown_units(page: Page, of_before: bool) -> pd.DataFrame:
    """Those units whose number and mean the page shows: what is made of others would tell them."""
    table = by_unit(page, of_before=of_before)
    level = level_shown(page, table, of_before=of_before)
    if level is None:
        return _finest(page).parts(page).iloc[:0]
    units = level.parts(page)
    hidden = table.hidden[["operations", "mean_days"]].any(axis=1).to_numpy()
    return units[~hidden[: len(units)]]
