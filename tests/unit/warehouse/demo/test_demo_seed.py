"""What the demo depends on: its seed, its span and its size, and nothing else."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from opened_demo import Demo, open_demo

from lpe_reports.errors import UsageError
from lpe_reports.settings import Project
from lpe_reports.warehouse.demo.make import make_demo

SMALL = {"years": 1, "scale": 0.2}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A small demo of a year and some months."""
    folder = tmp_path_factory.mktemp("small")
    make_demo(Project(folder), **SMALL)
    return open_demo(folder)


def test_same_seed_gives_the_same_tables(small: Demo, tmp_path: Path) -> None:
    """All tables and the workbook are the same, to the row and its place."""
    make_demo(Project(tmp_path), **SMALL)
    again = open_demo(tmp_path)

    assert set(small.tables) == set(again.tables) >= {"waiting_list", "contacts", "costs"}
    for table in small.tables:
        unsorted = f"SELECT * FROM {table}"
        pd.testing.assert_frame_equal(again.ask(unsorted), small.ask(unsorted))
    book = again.project.office / "plan.xlsx"
    assert book.read_bytes() == (small.project.office / "plan.xlsx").read_bytes()


def test_other_seed_gives_other_people(small: Demo, tmp_path: Path) -> None:
    """The seed decides who comes, not how many about."""
    make_demo(Project(tmp_path), **SMALL, seed=1)
    other = open_demo(tmp_path)

    assert not other.operations.equals(small.operations)
    assert len(other.operations) == pytest.approx(len(small.operations), rel=0.05)


def test_scale_multiplies_volume(small: Demo, demo: Demo) -> None:
    """A fifth of the size has about a fifth of the operations and of those who wait."""
    since = pd.Timestamp(2025, 1, 1)
    count = [(d.operations["surgery_start_at"] >= since).sum() for d in (small, demo)]
    last = "SELECT count(*) AS n FROM waiting_list WHERE snapshot_date = '2026-05-11'"
    listed = [d.ask(last)["n"].item() for d in (small, demo)]

    assert count[0] / count[1] == pytest.approx(0.2, abs=0.05)
    assert listed[0] / listed[1] == pytest.approx(0.2, abs=0.03)


def test_closure_of_bollnas_is_lived_through(tmp_path: Path) -> None:
    """From week 27 to 37 nobody is operated on there; its patients are, in Gävle and Hudiksvall."""
    make_demo(Project(tmp_path), years=1, scale=0.5, until=date(2026, 10, 1))
    demo = open_demo(tmp_path)
    closed = pd.Timestamp(2026, 6, 29), pd.Timestamp(2026, 9, 14)
    mine = demo.operations[demo.operations["surgery_start_at"].between(*closed)]
    guests = mine.merge(
        demo.needs[demo.needs["operating_unit"] == "Bo - Op-c"],
        on="need_id",
        suffixes=("", "_need"),
    )
    sessions = demo.sessions[demo.sessions["date"].between(*closed, inclusive="left")]
    bollnas = sessions[sessions["operating_unit"] == "Bo - Op-c"]
    after = demo.operations[demo.operations["surgery_start_at"] >= closed[1]]

    assert len(bollnas) > 0 and (bollnas["status"] == "closed").all()
    assert not (mine["operating_unit"] == "Bo - Op-c").any()
    assert set(guests["operating_unit"]) == {"Gä - C-op", "Hu - C-op"}
    assert len(guests) > 60
    assert (after["operating_unit"] == "Bo - Op-c").sum() > 30
    lists = demo.ask(
        "SELECT snapshot_date AS day, count(*) AS n FROM waiting_list "
        "WHERE unit = 'Bo - Op-c' AND list = 'operation' GROUP BY 1"
    ).set_index("day")["n"]
    assert lists["2026-09-14"] > lists["2026-06-29"]


def test_nightly_snapshots_have_every_night(tmp_path: Path) -> None:
    """The other way to photograph: from the first night to the last, none missing."""
    make_demo(Project(tmp_path), years=1, scale=0.05, until=date(2026, 2, 2), snapshots="nightly")
    days = open_demo(tmp_path).ask(
        "SELECT DISTINCT snapshot_date AS d FROM waiting_list ORDER BY 1"
    )

    assert list(days["d"]) == list(pd.date_range("2024-12-30", "2026-02-02"))


@pytest.mark.parametrize("wrong", [{"years": 0}, {"scale": 0}, {"snapshots": "hourly"}])
def test_wrong_arguments_make_nothing(tmp_path: Path, wrong: dict[str, int]) -> None:
    """One clear error, and no file."""
    with pytest.raises(UsageError):
        make_demo(Project(tmp_path), **wrong)

    assert list(tmp_path.rglob("*")) == []
