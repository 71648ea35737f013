"""The demo's tables agree with each other, because they come from one office that was lived."""

from datetime import date
from itertools import pairwise

import holidays
import pandas as pd
from opened_demo import Demo

LAST_NIGHT = pd.Timestamp(2026, 5, 11)
MOMENTS = [
    "patient_in_at", "anaesthesia_start_at", "surgery_start_at", "knife_start_at",
    "surgery_end_at", "anaesthesia_end_at", "patient_out_at",
]  # fmt: skip
OPEN_THAT_DAY = """
    SELECT count(*) FROM needs
    WHERE urgency = 'elective' AND decided_at < DATE '{day}'
      AND (removed_at IS NULL OR removed_at >= DATE '{day}')
"""


def test_times_of_an_operation_follow_one_another(demo: Demo) -> None:
    """No moment in theatre comes before the one above it, faults or not."""
    times = demo.operations[MOMENTS].ffill(axis=1)

    for earlier, later in pairwise(MOMENTS):
        assert (times[earlier] <= times[later]).all(), (earlier, later)


def test_nothing_happens_after_the_last_night(demo: Demo) -> None:
    """The tables hold what was known on the morning of the last night."""
    assert (demo.operations["patient_out_at"] <= LAST_NIGHT).all()
    assert (demo.needs["decided_at"] < LAST_NIGHT).all()
    assert not (demo.needs["removed_at"] >= LAST_NIGHT).any()
    assert not (demo.needs["requested_at"] >= LAST_NIGHT).any()
    assert demo.operations["patient_out_at"].max() >= pd.Timestamp(2026, 5, 10)


def test_theatres_hold_one_patient_at_a_time_but_for_the_planted_pair(
    demo: Demo, healthy: pd.DataFrame
) -> None:
    """In one theatre the next patient comes in after the one before is out, except once."""
    ordered = healthy.sort_values(["theatre", "patient_in_at"])
    before_out = ordered.groupby("theatre")["patient_out_at"].shift()

    assert (ordered["patient_in_at"] < before_out).sum() == 1


def test_operated_people_are_on_no_later_list(demo: Demo) -> None:
    """Who has been operated on before a night is not on that night's photograph."""
    still_there = demo.ask(
        """
        SELECT count(*) AS n FROM waiting_list JOIN operations
          ON list = 'operation' AND entry_id = need_id
        WHERE snapshot_date > CAST(patient_out_at AS DATE)
        """
    )

    assert still_there["n"].item() == 0


def test_operated_people_leave_the_list_when_they_leave_the_theatre(healthy: pd.DataFrame,
    demo: Demo) -> None:  # fmt: skip
    """Each operation with a need ends that need, at that minute."""
    linked = healthy.merge(demo.needs, on="need_id", suffixes=("", "_need"))

    assert len(linked) == healthy["need_id"].notna().sum() > 50_000
    assert (linked["removed_at"] == linked["patient_out_at"]).all()
    assert (linked["removed_reason"] == "operated").all()
    assert (linked["decided_at"] == linked["decided_at_need"]).all()
    assert (linked["procedure_code"] == linked["procedure_code_need"]).all()
    assert (linked["patient_key"] == linked["patient_key_need"]).all()


def test_snapshots_count_the_needs_open_that_day(demo: Demo) -> None:
    """Each photograph of the list to operation holds the planned needs open that morning."""
    for day in ("2023-01-02", "2024-07-15", "2025-12-29", "2026-05-06", "2026-05-11"):
        listed = demo.ask(
            "SELECT count(*) AS n, count(DISTINCT entry_id) AS people FROM waiting_list "
            f"WHERE list = 'operation' AND snapshot_date = DATE '{day}'"
        )
        expected = demo.ask(OPEN_THAT_DAY.format(day=day)).iloc[0, 0]

        assert listed["n"].item() == listed["people"].item() == expected > 4000, day


def test_snapshots_are_of_mondays_and_the_last_fortnight(demo: Demo) -> None:
    """A weekly demo has every Monday since the first, and every one of the last 14 nights."""
    days = demo.ask("SELECT DISTINCT snapshot_date AS day FROM waiting_list ORDER BY 1")["day"]
    mondays = pd.date_range("2023-01-02", LAST_NIGHT, freq="W-MON")
    last = pd.date_range("2026-04-28", LAST_NIGHT)

    assert list(days) == sorted({*mondays, *last})


def test_bookings_are_for_days_to_come(demo: Demo) -> None:
    """Nobody waits with a booking that has passed; most of those booked are operated that day."""
    booked = demo.ask(
        """
        SELECT w.entry_id, w.snapshot_date, w.booked_for, o.patient_in_at FROM waiting_list w
        JOIN operations o ON w.entry_id = o.need_id
        WHERE list = 'operation' AND booked_for IS NOT NULL AND snapshot_date = DATE '2026-04-06'
        """
    )

    assert len(booked) > 500
    assert (booked["booked_for"] >= booked["snapshot_date"]).all()
    kept = (booked["patient_in_at"].dt.normalize() == booked["booked_for"]).mean()
    assert 0.9 < kept < 1


def test_elective_operations_lie_in_open_sessions_of_their_own(
    demo: Demo, healthy: pd.DataFrame
) -> None:
    """A planned operation is done on a day when its theatre has an open session of that VO."""
    elective = healthy[healthy["urgency"] == "elective"]
    opened = demo.sessions[demo.sessions["status"] == "open"]
    keys = ["theatre", "date", "vo", "section"]
    of_day = elective.assign(date=elective["patient_in_at"].dt.normalize())
    found = of_day.merge(opened[keys].drop_duplicates(), on=keys, how="left", indicator=True)

    assert (found["_merge"] == "both").all()


def test_days_off_have_no_sessions(demo: Demo, healthy: pd.DataFrame) -> None:
    """On weekends, holidays and the eves that are days off, there are emergencies only."""
    off = holidays.country_holidays(
        "SE", years=range(2023, 2027), categories=("public", "de_facto")
    )
    days = demo.sessions["date"].dt.date
    elective = healthy[healthy["urgency"] == "elective"]["patient_in_at"].dt.date
    emergency = healthy[healthy["urgency"] == "emergency"]["patient_in_at"].dt

    for day in off:
        assert day not in set(days) and day not in set(elective)
    assert not any(day.weekday() >= 5 for day in set(days) | set(elective))
    assert (emergency.day_of_week >= 5).mean() > 0.15
    assert ((emergency.hour >= 22) | (emergency.hour < 7)).mean() > 0.03


def test_sessions_are_published_eight_weeks_before_their_schedule(demo: Demo) -> None:
    """The published schedules are there to their end, each as the office writes it."""
    sessions = demo.sessions
    last = sessions[sessions["schedule"] == "2026-W22/2026-W31"]

    assert sessions["date"].max().date() == date(2026, 7, 31)
    assert (last["published_on"] == pd.Timestamp(2026, 3, 30)).all()
    assert (sessions["published_on"] < LAST_NIGHT).all()
    assert not sessions["session_id"].duplicated().any()


def test_sessions_of_a_theatre_do_not_overlap(demo: Demo) -> None:
    """One theatre has one session at a time."""
    ordered = demo.sessions.sort_values(["theatre", "start_at"])
    before = ordered.groupby("theatre")["end_at"].shift()

    assert not (ordered["start_at"] < before).any()


def test_people_keep_their_key_sex_and_birthday(demo: Demo) -> None:
    """One patient key is one person, and has no form of a personal identity number."""
    needs = demo.needs
    people = needs.groupby("patient_key")

    assert needs["patient_key"].str.fullmatch(r"P\d{8}").all()
    assert (people["sex"].nunique() == 1).all()
    born = needs["decided_at"].dt.year - needs["age"]
    assert ((born.groupby(needs["patient_key"]).agg(["min", "max"]).diff(axis=1)["max"]) <= 1).all()
    assert people.size().max() > 1


def test_short_tables_have_no_duplicate_keys(demo: Demo, healthy: pd.DataFrame) -> None:
    """Keys are unique once the month that was loaded twice is taken out."""
    assert not healthy["operation_id"].duplicated().any()
    assert not demo.needs["need_id"].duplicated().any()
