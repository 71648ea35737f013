"""A night's manifest with everything that the data-quality page tells of, made by hand."""

from dataclasses import replace
from datetime import date
from typing import Any

from lpe_reports.warehouse.linked import LinkedShare
from lpe_reports.warehouse.nights.history import NightLoad, load_of
from lpe_reports.warehouse.nights.manifest import CheckCount, Manifest, SilentChanges, TableManifest

NIGHT = date(2026, 5, 11)


def sample_table(name: str, rows: int = 100, **given: Any) -> TableManifest:
    """One table; all of it was fetched, and nothing was wrong with it."""
    facts: dict[str, Any] = {
        "fetched": rows,
        "rejected": 0,
        "repaired": 0,
        "left_out": 0,
        "latest_event_at": "2026-05-10T20:57:00+00:00",
        "checks": (),
        "unknown": {},
        "files": (),
        "parts": (),
        "full_on": "2026-05-11",
    }
    return TableManifest(name=name, rows=rows, **(facts | given))


def sample_night(*tables: TableManifest, **given: Any) -> Manifest:
    """A night of these tables; of a real source."""
    facts: dict[str, Any] = {
        "night": NIGHT,
        "contract": "1",
        "source": "files",
        "demo": False,
        "keys": "x",
        "loaded_at": "2026-05-11T02:30:00+02:00",
        "tables": {table.name: table for table in tables},
    }
    return Manifest(**(facts | given))


OPERATIONS = sample_table(
    "operations",
    60186,
    fetched=1204,
    rejected=21,
    repaired=354,
    duplicates=350,
    load="increment",
    full_on="2026-05-09",
    watermark={"time": "2026-05-11T01:58:00"},
    checks=(
        CheckCount("overlap", ("theatre", "patient_in_at", "patient_out_at"), "flag", 1),
        CheckCount("out_of_range", ("asa",), "repair", 3),
        CheckCount("repeated_hour", ("surgery_start_at",), "repair", 1),
        CheckCount("duplicate", ("operation_id",), "repair", 350),
        CheckCount("unknown_unit", ("operating_unit",), "row", 20),
        CheckCount("negative_wait", ("decided_at", "surgery_start_at"), "row", 1),
    ),
    unknown={"operating_unit": {"Hu C op": 9, "Sal 7": 8}},
)
NEEDS = sample_table(
    "needs",
    66501,
    load="full",
    watermark={"time": "2026-05-11T01:58:00"},
    silent=SilentChanges(added=2, changed=7, removed=0, compared_with="2026-05-10"),
)
WAITING_LIST = sample_table(
    "waiting_list", 2057091, fetched=4516, load="days",
    latest_event_at="2026-05-11T00:00:00+02:00", full_on="2026-05-05",
)  # fmt: skip
SESSIONS = sample_table("sessions", 23477, latest_event_at="2026-07-31T00:00:00+02:00", left_out=2)
TARGETS = sample_table("targets", 32, latest_event_at=None)

FULL_NIGHT = sample_night(OPERATIONS, NEEDS, WAITING_LIST, SESSIONS, TARGETS)
LINKS = (
    LinkedShare("operations", "need_id", "needs", 60186, 55000, 54990),
    LinkedShare("stays", "operation_id", "operations", 40000, 21000, 21000),
)


def sample_loads(night: Manifest, count: int = 14) -> list[NightLoad]:
    """The last nights up to one, the newest first; the fourth was accepted by hand."""
    newest = load_of(night)
    return [
        replace(
            newest,
            night=date.fromordinal(NIGHT.toordinal() - back),
            rows=newest.rows - 4516 * back,
            accepted=back == 3,
        )
        for back in range(count)
    ]
