"""How the equity report divides patients, from fine to coarse."""

from datetime import date

import pandas as pd
import pytest

from lpe_reports.display.answers.equity_divisions import FILTERS, through_period
from lpe_reports.periods import parse_period


def operations(days: list[str]) -> pd.DataFrame:
    times = pd.to_datetime(days).tz_localize("Europe/Stockholm")
    return pd.DataFrame({"surgery_start_at": times})


@pytest.mark.parametrize(
    ("period", "end", "label", "names", "ids"),
    [
        (
            "2025", "2026-05-11", "Kvartal",
            ["2025 kv 1", "2025 kv 2", "2025 kv 3", "2025 kv 4"],
            ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"],
        ),
        (
            "2026", "2026-05-11", "Kvartal",
            ["2026 kv 1", "2026 kv 2"],
            ["2026-Q1", "2026-Q2@2026-05-11"],
        ),
        (
            "r12-2026-04", "2026-05-11", "Tertial",
            ["2025 tertial 2", "2025 tertial 3", "2026 tertial 1"],
            ["2025-T2", "2025-T3", "2026-T1"],
        ),
        (
            "r12-2026-05", "2026-06-11", "Period",
            ["2025-06", "2025 kv 3", "2025 kv 4", "2026 kv 1", "2026-04", "2026-05"],
            ["2025-06", "2025-Q3", "2025-Q4", "2026-Q1", "2026-04", "2026-05"],
        ),
    ],
)  # fmt: skip
def test_months_become_what_fits_the_period(
    period: str, end: str, label: str, names: list[str], ids: list[str]
) -> None:
    """Quarters of a year; tertials where they fit better; else single months at the ends."""
    found = list(through_period(operations([]), parse_period(period), date.fromisoformat(end)))

    months, coarse = found
    assert (len(months.names), months.note) == (5 if period == "2026" else 12, "")
    assert coarse.heading.label == label
    assert list(coarse.names.values()) == names
    assert list(coarse.ids.values()) == ids
    assert "skulle för många tal döljas" in coarse.note


def test_each_operation_is_in_one_part() -> None:
    """The first and the last day of a quarter are in it, by the clock of the place."""
    rows = operations(["2025-01-01 00:10", "2025-03-31 23:50", "2025-04-01 00:10"])
    _, quarters = through_period(rows, parse_period("2025"), date(2026, 5, 11))

    assert [quarters.names[part] for part in quarters.part] == [
        "2025 kv 1", "2025 kv 1", "2025 kv 2",
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_filters_grow_coarser_and_name_every_value(name: str) -> None:
    """Each way has fewer values than the finest, all of them known to groups, and says why."""
    rows = pd.DataFrame(
        {
            "asa": [1, 2, 3, 4, None, 6, 3],
            "age": [3.0, 20.0, 50.0, 70.0, 85.0, 66.0, 41.0],
            "sex": ["F", "M", None, "F", "M", "F", "M"],
            "planned": pd.array([True, False, None, True, True, False, None], dtype="boolean"),
        }
    )
    finest, *coarser = FILTERS[name].divisions(rows)

    assert finest.note == ""
    for division in (finest, *coarser):
        assert set(division.part) <= division.ids.keys()
        assert division.part.notna().all()
    for division in coarser:
        assert division.part.nunique() < finest.part.nunique()
        assert "skulle för många tal döljas" in division.note.replace("\n", " ")
    ids = list(FILTERS[name].ids.values())
    assert len(set(ids)) == len(ids)
