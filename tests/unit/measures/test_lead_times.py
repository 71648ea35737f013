"""First case start and turnover, by hand and at their edges."""

from typing import Any

import pandas as pd
import pytest

from canonical_frames import block, operations, sessions, stay
from lpe_reports.measures.lead_times import first_cases_by, turnovers_by

MONDAY, TUESDAY = "2026-05-04", "2026-05-05"
ONE, TWO = "Hu C-op 01", "Hu C-op 02"
UNIT = "hu-cop"


def first(cases: pd.DataFrame, blocks: pd.DataFrame, **other: Any) -> pd.DataFrame:
    return first_cases_by(cases, blocks, **({"by": []} | other)).set_index("grace_minutes")


def test_first_case_by_hand() -> None:
    """Patients in at 07:40, 07:50 and 08:05 of sessions from 07:45; one theatre had none.

    Delays −5, 5 and 20 minutes: on time 1, 2 and 2 of 3 within 0, 5 and 15 minutes; late
    minutes 5 + 20 = 25, mean 20/3, median 5, P90 (type 7) 5 + 0.8 · 15 = 17.
    """
    blocks = sessions(
        *(block(theatre, day, "07:45", "16:00", session_id=f"{theatre}{day}")
          for theatre in (ONE, TWO) for day in (MONDAY, TUESDAY))
    )  # fmt: skip
    cases = operations(
        stay(ONE, MONDAY, "07:40", "08:20", "09:00", "09:20"),
        stay(ONE, MONDAY, "09:45", "10:20", "11:00", "11:20"),
        stay(ONE, TUESDAY, "07:50", "08:20", "09:00", "09:20"),
        stay(TWO, MONDAY, "08:05", "08:20", "09:00", "09:20"),
    )
    answer = first(cases, blocks)

    assert answer["on_time"].to_dict() == {0: 1, 5: 2, 15: 2}
    assert answer["share_on_time"].tolist() == pytest.approx([1 / 3, 2 / 3, 2 / 3])
    assert answer["theatre_days"].tolist() == [4] * 3
    assert answer["first_cases"].tolist() == [3] * 3
    row = answer.iloc[0]
    assert row["late_minutes"] == 25
    assert row[["mean_minutes", "median_minutes", "p90_minutes"]].tolist() == pytest.approx(
        [20 / 3, 5, 17]
    )


def test_first_case_can_be_surgery_start() -> None:
    """The same patients: what is to have happened is another thing."""
    blocks = sessions(block(ONE, MONDAY, "07:45", "16:00"))
    cases = operations(stay(ONE, MONDAY, "07:40", "08:20", "09:00", "09:20"))

    assert first(cases, blocks, start="surgery_start_at")["late_minutes"].iloc[0] == 35


def test_first_case_is_of_the_days_first_session() -> None:
    """The afternoon's session starts no day, and a patient of the night is not its first."""
    blocks = sessions(
        block(ONE, MONDAY, "08:00", "12:00", session_id="a"),
        block(ONE, MONDAY, "12:00", "16:00", session_id="b"),
        block(ONE, MONDAY, "06:00", "07:00", session_id="c", status="closed"),
    )
    cases = operations(
        stay(ONE, MONDAY, "04:00", "04:30", "08:10", "08:20"),
        stay(ONE, MONDAY, "09:00", "09:20", "10:00", "10:30"),
        stay(ONE, MONDAY, "13:00", "13:20", "14:00", "14:30"),
    )
    answer = first(cases, blocks)

    assert answer["theatre_days"].iloc[0] == 1
    assert answer["late_minutes"].iloc[0] == 60
    assert first(cases, blocks, early_minutes=300)["late_minutes"].iloc[0] == 0


def test_first_cases_tell_preparation_rooms_apart() -> None:
    """Conditions differ, so that the two kinds of theatre are two groups."""
    blocks = sessions(block(ONE, MONDAY, "08:00", "16:00"), block(TWO, MONDAY, "08:00", "16:00"))
    answer = first_cases_by(
        operations(), blocks, by=["preparation_room"], preparation_rooms={(UNIT, ONE)},
        graces_minutes=[0],
    )  # fmt: skip

    assert answer["preparation_room"].tolist() == [False, True]
    assert answer["first_cases"].tolist() == [0, 0]
    assert answer["share_on_time"].isna().all()


def test_preparation_room_is_of_one_unit() -> None:
    """A theatre of the same name in another unit has none; by turnover likewise."""
    blocks = sessions(
        block(ONE, MONDAY, "08:00", "16:00", operating_unit="ga-cop"),
        block(ONE, MONDAY, "08:00", "16:00", operating_unit="bo-opc"),
    )
    rooms, by = {("bo-opc", ONE)}, ["operating_unit", "preparation_room"]
    cases = operations(
        *(stay(ONE, MONDAY, start, start, end, end) | {"operating_unit": unit}
          for unit in ("ga-cop", "bo-opc")
          for start, end in (("08:00", "09:00"), ("09:30", "10:00")))
    )  # fmt: skip
    first_cases = first_cases_by(cases, blocks, by=by, preparation_rooms=rooms, graces_minutes=[0])

    for answer in (first_cases, turnovers_by(cases, by=by, preparation_rooms=rooms)):
        assert answer[by].to_numpy().tolist() == [["bo-opc", True], ["ga-cop", False]]


def test_emergency_is_not_the_days_first_case() -> None:
    """An emergency in the theatre 06:30–08:20, the first planned patient in at 09:00: 60 late.

    It came 90 minutes before the session, so that the time alone does not tell it from a first
    patient; where urgency is not known, it is taken for one.
    """
    blocks = sessions(block(ONE, MONDAY, "08:00", "16:00"))
    emergency = stay(ONE, MONDAY, "06:30", "06:50", "08:10", "08:20")
    planned = stay(ONE, MONDAY, "09:00", "09:20", "10:00", "10:30")
    told = operations(emergency | {"urgency": "emergency"}, planned)
    untold = operations(emergency | {"urgency": None}, planned | {"urgency": None})

    assert first(told, blocks).loc[0, ["on_time", "mean_minutes"]].tolist() == [0, 60]
    assert first(told.iloc[:1], blocks).loc[0, "first_cases"] == 0
    for cases in (untold, untold.drop(columns="urgency")):
        assert first(cases, blocks).loc[0, ["on_time", "mean_minutes"]].tolist() == [1, -90]


@pytest.mark.parametrize(("patient_in", "minutes"), [("06:00", -120), ("05:59", 60)])
def test_first_case_comes_two_hours_before_at_most(patient_in: str, minutes: int) -> None:
    """By default; who came a minute earlier is the night's."""
    blocks = sessions(block(ONE, MONDAY, "08:00", "16:00"))
    cases = operations(
        stay(ONE, MONDAY, patient_in, "06:30", "08:10", "08:20"),
        stay(ONE, MONDAY, "09:00", "09:20", "10:00", "10:30"),
    )

    assert first(cases, blocks).loc[0, "mean_minutes"] == minutes


@pytest.mark.parametrize(
    "missing",
    [
        ["surgery_end_at"],
        ["patient_out_at"],
        ["surgery_start_at"],
        ["surgery_start_at", "surgery_end_at", "patient_out_at"],
    ],
)
@pytest.mark.parametrize(("patient_in", "minutes"), [("07:50", -10), ("08:00", 0), ("08:30", 30)])
def test_first_case_needs_no_time_but_its_own(
    missing: list[str], patient_in: str, minutes: int
) -> None:
    """A time that is missing after the patient came does not make the next patient the first."""
    blocks = sessions(block(ONE, MONDAY, "08:00", "16:00"))
    whole = stay(ONE, MONDAY, patient_in, "08:40", "10:00", "10:30")
    cases = operations(
        whole | dict.fromkeys(missing), stay(ONE, MONDAY, "11:00", "11:20", "12:00", "12:30")
    )

    assert first(cases, blocks).loc[0, "mean_minutes"] == minutes
    by_surgery = first(cases, blocks, start="surgery_start_at").loc[0, "mean_minutes"]
    assert by_surgery == (200 if "surgery_start_at" in missing else 40)


@pytest.mark.parametrize(
    ("patient_in", "counted"), [("11:00", [1, 90, 0]), ("11:01", [0, 0, 1]), ("11:04", [0, 0, 1])]
)
def test_turnover_of_ninety_minutes_is_the_longest(patient_in: str, counted: list[int]) -> None:
    """By default; a gap of the cap itself still counts."""
    cases = operations(
        stay(ONE, MONDAY, "08:00", "08:20", "09:00", "09:30"),
        stay(ONE, MONDAY, patient_in, "11:20", "12:00", "12:20"),
    )
    row = turnovers_by(cases, by=[]).iloc[0]

    assert row[["turnovers", "turnover_minutes", "over_cap"]].tolist() == counted


def test_turnovers_by_hand() -> None:
    """20 and 40 minutes count, 100 is over the cap of 90, an overlap is left out and counted.

    09:20–09:40 is 20, 10:40–11:20 is 40, 12:20–14:00 is 100; the next is in at 14:30 while the
    patient before is there until 15:00; then 15:10 is 10 after 15:00, since 14:40 was out
    before. Tuesday's first has no turnover. Median of 10, 20 and 40 is 20.
    """
    cases = operations(
        stay(ONE, MONDAY, "08:00", "08:20", "09:00", "09:20"),
        stay(ONE, MONDAY, "09:40", "09:50", "10:30", "10:40"),
        stay(ONE, MONDAY, "11:20", "11:30", "12:00", "12:20"),
        stay(ONE, MONDAY, "14:00", "14:10", "14:50", "15:00"),
        stay(ONE, MONDAY, "14:30", "14:32", "14:35", "14:40"),
        stay(ONE, MONDAY, "15:10", "15:15", "15:40", "15:50"),
        stay(ONE, TUESDAY, "08:00", "08:20", "09:00", "09:20"),
        stay(TWO, MONDAY, "09:30", "09:50", "10:00", "10:20"),
    )
    row = turnovers_by(cases, by=["theatre", "weekday"]).iloc[0]

    assert (row["theatre"], row["weekday"]) == (ONE, 1)
    assert row[["turnovers", "turnover_minutes", "over_cap", "overlapping"]].tolist() == [
        3, 70, 1, 1,
    ]  # fmt: skip
    assert row[["mean_minutes", "median_minutes"]].tolist() == pytest.approx([70 / 3, 20])
    strict = turnovers_by(cases, by=[], cap_minutes=30).iloc[0]
    assert strict[["turnovers", "over_cap"]].tolist() == [2, 2]


def test_turnover_does_not_cross_midnight() -> None:
    """Out on Monday evening, in on Tuesday: no turnover; both past midnight: one."""
    cases = operations(
        {"theatre": ONE, "patient_in_at": f"{MONDAY} 22:00", "patient_out_at": f"{MONDAY} 23:50"},
        {"theatre": ONE, "patient_in_at": f"{TUESDAY} 00:05", "patient_out_at": f"{TUESDAY} 01:00"},
        {"theatre": ONE, "patient_in_at": f"{TUESDAY} 01:30", "patient_out_at": f"{TUESDAY} 02:00"},
    )
    answer = turnovers_by(cases, by=["weekday"])

    assert answer["weekday"].tolist() == [2]
    assert answer["turnover_minutes"].tolist() == [30]


@pytest.mark.parametrize(
    ("day", "minutes"), [("2026-03-29", 30), ("2026-10-25", 150), (MONDAY, 90)]
)
def test_turnover_over_a_clock_change_is_what_passed(day: str, minutes: int) -> None:
    """From 01:45 to 03:15 is half an hour in spring, and two and a half in autumn."""
    cases = operations(
        {"theatre": ONE, "patient_in_at": f"{day} 01:00", "patient_out_at": f"{day} 01:45"},
        {"theatre": ONE, "patient_in_at": f"{day} 03:15", "patient_out_at": f"{day} 04:00"},
    )

    assert turnovers_by(cases, by=[], cap_minutes=240)["turnover_minutes"].item() == minutes
