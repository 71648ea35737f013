"""Weeks of nights in which something goes wrong, and what readers had each morning.

LPE_WEEK_SEED=7 draws the same faults again; a week that fails says which seed it was.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reliability.trials import Tried
from week.nights import (
    DAYS,
    FAULTY,
    SEED,
    Told,
    differing_pages,
    draw,
    drawn_seed,
    first_night,
    nights,
)
from week.office import WeekOffice

pytestmark = [
    pytest.mark.promise(
        "builds", "After a night with a fault the site is whole, and the next night heals it"
    ),
    pytest.mark.faketime,
]
# In `make test` the same week each time, so that a change that breaks it is known by it.
SMALL_SEED = 2694
LONG_WEEKS = 6


@contextmanager
def seeded(seed: int) -> Iterator[random.Random]:
    """Chance that can be had again; a failure says how."""
    try:
        yield random.Random(seed)
    except BaseException as error:
        error.add_note(f"{SEED}={seed} draws the same nights again")
        raise


def live(root: Path, chance: random.Random, weeks: int) -> tuple[WeekOffice, list[Told]]:
    """So many weeks; each night is as promised."""
    office = WeekOffice.make(root)
    told = [first_night(office)]
    assert told[0].wrong == ()
    for night in nights(office, chance, draw(chance, weeks)):
        told.append(night)
        print(night.line)
        assert night.wrong == (), night.line
    return office, told


@pytest.mark.timeout(2400)  # on a machine that has much else to do
def test_a_week_of_nights_ends_whole(tmp_path: Path, tried: Tried) -> None:
    """Five of its nights have a fault, and what they left is healed each time."""
    seed = int(os.environ.get(SEED) or SMALL_SEED)
    with seeded(seed) as chance:
        _, told = live(tmp_path / "office", chance, 1)
    tried(DAYS, "nights")
    tried(FAULTY, "nights with a fault")
    assert len(told) == DAYS + 1


@pytest.mark.torture
@pytest.mark.timeout(14_400)
@pytest.mark.parametrize("office_number", range(3))
def test_many_weeks_of_nights_end_whole(tmp_path: Path, tried: Tried, office_number: int) -> None:
    """One office for weeks, so that what is kept for two weeks or a month goes meanwhile.

    In the end its pages are, byte for byte, those of an office that never had a fault.
    """
    seed = drawn_seed()
    with seeded(seed) as chance:
        office, told = live(tmp_path / "office", chance, LONG_WEEKS)

        assert differing_pages(office, tmp_path / "twin") == []
    tried(LONG_WEEKS * DAYS, "nights")
    tried(LONG_WEEKS * FAULTY, "nights with a fault")
    # Versions of a month, and extracts of two weeks, and before them one of each week.
    days = {path.name[:10] for path in office.project.extracts.glob("2*")}
    assert len(days) <= 14 + LONG_WEEKS
    versions = {path.name[:10] for path in office.project.public.glob("v/2*")}
    assert len(versions) <= 31 + LONG_WEEKS
    assert told[-1].site.kept == ()
