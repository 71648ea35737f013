"""Whom numbers are about: the same people have the same name on every page."""

from datetime import date

import pytest

from lpe_reports.display.about import nesting_of, procedure_ids, time_of
from lpe_reports.params.procedures import load_procedures
from lpe_reports.params.units import load_units
from lpe_reports.periods import parse_period
from small_warehouse import ROOT


@pytest.mark.parametrize(
    ("period", "end", "time"),
    [
        ("2025", "2026-05-11", "2025"),
        ("2026", "2026-05-11", "2026@2026-05-11"),
        ("2026-05", "2026-05-11", "2026-05@2026-05-11"),
        ("2026-T2", "2026-05-11", "2026-05@2026-05-11"),
        ("2026", "2026-05-01", "2026-T1"),
        ("2026", "2026-04-01", "2026-Q1"),
        ("2026-Q2", "2026-05-01", "2026-04"),
        ("r12-2025-12", "2026-05-11", "2025"),
        ("r12-2026-04", "2026-05-11", "r12-2026-04"),
        ("2026-W19", "2026-05-11", "2026-W19"),
        ("2026-W23", "2026-06-04", "2026-W23@2026-06-04"),
        ("2026-W12--2026-W21", "2026-05-11", "2026-W12--2026-W21@2026-05-11"),
    ],
)
def test_the_same_days_have_one_name(period: str, end: str, time: str) -> None:
    """Whatever the page calls them: a year that has got to the end of April is a tertial."""
    assert time_of(parse_period(period), date.fromisoformat(end)) == time


def test_procedures_of_an_earlier_group_are_not_of_a_later_one() -> None:
    """The first group that fits has the code, so that the later one is somebody else."""
    ids = procedure_ids({"arthroplasty": ["NFB", "NGB"], "knee": ["NG"], "hand": ["ND"]})

    assert ids == {
        "arthroplasty": "arthroplasty",
        "knee": "knee-not-arthroplasty",
        "hand": "hand",
        "": "any-not-arthroplasty-not-hand-not-knee",
    }


def test_hospitals_are_made_of_their_operating_units() -> None:
    """As params say, in the order of the file."""
    nesting = nesting_of(
        load_units(ROOT / "params" / "units.yml", ROOT),
        load_procedures(ROOT / "params" / "procedures.yml", ROOT),
    )

    assert nesting.parts("unit", "ga") == ("ga-cop", "ga-dagkir")
    assert nesting.parts("unit", "bo") == ("bo-opc",)


def test_a_code_lies_within_its_group() -> None:
    """The prefixes of params say so, and that groups have nobody in common."""
    nesting = nesting_of(
        load_units(ROOT / "params" / "units.yml", ROOT),
        load_procedures(ROOT / "params" / "procedures.yml", ROOT),
    )

    assert nesting.codes_within("knee", ["hip", "NGB49", "NFB49", "knee"]) == [("NGB49",)]
    assert nesting.are_apart("knee", "hip")
