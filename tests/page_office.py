"""A project with the real params and a night of a few weeks in Bollnäs, for tests of the page.

Weeks 12–19 of 2026: the office's own figures for operations and open theatres, a waiting list
in Bollnäs that hardly moves, one in Hudiksvall with three people on it.
"""

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from lpe_reports.settings import Project
from small_warehouse import NIGHT, ROOT, SmallOffice, need, operation, session, waiting

OPERATIONS = (38, 38, 33, 25, 34, 40, 35, 46)
THEATRES = (18, 18, 17, 12, 17, 19, 20, 18)
WAITING = (62, 62, 61, 61, 61, 60, 60, 60)
OVER_THE_LIMIT = 18  # of those who wait in Bollnäs
FEW = 3  # wait in Hudiksvall
FIRST_MONDAY = date(2026, 3, 16)
COMMENT = "Många ortopediska operationer och 18 salar igång <b>"

_SOURCES = """
default: demo
sources:
  demo:
    kind: duckdb
    demo: true
    demo_key_secret: the demo has nothing to hide
    path: data/demo/warehouse.duckdb
    aliases: {hospital: {Annan: other}}
    tables:
      operations: {}
      needs: {}
      waiting_list: {}
      sessions: {}
      targets: {}
      comments: {}
"""


def page_office(root: Path) -> Project:
    """A project whose newest night is 2026-05-11."""
    shutil.copytree(ROOT / "params", root / "params")
    shutil.copytree(ROOT / "reports", root / "reports")
    shutil.copy(ROOT / "_quarto.yml", root / "_quarto.yml")
    office = SmallOffice(root)
    office.sources(_SOURCES)
    office.tables = {
        "operations": operation_rows(),
        "needs": [need(0)],
        "waiting_list": _waiting(),
        "sessions": [*_sessions(), *_planned_sessions()],
        "targets": [_target("operations_ortopedi", 45), _target("open_theatres", 20)],
        "comments": [
            {
                "unit": "Ortopedi",
                "period": "2026-W19",
                "text": COMMENT,
                "updated_on": date(2026, 5, 11),
            }
        ],
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
            shift = begin - datetime.fromisoformat("2026-01-05 08:00")
            row = operation(
                len(rows), operating_unit="Bo - Op-c", theatre=f"Bo {number // 5 + 1}",
                procedure_code="NGB49" if number % 2 else "NHK57",
            )  # fmt: skip
            moved = operation(0)
            for name, value in moved.items():
                if isinstance(value, datetime):
                    row[name] = value + shift
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


def _target(measure: str, value: float) -> dict[str, Any]:
    return {
        "measure": measure,
        "unit": "Bo - Op-c",
        "valid_from": date(2023, 1, 1),
        "valid_to": date(2099, 12, 31),
        "value": value,
        "direction": "up",
    }
