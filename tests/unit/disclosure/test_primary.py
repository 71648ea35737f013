"""Which cells are hidden whatever else is shown: single persons in sums, means, what is beside."""

import pandas as pd
import pytest

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protect import protect
from lpe_reports.disclosure.protected import Protected
from lpe_reports.params.disclosure import DisclosurePolicy

pytestmark = pytest.mark.promise(
    "disclosure", "Small numbers, and what would give them away on their page, are hidden"
)

POLICY = DisclosurePolicy(decision="x", threshold=5, dominance=0.8, families=[])
COUNT = Column("n", "Antal", "count")
COST = Column("cost", "Kostnad", "number", based_on="n", largest="most")


def shown(rows: dict[str, list[object]], *columns: Column) -> Protected:
    return protect(pd.DataFrame(rows), table="t", columns=columns, policy=POLICY)


def hidden(table: Protected, column: str) -> list[bool]:
    return table.hidden[column].tolist()


def test_a_sum_of_which_one_person_makes_nearly_all_is_hidden() -> None:
    """More than the share that is decided; exactly that much, and sums of nothing, are shown."""
    rows: dict[str, list[object]] = {
        "n": [40, 40, 40, 40, 40, 40],
        "cost": [100.0, 100.0, 100.0, 0.0, -100.0, 0.5],
        "most": [81.0, 80.0, 10.0, 0.0, -81.0, 0.45],
    }

    assert hidden(shown(rows, COUNT, COST), "cost") == [True, False, False, False, True, True]
    assert not any(hidden(shown(rows, COUNT, COST), "n"))


def test_a_sum_that_cancels_out_is_not_nearly_all_of_one() -> None:
    """Of nothing nobody has a share, whoever has the largest part of it."""
    assert hidden(shown({"n": [40], "cost": [0.0], "most": [7.0]}, COUNT, COST), "cost") == [False]


def test_what_is_reckoned_beside_a_hidden_mean_is_hidden_too() -> None:
    """The ends of its interval tell a mean; a target does not, nor do those over other people."""
    columns = (
        COUNT,
        Column("others", "Andra", "count"),
        Column("mean", "Medel", "days", based_on="n", mean_of="wait_days"),
        Column("low", "Från", "days", based_on="n"),
        Column("goal", "Mål", "days", based_on="n", public=True),
        Column("other", "Annat", "days", based_on="others"),
    )
    # With one who waited longest among few the mean goes where its count is small.
    rows: dict[str, list[object]] = {
        "n": [3, 40],
        "others": [30, 30],
        "mean": [10.0, 20.0],
        "low": [8.0, 18.0],
        "goal": [30.0, 30.0],
        "other": [9.0, 9.0],
    }
    table = shown(rows, *columns)

    assert {name: hidden(table, name) for name in ("mean", "low", "goal", "other")} == {
        "mean": [True, False],
        "low": [True, False],
        "goal": [False, False],
        "other": [False, False],
    }


def test_a_count_whose_part_leaves_few_over_hides_the_part() -> None:
    """The rest is 4, 5, nought or everything: only of few is the part hidden."""
    part = Column("part", "Del", "count", part_of="n")
    table = shown({"n": [40, 40, 40, 4], "part": [36, 35, 40, 0]}, COUNT, part)

    assert hidden(table, "part") == [True, False, False, False]
    assert hidden(table, "n") == [False, False, False, True]


def test_a_statistic_goes_where_its_count_is_hidden_for_anothers_sake() -> None:
    """Not small itself: hidden under a total, and its median with it."""
    median = Column("median", "Median", "days", based_on="n")
    rows = {"unit": ["a", "b", "c", "alla"], "n": [3, 9, 30, 42], "median": [1.0, 2.0, 3.0, 4.0]}
    table = protect(
        pd.DataFrame(rows),
        table="t",
        columns=(Column("unit", "Enhet"), COUNT, median),
        policy=POLICY,
        total_row=3,
    )

    assert hidden(table, "median") == hidden(table, "n") == [True, True, False, False]


def test_a_ratio_above_its_denominator_has_no_remainder() -> None:
    """Of more than all nothing is left over."""
    share = Column("share", "Andel", "share", numerator="n", denominator="m")
    table = shown({"n": [50, 46, 45], "m": [40, 50, 50], "share": [1.25, 0.92, 0.9]}, share)

    assert hidden(table, "share") == [False, True, False]
