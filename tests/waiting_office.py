"""A night of Ortopedi's lists: few enough people to count by hand, on nights that are told apart.

Lists are stored on three nights: Monday 30 March, Friday 1 May and the night itself, 11 May. The
last list in the months before is that of Monday 23 February, six days before the month was over.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from lpe_reports.settings import Project
from small_warehouse import (
    CLINICS,
    FOUR_TABLES,
    NIGHT,
    duckdb_sources,
    need,
    operation_at,
    session,
    target,
    waiting,
    whole_project,
)

BOLLNAS, HUDIKSVALL, GAVLE = "Bo - Op-c", "Hu - C-op", "Gä - C-op"
FEBRUARY, MARCH, MAY = date(2026, 2, 23), date(2026, 3, 30), date(2026, 5, 1)

# (unit, how many, days waited, changes) on the list to operation of 1 May: 40 people.
ON_THE_FIRST_OF_MAY: tuple[tuple[str, int, int, dict[str, Any]], ...] = (
    (BOLLNAS, 6, 10, {"booked_for": date(2026, 6, 1)}),
    (BOLLNAS, 6, 10, {"deviation": "pvv"}),
    (BOLLNAS, 8, 100, {}),
    (HUDIKSVALL, 5, 40, {"deviation": "mov"}),
    (HUDIKSVALL, 5, 200, {}),
    (HUDIKSVALL, 10, 20, {"guarantee": False}),
)
# How many on the list of the other nights, all of Bollnäs and within the guarantee.
OTHERS = {FEBRUARY: 50, MARCH: 45, NIGHT: 41}
FIRST_CONTACT = {FEBRUARY: 60, MARCH: 61, MAY: 62, NIGHT: 62}
# Decisions to operate each month, and what became of them: operated, and removed.
DECIDED = {"2026-03": 9, "2026-04": 12, "2026-05": 6}
OPERATED = {"2026-03": 8, "2026-04": 11}
REMOVED = {"2026-03": 5, "2026-04": 7}


def waiting_office(root: Path) -> Project:
    """The project, whose newest night is 2026-05-11."""
    office = whole_project(root)
    office.sources(duckdb_sources(*FOUR_TABLES, "targets", "referrals", "contacts"))
    needs, operations = _needs()
    office.tables = {
        "operations": operations,
        "needs": needs,
        "waiting_list": _lists(),
        "sessions": [session(number) for number in range(20)],
        "targets": [target("open_theatres", 20)],
        **_referrals(),
    }
    office.extract()
    return office.project


def _lists() -> list[dict[str, Any]]:
    days = [(MAY, unit, ago, changes) for unit, count, ago, changes in ON_THE_FIRST_OF_MAY
            for _ in range(count)]  # fmt: skip
    days += [(day, BOLLNAS, 30, {}) for day, count in OTHERS.items() for _ in range(count)]
    rows = [
        waiting(number, "operation", day)
        | {"unit": unit, "since_date": day - timedelta(days=ago), "deviation": "none"}
        | changes
        for number, (day, unit, ago, changes) in enumerate(days)
    ]
    for day, count in FIRST_CONTACT.items():
        for number in range(count):
            row = waiting(number, "first_contact", day, unit=CLINICS[0], deviation="none")
            rows.append(row | {"since_date": day - timedelta(days=20)})
    return rows


def _needs() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Decided in one month, ended in another: those who leave were decided in 2025."""
    needs, operations = [], []

    def decided(day: datetime, **changes: Any) -> int:
        number = len(needs)
        needs.append(need(number, decided_at=day, requested_at=day, operating_unit=BOLLNAS))
        needs[-1] |= changes
        return number

    for month, count in DECIDED.items():
        for _ in range(count):
            decided(_at(month, 3))
    old = _at("2025-12", 1)
    for month, count in OPERATED.items():
        for _ in range(count):
            day = _at(month, 10)
            # Taken off the list the month before: it is the operation that ends the wait.
            off = day - timedelta(days=15)
            number = decided(old, removed_at=off, removed_reason="operated")
            theatre = f"Bo {number}"
            operations.append(
                operation_at(number, day, operating_unit=BOLLNAS, theatre=theatre, decided_at=old)
            )
    for month, count in REMOVED.items():
        for number in range(count):
            reason = "medical" if number else "patient_declined"
            decided(old, removed_at=_at(month, 8), removed_reason=reason)
    # Not Ortopedi's: an emergency, and the needs of another verksamhetsområde.
    decided(_at("2026-04", 3), urgency="emergency")
    decided(_at("2026-04", 3), vo="Kirurgi", section="Kir")
    for number in range(11):  # of whom enough have each reason
        reason = "medical" if number < 6 else "patient_declined"
        removed: dict[str, Any] = {"removed_at": _at("2026-03", 8), "removed_reason": reason}
        decided(old, vo="Kirurgi", section="Kir", **removed)
    return needs, operations


def _referrals() -> dict[str, list[dict[str, Any]]]:
    """Twenty in April: twelve met, five returned, and three who wait still."""
    referrals, contacts = [], []
    for number in range(20):
        referred, met = _at("2026-04", 2), number < 12
        closed = _at("2026-04", 20) if met else _at("2026-04", 4) if number < 17 else None
        referrals.append(
            {
                "referral_id": f"R{number}", "patient_key": f"P{number}", "referred_at": referred,
                "received_at": referred, "from_unit": "Hälsocentralen", "clinic": CLINICS[0],
                "assessed_at": referred, "closed_at": closed,
                "close_reason": None if closed is None else "answered" if met else "returned",
            }
        )  # fmt: skip
        if met:
            contacts.append(
                {
                    "contact_id": f"C{number}", "referral_id": f"R{number}", "clinic": CLINICS[0],
                    "first": True, "happened_at": _at("2026-04", 15), "guarantee": True,
                    "deviation": "none",
                }
            )  # fmt: skip
    return {"referrals": referrals, "contacts": contacts}


def _at(month: str, day: int) -> datetime:
    return datetime.fromisoformat(f"{month}-{day:02d} 09:00")
