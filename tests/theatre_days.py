"""A few days of a few theatres, small enough to count by hand, for lead times and end times.

April 2026 in Hudiksvall: on Tuesday the 7th and Wednesday the 8th two theatres have sessions from
07:45, and a third one has emergencies only. The patients' stays:

| day | Hu 1 | Hu 2 | Hu 3, emergencies |
|---|---|---|---|
| 7th | 07:45–10:00, 10:20–13:40 | 07:50–11:00, 11:40–14:00 | 08:00–09:00, 09:30–10:30 |
| 8th | 07:55–09:45, 11:45–17:00 | 07:45–09:00 emergency, 09:15–15:15, 15:10–16:59 | |

So the four starts are 0, 5, 10 and 90 minutes late; turnovers to a planned patient are 20, 40 and
15 minutes, one gap of 120 and one overlap. In March and on 5 May there is one day in Hu 1. Bollnäs
has one day in each of March and April, alike to the minute; Gävle one session, for an emergency.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from lpe_reports.settings import Project
from page_office import page_office
from small_warehouse import SmallOffice, operation, session

HUDIKSVALL, BOLLNAS, GAVLE = "Hu - C-op", "Bo - Op-c", "Gä - C-op"
EMERGENCY = {"urgency": "emergency"}
Stay = tuple[str, str, str, str, str, dict[str, Any]]
STAYS: Sequence[Stay] = (
    (HUDIKSVALL, "Hu 1", "2026-04-07", "07:45", "10:00", {}),
    (HUDIKSVALL, "Hu 1", "2026-04-07", "10:20", "13:40", {}),
    (HUDIKSVALL, "Hu 2", "2026-04-07", "07:50", "11:00", {}),
    (HUDIKSVALL, "Hu 2", "2026-04-07", "11:40", "14:00", {}),
    (HUDIKSVALL, "Hu 3", "2026-04-07", "08:00", "09:00", EMERGENCY),
    (HUDIKSVALL, "Hu 3", "2026-04-07", "09:30", "10:30", EMERGENCY),
    (HUDIKSVALL, "Hu 1", "2026-04-08", "07:55", "09:45", {}),
    (HUDIKSVALL, "Hu 1", "2026-04-08", "11:45", "17:00", {}),
    (HUDIKSVALL, "Hu 2", "2026-04-08", "07:45", "09:00", EMERGENCY),
    (HUDIKSVALL, "Hu 2", "2026-04-08", "09:15", "15:15", {}),
    (HUDIKSVALL, "Hu 2", "2026-04-08", "15:10", "16:59", {}),
    # Without anaesthesia staff, in a theatre without sessions.
    (HUDIKSVALL, "Hu 4", "2026-04-08", "17:30", "18:00", {"anaesthesia_staff": False}),
    (HUDIKSVALL, "Hu 1", "2026-03-10", "07:45", "10:00", {}),
    (HUDIKSVALL, "Hu 1", "2026-03-10", "10:30", "15:00", {}),
    (HUDIKSVALL, "Hu 1", "2026-05-05", "07:55", "12:00", {}),
    (HUDIKSVALL, "Hu 1", "2025-06-10", "08:00", "13:59", {}),
    (BOLLNAS, "Bo 1", "2026-03-10", "07:45", "10:00", {}),
    (BOLLNAS, "Bo 1", "2026-03-10", "10:20", "12:00", {}),
    (BOLLNAS, "Bo 1", "2026-04-07", "07:45", "10:00", {}),
    (BOLLNAS, "Bo 1", "2026-04-07", "10:20", "12:00", {}),
    (GAVLE, "Gä 1", "2026-04-07", "08:00", "09:00", EMERGENCY),
)
SESSIONS = (
    (HUDIKSVALL, "Hu 1", "2026-03-10"),
    (HUDIKSVALL, "Hu 1", "2026-04-07"),
    (HUDIKSVALL, "Hu 1", "2026-04-08"),
    (HUDIKSVALL, "Hu 2", "2026-04-07"),
    (HUDIKSVALL, "Hu 2", "2026-04-08"),
    (HUDIKSVALL, "Hu 3", "2026-04-07"),
    (HUDIKSVALL, "Hu 1", "2026-05-05"),
    (HUDIKSVALL, "Hu 7", "2026-05-12"),  # after the night
    (BOLLNAS, "Bo 1", "2026-03-10"),
    (BOLLNAS, "Bo 1", "2026-04-07"),
    (GAVLE, "Gä 1", "2026-04-07"),
)


def theatre_office(root: Path) -> Project:
    """A project whose only operations and sessions are those above."""
    project = page_office(root)
    office = SmallOffice(project.root)
    with duckdb.connect(str(project.demo_warehouse), read_only=True) as connection:
        for (name,) in connection.execute("SHOW TABLES").fetchall():
            office.tables[name] = connection.table(name).df().to_dict("records")
    office.tables["operations"] = [_operation(n, stay) for n, stay in enumerate(STAYS)]
    office.tables["sessions"] = [_session(n, *where) for n, where in enumerate(SESSIONS)]
    office.tables["targets"].append(_target("first_case_on_time", 0.8))
    # Other operations altogether: a night that is held until somebody has looked.
    office.extract(accept=True)
    return project


def _operation(number: int, stay: Stay) -> dict[str, Any]:
    unit, theatre, day, came, left, changes = stay
    begin, end = (datetime.fromisoformat(f"{day} {clock}") for clock in (came, left))
    return operation(
        number, operating_unit=unit, theatre=theatre, operation_id=f"T{number}",
        need_id=f"TN{number}", patient_key=f"TP{number}", decided_at=begin - timedelta(days=60),
        patient_in_at=begin, anaesthesia_start_at=begin, surgery_start_at=begin,
        knife_start_at=begin, surgery_end_at=end, anaesthesia_end_at=end, patient_out_at=end,
        scheduled_start_at=begin, scheduled_end_at=end,
    ) | changes  # fmt: skip


def _session(number: int, unit: str, theatre: str, day: str) -> dict[str, Any]:
    midnight = datetime.fromisoformat(day)
    return session(
        number, session_id=f"TS{number}", operating_unit=unit, theatre=theatre,
        date=midnight.date(), start_at=midnight + timedelta(hours=7, minutes=45),
        end_at=midnight + timedelta(hours=16), staffed_from_at=None, staffed_to_at=None,
    )  # fmt: skip


def _target(measure: str, value: float) -> dict[str, Any]:
    return {
        "measure": measure, "unit": BOLLNAS, "valid_from": date(2023, 1, 1),
        "valid_to": date(2099, 12, 31), "value": value, "direction": "up",
    }  # fmt: skip
