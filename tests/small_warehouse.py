"""A warehouse of a few rows in a temporary project, to be read, spoilt and read again."""

import shutil
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from lpe_reports.params.sources import Sources, load_sources
from lpe_reports.params.units import Units, load_units
from lpe_reports.periods import PeriodKind, period_at
from lpe_reports.settings import Project
from lpe_reports.warehouse.extract import extract
from parsed_params import share_parsed_params

ROOT = Path(__file__).resolve().parent.parent
NIGHT = date(2026, 5, 11)

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class SmallParams:
    """As much of params as an extract needs."""

    units: Units
    sources: Sources


@cache
def _units() -> Units:
    return load_units(ROOT / "params" / "units.yml", ROOT)


@dataclass
class SmallOffice:
    """A project whose source is a small DuckDB file, spelt as the demo spells it."""

    root: Path
    tables: dict[str, Rows] = field(default_factory=dict)

    @property
    def project(self) -> Project:
        return Project(self.root)

    @property
    def params(self) -> SmallParams:
        return SmallParams(_units(), load_sources(self.root / "params/sources.yml", self.root))

    def write(self) -> None:
        """Write the tables, as they are now, into the DuckDB file."""
        file = self.project.demo_warehouse
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        with duckdb.connect(str(file)) as connection:
            for name, rows in self.tables.items():
                frame = pd.DataFrame(rows)
                connection.register("given", frame)
                connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
                connection.unregister("given")

    def sources(self, text: str) -> None:
        """Write params/sources.yml."""
        (self.root / "params" / "sources.yml").write_text(text, encoding="utf-8")

    def extract(self, **kw: Any) -> Path:
        """Write the tables and make a night out of them."""
        self.write()
        return extract(self.project, self.params, **kw)


def small_office(root: Path, operations: int = 100) -> SmallOffice:
    """A project with four tables that agree with each other."""
    (root / "params").mkdir()
    (root / "_quarto.yml").write_text("project:\n  type: website\n", encoding="utf-8")
    office = SmallOffice(root)
    office.sources(DUCKDB_SOURCES)
    office.tables = {
        "operations": [operation(number) for number in range(operations)],
        "needs": [need(number) for number in range(operations)],
        "waiting_list": [
            waiting(number, list_, day)
            for day in (NIGHT - timedelta(days=7), NIGHT)
            for list_ in ("first_contact", "operation")
            for number in range(20)
        ],
        "sessions": [session(number) for number in range(20)],
    }
    return office


def whole_project(root: Path) -> SmallOffice:
    """A folder with the real params and reports, whose source has what a page can show."""
    root.mkdir(parents=True, exist_ok=True)
    for name in ("params", "reports"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "_quarto.yml", root)
    office = SmallOffice(root)
    office.sources(duckdb_sources(*FOUR_TABLES, "targets", "comments"))
    share_parsed_params(office.project)
    return office


def duckdb_sources(*tables: str) -> str:
    """A params/sources.yml with these tables in the small DuckDB file."""
    listed = ", ".join(f"{name}: {{}}" for name in tables)
    return f"""
default: demo
sources:
  demo:
    kind: duckdb
    demo: true
    demo_key_secret: the demo has nothing to hide
    path: data/demo/warehouse.duckdb
    aliases: {{hospital: {{Annan: other}}}}
    tables: {{{listed}}}
"""


FOUR_TABLES = ("operations", "needs", "waiting_list", "sessions")
DUCKDB_SOURCES = duckdb_sources(*FOUR_TABLES)

UNITS = ("Hu - C-op", "Gä - C-op", "Gä Dagkir", "Bo - Op-c")
CLINICS = ("Ortopedmottagning Gävle", "Ortopedmottagning Bollnäs")


def operation(number: int, **changes: Any) -> dict[str, Any]:
    """One operation of two hours; a hundred and twenty days, then the same in other theatres."""
    round_, day = divmod(number, 120)
    begin = datetime.fromisoformat("2026-01-05 08:00") + timedelta(days=day)
    row: dict[str, Any] = {
        "operation_id": f"O{number}",
        "need_id": f"N{number}",
        "patient_key": f"P{number}",
        "operating_unit": UNITS[number % 4],
        "theatre": f"Sal {3 * round_ + number % 3 + 1}",
        "vo": "Ortopedi",
        "section": "Ort",
        "patient_home": ("Gävle", "Hudiksvall", "Bollnäs", "Annan")[number % 4],
        "surgeon_key": f"S{number % 7}",
        "surgeon_home": "Gävle",
        "procedure_code": ("NGB49", "NFB49", "NHK57")[number % 3],
        "asa": number % 4 + 1,
        "age": 40 + number % 50,
        "sex": "FM"[number % 2],
        "urgency": "elective",
        "planned": (True, False, None)[number % 3],
        "decided_at": begin - timedelta(days=60),
        "requested_at": begin - timedelta(days=50),
        "scheduled_start_at": begin,
        "scheduled_end_at": begin + timedelta(hours=2),
        "patient_in_at": begin,
        "anaesthesia_start_at": begin + timedelta(minutes=5),
        "surgery_start_at": begin + timedelta(minutes=30),
        "knife_start_at": begin + timedelta(minutes=35),
        "surgery_end_at": begin + timedelta(minutes=100),
        "anaesthesia_end_at": begin + timedelta(minutes=110),
        "patient_out_at": begin + timedelta(minutes=120),
        "anaesthesia_staff": True,
        "postop_planned": "Postop Hu",
        "postop_actual": None,
    }
    return row | changes


def operation_at(number: int, begin: datetime, **changes: Any) -> dict[str, Any]:
    """One operation whose patient comes in then, all its other times as far from that as ever."""
    first = operation(0)
    shift = begin - first["patient_in_at"]
    moved = {name: v + shift for name, v in first.items() if isinstance(v, datetime)}
    return operation(number, **moved) | changes


def need(number: int, **changes: Any) -> dict[str, Any]:
    """The decision behind an operation."""
    decided = datetime.fromisoformat("2025-11-06 08:00") + timedelta(days=number)
    row: dict[str, Any] = {
        "need_id": f"N{number}",
        "patient_key": f"P{number}",
        "referral_id": f"R{number}",
        "decided_at": decided,
        "requested_at": decided + timedelta(days=10),
        "urgency": "elective",
        "medical_priority": 90,
        "latest_on": None,
        "procedure_code": "NGB49",
        "asa": 2,
        "age": 70,
        "sex": "F",
        "operating_unit": UNITS[number % 4],
        "vo": "Ortopedi",
        "section": "Ort",
        "guarantee": True,
        "deviation": "none",
        "removed_at": None,
        "removed_reason": None,
    }
    return row | changes


def waiting(number: int, list_: str, day: date, **changes: Any) -> dict[str, Any]:
    """One waiting person on one day."""
    place = UNITS[number % 4] if list_ == "operation" else CLINICS[number % 2]
    row: dict[str, Any] = {
        "snapshot_date": day,
        "list": list_,
        "entry_id": f"{list_[0].upper()}{number}",
        "unit": place,
        "vo": "Ortopedi",
        "section": "Ort" if list_ == "operation" else None,
        "since_date": date(2026, 1, 1) + timedelta(days=number % 120),
        "guarantee": True,
        "deviation": ("none", "pvv", "mov")[number % 3],
        "booked_for": None,
        "asa": None if list_ == "first_contact" else number % 4 + 1,
        "procedure_code": None if list_ == "first_contact" else "NGB49",
    }
    return row | changes


def session(number: int, **changes: Any) -> dict[str, Any]:
    """One session of a theatre, 07:30 to 16:00."""
    day = datetime.fromisoformat("2026-04-01") + timedelta(days=number)
    row: dict[str, Any] = {
        "session_id": f"SE{number}",
        "theatre": f"Sal {number % 3 + 1}",
        "operating_unit": UNITS[number % 4],
        "date": day.date(),
        "start_at": day + timedelta(hours=7, minutes=30),
        "end_at": day + timedelta(hours=16),
        "vo": "Ortopedi",
        "section": "Ort",
        "status": "open",
        "staffed_from_at": day + timedelta(hours=7),
        "staffed_to_at": day + timedelta(hours=16),
        "schedule": period_at(PeriodKind.SCHEDULE, day.date()).id.replace("--", "/"),
        "published_on": date(2026, 1, 26),
    }
    return row | changes


def target(measure: str, value: float) -> dict[str, Any]:
    """A target of Bollnäs, that more is better than."""
    return {
        "measure": measure,
        "unit": "Bo - Op-c",
        "valid_from": date(2023, 1, 1),
        "valid_to": date(2099, 12, 31),
        "value": value,
        "direction": "up",
    }


def comment(text: str) -> dict[str, Any]:
    """The office's comment on Ortopedi's week before the night."""
    return {"unit": "Ortopedi", "period": "2026-W19", "text": text, "updated_on": NIGHT}
