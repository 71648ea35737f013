"""Room for notebooks: what each needs, what there is, and who must wait."""

import pytest

from lpe_reports.build.forking.limits import MEMORY_VARIABLE
from lpe_reports.build.running.memory import BUDGET_VARIABLE, MEGABYTE, Room, free_bytes
from lpe_reports.build.running.memory import memory_for_notebooks as budget


@pytest.fixture(autouse=True)
def _usual_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MEMORY_VARIABLE, raising=False)
    monkeypatch.delenv(BUDGET_VARIABLE, raising=False)


def test_the_first_notebook_finds_room_whatever_it_needs() -> None:
    """Otherwise nothing would ever run on a small machine."""
    room = Room({"large": 9000 * MEGABYTE}, 500 * MEGABYTE)

    assert room.take("a", "large")
    assert not room.take("b", "large")
    room.give_back("a", "large", 0)
    assert room.take("b", "large")


def test_as_many_run_as_their_measured_needs_allow() -> None:
    """100 MB each, a fifth more in case, and 150 MB around it: three in 900 MB."""
    room = Room({"small": 100 * MEGABYTE}, 900 * MEGABYTE)

    assert [room.take(run, "small") for run in "abcd"] == [True, True, True, False]


def test_what_a_build_sees_counts_at_once() -> None:
    """The first notebook of a report was larger than ever: its others are taken to be, too."""
    room = Room({"grown": 100 * MEGABYTE}, 900 * MEGABYTE)
    room.take("a", "grown")
    room.give_back("a", "grown", 700 * MEGABYTE)

    assert [room.take(run, "grown") for run in "bc"] == [True, False]


def test_one_that_nobody_measured_needs_at_most_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gigabyte is supposed, or what it may have where that is less."""
    assert Room({}, 1).need_bytes("new") == (1024 + 150) * MEGABYTE
    monkeypatch.setenv(MEMORY_VARIABLE, "300")
    assert Room({}, 1).need_bytes("new") == (300 + 150) * MEGABYTE


def test_a_notebook_s_limit_is_not_above_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """As set, or all that there is, but never too little to import the libraries."""
    assert Room({}, 2000 * MEGABYTE).limit_mb == 2000
    assert Room({}, 9000 * MEGABYTE).limit_mb == 4096
    assert Room({}, 10 * MEGABYTE).limit_mb == 1024
    monkeypatch.setenv(MEMORY_VARIABLE, "0")
    assert Room({}, 2000 * MEGABYTE).limit_mb == 0


def test_the_setting_bounds_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than is free cannot be set, nonsense sets nothing."""
    assert 0 < budget() <= free_bytes() * 1.2
    monkeypatch.setenv(BUDGET_VARIABLE, "64")
    assert budget() == 64 * MEGABYTE
    monkeypatch.setenv(BUDGET_VARIABLE, "much")
    assert budget() > 64 * MEGABYTE
    monkeypatch.setenv(BUDGET_VARIABLE, "999999999")
    assert budget() < 999999999 * MEGABYTE


def test_the_remark_names_report_need_and_setting() -> None:
    """What an operator can act on."""
    room = Room({"large": 1000 * MEGABYTE}, 1500 * MEGABYTE)
    room.take("a", "large")

    assert room.words("large", 4) == (
        "memory: 1 of 4 notebooks at a time; the next one (large) may need 1350 MB, and notebooks "
        "may have 1500 MB in all (LPE_MEMORY_MB sets another number)"
    )
