"""Postoperative care: on-call categories, stays, and waits for a ward."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from canonical_frames import postop_stays
from lpe_reports.measures.postop import postop_stays_by, ward_waits_by, with_on_call
from lpe_reports.params.calendar import Calendar, load_calendar
from lpe_reports.params.units import load_units

ASCENSION = date(2026, 5, 14)


@pytest.fixture(scope="module")
def calendar(root: Path) -> Calendar:
    units = load_units(root / "params" / "units.yml", root)
    return load_calendar(root / "params" / "calendar.yml", root, units)


@pytest.mark.parametrize(
    ("arrived", "category"),
    [
        ("2026-05-04 06:59", "night"),
        ("2026-05-04 07:00", "daytime"),
        ("2026-05-08 16:59", "daytime"),
        ("2026-05-08 17:00", "evening"),
        ("2026-05-08 22:00", "night"),
        ("2026-05-09 10:00", "weekend"),
        ("2026-05-10 23:59", "night"),
        ("2026-05-14 10:00", "weekend"),
        ("2026-03-29 03:30", "night"),
        ("2026-10-25 02:30", "night"),
        (None, None),
    ],
)
def test_on_call_category_goes_by_hour_weekday_and_holiday(
    calendar: Calendar, arrived: str | None, category: str | None
) -> None:
    """By the clock on the wall; a holiday is one whatever its weekday (Ascension, a Thursday)."""
    frame = postop_stays({"arrived_at": arrived})
    answer = with_on_call(frame, calendar.on_call, holidays=[ASCENSION])["on_call"]

    assert answer.dtype == "str"
    assert pd.isna(answer.item()) if category is None else answer.item() == category


def test_postop_by_hand() -> None:
    """95, 125 and 65 minutes; one without an end and one that ends before it starts count alone."""
    stays = postop_stays(
        {"arrived_at": "2026-05-04 10:00", "left_at": "2026-05-04 11:35"},
        {"arrived_at": "2026-05-04 10:00", "left_at": "2026-05-04 12:05"},
        {"arrived_at": "2026-05-04 23:30", "left_at": "2026-05-05 00:35"},
        {"arrived_at": "2026-05-04 10:00"},
        {"arrived_at": "2026-05-04 10:00", "left_at": "2026-05-04 09:00"},
    )
    row = postop_stays_by(stays, by=["weekday"]).iloc[0]

    assert row[["weekday", "stays", "timed", "stay_minutes"]].tolist() == [1, 5, 3, 285]
    assert row[["mean_minutes", "median_minutes"]].tolist() == [95, 95]
    assert row["p90_minutes"] == pytest.approx(95 + 0.8 * 30)


def test_ward_wait_by_hand() -> None:
    """Ready 10:00 and left 10:30 or 11:30: waits of 30 and 90 minutes, one longer than 30."""
    stays = postop_stays(
        *(
            {"arrived_at": "2026-05-04 08:00", "ready_at": ready, "left_at": f"2026-05-04 {left}"}
            for ready, left in (
                ("2026-05-04 10:00", "10:30"),
                ("2026-05-04 10:00", "11:30"),
                (None, "12:00"),
            )
        )
    )
    row = ward_waits_by(stays, by=["postop_unit"]).iloc[0]

    assert row[["stays", "timed", "waited", "wait_minutes"]].tolist() == [3, 2, 1, 120]
    assert row[["share_waited", "mean_minutes"]].tolist() == [0.5, 60]


@pytest.mark.parametrize(("day", "minutes"), [("2026-03-29", 120), ("2026-10-25", 240)])
def test_stay_over_a_clock_change_is_what_passed(day: str, minutes: int) -> None:
    """From 01:00 to 04:00 is two hours in spring and four in autumn."""
    stays = postop_stays({"arrived_at": f"{day} 01:00", "left_at": f"{day} 04:00"})

    assert postop_stays_by(stays, by=[])["stay_minutes"].item() == minutes
