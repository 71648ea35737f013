"""A group's key is the same everywhere and tells all of the group."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn import drawn
from lpe_reports.disclosure.groups import (
    Group,
    is_sum,
    sum_key,
    traits_of,
    with_traits,
    without,
)
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.errors import UsageError

NIGHT = date(2026, 5, 11)


def test_key_sorts_traits_and_leaves_out_what_is_none() -> None:
    """The order in which traits are said does not matter."""
    group = Group.of("operated", unit="hu-cop", procedure="NGB49", time="2025-03", asa=None)

    assert group.key == "operated|procedure=NGB49|time=2025-03|unit=hu-cop"
    assert group == Group.of("operated", time="2025-03", procedure="NGB49", unit="hu-cop")
    assert (group.get("unit"), group.get("asa")) == ("hu-cop", None)


def test_but_changes_adds_and_takes_away() -> None:
    """What is not named stays."""
    group = Group.of("operated", unit="hu", time="2025")

    assert group.but(unit=None, asa="3") == Group.of("operated", time="2025", asa="3")
    assert group.but(time="2024").key == "operated|time=2024|unit=hu"


@drawn(100)
@given(
    st.text(max_size=8),
    st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=8), max_size=4),
)
def test_key_can_be_read_back(population: str, traits: dict[str, str]) -> None:
    """Whatever stands in it: separators are escaped."""
    group = Group(population, tuple(sorted(traits.items())))

    assert Group.from_key(group.key) == group


def test_from_key_refuses_what_is_no_key() -> None:
    """A trait without a value is a mistake."""
    with pytest.raises(UsageError, match="name=value"):
        Group.from_key("operated|unit")


@pytest.mark.parametrize(
    ("time", "closed"),
    [
        ("2025", True),
        ("2026-04", True),
        ("2026-W19", True),
        ("2026-W20", False),
        ("2026-05", False),
        ("2026-05@2026-05-11", False),
        ("2025@2026-05-11", False),
        ("r12-2026-04", True),
        ("2026-05-11", True),
        ("2026-05-12", False),
        ("2026-13-40", False),
        ("some day", False),
        (None, False),
    ],
)
def test_group_is_closed_when_its_time_is_over(time: str | None, closed: bool) -> None:
    """A day once it has come, a period after its last day, one under way never."""
    assert Group.of("operated", time=time).is_closed(NIGHT) is closed


def test_keys_can_be_changed_as_texts() -> None:
    """What the attack does with many keys is what `Group` does with one."""
    group = Group.of("operated", unit="hu|x", asa="3", time="2025")

    assert without(group.key, ("asa", "time")) == Group.of("operated", unit="hu|x").key
    assert with_traits(group.key, "unit", ["a=b", "c"]) == (
        group.but(unit="a=b").key,
        group.but(unit="c").key,
    )
    assert sum_key(group.key, "wait_days") == group.but(sum="wait_days").key
    assert is_sum(sum_key(group.key, "wait_days"))
    assert not is_sum(group.key)
    assert traits_of(group.key) == {"asa": "3", "time": "2025", "unit": "hu%7Cx"}


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("2026-Q1", ("2026-01", "2026-02", "2026-03")),
        ("2025-T3", ("2025-09", "2025-10", "2025-11", "2025-12")),
        ("2026-Q2@2026-05-11", ("2026-04", "2026-05@2026-05-11")),
        ("2026-Q2@2026-05-01", ("2026-04",)),
        ("2026-05", ()),
        ("2026-W19", ()),
        ("2026-05-11", ()),
        ("2026-05@2026-05-11", ()),
        ("r12-2026-02@x", ()),
    ],
)
def test_periods_are_made_up_of_months(value: str, parts: tuple[str, ...]) -> None:
    """Those under way of the months that had begun, the last as far as it had come."""
    assert Nesting().parts("time", value) == parts


def test_years_and_schedules_are_made_up_of_all_their_steps() -> None:
    """Twelve months, also across New Year, and ten weeks."""
    rolling = Nesting().parts("time", "r12-2026-02")
    schedule = Nesting().parts("time", "2026-W12--2026-W21")

    assert (rolling[0], rolling[-1], len(rolling)) == ("2025-03", "2026-02", 12)
    assert (schedule[0], schedule[-1], len(schedule)) == ("2026-W12", "2026-W21", 10)
    assert len(Nesting().parts("time", "2025")) == 12


def test_hospitals_are_made_up_of_their_units_and_other_traits_of_nothing() -> None:
    """Only units and time have parts."""
    nesting = Nesting(units={"hu": ("hu-cop",)})

    assert nesting.parts("unit", "hu") == ("hu-cop",)
    assert nesting.parts("unit", "hu-cop") == nesting.parts("asa", "hu") == ()
