"""What is operated on in the demo: procedures, each queue's mix of them, and emergencies.

The CSV files beside this module are the catalogue. Minutes are mean times from patient in to
patient out; `priority_days` is the usual medical priority; `local` the share done without
anaesthesia staff; `variants` the codes that one row stands for and their shares.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Procedure:
    """One kind of planned operation."""

    code: str
    section: str
    minutes: float
    priority_days: int
    age: float
    age_spread: float
    female: float
    local: float
    variants: tuple[tuple[str, float], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The KVÅ codes it is written with; most have one."""
        return tuple(code for code, _ in self.variants) or (self.code,)


@dataclass(frozen=True)
class EmergencyProcedure:
    """One kind of emergency operation, and how soon it is usually done."""

    code: str
    section: str
    minutes: float
    weight: float
    age: float
    age_spread: float
    female: float
    wait_hours: float


@cache
def procedures() -> dict[str, Procedure]:
    """All kinds of planned operations by their catalogue code."""
    return {row["code"]: _procedure(row) for row in _rows("procedures.csv")}


@cache
def mix_of(unit: str, section: str) -> tuple[tuple[Procedure, float], ...]:
    """What a section operates on in one operating department, with relative weights."""
    known = procedures()
    return tuple(
        (known[row["code"]], float(row["weight"]))
        for row in _rows("mixes.csv")
        if (row["unit"], row["section"]) == (unit, section)
    )


@cache
def aftercare() -> dict[tuple[str, str], tuple[float, float]]:
    """By urgency and code: the share that stay in hospital, and for how many nights on average.

    Codes that are not here are day surgery.
    """
    return {
        (row["urgency"], row["code"]): (float(row["inpatient"]), float(row["nights"]))
        for row in _rows("aftercare.csv")
    }


@cache
def emergency_procedures() -> tuple[EmergencyProcedure, ...]:
    """All kinds of emergency operations."""
    return tuple(
        EmergencyProcedure(
            code=row["code"],
            section=row["section"],
            minutes=float(row["minutes"]),
            weight=float(row["weight"]),
            age=float(row["age"]),
            age_spread=float(row["age_spread"]),
            female=float(row["female"]),
            wait_hours=float(row["wait_hours"]),
        )
        for row in _rows("emergencies.csv")
    )


def _procedure(row: dict[str, str]) -> Procedure:
    variants = [v.split(":") for v in row["variants"].split("|") if v]
    return Procedure(
        code=row["code"],
        section=row["section"],
        minutes=float(row["minutes"]),
        priority_days=int(row["priority_days"]),
        age=float(row["age"]),
        age_spread=float(row["age_spread"]),
        female=float(row["female"]),
        local=float(row["local"]),
        variants=tuple((code, float(share)) for code, share in variants),
    )


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines(), delimiter=";"))
