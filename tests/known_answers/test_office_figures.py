"""Tables of the office's own presentation (2026-05-18), rebuilt from single operations."""

import pandas as pd
import pytest
from oracles import figure

from canonical_frames import operations, waited
from lpe_reports.measures.equity import Gap, days_by_unit, gap, patients_to_move
from lpe_reports.measures.grouping import with_period
from lpe_reports.measures.production import flows
from lpe_reports.periods import PeriodKind

# NGB49 in 2025: operations, days in all, mean days as printed.
NGB49 = {"ga-cop": (40, 8744, 218.60), "hu-cop": (21, 2929, 139.48), "bo-opc": (154, 12968, 84.21)}
NAMES = {
    "ga-cop": "Centraloperation Gävle",
    "hu-cop": "Centraloperation Hudiksvall",
    "bo-opc": "Operationscentrum Bollnäs",
}
# From Gävle, from Hudiksvall, together, per week: operations in Bollnäs.
FLOWS = {
    "2026-W19": (3, 1, 4),
    "2026-W18": (5, 2, 7),
    "2026-W17": (2, 0, 2),
    "2026-W16": (6, 1, 7),
    "2026-W15": (1, 2, 3),
}


def ngb49() -> pd.DataFrame:
    """Operations whose numbers and sums of days are the table's, with some spread."""
    rows = []
    for unit, (count, total, _) in NGB49.items():
        base, rest = divmod(total, count)
        days = [base + (number < rest) for number in range(count)]
        # Pairs are moved apart by as much each way, so that the sum stays.
        for number in range(0, count - 1, 2):
            days[number] += number % 40
            days[number + 1] -= number % 40
        rows += waited(*days, operating_unit=unit)
    return operations(*rows)


def ngb49_as_printed() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "operating_unit": list(NGB49),
            "operations": [count for count, _, _ in NGB49.values()],
            "mean_days": [mean for _, _, mean in NGB49.values()],
        }
    )


@pytest.fixture(scope="module")
def printed() -> Gap:
    return gap(ngb49_as_printed())


def test_ngb49_days_by_unit_meet_the_printed_table() -> None:
    """40, 21 and 154 operations; 218.60, 139.48 and 84.21 days; 215 and 114.61 in all."""
    units = days_by_unit(ngb49()).set_index("operating_unit")
    whole = days_by_unit(ngb49(), by=()).iloc[0]

    for unit, (count, _, mean) in NGB49.items():
        assert units.loc[unit, "operations"] == count
        assert round(units.loc[unit, "mean_days"], 2) == mean
    assert (whole["operations"], round(whole["mean_days"], 2)) == (215, 114.61)


def test_ngb49_literals_are_the_office_file() -> None:
    """The numbers in this test are those of the file."""
    table = figure("ngb49_days_to_operation.csv").set_index("operationsenhet")

    for unit, (count, _, mean) in NGB49.items():
        row = table.loc[NAMES[unit]]
        assert (row["antal"], row["medeltid_dygn"]) == (count, mean)
    assert tuple(table.loc["Totalt", ["antal", "medeltid_dygn"]]) == (215, 114.61)


@pytest.mark.parametrize(
    ("name", "decimals", "known"),
    [
        ("gap_days", 2, 134.39),
        ("ratio", 4, 2.5959),
        ("between_sd", 2, 52.29),
        ("cv", 3, 0.456),
        ("theil", 4, 0.0903),
        ("gini", 4, 0.2025),
    ],
)
def test_ngb49_inequality_meets_the_known_answers(
    printed: Gap, name: str, decimals: int, known: float
) -> None:
    """Gap 134.39 days, ratio 2.5959, SD 52.29, CV 45.6 %, Theil 0.0903, Gini 0.2025."""
    assert round(getattr(printed, name), decimals) == known


def test_ngb49_inequality_of_single_operations_by_hand() -> None:
    """From the sums of days: 8744/40 − 12968/154 = 134.3922; (8744·154)/(40·12968) = 2.595959.

    The printed ratio 2.5959 is that of the printed means; the operations' own is 2.5960.
    """
    found = gap(days_by_unit(ngb49()))
    exact = [8744 / 40 - 12968 / 154, 8744 * 154 / (40 * 12968)]

    assert [found.gap_days, found.ratio] == pytest.approx(exact, abs=1e-9)
    assert [round(number, 6) for number in exact] == [134.392208, 2.595959]
    assert (round(found.between_sd, 2), round(found.cv, 3)) == (52.29, 0.456)
    assert (round(found.theil, 4), round(found.gini, 4)) == (0.0903, 0.2025)
    assert found.gap_low < found.gap_days < found.gap_high


def test_ngb49_gap_names_its_units(printed: Gap) -> None:
    """The longest wait is Gävle's, the shortest Bollnäs's."""
    assert (printed.highest_unit, printed.lowest_unit) == ("ga-cop", "bo-opc")


def test_ngb49_patients_to_move_by_hand() -> None:
    """40·(218.60−114.61)/134.39 = 30.95 and 21·(139.48−114.61)/55.27 = 9.45, rounded up."""
    moves = patients_to_move(ngb49_as_printed())

    assert moves.to_dict("list") == {
        "from_unit": ["ga-cop", "hu-cop"],
        "to_unit": ["bo-opc", "bo-opc"],
        "operations": [40, 21],
        "patients": [31, 10],
    }


def test_flows_to_bollnas_meet_the_printed_table() -> None:
    """Operations in Bollnäs for patients from Gävle and Hudiksvall, weeks 15–19 of 2026."""
    rows = []
    for week, (from_ga, from_hu, _) in FLOWS.items():
        monday = pd.to_datetime(f"{week}-1", format="%G-W%V-%u")
        for home, count in (("ga", from_ga), ("hu", from_hu)):
            one = {"operating_unit": "bo-opc", "patient_home": home, "surgery_start_at": monday}
            rows += [one] * count
    frame = with_period(operations(*rows), "surgery_start_at", PeriodKind.WEEK)
    answer = flows(frame, by=["week"]).set_index("week")

    for week, known in FLOWS.items():
        assert tuple(answer.loc[week, ["from_ga", "from_hu", "total"]]) == known
    assert len(answer) == len(FLOWS)


def test_flows_literals_are_the_office_file() -> None:
    """The numbers in this test are those of the file."""
    table = figure("op_i_bo_fran_ga_hu.csv").set_index("ar_vecka")

    for week, known in FLOWS.items():
        row = table.loc[week.replace("-W", "-"), ["fran_ga", "fran_hu", "tot"]]
        assert tuple(row) == known
    assert len(table) == len(FLOWS)
