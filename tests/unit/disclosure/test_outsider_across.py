"""Across pages, held to an outsider who knows the region and has a solver of his own."""

import os
import random
from collections.abc import Mapping
from typing import Any

import pytest

from leaf_outsider import Cell, Region
from lpe_reports.disclosure.across import decide_across
from lpe_reports.disclosure.attack import attack
from lpe_reports.disclosure.exposure import Exposure
from lpe_reports.disclosure.groups import Group
from lpe_reports.disclosure.nesting import Nesting
from reliability.trials import Tried

pytestmark = pytest.mark.promise(
    "disclosure", "No number that one page hides follows from what all others show"
)

HOSPITALS = {"ga": ("ga-cop", "ga-dagkir"), "hu": ("hu-cop",)}
MONTHS = ("2026-01", "2026-02", "2026-03")
QUARTER = "2026-Q1"
PLACES = ("ga-cop", "ga-dagkir", "hu-cop", "ga", "hu", None)
REGION = Region(HOSPITALS, {QUARTER: MONTHS})
NESTING = Nesting(units=HOSPITALS)
K = 5
LONG = bool(os.environ.get("LPE_LONG"))
SITES, PARTS = (10_000, 50) if LONG else (150, 5)

Numbers = Mapping[Cell, int | None]


def _key(cell: Cell) -> str:
    return Group.of("operated", unit=cell[0], time=cell[1]).key


def _decided(numbers: Numbers) -> dict[Cell, int | None]:
    """What is seen when each number has a page of its own and all do what was decided."""
    pages: dict[str, dict[str, Any]] = {
        _key(cell): {"cells": {_key(cell): number}, "whole": [], "within": []}
        for cell, number in numbers.items()
    }
    found = decide_across(pages, nesting=NESTING, threshold=K)

    assert not found.helpless
    return {c: None if _key(c) in found.hide else number for c, number in numbers.items()}


def _is_told(numbers: Numbers, cell: Cell) -> bool:
    """Whether the attack finds that a hidden number is told where nothing more is hidden."""
    cells = {_key(each): number for each, number in numbers.items()}
    found = attack(Exposure(cells), threshold=K, nesting=NESTING)
    return _key(cell) in {told.key for told in found}


def _drawn(chance: random.Random) -> Numbers:
    """A region's numbers in some places and months, small ones hidden and some others too."""
    most, share = chance.choice([4, 8, 12, 30]), chance.choice([0.0, 0.2, 0.5])
    leaves = {
        (unit, month): 0 if chance.random() < share else chance.randint(0, most)
        for unit in PLACES[:3]
        for month in MONTHS
    }
    places = chance.sample(PLACES, chance.randint(2, 6))
    times = chance.choice([MONTHS[:1], MONTHS, (*MONTHS, QUARTER)])
    numbers: dict[Cell, int | None] = {}
    for place in places:
        units = PLACES[:3] if place is None else HOSPITALS.get(place, (place,))
        for time in times:
            months = MONTHS if time == QUARTER else (time,)
            number = sum(leaves[unit, month] for unit in units for month in months)
            hidden = 0 < number < K or (number and chance.random() < 0.1)
            numbers[place, time] = None if hidden else number
    return numbers


@pytest.mark.parametrize("part", range(PARTS))
def test_an_outsider_with_a_solver_is_told_nothing_by_drawn_sites(part: int, tried: Tried) -> None:
    """Units, hospitals, county, months and quarter, each number on a page of its own."""
    for seed in range(part * SITES // PARTS, (part + 1) * SITES // PARTS):
        seen = _decided(_drawn(random.Random(seed)))

        assert REGION.told(seen, K) == {}, (seed, seen)
    tried(SITES // PARTS, "sites")


def test_a_belief_that_is_wrong_does_not_hide_one_that_is_true() -> None:
    """The county is more than the two units that he sees; their hospital still tells one."""
    at = MONTHS[0]
    numbers: Numbers = {("ga-cop", at): 0, ("ga-dagkir", at): None, ("ga", at): 5, (None, at): 10}
    assert REGION.told(numbers, K) == {("ga-dagkir", at): "5 to 5"}
    assert _is_told(numbers, ("ga-dagkir", at))

    assert REGION.told(_decided(numbers), K) == {}


def test_a_hospital_s_quarter_is_its_months() -> None:
    """Also where units of it are shown for other months."""
    of_hospital = zip((*MONTHS, QUARTER), (12, None, 7, 22), strict=True)
    numbers: Numbers = {("ga", time): number for time, number in of_hospital}
    assert _is_told(numbers, ("ga", MONTHS[1]))

    assert REGION.told(_decided(numbers), K) == {}


def test_a_hospital_s_quarter_is_the_months_of_its_units() -> None:
    """The quarter of one unit stands nowhere, but its months do."""
    of_one: Numbers = {
        ("ga-cop", month): number for month, number in zip(MONTHS, (0, 7, 12), strict=True)
    }
    numbers: Numbers = {**of_one, ("ga", QUARTER): 33, ("ga-dagkir", QUARTER): None}
    assert _is_told(numbers, ("ga-dagkir", QUARTER))

    assert REGION.told(_decided(numbers), K) == {}


def test_a_county_is_units_of_one_hospital_and_another_hospital() -> None:
    """16 of all less 0 and 9 at the units of Gävle are those of Hudiksvall."""
    at = MONTHS[1]
    numbers: Numbers = {(None, at): 16, ("ga-cop", at): 0, ("ga-dagkir", at): 9, ("hu", at): None}
    assert _is_told(numbers, ("hu", at))

    assert REGION.told(_decided(numbers), K) == {}
