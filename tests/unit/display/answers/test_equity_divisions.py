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
            ["2026 kv 1", "2026 kv 2 hittills"],
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
    assert (len(months.names), months.note()) == (5 if period == "2026" else 12, "")
    assert coarse.heading.label == label
    assert list(coarse.names.values()) == names
    assert list(coarse.ids.values()) == ids
    assert coarse.note().endswith(": per månad skulle för många tal döljas.")
    assert ("utom månaderna" in coarse.note()) == (label == "Period")


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
    finest, *coarser = FILTERS[name].divisions(patients())

    assert finest.note() == ""
    for division in (finest, *coarser):
        assert set(division.part) <= division.ids.keys()
        assert division.part.notna().all()
    for division in coarser:
        assert division.part.nunique() < finest.part.nunique()
        assert division.note().endswith(": i fler grupper skulle för många tal döljas.")
    ids = list(FILTERS[name].ids.values())
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("name", "kept", "notes"),
    [
        (
            "age", "40–64 65–79 80+",
            ["Patienter från 65 år visas tillsammans"],
        ),
        (
            "age", "0–17 18–39 40–64 65–79 80+",
            [
                "Patienter under 65 år visas tillsammans",
                "Patienter under 40 år visas tillsammans, liksom patienter från 65 år",
                "Patienter under 65 år visas tillsammans, liksom patienter från 65 år",
            ],
        ),
        ("age", "40–64 65–79", []),
        ("asa", "1 3 4", ["ASA 3–6 visas tillsammans"]),
        ("asa", "1 3 unknown", ["ASA 3–6 och okänd visas tillsammans"]),
        ("asa", "1 4 unknown", ["ASA 4–6 och okänd visas tillsammans"]),
        ("asa", "1 2 3", []),
        ("planned", "yes unknown", []),
        (
            "planned", "yes no unknown",
            ["Ej planerade och de där uppgift saknas visas tillsammans"],
        ),
    ],
)  # fmt: skip
def test_notes_are_true_of_the_rows(name: str, kept: str, notes: list[str]) -> None:
    """A way that shows nothing more as one is left out; a note names what does stand as one."""
    ages = {"0–17": 3.0, "18–39": 20.0, "40–64": 50.0, "65–79": 70.0, "80+": 85.0}
    chosen = kept.split()
    rows = pd.DataFrame(
        {
            "asa": [int(each) if each.isdigit() else None for each in chosen],
            "age": [ages.get(each) for each in chosen],
            "planned": pd.array(
                [{"yes": True, "no": False}.get(each) for each in chosen], dtype="boolean"
            ),
        }
    )
    _, *coarser = FILTERS[name].divisions(rows)

    assert [division.note().partition(":")[0] for division in coarser] == notes
    ways = [frozenset(division.part.groupby(division.part).groups) for division in coarser]
    assert len(set(ways)) == len(ways)


def test_note_of_the_whole_county_gives_one_reason() -> None:
    """Coarser in two ways is said in one sentence; the finest is coarser in one."""
    finest, coarser = list(FILTERS["planned"].divisions(patients()))

    assert finest.note(per_unit=False) == (
        "Visas för hela länet: per enhet skulle för många tal döljas."
    )
    assert coarser.note(per_unit=False) == (
        "Ej planerade och de där uppgift saknas visas tillsammans, och bara för hela länet: finare "
        "uppdelat skulle för många tal döljas."
    )


def patients() -> pd.DataFrame:
    """Some with each value of each property, and some of whom it is not known."""
    return pd.DataFrame(
        {
            "asa": [1, 2, 3, 4, None, 6, 3],
            "age": [3.0, 20.0, 50.0, 70.0, 85.0, 66.0, 41.0],
            "sex": ["F", "M", None, "F", "M", "F", "M"],
            "planned": pd.array([True, False, None, True, True, False, None], dtype="boolean"),
        }
    )
