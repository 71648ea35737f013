"""A project with the real params and reports, and a night in which some units have few patients."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from chart_library import share_chart_library
from command_line import lpe
from small_warehouse import (
    NIGHT,
    Rows,
    comment,
    need,
    operation,
    session,
    target,
    waiting,
    whole_project,
)

# The reports that are made, and of which pages.
_REPORTS = {
    "procedure": "units:\n  procedures: [NGB49]\nperiods: {kind: year, last: 1}\n",
    "weekly": "units: [ortopedi]\nperiods: {kind: week, last: 1}\n",
}


@dataclass(frozen=True)
class Patient:
    """One operation: where, after how many days, and who."""

    unit: str
    wait_days: int
    asa: int = 2
    age: int = 70
    sex: str = "F"


@dataclass(frozen=True)
class Waiting:
    """People on the list to operation: where, how many, since how many days."""

    unit: str
    people: int
    wait_days: int


@dataclass
class Hospital:
    """The project; its command line is the operator's."""

    root: Path
    said: list[str] = field(default_factory=list)

    def night(self, *, expect: int = 0) -> None:
        """Run the whole night; keeps what it said."""
        done = lpe(self.root, "nightly", "--as-of", str(NIGHT), "--jobs", "1")
        self.said.append(done.stdout + done.stderr)
        assert done.returncode == expect, self.said[-1][-3000:]


def small_hospital(
    root: Path,
    patients: Sequence[Patient],
    queue: Sequence[Waiting],
    *,
    threshold: int = 5,
) -> Hospital:
    """A project whose warehouse holds these patients, and whose reports are two pages.

    Args:
        root: An empty folder.
        patients: Who was operated on in 2026, one a day in turn.
        queue: Who waits on the night.
        threshold: The policy's.
    """
    office = whole_project(root)
    _write_params(root / "params", threshold)
    office.tables = {
        "operations": [_operation(number, patient) for number, patient in enumerate(patients)],
        "needs": [need(0)],
        "waiting_list": _queue(queue),
        "sessions": [session(number) for number in range(20)],
        "targets": [target("operations_ortopedi", 45.0)],
        "comments": [comment("Inget särskilt")],
    }
    office.write()
    share_chart_library(office.project)
    return Hospital(root)


def _write_params(params: Path, threshold: int) -> None:
    policy = params / "disclosure.yml"
    text = policy.read_text("utf-8")
    assert "\nthreshold: 5\n" in text
    policy.write_text(text.replace("\nthreshold: 5\n", f"\nthreshold: {threshold}\n"), "utf-8")
    (params / "packs.yml").unlink()  # its reports are more than these
    for path in (params / "reports").glob("*.yml"):
        if path.stem not in _REPORTS:
            path.unlink()
            continue
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept, skipping = [], False
        for line in lines:
            if not line.startswith((" ", "#")):
                skipping = line.startswith(("units:", "periods:"))
            if not skipping:
                kept.append(line)
        kept = _only_section(kept, "ortopedi") if path.stem == "weekly" else kept
        path.write_text("".join(kept) + _REPORTS[path.stem], "utf-8")


def _only_section(lines: Sequence[str], unit: str) -> list[str]:
    """A report's lines with the settings of one unit alone."""
    kept, inside, ours = [], False, True
    for line in lines:
        if not line.startswith((" ", "#")):
            inside, ours = line.startswith("sections:"), True
        elif inside and line.startswith("  ") and not line.startswith("   "):
            ours = line.strip().startswith(f"{unit}:")
        if ours:
            kept.append(line)
    return kept


def _operation(number: int, patient: Patient) -> dict[str, Any]:
    row = operation(
        number, operating_unit=patient.unit, procedure_code="NGB49", asa=patient.asa,
        age=patient.age, sex=patient.sex, planned=True, patient_home="Gävle",
    )  # fmt: skip
    decided = row["surgery_start_at"] - timedelta(days=patient.wait_days)
    return row | {"decided_at": decided, "requested_at": decided + timedelta(hours=1)}


def _queue(queue: Sequence[Waiting]) -> Rows:
    rows: Rows = []
    for day in (NIGHT - timedelta(days=7), NIGHT):
        for group in queue:
            for _ in range(group.people):
                since = day - timedelta(days=group.wait_days)
                entry = waiting(len(rows), "operation", day, unit=group.unit, since_date=since)
                rows.append(entry | {"deviation": "none", "asa": 2})
    return rows
