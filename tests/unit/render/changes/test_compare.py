"""Two versions beside each other: what is new, what is gone, what has changed of the past."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.render.changes.compare import (
    Changes,
    Comparison,
    FigureChange,
    TableChange,
    compare_versions,
)
from lpe_reports.render.changes.record import diff_record

pytestmark = pytest.mark.promise(
    "versions", "What differs between two versions is told, and of hidden numbers nothing"
)

NIGHT = date(2026, 5, 11)
WEEK = "uppfoljning/veckouppfoljning/ortopedi/2026-W19"


def figure(value: float | None, *, name: str = "open-theatres", hidden: bool = False) -> Any:
    return {
        "id": name, "label": "Öppna salar", "value": value, "unit": "", "before": 1, "target": 2,
        "hidden": hidden, "type": "count", "last_year": None,
    }  # fmt: skip


def weeks(rows: list[list[Any]], hidden: list[list[int]] | None = None) -> Any:
    columns = [
        {"id": "period", "label": "Vecka", "type": "week", "unit": ""},
        {"id": "unit", "label": "Enhet", "type": "text", "unit": ""},
        {"id": "count", "label": "Antal", "type": "count", "unit": ""},
    ]
    return {
        "id": "weeks", "caption": "Vecka för vecka", "selection": "", "columns": columns,
        "rows": rows, "hidden": hidden or [],
    }  # fmt: skip


def page(
    folder: Path, address: str, figures: list[Any] | None = None, tables: list[Any] | None = None
) -> Path:
    _, report, unit, period = address.split("/")
    body = {
        "report": report, "unit": unit, "period": period, "title": f"{unit}, {period}",
        "summary": "", "comment": "", "key_figures": figures or [], "tables": tables or [],
        "provenance": {},
    }  # fmt: skip
    path = folder / f"{address}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body))
    path.with_suffix(".html").write_text("page")
    return path


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    return tmp_path / "first", tmp_path / "second"


def compared(both: tuple[Path, Path]) -> Changes:
    return compare_versions(*both, NIGHT)


def test_pages_of_one_version_only_are_new_or_gone(both: tuple[Path, Path]) -> None:
    """By their address; a JSON file without a page is none."""
    first, second = both
    page(first, "a/b/c/2026-W10")
    page(second, "a/b/c/2026-W20")
    for folder in both:
        page(folder, WEEK)
    (second / "a/b/c/2026-W21.json").write_text("{}")

    found = compared(both)

    assert [each.address for each in found.new] == ["a/b/c/2026-W20.html"]
    assert [each.title for each in found.gone] == ["c, 2026-W10"]
    assert (found.changed, found.same) == ((), 1)


def test_a_key_figure_that_changed_after_its_week_is_the_past(both: tuple[Path, Path]) -> None:
    """Week 19 ended on the day before the night; week 20 is under way and changes every night."""
    first, second = both
    for week in ("W19", "W20"):
        address = f"uppfoljning/veckouppfoljning/ortopedi/2026-{week}"
        page(first, address, [figure(17), figure(3, name="same")])
        page(second, address, [figure(18), figure(3, name="same"), figure(9, name="added")])

    found = compared(both)

    told = FigureChange("open-theatres", "Öppna salar", "count", "", 17, 18, hidden=False)
    assert [change.figures for change in found.changed] == [(told,), (told,)]
    assert [change.page.period for change in found.past] == ["2026-W19"]


def test_what_either_version_hides_is_told_of_neither(both: tuple[Path, Path]) -> None:
    """A number that is hidden now is not told by having been shown, nor the other way round."""
    first, second = both
    page(first, WEEK, [figure(7), figure(None, name="b", hidden=True)])
    page(second, WEEK, [figure(None, hidden=True), figure(8, name="b")])

    found = compared(both)

    assert [(f.before, f.after, f.hidden) for f in found.changed[0].figures] == [
        (None, None, True),
        (None, None, True),
    ]
    assert found.past == ()
    record = json.loads(diff_record(Comparison("2026-05-10", NIGHT, found), NIGHT))
    assert record["from"] == {"version": "2026-05-10", "night": "2026-05-11"}
    figures = record["changed"][0]["figures"]
    assert {figure["before"] for figure in figures} | {f["after"] for f in figures} == {None}


def test_cells_are_compared_by_what_their_row_is_called(both: tuple[Path, Path]) -> None:
    """A window that has moved on changes nothing; only rows of weeks that were over are past."""
    first, second = both
    before = [
        ["2026-W20", "A", 3],
        ["2026-W19", "A", 20],
        ["2026-W18", "A", 21],
        ["2026-W17", "A", 9],
    ]
    after = [
        ["2026-W21", "A", 1],
        ["2026-W20", "A", 8],
        ["2026-W19", "A", 20],
        ["2026-W18", "A", 22],
    ]
    page(first, "a/b/c/2026-W20", tables=[weeks(before)])
    page(second, "a/b/c/2026-W20", tables=[weeks(after)])

    (change,) = compared(both).changed

    assert change.tables == (TableChange("weeks", "Vecka för vecka", cells=2, past=1, hidden=0),)
    assert (change.over, change.past) == (False, 1)


def test_rows_with_the_same_name_are_told_apart_and_hidden_cells_counted(
    both: tuple[Path, Path],
) -> None:
    """By which of them it is; a cell that one hides is not among those that differ."""
    first, second = both
    page(
        first,
        WEEK,
        tables=[weeks([["2026-W19", "A", 5], ["2026-W19", "A", 6], ["2026-W19", "B", 7]])],
    )
    rows = [["2026-W19", "A", 5], ["2026-W19", "A", 9], ["2026-W19", "B", None]]
    page(second, WEEK, tables=[weeks(rows, hidden=[[2, 2]])])

    (change,) = compared(both).changed

    assert change.tables == (TableChange("weeks", "Vecka för vecka", cells=1, past=1, hidden=1),)


def test_a_file_of_another_form_is_the_same_and_stops_nothing(both: tuple[Path, Path]) -> None:
    """What cannot be read is not compared; digests and the gate tell of damage."""
    first, second = both
    page(first, WEEK)
    page(second, WEEK).write_text('{"title": 1')

    found = compared(both)

    assert (found.changed, found.new, found.gone, found.same) == ((), (), (), 1)
