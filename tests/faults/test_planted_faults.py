"""The faults that the demo plants are found by the night's checks, each with its right count."""

import shutil
from datetime import date

import pytest

from lpe_reports.settings import Project
from lpe_reports.warehouse.demo.fault_list import FAULTS
from lpe_reports.warehouse.demo.make import make_demo
from lpe_reports.warehouse.extract import extract
from lpe_reports.warehouse.snapshots import Extract, open_extract
from small_warehouse import ROOT, SmallOffice

pytestmark = pytest.mark.promise(
    "warehouse",
    "The faults that the demo plants are all found, each in as many rows, and nothing else",
)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    """The night of a small demo, loaded with the project's own params."""
    root = tmp_path_factory.mktemp("office")
    (root / "params").mkdir()
    shutil.copy(ROOT / "params" / "sources.yml", root / "params")
    make_demo(Project(root), years=1, scale=0.2)
    extract(Project(root), SmallOffice(root).params)
    return open_extract(Project(root))


def _found(night: Extract, table: str) -> dict[str, int]:
    return {
        f"{check.rule} {check.columns[0]}": check.rows
        for check in night.manifest.tables[table].checks
    }


def test_planted_faults_are_found(night: Extract) -> None:
    """ASA 7, the doubled hour, an overlap, a negative wait, a doubled month, null units."""
    found = _found(night, "operations")
    operations = night.manifest.tables["operations"]
    doubled = found.pop("duplicate operation_id")
    november = night.read(
        "operations", units=["ga-dagkir"], start=date(2025, 11, 1), end=date(2025, 12, 1)
    )

    assert found == {
        "out_of_range asa": 3,
        "repeated_hour surgery_start_at": 1,
        "repeated_hour knife_start_at": 1,
        "repeated_hour surgery_end_at": 1,
        "overlap theatre": 1,
        "negative_wait decided_at": 1,
        "null_unit operating_unit": 4,
    }
    assert doubled == len(november) > 0
    assert operations.rejected == 5
    assert operations.repaired == doubled + 3 + 1
    assert operations.rows == operations.fetched - 5 - doubled


def test_every_listed_fault_is_found(night: Extract) -> None:
    """Each is matched by table, rule and columns, in as many rows and with the consequence told."""
    for fault in FAULTS:
        (check,) = [
            check
            for check in night.manifest.tables[fault.table].checks
            if (check.rule, check.columns) == (fault.rule, fault.columns)
        ]

        assert check.rows == fault.rows or (fault.rows is None and check.rows > 0), fault.kind
        assert check.consequence == fault.consequence, fault.kind


def test_nothing_else_is_found(night: Extract) -> None:
    """The demo keeps the contract everywhere else, and every other spelling is known."""
    planted = {(fault.table, fault.rule, fault.columns[0]) for fault in FAULTS}
    hours = {("operations", "repeated_hour", name) for name in ("knife_start_at", "surgery_end_at")}
    found = {
        (table.name, check.rule, check.columns[0])
        for table in night.manifest.tables.values()
        for check in table.checks
    }
    unknown = {
        (table.name, column)
        for table in night.manifest.tables.values()
        for column, spellings in table.unknown.items()
        if spellings
    }

    assert found == planted | hours
    # One row with an unknown reason could be anything, so its spelling is not told.
    assert unknown == {("referrals", "clinic")}
    assert set(night.manifest.tables) == {
        "operations", "needs", "waiting_list", "sessions", "postop_stays", "cancellations",
        "referrals", "contacts", "stays", "staffing", "costs", "production_plan", "targets",
        "comments", "activities", "load_log",
    }  # fmt: skip
    assert all(table.rows for table in night.manifest.tables.values())
