"""The office's own printed tables, rebuilt from single rows, and the list of personal numbers."""

from collections.abc import Iterator

import pandas as pd
from answers import Figure, Section, numbers, wholes
from oracles import figure, oracle
from test_office_figures import FLOWS, NAMES, NGB49, ngb49, ngb49_as_printed
from test_office_tables import (
    COLUMNS,
    END_TIMES,
    OPEN,
    ORTHOPAEDIC,
    PROSTHESES,
    ended,
    in_weeks,
    monday,
)

from canonical_frames import block, operations, sessions
from lpe_reports.measures.end_times import end_times_by
from lpe_reports.measures.equity import days_by_unit, gap
from lpe_reports.measures.grouping import with_period
from lpe_reports.measures.production import flows, open_theatres_by, operations_by
from lpe_reports.periods import PeriodKind
from lpe_reports.warehouse.personal_numbers import is_personal_number

OFFICE, OF_PRINTED = "the office, 2026-05-18", "worked out of the printed means"
LIST = "the personnummer organisation"
SPELLINGS = ("long_format", "short_format", "separated_format", "separated_long")
# What follows from the printed means; decimals as they were handed down.
_INEQUALITY = {
    "gap_days": ("gap, days", 2, 134.39),
    "ratio": ("ratio", 4, 2.5959),
    "between_sd": ("SD between units, days", 2, 52.29),
    "cv": ("coefficient of variation", 3, 0.456),
    "theil": ("Theil", 4, 0.0903),
    "gini": ("Gini", 4, 0.2025),
}


def office() -> Iterator[Section]:
    """Every table that there is."""
    yield Section(
        "Days to knee replacement (NGB49)",
        "Operations and mean days per unit, rebuilt from single operations whose sums are the "
        "table's; the measures of inequality are of the printed means.",
        [*_ngb49(), *_inequality()],
    )
    yield Section(
        "Operations in Bollnäs for patients from elsewhere",
        "From Gävle, from Hudiksvall, together.",
        list(_flows()),
    )
    yield Section(
        "End times in January",
        "Theatre-days in each half hour, before 14:00 to 17:00 and later.",
        list(_end_times()),
    )
    yield Section("Open theatres in Bollnäs", "Theatre-days per week.", list(_open_theatres()))
    yield Section(
        "Orthopaedic operations in Bollnäs",
        "All of them, and the hip and knee replacements, per week.",
        [*_operations("all", ORTHOPAEDIC, "ort_op_bollnas.csv", "op"),
         *_operations("replacements", PROSTHESES, "proteser_bollnas.csv", "antal_proteser")],
    )  # fmt: skip


def personal_numbers() -> Section:
    """How many of the list are taken for what they are."""
    entries = oracle("personnummer_list.json")
    spelt = [entry[spelling] for entry in entries for spelling in SPELLINGS]
    true = {entry[spelling] for entry in entries for spelling in SPELLINGS if entry["valid"]}
    ours = [is_personal_number(text) for text in spelt]
    theirs = [text.replace(" ", "") in true for text in spelt]
    alike = sum(mine == known for mine, known in zip(ours, theirs, strict=True))
    return Section(
        "Personal numbers",
        "The organisation's test list, each number in four spellings: how many are valid, and how "
        "many are judged as it judges them. One that is wrong for its space only is somebody's.",
        [
            Figure("valid", wholes(sum(ours)), wholes(sum(theirs)), LIST),
            Figure("judged alike", wholes(alike), wholes(len(spelt)), LIST),
        ],
    )


def _ngb49() -> Iterator[Figure]:
    table = figure("ngb49_days_to_operation.csv").set_index("operationsenhet")
    units = days_by_unit(ngb49()).set_index("operating_unit")
    whole = days_by_unit(ngb49(), by=()).iloc[0]
    for unit, ours in [*((NAMES[unit], units.loc[unit]) for unit in NGB49), ("Totalt", whole)]:
        theirs = table.loc[unit]
        yield Figure(
            unit,
            f"{wholes(ours['operations'])} · {numbers(ours['mean_days'], decimals=2)}",
            f"{wholes(theirs['antal'])} · {numbers(theirs['medeltid_dygn'], decimals=2)}",
            OFFICE,
        )


def _inequality() -> Iterator[Figure]:
    found = gap(ngb49_as_printed())
    for name, (shown, decimals, theirs) in _INEQUALITY.items():
        ours = numbers(getattr(found, name), decimals=decimals)
        yield Figure(shown, ours, numbers(theirs, decimals=decimals), OF_PRINTED)


def _flows() -> Iterator[Figure]:
    table = figure("op_i_bo_fran_ga_hu.csv").set_index("ar_vecka")
    here = {"operating_unit": "bo-opc"}
    rows = [
        here | {"patient_home": home, "surgery_start_at": monday(int(week[-2:]))}
        for week, (from_ga, from_hu, _) in FLOWS.items()
        for home in ["ga"] * from_ga + ["hu"] * from_hu
    ]
    frame = with_period(operations(*rows), "surgery_start_at", PeriodKind.WEEK)
    ours = flows(frame, by=["week"]).set_index("week")
    for week in FLOWS:
        theirs = table.loc[week.replace("-W", "-"), ["fran_ga", "fran_hu", "tot"]]
        mine = ours.loc[week, ["from_ga", "from_hu", "total"]]
        yield Figure(week, wholes(*mine), wholes(*theirs), OFFICE)


def _end_times() -> Iterator[Figure]:
    table = figure("sluttider_per_sal_jan.csv").set_index("opsat")
    rows = [row for name, (_, counts) in END_TIMES.items() for row in ended(name, counts)]
    answer = end_times_by(operations(*rows), by=["theatre"])
    for theatre in END_TIMES:
        ours = answer.loc[answer["theatre"] == theatre, "theatre_days"]
        theirs = table.loc[theatre, list(COLUMNS)]
        yield Figure(theatre, wholes(*ours), wholes(*theirs), OFFICE)


def _open_theatres() -> Iterator[Figure]:
    table = figure("oppna_opsalar_bollnas.csv").set_index("ar_vecka")["opsalar"]
    rows = [
        block(f"Bo Op-c {number // 5:02d}",
              f"{monday(week) + pd.Timedelta(days=number % 5):%Y-%m-%d}", "07:45", "16:15",
              operating_unit="bo-opc")
        for week, count in OPEN.items()
        for number in range(count)
    ]  # fmt: skip
    frame = with_period(sessions(*rows), "date", PeriodKind.WEEK)
    ours = open_theatres_by(frame, by=["week"]).set_index("week")["open_theatres"]
    for week in ours.index:
        yield Figure(week, wholes(ours[week]), wholes(table.loc[week.replace("-W", "-")]), OFFICE)


def _operations(name: str, counts: dict[int, int], file: str, column: str) -> Iterator[Figure]:
    table = figure(file).set_index("ar_vecka")[column]
    ours = operations_by(in_weeks(counts), by=["week"]).set_index("week")["operations"]
    for week in ours.index:
        theirs = wholes(table.loc[week.replace("-W", "-")])
        yield Figure(f"{name}, {week}", wholes(ours[week]), theirs, OFFICE)
