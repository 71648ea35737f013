"""The office's workbook: four sheets, typed cells, and never written over an office's own."""

from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from opened_demo import Demo

from lpe_reports.errors import UsageError
from lpe_reports.settings import Project
from lpe_reports.warehouse.demo.make import make_demo

SHEETS = {
    "production_plan": ["vo", "section", "month", "version", "operations", "hours"],
    "targets": ["measure", "unit", "valid_from", "valid_to", "value", "direction"],
    "comments": ["unit", "period", "text", "updated_on"],
    "activities": ["activity_id", "vo", "title", "responsible_role", "due_on", "status",
                   "updated_on"],
}  # fmt: skip


@pytest.fixture(scope="module")
def book(demo: Demo) -> dict[str, pd.DataFrame]:
    """The workbook's sheets as an office's program reads them."""
    path = demo.project.office / "plan.xlsx"
    return pd.read_excel(path, sheet_name=None, engine="calamine")


def test_workbook_has_the_tables_of_the_contract(book: dict[str, pd.DataFrame]) -> None:
    """Sheets and columns are named as the contract names tables and columns."""
    assert {name: list(sheet.columns) for name, sheet in book.items()} == SHEETS


def test_plan_has_a_yearly_and_rolling_versions(book: dict[str, pd.DataFrame]) -> None:
    """Every section has a plan for every month of 2026, and a newer version from April on."""
    plan = book["production_plan"]
    mine = plan[(plan["section"] == "Ort") & plan["month"].str.startswith("2026")]
    versions = mine.groupby("version")["month"].agg(["min", "max", "size"])

    assert not plan.duplicated(["vo", "section", "month", "version"]).any()
    assert list(versions.itertuples(name=None)) == [
        (pd.Timestamp(2025, 12, 1), "2026-01", "2026-12", 12),
        (pd.Timestamp(2026, 4, 1), "2026-04", "2026-12", 9),
    ]
    assert set(plan["section"]) == {"Ort", "Kir", "Uro", "Gyn", "Obst", "ÖNH", "Ögon", "Ane"}


def test_plan_is_about_what_is_done(book: dict[str, pd.DataFrame], demo: Demo) -> None:
    """A year's operations and hours of a section lie within a tenth of its yearly plan."""
    plan = book["production_plan"]
    mine = plan[(plan["version"] == pd.Timestamp(2023, 12, 1)) & (plan["section"] == "Ort")]
    done = demo.operations[demo.operations["surgery_start_at"].dt.year == 2024]
    done = done[done["section"] == "Ort"]
    hours = (done["surgery_end_at"] - done["surgery_start_at"]).dt.total_seconds().sum() / 3600

    assert len(done) / mine["operations"].sum() == pytest.approx(1, abs=0.1)
    assert hours / mine["hours"].sum() == pytest.approx(1, abs=0.1)


def test_targets_in_force_are_the_offices_own(book: dict[str, pd.DataFrame]) -> None:
    """20 theatres, 45 orthopaedic operations and 24 prostheses a week in Bollnäs."""
    targets = book["targets"]
    now = targets[targets["valid_to"].isna() & (targets["unit"] == "Bo - Op-c")]
    values = now.set_index("measure")["value"]

    assert values[["open_theatres", "operations_ortopedi", "arthroplasties"]].to_list() == [
        20, 45, 24
    ]  # fmt: skip
    assert set(targets["direction"]) == {"up"}
    assert not targets.duplicated(["measure", "unit", "valid_from"]).any()


def test_comments_say_what_is_so(book: dict[str, pd.DataFrame], demo: Demo) -> None:
    """The number of theatres in the last week's comment is the number that were open."""
    comments = book["comments"]
    text = comments[(comments["unit"] == "Ortopedi") & (comments["period"] == "2026-W19")]["text"]
    opened = demo.sessions[
        (demo.sessions["operating_unit"] == "Bo - Op-c")
        & (demo.sessions["status"] == "open")
        & demo.sessions["date"].between(pd.Timestamp(2026, 5, 4), pd.Timestamp(2026, 5, 10))
        # As the report counts: at least half a day.
        & (demo.sessions["end_at"] - demo.sessions["start_at"] >= pd.Timedelta(hours=4))
    ].drop_duplicates(["theatre", "date"])

    assert f"{len(opened)} salar igång" in text.item()
    assert not comments.duplicated(["unit", "period"]).any()
    assert comments["text"].str.len().max() < 120


def test_activities_show_every_status(book: dict[str, pd.DataFrame]) -> None:
    """Planned, ongoing, done and late, over most VOs, none written after the last night."""
    activities = book["activities"]

    assert set(activities["status"]) == {"planned", "ongoing", "done", "late"}
    assert activities["vo"].nunique() >= 6 and 8 <= len(activities) <= 16
    assert (activities["updated_on"] <= pd.Timestamp(2026, 5, 11)).all()


def test_workbook_of_an_office_is_left_alone(tmp_path: Path) -> None:
    """A plan.xlsx that no demo made stops the demo before anything is made."""
    own = tmp_path / "data" / "office" / "plan.xlsx"
    own.parent.mkdir(parents=True)
    with xlsxwriter.Workbook(str(own)) as book:
        book.add_worksheet("production_plan")
    before = own.read_bytes()

    with pytest.raises(UsageError, match=r"data/office/plan\.xlsx"):
        make_demo(Project(tmp_path), years=1, scale=0.05)

    assert own.read_bytes() == before
    assert not (tmp_path / "data" / "demo").exists()


def test_failed_demo_leaves_the_one_before(tmp_path: Path) -> None:
    """Where the warehouse cannot be put in place, nothing half-made is left beside it."""
    project = Project(tmp_path)
    project.demo_warehouse.mkdir(parents=True)  # a folder stands where the file should go

    with pytest.raises(OSError):
        make_demo(project, years=1, scale=0.05)

    assert [p.name for p in project.demo_warehouse.parent.iterdir()] == ["warehouse.duckdb"]
