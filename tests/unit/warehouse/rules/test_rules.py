"""Every rule of the contract, with a row on each side of its border."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lpe_reports.warehouse.columns import Kind
from lpe_reports.warehouse.rules import Consequence, rules_of
from lpe_reports.warehouse.tables import TABLES
from small_tables import broken, good_row

pytestmark = pytest.mark.promise(
    "warehouse",
    "Rows that break the contract are set aside, mended or refused as it says, and counted",
)

Changes = Mapping[str, Any]
FETCHED = [contract for contract in TABLES.values() if not contract.made]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


START = _at("2026-01-05 08:00")  # of every good row number 0
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

# Table, rule, a change that keeps it by the least, and one that breaks it by the least.
BORDERS: list[tuple[str, str, Changes, Changes]] = [
    (
        "operations",
        "stay_of_a_day(patient_in_at, patient_out_at)",
        {"patient_out_at": START + DAY - MINUTE},
        {"patient_out_at": START + DAY},
    ),
    (
        "operations",
        "negative_wait(decided_at, surgery_start_at)",
        {"decided_at": _at("2026-01-05 23:59")},
        {"decided_at": _at("2026-01-06 00:00")},
    ),
    (
        "operations",
        "negative_wait(requested_at, surgery_start_at)",
        {"requested_at": _at("2026-01-05 23:59")},
        {"requested_at": _at("2026-01-06 00:00")},
    ),
    (
        "operations",
        "order_of_times(scheduled_start_at, scheduled_end_at)",
        {"scheduled_end_at": START},
        {"scheduled_end_at": START - MINUTE},
    ),
    (
        "operations",
        "order_of_times(anaesthesia_start_at, anaesthesia_end_at)",
        {"anaesthesia_end_at": START + 5 * MINUTE},
        {"anaesthesia_end_at": START + 4 * MINUTE},
    ),
    (
        "operations",
        "no_kva(procedure_code)",
        {"procedure_code": "DR016"},
        {"procedure_code": "NGB 49"},
    ),
    (
        "operations",
        "no_kva(procedure_code)",
        {"procedure_code": "NGB49"},
        {"procedure_code": "ngb49"},
    ),
    ("operations", "out_of_range(asa)", {"asa": 6}, {"asa": 7}),
    ("operations", "out_of_range(asa)", {"asa": 1}, {"asa": 0}),
    ("operations", "out_of_range(age)", {"age": 120}, {"age": 121}),
    ("operations", "out_of_range(age)", {"age": 0}, {"age": -1}),
    (
        "needs",
        "negative_wait(decided_at, removed_at)",
        {"removed_at": _at("2025-11-06 00:00")},
        {"removed_at": _at("2025-11-05 23:59")},
    ),
    (
        "needs",
        "order_of_days(decided_at, requested_at)",
        {"requested_at": _at("2025-11-06 00:00")},
        {"requested_at": _at("2025-11-05 23:59")},
    ),
    (
        "needs",
        "order_of_days(decided_at, latest_on)",
        {"latest_on": date(2025, 11, 6)},
        {"latest_on": date(2025, 11, 5)},
    ),
    ("needs", "out_of_range(medical_priority)", {"medical_priority": 0}, {"medical_priority": -1}),
    (
        "waiting_list",
        "negative_wait(since_date, snapshot_date)",
        {"since_date": date(2026, 5, 11)},
        {"since_date": date(2026, 5, 12)},
    ),
    (
        "waiting_list",
        "booked_in_the_past(snapshot_date, booked_for)",
        {"booked_for": date(2026, 5, 11)},
        {"booked_for": date(2026, 5, 10)},
    ),
    (
        "sessions",
        "order_of_times(start_at, end_at)",
        {"end_at": _at("2026-04-01 07:30")},
        {"end_at": _at("2026-04-01 07:29")},
    ),
    (
        "sessions",
        "session_of_a_day(start_at, end_at)",
        {"end_at": _at("2026-04-02 08:30")},
        {"end_at": _at("2026-04-02 08:31")},
    ),
    (
        "sessions",
        "order_of_times(staffed_from_at, staffed_to_at)",
        {"staffed_to_at": _at("2026-04-01 07:00")},
        {"staffed_to_at": _at("2026-04-01 06:59")},
    ),
    (
        "sessions",
        "other_day(date, start_at)",
        {"start_at": _at("2026-04-01 00:00")},
        {"start_at": _at("2026-03-31 23:59")},
    ),
    (
        "sessions",
        "order_of_days(published_on, date)",
        {"published_on": date(2026, 4, 1)},
        {"published_on": date(2026, 4, 2)},
    ),
    (
        "postop_stays",
        "order_of_times(arrived_at, ready_at, left_at)",
        {"ready_at": START + 2 * 60 * MINUTE},
        {"ready_at": START + 119 * MINUTE},
    ),
    (
        "postop_stays",
        "order_of_times(arrived_at, ready_at, left_at)",
        {"ready_at": START + 240 * MINUTE},
        {"ready_at": START + 241 * MINUTE},
    ),
    (
        "postop_stays",
        "order_of_times(arrived_at, ready_at, left_at)",
        {"ready_at": None, "left_at": START + 120 * MINUTE},
        {"ready_at": None, "left_at": START + 119 * MINUTE},
    ),
    (
        "postop_stays",
        "long_stay(arrived_at, left_at)",
        {"left_at": START + 50 * 60 * MINUTE},
        {"left_at": START + 50 * 60 * MINUTE + MINUTE},
    ),
    (
        "cancellations",
        "struck_long_after(scheduled_start_at, cancelled_at)",
        {"cancelled_at": START + 7 * DAY},
        {"cancelled_at": START + 7 * DAY + MINUTE},
    ),
    ("cancellations", "unknown_code(reason_1)", {"reason_1": "1"}, {"reason_1": "0"}),
    ("cancellations", "unknown_code(reason_1)", {"reason_1": "11"}, {"reason_1": "12"}),
    (
        "referrals",
        "order_of_days(referred_at, received_at, assessed_at)",
        {"received_at": _at("2026-01-05 00:00")},
        {"received_at": _at("2026-01-04 23:59")},
    ),
    (
        "referrals",
        "order_of_days(referred_at, received_at, assessed_at)",
        {"assessed_at": _at("2026-01-06 00:00")},
        {"assessed_at": _at("2026-01-05 23:59")},
    ),
    (
        "referrals",
        "order_of_days(referred_at, received_at, closed_at)",
        {"closed_at": _at("2026-01-06 00:00")},
        {"closed_at": _at("2026-01-05 23:59")},
    ),
    (
        "stays",
        "order_of_times(admitted_at, discharged_at)",
        {"discharged_at": START},
        {"discharged_at": START - MINUTE},
    ),
    (
        "stays",
        "not_discharged(discharged_to, discharged_at)",
        {"discharged_at": None, "discharged_to": None},
        {"discharged_at": None, "discharged_to": "home"},
    ),
    (
        "stays",
        "unknown_code(discharged_to)",
        {"discharged_to": "deceased"},
        {"discharged_to": "ward"},
    ),
    ("production_plan", "out_of_range(operations)", {"operations": 0}, {"operations": -1}),
    ("production_plan", "out_of_range(hours)", {"hours": 0.0}, {"hours": -0.5}),
    (
        "targets",
        "order_of_times(valid_from, valid_to)",
        {"valid_to": date(2025, 1, 1)},
        {"valid_to": date(2024, 12, 31)},
    ),
    ("targets", "unknown_code(direction)", {"direction": "down"}, {"direction": "higher"}),
    ("comments", "unknown_period(period)", {"period": "2026-W53"}, {"period": "2025-W53"}),
    ("activities", "unknown_code(status)", {"status": "late"}, {"status": "begun"}),
    (
        "staffing",
        "out_of_range(scheduled_hours)",
        {"scheduled_hours": 36.0},
        {"scheduled_hours": -1.0},
    ),
    ("staffing", "out_of_range(worked_hours)", {"worked_hours": 0.0}, {"worked_hours": -0.5}),
    ("staffing", "out_of_range(vacant_hours)", {"vacant_hours": None}, {"vacant_hours": -0.5}),
    (
        "staffing",
        "more_than_scheduled(vacant_hours, scheduled_hours)",
        {"vacant_hours": 80.0},
        {"vacant_hours": 80.5},
    ),
    (
        "staffing",
        "more_than_scheduled(worked_hours, scheduled_hours)",
        {"worked_hours": 160.0},
        {"worked_hours": 160.5},
    ),
]


@pytest.mark.parametrize(
    ("table", "rule", "keeps", "breaks"), BORDERS, ids=[f"{b[0]}-{b[1]}" for b in BORDERS]
)
def test_rule_stands_at_its_border(table: str, rule: str, keeps: Changes, breaks: Changes) -> None:
    """The row just inside is let pass; the one just outside is found, and no other."""
    rows = [good_row(table, 0), good_row(table, 0, **keeps), good_row(table, 0, **breaks)]
    rows = [row | _another_key(table, number) for number, row in enumerate(rows)]

    found = broken(table, *rows)

    assert found.pop(rule) == [2]
    assert not {numbers for rule, rows_ in found.items() for numbers in rows_} & {0, 1}


def _another_key(table: str, number: int) -> dict[str, Any]:
    """Rows of one test differ in theatre too, so that none of them overlaps another."""
    here = TABLES[table].names
    return {"theatre": f"Sal {number}"} if "theatre" in here else {}


ORDER = ("patient_in_at", "surgery_start_at", "knife_start_at", "surgery_end_at", "patient_out_at")


@pytest.mark.parametrize("position", range(4))
def test_times_in_theatre_may_be_equal_and_no_more(position: int) -> None:
    """Each neighbouring pair: at the same minute, and a minute the wrong way."""
    row = good_row("operations")
    first, then = ORDER[position], ORDER[position + 1]
    same, wrong = row | {first: row[then]}, row | {first: row[then] + MINUTE}
    rows = [each | {"theatre": str(n)} for n, each in enumerate((same, wrong))]

    assert broken("operations", *rows).pop(f"order_of_times({', '.join(ORDER)})") == [1]


DAYS = [
    (contract.name, column.name, column.nullable)
    for contract in FETCHED
    for column in contract
    if column.kind in (Kind.TIME, Kind.DATE)
]


@pytest.mark.parametrize(
    ("table", "column", "nullable"), DAYS, ids=[f"{t}.{c}" for t, c, _ in DAYS]
)
def test_day_that_stands_for_never_is_found(table: str, column: str, nullable: bool) -> None:
    """1900-01-01 and 9999-12-31: mended to null where the row can do without, else set aside."""
    texts = ("1989-12-31 23:59", "1990-01-01", "2099-12-31 23:59", "2100-01-01", "9999-12-31")
    changed = [good_row(table, 0) | {column: text} for text in texts]
    as_text = [{k: str(v) if isinstance(v, date) else v for k, v in row.items()} for row in changed]
    rule = next(r for r in rules_of(TABLES[table]) if r.id == f"out_of_range({column})")

    assert broken(table, *as_text)[rule.id] == [0, 3, 4]
    assert rule.consequence is (Consequence.REPAIR if nullable else Consequence.ROW)


def test_time_that_is_mended_breaks_no_order() -> None:
    """A patient "ready" in 1900 is one whose time is not known; the row stays."""
    row = good_row("postop_stays", ready_at=_at("1900-01-01 00:00"))

    assert broken("postop_stays", row) == {"out_of_range(ready_at)": [0]}


def test_patient_who_is_still_in_breaks_nothing() -> None:
    """A stay without discharge, an open referral, a patient who has no time of readiness."""
    for table, names in {
        "stays": ("discharged_at", "discharged_to"),
        "referrals": ("received_at", "assessed_at", "closed_at", "close_reason"),
        "postop_stays": ("ready_at",),
        "staffing": ("worked_hours", "vacant_hours"),
    }.items():
        assert broken(table, good_row(table), good_row(table, 1) | dict.fromkeys(names)) == {}


def test_patient_who_did_not_come_is_struck_after_the_start() -> None:
    """And one who was struck months ahead is as good a row."""
    late = good_row("cancellations", 0, cancelled_at=START + 2 * 60 * MINUTE)
    early = good_row("cancellations", 1, cancelled_at=START - 90 * DAY)

    assert broken("cancellations", late, early) == {}


def test_operations_in_one_theatre_may_touch() -> None:
    """In at the minute the one before is out: no overlap; a minute before it: one."""
    first = good_row("operations", theatre="Sal 1")
    shifted = {
        minutes: first
        | {k: v + minutes * MINUTE for k, v in first.items() if k in ORDER}
        | {"operation_id": str(minutes)}
        for minutes in (119, 120)
    }
    overlap = "overlap(theatre, patient_in_at, patient_out_at)"

    assert broken("operations", first, shifted[120]) == {}
    assert broken("operations", first, shifted[119]) == {overlap: [1]}
    assert broken("operations", first, shifted[119] | {"operating_unit": "Gä - C-op"}) == {}


def test_long_operation_overlaps_every_later_one() -> None:
    """Not only its neighbour: all who are taken in before it is out."""
    long = good_row("operations", theatre="Sal 1", patient_out_at=START + 600 * MINUTE)
    others = [
        {k: v + minutes * MINUTE if k in ORDER else v for k, v in good_row("operations").items()}
        | {"operation_id": str(minutes), "theatre": "Sal 1"}
        for minutes in (200, 400, 600)
    ]

    found = broken("operations", long, *others)

    assert found == {"overlap(theatre, patient_in_at, patient_out_at)": [1, 2]}


def test_only_open_sessions_overlap() -> None:
    """A released block may stand beside the one that it became."""
    first = good_row("sessions")
    again = first | {"session_id": "again"}
    after = again | {"start_at": first["end_at"], "end_at": first["end_at"] + 60 * MINUTE}

    assert broken("sessions", first, again) == {"overlap(theatre, start_at, end_at)": [1]}
    assert broken("sessions", first | {"status": "released"}, again) == {}
    assert broken("sessions", first, after) == {}


@pytest.mark.parametrize(
    ("schedule", "day", "fits"),
    [
        ("2026-W12/2026-W21", "2026-03-16", True),
        ("2026-W12/2026-W21", "2026-05-24", True),
        ("2026-W12/2026-W21", "2026-03-15", False),
        ("2026-W12/2026-W21", "2026-05-25", False),
        ("2026-W12", "2026-03-16", False),
        ("vår 2026", "2026-03-16", False),
    ],
)
def test_session_lies_in_its_schedule(schedule: str, day: str, fits: bool) -> None:
    """From its first Monday to its last Sunday; another text is no schedule."""
    moved = {name: _at(f"{day} 08:00") for name in ("start_at", "staffed_from_at")}
    ended = {name: _at(f"{day} 16:00") for name in ("end_at", "staffed_to_at")}
    row = good_row("sessions") | moved | ended | {"date": _at(day).date(), "schedule": schedule}

    assert broken("sessions", row) == ({} if fits else {"other_schedule(schedule, date)": [0]})


def test_every_rule_is_tried_here() -> None:
    """No rule about several columns without its border above."""
    tried = {(table, rule) for table, rule, _, _ in BORDERS}
    elsewhere = {
        ("operations", f"order_of_times({', '.join(ORDER)})"),
        ("operations", "overlap(theatre, patient_in_at, patient_out_at)"),
        ("sessions", "overlap(theatre, start_at, end_at)"),
        ("sessions", "other_schedule(schedule, date)"),
    }
    several = {
        (contract.name, rule.id)
        for contract in FETCHED
        for rule in rules_of(contract)
        if len(rule.columns) > 1
    }

    assert several <= tried | elsewhere
