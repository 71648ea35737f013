"""Two departments with different waits for one operation, a third with few, in 2025 and 2026.

Of another operation (NDM49) the two have as many, and nobody else has any. Of a third (JAB30) both
departments in Gävle have few, who are enough together; of a fourth (CJE20) all have few; of a fifth
(JKA21) all have enough.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from lpe_reports.display.opening import find_opening
from lpe_reports.display.page import Page
from lpe_reports.settings import Project
from page_office import page_office
from small_warehouse import SmallOffice, operation_at

OpenPage = Callable[..., Page]
GAVLE, HUDIKSVALL, BOLLNAS = "Gä - C-op", "Hu - C-op", "Bo - Op-c"
DAY_SURGERY = "Gä Dagkir"
# (unit, how many, days waited at least, first day of operation[, code])
PATIENTS = (
    (GAVLE, 12, 200, "2025-02-03"),
    (BOLLNAS, 30, 60, "2025-02-03"),
    (HUDIKSVALL, 3, 100, "2025-02-03"),
    (GAVLE, 8, 100, "2026-01-12"),
    (BOLLNAS, 9, 101, "2026-01-12"),
    (BOLLNAS, 7, 90, "2025-11-03"),
    (GAVLE, 12, 200, "2025-02-03", "NDM49"),
    (BOLLNAS, 37, 60, "2025-02-03", "NDM49"),
    (GAVLE, 4, 220, "2025-02-03", "JAB30"),
    (DAY_SURGERY, 3, 210, "2025-02-03", "JAB30"),
    (HUDIKSVALL, 20, 150, "2025-02-03", "JAB30"),
    (BOLLNAS, 30, 120, "2025-02-03", "JAB30"),
    (GAVLE, 3, 220, "2025-02-03", "CJE20"),
    (HUDIKSVALL, 4, 150, "2025-02-03", "CJE20"),
    (BOLLNAS, 3, 120, "2025-02-03", "CJE20"),
    (GAVLE, 21, 220, "2025-02-03", "JKA21"),
    (HUDIKSVALL, 22, 150, "2025-02-03", "JKA21"),
    (BOLLNAS, 30, 120, "2025-02-03", "JKA21"),
)


def operations() -> list[dict[str, Any]]:
    """Operations one a day, each after the one before, and one emergency that must not count."""
    rows = []
    for unit, count, days, first, *code in PATIENTS:
        for number in range(count):
            begin = datetime.fromisoformat(f"{first} 08:00") + timedelta(days=number)
            rows.append(_operation(len(rows), unit, begin, days + number % 5, *code or ["NGB49"]))
    emergency = datetime.fromisoformat("2025-06-02 08:00")
    rows.append(_operation(len(rows), GAVLE, emergency, 0, "NGB49") | {"urgency": "emergency"})
    return rows


def _operation(number: int, unit: str, begin: datetime, days: int, code: str) -> dict[str, Any]:
    return operation_at(number, begin) | {
        "decided_at": begin - timedelta(days=days), "operation_id": f"A{number}",
        "need_id": f"AN{number}", "patient_key": f"AP{number}", "operating_unit": unit,
        "theatre": f"{unit} {number}", "procedure_code": code, "asa": 1 + number % 3,
        "sex": "FM"[number % 2], "age": 60 + number % 20, "planned": True,
    }  # fmt: skip


@pytest.fixture(scope="session")
def equity_office(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose only operations are those above."""
    project = page_office(tmp_path_factory.mktemp("equity"))
    office = SmallOffice(project.root)
    import duckdb

    with duckdb.connect(str(project.demo_warehouse), read_only=True) as connection:
        for (name,) in connection.execute("SHOW TABLES").fetchall():
            frame = connection.table(name).df()
            office.tables[name] = frame.to_dict("records")
    office.tables["operations"] = operations()
    # Other operations altogether: a night that is held until somebody has looked.
    office.extract(accept=True)
    return project


@pytest.fixture
def equity_page(equity_office: Project, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens the page of a procedure and period."""
    monkeypatch.setenv("LPE_PROJECT", str(equity_office.root))
    monkeypatch.setenv("LPE_RUN", "1")
    monkeypatch.delenv("LPE_NIGHT", raising=False)

    def opened(unit: str = "NGB49", period: str = "2025") -> Page:
        return Page(find_opening("procedure", unit, period, {}))

    return opened
