"""Rows of every table of the contract that keep all its rules, to be spoilt one at a time."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from lpe_reports.params.sources import SourceEntry, Sources, TableSource
from lpe_reports.params.units import load_units
from lpe_reports.warehouse.aliases import Aliases, translate
from lpe_reports.warehouse.columns import Kind
from lpe_reports.warehouse.contracts import broken_rules
from lpe_reports.warehouse.conversion import convert
from lpe_reports.warehouse.distinct import decoded, distinct_texts
from lpe_reports.warehouse.frames import stored_schema, to_frame
from lpe_reports.warehouse.tables import TABLES
from small_warehouse import CLINICS, NIGHT, ROOT, UNITS, need, operation, session, waiting

Row = dict[str, Any]
SOURCES = Sources(
    default="all",
    sources={
        "all": SourceEntry(
            kind="duckdb",
            path="all.duckdb",
            aliases={"hospital": {"Annan": "other"}},
            tables={name: TableSource() for name, contract in TABLES.items() if not contract.made},
        )
    },
)
ALIASES = Aliases(load_units(ROOT / "params" / "units.yml", ROOT), SOURCES, "all")
POSTOP = ("Postop Hudiksvall", "Postop Gävle", "Dagkirurgisk postop Gävle", "Postop Bollnäs")


def good_row(table: str, number: int = 0, **changes: Any) -> Row:
    """The row with a number, as a source spells it; other numbers give other keys."""
    return _ROWS[table](number) | changes


def _morning(number: int) -> datetime:
    return datetime.fromisoformat("2026-01-05 08:00") + timedelta(days=number % 120)


def _postop_stay(number: int) -> Row:
    arrived = _morning(number) + timedelta(hours=2)
    return {
        "operation_id": f"O{number}",
        "postop_unit": POSTOP[number % 4],
        "arrived_at": arrived,
        "ready_at": arrived + timedelta(minutes=90),
        "left_at": arrived + timedelta(minutes=120),
    }


def _cancellation(number: int) -> Row:
    start = _morning(number)
    return {
        "event_id": f"C{number}",
        "need_id": f"N{number}",
        "operating_unit": UNITS[number % 4],
        "vo": "Ortopedi",
        "section": "Ort",
        "scheduled_start_at": start,
        "cancelled_at": start - timedelta(hours=10),
        "reason_1": str(number % 11 + 1),
        "reason_2": "1a",
    }


def _referral(number: int) -> Row:
    referred = _morning(number)
    return {
        "referral_id": f"R{number}",
        "patient_key": f"P{number}",
        "referred_at": referred,
        "received_at": referred + timedelta(days=1),
        "from_unit": "Hälsocentralen Norr",
        "clinic": CLINICS[number % 2],
        "assessed_at": referred + timedelta(days=2),
        "closed_at": referred + timedelta(days=3),
        "close_reason": "Besök",
    }


def _contact(number: int) -> Row:
    return {
        "contact_id": f"K{number}",
        "referral_id": f"R{number}",
        "clinic": CLINICS[number % 2],
        "first": True,
        "happened_at": _morning(number),
        "guarantee": True,
        "deviation": "none",
    }


def _stay(number: int) -> Row:
    return {
        "stay_id": f"V{number}",
        "patient_key": f"P{number}",
        "operation_id": f"O{number}",
        "admitted_at": _morning(number),
        "discharged_at": _morning(number) + timedelta(days=2),
        "discharged_to": "home",
    }


def _plan(number: int) -> Row:
    return {
        "vo": "Ortopedi",
        "section": "Ort",
        "month": "2026-05",
        "version": date(2026, 1, 1) + timedelta(days=number),
        "operations": 240,
        "hours": 420.5,
    }


def _target(number: int) -> Row:
    return {
        "measure": "open_theatres",
        "unit": "Ortopedi",
        "valid_from": date(2025, 1, 1) + timedelta(days=number),
        "valid_to": None,
        "value": 18.0,
        "direction": "up",
    }


def _comment(number: int) -> Row:
    return {
        "unit": "Ortopedi",
        "period": f"{2000 + number}-05",
        "text": "Många operationer.",
        "updated_on": date(2026, 5, 11),
    }


def _activity(number: int) -> Row:
    return {
        "activity_id": f"A{number}",
        "vo": "Ortopedi",
        "title": "Ring alla som har väntat länge",
        "responsible_role": "Operationskoordinator",
        "due_on": date(2026, 6, 1),
        "status": "planned",
        "updated_on": date(2026, 5, 1),
    }


def _staffing(number: int) -> Row:
    return {
        "unit": UNITS[number % 4],
        "date": _morning(number).date(),
        "role": "Operationssjuksköterska",
        "scheduled_hours": 80.0,
        "worked_hours": 72.0,
        "vacant_hours": 8.0,
    }


def _cost(number: int) -> Row:
    return {
        "unit": "Ortopedi",
        "month": "2026-04",
        "account": f"{4000 + number}",
        "budget": 100000.0,
        "actual": 98000.5,
    }


_ROWS: dict[str, Callable[[int], Row]] = {
    "operations": operation,
    "needs": need,
    "waiting_list": lambda number: waiting(number, "operation", NIGHT),
    "sessions": session,
    "postop_stays": _postop_stay,
    "cancellations": _cancellation,
    "referrals": _referral,
    "contacts": _contact,
    "stays": _stay,
    "production_plan": _plan,
    "targets": _target,
    "comments": _comment,
    "activities": _activity,
    "staffing": _staffing,
    "costs": _cost,
}


def stored(table: str, *rows: Row) -> pa.Table:
    """Rows in the form in which they are stored, not checked; keys are as they were given."""
    contract = TABLES[table]
    columns = []
    for column in contract:
        raw = pa.array([row[column.name] for row in rows])
        if column.kind in (Kind.UNIT, Kind.CODE):
            known = ALIASES.spellings(table, column)
            columns.append(decoded(translate(distinct_texts(raw), known)))
        else:
            columns.append(convert(raw, column.kind).values)
    return pa.table(columns, schema=stored_schema(contract.columns))


def broken(table: str, *rows: Row) -> dict[str, list[int]]:
    """The rules that rows break, those that look at rows together too, with the rows' numbers."""
    contract = TABLES[table]
    frame = to_frame(stored(table, *rows), contract, nullable=True)
    found = [each for whole in (False, True) for each in broken_rules(frame, contract, whole=whole)]
    return {each.rule.id: [int(n) for n in each.rows.nonzero()[0]] for each in found}
