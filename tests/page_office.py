"""A project with the real params and a night of a few weeks in Bollnäs, for tests of the page.

Weeks 12–19 of 2026: the office's own figures for operations and open theatres, a waiting list
in Bollnäs that hardly moves, one in Hudiksvall with three people on it.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from lpe_reports.settings import Project
from small_warehouse import (
    NIGHT,
    comment,
    need,
    operation_at,
    session,
    target,
    waiting,
    whole_project,
)

OPERATIONS = (38, 38, 33, 25, 34, 40, 35, 46)
THEATRES = (18, 18, 17, 12, 17, 19, 20, 18)
WAITING = (62, 62, 61, 61, 61, 60, 60, 60)
OVER_THE_LIMIT = 18  # of those who wait in Bollnäs
FEW = 3  # wait in Hudiksvall
FIRST_MONDAY = date(2026, 3, 16)
COMMENT = "Många ortopediska operationer och 18 salar igång <b>"


def page_office(root: Path) -> Project:
    """A project whose newest night is 2026-05-11."""
    office = whole_project(root)
    office.tables = {
        "operations": operation_rows(),
        "needs": [need(0)],
        "waiting_list": _waiting(),
        "sessions": [*_sessions(), *_planned_sessions()],
        "targets": [target("operations_ortopedi", 45), target("open_theatres", 20)],
        "comments": [comment(COMMENT)],
    }
    office.extract()
    return office.project


def _weeks() -> list[datetime]:
    first = datetime.combine(FIRST_MONDAY, datetime.min.time())
    return [first + timedelta(weeks=number) for number in range(len(OPERATIONS))]


def operation_rows() -> list[dict[str, Any]]:
    """The operations of every week, Monday to Friday."""
    rows = []
    for monday, count in zip(_weeks(), OPERATIONS, strict=True):
        for number in range(count):
            begin = monday + timedelta(days=number % 5, hours=8)
            row = operation_at(
                len(rows), begin, operating_unit="Bo - Op-c", theatre=f"Bo {number // 5 + 1}",
                procedure_code="NGB49" if number % 2 else "NHK57",
            )  # fmt: skip
            rows.append(row)
    return rows


def _sessions() -> list[dict[str, Any]]:
    rows = []
    for monday, count in zip(_weeks(), THEATRES, strict=True):
        for number in range(count):
            day = monday + timedelta(days=number % 5)
            rows.append(_session(len(rows), f"Bo {number // 5 + 1}", day))
    return rows


def _planned_sessions() -> list[dict[str, Any]]:
    """Sessions of the schedule that lie after the night."""
    days = [datetime.combine(NIGHT, datetime.min.time()) + timedelta(days=n) for n in range(1, 6)]
    return [_session(1000 + number, "Bo 1", day) for number, day in enumerate(days)]


def _session(number: int, theatre: str, day: datetime) -> dict[str, Any]:
    return session(
        number, operating_unit="Bo - Op-c", theatre=theatre, date=day.date(),
        start_at=day + timedelta(hours=7, minutes=30), end_at=day + timedelta(hours=16),
        staffed_from_at=None, staffed_to_at=None,
    )  # fmt: skip


def _waiting() -> list[dict[str, Any]]:
    rows = []
    for number, count in enumerate(WAITING):
        day = FIRST_MONDAY + timedelta(weeks=number + 1)
        for person in range(count):
            days = 120 if person < OVER_THE_LIMIT else 30
            rows.append(_entry(person, day, "Bo - Op-c", days))
        rows += [_entry(1000 + person, day, "Hu - C-op", 30) for person in range(FEW)]
    return rows


def _entry(number: int, day: date, unit: str, days: int) -> dict[str, Any]:
    return waiting(
        number, "operation", day, unit=unit, deviation="none",
        since_date=day - timedelta(days=days),
    )  # fmt: skip
