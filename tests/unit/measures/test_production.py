"""Production: operations, open theatres, flows, and what plan and target were in force."""

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical_frames import block, operations, sessions
from lpe_reports.measures.production import (
    flows,
    open_theatres_by,
    operations_and_before,
    operations_by,
    target_in_force,
    visiting_surgeons,
)
from lpe_reports.periods import PeriodKind, period_at

DAY, NEXT = "2026-05-04", "2026-05-05"

TARGETS = pd.DataFrame(
    {
        "measure": ["operations"] * 3 + ["open_theatres"],
        "unit": ["bo-opc"] * 4,
        "valid_from": pd.to_datetime(["2025-01-01", "2026-01-01", "2026-07-01", "2026-01-01"]),
        "valid_to": pd.to_datetime(["2025-12-31", None, None, None]),
        "value": [40, 45, 50, 20],
        "direction": ["up", "up", "up", "down"],
    }
)


def test_operation_hours_are_surgery_alone() -> None:
    """From surgery start to end; an operation without an end is counted without hours."""
    frame = operations(
        {
            "patient_in_at": f"{DAY} 07:30",
            "surgery_start_at": f"{DAY} 08:00",
            "surgery_end_at": f"{DAY} 09:30",
        },
        {"surgery_start_at": f"{DAY} 10:00"},
    )

    assert operations_by(frame, by=["vo"]).to_dict("list") == {
        "vo": ["ortopedi"],
        "operations": [2],
        "operation_hours": [1.5],
    }


def test_operation_that_ends_before_it_starts_takes_no_hours_away() -> None:
    """It is counted, with 0 hours, and the other's hour and a half stands; as of before too."""
    frame = operations(
        {"surgery_start_at": f"{DAY} 08:00", "surgery_end_at": f"{DAY} 09:30"},
        {"surgery_start_at": f"{DAY} 10:30", "surgery_end_at": f"{DAY} 10:00"},
    )
    week = period_at(PeriodKind.WEEK, date(2026, 5, 11))
    before = operations_and_before(frame, by=[], period=week, as_of=week.end)

    assert operations_by(frame, by=[]).iloc[0].tolist() == [2, 1.5]
    assert before["operation_hours_before"].tolist() == [1.5]


def test_open_theatres_count_a_theatre_once_a_day() -> None:
    """Two half days are one open theatre; short, closed and released sessions are none."""
    frame = sessions(
        block("1", DAY, "07:45", "12:00"),
        block("1", DAY, "12:00", "16:00"),
        block("1", NEXT, "07:45", "16:00"),
        block("2", DAY, "07:45", "11:00"),
        block("3", DAY, "07:45", "16:00", status="closed"),
        block("4", DAY, "07:45", "16:00", status="released"),
        block("1", DAY, "07:45", "16:00", operating_unit="bo-opc"),
    )

    assert open_theatres_by(frame, by=[])["open_theatres"].item() == 3
    assert open_theatres_by(frame, by=[], count="sessions")["open_theatres"].item() == 5
    assert open_theatres_by(frame, by=[], half_day_minutes=180)["open_theatres"].item() == 4


def test_open_theatres_of_a_closed_week_are_none() -> None:
    """A week in which all sessions are closed is shown with 0, not left out."""
    frame = sessions(
        block("1", DAY, "08:00", "16:00", status="closed"), block("1", NEXT, "08:00", "16:00")
    )
    answer = open_theatres_by(frame, by=["date"])

    assert answer["open_theatres"].tolist() == [0, 1]


def test_shared_theatre_is_open_for_both_vo() -> None:
    """Each VO had a theatre that day, and the department had one."""
    frame = sessions(
        block("1", DAY, "08:00", "12:00", vo="ortopedi"),
        block("1", DAY, "12:00", "16:00", vo="kirurgi"),
    )

    assert open_theatres_by(frame, by=["vo"])["open_theatres"].tolist() == [1, 1]
    assert open_theatres_by(frame, by=["operating_unit"])["open_theatres"].tolist() == [1]


def test_flows_lose_nobody() -> None:
    """A patient without a home hospital is one of the others."""
    homes = ("ga", "ga", "hu", "bo", "other", None)
    answer = flows(operations(*({"patient_home": home} for home in homes)), by=["operating_unit"])

    assert answer.iloc[0, 1:].tolist() == [2, 1, 1, 2, 6]


def test_visiting_surgeons_are_from_elsewhere() -> None:
    """At home, and of unknown home, they do not visit."""
    frame = operations(
        {"operating_unit": "bo-opc", "surgeon_home": "ga"},
        {"operating_unit": "bo-opc", "surgeon_home": "ga"},
        {"operating_unit": "bo-opc", "surgeon_home": "hu", "section": "kir"},
        {"operating_unit": "bo-opc", "surgeon_home": "bo"},
        {"operating_unit": "bo-opc", "surgeon_home": None},
    )
    answer = visiting_surgeons(frame, by=["operating_unit"])

    assert answer.to_dict("records") == [
        {"operating_unit": "bo-opc", "section": "kir", "surgeon_home": "hu", "operations": 1},
        {"operating_unit": "bo-opc", "section": "ort", "surgeon_home": "ga", "operations": 2},
    ]


def test_visiting_surgeons_take_the_hospitals_they_are_told() -> None:
    """A unit whose id says nothing is placed by a mapping or a column."""
    frame = operations({"operating_unit": "north", "surgeon_home": "ga"})

    assert visiting_surgeons(frame, by=[], hospitals={"north": "ga"}).empty
    assert visiting_surgeons(frame.assign(hospital="ga"), by=[]).empty
    assert len(visiting_surgeons(frame, by=[])) == 1


@pytest.mark.parametrize(
    ("on", "known"),
    [
        (date(2024, 12, 31), None),
        (date(2025, 12, 31), (40.0, "up")),
        (date(2026, 1, 1), (45.0, "up")),
        (date(2026, 7, 1), (50.0, "up")),
    ],
)
def test_target_is_the_newest_valid_that_day(on: date, known: tuple[float, str] | None) -> None:
    """The last day is still valid, and a newer target replaces an open one."""
    assert target_in_force(TARGETS, measure="operations", unit="bo-opc", on=on) == known


def test_target_of_another_measure_or_unit_is_none() -> None:
    """And nothing is found among no targets."""
    on = date(2026, 5, 4)

    assert target_in_force(TARGETS, measure="operations", unit="hu-cop", on=on) is None
    assert target_in_force(TARGETS.iloc[:0], measure="operations", unit="bo-opc", on=on) is None
    assert target_in_force(TARGETS, measure="open_theatres", unit="bo-opc", on=on) == (20, "down")


MEASURES = {
    "operations": (operations, lambda frame: operations_by(frame, by=["operating_unit", "vo"])),
    "flows": (operations, lambda frame: flows(frame, by=["operating_unit"])),
    "visiting": (operations, lambda frame: visiting_surgeons(frame, by=["operating_unit"])),
    "theatres": (sessions, lambda frame: open_theatres_by(frame, by=["operating_unit"])),
}


@pytest.mark.parametrize("name", MEASURES)
def test_production_of_nothing_is_empty(name: str) -> None:
    """No rows in, no rows out, the same columns; nulls are no error."""
    make, measure = MEASURES[name]
    answer, one = measure(make()), measure(make(dict.fromkeys(["vo", "theatre", "section"])))

    assert answer.empty
    assert answer.columns.tolist() == one.columns.tolist()


cases = st.lists(
    st.fixed_dictionaries(
        {
            "operating_unit": st.sampled_from(["hu-cop", "bo-opc"]),
            "vo": st.sampled_from(["ortopedi", None]),
            "patient_home": st.sampled_from(["ga", "hu", None]),
            "minutes": st.integers(1, 300),
        }
    ),
    max_size=10,
)


@settings(max_examples=10, deadline=None)
@given(rows=cases, seed=st.randoms(use_true_random=False))
def test_production_units_add_up_and_order_is_nothing(
    rows: list[dict[str, Any]], seed: Any
) -> None:
    """Split by unit and added up is the whole, in any order of the rows, a week later too."""

    def frame(some: list[dict[str, Any]], day: str) -> pd.DataFrame:
        start = pd.Timestamp(f"{day} 08:00")
        return operations(
            *(
                {name: value for name, value in row.items() if name != "minutes"}
                | {
                    "surgery_start_at": start,
                    "surgery_end_at": start + pd.Timedelta(minutes=row["minutes"]),
                }
                for row in some
            )
        )

    first, second = frame(rows, DAY), frame(seed.sample(rows, len(rows)), "2026-05-11")
    split = operations_by(first, by=["operating_unit", "vo"])

    pd.testing.assert_frame_equal(split, operations_by(second, by=["operating_unit", "vo"]))
    assert split["operations"].sum() == len(rows)
    assert split["operation_hours"].sum() == pytest.approx(sum(r["minutes"] for r in rows) / 60)
    assert flows(first, by=["operating_unit"])["total"].sum() == len(rows)
