"""More tables of the office's own presentation (2026-05-18), rebuilt from single rows."""

from typing import Any

import pandas as pd
import pytest
from oracles import figure

from canonical_frames import block, operations, sessions
from lpe_reports.measures.end_times import end_bands, end_times_by
from lpe_reports.measures.grouping import with_period
from lpe_reports.measures.production import open_theatres_by, operations_by, target_in_force
from lpe_reports.periods import PeriodKind

# January: theatre-days in all and in each half hour, as printed.
END_TIMES = {
    "Hu C-op 01": (19, (5, 1, 1, 2, 3, 2, 3, 2)),
    "Hu C-op 03": (16, (4, 4, 1, 2, 3, 0, 1, 1)),
}
# Their per cents, whole and rounded half up: 2 of 16 is 12.5 and so 13.
PER_CENTS = {
    "Hu C-op 01": (26, 5, 5, 11, 16, 11, 16, 11),
    "Hu C-op 03": (25, 25, 6, 13, 19, 0, 6, 6),
}
# One time within each band, at its edges where it has any.
ENDS = ("13:59", "14:00", "14:59", "15:10", "15:30", "16:29", "16:30", "17:00")
COLUMNS = (
    "lt_1400", "1400_1429", "1430_1459", "1500_1529", "1530_1559", "1600_1629", "1630_1659",
    "ge_1700",
)  # fmt: skip
# Per week of 2026, newest first: the number and its target.
OPEN = {19: 18, 18: 20, 17: 19, 16: 17, 15: 12, 14: 17, 13: 18, 12: 18, 11: 16}
ORTHOPAEDIC = {19: 46, 18: 35, 17: 40, 16: 34, 15: 25, 14: 33, 13: 38, 12: 38}
PROSTHESES = {19: 20, 18: 19, 17: 24, 16: 24, 15: 12, 14: 17, 13: 20, 12: 22}
TARGETS = {"open_theatres": 20, "operations": 45, "arthroplasties": 24}


def ended(theatre: str, counts: tuple[int, ...]) -> list[dict[str, Any]]:
    """One day per count, of which each has two patients; the last one decides."""
    ends = [end for end, count in zip(ENDS, counts, strict=True) for _ in range(count)]
    rows = []
    for day, end in enumerate(ends, start=1):
        date = f"2026-01-{day:02d}"
        for patient_in, patient_out in (("08:00", "10:00"), ("10:30", end)):
            times = {"patient_in_at": f"{date} {patient_in}"}
            rows.append({"theatre": theatre, "patient_out_at": f"{date} {patient_out}"} | times)
    return rows


def monday(week: int) -> pd.Timestamp:
    return pd.to_datetime(f"2026-W{week:02d}-1", format="%G-W%V-%u")


def in_weeks(counts: dict[int, int], **other: Any) -> pd.DataFrame:
    rows = [
        {"operating_unit": "bo-opc", "surgery_start_at": monday(week)} | other
        for week, count in counts.items()
        for _ in range(count)
    ]
    return with_period(operations(*rows), "surgery_start_at", PeriodKind.WEEK)


def by_week(answer: pd.DataFrame, column: str) -> dict[int, int]:
    return {int(week[-2:]): int(n) for week, n in zip(answer["week"], answer[column], strict=True)}


@pytest.mark.parametrize("theatre", END_TIMES)
def test_end_times_meet_the_printed_table(theatre: str) -> None:
    """Two theatres of Hudiksvall in January: each band's theatre-days and whole per cents."""
    rows = [row for name, (_, counts) in END_TIMES.items() for row in ended(name, counts)]
    answer = end_times_by(operations(*rows), by=["theatre", "month"])
    own = answer[answer["theatre"] == theatre]

    assert own["month"].unique().tolist() == ["2026-01"]
    assert own["band"].tolist() == list(end_bands())
    assert tuple(own["theatre_days"]) == END_TIMES[theatre][1]
    assert own["total"].unique().tolist() == [END_TIMES[theatre][0]]
    assert tuple(own["per_cent"]) == PER_CENTS[theatre]


def test_end_times_of_a_unit_are_its_theatres_together() -> None:
    """By year and weekday the same theatre-days, divided otherwise."""
    rows = [row for name, (_, counts) in END_TIMES.items() for row in ended(name, counts)]
    answer = end_times_by(operations(*rows), by=["operating_unit", "year", "weekday"])

    together = [sum(both) for both in zip(*(c for _, c in END_TIMES.values()), strict=True)]
    by_band = answer.groupby("band", sort=False)["theatre_days"].sum()
    assert by_band.tolist() == together
    assert answer["weekday"].nunique() == 7


def test_end_times_literals_are_the_office_file() -> None:
    """The numbers in this test are those of the file."""
    table = figure("sluttider_per_sal_jan.csv").set_index("opsat")

    for theatre, (total, counts) in END_TIMES.items():
        assert table.loc[theatre, "n"] == total == sum(counts)
        assert tuple(table.loc[theatre, list(COLUMNS)]) == counts


def test_open_theatres_meet_the_printed_table() -> None:
    """Theatre-days in Bollnäs, weeks 11–19: short, closed and doubled sessions add none."""
    rows = []
    for week, count in OPEN.items():
        for number in range(count):
            day = f"{monday(week) + pd.Timedelta(days=number % 5):%Y-%m-%d}"
            theatre = f"Bo Op-c {number // 5:02d}"
            rows.append(block(theatre, day, "07:45", "12:00", operating_unit="bo-opc"))
            rows.append(block(theatre, day, "12:00", "16:15", operating_unit="bo-opc"))
        day = f"{monday(week):%Y-%m-%d}"
        rows.append(block("Bo Op-c 09", day, "08:00", "11:00", operating_unit="bo-opc"))
        closed = {"operating_unit": "bo-opc", "status": "closed"}
        rows.append(block("Bo Op-c 08", day, "08:00", "16:00", **closed))
    frame = with_period(sessions(*rows), "date", PeriodKind.WEEK)

    assert by_week(open_theatres_by(frame, by=["week"]), "open_theatres") == OPEN


def test_orthopaedic_operations_meet_the_printed_table() -> None:
    """Orthopaedic operations in Bollnäs, weeks 12–19; other sections are others."""
    cases = pd.concat([in_weeks(ORTHOPAEDIC), in_weeks(dict.fromkeys(OPEN, 3), section="kir")])
    own = operations_by(cases[cases["section"] == "ort"], by=["week"])

    assert by_week(own, "operations") == ORTHOPAEDIC


def test_prostheses_meet_the_printed_table() -> None:
    """Hip and knee prostheses (NFB, NGB) among all orthopaedic operations."""
    hips = {week: count // 2 for week, count in PROSTHESES.items()}
    knees = {week: count - hips[week] for week, count in PROSTHESES.items()}
    cases = pd.concat(
        [
            in_weeks(hips, procedure_code="NFB49"),
            in_weeks(knees, procedure_code="NGB49"),
            in_weeks(dict.fromkeys(PROSTHESES, 4), procedure_code="NGD11"),
        ]
    )
    chosen = cases[cases["procedure_code"].str.startswith(("NFB", "NGB"))]

    assert by_week(operations_by(chosen, by=["week"]), "operations") == PROSTHESES


@pytest.mark.parametrize(
    ("file", "column", "known", "measure"),
    [
        ("oppna_opsalar_bollnas.csv", "opsalar", OPEN, "open_theatres"),
        ("ort_op_bollnas.csv", "op", ORTHOPAEDIC, "operations"),
        ("proteser_bollnas.csv", "antal_proteser", PROSTHESES, "arthroplasties"),
    ],
)
def test_literals_and_targets_are_the_office_file(
    file: str, column: str, known: dict[int, int], measure: str
) -> None:
    """The numbers in this test, and the target in force in each week, are those of the file."""
    table = figure(file)
    targets = pd.DataFrame(
        {
            "measure": list(TARGETS),
            "unit": "bo-opc",
            "valid_from": pd.Timestamp("2026-01-01"),
            "valid_to": pd.Series([None] * 3, dtype="datetime64[us]"),
            "value": list(TARGETS.values()),
            "direction": "up",
        }
    )

    weeks = [int(week.split("-")[1]) for week in table["ar_vecka"]]
    assert dict(zip(weeks, table[column], strict=True)) == known
    for week, target in zip(weeks, table["mal"], strict=True):
        on = monday(week).date()
        assert target_in_force(targets, measure=measure, unit="bo-opc", on=on) == (target, "up")
